package agenda

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"
)

// Draft is everything that organizers have of an Event, published or not, but for its Meetings.
type Draft struct {
	Event  Event
	Rooms  []Room
	Tracks []Track
	People []Person
	Panels []Panel
}

// Release is an immutable, numbered publication of the agenda.
type Release struct {
	ID        ID
	EventID   ID
	Number    int // 1 and up, without gaps
	Published time.Time
	By        string // name of the Actor
	Note      Text   // why, for the public
	Snapshot  Snapshot
	// Erasures is how often somebody was erased from it, and Erased when last: nothing else changes a Release.
	Erasures int
	Erased   time.Time
}

// State names the Release in the state that it is in: what is made from it is the same as long as that is.
func (r Release) State() string {
	if r.Erasures == 0 {
		return string(r.ID)
	}
	return string(r.ID) + "+" + strconv.Itoa(r.Erasures)
}

// Modified is when it became what it is.
func (r Release) Modified() time.Time {
	if r.Erased.After(r.Published) {
		return r.Erased
	}
	return r.Published
}

// History is what each Release of an Event changed.
type History struct {
	Event Event // as the newest Release has it
	Steps []Step
}

// Step is a Release, without its Snapshot, and what it changed from the one before; of the first one all Panels are added.
type Step struct {
	Release
	Changes []Change
	LeftOut int // how many changes it has besides: then Changes are none
}

// A History tells what each of its newest Steps changed, and of older ones as long as that is not too much.
const (
	WholeSteps     = 30
	MaxToldChanges = 5_000
)

// Newest gives the newest Release; nil when there is none.
func (h History) Newest() *Release {
	if len(h.Steps) == 0 {
		return nil
	}
	return &h.Steps[len(h.Steps)-1].Release
}

// Snapshot is what the public sees of an Event: scheduled Panels, confirmed Speakers, and nothing
// that only organizers may know. It holds all that the public answers are made from.
type Snapshot struct {
	Event  Event
	Rooms  []Room
	Tracks []Track
	People []Person
	// Panels are in the order of the agenda. Snapshots share those that are the same in them: a Panel is never changed where it is,
	// nor is what is in it, but another one is put in its place, in a list of one's own.
	Panels []*Panel
	// Removed are the Panels that were published once and no longer are: calendars tell for a while
	// that they are cancelled. They have nothing but what it takes for that.
	Removed []Panel

	at  *positions // nil: what is looked for is looked for among all
	how *making    // nil: not known
}

// NewSnapshot makes what the public may see of a Draft. What was in the Snapshot before and no
// longer is becomes Removed; before is nil for the first.
func NewSnapshot(d Draft, before *Snapshot) Snapshot {
	s := Snapshot{Event: d.Event}
	s.Event.Frame = MeetingFrame{}
	s.Rooms = slices.SortedFunc(publicRooms(d), func(a, b Room) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	s.Tracks = slices.SortedFunc(slices.Values(d.Tracks), func(a, b Track) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	shown := map[ID]bool{}
	for i := range d.Panels {
		if d.Panels[i].Slot == nil {
			continue
		}
		p := d.Panels[i].public()
		for _, speaker := range p.AllSpeakers() {
			shown[speaker.PersonID] = true
		}
		s.Panels = append(s.Panels, &p) // each by itself: one that is shared must not hold all others in memory
	}
	s.dropReplacements()
	s.SortPanels()
	for _, person := range d.People {
		if shown[person.ID] {
			s.People = append(s.People, person.Public())
		}
	}
	slices.SortFunc(s.People, func(a, b Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	if before != nil {
		s.remove(before)
	}
	s.Index()
	s.comesFrom(&lineage{})
	return s
}

// dropReplacements leaves nothing of what is replaced by a Panel that is not published, or takes place itself. Nobody else may have
// these Panels yet.
func (s *Snapshot) dropReplacements() {
	published := make(map[ID]bool, len(s.Panels))
	for _, p := range s.Panels {
		published[p.ID] = true
	}
	for _, p := range s.Panels {
		if !published[p.ReplacedBy] || !p.Cancelled {
			p.ReplacedBy = ""
		}
	}
}

// remove keeps of the Snapshot before what is not published any more.
func (s *Snapshot) remove(before *Snapshot) {
	published := make(map[ID]bool, len(s.Panels))
	back := make(map[string]bool, len(s.Panels)) // an entry of this UID is told by another Panel now
	for _, p := range s.Panels {
		published[p.ID] = true
		back[p.UID] = true
	}
	zone := s.Event.Location()
	for _, p := range before.WithRemoved() {
		if published[p.ID] || back[p.UID] {
			continue
		}
		gone := Panel{ID: p.ID, EventID: p.EventID, Serial: p.Serial, UID: p.UID, Code: p.Code, Number: p.Number, Format: p.Format, Title: p.Title,
			TrackID: p.TrackID, AllRooms: p.AllRooms, Cancelled: true, Speakers: p.AllSpeakers()}
		slot := *p.Slot
		// Times that the Event's present zone does not have, or not in that order, were right in the zone that it had.
		if moved, err := slot.Rezone(zone); err == nil {
			slot = moved
		}
		gone.Slot = &slot
		s.Removed = append(s.Removed, gone)
	}
	slices.SortFunc(s.Removed, func(a, b Panel) int {
		return cmp.Or(a.Slot.Start.At.Compare(b.Slot.Start.At), cmp.Compare(a.ID, b.ID))
	})
}

// publicRooms gives the halls, and of the meeting tables only those in which a Panel takes place: where
// delegations meet is nobody else's business.
func publicRooms(d Draft) iter.Seq[Room] {
	used := map[ID]bool{}
	for _, p := range d.Panels {
		if p.Slot != nil {
			used[p.Slot.RoomID] = true
		}
	}
	return func(yield func(Room) bool) {
		for _, r := range d.Rooms {
			if r.Kind == RoomTable && !used[r.ID] {
				continue
			}
			r.Walks, r.Turnaround = nil, nil // they may lead to tables
			if !yield(r) {
				return
			}
		}
	}
}

// AllSpeakers gives the Speakers of the Panel and of its Interventions.
func (p Panel) AllSpeakers() []Speaker {
	all := slices.Clone(p.Speakers)
	for _, v := range p.Interventions {
		all = append(all, v.Speakers...)
	}
	return all
}

// Names says whether one of these people has a part in the Panel.
func (p *Panel) Names(people map[ID]bool) bool {
	if len(people) == 0 {
		return false
	}
	in := func(s Speaker) bool { return people[s.PersonID] }
	return slices.ContainsFunc(p.Speakers, in) ||
		slices.ContainsFunc(p.Interventions, func(v Intervention) bool { return slices.ContainsFunc(v.Speakers, in) })
}

// public gives the Panel without what only organizers may see.
func (p Panel) public() Panel {
	p.Notes, p.Audience = "", 0
	p.Speakers = confirmed(p.Speakers)
	p.Materials = slices.DeleteFunc(slices.Clone(p.Materials), func(m Material) bool { return !m.Public })
	if len(p.Materials) == 0 {
		p.Materials = nil
	}
	p.Interventions = slices.Clone(p.Interventions)
	for i := range p.Interventions {
		p.Interventions[i].Speakers = confirmed(p.Interventions[i].Speakers)
	}
	return p
}

func confirmed(speakers []Speaker) []Speaker {
	var come []Speaker
	for _, s := range speakers {
		if s.Status == Confirmed {
			come = append(come, s)
		}
	}
	return come
}

// SortPanels brings the Panels into the order of the agenda: by start, those that span all rooms
// first, then by the Room's position.
func (s *Snapshot) SortPanels() {
	if len(s.Panels) == 0 {
		return
	}
	s.Panels = slices.Clone(s.Panels) // others may have this list
	slices.SortStableFunc(s.Panels, s.agendaOrder())
}

// Room gives the Room of that identity.
func (s *Snapshot) Room(id ID) (Room, bool) {
	return find(s.Rooms, func(r *Room) bool { return r.ID == id })
}

// Track gives the Track of that identity.
func (s *Snapshot) Track(id ID) (Track, bool) {
	return find(s.Tracks, func(t *Track) bool { return t.ID == id })
}

// Person gives the Person of that identity.
func (s *Snapshot) Person(id ID) (Person, bool) {
	if p := s.personOf(id); p != nil {
		return *p, true
	}
	return Person{}, false
}

// Panel gives the Panel of that identity or code.
func (s *Snapshot) Panel(idOrCode string) (Panel, bool) {
	if p := s.panelOf(ID(idOrCode)); p != nil {
		return *p, true
	}
	if i := slices.IndexFunc(s.Panels, func(p *Panel) bool { return p.Code == idOrCode }); i >= 0 {
		return *s.Panels[i], true
	}
	return Panel{}, false
}

// RemovedPanel gives the Panel of that identity or code that was published once and no longer is.
func (s *Snapshot) RemovedPanel(idOrCode string) (Panel, bool) {
	return find(s.Removed, func(p *Panel) bool { return string(p.ID) == idOrCode || p.Code == idOrCode })
}

// WithRemoved gives the Panels, and after them those that were published once and no longer are.
func (s *Snapshot) WithRemoved() []*Panel { return slices.Concat(s.Panels, Pointers(s.Removed)) }

func find[T any](list []T, is func(*T) bool) (T, bool) {
	for i := range list { // they are large: none is copied but the one
		if is(&list[i]) {
			return list[i], true
		}
	}
	var none T
	return none, false
}

// Days gives the days of the Event, and any other on which a Panel begins.
func (s *Snapshot) Days() []Date {
	days := s.Event.Days()
	for _, p := range s.Panels { // in the order of time
		if day := p.Slot.Day(); len(days) == 0 || day != days[len(days)-1] {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Pointers gives pointers to what is in a list.
func Pointers[T any](list []T) []*T {
	to := make([]*T, len(list))
	for i := range list {
		to[i] = &list[i]
	}
	return to
}

func byID[T any](list []T, id func(T) ID) map[ID]T {
	m := make(map[ID]T, len(list))
	for _, item := range list {
		m[id(item)] = item
	}
	return m
}

func roomID(r Room) ID   { return r.ID }
func trackID(t Track) ID { return t.ID }
