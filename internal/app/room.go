package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreateRoom adds a Room to the Event.
func (a *App) CreateRoom(ctx context.Context, actor agenda.Actor, slug string, r agenda.Room, o Once) (made agenda.Room, replayed bool, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		r.Clean()
		var id agenda.ID
		id, replayed, err = a.once(tx, actor, o, func() (agenda.ID, error) {
			if err := checkRoom(tx, e, r); err != nil {
				return "", err
			}
			id, err := a.insertRoom(tx, actor, e, r)
			if err != nil {
				return "", err
			}
			return id, refreshAllRooms(tx, e)
		})
		if err != nil {
			return err
		}
		made, err = tx.Room(e.ID, id)
		return err
	})
	return made, replayed, err
}

// insertRoom adds a Room that was checked. Panels that span all rooms span it after [refreshAllRooms].
func (a *App) insertRoom(tx *store.Tx, actor agenda.Actor, e agenda.Event, r agenda.Room) (agenda.ID, error) {
	r.ID, r.EventID, r.Revision, r.Created, r.Updated = a.newID(), e.ID, 1, a.moment(), a.moment()
	if err := tx.InsertRoom(r); err != nil {
		return "", err
	}
	return r.ID, a.note(tx, actor, e.ID, "room.create", r.ID, fmt.Sprintf("added the room %q", english(r.Name)), changed(e, nil, r))
}

// Room gives one Room.
func (a *App) Room(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (r agenda.Room, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		r, err = tx.Room(e.ID, id)
		return err
	})
	return r, err
}

// Rooms lists the Event's Rooms by position.
func (a *App) Rooms(ctx context.Context, actor agenda.Actor, slug string, page Page) (rooms []agenda.Room, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		rooms, next, err = tx.Rooms(e.ID, page)
		return err
	})
	return rooms, next, err
}

// EditRoom replaces what organizers can edit of a Room. The error is Taken when it shall be for one thing at a time, and Meetings that
// were agreed on are in it at the same time.
func (a *App) EditRoom(ctx context.Context, actor agenda.Actor, slug string, match Match, r agenda.Room) (agenda.Room, error) {
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Room(e.ID, r.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		r.EventID, r.Revision, r.Created, r.Updated = e.ID, old.Revision+1, old.Created, a.moment()
		r.Clean()
		if err := checkRoom(tx, e, r); err != nil {
			return err
		}
		if err := tx.UpdateRoom(r); err != nil {
			return err
		}
		if r.Kind != old.Kind {
			if err := refreshAllRooms(tx, e); err != nil {
				return err
			}
		}
		if r.Parallel != old.Parallel {
			if err := holdAnew(tx, e, r); err != nil {
				return err
			}
		}
		if err := a.settleAllMeetings(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "room.edit", r.ID, fmt.Sprintf("edited the room %q", english(r.Name)), changed(e, old, r))
	})
	return r, err
}

// DeleteRoom removes a Room that no Panel and no Meeting uses.
func (a *App) DeleteRoom(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Room(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := tx.DeleteRoom(e.ID, id, old.Revision); err != nil {
			return err
		}
		if err := refreshAllRooms(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "room.delete", id, fmt.Sprintf("deleted the room %q", english(old.Name)), changed(e, old, nil))
	})
}

func checkRoom(tx *store.Tx, e agenda.Event, r agenda.Room) error {
	var f agenda.Faults
	f.Merge("", r.Check())
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return err
	}
	known := map[agenda.ID]bool{}
	for _, room := range rooms {
		known[room.ID] = true
	}
	for i, w := range r.Walks {
		if w.To != "" && w.To != r.ID && !known[w.To] {
			f.Add(fmt.Sprintf("/walks/%d/to", i), "is not a room of this event")
		}
	}
	return f.Err("room")
}

// hallsOf gives the rooms that a Panel spanning all rooms takes.
func hallsOf(tx *store.Tx, e agenda.Event) ([]agenda.ID, error) {
	rooms, err := tx.RoomsOf(e.ID)
	if err != nil {
		return nil, err
	}
	return agenda.HallsOf(rooms), nil
}

// refreshAllRooms renews the holds of the Panels that span all rooms, when which rooms there are changed.
func refreshAllRooms(tx *store.Tx, e agenda.Event) error {
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return err
	}
	halls, err := hallsOf(tx, e)
	if err != nil {
		return err
	}
	for _, p := range panels {
		if !p.AllRooms {
			continue
		}
		if err := tx.SetHolds(e.ID, agenda.PanelItem, p.ID, p.Holds(halls)); err != nil {
			return err
		}
	}
	return nil
}
