package app_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Meetings change the calendar of those who have one, again and again. What is kept in memory to tell it is that of its present state.
func TestCalendarsThatAreOverAreNotKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		d := &drafter{w, rand.New(rand.NewPCG(1, 8)), t, w.forum(t), agenda.Meeting{}}
		d.begin()
		_, secret, err := w.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: d.f.people[0].ID, FeedSettings: agenda.FeedSettings{Name: "Phone"}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		var first int
		for i := range 30 {
			d.m.Topic = agenda.Text{"en": fmt.Sprint("Topic ", i)}
			d.m = must[app.MeetingResult](t)(w.EditMeeting(ctx, operator, slug, anyMatch, d.m, d.f.at(1, "2026-03-29T08:00", "2026-03-29T09:00"))).Meeting
			if i%5 == 0 {
				d.publish()
			}
			head := must[app.FeedHead](t)(w.FetchFeed(ctx, secret, ""))
			must[app.Calendar](t)(w.FeedCalendar(ctx, head, "https://agenda.example"))
			if kept := w.KeptStamps(); i == 0 {
				first = kept
			} else if kept > first {
				t.Fatalf("after %d changes, none of which made an entry, %d entries are kept, of %d before", i, kept, first)
			}
		}
		if first == 0 {
			t.Error("nothing is kept")
		}
	})
}
