package agenda

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// Board is all that the Persons and Rooms of one Event hold, indexed so that the Conflicts of an item
// are found without looking at the others. It is not safe for concurrent use.
//
// The holds of each resource are kept by start, with the latest end of all before them. Asking about
// an item costs, for each of its holds, two binary searches in the holds of that resource and a look
// at its neighbours in time: it grows with the logarithm of what the resource holds. An item as long
// as the day makes neighbours of the whole day.
type Board struct {
	event   Event
	zone    *time.Location
	reader  *Reader
	rooms   map[ID]*Room
	halls   []ID
	people  map[ID]*Person
	windows map[Resource][]span
	walks   map[[2]ID]int // minutes, both directions
	reach   int64         // the longest that anybody needs between two items, in microseconds
	items   map[itemName]*Item
	lanes   map[Resource]*lane
}

type itemName struct {
	kind ItemKind
	id   ID
}

// NewBoard makes an empty Board for the Event with its Rooms, the Persons who are to be named, and
// the Availabilities in the Event. A Room or Person that is held but not given has no name, no
// capacity and no limits.
func NewBoard(event Event, rooms []Room, people []Person, availabilities []Availability) *Board {
	b := &Board{
		event: event, zone: event.Location(), reader: NewReader(event.Language(), "en"),
		halls: HallsOf(rooms), rooms: make(map[ID]*Room, len(rooms)), people: make(map[ID]*Person, len(people)),
		windows: map[Resource][]span{}, walks: map[[2]ID]int{},
		items: map[itemName]*Item{}, lanes: map[Resource]*lane{},
	}
	longest := event.BufferMinutes
	for i := range rooms {
		r := &rooms[i]
		b.rooms[r.ID] = r
		for _, w := range r.Walks {
			pair := [2]ID{min(r.ID, w.To), max(r.ID, w.To)}
			b.walks[pair] = max(b.walks[pair], w.Minutes)
			longest = max(longest, w.Minutes)
		}
	}
	for i := range people {
		b.people[people[i].ID] = &people[i]
		longest = max(longest, people[i].Buffer.Between())
	}
	b.reach = int64(longest) * time.Minute.Microseconds()
	for _, a := range availabilities {
		b.windows[a.Resource] = append(b.windows[a.Resource], span{a.Start.At.UnixMicro(), a.End.At.UnixMicro()})
	}
	for resource, windows := range b.windows {
		b.windows[resource] = union(windows)
	}
	return b
}

// HallsOf gives those of an Event's Rooms that a Panel spanning all rooms takes: those of kind hall, by position.
func HallsOf(rooms []Room) []ID {
	var halls []*Room
	for i := range rooms {
		if rooms[i].Kind == RoomHall {
			halls = append(halls, &rooms[i])
		}
	}
	slices.SortFunc(halls, func(r, s *Room) int { return cmp.Or(cmp.Compare(r.Position, s.Position), cmp.Compare(r.ID, s.ID)) })
	ids := make([]ID, len(halls))
	for i, r := range halls {
		ids[i] = r.ID
	}
	return ids
}

// knownRoom gives a Room of the Event; one that is not given has no limits.
func (b *Board) knownRoom(id ID) *Room {
	if r := b.rooms[id]; r != nil {
		return r
	}
	return new(Room)
}

// Halls gives the [HallsOf] the Event's Rooms.
func (b *Board) Halls() []ID { return slices.Clone(b.halls) }

// Put adds the item, or replaces the one of the same kind and identity. It costs one append for each
// hold; the first question after it brings them into order.
func (b *Board) Put(item Item) {
	b.Remove(item.Kind, item.ID)
	if !item.counts() {
		return
	}
	// The index keeps times of its own: whoever changes the slice later must not confuse it.
	item.Holds = slices.DeleteFunc(slices.Clone(item.Holds), func(h Hold) bool { return !h.End.After(h.Start) })
	kept := &item
	b.items[itemName{item.Kind, item.ID}] = kept
	for i, h := range item.Holds {
		l := b.lanes[h.Resource]
		if l == nil {
			l = &lane{}
			b.lanes[h.Resource] = l
		}
		l.add(entry{start: h.Start.UnixMicro(), end: h.End.UnixMicro(), item: kept, hold: i})
	}
}

// Remove takes the item away; one that is not there is no matter.
func (b *Board) Remove(kind ItemKind, id ID) {
	name := itemName{kind, id}
	item, ok := b.items[name]
	if !ok {
		return
	}
	delete(b.items, name)
	for _, h := range item.Holds {
		b.lanes[h.Resource].remove(item, h.Start.UnixMicro())
	}
}

// ConflictsOf gives the Conflicts that the item has, or would have were it put on the Board in place
// of the one of the same kind and identity. The Board stays as it is. Errors come before warnings,
// then the earlier before the later.
func (b *Board) ConflictsOf(item Item) []Conflict {
	var found finds
	b.look(&found, &item, b.items[itemName{item.Kind, item.ID}])
	found.settle()
	if len(found.list) == 0 {
		return nil
	}
	list := make([]Conflict, 0, len(found.list))
	for i := range found.list {
		list = append(list, b.conflict(&item, &found.list[i]))
	}
	sortConflicts(list)
	return list
}

// Conflicts gives every Conflict on the Board once, in the order of [Board.ConflictsOf]. It costs as
// much as asking about each item.
func (b *Board) Conflicts() []Conflict { return b.ConflictsUpTo(math.MaxInt) }

// MaxConflicts is how many Conflicts of an Event are told. Where everything clashes with everything they grow with the
// square of the items, and nobody reads them.
const MaxConflicts = 50_000

// ConflictsUpTo is [Board.Conflicts] of the earliest items only, as soon as they have so many.
func (b *Board) ConflictsUpTo(most int) []Conflict {
	var list []Conflict
	var found finds
	items := slices.SortedFunc(maps.Values(b.items), func(x, y *Item) int {
		if x.before(y) {
			return -1
		}
		return 1
	})
	for _, item := range items {
		if list = b.conflictsFrom(&found, item, list); len(list) >= most {
			list = list[:most]
			break
		}
	}
	sortConflicts(list)
	return list
}

// conflictsFrom adds the Conflicts that are told of an item of the Board: of two, it is the earlier.
func (b *Board) conflictsFrom(found *finds, item *Item, list []Conflict) []Conflict {
	found.reset()
	b.look(found, item, item)
	found.settle()
	for i := range found.list {
		c := &found.list[i]
		if c.kind == InterpreterRest && c.run[0] != item {
			continue
		}
		if c.other == nil || item.before(c.other) {
			list = append(list, b.conflict(item, c))
		}
	}
	return list
}
