package source

import (
	"net/url"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// schedule is what a schedule.xml or a schedule.json says, before anything is made of it: what its head tells (the zone,
// the address that others are relative to, the program that wrote it) may come after what depends on it.
//
// The format grew out of Pentabarf's and has no standard. The schemas that most tools agree on are those of c3voc
// (https://github.com/voc/schedule); hardly any published file obeys them.
type schedule struct {
	format    Format
	generator string

	acronym, version, title, subtitle, start, end said
	dayChange, zone, website, base                said

	rooms   []Room
	tracks  []Track
	events  []scheduleEvent
	known   map[string]bool // rooms that are in the list
	records int             // of every kind
}

// said is a value and its line.
type said struct {
	text string
	line int
}

// scheduleEvent is an <event>, or an object in the list of a room. Its strings are trimmed, and otherwise as they are in
// the file.
type scheduleEvent struct {
	line        int
	day, within string // the date of the day and the name of the room that list it
	// opens and closes are the times between which the day says that it lasts.
	opens, closes string
	odd           bool // a value was of another type
	// roomAt and trackAt are those that the second format refers to.
	roomAt, trackAt secondReference

	id, guid, code, url                    string
	date, start, duration, end             string
	title, subtitle, abstract, description string
	room, track, kind, language            string
	persons                                []schedulePerson
	links                                  []scheduleLink
}

// schedulePerson is a <person>, or an object in the list "persons".
type schedulePerson struct {
	line                             int
	id, guid, code, name, bio, photo string
	role                             string
}

// scheduleLink is a <link> or an <attachment>, or an object in one of their lists.
type scheduleLink struct{ url, title, kind string }

// maxRecords bounds what a file may list altogether, so that many small things don't become a large one.
const maxRecords = 20 * MaxItems

// record counts one more thing that is kept.
func (s *schedule) record(line int) error {
	if s.records++; s.records > maxRecords {
		return fail(line, "there are more than %d entries, people, rooms and links, which is more than can be imported at once.", maxRecords)
	}
	return nil
}

// field gives the place of a member of the head, by the name that both formats have for it; nil for others.
func (s *schedule) field(name string) *said {
	switch name {
	case "acronym":
		return &s.acronym
	case "version", "release":
		return &s.version
	case "title":
		return &s.title
	case "subtitle":
		return &s.subtitle
	case "start":
		return &s.start
	case "end":
		return &s.end
	case "day_change":
		return &s.dayChange
	case "time_zone_name":
		return &s.zone
	case "url":
		return &s.website
	case "base_url":
		return &s.base
	}
	return nil
}

// field gives the place of a member of the event, as [schedule.field] does.
func (e *scheduleEvent) field(name string) *string {
	switch name {
	case "id":
		return &e.id
	case "guid":
		return &e.guid
	case "code":
		return &e.code
	case "url":
		return &e.url
	case "date":
		return &e.date
	case "start":
		return &e.start
	case "duration":
		return &e.duration
	case "end":
		return &e.end
	case "title":
		return &e.title
	case "subtitle":
		return &e.subtitle
	case "abstract":
		return &e.abstract
	case "description":
		return &e.description
	case "room":
		return &e.room
	case "track":
		return &e.track
	case "type":
		return &e.kind
	case "language":
		return &e.language
	}
	return nil
}

// set takes a value, unless there is one.
func (f *said) set(text string, line int) {
	if text = strings.TrimSpace(text); f.text == "" {
		*f = said{text, line}
	}
}

// addRoom takes a room that the file declares.
func (s *schedule) addRoom(r Room) error {
	key := name(r.Name.first())
	if r.GUID != "" {
		key += "\n" + r.GUID
	}
	if len(r.Name) == 0 || s.known[key] {
		return nil
	}
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[key] = true
	s.rooms = append(s.rooms, r)
	return s.record(r.Line)
}

// addTrack takes a track that the file declares, with its colour as the file writes it.
func (s *schedule) addTrack(t Track) error {
	s.tracks = append(s.tracks, t)
	return s.record(t.Line)
}

// addEvent takes an event.
func (s *schedule) addEvent(e scheduleEvent) error {
	if len(s.events) == MaxItems {
		return fail(e.line, "there are more than %d entries, which is more than can be imported at once.", MaxItems)
	}
	s.events = append(s.events, e)
	return s.record(e.line)
}

// scheduleBuilder makes a Programme of a schedule.
type scheduleBuilder struct {
	*builder
	clock *time.Location // nil: unknown
	base  *url.URL       // nil: unknown
	// midnight is when a day ends of which only times are told, as long after its calendar's; night is when at the
	// latest it ends where dates are told too.
	midnight, night time.Duration
}

// programme makes the Programme.
func (s *schedule) programme() (Programme, error) {
	b := &scheduleBuilder{builder: newBuilder(s.format)}
	b.head(s)
	for _, r := range s.rooms {
		b.room(r)
	}
	for _, t := range s.tracks {
		declared := t.Color
		if t.Color = color(declared); t.Color == "" && declared != "" {
			b.warn(t.Line, BadValue, "The colour %s of the track %s can't be read: it has none now.", quoted(declared), quoted(t.Name.first()))
		}
		b.track(t)
	}
	for i := range s.events {
		if err := b.event(&s.events[i]); err != nil {
			return Programme{}, err
		}
	}
	return b.finish()
}

// defaultDayChange is when a day ends where the file does not say.
const defaultDayChange = 6 * time.Hour

// head reads what the schedule says of itself.
func (b *scheduleBuilder) head(s *schedule) {
	b.Ours = s.generator == "Plenary"
	b.Acronym, b.Version = name(s.acronym.text), name(s.version.text)
	b.Name, b.Description = b.line(s.title.text), plain(b.text(s.subtitle.text))
	if len(s.base.text) <= agenda.MaxName { // it is put before every relative address
		b.base = parseWeb(s.base.text)
	}
	if b.Website = webAddress(s.website.text); b.Website == "" && s.website.text != "" {
		b.warn(s.website.line, BadValue, "%s is not a web address: it was left out.", quoted(s.website.text))
	}
	b.readZone(s.zone)
	b.Start, b.End = b.date(s.start), b.date(s.end)
	b.midnight, b.night = defaultDayChange, defaultDayChange
	if s.dayChange.text != "" {
		change, ok := scheduleClock(s.dayChange.text)
		if !ok {
			b.warn(s.dayChange.line, BadTime, "The time %s at which days end can't be read: 06:00 was taken.", quoted(s.dayChange.text))
			return
		}
		// Some declare the hour at which their days begin: what is listed before it is in the morning all the same.
		b.midnight, b.night = min(change, defaultDayChange), change
	}
}

// readZone reads the name of the zone. Some write it with spaces.
func (b *scheduleBuilder) readZone(s said) {
	if s.text == "" {
		return
	}
	zone, err := agenda.LoadZone(s.text)
	if err != nil {
		if zone, err = agenda.LoadZone(strings.Join(strings.Fields(s.text), "")); err != nil {
			b.warn(s.line, BadZone, "%s is not an IANA time zone: times without an offset are read in the event's.", quoted(s.text))
			return
		}
		b.warn(s.line, BadZone, "%s is not an IANA time zone: it was read as %s.", quoted(s.text), zone)
	}
	b.clock, b.Zone = zone, zone.String()
}

// date reads a day of the head, which may be a time on it.
func (b *scheduleBuilder) date(s said) agenda.Date {
	if s.text == "" {
		return ""
	}
	if when, ok := scheduleTime(s.text); ok && when.Told && b.clock != nil {
		return agenda.Date(when.At.In(b.clock).Format(agenda.DateLayout))
	}
	day, ok := scheduleDay(s.text)
	if !ok {
		b.warn(s.line, BadTime, "%s is not a date: it was left out.", quoted(s.text))
		return ""
	}
	return agenda.Date(day.Format(agenda.DateLayout))
}

// text gives a text of the file as plain text.
func (b *scheduleBuilder) text(s string) string {
	if b.Ours {
		return s
	}
	return htmlText(s)
}

// line gives a Text on one line.
func (b *scheduleBuilder) line(s string) Text {
	if b.Ours {
		return plain(s)
	}
	return plain(strings.Join(strings.Fields(htmlText(s)), " "))
}

// parseWeb reads a web address, nil for what is none that Plenary takes.
func parseWeb(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || len(s) > agenda.MaxURL || clean(s) != s {
		return nil
	}
	return u
}

// webAddress gives a web address as it is written, empty for what is none that Plenary takes.
func webAddress(s string) string {
	if s = strings.TrimSpace(s); parseWeb(s) == nil {
		return ""
	}
	return s
}

// address gives an absolute web address for one that may be relative, empty for what can't be made one.
func (b *scheduleBuilder) address(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return ""
	}
	if absolute := webAddress(s); absolute != "" || b.base == nil {
		return absolute
	}
	u, err := b.base.Parse(s)
	if err != nil {
		return ""
	}
	return webAddress(u.String())
}
