package agenda

import (
	"cmp"
	"slices"
)

// lineage says from which Snapshot another was made, and which Panels are otherwise in it. All else is the same.
type lineage struct {
	before *lineage
	panels []ID
	length int
}

// making is how a Snapshot was made, and what it had then: a copy may have been changed since.
type making struct {
	*lineage
	event  Event
	rooms  []Room
	tracks []Track
	people []Person
	panels []*Panel
	gone   []Panel
}

func (s *Snapshot) comesFrom(l *lineage) {
	s.how = &making{l, s.Event, s.Rooms, s.Tracks, s.People, s.Panels, s.Removed}
}

// lineage gives that of the Snapshot; nil when it is not known, or is that of another one that this is a copy of.
func (s *Snapshot) lineage() *lineage {
	if s == nil || s.how == nil {
		return nil
	}
	h := s.how
	if !h.event.Same(&s.Event) || !isList(h.rooms, s.Rooms) || !isList(h.tracks, s.Tracks) || !isList(h.people, s.People) ||
		!isList(h.panels, s.Panels) || !isList(h.gone, s.Removed) {
		return nil
	}
	return h.lineage
}

// isList says whether both are the same list in memory.
func isList[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// longestLineage is how many Snapshots back it is told what changed.
const longestLineage = 64

// Since gives the Panels that may be otherwise in this Snapshot than in an earlier one; known is false when other things may be too,
// or when that can't be told. Either may be nil.
func (s *Snapshot) Since(earlier *Snapshot) (panels map[ID]bool, known bool) {
	origin := earlier.lineage()
	if origin == nil || !s.Event.Same(&earlier.Event) {
		return nil, false
	}
	panels = map[ID]bool{}
	for l := s.lineage(); l != nil; l = l.before {
		if l == origin {
			return panels, true
		}
		for _, id := range l.panels {
			panels[id] = true
		}
	}
	return nil, false
}

// Revise gives what [NewSnapshot] makes of a Draft with this Snapshot before it, when the Draft differs from the one of which this
// was made in these Panels alone. It looks at nothing else. It says that it can't when what changed may touch more than these Panels
// themselves: who is named, which Rooms are shown, what was published once and no longer is.
func (s *Snapshot) Revise(panels []Panel) (Snapshot, bool) {
	line := s.lineage()
	if line == nil {
		return Snapshot{}, false
	}
	var gone, fresh []*Panel
	var ids []ID
	for i := range panels {
		p, q := &panels[i], s.panelOf(panels[i].ID)
		if p.Slot == nil && q == nil {
			continue // neither was nor is published
		}
		if p.Slot == nil || q == nil {
			return Snapshot{}, false
		}
		n := p.public()
		if !s.touchesItself(q, &n) {
			return Snapshot{}, false
		}
		gone, fresh, ids = append(gone, q), append(fresh, &n), append(ids, n.ID)
	}
	next := *s
	next.Panels = Replaced(s.Panels, gone, fresh, s.agendaOrder())
	next.comesFrom(line.after(ids))
	next.indexAfter(s, gone, fresh)
	return next, true
}

func (l *lineage) after(panels []ID) *lineage {
	if l.length == longestLineage {
		return &lineage{}
	}
	return &lineage{l, panels, l.length + 1}
}

// touchesItself says whether a published Panel that becomes another touches nothing else of the Snapshot.
func (s *Snapshot) touchesItself(was, is *Panel) bool {
	if was.UID != is.UID || was.Code != is.Code || was.Cancelled != is.Cancelled || was.ReplacedBy != "" || is.ReplacedBy != "" {
		return false
	}
	for _, id := range []ID{was.Slot.RoomID, is.Slot.RoomID} {
		if room, known := s.Room(id); id != "" && (!known || room.Kind == RoomTable) {
			return false
		}
	}
	return slices.Equal(who(was), who(is))
}

// who gives those who have a part in the Panel, each once.
func who(p *Panel) []ID {
	var ids []ID
	for _, s := range p.AllSpeakers() {
		ids = append(ids, s.PersonID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// agendaOrder is that of [Snapshot.SortPanels].
func (s *Snapshot) agendaOrder() func(a, b *Panel) int {
	position := make(map[ID]int, len(s.Rooms))
	for i, r := range s.Rooms {
		position[r.ID] = i + 1
	}
	return func(a, b *Panel) int {
		allFirst := 0
		if a.AllRooms != b.AllRooms {
			allFirst = 1
			if a.AllRooms {
				allFirst = -1
			}
		}
		return cmp.Or(a.Slot.Start.At.Compare(b.Slot.Start.At), allFirst,
			cmp.Compare(position[a.Slot.RoomID], position[b.Slot.RoomID]), cmp.Compare(a.ID, b.ID))
	}
}
