package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreatePerson adds a Person who takes part in the Event.
func (a *App) CreatePerson(ctx context.Context, actor agenda.Actor, slug string, p agenda.Person, o Once) (made agenda.Person, replayed bool, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p.Clean()
		if err := p.Check(); err != nil {
			return err
		}
		var id agenda.ID
		id, replayed, err = a.once(tx, actor, o, func() (agenda.ID, error) {
			return a.insertPerson(tx, actor, e, p)
		})
		if err != nil {
			return err
		}
		made, err = tx.Person(e.ID, id)
		return err
	})
	return made, replayed, err
}

// insertPerson adds a Person who was checked.
func (a *App) insertPerson(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person) (agenda.ID, error) {
	p.ID, p.Revision, p.Created, p.Updated = a.newID(), 1, a.moment(), a.moment()
	if err := tx.InsertPerson(e.ID, p); err != nil {
		return "", err
	}
	return p.ID, a.note(tx, actor, e.ID, "person.create", p.ID, fmt.Sprintf("added %s", p.Name))
}

// Person gives one Person who takes part in the Event, with what only organizers may see.
func (a *App) Person(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (p agenda.Person, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err = tx.Person(e.ID, id)
		return err
	})
	return p, err
}

// People lists who takes part in the Event by name.
func (a *App) People(ctx context.Context, actor agenda.Actor, slug string, f PersonFilter, page Page) (people []agenda.Person, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		people, next, err = tx.People(e.ID, f, page)
		return err
	})
	return people, next, err
}

// EditPerson replaces what organizers can edit of a Person.
func (a *App) EditPerson(ctx context.Context, actor agenda.Actor, slug string, match Match, p agenda.Person) (agenda.Person, error) {
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Person(e.ID, p.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		p.Revision, p.Created, p.Updated = old.Revision+1, old.Created, a.moment()
		p.Clean()
		if err := p.Check(); err != nil {
			return err
		}
		if err := tx.UpdatePerson(e.ID, p); err != nil {
			return err
		}
		if err := a.settleAllMeetings(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.edit", p.ID, fmt.Sprintf("edited %s", p.Name))
	})
	return p, err
}

// DeletePerson takes a Person out of an Event in which they have no part any more.
func (a *App) DeletePerson(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Person(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := tx.LeaveFeeds(e.ID, id, a.moment()); err != nil {
			return err
		}
		if err := tx.DeletePerson(e.ID, id, old.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.delete", id, fmt.Sprintf("removed %s", old.Name))
	})
}

// unknownPeople adds a fault for each of the persons who does not take part in the Event.
func unknownPeople(tx *store.Tx, e agenda.Event, f *agenda.Faults, at map[string]agenda.ID) error {
	var ids []agenda.ID
	for _, id := range at {
		if id != "" {
			ids = append(ids, id)
		}
	}
	people, err := tx.PeopleByID(e.ID, ids)
	if err != nil {
		return err
	}
	known := map[agenda.ID]bool{}
	for _, p := range people {
		known[p.ID] = true
	}
	for _, pointer := range sortedKeys(at) {
		if id := at[pointer]; id != "" && !known[id] {
			f.Add(pointer, "is not a person of this event")
		}
	}
	return nil
}
