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
