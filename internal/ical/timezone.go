package ical

import (
	"fmt"
	"strconv"
	"time"

	ics "github.com/arran4/golang-ical"
)

// localLayout is DATE-TIME without a zone, utcLayout is DATE-TIME in UTC (RFC 5545, 3.3.5).
const (
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

// Timezone gives the VTIMEZONE of loc (RFC 5545, 3.6.5) that is exact for every instant from from to to, both
// included; the arguments' own zones do not matter. It has the one shape that Outlook reads as well: exactly one
// STANDARD, at most one DAYLIGHT, each with a yearly rule by weekday from 1970 on, or a STANDARD alone where the
// clock does not change. TZID and X-LIC-LOCATION are the name of loc, which should be an IANA name.
//
// It reports false where no such definition is exact: in zones that change their clock by the moon, by decree or
// by fractions of a minute, and for the machine's own zone. Times then have to be written in UTC.
func Timezone(loc *time.Location, from, to time.Time) (*ics.VTimezone, bool) {
	if loc == time.Local || loc.String() == "" || to.Before(from) {
		return nil, false
	}
	first, last := from.In(loc).Year(), to.In(loc).Year()
	// A rule that holds in the years around is better than one that only fits; the latter is still exact.
	for _, years := range [][2]int{{first - 1, last + 1}, {first, last + 1}, {first, last}} {
		if zone, ok := yearlyZone(loc, years[0], years[1], from); ok {
			return zone, true
		}
	}
	if _, changes := nextChange(loc, from, to); !changes {
		return fixedZone(loc, from)
	}
	return nil, false
}

// ambiguous reports whether a clock in loc shows the reading of the instant t a second time, before or after it,
// because the clock is set back. A DATE-TIME with a TZID cannot say which of the two it means (RFC 5545, 3.3.5 takes
// the first, not every client does), so such times are written in UTC.
func ambiguous(loc *time.Location, t time.Time) bool {
	// No clock has been set back by more than a day.
	end := t.Add(25 * time.Hour)
	for at := t.Add(-25 * time.Hour); ; {
		c, found := nextChange(loc, at, end)
		if !found {
			return false
		}
		if back := c.before - c.after; !t.Before(c.at.Add(-back)) && t.Before(c.at.Add(back)) {
			return true
		}
		at = c.at
	}
}

// transition is one change of the clock of a zone.
type transition struct {
	at            time.Time // UTC
	before, after time.Duration
	name          string // abbreviation that holds after it
}

// wall gives what the clock would show at the transition had it not changed, as if that were UTC. That is how the
// onsets of a VTIMEZONE are written.
func (t transition) wall() time.Time { return t.at.Add(t.before) }

// yearlyZone tries to express loc by rules that are exact from the instant from to the end of the year last.
func yearlyZone(loc *time.Location, first, last int, from time.Time) (*ics.VTimezone, bool) {
	changes := transitions(loc, first, last)
	if len(changes) == 0 {
		return fixedZone(loc, from)
	}
	var forward, back []transition
	for i, c := range changes {
		switch {
		case c.before%time.Minute != 0 || c.after%time.Minute != 0:
			return nil, false
		case i > 0 && c.before != changes[i-1].after, i > 1 && c.after != changes[i-2].after, c.before == c.after:
			return nil, false
		case c.after > c.before:
			forward = append(forward, c)
		default:
			back = append(back, c)
		}
	}
	years := last - first + 1
	if len(forward) != years || len(back) != years {
		return nil, false
	}
	toDaylight, ok1 := ruleOf(forward)
	toStandard, ok2 := ruleOf(back)
	if !ok1 || !ok2 {
		return nil, false
	}
	// Before the first change of those years the rules have to be right already.
	if from.Before(changes[0].at) && !exactBefore(loc, changes[0], from, toDaylight, toStandard) {
		return nil, false
	}
	zone := newZone(loc)
	standard, daylight := ics.NewStandard(), &ics.Daylight{}
	fill(&standard.ComponentBase, back[0], toStandard)
	fill(&daylight.ComponentBase, forward[0], toDaylight)
	zone.Components = []ics.Component{standard, daylight}
	return zone, true
}

// exactBefore reports whether the rules have no change of their own between from and the first real change.
func exactBefore(loc *time.Location, first transition, from time.Time, rules ...yearlyRule) bool {
	if c, found := nextChange(loc, from, first.at); !found || !c.at.Equal(first.at) {
		return false
	}
	for _, r := range rules {
		for year := from.UTC().Year() - 1; year <= first.at.Year()+1; year++ {
			// The reading of a clock is within a day of UTC. Nearer than that, refusing is safe.
			onset := r.in(year)
			if onset.After(from.Add(-48*time.Hour)) && onset.Before(first.at.Add(-48*time.Hour)) {
				return false
			}
		}
	}
	return true
}

// transitions gives the changes of the clock of loc in those years of its local calendar.
func transitions(loc *time.Location, first, last int) []transition {
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, loc)
	var found []transition
	for t := time.Date(first, 1, 1, 0, 0, 0, 0, loc); ; {
		c, changes := nextChange(loc, t, end)
		if !changes || c.at.Equal(end) {
			return found
		}
		found = append(found, c)
		t = c.at
	}
}

// nextChange gives the first change of the offset of loc after the instant t and not after end.
//
// Time.ZoneBounds is not enough for that. Where it works from the rule for the far future (after 2037 in most zones)
// it also ends a zone at the turn of the year, although the offset stays; and on 31 December of a leap year it gives
// an end that is not after the instant asked for, so that a loop over it never ends (Go 1.26).
func nextChange(loc *time.Location, t, end time.Time) (transition, bool) {
	for before := offsetAt(loc, t); ; {
		_, next := t.In(loc).ZoneBounds()
		if next.IsZero() || next.After(end) {
			return transition{}, false
		}
		if !next.After(t) {
			next = t.Add(24 * time.Hour)
		}
		if after := offsetAt(loc, next); after != before {
			name, _ := next.In(loc).Zone()
			return transition{at: next.UTC(), before: before, after: after, name: name}, true
		}
		t = next
	}
}

// yearlyRule is a day of the year as VTIMEZONE writes it: the nth or the last weekday of a month, at a time of day.
type yearlyRule struct {
	month   time.Month
	weekday time.Weekday
	nth     int // 1 to 5 from the beginning of the month, -1 to -5 from its end
	clock   time.Duration
}

// ruleOf finds the rule that gives every one of the transitions, which are one per year.
func ruleOf(changes []transition) (yearlyRule, bool) {
	w := changes[0].wall()
	day := time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, time.UTC)
	rule := yearlyRule{month: w.Month(), weekday: w.Weekday(), clock: w.Sub(day)}
	for _, nth := range []int{-1, 1, 2, 3, 4} {
		rule.nth = nth
		fits := true
		for _, c := range changes {
			fits = fits && rule.in(c.wall().Year()).Equal(c.wall())
		}
		if fits {
			return rule, true
		}
	}
	return rule, false
}

// in gives the reading of the clock at which the rule strikes in that year, as if that were UTC. A fifth weekday that
// the month does not have is in the month beside it.
func (r yearlyRule) in(year int) time.Time {
	var day int
	if r.nth > 0 {
		first := time.Date(year, r.month, 1, 0, 0, 0, 0, time.UTC).Weekday()
		day = 1 + (int(r.weekday)-int(first)+7)%7 + 7*(r.nth-1)
	} else {
		end := daysIn(year, int(r.month))
		last := time.Date(year, r.month, end, 0, 0, 0, 0, time.UTC).Weekday()
		day = end - (int(last)-int(r.weekday)+7)%7 + 7*(r.nth+1)
	}
	return time.Date(year, r.month, day, 0, 0, 0, 0, time.UTC).Add(r.clock)
}

// String gives the rule as a RECUR (RFC 5545, 3.3.10).
func (r yearlyRule) String() string {
	return "FREQ=YEARLY;BYMONTH=" + strconv.Itoa(int(r.month)) + ";BYDAY=" + strconv.Itoa(r.nth) +
		[...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[r.weekday]
}

func newZone(loc *time.Location) *ics.VTimezone {
	zone := ics.NewTimezone(loc.String())
	zone.AddProperty("X-LIC-LOCATION", loc.String())
	return zone
}

// fixedZone gives the VTIMEZONE of a clock that does not change, as it is at that instant.
func fixedZone(loc *time.Location, at time.Time) (*ics.VTimezone, bool) {
	offset := offsetAt(loc, at)
	if offset%time.Minute != 0 {
		return nil, false
	}
	name, _ := at.In(loc).Zone()
	zone := newZone(loc)
	observance(&zone.AddStandard().ComponentBase, "19700101T000000", offset, offset, name)
	return zone, true
}

// fill makes c the observance that begins with changes such as t, by the rule.
func fill(c *ics.ComponentBase, t transition, rule yearlyRule) {
	observance(c, rule.in(1970).Format(localLayout), t.before, t.after, t.name)
	c.AddProperty(ics.ComponentPropertyRrule, rule.String())
}

func observance(c *ics.ComponentBase, start string, before, after time.Duration, name string) {
	c.AddProperty(ics.ComponentPropertyDtStart, start)
	c.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offsetText(before))
	c.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offsetText(after))
	c.AddProperty(ics.ComponentProperty(ics.PropertyTzname), name)
}

// offsetText gives a UTC-OFFSET (RFC 5545, 3.3.14) of whole minutes.
func offsetText(offset time.Duration) string {
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("%c%02d%02d", sign, offset/time.Hour, offset%time.Hour/time.Minute)
}

func offsetAt(loc *time.Location, t time.Time) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
