package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreateTrack adds a Track to the Event.
func (a *App) CreateTrack(ctx context.Context, actor agenda.Actor, slug string, t agenda.Track, o Once) (made agenda.Track, replayed bool, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		t.Clean()
		if err := t.Check(); err != nil {
			return err
		}
		var id agenda.ID
		id, replayed, err = a.once(tx, actor, o, func() (agenda.ID, error) {
			return a.insertTrack(tx, actor, e, t)
		})
		if err != nil {
			return err
		}
		made, err = tx.Track(e.ID, id)
		return err
	})
	return made, replayed, err
}

// insertTrack adds a Track that was checked.
func (a *App) insertTrack(tx *store.Tx, actor agenda.Actor, e agenda.Event, t agenda.Track) (agenda.ID, error) {
	t.ID, t.EventID, t.Revision, t.Created, t.Updated = a.newID(), e.ID, 1, a.moment(), a.moment()
	if err := tx.InsertTrack(t); err != nil {
		return "", err
	}
	return t.ID, a.note(tx, actor, e.ID, "track.create", t.ID, fmt.Sprintf("added the track %q", english(t.Name)), changed(e, nil, t))
}

// Track gives one Track.
func (a *App) Track(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (t agenda.Track, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		t, err = tx.Track(e.ID, id)
		return err
	})
	return t, err
}

// Tracks lists the Event's Tracks by position.
func (a *App) Tracks(ctx context.Context, actor agenda.Actor, slug string, page Page) (tracks []agenda.Track, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		tracks, next, err = tx.Tracks(e.ID, page)
		return err
	})
	return tracks, next, err
}

// EditTrack replaces what organizers can edit of a Track.
func (a *App) EditTrack(ctx context.Context, actor agenda.Actor, slug string, match Match, t agenda.Track) (agenda.Track, error) {
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Track(e.ID, t.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		t.EventID, t.Revision, t.Created, t.Updated = e.ID, old.Revision+1, old.Created, a.moment()
		t.Clean()
		if err := t.Check(); err != nil {
			return err
		}
		if err := tx.UpdateTrack(t); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "track.edit", t.ID, fmt.Sprintf("edited the track %q", english(t.Name)), changed(e, old, t))
	})
	return t, err
}

// DeleteTrack removes a Track that no Panel uses.
func (a *App) DeleteTrack(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Track(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := tx.DeleteTrack(e.ID, id, old.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "track.delete", id, fmt.Sprintf("deleted the track %q", english(old.Name)), changed(e, old, nil))
	})
}
