package agenda

import (
	"cmp"
	"slices"
	"sync"
)

// positions say where in its lists a Snapshot has what: there are thousands. They are made when they are first asked. A Snapshot may
// be copied, and the copy have other lists: of these they say nothing.
type positions struct {
	once   sync.Once
	list   []*Panel // of the Snapshot
	panels PanelsByID
	people map[ID]int
}

// Index makes that one Panel or Person among many is found at once. It is for a Snapshot that will not be changed any more, nor its lists.
func (s *Snapshot) Index() { s.at = &positions{list: s.Panels} }

func (x *positions) of(s *Snapshot) *positions {
	x.once.Do(func() {
		x.panels = NewPanelsByID(x.list)
		x.people = make(map[ID]int, len(s.People))
		for i := range s.People {
			x.people[s.People[i].ID] = i
		}
	})
	return x
}

// areOf says whether they are those of the Panels that the Snapshot has.
func (x *positions) areOf(s *Snapshot) bool { return x != nil && isList(x.list, s.Panels) }

// indexAfter is Index of a Snapshot that has the same people as an earlier one, and but for some the same Panels.
func (s *Snapshot) indexAfter(earlier *Snapshot, gone, fresh []*Panel) {
	s.Index()
	if !earlier.at.areOf(earlier) {
		return
	}
	was := earlier.at.of(earlier)
	s.at.once.Do(func() { s.at.panels, s.at.people = was.panels.Replaced(gone, fresh), was.people })
}

// PanelsByID are Panels in the order of their identities, among which one is found at once.
type PanelsByID []*Panel

// NewPanelsByID gives the Panels in that order.
func NewPanelsByID(panels []*Panel) PanelsByID {
	return slices.SortedStableFunc(slices.Values(panels), panelsByID)
}

func panelsByID(p, q *Panel) int { return cmp.Compare(p.ID, q.ID) }

// Find gives the Panel of that identity; nil for none.
func (l PanelsByID) Find(id ID) *Panel {
	at, there := slices.BinarySearchFunc(l, id, func(p *Panel, id ID) int { return cmp.Compare(p.ID, id) })
	if !there {
		return nil
	}
	return l[at]
}

// Replaced gives the Panels without some and with others. The list itself stays as it is.
func (l PanelsByID) Replaced(gone, fresh []*Panel) PanelsByID {
	return Replaced(l, gone, fresh, panelsByID)
}

// Replaced gives a list without some and with others, in its order, by which no two are equal. The list itself stays as it is.
func Replaced[T any](list, gone, fresh []T, order func(a, b T) int) []T {
	list = append(make([]T, 0, len(list)+len(fresh)), list...)
	for _, item := range gone {
		if at, there := slices.BinarySearchFunc(list, item, order); there {
			list = slices.Delete(list, at, at+1)
		}
	}
	for _, item := range fresh {
		at, _ := slices.BinarySearchFunc(list, item, order)
		list = slices.Insert(list, at, item)
	}
	return list
}

// panelOf gives the Panel of that identity as it is in the Snapshot; nil for none, and of a Snapshot that is nil.
func (s *Snapshot) panelOf(id ID) *Panel {
	switch {
	case s == nil:
		return nil
	case s.at.areOf(s):
		return s.at.of(s).panels.Find(id)
	}
	if at := slices.IndexFunc(s.Panels, func(p *Panel) bool { return p.ID == id }); at >= 0 {
		return s.Panels[at]
	}
	return nil
}

// personOf gives the Person of that identity as they are in the Snapshot; nil for none, and of a Snapshot that is nil.
func (s *Snapshot) personOf(id ID) *Person {
	if s == nil {
		return nil
	}
	var where map[ID]int
	if s.at != nil {
		where = s.at.of(s).people
	}
	if at, known := where[id]; known && at < len(s.People) && s.People[at].ID == id { // a copy may have others
		return &s.People[at]
	}
	for i := range s.People {
		if s.People[i].ID == id {
			return &s.People[i]
		}
	}
	return nil
}
