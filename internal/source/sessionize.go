package source

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// sessionizeDump is what Sessionize's API gives of an event. Its views say the same in different shapes: All has lists of
// everything and identities in between, GridSmart has days with rooms and time slots in which entries are repeated, and
// Sessions has groups of entries. None says the zone of its times, unless the organizers chose UTC.
type sessionizeDump struct {
	*dump
	entries    []sessionizeEntry
	seen       map[string]bool
	directory  []sessionizeRoom
	speakers   map[string]Person
	categories []*sessionizeCategory
	choices    map[string]sessionizeChoice // of All, by identity
}

type sessionizeEntry struct {
	line                      int
	day                       scalar // that it is listed under
	id, start, end            scalar
	service, plenum, status   scalar
	live, recording           scalar
	roomID                    scalar
	title, abstract, roomName localized
	speakers                  []sessionizeMention
	items                     []scalar           // identities of choices, in All
	choices                   []sessionizeChoice // in the other views
}

// sessionizeMention names a person by identity, in GridSmart and Sessions with the name.
type sessionizeMention struct{ id, name scalar }

type sessionizeRoom struct {
	line     int
	id, sort scalar
	name     localized
}

// sessionizeCategory is a question with choices that organizers ask of each entry: track, format, language, level.
type sessionizeCategory struct {
	title   string
	choices []sessionizeChoice
}

type sessionizeChoice struct {
	line     int
	category *sessionizeCategory
	id, sort scalar
	name     localized
}

func newSessionizeDump(data []byte, f Format) (*sessionizeDump, error) {
	d, err := newDump(data, f)
	return &sessionizeDump{dump: d, seen: map[string]bool{}, speakers: map[string]Person{}, choices: map[string]sessionizeChoice{}}, err
}

// readSessionizeAll reads the view All.
func readSessionizeAll(data []byte, _ Options) (Programme, error) {
	d, err := newSessionizeDump(data, SessionizeAll)
	if err != nil {
		return Programme{}, err
	}
	if d.next() != '{' {
		return Programme{}, fail(d.line(), "this is not what Sessionize gives as \"All\": it should be an object with sessions and speakers.")
	}
	err = d.members(map[string]any{
		"sessions":   func() error { return d.each(func() error { return d.entry() }) },
		"speakers":   func() error { return d.each(d.speaker) },
		"rooms":      func() error { return d.each(d.listedRoom) },
		"categories": func() error { return d.each(func() error { _, err := d.category(); return err }) },
	})
	return d.programme(err)
}

// readSessionizeGrid reads the views GridSmart and Sessions.
func readSessionizeGrid(data []byte, _ Options) (Programme, error) {
	d, err := newSessionizeDump(data, SessionizeGrid)
	if err != nil {
		return Programme{}, err
	}
	if d.next() != '[' {
		return Programme{}, fail(d.line(), "this is not what Sessionize gives as \"GridSmart\": it should be a list of days.")
	}
	return d.programme(d.each(d.day))
}

// day reads a day of GridSmart, or a group of Sessions.
func (d *sessionizeDump) day() error {
	var date scalar
	from := len(d.entries)
	entries := func() error { return d.each(func() error { return d.entry() }) }
	err := d.members(map[string]any{
		"date":     &date,
		"sessions": entries,
		"rooms":    d.columns,
		"timeSlots": func() error {
			return d.each(func() error {
				return d.members(map[string]any{"rooms": d.columns})
			})
		},
	})
	for i := range d.entries[from:] {
		d.entries[from+i].day = date
	}
	return err
}

// columns reads the rooms of a day or of a time slot.
func (d *sessionizeDump) columns() error {
	from := len(d.directory)
	err := d.each(d.column)
	d.directory = interleaved(d.directory[:from:from], d.directory[from:])
	return err
}

// maxOrdered is how many rooms are brought into one order, which costs the square of their number.
const maxOrdered = 1000

// interleaved adds to the rooms in their order those that another day has: it lists only the rooms that it uses, so that
// the order of all of them follows from all days together. Where nothing else tells, the smaller identity comes first.
func interleaved(all, day []sessionizeRoom) []sessionizeRoom {
	if len(all)+len(day) > maxOrdered {
		return append(all, day...)
	}
	at := func(r sessionizeRoom) int {
		return slices.IndexFunc(all, func(s sessionizeRoom) bool { return s.id == r.id })
	}
	cursor := 0
	for i, r := range day {
		if known := at(r); known >= 0 {
			if cursor = max(cursor, known+1); !maps.Equal(all[known].name, r.name) {
				all = append(all, r) // it is told that one identity has two names
			}
			continue
		}
		until := len(all)
		for _, next := range day[i+1:] {
			if known := at(next); known >= cursor {
				until = known
				break
			}
		}
		for cursor < until && serial(string(all[cursor].id)) <= serial(string(r.id)) {
			cursor++
		}
		all = slices.Insert(all, cursor, r)
		cursor++
	}
	return all
}

// column reads a room with its entries of a day, or with its entry of a time slot.
func (d *sessionizeDump) column() error {
	r := sessionizeRoom{line: d.line()}
	from := len(d.entries)
	err := d.members(map[string]any{
		"id": &r.id, "name": &r.name,
		"session":  func() error { return d.entry() },
		"sessions": func() error { return d.each(func() error { return d.entry() }) },
	})
	if r.name != nil {
		d.directory = append(d.directory, r)
	}
	for i := range d.entries[from:] {
		if e := &d.entries[from+i]; e.roomID == "" && e.roomName == nil {
			e.roomID, e.roomName = r.id, r.name
		}
	}
	return err
}

// entry reads an entry, and forgets it if it is one that is known: GridSmart has each twice, and one for all rooms in each
// of them.
func (d *sessionizeDump) entry() error {
	if d.next() != '{' {
		return d.skip()
	}
	e := sessionizeEntry{line: d.line()}
	err := d.members(map[string]any{
		"id": &e.id, "title": &e.title, "description": &e.abstract, "startsAt": &e.start, "endsAt": &e.end,
		"isServiceSession": &e.service, "isPlenumSession": &e.plenum, "status": &e.status,
		"liveUrl": &e.live, "recordingUrl": &e.recording, "roomId": &e.roomID, "room": &e.roomName,
		"speakers": func() error { return d.each(func() error { return d.mention(&e) }) },
		"categoryItems": func() error {
			return d.each(func() error {
				var id scalar
				_, err := d.value(&id)
				e.items = append(e.items, id)
				return err
			})
		},
		"categories": func() error {
			return d.each(func() error {
				c, err := d.category()
				e.choices = append(e.choices, c.choices...)
				return err
			})
		},
	})
	what := []string{string(e.id), string(e.start)}
	if e.id == "" {
		what = append(what, Text(e.title).first(), string(e.roomID), Text(e.roomName).first())
	}
	if same := strings.Join(what, "\x00"); err == nil && (d.Format == SessionizeAll || !d.seen[same]) {
		d.seen[same] = true
		d.entries = append(d.entries, e)
	}
	if err == nil && len(d.entries) > MaxItems {
		return fail(e.line, "there are more than %d entries, which is more than can be imported at once.", MaxItems)
	}
	return err
}

func (d *sessionizeDump) mention(e *sessionizeEntry) error {
	var m sessionizeMention
	var err error
	if d.next() == '{' {
		err = d.members(map[string]any{"id": &m.id, "name": &m.name, "fullName": &m.name})
	} else {
		_, err = d.value(&m.id)
	}
	e.speakers = append(e.speakers, m)
	return err
}

func (d *sessionizeDump) listedRoom() error {
	r := sessionizeRoom{line: d.line()}
	err := d.members(map[string]any{"id": &r.id, "name": &r.name, "sort": &r.sort})
	d.directory = append(d.directory, r)
	return err
}

// speaker reads one of the directory, in which there are also those of entries that the view leaves out.
func (d *sessionizeDump) speaker() error {
	var id, first, last, full, tag, photo scalar
	var bio localized
	line, links := d.line(), []string(nil)
	err := d.members(map[string]any{
		"id": &id, "firstName": &first, "lastName": &last, "fullName": &full, "tagLine": &tag, "bio": &bio, "profilePicture": &photo,
		"links": func() error {
			return d.each(func() error {
				var title, address scalar
				err := d.members(map[string]any{"title": &title, "url": &address})
				if label := name(clean(string(title))); isAddress(string(address)) {
					links = append(links, strings.TrimPrefix(label+": ", ": ")+string(address))
				}
				return err
			})
		},
	})
	key := identity(id)
	if err != nil || key == "" {
		return err
	}
	if _, known := d.speakers[key]; known {
		d.warn(line, DuplicateID, "The speaker %s is described twice: the first time counts.", quoted(key))
		return nil
	}
	called := string(full)
	if name(clean(called)) == "" {
		called = string(first) + " " + string(last)
	}
	p := Person{Line: line, Key: "id " + key, GUID: guid(key), Serial: serial(key)}
	p.Name = d.text(line, "The name", localized{"": called}, agenda.MaxName)[""]
	p.PhotoURL = d.address(line, "The picture of "+quoted(p.Name), photo)
	about := d.text(line, "The biography of "+quoted(p.Name), bio, agenda.MaxProse)
	if job := name(clean(string(tag))); len([]rune(job)) > agenda.MaxName {
		about = d.join(line, Text{"": job}, about)
	} else {
		p.JobTitle = plain(job)
	}
	p.Bio = d.below(line, about, strings.Join(links, "\n"))
	d.speakers[key] = p
	return nil
}

// category reads a category with its choices, as All and the entries of the other views have them.
func (d *sessionizeDump) category() (*sessionizeCategory, error) {
	c := &sessionizeCategory{}
	var title localized
	choices := func() error {
		return d.each(func() error {
			i := sessionizeChoice{line: d.line(), category: c}
			err := d.members(map[string]any{"id": &i.id, "name": &i.name, "sort": &i.sort})
			c.choices = append(c.choices, i)
			return err
		})
	}
	err := d.members(map[string]any{"title": &title, "name": &title, "items": choices, "categoryItems": choices})
	c.title = name(clean(Text(title).first()))
	slices.SortStableFunc(c.choices, func(x, y sessionizeChoice) int { return cmp.Compare(serial(string(x.sort)), serial(string(y.sort))) })
	for _, i := range c.choices {
		if id := identity(i.id); id != "" && d.Format == SessionizeAll {
			d.choices[id] = i
		}
	}
	d.categories = append(d.categories, c)
	return c, err
}
