package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// auditing is a forum with a second event of the same people, of which anything is changed.
type auditing struct {
	world
	t      *testing.T
	p      pair
	r      *rand.Rand
	panels []agenda.ID
	n      int
}

func (w auditing) at() *app.SlotRequest {
	hour, minute := 8+w.r.IntN(4), 5*w.r.IntN(12)
	return &app.SlotRequest{RoomID: w.p.rooms[w.r.IntN(2)].ID, Start: fmt.Sprintf("2026-03-28T%02d:%02d", hour, minute),
		End: fmt.Sprintf("2026-03-28T%02d:%02d", hour+1, minute)}
}

func (w auditing) meeting(slug string, visibility agenda.Visibility) {
	m := agenda.Meeting{Topic: agenda.Text{"en": fmt.Sprint("Chips ", w.n)}, Status: agenda.MeetingAccepted, Visibility: visibility}
	for i := range m.Sides {
		m.Sides[i].Delegates = []agenda.Delegate{{PersonID: w.p.people[i].ID, Role: agenda.Principal, Answer: agenda.Accepted}}
	}
	at := w.at()
	at.RoomID = ""
	// It is refused where the time is taken.
	_, _ = w.CreateMeeting(context.Background(), operator, slug, m, at, app.Once{})
}

// change changes something.
func (w *auditing) change() {
	ctx, any := context.Background(), app.Match{Any: true}
	w.n++
	switch id := w.panels[w.r.IntN(len(w.panels))]; w.r.IntN(11) {
	case 0, 1, 2:
		must[app.PanelResult](w.t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: id, Match: any, Slot: w.at()}))
	case 3, 4:
		who := w.p.people[w.r.IntN(2)].ID
		made := must[app.PanelResult](w.t)(w.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": fmt.Sprint("Talk ", w.n)}, Format: agenda.FormatTalk,
			Speakers: []agenda.Speaker{{PersonID: who, Role: agenda.Presenter, Status: agenda.Confirmed}}}, w.at(), app.Once{}))
		w.panels = append(w.panels, made.Panel.ID)
	case 5:
		if len(w.panels) > 2 {
			if err := w.DeletePanel(ctx, operator, slug, any, id); err != nil {
				w.t.Fatal(err)
			}
			w.panels = slices.DeleteFunc(w.panels, func(p agenda.ID) bool { return p == id })
		}
	case 6:
		must[app.PanelResult](w.t)(w.CancelPanel(ctx, operator, slug, any, id, w.r.IntN(2) == 0, nil))
	case 7:
		w.meeting(slug, []agenda.Visibility{agenda.VisibleToParticipants, agenda.VisibleToProtocol}[w.r.IntN(2)])
	case 8:
		w.meeting("twin", agenda.VisibleToParticipants)
	case 9:
		who := w.p.people[w.r.IntN(2)]
		who.Name, who.Buffer = fmt.Sprint("Person of ", w.n), agenda.Buffer{Before: 5 * w.r.IntN(4)}
		must[agenda.Person](w.t)(w.EditPerson(ctx, operator, slug, any, who))
	default:
		_, _, _, err := w.CreateAvailability(ctx, operator, slug, agenda.Availability{Resource: agenda.Resource{Kind: agenda.RoomResource, ID: w.p.rooms[0].ID}},
			"2026-03-28T08:00", fmt.Sprintf("2026-03-28T%02d:00", 10+w.r.IntN(3)), app.Once{})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// What is kept of the last audit, and brought up to date with what changed, says what an audit of everything does: for who sees
// Meetings and for who does not.
func TestConflictsAreThoseOfAWholeAudit(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		a := auditing{world: w, t: t, p: w.pair(t), r: rand.New(rand.NewPCG(1, 1))}
		a.panels = []agenda.ID{a.p.panels[0].ID, a.p.panels[1].ID}
		must[app.CopiedEvent](t)(w.CopyEvent(ctx, operator, slug, app.EventCopy{Slug: "twin", StartDate: "2026-03-28", Take: []app.CopyPart{app.CopyRooms, app.CopyPeople}}))
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		reader := agenda.Actor{Kind: agenda.TokenHolder, ID: "t1", Name: "reader", Grants: []agenda.Grant{{EventID: e.ID, Verbs: []agenda.Verb{agenda.SeeEvent, agenda.ReadDraft}}}}
		told := map[agenda.ConflictKind]int{}
		for step := range 60 {
			a.change()
			for _, actor := range []agenda.Actor{operator, reader}[:1+step%2] {
				_, got, err := w.Conflicts(ctx, actor, slug)
				if err != nil {
					t.Fatal(err)
				}
				_, want, err := app.New(w.store, app.Options{NewID: func() agenda.ID { return "" }}).Conflicts(ctx, actor, slug)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("step %d, %s (-whole +kept):\n%s", step, actor.Name, diff)
				}
				for _, c := range got {
					told[c.Kind]++
				}
			}
		}
		for _, kind := range []agenda.ConflictKind{agenda.RoomTaken, agenda.PersonBusy, agenda.RoomUnavailable, agenda.BufferTooShort} {
			if told[kind] == 0 {
				t.Errorf("no %s came: %v", kind, told)
			}
		}
	})
}
