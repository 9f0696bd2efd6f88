package agenda

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
)

// unindexed leaves out of comparisons where a Snapshot has what.
var unindexed = cmpopts.IgnoreUnexported(Snapshot{})

// Snapshots share their Panels: what is made of one leaves the others as they are.
func TestSharedPanelsStay(t *testing.T) {
	f := newForum()
	p, q := f.panel(t, "1", "b", "10:00", "11:00", "hung"), f.panel(t, "2", "a", "10:00", "11:00", "anna")
	p.Materials, p.Revision = []Material{{ID: "m", File: "a.pdf", Title: "Slides of Nguyễn Mạnh Hùng", Public: true}}, 3
	d := Draft{Event: f.event, Rooms: f.rooms, People: f.people, Panels: []Panel{p, q}}
	d.People[0].Photo = "lan.jpg"
	first := NewSnapshot(d, nil)
	for name, change := range map[string]func(Snapshot) Snapshot{
		"bare":          func(s Snapshot) Snapshot { return s.Bare() },
		"without files": func(s Snapshot) Snapshot { s.WithoutFiles(); return s },
		"erased": func(s Snapshot) Snapshot {
			s, _ = s.Erase("hung", Person{ID: "x", Name: "Erased person"}, Traces{"Nguyễn Mạnh Hùng"})
			return s
		},
		"sorted otherwise": func(s Snapshot) Snapshot {
			s.Rooms = slices.Clone(s.Rooms)
			slices.Reverse(s.Rooms)
			s.SortPanels()
			return s
		},
		"shared": func(s Snapshot) Snapshot {
			changed := d
			changed.Panels = []Panel{p, f.panel(t, "2", "a", "11:00", "12:00", "anna")}
			next := NewSnapshot(changed, &s)
			next.panelOf("1")
			if next.Share(&s); next.panelOf("1") != s.panelOf("1") || next.panelOf("2") == s.panelOf("2") || next.Panels[0] != s.panelOf("1") {
				t.Error("what is the same is not shared, or what is not is")
			}
			return next
		},
	} {
		was := asJSON(t, &first)
		next := change(first)
		if !bytes.Equal(was, asJSON(t, &first)) {
			t.Errorf("%s: the snapshot itself was changed", name)
		}
		if bytes.Equal(was, asJSON(t, &next)) {
			t.Errorf("%s: nothing was changed", name)
		}
	}
}

// What is found by the index is what is there, also in a copy that was changed after the index was made.
func TestSnapshotIndex(t *testing.T) {
	var s Snapshot
	for i := range 20 {
		s.Panels = append(s.Panels, &Panel{ID: ID(fmt.Sprint("panel", i)), Number: i})
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
	other.Panels, other.People = append([]*Panel(nil), s.Panels[5:]...), append([]Person(nil), s.People[5:]...)
	other.Panels[0], other.Panels[1] = other.Panels[1], other.Panels[0]
	for i := 20; i < 23; i++ {
		other.Panels = append(other.Panels, &Panel{ID: ID(fmt.Sprint("panel", i)), Number: i})
		other.People = append(other.People, Person{ID: ID(fmt.Sprint("person", i)), Serial: i})
	}
	all(&other, 5, 23)
	all(&s, 0, 20)
	if p := (*Snapshot)(nil).panelOf("panel1"); p != nil {
		t.Errorf("nothing has %v", p)
	}
}
