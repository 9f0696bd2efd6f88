package agenda

import (
	"net/url"
	"regexp"
	"time"
)

// Limits on what a field holds, in characters unless said otherwise.
const (
	MaxName     = 300
	MaxProse    = 20000
	MaxURL      = 2000
	MaxEventDay = 400 // days that an Event may span
)

// Event is one edition of a conference or forum.
type Event struct {
	ID            ID
	Slug          string // its name in URLs: lower-case letters, digits and hyphens
	Name          Text
	Description   Text
	Zone          string // IANA name; every wall clock of the Event is read in it
	StartDate     Date   // first day
	EndDate       Date   // last day, included
	Languages     []string
	Venue         Venue
	Website       string
	Accent        string // colour of its pages, "#rrggbb"; "": the program's own
	BufferMinutes int    // a person needs between two rooms, unless the Rooms' Walks say otherwise
	Frame         MeetingFrame
	Revision      int
	Created       time.Time
	Updated       time.Time
}

// Venue is where an Event takes place.
type Venue struct {
	Name    Text
	Address Text
	Country string // ISO 3166-1 alpha-2
	Place   *Place
}

// Place is a position in degrees, WGS 84.
type Place struct{ Latitude, Longitude float64 }

// Language gives the Event's first language: the one to fall back to.
func (e Event) Language() string {
	if len(e.Languages) == 0 {
		return "en"
	}
	return e.Languages[0]
}

// Location gives the Event's zone; UTC should the name be unknown, which Check refuses.
func (e Event) Location() *time.Location {
	zone, err := LoadZone(e.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Days gives each day of the Event.
func (e Event) Days() []Date {
	var days []Date
	for d := e.StartDate; d <= e.EndDate && len(days) < MaxEventDay; d = d.AddDays(1) {
		days = append(days, d)
	}
	return days
}

// Phase says where a time is in the course of an Event.
type Phase string

// The phases.
const (
	BeforeEvent Phase = "before"
	DuringEvent Phase = "during" // from the first day's midnight to the last one's
	AfterEvent  Phase = "after"
)

// Phase gives the phase that the Event is in, and since when: the zero time before it.
func (e Event) Phase(now time.Time) (Phase, time.Time) {
	start, end := e.midnights()
	switch {
	case start.IsZero() || end.IsZero() || now.Before(start):
		return BeforeEvent, time.Time{}
	case now.Before(end):
		return DuringEvent, start
	}
	return AfterEvent, end
}

// PhaseUntil gives when the phase that the Event is in ends: the zero time after it.
func (e Event) PhaseUntil(now time.Time) time.Time {
	start, end := e.midnights()
	switch {
	case now.Before(start):
		return start
	case now.Before(end):
		return end
	}
	return time.Time{}
}

// midnights are those before the first day and after the last one.
func (e Event) midnights() (start, end time.Time) {
	return instantAt(e.Location(), e.StartDate, "00:00"), instantAt(e.Location(), e.EndDate.AddDays(1), "00:00")
}

// Clean tidies what was typed: see [Text.Clean].
func (e *Event) Clean() {
	e.Name, e.Description = e.Name.Clean(), e.Description.Clean()
	e.Venue.Name, e.Venue.Address = e.Venue.Name.Clean(), e.Venue.Address.Clean()
}

var slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reservedSlugs are first path segments that the program itself answers.
var reservedSlugs = map[string]bool{"api": true, "feeds": true, "static": true, "assets": true, "healthz": true,
	"readyz": true, "metrics": true, "login": true, "logout": true, "admin": true, "account": true, "setup": true,
	"s": true, "m": true, "me": true, "events": true, "robots": true, "favicon": true, "console": true, "debug": true,
	"sign-in": true, "sign-out": true, "invitation": true, "reset": true}

// CheckSlug adds to faults why s can't name an Event in URLs.
func CheckSlug(faults *Faults, pointer, s string) {
	switch {
	case len(s) > 60 || !slugPattern.MatchString(s):
		faults.Add(pointer, "%q is not a slug: lower-case letters and digits in words joined by hyphens, at most 60 characters, such as vidw-2025", clip(s))
	case reservedSlugs[s]:
		faults.Add(pointer, "%q is a word that the program uses itself", s)
	}
}

// Check says everything that is wrong with the Event at once.
func (e Event) Check() error {
	var f Faults
	CheckSlug(&f, "/slug", e.Slug)
	e.Name.Check(&f, "/name", MaxName, true)
	e.Description.Check(&f, "/description", MaxProse, false)
	e.Venue.check(&f)
	if _, err := LoadZone(e.Zone); err != nil {
		f.Merge("/zone", err)
	}
	e.checkDates(&f)
	checkLanguages(&f, "/languages", e.Languages)
	if len(e.Languages) == 0 {
		f.Add("/languages", "needs at least one language; the first is the one to fall back to")
	}
	checkURL(&f, "/website", e.Website)
	checkColor(&f, "/accent", e.Accent)
	checkRange(&f, "/buffer_minutes", e.BufferMinutes, 0, 24*60)
	e.Frame.check(&f)
	return f.Err("event")
}

func (e Event) checkDates(f *Faults) {
	_, startErr := ParseDate(string(e.StartDate))
	_, endErr := ParseDate(string(e.EndDate))
	f.Merge("/start_date", startErr)
	f.Merge("/end_date", endErr)
	if startErr != nil || endErr != nil {
		return
	}
	if e.StartDate < "1970-01-02" || e.EndDate > "9000-01-01" {
		f.Add("/start_date", "is out of range: years 1970 to 8999 can be planned")
	} else if e.EndDate < e.StartDate {
		f.Add("/end_date", "is before the start date")
	} else if e.StartDate.AddDays(MaxEventDay) < e.EndDate {
		f.Add("/end_date", "is more than %d days after the start date", MaxEventDay)
	}
}

func (v Venue) check(f *Faults) {
	v.Name.Check(f, "/venue/name", MaxName, false)
	v.Address.Check(f, "/venue/address", MaxName, false)
	checkCountry(f, "/venue/country", v.Country)
	if v.Place != nil {
		if !(v.Place.Latitude >= -90 && v.Place.Latitude <= 90) {
			f.Add("/venue/latitude", "must be between -90 and 90 degrees")
		}
		if !(v.Place.Longitude >= -180 && v.Place.Longitude <= 180) {
			f.Add("/venue/longitude", "must be between -180 and 180 degrees")
		}
	}
}

var countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)

func checkCountry(f *Faults, pointer, country string) {
	if country != "" && !countryPattern.MatchString(country) {
		f.Add(pointer, "%q is not an ISO 3166-1 alpha-2 code, such as VN", clip(country))
	}
}

func checkLanguages(f *Faults, pointer string, tags []string) {
	seen := map[string]bool{}
	for i, tag := range tags {
		at := index(pointer, i)
		if err := CheckLanguage(tag); err != nil {
			f.Merge(at, err)
		} else if seen[tag] {
			f.Add(at, "names %q a second time", tag)
		}
		seen[tag] = true
	}
	if len(tags) > 40 {
		f.Add(pointer, "has %d languages, at most 40 fit", len(tags))
	}
}

func checkURL(f *Faults, pointer, s string) {
	if s == "" {
		return
	}
	n := len(*f)
	CheckString(f, pointer, s, MaxURL)
	u, err := url.Parse(s)
	if len(*f) == n && (err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil) {
		f.Add(pointer, "%q is not a web address that begins with https:// or http://", clip(s))
	}
}

func checkRange(f *Faults, pointer string, n, least, most int) {
	if n < least || n > most {
		f.Add(pointer, "is %d, but must be between %d and %d", n, least, most)
	}
}
