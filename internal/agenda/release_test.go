package agenda

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secretDraft has a secret in each field that the public must not see.
func secretDraft(t testing.TB) Draft {
	f := newForum()
	for i := range f.people {
		f.people[i].Email, f.people[i].Notes, f.people[i].Languages = "secret@example.org", "secret", []string{"x-secret"}
	}
	f.people = append(f.people, Person{ID: "nobody", Name: "secret nobody"})
	p := f.panel(t, "1", "a", "10:00", "11:00", "hung", "anna")
	p.Notes, p.Audience, p.UID = "secret", 7777, "uid-1"
	p.Speakers[1].Status = Invited
	p.Interventions = []Intervention{{Title: Text{"en": "Part"}, Minutes: 5, Speakers: []Speaker{{"zoé", Presenter, Confirmed}, {"anna", Presenter, Declined}}}}
	cancelled := f.panel(t, "2", "b", "09:00", "10:00")
	cancelled.Cancelled = true
	unscheduled := f.panel(t, "3", "a", "10:00", "11:00", "nobody")
	unscheduled.Slot, unscheduled.Title = nil, Text{"en": "secret"}
	early, all := f.panel(t, "4", "a", "09:00", "10:00"), f.panel(t, "5", "", "09:00", "10:00")
	all.AllRooms = true
	late := f.panel(t, "6", "a", "2025-10-29T00:30", "2025-10-29T01:00")
	return Draft{Event: f.event, Rooms: []Room{f.rooms[1], f.rooms[0]}, Tracks: []Track{{ID: "y", Position: 2}, {ID: "x", Position: 2}, {ID: "z"}},
		People: f.people, Panels: []Panel{late, p, cancelled, unscheduled, early, all}}
}

func TestNewSnapshotShowsWhatIsPublic(t *testing.T) {
	d := secretDraft(t)
	before, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	s := NewSnapshot(d, nil)
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret", "7777", "invited", "declined", "Anna"} {
		if strings.Contains(string(body), secret) {
			t.Errorf("the snapshot tells %q: %s", secret, body)
		}
	}
	if after, _ := json.Marshal(d); string(before) != string(after) {
		t.Error("making a snapshot changed the draft")
	}
	order := []string{}
	for _, p := range s.Panels {
		order = append(order, string(p.ID))
	}
	for _, r := range s.Rooms {
		order = append(order, string(r.ID))
	}
	for _, x := range s.Tracks {
		order = append(order, string(x.ID))
	}
	for _, p := range s.People {
		order = append(order, p.Name)
	}
	want := []string{"5", "4", "2", "1", "6", "a", "b", "z", "x", "y", "Nguyễn Mạnh Hùng", "Zoé Dupont"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Date{"2025-10-27", "2025-10-28", "2025-10-29"}, s.Days()); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

func TestSnapshotFinds(t *testing.T) {
	s := NewSnapshot(secretDraft(t), nil)
	byID, ok1 := s.Panel("1")
	byCode, ok2 := s.Panel("C1")
	if !ok1 || !ok2 || byID.ID != byCode.ID {
		t.Errorf("by identity %v %v, by code %v %v", ok1, byID.ID, ok2, byCode.ID)
	}
	if _, ok := s.Panel("3"); ok {
		t.Error("an unscheduled panel is found")
	}
	_, room := s.Room("a")
	_, track := s.Track("x")
	_, person := s.Person("hung")
	_, stranger := s.Person("nobody")
	if !room || !track || !person || stranger {
		t.Error(room, track, person, stranger)
	}
}

func TestSnapshotSurvivesStorage(t *testing.T) {
	s := NewSnapshot(secretDraft(t), nil)
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Snapshot
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back, unindexed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if next := NewSnapshot(secretDraft(t), &back); len(next.Removed) != 0 {
		t.Errorf("nothing changed, but these were removed: %v", next.Removed)
	}
	if got := Diff(&s, &back); len(got) != 0 {
		t.Errorf("stored and read is no change: %v", got)
	}
}

// What was published and no longer is stays known as cancelled, with nothing that tells more than that.
func TestSnapshotRemembersWhatWasRemoved(t *testing.T) {
	d := secretDraft(t)
	first := NewSnapshot(d, nil)
	deleted, unscheduled := d, d
	deleted.Panels = slices.Delete(slices.Clone(d.Panels), 1, 2) // "1"
	unscheduled.Panels = slices.Clone(d.Panels)
	unscheduled.Panels[1].Slot = nil
	for name, draft := range map[string]Draft{"deleted": deleted, "unscheduled": unscheduled} {
		s := NewSnapshot(draft, &first)
		if len(s.Removed) != 1 {
			t.Fatalf("%s: %v", name, s.Removed)
		}
		want := *first.Panels[3]
		want = Panel{ID: "1", EventID: want.EventID, UID: "uid-1", Code: want.Code, Number: want.Number, Format: want.Format, Title: want.Title,
			TrackID: want.TrackID, AllRooms: want.AllRooms, Cancelled: true, Speakers: want.AllSpeakers(), Slot: want.Slot}
		if diff := cmp.Diff(want, s.Removed[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got, ok := s.RemovedPanel("C1"); !ok || got.ID != "1" {
			t.Errorf("%s: by code %v", name, got)
		}
		still := NewSnapshot(draft, &s)
		if diff := cmp.Diff(s.Removed, still.Removed); diff != "" {
			t.Errorf("%s, a release later (-want +got):\n%s", name, diff)
		}
		moved := draft
		moved.Event.Zone = "Asia/Tokyo"
		elsewhere := NewSnapshot(moved, &s)
		if slot := elsewhere.Removed[0].Slot; slot.Start.Wall != want.Slot.Start.Wall || slot.Start.At.Equal(want.Slot.Start.At) {
			t.Errorf("%s, in another zone: %+v", name, slot)
		}
		if back := NewSnapshot(d, &s); len(back.Removed) != 0 || len(back.Panels) != len(first.Panels) {
			t.Errorf("%s, restored: %v", name, back.Removed)
		}
		anew := d
		anew.Panels = slices.Clone(d.Panels)
		anew.Panels[1].ID = "another"
		if back := NewSnapshot(anew, &s); len(back.Removed) != 0 || len(back.Panels) != len(first.Panels) {
			t.Errorf("%s, made anew under its UID: %v", name, back.Removed)
		}
	}
}
