package app

import (
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// programLanguages are those that the program itself speaks. Feeds are told in them even where the
// Event is not: the words around the titles are.
var programLanguages = []string{"en", "fr", "vi"}

// feedLanguages gives the languages in which the Event's feeds are told, each a Variant. One that is
// asked for and is not among them is answered in the one of these that fits best.
func feedLanguages(e *agenda.Event) []string {
	languages := slices.Clone(e.Languages)
	for _, l := range programLanguages {
		if !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	return languages
}

// settledAt stands for the address of the installation in what is compared: an Event's entries are the
// same on every machine.
const settledAt = "https://agenda.invalid"

// hiding marks the Variant of a public feed that leaves out what is cancelled.
const hiding = "+hide"

// settling is a calendar whose revisions are being brought up to date.
type settling struct {
	app       *App
	tx        *store.Tx
	event     agenda.Event
	snapshot  *agenda.Snapshot // of the latest Release; of the bare Event before the first
	before    store.Calendar
	stamps    []agenda.Stamp // as they were
	now       time.Time      // later than all that was told before
	anew      bool           // everything counts as changed
	published bool           // it is about what is published, too
	changed   []agenda.Stamp
	differ    *difference                  // what the latest Release changed; nil: anything may be otherwise
	told      map[agenda.Variant]revisions // as they are now, as far as that is known
	revision  int                          // that the calendar has got
	witness   string                       // by what all of it is brought up to date; "": only some of it is
}

// settleCalendar brings the revisions of all entries and feeds of an Event up to date, after a
// publication or after something changed that every entry shows. It must run in the transaction that
// changed it.
func (a *App) settleCalendar(tx *store.Tx, e agenda.Event) error {
	s, err := a.settle(tx, e)
	if err != nil {
		return err
	}
	return s.all()
}

// all settles everything, or all that differs.
func (s *settling) all() error {
	s.published = true
	var meetings []agenda.Meeting
	var err error
	// What they show of the draft was settled when it changed: see settleAllMeetings. They name people as they are published.
	if s.differ == nil || len(s.differ.people) > 0 {
		if meetings, err = s.tx.AllMeetings(s.event.ID); err != nil {
			return err
		}
	}
	if s.stamps, err = s.stampsBefore(meetings); err != nil {
		return err
	}
	if err := s.entries(s.addPanels); err != nil {
		return err
	}
	if err := s.addMeetings(meetings); err != nil {
		return err
	}
	if err := s.tx.PutStamps(s.event.ID, s.changed); err != nil {
		return err
	}
	if err := s.settleFeeds(); err != nil {
		return err
	}
	return s.app.count(s)
}

// settleMeetings brings the revisions of the entries of Meetings up to date.
func (a *App) settleMeetings(tx *store.Tx, e agenda.Event, meetings []agenda.Meeting) error {
	s, err := a.settle(tx, e)
	if err != nil {
		return err
	}
	if s.stamps, err = stampsOfMeetings(tx, e, meetings); err != nil {
		return err
	}
	if err := s.addMeetings(meetings); err != nil {
		return err
	}
	if err := tx.PutStamps(e.ID, s.changed); err != nil {
		return err
	}
	return a.count(s)
}

// count notes that what the feeds of an Event show may have changed. It begins at the time, so that no
// state of an Event that was deleted and imported again is taken for another one.
func (a *App) count(s *settling) error {
	next := store.Calendar{Revision: s.before.Revision + 1, Public: s.before.Public, Base: s.before.Base, Languages: feedLanguages(&s.snapshot.Event), Witness: s.before.Witness}
	if s.witness != "" {
		next.Witness = s.witness
	}
	if s.before.Revision == 0 {
		next.Revision = int(a.now().UnixMilli())
	}
	if s.published || next.Public == 0 {
		next.Public = next.Revision
	}
	if a.base != "" {
		next.Base = a.base
	}
	s.revision = next.Revision
	if s.published {
		if err := s.tx.TellPublic(); err != nil {
			return err
		}
	}
	return s.tx.PutCalendar(s.event.ID, next)
}

// fewMeetings are so many that asking for the revisions of each is less work than reading all.
const fewMeetings = 10

func stampsOfMeetings(tx *store.Tx, e agenda.Event, meetings []agenda.Meeting) ([]agenda.Stamp, error) {
	if len(meetings) > fewMeetings {
		return tx.Stamps(e.ID)
	}
	var stamps []agenda.Stamp
	for _, m := range meetings {
		of, err := tx.StampsOf(e.ID, m.UID)
		if err != nil {
			return nil, err
		}
		stamps = append(stamps, of...)
	}
	return stamps, nil
}

func (a *App) settle(tx *store.Tx, e agenda.Event) (*settling, error) {
	s := &settling{app: a, tx: tx, event: e}
	var err error
	if s.snapshot, err = a.feedSnapshot(tx, e); err != nil {
		return nil, err
	}
	if s.before, err = tx.Calendar(e.ID); err != nil {
		return nil, err
	}
	// Who asks for no language, or for one that is not told, may be told in another one than before.
	retold := s.before.Revision > 0 && !slices.Equal(s.before.Languages, feedLanguages(&s.snapshot.Event))
	moved := s.before.Base != "" && a.base != "" && s.before.Base != a.base // all links lead elsewhere
	s.anew = retold || moved
	_, set, err := tx.LastTold(e.ID)
	s.now = afterSecond(latestOf(set, a.clock(&s.snapshot.Event).floor()), a.now())
	return s, err
}

// feedSnapshot gives what the Event's feeds are made from: the latest Release, or the bare Event.
func (a *App) feedSnapshot(tx *store.Tx, e agenda.Event) (*agenda.Snapshot, error) {
	head, err := tx.LatestReleaseHead(e.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return &agenda.Snapshot{Event: e}, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := a.release(tx, head)
	if err != nil {
		return nil, err
	}
	return &r.Snapshot, nil
}

// press gives what makes the feeds of a Snapshot in a language, with links below base.
func press(s *agenda.Snapshot, base, language string) *ical.Press {
	return ical.NewPress(s, linksTo(s, base), language)
}

// linksTo gives the pages below base that entries lead to.
func linksTo(s *agenda.Snapshot, base string) ical.Links {
	site := agenda.Site{Base: base, Slug: s.Event.Slug}
	return ical.Links{Event: site.Page(), Panel: func(p agenda.Panel) string { return site.Panel(p.Code) }}
}

// entries adds to what changed the entries of each Variant that add gives.
func (s *settling) entries(add func(*ical.Press, agenda.Variant) ([]agenda.Entry, error)) error {
	languages := feedLanguages(&s.snapshot.Event)
	for i, language := range languages {
		p := s.app.press(s.snapshot, language, settledAt)
		variants := []agenda.Variant{agenda.Variant(language)}
		if i == 0 {
			variants = append(variants, agenda.BusyVariant)
		}
		for _, v := range variants {
			entries, err := add(p, v)
			if err != nil {
				return err
			}
			s.changed = append(s.changed, agenda.Restamp(s.stamps, entries, s.anew, s.now)...)
		}
	}
	return nil
}

func (s *settling) addPanels(p *ical.Press, v agenda.Variant) ([]agenda.Entry, error) {
	if s.differ != nil {
		return p.EntriesOf(v, s.differ.is, false)
	}
	return p.Entries(v)
}

func (s *settling) addMeetings(meetings []agenda.Meeting) error {
	meetings = slices.DeleteFunc(slices.Clone(meetings), func(m agenda.Meeting) bool { return m.Slot == nil })
	if len(meetings) == 0 {
		return nil
	}
	shown, err := meetingFacts(s.tx, s.event.ID, meetings)
	if err != nil {
		return err
	}
	return s.entries(func(p *ical.Press, v agenda.Variant) ([]agenda.Entry, error) {
		var entries []agenda.Entry
		for _, m := range meetings {
			entry, err := p.MeetingEntry(v, &s.event, shown.appointment(m), shown.people)
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
		}
		return entries, nil
	})
}

// facts are what Meetings show besides themselves.
type facts struct {
	rooms  map[agenda.ID]agenda.Room
	people map[agenda.ID]agenda.Person
}

func meetingFacts(tx *store.Tx, event agenda.ID, meetings []agenda.Meeting) (facts, error) {
	f := facts{rooms: map[agenda.ID]agenda.Room{}, people: map[agenda.ID]agenda.Person{}}
	var ids []agenda.ID
	for _, m := range meetings {
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				ids = append(ids, d.PersonID)
			}
		}
	}
	if len(ids) == 0 {
		return f, nil
	}
	people, err := tx.PeopleByID(event, ids)
	if err != nil {
		return f, err
	}
	for _, p := range people {
		f.people[p.ID] = p
	}
	rooms, err := tx.AllRooms(event)
	if err != nil {
		return f, err
	}
	for _, r := range rooms {
		f.rooms[r.ID] = r
	}
	return f, nil
}

func (f facts) appointment(m agenda.Meeting) ical.Appointment {
	a := ical.Appointment{Meeting: m}
	if m.Slot != nil {
		a.Room = f.rooms[m.Slot.RoomID]
	}
	return a
}

// anyPanel stands for the feeds of single Panels: they change when their entry does, and when this one,
// which has none, does.
var anyPanel = agenda.FeedScope{Kind: agenda.FeedOfPanel}

// settleFeeds notes which public feeds changed, and when.
func (s *settling) settleFeeds() error {
	before, err := s.feedStates()
	if err != nil {
		return err
	}
	states := map[[2]string]store.FeedState{}
	scopes := map[string]time.Time{} // when any Variant changed last: a feed may change its own
	for _, state := range before {
		states[[2]string{state.Scope, state.Variant}] = state
		scopes[state.Scope] = latestOf(scopes[state.Scope], state.Modified)
	}
	if err := s.readTold(); err != nil {
		return err
	}
	var changed []store.FeedState
	for _, language := range feedLanguages(&s.snapshot.Event) {
		p := s.app.press(s.snapshot, language, settledAt)
		of := s.told[agenda.Variant(language)]
		for _, scope := range s.scopesToSettle(p, scopes) {
			content := ""
			for _, cancelled := range []agenda.CancelledItems{agenda.PrefixCancelled, agenda.HideCancelled} {
				if content == "" || p.Cancels(scope) { // or they are the same
					if content, err = s.outline(p, language, ical.Options{Scope: scope, Stamps: of.stamps, Cancelled: cancelled}); err != nil {
						return err
					}
				} else {
					of.sums[feedKey{scope, cancelled}] = of.sums[feedKey{scope, agenda.PrefixCancelled}]
				}
				variant := feedVariant(language, cancelled)
				state := states[[2]string{scope.String(), variant}]
				if state.Content == content && !s.anew {
					continue
				}
				changed = append(changed, store.FeedState{Scope: scope.String(), Variant: variant, Content: content,
					Modified: afterSecond(scopes[scope.String()], s.now)})
			}
		}
	}
	return s.tx.PutFeedStates(s.event.ID, changed)
}

// feedScopes gives the scopes of the agenda as it is and those that were known before: the calendar of
// a room that is gone is empty, so that those who have it learn of it.
func feedScopes(p *ical.Press, before map[string]time.Time) []agenda.FeedScope {
	scopes := append(p.Scopes(), anyPanel)
	now := map[string]bool{}
	for _, scope := range scopes {
		now[scope.String()] = true
	}
	for name := range before {
		if scope, ok := agenda.ParseFeedScope(name); ok && !now[name] {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

func feedVariant(language string, cancelled agenda.CancelledItems) string {
	if cancelled == agenda.HideCancelled {
		return language + hiding
	}
	return language
}

// afterSecond gives now in whole seconds, which is what HTTP and calendars tell, but later than last.
func afterSecond(last, now time.Time) time.Time {
	now = now.UTC().Truncate(time.Second)
	if !now.After(last) {
		return last.Add(time.Second)
	}
	return now
}
