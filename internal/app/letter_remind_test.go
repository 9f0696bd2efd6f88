package app_test

import (
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// What can't be read at one Event keeps nobody at another from being reminded.
func TestRemindersGoOnBesideAFault(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		e, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: "broken", Name: agenda.Text{"en": "Broken"}, Zone: "UTC",
			StartDate: "2026-03-28", EndDate: "2026-03-28", Languages: []string{"en"}}, app.Once{})
		check(t, err)
		must[agenda.LetterRule](t)(w.SetLetterRule(ctx, operator, "broken", app.Match{Any: true}, agenda.LetterRule{Mode: agenda.LettersNone, Leads: []int{60}}))
		check(t, w.store.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertRelease(store.Release{ID: "r", EventID: e.ID, Number: 1, Published: e.Created, Snapshot: []byte("no snapshot")})
		}))
		f := w.forum(t) // comes after the other, whose ID is less
		w.reachable(t, &f.people[0], "one@example.org")
		w.setRule(t, agenda.LetterRule{Mode: agenda.LettersNone, Leads: []int{60}})
		w.publishAll(t)
		w.clock.Store(time.Date(2026, 3, 28, 8, 0, 0, 0, time.UTC).UnixMilli())
		n, err := w.MakeReminders(ctx)
		if n != 1 || err == nil || !strings.Contains(err.Error(), string(e.ID)) {
			t.Errorf("%d reminders, and the error %v", n, err)
		}
	})
}

// TestWhoComesIsRemindedOfWhenAndWhere reminds also those who come to a meeting and may not know what it is about: of when and where
// it is, and of nothing else.
func TestWhoComesIsRemindedOfWhenAndWhere(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		m.setRule(t, agenda.LetterRule{Mode: agenda.LettersNone, Leads: []int{60}})
		sides := [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c", "d")}
		sides[1].Name = agenda.Text{"en": "CANARY delegation"}
		sides[1].Delegates[2].Answer = agenda.DeclinedIt
		slot := m.at(0, "2026-03-28T20:00", "2026-03-28T20:30")
		must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "CANARY"}, Status: agenda.MeetingAccepted,
			Visibility: agenda.VisibleToProtocol, Sides: sides}, slot, app.Once{}))
		rooms, _, err := m.Rooms(ctx, operator, slug, app.Page{})
		check(t, err)
		m.clock.Store(time.Date(2026, 3, 28, 18, 0, 0, 0, time.UTC).UnixMilli())
		m.sendAll(t) // the invitations
		if n := must[int](t)(m.MakeReminders(ctx)); n != 3 {
			t.Errorf("%d reminders, want 3", n)
		}
		for _, p := range m.sendAll(t) {
			words := p.Subject
			for _, part := range p.Body {
				words += "\n" + part.Heading + "\n" + strings.Join(part.Lines, "\n")
			}
			for _, want := range []string{"20:00–20:30", rooms[0].Name["en"]} {
				if !strings.Contains(words, want) {
					t.Errorf("%s is not told %q:\n%s", m.names[p.PersonID], want, words)
				}
			}
			if sees := p.PersonID != m.ids["c"]; strings.Contains(words, "CANARY") != sees || strings.Contains(words, "Person ") || strings.Contains(words, "Confidential meeting") == sees {
				t.Errorf("%s is told:\n%s", m.names[p.PersonID], words)
			}
		}
		// What somebody may not know any more does not go.
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "CANARY"}, Status: agenda.MeetingAccepted,
			Visibility: agenda.VisibleToParticipants, Sides: sides}, m.at(0, "2026-03-28T22:00", "2026-03-28T22:30"), app.Once{})).Meeting
		m.clock.Store(time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC).UnixMilli())
		if n := must[int](t)(m.MakeReminders(ctx)); n != 3 {
			t.Errorf("%d reminders, want 3", n)
		}
		x.Visibility = agenda.VisibleToProtocol
		must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, m.at(0, "2026-03-28T22:00", "2026-03-28T22:30")))
		for _, p := range m.sendAll(t) {
			if p.PersonID == m.ids["c"] && strings.Contains(p.Subject, "CANARY") {
				t.Errorf("what became confidential is told: %s", p.Subject)
			}
		}
	})
}
