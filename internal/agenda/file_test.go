package agenda

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A release has the materials that are public, and the photos of who speaks; what changes among them is told.
func TestMaterialsArePublished(t *testing.T) {
	zone, err := LoadZone("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	slot, err := NewSlot(zone, "", "2025-10-27T09:00", "2025-10-27T10:00")
	if err != nil {
		t.Fatal(err)
	}
	slides, notes := Material{ID: "m1", File: "a.pdf", Title: "Slides", Public: true}, Material{ID: "m2", File: "b.txt", Title: "Notes"}
	panel := Panel{ID: "p", UID: "p@x", Code: "ONE", Format: FormatTalk, Title: Text{"en": "Talk"}, Slot: &slot, Materials: []Material{notes, slides},
		Speakers: []Speaker{{PersonID: "lan", Role: Presenter, Status: Confirmed}}}
	draft := Draft{Event: Event{Zone: "Asia/Ho_Chi_Minh", Languages: []string{"en"}}, Panels: []Panel{panel},
		People: []Person{{ID: "lan", Name: "Lan", Photo: "lan.jpg", PhotoURL: "https://example.org/a.jpg"}, {ID: "other", Name: "Other", Photo: "other.jpg"}}}
	first := NewSnapshot(draft, nil)
	if diff := cmp.Diff([]string{"lan.jpg", "a.pdf"}, first.Files()); diff != "" {
		t.Error(diff)
	}
	if len(draft.Panels[0].Materials) != 2 || draft.Panels[0].Materials[0] != notes {
		t.Errorf("publishing changed the draft: %+v", draft.Panels[0].Materials)
	}
	site := Site{Base: "https://x.example", Slug: "f"}
	if got := first.People[0].Portrait(site); got != "https://x.example/f/files/lan.jpg" {
		t.Error(got)
	}
	if got := (Person{PhotoURL: "https://example.org/a.jpg"}).Portrait(site); got != "https://example.org/a.jpg" {
		t.Error(got)
	}
	for name, c := range map[string]struct {
		materials []Material
		words     string
	}{"hidden ones are nobody's business": {[]Material{slides}, ""}, "gone": {nil, "Changed: “Talk” (Monday 27 October 2025, 09:00–10:00) – materials: updated."},
		"another file": {[]Material{{ID: "m3", File: "c.pdf", Title: "Slides", Public: true}}, "Changed: “Talk” (Monday 27 October 2025, 09:00–10:00) – materials: updated."}} {
		changed := draft
		changed.Panels = []Panel{panel}
		changed.Panels[0].Materials = c.materials
		next := NewSnapshot(changed, &first)
		changes := Diff(&first, &next)
		if c.words == "" && len(changes) == 0 {
			continue
		}
		if len(changes) != 1 || changes[0].Words["en"] != c.words || changes[0].Fields[0].Field != "materials" {
			t.Errorf("%s: %+v", name, changes)
		}
	}
	first.WithoutFiles()
	if len(first.Files()) > 0 {
		t.Error("files are left:", first.Files())
	}
}
