package exchange

import (
	"bytes"
	"testing"

	"plenary/internal/agenda"
)

func TestChangesJSON(t *testing.T) {
	first, second, third := forumDraft(), forumDraft(), forumDraft()
	second.Panels[1].Title = agenda.Text{"en": "Law & order", "fr": "La loi"}
	second.Panels[1].Slot = second.Panels[2].Slot
	third.Panels = third.Panels[:2]
	third.Panels[0].Cancelled = true
	one := forumRelease(1, first, nil)
	two := forumRelease(2, second, &one.Snapshot)
	three := forumRelease(3, third, &two.Snapshot)
	three.Snapshot.Event.Slug, three.Note = "renamed", nil
	got, err := ChangesJSON("https://plenary.example", stepsOf([]agenda.Release{one, two, three}))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "changes.json", got)
	if bytes.Contains(got, []byte("null")) || !bytes.HasSuffix(got, []byte("}\n")) {
		t.Errorf("null, or no line break at the end: %s", got)
	}
	none, err := ChangesJSON("https://plenary.example", agenda.History{})
	if want := `{"event":{"slug":"","url":""},"releases":[]}` + "\n"; err != nil || string(none) != want {
		t.Errorf("without releases: %s, %v, want %s", none, err, want)
	}
}
