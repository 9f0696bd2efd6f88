package app

import (
	"errors"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// takePeople finds or makes the people of the file who have a part in it.
func (i *importing) takePeople() error {
	used, people := i.used().people, map[agenda.ID]agenda.Person{}
	for _, p := range i.before.People {
		people[p.ID] = p
	}
	var known []thingOf
	for _, said := range i.programme.People {
		if used[said.Key] {
			known = append(known, thingOf{said.Key, said.GUID})
		}
	}
	i.people.recognize(i.origins, agenda.PersonOrigin, here(people), known)
	var fresh []agenda.Person
	for _, said := range i.programme.People {
		if !used[said.Key] {
			continue
		}
		name := source.Text{"": said.Name}
		person, there := people[i.people.byKey[said.Key]]
		if i.origins.erased(agenda.PersonOrigin, said.Key) || !person.Erased.IsZero() {
			i.origins.seeErased(agenda.PersonOrigin, said.Key, person.ID)
			continue // what the file says of them is not taken any more; their parts are
		}
		if !there {
			person, there = people[i.people.called(oneLine(name))]
		}
		before := person
		if !there {
			i.origins.forget(agenda.PersonOrigin, said.Key)
			person = agenda.Person{ID: i.identity(said.GUID)}
			i.claimSerial(agenda.PersonSerial, person.ID, said.Serial)
		}
		i.people.claim(said.Key, person.ID)
		i.fillPerson(&person, said)
		person.Clean()
		if err := person.Check(); err != nil {
			return recordError(said.Line, "person", agenda.Text{"en": said.Name}, err)
		}
		switch {
		case !there:
			i.done.People = append(i.done.People, person.Name)
			person.Revision, person.Created, person.Updated = 1, i.a.moment(), i.a.moment()
			fresh = append(fresh, person)
		case !samePerson(before, person):
			i.edited, i.changedPeople = true, append(i.changedPeople, [2]agenda.Person{before, person})
			person.Revision, person.Updated = person.Revision+1, i.a.moment()
			if err := i.tx.UpdatePerson(i.event.ID, person); err != nil {
				return err
			}
			if err := i.a.note(i.tx, i.actor, i.event.ID, "person.edit", person.ID, "imported a change of "+person.Name, changed(i.event, before, person)); err != nil {
				return err
			}
		}
	}
	return i.tx.InsertPeople(i.event.ID, fresh)
}

// fillPerson gives the Person what is new of what the file says.
func (i *importing) fillPerson(p *agenda.Person, said source.Person) {
	s := i.origins.seeSame(agenda.PersonOrigin, said.Key, p.ID)
	if name := textOf(i.fit(said.Line, "name", oneLine(source.Text{"": said.Name}), agenda.MaxName)); s.news("name", name) {
		p.Name = name
	}
	for _, f := range []struct {
		field string
		text  *agenda.Text
		said  source.Text
		limit int
	}{
		{"honorific", &p.Honorific, oneLine(said.Honorific), agenda.MaxName}, {"job_title", &p.JobTitle, oneLine(said.JobTitle), agenda.MaxName},
		{"organization", &p.Organization, oneLine(said.Organization), agenda.MaxName}, {"bio", &p.Bio, said.Bio, agenda.MaxProse},
	} {
		*f.text = s.text(f.field, *f.text, i.tagged(i.fit(said.Line, f.field+" of "+named(said.Name), f.said, f.limit)))
	}
	for _, f := range []struct {
		field string
		value *string
		said  string
		good  bool
	}{
		{"country", &p.Country, said.Country, true}, {"photo_url", &p.PhotoURL, said.PhotoURL, webAddress(said.PhotoURL)}, {"email", &p.Email, said.Email, true},
	} {
		// What a source takes back is taken back here: it may be what somebody does not want to be told.
		if s.news(f.field, f.said) && (f.said != "" && f.good || f.said == "" && s.before != nil) {
			*f.value = f.said
		}
	}
}

// samePerson says whether two states of a Person are the same in all that a file can change.
func samePerson(p, q agenda.Person) bool {
	return p.Name == q.Name && p.Country == q.Country && p.PhotoURL == q.PhotoURL && p.Email == q.Email && p.Honorific.Equal(q.Honorific) &&
		p.JobTitle.Equal(q.JobTitle) && p.Organization.Equal(q.Organization) && p.Bio.Equal(q.Bio)
}

// recordError says which record an error is about.
func recordError(line int, noun string, name agenda.Text, err error) error {
	var told *agenda.Error
	if !errors.As(err, &told) || told.Code != agenda.Invalid {
		return err
	}
	return &agenda.Error{Code: agenda.Invalid, Faults: told.Faults,
		Message: fmt.Sprintf("The %s %s of line %d can't be taken: nothing was imported.", noun, named(english(name)), line)}
}
