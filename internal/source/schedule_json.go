package source

import (
	"cmp"
	"strconv"
	"strings"
)

func init() { readers[ScheduleJSON] = readScheduleJSON }

// readScheduleJSON reads a schedule.json as frab, pretalx and c3voc's tools write it, in either of its formats.
func readScheduleJSON(data []byte, _ Options) (Programme, error) {
	w, err := newWalker(data)
	if err != nil {
		return Programme{}, err
	}
	r, found := scheduleJSON{w: w, schedule: &schedule{format: ScheduleJSON},
		second: secondNames{map[string]string{}, map[string]string{}, map[string]schedulePerson{}}}, false
	err = w.object(func(key string) error {
		switch key {
		case "schedule":
			found = true
			return w.object(r.head)
		case "generator":
			return r.head(key)
		}
		return w.skip()
	})
	if err == nil {
		err = w.end()
	}
	if err == nil && !found {
		err = fail(0, `The document has no member "schedule".`)
	}
	if err != nil {
		return Programme{}, err
	}
	r.resolve()
	return r.programme()
}

// scheduleJSON fills a schedule.
type scheduleJSON struct {
	*schedule
	w      *walker
	second secondNames
}

// head reads a member of the schedule or of its conference.
func (r scheduleJSON) head(key string) error {
	switch key {
	case "conference":
		return r.w.object(r.head)
	case "generator":
		return r.w.object(func(key string) error {
			if key != "name" {
				return r.w.skip()
			}
			return r.scalar(&r.generator)
		})
	case "rooms":
		return r.w.list(r.room)
	case "tracks":
		return r.w.list(r.track)
	case "days":
		return r.w.list(r.day)
	case "events":
		return r.w.list(r.secondEvent)
	case "persons":
		return r.w.list(r.profile)
	}
	field := r.field(key)
	if field == nil {
		return r.w.skip()
	}
	var text string
	line := r.w.line()
	err := r.scalar(&text)
	field.set(text, line)
	return err
}

// scalar reads a text or a number, without white space at its ends.
func (r scheduleJSON) scalar(into *string) error {
	var s scalar
	_, err := r.w.value(&s)
	*into = strings.TrimSpace(string(s))
	return err
}

func (r scheduleJSON) room() error {
	var room struct {
		Name, GUID, Slug, Capacity scalar
		Description                localized
	}
	line := r.w.line()
	if _, err := r.w.value(&room); err != nil {
		return err
	}
	seats, _ := strconv.Atoi(string(room.Capacity))
	r.second.rooms[trimmed(room.GUID)], r.second.rooms[trimmed(room.Slug)] = trimmed(room.Name), trimmed(room.Name)
	if err := r.record(line); err != nil { // whether its name is new or not
		return err
	}
	return r.addRoom(Room{Line: line, Name: plain(string(room.Name)), GUID: guid(string(room.GUID)), Description: Text(room.Description),
		Capacity: max(seats, 0)})
}

func (r scheduleJSON) track() error {
	var track struct {
		Name, Color, Slug scalar
		Colors            struct{ Light scalar }
	}
	line := r.w.line()
	if _, err := r.w.value(&track); err != nil {
		return err
	}
	r.second.tracks[trimmed(track.Slug)] = trimmed(track.Name)
	return r.addTrack(Track{Line: line, Name: plain(string(track.Name)), Color: string(cmp.Or(track.Color, track.Colors.Light))})
}

// day reads a day, whose date may come after its rooms.
func (r scheduleJSON) day() error {
	var date, opens, closes string
	first := len(r.events)
	err := r.w.object(func(key string) error {
		switch key {
		case "date":
			return r.scalar(&date)
		case "day_start", "start":
			return r.scalar(&opens)
		case "day_end", "end":
			return r.scalar(&closes)
		case "rooms":
			return r.w.object(func(room string) error {
				if err := r.addRoom(Room{Line: r.w.line(), Name: plain(room)}); err != nil {
					return err
				}
				return r.w.list(func() error { return r.event(room) })
			})
		}
		return r.w.skip()
	})
	for i := first; i < len(r.events); i++ {
		r.events[i].day, r.events[i].opens, r.events[i].closes = date, opens, closes
	}
	return err
}

func (r scheduleJSON) event(room string) error {
	event := scheduleEvent{line: r.w.line(), within: room}
	if r.w.next() != '{' {
		return r.w.skip()
	}
	err := r.w.object(func(key string) error {
		next := r.w.next()
		field := event.field(key)
		switch {
		case key == "persons":
			event.odd = event.odd || !strings.ContainsRune("[{n", rune(next)) // some write {} for an empty list
			return r.w.list(func() error { return r.person(&event) })
		case key == "links" || key == "attachments":
			event.odd = event.odd || !strings.ContainsRune("[{n", rune(next))
			return r.w.list(func() error { return r.link(&event) })
		case field == nil:
			return r.w.skip()
		}
		event.odd = event.odd || next == '{' || next == '['
		return r.scalar(field)
	})
	if err != nil {
		return err
	}
	return r.addEvent(event)
}

func (r scheduleJSON) person(event *scheduleEvent) error {
	var person struct {
		ID, GUID, Code, Name, Biography, Role scalar
		PublicName                            scalar `json:"public_name"`
		Avatar                                picture
	}
	line := r.w.line()
	odd, err := r.w.value(&person)
	if err != nil {
		return err
	}
	event.odd = event.odd || odd
	p := schedulePerson{line: line, id: trimmed(person.ID), guid: trimmed(person.GUID), code: trimmed(person.Code), name: trimmed(person.PublicName),
		bio: string(person.Biography), photo: trimmed(scalar(person.Avatar)), role: trimmed(person.Role)}
	if p.name == "" {
		p.name = trimmed(person.Name)
	}
	event.persons = append(event.persons, p)
	return r.record(line)
}

// link reads an object, or only the address.
func (r scheduleJSON) link(event *scheduleEvent) error {
	var link struct{ URL, Title, Type scalar }
	line := r.w.line()
	if r.w.next() == '"' {
		if _, err := r.w.value(&link.URL); err != nil {
			return err
		}
	} else if odd, err := r.w.value(&link); err != nil {
		return err
	} else if odd {
		event.odd = true
	}
	event.links = append(event.links, scheduleLink{url: trimmed(link.URL), title: trimmed(link.Title), kind: trimmed(link.Type)})
	return r.record(line)
}

func trimmed(s scalar) string { return strings.TrimSpace(string(s)) }
