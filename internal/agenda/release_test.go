package agenda

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var published1 = time.Date(2025, 9, 1, 8, 0, 0, 500, time.UTC)

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
	s := NewSnapshot(d, nil, published1)
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
	s := NewSnapshot(secretDraft(t), nil, published1)
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
	s := NewSnapshot(secretDraft(t), nil, published1)
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Snapshot
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	next := NewSnapshot(secretDraft(t), &back, published1.Add(time.Hour))
	if diff := cmp.Diff(s.Stamps, next.Stamps); diff != "" {
		t.Errorf("nothing changed, but the stamps did (-want +got):\n%s", diff)
	}
	if got := Diff(&s, &back); len(got) != 0 {
		t.Errorf("stored and read is no change: %v", got)
	}
}

func TestStampHistory(t *testing.T) {
	draft := secretDraft(t)
	panel := func(d *Draft) *Panel { return &d.Panels[1] } // "1"
	edit := func(change func(p *Panel)) func(d *Draft) { return func(d *Draft) { change(panel(d)) } }
	gone := *panel(&draft)
	steps := []struct {
		name     string
		change   func(d *Draft)
		after    time.Duration // since the step before
		sequence int           // how much it rises
		modified time.Duration // how much it rises
	}{
		{"unchanged", func(d *Draft) {}, time.Hour, 0, 0},
		{"what nobody sees", edit(func(p *Panel) { p.Notes, p.Audience, p.Revision, p.Updated = "other", 8, 9, published1 }), time.Hour, 0, 0},
		{"nothing said differently", edit(func(p *Panel) { p.Abstract, p.Interpretation, p.CancelNote = Text{}, []string{}, Text{} }), time.Hour, 0, 0},
		{"another is invited", edit(func(p *Panel) { p.Speakers = append(p.Speakers, Speaker{"zoé", Chair, Invited}) }), time.Hour, 0, 0},
		{"room renamed", func(d *Draft) { d.Rooms[1].Name = Text{"en": "Grand Hall"} }, time.Hour, 0, 5 * time.Hour},
		{"speaker replaced", edit(func(p *Panel) { p.Speakers[0].PersonID = "zoé" }), time.Minute, 0, time.Minute},
		{"speaker's title corrected", func(d *Draft) { d.People[2].JobTitle = Text{"en": "Minister"} }, time.Minute, 0, time.Minute},
		{"moved", edit(func(p *Panel) { p.Slot = slot(t, hanoi, "a", "2025-10-27T15:00", "2025-10-27T16:00") }), time.Minute, 1, time.Minute},
		{"another room, within the same second", edit(func(p *Panel) { p.Slot = slot(t, hanoi, "b", "2025-10-27T15:00", "2025-10-27T16:00") }), 0, 1, time.Second},
		{"and once more", edit(func(p *Panel) { p.Title = Text{"en": "New"} }), 0, 0, time.Second},
		{"the clock set back", edit(func(p *Panel) { p.Title = Text{"en": "Newer"} }), -time.Hour, 0, time.Second},
		{"cancelled", edit(func(p *Panel) { p.Cancelled = true }), 2 * time.Hour, 1, time.Hour - 3*time.Second},
		{"restored", edit(func(p *Panel) { p.Cancelled = false }), time.Minute, 1, time.Minute},
		{"unscheduled", edit(func(p *Panel) { gone = *p; p.Slot = nil }), time.Minute, 1, time.Minute},
		{"still unscheduled", func(d *Draft) {}, time.Minute, 0, 0},
		{"back", edit(func(p *Panel) { *p = gone }), time.Minute, 1, 2 * time.Minute},
		{"deleted", func(d *Draft) { gone = d.Panels[1]; d.Panels = append(d.Panels[:1:1], d.Panels[2:]...) }, time.Minute, 1, time.Minute},
		{"imported again", func(d *Draft) { d.Panels = append(d.Panels[:1:1], append([]Panel{gone}, d.Panels[1:]...)...) }, time.Minute, 1, time.Minute},
		{"another zone", func(d *Draft) { d.Event.Zone = "Asia/Tokyo" }, time.Minute, 1, time.Minute},
	}
	now := published1
	last := NewSnapshot(draft, nil, now)
	first := last.Stamps["1"]
	if first.UID != "uid-1" || first.Sequence != 0 || !first.Created.Equal(published1.Truncate(time.Second)) || first.Modified != first.Created {
		t.Fatalf("the first stamp is %+v", first)
	}
	for _, step := range steps {
		now = now.Add(step.after)
		step.change(&draft)
		stored := maps.Clone(last.Stamps)
		next := NewSnapshot(draft, &last, now)
		was, is := last.Stamps["1"], next.Stamps["1"]
		if is.Sequence != was.Sequence+step.sequence || is.Modified.Sub(was.Modified) != step.modified {
			t.Errorf("%s: sequence %d to %d, modified %s to %s; want %+d, %+v", step.name, was.Sequence, is.Sequence,
				was.Modified, is.Modified, step.sequence, step.modified)
		}
		if is.Created != first.Created || is.UID != "uid-1" || is.Modified.Nanosecond() != 0 {
			t.Errorf("%s: %+v", step.name, is)
		}
		if diff := cmp.Diff(stored, last.Stamps); diff != "" {
			t.Errorf("%s changed the snapshot before:\n%s", step.name, diff)
		}
		last = next
	}
}

func TestMeetingStamp(t *testing.T) {
	f := newForum()
	m := f.meeting(t, "1", "t1", "10:00", "10:30", "hung", "anna")
	people := byID(f.people, personID)
	stamp := func(before *Stamp, minutes int) Stamp {
		return MeetingStamp(before, m, f.rooms[3], people, f.event, published1.Add(time.Duration(minutes)*time.Minute))
	}
	first := stamp(nil, 0)
	m.Notes, m.Revision, m.Updated, m.Sides[0].Name = "private", 7, published1, Text{}
	if got := stamp(&first, 1); got != first {
		t.Errorf("what is not shown changed the stamp: %+v", got)
	}
	m.Sides[1].Delegates[0].Answer = Tentative
	second := stamp(&first, 2)
	if second.Sequence != 0 || second.Modified.Sub(first.Modified) != 2*time.Minute {
		t.Errorf("an answer: %+v", second)
	}
	m.Slot = slot(t, hanoi, "t1", "2025-10-27T11:00", "2025-10-27T11:30")
	third := stamp(&second, 3)
	m.Status = MeetingCancelled
	if fourth := stamp(&third, 4); third.Sequence != 1 || fourth.Sequence != 2 || fourth.Created != first.Created {
		t.Errorf("moved %+v, cancelled %+v", third, fourth)
	}
}
