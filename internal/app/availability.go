package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreateAvailability adds a window in which a Person or a Room can be used. Its times are read as
// [agenda.ParseMoment] says.
func (a *App) CreateAvailability(ctx context.Context, actor agenda.Actor, slug string, w agenda.Availability, start, end string, o Once) (event agenda.Event, made agenda.Availability, replayed bool, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		var id agenda.ID
		id, replayed, err = a.once(tx, actor, o, func() (agenda.ID, error) {
			w := w
			w.ID, w.Revision, w.Created, w.Updated = a.newID(), 1, a.moment(), a.moment()
			w, err := prepareAvailability(tx, e, w, start, end)
			if err != nil {
				return "", err
			}
			if err := tx.InsertAvailability(w); err != nil {
				return "", err
			}
			return w.ID, a.note(tx, actor, e.ID, "availability.create", w.ID, fmt.Sprintf("added an availability of a %s", w.Resource.Kind), changed(e, nil, w))
		})
		if err != nil {
			return err
		}
		made, err = tx.Availability(e.ID, id)
		return err
	})
	return event, made, replayed, err
}

// Availability gives one window.
func (a *App) Availability(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (event agenda.Event, w agenda.Availability, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		w, err = tx.Availability(e.ID, id)
		return err
	})
	return event, w, err
}

// Availabilities lists the windows of the Event by start.
func (a *App) Availabilities(ctx context.Context, actor agenda.Actor, slug string, f AvailabilityFilter, page Page) (event agenda.Event, windows []agenda.Availability, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		windows, next, err = tx.Availabilities(e.ID, f, page)
		return err
	})
	return event, windows, next, err
}

// EditAvailability replaces a window.
func (a *App) EditAvailability(ctx context.Context, actor agenda.Actor, slug string, match Match, w agenda.Availability, start, end string) (event agenda.Event, edited agenda.Availability, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		old, err := tx.Availability(e.ID, w.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		w := w
		w.Revision, w.Created, w.Updated = old.Revision+1, old.Created, a.moment()
		if edited, err = prepareAvailability(tx, e, w, start, end); err != nil {
			return err
		}
		if err := tx.UpdateAvailability(edited); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "availability.edit", w.ID, fmt.Sprintf("edited an availability of a %s", w.Resource.Kind), changed(e, old, edited))
	})
	return event, edited, err
}

// DeleteAvailability removes a window.
func (a *App) DeleteAvailability(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Availability(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := tx.DeleteAvailability(e.ID, id, old.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "availability.delete", id, fmt.Sprintf("deleted an availability of a %s", old.Resource.Kind), changed(e, old, nil))
	})
}

func prepareAvailability(tx *store.Tx, e agenda.Event, w agenda.Availability, start, end string) (agenda.Availability, error) {
	var f agenda.Faults
	var err error
	w.EventID = e.ID
	w.Note = agenda.CleanLine(w.Note)
	w.Start, err = agenda.ParseMoment(e.Location(), start)
	f.Merge("/start", err)
	w.End, err = agenda.ParseMoment(e.Location(), end)
	f.Merge("/end", err)
	if len(f) == 0 {
		f.Merge("", w.Check())
	}
	switch w.Resource.Kind {
	case agenda.RoomResource:
		err = knownRoom(tx, e, w.Resource.ID, "/resource/id", &f)
	case agenda.PersonResource:
		if err = unknownPeople(tx, e, &f, map[string]agenda.ID{"/resource/id": w.Resource.ID}); w.Resource.ID == "" {
			f.Add("/resource/id", "is needed")
		}
	default:
		err = nil
	}
	if err != nil {
		return w, err
	}
	return w, f.Err("availability")
}
