package source

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// facts are what is known of a real file by somebody who read it with another program. Intervals are half-open, and two
// mentions of a person are one where the source's own identities are.
type facts struct {
	Zone            string `json:"zone_used"`
	Sessions        int    `json:"sessions"`
	Timed           int    `json:"timed"`
	Speakers        int    `json:"speakers"`
	Rooms           int    `json:"rooms"`
	Days            int    `json:"days"`
	FirstStart      string `json:"first_start_utc"`
	LastEnd         string `json:"last_end_utc"`
	RoomOverlaps    int    `json:"room_overlap_pairs"`
	SpeakerOverlaps int    `json:"speaker_overlap_triples"`
	DoubleBooked    int    `json:"speakers_double_booked"`
}

// realFile gives a file of the collection of real ones, and what is known of it. Where the collection is not, the test is
// skipped.
func realFile(t *testing.T, file string) ([]byte, facts) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "schedules")
	text, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	if err != nil {
		t.Skipf("SKIPPED: the collection of real schedules is not here: %v", err)
	}
	var all struct{ Files map[string]facts }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	known, ok := all.Files[file]
	if !ok {
		t.Fatalf("nothing is known of %s", file)
	}
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	return data, known
}

// slot is when an item of a file takes place.
type slot struct{ start, end time.Time }

func (s slot) overlaps(t slot) bool { return s.start.Before(t.end) && t.start.Before(s.end) }

// resolve gives the instant of a When, by the clock of the zone where the file gives no offset.
func (w When) resolve(zone *time.Location) time.Time {
	if !w.Local {
		return w.At
	}
	t := w.At
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone).UTC()
}

// checkFacts compares what was read of a file with what is known of it.
func checkFacts(t *testing.T, p Programme, known facts, zone *time.Location) {
	t.Helper()
	got := facts{Zone: known.Zone, Sessions: len(p.Items), Speakers: len(p.People)}
	var first, last time.Time
	days, rooms := map[string]bool{}, map[string]bool{}
	inRoom, ofPerson := map[string][]slot{}, map[string][]slot{}
	for _, i := range p.Items {
		if i.Room != "" {
			rooms[i.Room] = true
		}
		s := slot{i.Start.resolve(zone), i.End.resolve(zone)}
		if i.Start.IsZero() || i.End.IsZero() || !s.end.After(s.start) {
			continue
		}
		got.Timed++
		days[s.start.In(zone).Format(agenda.DateLayout)] = true
		if first.IsZero() || s.start.Before(first) {
			first = s.start
		}
		if s.end.After(last) {
			last = s.end
		}
		if i.Room != "" {
			inRoom[i.Room] = append(inRoom[i.Room], s)
		}
		for _, who := range i.Speakers {
			ofPerson[who.Person] = append(ofPerson[who.Person], s)
		}
	}
	got.Rooms, got.Days = len(rooms), len(days)
	got.FirstStart, got.LastEnd = first.Format(time.RFC3339), last.Format(time.RFC3339)
	for _, slots := range inRoom {
		got.RoomOverlaps += overlaps(slots)
	}
	for _, slots := range ofPerson {
		if n := overlaps(slots); n > 0 {
			got.SpeakerOverlaps += n
			got.DoubleBooked++
		}
	}
	if diff := cmp.Diff(known, got); diff != "" {
		t.Errorf("what is known (-), what was read (+):\n%s", diff)
	}
}

func overlaps(slots []slot) int {
	n := 0
	for i, s := range slots {
		for _, other := range slots[i+1:] {
			if s.overlaps(other) {
				n++
			}
		}
	}
	return n
}

// checkConsistent checks what holds for whatever was read: Keys are unique, references lead somewhere, findings are on
// lines of the file and say whole sentences.
func checkConsistent(t *testing.T, data []byte, p Programme) {
	t.Helper()
	unique := func(what string) func(key string) {
		seen := map[string]bool{}
		return func(key string) {
			if key == "" || seen[key] {
				t.Errorf("the key %q of %s is empty or there twice", key, what)
			}
			seen[key] = true
		}
	}
	room, track, person, item, code := unique("a room"), unique("a track"), unique("a person"), unique("an item"), unique("a code")
	uuids := map[string]func(string){"room": unique("the GUIDs of rooms"), "person": unique("the GUIDs of people"), "item": unique("the GUIDs of items")}
	guid := func(of, uuid string) {
		if uuid != "" {
			uuids[of](uuid)
		}
	}
	rooms, tracks, people := map[string]bool{"": true}, map[string]bool{"": true}, map[string]bool{}
	for _, r := range p.Rooms {
		room(r.Key)
		guid("room", r.GUID)
		rooms[r.Key] = true
	}
	for _, tr := range p.Tracks {
		track(tr.Key)
		tracks[tr.Key] = true
	}
	for _, who := range p.People {
		person(who.Key)
		guid("person", who.GUID)
		people[who.Key] = true
	}
	for _, i := range p.Items {
		item(i.Key)
		guid("item", i.GUID)
		if i.Code != "" {
			code(i.Code)
		}
		if !rooms[i.Room] || !tracks[i.Track] || i.Title.first() == "" {
			t.Errorf("%q is in the room %q and of the track %q, which must be there", i.Title, i.Room, i.Track)
		}
		for _, s := range i.Speakers {
			if !people[s.Person] {
				t.Errorf("%q has the speaker %q, who is not there", i.Title, s.Person)
			}
		}
		if !i.End.IsZero() && !i.Start.IsZero() && i.End.Local == i.Start.Local && !i.End.At.After(i.Start.At) {
			t.Errorf("%q ends at %v before it begins at %v", i.Title, i.End, i.Start)
		}
	}
	lines := 1
	for _, c := range data {
		if c == '\n' {
			lines++
		}
	}
	if len(p.Findings) > MaxFindings+1 {
		t.Errorf("there are %d findings", len(p.Findings))
	}
	for _, f := range p.Findings {
		if f.Line < 0 || f.Line > lines || f.Rule == "" || f.Text == "" || f.Text[len(f.Text)-1] != '.' {
			t.Errorf("a finding is %+v, in a file of %d lines", f, lines)
		}
	}
}

func TestRealSchedules(t *testing.T) {
	for file, rules := range map[string][]Rule{
		"fosdem-2020.xml":               nil,
		"31c3.xml":                      {TwoPeople},
		"froscon-2013.xml":              {TwoPeople},
		"camp2019-frab.schedule.json":   {OnePerson},
		"democon-pretalx.schedule.json": {DuplicateID},
	} {
		t.Run(file, func(t *testing.T) {
			data, known := realFile(t, file)
			format, err := Sniff(data)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Read(data, format, Options{})
			if err != nil {
				t.Fatal(err)
			}
			zone, err := agenda.LoadZone(known.Zone)
			if err != nil {
				t.Fatal(err)
			}
			checkFacts(t, p, known, zone)
			checkConsistent(t, data, p)
			var got []Rule
			for _, f := range p.Findings {
				got = append(got, f.Rule)
			}
			if !slices.Equal(got, rules) {
				t.Errorf("findings: %+v, want of the rules %v", p.Findings, rules)
			}
			for _, i := range p.Items {
				if tagPattern.MatchString(i.Title.first()) {
					t.Errorf("the title %q has tags", i.Title.first())
				}
			}
		})
	}
}
