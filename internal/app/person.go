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
		if err := checkPerson(p, ""); err != nil {
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

// checkPerson says what is wrong with a Person. A photo can't be named that is not the one that they have.
func checkPerson(p agenda.Person, photo string) error {
	var f agenda.Faults
	f.Merge("", p.Check())
	if p.Photo != "" && p.Photo != photo {
		f.Add("/photo_url", "is not the photo of this person: upload one")
	}
	return f.Err("person")
}

// insertPerson adds a Person who was checked.
func (a *App) insertPerson(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person) (agenda.ID, error) {
	p.ID, p.Revision, p.Created, p.Updated = a.newID(), 1, a.moment(), a.moment()
	if err := tx.InsertPerson(e.ID, p); err != nil {
		return "", err
	}
	return p.ID, a.note(tx, actor, e.ID, "person.create", p.ID, fmt.Sprintf("added %s", p.Name), changed(e, nil, p))
}

// Person gives one Person who takes part in the Event, with what only organizers may see.
func (a *App) Person(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (p agenda.Person, err error) {
	err = a.view(ctx, actor, agenda.ReadPeople, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err = tx.Person(e.ID, id)
		p = shownPerson(actor, e, p)
		return err
	})
	return p, err
}

// shownPerson is the Person as the Actor may see them.
func shownPerson(actor agenda.Actor, e agenda.Event, p agenda.Person) agenda.Person {
	if !agenda.May(actor, agenda.ReadContacts, e.ID) {
		p.Email, p.Notes, p.Buffer = "", "", agenda.Buffer{}
	}
	return p
}

// People lists who takes part in the Event by name.
func (a *App) People(ctx context.Context, actor agenda.Actor, slug string, f PersonFilter, page Page) (people []agenda.Person, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadPeople, slug, func(tx *store.Tx, e agenda.Event) error {
		f.Contacts = agenda.May(actor, agenda.ReadContacts, e.ID)
		if people, next, err = tx.People(e.ID, f, page); err != nil {
			return err
		}
		for i, p := range people {
			people[i] = shownPerson(actor, e, p)
		}
		return nil
	})
	return people, next, err
}

// EditPerson replaces what organizers can edit of a Person. A photo that was uploaded stays when Photo names it, and goes
// otherwise.
func (a *App) EditPerson(ctx context.Context, actor agenda.Actor, slug string, match Match, p agenda.Person) (agenda.Person, error) {
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Person(e.ID, p.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, shownPerson(actor, e, old)); err != nil {
			return err
		}
		if !old.Erased.IsZero() {
			return errErased
		}
		p.Revision, p.Created, p.Updated = old.Revision+1, old.Created, a.moment()
		if !agenda.May(actor, agenda.ReadContacts, e.ID) { // who can't see them can't mean to empty them
			p.Email, p.Notes, p.Buffer = old.Email, old.Notes, old.Buffer
		}
		if p.Photo != "" {
			p.PhotoURL = old.PhotoURL
		}
		p.Clean()
		if err := checkPerson(p, old.Photo); err != nil {
			return err
		}
		if err := tx.UpdatePerson(e.ID, p); err != nil {
			return err
		}
		if p.Photo != old.Photo {
			if err := tx.SweepFiles(); err != nil {
				return err
			}
		}
		if err := a.settleAllMeetings(tx, e); err != nil {
			return err
		}
		if err := a.tellReturned(tx, e, old, p); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "person.edit", p.ID, fmt.Sprintf("edited %s", p.Name), changed(e, old, p)); err != nil {
			return err
		}
		p = shownPerson(actor, e, p)
		return nil
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
		if err := match.check(old.Revision, shownPerson(actor, e, old)); err != nil {
			return err
		}
		if err := tx.LeaveFeeds(e.ID, id, a.moment()); err != nil {
			return err
		}
		if err := tx.DeletePerson(e.ID, id, old.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.delete", id, fmt.Sprintf("removed %s", old.Name), changed(e, old, nil))
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

// errErased is for those who would write over somebody who was erased.
var errErased = agenda.Errorf(agenda.Gone, "This person was erased. Add the person anew to have them back.")
