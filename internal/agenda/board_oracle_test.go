package agenda

import (
	"fmt"
	"time"
)

// told is what the oracle says of one Conflict, by its key.
type told struct {
	x, y       itemName
	start, end int64
	minutes    int
}

// oracle finds Conflicts by comparing everything with everything, minute by minute where it can: it
// shares no code with the Board but the nouns and the form of a key.
func oracle(f *forum, items []Item) map[string]told {
	all := map[string]told{}
	tell := func(key string, w told) {
		old, ok := all[key]
		if !ok || w.minutes > old.minutes || w.minutes == old.minutes && (w.start < old.start || w.start == old.start && w.end < old.end) {
			all[key] = w
		}
	}
	for _, x := range items {
		if x.Cancelled {
			continue
		}
		oracleSingles(f, x, tell)
		for _, y := range items {
			first, second := string(x.Kind)+":"+string(x.ID), string(y.Kind)+":"+string(y.ID)
			if y.Cancelled || x.Kind > y.Kind || x.Kind == y.Kind && x.ID >= y.ID || x.Kind == ElsewhereIs && y.Kind == ElsewhereIs {
				continue
			}
			oraclePair(f, items, x, y, first+"/"+second, tell)
		}
	}
	return all
}

func oraclePair(f *forum, items []Item, x, y Item, names string, tell func(string, told)) {
	w := told{x: itemName{x.Kind, x.ID}, y: itemName{y.Kind, y.ID}}
	busy, taken := map[ID]bool{}, map[ID]bool{}
	for _, g := range x.Holds {
		for _, h := range y.Holds {
			if g.Resource != h.Resource || !g.Start.Before(h.End) || !h.Start.Before(g.End) {
				continue
			}
			w.start, w.end = max(g.Start.UnixMicro(), h.Start.UnixMicro()), min(g.End.UnixMicro(), h.End.UnixMicro())
			switch id := g.Resource.ID; {
			case g.Resource.Kind == PersonResource:
				busy[id] = true
				tell("person_busy/person:"+string(id)+"/"+names, w)
			case id == "p":
			case x.AllRooms && y.AllRooms:
				tell("room_taken/all_rooms/"+names, w)
			default:
				taken[id] = true
				tell("room_taken/room:"+string(id)+"/"+names, w)
			}
		}
	}
	oracleGaps(items, x, y, func(kind ConflictKind, id ID, g told) {
		if !busy[id] {
			g.x, g.y = w.x, w.y
			tell(string(kind)+"/person:"+string(id)+"/"+names, g)
		}
	})
	oracleTurnaround(items, x, y, func(room ID, g told) {
		if _, taken := taken[room]; !taken {
			g.x, g.y = w.x, w.y
			tell("turnaround_short/room:"+string(room)+"/"+names, g)
		}
	})
}

// oracleGaps tells of each Person the worse of a way and a buffer that are too short between the two.
func oracleGaps(items []Item, x, y Item, tell func(ConflictKind, ID, told)) {
	worst := map[ConflictKind]map[ID]told{WalkTooShort: {}, BufferTooShort: {}}
	note := func(kind ConflictKind, early, late Hold, needed int, counts func(Item) bool) {
		missing := time.Duration(needed)*time.Minute - late.Start.Sub(early.End)
		if missing <= 0 || oracleBetween(items, early, late, counts) {
			return
		}
		g := told{start: early.End.UnixMicro(), end: late.Start.UnixMicro(), minutes: int((missing + time.Minute - 1) / time.Minute)}
		id := early.Resource.ID
		if old, ok := worst[kind][id]; !ok || g.minutes > old.minutes || g.minutes == old.minutes && (g.start < old.start || g.start == old.start && g.end < old.end) {
			worst[kind][id] = g
		}
	}
	for _, g := range x.Holds {
		for _, h := range y.Holds {
			if g.Resource != h.Resource || g.Resource.Kind != PersonResource {
				continue
			}
			early, late := g, h
			if late.Start.Before(early.Start) {
				early, late = late, early
			}
			note(WalkTooShort, early, late, oracleWalk(x, y), func(z Item) bool { return z.Kind == ElsewhereIs || z.Slot.RoomID != "" })
			if g.Resource.ID == "anna" {
				note(BufferTooShort, early, late, 12, func(Item) bool { return true })
			}
		}
	}
	for kind, other := range map[ConflictKind]ConflictKind{WalkTooShort: BufferTooShort, BufferTooShort: WalkTooShort} {
		for id, g := range worst[kind] {
			if o := worst[other][id].minutes; o < g.minutes || o == g.minutes && kind == BufferTooShort {
				tell(kind, id, g)
			}
		}
	}
}

// oracleTurnaround knows that hall A and the tables need some minutes between two that are in them.
func oracleTurnaround(items []Item, x, y Item, tell func(ID, told)) {
	for room, needed := range map[ID]int{"a": 7, "t1": 4, "t2": 4} {
		in := func(z Item) bool { return z.Kind == ElsewhereIs || z.Slot.RoomID == room }
		for _, g := range x.Holds {
			for _, h := range y.Holds {
				early, late := g, h
				if late.Start.Before(early.Start) {
					early, late = late, early
				}
				missing := time.Duration(needed)*time.Minute - late.Start.Sub(early.End)
				if g.Resource != h.Resource || g.Resource.ID != room || !in(x) || !in(y) || missing <= 0 || late.Start.Before(early.End) || oracleBetween(items, early, late, in) {
					continue
				}
				tell(room, told{start: early.End.UnixMicro(), end: late.Start.UnixMicro(), minutes: int((missing + time.Minute - 1) / time.Minute)})
			}
		}
	}
}

// oracleWalk knows the forum's rooms by heart.
func oracleWalk(x, y Item) int {
	if x.Kind == ElsewhereIs && y.Slot.RoomID != "" || y.Kind == ElsewhereIs && x.Slot.RoomID != "" {
		return 10
	}
	a, b := x.Slot.RoomID, y.Slot.RoomID
	if a == "" || b == "" || a == b {
		return 0
	}
	switch a + b {
	case "bp", "pb":
		return 25
	case "ap", "pa":
		return 0
	}
	return 10
}

func oracleBetween(items []Item, early, late Hold, counts func(Item) bool) bool {
	for _, z := range items {
		if z.Cancelled || !counts(z) {
			continue
		}
		for _, h := range z.Holds {
			if h.Resource == early.Resource && !h.Start.Before(early.End) && !h.End.After(late.Start) {
				return true
			}
		}
	}
	return false
}

func oracleSingles(f *forum, x Item, tell func(string, told)) {
	if x.Kind == ElsewhereIs {
		return
	}
	name := "/" + string(x.Kind) + ":" + string(x.ID)
	w := told{x: itemName{x.Kind, x.ID}}
	for _, h := range x.Holds {
		if h.Resource.Kind == RoomResource && x.AllRooms && h.Resource.ID != x.Slot.RoomID {
			continue
		}
		if first, last, ok := oracleOpen(f, h); ok {
			w.start, w.end = first.UnixMicro(), last.UnixMicro()
			tell(fmt.Sprintf("%s_unavailable/%s:%s%s", h.Resource.Kind, h.Resource.Kind, h.Resource.ID, name), w)
		}
	}
	w.start, w.end = x.Slot.Start.At.UnixMicro(), x.Slot.End.At.UnixMicro()
	if x.Slot.RoomID == "a" && x.Audience > 100 {
		w.minutes = x.Audience - 100
		tell("room_too_small/room:a"+name, w)
	}
	if x.Kind == PanelItem && x.Slot.RoomID == "" && !x.AllRooms && !x.Slot.Start.IsZero() {
		tell("no_room"+name, told{x: w.x, start: w.start, end: w.end})
	}
	if x.WantsModerator {
		tell("no_moderator"+name, w)
	}
}

// oracleOpen gives the first run of minutes of the hold that no window has.
func oracleOpen(f *forum, h Hold) (first, last time.Time, found bool) {
	limited := false
	open := func(minute time.Time) bool {
		for _, a := range f.open {
			if a.Resource == h.Resource && !minute.Before(a.Start.At) && minute.Before(a.End.At) {
				return true
			}
		}
		return false
	}
	for _, a := range f.open {
		limited = limited || a.Resource == h.Resource
	}
	for m := h.Start; limited && m.Before(h.End); m = m.Add(time.Minute) {
		switch {
		case !open(m) && !found:
			first, last, found = m, m.Add(time.Minute), true
		case !open(m):
			last = m.Add(time.Minute)
		case found:
			return first, last, true
		}
	}
	return first, last, found
}
