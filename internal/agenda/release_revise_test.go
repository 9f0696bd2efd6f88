package agenda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// revise changes some Panels of a draft, and says which.
func revise(r *rand.Rand, d *Draft) (changed []Panel) {
	for range 1 + r.IntN(2) {
		i := r.IntN(len(d.Panels))
		p := d.Panels[i]
		switch r.IntN(9) {
		case 0, 1, 2:
			if p.Slot != nil {
				s := *p.Slot
				at := minute(r.IntN(600))
				s.Start, s.End, s.RoomID = MomentOf(hanoi, at), MomentOf(hanoi, at.Add(time.Hour)), d.Rooms[r.IntN(len(d.Rooms))].ID
				p.Slot = &s
			}
		case 3:
			p.Title = Text{"en": fmt.Sprint("Title ", r.IntN(1000))}
		case 4:
			p.Speakers = slices.Clone(p.Speakers)
			if len(p.Speakers) > 0 {
				p.Speakers[0].Status = SpeakerStatuses[r.IntN(len(SpeakerStatuses))]
			}
		case 5:
			p.Cancelled = !p.Cancelled
		case 6:
			p.AllRooms, p.Audience, p.Notes = !p.AllRooms, r.IntN(100), "secret"
		case 7:
			if r.IntN(2) == 0 {
				p.ReplacedBy = d.Panels[r.IntN(len(d.Panels))].ID
			} else {
				p.ReplacedBy = ""
			}
		case 8:
			p.Code = fmt.Sprint("C", r.IntN(100))
		}
		p.Revision++
		d.Panels[i] = p
		changed = slices.DeleteFunc(changed, func(q Panel) bool { return q.ID == p.ID })
		changed = append(changed, p)
	}
	return changed
}

// What is revised is what is made anew of the whole draft, and the Panels of which it is told that they may be otherwise are all that
// are: over histories of releases.
func TestARevisedSnapshotIsAsMadeAnew(t *testing.T) {
	revised, anew := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		f := newForum()
		d := Draft{Event: f.event, Rooms: f.rooms, People: f.people}
		for i := range 12 {
			p := f.panel(t, ID(fmt.Sprint(i)), []ID{"a", "b", "t1"}[r.IntN(3)], "10:00", "11:00", f.people[r.IntN(len(f.people))].ID)
			p.UID, p.Code = fmt.Sprint("u", i), fmt.Sprint("P", i)
			if i == 11 {
				p.Slot = nil
			}
			d.Panels = append(d.Panels, p)
		}
		releases := []Snapshot{NewSnapshot(d, nil)}
		bodies := [][]byte{asJSON(t, &releases[0])}
		for step := range 40 {
			last := &releases[len(releases)-1]
			changed := revise(r, &d)
			want := NewSnapshot(d, last)
			got, can := last.Revise(changed)
			if !can {
				want.Share(last)
				releases, bodies = append(releases, want), append(bodies, asJSON(t, &want))
				anew++
				continue
			}
			revised++
			if diff := cmp.Diff(want, got, unindexed); diff != "" {
				t.Fatalf("seed %d, step %d (-anew +revised):\n%s", seed, step, diff)
			}
			releases, bodies = append(releases, got), append(bodies, asJSON(t, &got))
			for i := range releases {
				compareSince(t, &releases[i], &got)
			}
		}
		for i := range releases {
			if !bytes.Equal(bodies[i], asJSON(t, &releases[i])) {
				t.Fatalf("seed %d: release %d is not any more as it was", seed, i)
			}
			findEach(t, &releases[i], &d)
		}
	}
	if revised < 500 || anew < 100 {
		t.Errorf("%d were revised, %d made anew", revised, anew)
	}
}

func asJSON(t *testing.T, s *Snapshot) []byte {
	t.Helper()
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// findEach holds that each Panel of a draft is found in the Snapshot where it is, if it is there.
func findEach(t *testing.T, s *Snapshot, d *Draft) {
	t.Helper()
	for _, p := range d.Panels {
		at := slices.IndexFunc(s.Panels, func(q *Panel) bool { return q.ID == p.ID })
		if q := s.panelOf(p.ID); (q == nil) != (at < 0) || q != nil && q != s.Panels[at] {
			t.Fatalf("panel %s is found as %v, and is at %d", p.ID, q, at)
		}
	}
}

// compareSince holds that what is said to be otherwise is all that is, and that the differences told are those of other copies, of
// which nothing is known.
func compareSince(t *testing.T, earlier, s *Snapshot) {
	t.Helper()
	panels, known := s.Since(earlier)
	if !known {
		return
	}
	for _, p := range s.Panels {
		if q := earlier.panelOf(p.ID); !panels[p.ID] && (q == nil || !p.Same(q)) {
			t.Fatalf("panel %s is otherwise, which is not told", p.ID)
		}
	}
	a, b := *earlier, *s
	a.how, b.how = nil, nil
	if diff := cmp.Diff(Diff(&a, &b), Diff(earlier, s)); diff != "" {
		t.Fatalf("(-not knowing +knowing):\n%s", diff)
	}
}

// A copy that was changed is not taken for what it is a copy of.
func TestAChangedCopyKnowsNothing(t *testing.T) {
	f := newForum()
	s := NewSnapshot(Draft{Event: f.event, Rooms: f.rooms, People: f.people, Panels: []Panel{f.panel(t, "1", "a", "10:00", "11:00", "hung")}}, nil)
	next, can := s.Revise([]Panel{f.panel(t, "1", "a", "11:00", "12:00", "hung")})
	if panels, known := next.Since(&s); !can || !known || len(panels) != 1 {
		t.Fatalf("%v %v %v", can, panels, known)
	}
	for name, change := range map[string]func(*Snapshot){
		"event":  func(c *Snapshot) { c.Event.Slug = "other" },
		"rooms":  func(c *Snapshot) { c.Rooms = slices.Clone(c.Rooms) },
		"people": func(c *Snapshot) { c.People = nil },
		"panels": func(c *Snapshot) { c.Panels = slices.Clone(c.Panels) },
		"gone":   func(c *Snapshot) { c.Removed = []Panel{{ID: "2"}} },
	} {
		c := next
		change(&c)
		if _, known := c.Since(&s); known {
			t.Errorf("%s: a changed copy says what changed", name)
		}
		if _, known := next.Since(&c); known {
			t.Errorf("%s: it says what changed since a changed copy", name)
		}
		if _, can := c.Revise(nil); can {
			t.Errorf("%s: a changed copy was revised", name)
		}
	}
	if _, known := s.Since(nil); known {
		t.Error("it says what changed since nothing")
	}
}
