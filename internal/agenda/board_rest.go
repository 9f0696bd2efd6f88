package agenda

import (
	"slices"
	"strconv"
	"time"
)

// shift is what somebody does without a break.
type shift struct {
	start, end  int64
	first, last *Item
}

// lookAtRest finds whether the item is of a time in which an interpreter works longer than the Event lets them. Whatever they
// do is work: who speaks does not rest.
func (b *Board) lookAtRest(found *finds, item, self *Item, h *Hold) {
	most := int64(b.event.Frame.WorkMinutes) * aMinute
	who := b.people[h.Resource.ID]
	if most == 0 || who == nil || len(who.Interprets) == 0 {
		return
	}
	s := b.shiftAround(item, self, h)
	tooMany := s.end - s.start - most
	if tooMany <= 0 || s.first.Kind == ElsewhereIs && s.last.Kind == ElsewhereIs && item.Kind == ElsewhereIs {
		return
	}
	found.add(clash{kind: InterpreterRest, resource: h.Resource, mine: *h, start: s.start, end: s.end,
		minutes: int((tooMany + aMinute - 1) / aMinute), run: [2]*Item{s.first, s.last}})
}

// shiftAround gives what the Person of the hold does before and after it without a break.
func (b *Board) shiftAround(item, self *Item, h *Hold) shift {
	var work []shift
	if l := b.lanes[h.Resource]; l != nil {
		l.settle()
		for i := range l.entries {
			if e := &l.entries[i]; e.item != self {
				work = append(work, shift{e.start, e.end, e.item, e.item})
			}
		}
	}
	for i := range item.Holds {
		if g := &item.Holds[i]; g.Resource == h.Resource && g.End.After(g.Start) {
			work = append(work, shift{g.Start.UnixMicro(), g.End.UnixMicro(), item, item})
		}
	}
	slices.SortFunc(work, func(x, y shift) int {
		if c := compareSpans(span{x.start, x.end}, span{y.start, y.end}); c != 0 {
			return c
		}
		return compareNames(&x.first.ItemRef, &y.first.ItemRef)
	})
	rest := max(int64(b.event.Frame.RestMinutes)*aMinute, 1)
	at, now := h.Start.UnixMicro(), work[0]
	for _, w := range work[1:] {
		if w.start-now.end < rest {
			if w.end >= now.end {
				now.end, now.last = w.end, w.last
			}
			continue
		}
		if now.start <= at && at < now.end {
			break
		}
		now = w
	}
	return now
}

// restItems names the first and the last item of the shift besides the one that was asked about.
func (b *Board) restItems(item *Item, c *clash) []ItemRef {
	items := []ItemRef{shownRef(item)}
	for i, other := range c.run {
		if same := other.Kind == item.Kind && other.ID == item.ID; !same && (i == 0 || other != c.run[0]) {
			items = append(items, shownRef(other))
		}
	}
	return items
}

func (b *Board) restMessage(c *clash) string {
	return b.person(c.resource.ID) + " interprets for " + plural(int((c.end-c.start)/aMinute), "minute", "minutes") +
		" without a break (" + b.clock(time.UnixMicro(c.start), time.UnixMicro(c.end)) + "), and may for " +
		strconv.Itoa(b.event.Frame.WorkMinutes) + " only: let somebody else relieve them."
}
