package agenda

import (
	"fmt"
	"sync"
	"time"
)

// Layouts of [Date] and [Wall], for package time.
const (
	DateLayout = "2006-01-02"
	WallLayout = "2006-01-02T15:04:05"
)

// Date is a day of the calendar, "2025-10-27". Dates compare as strings.
type Date string

// ParseDate reads a Date and refuses days that the calendar does not have.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(DateLayout, s); err != nil {
		return "", Errorf(Invalid, "%q is not a date, such as 2025-10-27", clip(s))
	}
	return Date(s), nil
}

// AddDays gives the Date n days later.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(DateLayout, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(DateLayout))
}

// DaysUntil gives how many days later another Date is; 0 where one of them is none.
func (d Date) DaysUntil(other Date) int {
	from, err1 := time.Parse(DateLayout, string(d))
	to, err2 := time.Parse(DateLayout, string(other))
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from).Hours() / 24)
}

// Wall is the reading of a wall clock, "2025-10-27T14:00:00", in a zone given elsewhere.
type Wall string

// Date gives the day that the clock shows.
func (w Wall) Date() Date {
	if len(w) < len(DateLayout) {
		return ""
	}
	return Date(w[:len(DateLayout)])
}

// Clock gives hours and minutes, "14:00".
func (w Wall) Clock() string {
	if len(w) < len("2006-01-02T15:04") {
		return ""
	}
	return string(w[len("2006-01-02T"):len("2006-01-02T15:04")])
}

// AddDays gives what the same clock shows at the same hour n days later.
func (w Wall) AddDays(n int) Wall {
	d := w.Date()
	return Wall(d.AddDays(n)) + w[len(d):]
}

// Moment is a planned time. The wall clock of the Event's zone is what organizers mean, so Wall and
// Fold are the truth; At is derived from them and from the zone.
type Moment struct {
	Wall Wall
	Fold bool      // the second of the two times at which the clock shows Wall, when summer time ends
	At   time.Time // UTC
}

// IsZero says whether the Moment is no time at all.
func (m Moment) IsZero() bool { return m.Wall == "" }

// MomentOf gives the Moment at which an instant is read in the zone.
func MomentOf(zone *time.Location, at time.Time) Moment {
	local := at.In(zone)
	m := Moment{Wall: Wall(local.Format(WallLayout)), At: at.UTC().Truncate(time.Second)}
	if both := readings(zone, m.Wall); len(both) == 2 && m.At.Equal(both[1]) {
		m.Fold = true
	}
	return m
}

// Resolve gives the Moment at which a clock in the zone shows wall. When it never does, or does
// twice, the error says so; fold then picks one of the two, nil asks for an unambiguous time.
func Resolve(zone *time.Location, wall Wall, fold *bool) (Moment, error) {
	found := readings(zone, wall)
	switch {
	case len(found) == 0:
		if _, ok := wall.read(); !ok {
			return Moment{}, Errorf(Invalid, "%q is not a local time, such as 2025-10-27T14:00:00", clip(string(wall)))
		}
		return Moment{}, Errorf(Invalid, "%s on %s does not exist in %s: the clock skips it",
			wall.Clock(), wall.Date(), zone)
	case len(found) == 2 && fold == nil:
		return Moment{}, Errorf(Invalid, "%s on %s happens twice in %s: give the offset, %s or %s",
			wall.Clock(), wall.Date(), zone, offsetOf(found[0].In(zone)), offsetOf(found[1].In(zone)))
	case len(found) == 2 && *fold:
		return Moment{Wall: wall, Fold: true, At: found[1]}, nil
	}
	return Moment{Wall: wall, At: found[0]}, nil
}

// Rezone gives the Moment at which a clock in another zone shows the same: the wall clock stays, the
// instant moves. The error says when that zone skips it.
func (m Moment) Rezone(zone *time.Location) (Moment, error) { return Resolve(zone, m.Wall, &m.Fold) }

// Shift gives the Moment so many days later at which a clock in the zone shows the same hour, whatever summer time does in
// between. The error says when that zone skips it.
func (m Moment) Shift(zone *time.Location, days int) (Moment, error) {
	return Resolve(zone, m.Wall.AddDays(days), &m.Fold)
}

// ParseMoment reads a time for the zone: a local time ("2025-10-27T14:00" or with seconds), the same
// with an offset that the zone has at that time, or an instant in UTC with "Z". It refuses local
// times that the zone skips, ambiguous ones without an offset, and offsets that contradict the zone.
func ParseMoment(zone *time.Location, s string) (Moment, error) {
	if len(s) == len("2006-01-02T15:04") {
		s += ":00"
	}
	if _, ok := Wall(s).read(); ok {
		return Resolve(zone, Wall(s), nil)
	}
	refused := func() error {
		return Errorf(Invalid, "%q is not a time, such as 2025-10-27T14:00:00 or 2025-10-27T14:00:00+07:00", clip(s))
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Nanosecond() != 0 {
		return Moment{}, refused()
	}
	wall := Wall(s[:len("2006-01-02T15:04:05")])
	if _, ok := wall.read(); !ok {
		return Moment{}, refused()
	}
	if s[len(s)-1] == 'Z' {
		m := MomentOf(zone, t)
		if _, ok := m.Wall.read(); !ok {
			return Moment{}, refused()
		}
		return m, nil
	}
	found := readings(zone, wall)
	for i, at := range found {
		if at.Equal(t) {
			return Moment{Wall: wall, Fold: i == 1, At: at}, nil
		}
	}
	if len(found) == 0 {
		return Resolve(zone, wall, nil)
	}
	return Moment{}, Errorf(Invalid, "the offset of %q contradicts the event's zone: %s is at %s then",
		clip(s), zone, offsetOf(found[0].In(zone)))
}

// read gives what the clock shows as if it were UTC, and whether it can be planned: written in full,
// to the second, in the years 1970 to 9998. Package time alone would take "9:00:00" and "14:00:00.5", and three times as long: an
// agenda has thousands.
func (w Wall) read() (time.Time, bool) {
	if len(w) != len(WallLayout) {
		return time.Time{}, false
	}
	var n [6]int // year, month, day, hour, minute, second
	part := 0
	for i := range len(w) {
		switch c, layout := w[i], WallLayout[i]; {
		case layout < '0' || layout > '9':
			if c != layout {
				return time.Time{}, false
			}
			part++
		case c < '0' || c > '9':
			return time.Time{}, false
		default:
			n[part] = n[part]*10 + int(c-'0')
		}
	}
	if n[0] < 1970 || n[0] > 9998 || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	return t, int(t.Month()) == n[1] && t.Day() == n[2] // else the calendar does not have that day
}

// Format gives the Moment as RFC 3339 with the zone's offset.
func (m Moment) Format(zone *time.Location) string { return m.At.In(zone).Format(time.RFC3339) }

// readings gives the instants at which a clock in the zone shows wall, earliest first: none when the
// zone skips it, two when it repeats it. time.Date would shift the former and pick one of the latter.
func readings(zone *time.Location, wall Wall) []time.Time {
	want, ok := wall.read()
	if !ok {
		return nil
	}
	var found []time.Time
	// No zone is more than 26 hours from UTC, and none has moved by more than a day at once.
	for at, last := want.Add(-26*time.Hour), want.Add(26*time.Hour); ; {
		_, offset := at.In(zone).Zone()
		_, end := at.In(zone).ZoneBounds()
		t := want.Add(-time.Duration(offset) * time.Second)
		if _, then := t.In(zone).Zone(); then == offset { // so that the clock shows wall
			if len(found) == 0 || !found[len(found)-1].Equal(t) {
				found = append(found, t)
			}
		}
		if end.IsZero() || end.After(last) {
			return found
		}
		if !end.After(at) {
			// On the last day of a leap year after 2037 Go gives an end that has passed (go1.26).
			end = at.Add(time.Hour)
		}
		at = end
	}
}

func offsetOf(t time.Time) string { return t.Format("-07:00") }

var zones sync.Map // IANA name to *time.Location; only names that exist are kept

// LoadZone gives the IANA zone of that name. The machine's own zone ("Local") and the empty name are
// refused: an Event's clock must be named.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, Errorf(Invalid, "%q is not an IANA time zone, such as Asia/Ho_Chi_Minh", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil || zone.String() != name {
		return nil, &Error{Code: Invalid, Err: err,
			Message: fmt.Sprintf("%q is not an IANA time zone, such as Asia/Ho_Chi_Minh", clip(name))}
	}
	zones.Store(name, zone)
	return zone, nil
}
