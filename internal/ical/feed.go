package ical

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zones must be there on machines without zone files

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// ScopeKind says by what a feed chooses its Panels.
type ScopeKind string

// The kinds of scope. All but the whole Event name a thing by its ID.
const (
	ScopeEvent   ScopeKind = "event"
	ScopePanel   ScopeKind = "panel"
	ScopeTrack   ScopeKind = "track"
	ScopeRoom    ScopeKind = "room" // with the Panels that span all halls, if the Room is one
	ScopeSpeaker ScopeKind = "speaker"
)

// Scope is what a feed holds of the agenda. What its ID names need not be in the Snapshot: the feed is empty then.
type Scope struct {
	Kind ScopeKind
	ID   agenda.ID
}

// Appointment is a Meeting as a personal feed shows it.
type Appointment struct {
	Meeting agenda.Meeting
	Stamp   agenda.Stamp
	Room    agenda.Room // the zero Room while there is none
}

// Options say for whom a feed is. The zero Options are the public feed of the whole Event in its first language.
type Options struct {
	Scope Scope
	// Name is what calendar programs call the feed. "": the Event's name and what the scope names.
	Name string
	// Languages are what the reader prefers, best first, as BCP 47 tags.
	Languages []string
	// URL is the page that shows the same on the web. No secret may be in it: calendars pass it on.
	URL string
	// Source is the canonical address of a public feed (RFC 7986, 5.8). Personal feeds leave it out even when it is
	// given, because their address is the secret.
	Source string
	// PanelURL gives the page of a Panel, MeetingURL that of a Meeting; "" or a nil function: none.
	PanelURL   func(agenda.Panel) string
	MeetingURL func(agenda.Meeting) string
	// Personal says that the feed is one person's own, the one that a scope of ScopeSpeaker names: its entries make
	// that person busy, and it may have Meetings.
	Personal bool
	// Meetings are shown if the person takes part in them and has not declined; People are those who may meet.
	Meetings []Appointment
	People   map[agenda.ID]agenda.Person
	// CancelledSince leaves out what is cancelled and ended before that time; zero keeps it all. Callers should
	// round it to a day: each new value gives a new body.
	CancelledSince time.Time
}

// productID names the program that wrote the calendar. It never changes: some clients take a new one for a new
// calendar (RFC 5545, 3.7.3).
const productID = "-//Plenary//Plenary agenda//EN"

// refresh is how often a client should ask again (RFC 7986, 5.7).
const refresh = "PT1H"

// Feed gives the body of a calendar subscription (RFC 5545, RFC 7986): the scheduled Panels of a Release that are in
// the scope and, in a personal feed, Meetings. Times stand in the Event's zone, in UTC where that zone or that hour
// cannot be told to every client. Stamps come from the Snapshot; nothing reads the clock, and equal arguments give
// equal bytes. s is not changed.
//
// Links that are not http or https are left out. It is an error if a Panel has no Stamp or no length, and if Meetings are given to a feed that is not personal.
func Feed(s *agenda.Snapshot, o Options) ([]byte, error) {
	if o.Scope.Kind == "" {
		o.Scope.Kind = ScopeEvent
	}
	if len(o.Meetings) > 0 && (!o.Personal || o.Scope.Kind != ScopeSpeaker) {
		return nil, errors.New("ical: meetings belong into a person's own feed")
	}
	f := newFeed(s, o)
	panels, err := f.choosePanels()
	if err != nil {
		return nil, err
	}
	meetings := f.chooseMeetings()
	f.openZone(panels, meetings)
	f.head()
	for i := range panels {
		if err := f.addPanel(&panels[i]); err != nil {
			return nil, fmt.Errorf("ical: panel %s: %w", panels[i].Code, err)
		}
	}
	for i := range meetings {
		if err := f.addMeeting(&meetings[i]); err != nil {
			return nil, fmt.Errorf("ical: meeting %s: %w", meetings[i].Meeting.ID, err)
		}
	}
	var b bytes.Buffer
	if err := Encode(&b, &f.cal); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// feed is a calendar in the making.
type feed struct {
	s      *agenda.Snapshot
	o      Options
	cal    ics.Calendar
	reader *agenda.Reader
	rooms  map[agenda.ID]agenda.Room
	tracks map[agenda.ID]agenda.Track
	people map[agenda.ID]agenda.Person
	loc    *time.Location
	zoned  bool // times are written in loc, not in UTC
	colon  string
}

func newFeed(s *agenda.Snapshot, o Options) *feed {
	f := &feed{
		s: s, o: o, loc: s.Event.Location(),
		reader: agenda.NewReader(s.Event.Language(), o.Languages...),
		rooms:  make(map[agenda.ID]agenda.Room, len(s.Rooms)),
		tracks: make(map[agenda.ID]agenda.Track, len(s.Tracks)),
		people: make(map[agenda.ID]agenda.Person, len(s.People)),
	}
	f.colon = f.reader.String(labelColon)
	for _, r := range s.Rooms {
		f.rooms[r.ID] = r
	}
	for _, t := range s.Tracks {
		f.tracks[t.ID] = t
	}
	for _, p := range s.People {
		f.people[p.ID] = p
	}
	return f
}

func (f *feed) choosePanels() ([]agenda.Panel, error) {
	switch f.o.Scope.Kind {
	case ScopeEvent, ScopePanel, ScopeTrack, ScopeRoom, ScopeSpeaker:
	default:
		return nil, fmt.Errorf("ical: no scope is called %q", f.o.Scope.Kind)
	}
	var chosen []agenda.Panel
	for _, p := range f.s.Panels {
		if p.Slot == nil || !f.inScope(&p) || p.Cancelled && p.Slot.End.At.Before(f.o.CancelledSince) {
			continue
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

func (f *feed) inScope(p *agenda.Panel) bool {
	id := f.o.Scope.ID
	switch f.o.Scope.Kind {
	case ScopePanel:
		return p.ID == id
	case ScopeTrack:
		return id != "" && p.TrackID == id
	case ScopeRoom:
		return id != "" && p.Slot.RoomID == id || p.AllRooms && f.rooms[id].Kind == agenda.RoomHall
	case ScopeSpeaker:
		return slices.ContainsFunc(p.AllSpeakers(), func(s agenda.Speaker) bool { return s.PersonID == id })
	}
	return true
}

// chooseMeetings gives the Meetings that the person should see, in the order of time. Those that were turned down or
// left alone vanish; a cancelled one stays and says so.
func (f *feed) chooseMeetings() []Appointment {
	var chosen []Appointment
	for _, a := range f.o.Meetings {
		m := &a.Meeting
		if m.Slot == nil || !attends(m, f.o.Scope.ID) {
			continue
		}
		cancelled := m.Status == agenda.MeetingCancelled && !m.Slot.End.At.Before(f.o.CancelledSince)
		if m.Stands() || cancelled {
			chosen = append(chosen, a)
		}
	}
	slices.SortStableFunc(chosen, func(a, b Appointment) int {
		return cmp.Or(a.Meeting.Slot.Start.At.Compare(b.Meeting.Slot.Start.At), cmp.Compare(a.Meeting.ID, b.Meeting.ID))
	})
	return chosen
}

// attends reports whether the person is in the Meeting and has not declined.
func attends(m *agenda.Meeting, person agenda.ID) bool {
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.PersonID == person {
				return d.Answer != agenda.DeclinedIt
			}
		}
	}
	return false
}

// openZone defines the Event's zone for all times of the feed. An empty feed has its zone too: a calendar needs at
// least one component (RFC 5545, 3.6).
func (f *feed) openZone(panels []agenda.Panel, meetings []Appointment) {
	from, to := f.span()
	include := func(slot *agenda.Slot) {
		from, to = earlier(from, slot.Start.At), later(to, slot.End.At)
	}
	for i := range panels {
		include(panels[i].Slot)
	}
	for i := range meetings {
		include(meetings[i].Meeting.Slot)
	}
	empty := len(panels)+len(meetings) == 0
	zone, ok := Timezone(f.loc, from, to)
	if !ok && empty {
		zone, ok = fixedZone(time.UTC, from)
	}
	f.zoned = ok && f.loc != time.UTC
	if f.zoned || empty {
		f.cal.AddVTimezone(zone)
	}
}

// span gives the time of the Event by its days.
func (f *feed) span() (from, to time.Time) {
	from, err1 := time.ParseInLocation(agenda.DateLayout, string(f.s.Event.StartDate), f.loc)
	to, err2 := time.ParseInLocation(agenda.DateLayout, string(f.s.Event.EndDate), f.loc)
	if err1 != nil || err2 != nil {
		return time.Time{}, time.Time{}
	}
	return from, to.AddDate(0, 0, 1)
}

func (f *feed) head() {
	event := &f.s.Event
	name := f.name()
	add := func(property, value string, params map[string][]string) {
		if value = strings.TrimSpace(value); value != "" {
			f.cal.CalendarProperties = append(f.cal.CalendarProperties, ics.CalendarProperty{
				BaseProperty: ics.BaseProperty{IANAToken: property, Value: value, ICalParameters: params}})
		}
	}
	add("VERSION", "2.0", nil)
	add("PRODID", productID, nil)
	add("CALSCALE", "GREGORIAN", nil)
	add("NAME", name, nil)
	add("X-WR-CALNAME", name, nil)
	add("DESCRIPTION", f.about(), nil)
	add("X-WR-CALDESC", f.about(), nil)
	add("X-WR-TIMEZONE", event.Zone, nil)
	add("REFRESH-INTERVAL", refresh, nil)
	add("X-PUBLISHED-TTL", refresh, nil)
	if !f.o.Personal {
		add("SOURCE", webLink(f.o.Source), nil)
	}
	add("URL", webLink(f.o.URL), nil)
	if modified := f.modified(); !modified.IsZero() {
		add("LAST-MODIFIED", modified.UTC().Format(utcLayout), nil)
	}
}

// modified gives when the feed last changed (RFC 7986, 5.4): the newest of all Stamps, also of what is not or no
// longer in the scope, so that it never goes back when something leaves the feed.
func (f *feed) modified() time.Time {
	newest := time.Time{}
	for _, stamp := range f.s.Stamps {
		newest = later(newest, stamp.Modified)
	}
	for i := range f.o.Meetings {
		newest = later(newest, f.o.Meetings[i].Stamp.Modified)
	}
	if newest.IsZero() {
		return f.s.Event.Updated
	}
	return newest
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
