package agenda

import (
	"cmp"
	"slices"
	"time"
)

// ConflictKind says which rule a [Conflict] breaks.
type ConflictKind string

// The kinds of Conflict.
const (
	RoomTaken         ConflictKind = "room_taken"         // two items in a Room that holds one at a time
	PersonBusy        ConflictKind = "person_busy"        // one Person in two items at once
	PersonUnavailable ConflictKind = "person_unavailable" // outside of all windows of the Person
	RoomUnavailable   ConflictKind = "room_unavailable"   // outside of all windows of the Room
	OutsideEvent      ConflictKind = "outside_event"      // begins on none of the Event's days
	WalkTooShort      ConflictKind = "walk_too_short"     // less time between two Rooms than the way takes
	RoomTooSmall      ConflictKind = "room_too_small"     // more people expected than the Room seats
	NoModerator       ConflictKind = "no_moderator"       // a Panel that needs one has none confirmed
	NoRoom            ConflictKind = "no_room"            // a Panel has a time and no place yet
	BufferTooShort    ConflictKind = "buffer_too_short"   // less time between two items than a Person asks for themselves
	TurnaroundShort   ConflictKind = "turnaround_short"   // less time between two items than the Room needs
	InterpreterRest   ConflictKind = "interpreter_rest"   // an interpreter works longer than the Event lets them without a break
	InterpreterNone   ConflictKind = "interpreter_none"   // two sides of a Meeting with no language in common, and nobody between them
	DayFull           ConflictKind = "day_full"           // somebody has as many Meetings on a day as the Event allows; told of what is to be accepted
)

// ConflictKinds lists the kinds.
var ConflictKinds = []ConflictKind{RoomTaken, PersonBusy, PersonUnavailable, RoomUnavailable, OutsideEvent,
	WalkTooShort, RoomTooSmall, NoModerator, NoRoom, BufferTooShort, TurnaroundShort, InterpreterRest, InterpreterNone, DayFull}

// Severity says whether a Conflict stops a publication.
type Severity string

// The severities. An error must be acknowledged by its Key before the agenda is published.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Severity says how bad Conflicts of the kind are.
func (k ConflictKind) Severity() Severity {
	switch k {
	case WalkTooShort, RoomTooSmall, NoModerator, NoRoom, BufferTooShort, TurnaroundShort, InterpreterRest, InterpreterNone, DayFull:
		return SeverityWarning
	}
	return SeverityError
}

// ItemRef names an item. Of an item elsewhere and of a Meeting that only protocol officers may know,
// Code and Title are empty.
type ItemRef struct {
	Kind  ItemKind
	ID    ID
	Code  string
	Title Text
}

// Conflict is two commitments that clash, or one that breaks an availability, a capacity or a rule
// of the Event. It is computed, never stored.
type Conflict struct {
	// Key names the Conflict by kind, resource and items. It is the same whichever item is asked
	// about, and stays the same until one of them is changed so that they no longer clash.
	Key      string
	Kind     ConflictKind
	Severity Severity
	Persons  []ID
	Rooms    []ID      // of walk_too_short: from, to
	Items    []ItemRef // one or two; the one asked about first, else the earlier one. Of interpreter_rest, the first and the last too
	// Start is when they clash, UTC; zero for no_moderator. Of what is too short, the time between.
	Start time.Time
	End   time.Time
	// Minutes are those that are missing, of interpreter_rest those that are too many, of room_too_small missing seats, of day_full
	// the Meetings that are allowed, else 0.
	Minutes   int
	Languages []string // the two of interpreter_none
	Message   string   // an English sentence: who, what and when by the Event's clock, and what to do
}

// Item is what the rules know of a Panel, a Meeting or somebody's time elsewhere.
type Item struct {
	ItemRef
	Slot           Slot // zero: unscheduled, or an item elsewhere
	AllRooms       bool // spans every hall
	Audience       int  // people expected; 0: unknown
	WantsModerator bool // needs a moderator and has no confirmed one
	Cancelled      bool
	Holds          []Hold  // whose time it takes
	Parties        []Party // the two sides of a Meeting, who have to understand each other
}

// Item gives what the rules know of the Panel; halls are the rooms that one spanning all rooms takes
// (see [Board.Halls]).
func (p Panel) Item(halls []ID) Item {
	item := Item{
		ItemRef:  ItemRef{Kind: PanelItem, ID: p.ID, Code: p.Code, Title: p.Title},
		AllRooms: p.AllRooms, Audience: p.Audience, Cancelled: p.Cancelled, Holds: p.Holds(halls),
		WantsModerator: p.Format.NeedsModerator() && !slices.ContainsFunc(p.Speakers, func(s Speaker) bool {
			return s.Role.Moderates() && s.Status == Confirmed
		}),
	}
	if p.Slot != nil {
		item.Slot = *p.Slot
	}
	return item
}

// Item gives what the rules know of the Meeting. One that only protocol officers may know of has no
// Title, because a Conflict is read by all organizers.
func (m Meeting) Item() Item {
	item := Item{ItemRef: ItemRef{Kind: MeetingItem, ID: m.ID}, Cancelled: !m.Stands(), Holds: m.Holds(),
		Parties: []Party{m.Sides[0].party(), m.Sides[1].party()}}
	if m.Visibility != VisibleToProtocol {
		item.Title = m.Topic
	}
	if m.Slot != nil {
		item.Slot = *m.Slot
	}
	return item
}

// counts says whether the item can clash with anything.
func (i *Item) counts() bool { return !i.Cancelled && (len(i.Holds) > 0 || !i.Slot.Start.IsZero()) }

// begins gives the first instant of the item.
func (i *Item) begins() time.Time {
	first := i.Slot.Start.At
	for _, h := range i.Holds {
		if first.IsZero() || h.Start.Before(first) {
			first = h.Start
		}
	}
	return first
}

// before orders two items by time, then by name.
func (i *Item) before(other *Item) bool {
	return cmp.Or(i.begins().Compare(other.begins()), compareNames(&i.ItemRef, &other.ItemRef)) < 0
}

func compareNames(a, b *ItemRef) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// sortConflicts orders by severity, then by time, then by Key.
func sortConflicts(list []Conflict) {
	slices.SortFunc(list, func(a, b Conflict) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), a.Start.Compare(b.Start), cmp.Compare(a.Key, b.Key))
	})
}
