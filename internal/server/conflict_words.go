package server

import (
	"time"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// conflictTeller puts Conflicts into the reader's words.
type conflictTeller struct {
	*words
	zone   *time.Location
	picker *agenda.Reader
	rooms  map[agenda.ID]agenda.Room
	people map[agenda.ID]agenda.Person // whose names may be told
}

// newConflictTeller makes one for the Conflicts of a draft. Without the people, it names none.
func newConflictTeller(r reader, d agenda.Draft, named bool) *conflictTeller {
	t := &conflictTeller{words: r.words, zone: d.Event.Location(), rooms: map[agenda.ID]agenda.Room{}, people: map[agenda.ID]agenda.Person{},
		picker: agenda.NewReader(d.Event.Language(), r.content, r.words.lang)}
	for _, room := range d.Rooms {
		t.rooms[room.ID] = room
	}
	if named {
		for _, p := range d.People {
			t.people[p.ID] = p
		}
	}
	return t
}

// sentence says who, what and when.
func (t *conflictTeller) sentence(c agenda.Conflict) (string, error) {
	key := "conflict_" + string(c.Kind)
	if c.Kind == agenda.RoomTaken && len(c.Rooms) != 1 {
		key = "conflict_all_rooms"
	}
	pairs, err := t.parts(c)
	if err != nil {
		return "", err
	}
	said := ""
	switch c.Kind {
	case agenda.DayFull:
		said, err = t.Say(key, append(pairs, "n", c.Minutes)...)
	case agenda.WalkTooShort, agenda.RoomTooSmall, agenda.BufferTooShort, agenda.TurnaroundShort, agenda.InterpreterRest:
		said, err = t.counted(key, c.Minutes, pairs...)
	default:
		said, err = t.Say(key, pairs...)
	}
	return capital(said), err
}

// capital gives a sentence with a capital at its beginning.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// parts gives what is put into the words: {a} and {b} for the items, {person}, {room} and {when}.
func (t *conflictTeller) parts(c agenda.Conflict) ([]any, error) {
	put := map[string]string{"a": "", "b": "", "person": "", "room": "", "when": "", "from": "", "to": ""}
	if len(c.Languages) == 2 {
		put["from"], put["to"] = reader{words: t.words}.languageName(c.Languages[0]), reader{words: t.words}.languageName(c.Languages[1])
	}
	var err error
	for i, name := range []string{"a", "b"} {
		if i < len(c.Items) {
			if put[name], err = t.item(c.Items[i]); err != nil {
				return nil, err
			}
		}
	}
	if len(c.Persons) > 0 {
		if put["person"] = clipped(t.people[c.Persons[0]].Name); put["person"] == "" {
			put["person"], err = t.Say("conflict_somebody")
		}
	}
	if err == nil && len(c.Rooms) > 0 {
		if put["room"] = clipped(t.picker.String(t.rooms[c.Rooms[0]].Name)); put["room"] == "" {
			put["room"], err = t.Say("conflict_some_room")
		}
	}
	if err == nil && !c.Start.IsZero() {
		put["when"], err = t.interval(t.zone, c.Start, c.End)
	}
	var pairs []any
	for name, value := range put {
		pairs = append(pairs, name, value)
	}
	return pairs, err
}

// item names what takes time, as far as it may be told.
func (t *conflictTeller) item(i agenda.ItemRef) (string, error) {
	title := t.picker.String(i.Title)
	switch {
	case i.Kind == agenda.ElsewhereIs:
		return t.Say("conflict_elsewhere")
	case title != "":
		return t.Say("conflict_titled", "title", clipped(title))
	case i.Code != "":
		return t.Say("conflict_coded", "code", i.Code)
	}
	return t.Say("conflict_meeting")
}

// interval gives from when to when, by the clock of the zone: with the day, and with both where it goes on past midnight.
func (w *words) interval(zone *time.Location, start, end time.Time) (string, error) {
	from, to := start.In(zone), end.In(zone)
	day, err := w.day("date_short", agenda.Date(from.Format(agenda.DateLayout)))
	if err != nil {
		return "", err
	}
	if end.Sub(start) < 24*time.Hour {
		return day + ", " + from.Format("15:04") + "–" + to.Format("15:04"), nil
	}
	last, err := w.day("date_short", agenda.Date(to.Format(agenda.DateLayout)))
	return day + ", " + from.Format("15:04") + " – " + last + ", " + to.Format("15:04"), err
}

// maxQuoted is how much of a name or title a sentence quotes, in characters.
const maxQuoted = 80

// clipped keeps what is quoted in a sentence short.
func clipped(s string) string {
	if utf8.RuneCountInString(s) <= maxQuoted {
		return s
	}
	return string([]rune(s)[:maxQuoted]) + "…"
}
