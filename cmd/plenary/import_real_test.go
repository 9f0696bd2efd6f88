package main

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"plenary/internal/pgtest"
)

// facts is what is known of a schedule by another program's count.
type facts struct {
	Sessions int    `json:"sessions"`
	Timed    int    `json:"timed"`
	Speakers int    `json:"speakers"`
	Rooms    int    `json:"rooms"`
	Days     int    `json:"days"`
	First    string `json:"first_start_utc"`
	Last     string `json:"last_end_utc"`
	// Double bookings: of a room, and of a person, each in two entries at a time.
	RoomsTwice  int `json:"room_overlap_pairs"`
	PeopleTwice int `json:"speaker_overlap_triples"`
}

// realSchedules are the schedules of real conferences by file, with what else there is to know about each.
var realSchedules = map[string]struct{ zone, language string }{
	"fosdem-2020.xml": {"Europe/Brussels", ""}, "31c3.xml": {"Europe/Berlin", ""}, "froscon-2013.xml": {"Europe/Berlin", ""},
	"camp2019-frab.schedule.json": {}, "democon-pretalx.schedule.json": {},
	"droidkaigi-2018.sessionize-all.json": {"Asia/Tokyo", "ja"}, "droidcon-london-2024.sessionize-gridsmart.json": {"Europe/London", ""},
	"kielux-2020.ics": {"Europe/Berlin", "de"}, "railsconf-2017.ics": {}, "gpn11.csv": {"Europe/Berlin", "de"}, "mica-2026-can-tho.csv": {"Asia/Ho_Chi_Minh", "vi"},
}

// medicalCongress is what MICA 2026 comes to where the talks of a session are parts of it, and titles are no part of a
// name: facts.json counts talks as sessions of their own, and gives the rest beside.
var medicalCongress = facts{Sessions: 25, Timed: 25, Speakers: 102, Rooms: 4, Days: 1, First: "2026-07-04T01:00:00Z", Last: "2026-07-04T10:15:00Z", PeopleTwice: 3}

// knownFacts reads what is known of the real schedules.
func knownFacts(t *testing.T) (dir string, known map[string]facts) {
	t.Helper()
	dir = filepath.Join("..", "..", "..", "shared", "data", "schedules")
	body, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v; with the schedules of real conferences in that folder, they are imported, counted and told again", err)
	}
	var all struct{ Files map[string]facts }
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	all.Files["mica-2026-can-tho.csv"] = medicalCongress
	return dir, all.Files
}

// The schedules of real conferences become agendas that have all of their sessions, rooms, people and double bookings,
// and go out again so that they can come in again.
func TestRealSchedules(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED with -short: these take minutes where the race detector looks on")
	}
	dir, known := knownFacts(t)
	for file, about := range realSchedules {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			slug := strings.ReplaceAll(strings.TrimSuffix(file, filepath.Ext(file)), ".", "-")
			env := []string{"PLENARY_DATABASE=" + filepath.Join(pgtest.Folder(t), "plenary.db"), "PLENARY_BASE_URL=https://agenda.example"}
			args := []string{"import", filepath.Join(dir, file), "--event", slug, "--zone", about.zone, "--language", about.language}
			mustCommand(t, env, args...)
			if out := mustCommand(t, env, args...); !strings.Contains(out, ": 0 panels added, ") || strings.Count(out, "unchanged;") != 1 || regexp.MustCompile(`\d (moved|edited|cancelled)`).MatchString(out) {
				t.Errorf("the second import says %q", out)
			}
			conflicts := publishAnyway(t, env, slug)
			got := factsOf(t, mustCommand(t, env, "export", slug, "--format", "json"))
			for _, key := range conflicts {
				switch kind, _, _ := strings.Cut(key, "/"); kind {
				case "room_taken":
					got.RoomsTwice++
				case "person_busy":
					got.PeopleTwice++
				default:
					t.Errorf("there is a conflict %s", key)
				}
			}
			if diff := gocmp.Diff(known[file], got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			files := goesRound(t, env, slug, cmp.Or(about.language, "en"))
			checkSchedule(t, files["schedule.xml"], files["schedule.json"])
			if strings.HasSuffix(file, ".ics") {
				sameCalendar(t, env, slug, filepath.Join(dir, file))
			}
		})
	}
}

// publishAnyway publishes with every conflict acknowledged, and gives their keys.
func publishAnyway(t *testing.T, env []string, slug string) []string {
	t.Helper()
	_, out, stderr := command(t, env, "publish", slug)
	var keys []string
	for _, m := range regexp.MustCompile(`--acknowledge (\S+)`).FindAllStringSubmatch(out+stderr, -1) {
		keys = append(keys, m[1])
	}
	if len(keys) == 0 {
		return nil
	}
	args := []string{"publish", slug}
	for _, key := range keys {
		args = append(args, "--acknowledge", key)
	}
	mustCommand(t, env, args...)
	return keys
}

// goesRound exports in the formats of the field, imports each into an empty installation and exports it again: the bytes
// are the same. It gives the files.
func goesRound(t *testing.T, env []string, slug, language string) map[string]string {
	t.Helper()
	files, dir := map[string]string{}, t.TempDir()
	zone := regexp.MustCompile(`"zone": *"([^"]+)"`).FindStringSubmatch(mustCommand(t, env, "export", slug, "--format", "json"))
	// Of the draft, which has no number: the second installation would have to publish as often as the first.
	export := func(env []string, format, file string) {
		args := []string{"export", slug, "--format", format, "-o", file}
		if format != "csv" && format != "xlsx" {
			args = append(args, "--release", "draft")
		}
		mustCommand(t, env, args...)
	}
	for _, format := range []string{"schedule.xml", "schedule.json", "sessionize-all", "sessionize-gridsmart", "csv", "xlsx"} {
		first, second := filepath.Join(dir, "first-"+format), filepath.Join(dir, "second-"+format)
		files[format] = first
		export(env, format, first)
		other := []string{"PLENARY_DATABASE=" + migrated.File(t), "PLENARY_BASE_URL=https://agenda.example"}
		mustCommand(t, other, "import", first, "--event", slug, "--language", language, "--zone", zone[1])
		if format == "xlsx" { // a workbook is not the same bytes twice: its table is
			format, first = "csv", files["csv"]
		}
		export(other, format, second)
		a, errA := os.ReadFile(first)
		b, errB := os.ReadFile(second)
		if errA != nil || errB != nil || len(a) == 0 {
			t.Fatal(errA, errB, len(a))
		}
		if format == "csv" { // rows of one time are in the order of the rooms, which a table does not tell
			a, b = inOrder(a), inOrder(b)
		}
		if string(a) != string(b) {
			x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
			at := 0
			for at < min(len(x), len(y)) && x[at] == y[at] {
				at++
			}
			t.Errorf("%s is not the same again: line %d\n%.300s\n%.300s", format, at+1, strings.Join(x[at:min(at+1, len(x))], ""), strings.Join(y[at:min(at+1, len(y))], ""))
		}
	}
	return files
}

// inOrder sorts the records of a table.
func inOrder(table []byte) []byte {
	rows := regexp.MustCompile(`(?m)^(?:[0-9a-f]{8}-)`).FindAllIndex(table, -1)
	var records []string
	for n, at := range rows {
		end := len(table)
		if n+1 < len(rows) {
			end = rows[n+1][0]
		}
		records = append(records, string(table[at[0]:end]))
	}
	slices.Sort(records)
	return []byte(strings.Join(records, ""))
}

// checkSchedule has the published schemas and the rules of the apps look at documents, where the checker is installed.
func checkSchedule(t *testing.T, files ...string) {
	t.Helper()
	checker := os.Getenv("CHECK_SCHEDULE")
	if checker == "" {
		return
	}
	out, err := exec.CommandContext(t.Context(), checker, files...).CombinedOutput()
	if err != nil || strings.Count(string(out), " ok ") != len(files) {
		t.Errorf("%v\n%.4000s", err, out)
	}
	t.Logf("%.600s", out)
}

// sameCalendar compares the calendar of the agenda with the one that it was made from.
func sameCalendar(t *testing.T, env []string, slug, file string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	feed := mustCommand(t, env, "export", slug, "--format", "ics")
	want := sessions(t, source)
	if diff := gocmp.Diff(want, sessions(t, []byte(feed))); diff != "" {
		t.Error(diff)
	}
	icalcheck(t, feed, want)
}

// factsOf counts what a public agenda has.
func factsOf(t *testing.T, body string) facts {
	t.Helper()
	var a struct {
		Rooms, People []struct{ ID string }
		Panels        []struct {
			Day        string
			Start, End time.Time
		}
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatal(err)
	}
	f := facts{Sessions: len(a.Panels), Speakers: len(a.People), Rooms: len(a.Rooms)}
	var days []string
	var last time.Time
	for i, p := range a.Panels {
		if days = append(days, p.Day); p.End.After(p.Start) {
			f.Timed++
		}
		if i == 0 {
			f.First = p.Start.UTC().Format(time.RFC3339)
		}
		if p.End.After(last) {
			last = p.End
		}
	}
	slices.Sort(days)
	f.Days, f.Last = len(slices.Compact(days)), last.UTC().Format(time.RFC3339)
	return f
}
