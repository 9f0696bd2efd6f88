package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// TestTheLettersOfAMeeting leads from the page of a meeting to what is written about it, and to nothing else.
func TestTheLettersOfAMeeting(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		unless := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ctx := context.Background()
		rule := agenda.FirstLetterRule()
		rule.HoldMeetings = true
		_, err := h.app.SetLetterRule(ctx, h.system(), forum, app.Match{Any: true}, rule)
		unless(err)
		var people []agenda.ID
		for _, name := range []string{"An", "Bình", "Chi"} {
			p, _, err := h.app.CreatePerson(ctx, h.system(), forum, agenda.Person{Name: name, Email: strings.ToLower(name[:1]) + "@example.org"}, app.Once{})
			unless(err)
			people = append(people, p.ID)
		}
		meet := func(topic string, x, y agenda.ID, hour string) string {
			side := func(id agenda.ID) agenda.Delegation {
				return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: id, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
			}
			r, err := h.app.CreateMeeting(ctx, h.system(), forum, agenda.Meeting{Topic: agenda.Text{"en": topic}, Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol,
				Sides: [2]agenda.Delegation{side(x), side(y)}}, &app.SlotRequest{Start: "2025-10-28T" + hour + ":00", End: "2025-10-28T" + hour + ":30"}, app.Once{})
			unless(err)
			return string(r.Meeting.ID)
		}
		fish, trade := meet("Fish", people[0], people[1], "19"), meet("Trade", people[0], people[2], "20")
		get := func(status int, path string, roles ...agenda.MemberRole) answer {
			_, cookie := h.newLogin(string(roles[0])+path+"@example.org", false, forum, roles...)
			return h.must(status, h.ask("", "GET", "/console/events/"+forum+path, nil, header{"Cookie", cookie}, header{"Accept", "text/html"}))
		}
		list := "/mail?about=" + fish + "&amp;status=draft"
		h.has(get(200, "/meetings/"+fish, agenda.Protocol, agenda.Viewer), "Read the 2 letters about it", list)
		page := get(200, "/mail?about="+fish, agenda.Protocol, agenda.Viewer)
		h.has(page, "Only letters about the meeting “Fish”", "a@example.org", "b@example.org", `name="about" value="`+fish+`"`, "Send all 2 letters")
		h.lacks(page, "c@example.org")
		h.has(get(200, "/mail?lang=vi&about="+trade, agenda.Protocol, agenda.Viewer), "Chỉ các thư về cuộc gặp “Trade”", "c@example.org")
		for _, id := range []string{fish, "none"} {
			h.lacks(get(403, "/mail?about="+id, agenda.Editor), "Fish", "example.org&gt;")
		}
		get(404, "/mail?about=none", agenda.Protocol, agenda.Viewer)
		// What a button is about is what was listed: nobody vouches for an address, so that both stay.
		_, cookie := h.newLogin("sends@example.org", false, forum, agenda.Protocol, agenda.Viewer)
		sent := h.must(303, h.ask("", "POST", "/console/events/"+forum+"/mail", formOf("do", "all", "about", fish, "seen", "99999999999999"), header{"Cookie", cookie}, header{"Content-Type", "application/x-www-form-urlencoded"}))
		if to := sent.Header.Get("Location"); !strings.Contains(to, "left=2") || !strings.Contains(to, "about="+fish) {
			t.Error(to)
		}
		// One that failed before another was written does not follow it, and the page says why.
		unless(h.app.VouchAddress(ctx, h.system(), forum, people[0], "a@example.org"))
		failed := agenda.Mail{ID: "01990000-0000-7000-8000-eeeeeeeeeeee", EventID: h.event.ID, PersonID: people[0], Kind: agenda.MailMeeting, Status: agenda.MailFailed, Meetings: true,
			About: agenda.ID(fish), To: "a@example.org", Language: "en", Subject: "Invitation", Essential: true, Revision: 1, Due: h.now(), Created: h.now().Add(-time.Hour), Updated: h.now()}
		unless(h.store.Write(ctx, func(tx *store.Tx) error { return tx.InsertMail(failed) }))
		for lang, want := range map[string]string{"en": "Discard it", "fr": "Écartez-la", "vi": "Hãy bỏ thư này"} {
			h.has(h.must(409, h.ask("", "POST", "/console/events/"+forum+"/mail/"+string(failed.ID)+"?lang="+lang, formOf("revision", "1", "do", "queued"), header{"Cookie", cookie},
				header{"Accept", "text/html"}, header{"Content-Type", "application/x-www-form-urlencoded"})), want)
		}
	})
}
