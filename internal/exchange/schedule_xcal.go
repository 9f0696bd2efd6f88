package exchange

import (
	"encoding/xml"
	"fmt"

	"plenary/internal/agenda"
)

// ScheduleXCal gives what [ScheduleXML] gives as iCalendar in XML, in the form that pentabarf wrote before there was
// RFC 6321, and that pretalx and others still write: the elements stand without their types.
func ScheduleXCal(r agenda.Release, o PublicOptions) ([]byte, error) {
	s := newSchedule(r, o)
	doc := xcal{Pentabarf: "http://pentabarf.org", XCal: "urn:ietf:params:xml:ns:xcal", Version: "2.0",
		Product: "-//Plenary//Schedule//EN", Description: s.Conference.Title, Name: s.Conference.Title}
	for _, day := range s.Days {
		for _, room := range day.Rooms {
			for _, e := range room.Slots {
				doc.Entries = append(doc.Entries, xcalEntryOf(e))
			}
		}
	}
	return encodeXML(doc)
}

type xcal struct {
	XMLName     xml.Name    `xml:"iCalendar"`
	Pentabarf   string      `xml:"xmlns:pentabarf,attr"`
	XCal        string      `xml:"xmlns:xCal,attr"`
	Version     string      `xml:"vcalendar>version"`
	Product     string      `xml:"vcalendar>prodid"`
	Description string      `xml:"vcalendar>x-wr-caldesc"`
	Name        string      `xml:"vcalendar>x-wr-calname"`
	Entries     []xcalEntry `xml:"vcalendar>vevent"`
}

type xcalEntry struct {
	Method       string   `xml:"method"`
	UID          string   `xml:"uid"`
	ID           int      `xml:"pentabarf:event-id"`
	Slug         string   `xml:"pentabarf:event-slug"`
	Title        string   `xml:"pentabarf:title"`
	Subtitle     string   `xml:"pentabarf:subtitle"`
	Language     string   `xml:"pentabarf:language"`
	LanguageCode string   `xml:"pentabarf:language-code"`
	Track        string   `xml:"pentabarf:track"`
	Start        string   `xml:"dtstart"`
	End          string   `xml:"dtend"`
	Duration     string   `xml:"duration"`
	Summary      string   `xml:"summary"`
	Description  string   `xml:"description"`
	Class        string   `xml:"class"`
	Status       string   `xml:"status"`
	Category     string   `xml:"category"`
	URL          string   `xml:"url,omitempty"`
	Location     string   `xml:"location"`
	Attendees    []string `xml:"attendee"`
}

func xcalEntryOf(e scheduleEvent) xcalEntry {
	// The format names no zone. Giggity reads a time without "Z" by the clock of the phone that it runs on, one with
	// "Z" as the instant that it is; pentabarf and pretalx write the former, and are wrong for whoever has not arrived yet.
	const instant = "20060102T150405Z"
	minutes := int(e.to.Sub(e.from).Minutes())
	o := xcalEntry{Method: "PUBLISH", UID: e.uid, ID: e.ID, Slug: e.Slug, Title: e.Title, Subtitle: e.Subtitle,
		Language: e.Language, LanguageCode: e.Language, Track: e.Track, Start: e.from.UTC().Format(instant), End: e.to.UTC().Format(instant),
		// All three parts: RFC 5545 (3.3.6) allows it, and the readers of pentabarf's "01H30M00S" find theirs in it.
		Duration: fmt.Sprintf("PT%02dH%02dM00S", minutes/60, minutes%60), Summary: e.Title, Description: e.Abstract,
		Class: "PUBLIC", Status: "CONFIRMED", Category: e.Type, URL: e.URL, Location: e.Room}
	for _, person := range e.Persons {
		o.Attendees = append(o.Attendees, person.Name)
	}
	return o
}
