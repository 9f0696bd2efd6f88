package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// SlotWish is what organizers look for: a time for people, or for a Meeting that is there.
type SlotWish struct {
	agenda.Wanted
	Meeting agenda.ID // whose people come, whose languages need an interpreter, and whose own time counts as free; "": none
	// Start and End narrow what is offered, as [agenda.ParseMoment] reads them, or as a day; "": the Event's days.
	Start, End string
	At         string // a time of which is told why it is not possible, if it isn't; "": none
}

// Slots are the times at which people can meet.
type Slots struct {
	Event   agenda.Event
	Wanted  agenda.Wanted // what was looked for, with what followed from the Meeting
	Offers  []agenda.Offer
	At      *agenda.Offer   // at the time that was asked about; nil when it is not possible
	Reasons []agenda.Reason // why it is not
	Rooms   map[agenda.ID]agenda.Room
	Names   map[agenda.ID]string // of those who meet, and who interpret
}

// FindSlots gives the times at which people can meet, by all that they, the rooms and the interpreters hold: Panels, Meetings
// and what is elsewhere, with their availabilities, ways, buffers, turnarounds and breaks. See [agenda.Board.Find].
func (a *App) FindSlots(ctx context.Context, actor agenda.Actor, slug string, wish SlotWish) (found Slots, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		f, err := newFinding(tx, actor, e, wish)
		if err != nil {
			return err
		}
		found, err = f.find(wish.At)
		return err
	})
	if err != nil {
		return Slots{}, err
	}
	return found, nil
}

// OwnSlots are the times at which a Person can meet another one. Of the other nothing is told but that they are free.
type OwnSlots struct {
	Event   agenda.Event
	Times   []agenda.Slot   // without a Room, which is given when a time is accepted
	Reasons []agenda.Reason // why the time that was asked about is not possible: of others, that somebody is busy
}

// FindOwnSlots is [App.FindSlots] for who has a personal link and has typed the code, with one other Person of the Event: at a
// table where the Event has some. At is a time that they would like, "" for none.
func (a *App) FindOwnSlots(ctx context.Context, actor agenda.Actor, other agenda.ID, minutes int, at string) (found OwnSlots, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, p, err := own(tx, actor)
		if err != nil {
			return err
		}
		if !actor.Confirmed {
			return errNotConfirmed
		}
		if p.ID == other {
			return agenda.Errorf(agenda.Invalid, "Nobody meets themselves.")
		}
		if _, err := tx.Person(e.ID, other); err != nil {
			return err
		}
		f, err := newFinding(tx, actor, e, SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{p.ID, other}, Minutes: minutes}})
		if err != nil {
			return err
		}
		f.between(p.ID, other)
		slots, err := f.find(at)
		if err != nil {
			return err
		}
		found = OwnSlots{Event: e, Reasons: ownReasons(slots.Reasons, p.ID)}
		for _, o := range slots.Offers {
			o.Slot.RoomID = ""
			found.Times = append(found.Times, o.Slot)
		}
		return nil
	})
	if err != nil {
		return OwnSlots{}, err
	}
	return found, nil
}

// ownReasons tells of others that somebody is busy, and no more: neither who nor why.
func ownReasons(all []agenda.Reason, own agenda.ID) []agenda.Reason {
	var told []agenda.Reason
	busy := false
	for _, r := range all {
		if r.Person != own && (r.Person != "" || r.Item != nil || r.Room != "") {
			if busy {
				continue
			}
			busy = true
			r = agenda.Reason{Kind: agenda.JustBusy, Message: "Somebody is busy."}
		}
		told = append(told, r)
	}
	return told
}

// finding is a question for a time, with what is needed to answer it.
type finding struct {
	tx           *store.Tx
	actor        agenda.Actor
	event        agenda.Event
	wanted       agenda.Wanted
	rooms        []agenda.Room
	people       []agenda.Person // who meet
	interpreters []agenda.Person // everybody who interprets at the Event
}

func newFinding(tx *store.Tx, actor agenda.Actor, e agenda.Event, wish SlotWish) (f *finding, err error) {
	f = &finding{tx: tx, actor: actor, event: e, wanted: wish.Wanted}
	if f.rooms, err = tx.AllRooms(e.ID); err != nil {
		return nil, err
	}
	var m agenda.Meeting
	if wish.Meeting != "" {
		if m, err = tx.Meeting(e.ID, wish.Meeting); err != nil {
			return nil, err
		}
		f.ofMeeting(m)
	}
	if err := f.check(wish); err != nil {
		return nil, err
	}
	if f.interpreters, err = tx.Interpreters(e.ID); err != nil {
		return nil, err
	}
	if f.people, err = tx.PeopleByID(e.ID, f.wanted.People); err != nil {
		return nil, err
	}
	if wish.Meeting != "" {
		item := m.Item()
		f.need([2]agenda.Party(item.Parties))
	}
	return f, nil
}

// ofMeeting looks for the people of a Meeting, for as long as it is.
func (f *finding) ofMeeting(m agenda.Meeting) {
	f.wanted.Without = m.ID
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.Comes() {
				f.wanted.People = append(f.wanted.People, d.PersonID)
			}
		}
	}
	if f.wanted.Minutes == 0 && m.Slot != nil {
		f.wanted.Minutes = int(m.Slot.End.At.Sub(m.Slot.Start.At) / time.Minute)
	}
}

// check reads and checks what is looked for: all faults at once.
func (f *finding) check(wish SlotWish) error {
	var faults agenda.Faults
	e, w := f.event, &f.wanted
	for _, limit := range []struct {
		name, said string
		to         *time.Time
		days       int
	}{{"from", wish.Start, &w.From, 0}, {"to", wish.End, &w.To, 1}} {
		if limit.said == "" {
			continue
		}
		if day, err := agenda.ParseDate(limit.said); err == nil {
			limit.said = string(day.AddDays(limit.days)) + "T00:00"
		}
		at, err := agenda.ParseMoment(e.Location(), limit.said)
		faults.Merge("/"+limit.name, err)
		*limit.to = at.At
	}
	faults.Merge("", w.Check())
	at := map[string]agenda.ID{}
	for i, id := range w.People {
		at["/people/"+strconv.Itoa(i)] = id
	}
	if err := unknownPeople(f.tx, e, &faults, at); err != nil {
		return err
	}
	if w.Room != "" && !slices.ContainsFunc(f.rooms, func(r agenda.Room) bool { return r.ID == w.Room }) {
		faults.Add("/room", "is not a room of this event")
	}
	if len(f.rooms) == 0 {
		w.NoRoom = true
	}
	return faults.Err("search")
}

// need asks for an interpreter where two sides need one, unless others were asked for.
func (f *finding) need(parties [2]agenda.Party) {
	if len(f.wanted.Pairs) > 0 {
		return
	}
	board := agenda.NewBoard(f.event, nil, slices.Concat(f.people, f.interpreters), nil)
	if pair, needed := board.PairUnserved(parties); needed {
		f.wanted.Pairs = []agenda.Pair{pair}
	}
}

// between looks for a time of two people, at a table where there is one, and with an interpreter where they need one.
func (f *finding) between(one, other agenda.ID) {
	f.need([2]agenda.Party{{Principal: one}, {Principal: other}})
	if slices.ContainsFunc(f.rooms, func(r agenda.Room) bool { return r.Kind == agenda.RoomTable }) {
		f.wanted.Kind = agenda.RoomTable
	}
}

// find gives what there is, and says why a time is not possible.
func (f *finding) find(at string) (Slots, error) {
	s := Slots{Event: f.event, Wanted: f.wanted, Rooms: map[agenda.ID]agenda.Room{}, Names: map[agenda.ID]string{}}
	days := f.event.Days()
	from, _ := f.event.MeetingHours(days[0])
	_, to := f.event.MeetingHours(days[len(days)-1])
	if f.wanted.From.After(from) {
		from = f.wanted.From
	}
	if !f.wanted.To.IsZero() && f.wanted.To.Before(to) {
		to = f.wanted.To
	}
	board, err := f.board(from, to, f.putPlainly)
	if err != nil {
		return s, err
	}
	s.Offers = board.Find(f.wanted)
	for _, r := range f.rooms {
		s.Rooms[r.ID] = r
	}
	for _, p := range slices.Concat(f.people, f.interpreters) {
		s.Names[p.ID] = p.Name
	}
	if at == "" {
		return s, nil
	}
	start, err := agenda.ParseMoment(f.event.Location(), at)
	if err != nil {
		var faults agenda.Faults
		faults.Merge("/at", err)
		return s, faults.Err("search")
	}
	put := func(board *agenda.Board, occupants []store.Occupant) error {
		return putOccupants(f.tx, f.actor, f.event, board, occupants)
	}
	if board, err = f.board(start.At, start.At.Add(time.Duration(f.wanted.Minutes)*time.Minute), put); err != nil {
		return s, err
	}
	if offer, ok := board.OfferAt(f.wanted, start.At); ok {
		s.At = &offer
		return s, nil
	}
	s.Reasons = board.Reasons(f.wanted, start.At)
	return s, nil
}

// board has everything that those who may be needed hold, from a day before to a day after: nothing farther away can be too close.
func (f *finding) board(from, to time.Time, put func(*agenda.Board, []store.Occupant) error) (*agenda.Board, error) {
	people := slices.Clone(f.people)
	if len(f.wanted.Pairs) > 0 {
		people = append(people, f.interpreters...)
	}
	var resources []agenda.Resource
	for _, p := range people {
		resources = append(resources, agenda.Resource{Kind: agenda.PersonResource, ID: p.ID})
	}
	for _, r := range f.rooms {
		resources = append(resources, agenda.Resource{Kind: agenda.RoomResource, ID: r.ID})
	}
	occupants, err := f.tx.ItemsNear(resources, from.AddDate(0, 0, -1), to.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	windows, err := f.tx.AvailabilitiesOf(f.event.ID, resources)
	if err != nil {
		return nil, err
	}
	board := agenda.NewBoard(f.event, f.rooms, people, windows)
	return board, put(board, occupants)
}

// putPlainly puts what takes time on the Board, without what it is called. Where it is follows from the Room that it takes; what
// takes several has to be looked up.
func (f *finding) putPlainly(board *agenda.Board, occupants []store.Occupant) error {
	var several []agenda.ID
	for _, o := range occupants {
		if o.EventID != f.event.ID {
			board.Put(elsewhere(o))
			continue
		}
		item := agenda.Item{ItemRef: agenda.ItemRef{Kind: o.Kind, ID: o.ID}, Holds: o.Holds}
		for _, h := range o.Holds {
			if h.Resource.Kind != agenda.RoomResource {
				continue
			}
			if item.Slot.RoomID != "" && o.Kind == agenda.PanelItem {
				several = append(several, o.ID)
				break
			}
			item.Slot.RoomID = h.Resource.ID
		}
		board.Put(item)
	}
	panels, err := f.tx.PanelsByID(f.event.ID, several)
	for _, p := range panels {
		board.Put(p.Item(board.Halls()))
	}
	return err
}
