package ical

import (
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

// Appointment is a Meeting as a personal feed shows it.
type Appointment struct {
	Meeting agenda.Meeting
	Stamp   agenda.Stamp
	Room    agenda.Room // the zero Room while there is none
	// Busy tells no more than when and where it is: the person of the feed takes part and may not know in what. The Stamp is
	// that of [agenda.BusyVariant] then.
	Busy bool
}

// Options say for whom a feed is. The zero Options are the public feed of the whole Event.
type Options struct {
	Scope agenda.FeedScope
	// Panels are those of a scope of FeedOfStars.
	Panels []agenda.ID
	// Name is what calendar programs call the feed. "": the Event's name and what the scope names.
	Name string
	// URL is the page that shows the same on the web. No secret may be in it: calendars pass it on.
	URL string
	// Source is the canonical address of a public feed (RFC 7986, 5.8). Personal feeds leave it out even when it is
	// given, because their address is the secret.
	Source string
	// MeetingURL gives the page of a Meeting; "" or a nil function: none.
	MeetingURL func(agenda.Meeting) string
	// Whole adds the Event itself, as an entry of whole days, unless it was never published.
	Whole bool
	// Personal says that the feed is one person's own: its entries make that person busy. Only the feed of the person
	// whom a scope of FeedOfSpeaker names may have Meetings.
	Personal bool
	// Meetings are shown if the person takes part in them and has not declined; People are those who may meet.
	Meetings []Appointment
	People   map[agenda.ID]agenda.Person
	// Stamps are the revisions of the Panels' entries, by UID, in the Variant that the feed shows.
	Stamps agenda.Stamps
	// Changed is when the feed was set to tell its entries otherwise: none of them counts as older.
	Changed time.Time
	// Modified is when the feed last changed (RFC 7986, 5.4); zero: not told.
	Modified time.Time
	// Refresh is how soon a client should ask again (RFC 7986, 5.7), in whole minutes. Zero: an hour.
	Refresh time.Duration
	// BusyOnly tells of each entry no more than when it is.
	BusyOnly bool
	// Alarm is how many minutes before the start of an entry to remind of it; nil: never.
	Alarm *int
	// Cancelled says what becomes of cancelled entries; "" prefixes their titles.
	Cancelled agenda.CancelledItems
	// CancelledSince leaves out what is cancelled and ended before that time; zero keeps it all. Callers should
	// round it to a day: each new value gives a new body.
	CancelledSince time.Time
}

// productID names the program that wrote the calendar. It never changes: some clients take a new one for a new
// calendar (RFC 5545, 3.7.3).
const productID = "-//Plenary//Plenary agenda//EN"

// Feed gives the body of a calendar subscription (RFC 5545, RFC 7986): the scheduled Panels of a Release that are in
// the scope, those that were removed from it as cancelled and, in a personal feed, Meetings. Times stand in the
// Event's zone, in UTC where that zone or that hour cannot be told to every client. Nothing reads the clock, and equal
// arguments give equal bytes.
//
// Links that are not http or https are left out. It is an error if an entry has no Stamp or no length, and if Meetings
// are given to a feed that is not a person's own.
func (p *Press) Feed(o Options) ([]byte, error) {
	f, err := p.open(o)
	if err != nil {
		return nil, err
	}
	panels, meetings := f.choosePanels(), f.chooseMeetings()
	f.openZone(len(panels)+len(meetings) == 0)
	f.head()
	if f.tellsWhole() {
		f.cal.AddVEvent(f.wholeEntry(f.o.Stamps.Of(agenda.EventUID(&f.s.Event))).event)
	}
	for _, panel := range panels {
		if err := f.addPanel(panel); err != nil {
			return nil, fmt.Errorf("ical: panel %s: %w", panel.Code, err)
		}
	}
	for i := range meetings {
		if err := f.addMeeting(&meetings[i]); err != nil {
			return nil, fmt.Errorf("ical: meeting %s: %w", meetings[i].Meeting.ID, err)
		}
	}
	return encode(&f.cal)
}

// Closed gives an empty calendar that says in its name that it was closed. Calendars that have it delete what it told.
func Closed(languages ...string) ([]byte, error) {
	s := &agenda.Snapshot{Event: agenda.Event{Zone: "UTC", Languages: []string{"en"}}}
	p := NewPress(s, Links{}, languages...)
	name := agenda.NewReader(s.Event.Language(), languages...).String(labelClosed)
	return p.Feed(Options{Personal: true, Scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker}, Name: name})
}

// feed is a calendar in the making.
type feed struct {
	*Press
	o          Options
	reader     *agenda.Reader
	colon      string
	cal        ics.Calendar
	introduced map[agenda.ID]string
}

func (p *Press) open(o Options) (*feed, error) {
	if o.Scope.Kind == "" {
		o.Scope.Kind = agenda.FeedOfEvent
	}
	switch o.Scope.Kind {
	case agenda.FeedOfEvent, agenda.FeedOfPanel, agenda.FeedOfTrack, agenda.FeedOfRoom, agenda.FeedOfSpeaker, agenda.FeedOfStars:
	default:
		return nil, fmt.Errorf("ical: no scope is called %q", o.Scope.Kind)
	}
	if len(o.Meetings) > 0 && (!o.Personal || o.Scope.Kind != agenda.FeedOfSpeaker) {
		return nil, errors.New("ical: meetings belong into a person's own feed")
	}
	f := &feed{Press: p, o: o, reader: agenda.NewReader(p.s.Event.Language(), p.readers...), introduced: map[agenda.ID]string{}}
	f.colon = f.reader.String(labelColon)
	return f, nil
}

// choosePanels gives the Panels of the feed, those that were removed last.
func (f *feed) choosePanels() []*agenda.Panel {
	var chosen []*agenda.Panel
	for _, p := range f.inScope(f.o.Scope, f.o.Panels) {
		if !f.leavesOut(p.Cancelled, p.Slot) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// leavesOut says whether an entry is cancelled in a way that the feed does not tell. Who may see no more than when
// somebody is busy need not learn when they would have been.
func (f *feed) leavesOut(cancelled bool, slot *agenda.Slot) bool {
	return cancelled && (f.o.BusyOnly || f.o.Cancelled == agenda.HideCancelled || slot.End.At.Before(f.o.CancelledSince))
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
		cancelled := m.Status == agenda.MeetingCancelled
		if m.Stands() || cancelled && !a.Busy && !f.leavesOut(cancelled, m.Slot) {
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
	add("X-APPLE-CALENDAR-COLOR", f.color(), nil)
	add("REFRESH-INTERVAL", f.refreshDuration(), nil)
	add("X-PUBLISHED-TTL", f.refreshDuration(), nil)
	if !f.o.Personal {
		add("SOURCE", webLink(f.o.Source), nil)
	}
	add("URL", webLink(f.o.URL), nil)
	if !f.o.Modified.IsZero() {
		add("LAST-MODIFIED", f.o.Modified.UTC().Format(utcLayout), nil)
	}
}

// refresh is how often to ask for a feed that does not say.
const refresh = time.Hour

// refreshDuration gives how soon to ask again as a DURATION (RFC 5545, 3.3.6): PT15M, PT1H.
func (f *feed) refreshDuration() string {
	minutes := int(cmp.Or(f.o.Refresh, refresh) / time.Minute)
	if minutes%60 == 0 {
		return fmt.Sprintf("PT%dH", minutes/60)
	}
	return fmt.Sprintf("PT%dM", minutes)
}
