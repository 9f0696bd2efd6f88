package source

import (
	"regexp"
	"time"
)

// nightLimit is how long something may take that ends earlier by the clock than it begins, for the end to be the next
// day's.
const nightLimit = 12 * time.Hour

// decideDates settles for each column whether its dates begin with the day or with the month: with the day, unless one
// of them can only be read the other way.
func (r *tableReader) decideDates(line int) {
	for _, f := range r.fields {
		if f.column != ColumnDate && f.column != ColumnStart && f.column != ColumnEnd {
			continue
		}
		dayFirst, monthFirst, unclear := false, false, ""
		for _, w := range r.rows {
			s := f.in(w)
			if len(s) > maxTimeText {
				continue
			}
			m := numericDay.FindStringSubmatch(s)
			if m == nil || m[2] == "." || isoDay.MatchString(s) {
				continue
			}
			switch first, second := number(m[1]), number(m[3]); {
			case first > 12:
				dayFirst = true
			case second > 12:
				monthFirst = true
			case first != second && unclear == "":
				unclear = s
			}
		}
		r.monthFirst[f.at] = monthFirst && !dayFirst
		if unclear != "" && monthFirst == dayFirst {
			r.warn(line, BadTime, "Nothing in the column %s says whether dates such as %s begin with the day or the month: they were read with the day first.", quoted(f.header), quoted(unclear))
		}
	}
}

// time gives what the row says of a time in the column. What can't be read is a Finding, and not ok; nothing is.
func (r *tableReader) time(w row, c Column) (got reading, ok bool) {
	s, f := r.cell(w, c)
	if s == "" {
		return reading{}, true
	}
	if got, ok = r.readTime(s, r.monthFirst[f.at]); !ok {
		r.badTime(w, f, s)
		return reading{}, false
	}
	return got, true
}

func (r *tableReader) badTime(w row, f field, s string) {
	r.warn(w.line, BadTime, "%s in the column %s can't be read as a time: it was left out.", quoted(s), quoted(f.header))
}

// between stands between from when and to when in one cell.
var between = regexp.MustCompile(`\s*(?:[-–—~→]|\b(?:to|bis)\b|đến)\s*`)

// startAndEnd gives what the row says of both. A cell for the start may hold both.
func (r *tableReader) startAndEnd(w row) (start, end reading) {
	s, f := r.cell(w, ColumnStart)
	if _, ok := r.readTime(s, r.monthFirst[f.at]); !ok && len(s) <= maxTimeText {
		for _, at := range between.FindAllStringIndex(s, -1) {
			from, first := r.readTime(s[:at[0]], r.monthFirst[f.at])
			to, second := r.readTime(s[at[1]:], r.monthFirst[f.at])
			if first && second && (to.timed || !to.at.IsZero()) {
				return from, to
			}
		}
	}
	start, _ = r.time(w, ColumnStart)
	end, _ = r.time(w, ColumnEnd)
	return start, end
}

// when gives the Item its times. A day holds for the rows below it, until another one is named.
func (r *tableReader) when(w row, i *Item) {
	date, told := r.time(w, ColumnDate)
	start, end := r.startAndEnd(w)
	if !told && start.day.IsZero() {
		return // and not on the day of the row above
	}
	if !date.day.IsZero() && !start.day.IsZero() && !date.day.Equal(start.day) {
		r.warn(w.line, DayContradicted, "The row is on %s, but its start is on %s: the start was taken.", date.day.Format(time.DateOnly), start.day.Format(time.DateOnly))
	}
	for _, d := range []time.Time{date.day, start.day} {
		if !d.IsZero() {
			r.day = d
		}
	}
	if start.at.IsZero() && !start.timed {
		start.at, start.clock, start.timed = date.at, date.clock, date.timed
	}
	switch {
	case !start.at.IsZero():
		i.Start = start.at
	case start.timed && r.day.IsZero():
		r.warn(w.line, NoTime, "Neither the row nor one above it says on which day this is: the time was left out.")
	case start.timed:
		i.Start = Clock(r.day.Add(start.clock))
	}
	if !i.Start.IsZero() {
		r.end(w, i, end)
	}
}

// end gives the Item its end, from what the row says of it or of the duration.
func (r *tableReader) end(w row, i *Item, end reading) {
	begin := i.Start.At.Add(time.Duration(i.Start.Offset) * time.Second) // by the clock
	at := When{}
	switch {
	case !end.at.IsZero() && i.Start.Told:
		at = end.at
	case !end.at.IsZero():
		r.warn(w.line, BadTime, "The end has an offset from UTC and the start has none: the end was left out.")
	case end.timed:
		day := end.day
		if day.IsZero() {
			day = begin.Truncate(24 * time.Hour)
		}
		length := day.Add(end.clock).Sub(begin)
		if length < 0 && end.day.IsZero() && length+24*time.Hour <= nightLimit {
			length += 24 * time.Hour
		}
		at = i.Start.Add(length)
	}
	said, f := r.cell(w, ColumnDuration)
	if said != "" {
		length, ok := r.readLength(said)
		switch {
		case !ok:
			r.warn(w.line, BadValue, "%s in the column %s can't be read as a duration: it was left out.", quoted(said), quoted(f.header))
		case at.IsZero():
			at = i.Start.Add(length)
		case !at.At.Equal(i.Start.At.Add(length)):
			r.warn(w.line, StartContradicted, "%s in the column %s is not the time from the start to the end: the end was taken.", quoted(said), quoted(f.header))
		}
	}
	if !at.IsZero() && !at.At.After(i.Start.At) {
		r.warn(w.line, EndBeforeStart, "%s does not end after it starts: the end was left out.", quoted(i.Title.first()))
		return
	}
	i.End = at
}
