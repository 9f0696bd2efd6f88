package app

import (
	"maps"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// difference is what may be told otherwise in calendars since another Snapshot.
type difference struct {
	people map[agenda.ID]bool        // who are named otherwise
	uids   map[string]bool           // of entries
	scopes map[agenda.FeedScope]bool // of feeds
	before *ical.Press
	was    []*agenda.Panel // as they were, of those that may be otherwise, and as they are
	is     []*agenda.Panel
}

// settleRelease is [App.settleCalendar] for a Release that takes the place of the one before, whose calendars were settled:
// what is the same in both is told as it was. Last is nil for the first one.
func (a *App) settleRelease(tx *store.Tx, e agenda.Event, last, next *agenda.Snapshot) error {
	s, err := a.settle(tx, e)
	if err != nil {
		return err
	}
	if last != nil && s.before.Revision > 0 && !s.anew {
		s.differ = differenceOf(last, next, a.press(last, "", settledAt), a.press(next, "", settledAt))
	}
	if err := s.all(); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for variant, stamps := range s.told {
			a.stamps.put(stampsKey{e.ID, true, variant}, keptRevisions{s.revision, stamps})
		}
	})
	return nil
}

// differenceOf gives what may be told otherwise; nil: anything.
func differenceOf(last, next *agenda.Snapshot, before, after *ical.Press) *difference {
	d := &difference{people: map[agenda.ID]bool{}, uids: map[string]bool{}, scopes: map[agenda.FeedScope]bool{{Kind: agenda.FeedOfEvent}: true}, before: before}
	if panels, known := next.Since(last); known && after.TellsTimesAs(before) {
		for _, id := range slices.Sorted(maps.Keys(panels)) {
			if p, there := next.PanelOf(id); there {
				d.add(&p, after)
			}
			if q, there := last.PanelOf(id); there {
				d.add(&q, before)
			}
		}
		return d
	}
	if !last.Event.Same(&next.Event) || !after.TellsTimesAs(before) ||
		!slices.EqualFunc(last.Rooms, next.Rooms, func(r, s agenda.Room) bool { return r.Same(&s) }) ||
		!slices.EqualFunc(last.Tracks, next.Tracks, func(t, u agenda.Track) bool { return t.Same(&u) }) {
		return nil
	}
	d.addPeople(last.People, next.People)
	d.addPanels(last.WithRemoved(), next.WithRemoved(), before, after)
	return d
}

// addPeople adds those who are otherwise than before, came or went, and their feeds.
func (d *difference) addPeople(last, next []agenda.Person) {
	was := make(map[agenda.ID]*agenda.Person, len(last))
	for i := range last {
		was[last[i].ID] = &last[i]
	}
	for i := range next {
		p := &next[i]
		if q := was[p.ID]; q == nil || !p.Same(q) {
			d.people[p.ID] = true
		}
		delete(was, p.ID)
	}
	for id := range was {
		d.people[id] = true
	}
	for id := range d.people {
		d.scopes[agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: id}] = true
	}
}

// addPanels adds those that are otherwise than before, or name somebody who is.
func (d *difference) addPanels(last, next []*agenda.Panel, before, after *ical.Press) {
	was := make(map[agenda.ID]*agenda.Panel, len(last))
	for _, p := range last {
		was[p.ID] = p
	}
	for _, p := range next {
		q := was[p.ID]
		if q == nil || !p.Same(q) || p.Names(d.people) {
			d.add(p, after)
			if q != nil {
				d.add(q, before)
			}
		}
		delete(was, p.ID)
	}
	for _, gone := range was {
		d.add(gone, before)
	}
}

// add adds a Panel as one of the Snapshots has it, with the feeds that it is in.
func (d *difference) add(p *agenda.Panel, in *ical.Press) {
	d.uids[p.UID] = true
	if in == d.before {
		d.was = append(d.was, p)
	} else if p.Slot != nil { // of what is no more and had none, calendars tell nothing
		d.is = append(d.is, p)
	}
	for _, scope := range in.ScopesOf(*p) {
		d.scopes[scope] = true
	}
}

// stampsBefore gives the revisions of all entries that may be told otherwise.
func (s *settling) stampsBefore(meetings []agenda.Meeting) ([]agenda.Stamp, error) {
	if s.differ == nil {
		return s.tx.Stamps(s.event.ID)
	}
	uids := slices.Sorted(maps.Keys(s.differ.uids))
	for _, m := range meetings {
		uids = append(uids, m.UID)
	}
	return s.tx.StampsOfAll(s.event.ID, uids)
}

// readTold finds the revisions of all entries as they are now, after those that changed were put.
func (s *settling) readTold() error {
	s.told = map[agenda.Variant]revisions{}
	for _, language := range feedLanguages(&s.snapshot.Event) {
		v := agenda.Variant(language)
		kept, known := s.app.revisionsAt(stampsKey{s.event.ID, true, v}, s.before.Public)
		now := revisions{sums: map[feedKey]ical.Sum{}}
		if s.differ != nil && known {
			now.stamps = kept.stamps.With(agenda.StampsOf(s.changed, v))
			for key, sum := range kept.sums {
				if len(kept.sums) <= keptSums || key.scope.Kind != agenda.FeedOfSpeaker {
					now.sums[key] = sum
				}
			}
		} else {
			var err error
			if now.stamps, err = s.tx.StampsIn(s.event.ID, v); err != nil {
				return err
			}
		}
		s.told[v] = now
	}
	return nil
}

// outline gives that of a public feed. It follows from what it was, and from what changed.
func (s *settling) outline(p *ical.Press, language string, o ical.Options) (string, error) {
	sum, err := s.sum(p, language, o)
	if err != nil {
		return "", err
	}
	s.told[agenda.Variant(language)].sums[feedKey{o.Scope, o.Cancelled}] = sum
	return p.OutlineOf(o, sum)
}

func (s *settling) sum(p *ical.Press, language string, o ical.Options) (sum ical.Sum, err error) {
	kept, _ := s.app.revisionsAt(stampsKey{s.event.ID, true, agenda.Variant(language)}, s.before.Public)
	sum, known := kept.sums[feedKey{o.Scope, o.Cancelled}]
	if s.differ == nil || !known {
		return p.Sum(o)
	}
	add := func(p *ical.Press, o ical.Options, panels []*agenda.Panel, join func(ical.Sum, ical.Sum) ical.Sum) error {
		for _, panel := range panels {
			if !p.Tells(o.Scope, panel) {
				continue
			}
			of, err := p.SumOf(o, panel)
			if err != nil {
				return err
			}
			sum = join(sum, of)
		}
		return nil
	}
	then := o
	then.Stamps = kept.stamps
	if err = add(s.differ.before, then, s.differ.was, ical.Sum.Minus); err == nil {
		err = add(p, o, s.differ.is, ical.Sum.Plus)
	}
	return sum, err
}

// feedStates gives the states of the public feeds that may have changed.
func (s *settling) feedStates() ([]store.FeedState, error) {
	if s.differ == nil {
		return s.tx.FeedStates(s.event.ID)
	}
	var names []string
	for scope := range s.differ.scopes {
		names = append(names, scope.String())
	}
	slices.Sort(names)
	return s.tx.FeedStatesOf(s.event.ID, names)
}

// scopesToSettle gives those of the public feeds that may have changed.
func (s *settling) scopesToSettle(p *ical.Press, before map[string]time.Time) []agenda.FeedScope {
	if s.differ == nil {
		return feedScopes(p, before)
	}
	return slices.SortedFunc(maps.Keys(s.differ.scopes), func(a, b agenda.FeedScope) int { return strings.Compare(a.String(), b.String()) })
}
