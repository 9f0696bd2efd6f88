package app

import (
	"plenary/internal/agenda"
	"plenary/internal/ical"
)

// names find the Rooms, Tracks or people of an Event as a calendar knows them.
type names struct {
	ids    map[string]agenda.ID
	called map[agenda.ID]string
	next   int // position of a new one
}

func newNames() names { return names{ids: map[string]agenda.ID{}, called: map[agenda.ID]string{}} }

// add makes a thing known by a name; the first of that name keeps it.
func (n *names) add(name string, id agenda.ID) {
	if name = oneSpace(name); name == "" {
		return
	}
	if _, known := n.ids[name]; !known {
		n.ids[name] = id
	}
	n.called[id] = name
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

// find gives what has the name, or makes it.
func (n *names) find(name string, create func(name string) (agenda.ID, error)) (agenda.ID, error) {
	if id, known := n.ids[name]; known {
		return id, nil
	}
	id, err := create(name)
	if err == nil {
		n.add(name, id)
		n.place(n.next)
	}
	return id, err
}

// index makes what the Event has known by name, and its Panels by UID.
func (i *calendarIntake) index(d agenda.Draft) {
	i.rooms, i.tracks, i.people, i.panels = newNames(), newNames(), newNames(), map[string]agenda.Panel{}
	for _, r := range d.Rooms {
		i.rooms.addText(r.Name, r.ID, r.Position)
	}
	for _, t := range d.Tracks {
		i.tracks.addText(t.Name, t.ID, t.Position)
	}
	for _, p := range d.People {
		i.people.add(p.Name, p.ID)
	}
	for _, p := range d.Panels {
		i.panels[p.UID] = p
	}
}

// maxSpans bounds how many times a Room is taken by entries that name no place, each of which spans all Rooms.
const maxSpans = 100_000

// checkSpans looks at what entries without a place will take. Where no entry has one, that is said once.
func (i *calendarIntake) checkSpans(entries []ical.Entry, uids []string) error {
	rooms, spanning, first, placed := map[string]bool{}, 0, 0, false
	for name := range i.rooms.ids {
		rooms[name] = true
	}
	for n, e := range entries {
		_, known := i.panels[uids[n]]
		if place := oneSpace(e.Location); place != "" {
			rooms[place], placed = true, true
		} else if !known && unusable(e) == "" {
			if spanning++; spanning == 1 {
				first = e.Line
			}
		}
	}
	if i.placeless = !placed && spanning > 1; i.placeless {
		i.warn(first, "No entry names a place (LOCATION): all of them span all rooms.")
	}
	if spanning*len(rooms) <= maxSpans {
		return nil
	}
	return agenda.Errorf(agenda.Invalid, "%d entries name no place (LOCATION), and would each span %d rooms, which is more than can be imported: give them their places.",
		spanning, len(rooms))
}

// room gives the Room that the entry names as its place.
func (i *calendarIntake) room(e ical.Entry) (agenda.ID, error) {
	name := i.fit(e, "place", oneSpace(e.Location), agenda.MaxName)
	return i.rooms.find(name, func(name string) (agenda.ID, error) {
		i.report.Rooms = append(i.report.Rooms, name)
		r := agenda.Room{Name: agenda.Text{i.language: name}, Kind: agenda.RoomHall, Position: i.rooms.next}
		if err := r.Check(); err != nil {
			return "", err
		}
		return i.a.insertRoom(i.tx, i.actor, i.event, r)
	})
}

// track gives the Track of the entry's first category.
func (i *calendarIntake) track(e ical.Entry) (agenda.ID, error) {
	name := i.fit(e, "category", oneSpace(e.Categories[0]), agenda.MaxName)
	return i.tracks.find(name, func(name string) (agenda.ID, error) {
		i.report.Tracks = append(i.report.Tracks, name)
		t := agenda.Track{Name: agenda.Text{i.language: name}, Position: i.tracks.next}
		if err := t.Check(); err != nil {
			return "", err
		}
		return i.a.insertTrack(i.tx, i.actor, i.event, t)
	})
}

// person gives the Person of that name.
func (i *calendarIntake) person(e ical.Entry, name string) (agenda.ID, error) {
	return i.people.find(i.fit(e, "speaker's name", oneSpace(name), agenda.MaxName), func(name string) (agenda.ID, error) {
		i.report.People = append(i.report.People, name)
		p := agenda.Person{Name: name}
		if err := p.Check(); err != nil {
			return "", err
		}
		return i.a.insertPerson(i.tx, i.actor, i.event, p)
	})
}
