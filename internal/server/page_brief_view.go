package server

import (
	"net/url"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// briefView is what is printed of Meetings: a sheet for each, and before several of them a list.
type briefView struct {
	view
	reader   reader
	base     string
	made     time.Time
	event    agenda.Event
	people   map[agenda.ID]agenda.Person
	rooms    map[agenda.ID]agenda.Room
	teller   *conflictTeller
	photos   map[string]bool // that may be shown to who takes part
	protocol bool            // it is for those who arrange Meetings
	at       string          // path below which the Meetings are
	Back     consoleLink
	Event    said
	Pack     bool
	Heading  string
	Lead     string
	Made     string // a sentence
	Sheets   []briefSheet
}

// briefSheet is one Meeting on paper.
type briefSheet struct {
	*words
	ID         agenda.ID
	Deep       bool // it stands below the title of a pack
	Title      said
	Status     string
	Off        bool   // it does not take place
	Mark       string // who may know of it
	Protocol   bool
	Day, Hours string
	Zone       string
	Clocks     []string // the same by other clocks
	Room       said
	RoomHint   said
	Venue      said
	Address    said
	Map        string
	Sides      []briefSide
	Notes      string
	Conflicts  []string
	Since      string // a sentence: since when what is marked is new
	Changes    []briefChange
	Made       string
	Live       string
	Code       codeView
}

type briefSide struct {
	*words
	Name   said
	Called string // which side it is
	People []briefPerson
}

type briefPerson struct {
	speakerView
	Answer    string
	Said      string // besides; for organizers
	Languages string // that they speak
	Off       bool   // does not come
	Head      bool   // of the delegation
}

// briefChange is something that was done, and what of it changed.
type briefChange struct {
	*words
	When, What string
	Facts      []string
	New        bool
}

func (s *Server) newBriefView(v view, r reader, b app.Brief, day agenda.Date) (*briefView, error) {
	p := &briefView{view: v, reader: r, base: s.base, made: s.now(), event: b.Event, people: b.People, rooms: b.Rooms, photos: map[string]bool{}, Event: r.pick(b.Event.Language(), b.Event.Name)}
	p.NoIndex, p.Scripts = true, nil
	p.Styles = append(p.Styles, s.assetURL(paperStyleName))
	people, rooms := make([]agenda.Person, 0, len(b.People)), make([]agenda.Room, 0, len(b.Rooms))
	for _, one := range b.People {
		people = append(people, one)
	}
	for _, room := range b.Rooms {
		rooms = append(rooms, room)
	}
	p.teller = newConflictTeller(r, agenda.Draft{Event: b.Event, Rooms: rooms, People: people}, true)
	var err error
	if p.Heading, err = p.Say("brief_pack"); err == nil && b.Person != "" {
		p.Heading, err = p.Say("brief_pack_of", "name", b.People[b.Person].Name)
	}
	if err == nil && day != "" {
		p.Lead, err = p.day("date_long", day)
	}
	if err != nil {
		return nil, err
	}
	p.Made, err = p.dated("brief_made", agenda.MomentOf(b.Event.Location(), p.made))
	return p, err
}

// dated says a sentence with a date and a time.
func (w *words) dated(key string, m agenda.Moment) (string, error) {
	date, err := w.day("date_plain", m.Wall.Date())
	if err != nil {
		return "", err
	}
	return w.Say(key, "date", date, "time", m.Wall.Clock())
}

func (v *briefView) fill(b app.Brief, since time.Time) (err error) {
	for _, m := range b.Meetings {
		sheet, err := v.sheet(m, since)
		if err != nil {
			return err
		}
		v.Sheets = append(v.Sheets, sheet)
	}
	title := v.Heading
	if !v.Pack && len(v.Sheets) == 1 {
		if title, err = v.Say("brief_title", "title", v.Sheets[0].Title.Text); err != nil {
			return err
		}
	}
	v.Title = title + " · " + v.Event.Text
	return nil
}

func (v *briefView) sheet(m app.BriefMeeting, since time.Time) (s briefSheet, err error) {
	s = briefSheet{words: v.words, ID: m.ID, Deep: v.Pack, Off: !m.Stands(), Protocol: m.Visibility == agenda.VisibleToProtocol, Made: v.Made,
		Title: v.reader.pick(v.event.Language(), m.Topic), Notes: m.Notes}
	if s.Title.Text == "" {
		s.Title = said{Text: v.party(m.Sides[0]) + " – " + v.party(m.Sides[1])}
	}
	for _, add := range []func(app.BriefMeeting) error{s.addState, func(m app.BriefMeeting) error { return s.addTime(v, m) },
		func(m app.BriefMeeting) error { return s.addSides(v, m) }, func(m app.BriefMeeting) error { return s.addConflicts(v, m) },
		func(m app.BriefMeeting) error { return s.addChanges(v, m, since) }} {
		if err := add(m); err != nil {
			return s, err
		}
	}
	s.addPlace(v, m)
	s.Live = v.base + "/" + strings.TrimPrefix(v.at, v.Root) + string(m.ID) + "/brief"
	s.Code, err = newCode(s.Live + "?since=" + url.QueryEscape(v.made.UTC().Format(time.RFC3339)))
	return s, err
}

// party names a Delegation, or its principal.
func (v *briefView) party(side agenda.Delegation) string {
	if name := v.reader.pick(v.event.Language(), side.Name).Text; name != "" {
		return name
	}
	return v.people[side.Principal()].Name
}
