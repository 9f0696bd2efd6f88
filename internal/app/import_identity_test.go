package app_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// places gives the names of the Rooms by where the Panels are.
func (w world) places(t *testing.T) map[string]string {
	t.Helper()
	d, names, at := w.draft(t, "forum"), map[agenda.ID]string{}, map[string]string{}
	for _, r := range d.Rooms {
		names[r.ID] = r.Name["en"]
	}
	for _, p := range d.Panels {
		if p.Slot != nil {
			at[p.Title["en"]] = names[p.Slot.RoomID]
		}
	}
	return at
}

// A new room or track that is called what another one was called before is not that one.
func TestImportOfNamesThatWander(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo", Rooms: []source.Room{{Key: "a", Name: in("Hall")}}, Tracks: []source.Track{{Key: "x", Name: in("Main")}},
			Items: []source.Item{item("1", "One", "a", "09:00", "10:00")}}
		p.Items[0].Track = "x"
		w.take(t, p, app.ImportOptions{})
		p.Rooms = []source.Room{{Key: "b", Name: in("Hall")}, {Key: "a", Name: in("Old Hall")}}
		p.Tracks = []source.Track{{Key: "y", Name: in("Main")}, {Key: "x", Name: in("Side")}}
		p.Items = append(p.Items, item("2", "Two", "b", "09:00", "10:00"))
		p.Items[1].Track = "y"
		r := w.take(t, p, app.ImportOptions{})
		wantLines(t, "new", []string{"Hall", "Main"}, slices.Concat(r.Rooms, r.Tracks))
		if diff := cmp.Diff(map[string]string{"One": "Old Hall", "Two": "Hall"}, w.places(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// Who and what had its identity when it was exported is that one, whatever else has the name.
func TestImportOfNamesakesWithIdentities(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const first, second = "3f1c2a9e-0000-4000-8000-00000000000a", "3f1c2a9e-0000-4000-8000-00000000000b"
		file := func(keys string, guids ...string) source.Programme {
			p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo"}
			for _, guid := range guids {
				key := keys + guid
				i := item(key, guid, key, "09:00", "10:00", key)
				i.GUID = "5" + guid[1:]
				p.Rooms = append(p.Rooms, source.Room{Key: key, GUID: guid, Name: in("Same")})
				p.People = append(p.People, source.Person{Key: key, GUID: "4" + guid[1:], Name: "Same"})
				p.Items = append(p.Items, i)
			}
			return p
		}
		w.take(t, file("a", first, second), app.ImportOptions{})
		before := w.draft(t, "forum")
		r := w.take(t, file("b", second, first), app.ImportOptions{Source: "mirror"})
		wantLines(t, "changes", nil, changes(r))
		if diff := cmp.Diff(before, w.draft(t, "forum")); diff != "" {
			t.Error(diff)
		}
	})
}

// A panel is one entry of the file, and what the source calls by another key stays what it is.
func TestImportOfOtherKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		p.Items = p.Items[:1]
		w.take(t, p, app.ImportOptions{})
		opening := w.panel(t, "Opening")
		w.edit(t, "forum", opening, func(p *agenda.Panel) { p.Abstract["en"] = "Ours." })
		p.Items = slices.Clone(p.Items)
		p.Items[0].Key = "guid " + itemGUID
		wantLines(t, "changes", nil, changes(w.take(t, p, app.ImportOptions{})))
		// Both keys, and one identity: the second is another one.
		twin := p.Items[0]
		twin.Key, twin.Title, twin.Code, twin.UID = "id 1", in("Twin"), "TWIN", opening.UID
		p.Items = append(p.Items, twin)
		wantLines(t, "changes", []string{"added Twin:"}, changes(w.take(t, p, app.ImportOptions{})))
		wantLines(t, "changes", nil, changes(w.take(t, p, app.ImportOptions{})))
		p.Items = p.Items[:1]
		wantLines(t, "changes", []string{"cancelled Twin: cancelled"}, changes(w.take(t, p, app.ImportOptions{})))
		if now := w.panel(t, "Opening"); now.ID != opening.ID || now.Abstract["en"] != "Ours." {
			t.Errorf("the opening is %+v", now)
		}
	})
}

// An identity that comes back has the serial that it had; of two claims the first in the file has it.
func TestImportOfSerialsAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		p.Items = p.Items[:1]
		w.take(t, p, app.ImportOptions{})
		if err := w.DeletePanel(context.Background(), operator, "forum", app.Match{Any: true}, itemGUID); err != nil {
			t.Fatal(err)
		}
		p.Items = slices.Clone(p.Items)
		p.Items[0].Serial = 42
		for n, title := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
			i := item(title, title, "side", "15:00", "16:00")
			i.Serial = 77 + n/4
			p.Items = append(p.Items, i)
		}
		w.take(t, p, app.ImportOptions{})
		for title, serial := range map[string]int{"Opening": 41, "A": 77, "E": 78} {
			if got := w.panel(t, title).Serial; got != serial {
				t.Errorf("%s has the serial %d, want %d", title, got, serial)
			}
		}
	})
}

// What was renamed is known by where and when its source had it, wherever organizers moved it.
func TestImportOfRenamedItemsThatMoved(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo", Rooms: []source.Room{{Key: "a", Name: in("Hall")}},
			Items: []source.Item{item("title One", "One", "a", "09:00", "10:00"), item("title Two", "Two", "a", "10:00", "11:00")}}
		p.Items[0].Derived, p.Items[1].Derived = true, true
		w.take(t, p, app.ImportOptions{})
		one, two := w.panel(t, "One"), w.panel(t, "Two")
		w.edit(t, "forum", one, func(p *agenda.Panel) { p.Slot = two.Slot })
		w.edit(t, "forum", two, func(p *agenda.Panel) { p.Slot = one.Slot })
		p.Items = slices.Clone(p.Items)
		p.Items[0].Key, p.Items[0].Title = "title First", in("First")
		wantLines(t, "changes", []string{"edited First: title"}, changes(w.take(t, p, app.ImportOptions{})))
		if now := w.panel(t, "First"); now.ID != one.ID {
			t.Errorf("it is %+v", now)
		}
	})
}
