package agenda

import (
	"cmp"
	"slices"
	"sort"
)

// entry is one hold in a lane, in microseconds since 1970.
type entry struct {
	start, end int64
	reach      int64 // the latest end of this entry and of all before it
	item       *Item
	hold       int // its index in the item's Holds
}

// lane is all that one resource holds, by start. New entries wait at its end until somebody asks, so
// that a whole Event is loaded with one sort and a single move costs one insertion.
type lane struct {
	entries []entry
	settled int // how many leading entries are in order and have their reach
}

// fewWaiting is how many waiting entries are inserted one by one; more are sorted with all others.
const fewWaiting = 8

func compareEntries(a, b entry) int {
	return cmp.Or(cmp.Compare(a.start, b.start), compareNames(&a.item.ItemRef, &b.item.ItemRef), cmp.Compare(a.hold, b.hold))
}

func (l *lane) add(e entry) { l.entries = append(l.entries, e) }

// settle brings waiting entries into order.
func (l *lane) settle() {
	if l.settled == len(l.entries) {
		return
	}
	changed := l.settled
	if waiting := len(l.entries) - l.settled; waiting > fewWaiting {
		slices.SortFunc(l.entries, compareEntries)
		changed = 0
	} else {
		for i := l.settled; i < len(l.entries); i++ {
			e := l.entries[i]
			at, _ := slices.BinarySearchFunc(l.entries[:i], e, compareEntries)
			copy(l.entries[at+1:i+1], l.entries[at:i])
			l.entries[at] = e
			changed = min(changed, at)
		}
	}
	l.settled = len(l.entries)
	l.extend(changed)
}

// extend renews the reach of the entries from i on.
func (l *lane) extend(i int) {
	for ; i < len(l.entries); i++ {
		l.entries[i].reach = l.entries[i].end
		if i > 0 {
			l.entries[i].reach = max(l.entries[i].reach, l.entries[i-1].reach)
		}
	}
}

// remove takes out what the item holds.
func (l *lane) remove(item *Item, start int64) {
	l.settle()
	first := sort.Search(len(l.entries), func(i int) bool { return l.entries[i].start >= start })
	for i := first; i < len(l.entries) && l.entries[i].start == start; i++ {
		if l.entries[i].item == item {
			l.entries = slices.Delete(l.entries, i, i+1)
			break
		}
	}
	l.settled = len(l.entries)
	l.extend(first)
}

// window gives the entries among which are all that overlap (from, to): those before have ended by
// then, and those after have not begun.
func (l *lane) window(from, to int64) []entry {
	l.settle()
	lo, hi := 0, len(l.entries)
	for lo < hi {
		if mid := (lo + hi) / 2; l.entries[mid].reach > from {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	end := len(l.entries)
	for next := lo; next < end; {
		if mid := (next + end) / 2; l.entries[mid].start >= to {
			end = mid
		} else {
			next = mid + 1
		}
	}
	return l.entries[lo:end]
}

// span is a half-open interval in microseconds since 1970.
type span struct{ start, end int64 }

func compareSpans(a, b span) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
}

// union merges windows that overlap or touch; those that are empty fall away.
func union(windows []span) []span {
	slices.SortFunc(windows, compareSpans)
	merged := windows[:0]
	for _, w := range windows {
		switch last := len(merged) - 1; {
		case w.end <= w.start:
		case last >= 0 && w.start <= merged[last].end:
			merged[last].end = max(merged[last].end, w.end)
		default:
			merged = append(merged, w)
		}
	}
	return merged
}

// uncovered gives the first part of s that lies in none of the merged windows; false when there is
// none.
func uncovered(merged []span, s span) (span, bool) {
	i := sort.Search(len(merged), func(i int) bool { return merged[i].end > s.start })
	if i == len(merged) || merged[i].start > s.start {
		if i < len(merged) {
			s.end = min(s.end, merged[i].start)
		}
		return s, true
	}
	if merged[i].end >= s.end {
		return span{}, false
	}
	s.start = merged[i].end
	if i+1 < len(merged) {
		s.end = min(s.end, merged[i+1].start)
	}
	return s, true
}

// covers says whether the span lies in one of the merged ones.
func covers(merged []span, s span) bool {
	_, open := uncovered(merged, s)
	return !open
}

// intersect gives what lies in both lists of merged spans.
func intersect(a, b []span) []span {
	var both []span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if s := (span{max(a[i].start, b[j].start), min(a[i].end, b[j].end)}); s.start < s.end {
			both = append(both, s)
		}
		if a[i].end < b[j].end {
			i++
		} else {
			j++
		}
	}
	return both
}

// cutOut gives what lies in the first list of merged spans and not in the second.
func cutOut(a, b []span) []span {
	var rest []span
	j := 0
	for _, s := range a {
		for j < len(b) && b[j].end <= s.start {
			j++
		}
		for k := j; k < len(b) && b[k].start < s.end; k++ {
			if s.start < b[k].start {
				rest = append(rest, span{s.start, b[k].start})
			}
			s.start = max(s.start, b[k].end)
		}
		if s.start < s.end {
			rest = append(rest, s)
		}
	}
	return rest
}
