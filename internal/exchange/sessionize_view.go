package exchange

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"plenary/internal/agenda"
)

// SessionizeAll gives a Release as the view All of Sessionize's API: everything once, by reference.
//
// In all views, cancelled Panels and who speaks in no other one are left out. Sessionize tells of accepted sessions
// only; of its clients some know no status but "Accepted", and the others don't look at it, so that they would show what
// is cancelled as taking place. Breaks, and ceremonies and social events in which nobody speaks, are service sessions.
func SessionizeAll(r agenda.Release, o PublicOptions) ([]byte, error) {
	v := newSessionizeView(r, o)
	doc := sessionizeAll{Questions: []struct{}{}, Rooms: v.places, Categories: v.categories}
	doc.Sessions = listed(v.panels, func(p agenda.Panel) sessionizeSession {
		s := sessionizeSession{sessionizeEntry: v.entry(p), Speakers: listed(v.cast(p), func(s agenda.Speaker) agenda.ID { return s.PersonID }), CategoryItems: []int{},
			Answers: []struct{}{}, RoomID: v.place(p).ID, sessionizeStanding: v.standing(p)}
		for _, g := range v.groups(p) {
			s.CategoryItems = append(s.CategoryItems, g.Items[0].ID)
		}
		return s
	})
	doc.Speakers = listed(v.speakers(), func(p sessionizeProfile) sessionizeSpeaker {
		return sessionizeSpeaker{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, FullName: p.FullName, Bio: p.Bio, TagLine: p.TagLine,
			Picture: p.Picture, Links: p.Links, Sessions: listed(p.Sessions, func(i sessionizeItem) int { return i.ID }),
			Categories: []int{}, Answers: p.Answers}
	})
	return sessionizeJSON(doc)
}

// SessionizeSessions gives a Release as the view Sessions: all sessions, in one group.
func SessionizeSessions(r agenda.Release, o PublicOptions) ([]byte, error) {
	v := newSessionizeView(r, o)
	return sessionizeJSON([]sessionizeSessions{{GroupName: "All", Sessions: listed(v.panels, v.detail), Default: true}})
}

// SessionizeSpeakers gives a Release as the view Speakers.
func SessionizeSpeakers(r agenda.Release, o PublicOptions) ([]byte, error) {
	return sessionizeJSON(newSessionizeView(r, o).speakers())
}

// SessionizeGridSmart gives a Release as the view GridSmart: each day on which something takes place, with its sessions
// by room, and again by the time at which they begin. What spans all rooms is in one of them, as at Sessionize.
func SessionizeGridSmart(r agenda.Release, o PublicOptions) ([]byte, error) {
	v := newSessionizeView(r, o)
	byDay := map[agenda.Date][]agenda.Panel{}
	for _, p := range v.panels {
		byDay[p.Slot.Day()] = append(byDay[p.Slot.Day()], p)
	}
	days := []sessionizeDay{}
	for _, day := range r.Snapshot.Days() {
		if panels := byDay[day]; len(panels) > 0 {
			d := v.day(panels)
			d.Date, d.Default = agenda.Wall(day+"T00:00:00"), len(days) == 0
			days = append(days, d)
		}
	}
	return sessionizeJSON(days)
}

func sessionizeJSON(doc any) ([]byte, error) {
	var b bytes.Buffer
	err := encodeJSON(&b, doc, "")
	return b.Bytes(), err
}

// sessionizeView makes the objects of one Release.
type sessionizeView struct {
	*agenda.Reader
	serials
	site       agenda.Site
	panels     []agenda.Panel // that take place, in the order of the agenda
	people     []agenda.Person
	names      map[agenda.ID]string
	rooms      map[agenda.ID]int // index into places
	places     []sessionizeRoom
	hall       int // where it is told that something spans all rooms
	categories []sessionizeCategory
	items      map[string]sessionizeItem // of categories, by title of the category and what they stand for
}

func newSessionizeView(r agenda.Release, o PublicOptions) *sessionizeView {
	s := &r.Snapshot
	v := &sessionizeView{Reader: agenda.NewReader(s.Event.Language(), o.Language), serials: serialsOf(s), site: agenda.Site{Base: o.BaseURL, Slug: s.Event.Slug}, people: s.People,
		names: map[agenda.ID]string{}, rooms: map[agenda.ID]int{}, places: []sessionizeRoom{}, categories: []sessionizeCategory{}, items: map[string]sessionizeItem{}}
	for _, p := range s.Panels {
		if p.Slot != nil && !p.Cancelled {
			v.panels = append(v.panels, *p)
		}
	}
	for _, p := range s.People {
		v.names[p.ID] = p.Name
	}
	for i, room := range s.Rooms {
		v.rooms[room.ID] = i
		v.places = append(v.places, sessionizeRoom{ID: v.serials.rooms[room.ID], Name: v.String(room.Name), Sort: i})
	}
	if slices.ContainsFunc(v.panels, func(p agenda.Panel) bool { return roomOrNone(p) == noRoom }) {
		used := map[int]bool{}
		for _, n := range v.serials.rooms {
			used[n] = true
		}
		v.rooms[noRoom] = len(v.places)
		v.places = append(v.places, sessionizeRoom{ID: number(string(noRoom), used), Name: v.String(noRoomWords), Sort: len(v.places)})
	}
	v.hall = max(0, slices.IndexFunc(s.Rooms, func(r agenda.Room) bool { return r.Kind == agenda.RoomHall }))
	if len(v.places) == 0 && len(v.panels) > 0 {
		// Everything spans all rooms, and there is none; but a session has to be somewhere.
		v.places = append(v.places, sessionizeRoom{ID: 1, Name: v.first(s.Event.Venue.Name, s.Event.Name)})
	}
	v.categorize(s.Tracks)
	return v
}

func (v *sessionizeView) first(texts ...agenda.Text) string {
	for _, t := range texts {
		if s := v.String(t); s != "" {
			return s
		}
	}
	return ""
}

// categorize makes the categories: tracks, and of the formats and languages those that there are. Programs look
// categories up by their titles, which are therefore the same in all languages. The numbers of items are unique among
// all categories, since sessions give nothing else of them.
func (v *sessionizeView) categorize(tracks []agenda.Track) {
	used, formats, spoken := map[int]bool{}, map[agenda.Format]bool{}, map[string]bool{}
	for _, n := range v.tracks {
		used[n] = true
	}
	for _, p := range v.panels {
		formats[p.Format], spoken[p.Language] = true, true
	}
	v.category(1, "Track", func(add func(key, name string, id int)) {
		for _, t := range tracks {
			add(string(t.ID), v.String(t.Name), v.tracks[t.ID])
		}
	})
	v.category(2, "Format", func(add func(key, name string, id int)) {
		for _, f := range agenda.Formats {
			if formats[f] {
				add(string(f), v.String(agenda.FormatNames[f]), number("format "+string(f), used))
			}
		}
	})
	v.category(3, "Language", func(add func(key, name string, id int)) {
		for _, tag := range slices.Sorted(maps.Keys(spoken)) {
			if tag != "" {
				add(tag, languageName(tag), number("language "+tag, used))
			}
		}
	})
}

func (v *sessionizeView) category(id int, title string, fill func(add func(key, name string, id int))) {
	c := sessionizeCategory{ID: id, Title: title, Sort: len(v.categories), Type: "session"}
	fill(func(key, name string, id int) {
		v.items[title+" "+key] = sessionizeItem{id, name}
		c.Items = append(c.Items, sessionizeRoom{ID: id, Name: name, Sort: len(c.Items) + 1})
	})
	if len(c.Items) > 0 {
		v.categories = append(v.categories, c)
	}
}

// languageName gives a language in itself, "Tiếng Việt", or its tag.
func languageName(tag string) string {
	if name := display.Self.Name(language.Make(tag)); name != "" {
		return name
	}
	return tag
}

// groups gives the categories that apply to a Panel, each with one item.
func (v *sessionizeView) groups(p agenda.Panel) []sessionizeGroup {
	groups := []sessionizeGroup{}
	for _, c := range v.categories {
		key := map[string]string{"Track": string(p.TrackID), "Format": string(p.Format), "Language": p.Language}[c.Title]
		if item, ok := v.items[c.Title+" "+key]; ok {
			groups = append(groups, sessionizeGroup{c.ID, c.Title, []sessionizeItem{item}, c.Sort})
		}
	}
	return groups
}

func (v *sessionizeView) place(p agenda.Panel) sessionizeRoom {
	if i, ok := v.rooms[roomOrNone(p)]; ok {
		return v.places[i]
	}
	return v.places[v.hall]
}

// cast gives who takes part in a Panel and its Interventions, each once. Interpreters are not speakers to an audience.
func (v *sessionizeView) cast(p agenda.Panel) []agenda.Speaker {
	var cast []agenda.Speaker
	seen := map[agenda.ID]bool{}
	for _, s := range p.AllSpeakers() {
		if _, known := v.names[s.PersonID]; known && s.Status == agenda.Confirmed && s.Role != agenda.Interpreter && !seen[s.PersonID] {
			seen[s.PersonID], cast = true, append(cast, s)
		}
	}
	return cast
}

func (v *sessionizeView) entry(p agenda.Panel) sessionizeEntry {
	return sessionizeEntry{ID: strconv.Itoa(v.serials.panels[p.ID]), Title: v.String(p.Title), Description: orNull(v.describe(p)),
		StartsAt: p.Slot.Start.Wall, EndsAt: p.Slot.End.Wall, Service: v.service(p), Plenum: p.AllRooms}
}

func (v *sessionizeView) service(p agenda.Panel) bool {
	return p.Format == agenda.FormatBreak || (p.Format == agenda.FormatCeremony || p.Format == agenda.FormatSocial) && len(v.cast(p)) == 0
}

// describe gives the abstract, and a line for each Intervention: Sessionize has no place for them.
func (v *sessionizeView) describe(p agenda.Panel) string {
	var lines []string
	for _, i := range p.Interventions {
		line := "• " + v.String(i.Title)
		if cast := v.cast(agenda.Panel{Speakers: i.Speakers}); len(cast) > 0 {
			line += " – " + strings.Join(each(cast, func(s agenda.Speaker) string { return v.names[s.PersonID] }), ", ")
		}
		lines = append(lines, line)
	}
	return strings.TrimSpace(v.String(p.Abstract) + "\n\n" + strings.Join(lines, "\n"))
}

func (v *sessionizeView) standing(p agenda.Panel) sessionizeStanding {
	if v.service(p) {
		return sessionizeStanding{LiveURL: orNull(p.StreamURL)}
	}
	return sessionizeStanding{LiveURL: orNull(p.StreamURL), Status: orNull("Accepted"), Informed: true, Confirmed: true}
}

func (v *sessionizeView) detail(p agenda.Panel) sessionizeDetail {
	room := v.place(p)
	return sessionizeDetail{sessionizeEntry: v.entry(p), Categories: v.groups(p), RoomID: room.ID, Room: room.Name, sessionizeStanding: v.standing(p),
		Speakers: listed(v.cast(p), func(s agenda.Speaker) sessionizeName { return sessionizeName{s.PersonID, v.names[s.PersonID]} })}
}

// day gives the Panels of a day, of which there is one at least.
func (v *sessionizeView) day(panels []agenda.Panel) sessionizeDay {
	var d sessionizeDay
	byRoom, index := map[int][]sessionizeDetail{}, map[int]int{}
	for _, p := range panels {
		s := v.detail(p)
		byRoom[s.RoomID] = append(byRoom[s.RoomID], s)
	}
	for _, room := range v.places {
		if sessions := byRoom[room.ID]; len(sessions) > 0 {
			index[room.ID] = len(d.Rooms)
			d.Rooms = append(d.Rooms, sessionizeColumn{room.ID, room.Name, sessions,
				!slices.ContainsFunc(sessions, func(s sessionizeDetail) bool { return !s.Plenum })})
		}
	}
	byStart := map[string][]sessionizeCell{}
	for _, room := range d.Rooms {
		for _, s := range room.Sessions {
			start := string(s.StartsAt[len("2006-01-02T"):])
			byStart[start] = append(byStart[start], sessionizeCell{room.ID, room.Name, s, index[room.ID]})
		}
	}
	for _, start := range slices.Sorted(maps.Keys(byStart)) {
		d.TimeSlots = append(d.TimeSlots, sessionizeSlot{start, byStart[start]})
	}
	return d
}

// speakers gives who takes part in what takes place, by name.
func (v *sessionizeView) speakers() []sessionizeProfile {
	sessions := map[agenda.ID][]sessionizeItem{}
	for _, p := range v.panels {
		for _, s := range v.cast(p) {
			sessions[s.PersonID] = append(sessions[s.PersonID], sessionizeItem{v.serials.panels[p.ID], v.String(p.Title)})
		}
	}
	profiles := []sessionizeProfile{}
	for _, p := range v.people {
		if len(sessions[p.ID]) == 0 {
			continue
		}
		s := sessionizeProfile{ID: p.ID, FullName: p.Name, Bio: orNull(v.String(p.Bio)), Picture: orNull(p.Portrait(v.site)), Sessions: sessions[p.ID],
			TagLine: joined(", ", v.String(p.JobTitle), v.String(p.Organization)),
			Links:   []struct{}{}, Answers: []struct{}{}, Categories: []struct{}{}}
		s.FirstName, s.LastName = halves(p.Name)
		profiles = append(profiles, s)
	}
	return profiles
}

// halves splits a name before its last word, since Sessionize has no other way to tell a name. Programs show the halves
// in this order, so that the name reads as it is written, also where the family name is first; those that sort by the
// second half sort Vietnamese names by the given name, as Vietnamese lists are.
func halves(name string) (first, last string) {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name, ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

// joined gives those of the strings that say something, with a separator between them.
func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
