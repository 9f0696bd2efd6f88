package ical

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// maxFeedName and maxFeedNote bound, in characters, the name and the description of a feed. Clients show the name in
// a narrow column.
const (
	maxFeedName = 60
	maxFeedNote = 200
)

// name gives what calendar programs call the feed: "Forum 2026 · Hall A".
func (f *feed) name() string {
	if name := oneLine(f.o.Name); name != "" {
		return shorten(name, maxFeedName)
	}
	event := oneLine(f.reader.String(f.s.Event.Name))
	part := oneLine(f.scopeName())
	if part == "" {
		return shorten(event, maxFeedName)
	}
	// The part is what tells the feeds of one Event apart, so a long Event name gives way first.
	const dot = " · "
	part = shorten(part, maxFeedName/2)
	return shorten(event, maxFeedName-utf8.RuneCountInString(dot+part)) + dot + part
}

// scopeName says what the scope names, "" for the whole Event and for what is not in the Snapshot.
func (f *feed) scopeName() string {
	id := f.o.Scope.ID
	switch f.o.Scope.Kind {
	case agenda.FeedOfPanel:
		for _, p := range f.of(f.o.Scope) {
			return f.panelTitle(p)
		}
	case agenda.FeedOfTrack:
		return f.reader.String(f.tracks[id].Name)
	case agenda.FeedOfRoom:
		return f.reader.String(f.rooms[id].Name)
	case agenda.FeedOfSpeaker:
		return f.person(id).Name
	case agenda.FeedOfStars:
		return f.reader.String(labelStarred)
	}
	return ""
}

// color gives the colour of the feed of a Track, as "#005bbb", and "" for the others: those who subscribe choose.
func (f *feed) color() string {
	if f.o.Scope.Kind != agenda.FeedOfTrack {
		return ""
	}
	return f.tracks[f.o.Scope.ID].Color
}

// about describes the feed in a line: what, when, where.
func (f *feed) about() string {
	event := &f.s.Event
	parts := []string{f.reader.String(event.Name)}
	if f.o.Personal {
		parts = []string{f.reader.String(labelPersonal), parts[0]}
	}
	if event.StartDate != "" {
		dates := string(event.StartDate)
		if event.EndDate > event.StartDate {
			dates += " – " + string(event.EndDate)
		}
		parts = append(parts, dates)
	}
	return shorten(join(" · ", append(parts, f.reader.String(event.Venue.Name))...), maxFeedNote)
}

// person gives a Person whom the feed may name: one of the Snapshot, or one of a personal feed's Meetings.
func (f *feed) person(id agenda.ID) agenda.Person {
	if p, found := f.people[id]; found {
		return *p
	}
	if f.o.Personal {
		return f.o.People[id]
	}
	return agenda.Person{}
}

// oneLine gives s without line breaks and with single spaces, for names. No-break spaces stay.
func oneLine(s string) string {
	s = clean(s)
	if !strings.ContainsAny(s, "\t\n") && !strings.Contains(s, "  ") {
		return s
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' })
	return clean(strings.Join(words, " "))
}

// join gives the parts that say something, each as one line, with the separator between them.
func join(separator string, parts ...string) string {
	var said []string
	for _, p := range parts {
		if p = oneLine(p); p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, separator)
}

// shorten cuts s to at most limit characters and shows that it did. It does not part a letter from its accents.
func shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := limit - 1
	for cut > 0 && unicode.In(runes[cut], unicode.Mn, unicode.Me, unicode.Cf) {
		cut--
	}
	return strings.TrimSpace(string(runes[:cut])) + "…"
}
