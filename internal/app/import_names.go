package app

import (
	"maps"
	"slices"

	"plenary/internal/agenda"
)

// names find the Rooms, Tracks or people of an Event as a source knows them.
type names struct {
	byKey   map[string]agenda.ID   // of the source
	byName  map[string][]agenda.ID // of the Event
	claimed map[agenda.ID]bool     // by a key of the source
	next    int                    // position of a new one
}

func newNames() names {
	return names{byKey: map[string]agenda.ID{}, byName: map[string][]agenda.ID{}, claimed: map[agenda.ID]bool{}}
}

// add makes a thing of the Event known by a name.
func (n *names) add(name string, id agenda.ID) {
	if name = oneSpace(name); name != "" {
		n.byName[name] = append(n.byName[name], id)
	}
}

func (n *names) addText(t agenda.Text, id agenda.ID, position int) {
	for _, language := range t.Languages() {
		n.add(t[language], id)
	}
	n.place(position)
}

// place notes a position that is in use; a new thing comes after it, as far as positions go.
func (n *names) place(position int) { n.next = max(n.next, min(position+1, maxPosition)) }

// maxPosition is the last position that a Room or a Track can have.
const maxPosition = 1_000_000

// claim ties a key of the source to a thing.
func (n *names) claim(key string, id agenda.ID) {
	n.byKey[key], n.claimed[id] = id, true
}

// used says which Rooms, Tracks and people have a part in an entry: others are not taken.
type used struct{ rooms, tracks, people map[string]bool }

func (i *importing) used() used {
	u := used{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, item := range i.programme.Items {
		u.rooms[item.Room], u.tracks[item.Track] = true, true
		for _, s := range item.Speakers {
			u.people[s.Person] = true
		}
		for _, t := range item.Talks {
			for _, s := range t.Speakers {
				u.people[s.Person] = true
			}
		}
	}
	return u
}

// takeRooms finds or makes the Rooms of the file.
func (i *importing) takeRooms() error {
	used, rooms := i.used().rooms, map[agenda.ID]agenda.Room{}
	for _, r := range i.before.Rooms {
		rooms[r.ID] = r
	}
	var known []thingOf
	for _, said := range i.programme.Rooms {
		if used[said.Key] {
			known = append(known, thingOf{said.Key, said.GUID})
		}
	}
	i.rooms.recognize(i.origins, agenda.RoomOrigin, here(rooms), known)
	for _, said := range i.programme.Rooms {
		if !used[said.Key] {
			continue
		}
		name := i.fit(said.Line, "name of the room", oneLine(said.Name), agenda.MaxName)
		room, there := rooms[i.rooms.byKey[said.Key]]
		if !there {
			room, there = rooms[i.rooms.called(name)]
		}
		before := room
		if !there {
			i.origins.forget(agenda.RoomOrigin, said.Key)
			room = agenda.Room{ID: i.identity(said.GUID), EventID: i.event.ID, Kind: agenda.RoomHall, Position: i.rooms.next}
			i.claimSerial(agenda.RoomSerial, room.ID, said.Serial)
		}
		i.rooms.claim(said.Key, room.ID)
		s := i.origins.seeSame(agenda.RoomOrigin, said.Key, room.ID)
		room.Name = s.text("name", room.Name, i.tagged(name))
		room.Description = s.text("description", room.Description, i.tagged(i.fit(said.Line, "description of the room", said.Description, agenda.MaxProse)))
		if s.news("capacity", said.Capacity) && said.Capacity > 0 && said.Capacity <= 1_000_000 {
			room.Capacity = said.Capacity
		}
		if err := i.putRoom(before, room, there, said.Line); err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) putRoom(before, room agenda.Room, there bool, line int) error {
	room.Clean()
	if err := room.Check(); err != nil {
		return recordError(line, "room", room.Name, err)
	}
	switch {
	case !there:
		i.newRooms = true
		i.rooms.place(room.Position)
		i.done.Rooms = append(i.done.Rooms, english(room.Name))
		room.Revision, room.Created, room.Updated = 1, i.a.moment(), i.a.moment()
		return i.tx.InsertRoom(room)
	case !before.Name.Equal(room.Name) || !before.Description.Equal(room.Description) || before.Capacity != room.Capacity:
		i.edited = true
		room.Revision, room.Updated = room.Revision+1, i.a.moment()
		return i.tx.UpdateRoom(room)
	}
	return nil
}

// takeTracks finds or makes the Tracks of the file.
func (i *importing) takeTracks() error {
	used, tracks := i.used().tracks, map[agenda.ID]agenda.Track{}
	for _, t := range i.before.Tracks {
		tracks[t.ID] = t
	}
	var known []thingOf
	for _, said := range i.programme.Tracks {
		if used[said.Key] {
			known = append(known, thingOf{key: said.Key})
		}
	}
	i.tracks.recognize(i.origins, agenda.TrackOrigin, here(tracks), known)
	for _, said := range i.programme.Tracks {
		if !used[said.Key] {
			continue
		}
		name := i.fit(said.Line, "name of the track", oneLine(said.Name), agenda.MaxName)
		track, there := tracks[i.tracks.byKey[said.Key]]
		if !there {
			track, there = tracks[i.tracks.called(name)]
		}
		before := track
		if !there {
			i.origins.forget(agenda.TrackOrigin, said.Key)
			track = agenda.Track{ID: i.a.newID(), EventID: i.event.ID, Position: i.tracks.next}
			i.claimSerial(agenda.TrackSerial, track.ID, said.Serial)
		}
		i.tracks.claim(said.Key, track.ID)
		s := i.origins.seeSame(agenda.TrackOrigin, said.Key, track.ID)
		track.Name = s.text("name", track.Name, i.tagged(name))
		if s.news("color", said.Color) && said.Color != "" {
			track.Color = said.Color
		}
		if err := i.putTrack(before, track, there, said.Line); err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) putTrack(before, track agenda.Track, there bool, line int) error {
	track.Clean()
	if err := track.Check(); err != nil {
		return recordError(line, "track", track.Name, err)
	}
	switch {
	case !there:
		i.tracks.place(track.Position)
		i.done.Tracks = append(i.done.Tracks, english(track.Name))
		track.Revision, track.Created, track.Updated = 1, i.a.moment(), i.a.moment()
		return i.tx.InsertTrack(track)
	case !before.Name.Equal(track.Name) || before.Color != track.Color:
		i.edited = true
		track.Revision, track.Updated = track.Revision+1, i.a.moment()
		return i.tx.UpdateTrack(track)
	}
	return nil
}

// claimSerial asks for the serial that a new thing has in its source.
func (i *importing) claimSerial(kind agenda.SerialKind, id agenda.ID, serial int) {
	if serial > 0 {
		i.serials = append(i.serials, serialClaim{kind, id, serial})
	}
}

type serialClaim struct {
	kind   agenda.SerialKind
	id     agenda.ID
	serial int
}

// keepSerials keeps the claimed serials that are free, each for who claims it first. What is back after it was deleted has
// the one that it had.
func (i *importing) keepSerials() error {
	kept, err := i.tx.Serials(i.event.ID)
	if err != nil {
		return err
	}
	fresh, free := map[agenda.SerialKind]map[agenda.ID]int{}, map[agenda.SerialKind]*agenda.Serials{}
	for kind, serials := range kept {
		fresh[kind], free[kind] = map[agenda.ID]int{}, agenda.NewSerials(slices.Collect(maps.Values(serials)))
	}
	for _, c := range i.serials {
		if _, has := kept[c.kind][c.id]; !has && free[c.kind].Claim(c.serial) {
			fresh[c.kind][c.id] = c.serial
		}
	}
	return keepSerials(i.tx, i.event.ID, fresh)
}
