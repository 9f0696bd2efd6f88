package agenda

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAReplacementNeverLeadsBack(t *testing.T) {
	next := map[ID]ID{"a": "b", "b": "c", "x": "y", "y": "x"}
	for id, tt := range map[ID]struct {
		by   ID
		back bool
	}{"c": {"a", true}, "d": {"a", false}, "a": {"a", true}, "e": {"", false}, "z": {"x", false}, "b": {"c", false}} {
		if got := ReplacementLeadsBack(Panel{ID: id, ReplacedBy: tt.by}, func(id ID) ID { return next[id] }); got != tt.back {
			t.Errorf("%s replaced by %q leads back: %t, want %t", id, tt.by, got, tt.back)
		}
	}
}

// The public is told of a replacement only while the one is cancelled and the other is published.
func TestWhatIsPublishedOfAReplacement(t *testing.T) {
	f := newForum()
	panel := func(id, room ID, by ID, cancelled bool) Panel {
		p := f.panel(t, id, room, "10:00", "11:00")
		p.ReplacedBy, p.Cancelled = by, cancelled
		return p
	}
	unscheduled := panel("4", "a", "", false)
	unscheduled.Slot = nil
	d := Draft{Event: f.event, Rooms: f.rooms, Panels: []Panel{panel("1", "a", "2", true), panel("2", "b", "1", false), panel("3", "p", "4", true), unscheduled}}
	first := NewSnapshot(d, nil)
	got := map[ID]ID{}
	for _, p := range first.Panels {
		got[p.ID] = p.ReplacedBy
	}
	if diff := cmp.Diff(map[ID]ID{"1": "2", "2": "", "3": ""}, got); diff != "" {
		t.Error(diff)
	}
	if d.Panels[1].ReplacedBy != "1" {
		t.Error("making a snapshot changed the draft")
	}
	d.Panels[0].ReplacedBy = "3"
	second := NewSnapshot(d, &first)
	changes := Diff(&first, &second)
	if len(changes) != 1 || len(changes[0].Fields) != 1 || changes[0].Fields[0].Field != "replaced_by" || changes[0].Kind != ChangeEdited {
		t.Fatalf("%+v", changes)
	}
	now := second.Panels
	codes := map[ID]string{}
	for _, p := range now {
		codes[p.ID] = p.Code
	}
	if diff := cmp.Diff(FieldChange{"replaced_by", codes["2"], codes["3"]}, changes[0].Fields[0]); diff != "" {
		t.Error(diff)
	}
	d.Panels[0].ReplacedBy = ""
	third := NewSnapshot(d, nil)
	for _, c := range []struct {
		from, to *Snapshot
		want     string
	}{{&first, &second, "replaced by: " + codes["2"] + " → " + codes["3"]}, {&third, &first, "replaced by: " + codes["2"]}, {&first, &third, "replaced by: none"}} {
		if words := Diff(c.from, c.to)[0].Words["en"]; !strings.Contains(words, c.want) {
			t.Errorf("%q does not say %q", words, c.want)
		}
	}
}
