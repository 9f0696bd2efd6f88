package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// RenewCalendars brings the revisions of all calendars up to date with this program and with
// the address that it is served at now: entries that are told in other words since the last start count
// as modified, and the zones' present rules hold. It is for the start of a server, before it answers.
func (a *App) RenewCalendars(ctx context.Context, base string) error {
	a.base = base
	var stale []agenda.ID
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
			if phase, _ := e.Phase(a.now().Add(-cancelledFor)); phase != agenda.AfterEvent || state.Base != base {
				stale = append(stale, e.ID)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range stale {
		if err := a.renewCalendar(ctx, id); err != nil {
			return err
		}
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
		before, err := tx.Calendar(id)
		if err != nil {
			return err
		}
		return a.settleCalendar(tx, e, before.Base != "" && before.Base != a.base)
	})
}
