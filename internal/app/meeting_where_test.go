package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Who interprets or takes notes where only the principals may know what it is about is told when and where, in letters and feeds;
// a feed that tells when somebody is busy never tells where.
func TestWhoComesKnowsWhere(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		_, secret, err := m.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: m.ids["c"], FeedSettings: agenda.FeedSettings{Meetings: true, Detail: agenda.BusyOnly}}, app.Once{})
		wantCode(t, err, "")
		slot := m.at(0, "2026-03-29T10:00", "2026-03-29T10:30")
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "CANARY"}, Status: agenda.MeetingAccepted,
			Visibility: agenda.VisibleToProtocol, Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, slot, app.Once{})).Meeting
		rooms, _, err := m.Rooms(ctx, operator, slug, app.Page{})
		wantCode(t, err, "")
		name := rooms[0].Name["en"]
		told := func(step string) string {
			t.Helper()
			m.pass(2 * time.Minute)
			var words strings.Builder
			for _, j := range must[[]agenda.Job](t)(m.ClaimJobs(ctx, []agenda.JobKind{agenda.MailJob}, 100)) {
				p := must[agenda.Post](t)(m.OpenPost(ctx, j))
				wantCode(t, m.MailSent(ctx, j), "")
				if p.PersonID == m.ids["c"] {
					for _, part := range p.Body {
						words.WriteString(part.Heading + "\n" + strings.Join(part.Lines, "\n") + "\n")
					}
					words.Write(p.Calendar)
				}
			}
			if strings.Contains(words.String(), "CANARY") || strings.Contains(words.String(), "Person a") {
				t.Errorf("%s: who takes notes is told\n%s", step, words.String())
			}
			return words.String()
		}
		if text := told("new"); strings.Count(text, name) < 2 || property(text, "LOCATION") != name {
			t.Errorf("the letter does not say %q:\n%s", name, text)
		}
		first := m.entry(t, "c", x.UID)
		if property(first, "LOCATION") != name || property(first, "SUMMARY") != "Busy" {
			t.Errorf("the feed says %s", first)
		}
		rooms[0].Name = agenda.Text{"en": "Orchid", "fr": "Orchidée"}
		must[agenda.Room](t)(m.EditRoom(ctx, operator, slug, app.Match{Any: true}, rooms[0]))
		second := m.entry(t, "c", x.UID)
		if property(second, "LOCATION") != "Orchid" || property(second, "LAST-MODIFIED") <= property(first, "LAST-MODIFIED") {
			t.Errorf("after another name the feed says %s", second)
		}
		slot.RoomID = m.rooms[1].ID
		must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, slot))
		third := m.entry(t, "c", x.UID)
		if where := rooms[slices.IndexFunc(rooms, func(r agenda.Room) bool { return r.ID == slot.RoomID })].Name["en"]; property(third, "LOCATION") != where || number(t, third, "SEQUENCE") != 1 {
			t.Errorf("in another room the feed says %s", third)
		} else if text := told("moved"); !strings.Contains(text, where) || !strings.Contains(text, "Orchid") {
			t.Errorf("the letter does not say from where to where:\n%s", text)
		}
		m.feeds["c"] = secret
		if busy := m.entry(t, "c", x.UID); property(busy, "SUMMARY") != "Busy" || property(busy, "LOCATION") != "" {
			t.Errorf("a feed that tells when somebody is busy says %s", busy)
		}
	})
}
