package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// link is a Person with their personal link, confirmed.
func (w world) link(t *testing.T, event, person agenda.ID) agenda.Actor {
	t.Helper()
	n := must[app.NewLink](t)(w.MakePersonalLink(context.Background(), operator, slug, app.LinkRequest{PersonID: person}, app.Once{}))
	return agenda.Actor{Kind: agenda.LinkHolder, ID: n.Link.ID, EventID: event, PersonID: person, Confirmed: true}
}

func TestTwoPeopleAgreeOnAMeetingByTheirLinks(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		w.publish(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		one, two := w.link(t, e.ID, p.people[0].ID), w.link(t, e.ID, p.people[1].ID)
		req := p.ask("2026-03-28T10:30", "2026-03-28T12:00")
		req.From = p.people[1].ID // whoever it says
		unconfirmed := one
		unconfirmed.Confirmed = false
		_, err := w.RequestMeeting(ctx, unconfirmed, slug, req, app.Once{})
		wantCode(t, err, agenda.Forbidden)
		req.To = p.people[1].ID
		m := must[app.MeetingResult](t)(w.RequestMeeting(ctx, one, slug, req, app.Once{})).Meeting
		if m.Sides[0].Principal() != p.people[0].ID {
			t.Fatalf("asked by %+v", m.Sides)
		}
		_, err = w.RequestMeeting(ctx, one, slug, req, app.Once{})
		wantCode(t, err, agenda.Taken)
		_, offered, err := w.OfferedTimes(ctx, two, slug, m.ID)
		if err != nil || len(offered) != 2 || offered[0].Free || !offered[1].Free || offered[0].Conflicts != nil || offered[1].Room != "" {
			t.Fatalf("offered: %+v %v", offered, err)
		}
		_, err = w.AcceptTime(ctx, one, slug, app.Revision(1), m.ID, app.MeetingAnswer{Time: 1})
		wantCode(t, err, agenda.Taken) // it is not their turn
		_, err = w.AcceptTime(ctx, two, slug, app.Revision(1), m.ID, app.MeetingAnswer{Time: 0})
		if refused := wantCode(t, err, agenda.Taken); refused.Current != nil || !strings.HasPrefix(refused.Message, "Busy") {
			t.Errorf("who is busy is told: %+v", refused)
		}
		_, err = w.WithdrawMeeting(ctx, two, slug, app.Revision(1), m.ID, "")
		wantCode(t, err, agenda.Forbidden)
		_, err = w.CancelMeeting(ctx, two, slug, app.Revision(1), m.ID, "")
		wantCode(t, err, agenda.NotFound)
		m = must[app.MeetingResult](t)(w.AcceptTime(ctx, two, slug, app.Revision(1), m.ID, app.MeetingAnswer{Time: 1})).Meeting
		if m.Status != agenda.MeetingAccepted || !m.Firm || m.Slot.RoomID != p.tables[0].ID {
			t.Errorf("accepted: %+v", m)
		}
		steps := must[[]agenda.MeetingStep](t)(w.MeetingHistory(ctx, one, slug, m.ID))
		if len(steps) != 2 || steps[0].Party != agenda.PartyAsking || steps[0].Note != "Please." || steps[1].Party != agenda.PartyAsked || steps[1].PersonID != p.people[1].ID {
			t.Errorf("history: %+v", steps)
		}
	})
}

func TestRequestsExpireAndAreLimited(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		third, _, err := w.CreatePerson(ctx, operator, slug, agenda.Person{Name: "Third"}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		must[agenda.MeetingRules](t)(w.SetMeetingRules(ctx, operator, slug, any, agenda.MeetingRules{Hours: 48, Open: 1, PerDay: 1}))
		m := w.ask(t, p.ask("2026-03-28T12:00"))
		other := p.ask("2026-03-28T16:00")
		other.To = third.ID
		_, err = w.RequestMeeting(ctx, operator, slug, other, app.Once{})
		wantCode(t, err, agenda.Taken)
		w.pass(48*time.Hour - time.Millisecond)
		if n, err := w.ExpireMeetings(ctx); n != 0 || err != nil {
			t.Errorf("%d expired too early: %v", n, err)
		}
		w.pass(time.Millisecond)
		_, err = w.accept(m, app.MeetingAnswer{})
		wantCode(t, err, agenda.Taken) // also before anybody noticed
		if n, err := w.ExpireMeetings(ctx); n != 1 || err != nil {
			t.Errorf("%d expired: %v", n, err)
		}
		if n, err := w.ExpireMeetings(ctx); n != 0 || err != nil {
			t.Errorf("%d expired twice: %v", n, err)
		}
		m = must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, m.ID)).Meeting
		if steps := must[[]agenda.MeetingStep](t)(w.MeetingHistory(ctx, operator, slug, m.ID)); m.Status != agenda.MeetingExpired || steps[len(steps)-1].Party != agenda.PartyProgram {
			t.Errorf("expired: %+v %+v", m, steps)
		}
		must[app.MeetingResult](t)(w.accept(w.ask(t, other), app.MeetingAnswer{}))
		_, err = w.accept(w.ask(t, p.ask("2026-03-28T12:00")), app.MeetingAnswer{})
		wantCode(t, err, agenda.Taken) // one a day
	})
}

func TestOrganizersAcceptDespiteAConflict(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := w.pair(t)
		m := w.ask(t, p.ask("2026-03-28T10:30")) // both speak then
		_, err := w.accept(m, app.MeetingAnswer{})
		conflicts, ok := wantCode(t, err, agenda.Taken).Current.([]agenda.Conflict)
		if !ok || len(conflicts) != 2 {
			t.Fatalf("conflicts: %v", err)
		}
		keys := []string{conflicts[0].Key, conflicts[1].Key}
		_, err = w.accept(m, app.MeetingAnswer{Despite: keys})
		wantCode(t, err, agenda.Invalid) // without a reason
		_, err = w.accept(m, app.MeetingAnswer{Despite: keys[:1], Reason: "She insists."})
		wantCode(t, err, agenda.Taken)
		r := must[app.MeetingResult](t)(w.accept(m, app.MeetingAnswer{Despite: keys, Reason: "She insists."}))
		if r.Meeting.Firm || r.Meeting.Status != agenda.MeetingAccepted || len(r.Conflicts) != 2 {
			t.Errorf("accepted: %+v", r)
		}
	})
}

// TestAPersonOfTwoEventsIsInOnePlace lets both events accept a meeting of the same person at the same time, again and again.
func TestAPersonOfTwoEventsIsInOnePlace(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		must[app.CopiedEvent](t)(w.CopyEvent(ctx, operator, slug, app.EventCopy{Slug: "twin", StartDate: "2026-03-28", Take: []app.CopyPart{app.CopyRooms, app.CopyPeople}}))
		rounds := 20
		if testing.Short() {
			rounds = 3
		}
		for round := range rounds {
			var under sync.WaitGroup
			errs := make([]error, 2)
			for i, at := range []string{slug, "twin"} {
				r, err := w.RequestMeeting(ctx, operator, at, p.ask(fmt.Sprintf("2026-03-30T%02d:00", round)), app.Once{})
				if err != nil {
					t.Fatal(err)
				}
				under.Go(func() {
					_, errs[i] = w.AcceptTime(ctx, operator, at, app.Match{Any: true}, r.Meeting.ID, app.MeetingAnswer{})
				})
			}
			under.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
			}
			for i, err := range errs {
				if err == nil {
					continue
				}
				wantCode(t, err, agenda.Taken)
				list := must[[]agenda.Meeting](t)(meetingsOf(w, []string{slug, "twin"}[i]))
				for _, m := range list {
					if m.Open() {
						must[app.MeetingResult](t)(w.WithdrawMeeting(ctx, operator, []string{slug, "twin"}[i], app.Match{Any: true}, m.ID, ""))
					}
				}
			}
		}
	})
}

// TestATableIsNotTakenWithinItsTurnaround looks at what tables and people need between two meetings, however far apart rooms are.
func TestATableIsNotTakenWithinItsTurnaround(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		twenty := 20
		p.tables[0].Turnaround = &twenty
		must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, p.tables[0]))
		x, y := w.person(t, agenda.Person{Name: "X", Buffer: agenda.Buffer{After: 25}}), w.person(t, agenda.Person{Name: "Y"})
		must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(x, y),
			&app.SlotRequest{RoomID: p.tables[0].ID, Start: "2026-03-28T12:00", End: "2026-03-28T12:30"}, app.Once{}))
		r := must[app.MeetingResult](t)(w.accept(w.ask(t, p.ask("2026-03-28T12:45")), app.MeetingAnswer{}))
		if r.Meeting.Slot.RoomID != p.tables[1].ID {
			t.Errorf("the table that is being cleared was taken: %+v", r.Meeting.Slot)
		}
		r = must[app.MeetingResult](t)(w.accept(w.ask(t, p.ask("2026-03-28T13:20")), app.MeetingAnswer{}))
		if r.Meeting.Slot.RoomID != p.tables[0].ID {
			t.Errorf("the smaller table is free: %+v", r.Meeting.Slot)
		}
		// Whoever needs time after a meeting has it, by their link too; an interpreter is the organizers' to find.
		req := p.ask("2026-03-28T12:50", "2026-03-28T15:00")
		req.To = x
		m := w.ask(t, req)
		_, offered, err := w.OfferedTimes(ctx, w.link(t, e.ID, x), slug, m.ID)
		if wantCode(t, err, ""); offered[0].Free || !offered[1].Free {
			t.Errorf("%+v", offered)
		}
		must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, any, agenda.Person{ID: x, Name: "X", Languages: []string{"vi"}}))
		must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, any, agenda.Person{ID: p.people[0].ID, Name: "Person 1", Languages: []string{"fr"}}))
		must[app.MeetingResult](t)(w.AcceptTime(ctx, w.link(t, e.ID, x), slug, app.Revision(1), m.ID, app.MeetingAnswer{Time: 1}))
		if c := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, m.ID)).Conflicts; len(c) != 1 || c[0].Kind != agenda.InterpreterNone {
			t.Errorf("organizers are told %+v", c)
		}
	})
}

func meetingsOf(w world, slug string) ([]agenda.Meeting, error) {
	_, list, _, err := w.Meetings(context.Background(), operator, slug, app.MeetingFilter{}, app.Page{Limit: 200})
	return list, err
}
