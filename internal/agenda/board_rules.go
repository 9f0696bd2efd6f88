package agenda

import (
	"slices"
	"time"
)

// clash is a Conflict of the item asked about, before it is put into words.
type clash struct {
	kind     ConflictKind
	resource Resource
	other    *Item // nil when one item is enough
	mine     Hold
	theirs   Hold
	start    int64 // microseconds since 1970
	end      int64
	minutes  int
	pair     Pair
	run      [2]*Item // of interpreter_rest: the first and the last item without a break
	dropped  bool
}

// clashName is what makes two clashes of an item the same Conflict.
type clashName struct {
	kind     ConflictKind
	resource Resource
	other    *Item
}

// finds collects clashes, one for each name: of several the worst, of equals the earliest, so that it
// doesn't matter which of the items is asked about.
type finds struct {
	list []clash
	at   map[clashName]int
}

func (f *finds) add(c clash) {
	name := clashName{c.kind, c.resource, c.other}
	if i, ok := f.at[name]; ok {
		if old := f.list[i]; c.minutes > old.minutes ||
			c.minutes == old.minutes && (c.start < old.start || c.start == old.start && c.end < old.end) {
			f.list[i] = c
		}
		return
	}
	if f.at == nil {
		f.at = map[clashName]int{}
	}
	f.at[name] = len(f.list)
	f.list = append(f.list, c)
}

// settle drops what is too short between two items in which the Person or the Room is at the same time: the latter is what
// has to be mended. Of the way and the buffer between two, the one stays of which more is missing.
func (f *finds) settle() {
	for i := range f.list {
		f.list[i].dropped = f.outdone(&f.list[i])
	}
	f.list = slices.DeleteFunc(f.list, func(c clash) bool { return c.dropped })
}

// outdone says whether something worse was found between the same two.
func (f *finds) outdone(c *clash) bool {
	switch c.kind {
	case TurnaroundShort:
		return f.find(RoomTaken, c) != nil
	case WalkTooShort:
		buffer := f.find(BufferTooShort, c)
		return f.find(PersonBusy, c) != nil || buffer != nil && buffer.minutes >= c.minutes
	case BufferTooShort:
		walk := f.find(WalkTooShort, c)
		return f.find(PersonBusy, c) != nil || walk != nil && walk.minutes > c.minutes
	}
	return false
}

// find gives what was found of a kind between the same two, nil for nothing.
func (f *finds) find(kind ConflictKind, c *clash) *clash {
	if i, ok := f.at[clashName{kind, c.resource, c.other}]; ok {
		return &f.list[i]
	}
	return nil
}

func (f *finds) reset() {
	f.list = f.list[:0]
	clear(f.at)
}

// look finds the clashes of the item with everything on the Board but self, which it replaces.
func (b *Board) look(found *finds, item, self *Item) {
	if !item.counts() {
		return
	}
	for i := range item.Holds {
		h := &item.Holds[i]
		from, to := h.Start.UnixMicro(), h.End.UnixMicro()
		if to <= from {
			continue
		}
		if h.Resource.Kind == RoomResource {
			b.lookInRoom(found, item, self, h, from, to)
		} else {
			b.lookAtPerson(found, item, self, h, from, to)
			b.lookAtRest(found, item, self, h)
		}
		if item.Kind != ElsewhereIs {
			b.lookAtWindows(found, item, h, from, to)
		}
	}
	if item.Kind != ElsewhereIs && !item.Slot.Start.IsZero() {
		b.lookAtSlot(found, item)
	}
}

func (b *Board) lookInRoom(found *finds, item, self *Item, h *Hold, from, to int64) {
	l := b.lanes[h.Resource]
	if l == nil || b.knownRoom(h.Resource.ID).Parallel {
		return
	}
	turnaround := int64(b.turnaround(h.Resource.ID)) * aMinute
	window := l.window(from-turnaround, to+turnaround)
	for i := range window {
		e := &window[i]
		if e.item == self || strangers(item, e.item) {
			continue
		}
		c := clash{kind: RoomTaken, resource: h.Resource, other: e.item, mine: *h, theirs: e.item.Holds[e.hold],
			start: max(from, e.start), end: min(to, e.end)}
		switch {
		case c.start >= c.end:
			c.start, c.end = c.end, c.start
			if !item.isIn(h.Resource.ID) || !e.item.isIn(h.Resource.ID) || !c.isShort(TurnaroundShort, turnaround) ||
				isBetween(item, self, h.Resource, window, c.start, c.end, func(i *Item) bool { return i.isIn(h.Resource.ID) }) {
				continue
			}
		case item.AllRooms && e.item.AllRooms:
			// Two that span all rooms clash once, not in each of them.
			c.resource = Resource{Kind: RoomResource}
		}
		found.add(c)
	}
}

func (b *Board) lookAtPerson(found *finds, item, self *Item, h *Hold, from, to int64) {
	l := b.lanes[h.Resource]
	if l == nil {
		return
	}
	buffer := b.buffer(h.Resource.ID)
	window := l.window(from-b.reach, to+b.reach)
	for i := range window {
		e := &window[i]
		if e.item == self || strangers(item, e.item) {
			continue
		}
		c := clash{kind: PersonBusy, resource: h.Resource, other: e.item, mine: *h, theirs: e.item.Holds[e.hold],
			start: max(from, e.start), end: min(to, e.end)}
		if c.start < c.end {
			found.add(c)
			continue
		}
		c.start, c.end = c.end, c.start
		if c.isShort(WalkTooShort, int64(b.walk(item, e.item))*aMinute) &&
			!isBetween(item, self, h.Resource, window, c.start, c.end, (*Item).isSomewhere) {
			found.add(c)
		}
		if c.isShort(BufferTooShort, int64(buffer.Between())*aMinute) &&
			!isBetween(item, self, h.Resource, window, c.start, c.end, (*Item).isAnything) {
			found.add(c)
		}
	}
}

// aMinute is a minute in microseconds.
const aMinute = int64(time.Minute / time.Microsecond)

// isShort says whether less time than that lies between the two, of that kind, and how many minutes are missing.
func (c *clash) isShort(kind ConflictKind, needed int64) bool {
	missing := needed - (c.end - c.start)
	c.kind, c.minutes = kind, int((missing+aMinute-1)/aMinute)
	return missing > 0
}

// isBetween says whether anything that counts takes the resource from one instant to the other: then the way is not from one
// item to the other, but by that.
func isBetween(item, self *Item, r Resource, window []entry, from, to int64, counts func(*Item) bool) bool {
	if from == to {
		return false
	}
	for i := range window {
		if e := &window[i]; e.start >= from && e.end <= to && e.item != self && counts(e.item) {
			return true
		}
	}
	if !counts(item) {
		return false
	}
	for i := range item.Holds {
		if h := &item.Holds[i]; h.Resource == r && h.End.After(h.Start) &&
			h.Start.UnixMicro() >= from && h.End.UnixMicro() <= to {
			return true
		}
	}
	return false
}

// isSomewhere says whether one has to be at a certain place for the item. What spans all rooms can be
// followed in any, and a Meeting without a Room has no place yet.
func (i *Item) isSomewhere() bool { return i.Kind == ElsewhereIs || i.Slot.RoomID != "" }

// isAnything says that the item takes somebody's time, wherever they are.
func (i *Item) isAnything() bool { return true }

// isIn says whether the item is in the Room itself, and not in all of them: of what is not told that is not known.
func (i *Item) isIn(room ID) bool { return i.Kind == ElsewhereIs || i.Slot.RoomID == room }

// buffer gives what the Person needs around each item.
func (b *Board) buffer(person ID) Buffer {
	if who := b.people[person]; who != nil {
		return who.Buffer
	}
	return Buffer{}
}

// turnaround gives the minutes that the Room needs between two items.
func (b *Board) turnaround(room ID) int {
	r, known := b.rooms[room]
	switch {
	case !known:
		return 0
	case r.Turnaround != nil:
		return *r.Turnaround
	case r.Kind == RoomTable:
		return b.event.Frame.Turnaround
	}
	return 0
}

// walk gives how many minutes it takes from one item to the other.
func (b *Board) walk(x, y *Item) int {
	if !x.isSomewhere() || !y.isSomewhere() {
		return 0
	}
	if x.Kind == ElsewhereIs || y.Kind == ElsewhereIs {
		return b.event.BufferMinutes
	}
	from, to := x.Slot.RoomID, y.Slot.RoomID
	if from == to {
		return 0
	}
	if minutes, ok := b.walks[[2]ID{min(from, to), max(from, to)}]; ok {
		return minutes
	}
	return b.event.BufferMinutes
}

// lookAtWindows finds holds outside of the resource's availability. Of an item that spans all rooms
// only its own Room counts: those that are closed then are not missed.
func (b *Board) lookAtWindows(found *finds, item *Item, h *Hold, from, to int64) {
	windows, ok := b.windows[h.Resource]
	if !ok {
		return
	}
	kind := PersonUnavailable
	if h.Resource.Kind == RoomResource {
		kind = RoomUnavailable
		if item.AllRooms && h.Resource.ID != item.Slot.RoomID {
			return
		}
	}
	if open, is := uncovered(windows, span{from, to}); is {
		found.add(clash{kind: kind, resource: h.Resource, mine: *h, start: open.start, end: open.end})
	}
}

func (b *Board) lookAtSlot(found *finds, item *Item) {
	from, to := item.Slot.Start.At.UnixMicro(), item.Slot.End.At.UnixMicro()
	// The night belongs to the day before it, so that the day of the start alone counts.
	day := item.Slot.Day()
	if b.event.EndDate != "" && (day < b.event.StartDate || day > b.event.EndDate) {
		found.add(clash{kind: OutsideEvent, start: from, end: to})
	}
	if room, ok := b.rooms[item.Slot.RoomID]; ok && room.Capacity > 0 && item.Audience > room.Capacity {
		found.add(clash{kind: RoomTooSmall, resource: Resource{RoomResource, room.ID}, start: from, end: to,
			minutes: item.Audience - room.Capacity})
	}
	if item.Kind == PanelItem && item.Slot.RoomID == "" && !item.AllRooms {
		found.add(clash{kind: NoRoom, start: from, end: to})
	}
	if pair, missing := b.unserved(item); missing {
		found.add(clash{kind: InterpreterNone, start: from, end: to, pair: pair})
	}
	if item.WantsModerator {
		found.add(clash{kind: NoModerator})
	}
}

// strangers says whether neither item is of this Event: what they do to each other is not for it to say.
func strangers(x, y *Item) bool { return x.Kind == ElsewhereIs && y.Kind == ElsewhereIs }
