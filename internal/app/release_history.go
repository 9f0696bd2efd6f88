package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// keptStep is what a Release changed. It is found by the states of that Release and of the one before.
type keptStep struct {
	event   agenda.ID
	count   int // of changes
	changes []agenda.Change
}

// whole says whether it has all its changes.
func (s keptStep) whole() bool { return len(s.changes) == s.count }

// PublishedHistory gives what each Release of the Event changed up to the one of that number, or to the newest, whichever is older.
// Anybody may ask. It must not be changed.
func (a *App) PublishedHistory(ctx context.Context, slug string, until int) (agenda.History, error) {
	return a.history(ctx, slug, until, agenda.WholeSteps, agenda.MaxToldChanges)
}

// history is PublishedHistory within other bounds.
func (a *App) history(ctx context.Context, slug string, until, whole, most int) (h agenda.History, err error) {
	err = a.public(ctx, slug, func(tx *store.Tx, newest store.Release) error {
		h = agenda.History{}
		heads, err := tx.AllReleaseHeads(newest.EventID)
		if err != nil {
			return err
		}
		heads = slices.DeleteFunc(heads, func(r store.Release) bool { return r.Number > until })
		if len(heads) == 0 {
			return errUnpublished
		}
		slices.Reverse(heads)
		if h.Steps, err = a.stepsOf(tx, heads, whole, most); err != nil {
			return err
		}
		last, err := a.release(tx, heads[len(heads)-1])
		if err == nil {
			h.Event = last.Snapshot.Event
		}
		return err
	})
	return h, err
}

// stepsOf gives what the Releases changed, which are given oldest first and without gaps: so many of the newest with all changes, and older
// ones until there are that many.
func (a *App) stepsOf(tx *store.Tx, heads []store.Release, whole, most int) ([]agenda.Step, error) {
	steps := make([]agenda.Step, len(heads))
	d := stepper{app: a, tx: tx, heads: heads}
	told := 0
	for i, head := range slices.Backward(heads) {
		s, err := d.step(i, len(heads)-i <= whole || told < most)
		if err != nil {
			return nil, err
		}
		told += s.count
		steps[i] = agenda.Step{Changes: s.changes, LeftOut: s.count - len(s.changes), Release: agenda.Release{ID: head.ID, EventID: head.EventID,
			Number: head.Number, Published: head.Published, By: head.By, Note: head.Note, Erasures: head.Erasures, Erased: head.Erased}}
	}
	return steps, nil
}

// stepper works out what Releases changed, from the newest to the oldest. Of those that have to be decoded, two are in memory at a time.
type stepper struct {
	app     *App
	tx      *store.Tx
	heads   []store.Release
	decoded *agenda.Release // the last one
}

// step gives what the nth Release changed, with the changes if wanted.
func (d *stepper) step(n int, whole bool) (keptStep, error) {
	head := d.heads[n]
	key := stateOf(head)
	if n > 0 {
		key = stateOf(d.heads[n-1]) + " " + key
	}
	s, known := d.app.steps.get(key)
	if !known || whole && !s.whole() {
		next, err := d.load(head)
		if err != nil {
			return s, err
		}
		var before *agenda.Snapshot
		if n > 0 {
			if d.decoded, err = d.load(d.heads[n-1]); err != nil {
				return s, err
			}
			before = &d.decoded.Snapshot
		}
		s = keptStep{event: head.EventID, changes: agenda.Diff(before, &next.Snapshot)}
		s.count, known = len(s.changes), false
	}
	if !whole && len(s.changes) > 0 {
		s.changes, known = nil, false
	}
	if !known {
		d.app.steps.put(key, s)
	}
	return s, nil
}

// load gives a Release. It is not kept: the history goes through all of them.
func (d *stepper) load(head store.Release) (*agenda.Release, error) {
	if d.decoded != nil && d.decoded.ID == head.ID {
		return d.decoded, nil
	}
	if r, ok := d.app.releases.get(stateOf(head)); ok {
		return r, nil
	}
	return decodeHead(d.tx, head)
}
