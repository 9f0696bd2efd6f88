package agenda

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Statistics are the numbers of a draft. Nothing of Meetings is in them.
type Statistics struct {
	Panels    int // that were not cancelled, breaks included
	Scheduled int // of these
	Cancelled int
	Speakers  int // people with a part in one of the Panels, who have not declined it
	Confirmed int // of these, those who confirmed one at least
	Days      []Date
	Loads     []RoomLoad // of halls, by position
	Countries []Tally    // of Speakers; Key is the country's code, "" for who has none
	Employers []Tally    // of Speakers, by organization
	Formats   []Tally    // of Panels that were not cancelled; Key is the Format
	Tracks    []Tally    // likewise; Key is the Track's ID, "" for those without one
	Coverage  []Coverage
	History   []ConflictCount // oldest first; the last is the draft
}

// RoomLoad is how much of a Room is used, on each of the Days.
type RoomLoad struct {
	Room Room
	Days []DayLoad
}

// DayLoad are minutes of one day.
type DayLoad struct {
	Used int // in which at least one Panel takes place that is no break
	Open int // by the Room's availabilities, or else from the day's first start to its last end
}

// Tally is how many there are of one kind.
type Tally struct {
	Key     string
	Name    Text
	Count   int
	Minutes int // that are scheduled, of Panels
}

// Coverage is how much of the texts of one kind is there in a language: of those that say something in any.
type Coverage struct {
	Language string
	Kind     TextKind
	Have, Of int
}

// TextKind says what texts are counted together.
type TextKind string

// The kinds of text.
const (
	TextsOfEvent  TextKind = "event" // the Event, its venue, its Rooms and Tracks
	TitleTexts    TextKind = "titles"
	Abstracts     TextKind = "abstracts"
	TextsOfPeople TextKind = "people" // what people are and do
)

// TextKinds lists the kinds.
var TextKinds = []TextKind{TextsOfEvent, TitleTexts, Abstracts, TextsOfPeople}

// ConflictCount is how many Conflicts the Panels of a Release have among themselves. Availabilities, Meetings and other Events
// are not part of a Release, and so not of this.
type ConflictCount struct {
	Number    int // of the Release; 0 is the draft
	Published time.Time
	Errors    int
	Warnings  int
}

// CountConflicts counts the Conflicts of a Snapshot, [MaxConflicts] at most.
func CountConflicts(number int, s Snapshot) ConflictCount {
	board := NewBoard(s.Event, s.Rooms, nil, nil)
	for _, p := range s.Panels {
		board.Put(p.Item(board.Halls()))
	}
	count := ConflictCount{Number: number}
	for _, c := range board.ConflictsUpTo(MaxConflicts) {
		if c.Severity == SeverityError {
			count.Errors++
		} else {
			count.Warnings++
		}
	}
	return count
}

// Count counts what is in a draft. Availabilities are all that there are in the Event.
func Count(d Draft, availabilities []Availability) Statistics {
	s := Statistics{Days: usedDays(d)}
	s.countPanels(d)
	s.countSpeakers(d)
	s.countLoads(d, availabilities)
	s.countTexts(d)
	return s
}

// usedDays gives the days of the Event, and those besides on which something is scheduled.
func usedDays(d Draft) []Date {
	days := map[Date]bool{}
	for _, day := range d.Event.Days() {
		days[day] = true
	}
	for _, p := range d.Panels {
		if p.Slot != nil && !p.Cancelled {
			days[p.Slot.Day()] = true
		}
	}
	return slices.Sorted(maps.Keys(days))
}

func (s *Statistics) countPanels(d Draft) {
	formats, tracks := map[string]*Tally{}, map[string]*Tally{}
	add := func(to map[string]*Tally, key string, name Text, minutes int) {
		if to[key] == nil {
			to[key] = &Tally{Key: key, Name: name}
		}
		to[key].Count++
		to[key].Minutes += minutes
	}
	names := map[ID]Text{}
	for _, t := range d.Tracks {
		names[t.ID] = t.Name
	}
	for _, p := range d.Panels {
		if p.Cancelled {
			s.Cancelled++
			continue
		}
		s.Panels++
		minutes := 0
		if p.Slot != nil {
			s.Scheduled++
			minutes = int(p.Slot.End.At.Sub(p.Slot.Start.At) / time.Minute)
		}
		add(formats, string(p.Format), FormatNames[p.Format], minutes)
		if p.Format != FormatBreak || p.TrackID != "" {
			add(tracks, string(p.TrackID), names[p.TrackID], minutes)
		}
	}
	s.Formats, s.Tracks = tallied(formats), tallied(tracks)
}

// tallied sorts by count, the greatest first, and what is of no kind last.
func tallied(by map[string]*Tally) []Tally {
	var list []Tally
	for _, t := range by {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b Tally) int {
		return cmp.Or(FalseFirst(a.Key == "", b.Key == ""), -cmp.Compare(a.Count, b.Count), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// FalseFirst compares for sorting: false comes before true.
func FalseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (s *Statistics) countSpeakers(d Draft) {
	speaks := map[ID]bool{} // and whether they confirmed
	for _, p := range d.Panels {
		for _, part := range p.Everybody() {
			if !p.Cancelled && part.Status != Declined && part.Status != CancelledByThem {
				speaks[part.PersonID] = speaks[part.PersonID] || part.Status == Confirmed
			}
		}
	}
	countries, employers := map[string]*Tally{}, map[string]*Tally{}
	for _, p := range d.People {
		confirmed, speaker := speaks[p.ID]
		if !speaker || !p.Erased.IsZero() {
			continue
		}
		s.Speakers++
		if confirmed {
			s.Confirmed++
		}
		if countries[p.Country] == nil {
			countries[p.Country] = &Tally{Key: p.Country}
		}
		countries[p.Country].Count++
		key := organizationKey(p.Organization, d.Event.Languages)
		if employers[key] == nil {
			employers[key] = &Tally{Key: key, Name: p.Organization}
		}
		employers[key].Count++
	}
	s.Countries, s.Employers = tallied(countries), tallied(employers)
}

// organizationKey is the same for organizations that are called the same in the first of the languages that both have.
func organizationKey(name Text, languages []string) string {
	for _, tag := range slices.Concat(languages, name.Languages()) {
		if name[tag] != "" {
			return strings.ToLower(strings.Join(strings.Fields(name[tag]), " "))
		}
	}
	return ""
}

// stretch is a time from one minute to another, since 1970.
type stretch struct{ from, to int64 }

func (s *Statistics) countLoads(d Draft, availabilities []Availability) {
	zone := d.Event.Location()
	for _, r := range d.Rooms {
		if r.Kind != RoomHall {
			continue
		}
		load := RoomLoad{Room: r}
		for _, day := range s.Days {
			load.Days = append(load.Days, loadOf(d, r, day, openOn(availabilities, r.ID, day, zone)))
		}
		s.Loads = append(s.Loads, load)
	}
}

// loadOf counts a day's minutes of a Room that is open then; nil where it says nothing of when it is.
func loadOf(d Draft, r Room, day Date, open []stretch) DayLoad {
	var used []stretch
	var whole stretch
	for _, p := range d.Panels {
		if p.Cancelled || p.Slot == nil || p.Slot.Day() != day {
			continue
		}
		at := stretch{p.Slot.Start.At.Unix() / 60, p.Slot.End.At.Unix() / 60}
		if whole == (stretch{}) {
			whole = at
		}
		whole = stretch{min(whole.from, at.from), max(whole.to, at.to)}
		if (p.AllRooms || p.Slot.RoomID == r.ID) && p.Format != FormatBreak {
			used = append(used, at)
		}
	}
	if open == nil {
		open = []stretch{whole}
	}
	return DayLoad{Used: together(used), Open: together(open)}
}

// openOn gives when a Room is open on a day, nil where it has no availabilities at all.
func openOn(availabilities []Availability, room ID, day Date, zone *time.Location) []stretch {
	from, err1 := time.ParseInLocation(DateLayout, string(day), zone)
	to, err2 := time.ParseInLocation(DateLayout, string(day.AddDays(1)), zone)
	var open []stretch
	for _, a := range availabilities {
		if a.Resource != (Resource{RoomResource, room}) || err1 != nil || err2 != nil {
			continue
		}
		if open == nil {
			open = []stretch{}
		}
		part := stretch{max(a.Start.At.Unix(), from.Unix()) / 60, min(a.End.At.Unix(), to.Unix()) / 60}
		if part.to > part.from {
			open = append(open, part)
		}
	}
	return open
}

// together counts the minutes that are in one of these at least.
func together(list []stretch) int {
	slices.SortFunc(list, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	sum, end := int64(0), int64(0)
	for i, s := range list {
		if i == 0 || s.from > end {
			end = s.from
		}
		if s.to > end {
			sum, end = sum+s.to-end, s.to
		}
	}
	return int(sum)
}

func (s *Statistics) countTexts(d Draft) {
	texts := map[TextKind][]Text{TextsOfEvent: {d.Event.Name, d.Event.Description, d.Event.Venue.Name, d.Event.Venue.Address}}
	add := func(kind TextKind, list ...Text) { texts[kind] = append(texts[kind], list...) }
	for _, r := range d.Rooms {
		add(TextsOfEvent, r.Name, r.Description)
	}
	for _, t := range d.Tracks {
		add(TextsOfEvent, t.Name)
	}
	for _, p := range d.Panels {
		add(TitleTexts, p.Title)
		add(Abstracts, p.Abstract)
		for _, v := range p.Interventions {
			add(TitleTexts, v.Title)
			add(Abstracts, v.Abstract)
		}
	}
	for _, p := range d.People {
		if p.Erased.IsZero() {
			add(TextsOfPeople, p.Honorific, p.JobTitle, p.Organization, p.Bio)
		}
	}
	for _, tag := range d.Event.Languages {
		for _, kind := range TextKinds {
			c := Coverage{Language: tag, Kind: kind}
			for _, t := range texts[kind] {
				if len(t) == 0 {
					continue
				}
				c.Of++
				if t[tag] != "" {
					c.Have++
				}
			}
			s.Coverage = append(s.Coverage, c)
		}
	}
}
