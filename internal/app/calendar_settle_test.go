package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// drafter makes random changes to the draft of a forum.
type drafter struct {
	world
	*rand.Rand
	t *testing.T
	f forum
	m agenda.Meeting
}

var anyMatch = app.Match{Any: true}

// A Release settles what differs from the one before: to settle everything after it changes nothing.
func TestAReleaseSettlesAllThatDiffers(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		d := &drafter{w, rand.New(rand.NewPCG(1, 41)), t, w.forum(t), agenda.Meeting{}}
		d.begin()
		for i := range 30 {
			for range 1 + d.IntN(3) {
				d.change()
			}
			w.pass(time.Duration(1+d.IntN(4000)) * time.Second)
			d.publish()
			entries, feeds, err := w.SettleAll(ctx, d.f.panels[0].EventID)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) > 0 || len(feeds) > 0 {
				t.Fatalf("%d: the release left as they were: %+v and %+v", i, entries, feeds)
			}
		}
	})
}

func (d *drafter) begin() {
	d.t.Helper()
	m := agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants, Topic: agenda.Text{"en": "Chips"}}
	for i := range m.Sides {
		m.Sides[i].Delegates = []agenda.Delegate{{PersonID: d.f.people[i].ID, Role: agenda.Principal, Answer: agenda.Accepted}}
	}
	d.m = must[app.MeetingResult](d.t)(d.CreateMeeting(d.t.Context(), operator, slug, m, d.f.at(1, "2026-03-29T08:00", "2026-03-29T09:00"), app.Once{})).Meeting
	d.publish()
}

// change changes something of what calendars show, or do not.
func (d *drafter) change() {
	d.t.Helper()
	ctx, i := d.t.Context(), d.IntN(2)
	word := agenda.Text{"en": fmt.Sprint("W", d.IntN(9))}
	panel := must[app.PanelResult](d.t)(d.Panel(ctx, operator, slug, d.f.panels[i].ID)).Panel
	var slot *app.SlotRequest
	if panel.Slot != nil {
		slot = &app.SlotRequest{RoomID: panel.Slot.RoomID, Start: string(panel.Slot.Start.Wall), End: string(panel.Slot.End.Wall)}
	}
	var err error
	switch d.IntN(12) {
	case 0, 1:
		panel.Title = word
		_, err = d.EditPanel(ctx, operator, slug, anyMatch, panel, slot)
	case 2:
		panel.Notes = word["en"]
		_, err = d.EditPanel(ctx, operator, slug, anyMatch, panel, slot)
	case 3:
		panel.Speakers = []agenda.Speaker{{PersonID: d.f.people[d.IntN(2)].ID, Role: agenda.Moderator, Status: agenda.Confirmed}}
		_, err = d.EditPanel(ctx, operator, slug, anyMatch, panel, slot)
	case 4, 5:
		hour := 10 + d.IntN(6)
		_, err = d.MovePanel(ctx, operator, slug, app.Move{PanelID: panel.ID, Match: anyMatch,
			Slot: d.f.at(d.IntN(2), fmt.Sprintf("2026-03-28T%02d:00", hour), fmt.Sprintf("2026-03-28T%02d:00", hour+1))})
	case 6:
		_, err = d.MovePanel(ctx, operator, slug, app.Move{PanelID: panel.ID, Match: anyMatch})
	case 7:
		_, err = d.CancelPanel(ctx, operator, slug, anyMatch, panel.ID, !panel.Cancelled, nil)
	case 8:
		p := must[agenda.Person](d.t)(d.Person(ctx, operator, slug, d.f.people[i].ID))
		p.Name, p.JobTitle = "Person "+word["en"], word
		_, err = d.EditPerson(ctx, operator, slug, anyMatch, p)
	case 9:
		r := must[agenda.Room](d.t)(d.Room(ctx, operator, slug, d.f.rooms[i].ID))
		r.Name = word
		_, err = d.EditRoom(ctx, operator, slug, anyMatch, r)
	case 10:
		d.m.Topic = word
		_, err = d.EditMeeting(ctx, operator, slug, anyMatch, d.m, d.f.at(i, "2026-03-29T08:00", "2026-03-29T09:00"))
	case 11:
		e := must[agenda.Event](d.t)(d.Event(ctx, operator, slug))
		e.Name, e.BufferMinutes = word, d.IntN(3)
		_, err = d.EditEvent(ctx, operator, slug, anyMatch, e)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// publish publishes whatever there is.
func (d *drafter) publish() {
	d.t.Helper()
	_, err := d.Publish(context.Background(), operator, slug, nil, nil, app.Once{})
	var refused *agenda.Error
	if errors.As(err, &refused) {
		if conflicts, ok := refused.Current.([]agenda.Conflict); ok {
			var keys []string
			for _, c := range conflicts {
				keys = append(keys, c.Key)
			}
			_, err = d.Publish(context.Background(), operator, slug, nil, keys, app.Once{})
		}
	}
	if err != nil {
		d.t.Fatal(err)
	}
}
