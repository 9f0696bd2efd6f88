package agenda

import "time"

// StandIn is that one Person takes part in a Meeting in the place of another. It is kept, whatever comes after it.
type StandIn struct {
	ID        ID
	EventID   ID
	MeetingID ID
	OldID     ID           // who is out of the Meeting
	NewID     ID           // who took their place
	Role      DelegateRole // which the one had and the other has
	Was       DelegateRole // that the new one had in the Meeting before; "": they were not in it
	Note      string       // why, for organizers
	By        string       // who made it so
	Created   time.Time
}

// Check says everything that is wrong with the StandIn at once.
func (s StandIn) Check() error {
	var f Faults
	for pointer, id := range map[string]ID{"/meeting": s.MeetingID, "/old": s.OldID, "/new": s.NewID} {
		if id == "" {
			f.Add(pointer, "is needed")
		}
		CheckString(&f, pointer, string(id), 100)
	}
	checkOneOf(&f, "/role", s.Role, DelegateRoles)
	if s.Was != "" {
		checkOneOf(&f, "/was", s.Was, DelegateRoles)
	}
	CheckString(&f, "/note", s.Note, MaxProse)
	CheckString(&f, "/by", s.By, MaxName)
	return f.Err("stand-in")
}

// Replace puts one Person in the place of another in the Meeting, with their role and an answer that is open, and gives what is
// to be kept of it. Who takes a higher place in the same Delegation leaves their own; of who is with the other side, it is
// refused, and so it is of a principal who would take a lower place: their side would have none. A role that the old one is to keep makes them a delegate of that role: it undoes what was done the other way round.
func (m *Meeting) Replace(old, by ID, keep DelegateRole) (StandIn, error) {
	for i := range m.Sides {
		side := &m.Sides[i]
		at, there := -1, -1
		for j, d := range side.Delegates {
			switch d.PersonID {
			case old:
				at = j
			case by:
				there = j
			}
		}
		if at < 0 {
			continue
		}
		done := StandIn{EventID: m.EventID, MeetingID: m.ID, OldID: old, NewID: by, Role: side.Delegates[at].Role}
		switch {
		case old == by:
			return done, Errorf(Invalid, "Somebody can't stand in for themselves.")
		case there < 0 && m.Includes(by):
			return done, Errorf(Invalid, "Who takes part on the other side can't stand in.")
		case there >= 0:
			done.Was = side.Delegates[there].Role
		}
		if done.Was == Principal {
			return done, Errorf(Invalid, "Who heads the delegation can't stand in for somebody of it: it would have no head.")
		}
		delegates := append([]Delegate(nil), side.Delegates...)
		delegates[at] = Delegate{PersonID: by, Role: done.Role, Answer: NeedsAction}
		if there >= 0 {
			delegates = append(delegates[:there], delegates[there+1:]...)
		}
		if keep != "" {
			delegates = append(delegates, Delegate{PersonID: old, Role: keep, Answer: NeedsAction})
		}
		side.Delegates = delegates
		return done, nil
	}
	return StandIn{}, Errorf(NotFound, "This person does not take part in the meeting.")
}
