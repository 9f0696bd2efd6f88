package source

import (
	"cmp"
	"slices"

	"plenary/internal/agenda"
)

// programme makes the Programme of what was read, unless reading failed.
func (d *sessionizeDump) programme(err error) (Programme, error) {
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return Programme{}, err
	}
	d.describeRooms()
	strand := d.describeTracks()
	for _, e := range d.entries {
		if err := d.item(e, strand); err != nil {
			return Programme{}, err
		}
	}
	return d.finish()
}

// describeRooms adds the rooms that are listed, in their order. Rooms of GridSmart are listed on each day.
func (d *sessionizeDump) describeRooms() {
	slices.SortStableFunc(d.directory, func(x, y sessionizeRoom) int { return cmp.Compare(serial(string(x.sort)), serial(string(y.sort))) })
	for _, r := range d.directory {
		key := identity(r.id)
		label := d.text(r.line, "The name of a room", r.name, agenda.MaxName)
		if known, have := d.rooms["id "+key]; have {
			if have := d.Rooms[known].Name.first(); label != nil && have != label.first() {
				d.once("room "+key, r.line, DuplicateID, "The rooms %s and %s have the same identity %s: they were taken for the first.", quoted(have), quoted(label.first()), quoted(key))
			}
		} else if key != "" && label != nil {
			d.addRoom(Room{Line: r.line, Key: "id " + key, GUID: guid(key), Serial: serial(key), Name: label})
		} else {
			d.addRoom(Room{Line: r.line, Name: label})
		}
	}
}

// describeTracks adds the tracks: the choices of the category whose title sounds most like it, which All has as a list.
// It gives how much it does.
func (d *sessionizeDump) describeTracks() (rank int) {
	var category *sessionizeCategory
	for _, c := range d.categories {
		if r := strandRank(c.title); r > 0 && (rank == 0 || r < rank) {
			rank, category = r, c
		}
	}
	if category != nil && d.Format == SessionizeAll {
		for _, c := range category.choices {
			d.strand(c)
		}
	}
	return rank
}

func (d *sessionizeDump) strand(c sessionizeChoice) string {
	t := Track{Line: c.line, Name: d.text(c.line, "The name of a track", c.name, agenda.MaxName)}
	if id := identity(c.id); id != "" && t.Name != nil {
		t.Key, t.Serial = "id "+id, serial(id)
	}
	return d.track(t)
}

func (d *sessionizeDump) item(e sessionizeEntry, strand int) error {
	i := Item{Line: e.line, Title: d.text(e.line, "The title", e.title, agenda.MaxName), AllRooms: e.plenum == "true"}
	title := quoted(i.Title.first())
	if id := identity(e.id); id != "" {
		i.Key, i.GUID, i.Serial = "id "+id, guid(id), serial(id)
	}
	if i.Title == nil {
		return d.add(i) // which says that it has none
	}
	i.Abstract = d.text(e.line, "The abstract of "+title, e.abstract, agenda.MaxProse)
	if recording := d.address(e.line, "The recording of "+title, e.recording); recording != "" {
		i.Abstract = d.below(e.line, i.Abstract, "Recording: "+recording)
	}
	i.StreamURL = d.address(e.line, "The stream of "+title, e.live)
	i.Start, i.End = d.times(e.line, title, e.start, e.end, 0)
	d.checkDay(e, i)
	d.seat(&i, e.roomID, e.roomName)
	d.classify(&i, e, strand)
	switch fold(string(e.status)) {
	case "accepted":
		i.Standing = true
	case "canceled", "cancelled", "declined":
		i.Standing, i.Cancelled = true, true
	}
	for _, m := range e.speakers {
		i.speaker(d.speakerOf(e.line, m), agenda.Presenter)
	}
	return d.add(i)
}

// checkDay compares the time of an entry with the day that it is listed under, which a night may last longer than.
func (d *sessionizeDump) checkDay(e sessionizeEntry, i Item) {
	if !i.Start.Local || e.day == "" {
		return
	}
	day, ok := apiTime(string(e.day))
	if after := i.Start.At.Sub(day.At).Hours(); ok && day.Local && (after < 0 || after >= 24+6) {
		d.warn(e.line, DayContradicted, "%s is listed under %s and begins at %s: the time was believed.",
			quoted(i.Title.first()), quoted(day.At.Format(agenda.DateLayout)), quoted(string(e.start)))
	}
}

// classify says what the choices of an entry tell: its track, its format and its language. A service session is a break,
// unless it is called something else.
func (d *sessionizeDump) classify(i *Item, e sessionizeEntry, strand int) {
	choices := e.choices
	for _, id := range e.items {
		if c, known := d.choices[identity(id)]; known {
			choices = append(choices, c)
		}
	}
	for _, c := range choices {
		switch rank := strandRank(c.category.title); {
		case rank > 0 && rank == strand:
			if i.Track == "" {
				i.Track = d.strand(c)
			}
		case saysLanguage(c.category.title):
			i.Language = cmp.Or(i.Language, languageOfName(Text(c.name).first()))
		case saysFormat(c.category.title):
			i.Format = cmp.Or(i.Format, formatOf(Text(c.name)))
		}
	}
	if e.service == "true" {
		i.Format = cmp.Or(i.Format, formatOf(i.Title), agenda.FormatBreak)
	}
}

// speakerOf gives the Key of the person that an entry names.
func (d *sessionizeDump) speakerOf(line int, m sessionizeMention) string {
	id := identity(m.id)
	p, known := d.speakers[id]
	if !known {
		p = Person{Line: line, Name: d.text(line, "The name", localized{"": string(m.name)}, agenda.MaxName)[""]}
		if id != "" {
			p.Key, p.GUID, p.Serial = "id "+id, guid(id), serial(id)
		}
	}
	if p.Name == "" && (known || id != "") {
		d.once("speaker "+id, line, UnknownReference, "The speaker %s has no name in the file: they were left out.", quoted(id))
	}
	return d.person(p)
}
