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
	if at := s.placeOf(id); at >= 0 {
		return &s.Panels[at]
	}
	return nil
}

// placeOf gives the place of the Panel of that identity; -1 for none.
func (s *Snapshot) placeOf(id ID) int {
	var where map[ID]int
	if s.at != nil {
		where = s.at.of(s).panels
	}
	return lookUp(s.Panels, where, id, func(p *Panel) ID { return p.ID })
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
	if at := lookUp(s.People, where, id, func(p *Person) ID { return p.ID }); at >= 0 {
		return &s.People[at]
	}
	return nil
}

// lookUp gives the place of what has that identity: where it is said to be, or else wherever it is; -1 for none.
func lookUp[T any](list []T, where map[ID]int, id ID, of func(*T) ID) int {
	if i, known := where[id]; known && i < len(list) && of(&list[i]) == id {
		return i
	}
	for i := range list {
		if of(&list[i]) == id {
			return i
		}
	}
	return -1
}
