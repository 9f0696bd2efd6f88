package app

import (
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// holdsOf gives whose time the Meeting holds. A Room in which several things take place at once is not held firmly.
func holdsOf(tx *store.Tx, m agenda.Meeting) ([]agenda.Hold, error) {
	holds := m.Holds()
	for i, h := range holds {
		if !h.Firm || h.Resource.Kind != agenda.RoomResource {
			continue
		}
		room, err := tx.Room(m.EventID, h.Resource.ID)
		if err != nil {
			return nil, err
		}
		holds[i].Firm = !room.Parallel
	}
	return holds, nil
}

// stillFirm gives a Meeting that organizers changed: it is firm no more when somebody of it is firmly taken elsewhere.
func stillFirm(tx *store.Tx, m agenda.Meeting) (agenda.Meeting, error) {
	if !m.Firm {
		return m, nil
	}
	holds, err := holdsOf(tx, m)
	if err != nil {
		return m, err
	}
	taken, err := tx.HeldFirmly(agenda.MeetingItem, m.ID, holds)
	m.Firm = !taken
	return m, err
}

// firmly gives a Meeting that was changed as firm as it can be: it becomes so when it is agreed on and nothing stands against it,
// and stays so, whatever else is drafted over it, as long as nobody and nothing of it is firmly taken elsewhere.
func firmly(tx *store.Tx, e agenda.Event, m agenda.Meeting) (agenda.Meeting, error) {
	if err := lockNeeded(tx, []agenda.Meeting{m}); err != nil {
		return m, err
	}
	if !m.Loose() {
		return stillFirm(tx, m)
	}
	against, err := standsAgainst(tx, byItself, e, m) // by what there is, whoever changed it
	if err != nil || len(against) > 0 {
		return m, err
	}
	m.Firm = true
	return stillFirm(tx, m)
}

// neededPeople gives those without whom the Meeting can't take place.
func neededPeople(m agenda.Meeting) (people []agenda.Resource) {
	for _, h := range m.NeededItem().Holds {
		if h.Resource.Kind == agenda.PersonResource {
			people = append(people, h.Resource)
		}
	}
	return people
}

// standsAgainst gives why a Meeting that is agreed on can't be firm.
func standsAgainst(tx *store.Tx, actor agenda.Actor, e agenda.Event, m agenda.Meeting) ([]agenda.Conflict, error) {
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return nil, err
	}
	conflicts, err := conflictsOf(tx, actor, e, rooms, m.NeededItem())
	return takingTime(conflicts), err
}

// takingTime leaves the Conflicts over which a Meeting is not firm. That nobody interprets is none of them: it takes nobody's time.
func takingTime(conflicts []agenda.Conflict) []agenda.Conflict {
	return slices.DeleteFunc(conflicts, func(c agenda.Conflict) bool { return c.Kind == agenda.InterpreterNone })
}

// lockNeeded makes what is found of the people whom the Meetings need, and of others, stay true until the transaction ends: they are
// in other Events too. Of Meetings that are not agreed on nobody's time is at stake. It is called once for all that a transaction
// changes, or two wait for each other.
func lockNeeded(tx *store.Tx, meetings []agenda.Meeting, others ...agenda.Resource) error {
	for _, m := range meetings {
		if m.Firm || m.Loose() {
			others = append(others, neededPeople(m)...)
		}
	}
	return tx.LockResources(others)
}

// isFreeFor refuses when the Person, who is locked, can't come to the Meeting, by all that they hold. They are told no more than that.
func isFreeFor(tx *store.Tx, e agenda.Event, p agenda.Person, m agenda.Meeting) error {
	own := ownResource(p)
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return err
	}
	item := m.Item()
	item.Holds = slices.DeleteFunc(item.Holds, func(h agenda.Hold) bool { return h.Resource != own })
	conflicts, err := conflictsOf(tx, byItself, e, rooms, item)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(conflicts, func(c agenda.Conflict) bool { return slices.Contains(c.Persons, p.ID) }) {
		return agenda.Errorf(agenda.Taken, "Busy: you are not free at that time.")
	}
	return nil
}

// holdAnew renews how the Meetings in a Room hold it, after what fits into it at once changed.
func holdAnew(tx *store.Tx, e agenda.Event, r agenda.Room) error {
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return err
	}
	holds := map[agenda.ID][]agenda.Hold{}
	for _, m := range meetings {
		if !m.Firm || m.Slot == nil || m.Slot.RoomID != r.ID {
			continue
		}
		if holds[m.ID], err = holdsOf(tx, m); err != nil {
			return err
		}
	}
	err = tx.SetAllHolds(e.ID, agenda.MeetingItem, holds)
	if agenda.CodeOf(err) == agenda.Taken {
		return agenda.Errorf(agenda.Taken, "Meetings that were agreed on are in this room at the same time: move them before it is for one thing at a time.")
	}
	return err
}
