package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// letterSecret gives what opens the page of a letter, as it stands in it.
func (h *harness) letterSecret(id string) string {
	h.t.Helper()
	key := ""
	err := h.store.Write(context.Background(), func(tx *store.Tx) (err error) {
		key, err = tx.MakeSigningKey("letter", h.newSecret(), h.now())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id + "." + credential.Sign(key, "letter", id)
}

// TestThePageOfALetter is opened without signing in, changes nothing when it is looked at, and takes answers.
func TestThePageOfALetter(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		ctx := context.Background()
		b, err := s.app.ToldBoard(ctx, s.system(), forum, 0)
		s.check(err)
		at := "/letters/" + s.letterSecret(string(b.Rows[0].Mail.ID))
		page := s.must(200, s.get(at, browser, header{"Accept-Language", "vi"}))
		for name, want := range map[string]string{"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"} {
			if got := page.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		saysIn(t, s.must(200, s.get(at+"?lang=en", browser)), "Your answer", "I have seen it", "Open my page")
		saysIn(t, s.must(200, s.get(at+"?lang=fr", browser)), "Votre réponse", "J’en ai pris connaissance")
		post := func(path string, form url.Values, more ...header) answer {
			return s.ask("", http.MethodPost, at+path, form.Encode(), append(more, browser, header{"Content-Type", "application/x-www-form-urlencoded"})...)
		}
		s.must(403, post("/answer", url.Values{"answer": {"seen"}}, header{"Sec-Fetch-Site", "cross-site"}))
		s.must(422, post("/answer", url.Values{"answer": {"perhaps"}}))
		done := s.must(303, post("/answer?lang=en", url.Values{"answer": {"cannot"}, "note": {"Ill & tired"}}))
		saysIn(t, s.must(200, s.get(done.Header.Get("Location"), browser)), "can’t make it", "Ill & tired")
		// What must be known can't be declined; what one can do without is, by one click of a mail program.
		s.must(409, post("/unsubscribe", url.Values{"List-Unsubscribe": {"One-Click"}}))
		reminder := agenda.Mail{ID: "01990000-0000-7000-8000-dddddddddddd", EventID: s.event.ID, PersonID: b.Rows[0].Person.ID, Kind: agenda.MailReminder, Status: agenda.MailSent,
			To: b.Rows[0].Person.Email, Language: "en", Subject: "Reminder", Revision: 1, Due: s.now(), Created: s.now(), Updated: s.now()}
		s.check(s.store.Write(ctx, func(tx *store.Tx) error { return tx.InsertMail(reminder) }))
		at = "/letters/" + s.letterSecret(string(reminder.ID))
		if a := s.must(200, s.ask("", http.MethodPost, at+"/unsubscribe", "List-Unsubscribe=One-Click", header{"Content-Type", "application/x-www-form-urlencoded"})); a.Body != "" {
			t.Error(a.Body)
		}
		saysIn(t, s.must(200, s.get(at+"?lang=en", browser)), "You get no more letters of this kind", "Send me them again")
		s.must(303, post("/subscribe", nil))
		saysIn(t, s.must(200, s.get(at+"?lang=en", browser)), "Send me no more of them")
		me := s.must(303, post("/open", nil))
		if me.Header.Get("Location") != "/me" || !strings.Contains(me.Header.Get("Set-Cookie"), visitCookie) {
			t.Error(me.Header)
		}
		s.must(404, s.get(at+"x", browser))
		s.pass(90 * 24 * time.Hour)
		s.must(410, s.get(at, browser))
	})
}

// TestTheBoardInTheConsole shows who was told, to those who may see addresses, and meetings to those alone who see these.
func TestTheBoardInTheConsole(t *testing.T) {
	h := newHarness(t)
	s := newStageOn(h)
	_, cookie := s.newLogin("lan@example.org", false, forum, agenda.Editor)
	o := s.browse(cookie)
	const at = "/console/events/" + forum + "/told"
	saysIn(t, s.must(200, o.get(at, o.headers...)), "Who has been told", "Waiting")
	page := s.must(200, o.get(at+"?release=1&state=waiting", o.headers...))
	saysIn(t, page, "Waiting", "Release 1")
	if strings.Contains(page.Body, `id="meetings"`) {
		t.Error("an editor sees meetings")
	}
	if table := s.must(200, o.get(at+"/table", o.headers...)).Body; !strings.HasPrefix(table, "\ufeffname,email,state,release,sent,opened,answered,note\r\n") || strings.Count(table, "\r\n") != 3 {
		t.Errorf("%q", table)
	}
	s.must(404, o.get(at+"?release=9", o.headers...))
	_, viewer := s.newLogin("viewer@example.org", false, forum, agenda.Viewer)
	s.must(403, s.get(at, browser, header{"Cookie", viewer}))
	_, protocol := s.newLogin("protocol@example.org", false, forum, agenda.Protocol)
	if page := s.must(200, s.get(at, browser, header{"Cookie", protocol})); strings.Contains(page.Body, `action="`+at) {
		t.Error("who may not publish is offered to write again")
	}
	form := url.Values{"mode": {"small"}, "delay": {"5"}, "small": {"20"}, "leads": {"1440", "60"}, "revision": {"1"}}
	send := func(f url.Values) answer {
		return o.ask("", http.MethodPost, "/console/events/"+forum+"/letters", f.Encode(), append(o.headers, header{"Content-Type", "application/x-www-form-urlencoded"})...)
	}
	s.must(303, send(form))
	rule, err := s.app.LetterRule(context.Background(), s.system(), forum)
	if s.check(err); rule.Mode != agenda.LettersSmall || rule.Delay != 5 || len(rule.Leads) != 2 || rule.Revision != 2 {
		t.Errorf("%+v", rule)
	}
	s.must(412, send(form))
	form.Set("revision", "2")
	form.Set("delay", "-1")
	s.must(422, send(form))
}

// TestThePageOfAnInvitation takes the answer to an invitation to a confidential meeting, of which its reader may not know more.
func TestThePageOfAnInvitation(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		ctx := context.Background()
		people, _, err := s.app.People(ctx, s.system(), forum, app.PersonFilter{}, app.Page{Limit: 9})
		s.check(err)
		side := func(ids ...agenda.ID) (d agenda.Delegation) {
			for i, id := range ids {
				d.Delegates = append(d.Delegates, agenda.Delegate{PersonID: id, Role: []agenda.DelegateRole{agenda.Principal, agenda.NoteTaker}[i], Answer: agenda.NeedsAction})
			}
			return d
		}
		r, err := s.app.CreateMeeting(ctx, s.system(), forum, agenda.Meeting{Topic: agenda.Text{"en": "Top secret"}, Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol,
			Sides: [2]agenda.Delegation{side(people[0].ID, people[2].ID), side(people[1].ID)}}, &app.SlotRequest{Start: "2025-10-28T20:00", End: "2025-10-28T20:30"}, app.Once{})
		s.check(err)
		m := agenda.Mail{ID: "01990000-0000-7000-8000-cccccccccccc", EventID: s.event.ID, PersonID: people[2].ID, Kind: agenda.MailMeeting, Status: agenda.MailSent, Meetings: true,
			About: r.Meeting.ID, To: people[2].Email, Language: "en", Subject: "Invitation: Confidential meeting", Essential: true, Revision: 1, Due: s.now(), Created: s.now(), Updated: s.now()}
		s.check(s.store.Write(ctx, func(tx *store.Tx) error { return tx.InsertMail(m) }))
		at := "/letters/" + s.letterSecret(string(m.ID))
		page := s.must(200, s.get(at+"?lang=en", browser))
		saysIn(t, page, "You have not answered", "Please say whether", "What the organizers should know", "I will come", "Perhaps", "I can’t come")
		for _, secret := range []string{"Top secret", people[0].Name, people[1].Name, "/unsubscribe"} {
			if strings.Contains(page.Body, secret) {
				t.Errorf("the page says %q", secret)
			}
		}
		if got, err := s.app.Meeting(ctx, s.system(), forum, r.Meeting.ID); err != nil || got.Meeting.AnswerOf(people[2].ID) != agenda.NeedsAction {
			t.Error("to look at the page answers")
		}
		post := func(form url.Values, more ...header) answer {
			return s.ask("", http.MethodPost, at+"/answer?lang=en", form.Encode(), append(more, browser, header{"Content-Type", "application/x-www-form-urlencoded"})...)
		}
		s.must(403, post(url.Values{"answer": {"accepted"}}, header{"Sec-Fetch-Site", "cross-site"}))
		s.must(422, post(url.Values{"answer": {"delegated"}}))
		done := s.must(303, post(url.Values{"answer": {"accepted"}, "note": {"By train"}}))
		saysIn(t, s.must(200, s.get(done.Header.Get("Location"), browser)), "see that you will come", "You have accepted", "By train")
		// The organizers who may see the meeting read the note, on every page on which the answer is.
		_, officer := s.newLogin("officer@example.org", false, forum, agenda.Protocol, agenda.Viewer)
		_, editor := s.newLogin("editor@example.org", false, forum, agenda.Editor)
		for path, status := range map[string]int{"/meetings/" + string(r.Meeting.ID): 403, "/meetings/" + string(r.Meeting.ID) + "/brief": 403, "/told": 200, "/mail/" + string(m.ID): 404} {
			saysIn(t, s.must(200, s.get("/console/events/"+forum+path, browser, header{"Cookie", officer})), "By train")
			if page := s.must(status, s.get("/console/events/"+forum+path, browser, header{"Cookie", editor})); strings.Contains(page.Body, "By train") {
				t.Errorf("%s tells an editor", path)
			}
		}
		s.must(303, post(url.Values{"answer": {"declined"}}))
		saysIn(t, s.must(200, s.get(at+"?lang=fr", browser)), "Vous avez décliné", "Je viendrai")
		off := r.Meeting
		off.Status = agenda.MeetingCancelled
		_, err = s.app.EditMeeting(ctx, s.system(), forum, app.Match{Any: true}, off, &app.SlotRequest{Start: "2025-10-28T20:00", End: "2025-10-28T20:30"})
		s.check(err)
		s.must(409, post(url.Values{"answer": {"accepted"}}))
		saysIn(t, s.must(200, s.get(at+"?lang=vi", browser)), "Cuộc gặp không diễn ra")
		s.must(303, post(url.Values{"answer": {"seen"}}))
	})
}
