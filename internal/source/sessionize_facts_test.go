package source

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// apiFacts is what is known of a real file by other means; the names are those of facts.json.
type apiFacts struct {
	Sessions             int    `json:"sessions"`
	Timed                int    `json:"timed"`
	Speakers             int    `json:"speakers"`
	Rooms                int    `json:"rooms"`
	Days                 int    `json:"days"`
	FirstStart           string `json:"first_start_utc"`
	LastEnd              string `json:"last_end_utc"`
	RoomOverlapPairs     int    `json:"room_overlap_pairs"`
	SpeakersDoubleBooked int    `json:"speakers_double_booked"`
}

func TestSessionizeReadsRealFiles(t *testing.T) {
	for _, file := range []struct {
		name, zone string
		format     Format
	}{
		{"droidkaigi-2018.sessionize-all.json", "Asia/Tokyo", SessionizeAll},
		{"droidcon-london-2024.sessionize-gridsmart.json", "Europe/London", SessionizeGrid},
	} {
		t.Run(file.name, func(t *testing.T) {
			schedules := filepath.Join("..", "..", "..", "shared", "data", "schedules")
			data, err := os.ReadFile(filepath.Join(schedules, file.name))
			if err != nil {
				t.Skipf("SKIPPED: no real file to read: %v", err)
			}
			var known struct{ Files map[string]apiFacts }
			if raw, err := os.ReadFile(filepath.Join(schedules, "facts.json")); err != nil {
				t.Skipf("SKIPPED: nothing to compare with: %v", err)
			} else if err := json.Unmarshal(raw, &known); err != nil {
				t.Fatal(err)
			}
			if f, err := Sniff(data); f != file.format || err != nil {
				t.Errorf("Sniff gives %q, %v", f, err)
			}
			p, err := Read(data, file.format, Options{})
			if err != nil {
				t.Fatal(err)
			}
			zone, err := time.LoadLocation(file.zone)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(known.Files[file.name], apiFactsOf(p, zone)); diff != "" {
				t.Errorf("facts (-known +read):\n%s", diff)
			}
			checkProgrammeHolds(t, p, data)
		})
	}
}

func apiFactsOf(p Programme, zone *time.Location) apiFacts {
	f := apiFacts{Sessions: len(p.Items), Speakers: len(p.People)}
	at := func(w When) time.Time {
		if w.Local {
			w.At = time.Date(w.At.Year(), w.At.Month(), w.At.Day(), w.At.Hour(), w.At.Minute(), w.At.Second(), 0, zone)
		}
		return w.At.UTC()
	}
	rooms, days, busy := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, x := range p.Items {
		if x.Room != "" {
			rooms[x.Room] = true
		}
		if x.Start.IsZero() {
			continue
		}
		f.Timed++
		days[at(x.Start).In(zone).Format(time.DateOnly)] = true
		if s := at(x.Start).Format(time.RFC3339); f.FirstStart == "" || s < f.FirstStart {
			f.FirstStart = s
		}
		f.LastEnd = max(f.LastEnd, at(x.End).Format(time.RFC3339))
		for _, y := range p.Items[:i] {
			if y.Start.IsZero() || !at(x.Start).Before(at(y.End)) || !at(y.Start).Before(at(x.End)) {
				continue
			}
			if x.Room != "" && x.Room == y.Room {
				f.RoomOverlapPairs++
			}
			for _, s := range x.Speakers {
				if slices.ContainsFunc(y.Speakers, func(o Speaker) bool { return o.Person == s.Person }) {
					busy[s.Person] = true
				}
			}
		}
	}
	f.Rooms, f.Days, f.SpeakersDoubleBooked = len(rooms), len(days), len(busy)
	return f
}

// checkProgrammeHolds checks what is true of every Programme: Keys are of one thing, and who refers to a thing finds it.
func checkProgrammeHolds(t *testing.T, p Programme, data []byte) {
	t.Helper()
	rooms, tracks, people, items := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	add := func(kind string, keys map[string]bool, key string) {
		if key == "" || keys[key] {
			t.Errorf("the Key %q of %s is empty or of two", key, kind)
		}
		keys[key] = true
	}
	for _, r := range p.Rooms {
		add("rooms", rooms, r.Key)
	}
	for _, x := range p.Tracks {
		add("tracks", tracks, x.Key)
	}
	for _, x := range p.People {
		add("people", people, x.Key)
	}
	var lines = 1
	for _, c := range data {
		if c == '\n' {
			lines++
		}
	}
	guids := map[string]bool{}
	for _, i := range p.Items {
		add("items", items, i.Key)
		if i.GUID != "" && guids[i.GUID] {
			t.Errorf("the GUID %q is of two items", i.GUID)
		}
		guids[i.GUID] = true
		if i.Room != "" && !rooms[i.Room] || i.Track != "" && !tracks[i.Track] || i.Line < 1 || i.Line > lines {
			t.Errorf("%q on line %d of %d is in the room %q and the track %q", i.Key, i.Line, lines, i.Room, i.Track)
		}
		for _, s := range i.Speakers {
			if !people[s.Person] {
				t.Errorf("%q has the speaker %q, who is not there", i.Key, s.Person)
			}
		}
		if !i.End.IsZero() && i.End.Local == i.Start.Local && !i.End.At.After(i.Start.At) {
			t.Errorf("%q ends %v and starts %v", i.Key, i.End, i.Start)
		}
	}
	for _, f := range p.Findings {
		if f.Line < 0 || f.Line > lines || f.Rule == "" || f.Text == "" || f.Text[len(f.Text)-1] != '.' {
			t.Errorf("a Finding of %d lines: %+v", lines, f)
		}
	}
}
