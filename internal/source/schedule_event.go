package source

import (
	"path"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// event adds the Item that an event becomes.
func (b *scheduleBuilder) event(e *scheduleEvent) error {
	i := Item{Line: e.line, Serial: serial(e.id), GUID: guid(e.guid), Title: b.line(e.title)}
	switch {
	case e.id != "":
		i.Key = "id " + e.id
	case e.guid != "":
		i.Key = "guid " + e.guid
	}
	if len(i.Title) == 0 {
		return b.add(i)
	}
	e.title = i.Title.first()
	if e.odd {
		b.warn(e.line, BadValue, "%s has values of a type that they can't have: they were left out.", quoted(e.title))
	}
	i.Code, i.Format, i.Language = e.publicCode(), scheduleFormat(e.kind), scheduleLanguage(e.language)
	i.Room = b.place(e)
	i.Track = b.track(Track{Line: e.line, Name: b.line(e.track)})
	i.Start, i.End = b.times(e)
	i.Abstract = plain(b.abstract(e, &i))
	seen := map[string]bool{"": true}
	for _, p := range e.persons {
		person := b.presenter(p)
		if person == "" && p.id+p.guid+p.code != "" {
			b.warn(p.line, BadValue, "A person of %s has no name: they were left out.", quoted(e.title))
		}
		if !seen[person] {
			seen[person] = true
			i.Speakers = append(i.Speakers, Speaker{Person: person, Role: scheduleRole(p.role)})
		}
	}
	return b.add(i)
}

// publicCode gives the code that the event has, or that its page has: pretalx ends the address of a talk with its code.
func (e *scheduleEvent) publicCode() string {
	if codePattern.MatchString(e.code) {
		return e.code
	}
	u := parseWeb(e.url)
	if u == nil {
		return ""
	}
	last := path.Base(u.Path)
	if codePattern.MatchString(last) && strings.Trim(last, "0123456789") != "" {
		return last
	}
	return ""
}

// place gives the Key of the room. The one that lists the event is what the programs on phones show.
func (b *scheduleBuilder) place(e *scheduleEvent) string {
	in, says := name(e.within), name(e.room)
	if in == "" {
		in = says
	} else if says != "" && says != in {
		b.warn(e.line, BadValue, "%s is listed in the room %s and says that it is in %s: the former was taken.", quoted(e.title), quoted(in), quoted(says))
	}
	return b.room(Room{Line: e.line, Name: plain(in)})
}

// presenter gives the Key of a person.
func (b *scheduleBuilder) presenter(p schedulePerson) string {
	person := Person{Line: p.line, Serial: serial(p.id), GUID: guid(p.guid), Name: p.name, Bio: plain(b.text(p.bio)), PhotoURL: b.address(p.photo)}
	switch {
	case person.Serial > 0:
		person.Key = "id " + p.id
	case p.guid != "":
		person.Key = "guid " + p.guid
	case p.code != "":
		person.Key = "code " + p.code
	}
	return b.person(person)
}

// maxLinks bounds the links of an event that are taken.
const maxLinks = 100

// abstract joins what the event says of itself. In a file of ours the stream is among its links.
func (b *scheduleBuilder) abstract(e *scheduleEvent, i *Item) string {
	var parts []string
	for _, s := range []string{e.subtitle, e.abstract, e.description} {
		if s = clean(b.text(s)); s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	// Where the description repeats the abstract and goes on, the abstract is its first paragraph.
	if n := len(parts); n > 1 && strings.HasPrefix(parts[n-1], parts[n-2]) {
		parts = slices.Delete(parts, n-2, n-1)
	}
	if len(e.links) > maxLinks {
		b.warn(e.line, TooLong, "%s has %d links: the first %d were taken.", quoted(e.title), len(e.links), maxLinks)
		e.links = e.links[:maxLinks]
	}
	var links []string
	for _, l := range e.links {
		address := b.address(l.url)
		if address == "" {
			continue
		}
		if b.Ours && l.kind == "media" {
			i.StreamURL = address
			continue
		}
		line := address
		if title := b.line(l.title).first(); title != "" && title != address {
			line = title + ": " + address
		}
		if !slices.Contains(links, line) {
			links = append(links, line)
		}
	}
	if len(links) > 0 {
		parts = append(parts, strings.Join(links, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// scheduleWords are the words of the field for each format. What comes first is looked for first: an "opening keynote" is
// a keynote, a "panel discussion" no talk.
var scheduleWords = []struct {
	format agenda.Format
	words  []string
}{
	{agenda.FormatKeynote, []string{"keynote", "keynotes"}},
	{agenda.FormatWorkshop, []string{"workshop", "workshops", "tutorial", "hands on", "handson", "training", "masterclass", "atelier", "lab"}},
	{agenda.FormatPanel, []string{"panel", "podium", "podiumsdiskussion", "diskussion", "discussion", "debate"}},
	{agenda.FormatTalk, []string{"lightning", "lightningtalk", "lightningtalks"}},
	{agenda.FormatRoundtable, []string{"roundtable", "round table", "table ronde", "bof", "birds of a feather", "meeting", "meetup", "assembly"}},
	{agenda.FormatCeremony, []string{"ceremony", "opening", "closing", "award", "awards"}},
	{agenda.FormatSocial, []string{"social", "party", "concert", "performance", "film", "movie", "music", "theater", "dinner", "reception", "entertainment"}},
	{agenda.FormatBreak, []string{"break", "breaks", "lunch", "coffee", "pause", "breakfast"}},
	{agenda.FormatTalk, []string{"talk", "talks", "lecture", "vortrag", "presentation", "conference", "maintrack", "devroom"}},
}

// scheduleFormat gives the format that a type of the field is; empty for what is none.
func scheduleFormat(kind string) agenda.Format {
	if f := agenda.Format(strings.ToLower(kind)); slices.Contains(agenda.Formats, f) {
		return f
	}
	if len(kind) > agenda.MaxName {
		return ""
	}
	folded := " " + fold(kind) + " "
	for _, w := range scheduleWords {
		if slices.ContainsFunc(w.words, func(word string) bool { return strings.Contains(folded, " "+word+" ") }) {
			return w.format
		}
	}
	return ""
}

// scheduleLanguage gives the BCP 47 tag of a language, by its tag or by a name of it; pretalx has tags of its own, such as
// "de-formal".
func scheduleLanguage(s string) string {
	if len(s) > 35 {
		return ""
	}
	if tag, known := languageNames()[fold(s)]; known {
		return tag
	}
	if tag := languageTag(s); tag != "" {
		return tag
	}
	base, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	return languageTag(base)
}
