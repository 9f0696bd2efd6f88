package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// scheduler knows what the parts of one schedule have in common.
type scheduler struct {
	snapshot *agenda.Snapshot
	author   author
	site     agenda.Site
	zone     *time.Location
	reader   *agenda.Reader
	acronym  string
	tracks   []scheduleTrack
	rooms    []agenda.Room // in which something takes place; the one without an ID is all of them

	trackNames, roomNames       map[agenda.ID]string
	panelSerials, personSerials map[agenda.ID]int
	people                      map[agenda.ID]schedulePerson
}

func newScheduler(s *agenda.Snapshot, o PublicOptions) *scheduler {
	language := cmp.Or(o.Language, s.Event.Language())
	p := &scheduler{snapshot: s, site: agenda.Site{Base: o.BaseURL, Slug: s.Event.Slug}, zone: s.Event.Location(),
		reader: agenda.NewReader(s.Event.Language(), language), acronym: acronymOf(s.Event.Slug), tracks: []scheduleTrack{},
		trackNames: map[agenda.ID]string{}, roomNames: map[agenda.ID]string{}, people: map[agenda.ID]schedulePerson{}}
	p.author = author{site: p.site, zone: p.zone, voice: voiceFor(s.Event, language)}
	serials := serialsOf(s)
	p.panelSerials, p.personSerials = serials.panels, serials.people
	for _, n := range s.People {
		// EventFahrplan takes what a semicolon separates for several people.
		if name := strings.ReplaceAll(oneLine(n.Name), ";", ","); name != "" {
			p.people[n.ID] = schedulePerson{ID: p.personSerials[n.ID], GUID: scheduleGUID("person", n.ID), Name: name}
		}
	}
	taken := map[string]bool{}
	for _, t := range inOrder(s.Tracks, func(t agenda.Track) (int, agenda.ID) { return t.Position, t.ID }) {
		track := scheduleTrack{Name: distinct(taken, cmp.Or(oneLine(p.reader.String(t.Name)), string(t.ID)))}
		if color := strings.ToLower(t.Color); scheduleColor.MatchString(color) {
			track.Color = color
		}
		p.trackNames[t.ID] = track.Name
		p.tracks = append(p.tracks, track)
	}
	p.useRooms()
	return p
}

var (
	scheduleColor = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	scheduleCode  = regexp.MustCompile(`^[0-9A-Z]{6}$`)
)

// inOrder gives a list as organizers arranged it.
func inOrder[T any](list []T, place func(T) (int, agenda.ID)) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int {
		positionA, idA := place(a)
		positionB, idB := place(b)
		return cmp.Or(cmp.Compare(positionA, positionB), cmp.Compare(idA, idB))
	})
}

// distinct gives the name, or the first of "name (2)", "name (3)" that is not taken, and takes it.
func distinct(taken map[string]bool, name string) string {
	free := name
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[free] = true
	return free
}

// takesPlace says whether apps are told of the Panel. One that they knew and are told of no more they show as cancelled.
func takesPlace(n agenda.Panel) bool { return n.Slot != nil && !n.Cancelled }

// noRoom stands for the Room of what has none yet: in these formats everything is in one.
const noRoom agenda.ID = "no room"

// roomOrNone gives the Room of a Panel: "" is all of them.
func roomOrNone(n agenda.Panel) agenda.ID {
	if n.Slot.RoomID == "" && !n.AllRooms {
		return noRoom
	}
	return n.Slot.RoomID
}

// useRooms finds the Rooms in which something takes place. Apps know rooms by their names, so that no two have the same.
func (p *scheduler) useRooms() {
	used := map[agenda.ID]bool{}
	for _, n := range p.snapshot.Panels {
		if takesPlace(*n) {
			used[roomOrNone(*n)] = true
		}
	}
	if used[""] {
		p.rooms = append(p.rooms, agenda.Room{Name: allRoomsWords})
	}
	unplaced := used[noRoom]
	delete(used, "")
	delete(used, noRoom)
	for _, r := range inOrder(p.snapshot.Rooms, func(r agenda.Room) (int, agenda.ID) { return r.Position, r.ID }) {
		if used[r.ID] {
			p.rooms = append(p.rooms, r)
			delete(used, r.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(used)) {
		p.rooms = append(p.rooms, agenda.Room{ID: id})
	}
	if unplaced {
		p.rooms = append(p.rooms, agenda.Room{ID: noRoom, Name: noRoomWords})
	}
	taken := map[string]bool{}
	for _, r := range p.rooms {
		p.roomNames[r.ID] = distinct(taken, cmp.Or(oneLine(p.reader.String(r.Name)), oneLine(string(r.ID))))
	}
}

func (p *scheduler) roomGUID(id agenda.ID) string {
	switch id {
	case "":
		return namedUUID(scheduleSpace, "all rooms "+string(p.snapshot.Event.ID))
	case noRoom:
		return namedUUID(scheduleSpace, "no room "+string(p.snapshot.Event.ID))
	}
	return scheduleGUID("room", id)
}

func (p *scheduler) room(r agenda.Room) scheduleRoom {
	o := scheduleRoom{GUID: p.roomGUID(r.ID), Name: p.roomNames[r.ID]}
	if text := prose(p.reader.String(r.Description)); text != "" {
		o.Description = &text
	}
	if r.Capacity > 0 {
		o.Capacity = &r.Capacity
	}
	return o
}

// days gives the days on which something begins, or all of the Event where nothing does. Each has every Room: a reader
// of the file finds their order in it.
func (p *scheduler) days() []scheduleDay {
	events := map[agenda.Date]map[agenda.ID][]scheduleEvent{}
	for _, n := range p.snapshot.Panels {
		if !takesPlace(*n) {
			continue
		}
		day, e := p.event(*n)
		if events[day] == nil {
			events[day] = map[agenda.ID][]scheduleEvent{}
		}
		room := roomOrNone(*n)
		events[day][room] = append(events[day][room], e)
	}
	dates := slices.Sorted(maps.Keys(events))
	if len(dates) == 0 {
		dates = p.snapshot.Event.Days()
	}
	days := make([]scheduleDay, 0, len(dates))
	for i, date := range dates {
		day := scheduleDay{Index: i + 1, Date: date, Start: p.dayBegin(date).Format(scheduleTime),
			End: p.dayBegin(date.AddDays(1)).Format(scheduleTime), Rooms: scheduleRooms{}}
		for _, r := range p.rooms {
			list := events[date][r.ID]
			slices.SortFunc(list, func(a, b scheduleEvent) int { return cmp.Or(a.from.Compare(b.from), cmp.Compare(a.ID, b.ID)) })
			day.Rooms = append(day.Rooms, scheduleRoomDay{Name: p.roomNames[r.ID], GUID: p.roomGUID(r.ID), Slots: list})
		}
		days = append(days, day)
	}
	return days
}

// event gives a Panel that takes place, and the day that it belongs to.
func (p *scheduler) event(n agenda.Panel) (agenda.Date, scheduleEvent) {
	day, from, to, end := p.times(*n.Slot)
	e := scheduleEvent{GUID: scheduleGUID("panel", n.ID), ID: p.panelSerials[n.ID], Date: from.Format(scheduleTime),
		Start: from.Format("15:04"), Duration: hoursMinutes(to.Sub(from)), Room: p.roomNames[roomOrNone(n)],
		URL: webAddress(p.site.Panel(n.Code)), Title: cmp.Or(oneLine(p.reader.String(n.Title)), oneLine(n.Code)),
		Track: p.trackNames[n.TrackID], Type: oneLine(string(n.Format)), Language: oneLine(n.Language), Persons: p.persons(n.AllSpeakers()),
		Links: []scheduleLink{}, from: from, to: to}
	e.uid = cmp.Or(oneLine(n.UID), e.GUID)
	if scheduleCode.MatchString(n.Code) {
		e.Code = n.Code
	}
	e.Slug = slugOf(p.acronym, e.ID, e.Title, e.Type)
	if stream := webAddress(n.StreamURL); stream != "" {
		e.Links = append(e.Links, scheduleLink{URL: stream, Type: "media", Title: p.reader.String(streamWords)})
	}
	for _, m := range n.Materials {
		e.Links = append(e.Links, scheduleLink{URL: p.site.File(m.File), Type: "related", Title: cmp.Or(oneLine(m.Title), m.File)})
	}
	paragraphs := []string{prose(p.reader.String(n.Abstract)), p.interventions(n)}
	if to.Before(end) {
		paragraphs = append(paragraphs, p.reader.String(untilWords(end)))
	}
	e.Abstract = strings.Join(slices.DeleteFunc(paragraphs, func(s string) bool { return s == "" }), "\n\n")
	return day, e
}

// persons gives who the Speakers are, each once.
func (p *scheduler) persons(speakers []agenda.Speaker) []schedulePerson {
	list, seen := []schedulePerson{}, map[agenda.ID]bool{}
	for _, s := range speakers {
		if person, known := p.people[s.PersonID]; known && !seen[s.PersonID] {
			seen[s.PersonID] = true
			list = append(list, person)
		}
	}
	return list
}

// interventions gives a line for each, "09:00 Title — Speaker, Speaker": the formats have no place for them.
func (p *scheduler) interventions(n agenda.Panel) string {
	var lines []string
	for i, told := range p.author.interventions(n) {
		v := n.Interventions[i]
		line := agenda.Wall(told.Start).Clock() + " " + oneLine(p.reader.String(v.Title))
		if persons := p.persons(v.Speakers); len(persons) > 0 {
			line += " — " + strings.Join(each(persons, func(s schedulePerson) string { return s.Name }), ", ")
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}
