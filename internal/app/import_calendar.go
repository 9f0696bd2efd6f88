package app

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/source"
)

// CalendarProgramme gives what the calendar of another program says as a Programme: its entries are known by their UIDs,
// places are Rooms, the first category of each is its Track, and attendees speak.
func CalendarProgramme(c ical.Calendar) source.Programme {
	b := calendarReading{calendar: c, rooms: map[string]bool{}, tracks: map[string]bool{}, people: map[string]bool{}, keys: map[string]bool{}, uids: map[string]bool{},
		programme: source.Programme{Format: source.ICS, Name: inFileLanguage(c.Name), Description: inFileLanguage(c.Description)}}
	if about := c.Description; oneSpace(c.Name) == "" && oneSpace(about) == about && utf8.RuneCountInString(about) <= agenda.MaxName {
		b.programme.Name, b.programme.Description = b.programme.Description, nil // some programs call the event there
	}
	for _, w := range c.Warnings {
		b.warn(w.Line, source.BadValue, "%s", w.Text)
	}
	b.programme.Zone = b.zone()
	first, last := b.days()
	for _, e := range c.Entries {
		from, to := wholeDays(e)
		switch {
		case oneSpace(e.Summary) == "":
			b.warn(e.Line, source.NoTitle, "An entry has no title (SUMMARY): it was left out.")
		case e.AllDay && first != "" && from <= first && to >= last:
			b.warn(e.Line, source.BadTime, "%s covers all days of the event: it was left out.", named(e.Summary))
		default:
			b.add(e)
		}
	}
	return b.programme
}

// calendarReading is a calendar that is being turned into a Programme.
type calendarReading struct {
	calendar                          ical.Calendar
	programme                         source.Programme
	rooms, tracks, people, keys, uids map[string]bool
}

func (b *calendarReading) warn(line int, rule source.Rule, format string, args ...any) {
	b.programme.Findings = append(b.programme.Findings, source.Finding{Line: line, Rule: rule, Text: fmt.Sprintf(format, args...)})
}

func inFileLanguage(s string) source.Text {
	if s = agenda.CleanLine(s); s == "" {
		return nil
	}
	return source.Text{"": s}
}

// zone gives the zone in which most entries are told, or else what the file suggests. UTC is where programs keep times,
// not where people meet.
func (b *calendarReading) zone() string {
	told, most := map[string]int{}, ""
	for _, e := range b.calendar.Entries {
		if e.Zone == "" || e.Zone == "UTC" || e.Zone == "Etc/UTC" {
			continue
		}
		if told[e.Zone]++; most == "" || told[e.Zone] > told[most] {
			most = e.Zone
		}
	}
	if most == "" {
		return b.calendar.Zone
	}
	return most
}

// days gives the first and the last day that an entry with a time is on, in UTC.
func (b *calendarReading) days() (first, last agenda.Date) {
	for _, e := range b.calendar.Entries {
		if e.AllDay || e.Start.IsZero() {
			continue
		}
		day := agenda.Date(e.Start.Format(agenda.DateLayout))
		if first == "" || day < first {
			first = day
		}
		last = max(last, day)
	}
	return first, last
}

// wholeDays gives the first and the last day of an all-day entry.
func wholeDays(e ical.Entry) (first, last agenda.Date) {
	first = agenda.Date(e.Start.Format(agenda.DateLayout))
	return first, max(first, agenda.Date(e.End.AddDate(0, 0, -1).Format(agenda.DateLayout)))
}

func (b *calendarReading) add(e ical.Entry) {
	item := source.Item{Line: e.Line, Title: inFileLanguage(e.Summary), Abstract: inFileLanguage(about(e)),
		Standing: e.Status != "", Cancelled: e.Status == "CANCELLED"}
	b.identify(&item, e)
	switch {
	case e.AllDay:
		b.warn(e.Line, source.BadTime, "%s lasts all day: it was taken without a time.", named(e.Summary))
	case !e.Start.IsZero():
		item.Start, item.End = source.When{At: e.Start.UTC()}, source.When{At: e.End.UTC()}
	}
	if name := oneSpace(e.Location); name != "" {
		item.Room = name
		if !b.rooms[name] {
			b.rooms[name] = true
			b.programme.Rooms = append(b.programme.Rooms, source.Room{Line: e.Line, Key: name, Name: source.Text{"": name}})
		}
	}
	if len(e.Categories) > 0 && oneSpace(e.Categories[0]) != "" {
		item.Track = oneSpace(e.Categories[0])
		if !b.tracks[item.Track] {
			b.tracks[item.Track] = true
			b.programme.Tracks = append(b.programme.Tracks, source.Track{Line: e.Line, Key: item.Track, Name: source.Text{"": item.Track}})
		}
	}
	for _, a := range e.Attendees {
		b.attend(&item, a)
	}
	b.programme.Items = append(b.programme.Items, item)
}

func (b *calendarReading) attend(item *source.Item, a ical.Attendee) {
	name := oneSpace(a.Name)
	if name == "" || len(item.Speakers) == maxCast {
		return
	}
	key := "name " + name
	for _, s := range item.Speakers {
		if s.Person == key {
			return
		}
	}
	if !b.people[key] {
		b.people[key] = true
		b.programme.People = append(b.programme.People, source.Person{Line: item.Line, Key: key, Name: name})
	}
	role := agenda.Presenter
	if a.Role == "CHAIR" {
		role = agenda.Chair
	}
	item.Speakers = append(item.Speakers, source.Speaker{Person: key, Role: role})
}

// maxUID is the longest UID, in octets (RFC 7986, 5.3).
const maxUID = 255

// identify gives an entry the key by which it is known again: its UID, that of an occurrence with its date, and where
// several entries have one, with the title.
func (b *calendarReading) identify(item *source.Item, e ical.Entry) {
	usable := len(e.UID) <= maxUID && !strings.ContainsFunc(e.UID, func(r rune) bool { return !unicode.IsPrint(r) })
	if !usable {
		b.warn(e.Line, source.BadValue, "The UID of %s is not at most %d printable octets: it got another.", named(e.Summary), maxUID)
	}
	if e.RecurrenceID == "" && usable && !b.uids[e.UID] {
		item.UID = e.UID
		b.uids[e.UID] = true
	}
	key := strings.TrimSpace("uid " + e.UID + " " + e.RecurrenceID)
	if e.UID == "" {
		item.Derived, key = true, "title "+oneSpace(e.Summary)
	} else if b.keys[key] {
		key += " title " + oneSpace(e.Summary)
	}
	item.Key = key
	for n := 2; b.keys[item.Key]; n++ {
		item.Key = fmt.Sprintf("%s #%d", key, n)
	}
	b.keys[item.Key] = true
}

// about gives what an entry tells of itself, with its address on the web at the end unless that is in it.
func about(e ical.Entry) string {
	text := agenda.CleanLine(e.Description)
	if webAddress(e.URL) && !strings.Contains(text, e.URL) {
		text = agenda.CleanLine(text + "\n\n" + e.URL)
	}
	return text
}
