package agenda

import (
	"fmt"
	"strings"
	"time"
)

// conflict puts a clash of the item into words.
func (b *Board) conflict(item *Item, c *clash) Conflict {
	out := Conflict{Kind: c.kind, Severity: c.kind.Severity(), Minutes: c.minutes, Items: []ItemRef{shownRef(item)}}
	if c.other != nil {
		out.Items = append(out.Items, shownRef(c.other))
	}
	if c.kind == InterpreterRest {
		out.Items = b.restItems(item, c)
	}
	if c.kind == InterpreterNone {
		out.Languages = []string{c.pair.A, c.pair.B}
	}
	if c.kind != NoModerator {
		out.Start, out.End = time.UnixMicro(c.start).UTC(), time.UnixMicro(c.end).UTC()
	}
	switch {
	case c.resource.Kind == PersonResource:
		out.Persons = []ID{c.resource.ID}
	case c.resource.ID != "":
		out.Rooms = []ID{c.resource.ID}
	case c.kind == RoomTaken:
		out.Rooms = b.commonRooms(item, c.other)
	}
	if c.kind == WalkTooShort {
		for _, room := range c.way(item.Slot.RoomID, c.other.Slot.RoomID) {
			if room != "" {
				out.Rooms = append(out.Rooms, room)
			}
		}
	}
	out.Key = c.key(item)
	out.Message = b.message(item, c)
	return out
}

// shownRef names the item in a Conflict: of one that may not be seen nothing is told.
func shownRef(item *Item) ItemRef {
	if item.Kind == ElsewhereIs {
		return ItemRef{Kind: ElsewhereIs, ID: item.ID}
	}
	return item.ItemRef
}

// key gives kind, resource and items, the items in an order that does not depend on time.
func (c *clash) key(item *Item) string {
	var k strings.Builder
	k.WriteString(string(c.kind))
	switch {
	case c.resource.ID != "":
		k.WriteString("/" + string(c.resource.Kind) + ":" + string(c.resource.ID))
	case c.kind == RoomTaken:
		k.WriteString("/all_rooms")
	}
	first, second := item, c.other
	if c.kind == InterpreterRest {
		if first = c.run[0]; c.run[1] != first {
			second = c.run[1]
		}
	}
	if second != nil && compareNames(&second.ItemRef, &first.ItemRef) < 0 {
		first, second = second, first
	}
	k.WriteString("/" + string(first.Kind) + ":" + string(first.ID))
	if second != nil {
		k.WriteString("/" + string(second.Kind) + ":" + string(second.ID))
	}
	return k.String()
}

// commonRooms gives the Rooms that both items take and that hold one at a time.
func (b *Board) commonRooms(x, y *Item) []ID {
	taken := map[Resource]bool{}
	for _, h := range y.Holds {
		taken[h.Resource] = true
	}
	var common []ID
	for _, h := range x.Holds {
		if h.Resource.Kind == RoomResource && taken[h.Resource] && !b.knownRoom(h.Resource.ID).Parallel {
			common = append(common, h.Resource.ID)
		}
	}
	return common
}

// way gives what belongs to the earlier and to the later of the two items.
func (c *clash) way(mine, theirs ID) [2]ID {
	if c.theirs.Start.Before(c.mine.Start) {
		return [2]ID{theirs, mine}
	}
	return [2]ID{mine, theirs}
}

func (b *Board) message(item *Item, c *clash) string {
	switch c.kind {
	case PersonBusy:
		return fmt.Sprintf("%s is in %s and in %s at the same time: move one of them or replace them.",
			b.person(c.resource.ID), b.held(item, c.mine), b.held(c.other, c.theirs))
	case RoomTaken:
		if c.resource.ID == "" {
			return fmt.Sprintf("%s and %s take all rooms at the same time: move one of them.",
				capital(b.held(item, c.mine)), b.held(c.other, c.theirs))
		}
		return fmt.Sprintf("%s and %s are in %s at the same time: move one of them.",
			capital(b.held(item, c.mine)), b.held(c.other, c.theirs), b.room(c.resource.ID))
	case WalkTooShort, BufferTooShort:
		return b.walkMessage(item, c)
	case TurnaroundShort:
		return b.turnaroundMessage(item, c)
	case InterpreterRest:
		return b.restMessage(c)
	case InterpreterNone:
		return fmt.Sprintf("%s has two sides without a common language, and nobody who interprets between %s and %s: add an interpreter.",
			capital(b.planned(item)), c.pair.A, c.pair.B)
	case PersonUnavailable:
		return fmt.Sprintf("%s is in %s, but is not available %s: move it, replace them, or change when they are available.",
			b.person(c.resource.ID), b.held(item, c.mine), b.clock(time.UnixMicro(c.start), time.UnixMicro(c.end)))
	case RoomUnavailable:
		return fmt.Sprintf("%s is in %s, which is not available %s: move it, or change when the room is available.",
			capital(b.held(item, c.mine)), b.room(c.resource.ID), b.clock(time.UnixMicro(c.start), time.UnixMicro(c.end)))
	case RoomTooSmall:
		return fmt.Sprintf("%s expects %d people, but %s seats %d: %s missing, choose a larger room.",
			capital(b.planned(item)), item.Audience, b.room(c.resource.ID), b.knownRoom(c.resource.ID).Capacity,
			plural(c.minutes, "seat is", "seats are"))
	case OutsideEvent:
		return fmt.Sprintf("%s begins on %s, but the event lasts from %s to %s: move it, or change the days of the event.",
			capital(b.planned(item)), item.Slot.Day(), b.event.StartDate, b.event.EndDate)
	case NoRoom:
		return fmt.Sprintf("%s has no room yet: give it one, or let it span all rooms.", capital(b.planned(item)))
	default:
		return fmt.Sprintf("%s has no confirmed moderator: confirm or add one.", capital(b.planned(item)))
	}
}

func (b *Board) walkMessage(item *Item, c *clash) string {
	from, to, out, in := item, c.other, c.mine, c.theirs
	if in.Start.Before(out.Start) {
		from, to, out, in = to, from, in, out
	}
	if c.kind == BufferTooShort {
		return fmt.Sprintf("%s has %s between %s and %s, but asks for %d: move one of them or replace them.",
			b.person(c.resource.ID), plural(int((c.end-c.start)/aMinute), "minute", "minutes"),
			b.held(from, out), b.held(to, in), b.buffer(c.resource.ID).Between())
	}
	return fmt.Sprintf("%s has %s to get from %s to %s, but needs %d: move one of them or replace them.",
		b.person(c.resource.ID), plural(int((c.end-c.start)/aMinute), "minute", "minutes"),
		b.held(from, out), b.held(to, in), b.walk(from, to))
}

func (b *Board) turnaroundMessage(item *Item, c *clash) string {
	from, to, out, in := item, c.other, c.mine, c.theirs
	if in.Start.Before(out.Start) {
		from, to, out, in = to, from, in, out
	}
	return fmt.Sprintf("%s has %s between %s and %s, but needs %d: move one of them.", capital(b.room(c.resource.ID)),
		plural(int((c.end-c.start)/aMinute), "minute", "minutes"), b.held(from, out), b.held(to, in), b.turnaround(c.resource.ID))
}

// capital begins a sentence with an item. Titles stay as they are: they begin with a quotation mark.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// held gives the item with the time that it takes of one resource, and its place.
func (b *Board) held(item *Item, h Hold) string {
	return b.name(item) + " (" + b.clock(h.Start, h.End) + b.place(item) + ")"
}

// planned gives the item with its own time and place.
func (b *Board) planned(item *Item) string {
	return b.name(item) + " (" + b.clock(item.Slot.Start.At, item.Slot.End.At) + b.place(item) + ")"
}

func (b *Board) name(item *Item) string {
	title := b.reader.String(item.Title)
	switch {
	case item.Kind == ElsewhereIs:
		return "something else"
	case title != "":
		return `"` + clip(title) + `"`
	case item.Code != "":
		return string(item.Kind) + " " + item.Code
	}
	return "a " + string(item.Kind)
}

func (b *Board) place(item *Item) string {
	switch {
	case item.Kind == ElsewhereIs:
		return ""
	case item.Slot.RoomID != "":
		return ", " + b.room(item.Slot.RoomID)
	case item.AllRooms:
		return ", all rooms"
	}
	return ""
}

func (b *Board) person(id ID) string {
	if who := b.people[id]; who != nil && who.Name != "" {
		return who.Name
	}
	return "Somebody"
}

func (b *Board) room(id ID) string {
	if name := b.reader.String(b.knownRoom(id).Name); name != "" {
		return clip(name)
	}
	return "another room"
}

// clock gives an interval by the Event's clock, "28 October 10:00–11:30"; without the day when the
// Event has only that one.
func (b *Board) clock(start, end time.Time) string {
	from, to := start.In(b.zone), end.In(b.zone)
	text := readClock(from) + "–" + readClock(to)
	if end.Sub(start) >= 24*time.Hour {
		text = readClock(from) + "–" + to.Format("2 January ") + readClock(to)
	} else if day := Date(from.Format(DateLayout)); b.event.StartDate == b.event.EndDate && day == b.event.StartDate {
		return text
	}
	return from.Format("2 January ") + text
}

// readClock gives hours and minutes, with the offset while the clock shows each time twice.
func readClock(t time.Time) string {
	text := t.Format("15:04")
	_, before := t.Add(-2 * time.Hour).Zone()
	_, after := t.Add(2 * time.Hour).Zone()
	if before > after && len(readings(t.Location(), Wall(t.Format(WallLayout)))) == 2 {
		return text + " " + offsetOf(t)
	}
	return text
}
