package ical

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of one VTIMEZONE. Those with the whole history of a zone have about two hundred observances and RDATEs, and
// twenty rules. Before and after these years its clock stays as it is then: what a file costs must not depend on how
// many years it names.
const (
	maxOnsets = 500 // observances, and RDATEs
	maxRules  = 60
	firstYear = 1900
	lastYear  = 2200
)

// definition is a VTIMEZONE as it was read (RFC 5545, 3.6.5).
type definition struct {
	id       string
	location string // X-LIC-LOCATION
	turns    []turn
	dates    int // RDATEs of all turns
	bad      bool
	rules    int                  // of all turns
	changes  map[int][]transition // around the years that were asked for
}

// turn is a STANDARD or DAYLIGHT: from when on which offset holds.
type turn struct {
	start    time.Time // local, as if it were UTC
	from, to *time.Duration
	rules    []onsetRule
	dates    []time.Time // local
}

func (z *definition) begin() {
	if len(z.turns) >= maxOnsets {
		z.bad = true
		z.turns = z.turns[:0]
	}
	z.turns = append(z.turns, turn{})
}

// property reads a property of the VTIMEZONE itself.
func (z *definition) property(c content) {
	switch c.name {
	case "TZID":
		z.id = strings.TrimSpace(readText(c.value))
	case "X-LIC-LOCATION":
		z.location = strings.TrimSpace(c.value)
	}
}

// onset reads a property of the observance that is open.
func (z *definition) onset(c content) {
	if len(z.turns) == 0 {
		return
	}
	o := &z.turns[len(z.turns)-1]
	value := strings.ToUpper(strings.TrimSpace(c.value))
	switch c.name {
	case "DTSTART":
		start, kind := readTime(value)
		z.bad = z.bad || kind == noTime
		o.start = start
	case "TZOFFSETFROM":
		o.from = readOffset(value)
	case "TZOFFSETTO":
		o.to = readOffset(value)
	case "RRULE":
		rule, ok := readOnsetRule(value)
		if z.rules++; !ok || z.rules > maxRules {
			z.bad = true
			return
		}
		o.rules = append(o.rules, rule)
	case "RDATE":
		for item := range strings.SplitSeq(value, ",") {
			date, kind := readTime(item)
			if z.dates++; kind == noTime || z.dates > maxOnsets {
				z.bad = true
				return
			}
			o.dates = append(o.dates, date)
		}
	}
}

// usable reports whether the definition says the offset of every instant in words that are understood here.
func (z *definition) usable() bool {
	for _, o := range z.turns {
		if o.from == nil || o.to == nil || o.start.IsZero() {
			return false
		}
	}
	return !z.bad && len(z.turns) > 0
}

// offset gives by how much the clock is ahead of UTC: by what the last observance before says, or before the first, by
// what that one changed.
func (z *definition) offset(at time.Time) time.Duration {
	year := min(max(at.UTC().Year(), firstYear), lastYear)
	changes, known := z.changes[year]
	if !known {
		if changes = z.around(year); z.changes == nil {
			z.changes = map[int][]transition{}
		}
		z.changes[year] = changes
	}
	offset := changes[0].before
	for _, c := range changes {
		if c.at.After(at) {
			break
		}
		offset = c.after
	}
	return offset
}

// around gives the changes of the year and its neighbours, and the last one before these; of a year before all of them,
// the first one.
func (z *definition) around(year int) []transition {
	var near []transition
	var last, first transition
	for i := range z.turns {
		o := &z.turns[i]
		for _, local := range o.near(year) {
			c := transition{at: local.Add(-*o.from), before: *o.from, after: *o.to}
			switch {
			case local.Year() >= year-1:
				near = append(near, c)
			case last.at.IsZero() || c.at.After(last.at):
				last = c
			}
		}
		if c := (transition{at: o.start.Add(-*o.from), before: *o.from, after: *o.to}); i == 0 || c.at.Before(first.at) {
			first = c
		}
	}
	if !last.at.IsZero() {
		near = append(near, last)
	}
	if len(near) == 0 {
		near = append(near, first)
	}
	slices.SortStableFunc(near, func(a, b transition) int { return a.at.Compare(b.at) })
	return near
}

// near gives when the observance begins in the year and its neighbours, and at least the last time before these.
func (o *turn) near(year int) []time.Time {
	var found []time.Time
	for _, t := range append(o.dates[:len(o.dates):len(o.dates)], o.start) {
		if t.Year() <= year+1 {
			found = append(found, t)
		}
	}
	for _, r := range o.rules {
		last := year + 1
		if r.count > 0 {
			last = min(last, o.start.Year()+r.count-1)
		}
		if !r.until.IsZero() {
			last = min(last, r.until.Year())
		}
		// A fifth Sunday or a 29 February is not in every year, and the last year's may come after its end.
		for y := max(o.start.Year(), min(year-1, last-8)); y <= last; y++ {
			if t, ok := r.in(y, o.start); ok && t.After(o.start) && !r.ended(t, *o.from) {
				found = append(found, t)
			}
		}
	}
	return found
}

// onsetRule is the yearly rule of an observance: a weekday of a month, or one of some days of it.
type onsetRule struct {
	month   time.Month // 0: that of the start
	weekday time.Weekday
	nth     int   // of the weekday; 0: not by weekday alone
	days    []int // of the month
	anyDay  bool  // of days, whichever weekday it is
	count   int
	until   time.Time
	utc     bool // until is an instant
}

// in gives when the rule strikes in a year, at the time of day of start.
func (r *onsetRule) in(year int, start time.Time) (time.Time, bool) {
	month := r.month
	if month == 0 {
		month = start.Month()
	}
	clock := start.Sub(start.Truncate(24 * time.Hour))
	if r.nth != 0 {
		t := yearlyRule{month: month, weekday: r.weekday, nth: r.nth, clock: clock}.in(year)
		return t, t.Month() == month
	}
	days := r.days
	if len(days) == 0 {
		days = []int{start.Day()}
	}
	for _, day := range days {
		if day < 0 {
			day += daysIn(year, int(month)) + 1
		}
		t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		if t.Month() == month && (r.anyDay || t.Weekday() == r.weekday) {
			return t.Add(clock), true
		}
	}
	return time.Time{}, false
}

// ended reports whether the rule ends before it strikes at a local time, under the offset before it.
func (r *onsetRule) ended(local time.Time, from time.Duration) bool {
	if r.utc {
		local = local.Add(-from)
	}
	return !r.until.IsZero() && local.After(r.until)
}

// readOnsetRule reads a RECUR (RFC 5545, 3.3.10) of the kinds that observances have; others are refused.
func readOnsetRule(s string) (onsetRule, bool) {
	r := onsetRule{anyDay: true}
	ok, position := true, 0
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "FREQ":
			ok = ok && value == "YEARLY"
		case "INTERVAL":
			ok = ok && value == "1"
		case "WKST", "":
		case "BYMONTH":
			n, err := strconv.Atoi(value)
			ok = ok && err == nil && n >= 1 && n <= 12
			r.month = time.Month(n)
		case "BYDAY":
			ok = ok && r.readWeekday(value)
		case "BYMONTHDAY":
			ok = ok && r.readDays(value)
		case "BYSETPOS":
			n, err := strconv.Atoi(value)
			ok = ok && err == nil && n != 0 && n >= -5 && n <= 5
			position = n
		case "COUNT":
			n, err := strconv.Atoi(value)
			ok = ok && err == nil && n >= 1 && n <= 10_000
			r.count = n
		case "UNTIL":
			until, kind := readTime(value)
			if kind == dateTime {
				until = until.Add(24*time.Hour - time.Second)
			}
			ok = ok && kind != noTime
			r.until, r.utc = until, kind == instantTime
		default:
			ok = false
		}
	}
	if r.nth == 0 && len(r.days) == 0 {
		r.nth = position
	} else if position != 0 {
		return r, false
	}
	// A weekday without its number would be every week, a number without its weekday is nothing.
	return r, ok && (r.anyDay && r.nth == 0 || !r.anyDay && (r.nth != 0) != (len(r.days) > 0))
}

// readWeekday reads one weekday with or without its number: -1SU.
func (r *onsetRule) readWeekday(s string) bool {
	if len(s) < 2 {
		return false
	}
	at := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, s[len(s)-2:])
	r.weekday, r.anyDay = time.Weekday(at), false
	if number := s[:len(s)-2]; number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n == 0 || n < -5 || n > 5 {
			return false
		}
		r.nth = n
	}
	return at >= 0
}

func (r *onsetRule) readDays(s string) bool {
	for item := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(item)
		if err != nil || n == 0 || n < -31 || n > 31 || len(r.days) == 31 {
			return false
		}
		r.days = append(r.days, n)
	}
	return true
}

// readOffset gives a UTC-OFFSET (RFC 5545, 3.3.14); nil if it is none.
func readOffset(s string) *time.Duration {
	if !isOffset(s) {
		// Some programs write -0000 for +0000.
		if len(s) < 2 || strings.Trim(s[1:], "0") != "" || s[0] != '-' {
			return nil
		}
		return new(time.Duration)
	}
	offset := time.Duration(atoi(s[1:3]))*time.Hour + time.Duration(atoi(s[3:5]))*time.Minute
	if len(s) == len("+000000") {
		offset += time.Duration(atoi(s[5:])) * time.Second
	}
	if s[0] == '-' {
		offset = -offset
	}
	return &offset
}
