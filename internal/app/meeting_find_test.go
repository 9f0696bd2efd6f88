package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// bilateral gives a Meeting of two people, with a deputy on the first side.
func bilateral(one, other agenda.ID, members ...agenda.ID) agenda.Meeting {
	m := agenda.Meeting{Topic: agenda.Text{"en": "Chips"}, Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants}
	for i, id := range []agenda.ID{one, other} {
		m.Sides[i].Delegates = []agenda.Delegate{{PersonID: id, Role: agenda.Principal, Answer: agenda.Accepted}}
	}
	for _, id := range members {
		m.Sides[0].Delegates = append(m.Sides[0].Delegates, agenda.Delegate{PersonID: id, Role: agenda.DelegateMember, Answer: agenda.Accepted})
	}
	return m
}

func (w world) person(t *testing.T, p agenda.Person) agenda.ID {
	t.Helper()
	made, _, err := w.CreatePerson(context.Background(), operator, slug, p, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func times(offers []agenda.Offer) []string {
	var list []string
	for _, o := range offers {
		list = append(list, string(o.Slot.Start.Wall[5:16]))
	}
	return list
}

func TestFindSlots(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		one, two := f.people[0].ID, f.people[1].ID // both are in a panel on the 28th from 10:00 to 11:00
		mai := w.person(t, agenda.Person{Name: "Mai", Interprets: []agenda.Pair{{A: "fr", B: "vi"}}, Buffer: agenda.Buffer{After: 10}})
		if _, err := w.CreateMeeting(ctx, operator, slug, bilateral(mai, two), f.at(1, "2026-03-28T08:00", "2026-03-28T08:30"), app.Once{}); err != nil {
			t.Fatal(err)
		}
		wish := app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{one}, Minutes: 60, Step: 30}, Start: "2026-03-28", End: "2026-03-28T12:30"}
		found := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish))
		if diff := cmp.Diff([]string{"03-28T08:00", "03-28T08:30", "03-28T09:00", "03-28T11:00", "03-28T11:30"}, times(found.Offers)); diff != "" {
			t.Error(diff)
		}
		wish.People, wish.Pairs, wish.At = []agenda.ID{one, two}, []agenda.Pair{{A: "fr", B: "vi"}}, "2026-03-28T08:30"
		found = must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish))
		if diff := cmp.Diff([]string{"03-28T09:00", "03-28T11:00", "03-28T11:30"}, times(found.Offers)); diff != "" {
			t.Error(diff)
		}
		if o := found.Offers[0]; !slices.Equal(o.Interpreters, []agenda.ID{mai}) || found.Names[mai] != "Mai" {
			t.Errorf("%+v", o)
		}
		if len(found.Reasons) != 1 || found.Reasons[0].Kind != agenda.NoInterpreter || found.At != nil {
			t.Errorf("%+v", found.Reasons)
		}
		wish.At = "2026-03-28T10:30"
		found = must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish))
		if len(found.Reasons) < 2 || found.Reasons[0].Message != `Person 1 is in "Talk 1" (28 March 10:00–11:00, Hall 1).` {
			t.Errorf("%+v", found.Reasons)
		}
		_, err := w.FindSlots(ctx, operator, slug, app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{"nobody"}, Minutes: 0, Room: "nowhere"}, Start: "noon"})
		if agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("nonsense: %v", err)
		}
	})
}

// What is found for a Meeting follows from who is in it.
func TestFindSlotsOfAMeeting(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		hung := w.person(t, agenda.Person{Name: "Hùng", Languages: []string{"vi"}})
		anna := w.person(t, agenda.Person{Name: "Anna", Languages: []string{"fr-BE"}})
		mai := w.person(t, agenda.Person{Name: "Mai", Interprets: []agenda.Pair{{A: "fr", B: "vi"}}})
		made := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(hung, anna), f.at(0, "2026-03-29T09:00", "2026-03-29T09:45"), app.Once{}))
		if len(made.Conflicts) != 1 || made.Conflicts[0].Kind != agenda.InterpreterNone {
			t.Errorf("%+v", made.Conflicts)
		}
		wish := app.SlotWish{Meeting: made.Meeting.ID, Start: "2026-03-29T09:00", At: "2026-03-29T09:00"}
		found := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish))
		want := []agenda.Pair{{A: "fr-BE", B: "vi"}}
		if found.At == nil || !slices.Equal(found.At.Interpreters, []agenda.ID{mai}) || !slices.Equal(found.Wanted.Pairs, want) || found.Wanted.Minutes != 45 {
			t.Errorf("%+v", found)
		}
	})
}

// BenchmarkFindSlots looks for half an hour of four people and an interpreter, with everything read from the database: 500
// people and 400 meetings in five days.
func BenchmarkFindSlots(b *testing.B) {
	w, ctx := open(b, b.TempDir()+"/plenary.db"), context.Background()
	if _, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: slug, Name: agenda.Text{"en": "Forum"}, Zone: "Europe/Paris",
		StartDate: "2026-03-28", EndDate: "2026-04-01", Languages: []string{"en"}, BufferMinutes: 5}, app.Once{}); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	var people, rooms []agenda.ID
	for i := range 20 {
		room, _, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": fmt.Sprint(i)}, Kind: agenda.RoomTable, Capacity: 8}, app.Once{})
		if err != nil {
			b.Fatal(err)
		}
		rooms = append(rooms, room.ID)
	}
	for i := range 500 {
		p := agenda.Person{Name: fmt.Sprint("Person ", i)}
		if i%50 == 0 {
			p.Interprets = []agenda.Pair{{A: "fr", B: "vi"}}
		}
		made, _, err := w.CreatePerson(ctx, operator, slug, p, app.Once{})
		if err != nil {
			b.Fatal(err)
		}
		people = append(people, made.ID)
	}
	zone, _ := agenda.LoadZone("Europe/Paris")
	for range 400 {
		start := time.Date(2026, 3, 28+r.IntN(5), 8, r.IntN(44)*15, 0, 0, zone)
		slot := &app.SlotRequest{RoomID: rooms[r.IntN(20)], Start: start.Format(time.RFC3339), End: start.Add(30 * time.Minute).Format(time.RFC3339)}
		i := r.IntN(498)
		if _, err := w.CreateMeeting(ctx, operator, slug, bilateral(people[i], people[i+1], people[i+2]), slot, app.Once{}); err != nil {
			b.Fatal(err)
		}
	}
	wish := app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{people[1], people[102], people[203], people[304]}, Minutes: 30, Pairs: []agenda.Pair{{A: "fr", B: "vi"}}}}
	for b.Loop() {
		if found, err := w.FindSlots(ctx, operator, slug, wish); err != nil || len(found.Offers) == 0 {
			b.Fatal(found, err)
		}
	}
}
