package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// RenewCalendars brings the revisions of all calendars up to date with this program and with
// the address that it is served at now: entries that are told in other words since the last start count
// as modified, and the zones' present rules hold. It is for the start of a server, before it answers.
func (a *App) RenewCalendars(ctx context.Context, base string) error {
	a.base = base
	var stale []agenda.Event
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		stale = nil
		events, err := tx.AllEvents()
		if err != nil {
			return err
		}
		for _, e := range events {
			state, err := tx.Calendar(e.ID)
			if err != nil {
				return err
			}
			// Nothing in the calendars of events of long ago changes any more, but for where their links lead.
			phase, _ := e.Phase(a.now().Add(-cancelledFor))
			if witness := a.witness(e); witness != "" && witness == state.Witness {
				continue
			}
			if phase != agenda.AfterEvent || state.Base != base {
				stale = append(stale, e)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range stale {
		if err := a.renewCalendar(ctx, e.ID); err != nil {
			return err
		}
		a.prepareCalendars(ctx, e.Slug)
	}
	return nil
}

func (a *App) renewCalendar(ctx context.Context, id agenda.ID) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockEvent(id); err != nil {
			return err
		}
		e, err := tx.Event(id)
		if err != nil {
			return err
		}
		if err := a.deriveAnew(ctx, tx, e); err != nil {
			return err
		}
		s, err := a.settle(tx, e)
		if err != nil {
			return err
		}
		s.witness = a.witness(e)
		return s.all()
	})
}

// witness says by what the calendars of an Event are brought up to date: as long as it is the same, they are. "": it is not known
// which program this is.
func (a *App) witness(e agenda.Event) string {
	if a.build == "" {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", a.build, a.base, e.Zone)
	// The rules of the zone, around all that the Event may have.
	zone := e.Location()
	from, err1 := time.Parse(agenda.DateLayout, string(e.StartDate))
	to, err2 := time.Parse(agenda.DateLayout, string(e.EndDate))
	if err1 != nil || err2 != nil {
		return ""
	}
	for at, end := from.AddDate(-2, 0, 0).In(zone), to.AddDate(2, 0, 0); at.Before(end); {
		name, offset := at.Zone()
		_, next := at.ZoneBounds()
		fmt.Fprintf(h, " %s %d %d", name, offset, next.Unix())
		if next.IsZero() {
			break
		}
		at = next
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// deriveAnew derives the instants of the draft from its wall clocks again, if this program knows other
// rules of the Event's zone than the one that derived them. Where a wall clock does not exist any more,
// all is left as it is, for the organizers.
func (a *App) deriveAnew(ctx context.Context, tx *store.Tx, e agenda.Event) error {
	slots, err := slotsOf(tx, e)
	if err != nil {
		return err
	}
	zone, differ := e.Location(), false
	for _, slot := range slots {
		derived, err := slot.Rezone(zone)
		if err != nil {
			a.log.WarnContext(ctx, "an event has times that its zone does not have any more: move them", "event", e.Slug, "error", err)
			return nil
		}
		differ = differ || !derived.Equal(slot)
	}
	if !differ {
		return nil
	}
	a.log.InfoContext(ctx, "the zone of an event has got other rules: its instants follow the wall clock", "event", e.Slug, "zone", e.Zone)
	return a.rezone(tx, byItself, e)
}

// slotsOf gives the Slots of all Panels and Meetings of the draft.
func slotsOf(tx *store.Tx, e agenda.Event) ([]agenda.Slot, error) {
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return nil, err
	}
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return nil, err
	}
	var slots []agenda.Slot
	for _, p := range panels {
		if p.Slot != nil {
			slots = append(slots, *p.Slot)
		}
	}
	for _, m := range meetings {
		for _, t := range m.Times {
			slots = append(slots, t.Slot(""))
		}
		if m.Slot != nil {
			slots = append(slots, *m.Slot)
		}
	}
	return slots, nil
}
