package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// mailedPanel is what a calendar was told of a Panel by the last letter that went.
type mailedPanel struct {
	method   string
	sequence int
}

// mailedPanels gives what the calendars of people were told of Panels by letters that have gone, or may just be going: by Person and
// UID.
func mailedPanels(tx *store.Tx, event agenda.ID, people []agenda.ID) (map[agenda.ID]map[string]mailedPanel, error) {
	parts, err := tx.CalendarParts(event, people)
	if err != nil {
		return nil, err
	}
	mailed := map[agenda.ID]map[string]mailedPanel{}
	for _, m := range parts {
		if mailed[m.PersonID] == nil {
			mailed[m.PersonID] = map[string]mailedPanel{}
		}
		for object := range strings.SplitAfterSeq(strings.ReplaceAll(string(m.Calendar), "\r\n ", ""), "\r\nEND:VCALENDAR\r\n") {
			said := map[string]string{}
			for line := range strings.SplitSeq(object, "\r\n") {
				name, value, _ := strings.Cut(line, ":")
				said[name] = value
			}
			if uid := said["UID"]; uid != "" {
				sequence, err := strconv.Atoi(said["SEQUENCE"])
				if err != nil {
					return nil, err
				}
				mailed[m.PersonID][uid] = mailedPanel{said["METHOD"], sequence}
			}
		}
	}
	return mailed, nil
}

// panelTouch is a Panel that touches a Person, as it was and as it is; nil where it is not on the agenda.
type panelTouch struct {
	old, next *agenda.Panel
	edited    bool // and no more
	mailed    bool // a letter that went had it as a calendar part
}

// start gives the earlier of the times at which it began and begins: what stands in a calendar too early is as wrong.
func (t panelTouch) start() (at int64) {
	for _, p := range []*agenda.Panel{t.old, t.next} {
		if p != nil && (at == 0 || p.Slot.Start.At.Unix() < at) {
			at = p.Slot.Start.At.Unix()
		}
	}
	return at
}

// panelTouches gives the Panels that touch the Person: those first of which they must know, then what they were sent before, then by
// time.
func (l plannedLetter) panelTouches(next *agenda.Snapshot, mailed map[string]mailedPanel) (list []panelTouch) {
	var seen []agenda.ID
	for _, t := range l.touches {
		if slices.Contains(seen, t.Panel) {
			continue
		}
		seen = append(seen, t.Panel)
		of := panelTouch{edited: !slices.ContainsFunc(l.touches, func(other agenda.Touch) bool { return other.Panel == t.Panel && agenda.EssentialTouch(other) })}
		if p, is := l.old.PanelOf(t.Panel); is {
			of.old = &p
			_, of.mailed = mailed[p.UID]
		}
		if p, is := next.PanelOf(t.Panel); is {
			of.next = &p
			if _, was := mailed[p.UID]; was {
				of.mailed = true
			}
		}
		list = append(list, of)
	}
	slices.SortStableFunc(list, func(x, y panelTouch) int {
		return cmp.Or(agenda.FalseFirst(x.edited, y.edited), agenda.FalseFirst(y.mailed, x.mailed), cmp.Compare(x.start(), y.start()))
	})
	return list
}
