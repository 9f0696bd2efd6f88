package exchange

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"regexp"
	"time"

	"plenary/internal/agenda"
)

// ScheduleXML gives the schedule of a Release as schedule.xml, which the apps of conferences read: the format of
// pentabarf and frab, as the XSD of c3voc (https://c3voc.de/schedule/schema.xsd) defines it and the apps need it. The
// bytes are the same for the same Release and options.
func ScheduleXML(r agenda.Release, o PublicOptions) ([]byte, error) {
	return encodeXML(newSchedule(r, o))
}

// ScheduleJSON gives what [ScheduleXML] gives as schedule.json, which the JSON Schema of c3voc
// (https://c3voc.de/schedule/schema.json) defines.
func ScheduleJSON(r agenda.Release, o PublicOptions) ([]byte, error) {
	doc := scheduleFile{Schema: "https://c3voc.de/schedule/schema.json", Schedule: newSchedule(r, o)}
	doc.Generator = doc.Schedule.Generator
	if c := &doc.Schedule.Conference; !jsonZone.MatchString(c.Zone) {
		// The schema has no place for "EST" or "Etc/GMT-7". Each time has its offset, so that no instant gets lost with it.
		c.Zone = ""
	}
	var b bytes.Buffer
	if err := encodeJSON(&b, doc, ""); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// jsonZone is the schema's own pattern. It has no anchor where one expects it, so that America/New_York passes.
var jsonZone = regexp.MustCompile(`^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$`)

// scheduleFile is a schedule.json.
type scheduleFile struct {
	Schema    string            `json:"$schema"`
	Generator scheduleGenerator `json:"generator"`
	Schedule  schedule          `json:"schedule"`
}

// schedule is a Release as the apps know it. The XML and the JSON have the same things, mostly under the same names:
// the tags say which has what. Strings have no characters that XML 1.0 does not allow.
type schedule struct {
	XMLName    xml.Name           `xml:"schedule" json:"-"`
	Generator  scheduleGenerator  `xml:"generator" json:"-"`
	Version    string             `xml:"version" json:"version"`
	BaseURL    string             `xml:"-" json:"base_url,omitempty"`
	Conference scheduleConference `xml:"conference" json:"conference"`
	Days       []scheduleDay      `xml:"day" json:"-"`
}

// scheduleGenerator has no version: the bytes stay when the program is brought up to date.
type scheduleGenerator struct {
	Name string `xml:"name,attr" json:"name"`
}

// scheduleConference is the Event.
type scheduleConference struct {
	Title    string          `xml:"title" json:"title"`
	Acronym  string          `xml:"acronym" json:"acronym"`
	Start    agenda.Date     `xml:"start" json:"start"`
	End      agenda.Date     `xml:"end" json:"end"`
	Count    int             `xml:"days" json:"daysCount"`
	Timeslot string          `xml:"timeslot_duration" json:"timeslot_duration"`
	BaseURL  string          `xml:"base_url,omitempty" json:"-"`
	Website  string          `xml:"url,omitempty" json:"url,omitempty"`
	Zone     string          `xml:"time_zone_name" json:"time_zone_name,omitempty"`
	Tracks   []scheduleTrack `xml:"track" json:"tracks"`
	Rooms    []scheduleRoom  `xml:"-" json:"rooms"`
	Days     []scheduleDay   `xml:"-" json:"days"`
}

type scheduleTrack struct {
	Name  string `xml:"name,attr" json:"name"`
	Color string `xml:"color,attr,omitempty" json:"color,omitempty"`
}

type scheduleRoom struct {
	GUID        string  `json:"guid"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	Capacity    *int    `json:"capacity"`
}

// scheduleDay is a window from 06:00 to 06:00, and what begins in it.
type scheduleDay struct {
	Index int           `xml:"index,attr" json:"index"`
	Date  agenda.Date   `xml:"date,attr" json:"date"`
	Start string        `xml:"start,attr" json:"day_start"`
	End   string        `xml:"end,attr" json:"day_end"`
	Rooms scheduleRooms `xml:"room" json:"rooms"`
}

// scheduleRooms are the Rooms on one day.
type scheduleRooms []scheduleRoomDay

type scheduleRoomDay struct {
	Name  string          `xml:"name,attr"`
	GUID  string          `xml:"guid,attr"`
	Slots []scheduleEvent `xml:"event"`
}

// MarshalJSON gives an object by name, which keeps the order of the Rooms.
func (rooms scheduleRooms) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	for i, r := range rooms {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encodeJSON(b, r.Name, ""); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encodeJSON(b, listed(r.Slots, func(e scheduleEvent) scheduleEvent { return e }), ""); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// scheduleEvent is a Panel that takes place. All of its elements are there, but for the optional ones that may not be empty.
type scheduleEvent struct {
	GUID        string           `xml:"guid,attr" json:"guid"`
	Code        string           `xml:"code,attr,omitempty" json:"code,omitempty"`
	ID          int              `xml:"id,attr" json:"id"`
	Date        string           `xml:"date" json:"date"`
	Start       string           `xml:"start" json:"start"`
	Duration    string           `xml:"duration" json:"duration"`
	Room        string           `xml:"room" json:"room"`
	Slug        string           `xml:"slug" json:"slug"`
	URL         string           `xml:"url,omitempty" json:"url"`
	Title       string           `xml:"title" json:"title"`
	Subtitle    string           `xml:"subtitle" json:"subtitle"`
	Track       string           `xml:"track" json:"track"`
	Type        string           `xml:"type" json:"type"`
	Language    string           `xml:"language" json:"language"`
	Abstract    string           `xml:"abstract" json:"abstract"`
	Description string           `xml:"description" json:"description"`
	Persons     []schedulePerson `xml:"persons>person" json:"persons"`
	Links       []scheduleLink   `xml:"links>link" json:"links"`

	uid      string
	from, to time.Time // in the Event's zone, as they are told
}

// schedulePerson is somebody with a part in a Panel. In JSON an integer beside the name would make it invalid: the
// schema takes it for another kind of person, and wants exactly one kind.
type schedulePerson struct {
	ID   int    `xml:"id,attr" json:"-"`
	GUID string `xml:"guid,attr" json:"guid"`
	Name string `xml:",chardata" json:"name"`
}

type scheduleLink struct {
	URL   string `xml:"href,attr" json:"url"`
	Type  string `xml:"type,attr" json:"type"`
	Title string `xml:",chardata" json:"title"`
}

// encodeXML gives v as a document in UTF-8, indented, with a line break at the end.
func encodeXML(v any) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// newSchedule makes the schedule of a Release.
func newSchedule(r agenda.Release, o PublicOptions) schedule {
	s := &r.Snapshot
	p := newScheduler(s, o)
	base := webAddress(p.site.Page())
	doc := schedule{Generator: scheduleGenerator{Name: "Plenary"}, Version: scheduleVersion(r), BaseURL: base, Days: p.days()}
	doc.Conference = scheduleConference{Title: cmp.Or(oneLine(p.reader.String(s.Event.Name)), p.acronym), Acronym: p.acronym,
		Start: s.Event.StartDate, End: s.Event.EndDate, Count: len(doc.Days), Timeslot: "00:05", BaseURL: base,
		Website: webAddress(s.Event.Website), Zone: p.zone.String(), Tracks: p.tracks, Rooms: listed(p.rooms, p.room), Days: doc.Days}
	return doc
}
