package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func starts(slots []agenda.Slot) []string {
	var list []string
	for _, s := range slots {
		list = append(list, string(s.Start.Wall[5:16]))
	}
	return list
}

// A Person with a personal link learns when another one is free, and nothing of what they do.
func TestFindOwnSlots(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		w.publish(t)
		event := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		me := agenda.Actor{Kind: agenda.LinkHolder, EventID: event.ID, PersonID: f.people[0].ID}
		_, err := w.FindOwnSlots(ctx, me, app.OwnWish{Other: f.people[1].ID, Minutes: 30})
		wantCode(t, err, agenda.Forbidden)
		me.Confirmed = true
		third := w.person(t, agenda.Person{Name: "Secret"})
		m := bilateral(f.people[1].ID, third)
		m.Visibility = agenda.VisibleToProtocol
		if _, err := w.CreateMeeting(ctx, operator, slug, m, f.at(1, "2026-03-28T08:00", "2026-03-28T09:00"), app.Once{}); err != nil {
			t.Fatal(err)
		}
		found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, me, app.OwnWish{Other: f.people[1].ID, Minutes: 60, At: "2026-03-28T08:15"}))
		if len(found.Times) == 0 || found.Times[0].Start.Wall != "2026-03-28T09:00:00" || found.Times[0].RoomID != "" {
			t.Errorf("%+v", found.Times)
		}
		if diff := cmp.Diff([]agenda.Reason{{Kind: agenda.JustBusy, Message: "Somebody is busy."}}, found.Reasons); diff != "" {
			t.Error(diff)
		}
		found = must[app.OwnSlots](t)(w.FindOwnSlots(ctx, me, app.OwnWish{Other: f.people[1].ID, Minutes: 60, At: "2026-03-28T10:00"}))
		if len(found.Reasons) == 0 || found.Reasons[0].Person != me.PersonID || found.Reasons[0].Item == nil {
			t.Errorf("%+v", found.Reasons)
		}
		_, err = w.FindOwnSlots(ctx, me, app.OwnWish{Other: me.PersonID, Minutes: 60})
		wantCode(t, err, agenda.Invalid)
		// Who is not on the agenda is not there for them, as little as who is not there at all.
		missing := wantCode(t, errOf(w.FindOwnSlots(ctx, me, app.OwnWish{Other: "nobody", Minutes: 60})), agenda.NotFound)
		hidden := wantCode(t, errOf(w.FindOwnSlots(ctx, me, app.OwnWish{Other: third, Minutes: 60})), agenda.NotFound)
		same(t, hidden, missing)
		me = w.link(t, event.ID, me.PersonID)
		req := app.MeetingRequest{To: "nobody", Minutes: 30, Times: []app.TimeRequest{{Start: "2026-03-29T09:00"}}}
		missing = wantCode(t, errOf(w.RequestMeeting(ctx, me, slug, req, app.Once{})), agenda.Invalid)
		req.To = third
		hidden = wantCode(t, errOf(w.RequestMeeting(ctx, me, slug, req, app.Once{})), agenda.Invalid)
		same(t, hidden, missing)
	})
}

func errOf[T any](_ T, err error) error { return err }

// What is offered begins later than now, on every day that is left.
func TestTimesAreOfferedFromNowToTheLastDay(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		w.publish(t)
		event := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		w.clock.Store(time.Date(2026, 3, 29, 12, 7, 0, 0, time.UTC).UnixMilli()) // 14:07 in Paris
		me := agenda.Actor{Kind: agenda.LinkHolder, EventID: event.ID, PersonID: f.people[0].ID, Confirmed: true}
		found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, me, app.OwnWish{Other: f.people[1].ID, Minutes: 30, PerDay: 3, At: "2026-03-28T14:00"}))
		same(t, starts(found.Times), []string{"03-29T14:15", "03-29T16:45", "03-29T19:15", "03-30T08:00", "03-30T13:30", "03-30T19:30"})
		same(t, found.Reasons[0].Kind, agenda.ItIsPast)
		wish := app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{f.people[0].ID}, Minutes: 30}, Start: "2026-03-28", End: "2026-03-29"}
		slots := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish))
		if got := times(slots.Offers); got[0] != "03-29T14:15" || got[len(got)-1] != "03-29T19:30" {
			t.Errorf("%v", got)
		}
		wish.End = "2026-03-28"
		if slots = must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish)); len(slots.Offers) > 0 {
			t.Errorf("offered of a day that is over: %v", times(slots.Offers))
		}
	})
}

// What is offered can be accepted, and the other way round: at tables where there are some, in halls where there are none or the
// rules say so, and without a room where there is no room.
func TestOneRuleSaysWhereMeetingsTakePlace(t *testing.T) {
	for _, tc := range []struct {
		name                string
		rooms, table, halls bool
		want                func(room agenda.ID, f forum) bool
	}{
		{"no room", false, false, false, func(room agenda.ID, _ forum) bool { return room == "" }},
		{"halls alone", true, false, false, func(room agenda.ID, f forum) bool { return room == f.rooms[0].ID }},
		{"a table that is too small", true, true, false, nil},
		{"a table that is too small, and halls", true, true, true, func(room agenda.ID, f forum) bool { return room == f.rooms[0].ID }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w world) {
				f, ctx, any := w.forum(t), context.Background(), app.Match{Any: true}
				w.publish(t)
				for i := range f.rooms {
					if !tc.rooms {
						if err := w.DeletePanel(ctx, operator, slug, any, f.panels[i].ID); err != nil {
							t.Fatal(err)
						}
						if err := w.DeleteRoom(ctx, operator, slug, any, f.rooms[i].ID); err != nil {
							t.Fatal(err)
						}
					}
				}
				if tc.table {
					if _, _, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Table"}, Kind: agenda.RoomTable, Capacity: 1}, app.Once{}); err != nil {
						t.Fatal(err)
					}
				}
				must[agenda.MeetingRules](t)(w.SetMeetingRules(ctx, operator, slug, any, agenda.MeetingRules{Hours: 48, Halls: tc.halls}))
				e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
				one, two := w.link(t, e.ID, f.people[0].ID), w.link(t, e.ID, f.people[1].ID)
				offered := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, one, app.OwnWish{Other: f.people[1].ID, Minutes: 30}))
				req := pair{forum: f}.ask("2026-03-29T09:00")
				m := must[app.MeetingResult](t)(w.RequestMeeting(ctx, one, slug, req, app.Once{})).Meeting
				slots := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, app.SlotWish{Meeting: m.ID}))
				r, err := w.AcceptTime(ctx, two, slug, any, m.ID, app.MeetingAnswer{})
				if tc.want == nil {
					if wantCode(t, err, agenda.Taken); len(offered.Times)+len(slots.Offers) != 0 {
						t.Errorf("offered: %v %v", starts(offered.Times), times(slots.Offers))
					}
					return
				}
				if err != nil || len(offered.Times) == 0 || len(slots.Offers) == 0 || !tc.want(r.Meeting.Slot.RoomID, f) || !r.Meeting.Firm {
					t.Errorf("%+v, %v; offered %d and %d times", r.Meeting.Slot, err, len(offered.Times), len(slots.Offers))
				}
			})
		})
	}
}

// For a Meeting, who is needed must be free, as many seats, for as long; what it has taken itself is free.
func TestTimesForAMeetingFollowFromIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		w.publish(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		busy := w.person(t, agenda.Person{Name: "Busy"})
		if _, err := w.CreateMeeting(ctx, operator, slug, bilateral(busy, w.person(t, agenda.Person{Name: "Other"})), p.at(1, "2026-03-29T08:00", "2026-03-29T19:00"), app.Once{}); err != nil {
			t.Fatal(err)
		}
		req := p.ask("2026-03-29T09:00")
		req.From, req.To, req.Minutes, req.Quorum = "", "", 45, agenda.QuorumEverybody
		req.Sides = bilateral(p.people[0].ID, p.people[1].ID, busy).Sides
		m := w.ask(t, req)
		two := w.link(t, e.ID, p.people[1].ID)
		wish := app.OwnWish{Meeting: m.ID, At: "2026-03-29T09:00"}
		found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, two, wish))
		for _, s := range found.Times {
			if s.Day() == "2026-03-29" && s.Start.Wall < "2026-03-29T19:00:00" || s.End.At.Sub(s.Start.At) != 45*time.Minute {
				t.Errorf("offered while somebody who is needed is busy, or for another time: %v", s)
			}
		}
		if len(found.Times) == 0 || len(found.Reasons) != 1 || found.Reasons[0].Kind != agenda.JustBusy {
			t.Errorf("%+v", found.Reasons)
		}
		wantCode(t, errOf(w.FindOwnSlots(ctx, w.link(t, e.ID, busy), wish)), agenda.Forbidden)
		stranger := w.link(t, e.ID, w.person(t, agenda.Person{Name: "Stranger"}))
		wantCode(t, errOf(w.FindOwnSlots(ctx, stranger, wish)), agenda.NotFound)
		slots := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, app.SlotWish{Meeting: m.ID, At: "2026-03-28T12:00"}))
		if slots.Wanted.Seats != 3 || slots.Wanted.Minutes != 45 || slots.At == nil || slots.At.Slot.RoomID != p.tables[1].ID {
			t.Errorf("%+v", slots.Wanted)
		}
		edit := app.RequestEdit{Minutes: 45, Times: []app.TimeRequest{{Start: "2026-03-29T09:00"}}, Quorum: agenda.QuorumPrincipals}
		must[app.MeetingResult](t)(w.EditRequest(ctx, operator, slug, app.Match{Any: true}, m.ID, edit))
		if found = must[app.OwnSlots](t)(w.FindOwnSlots(ctx, two, wish)); len(found.Reasons) != 0 {
			t.Errorf("who comes only if they can keeps the others from it: %+v", found.Reasons)
		}
		must[app.MeetingResult](t)(w.AcceptTime(ctx, two, slug, app.Match{Any: true}, m.ID, app.MeetingAnswer{}))
		if slots = must[app.Slots](t)(w.FindSlots(ctx, operator, slug, app.SlotWish{Meeting: m.ID, At: "2026-03-29T09:15"})); slots.At == nil {
			t.Errorf("its own time is not free: %+v", slots.Reasons)
		}
	})
}

// That a day is full is told with the reason, and organizers may go beyond it knowingly.
func TestADayThatIsFull(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		w.publish(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		third := w.person(t, agenda.Person{Name: "Third"})
		must[agenda.MeetingRules](t)(w.SetMeetingRules(ctx, operator, slug, any, agenda.MeetingRules{Hours: 48, PerDay: 1, Open: 1}))
		one, two := w.link(t, e.ID, p.people[0].ID), w.link(t, e.ID, p.people[1].ID)
		other := p.ask("2026-03-29T16:00")
		other.To = third
		must[app.MeetingResult](t)(w.accept(w.ask(t, other), app.MeetingAnswer{}))
		m := must[app.MeetingResult](t)(w.RequestMeeting(ctx, one, slug, p.ask("2026-03-29T09:00"), app.Once{})).Meeting
		// The one whose day it is is told so, the other one no more than that it is not free.
		found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, one, app.OwnWish{Meeting: m.ID, PerDay: 1, At: "2026-03-29T09:00"}))
		same(t, starts(found.Times), []string{"03-28T08:00", "03-30T08:00"})
		same(t, found.Full, []agenda.Date{"2026-03-29"})
		same(t, []agenda.ReasonKind{found.Reasons[0].Kind}, []agenda.ReasonKind{agenda.ReasonKind(agenda.DayFull)})
		found = must[app.OwnSlots](t)(w.FindOwnSlots(ctx, two, app.OwnWish{Meeting: m.ID, PerDay: 1, At: "2026-03-29T09:00"}))
		if len(found.Times) != 2 || found.Full != nil || found.Reasons[0].Kind != agenda.JustBusy {
			t.Errorf("%+v", found)
		}
		for who, full := range map[*agenda.Actor]bool{&one: true, &two: false} {
			_, offered, err := w.OfferedTimes(ctx, *who, slug, m.ID)
			if err != nil || offered[0].Free || offered[0].Full != full || offered[0].Conflicts != nil {
				t.Errorf("%+v %v", offered, err)
			}
		}
		if busy := wantCode(t, errOf(w.AcceptTime(ctx, two, slug, any, m.ID, app.MeetingAnswer{})), agenda.Taken); busy.Message[:4] != "Busy" {
			t.Errorf("%v", busy)
		}
		slots := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, app.SlotWish{Meeting: m.ID, At: "2026-03-29T09:00"}))
		if len(slots.Reasons) != 1 || slots.Reasons[0].Message != "Person 1 has as many meetings on that day as the event allows: 1." {
			t.Errorf("%+v", slots.Reasons)
		}
		_, offered, err := w.OfferedTimes(ctx, operator, slug, m.ID)
		if err != nil || offered[0].Free || len(offered[0].Conflicts) != 1 || offered[0].Conflicts[0].Kind != agenda.DayFull || offered[0].Room == "" {
			t.Fatalf("%+v %v", offered, err)
		}
		refused := wantCode(t, errOf(w.accept(m, app.MeetingAnswer{})), agenda.Taken)
		if diff := cmp.Diff(offered[0].Conflicts, refused.Current); diff != "" {
			t.Error(diff)
		}
		despite := app.MeetingAnswer{Despite: []string{offered[0].Conflicts[0].Key}, Reason: "The last day."}
		if r := must[app.MeetingResult](t)(w.accept(m, despite)); !r.Meeting.Firm || len(r.Conflicts) != 0 {
			t.Errorf("its time is nobody else's: %+v", r)
		}
		// Beyond what one may ask for, knowingly too.
		w.ask(t, p.ask("2026-03-30T09:00"))
		other.Times = []app.TimeRequest{{Start: "2026-03-30T16:00"}}
		wantCode(t, errOf(w.RequestMeeting(ctx, operator, slug, other, app.Once{})), agenda.Taken)
		other.Beyond = "The minister asked for it."
		wantCode(t, errOf(w.RequestMeeting(ctx, one, slug, other, app.Once{})), agenda.Forbidden)
		m = w.ask(t, other)
		if steps := must[[]agenda.MeetingStep](t)(w.MeetingHistory(ctx, operator, slug, m.ID)); steps[0].Note != "Please.\nThe minister asked for it." {
			t.Errorf("%+v", steps)
		}
	})
}

// Where the Event has nobody who interprets, times are offered as they can be accepted: without.
func TestTimesWithoutAnInterpreter(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		for i, language := range []string{"vi", "fr"} {
			must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, any, agenda.Person{ID: p.people[i].ID, Name: p.people[i].Name, Languages: []string{language}}))
		}
		w.publish(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		one, two, wish := w.link(t, e.ID, p.people[0].ID), w.link(t, e.ID, p.people[1].ID), app.OwnWish{Other: p.people[1].ID, Minutes: 30}
		if found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, one, wish)); len(found.Times) == 0 {
			t.Error("nothing is offered")
		}
		m := must[app.MeetingResult](t)(w.RequestMeeting(ctx, one, slug, p.ask("2026-03-29T09:00"), app.Once{})).Meeting
		must[app.MeetingResult](t)(w.AcceptTime(ctx, two, slug, any, m.ID, app.MeetingAnswer{}))
	})
}

// A day in which the clock skips midnight begins at one.
func TestDaysWithoutMidnight(t *testing.T) {
	w, ctx := open(t, t.TempDir()+"/plenary.db"), context.Background()
	if _, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: slug, Name: agenda.Text{"en": "Forum"}, Zone: "Africa/Cairo", StartDate: "2026-04-24",
		EndDate: "2026-04-24", Languages: []string{"en"}, Frame: agenda.MeetingFrame{From: "00:00"}}, app.Once{}); err != nil {
		t.Fatal(err)
	}
	one, two := w.person(t, agenda.Person{Name: "One"}), w.person(t, agenda.Person{Name: "Two"})
	wish := app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{one}, Minutes: 60}, Start: "2026-04-24", End: "2026-04-24"}
	if found := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, wish)); times(found.Offers)[0] != "04-24T01:00" {
		t.Errorf("%v", times(found.Offers))
	}
	must[app.Deputized](t)(w.TryReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: one, New: two, From: "2026-04-24"}))
	e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
	if err := w.AddOwnWindow(ctx, w.link(t, e.ID, one), app.OwnWindow{Day: "2026-04-24", From: "00:00", To: "24:00"}); err != nil {
		t.Error(err)
	}
}
