package server

import (
	"html/template"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// view is what the layout shows, whatever the page.
type view struct {
	*words
	Lang       string
	Title      string
	Summary    string // for who finds the page elsewhere; see [summaryOf]
	Root       string
	Styles     []string
	Scripts    []string
	Icon       string
	Query      string // to add to links, so that a language chosen by hand is kept
	Canonical  string
	Languages  []languageLink
	Feed       string      // of what the page shows
	JSON       string      // of what the page shows
	Changes    titled      // of what the page shows, as an Atom feed
	LD         template.JS // what the page says to machines, as JSON-LD
	NoIndex    bool
	Of         *eventData    // nil: the page is of no Event
	Reader     *attendeeView // nil: a page without the reader's script
	NoReferrer bool          // nothing that it links to is told where the reader came from
}

// AskedLang is the language that was chosen by hand, "" for none: forms that ask for a part of a page keep it.
func (v view) AskedLang() string { return strings.TrimPrefix(v.Query, "?lang=") }

// eventData is what scripts know of the Event that a page is of.
type eventData struct {
	Slug, Zone string
	Release    int
	Home       string // path of its address
}

// titled is an address with what it is called.
type titled struct{ Title, URL string }

func (s *Server) newView(r reader, languages []string) view {
	return view{words: r.words, Lang: r.words.lang, Root: s.root(), Styles: []string{s.assetURL(styleName), s.assetURL(agendaStyleName)}, Icon: s.assetURL(iconName),
		Query: r.query, Languages: r.languageLinks(languages)}
}

// homeView is the list of agendas.
type homeView struct {
	view
	Events []homeEvent
}

type homeEvent struct {
	Name, Venue said
	Dates, URL  string
}

func (s *Server) homeView(r reader, releases []*agenda.Release) (*homeView, error) {
	v := &homeView{view: s.newView(r, nil)}
	v.Canonical = s.base + "/"
	var err error
	if v.Title, err = r.words.Say("home_title"); err != nil {
		return nil, err
	}
	for _, release := range releases {
		e := release.Snapshot.Event
		dates, err := r.words.days(e.StartDate, e.EndDate)
		if err != nil {
			return nil, err
		}
		v.Events = append(v.Events, homeEvent{Name: r.pick(e.Language(), e.Name), Venue: r.pick(e.Language(), e.Venue.Name),
			Dates: dates, URL: v.Root + e.Slug + "/" + r.query})
	}
	return v, nil
}

// errorView is what went wrong.
type errorView struct {
	view
	Sentence  string
	Console   bool // it went wrong in the console
	RequestID string
}

// errorView begins the page of an error: which is the status that has words, or "foreign".
func (s *Server) errorView(r reader, which, requestID string) (*errorView, error) {
	v := &errorView{view: s.newView(r, nil), RequestID: requestID}
	v.NoIndex, v.Languages = true, nil
	key := "error_" + which
	var err error
	if v.Title, err = r.words.Say(key + "_title"); err != nil {
		return nil, err
	}
	v.Sentence, err = r.words.Say(key)
	return v, err
}

// eventView is what all pages of an Event show. It is made from the public document, as agenda.json
// is: what is not public has no way into a page.
type eventView struct {
	view
	reader   reader
	event    agenda.Event
	site     agenda.Site
	document exchange.AgendaDocument
	people   map[agenda.ID]*exchange.AgendaPerson
	rooms    map[agenda.ID]*exchange.AgendaRoom
	tracks   map[agenda.ID]*exchange.AgendaTrack
	marks    map[agenda.ID]string
	short    map[agenda.ID]string // of people, rooms and tracks: what their addresses end in
	asked    app.CalendarRequest  // what was chosen for feeds

	Home        string // of the Event
	Name        said
	Description said
	Venue       said
	Address     said
	Dates       string
	Website     string
	Zone        string // a sentence
	Release     string // a sentence
	Number      int    // of the Release
	Note        said
	Old         bool
	Here        string // path of the agenda, or of the Release of a number
	Days        []dayView
	Shown       int // Panels in them
	Find        findView
	Paper       *paperLink
	Places      []placeView // the days by room
	Place       placeView   // whose page it is
	Now         nowView
	Subscribe   subscription
	Calendars   []calendarGroup
	Formats     formatsView
	Subscribing subscribeView
	Apps        *appsView // nil where the page is not about the whole agenda
	Starred     starredView
	Panel       panelView
	PanelPath   string // below the Event's address
	Speaker     speakerView
	Panels      []panelView
}

// subscription leads to a calendar: to the page that says how to subscribe to it, and to itself.
type subscription struct {
	*words
	Name     said
	Page     string
	Download string // of a single entry
}

type calendarGroup struct {
	Title string
	Feeds []subscription
}

func (s *Server) newEventView(r reader, release *agenda.Release) (*eventView, error) {
	e := release.Snapshot.Event
	v := &eventView{view: s.newView(r, e.Languages), reader: r, event: e, site: agenda.Site{Base: s.base, Slug: e.Slug},
		document: exchange.Agenda(*release, exchange.AgendaOptions{BaseURL: s.base, Language: r.content}),
		people:   map[agenda.ID]*exchange.AgendaPerson{}, rooms: map[agenda.ID]*exchange.AgendaRoom{},
		tracks: map[agenda.ID]*exchange.AgendaTrack{}}
	d := &v.document
	for i := range d.People {
		v.people[d.People[i].ID] = &d.People[i]
	}
	for i := range d.Rooms {
		v.rooms[d.Rooms[i].ID] = &d.Rooms[i]
	}
	for i := range d.Tracks {
		v.tracks[d.Tracks[i].ID] = &d.Tracks[i]
	}
	v.marks, v.short = marksOf(release), shortNames(&release.Snapshot)
	v.Home, v.Canonical, v.Website = v.Root+e.Slug+"/", d.Event.URL, d.Event.Website
	v.Here = v.Home
	v.Of = &eventData{Slug: e.Slug, Zone: e.Zone, Release: release.Number, Home: v.Home}
	v.Name = v.in(d.Event.Name, d.Event.TextLanguages, "name")
	v.Description = v.in(d.Event.Description, d.Event.TextLanguages, "description")
	if d.Event.Venue != nil {
		v.Venue = v.in(d.Event.Venue.Name, d.Event.Venue.TextLanguages, "name")
		v.Address = v.in(d.Event.Venue.Address, d.Event.Venue.TextLanguages, "address")
	}
	v.Note = v.in(d.Release.Note, d.Release.TextLanguages, "note")
	v.Title, v.Feed, v.JSON = v.Name.Text, v.Home+"agenda.ics"+r.query, v.Home+"agenda.json"
	if r.query != "" { // which may be a language that the program has and the Event has not
		v.JSON += "?lang=" + r.content
	}
	if err := s.addAccent(v); err != nil {
		return nil, err
	}
	return v, v.addSentences(release)
}

// addSentences adds what is said in the program's words.
func (v *eventView) addSentences(release *agenda.Release) (err error) {
	e := release.Snapshot.Event
	v.Number = release.Number
	if v.Dates, err = v.reader.words.days(e.StartDate, e.EndDate); err != nil {
		return err
	}
	if v.Zone, err = v.Say("zone", "zone", e.Zone, "offset", offsetsOf(e)); err != nil {
		return err
	}
	v.Summary = summaryOf(v.Description.Text, v.Dates, v.Venue.Text, v.Address.Text)
	published := agenda.MomentOf(e.Location(), release.Published)
	date, err := v.reader.words.day("date_plain", published.Wall.Date())
	if err != nil {
		return err
	}
	v.Release, err = v.Say("release", "number", release.Number, "date", date, "time", published.Wall.Clock())
	return err
}

// offsetsOf gives the Event's distance from UTC, both of them when the clock changes meanwhile.
func offsetsOf(e agenda.Event) string {
	zone := e.Location()
	noon := func(d agenda.Date) string {
		m, err := agenda.ParseMoment(zone, string(d)+"T12:00:00")
		if err != nil {
			return ""
		}
		return offset(m.At.In(zone))
	}
	first, last := noon(e.StartDate), noon(e.EndDate)
	if first == last || last == "" {
		return first
	}
	return first + " → " + last
}

// subscribeTo leads to the calendar at path of the Event; page is its subscribe page.
func (v *eventView) subscribeTo(name said, path, page string) subscription {
	query := v.feedQuery()
	if query == "" {
		query = "?download"
	} else {
		query += "&download"
	}
	return subscription{words: v.words, Name: name, Page: v.Home + page + v.Query, Download: v.Home + path + calendarSuffix + query}
}

// in gives a text of the public document with the language that it came in, when that is not the page's own.
func (v *eventView) in(l exchange.Localized, languages exchange.TextLanguages, field string) said {
	text, _ := l.(exchange.InOneLanguage) // nil for an empty text
	if languages[field] == v.Lang {
		return said{Text: string(text)}
	}
	return said{string(text), languages[field]}
}
