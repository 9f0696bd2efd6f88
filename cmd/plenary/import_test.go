package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	const added = "Imported into the draft of days: 1 panel added, 0 unchanged; 1 new room, 0 new tracks, 0 new people.\n"
	const looked = "  Added: “Opening” (Tuesday 12 May 2026, 09:00–10:00, Hall).\n"
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
		{[]string{file, "--zone", "Asia/Tokyo"}, "", exitUsage, "", "plenary: a file of another program becomes part of an event: name its slug with --event, whether it is here already or not\n"},
		{[]string{file, "--event", "days", "--zone", "Asia/Atlantis"}, "", exitUsage, "", "plenary: --zone: \"Asia/Atlantis\" is not an IANA time zone, such as Asia/Ho_Chi_Minh: unknown time zone Asia/Atlantis\n"},
		{[]string{file, "--event", "Days!", "--zone", "Asia/Tokyo"}, "", exitFailed, "", ""},
		{[]string{file, "--event", "days", "--zone", "Asia/Tokyo", "--dry-run"}, "", exitDone, created + looked + added + "  new rooms: Hall\n" + dry, said},
		{[]string{file, "--event", "days", "--zone", "Asia/Tokyo"}, "", exitDone, created + added, said},
		{[]string{"-", "--event", "days", "--zone", "Asia/Tokyo"}, strings.ReplaceAll(weekly, "20260512T10", "20260512T11"), exitDone,
			"  Moved: “Opening” – Tuesday 12 May 2026, 09:00–10:00, Hall → 09:00–11:00, Hall. [CODE]\n" +
				"Imported into the draft of days: 0 panels added, 1 moved, 0 unchanged; 0 new rooms, 0 new tracks, 0 new people.\n",
			"-:10: This is no line of a calendar, it has no colon: it was left out.\n"},
		{[]string{"-"}, "\xef\xbb\xbf {", exitFailed, "", ""},
		{[]string{"-", "--zone", "Asia/Tokyo"}, `{"format":"plenary-event","version":1,"event":{}}`, exitUsage, "", "plenary: --zone, --language, --source and --map are for files of other programs: Plenary's own says all of it\n"},
		{[]string{"-", "--event", "days"}, "\x00", exitFailed, "",
			"plenary: The file is in no format that can be read: schedule.xml, schedule.json, sessionize-all, sessionize-gridsmart, pretalx, csv, xlsx, ics, plenary.\n"},
		{[]string{"-", "--event", "days", "--source", "t", "--map", "when=start", "--map", "title=title", "--map", "x=room"}, "title,when,x\nTalk,2026-05-12 12:00,Hall\n", exitDone,
			"Columns: title=title, when=start, x=room.\nImported into the draft of days: 1 panel added, 0 unchanged; 0 new rooms, 0 new tracks, 0 new people.\n",
			"-:2: \"Talk\" has no time: it was taken without one.\n"},
		{[]string{"-", "--event", "days", "--format", "docx"}, "x", exitUsage, "", "plenary: --format is \"docx\", but must be one of schedule.xml schedule.json sessionize-all sessionize-gridsmart pretalx csv xlsx ics plenary\n"},
		{[]string{"-", "--event", "days", "--language", "??"}, "title\nA\n", exitUsage, "", ""},
		{[]string{"HTTP://127.0.0.1/x.csv", "--event", "days"}, "", exitFailed, "", "plenary: \"127.0.0.1\" leads to a private address, which is not asked.\n"},
		{[]string{"-", "--event", "days", "--map", "title"}, "title\nA\n", exitUsage, "", "plenary: --map is \"title\", but must be HEADER=COLUMN, such as \"Chủ tọa=chair\"\n"},
		{[]string{"-", "--event", "days"}, weekly[:80], exitFailed, "", "plenary: The calendar that begins on line 2 has no END:VCALENDAR: the file is cut off after line 6.\n"},
	} {
		status, out, stderr := program(t, env, step.in, append([]string{"import"}, step.args...)...)
		out = regexp.MustCompile(`(?m) \[[A-Z0-9]{6}\]$`).ReplaceAllString(out, " [CODE]")
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
	if lines[0] != lines[1] || !strings.HasPrefix(lines[1], "Imported copy: 2 panels, ") {
		t.Errorf("the dry run said %q, the import %q", lines[0], lines[1])
	}
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
