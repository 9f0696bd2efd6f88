package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// MeetingAnswer accepts one of the times that were proposed.
type MeetingAnswer struct {
	Time int       // which of them, counted from 0
	Room agenda.ID // for organizers; "": the smallest that is free and large enough
	Note string    // for both sides
	// Despite are the keys of Conflicts over which organizers accept, with the Reason, which goes into the history. That a day is full
	// is one of them.
	Despite []string
	Reason  string
}

// errBusy is all that is told of what somebody else does at that time.
func errBusy() error {
	return agenda.Errorf(agenda.Taken, "Busy: not everybody who is needed is free at that time. Choose another one.")
}

// errNoRoom says that there is no place for so many people.
func errNoRoom(seats int) error {
	return agenda.Errorf(agenda.Taken, "No place is free at that time for %d people. Choose another one.", seats)
}

// AcceptTime accepts a time that the other side proposed, and takes a room for it. Nobody who is needed, and no room, is
// booked twice: the error is Taken when one of them is not free. To who came with a personal link it says no more than that;
// to organizers it has the Conflicts as Current, and they can accept despite each.
func (a *App) AcceptTime(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, answer MeetingAnswer) (MeetingResult, error) {
	return a.onMeeting(ctx, actor, slug, match, id, answer.Note, func(c course) error {
		if c.own != "" && (answer.Room != "" || len(answer.Despite) > 0) {
			return agenda.Errorf(agenda.Forbidden, "Only the organizers choose a room, or accept what collides.")
		}
		m, err := c.old.Accept(c.side, answer.Time, answer.Room, a.now())
		if err != nil {
			return err
		}
		if len(answer.Despite) > 0 {
			if c.note, err = despiteNote(c.note, answer.Reason); err != nil {
				return err
			}
		}
		who, err := c.interpreters(m)
		if err != nil {
			return err
		}
		if err := lockNeeded(c.tx, []agenda.Meeting{m}, who...); err != nil {
			return err
		}
		b, err := c.book(m, who)
		if err != nil {
			return err
		}
		if m, err = b.accept(m, answer.Despite); err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedAccept, "meeting.accept", "accepted a meeting")
	})
}

// despiteNote is what the history says when organizers accept over a Conflict.
func despiteNote(note, reason string) (string, error) {
	var f agenda.Faults
	if reason = agenda.CleanLine(reason); reason == "" {
		f.Add("/reason", "is needed to accept despite a conflict")
	}
	agenda.CheckString(&f, "/reason", reason, agenda.MaxName)
	if note != "" {
		reason = "\n" + reason
	}
	return note + reason, f.Err("answer")
}

// fullDay says for which of the two principals that day is full.
func (c course) fullDay(m agenda.Meeting) (conflicts []agenda.Conflict, err error) {
	full, err := fullDays(c.tx, c.event, c.rules, []agenda.ID{m.Sides[agenda.Asking].Principal(), m.Sides[agenda.Asked].Principal()}, m.ID)
	if err != nil || len(full.On[m.Slot.Day()]) == 0 {
		return nil, err
	}
	people, err := c.tx.PeopleByID(c.event.ID, full.On[m.Slot.Day()])
	for _, p := range people {
		conflicts = append(conflicts, c.rules.DayFull(p, m))
	}
	return conflicts, err
}

// booking is what there is around the time of a Meeting, to find a room by, and who interprets.
type booking struct {
	own   agenda.ID
	board *agenda.Board
	rooms []agenda.Room // that may be taken, the best first
	none  bool          // the Event has no room at all, and needs none
	who   []agenda.ID   // who are free to interpret, the best first, where somebody has to be found
	tried bool          // somebody has to be found, and there are some to choose from
	busy  []agenda.Conflict
	full  []agenda.Conflict // that the day is full for one of the principals
	seats int
}

// interpreters gives those of the Event who let the two sides understand each other, who has least to do first; none where they
// do, or bring somebody.
func (c course) interpreters(m agenda.Meeting) ([]agenda.Resource, error) {
	people, err := peopleOf(c.tx, c.event, neededPeople(m))
	if err != nil {
		return nil, err
	}
	pair, needed := agenda.NewBoard(c.event, nil, people, nil).PairUnserved([2]agenda.Party(m.Item().Parties))
	if !needed {
		return nil, nil
	}
	all, err := c.tx.Interpreters(c.event.ID)
	if err != nil {
		return nil, err
	}
	var who []agenda.Resource
	for _, p := range all {
		if agenda.Serves(p.Interprets, []string{pair.A}, []string{pair.B}) && p.Erased.IsZero() && !m.Includes(p.ID) {
			who = append(who, ownResource(p))
		}
	}
	days := c.event.Days()
	from, _ := c.event.MeetingHours(days[0])
	_, to := c.event.MeetingHours(days[len(days)-1])
	occupants, err := c.tx.ItemsNear(who, from, to)
	load := map[agenda.Resource]time.Duration{}
	for _, o := range occupants {
		for _, h := range o.Holds {
			load[h.Resource] += h.End.Sub(h.Start)
		}
	}
	slices.SortFunc(who, func(x, y agenda.Resource) int { return cmp.Or(cmp.Compare(load[x], load[y]), cmp.Compare(x.ID, y.ID)) })
	return who, err
}

// book looks at everything that is around the Meeting's time. One of who interprets, if there are any.
func (c course) book(m agenda.Meeting, who []agenda.Resource) (b booking, err error) {
	b.own, b.seats, b.tried = c.own, m.Seats(), len(who) > 0
	if b.tried {
		b.seats++
	}
	rooms, err := c.tx.AllRooms(c.event.ID)
	if err != nil {
		return b, err
	}
	if m.Slot.RoomID != "" {
		b.rooms = slices.DeleteFunc(slices.Clone(rooms), func(r agenda.Room) bool { return r.ID != m.Slot.RoomID })
		if len(b.rooms) == 0 {
			var f agenda.Faults
			f.Add("/room", "is no room of this event")
			return b, f.Err("answer")
		}
	} else {
		b.rooms, b.none = agenda.RoomsFor(rooms, c.rules.RoomKind(rooms), b.seats), len(rooms) == 0
	}
	if b.full, err = c.fullDay(m); err != nil {
		return b, err
	}
	slot := *m.Slot
	slot.RoomID = ""
	m = m.At(slot)
	resources := append(neededPeople(m), who...)
	for _, r := range b.rooms {
		resources = append(resources, agenda.Resource{Kind: agenda.RoomResource, ID: r.ID})
	}
	viewer := c.actor
	if c.own != "" {
		viewer = byItself // who is told no more than that somebody is busy, whatever the reason
	}
	if b.board, err = boardAround(c.tx, viewer, c.event, rooms, resources, slot.Start.At, slot.End.At); err != nil {
		return b, err
	}
	for _, r := range who {
		alone := agenda.Item{ItemRef: agenda.ItemRef{Kind: agenda.MeetingItem, ID: m.ID}, Slot: slot,
			Holds: []agenda.Hold{{Resource: r, Start: slot.Start.At, End: slot.End.At}}}
		if len(b.board.ConflictsOf(alone)) == 0 {
			b.who = append(b.who, r.ID)
		}
	}
	_, b.busy = b.served(m)
	return b, nil
}

// conflicts gives what stands against the Meeting. Where nobody of the Event interprets it is up to the organizers to find
// somebody, and they see that one is missing: who answers by a personal link is not kept from it.
func (b booking) conflicts(m agenda.Meeting) []agenda.Conflict {
	return slices.DeleteFunc(b.board.ConflictsOf(m.NeededItem()), func(c agenda.Conflict) bool {
		return b.own != "" && !b.tried && c.Kind == agenda.InterpreterNone
	})
}

// served gives the Meeting where it is, with who interprets with the fewest conflicts, and these.
func (b booking) served(m agenda.Meeting) (best agenda.Meeting, conflicts []agenda.Conflict) {
	if len(b.who) == 0 {
		return m, b.conflicts(m)
	}
	for i, id := range b.who {
		with := m.With(agenda.Delegate{PersonID: id, Role: agenda.DelegateInterpreter, Answer: agenda.NeedsAction})
		found := b.conflicts(with)
		if i == 0 || len(found) < len(conflicts) {
			best, conflicts = with, found
		}
		if len(found) == 0 {
			break
		}
	}
	return best, conflicts
}

// room gives the Meeting in the room in which it collides with the least, the best of equals, and with what; in none where there
// is none. A room can make a Meeting too far from what somebody does before it.
func (b booking) room(m agenda.Meeting) (best agenda.Meeting, conflicts []agenda.Conflict) {
	best = m
	for i, r := range b.rooms {
		slot := *m.Slot
		slot.RoomID = r.ID
		there, found := b.served(m.At(slot))
		if i == 0 || len(found) < len(conflicts) {
			best, conflicts = there, found
		}
		if len(found) == 0 {
			break
		}
	}
	return best, conflicts
}

// free gives the Meeting in the room that it can have, with who interprets, and what it collides with there, which organizers may
// accept it despite.
func (b booking) free(m agenda.Meeting) (agenda.Meeting, []agenda.Conflict, error) {
	switch {
	case b.own != "" && b.isFull(b.own):
		return m, nil, agenda.Errorf(agenda.Taken, "This event allows %d meetings a day for each person, and that day is full.", b.full[0].Minutes)
	case b.own != "" && len(b.busy)+len(b.full) > 0:
		return m, nil, errBusy()
	case b.none:
		there, conflicts := b.served(m)
		return there, conflicts, nil
	}
	there, conflicts := b.room(m)
	if len(b.rooms) == 0 || len(conflicts) > 0 && len(b.busy) == 0 && m.Slot.RoomID == "" {
		return m, nil, errNoRoom(b.seats)
	}
	return there, conflicts, nil
}

// isFull says whether the day is full for that Person.
func (b booking) isFull(person agenda.ID) bool {
	return slices.ContainsFunc(b.full, func(c agenda.Conflict) bool { return c.Persons[0] == person })
}

// accept gives the Meeting in a room that is free. Over Conflicts it is accepted only despite each, and is not firm then.
func (b booking) accept(m agenda.Meeting, despite []string) (agenda.Meeting, error) {
	m, conflicts, err := b.free(m)
	if err != nil {
		return m, err
	}
	open := slices.DeleteFunc(slices.Concat(b.full, conflicts), func(c agenda.Conflict) bool { return slices.Contains(despite, c.Key) })
	if len(open) > 0 {
		e := agenda.Errorf(agenda.Taken, "The meeting would collide with something else: choose another time, or accept it despite each conflict, by its key and with a reason.")
		e.Current = open
		return m, e
	}
	m.Firm = len(takingTime(conflicts)) == 0
	return m, nil
}

// OfferedTime is a time that was proposed for a Meeting, and whether it can be accepted now.
type OfferedTime struct {
	agenda.MeetingTime
	Free  bool
	Full  bool      // the day is full for who asks, a principal
	Room  agenda.ID // that would be taken; for organizers
	Seats int       // that no free room has; 0: one has; for organizers
	// Conflicts are why not, for organizers. Nobody else is told more than that it is not free.
	Conflicts []agenda.Conflict
}

// OfferedTimes gives the times that were proposed for a Meeting, and which of them can be accepted as things are.
func (a *App) OfferedTimes(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (e agenda.Event, list []OfferedTime, err error) {
	err = a.seeMeeting(ctx, actor, slug, id, func(tx *store.Tx, event agenda.Event, m agenda.Meeting) error {
		e, list = event, nil
		if !m.Open() {
			return nil
		}
		own := agenda.ID("")
		if actor.Kind == agenda.LinkHolder {
			own = actor.PersonID
		}
		rules, err := tx.MeetingRules(e.ID)
		if err != nil {
			return err
		}
		c := course{tx: tx, actor: actor, event: e, rules: rules, own: own, old: m}
		for _, t := range m.Times {
			offered, err := c.offered(m, t, a.now())
			if err != nil {
				return err
			}
			list = append(list, offered)
		}
		return nil
	})
	return e, list, err
}

func (c course) offered(m agenda.Meeting, t agenda.MeetingTime, now time.Time) (OfferedTime, error) {
	o := OfferedTime{MeetingTime: t}
	if !t.Start.At.After(now) {
		return o, nil
	}
	m = m.At(t.Slot(""))
	who, err := c.interpreters(m)
	if err != nil {
		return o, err
	}
	b, err := c.book(m, who)
	if err != nil {
		return o, err
	}
	there, conflicts, err := b.free(m)
	o.Free, o.Full = err == nil && len(conflicts)+len(b.full) == 0, b.isFull(c.own)
	if c.own == "" {
		o.Conflicts = slices.Concat(b.full, conflicts)
		if err == nil {
			o.Room = there.Slot.RoomID
		} else {
			o.Seats = b.seats
		}
	}
	return o, nil
}
