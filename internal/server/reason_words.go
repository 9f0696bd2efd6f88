package server

import (
	"cmp"

	"plenary/internal/agenda"
)

// reason says why a time is not possible.
func (t *conflictTeller) reason(e agenda.Event, r agenda.Reason) (string, error) {
	c := agenda.Conflict{Start: r.Start, End: r.End, Languages: r.Languages, Items: []agenda.ItemRef{{Kind: agenda.ElsewhereIs}}}
	if r.Item != nil {
		c.Items[0] = *r.Item
	}
	if r.Person != "" {
		c.Persons = []agenda.ID{r.Person}
	}
	if r.Room != "" {
		c.Rooms = []agenda.ID{r.Room}
	}
	pairs, err := t.parts(c)
	if err != nil {
		return "", err
	}
	pairs = append(pairs, "open", cmp.Or(e.Frame.From, agenda.MeetingsFrom), "shut", cmp.Or(e.Frame.Until, agenda.MeetingsUntil))
	said, key := "", "reason_"+string(r.Kind)
	switch agenda.ConflictKind(r.Kind) {
	case agenda.WalkTooShort, agenda.RoomTooSmall, agenda.BufferTooShort, agenda.TurnaroundShort, agenda.InterpreterRest:
		said, err = t.counted(key, r.Minutes, pairs...)
	default:
		said, err = t.Say(key, append(pairs, "n", r.Minutes)...)
	}
	return capital(said), err
}

// full says that somebody has as many Meetings on a day as the Event allows.
func (t *conflictTeller) full(day agenda.Date, person agenda.ID, allowed int) (string, error) {
	long, err := t.day("date_long", day)
	if err != nil {
		return "", err
	}
	name := clipped(t.people[person].Name)
	return t.Say("find_full", "day", long, "person", name, "n", allowed)
}
