package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// pair is a forum with two people who can meet, and tables.
type pair struct {
	forum
	tables [2]agenda.Room
}

func (w world) pair(t *testing.T) pair {
	t.Helper()
	p := pair{forum: w.forum(t)}
	for i, capacity := range [2]int{2, 6} {
		room, _, err := w.CreateRoom(context.Background(), operator, slug, agenda.Room{Name: agenda.Text{"en": "Table"},
			Kind: agenda.RoomTable, Capacity: capacity, Position: 9 - i}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		p.tables[i] = room
	}
	return p
}

// ask is a request between the two people of the forum.
func (p pair) ask(starts ...string) app.MeetingRequest {
	req := app.MeetingRequest{From: p.people[0].ID, To: p.people[1].ID, Topic: agenda.Text{"en": "Chips"}, Minutes: 30, Note: "Please."}
	for _, start := range starts {
		req.Times = append(req.Times, app.TimeRequest{Start: start})
	}
	return req
}

func (w world) ask(t *testing.T, req app.MeetingRequest) agenda.Meeting {
	t.Helper()
	return must[app.MeetingResult](t)(w.RequestMeeting(context.Background(), operator, slug, req, app.Once{})).Meeting
}

func (w world) accept(m agenda.Meeting, answer app.MeetingAnswer) (app.MeetingResult, error) {
	return w.AcceptTime(context.Background(), operator, slug, app.Revision(m.Revision), m.ID, answer)
}

func TestAMeetingFromRequestToHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		m := w.ask(t, p.ask("2026-03-28T12:00", "2026-03-29T09:00"))
		if m.Status != agenda.MeetingRequested || m.Turn != agenda.Asked || len(m.Times) != 2 || m.Slot != nil ||
			!m.Expires.Equal(time.UnixMilli(w.clock.Load()).Add(72*time.Hour)) {
			t.Fatalf("requested: %+v", m)
		}
		r := must[app.MeetingResult](t)(w.ProposeTimes(ctx, operator, slug, app.Revision(1), m.ID,
			app.MeetingProposal{Minutes: 20, Times: []app.TimeRequest{{Start: "2026-03-28T15:00"}}, Note: "Rather later."}))
		if m = r.Meeting; m.Status != agenda.MeetingProposed || m.Turn != agenda.Asking || len(m.Times) != 1 || m.Times[0].Side != agenda.Asked {
			t.Fatalf("proposed: %+v", m)
		}
		_, offered, err := w.OfferedTimes(ctx, operator, slug, m.ID)
		if err != nil || len(offered) != 1 || !offered[0].Free || offered[0].Room != p.tables[0].ID {
			t.Fatalf("offered: %+v %v", offered, err)
		}
		m = must[app.MeetingResult](t)(w.accept(m, app.MeetingAnswer{})).Meeting
		if m.Status != agenda.MeetingAccepted || !m.Firm || m.Slot == nil || m.Slot.RoomID != p.tables[0].ID || m.Slot.Start.Wall != "2026-03-28T15:00:00" ||
			m.AnswerOf(p.people[0].ID) != agenda.Accepted || m.AnswerOf(p.people[1].ID) != agenda.Accepted || !m.Expires.IsZero() {
			t.Fatalf("accepted: %+v", m)
		}
		_, err = w.HoldMeeting(ctx, operator, slug, app.Revision(m.Revision), m.ID, "")
		wantCode(t, err, agenda.Taken)
		w.clock.Store(m.Slot.Start.At.UnixMilli())
		m = must[app.MeetingResult](t)(w.HoldMeeting(ctx, operator, slug, app.Revision(m.Revision), m.ID, "")).Meeting
		if m.Status != agenda.MeetingHeld {
			t.Fatalf("held: %+v", m)
		}
		var deeds []agenda.MeetingDeed
		for _, s := range must[[]agenda.MeetingStep](t)(w.MeetingHistory(ctx, operator, slug, m.ID)) {
			deeds = append(deeds, s.Deed)
		}
		same(t, deeds, []agenda.MeetingDeed{agenda.DeedRequest, agenda.DeedPropose, agenda.DeedAccept, agenda.DeedHold})
	})
}

// same compares what a test got with what it wants.
func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// watchMeetings goes through everything that can become of a request, and sees that the log tells it and names nobody.
func (w world) watchMeetings(t *testing.T, who agenda.Actor, f forum) {
	t.Helper()
	ctx, any := t.Context(), app.Match{Any: true}
	if _, _, err := w.CreateRoom(ctx, who, slug, agenda.Room{Name: agenda.Text{"en": "Table"}, Kind: agenda.RoomTable}, app.Once{}); err != nil {
		t.Fatal(err)
	}
	saw := func(verb string, err error) {
		t.Helper()
		if a := w.newest(t, slug); err != nil || a.Verb != verb || len(a.After) == 0 || strings.Contains(a.Summary, "Person") {
			t.Errorf("%s: %v %+v", verb, err, a)
		}
		w.pass(time.Second)
	}
	ask := func() agenda.ID {
		t.Helper()
		r, err := w.RequestMeeting(ctx, who, slug, pair{forum: f}.ask("2026-03-28T12:00"), app.Once{})
		saw("meeting.request", err)
		return r.Meeting.ID
	}
	_, err := w.SetMeetingRules(ctx, who, slug, any, agenda.MeetingRules{Hours: 24})
	saw("meeting.rules", err)
	id := ask()
	_, err = w.EditRequest(ctx, who, slug, any, id, app.RequestEdit{Minutes: 20, Times: []app.TimeRequest{{Start: "2026-03-28T13:00"}}})
	saw("meeting.edit", err)
	_, err = w.ProposeTimes(ctx, who, slug, any, id, app.MeetingProposal{Minutes: 20, Times: []app.TimeRequest{{Start: "2026-03-28T14:00"}}})
	saw("meeting.propose", err)
	_, err = w.WithdrawMeeting(ctx, who, slug, any, id, "")
	saw("meeting.withdraw", err)
	_, err = w.DeclineMeeting(ctx, who, slug, any, ask(), "")
	saw("meeting.decline", err)
	_, err = w.CancelMeeting(ctx, who, slug, any, ask(), "")
	saw("meeting.cancel", err)
	ask()
	w.pass(24 * time.Hour)
	_, err = w.ExpireMeetings(ctx)
	saw("meeting.expire", err)
	id = ask()
	r, err := w.AcceptTime(ctx, who, slug, any, id, app.MeetingAnswer{})
	saw("meeting.accept", err)
	w.clock.Store(r.Meeting.Slot.Start.At.UnixMilli())
	_, err = w.HoldMeeting(ctx, who, slug, any, id, "")
	saw("meeting.hold", err)
}
