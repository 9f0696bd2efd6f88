package agenda

import (
	"regexp"
	"strconv"
	"time"
)

// RoomKind says what a Room is for.
type RoomKind string

// The kinds of Room. Panels that span all rooms span halls, not tables.
const (
	RoomHall  RoomKind = "hall"
	RoomTable RoomKind = "table" // a meeting table or a booth for two delegations
)

// RoomKinds lists the kinds.
var RoomKinds = []RoomKind{RoomHall, RoomTable}

// Room is where Panels and Meetings take place, one at a time unless Parallel.
type Room struct {
	ID          ID
	EventID     ID
	Serial      int // see [Serials]
	Name        Text
	Description Text // how to find it
	Kind        RoomKind
	Capacity    int // people; 0: unknown
	Position    int // in lists and columns, ascending
	Parallel    bool
	Walks       []Walk // to other Rooms, when not the Event's buffer
	Turnaround  *int   // minutes that it needs between two items; nil: what the Event says of tables, none for a hall
	Revision    int
	Created     time.Time
	Updated     time.Time
}

// Walk is how long it takes to another Room. It counts in both directions; of two that contradict
// each other the longer one holds.
type Walk struct {
	To      ID
	Minutes int
}

// Clean tidies what was typed.
func (r *Room) Clean() { r.Name, r.Description = r.Name.Clean(), r.Description.Clean() }

// Check says everything that is wrong with the Room at once.
func (r Room) Check() error {
	var f Faults
	r.Name.Check(&f, "/name", MaxName, true)
	r.Description.Check(&f, "/description", MaxProse, false)
	checkOneOf(&f, "/kind", r.Kind, RoomKinds)
	checkRange(&f, "/capacity", r.Capacity, 0, 1_000_000)
	checkRange(&f, "/position", r.Position, 0, 1_000_000)
	if r.Turnaround != nil {
		checkRange(&f, "/turnaround_minutes", *r.Turnaround, 0, MaxBuffer)
	}
	seen := map[ID]bool{}
	for i, w := range r.Walks {
		at := index("/walks", i)
		if w.To == r.ID || w.To == "" {
			f.Add(at+"/to", "must be another room")
		} else if seen[w.To] {
			f.Add(at+"/to", "is in the list a second time")
		}
		seen[w.To] = true
		checkRange(&f, at+"/minutes", w.Minutes, 0, 24*60)
	}
	return f.Err("room")
}

// Track is a thematic strand.
type Track struct {
	ID          ID
	EventID     ID
	Serial      int // see [Serials]
	Name        Text
	Description Text
	Color       string // "#rrggbb"
	Position    int
	Revision    int
	Created     time.Time
	Updated     time.Time
}

// Clean tidies what was typed.
func (t *Track) Clean() { t.Name, t.Description = t.Name.Clean(), t.Description.Clean() }

var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Check says everything that is wrong with the Track at once.
func (t Track) Check() error {
	var f Faults
	t.Name.Check(&f, "/name", MaxName, true)
	t.Description.Check(&f, "/description", MaxProse, false)
	checkColor(&f, "/color", t.Color)
	checkRange(&f, "/position", t.Position, 0, 1_000_000)
	return f.Err("track")
}

func index(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

func checkOneOf[T ~string](f *Faults, pointer string, got T, known []T) {
	for _, k := range known {
		if got == k {
			return
		}
	}
	list := ""
	for i, k := range known {
		if i > 0 {
			list += ", "
		}
		list += string(k)
	}
	f.Add(pointer, "is %q, but must be one of %s", clip(string(got)), list)
}

// checkColor adds to faults why s is no colour; none at all is fine.
func checkColor(f *Faults, pointer, s string) {
	if s != "" && !colorPattern.MatchString(s) {
		f.Add(pointer, "%q is not a colour such as #005bbb, in lower case", clip(s))
	}
}
