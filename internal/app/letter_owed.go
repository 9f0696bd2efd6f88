package app

import (
	"context"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Letters about a Release are made when it is there already: the public need not wait for them. The Job that says that they are owed
// commits with the Release. Who published does it at once; should they not come to it, a worker does, or who publishes next, before
// anything else is told.

// owedFor is for how long who published has that Job to themselves.
const owedFor = 10 * time.Second

// readersFirst is how long letters wait for those who ask for the new Release already: on one core, they would wait for the letters.
const readersFirst = time.Millisecond

func owedKey(release agenda.ID) string { return "letters " + string(release) }

// oweLetters notes that the letters about a Release are to be made.
func (a *App) oweLetters(tx *store.Tx, r *agenda.Release) error {
	return a.lay(tx, agenda.Job{EventID: r.EventID, Kind: agenda.LettersJob, About: r.ID, Key: owedKey(r.ID), Due: a.moment().Add(owedFor)}) // nobody is woken: it is not for a worker yet
}

// makeOwed makes the letters about a Release that was published just now. What keeps it from that keeps it from nothing else: they
// stay owed.
func (a *App) makeOwed(ctx context.Context, r *agenda.Release, told news, t agenda.Telling) (n LetterCount) {
	time.Sleep(readersFirst)
	err := a.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		n = LetterCount{}
		e, err := lockedEvent(tx, r.EventID)
		if err != nil {
			return err
		}
		owed, err := tx.TakeJob(owedKey(r.ID))
		if err != nil || !owed {
			return err // somebody else has made them
		}
		n, err = a.makeLetters(tx, e, r, told, t)
		return err
	})
	if err != nil {
		a.log.WarnContext(ctx, "the letters about a release could not be made, and will be later", "release", r.ID, "error", err)
		return LetterCount{}
	}
	return n
}

// makeOwedBefore makes the letters about the last Release, should they still be owed: what is told next begins where they end. Those
// that were given up are left.
func (a *App) makeOwedBefore(tx *store.Tx, e agenda.Event, last *agenda.Release) error {
	if last.ID == "" {
		return nil
	}
	owed, err := tx.TakeJob(owedKey(last.ID))
	if err != nil || !owed {
		return err
	}
	return a.makeLettersAbout(tx, e, last.ID)
}

// MakeLetters does a Job of agenda.LettersJob. It is no error when they were made already.
func (a *App) MakeLetters(ctx context.Context, j agenda.Job) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		e, err := lockedEvent(tx, j.EventID)
		if err != nil {
			return err
		}
		held, err := tx.HoldJob(j)
		if err != nil || !held {
			return err
		}
		if err := a.makeLettersAbout(tx, e, j.About); err != nil {
			return err
		}
		return tx.EndJob(j)
	})
}

func (a *App) makeLettersAbout(tx *store.Tx, e agenda.Event, release agenda.ID) error {
	head, err := tx.ReleaseHeadByID(e.ID, release)
	if err != nil {
		return err
	}
	r, err := a.release(tx, head)
	if err != nil {
		return err
	}
	var last *agenda.Snapshot
	if r.Number > 1 {
		before, err := a.release(tx, store.Release{EventID: e.ID, Number: r.Number - 1})
		if err != nil {
			return err
		}
		last = &before.Snapshot
	}
	_, err = a.makeLetters(tx, e, r, newsOf(r.Number, last, &r.Snapshot), head.Telling)
	return err
}

// lockedEvent gives an Event for this transaction alone to change.
func lockedEvent(tx *store.Tx, id agenda.ID) (agenda.Event, error) {
	if !tx.Alone() {
		if err := tx.LockEvent(id); err != nil {
			return agenda.Event{}, err
		}
	}
	return tx.Event(id)
}
