package source

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tableFacts is what somebody else found out about a real table.
type tableFacts struct {
	Zone            string    `json:"zone_used"`
	Sessions        int       `json:"sessions"`
	Timed           int       `json:"timed"`
	Untimed         int       `json:"untimed"`
	Mentions        int       `json:"speaker_mentions"`
	Speakers        int       `json:"speakers"`
	Rooms           int       `json:"rooms"`
	Days            int       `json:"days"`
	First           time.Time `json:"first_start_utc"`
	Last            time.Time `json:"last_end_utc"`
	Shortest        int       `json:"shortest_minutes"`
	Longest         int       `json:"longest_minutes"`
	SessionRecords  int       `json:"session_records"`
	TalkRecords     int       `json:"talk_records"`
	StrippedSpeaker int       `json:"speakers_after_stripping_titles"`
	DoubleBooked    []string  `json:"speakers_double_booked_excl_own_session_titles_stripped"`
}

func readTableFacts(t *testing.T, entry, file string) (Programme, tableFacts) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "schedules")
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Skipf("SKIPPED: the real file is not here: %v", err)
	}
	about, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	if err != nil {
		t.Skipf("SKIPPED: the facts are not here: %v", err)
	}
	var all struct {
		Files map[string]tableFacts `json:"files"`
	}
	if err := json.Unmarshal(about, &all); err != nil {
		t.Fatal(err)
	}
	f, err := Sniff(data)
	if err != nil || f != CSV {
		t.Fatalf("Sniff: %q, %v", f, err)
	}
	p, err := Read(data, f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if facts, known := all.Files[entry]; known {
		return p, facts
	}
	t.Fatalf("facts.json says nothing of %s", entry)
	return Programme{}, tableFacts{}
}

// count counts what the facts count, in the Items and their talks.
func (f tableFacts) count(t *testing.T, p Programme) tableFacts {
	t.Helper()
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		t.Fatal(err)
	}
	got := tableFacts{Zone: f.Zone, Rooms: len(p.Rooms), Speakers: len(p.People)}
	days := map[string]bool{}
	all := slices.Clone(p.Items)
	for _, i := range p.Items {
		all = append(all, i.Talks...)
	}
	for _, i := range all {
		got.Sessions++
		got.Mentions += len(i.Speakers)
		if i.Start.IsZero() || i.End.IsZero() {
			got.Untimed++
			continue
		}
		got.Timed++
		days[i.Start.At.Format(time.DateOnly)] = true
		minutes := int(i.End.At.Sub(i.Start.At).Minutes())
		got.Longest = max(got.Longest, minutes)
		if got.Shortest == 0 || minutes < got.Shortest {
			got.Shortest = minutes
		}
		instant := func(w When) time.Time {
			return time.Date(w.At.Year(), w.At.Month(), w.At.Day(), w.At.Hour(), w.At.Minute(), 0, 0, zone).UTC()
		}
		if at := instant(i.Start); got.First.IsZero() || at.Before(got.First) {
			got.First = at
		}
		if at := instant(i.End); at.After(got.Last) {
			got.Last = at
		}
	}
	got.Days = len(days)
	return got
}

func TestTableOfAGermanCongressIsAsTheFactsSay(t *testing.T) {
	p, want := readTableFacts(t, "gpn11.csv", "gpn11.csv")
	if diff := cmp.Diff(want, want.count(t, p)); diff != "" {
		t.Error(diff)
	}
	for _, i := range p.Items {
		if i.Key == "" || i.Serial == 0 || i.Language == "" {
			t.Errorf("%v has no identity or language: %+v", i.Title, i)
		}
	}
	wantFindings := []Finding{
		{1, ColumnUnknown, `The column "Day" was not read: "Date" says the same.`},
		{1, ColumnUnknown, `The column "File URL" was not read: nothing is known of it.`},
	}
	if diff := cmp.Diff(wantFindings, p.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestTableOfAMedicalCongressIsAsTheFactsSay(t *testing.T) {
	p, want := readTableFacts(t, "mica-2026-can-tho.json", "mica-2026-can-tho.csv")
	got := want.count(t, p)
	got.SessionRecords, got.StrippedSpeaker = len(p.Items), len(p.People)
	for _, i := range p.Items {
		got.TalkRecords += len(i.Talks)
	}
	got.DoubleBooked = doubleBooked(p)
	want.Speakers = want.StrippedSpeaker // who are counted with and without their titles
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var outside []string
	for _, f := range p.Findings {
		switch f.Rule {
		case OutsideParent:
			outside = append(outside, f.Text)
		case OnePerson:
		default:
			t.Errorf("there is a finding that the facts know nothing of: %+v", f)
		}
	}
	if len(outside) != 2 || !strings.Contains(outside[0], "IVUS trong biến chứng") || !strings.Contains(outside[1], "Thảo luận") {
		t.Errorf("talks outside of their items: %q, want the two of the seventh in HT Cần Thơ", outside)
	}
}

func TestARealTableIsTheSameAsAWorkbook(t *testing.T) {
	want, _ := readTableFacts(t, "mica-2026-can-tho.json", "mica-2026-can-tho.csv")
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "schedules", "mica-2026-can-tho.csv"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	for _, record := range records {
		var cells []any
		for _, s := range record {
			if day, err := time.Parse(time.DateOnly, s); err == nil {
				cells = append(cells, day)
			} else if at, err := time.Parse("15:04", s); err == nil {
				cells = append(cells, at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
			} else {
				cells = append(cells, s)
			}
		}
		rows = append(rows, cells)
	}
	got, err := Read(workbook(t, map[string][][]any{"Sheet1": rows}, nil), XLSX, Options{})
	want.Format = XLSX
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// doubleBooked gives the names of people who are in two places at once: where a talk is, its speakers are for its time,
// and the others for the whole item. An item and its own talks are one commitment.
func doubleBooked(p Programme) []string {
	type commitment struct {
		item     int
		from, to time.Time
	}
	held, names := map[string][]commitment{}, map[string]string{}
	for _, person := range p.People {
		names[person.Key] = person.Name
	}
	twice := map[string]bool{}
	for n, i := range p.Items {
		for _, part := range append([]Item{i}, i.Talks...) {
			for _, s := range part.Speakers {
				if part.End.IsZero() {
					continue
				}
				c := commitment{n, part.Start.At, part.End.At}
				for _, d := range held[s.Person] {
					if d.item != n && d.from.Before(c.to) && c.from.Before(d.to) {
						twice[names[s.Person]] = true
					}
				}
				held[s.Person] = append(held[s.Person], c)
			}
		}
	}
	var list []string
	for n := range twice {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}
