package source

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// entry is a row before it is known what it belongs to.
type entry struct {
	item  Item
	place [3]string // day, Key of the room, and group; of rows that have one
	kind  kind
	said  bool // there is a Finding about its times
}

// read makes an entry of a row.
func (r *tableReader) read(w row) {
	i := Item{Line: w.line, Title: r.line(w, ColumnTitle), Abstract: r.text(w, ColumnSubtitle, ColumnAbstract)}
	r.identity(w, &i)
	word, _ := r.cell(w, ColumnFormat)
	what := kinds()[fold(word)]
	i.Format = what.format
	if word, _ := r.cell(w, ColumnKind); word != "" {
		part := kinds()[fold(word)]
		what.holds, what.inside = part.holds, part.inside
	}
	before := len(r.Findings) + r.withheld
	r.when(w, &i)
	said := len(r.Findings)+r.withheld > before
	if i.Title.first() == "" && r.onlyWhenAndWhere(w) {
		return // a heading, which tells the day of what follows
	}
	if !r.status(w, &i) {
		return
	}
	r.place(w, &i)
	i.Track = r.track(Track{Line: w.line, Name: r.line(w, ColumnTrack)})
	i.Language = r.language(w, ColumnLanguage)
	i.Interpretation = r.interpretation(w)
	r.zone(w)
	i.StreamURL = r.stream(w)
	r.people(w, &i)
	if what.holds && slices.ContainsFunc(i.Speakers, func(s Speaker) bool { return s.Role.Moderates() }) {
		i.Format = agenda.FormatPanel
	}
	group, _ := r.cell(w, ColumnGroup)
	r.entries = append(r.entries, entry{item: i, kind: what, said: said, place: [3]string{r.day.Format(agenda.DateLayout), i.Room, group}})
}

// people gives the Item its Speakers, up to as many as a Panel may have.
func (r *tableReader) people(w row, i *Item) {
	for _, f := range r.fields {
		role, people := roles[f.column]
		if !people {
			continue
		}
		for _, m := range r.mentions(f.in(w)) {
			if len(i.Speakers) == maxMentions {
				r.warn(w.line, TooLong, "%s has more than %d speakers: the others were left out.", quoted(i.Title.first()), maxMentions)
				return
			}
			m.person.Line = w.line
			i.speaker(r.person(m.person), cmp.Or(m.role, role))
		}
	}
}

// mentions reads a cell that names people. In a table of ours names are as they are, whatever they look like.
func (r *tableReader) mentions(cell string) []mention {
	if !r.Ours {
		return splitPeople(cell)
	}
	var list []mention
	for one := range strings.SplitSeq(cell, "; ") {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, mention{person: Person{Name: one}})
		}
	}
	return list
}

// onlyWhenAndWhere says whether the row has nothing but a day or a room.
func (r *tableReader) onlyWhenAndWhere(w row) bool {
	return !slices.ContainsFunc(r.fields, func(f field) bool { return f.column != ColumnDate && f.column != ColumnRoom && f.in(w) != "" })
}

// identity gives the Item what the table knows it by.
func (r *tableReader) identity(w row, i *Item) {
	id, _ := r.cell(w, ColumnID)
	code, _ := r.cell(w, ColumnCode)
	i.GUID, i.Serial = guid(id), serial(id)
	if codePattern.MatchString(code) {
		i.Code = code
	}
	if id = name(id); id != "" {
		i.Key = "id " + shortened(id)
	} else if code = name(code); code != "" {
		i.Key = "code " + shortened(code)
	}
}

// place gives the Item its room, or all of them.
func (r *tableReader) place(w row, i *Item) {
	where := r.line(w, ColumnRoom)
	if allRooms()[fold(where.first())] {
		i.AllRooms = true
		return
	}
	i.Room = r.room(Room{Line: w.line, Name: where})
}

// status gives the Item its standing. It says whether the Item is part of the programme at all.
func (r *tableReader) status(w row, i *Item) bool {
	said, f := r.cell(w, ColumnStatus)
	standing, known := standings()[fold(said)]
	switch {
	case said == "":
	case !known:
		r.odd(w, f, said)
	case standing == proposed:
		r.warn(w.line, BadValue, "%s is %s, which is not part of the programme: it was left out.", quoted(i.Title.first()), quoted(said))
		return false
	default:
		i.Standing, i.Cancelled = true, standing == cancelled
	}
	return true
}

// odd warns of a value that is not understood, once for each.
func (r *tableReader) odd(w row, f field, said string) {
	if key := f.header + "\x00" + said; !r.unread[key] {
		r.unread[key] = true
		r.warn(w.line, BadValue, "%s is nothing that is known for the column %s: it was not read.", quoted(said), quoted(f.header))
	}
}

// interpretation gives the languages that the Item is interpreted into.
func (r *tableReader) interpretation(w row) []string {
	said, f := r.cell(w, ColumnInterpretation)
	var tags []string
	for one := range strings.FieldsFuncSeq(said, func(c rune) bool { return strings.ContainsRune(";,/|\n", c) }) {
		if tag := r.languageOf(w, f, strings.TrimSpace(one)); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// zone takes over the zone that the rows are in: one for the whole table.
func (r *tableReader) zone(w row) {
	said, f := r.cell(w, ColumnZone)
	if said == "" || said == r.Zone {
		return
	}
	if _, err := agenda.LoadZone(said); err != nil || r.Zone != "" {
		r.odd(w, f, said)
		return
	}
	r.Zone = said
}

func (r *tableReader) language(w row, c Column) string {
	said, f := r.cell(w, c)
	return r.languageOf(w, f, said)
}

// languageOf gives the tag of a language that a cell names.
func (r *tableReader) languageOf(w row, f field, said string) string {
	if said == "" {
		return ""
	}
	if tag := languageWords()[fold(said)]; tag != "" {
		return tag
	}
	tag := languageTag(said)
	if tag == "" {
		r.odd(w, f, said)
	}
	return tag
}

func (r *tableReader) stream(w row) string {
	said, f := r.cell(w, ColumnStream)
	if said == "" {
		return ""
	}
	u, err := url.Parse(said)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(said) > agenda.MaxURL {
		r.odd(w, f, said)
		return ""
	}
	return said
}

// group makes talks of the rows that are ones of another row, and adds all to the Programme.
func (r *tableReader) group(line int) error {
	holders := map[[3]string]int{} // indexes into entries
	for n, e := range r.entries {
		if _, taken := holders[e.place]; e.kind.holds && e.place[2] != "" && !taken {
			holders[e.place] = n
		}
	}
	inside := make([]bool, len(r.entries))
	for n, e := range r.entries {
		holder, has := holders[e.place]
		switch {
		case !e.kind.inside || e.place[2] == "":
		case has:
			inside[n] = true
			r.hold(&r.entries[holder].item, e.item)
		case len(holders) > 0:
			r.warn(e.item.Line, UnknownReference, "No row is what %s is a part of, by day, room and %s: it was taken for an entry of its own.",
				quoted(e.item.Title.first()), quoted(e.place[2]))
		}
	}
	if _, f := r.cell(row{}, ColumnGroup); f.header != "" && len(holders) == 0 && r.holds(f.at) {
		r.warn(line, ColumnUnknown, "The column %s was not read: no other one says which rows are a whole and which are talks inside one.", quoted(f.header))
	}
	for n, e := range r.entries {
		if inside[n] {
			continue
		}
		if e.item.Start.IsZero() && !e.said && r.told() && !(e.item.Standing && !e.item.Cancelled) {
			r.warn(e.item.Line, NoTime, "%s has no time: it was taken without one.", quoted(e.item.Title.first()))
		}
		if err := r.add(e.item); err != nil {
			return err
		}
	}
	return nil
}

// told says whether the table tells times at all.
func (r *tableReader) told() bool {
	return slices.ContainsFunc(r.fields, func(f field) bool { return f.column == ColumnDate || f.column == ColumnStart })
}

// hold adds a talk to the Item that it is a part of. What the table has no identity for is known by its title and by
// that of the Item, since discussions and breaks are called alike everywhere.
func (r *tableReader) hold(i *Item, talk Item) {
	if talk.Key == "" {
		whole := i.Key
		if whole == "" {
			whole = "title " + name(i.Title.first())
		}
		talk.Derived, talk.Key = true, whole+" / title "+name(talk.Title.first())
	}
	talk.Room, talk.Track, talk.AllRooms = "", "", false
	if !i.Start.IsZero() && !talk.Start.IsZero() && (talk.Start.At.Before(i.Start.At) || !i.End.IsZero() && talk.latest().After(i.End.At)) {
		r.warn(talk.Line, OutsideParent, "The talk %s is not within the time of %s: it was taken at its own.", quoted(talk.Title.first()), quoted(i.Title.first()))
	}
	i.Talks = append(i.Talks, talk)
}

// latest gives the end, or the start where there is none.
func (i Item) latest() time.Time {
	if i.End.IsZero() {
		return i.Start.At
	}
	return i.End.At
}

// kind is what a word says of a row.
type kind struct {
	format agenda.Format
	holds  bool // the row may be a whole that others are parts of
	inside bool // the row may be a part
}

// standing is what the status of a row says.
type standing int

const (
	takesPlace standing = iota
	cancelled
	proposed // or refused: not in the programme
)

// folded makes a map of words, as they are compared, from lists of them.
func folded[T any](lists []string, values ...T) map[string]T {
	m := map[string]T{}
	for n, list := range lists {
		for _, w := range strings.Split(list, ", ") {
			m[fold(w)] = values[n]
		}
	}
	return m
}
