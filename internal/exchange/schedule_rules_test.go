package exchange

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// The file as an app reads it: nothing here is shared with what writes it.
type toldSchedule struct {
	Generator struct {
		Name    string `xml:"name,attr"`
		Version string `xml:"version,attr"`
	} `xml:"generator"`
	Version    string `xml:"version"`
	Conference struct {
		Title    string `xml:"title"`
		Acronym  string `xml:"acronym"`
		Start    string `xml:"start"`
		End      string `xml:"end"`
		Days     int    `xml:"days"`
		Timeslot string `xml:"timeslot_duration"`
		BaseURL  string `xml:"base_url"`
		URL      string `xml:"url"`
		Zone     string `xml:"time_zone_name"`
		Tracks   []struct {
			Name  string `xml:"name,attr"`
			Color string `xml:"color,attr"`
		} `xml:"track"`
	} `xml:"conference"`
	Days []toldDay `xml:"day"`
}

type toldDay struct {
	Index int        `xml:"index,attr"`
	Date  string     `xml:"date,attr"`
	Start string     `xml:"start,attr"`
	End   string     `xml:"end,attr"`
	Rooms []toldRoom `xml:"room"`
}

type toldRoom struct {
	Name   string      `xml:"name,attr"`
	GUID   string      `xml:"guid,attr"`
	Events []toldEvent `xml:"event"`
}

type toldEvent struct {
	ID          int          `xml:"id,attr" json:"id"`
	GUID        string       `xml:"guid,attr" json:"guid"`
	Code        string       `xml:"code,attr" json:"code"`
	Room        string       `xml:"room" json:"room"`
	Title       string       `xml:"title" json:"title"`
	Subtitle    string       `xml:"subtitle" json:"subtitle"`
	Type        string       `xml:"type" json:"type"`
	Date        string       `xml:"date" json:"date"`
	Start       string       `xml:"start" json:"start"`
	Duration    string       `xml:"duration" json:"duration"`
	Abstract    string       `xml:"abstract" json:"abstract"`
	Description string       `xml:"description" json:"description"`
	Slug        string       `xml:"slug" json:"slug"`
	Track       string       `xml:"track" json:"track"`
	Language    string       `xml:"language" json:"language"`
	URL         string       `xml:"url" json:"url"`
	Persons     []toldPerson `xml:"persons>person" json:"persons"`
	Links       []toldLink   `xml:"links>link" json:"links"`
}

type toldPerson struct {
	ID   int    `xml:"id,attr" json:"-"`
	GUID string `xml:"guid,attr" json:"guid"`
	Name string `xml:",chardata" json:"name"`
}

type toldLink struct {
	URL   string `xml:"href,attr" json:"url"`
	Type  string `xml:"type,attr" json:"type"`
	Title string `xml:",chardata" json:"title"`
}

func (s toldSchedule) event(id int) (toldEvent, bool) {
	for _, d := range s.Days {
		for _, r := range d.Rooms {
			for _, e := range r.Events {
				if e.ID == id {
					return e, true
				}
			}
		}
	}
	return toldEvent{}, false
}

// checkSchedule holds the three documents of a valid Release to what the schemas and the apps want, and gives what the
// XML tells.
func checkSchedule(t testing.TB, r agenda.Release, o PublicOptions) toldSchedule {
	t.Helper()
	data := made(t, "schedule.xml", r, o)
	checkXML(t, data, scheduleParents)
	if head := data[:min(len(data), 1024)]; !bytes.Contains(head, []byte("<schedule")) || !bytes.Contains(head, []byte("<conference")) {
		t.Errorf("the prolog is too long: %s", head)
	}
	var told toldSchedule
	if err := xml.Unmarshal(data, &told); err != nil {
		t.Fatal(err)
	}
	c := ruleCheck{TB: t, release: r, zone: r.Snapshot.Event.Location(), unique: map[string]bool{}, names: map[int]string{}, rooms: map[string]string{}}
	c.conference(told)
	for i, d := range told.Days {
		c.day(i, d, told.Days[0])
	}
	c.complete(told)
	c.json(told, made(t, "schedule.json", r, o))
	c.xcal(told, made(t, "schedule.xcal", r, o))
	return told
}

// scheduleParents says which elements may stand in which.
var scheduleParents = map[string]string{
	"":           "schedule",
	"schedule":   "generator version conference day",
	"conference": "title acronym start end days timeslot_duration base_url url time_zone_name track",
	"day":        "room", "room": "event",
	"event":   "room title subtitle type date start duration abstract slug track persons language description links url",
	"persons": "person", "links": "link",
}

// checkXML checks that a document is well-formed, has only elements where they may be, and only characters that XML
// 1.0 allows, also as references.
func checkXML(t testing.TB, data []byte, parents map[string]string) {
	t.Helper()
	if !bytes.HasPrefix(data, []byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n<")) || !bytes.HasSuffix(data, []byte(">\n")) || bytes.Contains(data, []byte("<!")) {
		t.Errorf("the document begins %q and ends %q", data[:min(60, len(data))], data[max(0, len(data)-20):])
	}
	check := func(s string) {
		for _, char := range s {
			if char < ' ' && char != '\n' && char != '\t' || char == 0xfffe || char == 0xffff || 0x7f <= char && char < 0xa0 {
				t.Errorf("%q has the character %U", s, char)
			}
		}
	}
	open := []string{""}
	for dec := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if parent := open[len(open)-1]; !slices.Contains(strings.Fields(parents[parent]), token.Name.Local) {
				t.Errorf("<%s> stands in <%s>", token.Name.Local, parent)
			}
			open = append(open, token.Name.Local)
			for _, a := range token.Attr {
				check(a.Value)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			check(string(token))
		}
	}
}

// ruleCheck has the rules of one file, and what has to be unique or the same in all of it.
type ruleCheck struct {
	testing.TB
	release agenda.Release
	zone    *time.Location
	unique  map[string]bool
	names   map[int]string    // of persons
	rooms   map[string]string // UUIDs by name
}

func (c ruleCheck) match(what, value, pattern string) {
	c.Helper()
	if !regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(value) {
		c.Errorf("%s %q does not match %s", what, value, pattern)
	}
}

func (c ruleCheck) once(what string, value any) {
	c.Helper()
	key := fmt.Sprint(what, " ", value)
	if c.unique[key] {
		c.Errorf("%s is there twice", key)
	}
	c.unique[key] = true
}

const (
	aUUID = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`
	aTime = `\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d`
	aLink = `https?://[!#-;=?-Z\[\]_a-z~]+`
)

func (c ruleCheck) conference(s toldSchedule) {
	f, e := s.Conference, c.release.Snapshot.Event
	if s.Generator.Name != "Plenary" || s.Generator.Version != "" {
		c.Errorf("generator %+v", s.Generator)
	}
	c.match("version", s.Version, fmt.Sprintf(`%d \(\d{4}-\d\d-\d\d\)`, c.release.Number))
	c.match("title", f.Title, `\S(.*\S)?`)
	c.match("acronym", f.Acronym, `[a-z0-9_]{4,}`)
	c.match("base_url", f.BaseURL, aLink)
	c.match("url", f.URL, "|"+aLink)
	if f.Start != string(e.StartDate) || f.End != string(e.EndDate) || f.Days != len(s.Days) || f.Days == 0 || f.Timeslot != "00:05" || f.Zone != e.Zone {
		c.Errorf("conference %+v", f)
	}
	for _, track := range f.Tracks {
		c.once("track", track.Name)
		c.match("color", track.Color, `|#[0-9a-f]{6}`)
	}
}

func (c ruleCheck) day(i int, d, first toldDay) {
	if d.Index != i+1 {
		c.Errorf("day %d has the index %d", i+1, d.Index)
	}
	c.once("day", d.Date)
	start, end := c.instant(d.Start), c.instant(d.End)
	if d.Start[:16] != d.Date+"T06:00" && c.zone.String() != "Pacific/Apia" || !start.Before(end) {
		c.Errorf("day %+v", d)
	}
	used := len(d.Rooms) == 0
	for j, r := range d.Rooms {
		if r.Name != first.Rooms[j].Name || r.GUID != first.Rooms[j].GUID || len(d.Rooms) != len(first.Rooms) {
			c.Errorf("day %d has the room %q where the first has %q", d.Index, r.Name, first.Rooms[j].Name)
		}
		c.once(fmt.Sprint("room of day ", i), r.Name)
		c.once(fmt.Sprint("room guid of day ", i), r.GUID)
		c.match("room", r.Name, `\S(.*\S)?`)
		c.match("room guid", r.GUID, aUUID)
		c.rooms[r.Name] = r.GUID
		if !slices.IsSortedFunc(r.Events, func(a, b toldEvent) int {
			return cmp.Or(c.instant(a.Date).Compare(c.instant(b.Date)), cmp.Compare(a.ID, b.ID))
		}) {
			c.Errorf("the events of %q are in no order", r.Name)
		}
		for _, e := range r.Events {
			used = true
			c.event(e, r, start, end)
		}
	}
	if !used {
		c.Errorf("nothing begins on day %d", d.Index)
	}
}

func (c ruleCheck) event(e toldEvent, r toldRoom, dayStart, dayEnd time.Time) {
	if e.ID < 1 || e.ID > 1<<31-1 {
		c.Errorf("id %d", e.ID)
	}
	c.once("id", e.ID)
	c.once("guid", e.GUID)
	c.once("slug", e.Slug)
	c.match("guid", e.GUID, aUUID)
	c.match("code", e.Code, `|[0-9A-Z]{6}`)
	c.match("title", e.Title, `\S(.*\S)?`)
	c.match("slug", e.Slug, `[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]`)
	c.match("url", e.URL, aLink)
	c.match("duration", e.Duration, `([01]\d|2[0-3]):[0-5]\d`)
	if e.Room != r.Name || e.Subtitle != "" || e.Description != "" || e.Duration == "00:00" {
		c.Errorf("event %+v in room %q", e, r.Name)
	}
	start, end := c.instant(e.Date), c.instant(e.Date).Add(lengthOf(e.Duration))
	if start.Before(dayStart) || end.After(dayEnd) || e.Start != start.In(c.zone).Format("15:04") {
		c.Errorf("event %+v, day from %v to %v", e, dayStart, dayEnd)
	}
	people := map[int]bool{}
	for _, p := range e.Persons {
		c.match("person", p.Name, `[^\s;](.*\S)?`)
		c.match("person guid", p.GUID, aUUID)
		if strings.Contains(p.Name, ";") || p.ID < 1 || p.ID > 1<<31-1 || people[p.ID] || cmp.Or(c.names[p.ID], p.Name) != p.Name {
			c.Errorf("person %+v of %+v", p, e)
		}
		people[p.ID], c.names[p.ID] = true, p.Name
	}
	for _, l := range e.Links {
		c.match("href", l.URL, aLink)
		if l.Type != "media" && l.Type != "related" || l.Title == "" {
			c.Errorf("link %+v", l)
		}
	}
}

func lengthOf(duration string) time.Duration {
	d, _ := time.ParseDuration(strings.Replace(duration, ":", "h", 1) + "m")
	return d
}

// instant reads a time, whose offset has to be the one of the zone.
func (c ruleCheck) instant(s string) time.Time {
	c.Helper()
	c.match("time", s, aTime)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.In(c.zone).Format("2006-01-02T15:04:05-07:00") != s {
		c.Errorf("%q is not a time of %s: %v", s, c.zone, err)
	}
	return at
}

// complete checks that every Panel that takes place is told, with the end that it has.
func (c ruleCheck) complete(told toldSchedule) {
	byGUID, panels := map[string]toldEvent{}, 0
	for _, d := range told.Days {
		for _, r := range d.Rooms {
			for _, e := range r.Events {
				byGUID[e.GUID] = e
			}
		}
	}
	for _, p := range c.release.Snapshot.Panels {
		e, ok := byGUID[string(p.ID)]
		if canonicalUUID.MatchString(string(p.ID)) && ok == p.Cancelled {
			c.Errorf("panel %s, cancelled %t, is told: %t", p.ID, p.Cancelled, ok)
		}
		if !p.Cancelled {
			panels++
		}
		if !ok {
			continue
		}
		start, end := c.instant(e.Date), c.instant(e.Date).Add(lengthOf(e.Duration))
		if d := p.Slot.Start.At.Sub(start); d < 0 || d >= time.Minute || p.Serial > 0 && p.Serial != e.ID {
			c.Errorf("panel %d at %v is told as %+v", p.Serial, p.Slot.Start, e)
		}
		if d := p.Slot.End.At.Sub(end); d >= time.Minute {
			last := e.Abstract[strings.LastIndexByte(e.Abstract, '\n')+1:]
			if !strings.Contains(last, p.Slot.End.At.In(c.zone).Format("15:04")) || !strings.HasSuffix(last, ".") {
				c.Errorf("panel %d ends at %v, which %q does not tell", p.Serial, p.Slot.End, last)
			}
		} else if d <= -time.Minute {
			c.Errorf("panel %d ends at %v but %+v", p.Serial, p.Slot.End, e)
		}
	}
	if panels != len(byGUID) {
		c.Errorf("%d panels take place, %d are told", panels, len(byGUID))
	}
}
