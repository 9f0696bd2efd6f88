package agenda

import "sync"

// positions say where in its lists a Snapshot has what: a Panel is large, and there are thousands. They are made when they are first asked.
// What they say is looked at before it is believed, since a Snapshot may be copied and the copy changed.
type positions struct {
	once   sync.Once
	panels map[ID]int
	people map[ID]int
}

// Index makes that one Panel or Person among many is found at once. It is for a Snapshot that will not be changed any more.
func (s *Snapshot) Index() { s.at = &positions{} }

func (x *positions) of(s *Snapshot) *positions {
	x.once.Do(func() {
		x.panels, x.people = make(map[ID]int, len(s.Panels)), make(map[ID]int, len(s.People))
		for i := range s.Panels {
			x.panels[s.Panels[i].ID] = i
		}
		for i := range s.People {
			x.people[s.People[i].ID] = i
		}
	})
	return x
}

// panelOf gives the Panel of that identity as it is in the Snapshot; nil for none, and of a Snapshot that is nil.
func (s *Snapshot) panelOf(id ID) *Panel {
	if s == nil {
		return nil
	}
	if s.at != nil {
		if i, known := s.at.of(s).panels[id]; known && i < len(s.Panels) && s.Panels[i].ID == id {
			return &s.Panels[i]
		}
	}
	return pointerTo(s.Panels, func(p *Panel) bool { return p.ID == id })
}

// personOf gives the Person of that identity as they are in the Snapshot; nil for none, and of a Snapshot that is nil.
func (s *Snapshot) personOf(id ID) *Person {
	if s == nil {
		return nil
	}
	if s.at != nil {
		if i, known := s.at.of(s).people[id]; known && i < len(s.People) && s.People[i].ID == id {
			return &s.People[i]
		}
	}
	return pointerTo(s.People, func(p *Person) bool { return p.ID == id })
}

func pointerTo[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
