package app_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// agreed is a meeting of the two at a table, which each accepted.
func (p pair) agreed(t *testing.T, w world, start string) agenda.Meeting {
	t.Helper()
	return must[app.MeetingResult](t)(w.accept(w.ask(t, p.ask(start)), app.MeetingAnswer{})).Meeting
}

// Who declined has let go of their time. To come after all is booking it anew: not over a panel, and not over a meeting that
// organizers put down. To decline is never refused.
func TestWhoComesAfterAllIsFree(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		one := p.people[0].ID
		link := w.link(t, e.ID, one)
		third := w.person(t, agenda.Person{Name: "Third"})
		m := p.agreed(t, w, "2026-03-28T12:00")
		answer := func(id agenda.ID, a agenda.Answer, want agenda.Code) {
			t.Helper()
			wantCode(t, w.AnswerMeeting(ctx, link, id, a), want)
		}
		answer(m.ID, agenda.DeclinedIt, "")
		answer(m.ID, agenda.Accepted, "")
		answer(m.ID, agenda.DeclinedIt, "")
		slot := &app.SlotRequest{RoomID: p.tables[1].ID, Start: "2026-03-28T12:15", End: "2026-03-28T12:45"}
		loose := bilateral(one, third)
		loose.Status = agenda.MeetingRequested // it holds their time, and not firmly
		other := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, loose, slot, app.Once{})).Meeting
		answer(m.ID, agenda.Accepted, agenda.Taken)
		must[app.MeetingResult](t)(w.CancelMeeting(ctx, operator, slug, app.Match{Any: true}, other.ID, ""))
		must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: p.panels[0].ID, Match: app.Match{Any: true}, Slot: p.at(0, "2026-03-28T12:10", "2026-03-28T13:00")}))
		answer(m.ID, agenda.Accepted, agenda.Taken)
		answer(m.ID, agenda.Tentative, agenda.Taken)

		// Whoever held the time already says what they like, and whoever declines is not kept.
		over := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(one, third),
			&app.SlotRequest{RoomID: p.tables[0].ID, Start: "2026-03-28T12:15", End: "2026-03-28T12:45"}, app.Once{})).Meeting
		answer(over.ID, agenda.Tentative, "")
		answer(over.ID, agenda.Accepted, "")
		answer(over.ID, agenda.DeclinedIt, "")
	})
}

// What organizers put down is firm when nothing stands against it, and what lost it has it again when the reason is gone.
func TestWhatNothingStandsAgainstIsFirm(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		third := w.person(t, agenda.Person{Name: "Third"})
		firm := func(m agenda.Meeting, want bool) agenda.Meeting {
			t.Helper()
			if m = must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, m.ID)).Meeting; m.Firm != want {
				t.Errorf("firm is %t: %+v", m.Firm, m)
			}
			return m
		}
		edit := func(m agenda.Meeting, slot *app.SlotRequest) agenda.Meeting {
			t.Helper()
			return must[app.MeetingResult](t)(w.EditMeeting(ctx, operator, slug, app.Match{Any: true}, m, slot)).Meeting
		}
		at := func(start, end string) *app.SlotRequest {
			return &app.SlotRequest{RoomID: p.tables[1].ID, Start: "2026-03-28T" + start, End: "2026-03-28T" + end}
		}
		m := firm(p.agreed(t, w, "2026-03-28T12:00"), true)
		put := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(p.people[0].ID, third), at("15:00", "15:30"), app.Once{})).Meeting
		firm(put, true)
		firm(edit(put, at("12:15", "12:45")), false)
		firm(edit(put, at("12:15", "12:45")), false)
		firm(m, true)
		put.Status = agenda.MeetingRequested
		firm(edit(put, at("15:00", "15:30")), false)
		put.Status = agenda.MeetingAccepted
		firm(edit(put, at("15:00", "15:30")), true)

		// Over a panel it is not; when that goes, the next answer makes it so.
		put.Status = agenda.MeetingRequested
		firm(edit(put, at("10:30", "10:45")), false)
		put.Status = agenda.MeetingAccepted
		firm(edit(put, at("10:30", "10:45")), false)
		for _, panel := range p.panels {
			must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: panel.ID, Match: app.Match{Any: true}, Slot: p.at(0, "2026-03-30T10:00", "2026-03-30T11:00")}))
		}
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		wantCode(t, w.AnswerMeeting(ctx, w.link(t, e.ID, third), put.ID, agenda.Tentative), "")
		firm(put, true)

		// Who stands in is taken, and who returns is not.
		swap := func(old, by agenda.ID) {
			t.Helper()
			must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: old, New: by, Meeting: m.ID, Match: app.Match{Any: true}}))
		}
		fourth, fifth := w.person(t, agenda.Person{Name: "Fourth"}), w.person(t, agenda.Person{Name: "Fifth"})
		must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(fourth, fifth), at("12:00", "12:30"), app.Once{}))
		swap(p.people[0].ID, fourth)
		firm(m, false)
		swap(fourth, p.people[0].ID)
		firm(m, true)
	})
}

// A room for several things at once is not held firmly. What fits into it changes with it, unless two are in it already.
func TestARoomForOneThingAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		third, fourth := w.person(t, agenda.Person{Name: "Third"}), w.person(t, agenda.Person{Name: "Fourth"})
		room := p.tables[0]
		room.Parallel = true
		room = must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, room))
		in := func(start string, one, other agenda.ID) (app.MeetingResult, error) {
			req := p.ask(start)
			req.From, req.To = one, other
			return w.accept(w.ask(t, req), app.MeetingAnswer{Room: room.ID})
		}
		must[app.MeetingResult](t)(in("2026-03-28T12:00", p.people[0].ID, p.people[1].ID))
		second := must[app.MeetingResult](t)(in("2026-03-28T12:00", third, fourth)).Meeting
		room.Parallel = false
		_, err := w.EditRoom(ctx, operator, slug, any, room)
		if refused := wantCode(t, err, agenda.Taken); !strings.Contains(refused.Message, "in this room") {
			t.Errorf("refused: %v", refused)
		}
		must[app.MeetingResult](t)(w.CancelMeeting(ctx, operator, slug, any, second.ID, ""))
		room = must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, room))
		_, err = in("2026-03-28T12:15", third, fourth)
		wantCode(t, err, agenda.Taken)
		if taken := w.firmly(t, room.ID); taken != 1 {
			t.Errorf("the room is held firmly %d times", taken)
		}
		room.Parallel = true
		must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, room))
		if taken := w.firmly(t, room.ID); taken != 0 {
			t.Errorf("a room for several things is held firmly %d times", taken)
		}
		must[app.MeetingResult](t)(in("2026-03-28T12:00", third, w.person(t, agenda.Person{Name: "Fifth"})))
	})
}

// firmly counts by what a room is held firmly.
func (w world) firmly(t *testing.T, room agenda.ID) (n int) {
	t.Helper()
	err := w.store.Read(context.Background(), func(tx *store.Tx) error {
		found, err := tx.ItemsNear([]agenda.Resource{{Kind: agenda.RoomResource, ID: room}}, time.UnixMilli(0), time.UnixMilli(1<<42))
		for _, o := range found {
			for _, h := range o.Holds {
				if h.Firm {
					n++
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A request that can't be ended stops no other. The first one can't be since its step has an ID that there is already.
func TestOneRequestDoesNotKeepOthersFromExpiring(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		first := w.ask(t, p.ask("2026-03-28T12:00"))
		other := p.ask("2026-03-28T16:00")
		other.To = w.person(t, agenda.Person{Name: "Third"})
		second := w.ask(t, other)
		w.pass(80 * time.Hour)
		last, err := strconv.Atoi(strings.TrimLeft(string(w.person(t, agenda.Person{Name: "Last"}))[24:], "0"))
		if err != nil {
			t.Fatal(err)
		}
		err = w.store.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertMeetingSteps(agenda.MeetingStep{ID: agenda.ID(fmt.Sprintf("0199ffff-0000-7000-8000-%012d", last+2)), // the person's Activity took one
				EventID: first.EventID, MeetingID: second.ID, Party: agenda.PartyProgram, Deed: agenda.DeedEdit})
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := w.ExpireMeetings(ctx); n != 1 || err == nil || !strings.Contains(err.Error(), string(first.ID)) {
			t.Errorf("%d expired beside one that can't be: %v", n, err)
		}
		if n, err := w.ExpireMeetings(ctx); n != 1 || err != nil {
			t.Errorf("%d expired the next time: %v", n, err)
		}
	})
}

// Where two sides don't understand each other, somebody who interprets is found with the acceptance, and held as all who are needed
// are. Who is busy is not taken; where all are, the time is busy.
func TestAnInterpreterIsFoundWithTheAcceptance(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		for range 3 {
			if _, _, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Table"}, Kind: agenda.RoomTable, Capacity: 4}, app.Once{}); err != nil {
				t.Fatal(err)
			}
		}
		speaks := func(name, language string) agenda.ID {
			return w.person(t, agenda.Person{Name: name, Languages: []string{language}})
		}
		interprets := func(name string) agenda.ID {
			return w.person(t, agenda.Person{Name: name, Interprets: []agenda.Pair{agenda.NewPair("vi", "fr")}})
		}
		first, second := interprets("First"), interprets("Second")
		w.person(t, agenda.Person{Name: "Of another pair", Interprets: []agenda.Pair{agenda.NewPair("de", "fr")}})
		accept := func(start string, by bool) (agenda.Meeting, error) {
			req := p.ask(start)
			req.From, req.To = speaks("Asking", "fr"), speaks("Asked", "vi")
			m := w.ask(t, req)
			actor := operator
			if by {
				actor = w.link(t, e.ID, req.To)
			}
			_, offered, err := w.OfferedTimes(ctx, actor, slug, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			r, err := w.AcceptTime(ctx, actor, slug, any, m.ID, app.MeetingAnswer{})
			if offered[0].Free != (err == nil) {
				t.Errorf("offered as free: %t, and then %v", offered[0].Free, err)
			}
			return r.Meeting, err
		}
		taken := map[agenda.ID]bool{}
		for _, by := range []bool{true, false} {
			m := must[agenda.Meeting](t)(accept("2026-03-28T12:00", by))
			side := m.Sides[agenda.Asking].Delegates
			if len(side) != 2 || side[1].Role != agenda.DelegateInterpreter || side[1].Answer != agenda.NeedsAction || !m.Firm {
				t.Fatalf("accepted: %+v", m)
			}
			taken[side[1].PersonID] = true
			if r := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, m.ID)); len(r.Conflicts) != 0 {
				t.Errorf("conflicts: %+v", r.Conflicts)
			}
		}
		if !taken[first] || !taken[second] {
			t.Errorf("%v interpret, want each of the two", taken)
		}
		_, err := accept("2026-03-28T12:00", true)
		if refused := wantCode(t, err, agenda.Taken); refused.Current != nil {
			t.Errorf("who is busy is told: %+v", refused)
		}
		_, err = accept("2026-03-28T12:15", false)
		if found, _ := wantCode(t, err, agenda.Taken).Current.([]agenda.Conflict); len(found) != 1 || found[0].Kind != agenda.InterpreterNone {
			t.Errorf("organizers are told %+v", err)
		}
	})
}

// That nobody interprets is nobody's time: who accepts despite it is booked as firmly as who came with a link.
func TestWhatIsAcceptedWithoutAnInterpreterIsFirm(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := w.pair(t)
		req := p.ask("2026-03-28T12:00")
		req.From, req.To = w.person(t, agenda.Person{Name: "Lan", Languages: []string{"vi"}}), w.person(t, agenda.Person{Name: "Marie", Languages: []string{"fr"}})
		m := w.ask(t, req)
		r := must[app.MeetingResult](t)(w.accept(m, app.MeetingAnswer{Despite: []string{"interpreter_none/meeting:" + string(m.ID)}, Reason: "They manage."}))
		if !r.Meeting.Firm || len(r.Conflicts) != 1 || len(r.Against) != 0 {
			t.Errorf("firm is %t, with %+v against it", r.Meeting.Firm, r.Against)
		}
	})
}

// TestPeopleAreLockedInOneOrder has somebody of two events hold the first of two people and then want the other, who is the one that
// an answer at the other event looks at first: neither waits for who waits for them.
func TestPeopleAreLockedInOneOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		ids := []agenda.ID{p.people[0].ID, p.people[1].ID}
		slices.Sort(ids)
		link, m := w.link(t, e.ID, ids[1]), p.agreed(t, w, "2026-03-28T12:00")
		wantCode(t, w.AnswerMeeting(ctx, link, m.ID, agenda.DeclinedIt), "")
		answered, tries := make(chan error), 0
		start := time.Now()
		check(t, w.store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.LockResources([]agenda.Resource{{Kind: agenda.PersonResource, ID: ids[0]}}); err != nil {
				return err
			}
			if tries++; tries == 1 {
				go func() { answered <- w.AnswerMeeting(ctx, link, m.ID, agenda.Accepted) }()
				time.Sleep(50 * time.Millisecond)
			}
			return tx.LockResources([]agenda.Resource{{Kind: agenda.PersonResource, ID: ids[1]}})
		}))
		check(t, <-answered)
		if took := time.Since(start); tries != 1 || took > 900*time.Millisecond { // PostgreSQL looks for deadlocks after a second
			t.Errorf("it was begun %d times, and took %s", tries, took)
		}
	})
}

// What is booked depends on what there is, and not on what they may know of it who answer.
func TestWhatIsBookedDoesNotDependOnWhoAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p, any := context.Background(), w.pair(t), app.Match{Any: true}
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		third := w.person(t, agenda.Person{Name: "Third"})
		p.tables[0].Walks = []agenda.Walk{{To: p.tables[1].ID, Minutes: 10}}
		must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, p.tables[0]))
		secret := bilateral(p.people[0].ID, third)
		secret.Visibility = agenda.VisibleToProtocol
		must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, secret, &app.SlotRequest{RoomID: p.tables[1].ID, Start: "2026-03-28T11:30", End: "2026-03-28T12:00"}, app.Once{}))
		m, link := w.ask(t, p.ask("2026-03-28T12:00")), w.link(t, e.ID, p.people[1].ID)
		other := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(third, w.person(t, agenda.Person{Name: "Fourth"})),
			&app.SlotRequest{RoomID: p.tables[1].ID, Start: "2026-03-28T12:00", End: "2026-03-28T12:30"}, app.Once{})).Meeting
		found := must[app.OwnSlots](t)(w.FindOwnSlots(ctx, link, app.OwnWish{Meeting: m.ID, At: "2026-03-28T12:00"}))
		_, err := w.AcceptTime(ctx, link, slug, any, m.ID, app.MeetingAnswer{})
		if wantCode(t, err, agenda.Taken); len(found.Reasons) != 1 || found.Reasons[0].Kind != agenda.JustBusy {
			t.Errorf("the only table that is free is too far, and found is %+v", found.Reasons)
		}
		must[app.MeetingResult](t)(w.CancelMeeting(ctx, operator, slug, any, other.ID, ""))
		m = must[app.MeetingResult](t)(w.AcceptTime(ctx, link, slug, any, m.ID, app.MeetingAnswer{})).Meeting
		if m.Slot.RoomID != p.tables[1].ID {
			t.Error("the other one has ten minutes to walk, and none for it")
		}
	})
}

// Who answers need not see the meeting for it to be firm again.
func TestAMeetingDoesNotStandAgainstItself(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m, ctx := w.mailroom(t, ""), t.Context()
		at := m.at(0, "2026-03-29T10:00", "2026-03-29T10:30")
		first := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("d")}}, at, app.Once{})).Meeting
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, at, app.Once{})).Meeting
		must[app.MeetingResult](t)(m.CancelMeeting(ctx, operator, slug, app.Match{Any: true}, first.ID, ""))
		m.pass(2 * time.Minute)
		for _, letter := range m.sendAll(t) {
			if letter.PersonID == m.ids["c"] {
				wantCode(t, m.AnswerByLetter(ctx, secretIn(letter), "", agenda.Accepted, ""), "")
			}
		}
		if r := must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)); x.Firm || !r.Meeting.Firm {
			t.Errorf("firm was %t and is %t, with %+v against it", x.Firm, r.Meeting.Firm, r.Against)
		}
	})
}
