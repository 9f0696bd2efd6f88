package app

import (
	"context"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Asking is whom a Person with a personal link can ask for a Meeting.
type Asking struct {
	Event  agenda.Event
	Rules  agenda.MeetingRules
	Zone   string          // IANA name of the clock that the Person reads besides the Event's, "" for none
	People []agenda.Person // what is public of them, by name
	More   bool            // others match too
}

// AskFilter narrows whom one can ask: to who has that in their name, organization or function, or to one Person.
type AskFilter struct {
	Query  string
	Person agenda.ID
}

// mostAskable is how many people are offered at once.
const mostAskable = 50

// Askable gives whom the Person whose personal link the Actor came with can ask for a Meeting: who is on the published agenda,
// and those with whom they have a Meeting that they see. Who else takes part is not for everybody to know: organizers can
// ask for a Meeting with them.
func (a *App) Askable(ctx context.Context, actor agenda.Actor, f AskFilter) (asking Asking, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, p, err := ownConfirmed(tx, actor)
		if err != nil {
			return err
		}
		asking = Asking{Event: e}
		if asking.Rules, err = tx.MeetingRules(e.ID); err != nil {
			return err
		}
		s, _, err := tx.PersonalSettings(e.ID, p.ID)
		if err != nil {
			return err
		}
		asking.Zone = s.Zone
		known, err := a.knownTo(tx, actor, e)
		if err != nil {
			return err
		}
		delete(known, p.ID)
		for _, one := range known {
			if f.takes(one) {
				asking.People = append(asking.People, one)
			}
		}
		slices.SortFunc(asking.People, func(a, b agenda.Person) int {
			return strings.Compare(Fold(a.Name)+string(a.ID), Fold(b.Name)+string(b.ID))
		})
		if asking.More = len(asking.People) > mostAskable; asking.More {
			asking.People = asking.People[:mostAskable]
		}
		return nil
	})
	if err != nil {
		return Asking{}, err
	}
	return asking, nil
}

func (f AskFilter) takes(p agenda.Person) bool {
	if f.Person != "" {
		return p.ID == f.Person
	}
	texts := p.Name
	for _, t := range []agenda.Text{p.Organization, p.JobTitle} {
		for _, said := range t {
			texts += "\n" + said
		}
	}
	return strings.Contains(Fold(texts), Fold(strings.TrimSpace(f.Query)))
}

// knownTo gives the people whom the Actor knows of, as far as they still take part, with what is public of them.
func (a *App) knownTo(tx *store.Tx, actor agenda.Actor, e agenda.Event) (map[agenda.ID]agenda.Person, error) {
	var ids []agenda.ID
	published := map[agenda.ID]agenda.Person{}
	row, err := tx.LatestRelease(e.ID)
	switch agenda.CodeOf(err) {
	case "":
		r, err := a.release(tx, row)
		if err != nil {
			return nil, err
		}
		for _, p := range r.Snapshot.People {
			ids, published[p.ID] = append(ids, p.ID), p
		}
	case agenda.NotFound:
	default:
		return nil, err
	}
	meetings, err := tx.MeetingsOf(e.ID, actor.PersonID)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings {
		if !agenda.SeesMeeting(actor, m) {
			continue
		}
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				ids = append(ids, d.PersonID)
			}
		}
	}
	slices.Sort(ids)
	people, err := tx.PeopleByID(e.ID, slices.Compact(ids))
	known := map[agenda.ID]agenda.Person{}
	for _, p := range people {
		if there, ok := published[p.ID]; ok && p.Erased.IsZero() {
			known[p.ID] = there.Public()
		} else if p.Erased.IsZero() {
			known[p.ID] = p.Public()
		}
	}
	return known, err
}
