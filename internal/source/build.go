package source

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
)

// builder puts a Programme together, so that what every reader has to watch for is watched for once: identities that are
// not unique, people who are one or two, limits.
type builder struct {
	Programme
	rooms    map[string]int // by Key, index into Rooms
	tracks   map[string]int
	people   map[string]int    // by Key
	named    map[string]string // Key of the first person of a name
	items    map[string]bool   // Keys of items and talks
	guids    map[string]bool   // of items
	codes    map[string]bool
	places   map[string]bool   // GUIDs of rooms, and who claims one besides
	owners   map[string]string // Key of the person who has a GUID
	copies   map[string]int    // of a Key that several items have
	count    int
	withheld int   // findings beyond the limit
	refused  error // why the file can't be read as a whole
}

func newBuilder(f Format) *builder {
	return &builder{Programme: Programme{Format: f}, rooms: map[string]int{}, tracks: map[string]int{}, people: map[string]int{},
		named: map[string]string{}, items: map[string]bool{}, guids: map[string]bool{}, codes: map[string]bool{}, places: map[string]bool{},
		owners: map[string]string{}, copies: map[string]int{}}
}

// warn notes a Finding.
func (b *builder) warn(line int, rule Rule, format string, args ...any) {
	if len(b.Findings) >= MaxFindings {
		b.withheld++
		return
	}
	b.Findings = append(b.Findings, Finding{Line: line, Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// fail is the error of a file that can't be read as a whole.
func fail(line int, format string, args ...any) *agenda.Error {
	text := fmt.Sprintf(format, args...)
	if line > 0 {
		text = fmt.Sprintf("Line %d: %s", line, text)
	}
	return agenda.Errorf(agenda.Invalid, "%s", text)
}

// clean gives a text as [agenda.CleanLine] has it, without the control characters that Plenary refuses and without bytes
// that are not UTF-8.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, agenda.CleanLine(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.TrimSpace(s)
}

// plain gives a Text in the file's language; nil for nothing.
func plain(s string) Text {
	if s = clean(s); s == "" {
		return nil
	}
	return Text{"": s}
}

// name gives a name as it is compared: in NFC, on one line, with single spaces.
func name(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(clean(s)), " "))
}

// unbroken gives a text on one line; spaces within it stay as they are.
func unbroken(s string) string { return strings.NewReplacer("\n", " ", "\t", " ").Replace(s) }

// quoted is how messages quote what a file says.
func quoted(s string) string {
	runes := []rune(strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD"))
	if len(runes) > 60 {
		runes = append(runes[:60:60], '…')
	}
	return fmt.Sprintf("%q", string(runes))
}

// room gives the Key of the Room, which is added unless its Key is known; an empty Key is made from the name. A Room
// without either has the empty Key: no place. Of two Rooms only the first has a GUID that both claim.
func (b *builder) room(r Room) string {
	if r.Key == "" {
		r.Key = name(r.Name.first())
	}
	if r.Key == "" {
		return ""
	}
	i, known := b.rooms[r.Key]
	if known && (b.Rooms[i].GUID != "" || r.GUID == "") {
		r.GUID = b.Rooms[i].GUID
	} else if r.GUID != "" && b.places[r.GUID] {
		if claim := r.GUID + " " + r.Key; !b.places[claim] {
			b.places[claim] = true
			b.warn(r.Line, DuplicateID, "The room %s has the GUID of another one: it has none now.", quoted(r.Name.first()))
		}
		r.GUID = ""
	} else if r.GUID != "" {
		b.places[r.GUID] = true
	}
	if !known {
		if b.full(r.Line, len(b.Rooms), "rooms") {
			return ""
		}
		b.rooms[r.Key] = len(b.Rooms)
		b.Rooms = append(b.Rooms, r)
		return r.Key
	}
	have := &b.Rooms[i]
	have.GUID = r.GUID
	if len(have.Description) == 0 {
		have.Description = r.Description
	}
	if have.Capacity == 0 {
		have.Capacity = r.Capacity
	}
	return r.Key
}

// track gives the Key of the Track, as room does for Rooms.
func (b *builder) track(t Track) string {
	if t.Key == "" {
		t.Key = name(t.Name.first())
	}
	if t.Key == "" {
		return ""
	}
	if i, known := b.tracks[t.Key]; !known {
		if b.full(t.Line, len(b.Tracks), "tracks") {
			return ""
		}
		b.tracks[t.Key] = len(b.Tracks)
		b.Tracks = append(b.Tracks, t)
	} else if b.Tracks[i].Color == "" {
		b.Tracks[i].Color = t.Color
	}
	return t.Key
}

// full says whether there are already as many of a kind as can be taken; then the file is refused as a whole.
func (b *builder) full(line, have int, what string) bool {
	if have < MaxItems {
		return false
	}
	if b.refused == nil {
		b.refused = fail(line, "there are more than %d %s, which is more than can be imported at once.", MaxItems, what)
	}
	return true
}

// first gives the text in the file's language, or in the first language by its tag.
func (t Text) first() string {
	if s, ok := t[""]; ok || len(t) == 0 {
		return s
	}
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	return t[slices.Min(tags)]
}

// person gives the Key of the Person, who is added unless known. Key, as the reader gives it, is the source's identity of
// the person, empty where it has none: then the name is. The same identity with another name is another person, since
// apps show whoever has it under one of the names.
func (b *builder) person(p Person) string {
	if p.Name = name(p.Name); p.Name == "" {
		return ""
	}
	nameless := "name " + p.Name
	if p.Key == "" {
		if key, known := b.named[p.Name]; known {
			return b.complete(key, p)
		}
		p.Key = nameless
		return b.addPerson(p)
	}
	i, known := b.people[p.Key]
	if !known {
		if b.named[p.Name] != nameless {
			return b.addPerson(p)
		}
		// Who was met without an identity has one after all. The Key stays, since items have it already.
		b.people[p.Key] = b.people[nameless]
		b.named[p.Name] = p.Key
		return b.complete(nameless, p)
	}
	if b.People[i].Name == p.Name {
		return b.complete(b.People[i].Key, p)
	}
	shared := p.Key
	p.Key, p.Serial, p.GUID = p.Key+" "+p.Name, 0, ""
	if _, known := b.people[p.Key]; known {
		return b.complete(p.Key, p)
	}
	b.warn(p.Line, SharedPerson, "%s and %s have the same identity %s: they were taken for two people.", quoted(b.People[i].Name), quoted(p.Name), quoted(shared))
	return b.addPerson(p)
}

func (b *builder) addPerson(p Person) string {
	if b.full(p.Line, len(b.People), "people") {
		return ""
	}
	p.GUID = b.own(p.Key, p.GUID)
	b.people[p.Key] = len(b.People)
	b.People = append(b.People, p)
	if _, known := b.named[p.Name]; !known {
		b.named[p.Name] = p.Key
	}
	return p.Key
}

// own gives the GUID that the person of the Key has: none that another one has.
func (b *builder) own(key, guid string) string {
	if owner, owned := b.owners[guid]; guid == "" || owned && owner != key {
		return ""
	}
	b.owners[guid] = key
	return guid
}

// complete adds to a known person what an earlier mention did not say, and gives their Key.
func (b *builder) complete(key string, more Person) string {
	p := &b.People[b.people[key]]
	if p.GUID == "" {
		p.GUID = b.own(p.Key, more.GUID)
	}
	for _, f := range []struct{ have, add *Text }{{&p.Honorific, &more.Honorific}, {&p.JobTitle, &more.JobTitle},
		{&p.Organization, &more.Organization}, {&p.Bio, &more.Bio}} {
		if len(*f.have) == 0 {
			*f.have = *f.add
		}
	}
	for _, f := range []struct{ have, add *string }{{&p.Country, &more.Country}, {&p.PhotoURL, &more.PhotoURL}, {&p.Email, &more.Email}} {
		if *f.have == "" {
			*f.have = *f.add
		}
	}
	if p.Serial == 0 {
		p.Serial = more.Serial
	}
	return p.Key
}

// add adds an Item with its Talks. What has no title is left out; a Key that another one has is replaced by one that is
// the same when the same file is read again.
func (b *builder) add(i Item) error {
	if i.Title.first() == "" {
		b.warn(i.Line, NoTitle, "An entry has no title: it was left out.")
		return nil
	}
	talks := i.Talks[:0:0]
	b.identify(&i)
	for _, t := range i.Talks {
		if t.Title.first() == "" {
			b.warn(t.Line, NoTitle, "A talk of %s has no title: it was left out.", quoted(i.Title.first()))
			continue
		}
		b.identify(&t)
		talks = append(talks, t)
	}
	i.Talks = talks
	b.Items = append(b.Items, i)
	b.full(i.Line, b.count-1, "entries")
	return b.refused
}

// identify gives the Item a Key, a GUID and a Code that no other has.
func (b *builder) identify(i *Item) {
	b.count++
	shared := i.GUID != "" && b.guids[i.GUID]
	if shared {
		i.GUID = ""
	} else if i.GUID != "" {
		b.guids[i.GUID] = true
	}
	if b.codes[i.Code] {
		i.Code = "" // two slots of one talk; the first has it
	} else if i.Code != "" {
		b.codes[i.Code] = true
	}
	if i.Key == "" {
		i.Derived, i.Key = true, "title "+name(i.Title.first())
	}
	switch key := i.Key; {
	case b.items[key]:
		if !i.Derived {
			b.warn(i.Line, DuplicateID, "%s has the identity %s, which another entry has too: it was taken for an entry of its own.", quoted(i.Title.first()), quoted(key))
		}
		i.Serial = 0
		if i.GUID != "" {
			i.Key = "guid " + i.GUID
		}
		for b.items[i.Key] {
			b.copies[key]++
			i.Key = fmt.Sprintf("%s #%d", key, b.copies[key]+1)
		}
	case shared:
		b.warn(i.Line, DuplicateID, "%s has the GUID of another entry: it has none now.", quoted(i.Title.first()))
	}
	b.items[i.Key] = true
}

// speaker adds a part of the person to the Item, unless they have it.
func (i *Item) speaker(person string, role agenda.Role) {
	s := Speaker{Person: person, Role: role}
	if person != "" && !slices.ContainsFunc(i.Speakers, func(t Speaker) bool { return t.Person == s.Person && t.Role == s.Role }) {
		i.Speakers = append(i.Speakers, s)
	}
}

// finish gives the Programme, with what is odd about its people as a whole.
func (b *builder) finish() (Programme, error) {
	if b.refused != nil {
		return Programme{}, b.refused
	}
	if len(b.Items) == 0 {
		return Programme{}, fail(0, "The file has no entry that could be imported.")
	}
	b.comparePeople()
	slices.SortStableFunc(b.Findings, func(x, y Finding) int { return x.Line - y.Line })
	if b.withheld > 0 {
		b.Findings = append(b.Findings, Finding{Rule: BadValue, Text: fmt.Sprintf("There are %d more warnings.", b.withheld)})
	}
	return b.Programme, nil
}

var (
	uuidPattern  = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	codePattern  = regexp.MustCompile(`^[A-Z0-9]{3,12}$`)
	colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)
)

// guid gives a UUID in lower case, or nothing.
func guid(s string) string {
	if s = strings.ToLower(strings.TrimSpace(s)); uuidPattern.MatchString(s) && s != "00000000-0000-0000-0000-000000000000" {
		return s
	}
	return ""
}

// color gives a colour in lower case, or nothing.
func color(s string) string {
	if s = strings.ToLower(strings.TrimSpace(s)); colorPattern.MatchString(s) {
		return s
	}
	return ""
}

// serial gives a positive 32-bit integer in canonical form, or 0.
func serial(s string) int {
	n := 0
	if s == "" || len(s) > 10 || s[0] == '0' {
		return 0
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if n > 1<<31-1 {
		return 0
	}
	return n
}
