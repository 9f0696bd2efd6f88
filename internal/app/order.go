package app

import (
	"context"
	"fmt"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// OrderRoom puts a Room so many places further in lists; fewer than 0 is back. At the ends of the list it stays.
func (a *App) OrderRoom(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID, places int) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		rooms, err := tx.AllRooms(e.ID)
		if err != nil {
			return err
		}
		rooms, err = moved(rooms, places, "room", func(r agenda.Room) bool { return r.ID == id })
		for i, r := range rooms {
			if r.Position == i+1 {
				continue
			}
			old := r
			r.Position, r.Revision, r.Updated = i+1, r.Revision+1, a.moment()
			if err := tx.UpdateRoom(r); err != nil {
				return err
			}
			if err := a.note(tx, actor, e.ID, "room.edit", r.ID, fmt.Sprintf("moved the room %q in lists", english(r.Name)), changed(e, old, r)); err != nil {
				return err
			}
		}
		return err
	})
}

// OrderTrack puts a Track so many places further in lists; fewer than 0 is back. At the ends of the list it stays.
func (a *App) OrderTrack(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID, places int) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		tracks, err := tx.AllTracks(e.ID)
		if err != nil {
			return err
		}
		tracks, err = moved(tracks, places, "track", func(t agenda.Track) bool { return t.ID == id })
		for i, t := range tracks {
			if t.Position == i+1 {
				continue
			}
			old := t
			t.Position, t.Revision, t.Updated = i+1, t.Revision+1, a.moment()
			if err := tx.UpdateTrack(t); err != nil {
				return err
			}
			if err := a.note(tx, actor, e.ID, "track.edit", t.ID, fmt.Sprintf("moved the track %q in lists", english(t.Name)), changed(e, old, t)); err != nil {
				return err
			}
		}
		return err
	})
}

// moved gives the list with the one that is meant so many places further; an empty one, and an error, when it is not there.
func moved[T any](list []T, places int, noun string, meant func(T) bool) ([]T, error) {
	at := slices.IndexFunc(list, meant)
	if at < 0 {
		return nil, agenda.Errorf(agenda.NotFound, "There is no such %s.", noun)
	}
	thing := list[at]
	list = slices.Delete(list, at, at+1)
	return slices.Insert(list, max(0, min(len(list), at+places)), thing), nil
}
