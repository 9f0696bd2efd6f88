package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// PersonalPage is what a Person sees with their personal link: what they take part in, and what is known of them.
type PersonalPage struct {
	Event    agenda.Event
	Person   agenda.Person // without notes; the address is theirs, and to be shown masked
	Panels   []agenda.Panel
	Meetings []agenda.Meeting // that they may see; before the code was typed, none
	Busy     []agenda.Slot    // when their other Meetings are
	Rooms    map[agenda.ID]agenda.Room
	Names    map[agenda.ID]string // of people who take part in the same
	Mailable bool                 // a code can be mailed to them
	Settings agenda.PersonalSettings
	Windows  []agenda.Availability   // in which they said that they are available
	Latest   int                     // number of the latest Release, 0 for none
	Unwanted []agenda.LetterTopic    // of which they want no letters
	News     []agenda.PersonalChange // published since they said that they had seen it
}

// own gives the Event and the Person whose personal link the Actor came with, if the link still works.
func own(tx *store.Tx, actor agenda.Actor) (e agenda.Event, p agenda.Person, err error) {
	if actor.Kind != agenda.LinkHolder {
		return e, p, errVisit
	}
	if e, err = tx.Event(actor.EventID); err != nil {
		return e, p, noVisit(err)
	}
	p, err = tx.Person(actor.EventID, actor.PersonID)
	return e, p, noVisit(err)
}

// ownConfirmed is own for who has typed the code too, as everything about Meetings asks for.
func ownConfirmed(tx *store.Tx, actor agenda.Actor) (agenda.Event, agenda.Person, error) {
	e, p, err := own(tx, actor)
	if err == nil && !actor.Confirmed {
		err = errNotConfirmed
	}
	return e, p, err
}

// noVisit is errVisit where the Person or the Event is gone.
func noVisit(err error) error {
	if agenda.CodeOf(err) == agenda.NotFound {
		return errVisit
	}
	return err
}

// changeOwn writes what is the Actor's own at the Event of their personal link. A link that was revoked since the request
// came changes nothing.
func (a *App) changeOwn(ctx context.Context, actor agenda.Actor, fn func(*store.Tx, agenda.Event, agenda.Person) error) error {
	return a.write(ctx, actor, func(tx *store.Tx) error {
		if actor.Kind != agenda.LinkHolder {
			return errVisit
		}
		if err := tx.LockEvent(actor.EventID); err != nil {
			return err
		}
		l, err := tx.PersonalLink(actor.EventID, actor.ID)
		if err != nil {
			return noVisit(err)
		}
		if !l.Works(a.now()) || l.PersonID != actor.PersonID {
			return errVisit
		}
		e, p, err := own(tx, actor)
		if err != nil {
			return err
		}
		return fn(tx, e, p)
	})
}

// PersonalPage gives the page of the Person whose personal link the Actor came with.
func (a *App) PersonalPage(ctx context.Context, actor agenda.Actor) (page PersonalPage, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		page = PersonalPage{Rooms: map[agenda.ID]agenda.Room{}, Names: map[agenda.ID]string{}}
		if page.Event, page.Person, err = own(tx, actor); err != nil {
			return err
		}
		page.Person.Notes = ""
		vouched, err := tx.VouchedAddress(page.Event.ID, page.Person.ID)
		if err != nil {
			return err
		}
		page.Mailable = a.post != nil && vouched != "" && vouched == page.Person.Email
		if page.Panels, err = ownPanels(tx, actor); err != nil {
			return err
		}
		if err := page.addMeetings(tx, actor); err != nil {
			return err
		}
		if page.Windows, err = tx.AvailabilitiesOf(page.Event.ID, []agenda.Resource{ownResource(page.Person)}); err != nil {
			return err
		}
		if err := a.addNews(tx, &page); err != nil {
			return err
		}
		return page.addNames(tx)
	})
	if err != nil {
		return PersonalPage{}, err
	}
	return page, nil
}

// ownPanels gives the Panels of the draft in which the Person has a part.
func ownPanels(tx *store.Tx, actor agenda.Actor) (panels []agenda.Panel, err error) {
	page := Page{Limit: 200}
	for {
		some, next, err := tx.Panels(actor.EventID, PanelFilter{Person: actor.PersonID}, page)
		if err != nil {
			return nil, err
		}
		panels = append(panels, some...)
		if next == "" {
			return panels, nil
		}
		page.After = next
	}
}

// addMeetings adds the Meetings that the Actor may see, and when the others are. Those without a time that the Actor may
// not see are not told at all.
func (p *PersonalPage) addMeetings(tx *store.Tx, actor agenda.Actor) error {
	meetings, err := tx.MeetingsOf(actor.EventID, actor.PersonID)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		switch {
		case agenda.SeesMeeting(actor, m):
			m.Notes = ""
			p.Meetings = append(p.Meetings, m)
		case m.Stands() && m.Slot != nil:
			busy := *m.Slot
			if !actor.Confirmed || !m.Expects(actor.PersonID) {
				busy.RoomID = ""
			}
			p.Busy = append(p.Busy, busy)
		}
	}
	slices.SortStableFunc(p.Busy, func(a, b agenda.Slot) int { return a.Start.At.Compare(b.Start.At) })
	return nil
}

// addNames adds the names of the rooms and people that are shown, and nothing else of the people.
func (p *PersonalPage) addNames(tx *store.Tx) error {
	var people []agenda.ID
	for _, panel := range p.Panels {
		for _, s := range panel.Everybody() {
			if s.Status == agenda.Confirmed { // who was asked and has not said yes is for the organizers to know
				people = append(people, s.PersonID)
			}
		}
	}
	for _, m := range p.Meetings {
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				people = append(people, d.PersonID)
			}
		}
	}
	found, err := tx.PeopleByID(p.Event.ID, people)
	if err != nil {
		return err
	}
	for _, person := range found {
		p.Names[person.ID] = person.Name
	}
	rooms, err := tx.AllRooms(p.Event.ID)
	for _, r := range rooms {
		p.Rooms[r.ID] = r
	}
	return err
}
