package app

import (
	"context"
	"errors"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// EnterAs is what follows when a provider has vouched for somebody.
var EnterAs = (*App).enterAs

// HistoryWithin is [App.PublishedHistory] within other bounds.
var HistoryWithin = (*App).history

// Anonymous is who asks from there.
func (f From) Anonymous() agenda.Actor { return f.stranger() }

// Compose keeps a Mail as the change does that it tells of, and Reword one that composers change. Neither asks who does.
func (a *App) Compose(ctx context.Context, m agenda.Mail) (made agenda.Mail, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		made, err = a.addMail(tx, m)
		return err
	})
	return made, err
}

// Reword changes a queued Mail and lets it go anew, and says whether it was not under way.
func (a *App) Reword(ctx context.Context, m agenda.Mail) (idle bool, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if idle, err = a.idleMail(tx, m); err != nil {
			return err
		}
		if m, err = a.changeMail(tx, m); err != nil {
			return err
		}
		return a.queueMail(tx, m)
	})
	return idle, err
}

// errTakenBack ends a transaction of which nothing is to be kept.
var errTakenBack = errors.New("taken back")

// SettleAll settles all calendars of an Event as if nothing were known of what changed, and keeps nothing of it. It gives the entries
// and the feeds that are told otherwise then.
func (a *App) SettleAll(ctx context.Context, event agenda.ID) (entries []agenda.Stamp, feeds []store.FeedState, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.Event(event)
		if err != nil {
			return err
		}
		before, err := tx.FeedStates(event)
		if err != nil {
			return err
		}
		s, err := a.settle(tx, e)
		if err != nil {
			return err
		}
		if err := s.all(); err != nil {
			return err
		}
		after, err := tx.FeedStates(event)
		if err != nil {
			return err
		}
		entries, feeds = s.changed, slices.DeleteFunc(after, func(f store.FeedState) bool { return slices.Contains(before, f) })
		return errTakenBack
	})
	if errors.Is(err, errTakenBack) {
		err = nil
	}
	return entries, feeds, err
}

// KeptStamps counts the revisions of entries that are kept in memory, in all Variants and states of calendars.
func (a *App) KeptStamps() (n int) {
	a.stamps.mu.Lock()
	defer a.stamps.mu.Unlock()
	for _, at := range a.stamps.kept {
		n += at.Value.(keptThing[stampsKey, keptRevisions]).value.stamps.Len()
	}
	return n
}
