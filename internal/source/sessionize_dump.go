package source

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// dump is what an API gives of an event as JSON, on its way to a Programme. Sessionize and pretalx are read through it.
type dump struct {
	*walker
	*builder
	things int               // elements of all lists so far
	said   map[string]bool   // what was warned of once
	named  map[string]string // Keys of Rooms by name in lower case
}

// maxThings is how many elements all the lists of a dump have together: a file of 64 MiB could have 20 million.
const maxThings = 10 * MaxItems

func newDump(data []byte, f Format) (*dump, error) {
	w, err := newWalker(data)
	if err != nil {
		return nil, err
	}
	return &dump{walker: w, builder: newBuilder(f), said: map[string]bool{}, named: map[string]string{}}, nil
}

// members reads an object into what is given for its members: into a pointer, or by a function. Others are skipped, and so
// is anything else than an object.
func (d *dump) members(into map[string]any) error {
	return d.object(func(key string) error {
		switch v := into[key].(type) {
		case nil:
			return d.skip()
		case func() error:
			return v()
		default:
			_, err := d.value(v)
			return err
		}
	})
}

// each reads a list as [walker.list] does, as far as a dump can be believed.
func (d *dump) each(element func() error) error {
	return d.list(func() error {
		if d.things++; d.things > maxThings {
			return fail(d.line(), "the lists of the file have more than %d elements together, which is more than can be imported at once.", maxThings)
		}
		return element()
	})
}

// once notes a Finding unless it was noted for the same thing before: what a file leaves out, it leaves out everywhere.
func (d *dump) once(thing string, line int, rule Rule, format string, args ...any) {
	if !d.said[thing] {
		d.said[thing] = true
		d.warn(line, rule, format, args...)
	}
}

// identity gives an identity as it is compared: UUIDs in lower case. One that is longer than any program makes them is none.
func identity(s scalar) string {
	id := name(clean(string(s)))
	if len(id) > 200 {
		return ""
	}
	return cmp.Or(guid(id), id)
}

// text gives a text that fits into limit characters: those of names on one line.
func (d *dump) text(line int, what string, texts localized, limit int) Text {
	var t Text
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		s := clean(texts[tag])
		if limit <= agenda.MaxName {
			s = unbroken(s)
		}
		if n := utf8.RuneCountInString(s); n > limit {
			d.warn(line, TooLong, "%s %s has %d characters: it was cut to %d.", what, quoted(s), n, limit)
			s = string([]rune(s)[:limit-1]) + "…"
		}
		if s == "" {
			continue
		}
		if t == nil {
			t = Text{}
		}
		t[tag] = s
	}
	return t
}

// join gives both texts in each of their languages, below one another. What the first one says already is not said again.
func (d *dump) join(line int, a, b Text) Text {
	joined := localized{}
	for tag, s := range a {
		joined[tag] = s
	}
	for tag, s := range b {
		if have := joined[tag]; have == "" || strings.HasPrefix(s, have) {
			joined[tag] = s
		} else if !strings.HasPrefix(have, s) {
			joined[tag] = have + "\n\n" + s
		}
	}
	return d.text(line, "The text", joined, agenda.MaxProse)
}

// below gives a text with lines at its end, in each of its languages.
func (d *dump) below(line int, t Text, lines string) Text {
	if len(t) == 0 {
		return plain(lines)
	}
	more := Text{}
	for tag := range t {
		more[tag] = lines
	}
	return d.join(line, t, more)
}

// address gives a web address, or nothing.
func (d *dump) address(line int, what string, s scalar) string {
	if s == "" {
		return ""
	}
	if !isAddress(string(s)) {
		d.once(what+"\x00"+string(s), line, BadValue, "%s %s is not a web address that begins with https:// or http://: it was left out.", what, quoted(string(s)))
		return ""
	}
	return string(s)
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(s) <= agenda.MaxURL && clean(s) == s
}

// times gives start and end of an entry. Where the file has no end, minutes after the start is one, unless they are 0.
func (d *dump) times(line int, title string, start, end scalar, minutes int) (from, to When) {
	from, to = d.when(line, title, start), d.when(line, title, end)
	switch {
	case from.IsZero():
		if start == "" {
			d.warn(line, NoTime, "%s has no time.", title)
		}
		return When{}, When{}
	case !to.IsZero() && from.Local == to.Local && !to.At.After(from.At):
		d.warn(line, EndBeforeStart, "%s does not end after it starts: its end %s was left out.", title, quoted(string(end)))
		to = When{}
	case to.IsZero() && minutes > 0:
		to = from.Add(time.Duration(minutes) * time.Minute)
	case to.IsZero() && end == "":
		d.warn(line, EndBeforeStart, "%s has no end: it was taken without a time.", title)
	}
	return from, to
}

func (d *dump) when(line int, title string, s scalar) When {
	w, ok := apiTime(string(s))
	if !ok && s != "" {
		d.warn(line, BadTime, "%s has the time %s, which can't be read: it was left out.", title, quoted(string(s)))
	}
	return w
}

// apiTime reads a time as RFC 3339 has it, or as ISO 8601 does without an offset: with a blank or a T, with or without
// seconds.
func apiTime(s string) (When, bool) {
	s = strings.Replace(strings.TrimSpace(s), " ", "T", 1)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", agenda.WallLayout, "2006-01-02T15:04"} {
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1970 || t.Year() > 9998 {
			continue
		}
		switch t = t.Truncate(time.Second); {
		case !strings.HasSuffix(layout, "Z07:00"):
			return Clock(t), true
		case strings.HasSuffix(s, "Z"):
			return When{At: t}, true // Z says nothing of the offset of the place (RFC 9557, 2.2)
		}
		return Instant(t), true
	}
	return When{}, false
}

// addRoom adds a Room that the file describes, and remembers its names.
func (d *dump) addRoom(r Room) string {
	key := d.room(r)
	for _, n := range r.Name {
		if n = strings.ToLower(name(n)); d.named[n] == "" {
			d.named[n] = key
		}
	}
	return key
}

// place gives the Key of the Room that a record names by identity, by name or by both; empty for none.
func (d *dump) place(line int, id scalar, names localized) string {
	key, label := identity(id), d.text(line, "The name of a room", names, agenda.MaxName)
	if key == "" {
		if known := d.named[strings.ToLower(name(label.first()))]; known != "" {
			return known
		}
		return d.addRoom(Room{Line: line, Name: label})
	}
	if _, known := d.rooms["id "+key]; !known && label == nil {
		d.warn(line, UnknownReference, "The room %s is not described in the file: it was named after its identity.", quoted(key))
		label = Text{"": "Room " + key}
	}
	return d.addRoom(Room{Line: line, Key: "id " + key, Serial: serial(key), GUID: guid(key), Name: label})
}

// seat gives the Key of the Room of an entry, and says where a time has none.
func (d *dump) seat(i *Item, id scalar, names localized) {
	i.Room = d.place(i.Line, id, names)
	if i.Room == "" && !i.AllRooms && !i.Start.IsZero() {
		d.warn(i.Line, NoPlace, "%s has a time and no room.", quoted(i.Title.first()))
	}
}
