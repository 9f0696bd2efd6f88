package ical

import (
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// timeKind says how a time was written.
type timeKind uint8

const (
	noTime      timeKind = iota // it makes no sense
	dateTime                    // DATE (RFC 5545, 3.3.4)
	localTime                   // DATE-TIME without Z: what some clock shows (RFC 5545, 3.3.5)
	instantTime                 // DATE-TIME in UTC
)

// readTime gives what a DATE or DATE-TIME shows, as if that were UTC. Its form says which it is: programs forget VALUE.
func readTime(s string) (time.Time, timeKind) {
	switch {
	case isDate(s):
		return time.Date(atoi(s[:4]), time.Month(atoi(s[4:6])), atoi(s[6:]), 0, 0, 0, 0, time.UTC), dateTime
	case !isDateTime(s):
		return time.Time{}, noTime
	}
	// A leap second is the second after it: no clock of ours shows one.
	t := time.Date(atoi(s[:4]), time.Month(atoi(s[4:6])), atoi(s[6:8]), atoi(s[9:11]), atoi(s[11:13]), atoi(s[13:15]), 0, time.UTC)
	if strings.HasSuffix(s, "Z") {
		return t, instantTime
	}
	return t, localTime
}

// readDuration gives a DURATION that is not negative (RFC 5545, 3.3.6) as days, which are as long as the clock makes
// them, and exact time.
func readDuration(s string) (days int, rest time.Duration, ok bool) {
	s = strings.TrimPrefix(s, "+")
	if strings.HasPrefix(s, "-") || !isDuration(s) {
		return 0, 0, false
	}
	number, digits := 0, 0
	for i := 1; i < len(s); i++ {
		if isDigit(s[i]) {
			// Six digits of weeks are two thousand years.
			if digits++; digits > 6 {
				return 0, 0, false
			}
			number = number*10 + int(s[i]-'0')
			continue
		}
		switch s[i] {
		case 'W':
			days += 7 * number
		case 'D':
			days += number
		case 'H':
			rest += time.Duration(number) * time.Hour
		case 'M':
			rest += time.Duration(number) * time.Minute
		case 'S':
			rest += time.Duration(number) * time.Second
		}
		number, digits = 0, 0
	}
	return days, rest, true
}

// clock is what shows local times.
type clock struct {
	zone   string                           // IANA name; "" for one that a file alone defines
	offset func(at time.Time) time.Duration // ahead of UTC at that instant
}

func clockOf(loc *time.Location) clock {
	return clock{zone: loc.String(), offset: func(at time.Time) time.Duration { return offsetAt(loc, at) }}
}

// utc is the clock of times that end with Z.
var utc = clockOf(time.UTC)

// at gives the instant at which the clock shows a local time: the first of two, and of a time that it skips the one by
// the offset before the gap (RFC 5545, 3.3.5).
func (c clock) at(local time.Time) (at time.Time, skipped bool) {
	// No zone is more than a day from UTC.
	before, after := c.offset(local.Add(-26*time.Hour)), c.offset(local.Add(26*time.Hour))
	first := local.Add(-before)
	if before == after || c.offset(first) == before {
		return first, false
	}
	if second := local.Add(-after); c.offset(second) == after {
		return second, false
	}
	return first, true
}

// instant is a time whose zone is known.
type instant struct {
	at    time.Time // UTC; of a day its midnight in UTC
	date  bool
	clock clock
}

// name gives the time as RECURRENCE-IDs are compared.
func (t instant) name() string {
	if t.date {
		return t.at.Format("20060102")
	}
	return t.at.Format(utcLayout)
}

// add gives the time after so many days by the clock and some exact time.
func (t instant) add(days int, rest time.Duration) time.Time {
	if days == 0 || t.date {
		return t.at.AddDate(0, 0, days).Add(rest)
	}
	local := t.at.Add(t.clock.offset(t.at)).AddDate(0, 0, days)
	at, _ := t.clock.at(local)
	return at.Add(rest)
}

// time resolves a time of an entry. A quiet one is not told about and needs no zone.
func (d *reading) time(t rawTime, e *rawEntry, quiet bool) (instant, bool) {
	if t.value == "" {
		return instant{}, false
	}
	local, kind := readTime(t.value)
	switch kind {
	case noTime:
		if !quiet {
			d.warn(t.line, "%s is no time: %s was read without it.", quote(t.value), quote(e.Summary))
		}
		return instant{}, false
	case dateTime:
		return instant{at: local, date: true}, true
	case instantTime:
		return instant{at: local, clock: utc}, true
	}
	c, known := d.clock(t.zone, t.line)
	if !known && d.zone == nil {
		if !quiet {
			d.floats(t, e)
		}
		return instant{}, false
	}
	if !known {
		c = clockOf(d.zone)
	}
	at, skipped := c.at(local)
	if skipped && !quiet {
		d.warn(t.line, "The clock skips %s on %s: %s was read as %s.", local.Format("15:04"), local.Format(agenda.DateLayout), quote(e.Summary),
			at.Add(c.offset(at)).Format("15:04"))
	}
	d.compare(t, local, at)
	return instant{at: at, clock: c}, true
}

// floats counts an entry with a time whose zone nothing tells.
func (d *reading) floats(t rawTime, e *rawEntry) {
	if d.floating.add(t.line); d.floating.n > 1 {
		return
	}
	d.float = "on line " + strconv.Itoa(t.line) + ", of " + quote(e.Summary)
	if t.zone != "" {
		d.float += ", in a zone " + quote(t.zone) + " that neither the world nor the file knows"
	}
}

// needsZone is the error for entries with times whose zone nothing tells.
func (d *reading) needsZone() error {
	if d.floating.n == 0 {
		return nil
	}
	hint := ""
	if d.cal.Zone != "" {
		hint = "; the calendar's X-WR-TIMEZONE suggests " + d.cal.Zone
	}
	return &agenda.Error{Code: agenda.Invalid,
		Message: "The calendar has " + counted(d.floating.n, "entry", "entries") + " with local times that name no zone, the first " + d.float + ".",
		Faults:  []agenda.Fault{{Pointer: "/zone", Message: "is needed: the IANA time zone that they are meant in, such as Asia/Ho_Chi_Minh" + hint}}}
}
