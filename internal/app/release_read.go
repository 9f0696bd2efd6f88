package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// ReleaseHead says which Release is there, without what is in it.
type ReleaseHead struct {
	ID     agenda.ID
	Number int
	// State is another one after somebody was erased from the Releases of the Event: see [agenda.Release.State].
	State string
}

// What is kept at most, in Panels: that of the latest Releases of a few Events is most of what is read.
const (
	maxKeptPanels = 40_000
	maxKeptStamps = 4 * maxKeptPanels
	leastKept     = 100 // what anything weighs: that of 150 small Events

	// Of one Event. Few ask for other Releases than the latest, which is compared with the one before, and with what people who
	// read their own pages saw last; there are feeds in each of a few languages, with Meetings and without, and busy ones.
	maxReleasesKept = 8
	maxPressesKept  = 3
	maxStampsKept   = 24
	maxStepsKept    = 1000
)

// keepWithinBounds says how much is kept of what is made again and again.
func (a *App) keepWithinBounds() {
	a.releases.most, a.releases.weigh = maxKeptPanels, func(r *agenda.Release) int { return weightOf(&r.Snapshot) }
	a.releases.ofEach, a.releases.event = maxReleasesKept, func(_ string, r *agenda.Release) agenda.ID { return r.Snapshot.Event.ID }
	a.presses.most, a.presses.weigh = maxKeptPanels, func(p keptPress) int { return weightOf(p.of) }
	a.presses.ofEach, a.presses.event = maxPressesKept, func(_ *agenda.Snapshot, p keptPress) agenda.ID { return p.of.Event.ID }
	a.stamps.most, a.stamps.weigh = maxKeptStamps, func(k keptRevisions) int { return max(leastKept, k.stamps.Len()) }
	a.drafted.most, a.drafted.weigh = maxKeptPanels/leastKept, func(drafted) int { return 1 }
	a.drafted.ofEach, a.drafted.event = 1, func(e agenda.ID, _ drafted) agenda.ID { return e }
	a.audits.most, a.audits.weigh = maxKeptPanels, func(k *keptAudit) int { return leastKept + k.panels + len(k.of.meetings) }
	a.audits.ofEach, a.audits.event = 1, func(e agenda.ID, _ *keptAudit) agenda.ID { return e }
	a.steps.most, a.steps.weigh = maxKeptPanels, func(s keptStep) int { return max(leastKept/10, len(s.changes)) }
	a.steps.ofEach, a.steps.event = maxStepsKept, func(_ string, s keptStep) agenda.ID { return s.event }
	a.stamps.ofEach, a.stamps.event = maxStampsKept, func(k stampsKey, _ keptRevisions) agenda.ID { return k.event }
}

// weightOf gives how much memory what is made from a Snapshot takes, in Panels.
func weightOf(s *agenda.Snapshot) int { return max(leastKept, len(s.Panels)+len(s.Removed)) }

// stateOf names a stored Release in the state that it is in.
func stateOf(row store.Release) string {
	return agenda.Release{ID: row.ID, Erasures: row.Erasures}.State()
}

// release gives a Release, decoded once. Of the head, the Event and the number are enough. The caller must not change it.
func (a *App) release(tx *store.Tx, head store.Release) (*agenda.Release, error) {
	if head.ID == "" {
		var err error
		if head, err = tx.ReleaseHead(head.EventID, head.Number); err != nil {
			return nil, err
		}
	}
	if r, ok := a.releases.get(stateOf(head)); ok {
		return r, nil
	}
	r, err := decodeHead(tx, head)
	if err == nil {
		a.releases.put(r.State(), r)
	}
	return r, err
}

// decodeHead reads and decodes a Release.
func decodeHead(tx *store.Tx, head store.Release) (*agenda.Release, error) {
	row, err := tx.Release(head.EventID, head.Number)
	if err != nil {
		return nil, err
	}
	r, err := decodeRelease(row)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

var errUnpublished = agenda.Errorf(agenda.NotFound, "There is no published agenda here.")

// LatestHead says which Release of the Event the public sees. Anybody may ask.
func (a *App) LatestHead(ctx context.Context, slug string) (head ReleaseHead, err error) {
	err = a.public(ctx, slug, func(_ *store.Tx, row store.Release) error {
		head = ReleaseHead{row.ID, row.Number, stateOf(row)}
		return nil
	})
	return head, err
}

// Published gives the Release that the public sees. Anybody may ask. It must not be changed.
func (a *App) Published(ctx context.Context, slug string) (r *agenda.Release, err error) {
	err = a.public(ctx, slug, func(tx *store.Tx, row store.Release) error {
		r, err = a.release(tx, row)
		return err
	})
	return r, err
}

// PublishedNumber gives the Release of that number. Anybody may ask. It must not be changed.
func (a *App) PublishedNumber(ctx context.Context, slug string, number int) (r *agenda.Release, err error) {
	err = a.public(ctx, slug, func(tx *store.Tx, row store.Release) error {
		if number < 1 || number > row.Number {
			return agenda.Errorf(agenda.NotFound, "There is no release %d: the latest is %d.", number, row.Number)
		}
		if number != row.Number {
			row = store.Release{EventID: row.EventID, Number: number}
		}
		r, err = a.release(tx, row)
		return err
	})
	return r, err
}

// PublishedEvents lists the Events that the public can see, newest first.
func (a *App) PublishedEvents(ctx context.Context) (releases []*agenda.Release, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		releases = nil
		events, err := tx.PublishedEvents()
		if err != nil {
			return err
		}
		for _, e := range events {
			head, err := tx.LatestReleaseHead(e.ID)
			if err != nil {
				return err
			}
			r, err := a.release(tx, head)
			if err != nil {
				return err
			}
			releases = append(releases, r)
		}
		return nil
	})
	return releases, err
}

// public reads at the latest Release of the Event of that slug. What is not published is not there.
func (a *App) public(ctx context.Context, slug string, fn func(*store.Tx, store.Release) error) error {
	return a.store.Read(ctx, func(tx *store.Tx) error {
		e, err := tx.EventBySlug(slug)
		if agenda.CodeOf(err) == agenda.NotFound {
			return errUnpublished
		}
		if err != nil {
			return err
		}
		row, err := tx.LatestReleaseHead(e.ID)
		if agenda.CodeOf(err) == agenda.NotFound {
			return errUnpublished
		}
		if err != nil {
			return err
		}
		return fn(tx, row)
	})
}

// Releases lists the Event's Releases, newest first, for its organizers.
func (a *App) Releases(ctx context.Context, actor agenda.Actor, slug string, page Page) (releases []agenda.Release, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		rows, n, err := tx.Releases(e.ID, page)
		next, releases = n, nil
		for _, row := range rows {
			releases = append(releases, agenda.Release{ID: row.ID, EventID: row.EventID, Number: row.Number,
				Published: row.Published, By: row.By, Note: row.Note,
				Erasures: row.Erasures, Erased: row.Erased})
		}
		return err
	})
	return releases, next, err
}

// ReleaseByNumber gives one Release with its content, for organizers.
func (a *App) ReleaseByNumber(ctx context.Context, actor agenda.Actor, slug string, number int) (r *agenda.Release, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		r, err = a.release(tx, store.Release{EventID: e.ID, Number: number})
		return err
	})
	return r, err
}

// Diff says what is different between two Releases; from 0 is the empty agenda, and to 0 the draft
// as it would be published now.
func (a *App) Diff(ctx context.Context, actor agenda.Actor, slug string, from, to int) (changes []agenda.Change, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		var old, new *agenda.Snapshot
		if from != 0 {
			r, err := a.release(tx, store.Release{EventID: e.ID, Number: from})
			if err != nil {
				return err
			}
			old = &r.Snapshot
		}
		if to == 0 {
			draft, err := draftOf(tx, e)
			if err != nil {
				return err
			}
			s := agenda.NewSnapshot(draft, old)
			new = &s
		} else {
			r, err := a.release(tx, store.Release{EventID: e.ID, Number: to})
			if err != nil {
				return err
			}
			new = &r.Snapshot
		}
		changes = agenda.Diff(old, new)
		return nil
	})
	return changes, err
}

// Preview gives the draft as it would be published now: a Release without a number.
func (a *App) Preview(ctx context.Context, actor agenda.Actor, slug string) (r *agenda.Release, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		draft, err := draftOf(tx, e)
		if err != nil {
			return err
		}
		before, err := a.lastRelease(tx, e.ID)
		if err != nil {
			return err
		}
		var last *agenda.Snapshot
		if before.ID != "" {
			last = &before.Snapshot
		}
		now := a.moment()
		r = &agenda.Release{EventID: e.ID, Published: now, By: actor.Name, Snapshot: agenda.NewSnapshot(draft, last)}
		return nil
	})
	return r, err
}
