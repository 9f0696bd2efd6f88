package app_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// shown is a Panel as the model has it, with names in place of identities.
type shown struct {
	ID              agenda.ID
	Title, Abstract agenda.Text
	When            string // from, to; "": not scheduled
	Room, Track     string
	Stream          string
	Cancelled       bool
	Speakers        []string // role and name
	Talks           []string // titles
}

// history is a file that changes, an event that it is imported into, and what the event has to be.
type history struct {
	*testing.T
	w    world
	r    *rand.Rand
	file map[string]source.Item // by key
	said map[string]source.Item // last, also of what is gone
	gone map[string]bool        // from the file
	lost map[string]bool        // cancelled by an import, because it was gone
	out  map[string]bool        // talks that organizers took out
	want map[string]shown       // by code
}

// A file that changes at random and organizers who edit at random: after each import the draft has what the file changed,
// and otherwise what it had.
func TestImportHistories(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		rounds := 12
		if testing.Short() {
			rounds = 4
		}
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				h := &history{T: t, w: w, r: rand.New(rand.NewPCG(seed, 7)), file: map[string]source.Item{}, said: map[string]source.Item{}, gone: map[string]bool{}, lost: map[string]bool{}, out: map[string]bool{},
					want: map[string]shown{}}
				for range rounds {
					h.changeFile()
					h.takeFile(fmt.Sprint("history-", seed))
					for range h.r.IntN(6) {
						h.organize(fmt.Sprint("history-", seed))
					}
					if t.Failed() {
						return
					}
				}
			})
		}
	})
}

func (h *history) pick(list ...string) string { return list[h.r.IntN(len(list))] }

func (h *history) some(prefix string, most int) []string {
	var list []string
	for range h.r.IntN(most + 1) {
		if s := fmt.Sprint(prefix, h.r.IntN(4)); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (h *history) text(word string) source.Text {
	t := source.Text{}
	for _, tag := range []string{"", "fr"} {
		if h.r.IntN(2) == 0 {
			t[tag] = fmt.Sprint(word, tag, h.r.IntN(1000))
		}
	}
	return t
}

// changeFile adds entries, takes some away and changes others.
func (h *history) changeFile() {
	for range 6 {
		key := fmt.Sprint("id ", h.r.IntN(8))
		i, there := h.file[key]
		if !there {
			i, there = h.said[key] // as it was, with some change
		}
		if !there {
			i = source.Item{Key: key, Code: "CODE" + key[3:], Title: in("Title " + key), Standing: h.r.IntN(2) == 0}
			if h.r.IntN(2) == 0 {
				i.GUID = "3f1c2a9e-0000-4000-8000-1000000" + fmt.Sprintf("%05d", h.r.IntN(90000))
			}
		}
		switch h.r.IntN(9) {
		case 0:
			delete(h.file, key)
			continue
		case 1:
			i.Title = h.text("Title")
			i.Title[""] = fmt.Sprint("Title ", h.r.IntN(1000))
		case 2:
			i.Abstract = h.text("About")
		case 3:
			hour := 8 + h.r.IntN(8)
			i.Start, i.End = clock(fmt.Sprintf("%02d:00", hour)), clock(fmt.Sprintf("%02d:30", hour+h.r.IntN(2)))
		case 4:
			i.Start, i.End = source.When{}, source.When{}
		case 5:
			i.Room, i.Track = h.pick("", "room 0", "room 1"), h.pick("", "track 0", "track 1")
		case 6:
			i.Cancelled, i.StreamURL = h.r.IntN(2) == 0, h.pick("", "https://x.example/1", "https://x.example/2")
		case 7:
			i.Speakers = nil
			for _, p := range h.some("person ", 3) {
				i.Speakers = append(i.Speakers, source.Speaker{Person: p, Role: agenda.Role(h.pick("speaker", "chair"))})
			}
		case 8:
			i.Talks = nil
			for _, k := range h.some(key+" talk ", 3) {
				i.Talks = append(i.Talks, source.Item{Key: k, Title: in(h.pick(k, k+" again"))})
			}
		}
		h.file[key] = i
	}
}

func (h *history) programme() source.Programme {
	p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo", Start: "2026-05-12", End: "2026-05-12", Languages: []string{"en", "fr"}}
	for n := range 4 {
		p.Rooms = append(p.Rooms, source.Room{Key: fmt.Sprint("room ", n), Name: in(fmt.Sprint("Room ", n))})
		p.Tracks = append(p.Tracks, source.Track{Key: fmt.Sprint("track ", n), Name: in(fmt.Sprint("Track ", n))})
		p.People = append(p.People, source.Person{Key: fmt.Sprint("person ", n), Name: fmt.Sprint("Person ", n)})
	}
	for _, key := range slices.Sorted(maps.Keys(h.file)) {
		p.Items = append(p.Items, h.file[key])
	}
	return p
}

// takeFile imports the file: dry, in earnest, and again.
func (h *history) takeFile(slug string) {
	h.Helper()
	var before agenda.Draft
	known := len(h.said) > 0
	if known {
		before = h.w.draft(h.T, slug)
	}
	o := app.ImportOptions{Slug: slug, DryRun: true}
	dry := h.w.take(h.T, h.programme(), o)
	if known {
		if diff := cmp.Diff(before, h.w.draft(h.T, slug)); diff != "" {
			h.Errorf("a dry run changed: %s", diff)
		}
	}
	o.DryRun = false
	done := h.w.take(h.T, h.programme(), o)
	wantLines(h.T, "dry run and import", report(dry), report(done))
	after := h.w.draft(h.T, slug)
	if known {
		old, now := agenda.NewSnapshot(before, nil), agenda.NewSnapshot(after, nil)
		wantLines(h.T, "changes", changes(app.Imported{Changes: agenda.Diff(&old, &now)}), changes(app.Imported{Changes: slices.DeleteFunc(done.Changes,
			func(c agenda.Change) bool { return strings.Contains(c.Words["en"], "without a time: ") })}))
	}
	h.model()
	h.compare(after)
	h.w.pass(1e9)
	notes := h.notes(slug)
	again := h.w.take(h.T, h.programme(), o)
	if diff := cmp.Diff(after, h.w.draft(h.T, slug)); diff != "" || len(again.Changes) > 0 || again.Unchanged != len(h.file) || h.notes(slug) != notes {
		h.Errorf("the same file again: %v %s", report(again), diff)
	}
}

func (h *history) notes(slug string) int {
	list, _, err := h.w.Activities(context.Background(), operator, slug, app.ActivityFilter{}, app.Page{Limit: 100_000})
	if err != nil {
		h.Fatal(err)
	}
	return len(list)
}

// report gives what an import says, without the identities that it made.
func report(r app.Imported) []string {
	lines := slices.Concat(changes(r), told(r), r.Rooms, r.Tracks, r.People, []string{fmt.Sprint(r.Created, r.Again, r.Items, r.Talks, r.Unchanged)})
	for _, c := range r.Changes {
		lines = append(lines, c.Words["en"])
	}
	for _, c := range r.Conflicts {
		lines = append(lines, c.Message)
	}
	slices.Sort(lines) // of equal times, identities decide
	return lines
}

// compare says where the draft is not what it has to be.
func (h *history) compare(d agenda.Draft) {
	h.Helper()
	got := shownIn(d)
	for code, p := range got {
		if was := h.want[code].ID; was != "" && was != p.ID {
			h.Errorf("%s has another identity: %s, was %s", code, p.ID, was)
		}
		w := h.want[code]
		w.ID = p.ID
		h.want[code] = w
	}
	if diff := cmp.Diff(h.want, got); diff != "" {
		h.Errorf("the draft (-want +got): %s", diff)
	}
}

func shownIn(d agenda.Draft) map[string]shown {
	names := map[agenda.ID]string{}
	for _, r := range d.Rooms {
		names[r.ID] = strings.ToLower(r.Name["en"])
	}
	for _, t := range d.Tracks {
		names[t.ID] = strings.ToLower(t.Name["en"])
	}
	for _, p := range d.People {
		names[p.ID] = strings.ToLower(p.Name)
	}
	list := map[string]shown{}
	for _, p := range d.Panels {
		s := shown{ID: p.ID, Title: p.Title, Abstract: p.Abstract, Track: names[p.TrackID], Stream: p.StreamURL, Cancelled: p.Cancelled}
		if p.Slot != nil {
			s.When, s.Room = when(p.Slot.Start.Wall.Clock(), p.Slot.End.Wall.Clock()), names[p.Slot.RoomID]
		}
		for _, part := range p.Speakers {
			s.Speakers = append(s.Speakers, string(part.Role)+" "+names[part.PersonID])
		}
		for _, v := range p.Interventions {
			s.Talks = append(s.Talks, v.Title["en"])
		}
		list[p.Code] = s
	}
	return list
}

func when(from, to string) string { return from + "–" + to }
