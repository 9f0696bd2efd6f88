package ical

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// Calendar is what [Read] found in a file, in the order of the file.
type Calendar struct {
	Name        string // NAME, or X-WR-CALNAME
	Description string
	Zone        string // IANA name of X-WR-TIMEZONE: a hint, no time is read in it
	Entries     []Entry
	Warnings    []Warning // by line
}

// Entry is a VEVENT as it was read. Texts are cleaned as [Encode] cleans them.
type Entry struct {
	Line         int // of its BEGIN
	UID          string
	RecurrenceID string // of an occurrence that is told by itself: a DATE, or a DATE-TIME in UTC where the zone is known
	Summary      string
	Description  string
	Location     string
	URL          string
	Categories   []string
	Status       string // upper-case: CONFIRMED, TENTATIVE, CANCELLED, or what else it says; "" if it does not
	// Start and End are instants; of a day, midnight in UTC, and the end is not part of it. Start is zero when the entry
	// does not say when it is, End equals Start when it has no length (RFC 5545, 3.6.1).
	Start, End time.Time
	AllDay     bool
	Zone       string // IANA name in which Start was told; "" when the file alone defines it, and for days
	Recurs     bool   // it has a rule or more dates, of which Start is the first
	Sequence   int
	Modified   time.Time // the later of LAST-MODIFIED and DTSTAMP
	Place      *agenda.Place
	Attendees  []Attendee
	Organizer  string // by name
}

// Attendee is somebody whom an entry names. Their address is not kept.
type Attendee struct {
	Name string
	Role string // upper-case: CHAIR, REQ-PARTICIPANT, …
}

// Warning says what of a file was not taken as it stands.
type Warning struct {
	Line int
	Text string // a sentence
}

// maxWarnings is how many Warnings are kept. One more says how many there were beyond.
const maxWarnings = 1_000

// ReadOptions say how to read what a file leaves open.
type ReadOptions struct {
	// Zone is the one of times that name none, or one that neither IANA, Windows nor the file knows. Without it they
	// are an error.
	Zone *time.Location
}

// Read reads a calendar (RFC 5545, RFC 7986), or several that follow each other, whoever wrote it: what is wrong with
// one line or one entry is a Warning, and the rest is read. Recurring entries are not expanded. Of several revisions of
// one entry the newest is kept.
//
// It is an error, always an [agenda.Error], if the stream is no calendar, is cut off, has no VEVENT, is larger than
// what the limits of this package allow, or has times whose zone nothing tells. Errors of r are passed on.
func Read(r io.Reader, o ReadOptions) (Calendar, error) {
	u, err := newUnfolder(r)
	if err != nil {
		return Calendar{}, err
	}
	d := reading{in: u, zone: o.Zone, others: map[string]int{}, defined: map[string]*definition{}, clocks: map[string]clock{},
		told: map[string]bool{}}
	for {
		line, number, err := u.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Calendar{}, err
		}
		if err := d.take(line, number); err != nil {
			return Calendar{}, err
		}
	}
	if err := d.whole(); err != nil {
		return Calendar{}, err
	}
	if err := d.finish(); err != nil {
		return Calendar{}, err
	}
	return d.cal, nil
}

// reading is a calendar that is being read.
type reading struct {
	in   *unfolder
	zone *time.Location
	cal  Calendar

	open       []component // those that have begun and not ended, outermost first
	components int
	calendars  int
	method     string // of the calendar that is open
	first      int    // index of its first entry

	raw     []*rawEntry
	zoned   *definition // the last VTIMEZONE that began
	defined map[string]*definition
	clocks  map[string]clock // by TZID

	told     map[string]bool // what is told once
	more     tally           // warnings beyond maxWarnings
	broken   tally           // lines that are not UTF-8
	floating tally           // entries with times whose zone nothing tells
	float    string          // names the first of these
	ignored  tally           // components of other kinds
	others   map[string]int  // these by name
}

// tally counts what is told in one Warning, and knows where the first was.
type tally struct{ n, line int }

func (t *tally) add(line int) {
	if t.n++; t.n == 1 {
		t.line = line
	}
}

// component is a component that has begun.
type component struct {
	name       string
	line       int
	properties int
}

// warn notes what was not taken as it stands.
func (d *reading) warn(line int, format string, args ...any) {
	if len(d.cal.Warnings) < maxWarnings {
		d.cal.Warnings = append(d.cal.Warnings, Warning{Line: line, Text: fmt.Sprintf(format, args...)})
		return
	}
	d.more.add(line)
}

// once is warn for what need not be said of every line that it is true of; what names it.
func (d *reading) once(what string, line int, format string, args ...any) {
	if !d.told[what] {
		d.told[what] = true
		d.warn(line, format, args...)
	}
}

// take reads one content line.
func (d *reading) take(line []byte, number int) error {
	if !utf8.Valid(line) {
		d.broken.add(number)
	}
	c, err := readContent(strings.ToValidUTF8(string(line), "\uFFFD"), number)
	if err != nil {
		if strings.TrimSpace(string(line)) != "" {
			d.warn(number, "This is no line of a calendar, %s: it was left out.", err)
		}
		return nil
	}
	switch c.name {
	case "BEGIN":
		return d.begin(strings.ToUpper(strings.TrimSpace(c.value)), number)
	case "END":
		d.end(strings.ToUpper(strings.TrimSpace(c.value)), number)
		return nil
	}
	if len(d.open) == 0 {
		d.once("outside", number, "%s stands outside of any calendar: it was left out.", shorten(c.name, maxQuote))
		return nil
	}
	return d.property(c)
}

// maxQuote is how many characters of a file's own text a Warning repeats.
const maxQuote = 60

// quote gives a text as Warnings name it.
func quote(s string) string { return fmt.Sprintf("%q", shorten(oneLine(s), maxQuote)) }

func (d *reading) begin(name string, line int) error {
	if name == "VEVENT" && d.inside("VEVENT") {
		d.warn(line, "The VEVENT of line %d has no end before another begins.", d.open[len(d.open)-1].line)
		d.close()
	}
	if name == "VCALENDAR" && len(d.open) > 0 {
		return agenda.Errorf(agenda.Invalid, "On line %d a calendar begins inside the one of line %d: its END:VCALENDAR is missing.", line, d.open[0].line)
	}
	if len(d.open) >= maxDepth {
		return agenda.Errorf(agenda.Invalid, "On line %d components are nested more than %d deep, which no calendar needs.", line, maxDepth)
	}
	if d.components++; d.components > maxComponents {
		return agenda.Errorf(agenda.Invalid, "On line %d more than %d components have begun, which is more than is read.", line, maxComponents)
	}
	d.open = append(d.open, component{name: name, line: line})
	switch {
	case name == "VCALENDAR":
		d.calendars++
		d.method, d.first = "", len(d.raw)
	case name == "VEVENT" && d.inside("VCALENDAR", "VEVENT"):
		d.raw = append(d.raw, &rawEntry{Entry: Entry{Line: line}})
	case name == "VTIMEZONE" && d.inside("VCALENDAR", "VTIMEZONE"):
		d.zoned = &definition{}
	case (name == "STANDARD" || name == "DAYLIGHT") && d.inside("VCALENDAR", "VTIMEZONE", name):
		d.zoned.begin()
	case (name == "VTODO" || name == "VJOURNAL" || name == "VFREEBUSY") && d.inside("VCALENDAR", name):
		d.ignored.add(line)
		d.others[name]++
	}
	return nil
}

// inside reports whether the innermost components that are open have these names, the last one innermost.
func (d *reading) inside(names ...string) bool {
	at := len(d.open) - len(names)
	if at < 0 {
		return false
	}
	for i, name := range names {
		if d.open[at+i].name != name {
			return false
		}
	}
	return true
}

// end closes the component of that name, and what in it was left open.
func (d *reading) end(name string, line int) {
	at := len(d.open) - 1
	for at >= 0 && d.open[at].name != name {
		at--
	}
	if at < 0 {
		d.warn(line, "There is an END without its BEGIN, of %s.", quote(name))
		return
	}
	for len(d.open) > at {
		if inner := d.open[len(d.open)-1]; len(d.open) > at+1 {
			d.warn(line, "The %s of line %d has no end of its own.", shorten(inner.name, maxQuote), inner.line)
		}
		d.close()
	}
}

// close ends the innermost component.
func (d *reading) close() {
	name := d.open[len(d.open)-1].name
	d.open = d.open[:len(d.open)-1]
	switch {
	case name == "VTIMEZONE" && d.inside("VCALENDAR"):
		if _, twice := d.defined[d.zoned.id]; d.zoned.id != "" && !twice {
			d.defined[d.zoned.id] = d.zoned
		}
	case name == "VCALENDAR" && d.method == "CANCEL":
		// Such a message cancels what it names (RFC 5546, 3.2.5).
		for _, e := range d.raw[d.first:] {
			e.Status = "CANCELLED"
		}
	}
}

// property reads a content line of the innermost component.
func (d *reading) property(c content) error {
	in := &d.open[len(d.open)-1]
	if in.properties++; in.properties > maxProperties {
		return agenda.Errorf(agenda.Invalid, "The %s of line %d has more than %d lines, which is more than is read.",
			shorten(in.name, maxQuote), in.line, maxProperties)
	}
	switch {
	case d.inside("VCALENDAR"):
		d.head(c)
	case d.inside("VCALENDAR", "VEVENT"):
		d.event(d.raw[len(d.raw)-1], c)
	case d.inside("VCALENDAR", "VTIMEZONE"):
		d.zoned.property(c)
	case d.inside("VCALENDAR", "VTIMEZONE", "STANDARD"), d.inside("VCALENDAR", "VTIMEZONE", "DAYLIGHT"):
		d.zoned.onset(c)
	}
	return nil
}

// head reads a property of the calendar itself. The first that says something holds.
func (d *reading) head(c content) {
	set := func(to *string) {
		if *to == "" {
			*to = readText(c.value)
		}
	}
	switch c.name {
	case "NAME", "X-WR-CALNAME":
		set(&d.cal.Name)
	case "DESCRIPTION", "X-WR-CALDESC":
		set(&d.cal.Description)
	case "METHOD":
		d.method = strings.ToUpper(strings.TrimSpace(c.value))
	case "VERSION":
		if strings.TrimSpace(c.value) == "1.0" {
			d.warn(c.line, "This is a vCalendar of version 1.0, which is older than what is read here: look closely at what came of it.")
		}
	case "X-WR-TIMEZONE":
		if zone := zoneOfID(readText(c.value)); d.cal.Zone == "" && zone != nil {
			d.cal.Zone = zone.String()
		}
	}
}

// whole says why the stream is not one whole calendar with at least one entry.
func (d *reading) whole() error {
	if d.calendars == 0 {
		return agenda.Errorf(agenda.Invalid, "This is no calendar: it has no BEGIN:VCALENDAR.")
	}
	if len(d.open) > 0 && d.open[0].name == "VCALENDAR" {
		return agenda.Errorf(agenda.Invalid, "The calendar that begins on line %d has no END:VCALENDAR: the file is cut off after line %d.",
			d.open[0].line, d.in.lines)
	}
	if len(d.raw) == 0 {
		if others := d.otherKinds(); others != "" {
			return agenda.Errorf(agenda.Invalid, "The calendar has no entries (VEVENT), only %s.", others)
		}
		return agenda.Errorf(agenda.Invalid, "The calendar has no entries (VEVENT).")
	}
	return nil
}

// otherKinds lists the components that are no entries: "2 VTODO and 1 VJOURNAL".
func (d *reading) otherKinds() string {
	var list []string
	for _, name := range []string{"VTODO", "VJOURNAL", "VFREEBUSY"} {
		if n := d.others[name]; n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, name))
		}
	}
	return strings.Join(list, " and ")
}

// finish makes the entries, now that all zones are known.
func (d *reading) finish() error {
	if others := d.otherKinds(); others != "" {
		d.warn(d.ignored.line, "The calendar has %s besides its entries: they were left out.", others)
	}
	for _, e := range d.raw {
		d.resolve(e)
	}
	if err := d.needsZone(); err != nil {
		return err
	}
	d.cal.Entries = d.newest()
	if d.broken.n > 0 {
		d.warn(d.broken.line, "%s not UTF-8: what could not be read became U+FFFD.", counted(d.broken.n, "line is", "lines, from this one on, are"))
	}
	slices.SortStableFunc(d.cal.Warnings, func(a, b Warning) int { return a.Line - b.Line })
	if d.more.n > 0 {
		last := max(d.more.line, d.cal.Warnings[len(d.cal.Warnings)-1].Line)
		d.cal.Warnings = append(d.cal.Warnings, Warning{Line: last, Text: counted(d.more.n, "more warning was", "more warnings were") + " left out."})
	}
	return nil
}

// counted gives "1 line" or "2 lines".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
