package agenda

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// erasedNames stand for the names of people who were erased, by language.
var erasedNames = map[string]string{"en": "Erased person", "fr": "Personne effacée", "vi": "Người đã bị xóa"}

// Erase gives what is left of the Person: an identity, and that they were erased. The words in place
// of the name are in the first of the languages that the program speaks.
func (p Person) Erase(languages []string, at time.Time) Person {
	name := erasedNames["en"]
	for _, l := range languages {
		if words := erasedNames[l]; words != "" {
			name = words
			break
		}
	}
	return Person{ID: p.ID, Serial: p.Serial, Name: name, Revision: p.Revision + 1, Created: p.Created, Updated: at, Erased: at}
}

// Traces are the texts by which somebody is recognized: names, addresses. What is too short or too common to be sure of is
// none of them.
type Traces []string

// AddName adds a name, if it has two words or is long: "An" is in every second sentence.
func (t *Traces) AddName(name string) {
	if name = CleanLine(name); strings.ContainsFunc(name, unicode.IsSpace) || utf8.RuneCountInString(name) >= 6 {
		t.add(name)
	}
}

// AddAddress adds an address, of mail or of the Web.
func (t *Traces) AddAddress(address string) {
	if address != "" {
		t.add(address)
	}
}

func (t *Traces) add(s string) {
	if !slices.Contains(*t, s) {
		*t = append(*t, s)
	}
}

// In says whether one of them is in the text, as words of their own.
func (t Traces) In(text string) bool {
	return slices.ContainsFunc(t, func(s string) bool { return indexWords(text, s) >= 0 })
}

// InFields says whether one of them is in a value.
func (t Traces) InFields(f Fields) bool {
	for _, s := range t {
		body, err := json.Marshal(s)
		if err != nil {
			continue
		}
		inside := string(body[1 : len(body)-1])
		for _, value := range f {
			if indexWords(value, s) >= 0 || indexWords(value, inside) >= 0 {
				return true
			}
		}
	}
	return false
}

// Cover puts other words in the place of each.
func (t Traces) Cover(text, by string) string {
	for _, s := range t {
		for from := 0; ; {
			i := indexWords(text[from:], s)
			if i < 0 {
				break
			}
			i += from
			text, from = text[:i]+by+text[i+len(s):], i+len(by)
		}
	}
	return text
}

func (t Traces) coverText(text Text, by string) Text {
	var covered Text
	for tag, s := range text {
		if now := t.Cover(s, by); now != s {
			if covered == nil {
				covered = Text{}
				for tag, s := range text {
					covered[tag] = s
				}
			}
			covered[tag] = now
		}
	}
	if covered == nil {
		return text
	}
	return covered
}

// indexWords gives where s is in the text with neither a letter nor a digit on either side, or -1.
func indexWords(text, s string) int {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; ; {
		i := strings.Index(text[from:], s)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(s):])
		if !(i > 0 && inWord(before)) && !(i+len(s) < len(text) && inWord(after)) {
			return i
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
}

// Mentions says whether a text of the Panel has one of the traces.
func (p Panel) Mentions(t Traces) bool {
	texts := []Text{p.Title, p.Abstract, p.CancelNote}
	for _, m := range p.Materials {
		texts = append(texts, Text{"": m.Title, "file": m.FileName})
	}
	for _, v := range p.Interventions {
		texts = append(texts, v.Title, v.Abstract)
	}
	return t.In(p.Notes) || slices.ContainsFunc(texts, func(text Text) bool {
		for _, s := range text {
			if t.In(s) {
				return true
			}
		}
		return false
	})
}

// Erase gives the Snapshot with another Person in the place of one, and with the traces covered in its texts, and says
// whether anything of it is different. The Snapshot itself stays as it is.
func (s Snapshot) Erase(id ID, by Person, t Traces) (Snapshot, bool) {
	found := false
	s.People = slices.Clone(s.People)
	for i, p := range s.People {
		if p.ID == id {
			by.Serial = p.Serial
			s.People[i], found = by.Public(), true
		}
	}
	s.Panels, s.Removed = slices.Clone(s.Panels), slices.Clone(s.Removed)
	for i, p := range s.Panels {
		if now, different := p.erase(id, by, t); different {
			s.Panels[i], found = &now, true
		}
	}
	for i, p := range s.Removed {
		if now, different := p.erase(id, by, t); different {
			s.Removed[i], found = now, true
		}
	}
	if s.eraseAround(by.Name, t) {
		found = true
	}
	return s, found
}

// eraseAround covers the traces in what the Snapshot says of the Event, its Rooms and its Tracks, and says whether there were
// any.
func (s *Snapshot) eraseAround(by string, t Traces) bool {
	found := false
	cover := func(text *Text) {
		for _, said := range *text {
			if t.In(said) {
				*text, found = t.coverText(*text, by), true
				return
			}
		}
	}
	cover(&s.Event.Name)
	cover(&s.Event.Description)
	s.Rooms = slices.Clone(s.Rooms)
	for i := range s.Rooms {
		cover(&s.Rooms[i].Name)
		cover(&s.Rooms[i].Description)
	}
	s.Tracks = slices.Clone(s.Tracks)
	for i := range s.Tracks {
		cover(&s.Tracks[i].Name)
		cover(&s.Tracks[i].Description)
	}
	return found
}

func (p Panel) erase(id ID, by Person, t Traces) (Panel, bool) {
	found := p.Mentions(t)
	speakers := func(list []Speaker) []Speaker {
		list = slices.Clone(list)
		for i := range list {
			if list[i].PersonID == id {
				list[i].PersonID, found = by.ID, true
			}
		}
		return list
	}
	cover := func(text Text) Text { return t.coverText(text, by.Name) }
	p.Title, p.Abstract, p.CancelNote, p.Speakers = cover(p.Title), cover(p.Abstract), cover(p.CancelNote), speakers(p.Speakers)
	p.Materials = slices.Clone(p.Materials)
	for i := range p.Materials {
		m := &p.Materials[i]
		m.Title, m.FileName = t.Cover(m.Title, by.Name), t.Cover(m.FileName, by.Name)
	}
	p.Interventions = slices.Clone(p.Interventions)
	for i, v := range p.Interventions {
		v.Title, v.Abstract, v.Speakers = cover(v.Title), cover(v.Abstract), speakers(v.Speakers)
		p.Interventions[i] = v
	}
	return p, found
}
