package app

import (
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// drafted says of which draft the latest Release of an Event was made by this program.
type drafted struct {
	state string // of the Release
	mark  store.DraftMark
}

// nextSnapshot gives what is published of the draft of an Event after a Release, which has no ID when there is none, with the serials
// that are to be kept then.
func (a *App) nextSnapshot(tx *store.Tx, e agenda.Event, before *agenda.Release) (next agenda.Snapshot, fresh map[agenda.SerialKind]map[agenda.ID]int, err error) {
	var last *agenda.Snapshot
	if before.ID != "" {
		last = &before.Snapshot
		if next, can, err := a.revisedSnapshot(tx, e, before); can || err != nil {
			return next, nil, err
		}
	}
	d, fresh, err := numberedDraft(tx, e)
	if err != nil {
		return next, nil, err
	}
	next = agenda.NewSnapshot(d, last)
	if last != nil {
		next.Share(last)
	}
	return next, fresh, nil
}

// revisedSnapshot is [App.nextSnapshot] where a few Panels changed and nothing else: then nobody looks at the others.
func (a *App) revisedSnapshot(tx *store.Tx, e agenda.Event, before *agenda.Release) (next agenda.Snapshot, can bool, err error) {
	kept, known := a.drafted.get(e.ID)
	e.Frame = agenda.MeetingFrame{} // which is not published
	if !known || kept.state != before.State() || !e.Same(&before.Snapshot.Event) {
		return next, false, nil
	}
	draft, err := tx.Draft(e.ID)
	if err != nil || draft.Unnumbered {
		return next, false, err
	}
	changed, known := draft.Since(kept.mark)
	if !known {
		return next, false, nil
	}
	var panels []agenda.Panel
	for kind, ids := range changed {
		for id := range ids {
			p, there := draft.Panel(id)
			if kind != agenda.PanelSerial || !there {
				return next, false, nil
			}
			panels = append(panels, p)
		}
	}
	next, can = before.Snapshot.Revise(panels)
	return next, can, nil
}

// keepDrafted remembers of which draft a Release was made, once it is there.
func (a *App) keepDrafted(tx *store.Tx, r *agenda.Release) error {
	draft, err := tx.Draft(r.EventID)
	if err == nil && !draft.Unnumbered {
		tx.AfterCommit(func() { a.drafted.put(r.EventID, drafted{r.State(), draft.Mark()}) })
	}
	return err
}

// putRelease puts a new Release into the database, and into memory.
func (a *App) putRelease(tx *store.Tx, r *agenda.Release, t agenda.Telling) error {
	d, err := exchange.EncodeSnapshot(r.Snapshot)
	if err != nil {
		return err
	}
	room, _ := a.encoded.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
	}
	body := d.AppendTo(slices.Grow((*room)[:0], d.Size()))
	defer func() {
		*room = body
		a.encoded.Put(room)
	}()
	row := store.Release{ID: r.ID, EventID: r.EventID, Number: r.Number, Published: r.Published, By: r.By, Note: r.Note, Telling: t, Snapshot: body}
	if err := tx.InsertRelease(row); err != nil {
		return err
	}
	if err := tx.InsertReleaseFiles(r.ID, r.Snapshot.Files()); err != nil {
		return err
	}
	a.releases.put(r.State(), r)
	return a.keepDrafted(tx, r)
}
