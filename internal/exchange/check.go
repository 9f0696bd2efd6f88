package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
)

var (
	idPattern   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// checker notes what is wrong with a Bundle besides its shape.
type checker struct {
	faults   *agenda.Faults
	zoned    bool // the Event's zone is known, so that a missing time is nobody's fault but its own
	rooms    map[agenda.ID]bool
	tracks   map[agenda.ID]bool
	people   map[agenda.ID]bool
	panels   map[agenda.ID]agenda.ID // what each is replaced by
	meetings map[agenda.ID]bool
	first    map[string]string // where a thing that must be unique was first seen, by what it is
}

// check notes everything that is wrong with the Bundle: each noun on its own, identities and other
// keys that are there twice, and references to what is not there. o is what the Bundle was read from.
func check(faults *agenda.Faults, b Bundle, o bundleObject) {
	c := newChecker(faults, b.Draft.Event, b.Draft.Rooms, b.Draft.Tracks, b.Draft.People)
	c.event("/event", b.Draft.Event, o.Event)
	c.plan("", b.Draft.Rooms, b.Draft.Tracks, b.Draft.People, agenda.Pointers(b.Draft.Panels))
	for i, a := range b.Availabilities {
		c.availability(at("/availabilities", i), a)
	}
	for i, m := range b.Meetings {
		c.meeting(at("/meetings", i), m)
	}
	c.meetingLife(b)
	for i, s := range b.StandIns {
		c.standIn(at("/stand_ins", i), s)
	}
	for i, s := range b.Stamps {
		c.stamp(at("/stamps", i), s)
	}
	for i, f := range b.Feeds {
		c.feed(at("/feeds", i), f)
	}
	for i, s := range b.Sources {
		c.source(at("/sources", i), s)
	}
	numbers := make([]int, 0, len(b.Releases))
	for i, r := range b.Releases {
		numbers = append(numbers, r.Number)
		c.release(at("/releases", i), r, b.Draft.Event.ID, o.Releases[i].Snapshot.Event)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != i+1 {
			c.faults.Add("/releases", "are not numbered 1, 2, 3, … without gaps")
			break
		}
	}
	// Faults are gathered from maps as well: their order must not depend on the run.
	slices.SortStableFunc(*faults, func(a, b agenda.Fault) int { return strings.Compare(a.Pointer, b.Pointer) })
}

func newChecker(faults *agenda.Faults, e agenda.Event, rooms []agenda.Room, tracks []agenda.Track, people []agenda.Person) *checker {
	return &checker{faults: faults, zoned: zoneOf(e.Zone) != nil, first: map[string]string{}, meetings: map[agenda.ID]bool{},
		rooms:  setOf(rooms, func(r agenda.Room) agenda.ID { return r.ID }),
		tracks: setOf(tracks, func(t agenda.Track) agenda.ID { return t.ID }),
		people: setOf(people, func(p agenda.Person) agenda.ID { return p.ID })}
}

func (c *checker) event(pointer string, e agenda.Event, o eventObject) {
	c.identity(pointer, "event", e.ID)
	c.faults.Merge(pointer, e.Check())
	if (o.Venue.Latitude == nil) != (o.Venue.Longitude == nil) {
		c.faults.Add(pointer+"/venue", "needs both latitude and longitude, or neither")
	}
	c.revision(pointer, e.Revision)
}

func (c *checker) plan(prefix string, rooms []agenda.Room, tracks []agenda.Track, people []agenda.Person, panels []*agenda.Panel) {
	for i, r := range rooms {
		pointer := at(prefix+"/rooms", i)
		c.identity(pointer, "room", r.ID)
		c.faults.Merge(pointer, r.Check())
		c.revision(pointer, r.Revision)
		c.serial(pointer, agenda.RoomSerial, r.Serial)
		for j, w := range r.Walks {
			c.refer(at(pointer+"/walks", j)+"/to", "room", w.To, c.rooms)
		}
	}
	for i, t := range tracks {
		pointer := at(prefix+"/tracks", i)
		c.identity(pointer, "track", t.ID)
		c.faults.Merge(pointer, t.Check())
		c.revision(pointer, t.Revision)
		c.serial(pointer, agenda.TrackSerial, t.Serial)
	}
	for i, p := range people {
		pointer := at(prefix+"/people", i)
		c.identity(pointer, "person", p.ID)
		c.faults.Merge(pointer, p.Check())
		c.revision(pointer, p.Revision)
		c.serial(pointer, agenda.PersonSerial, p.Serial)
	}
	c.panels = map[agenda.ID]agenda.ID{}
	for _, p := range panels {
		c.panels[p.ID] = p.ReplacedBy
	}
	for i, p := range panels {
		c.panel(at(prefix+"/panels", i), *p)
	}
}

func (c *checker) panel(pointer string, p agenda.Panel) {
	c.identity(pointer, "panel", p.ID)
	c.unique(pointer+"/code", "code", p.Code)
	c.uid(pointer, p.UID)
	c.faults.Merge(pointer, p.Check())
	c.revision(pointer, p.Revision)
	c.serial(pointer, agenda.PanelSerial, p.Serial)
	c.refer(pointer+"/track", "track", p.TrackID, c.tracks)
	if p.Slot != nil {
		c.refer(pointer+"/slot/room", "room", p.Slot.RoomID, c.rooms)
	}
	if _, there := c.panels[p.ReplacedBy]; p.ReplacedBy != "" && !there {
		c.faults.Add(pointer+"/replaced_by", "names a panel that is not there")
	} else if p.ReplacedBy != p.ID && agenda.ReplacementLeadsBack(p, func(id agenda.ID) agenda.ID { return c.panels[id] }) {
		c.faults.Add(pointer+"/replaced_by", "leads back to the panel")
	}
	c.speakers(pointer, p.Speakers)
	for i, v := range p.Interventions {
		c.identity(at(pointer+"/interventions", i), "intervention", v.ID)
		c.speakers(at(pointer+"/interventions", i), v.Speakers)
	}
}

func (c *checker) speakers(pointer string, speakers []agenda.Speaker) {
	for i, s := range speakers {
		c.refer(at(pointer+"/speakers", i)+"/person", "person", s.PersonID, c.people)
	}
}

func (c *checker) availability(pointer string, a agenda.Availability) {
	c.identity(pointer, "availability", a.ID)
	if a.Start.IsZero() || a.End.IsZero() {
		// The time itself is told as a fault already; that it is not after another would be noise.
		a.End.At = a.Start.At.AddDate(1, 0, 0)
	}
	c.faults.Merge(pointer, a.Check())
	c.revision(pointer, a.Revision)
	known := c.people
	if a.Resource.Kind == agenda.RoomResource {
		known = c.rooms
	}
	if a.Resource.ID == "" {
		c.faults.Add(pointer+"/resource/id", "is needed")
	}
	c.refer(pointer+"/resource/id", string(a.Resource.Kind), a.Resource.ID, known)
}

func (c *checker) standIn(pointer string, s agenda.StandIn) {
	c.identity(pointer, "stand-in", s.ID)
	c.faults.Merge(pointer, s.Check())
	c.refer(pointer+"/meeting", "meeting", s.MeetingID, c.meetings)
}

func (c *checker) feed(pointer string, f agenda.Feed) {
	c.identity(pointer, "feed", f.ID)
	c.faults.Merge(pointer, f.Check())
	c.refer(pointer+"/person", "person", f.PersonID, c.people)
	agenda.CheckString(c.faults, pointer+"/fetched_by", f.FetchedBy, agenda.MaxURL)
	agenda.CheckString(c.faults, pointer+"/content", f.Content, agenda.MaxName)
	if !hashPattern.MatchString(f.Hash) {
		c.faults.Add(pointer+"/hash", "is not a SHA-256 hash, 64 hexadecimal digits in lower case")
	}
	if f.KeyHash != "" && !hashPattern.MatchString(f.KeyHash) {
		c.faults.Add(pointer+"/key_hash", "is not a SHA-256 hash, 64 hexadecimal digits in lower case")
	}
	if f.Revision < 1 {
		c.faults.Add(pointer+"/revision", "must be at least 1")
	}
	if f.Turn < 0 {
		c.faults.Add(pointer+"/turn", "is negative")
	}
	c.unique(pointer+"/hash", "hash", f.Hash)
}

// identity notes what is wrong with an identity, or that something else of the kind has it.
func (c *checker) identity(pointer, kind string, id agenda.ID) {
	pointer += "/id"
	switch {
	case id == "":
		c.faults.Add(pointer, "is needed")
	case !idPattern.MatchString(string(id)):
		c.faults.Add(pointer, "is not a UUID in lower case, such as 019a1f6e-5d2a-7c31-8e4f-0123456789ab")
	default:
		c.unique(pointer, kind+" id", string(id))
	}
}

// unique notes that something else has the value already.
func (c *checker) unique(pointer, what, value string) {
	if value == "" {
		return
	}
	if first, taken := c.first[what+" "+value]; taken {
		c.faults.Add(pointer, "is the same %s as that of %s", what, first)
		return
	}
	c.first[what+" "+value] = pointer
}

func (c *checker) uid(pointer, uid string) {
	if uid == "" {
		c.faults.Add(pointer+"/uid", "is needed")
	}
	agenda.CheckString(c.faults, pointer+"/uid", uid, 255)
	c.unique(pointer+"/uid", "uid", uid)
}

func (c *checker) revision(pointer string, n int) {
	if n < 0 {
		c.faults.Add(pointer+"/revision", "is negative")
	}
}

// serial notes a serial that is none, or that another thing of its kind has.
func (c *checker) serial(pointer string, kind agenda.SerialKind, n int) {
	if n < 0 || n > agenda.MaxSerial {
		c.faults.Add(pointer+"/serial", "must be between 1 and %d", agenda.MaxSerial)
	} else if n > 0 {
		c.unique(pointer+"/serial", string(kind)+" serial", strconv.Itoa(n))
	}
}

// refer notes that what is referred to is not there. Whether there must be a reference at all is for
// others to say.
func (c *checker) refer(pointer, kind string, id agenda.ID, known map[agenda.ID]bool) {
	if id != "" && !known[id] {
		c.faults.Add(pointer, "names a %s that is not there", kind)
	}
}

func setOf[T any](list []T, id func(T) agenda.ID) map[agenda.ID]bool {
	set := make(map[agenda.ID]bool, len(list))
	for _, item := range list {
		set[id(item)] = true
	}
	return set
}
