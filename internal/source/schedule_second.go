package source

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// c3voc's second format of a schedule.json (https://c3voc.de/schedule/schema2.json), which the hub of the Chaos
// Communication Congress writes: events are in one list, and what they refer to (rooms by GUID, tracks by slug, people
// by GUID) is described elsewhere, before or after them.

// secondNames are what events of the second format refer to.
type secondNames struct {
	rooms, tracks map[string]string // names by GUID and by slug
	people        map[string]schedulePerson
}

// secondReference is a reference to a room or a track, or only its name.
type secondReference struct{ Name, Slug, GUID scalar }

// UnmarshalJSON reads both.
func (f *secondReference) UnmarshalJSON(b []byte) error {
	*f = secondReference{}
	if len(b) == 0 || b[0] != '{' {
		return f.Name.UnmarshalJSON(b)
	}
	type fields secondReference // without this method
	return json.Unmarshal(b, (*fields)(f))
}

// picture is the address of a picture, or an object with it.
type picture string

// UnmarshalJSON reads both.
func (p *picture) UnmarshalJSON(b []byte) error {
	var at struct{ URL scalar }
	if len(b) > 0 && b[0] == '{' {
		err := json.Unmarshal(b, &at)
		*p = picture(at.URL)
		return err
	}
	return (*scalar)(p).UnmarshalJSON(b)
}

// in gives the name of what is referred to.
func (f secondReference) in(names map[string]string) string {
	return cmp.Or(trimmed(f.Name), names[trimmed(f.GUID)], names[trimmed(f.Slug)], trimmed(f.Slug))
}

// in gives a text in a language, or in English, or in another one: where nobody translated a text, the hub repeats it
// in all its languages.
func (t localized) in(language string) string {
	return cmp.Or(t[language], t[""], t["en"], Text(t).first())
}

// secondEvent reads an event of the second format. Its references are resolved when all of the file is read.
func (r scheduleJSON) secondEvent() error {
	var event struct {
		ID, GUID, Code, URL, Start, End, Duration, Type, Language scalar
		Title, Subtitle, Abstract, Description                    localized
		Room, Track                                               secondReference
	}
	e := scheduleEvent{line: r.w.line()}
	if r.w.next() != '{' {
		return r.w.skip()
	}
	fields := map[string]any{"id": &event.ID, "guid": &event.GUID, "code": &event.Code, "url": &event.URL, "start": &event.Start, "end": &event.End,
		"duration": &event.Duration, "type": &event.Type, "language": &event.Language, "title": &event.Title, "subtitle": &event.Subtitle,
		"abstract": &event.Abstract, "description": &event.Description, "room": &event.Room, "track": &event.Track}
	err := r.w.object(func(key string) error {
		switch key {
		case "participants", "persons":
			return r.w.list(func() error { return r.person(&e) })
		case "links", "attachments":
			return r.w.list(func() error { return r.link(&e) })
		}
		field, known := fields[key]
		if !known {
			return r.w.skip()
		}
		odd, err := r.w.value(field)
		e.odd = e.odd || odd
		return err
	})
	if err != nil {
		return err
	}
	e.id, e.guid, e.code, e.url = trimmed(event.ID), trimmed(event.GUID), trimmed(event.Code), trimmed(event.URL)
	e.start, e.end, e.duration = trimmed(event.Start), trimmed(event.End), trimmed(event.Duration)
	e.kind, e.language = trimmed(event.Type), trimmed(event.Language)
	spoken := scheduleLanguage(e.language)
	e.title, e.subtitle = event.Title.in(spoken), event.Subtitle.in(spoken)
	e.abstract, e.description = event.Abstract.in(spoken), event.Description.in(spoken)
	e.roomAt, e.trackAt = event.Room, event.Track
	return r.addEvent(e)
}

// profile reads what the second format says of a person beside the events.
func (r scheduleJSON) profile() error {
	var holder scheduleEvent
	if err := r.person(&holder); err != nil {
		return err
	}
	for _, p := range holder.persons {
		if p.guid != "" {
			r.second.people[p.guid] = p
		}
	}
	return nil
}

// resolve puts names and profiles in the place of references.
func (r scheduleJSON) resolve() {
	delete(r.second.rooms, "")
	delete(r.second.tracks, "")
	for i := range r.events {
		e := &r.events[i]
		e.room = cmp.Or(e.room, e.roomAt.in(r.second.rooms))
		e.track = cmp.Or(e.track, e.trackAt.in(r.second.tracks))
		for n := range e.persons {
			p := &e.persons[n]
			known := r.second.people[p.guid]
			p.name, p.bio, p.photo = cmp.Or(p.name, known.name), cmp.Or(p.bio, known.bio), cmp.Or(p.photo, known.photo)
		}
	}
}

// scheduleRole gives the part of a person for a role of the second format.
func scheduleRole(role string) agenda.Role {
	if part := agenda.Role(strings.ToLower(role)); slices.Contains(agenda.Roles, part) {
		return part
	}
	return agenda.Presenter
}
