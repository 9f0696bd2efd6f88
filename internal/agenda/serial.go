package agenda

// MaxSerial is the largest serial: programs on phones keep it in a signed integer of 32 bits.
const MaxSerial = 1<<31 - 1

// SerialKind is what a serial numbers; each kind counts for itself.
type SerialKind string

// The kinds.
const (
	PanelSerial  SerialKind = "panel"
	RoomSerial   SerialKind = "room"
	TrackSerial  SerialKind = "track"
	PersonSerial SerialKind = "person"
)

// SerialKinds lists the kinds.
var SerialKinds = []SerialKind{PanelSerial, RoomSerial, TrackSerial, PersonSerial}

// Serials gives serials: the positive integers by which programs that know no other identity know a Panel, a Room, a
// Track or a Person of an Event. They keep favourites and alarms under it, so that it stays the same as long as the thing
// exists, and is never given to another one of its kind.
type Serials struct {
	used map[int]bool
	last int
}

// NewSerials makes Serials of one kind that give none of those that are or were in use.
func NewSerials(used []int) *Serials {
	s := &Serials{used: make(map[int]bool, len(used))}
	for _, n := range used {
		s.used[n] = true
	}
	return s
}

// Claim gives a thing the serial that it has elsewhere, and says whether that is possible.
func (s *Serials) Claim(n int) bool {
	if n < 1 || n > MaxSerial || s.used[n] {
		return false
	}
	s.used[n] = true
	return true
}

// Next gives the smallest serial that nothing has had.
func (s *Serials) Next() int {
	for s.last++; s.used[s.last]; s.last++ {
	}
	s.used[s.last] = true
	return s.last
}
