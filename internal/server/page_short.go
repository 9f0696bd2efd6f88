package server

import (
	"strconv"

	"plenary/internal/agenda"
)

// shortNames gives what the addresses of people, rooms and tracks end in on pages: the serial, which is as lasting as the
// identity and a tenth of its length. A large agenda names them a thousand times. What has no serial is known by its identity,
// and that leads to its page as well.
func shortNames(s *agenda.Snapshot) map[agenda.ID]string {
	short := make(map[agenda.ID]string, len(s.People)+len(s.Rooms)+len(s.Tracks))
	addShort(short, s.People, func(p agenda.Person) (agenda.ID, int) { return p.ID, p.Serial })
	addShort(short, s.Rooms, func(r agenda.Room) (agenda.ID, int) { return r.ID, r.Serial })
	addShort(short, s.Tracks, func(t agenda.Track) (agenda.ID, int) { return t.ID, t.Serial })
	return short
}

// addShort adds things of one kind. Of two that had the same serial once, the second keeps its identity.
func addShort[T any](short map[agenda.ID]string, things []T, of func(T) (agenda.ID, int)) {
	used := map[int]bool{0: true}
	for _, thing := range things {
		id, serial := of(thing)
		if short[id] = string(id); !used[serial] {
			short[id], used[serial] = strconv.Itoa(serial), true
		}
	}
}

// roomAt gives the Room that an address names, by its identity or by what addresses of pages end in.
func roomAt(s *agenda.Snapshot, name string) (agenda.Room, bool) {
	if room, ok := s.Room(agenda.ID(name)); ok || name == "" {
		return room, ok
	}
	short := map[agenda.ID]string{}
	addShort(short, s.Rooms, func(r agenda.Room) (agenda.ID, int) { return r.ID, r.Serial })
	for _, room := range s.Rooms {
		if short[room.ID] == name {
			return room, true
		}
	}
	return agenda.Room{}, false
}

// identityOf gives the identity of what an address ends in that, whichever of both it is. Whether there is such a thing is for
// others to say.
func identityOf[T any](v *eventView, name string, things map[agenda.ID]T) agenda.ID {
	for id := range things {
		if v.short[id] == name {
			return id
		}
	}
	return agenda.ID(name)
}
