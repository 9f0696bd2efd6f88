package ical

import (
	"cmp"
	"slices"
)

// newest gives the entries in the order of the file, without those that others in it replace: older revisions of the
// same entry, and the first occurrence of a series where an entry of its own tells it.
func (d *reading) newest() []Entry {
	groups := map[[2]string][]*rawEntry{} // by UID and RECURRENCE-ID
	var keys [][2]string                  // in the order of the file
	for _, e := range d.raw {
		if e.UID == "" {
			d.warn(e.Line, "%s has no UID: should its title change, a later import will not know it again.", quote(e.Summary))
			continue
		}
		key := [2]string{e.UID, e.RecurrenceID}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], e)
	}
	gone := map[*rawEntry]bool{}
	for _, key := range keys {
		group := groups[key]
		if len(group) > 1 {
			d.replace(group, gone)
		}
		if key[1] == "" {
			d.replaceFirst(group, groups, gone)
		}
	}
	entries := make([]Entry, 0, len(d.raw)-len(gone))
	for _, e := range d.raw {
		if gone[e] {
			continue
		}
		if e.Recurs {
			d.warn(e.Line, "%s recurs: its first time was taken, and no other.", quote(e.Summary))
		}
		entries = append(entries, e.Entry)
	}
	return entries
}

// replace finds the older revisions among entries of one UID and RECURRENCE-ID (RFC 5546, 2.1.5): by SEQUENCE, then by
// stamp, then by place in the file. Several of the same SEQUENCE without RECURRENCE-ID that begin at different times, or
// that nothing says are the same, are different entries: programs give all parts of one panel the same UID, or all that
// is on one day.
func (d *reading) replace(group []*rawEntry, gone map[*rawEntry]bool) {
	last := slices.MaxFunc(group, func(a, b *rawEntry) int { return cmp.Compare(a.Sequence, b.Sequence) }).Sequence
	starts := map[int64][]*rawEntry{}
	for _, e := range group {
		if e.Sequence < last {
			gone[e] = true
			continue
		}
		start := e.Start.Unix()
		if e.RecurrenceID != "" {
			start = 0
		}
		n := slices.IndexFunc(starts[start], func(kept *rawEntry) bool { return kept.revises(e) })
		switch {
		case n < 0:
			starts[start] = append(starts[start], e)
		case starts[start][n].Modified.After(e.Modified):
			gone[e] = true
		default:
			gone[starts[start][n]] = true
			starts[start][n] = e
		}
	}
	kept := 0
	for _, e := range group {
		if gone[e] {
			d.warn(e.Line, "%s is there in a newer revision: this one was left out.", quote(e.Summary))
		} else if kept++; kept > 1 {
			d.warn(e.Line, "%s has the UID of another entry: both were taken.", quote(e.Summary))
		}
	}
}

// revises says whether two entries of one UID, SEQUENCE and start are revisions of one: not when their title and their
// place differ, nor when either does and they are equally old.
func (e *rawEntry) revises(other *rawEntry) bool {
	titles, places := e.Summary == other.Summary, e.Location == other.Location
	return e.RecurrenceID != "" || titles && places || (titles || places) && !e.Modified.Equal(other.Modified)
}

// replaceFirst leaves out the series whose first occurrence another entry tells.
func (d *reading) replaceFirst(series []*rawEntry, groups map[[2]string][]*rawEntry, gone map[*rawEntry]bool) {
	for _, e := range series {
		first := instant{at: e.Start, date: e.AllDay}
		if e.Recurs && !e.Start.IsZero() && len(groups[[2]string{e.UID, first.name()}]) > 0 {
			gone[e] = true
		}
	}
}
