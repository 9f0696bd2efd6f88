package app

import (
	"cmp"
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
	// Meeting is one whose needed people, length and seats are looked for, whose languages need an interpreter, and whose own time
	// counts as free; while it waits for an answer, in the Rooms that are taken when one is accepted. "": none.
	Meeting agenda.ID
	// Start and End narrow what is offered, as [agenda.ParseMoment] reads them, or as a day; "": the Event's days. What has gone by
	// is not offered.
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
// and what is elsewhere, with their availabilities, ways, buffers, turnarounds and breaks. See [agenda.Board.Find]. Days on which a
// principal has as many Meetings as the Event allows are passed over, and told in the Wanted; the first two of People count as such.
func (a *App) FindSlots(ctx context.Context, actor agenda.Actor, slug string, wish SlotWish) (found Slots, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		f, err := newFinding(tx, actor, e, wish, a.now())
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

// finding is a question for a time, with what is needed to answer it.
type finding struct {
	tx           *store.Tx
	actor        agenda.Actor
	event        agenda.Event
	rules        agenda.MeetingRules
	meeting      agenda.Meeting // for which; its ID is "" for none
	wanted       agenda.Wanted
	rooms        []agenda.Room
	people       []agenda.Person // who meet
	interpreters []agenda.Person // everybody who interprets at the Event
}

func newFinding(tx *store.Tx, actor agenda.Actor, e agenda.Event, wish SlotWish, now time.Time) (f *finding, err error) {
	f = &finding{tx: tx, actor: actor, event: e, wanted: wish.Wanted}
	f.wanted.Now = now
	if f.rooms, err = tx.AllRooms(e.ID); err != nil {
		return nil, err
	}
	if f.rules, err = tx.MeetingRules(e.ID); err != nil {
		return nil, err
	}
	principals := wish.People[:min(2, len(wish.People))]
	m := &f.meeting
	if wish.Meeting != "" {
		if *m, err = tx.Meeting(e.ID, wish.Meeting); err != nil {
			return nil, err
		}
		if !agenda.SeesMeeting(actor, *m) {
			return nil, agenda.Errorf(agenda.NotFound, "There is no such meeting.")
		}
		f.ofMeeting(*m)
		principals = []agenda.ID{m.Sides[agenda.Asking].Principal(), m.Sides[agenda.Asked].Principal()}
	}
	if f.wanted.Full, err = fullDays(tx, e, f.rules, principals, m.ID); err != nil {
		return nil, err
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
		f.wanted.Seats = cmp.Or(f.wanted.Seats, m.Seats()+len(wish.People)+len(f.wanted.Pairs))
	}
	return f, nil
}

// ofMeeting looks for those whom a Meeting needs, for as long as it is.
func (f *finding) ofMeeting(m agenda.Meeting) {
	f.wanted.Without = m.ID
	f.wanted.People = slices.Concat(f.wanted.People, m.Needed())
	f.wanted.Minutes = cmp.Or(f.wanted.Minutes, int(m.Length()/time.Minute))
	if m.Open() && f.wanted.Room == "" && f.wanted.Kind == "" {
		f.wanted.Kind = f.rules.RoomKind(f.rooms)
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
			limit.said = string(day.AddDays(limit.days))
		}
		at, err := e.ParseFrom(limit.said)
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

// need asks for an interpreter where two sides need one, unless others were asked for. Who came with a personal link can meet without
// where the Event has nobody for these languages, as they can accept.
func (f *finding) need(parties [2]agenda.Party) {
	if len(f.wanted.Pairs) > 0 {
		return
	}
	board := agenda.NewBoard(f.event, nil, slices.Concat(f.people, f.interpreters), nil)
	pair, needed := board.PairUnserved(parties)
	found := slices.ContainsFunc(f.interpreters, func(p agenda.Person) bool {
		return p.Erased.IsZero() && agenda.Serves(p.Interprets, []string{pair.A}, []string{pair.B})
	})
	if needed && (found || f.actor.Kind != agenda.LinkHolder) {
		f.wanted.Pairs = []agenda.Pair{pair}
	}
}

// between looks for a time of two people, in a Room that is taken when it is accepted, and with an interpreter where they need one.
func (f *finding) between(one, other agenda.ID) {
	f.need([2]agenda.Party{{Principal: one}, {Principal: other}})
	f.wanted.Kind = f.rules.RoomKind(f.rooms)
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
	end := start.At.Add(time.Duration(f.wanted.Minutes) * time.Minute)
	if board, err = f.board(start.At, end, f.putPlainly); err != nil {
		return s, err
	}
	if offer, ok := board.OfferAt(f.wanted, start.At); ok {
		s.At = &offer
		return s, nil
	}
	// Why it is not possible is told as far as the Actor may know, which can be nothing.
	board, err = f.board(start.At, end, func(board *agenda.Board, occupants []store.Occupant) error {
		return putOccupants(f.tx, f.actor, f.event, board, occupants)
	})
	if err == nil {
		s.Reasons = board.Reasons(f.wanted, start.At)
	}
	return s, err
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
