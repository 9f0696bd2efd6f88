package app

import (
	"context"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Conflicts gives every conflict of the draft. Of Meetings that the Actor may not see, it tells that they take time.
func (a *App) Conflicts(ctx context.Context, actor agenda.Actor, slug string) (event agenda.Event, conflicts []agenda.Conflict, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		conflicts, err = a.allConflicts(tx, actor, e)
		return err
	})
	return event, conflicts, err
}

// elsewhere is an item of another Event. Its identity is told as a hash: enough to acknowledge it by,
// and nothing to look it up with.
func elsewhere(o store.Occupant) agenda.Item {
	opaque := agenda.ID(hashSecret(string(o.ID))[:16])
	return agenda.Item{ItemRef: agenda.ItemRef{Kind: agenda.ElsewhereIs, ID: opaque}, Holds: o.Holds}
}

// shown is the Meeting as the Actor may see it: of one that is not theirs to see nothing is told but the time.
func shown(actor agenda.Actor, m agenda.Meeting) agenda.Item {
	if agenda.SeesMeeting(actor, m) {
		return m.Item()
	}
	return elsewhere(store.Occupant{ID: m.ID, Holds: m.Holds()})
}

// panelConflicts gives what one Panel collides with, reading only what is near it.
func panelConflicts(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Panel) ([]agenda.Conflict, error) {
	draft, err := tx.Draft(e.ID)
	if err != nil {
		return nil, err
	}
	rooms := draft.Rooms
	item := p.Item(agenda.HallsOf(rooms))
	return conflictsOf(tx, actor, e, rooms, item)
}

// conflictsOf gives what the item collides with: everything that its persons and rooms hold around it.
func conflictsOf(tx *store.Tx, actor agenda.Actor, e agenda.Event, rooms []agenda.Room, item agenda.Item) ([]agenda.Conflict, error) {
	if len(item.Holds) == 0 {
		return agenda.NewBoard(e, rooms, nil, nil).ConflictsOf(item), nil
	}
	var resources []agenda.Resource
	from, to := item.Holds[0].Start, item.Holds[0].End
	for _, h := range item.Holds {
		resources = append(resources, h.Resource)
		if h.Start.Before(from) {
			from = h.Start
		}
		if h.End.After(to) {
			to = h.End
		}
	}
	board, err := boardAround(tx, actor, e, rooms, resources, from, to)
	if err != nil {
		return nil, err
	}
	return board.ConflictsOf(item), nil
}

// boardAround gives a Board with everything that these resources hold around a time, as far as it can matter to what is then.
func boardAround(tx *store.Tx, actor agenda.Actor, e agenda.Event, rooms []agenda.Room, resources []agenda.Resource, from, to time.Time) (*agenda.Board, error) {
	people, err := peopleOf(tx, e, resources)
	if err != nil {
		return nil, err
	}
	reach := reachOf(e, rooms, people)
	occupants, err := tx.ItemsNear(resources, from.Add(-reach), to.Add(reach))
	if err != nil {
		return nil, err
	}
	windows, err := tx.AvailabilitiesOf(e.ID, resources)
	if err != nil {
		return nil, err
	}
	board := agenda.NewBoard(e, rooms, people, windows)
	return board, putOccupants(tx, actor, e, board, occupants)
}

// reachOf gives how far before and after something another can be and still break a rule with it: by the longest way between any
// two rooms, by what the rooms and the persons need between two items, and by how long somebody interprets without a break.
func reachOf(e agenda.Event, rooms []agenda.Room, people []agenda.Person) time.Duration {
	minutes := max(e.BufferMinutes, e.Frame.Turnaround)
	for _, r := range rooms {
		for _, w := range r.Walks {
			minutes = max(minutes, w.Minutes)
		}
		if r.Turnaround != nil {
			minutes = max(minutes, *r.Turnaround)
		}
	}
	for _, p := range people {
		minutes = max(minutes, p.Buffer.Between())
		if len(p.Interprets) > 0 && e.Frame.WorkMinutes > 0 {
			minutes = max(minutes, e.Frame.WorkMinutes+e.Frame.RestMinutes)
		}
	}
	return time.Duration(minutes) * time.Minute
}

// peopleOf loads the persons among the resources: the messages name them.
func peopleOf(tx *store.Tx, e agenda.Event, resources []agenda.Resource) ([]agenda.Person, error) {
	var ids []agenda.ID
	for _, r := range resources {
		if r.Kind == agenda.PersonResource {
			ids = append(ids, r.ID)
		}
	}
	draft, err := tx.Draft(e.ID)
	if err != nil {
		return nil, err
	}
	var people []agenda.Person
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if p, ok := draft.Person(id); ok {
			people = append(people, p)
		}
	}
	return people, nil
}

func putOccupants(tx *store.Tx, actor agenda.Actor, e agenda.Event, board *agenda.Board, occupants []store.Occupant) error {
	var panels, meetings []agenda.ID
	for _, o := range occupants {
		switch {
		case o.EventID != e.ID:
			board.Put(elsewhere(o))
		case o.Kind == agenda.PanelItem:
			panels = append(panels, o.ID)
		case o.Kind == agenda.MeetingItem:
			meetings = append(meetings, o.ID)
		}
	}
	if len(panels) > 0 {
		draft, err := tx.Draft(e.ID)
		if err != nil {
			return err
		}
		slices.Sort(panels)
		for _, id := range slices.Compact(panels) {
			if p, ok := draft.Panel(id); ok {
				board.Put(p.Item(board.Halls()))
			}
		}
	}
	private, err := tx.MeetingsByID(e.ID, meetings)
	if err != nil {
		return err
	}
	for _, m := range private {
		board.Put(shown(actor, m))
	}
	return nil
}

// holdPanels renews the holds of Panels that changed. All are released before any is taken, so that
// two may swap.
func holdPanels(tx *store.Tx, e agenda.Event, panels ...agenda.Panel) error {
	halls, err := hallsOf(tx, e)
	if err != nil {
		return err
	}
	holds := map[agenda.ID][]agenda.Hold{}
	for _, p := range panels {
		holds[p.ID] = p.Holds(halls)
	}
	return tx.SetAllHolds(e.ID, agenda.PanelItem, holds)
}

// draftOf gives all that organizers have of an Event, but for its Meetings.
func draftOf(tx *store.Tx, e agenda.Event) (agenda.Draft, error) {
	d, _, err := numberedDraft(tx, e)
	d.Unshare()
	return d, err
}

// numberedDraft is [draftOf] for who changes nothing in what its lists have, with the serials that are to be kept when it is published.
func numberedDraft(tx *store.Tx, e agenda.Event) (d agenda.Draft, fresh map[agenda.SerialKind]map[agenda.ID]int, err error) {
	shared, err := tx.Draft(e.ID)
	if err != nil {
		return d, nil, err
	}
	d = agenda.Draft{Event: e, Rooms: slices.Clone(shared.Rooms), Tracks: slices.Clone(shared.Tracks), People: slices.Clone(shared.People),
		Panels: make([]agenda.Panel, 0, len(shared.Panels))}
	for _, p := range shared.Panels {
		d.Panels = append(d.Panels, *p)
	}
	if shared.Unnumbered {
		fresh, err = number(tx, &d)
	}
	return d, fresh, err
}
