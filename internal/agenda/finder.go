package agenda

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Wanted is what is looked for: a time at which all of these people can meet.
type Wanted struct {
	People  []ID
	Pairs   []Pair // between which somebody has to interpret; who of the People does need not be found
	Minutes int    // how long
	Step    int    // minutes from one beginning that is tried to the next, from when the hours of the day begin; 0: [WantedStep]
	From    time.Time
	To      time.Time // what begins earlier or ends later is not offered; zero: there is no limit but the Event's days
	Room    ID        // where; "": in any
	Kind    RoomKind  // which Rooms are tried; "": all, tables first
	NoRoom  bool      // none is needed
	Seats   int       // that the Room needs; 0: one for each who comes. A Room of unknown capacity has enough
	Without ID        // of a Meeting whose time counts as free, since it is the one that is to be moved
	Now     time.Time // what does not begin later has gone by; zero: nothing has
	Full    FullDays  // on which there is no more to be
	PerDay  int       // Offers of each day, spread over it, of which none overlaps another; 0: all that there are
	Most    int       // Offers in all, the earliest; 0: [WantedOffers]
}

// FullDays are the days on which somebody has as many Meetings as the Event allows.
type FullDays struct {
	Allowed int // Meetings for each Person on a day
	On      map[Date][]ID
}

// What is looked for where it is not said.
const (
	WantedStep   = 15
	WantedOffers = 1000
)

// Offer is a time at which it can be, the Room that fits best, and who interprets.
type Offer struct {
	Slot         Slot
	Interpreters []ID // one for each of the Pairs that none of the People serves; who has least to do comes first
}

// Check says everything that is wrong with the Wanted at once.
func (w Wanted) Check() error {
	var f Faults
	if len(w.People) == 0 {
		f.Add("/people", "needs at least one person")
	}
	if len(w.People) > 200 {
		f.Add("/people", "has %d people, at most 200 fit", len(w.People))
	}
	checkRange(&f, "/minutes", w.Minutes, 1, 24*60)
	checkRange(&f, "/step", w.Step, 0, 24*60)
	checkRange(&f, "/seats", w.Seats, 0, 1_000_000)
	checkPairs(&f, "/pairs", w.Pairs)
	if w.Kind != "" {
		checkOneOf(&f, "/kind", w.Kind, RoomKinds)
	}
	if !w.From.IsZero() && !w.To.IsZero() && !w.To.After(w.From) {
		f.Add("/to", "is not after the beginning")
	}
	return f.Err("wanted")
}

// search is a question to the Board, with what is known once and for all times that are tried.
type search struct {
	*Board
	w      Wanted
	length time.Duration
	hours  []span // in which Meetings are offered
	self   *Item  // whose time counts as free
	free   []span // when all of the People are, but for ways and breaks
	rooms  []openRoom
	pairs  []Pair           // that need somebody
	who    [][]openResource // who serves each of them, who has least to do first
	found  finds
}

// openResource is when somebody or something is free, but for ways and breaks.
type openResource struct {
	id   ID
	free []span
	load int64 // what it holds, in microseconds
}

// openRoom is a Room that is large enough, "" where none is needed.
type openRoom = openResource

// Find gives the times at which all of the People can meet, the earliest first. The Board must have all that they, the Rooms
// and those who interpret hold, and the Persons and Availabilities of all of these. No Offer breaks a rule: with it on the
// Board, [Board.ConflictsOf] has nothing to say. Of several Pairs each is served in turn, so that in rare cases a choice that
// would serve all of them is not found.
func (b *Board) Find(w Wanted) []Offer {
	s := b.search(w)
	var offers []Offer
	for _, day := range s.days() {
		left := cmp.Or(max(w.Most, 0), WantedOffers) - len(offers)
		if left <= 0 {
			break
		}
		if w.PerDay > 0 {
			ofDay := spread(s.ofDay(day, math.MaxInt), w.PerDay)
			offers = append(offers, ofDay[:min(left, len(ofDay))]...)
		} else {
			offers = append(offers, s.ofDay(day, left)...)
		}
	}
	return offers
}

// ofDay gives the first so many Offers of a day.
func (s *search) ofDay(day Date, most int) (offers []Offer) {
	step := time.Duration(cmp.Or(max(s.w.Step, 0), WantedStep)) * time.Minute
	from, until := s.event.MeetingHours(day)
	for at := from; !at.Add(s.length).After(until) && len(offers) < most; at = at.Add(step) {
		if !s.mayBe(at) {
			continue
		}
		if offer, ok := s.offer(at); ok {
			offers = append(offers, offer)
		}
	}
	return offers
}

// spread gives so many of a day's Offers that do not overlap, from its first to its last.
func spread(offers []Offer, most int) []Offer {
	var end time.Time
	apart := slices.DeleteFunc(offers, func(o Offer) bool {
		if o.Slot.Start.At.Before(end) {
			return true
		}
		end = o.Slot.End.At
		return false
	})
	if len(apart) <= most {
		return apart
	}
	chosen := make([]Offer, most)
	for i := range chosen {
		chosen[i] = apart[i*(len(apart)-1)/max(most-1, 1)]
	}
	return chosen
}

// OfferAt gives the Offer of one time, whatever the step and between which times is looked; false when it is not possible, and
// [Board.Reasons] says why.
func (b *Board) OfferAt(w Wanted, start time.Time) (Offer, bool) {
	w.From, w.To = time.Time{}, time.Time{}
	s := b.search(w)
	if !covers(s.hours, s.span(start)) || !s.mayBe(start) {
		return Offer{}, false
	}
	return s.offer(start)
}

func (b *Board) search(w Wanted) *search {
	w.People = slices.Compact(slices.Sorted(slices.Values(w.People)))
	s := &search{Board: b, w: w, length: time.Duration(w.Minutes) * time.Minute}
	if w.Without != "" {
		s.self = b.items[itemName{MeetingItem, w.Without}]
	}
	for _, day := range s.days() {
		from, until := b.event.MeetingHours(day)
		s.hours = append(s.hours, span{from.UnixMicro(), until.UnixMicro()})
	}
	s.hours = union(s.hours)
	s.free = s.hours
	for _, id := range w.People {
		s.free = intersect(s.free, s.freeOf(Resource{PersonResource, id}))
	}
	s.findPairs()
	s.findRooms()
	return s
}

// days gives the Event's days that are asked for.
func (s *search) days() []Date {
	return slices.DeleteFunc(s.event.Days(), func(day Date) bool {
		from, until := s.event.MeetingHours(day)
		return !s.w.From.IsZero() && !until.After(s.w.From) || !s.w.To.IsZero() && !from.Before(s.w.To)
	})
}

func (s *search) span(at time.Time) span { return span{at.UnixMicro(), at.Add(s.length).UnixMicro()} }

// mayBe says whether the time is asked for and all of the People are free.
func (s *search) mayBe(at time.Time) bool {
	return (s.w.From.IsZero() || !at.Before(s.w.From)) && (s.w.To.IsZero() || !at.Add(s.length).After(s.w.To)) && covers(s.free, s.span(at)) &&
		!s.isPast(at) && len(s.full(at)) == 0
}

func (s *search) isPast(at time.Time) bool { return !s.w.Now.IsZero() && !at.After(s.w.Now) }

// full gives those who have no room for one more Meeting on the day on which it would begin.
func (s *search) full(at time.Time) []ID {
	if len(s.w.Full.On) == 0 {
		return nil
	}
	return s.w.Full.On[MomentOf(s.zone, at).Wall.Date()]
}

// freeOf gives when the resource is free within the hours: what it holds is longer by what it needs before and after.
func (s *search) freeOf(r Resource) []span {
	open := s.hours
	if windows, limited := s.windows[r]; limited {
		open = intersect(open, windows)
	}
	l := s.lanes[r]
	if l == nil || r.Kind == RoomResource && s.Board.rooms[r.ID].Parallel {
		return open
	}
	pad := int64(s.buffer(r.ID).Between()) * aMinute
	if r.Kind == RoomResource {
		pad = int64(s.turnaround(r.ID)) * aMinute
	}
	var taken []span
	for i := range l.entries {
		switch e := &l.entries[i]; {
		case e.item == s.self:
		case r.Kind == RoomResource && !e.item.isIn(r.ID):
			taken = append(taken, span{e.start, e.end})
		default:
			taken = append(taken, span{e.start - pad, e.end + pad})
		}
	}
	return cutOut(open, union(taken))
}

// findPairs finds who serves the Pairs that none of the People serves.
func (s *search) findPairs() {
	for _, pair := range s.w.Pairs {
		one, other := []string{pair.A}, []string{pair.B}
		if slices.ContainsFunc(s.w.People, func(id ID) bool {
			who := s.people[id]
			return who != nil && Serves(who.Interprets, one, other)
		}) {
			continue
		}
		var list []openResource
		for id, who := range s.people {
			if Serves(who.Interprets, one, other) && who.Erased.IsZero() {
				list = append(list, s.open(Resource{PersonResource, id}))
			}
		}
		slices.SortFunc(list, func(a, b openResource) int { return cmp.Or(cmp.Compare(a.load, b.load), cmp.Compare(a.id, b.id)) })
		s.pairs, s.who = append(s.pairs, pair), append(s.who, list)
	}
}

func (s *search) open(r Resource) openResource {
	o := openResource{id: r.ID, free: s.freeOf(r)}
	if l := s.lanes[r]; l != nil {
		for _, e := range l.entries {
			o.load += e.end - e.start
		}
	}
	return o
}

// seats gives how many the Room needs.
func (s *search) seats() int { return cmp.Or(s.w.Seats, len(s.w.People)+len(s.pairs)) }

// findRooms finds the Rooms that come into question, those that fit best first.
func (s *search) findRooms() {
	if s.w.NoRoom {
		s.rooms = []openRoom{{free: s.hours}}
		return
	}
	rooms := make([]Room, 0, len(s.Board.rooms))
	for _, r := range s.Board.rooms {
		rooms = append(rooms, *r)
	}
	for _, r := range RoomsFor(rooms, s.w.Kind, s.seats()) {
		if s.w.Room == "" || r.ID == s.w.Room {
			s.rooms = append(s.rooms, s.open(Resource{RoomResource, r.ID}))
		}
	}
}

// RoomsFor gives those of the Rooms in which so many people can meet, those that fit best first: tables, the smallest that is large
// enough, and last those of which nobody knows how large they are. Kind narrows them, "" for all.
func RoomsFor(rooms []Room, kind RoomKind, seats int) []Room {
	fit := slices.DeleteFunc(slices.Clone(rooms), func(r Room) bool {
		return kind != "" && r.Kind != kind || r.Capacity > 0 && r.Capacity < seats
	})
	slices.SortFunc(fit, func(a, b Room) int {
		return cmp.Or(-cmp.Compare(a.Kind, b.Kind), cmp.Compare(uint(a.Capacity-1), uint(b.Capacity-1)),
			cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return fit
}

// offer finds a Room for a time at which the People are free, and who interprets.
func (s *search) offer(at time.Time) (Offer, bool) {
	when := s.span(at)
	for _, room := range s.rooms {
		if !covers(room.free, when) {
			continue
		}
		trial := s.trial(at, room.id, s.w.People)
		interpreters, all := s.interpreters(&trial)
		if !all {
			continue
		}
		for _, id := range interpreters {
			trial.hold(Resource{PersonResource, id})
		}
		if s.fits(&trial) {
			return Offer{Slot: trial.Slot, Interpreters: interpreters}, true
		}
	}
	return Offer{}, false
}

// trial is what would be put on the Board.
func (s *search) trial(at time.Time, room ID, people []ID) Item {
	item := Item{ItemRef: ItemRef{Kind: MeetingItem, ID: s.w.Without}, Audience: s.seats(),
		Slot: Slot{RoomID: room, Start: MomentOf(s.zone, at), End: MomentOf(s.zone, at.Add(s.length))}}
	for _, id := range people {
		item.hold(Resource{PersonResource, id})
	}
	if room != "" {
		item.hold(Resource{RoomResource, room})
	}
	return item
}

func (i *Item) hold(r Resource) {
	i.Holds = append(i.Holds, Hold{Resource: r, Start: i.Slot.Start.At, End: i.Slot.End.At})
}

// interpreters finds one for each of the Pairs, false when there is none for one of them.
func (s *search) interpreters(trial *Item) ([]ID, bool) {
	var chosen []ID
	for _, list := range s.who {
		i := slices.IndexFunc(list, func(o openResource) bool {
			if slices.Contains(chosen, o.id) || !covers(o.free, s.span(trial.Slot.Start.At)) {
				return false
			}
			alone := *trial
			alone.Holds = nil
			alone.hold(Resource{PersonResource, o.id})
			return s.fits(&alone)
		})
		if i < 0 {
			return nil, false
		}
		chosen = append(chosen, list[i].id)
	}
	return chosen, true
}

// fits says whether the item breaks no rule.
func (s *search) fits(item *Item) bool {
	s.found.reset()
	s.look(&s.found, item, s.self)
	return len(s.found.list) == 0
}
