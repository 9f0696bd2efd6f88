package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// HoldMeeting says that a Meeting took place. It is for organizers.
func (a *App) HoldMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string) (MeetingResult, error) {
	return a.organize(ctx, actor, slug, match, id, note, func(c course) error {
		m, err := c.old.Hold(a.now())
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedHold, "meeting.hold", "noted that a meeting was held")
	})
}

// CancelMeeting calls a Meeting off, agreed on or not. It is for organizers.
func (a *App) CancelMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string) (MeetingResult, error) {
	return a.organize(ctx, actor, slug, match, id, note, func(c course) error {
		m, err := c.old.Cancel()
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedCancel, "meeting.cancel", "called off a meeting")
	})
}

// organize is [App.onMeeting] for organizers alone.
func (a *App) organize(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string, fn func(course) error) (MeetingResult, error) {
	if actor.Kind == agenda.LinkHolder {
		return MeetingResult{}, agenda.Errorf(agenda.NotFound, "There is no such meeting.")
	}
	return a.onMeeting(ctx, actor, slug, match, id, note, fn)
}

// byItself is the Actor of what the program does because its time has come.
var byItself = agenda.System("program")

// expireAtMost is how many requests [App.ExpireMeetings] ends in one call.
const expireAtMost = 5000

// ExpireMeetings ends the requests of all Events that nobody answered in time, and says how many: each by itself, so that one that
// can't be ended stops no other. It is for the program itself; what is left, or was refused, is for the next call.
func (a *App) ExpireMeetings(ctx context.Context) (expired int, err error) {
	now := a.moment()
	var due []agenda.Meeting
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		due, err = tx.DueMeetings(now, expireAtMost)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed error
	for _, m := range due {
		switch done, err := a.expire(ctx, m.EventID, m.ID, now); {
		case ctx.Err() != nil:
			return expired, errors.Join(failed, ctx.Err())
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("meeting %s: %w", m.ID, err))
		case done:
			expired++
		}
	}
	return expired, failed
}

// expire ends one of an Event's Meetings, if it is due.
func (a *App) expire(ctx context.Context, event, id agenda.ID, now time.Time) (due bool, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		due = false
		if err := tx.LockEvent(event); err != nil {
			return err
		}
		e, err := tx.Event(event)
		if err != nil {
			return ignoreMissing(err) // it went meanwhile, with its meetings
		}
		m, err := tx.Meeting(event, id)
		if err != nil {
			return ignoreMissing(err)
		}
		c := course{tx: tx, actor: byItself, event: e, old: m, program: true}
		if m, due = m.Expire(now); !due {
			return nil
		}
		return a.keepMeeting(c, m, agenda.DeedExpire, "meeting.expire", "let a request for a meeting expire")
	})
	return due, err
}

// answeredMeeting stores a delegate's answer for themselves, with the deed and the note of the step. Who comes after all must be
// free; whoever held the time already, or lets it go, is not asked.
func (a *App) answeredMeeting(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, old, m agenda.Meeting, step agenda.MeetingStep) (agenda.Meeting, error) {
	m.Revision, m.Updated = old.Revision+1, a.moment()
	if err := lockNeeded(tx, []agenda.Meeting{m}, ownResource(p)); err != nil {
		return m, err
	}
	if !old.Expects(p.ID) && m.Expects(p.ID) {
		if err := isFreeFor(tx, e, p, m); err != nil {
			return m, err
		}
	}
	m, err := firmly(tx, e, m)
	if err != nil {
		return m, err
	}
	step.Party, step.PersonID = partyOf(p.ID, m), p.ID
	return m, a.putMeeting(tx, actor, e, &old, m, step)
}

// rezoneMeetings reads every wall clock of the Event's Meetings in its present zone. All let go of what they hold before any
// takes something: they move together.
func (a *App) rezoneMeetings(tx *store.Tx, actor agenda.Actor, e agenda.Event) error {
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return err
	}
	if err := lockNeeded(tx, meetings); err != nil {
		return err
	}
	holds := map[agenda.ID][]agenda.Hold{}
	for _, m := range meetings {
		holds[m.ID] = nil
	}
	if err := tx.SetAllHolds(e.ID, agenda.MeetingItem, holds); err != nil {
		return err
	}
	for _, old := range meetings {
		m, err := rezoned(e, old)
		if err != nil {
			return err
		}
		if m.Slot == nil && len(m.Times) == 0 {
			continue
		}
		m.Revision, m.Updated = m.Revision+1, a.moment()
		if m, err = stillFirm(tx, m); err != nil {
			return err
		}
		if err := tx.UpdateMeeting(m); err != nil {
			return err
		}
		taken, err := holdsOf(tx, m)
		if err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.MeetingItem, m.ID, taken); err != nil {
			return err
		}
		if err := a.tellMeeting(tx, actor, e, &old, m); err != nil {
			return err
		}
	}
	return nil
}

// rezoned gives the Meeting read by the Event's clock. What has no answer expires at the latest when the last of its times begins.
func rezoned(e agenda.Event, m agenda.Meeting) (agenda.Meeting, error) {
	zone := e.Location()
	if m.Slot != nil {
		slot, err := m.Slot.Rezone(zone)
		if err != nil {
			return m, rezoneFault("a meeting", err)
		}
		m.Slot = &slot
	}
	times := m.Times
	m.Times = nil
	for _, t := range times {
		slot, err := t.Slot("").Rezone(zone)
		if err != nil {
			return m, rezoneFault("a time that was proposed for a meeting", err)
		}
		m.Times = append(m.Times, agenda.MeetingTime{Side: t.Side, Start: slot.Start, End: slot.End})
	}
	if last := (agenda.MeetingRules{Hours: 1 << 20}).Expiry(m.Times, m.Expires); !m.Expires.IsZero() && last.Before(m.Expires) {
		m.Expires = last
	}
	return m, nil
}

// importMeetings adds the Meetings of a Bundle, with their history and their rules. People may be in other Events already:
// what clashes with something firm there is not firm here.
func importMeetings(tx *store.Tx, e agenda.Event, b exchange.Bundle) error {
	if err := lockNeeded(tx, b.Meetings); err != nil {
		return err
	}
	for _, m := range b.Meetings {
		m, err := stillFirm(tx, m)
		if err != nil {
			return err
		}
		if err := tx.InsertMeeting(m); err != nil {
			return err
		}
		holds, err := holdsOf(tx, m)
		if err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.MeetingItem, m.ID, holds); err != nil {
			return err
		}
	}
	if err := tx.InsertMeetingSteps(b.MeetingSteps...); err != nil {
		return err
	}
	if b.MeetingRules.Updated.IsZero() {
		return nil
	}
	return tx.PutMeetingRules(e.ID, b.MeetingRules)
}
