package exchange

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// What is written with a memory of what was written before is, byte for byte and piece by piece, what is written without: over random
// histories of panels and people that come, change, swap places and go.
func TestFragmentsChangeNothing(t *testing.T) {
	pieces := 0
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		release := agenda.Release{ID: "r", EventID: "e", Snapshot: agenda.Snapshot{Event: agenda.Event{ID: "e", Slug: fmt.Sprint("s", seed), Zone: "Asia/Ho_Chi_Minh",
			StartDate: "2025-10-27", EndDate: "2025-10-28", Languages: []string{"en", "fr"}}, Rooms: []agenda.Room{{ID: "room", Name: agenda.Text{"en": "R"}}}}}
		s := &release.Snapshot
		for step := range 40 {
			next := *s
			next.Panels, next.People = slices.Clone(s.Panels), slices.Clone(s.People)
			alter(r, &next, step)
			next.Share(s)
			*s = next
			release.Number = step + 1
			for _, language := range []string{"", "en", "fr"} {
				o := AgendaOptions{BaseURL: "https://agenda.example", Language: language}
				got, err := AgendaJSON(release, o)
				want, err2 := agendaAnew(release, o)
				if err != nil || err2 != nil || !bytes.Equal(got.Bytes(), want) {
					t.Fatalf("seed %d, step %d, language %q: %v %v\n%s\n%s", seed, step, language, err, err2, got.Bytes(), want)
				}
				if anew, err := new(fragments).agenda(release, o); err != nil || anew.Tag() != got.Tag() {
					t.Fatalf("seed %d, step %d, language %q: %d pieces, %d without memory, %v", seed, step, language, len(got), len(anew), err)
				}
				pieces = max(pieces, len(got))
			}
			got, err := EncodeSnapshot(*s)
			want, err2 := EncodeSnapshotAnew(*s)
			if err != nil || err2 != nil || !bytes.Equal(got.Bytes(), want) {
				t.Fatalf("seed %d, step %d: %v %v\n%s\n%s", seed, step, err, err2, got.Bytes(), want)
			}
		}
	}
	if pieces < 6 {
		t.Errorf("no document had more than %d pieces", pieces)
	}
	Forget()
}

// alter makes another Snapshot of one.
func alter(r *rand.Rand, s *agenda.Snapshot, step int) {
	person := agenda.Person{ID: agenda.ID(fmt.Sprint("person", step)), Name: fmt.Sprint("Person <", step, ">"), Revision: 1}
	start := time.Date(2025, 10, 27, 1, 5*r.IntN(100), 0, 0, time.UTC)
	slot := func() *agenda.Slot {
		zone := s.Event.Location()
		return &agenda.Slot{RoomID: "room", Start: agenda.MomentOf(zone, start), End: agenda.MomentOf(zone, start.Add(time.Hour))}
	}
	at := func() int { return r.IntN(len(s.Panels)) }
	one := func() *agenda.Panel { // other Snapshots have it as it is
		i := at()
		p := *s.Panels[i]
		s.Panels[i] = &p
		return &p
	}
	switch kind := r.IntN(8); {
	case len(s.Panels) == 0 || kind < 3:
		s.People = append(s.People, person)
		s.Panels = append(s.Panels, &agenda.Panel{ID: agenda.ID(fmt.Sprint("panel", step, []string{"", `"\`, "é<\u2028"}[step%3])), UID: fmt.Sprint("u", step), Code: fmt.Sprint("C", step), Format: agenda.FormatTalk,
			Title: agenda.Text{"en": "Talk & <b>", "fr": "Exposé \u2028"}, Slot: slot(), Revision: 1,
			Speakers: []agenda.Speaker{{PersonID: person.ID, Role: agenda.Presenter, Status: agenda.Confirmed}}})
		if kind == 0 { // it fills pieces
			s.Panels[len(s.Panels)-1].Abstract = agenda.Text{"en": strings.Repeat("Long. ", 2000)}
		}
	case kind == 3:
		one().Title = agenda.Text{"en": fmt.Sprint("Title ", step)}
	case kind == 4:
		one().Slot = slot()
	case kind == 5:
		i := at()
		gone := *s.Panels[i]
		gone.Cancelled = true
		s.Panels = slices.Delete(s.Panels, i, i+1)
		s.Removed = append(slices.Clone(s.Removed), gone)
	case kind == 6:
		s.People[r.IntN(len(s.People))].Name = fmt.Sprint("Renamed ", step)
	case kind == 7:
		s.Panels[at()].Slot.Start.Fold = false // nothing
		s.Event.Name = agenda.Text{"en": fmt.Sprint("Event ", step)}
	}
	s.SortPanels()
}

// manyPanels gives a Release of so many.
func manyPanels(n int) agenda.Release {
	d := agenda.Draft{Event: agenda.Event{ID: "e", Slug: "room", Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-28", Languages: []string{"en"}},
		Rooms: []agenda.Room{{ID: "room", Name: agenda.Text{"en": "R"}}}}
	for i := range n {
		start := agenda.MomentOf(d.Event.Location(), time.Date(2025, 10, 27, 1, 0, i, 0, time.UTC))
		d.Panels = append(d.Panels, agenda.Panel{ID: agenda.ID(fmt.Sprint("panel", i)), UID: fmt.Sprint("u", i), Code: fmt.Sprint("C", i),
			Format: agenda.FormatTalk, Title: agenda.Text{"en": "Title"}, Slot: &agenda.Slot{RoomID: "room", Start: start, End: start}, Revision: 1})
	}
	return agenda.Release{ID: "r", EventID: "e", Number: 1, Snapshot: agenda.NewSnapshot(d, nil)}
}

// A document is kept as long as its fragments: it must not hold the room that it grew into when it was written first.
func TestDocumentsHoldNoMoreThanTheyAre(t *testing.T) {
	defer Forget()
	r := manyPanels(300)
	for _, how := range []string{"first", "of fragments"} {
		d, err := AgendaJSON(r, AgendaOptions{BaseURL: "https://agenda.example"})
		if err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, p := range d {
			held += cap(p.Bytes)
		}
		if most := d.Size() + d.Size()/8; held > most {
			t.Errorf("written %s: %d bytes hold %d, want at most %d", how, d.Size(), held, most)
		}
	}
}

// A Panel that is otherwise makes one piece anew, besides what comes before the lists and after.
func TestPiecesStay(t *testing.T) {
	defer Forget()
	o := AgendaOptions{BaseURL: "https://agenda.example"}
	r := manyPanels(2000)
	was, err := AgendaJSON(r, o)
	if err != nil {
		t.Fatal(err)
	}
	next, ok := r.Snapshot.Revise([]agenda.Panel{func() agenda.Panel {
		p := *r.Snapshot.Panels[1000]
		p.Title = agenda.Text{"en": "Another title"}
		return p
	}()})
	if !ok {
		t.Fatal("it can't be revised")
	}
	r.Snapshot = next
	is, err := AgendaJSON(r, o)
	if err != nil || len(is) != len(was) {
		t.Fatalf("%d pieces were %d: %v", len(is), len(was), err)
	}
	fresh := 0
	for i := range is {
		if is[i] != was[i] && is[i].Sum != was[i].Sum {
			fresh++
		}
	}
	if fresh != 1 || len(is) < 20 {
		t.Errorf("%d of %d pieces are new", fresh, len(is))
	}
}
