package store

import (
	"maps"
	"slices"

	"plenary/internal/agenda"
)

// complete gives everything of the draft its serial, and makes what finds things in it. Of panels only the fresh ones, which nobody else
// has yet, can get another.
func (d *Draft) complete(serials map[agenda.SerialKind]map[agenda.ID]int, fresh []*agenda.Panel) *Draft {
	d.Unnumbered = false
	number := func(kind agenda.SerialKind, id agenda.ID, had int) int {
		n, known := serials[kind][id]
		if !known {
			n = had
		}
		d.Unnumbered = d.Unnumbered || n == 0
		return n
	}
	for _, p := range fresh {
		p.Serial = number(agenda.PanelSerial, p.ID, p.Serial)
	}
	d.Unnumbered = d.Unnumbered || slices.ContainsFunc(d.Panels, func(p *agenda.Panel) bool { return p.Serial == 0 })
	renumber(&d.Rooms, agenda.RoomSerial, func(r *agenda.Room) (agenda.ID, *int) { return r.ID, &r.Serial }, number)
	renumber(&d.Tracks, agenda.TrackSerial, func(t *agenda.Track) (agenda.ID, *int) { return t.ID, &t.Serial }, number)
	renumber(&d.People, agenda.PersonSerial, func(p *agenda.Person) (agenda.ID, *int) { return p.ID, &p.Serial }, number)
	d.person = make(map[agenda.ID]int, len(d.People))
	for i := range d.People {
		d.person[d.People[i].ID] = i
	}
	return d
}

// renumber sets the serials of one kind, in a copy if others may have the list.
func renumber[T any](list *[]T, kind agenda.SerialKind, of func(*T) (agenda.ID, *int), number func(agenda.SerialKind, agenda.ID, int) int) {
	copied := false
	for i := range *list {
		id, serial := of(&(*list)[i])
		n := number(kind, id, *serial)
		if n == *serial {
			continue
		}
		if !copied {
			*list, copied = slices.Clone(*list), true
			_, serial = of(&(*list)[i])
		}
		*serial = n
	}
}

// serials gives those that things of the kinds had.
func (d *Draft) serials(kinds map[agenda.SerialKind][]agenda.ID) map[agenda.SerialKind]map[agenda.ID]int {
	had := map[agenda.SerialKind]map[agenda.ID]int{}
	for kind := range maps.Keys(kinds) {
		had[kind] = map[agenda.ID]int{}
	}
	if m := had[agenda.RoomSerial]; m != nil {
		for _, r := range d.Rooms {
			m[r.ID] = r.Serial
		}
	}
	if m := had[agenda.TrackSerial]; m != nil {
		for _, t := range d.Tracks {
			m[t.ID] = t.Serial
		}
	}
	if m := had[agenda.PersonSerial]; m != nil {
		for i := range d.People {
			m[d.People[i].ID] = d.People[i].Serial
		}
	}
	return had
}

// serialsAmong gives the serials of things of an event.
func (tx *Tx) serialsAmong(event agenda.ID, ids map[agenda.SerialKind][]agenda.ID) (map[agenda.SerialKind]map[agenda.ID]int, error) {
	serials := map[agenda.SerialKind]map[agenda.ID]int{}
	for _, kind := range agenda.SerialKinds {
		serials[kind] = map[agenda.ID]int{}
		for part := range slices.Chunk(ids[kind], chunk) {
			rows, err := all[serialRow](tx.of(event).Where("kind = ? AND item_id IN ?", kind, part), "item_id")
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				serials[kind][agenda.ID(r.ItemID)] = r.Serial
			}
		}
	}
	return serials, nil
}
