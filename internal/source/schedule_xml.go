package source

import (
	"cmp"
	"encoding/xml"
	"strings"
)

func init() { readers[ScheduleXML] = readScheduleXML }

// readScheduleXML reads a schedule.xml as Pentabarf, frab, c3voc's tools, wafer and pretalx write it.
func readScheduleXML(data []byte, _ Options) (Programme, error) {
	x := newXMLWalker(data)
	root, line, err := x.root()
	if err != nil {
		return Programme{}, err
	}
	if root.Name.Local != "schedule" {
		return Programme{}, fail(line, "the document is a <%s>, not a <schedule>.", short(root.Name.Local))
	}
	r := scheduleXML{x: x, schedule: &schedule{format: ScheduleXML}}
	if err := x.children(r.top); err != nil {
		return Programme{}, err
	}
	if err := x.end(); err != nil {
		return Programme{}, err
	}
	return r.programme()
}

// scheduleXML fills a schedule.
type scheduleXML struct {
	*schedule
	x *xmlWalker
}

// top reads a child of <schedule>.
func (r scheduleXML) top(e xml.StartElement, line int) error {
	switch e.Name.Local {
	case "conference":
		return r.x.children(r.conference)
	case "day", "room", "event":
		return r.listed(scheduleEvent{})(e, line)
	}
	return r.head(e, line)
}

// conference reads a child of <conference>, or of a <tracks> in it.
func (r scheduleXML) conference(e xml.StartElement, line int) error {
	switch e.Name.Local {
	case "tracks", "rooms":
		return r.x.children(r.conference)
	case "track":
		text, err := r.x.text()
		if err != nil {
			return err
		}
		if named := attribute(e, "name"); named != "" {
			text = named
		}
		return r.addTrack(Track{Line: line, Name: plain(text), Color: attribute(e, "color")})
	case "room":
		return r.listed(scheduleEvent{})(e, line)
	}
	return r.head(e, line)
}

// head reads what the schedule says of itself.
func (r scheduleXML) head(e xml.StartElement, line int) error {
	if e.Name.Local == "generator" {
		r.generator = attribute(e, "name")
	}
	field := r.field(e.Name.Local)
	if field == nil {
		return r.x.skip()
	}
	text, err := r.x.text()
	field.set(text, line)
	return err
}

// listed reads what is listed in a day and in a room, which events there begin with. In the files of FOSDEM of 2007 they
// are in no room.
func (r scheduleXML) listed(in scheduleEvent) func(xml.StartElement, int) error {
	return func(e xml.StartElement, line int) error {
		in := in
		switch e.Name.Local {
		case "day":
			in.day, in.opens, in.closes = attribute(e, "date"), attribute(e, "start"), attribute(e, "end")
			return r.x.children(r.listed(in))
		case "room":
			named := attribute(e, "name")
			if err := r.addRoom(Room{Line: line, Name: plain(named), GUID: guid(attribute(e, "guid"))}); err != nil {
				return err
			}
			in.within = named
			return r.x.children(r.listed(in))
		case "event":
			in.line = line
			return r.event(e, in)
		}
		return r.x.skip()
	}
}

func (r scheduleXML) event(e xml.StartElement, event scheduleEvent) error {
	event.id, event.guid, event.code = attribute(e, "id"), attribute(e, "guid"), attribute(e, "code")
	err := r.x.children(func(e xml.StartElement, _ int) error {
		switch e.Name.Local {
		case "persons":
			return r.x.children(func(e xml.StartElement, line int) error { return r.person(e, line, &event) })
		case "links", "attachments":
			return r.x.children(func(e xml.StartElement, line int) error { return r.link(e, line, &event) })
		}
		field := event.field(e.Name.Local)
		if field == nil {
			return r.x.skip()
		}
		text, err := r.x.text()
		if text = strings.TrimSpace(text); *field == "" {
			*field = text
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.addEvent(event)
}

func (r scheduleXML) person(e xml.StartElement, line int, event *scheduleEvent) error {
	text, err := r.x.text()
	if err != nil || e.Name.Local != "person" {
		return err
	}
	if strings.TrimSpace(text) == "" {
		text = attribute(e, "name")
	}
	event.persons = append(event.persons, schedulePerson{line: line, id: attribute(e, "id"), guid: attribute(e, "guid"), code: attribute(e, "code"), name: text})
	return r.record(line)
}

func (r scheduleXML) link(e xml.StartElement, line int, event *scheduleEvent) error {
	link := scheduleLink{url: attribute(e, "href"), kind: attribute(e, "type")}
	text, err := r.x.parts(map[string]*string{"title": &link.title, "type": &link.kind})
	if err != nil {
		return err
	}
	link.title = cmp.Or(link.title, text)
	event.links = append(event.links, link)
	return r.record(line)
}

// attribute gives an attribute without white space at its ends; empty for none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
