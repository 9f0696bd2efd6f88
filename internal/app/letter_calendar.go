package app

import (
	"bytes"
	"cmp"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// panelInvite gives the calendar part of a letter that tells a Person what a Release changed for them, and its method (RFC 6047): of
// each Panel that touches them and begins within 48 hours, with the UID and the SEQUENCE of their feed. It is called in the
// transaction that publishes the Release, after its calendar was settled. Without such a Panel there is none, and the letter goes
// without: "", nil, nil.
//
// An iCalendar object with a METHOD has one UID (RFC 5546, 1.4), so each Panel is an object of its own. Many programs look at the
// first alone: it is of what the Person must know, not of what was edited only; and of what they were sent before, which stays in
// their calendar as it was, whatever their feed says. That is also told when it is far.
func (a *App) panelInvite(tx *store.Tx, e agenda.Event, next *agenda.Snapshot, l plannedLetter) (method string, calendar []byte, err error) {
	mails, err := tx.MailsTo(e.ID, l.person.ID)
	if err != nil {
		return "", nil, err
	}
	for _, t := range l.byStart(next, mails) {
		of, body, err := a.panelCalendar(tx, e, next, l.person, t)
		if err != nil {
			return "", nil, err
		}
		method, calendar = cmp.Or(method, of), append(calendar, body...)
	}
	return method, calendar, nil
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

// mailedIn says whether one of the letters that went had the Panel as a calendar part.
func mailedIn(mails []agenda.Mail, p *agenda.Panel) bool {
	return p != nil && slices.ContainsFunc(mails, func(m agenda.Mail) bool {
		return m.Sent != nil && m.Kind == agenda.MailChanges && bytes.Contains(bytes.ReplaceAll(m.Calendar, []byte("\r\n "), nil), []byte("\r\nUID:"+p.UID+"\r\n"))
	})
}

// byStart gives the Panels that touch the Person: those first of which they must know, then what they were sent before, then by time.
func (l plannedLetter) byStart(next *agenda.Snapshot, mails []agenda.Mail) (list []panelTouch) {
	var seen []agenda.ID
	for _, t := range l.touches {
		if slices.Contains(seen, t.Panel) {
			continue
		}
		seen = append(seen, t.Panel)
		of := panelTouch{edited: !slices.ContainsFunc(l.touches, func(other agenda.Touch) bool { return other.Panel == t.Panel && agenda.EssentialTouch(other) })}
		if p, is := l.old.PanelOf(t.Panel); is {
			of.old = &p
		}
		if p, is := next.PanelOf(t.Panel); is {
			of.next = &p
		}
		of.mailed = mailedIn(mails, of.old) || mailedIn(mails, of.next)
		list = append(list, of)
	}
	slices.SortStableFunc(list, func(x, y panelTouch) int {
		return cmp.Or(agenda.FalseFirst(x.edited, y.edited), agenda.FalseFirst(y.mailed, x.mailed), cmp.Compare(x.start(), y.start()))
	})
	return list
}
