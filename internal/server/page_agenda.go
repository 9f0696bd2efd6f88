package server

import (
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// dayView is one day of the agenda.
type dayView struct {
	Date   agenda.Date
	Anchor string
	Long   string // "Monday 27 October 2025"
	Short  string // "Mon 27 Oct"
	Panels []panelView
	Grid   *gridView // nil: they are a list
}

// panelView is a Panel.
type panelView struct {
	*words
	ID             agenda.ID
	Code           string
	RoomID         agenda.ID
	TrackID        agenda.ID
	Kind           agenda.Format
	Spoken         string // a BCP 47 tag
	Into           string // those into which it is interpreted, separated by spaces
	Mark           string // see marksOf
	Anchor, URL    string
	Label          said   // "Panel 1", empty when it has no number
	Format         string // in words
	Break          bool
	Title          said
	Abstract       said
	Day            string // in words
	Start, End     string // RFC 3339
	From, To       string // "09:00", by the Event's clock
	NextDay        bool
	Minutes        int
	Room           said
	AllRooms       bool
	RoomURL        string // of its page; empty for none
	Track          said
	TrackURL       string
	Color          string
	Language       string
	Interpretation string
	Stream         string
	Cancelled      bool
	CancelNote     said
	ReplacedBy     []swapView // what takes place instead
	Replaces       []swapView // what it takes the place of
	Speakers       []speakerView
	Interventions  []interventionView
	Materials      []materialView
	Roles          string // of the speaker whose page it is on
	Chosen         bool   // on the page of a choice
	Dated          bool   // its day is told with it
	Deep           bool   // below a heading of a day
	Again          bool   // its anchor is elsewhere on the page
}

// swapView is a Panel that another one names.
type swapView struct {
	Title     said
	URL, When string
}

// speakerView is a Person, and their part in a Panel.
type speakerView struct {
	Name, URL, Role, Country               string
	Photo                                  string // its address; empty for none that was uploaded
	Honorific, JobTitle, Organization, Bio said
}

// materialView is a Material.
type materialView struct {
	Title, URL, Kind, Size string
}

type interventionView struct {
	Title, Abstract said
	Start, From     string // empty when not known
	Minutes         int
	Speakers        []speakerView
}

// addAgenda fills the days of the whole agenda, those without Panels as well.
func (v *eventView) addAgenda() error { return v.addNarrowed(finder{}) }

// addNarrowed fills the days with what is wanted. Of a part of the agenda, days without Panels are left out.
func (v *eventView) addNarrowed(f finder) error {
	days, n, err := v.daysOf(f.wants)
	if err != nil {
		return err
	}
	v.Shown = n
	for _, d := range v.document.Days {
		if i := slices.IndexFunc(days, func(day dayView) bool { return day.Date == d.Date }); i >= 0 {
			v.Days = append(v.Days, days[i])
		} else if !f.narrows() {
			day, err := v.day(d.Date)
			if err != nil {
				return err
			}
			v.Days = append(v.Days, day)
		}
	}
	return v.addCalendars()
}

// addCalendars fills the list of what can be subscribed to.
func (v *eventView) addCalendars() error {
	whole, err := v.Say("whole_agenda")
	if err != nil {
		return err
	}
	v.Subscribe = v.subscribeTo(said{Text: whole}, "agenda", "subscribe")
	var tracks, rooms calendarGroup
	if tracks.Title, err = v.Say("tracks"); err != nil {
		return err
	}
	if rooms.Title, err = v.Say("rooms"); err != nil {
		return err
	}
	for _, t := range v.document.Tracks {
		path := "tracks/" + string(t.ID)
		tracks.Feeds = append(tracks.Feeds, v.subscribeTo(v.in(t.Name, t.TextLanguages, "name"), path, path+"/subscribe"))
	}
	for _, r := range v.document.Rooms {
		if r.Kind == agenda.RoomHall {
			path := "rooms/" + string(r.ID)
			rooms.Feeds = append(rooms.Feeds, v.subscribeTo(v.in(r.Name, r.TextLanguages, "name"), path, path+"/subscribe"))
		}
	}
	for _, group := range []calendarGroup{tracks, rooms} {
		if len(group.Feeds) > 0 {
			v.Calendars = append(v.Calendars, group)
		}
	}
	return nil
}

// addPanel fills the page of the Panel of that identity or code.
func (v *eventView) addPanel(release *agenda.Release, idOrCode string) error {
	found, ok := release.Snapshot.Panel(idOrCode)
	if !ok {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such panel.")
	}
	for i := range v.document.Panels {
		if v.document.Panels[i].ID != found.ID {
			continue
		}
		var err error
		if v.Panel, err = v.panel(&v.document.Panels[i]); err != nil {
			return err
		}
	}
	v.Title, v.Canonical = v.Panel.Title.Text+" · "+v.Name.Text, v.document.Event.URL+"panels/"+found.Code
	v.Summary = summaryOf(v.Panel.Abstract.Text, v.Name.Text, v.Panel.Day, v.Panel.From+"–"+v.Panel.To, v.Panel.Room.Text)
	v.PanelPath = "panels/" + found.Code
	v.Feed, v.JSON = v.Home+panelPath(found.ID)+calendarSuffix+v.Query, ""
	v.Subscribe = v.subscribeTo(v.Panel.Title, panelPath(found.ID), v.PanelPath+"/subscribe")
	return nil
}

// addSpeaker fills the page of a speaker.
func (v *eventView) addSpeaker(name string) error {
	id := identityOf(v, name, v.people)
	if v.people[id] == nil {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such speaker.")
	}
	var err error
	if v.Speaker, err = v.speaker(exchange.AgendaSpeaker{Person: id}); err != nil {
		return err
	}
	for i := range v.document.Panels {
		p := &v.document.Panels[i]
		roles, takesPart, err := v.rolesIn(p, id)
		if err != nil {
			return err
		}
		if !takesPart {
			continue
		}
		shown, err := v.panel(p)
		if err != nil {
			return err
		}
		shown.Roles = roles
		v.Panels = append(v.Panels, shown)
	}
	v.Summary = summaryOf(v.Speaker.Bio.Text, v.Name.Text, v.Speaker.JobTitle.Text, v.Speaker.Organization.Text)
	path := "speakers/" + string(id)
	v.Title, v.Canonical = v.Speaker.Name+" · "+v.Name.Text, v.document.Event.URL+path
	v.Feed, v.JSON = v.Home+path+calendarSuffix+v.Query, ""
	v.Subscribe = v.subscribeTo(said{Text: v.Speaker.Name}, path, path+"/subscribe")
	return nil
}

// rolesIn says what a Person does in a Panel and its Interventions.
func (v *eventView) rolesIn(p *exchange.AgendaPanel, id agenda.ID) (roles string, takesPart bool, err error) {
	parts := p.Speakers
	for _, i := range p.Interventions {
		parts = append(parts[:len(parts):len(parts)], i.Speakers...)
	}
	var all []string
	seen := map[agenda.Role]bool{}
	for _, part := range parts {
		if part.Person != id || seen[part.Role] {
			continue
		}
		seen[part.Role] = true
		role, err := v.Say("role_" + string(part.Role))
		if err != nil {
			return "", false, err
		}
		all = append(all, role)
	}
	return strings.Join(all, v.said["list"]), len(all) > 0, nil
}

// nextDay says whether a Panel ends on a later day than it begins, midnight itself not counted.
func nextDay(p *exchange.AgendaPanel) bool {
	end, err := time.Parse(time.RFC3339, p.End)
	if err != nil {
		return false
	}
	return agenda.Date(end.Add(-time.Second).Format(agenda.DateLayout)) > p.Day
}
