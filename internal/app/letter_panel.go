package app

import (
	"cmp"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// soon is how long before the start of a Panel its changes go into calendars by mail: some ask for a feed once a day only.
const soon = 48 * time.Hour

// panelPost makes the calendar parts of letters that tell people what a Release changed for them (RFC 6047): of each Panel that
// touches them and begins within 48 hours, or would have, with the UID and the SEQUENCE of their feed. Its revisions were settled
// before. What a letter brought before is told even when it is far: it stays in a calendar as it was, whatever the feed says.
//
// An iCalendar object with a METHOD has one UID (RFC 5546, 1.4), so each Panel is an object of its own. Many programs look at the
// first alone: it is of what the Person must know, not of what was edited only.
type panelPost struct {
	*App
	tx     *store.Tx
	event  agenda.Event
	next   *agenda.Snapshot
	mailed map[agenda.ID]map[string]mailedPanel
	stamps map[string][]agenda.Stamp // by UID
}

// newPanelPost begins the calendar parts of all of these letters: what takes Panels out of calendars, or back into them, has a later
// revision than what was there.
func (a *App) newPanelPost(tx *store.Tx, e agenda.Event, next *agenda.Snapshot, letters []plannedLetter) (*panelPost, error) {
	p := &panelPost{App: a, tx: tx, event: e, next: next, stamps: map[string][]agenda.Stamp{}}
	if a.from == "" || len(letters) == 0 {
		return p, nil
	}
	var people []agenda.ID
	for _, l := range letters {
		people = append(people, l.person.ID)
	}
	var err error
	if p.mailed, err = mailedPanels(tx, e.ID, people); err != nil {
		return nil, err
	}
	stamps, err := tx.Stamps(e.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range stamps {
		p.stamps[s.UID] = append(p.stamps[s.UID], s)
	}
	return p, p.raiseAll(letters)
}

// raiseAll gives the Panels the revisions that they must have now, in the feeds too.
func (p *panelPost) raiseAll(letters []plannedLetter) error {
	least := map[string]int{}
	for _, l := range letters {
		for _, part := range p.parts(l) {
			uid := part.shown.UID
			least[uid] = max(least[uid], p.least(l, part))
		}
	}
	raised := false
	for uid, sequence := range least {
		stamps, changed, err := p.raise(p.tx, p.event.ID, p.stamps[uid], sequence)
		if err != nil {
			return err
		}
		p.stamps[uid], raised = stamps, raised || changed
	}
	if !raised {
		return nil
	}
	s, err := p.settle(p.tx, p.event)
	if err != nil {
		return err
	}
	if s.published = true; err == nil {
		err = s.settleFeeds()
	}
	if err != nil {
		return err
	}
	return p.count(s)
}

// least gives the SEQUENCE that a Panel must have at least in a letter. It rises when a Person leaves a Panel that takes place, and
// when they come back (RFC 5546, 2.1.4): for nobody else its time, place or status is another one.
func (p *panelPost) least(l plannedLetter, part panelPart) int {
	last, was := p.mailed[l.person.ID][part.shown.UID]
	switch {
	case was && last.method != part.method:
		return last.sequence + 1
	case was:
		return last.sequence
	case part.leaves && len(p.stamps[part.shown.UID]) > 0:
		return p.stamps[part.shown.UID][0].Sequence + 1
	}
	return 0
}

// panelPart is one Panel of a calendar part.
type panelPart struct {
	method string
	shown  agenda.Panel
	leaves bool // it takes place, without the Person
}

// parts gives the Panels of which a letter has a calendar part.
func (p *panelPost) parts(l plannedLetter) (list []panelPart) {
	if p.from == "" || l.person.Email == "" || strings.EqualFold(l.person.Email, p.from) {
		return nil
	}
	at := latestOf(l.goes, p.now())
	for _, t := range l.panelTouches(p.next, p.mailed[l.person.ID]) {
		counts := func(panel *agenda.Panel) bool {
			return panel != nil && panel.Slot.End.At.After(at) && (t.mailed || panel.Slot.Start.At.Before(at.Add(soon)))
		}
		if !counts(t.old) && !counts(t.next) {
			continue
		}
		part := panelPart{method: agenda.MethodRequest, shown: *cmp.Or(t.next, t.old)}
		if stands := t.next != nil && !t.next.Cancelled; !stands || len(t.next.Parts(l.person.ID)) == 0 {
			part.method, part.leaves = agenda.MethodCancel, stands
		}
		list = append(list, part)
	}
	return list
}

// calendar gives the calendar part of a letter, and the method of what it has first; "", nil: it has none.
func (p *panelPost) calendar(l plannedLetter) (method string, calendar []byte, err error) {
	lang := FeedLanguage(&p.next.Event, letterTo(p.event, l.person).Language)
	for _, part := range p.parts(l) {
		stamp, known := agenda.StampsOf(p.stamps[part.shown.UID], agenda.Variant(lang))[part.shown.UID]
		if !known {
			continue
		}
		i := ical.Invitation{Method: part.method, Organizer: ical.Party{Name: agenda.NewReader(p.event.Language(), lang).String(p.event.Name), Address: p.from},
			Attendee: ical.Party{Name: l.person.Name, Address: l.person.Email}, PersonID: l.person.ID, Answer: agenda.Accepted,
			Sent: latestOf(p.now().UTC().Truncate(time.Second), stamp.Modified), Stamp: stamp}
		body, err := p.press(p.next, lang, p.base).InviteToPanel(i, part.shown)
		if err != nil {
			return "", nil, err
		}
		method, calendar = cmp.Or(method, part.method), append(calendar, body...)
	}
	return method, calendar, nil
}
