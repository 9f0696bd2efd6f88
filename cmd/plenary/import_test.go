package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/ical"
)

const weekly = "\ufeff\r\nBEGIN:VCALENDAR\r\nX-WR-CALNAME:Open days\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:Opening\r\nDTSTART:20260512T090000\r\nDTEND:20260512T100000\r\n" +
	"LOCATION:Hall\r\nnonsense\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// A calendar goes into the draft of an event, from a file and from standard input, and says what happened.
func TestImportOfACalendar(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"PLENARY_DATABASE=" + filepath.Join(dir, "plenary.db"), "PLENARY_BASE_URL=https://agenda.example"}
	file := filepath.Join(dir, "weekly.ics")
	if err := os.WriteFile(file, []byte(weekly), 0o600); err != nil {
		t.Fatal(err)
	}
	const created = "Created the event days: Open days, 2026-05-12 to 2026-05-12 by the clock of Asia/Tokyo.\n"
	const added = "Imported into the draft of days: 1 panel added, 0 updated, 0 unchanged, 0 left out; 1 new room, 0 new tracks, 0 new people.\n"
	const dry = "This was a dry run: nothing was written.\n"
	said := file + ":10: This is no line of a calendar, it has no colon: it was left out.\n"
	for _, step := range []struct {
		args   []string
		in     string
		status int
		out    string
		err    string
	}{
		{[]string{file, "--event", "days"}, "", exitFailed, "", "plenary: The calendar has 1 entry with local times that name no zone, the first on line 7, of \"Opening\".\n" +
			"  /zone: is needed: the IANA time zone that they are meant in, such as Asia/Ho_Chi_Minh\n"},
		{[]string{file, "--zone", "Asia/Tokyo"}, "", exitUsage, "", "plenary: a calendar becomes part of an event: name its slug with --event, whether it is here already or not\n"},
		{[]string{file, "--event", "days", "--zone", "Asia/Atlantis"}, "", exitUsage, "", "plenary: --zone: \"Asia/Atlantis\" is not an IANA time zone, such as Asia/Ho_Chi_Minh: unknown time zone Asia/Atlantis\n"},
		{[]string{file, "--event", "Days!", "--zone", "Asia/Tokyo"}, "", exitFailed, "", ""},
		{[]string{file, "--event", "days", "--zone", "Asia/Tokyo", "--dry-run"}, "", exitDone, created + added + dry, said},
		{[]string{file, "--event", "days", "--zone", "Asia/Tokyo"}, "", exitDone, created + added, said},
		{[]string{"-", "--event", "days", "--zone", "Asia/Tokyo"}, strings.ReplaceAll(weekly, "20260512T10", "20260512T11"), exitDone,
			"Imported into the draft of days: 0 panels added, 1 updated, 0 unchanged, 0 left out; 0 new rooms, 0 new tracks, 0 new people.\n",
			"-:10: This is no line of a calendar, it has no colon: it was left out.\n"},
		{[]string{"-"}, "\xef\xbb\xbf {", exitFailed, "", ""},
		{[]string{"-", "--zone", "Asia/Tokyo"}, "{}", exitUsage, "", "plenary: --zone and --language are for calendars: Plenary's own file says both\n"},
		{[]string{"-", "--event", "days"}, "PK\x03\x04", exitFailed, "", "plenary: this is neither an event that `plenary export` wrote (JSON, beginning with {) nor a calendar (beginning with BEGIN:VCALENDAR)\n"},
		{[]string{"-", "--event", "days"}, weekly[:80], exitFailed, "", "plenary: The calendar that begins on line 2 has no END:VCALENDAR: the file is cut off after line 6.\n"},
	} {
		status, out, stderr := program(t, env, step.in, append([]string{"import"}, step.args...)...)
		if status != step.status || out != step.out || step.err != "" && stderr != step.err || strings.Contains(stderr, "panic") {
			t.Errorf("plenary import %q: exit %d, want %d\n%s%s", step.args, status, step.status, cmp.Diff(step.out, out), cmp.Diff(step.err, stderr))
		}
	}
	// Plenary's own file, marked as UTF-8 by an editor, from standard input; a dry run says the same and leaves nothing.
	other := []string{"PLENARY_DATABASE=" + filepath.Join(dir, "other.db")}
	bundle := "\ufeff" + succeed(t, env, "export", "days")
	var lines [2]string
	for i, flags := range [][]string{{"--dry-run"}, nil} {
		status, out, stderr := program(t, other, bundle, append([]string{"import", "-", "--event", "copy"}, flags...)...)
		if lines[i] = strings.TrimSuffix(out, dry); status != exitDone {
			t.Errorf("import %v: exit %d\n%s", flags, status, stderr)
		}
	}
	if lines[0] != lines[1] || !strings.HasPrefix(lines[1], "Imported copy: 1 panel, ") {
		t.Errorf("the dry run said %q, the import %q", lines[0], lines[1])
	}
}

// facts is what is known of a schedule by another program's count.
type facts struct {
	Sessions int    `json:"sessions"`
	Timed    int    `json:"timed"`
	Speakers int    `json:"speakers"`
	Rooms    int    `json:"rooms"`
	Days     int    `json:"days"`
	First    string `json:"first_start_utc"`
	Last     string `json:"last_end_utc"`
}

// Calendars of real conferences become agendas that have all of their sessions, rooms and people, and are told again
// as the same calendars.
func TestImportOfRealCalendars(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "..", "shared", "data", "schedules")
	body, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v; with the schedules of real conferences in that folder, their calendars are imported and counted", err)
	}
	var known struct{ Files map[string]facts }
	if err := json.Unmarshal(body, &known); err != nil {
		t.Fatal(err)
	}
	for file, zone := range map[string]string{"kielux-2020.ics": "Europe/Berlin", "railsconf-2017.ics": ""} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			slug, file := strings.TrimSuffix(file, ".ics"), filepath.Join(dir, file)
			env := []string{"PLENARY_DATABASE=" + filepath.Join(t.TempDir(), "plenary.db"), "PLENARY_BASE_URL=https://agenda.example"}
			args := []string{"import", file, "--event", slug}
			if zone != "" {
				args = append(args, "--zone", zone)
			}
			succeed(t, env, args...)
			if out := succeed(t, env, args...); !strings.Contains(out, ": 0 panels added, 0 updated, ") {
				t.Errorf("the second import says %q", out)
			}
			succeed(t, env, "publish", slug)
			if diff := cmp.Diff(known.Files[slug+".ics"], factsOf(t, succeed(t, env, "export", slug, "--format", "json"))); diff != "" {
				t.Error(diff)
			}
			feed := succeed(t, env, "export", slug, "--format", "ics")
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := sessions(t, source)
			if diff := cmp.Diff(want, sessions(t, []byte(feed))); diff != "" {
				t.Error(diff)
			}
			icalcheck(t, feed, want)
		})
	}
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
	days, last := map[string]bool{}, time.Time{}
	for i, p := range a.Panels {
		if days[p.Day] = true; p.End.After(p.Start) {
			f.Timed++
		}
		if i == 0 {
			f.First = p.Start.UTC().Format(time.RFC3339)
		}
		if p.End.After(last) {
			last = p.End
		}
	}
	f.Days, f.Last = len(days), last.UTC().Format(time.RFC3339)
	return f
}

// session is what every reader of a calendar has to see of an entry.
type session struct {
	UID      string `json:"uid"`
	Summary  string `json:"summary"`
	Start    string `json:"start"`
	End      string `json:"end"`
	Location string `json:"location"`
}

// sessions gives what a calendar says, by UID.
func sessions(t *testing.T, body []byte) map[string]session {
	t.Helper()
	c, err := ical.Read(bytes.NewReader(body), ical.ReadOptions{})
	if err != nil || len(c.Warnings) > 0 {
		t.Fatal(err, c.Warnings)
	}
	list := map[string]session{}
	for _, e := range c.Entries {
		list[e.UID] = session{e.UID, e.Summary, e.Start.Format(time.RFC3339), e.End.Format(time.RFC3339), e.Location}
	}
	return list
}

// icalcheck has foreign parsers read a feed, where they are installed, and compares what they saw with the sessions.
func icalcheck(t *testing.T, feed string, want map[string]session) {
	t.Helper()
	checker := os.Getenv("ICALCHECK")
	if checker == "" {
		return
	}
	dir := t.TempDir()
	truth, err := json.Marshal(slices.Collect(maps.Values(want)))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"feed.ics": []byte(feed), "truth.json": truth} {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(checker, "--profile", "feed", "--deep", "--expect", filepath.Join(dir, "truth.json"), filepath.Join(dir, "feed.ics")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%.4000s", err, out)
	}
	t.Logf("%.300s", out)
}
