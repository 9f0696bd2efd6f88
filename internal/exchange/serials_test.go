package exchange

import (
	"fmt"
	"slices"
	"testing"

	"plenary/internal/agenda"
)

func TestSerials(t *testing.T) {
	rooms := []agenda.Room{{ID: "a", Serial: 5}, {ID: "b"}, {ID: "c", Serial: 5}, {ID: "d", Serial: 1}, {ID: "e", Serial: -3}, {ID: "f", Serial: agenda.MaxSerial + 1}}
	of := serialsOf(&agenda.Snapshot{Rooms: rooms}).rooms
	if of["a"] != 5 || of["d"] != 1 {
		t.Errorf("serials that are there: %v", of)
	}
	seen := map[int]bool{}
	for id, n := range of {
		if n <= 0 || n > agenda.MaxSerial || seen[n] {
			t.Errorf("%s has %d", id, n)
		}
		seen[n] = true
	}
	slices.Reverse(rooms)
	if again := serialsOf(&agenda.Snapshot{Rooms: rooms}).rooms; fmt.Sprint(again) != fmt.Sprint(of) {
		t.Errorf("in another order: %v, want %v", again, of)
	}
}

// What other programs keep under a number made of an identity has to be found under it again, by every later program.
func TestNumbersStay(t *testing.T) {
	used := map[int]bool{}
	if n := number("0199f0a0-0000-7000-8000-000000000031", used); n != 361171780 {
		t.Errorf("the number is %d", n)
	}
	if n := number("0199f0a0-0000-7000-8000-000000000031", used); n != 361171781 {
		t.Errorf("the number where that is used is %d", n)
	}
	// The sums of these names are the ends of the range.
	if n := number("2231b98", map[int]bool{}); n != 1 {
		t.Errorf("of 0, the number is %d", n)
	}
}

func TestSerialsOfManyAreUnique(t *testing.T) {
	panels := make([]agenda.Panel, 100_000) // of which some collide for certain: 2^31 numbers
	for i := range panels {
		panels[i].ID = uuid(i)
	}
	seen := make(map[int]bool, len(panels))
	for _, n := range serialsOf(&agenda.Snapshot{Panels: agenda.Pointers(panels)}).panels {
		if n <= 0 || n > agenda.MaxSerial || seen[n] {
			t.Fatalf("%d twice, or out of range", n)
		}
		seen[n] = true
	}
}
