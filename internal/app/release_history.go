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
	changes []agenda.Change
}

// PublishedHistory gives what each Release of the Event changed up to the one of that number, or to the newest, whichever is older.
// Anybody may ask. It must not be changed.
func (a *App) PublishedHistory(ctx context.Context, slug string, until int) (h agenda.History, err error) {
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
		if h.Steps, err = a.stepsOf(tx, heads); err != nil {
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

// stepsOf gives what the Releases changed, oldest first and without gaps. Of those that have to be decoded, two are in memory at a time.
func (a *App) stepsOf(tx *store.Tx, heads []store.Release) (steps []agenda.Step, err error) {
	var decoded *agenda.Release
	load := func(head store.Release) (*agenda.Release, error) {
		if decoded != nil && decoded.ID == head.ID {
			return decoded, nil
		}
		if r, ok := a.releases.get(stateOf(head)); ok {
			return r, nil
		}
		row, err := tx.Release(head.EventID, head.Number)
		if err != nil {
			return nil, err
		}
		r, err := decodeRelease(row)
		return &r, err
	}
	for i, head := range heads {
		key := stateOf(head)
		if i > 0 {
			key = stateOf(heads[i-1]) + " " + key
		}
		kept, ok := a.steps.get(key)
		if !ok {
			var before *agenda.Snapshot
			if i > 0 {
				if decoded, err = load(heads[i-1]); err != nil {
					return nil, err
				}
				before = &decoded.Snapshot
			}
			if decoded, err = load(head); err != nil {
				return nil, err
			}
			kept = keptStep{head.EventID, agenda.Diff(before, &decoded.Snapshot)}
			a.steps.put(key, kept)
		}
		steps = append(steps, agenda.Step{Changes: kept.changes, Release: agenda.Release{ID: head.ID, EventID: head.EventID, Number: head.Number,
			Published: head.Published, By: head.By, Note: head.Note, Erasures: head.Erasures, Erased: head.Erased}})
	}
	return steps, nil
}
