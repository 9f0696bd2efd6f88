package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// ReasonKind says why a time is not possible. Most are called as the [Conflict] that there would be.
type ReasonKind string

// The kinds that no Conflict has.
const (
	ItIsPast      ReasonKind = "past"           // it has gone by
	OutsideHours  ReasonKind = "outside_hours"  // not in the hours in which the Event has Meetings
	NoRoomFree    ReasonKind = "no_room_free"   // none that is large enough
	NoInterpreter ReasonKind = "no_interpreter" // nobody who interprets between these languages is free
	JustBusy      ReasonKind = "busy"           // somebody can't, and why is not for the reader
)

// ReasonKinds lists the kinds.
var ReasonKinds = []ReasonKind{ItIsPast, ReasonKind(DayFull), ReasonKind(PersonBusy), ReasonKind(PersonUnavailable), ReasonKind(BufferTooShort), ReasonKind(WalkTooShort),
	ReasonKind(InterpreterRest), ReasonKind(RoomTaken), ReasonKind(RoomUnavailable), ReasonKind(TurnaroundShort), ReasonKind(RoomTooSmall),
	ReasonKind(OutsideEvent), OutsideHours, NoRoomFree, NoInterpreter, JustBusy}

// Reason is why a time is not possible.
type Reason struct {
	Kind      ReasonKind
	Person    ID       // whom it is about; "": nobody in particular
	Room      ID       // which Room it is about
	Item      *ItemRef // what the Person does then, or is in the Room; nil: nothing
	Start     time.Time
	End       time.Time // when, UTC: of the Item, of the time that is asked for, or of what is missing of it
	Minutes   int       // that are missing or too many; seats of room_too_small and no_room_free, Meetings that day_full allows
	Languages []string  // of no_interpreter
	Message   string    // an English sentence
}

// Reasons says why the people can't meet at that time: nothing when they can. See [Board.Find] for what the Board must have.
func (b *Board) Reasons(w Wanted, start time.Time) []Reason {
	w.From, w.To = time.Time{}, time.Time{}
	s := b.search(w)
	when := s.span(start)
	if s.isPast(start) {
		past := s.reason(ItIsPast, when)
		past.Message = s.because(&past)
		return []Reason{past}
	}
	inside := covers(s.hours, when)
	if inside && s.mayBe(start) {
		if _, ok := s.offer(start); ok {
			return nil
		}
	}
	trial := s.trial(start, w.Room, s.w.People)
	reasons := append(s.fullReasons(start), s.clashes(&trial)...)
	outside := slices.ContainsFunc(reasons, func(r Reason) bool { return r.Kind == ReasonKind(OutsideEvent) })
	if !inside && !outside {
		reasons = append(reasons, s.reason(OutsideHours, when))
	}
	reasons = append(reasons, s.roomReasons(start, reasons)...)
	for i, list := range s.who {
		if free := func(o openResource) bool { return covers(o.free, when) }; !slices.ContainsFunc(list, free) {
			r := s.reason(NoInterpreter, when)
			r.Languages = []string{s.pairs[i].A, s.pairs[i].B}
			reasons = append(reasons, r)
		}
	}
	if len(reasons) == 0 { // each is free, but not all of them in time
		for _, pair := range s.pairs {
			r := s.reason(NoInterpreter, when)
			r.Languages = []string{pair.A, pair.B}
			reasons = append(reasons, r)
		}
	}
	for i := range reasons {
		reasons[i].Message = s.because(&reasons[i])
	}
	sortReasons(reasons)
	return reasons
}

// fullReasons says who has no room for one more Meeting on that day.
func (s *search) fullReasons(start time.Time) (reasons []Reason) {
	for _, id := range s.full(start) {
		r := s.reason(ReasonKind(DayFull), s.span(start))
		r.Person, r.Minutes = id, s.w.Full.Allowed
		reasons = append(reasons, r)
	}
	return reasons
}

func sortReasons(list []Reason) {
	slices.SortStableFunc(list, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(slices.Index(ReasonKinds, a.Kind), slices.Index(ReasonKinds, b.Kind)), cmp.Compare(a.Person, b.Person),
			a.Start.Compare(b.Start))
	})
}

func (s *search) reason(kind ReasonKind, when span) Reason {
	r := Reason{Kind: kind, Start: time.UnixMicro(when.start).UTC(), End: time.UnixMicro(when.end).UTC()}
	if kind == NoRoomFree {
		r.Minutes = s.seats()
	}
	return r
}

// clashes gives a Reason for each rule that the item would break.
func (s *search) clashes(trial *Item) []Reason {
	s.found.reset()
	s.look(&s.found, trial, s.self)
	s.found.settle()
	var reasons []Reason
	for i := range s.found.list {
		c := &s.found.list[i]
		r := s.reason(ReasonKind(c.kind), span{c.start, c.end})
		r.Minutes = c.minutes
		if c.resource.Kind == PersonResource {
			r.Person = c.resource.ID
		} else {
			r.Room = c.resource.ID
		}
		if c.other != nil {
			ref := shownRef(c.other)
			r.Item, r.Start, r.End = &ref, c.theirs.Start, c.theirs.End
		}
		reasons = append(reasons, r)
	}
	return reasons
}

// roomReasons says what is with the Rooms, where none was asked for: that none is free, or what stands between the people and the
// one to which fewest of them come too late.
func (s *search) roomReasons(start time.Time, known []Reason) []Reason {
	if s.w.NoRoom || s.w.Room != "" {
		return nil
	}
	var least []Reason
	free := false
	for _, room := range s.rooms {
		if !covers(room.free, s.span(start)) && covers(s.hours, s.span(start)) || s.isTaken(room.id, start) {
			continue
		}
		trial := s.trial(start, room.id, s.w.People)
		more := slices.DeleteFunc(s.clashes(&trial), func(r Reason) bool {
			return slices.ContainsFunc(known, func(k Reason) bool { return k.Kind == r.Kind && k.Person == r.Person && k.Start.Equal(r.Start) })
		})
		if !free || len(more) < len(least) {
			free, least = true, more
		}
	}
	if !free {
		return []Reason{s.reason(NoRoomFree, s.span(start))}
	}
	return least
}

// isTaken says whether a Room can't be used at that time.
func (s *search) isTaken(room ID, start time.Time) bool {
	trial := s.trial(start, room, nil)
	return slices.ContainsFunc(s.clashes(&trial), func(r Reason) bool { return r.Kind != ReasonKind(OutsideEvent) })
}

// because puts a Reason into words.
func (s *search) because(r *Reason) string {
	when := s.clock(r.Start, r.End)
	item := "something else"
	if r.Item != nil {
		if known := s.items[itemName{r.Item.Kind, r.Item.ID}]; known != nil {
			item = s.name(known) + " (" + when + s.Board.place(known) + ")"
		}
	}
	missing := plural(r.Minutes, "minute is missing", "minutes are missing")
	switch ConflictKind(r.Kind) {
	case PersonBusy:
		return fmt.Sprintf("%s is in %s.", s.person(r.Person), item)
	case PersonUnavailable:
		return fmt.Sprintf("%s is not available %s.", s.person(r.Person), when)
	case BufferTooShort:
		return fmt.Sprintf("%s needs %d minutes between this and %s: %s.", s.person(r.Person), s.buffer(r.Person).Between(), item, missing)
	case WalkTooShort:
		return fmt.Sprintf("%s is in %s, and the way takes too long: %s.", s.person(r.Person), item, missing)
	case InterpreterRest:
		return fmt.Sprintf("%s would interpret %s longer without a break than they may.", s.person(r.Person), plural(r.Minutes, "minute", "minutes"))
	case RoomTaken:
		return fmt.Sprintf("%s is taken by %s.", capital(s.room(r.Room)), item)
	case RoomUnavailable:
		return fmt.Sprintf("%s is not available %s.", capital(s.room(r.Room)), when)
	case TurnaroundShort:
		return fmt.Sprintf("%s needs %d minutes between this and %s: %s.", capital(s.room(r.Room)), s.turnaround(r.Room), item, missing)
	case RoomTooSmall:
		return fmt.Sprintf("%s has too few seats: %s missing.", capital(s.room(r.Room)), plural(r.Minutes, "is", "are"))
	case DayFull:
		return fmt.Sprintf("%s has as many meetings on that day as the event allows: %d.", s.person(r.Person), r.Minutes)
	case OutsideEvent:
		return "The event does not take place on that day."
	}
	return s.becauseNone(r, when)
}

func (s *search) becauseNone(r *Reason, when string) string {
	switch r.Kind {
	case ItIsPast:
		return "That time has gone by."
	case OutsideHours:
		return "It is outside of the hours in which the event has meetings, " + cmp.Or(s.event.Frame.From, MeetingsFrom) + "–" + cmp.Or(s.event.Frame.Until, MeetingsUntil) + "."
	case NoRoomFree:
		return fmt.Sprintf("No room that seats %d is free %s.", r.Minutes, when)
	case NoInterpreter:
		return fmt.Sprintf("Nobody who interprets between %s and %s is free %s.", r.Languages[0], r.Languages[1], when)
	}
	return "Somebody is busy."
}
