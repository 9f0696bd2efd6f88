package ical

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// Press makes the feeds of one Snapshot for readers of one language. What all of them have in common is prepared
// once. It is not changed by use: several feeds may be made at the same time.
type Press struct {
	s         *agenda.Snapshot
	links     Links
	readers   []string // what they prefer
	rooms     map[agenda.ID]agenda.Room
	halls     []agenda.ID
	tracks    map[agenda.ID]agenda.Track
	people    map[agenda.ID]*agenda.Person
	loc       *time.Location
	panels    []*agenda.Panel // all that have a Slot, in the order of the agenda, and then those that are no more
	cancelled []*agenda.Panel // of these
	filed     *filing
	removed   map[*agenda.Panel]bool
	zone      zoning
}

// Links are the pages that entries lead to. "" and nil: none.
type Links struct {
	Event string
	Panel func(agenda.Panel) string
}

// NewPress makes a Press. Languages are what the readers prefer, best first, as BCP 47 tags. The Snapshot must not
// change any more.
func NewPress(s *agenda.Snapshot, links Links, languages ...string) *Press {
	p := &Press{
		s: s, links: links, loc: s.Event.Location(),
		readers: languages,
		rooms:   make(map[agenda.ID]agenda.Room, len(s.Rooms)),
		tracks:  make(map[agenda.ID]agenda.Track, len(s.Tracks)),
		people:  make(map[agenda.ID]*agenda.Person, len(s.People)),
		panels:  make([]*agenda.Panel, 0, len(s.Panels)+len(s.Removed)),
		filed:   &filing{},
		removed: make(map[*agenda.Panel]bool, len(s.Removed)),
	}
	for _, r := range s.Rooms {
		p.rooms[r.ID] = r
		if r.Kind == agenda.RoomHall {
			p.halls = append(p.halls, r.ID)
		}
	}
	for _, t := range s.Tracks {
		p.tracks[t.ID] = t
	}
	for i := range s.People { // a Person is large
		p.people[s.People[i].ID] = &s.People[i]
	}
	for _, panel := range s.Panels {
		if panel.Slot != nil {
			p.panels = append(p.panels, panel)
		}
	}
	for i := range s.Removed {
		if s.Removed[i].Slot != nil {
			p.panels = append(p.panels, &s.Removed[i])
		}
		p.removed[&s.Removed[i]] = true
	}
	for _, panel := range p.panels {
		if panel.Cancelled {
			p.cancelled = append(p.cancelled, panel)
		}
	}
	p.zone = p.zoneOfAll()
	return p
}

// In gives a Press of the same Snapshot for readers of other languages, with other links: what does not depend on them is not
// made a second time.
func (p *Press) In(links Links, languages ...string) *Press {
	other := *p
	other.links, other.readers = links, languages
	return &other
}

// TellsTimesAs says whether both tell times in the same way: entries of equal Panels then do so too.
func (p *Press) TellsTimesAs(q *Press) bool {
	return p.zone.definition == q.zone.definition && p.zone.exact == q.zone.exact && p.loc.String() == q.loc.String()
}

// ScopesOf gives each scope that a Panel of the Snapshot is in, but for its own; none for one that is not there.
func (p *Press) ScopesOf(panel agenda.Panel) []agenda.FeedScope {
	if panel.Slot == nil {
		return nil
	}
	scopes := []agenda.FeedScope{{Kind: agenda.FeedOfEvent}}
	eachScope(&panel, p.halls, func(kind agenda.FeedScopeKind, id agenda.ID) {
		if scope := (agenda.FeedScope{Kind: kind, ID: id}); !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	})
	return scopes
}

// eachScope tells the scopes of a Panel besides that of the Event and its own. It may tell one several times.
func eachScope(panel *agenda.Panel, halls []agenda.ID, tell func(agenda.FeedScopeKind, agenda.ID)) {
	add := func(kind agenda.FeedScopeKind, id agenda.ID) {
		if id != "" {
			tell(kind, id)
		}
	}
	add(agenda.FeedOfTrack, panel.TrackID)
	add(agenda.FeedOfRoom, panel.Slot.RoomID)
	if panel.AllRooms {
		for _, hall := range halls {
			add(agenda.FeedOfRoom, hall)
		}
	}
	for _, s := range panel.Speakers {
		add(agenda.FeedOfSpeaker, s.PersonID)
	}
	for _, v := range panel.Interventions {
		for _, s := range v.Speakers {
			add(agenda.FeedOfSpeaker, s.PersonID)
		}
	}
}

// inScope gives the Panels of a scope in the order of the agenda; chosen are those of FeedOfStars.
func (p *Press) inScope(scope agenda.FeedScope, chosen []agenda.ID) []*agenda.Panel {
	if scope.Kind != agenda.FeedOfStars {
		return p.of(scope)
	}
	wanted := make(map[agenda.ID]bool, len(chosen))
	for _, id := range chosen {
		wanted[id] = true
	}
	var panels []*agenda.Panel
	for _, panel := range p.panels {
		if wanted[panel.ID] {
			panels = append(panels, panel)
		}
	}
	return panels
}

// Scopes gives each scope that has a Panel or names something of the Snapshot, but for those of single Panels.
func (p *Press) Scopes() []agenda.FeedScope {
	known := map[agenda.FeedScope]bool{{Kind: agenda.FeedOfEvent}: true}
	for kind, of := range p.files() {
		for id := range of {
			known[agenda.FeedScope{Kind: kind, ID: id}] = true
		}
	}
	for id := range p.rooms {
		known[agenda.FeedScope{Kind: agenda.FeedOfRoom, ID: id}] = true
	}
	for id := range p.tracks {
		known[agenda.FeedScope{Kind: agenda.FeedOfTrack, ID: id}] = true
	}
	for id := range p.people {
		known[agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: id}] = true
	}
	return slices.SortedFunc(maps.Keys(known), func(a, b agenda.FeedScope) int { return strings.Compare(a.String(), b.String()) })
}

// Entries gives the calendar entries of the Event and of all Panels as one Variant tells them. The Press must be of that language.
func (p *Press) Entries(v agenda.Variant) ([]agenda.Entry, error) {
	return p.EntriesOf(v, p.panels, true)
}

// EntriesOf gives those of [Press.Entries] of some of its Panels, and that of the Event too if it is whole.
func (p *Press) EntriesOf(v agenda.Variant, panels []*agenda.Panel, whole bool) ([]agenda.Entry, error) {
	f, err := p.entriesFeed(v)
	if err != nil {
		return nil, err
	}
	var entries []agenda.Entry
	if v != agenda.BusyVariant && whole {
		content, err := f.hash(f.wholeEntry(unstamped).event)
		if err != nil {
			return nil, fmt.Errorf("ical: event: %w", err)
		}
		entries = append(entries, agenda.Entry{UID: agenda.EventUID(&p.s.Event), Variant: v, Content: content, Place: agenda.EventPlace(&p.s.Event)})
	}
	for _, panel := range panels {
		e, err := f.panelEntry(panel, unstamped)
		if err != nil {
			return nil, fmt.Errorf("ical: panel %s: %w", panel.Code, err)
		}
		entry := agenda.Entry{UID: panel.UID, Variant: v, Cancelled: panel.Cancelled, Place: agenda.PanelPlace(&p.s.Event, panel)}
		if entry.Content, err = f.hash(e.event); err != nil {
			return nil, fmt.Errorf("ical: panel %s: %w", panel.Code, err)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// MeetingEntry gives the calendar entry of a Meeting that has a Slot, as one Variant tells it to whoever takes part. The
// Event is the present one: Meetings are not published, and follow it at once.
func (p *Press) MeetingEntry(v agenda.Variant, e *agenda.Event, a Appointment, people map[agenda.ID]agenda.Person) (agenda.Entry, error) {
	f, err := p.entriesFeed(v)
	if err != nil {
		return agenda.Entry{}, err
	}
	f.o.People = people
	a.Stamp = unstamped
	m := &a.Meeting
	entry := agenda.Entry{UID: m.UID, Variant: v, Cancelled: m.Status == agenda.MeetingCancelled, Place: agenda.MeetingPlace(e, m)}
	for _, side := range m.Sides { // each is told whom it meets
		f.o.Scope.ID = side.Principal()
		told, err := f.meetingEntry(&a)
		if err != nil {
			return entry, fmt.Errorf("ical: meeting %s: %w", m.ID, err)
		}
		content, err := f.hash(told.event)
		if err != nil {
			return entry, fmt.Errorf("ical: meeting %s: %w", m.ID, err)
		}
		entry.Content += content
	}
	if m.Visibility == agenda.VisibleToProtocol {
		// All but the principals see it as busy from now on: for who is or was one, all of it changes.
		entry.Content += fmt.Sprintf(" protocol %s %s", m.Sides[0].Principal(), m.Sides[1].Principal())
		if v == agenda.BusyVariant {
			entry.Content += p.whereabouts(a.Room)
		}
	}
	return entry, nil
}

// whereabouts gives a hash of what is told, in whatever language, of where something in the Room is.
func (p *Press) whereabouts(r agenda.Room) string {
	venue := &p.s.Event.Venue
	var at agenda.Place
	if venue.Place != nil {
		at = *venue.Place
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %v", r.Name, venue.Name, venue.Address, at))
	return hex.EncodeToString(sum[:16])
}

// unstamped stands for the revision in entries that are compared but for it.
var unstamped = agenda.Stamp{Modified: time.Unix(0, 0).UTC()}

func (p *Press) entriesFeed(v agenda.Variant) (*feed, error) {
	return p.open(Options{Scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker}, Personal: true, BusyOnly: v == agenda.BusyVariant})
}

// hash gives the hash of an entry's lines and of the zone that they are read in.
func (f *feed) hash(e *ics.VEvent) (string, error) {
	enc := encoder{uids: map[string]struct{}{}, zones: []string{f.loc.String()}}
	if err := enc.component("VCALENDAR", e, false, 1); err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(enc.out, f.zone.definition...))
	return hex.EncodeToString(sum[:16]), nil
}

// Cancels says whether something in the scope is cancelled, or was removed.
func (p *Press) Cancels(scope agenda.FeedScope) bool {
	return slices.ContainsFunc(p.cancelled, func(panel *agenda.Panel) bool { return p.Tells(scope, panel) })
}

// Lapsed gives the ends of what the feed would still tell as cancelled, had it not ended before CancelledSince.
func (p *Press) Lapsed(o Options) ([]time.Time, error) {
	since := o.CancelledSince
	o.CancelledSince = time.Time{}
	f, err := p.open(o)
	if err != nil {
		return nil, err
	}
	var ends []time.Time
	lapse := func(cancelled bool, slot *agenda.Slot) {
		if cancelled && slot.End.At.Before(since) {
			ends = append(ends, slot.End.At)
		}
	}
	for _, panel := range f.choosePanels() {
		lapse(panel.Cancelled, panel.Slot)
	}
	for _, a := range f.chooseMeetings() {
		lapse(a.Meeting.Status == agenda.MeetingCancelled, a.Meeting.Slot)
	}
	return ends, nil
}
