package agenda

import "time"

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

// settle drops ways that are too short between two items in which the Person is at the same time:
// the latter is what has to be mended.
func (f *finds) settle() {
	kept := f.list[:0]
	for _, c := range f.list {
		if c.kind == WalkTooShort {
			if _, busy := f.at[clashName{PersonBusy, c.resource, c.other}]; busy {
				continue
			}
		}
		kept = append(kept, c)
	}
	f.list = kept
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
	if l == nil || b.rooms[h.Resource.ID].Parallel {
		return
	}
	window := l.window(from, to)
	for i := range window {
		e := &window[i]
		if e.end <= from || e.item == self || strangers(item, e.item) {
			continue
		}
		resource := h.Resource
		if item.AllRooms && e.item.AllRooms {
			// Two that span all rooms clash once, not in each of them.
			resource = Resource{Kind: RoomResource}
		}
		found.add(clash{kind: RoomTaken, resource: resource, other: e.item, mine: *h, theirs: e.item.Holds[e.hold],
			start: max(from, e.start), end: min(to, e.end)})
	}
}

func (b *Board) lookAtPerson(found *finds, item, self *Item, h *Hold, from, to int64) {
	l := b.lanes[h.Resource]
	if l == nil {
		return
	}
	window := l.window(from-b.reach, to+b.reach)
	for i := range window {
		e := &window[i]
		if e.item == self || strangers(item, e.item) {
			continue
		}
		c := clash{kind: PersonBusy, resource: h.Resource, other: e.item, start: max(from, e.start), end: min(to, e.end)}
		if c.start >= c.end {
			c.kind, c.start, c.end = WalkTooShort, c.end, c.start
			missing := int64(b.walk(item, e.item))*time.Minute.Microseconds() - (c.end - c.start)
			if missing <= 0 || b.isBetween(item, self, h.Resource, window, c.start, c.end) {
				continue
			}
			c.minutes = int((missing + time.Minute.Microseconds() - 1) / time.Minute.Microseconds())
		}
		c.mine, c.theirs = *h, e.item.Holds[e.hold]
		found.add(c)
	}
}

// isBetween says whether the Person is anywhere else from one instant to the other: then the way is
// not from one item to the other, but by that place.
func (b *Board) isBetween(item, self *Item, person Resource, window []entry, from, to int64) bool {
	if from == to {
		return false
	}
	for i := range window {
		if e := &window[i]; e.start >= from && e.end <= to && e.item != self && e.item.isSomewhere() {
			return true
		}
	}
	if !item.isSomewhere() {
		return false
	}
	for i := range item.Holds {
		if h := &item.Holds[i]; h.Resource == person && h.End.After(h.Start) &&
			h.Start.UnixMicro() >= from && h.End.UnixMicro() <= to {
			return true
		}
	}
	return false
}

// isSomewhere says whether one has to be at a certain place for the item. What spans all rooms can be
// followed in any, and a Meeting without a Room has no place yet.
func (i *Item) isSomewhere() bool { return i.Kind == ElsewhereIs || i.Slot.RoomID != "" }

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
	if item.WantsModerator {
		found.add(clash{kind: NoModerator})
	}
}

// strangers says whether neither item is of this Event: what they do to each other is not for it to say.
func strangers(x, y *Item) bool { return x.Kind == ElsewhereIs && y.Kind == ElsewhereIs }
