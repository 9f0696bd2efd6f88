package exchange

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"plenary/internal/agenda"
)

// unindexed leaves out of comparisons where a Snapshot has what.
var unindexed = cmpopts.IgnoreUnexported(agenda.Snapshot{})

func TestSnapshotLosesNothing(t *testing.T) {
	for seed := range uint64(60) {
		d := newDice(seed)
		draft := d.draft()
		before := agenda.NewSnapshot(draft, nil)
		if len(draft.Panels) > 0 {
			draft.Panels = draft.Panels[1:] // calendars tell that it is cancelled
		}
		want := agenda.NewSnapshot(draft, &before)
		want.Event.Updated = want.Event.Updated.Add(123 * time.Nanosecond)
		encoded, err := EncodeSnapshot(want)
		if err != nil {
			t.Fatal(err)
		}
		first := encoded.Bytes()
		got, err := DecodeSnapshot(first)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(want, got, unindexed); diff != "" {
			t.Fatalf("seed %d: another snapshot came back (-want +got):\n%s", seed, diff)
		}
		if second, _ := EncodeSnapshot(got); !bytes.Equal(first, second.Bytes()) {
			t.Fatalf("seed %d: encoded a second time the bytes differ", seed)
		}
		if len(first) > 0 && (bytes.Contains(first, []byte("\n")) || bytes.Contains(first, []byte(`\u003c`))) {
			t.Fatalf("seed %d: not compact: %s", seed, first)
		}
	}
}

// A government may change its clock after an agenda is published. What was published stays readable,
// and says what it said.
func TestSnapshotOutlivesItsZonesRules(t *testing.T) {
	s := agenda.Snapshot{Event: agenda.Event{ID: idA, Zone: "Europe/Paris"},
		Panels: []*agenda.Panel{{ID: idB, EventID: idA, Slot: &agenda.Slot{
			Start: agenda.Moment{Wall: "2025-07-01T10:00:00", At: time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC)},
			End:   agenda.Moment{Wall: "2025-07-01T11:00:00", At: time.Date(2025, 7, 1, 10, 0, 0, 0, time.UTC)}}}}}
	b, err := EncodeSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeSnapshot(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got, unindexed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeSnapshotRefuses(t *testing.T) {
	for name, row := range map[string]string{
		"nothing":         ``,
		"half":            `{"version":1`,
		"more":            `{"version":1,"event":{"zone":"UTC"}} {}`,
		"a later version": `{"version":2,"event":{"zone":"UTC"}}`,
		"unknown fields":  `{"version":1,"event":{"zone":"UTC"},"mood":"good"}`,
		"no zone":         `{"version":1,"event":{}}`,
		"no slot":         `{"version":1,"event":{"zone":"UTC"},"panels":[{"id":"x"}]}`,
		"a bad time":      `{"version":1,"event":{"zone":"UTC"},"panels":[{"id":"x","slot":{"start":"soon","end":"later"}}]}`,
	} {
		if _, err := DecodeSnapshot([]byte(row)); agenda.CodeOf(err) != agenda.Internal || err == nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasPrefix(err.Error(), "This release ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
