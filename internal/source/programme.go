package source

import (
	"time"

	"plenary/internal/agenda"
)

// Format is a format that events are exchanged in.
type Format string

// The formats that are read. Each is told apart from the others by its beginning: see [Sniff].
const (
	ScheduleXML    Format = "schedule.xml"  // pentabarf, frab, c3voc, pretalx
	ScheduleJSON   Format = "schedule.json" // frab, c3voc, pretalx
	SessionizeAll  Format = "sessionize-all"
	SessionizeGrid Format = "sessionize-gridsmart"
	Pretalx        Format = "pretalx" // objects of its REST API
	CSV            Format = "csv"
	XLSX           Format = "xlsx"
	ICS            Format = "ics"     // read by package ical
	Plenary        Format = "plenary" // a whole event, read by package exchange
)

// Formats lists the formats.
var Formats = []Format{ScheduleXML, ScheduleJSON, SessionizeAll, SessionizeGrid, Pretalx, CSV, XLSX, ICS, Plenary}

// Limits on what is read of one file.
const (
	MaxFile     = 64 << 20 // bytes, of the file and of what a packed one holds
	MaxItems    = 20_000   // items and talks together
	MaxDepth    = 64       // of nested elements, objects and lists
	MaxFindings = 20_000   // one more says how many there were beyond
)

// Text is a text by BCP 47 tag. Under the empty tag is one whose language the file does not tell.
type Text map[string]string

// Programme is what a file says of an event. Things are in the order of the file; each has a Key that no other of its
// kind has, by which it is known again in a newer file of the same source.
type Programme struct {
	Format      Format
	Ours        bool   // Plenary wrote the file: texts are taken as they are
	Acronym     string // how the source calls the event for short
	Name        Text
	Description Text
	Zone        string // IANA name; "": the file does not say, or says one that does not exist
	Start, End  agenda.Date
	Website     string // http or https, or empty
	Version     string // of the schedule, for people
	Languages   []string

	Rooms    []Room
	Tracks   []Track
	People   []Person
	Items    []Item
	Findings []Finding

	// Mapping says how the columns of a table were read; nil for what is not a table.
	Mapping *Mapping
}

// Room is a place.
type Room struct {
	Line        int
	Key         string
	GUID        string // a UUID in lower case, or empty
	Serial      int    // the positive 32-bit integer that the source knows it by; 0: none
	Name        Text
	Description Text
	Capacity    int
}

// Track is a thematic strand.
type Track struct {
	Line   int
	Key    string
	Serial int // as a Room has it
	Name   Text
	Color  string // "#rrggbb" in lower case, or empty
}

// Person is somebody with a part in an Item. Two that have different Keys are two people, whatever their names are.
type Person struct {
	Line         int
	Key          string
	GUID         string // a UUID in lower case, or empty
	Serial       int    // the positive 32-bit integer that the source knows the person by; 0: none
	Name         string
	Honorific    Text
	JobTitle     Text
	Organization Text
	Bio          Text
	Country      string // ISO 3166-1 alpha-2
	PhotoURL     string
	Email        string
}

// Item is an entry of the programme: what becomes a Panel, or as a Talk of another one an Intervention.
type Item struct {
	Line int
	Key  string
	// Derived says that the Key is made from what the item says, because the source has no identity for it: then an
	// item of another Key in the same place may be the same.
	Derived bool
	GUID    string // a UUID in lower case, or empty
	UID     string // of its entry in calendars, where the source is one
	Serial  int    // the positive 32-bit integer that the source knows it by; 0: none
	Code    string // as Plenary's codes are (capital letters and digits), or empty

	Title          Text
	Abstract       Text
	Format         agenda.Format // ""; the source does not say, or says what Plenary does not know
	Language       string        // that is spoken, a BCP 47 tag, or empty
	Interpretation []string      // languages interpreted into, BCP 47 tags
	Room           string        // Key of a Room; "": the source names no place
	AllRooms       bool          // the source says that it spans all rooms
	Track          string        // Key of a Track, or empty
	Start          When
	End            When
	StreamURL      string
	Cancelled      bool
	// Standing says that the source tells whether the item takes place; otherwise Cancelled means nothing.
	Standing bool
	Speakers []Speaker
	Talks    []Item // contributions inside it, in order; their rooms and tracks are the item's
}

// Speaker is a person's part in an Item.
type Speaker struct {
	Person string // Key of a Person
	Role   agenda.Role
	// Status is what the source says of the person's coming; "": it does not say, so that they are taken to come.
	Status agenda.SpeakerStatus
}

// When is a time as a file gives it: an instant, or what a clock shows in a zone that is known elsewhere.
type When struct {
	At time.Time // UTC; where Local, the reading of the clock as if it were UTC
	// Local says that the file gives no offset and no zone with the time.
	Local bool
	// Offset is the one that the file gives, in seconds east of UTC; meaningful where Told.
	Offset int
	Told   bool
}

// IsZero says whether the file gives no time.
func (w When) IsZero() bool { return w.At.IsZero() }

// Instant gives the When of a time with its offset, as RFC 3339 has it.
func Instant(t time.Time) When {
	_, offset := t.Zone()
	return When{At: t.UTC(), Offset: offset, Told: true}
}

// Clock gives the When of a reading of a clock; the zone of t is not looked at.
func Clock(t time.Time) When {
	return When{At: time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC), Local: true}
}

// Add gives the When that is so much later by the same clock.
func (w When) Add(d time.Duration) When {
	w.At = w.At.Add(d)
	return w
}

// Rule names what is odd about a record. It is the same whatever the format.
type Rule string

// The rules.
const (
	OffsetContradicted Rule = "offset_contradicted" // the offset of a time is not the zone's
	DayContradicted    Rule = "day_contradicted"    // a time is not on the day that it is listed under
	StartContradicted  Rule = "start_contradicted"  // two fields give different times
	EndBeforeStart     Rule = "end_before_start"    // or no length at all
	NoTime             Rule = "no_time"
	BadTime            Rule = "bad_time" // can't be read, or does not exist
	NoTitle            Rule = "no_title"
	NoPlace            Rule = "no_place"
	DuplicateID        Rule = "duplicate_id"  // of items, or of rooms
	SharedPerson       Rule = "shared_person" // one identity of a person with different names
	TwoPeople          Rule = "two_people"    // one name with different identities
	OnePerson          Rule = "one_person"    // different names that are probably one person's
	BadZone            Rule = "bad_zone"
	BadValue           Rule = "bad_value" // any other field that can't be taken
	TooLong            Rule = "too_long"
	OutsideParent      Rule = "outside_parent" // a talk outside the time of its item
	UnknownReference   Rule = "unknown_reference"
	StaysCancelled     Rule = "stays_cancelled" // it was cancelled here, and the file does not say otherwise
	ColumnUnknown      Rule = "column_unknown"  // of a table: it was not read
)

// Finding is something of a file that was not taken as it stands, and what was done instead.
type Finding struct {
	Line int // 1 and up; 0: the file as a whole
	Rule Rule
	Text string // a sentence
}
