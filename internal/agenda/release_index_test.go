package agenda

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
)

// unindexed leaves out of comparisons where a Snapshot has what.
var unindexed = cmpopts.IgnoreUnexported(Snapshot{})

// What is found by the index is what is there, also in a copy that was changed after the index was made.
func TestSnapshotIndex(t *testing.T) {
	var s Snapshot
	for i := range 20 {
		s.Panels = append(s.Panels, Panel{ID: ID(fmt.Sprint("panel", i)), Number: i})
		s.People = append(s.People, Person{ID: ID(fmt.Sprint("person", i)), Serial: i})
	}
	s.Index()
	all := func(s *Snapshot, from, to int) {
		t.Helper()
		for i := range 25 {
			p, known := s.Panel(fmt.Sprint("panel", i))
			who, there := s.Person(ID(fmt.Sprint("person", i)))
			if is := i >= from && i < to; known != is || there != is || is && (p.Number != i || who.Serial != i) {
				t.Errorf("%d: %v %v, %v %v", i, p.Number, known, who.Serial, there)
			}
		}
	}
	all(&s, 0, 20)
	other := s
	other.Panels, other.People = append([]Panel(nil), s.Panels[5:]...), append([]Person(nil), s.People[5:]...)
	other.Panels[0], other.Panels[1] = other.Panels[1], other.Panels[0]
	for i := 20; i < 23; i++ {
		other.Panels = append(other.Panels, Panel{ID: ID(fmt.Sprint("panel", i)), Number: i})
		other.People = append(other.People, Person{ID: ID(fmt.Sprint("person", i)), Serial: i})
	}
	all(&other, 5, 23)
	all(&s, 0, 20)
	if p := (*Snapshot)(nil).panelOf("panel1"); p != nil {
		t.Errorf("nothing has %v", p)
	}
}
