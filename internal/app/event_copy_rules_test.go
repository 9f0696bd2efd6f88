package app_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// A copy has its meetings as last year's: their rules and hours, what tables, rooms and people need, and how people are told.
func TestCopyKeepsTheRules(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, any := context.Background(), app.Match{Any: true}
		f := w.forum(t)
		rules := must[agenda.MeetingRules](t)(w.SetMeetingRules(ctx, operator, slug, any, agenda.MeetingRules{Closed: true, Hours: 24, Open: 3, PerDay: 4, Halls: true}))
		letters := agenda.LetterRule{Mode: agenda.LettersSmall, Delay: 3, Small: 7, Leads: []int{1440, 60}, HoldMeetings: true}
		letters = must[agenda.LetterRule](t)(w.SetLetterRule(ctx, operator, slug, any, letters))
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		e.Frame, e.BufferMinutes = agenda.MeetingFrame{From: "09:00", Until: "19:00", Turnaround: 5, WorkMinutes: 60, RestMinutes: 20}, 7
		must[agenda.Event](t)(w.EditEvent(ctx, operator, slug, any, e))
		minutes := 12
		f.rooms[0].Kind, f.rooms[0].Capacity, f.rooms[0].Turnaround = agenda.RoomTable, 4, &minutes
		must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, f.rooms[0]))
		minister := must[agenda.Person](t)(w.Person(ctx, operator, slug, f.people[0].ID))
		minister.Buffer, minister.Interprets = agenda.Buffer{Before: 15, After: 10}, []agenda.Pair{agenda.PairsOf([]string{"fr/vi"})[0]}
		must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, any, minister))

		must[app.CopiedEvent](t)(w.CopyEvent(ctx, operator, slug, app.EventCopy{Slug: "next", StartDate: "2027-03-26", Take: []app.CopyPart{app.CopyRooms, app.CopyPeople}}))
		rules.Revision, letters.Revision = 1, 1
		got := must[agenda.MeetingRules](t)(w.MeetingRules(ctx, operator, "next"))
		if rules.Updated = got.Updated; got.Updated.IsZero() || got != rules {
			t.Errorf("the rules for meetings are %+v, not %+v", got, rules)
		}
		if diff := cmp.Diff(letters, must[agenda.LetterRule](t)(w.LetterRule(ctx, operator, "next"))); diff != "" {
			t.Errorf("how people are told (-want +got):\n%s", diff)
		}
		if next := must[agenda.Event](t)(w.Event(ctx, operator, "next")); next.Frame != e.Frame || next.BufferMinutes != 7 {
			t.Errorf("the hours of meetings are %+v, with %d minutes between rooms", next.Frame, next.BufferMinutes)
		}
		rooms, _, err := w.Rooms(ctx, operator, "next", app.Page{})
		wantCode(t, err, "")
		if r := rooms[0]; r.Kind != agenda.RoomTable || r.Capacity != 4 || r.Turnaround == nil || *r.Turnaround != 12 {
			t.Errorf("the table is %+v", r)
		}
		if p := must[agenda.Person](t)(w.Person(ctx, operator, "next", f.people[0].ID)); p.Buffer != minister.Buffer || !cmp.Equal(p.Interprets, minister.Interprets) {
			t.Errorf("the minister needs %+v and interprets %v", p.Buffer, p.Interprets)
		}
	})
}
