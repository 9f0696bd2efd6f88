package app

import (
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// numbered is a thing that has a serial.
type numbered struct {
	kind   agenda.SerialKind
	id     agenda.ID
	serial *int
}

// numberedIn gives all things of a Draft that have a serial, each kind by identity: in the order in which they were made.
func numberedIn(d *agenda.Draft) []numbered {
	var list []numbered
	for i := range d.Panels {
		list = append(list, numbered{agenda.PanelSerial, d.Panels[i].ID, &d.Panels[i].Serial})
	}
	for i := range d.Rooms {
		list = append(list, numbered{agenda.RoomSerial, d.Rooms[i].ID, &d.Rooms[i].Serial})
	}
	for i := range d.Tracks {
		list = append(list, numbered{agenda.TrackSerial, d.Tracks[i].ID, &d.Tracks[i].Serial})
	}
	for i := range d.People {
		list = append(list, numbered{agenda.PersonSerial, d.People[i].ID, &d.People[i].Serial})
	}
	slices.SortFunc(list, func(a, b numbered) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	return list
}

// number gives all things of a Draft their serials: those that are kept, and to others the ones that they will get. It
// says which are new, so that who publishes can keep them.
func number(tx *store.Tx, d *agenda.Draft) (fresh map[agenda.SerialKind]map[agenda.ID]int, err error) {
	kept, err := tx.Serials(d.Event.ID)
	if err != nil {
		return nil, err
	}
	fresh, free := map[agenda.SerialKind]map[agenda.ID]int{}, map[agenda.SerialKind]*agenda.Serials{}
	for kind, serials := range kept {
		var used []int
		for _, n := range serials {
			used = append(used, n)
		}
		free[kind], fresh[kind] = agenda.NewSerials(used), map[agenda.ID]int{}
	}
	for _, n := range numberedIn(d) {
		if *n.serial = kept[n.kind][n.id]; *n.serial == 0 {
			*n.serial = free[n.kind].Next()
			fresh[n.kind][n.id] = *n.serial
		}
	}
	return fresh, nil
}

// keepSerials keeps serials that are new.
func keepSerials(tx *store.Tx, event agenda.ID, fresh map[agenda.SerialKind]map[agenda.ID]int) error {
	for _, kind := range agenda.SerialKinds {
		if err := tx.InsertSerials(event, kind, fresh[kind]); err != nil {
			return err
		}
	}
	return nil
}

// keepSerialsOf keeps the serials that an Event brought from elsewhere: those of its draft, and of what was published and
// is gone. Where two things claim one, the one of the draft has it, then the one that was published last.
func keepSerialsOf(tx *store.Tx, event agenda.ID, d agenda.Draft, releases []agenda.Release) error {
	claims, free := map[agenda.SerialKind]map[agenda.ID]int{}, map[agenda.SerialKind]*agenda.Serials{}
	for _, kind := range agenda.SerialKinds {
		claims[kind], free[kind] = map[agenda.ID]int{}, agenda.NewSerials(nil)
	}
	claim := func(d *agenda.Draft) {
		for _, n := range numberedIn(d) {
			if _, has := claims[n.kind][n.id]; !has && free[n.kind].Claim(*n.serial) {
				claims[n.kind][n.id] = *n.serial
			}
		}
	}
	claim(&d)
	for _, r := range slices.Backward(releases) {
		s := r.Snapshot
		d := agenda.Draft{Rooms: s.Rooms, Tracks: s.Tracks, People: s.People}
		for _, p := range s.WithRemoved() {
			d.Panels = append(d.Panels, *p)
		}
		claim(&d)
	}
	return keepSerials(tx, event, claims)
}
