package ical

import (
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// rawEntry is a VEVENT before its times are resolved: a VTIMEZONE may come after what refers to it.
type rawEntry struct {
	Entry
	start, end, recurrence rawTime
	duration               string
}

// rawTime is a time as it was written; without a value there is none.
type rawTime struct {
	line  int
	value string
	zone  string // TZID
}

// maxCategories and maxAttendees bound what is kept of one entry.
const (
	maxCategories = 100
	maxAttendees  = 1_000
)

// event reads a property of a VEVENT. Of those that may occur once, the first holds.
func (d *reading) event(e *rawEntry, c content) {
	switch c.name {
	case "UID":
		setText(&e.UID, c)
	case "SUMMARY":
		setText(&e.Summary, c)
	case "DESCRIPTION":
		setText(&e.Description, c)
	case "LOCATION":
		setText(&e.Location, c)
	case "URL":
		if e.URL == "" {
			e.URL = clean(c.value)
		}
	case "CATEGORIES":
		e.Categories = append(e.Categories, readTexts(c.value, maxCategories-len(e.Categories))...)
	case "STATUS":
		if e.Status == "" {
			e.Status = strings.ToUpper(readText(c.value))
		}
	case "DTSTART":
		e.start.set(c)
	case "DTEND":
		e.end.set(c)
	case "RECURRENCE-ID":
		e.recurrence.set(c)
	case "DURATION":
		if e.duration == "" {
			e.duration = strings.ToUpper(strings.TrimSpace(c.value))
		}
	case "RRULE", "RDATE":
		e.Recurs = true
	case "ATTENDEE":
		if a, named := attendee(c); named && len(e.Attendees) < maxAttendees {
			e.Attendees = append(e.Attendees, a)
		}
	case "ORGANIZER":
		if a, named := attendee(c); named && e.Organizer == "" {
			e.Organizer = a.Name
		}
	default:
		d.revision(e, c)
	}
}

// revision reads what tells the revisions of an entry apart, and where on earth it is.
func (d *reading) revision(e *rawEntry, c content) {
	value := strings.TrimSpace(c.value)
	switch c.name {
	case "SEQUENCE":
		if n, err := strconv.ParseInt(value, 10, 32); err == nil && n >= 0 {
			e.Sequence = int(n)
		} else {
			d.warn(c.line, "The SEQUENCE %s is no number: it was taken as 0.", quote(value))
		}
	case "LAST-MODIFIED", "DTSTAMP":
		if wall, kind := readTime(value); kind == instantTime {
			e.Modified = later(e.Modified, wall)
		}
	case "GEO":
		latitude, longitude, _ := strings.Cut(value, ";")
		north, err1 := strconv.ParseFloat(latitude, 64)
		east, err2 := strconv.ParseFloat(longitude, 64)
		// Written so that NaN fails as well.
		if err1 == nil && err2 == nil && north >= -90 && north <= 90 && east >= -180 && east <= 180 {
			e.Place = &agenda.Place{Latitude: north, Longitude: east}
		}
	}
}

func setText(to *string, c content) {
	if *to == "" {
		*to = readText(c.value)
	}
}

func (t *rawTime) set(c content) {
	if t.value == "" {
		*t = rawTime{line: c.line, value: strings.ToUpper(strings.TrimSpace(c.value)), zone: strings.TrimSpace(c.param("TZID"))}
	}
}

// attendee gives whom an ATTENDEE or ORGANIZER names. Programs that know no name repeat the address, which is not kept;
// rooms and projectors are invited like people (RFC 5545, 3.2.3), and who declined does not come.
func attendee(c content) (Attendee, bool) {
	a := Attendee{Name: oneLine(c.param("CN")), Role: strings.ToUpper(strings.TrimSpace(c.param("ROLE")))}
	if kind := strings.ToUpper(c.param("CUTYPE")); kind == "ROOM" || kind == "RESOURCE" || strings.EqualFold(c.param("PARTSTAT"), "DECLINED") {
		return a, false
	}
	a.Name = strings.Trim(a.Name, `"' `)
	return a, a.Name != "" && !strings.Contains(a.Name, "@")
}

// resolve gives a VEVENT its times.
func (d *reading) resolve(e *rawEntry) {
	if id, ok := d.time(e.recurrence, e, true); ok {
		e.RecurrenceID = id.name()
	} else {
		e.RecurrenceID = e.recurrence.value
	}
	start, ok := d.time(e.start, e, false)
	if !ok {
		return
	}
	e.Start, e.AllDay, e.Zone = start.at, start.date, start.clock.zone
	e.End = d.ending(e, start)
}

// ending gives when a VEVENT ends: DTEND, or DURATION after its start, or what RFC 5545, 3.6.1 says without either.
func (d *reading) ending(e *rawEntry, start instant) time.Time {
	if e.end.value != "" {
		end, ok := d.time(e.end, e, false)
		if ok && end.date == start.date {
			return end.at
		}
		if ok {
			d.warn(e.end.line, "Of %s either the start or the end is a day, the other a time: the end was left out.", quote(e.Summary))
		}
	} else if e.duration != "" {
		if days, rest, ok := readDuration(e.duration); ok {
			return start.add(days, rest)
		}
		d.warn(e.Line, "The duration %s of %s makes no sense: it was left out.", quote(e.duration), quote(e.Summary))
	}
	if start.date {
		return start.at.AddDate(0, 0, 1)
	}
	return start.at
}
