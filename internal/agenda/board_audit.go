package agenda

import "time"

// Audit is a Board with all its Conflicts. It finds them again only near what changes: of thousands of items most have nothing to do
// with the one that was moved. It is not safe for concurrent use.
type Audit struct {
	board *Board
	told  map[itemName][]Conflict // by the item of which they are told: of two, the earlier
	count int
}

// NewAudit takes over a Board and finds its Conflicts, those of [Board.ConflictsUpTo]([MaxConflicts]). The Audit is nil when there
// are so many: then each change could make as many others.
func NewAudit(b *Board) (*Audit, []Conflict) {
	a := &Audit{board: b, told: map[itemName][]Conflict{}}
	var found finds
	for name, item := range b.items {
		if a.tell(&found, name, item); a.count >= MaxConflicts {
			return nil, b.ConflictsUpTo(MaxConflicts)
		}
	}
	return a, a.Conflicts()
}

// Conflicts gives all of them, in the order of [Board.ConflictsOf].
func (a *Audit) Conflicts() []Conflict {
	if a.count == 0 {
		return nil
	}
	list := make([]Conflict, 0, a.count)
	for _, of := range a.told {
		list = append(list, of...)
	}
	sortConflicts(list)
	return list
}

// Change puts items on the Board, in place of those of the same kind and identity, and takes others away. It says whether the Audit
// can be used any more: not when there are [MaxConflicts] or more now.
func (a *Audit) Change(put []Item, gone []ItemRef) bool {
	near := map[itemName]bool{}
	lanes := map[Resource]bool{}
	touch := func(name itemName) {
		near[name] = true
		if item := a.board.items[name]; item != nil {
			for _, h := range item.Holds {
				lanes[h.Resource] = true
			}
		}
	}
	for _, item := range put {
		name := itemName{item.Kind, item.ID}
		touch(name)
		a.board.Put(item)
		touch(name)
	}
	for _, ref := range gone {
		touch(itemName{ref.Kind, ref.ID})
		a.board.Remove(ref.Kind, ref.ID)
	}
	// Whatever can clash with something shares a Room or a Person with it, and what lies between two does so with both.
	for resource := range lanes {
		for _, e := range a.board.lanes[resource].entries {
			near[itemName{e.item.Kind, e.item.ID}] = true
		}
	}
	var found finds
	for name := range near {
		a.count -= len(a.told[name])
		delete(a.told, name)
		if item := a.board.items[name]; item != nil {
			a.tell(&found, name, item)
		}
	}
	return a.count < MaxConflicts
}

func (a *Audit) tell(found *finds, name itemName, item *Item) {
	if list := a.board.conflictsFrom(found, item, nil); len(list) > 0 {
		a.told[name] = list
		a.count += len(list)
	}
}

// Held gives the Persons whose time the items of the Event take, and from when to when they take any of a Person or a Room.
func (b *Board) Held() (people []Resource, from, to time.Time) {
	var first, last int64
	any := false
	for resource, l := range b.lanes {
		l.settle()
		ours := false
		for i := range l.entries {
			e := &l.entries[i]
			if e.item.Kind == ElsewhereIs {
				continue
			}
			ours = true
			if !any || e.start < first {
				first = e.start
			}
			if !any || e.end > last {
				last = e.end
			}
			any = true
		}
		if ours && resource.Kind == PersonResource {
			people = append(people, resource)
		}
	}
	if !any {
		return nil, time.Time{}, time.Time{}
	}
	return people, time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
}
