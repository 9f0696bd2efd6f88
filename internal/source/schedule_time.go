package source

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// times gives when the event begins and ends.
func (b *scheduleBuilder) times(e *scheduleEvent) (start, end When) {
	if start = b.begin(e); start.IsZero() {
		return start, end
	}
	return start, b.end(e, start)
}

// begin gives when the event begins. Its date is a time with an offset; older programs give the time only, and the date of
// the day that lists it.
func (b *scheduleBuilder) begin(e *scheduleEvent) When {
	if _, whole := scheduleTime(e.start); whole && e.date == "" {
		e.date, e.start = e.start, ""
	}
	clock, readable := scheduleClock(e.start)
	if e.start != "" && !readable {
		b.warn(e.line, BadTime, "The time %s of %s can't be read.", quoted(e.start), quoted(e.title))
	}
	if when, ok := scheduleTime(e.date); ok {
		b.compare(e, when, clock, readable)
		return when
	}
	day, dated := scheduleDay(e.day)
	if e.date != "" {
		own, ok := scheduleDay(e.date)
		if !ok || len(e.date) > len(agenda.DateLayout) {
			b.warn(e.line, BadTime, "The date %s of %s can't be read: it has no time now.", quoted(e.date), quoted(e.title))
			return When{}
		}
		if readable {
			return Clock(own.Add(clock))
		}
	}
	switch {
	case e.start == "":
		b.warn(e.line, NoTime, "%s has no time.", quoted(e.title))
		return When{}
	case !readable:
		return When{}
	case !dated:
		b.warn(e.line, NoTime, "%s begins at %s, but of no day that can be read.", quoted(e.title), quoted(e.start))
		return When{}
	case clock < b.midnight:
		day = day.AddDate(0, 0, 1)
	}
	return Clock(day.Add(clock))
}

// compare notes what contradicts the date. It is read by its own offset and by the clock of the zone: some programs write
// UTC, and others the offset of another zone.
func (b *scheduleBuilder) compare(e *scheduleEvent, when When, clock time.Duration, told bool) {
	readings := []time.Time{when.At.Add(time.Duration(when.Offset) * time.Second)}
	if b.clock != nil && when.Told {
		readings = append(readings, when.At.In(b.clock))
	}
	day, dated := scheduleDay(e.day)
	agrees, listed := !told, !dated
	for _, t := range readings {
		y, m, d := t.Date()
		after := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
		late := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(day)
		agrees = agrees || after == clock.Truncate(time.Minute)
		listed = listed || late == 0 || late == 24*time.Hour && after < b.night
	}
	if !agrees {
		b.warn(e.line, StartContradicted, "%s begins at %s by its date, and at %s by its start: the date was believed.", quoted(e.title), quoted(e.date), quoted(e.start))
	}
	if !listed && !e.lasts(when) {
		b.warn(e.line, DayContradicted, "%s is listed on %s, but its date is %s: the date was believed.", quoted(e.title), day.Format(agenda.DateLayout), quoted(e.date))
	}
}

// lasts says whether the day that lists the event lasts until then by its own word: some programs date their days in UTC,
// so that a day in Asia has the date of the day before.
func (e *scheduleEvent) lasts(when When) bool {
	opens, told := scheduleTime(e.opens)
	closes, also := scheduleTime(e.closes)
	return told && also && opens.Told && closes.Told && when.Told && !when.At.Before(opens.At) && when.At.Before(closes.At)
}

// end gives when an event that begins then ends, by its duration or else by its end.
func (b *scheduleBuilder) end(e *scheduleEvent, start When) When {
	var end When
	switch length, ok := scheduleDuration(e.duration); {
	case ok:
		end = start.Add(length)
	case e.duration != "":
		b.warn(e.line, BadTime, "The duration %s of %s can't be read: it was taken without a time.", quoted(e.duration), quoted(e.title))
		return When{}
	case e.end == "":
		b.warn(e.line, NoTime, "%s has no duration: it was taken without a time.", quoted(e.title))
		return When{}
	default:
		if end, ok = scheduleTime(e.end); !ok || end.Local != start.Local {
			clock, readable := scheduleClock(e.end)
			if !readable {
				b.warn(e.line, BadTime, "The end %s of %s can't be read: it was taken without a time.", quoted(e.end), quoted(e.title))
				return When{}
			}
			if end = start.Add(clock - dayTime(start)); !end.At.After(start.At) {
				end = end.Add(24 * time.Hour)
			}
		}
	}
	if !end.At.After(start.At) {
		b.warn(e.line, EndBeforeStart, "%s does not end after it begins: it was taken without a time.", quoted(e.title))
		return When{}
	}
	return end
}

// dayTime gives how long after midnight by its own clock a When is.
func dayTime(w When) time.Duration {
	t := w.At.Add(time.Duration(w.Offset) * time.Second)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
}

// scheduleLayouts are the ways to write a time that were met, RFC 3339 first.
var scheduleLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700",
	agenda.WallLayout, "2006-01-02T15:04"}

// scheduleTime reads a day and a time, with an offset or without.
func scheduleTime(s string) (When, bool) {
	if len(s) < len("2006-01-02T15:04") || len(s) > 40 {
		return When{}, false
	}
	if s[10] == ' ' {
		s = s[:10] + "T" + strings.Replace(s[11:], " ", "", 1)
	}
	for _, layout := range scheduleLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if t = t.Truncate(time.Second); !plannable(t.Year()) {
			return When{}, false
		}
		if strings.Contains(layout, "Z") {
			return Instant(t), true
		}
		return Clock(t), true
	}
	return When{}, false
}

// scheduleDay reads a day, or the day of a time.
func scheduleDay(s string) (time.Time, bool) {
	if len(s) > len(agenda.DateLayout) && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	t, err := time.Parse(agenda.DateLayout, s)
	return t, err == nil && plannable(t.Year())
}

var (
	clockPattern    = regexp.MustCompile(`^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$`)
	partsPattern    = regexp.MustCompile(`^(-?)(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?$`)
	durationPattern = regexp.MustCompile(`(?i)^p?(?:(\d{1,3}) *d(?:ays?)?)?[ ,t]*(?:(\d{1,4}) *h(?:(?:ou)?rs?)?)?[ ,]*(?:(\d{1,5}) *m(?:in(?:ute)?s?)?\.?)?$`)
)

// units is the number of digits that a pattern has found; none are 0.
func units(s string) time.Duration { return time.Duration(number(s)) }

// scheduleClock reads a time of day, as long after midnight.
func scheduleClock(s string) (time.Duration, bool) {
	m := clockPattern.FindStringSubmatch(s)
	if m == nil || units(m[1]) > 23 || units(m[2]) > 59 || units(m[3]) > 59 {
		return 0, false
	}
	return units(m[1])*time.Hour + units(m[2])*time.Minute + units(m[3])*time.Second, true
}

// scheduleDuration reads "1:30", "01:30:00", minutes, or units as in "1h 30min" and "PT1H30M". Three parts that begin with
// one digit are days, hours and minutes: so pretalx writes what takes longer than a day.
func scheduleDuration(s string) (time.Duration, bool) {
	if m := partsPattern.FindStringSubmatch(s); m != nil {
		x, y, z := units(m[2]), units(m[3]), units(m[4])
		length := x*time.Hour + y*time.Minute + z*time.Second
		switch {
		case m[4] != "" && len(m[2]) == 1 && x > 0 && y < 24 && z < 60:
			length = x*24*time.Hour + y*time.Hour + z*time.Minute
		case y > 59 || z > 59:
			return 0, false
		}
		if m[1] != "" {
			length = -length
		}
		return length, true
	}
	if minutes, err := strconv.Atoi(s); err == nil && len(s) <= 5 {
		return time.Duration(minutes) * time.Minute, true
	}
	if m := durationPattern.FindStringSubmatch(s); m != nil && m[1]+m[2]+m[3] != "" {
		return units(m[1])*24*time.Hour + units(m[2])*time.Hour + units(m[3])*time.Minute, true
	}
	return 0, false
}
