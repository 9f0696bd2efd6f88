package app

import (
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// soon is how long before the start of a Panel its changes go into calendars by mail: some ask for a feed once a day only.
const soon = 48 * time.Hour

// panelCalendar gives the calendar part of a letter to a Person about a Panel that begins soon, or would have, and its method;
// none for others, unless a letter had it before. It says what the public feed says, with its UID and its SEQUENCE.
func (a *App) panelCalendar(tx *store.Tx, e agenda.Event, s *agenda.Snapshot, person agenda.Person, t panelTouch) (method string, calendar []byte, err error) {
	old, next := t.old, t.next
	counts := func(p *agenda.Panel) bool {
		return p != nil && p.Slot != nil && p.Slot.End.At.After(a.now()) && (t.mailed || p.Slot.Start.At.Before(a.now().Add(soon)))
	}
	if a.from == "" || person.Email == "" || strings.EqualFold(person.Email, a.from) || !counts(old) && !counts(next) {
		return "", nil, nil
	}
	shown, method := next, agenda.MethodRequest
	if next == nil || next.Slot == nil || next.Cancelled || len(next.Parts(person.ID)) == 0 {
		method = agenda.MethodCancel
		if shown == nil || shown.Slot == nil {
			shown = old
		}
	}
	if shown == nil || shown.Slot == nil {
		return "", nil, nil
	}
	lang := FeedLanguage(&s.Event, letterLanguage(e, person))
	stamps, err := tx.StampsIn(e.ID, agenda.Variant(lang))
	if err != nil {
		return "", nil, err
	}
	stamp, known := stamps[shown.UID]
	if !known {
		return "", nil, nil
	}
	i := ical.Invitation{Method: method, Organizer: ical.Party{Name: agenda.NewReader(e.Language(), lang).String(e.Name), Address: a.from},
		Attendee: ical.Party{Name: person.Name, Address: person.Email}, PersonID: person.ID, Answer: agenda.Accepted,
		Sent: latestOf(a.now().UTC().Truncate(time.Second), stamp.Modified), Stamp: stamp}
	body, err := a.press(s, lang, a.base).InviteToPanel(i, *shown)
	if err != nil {
		return "", nil, err
	}
	return method, body, nil
}
