package ical

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

// truth is what icalcheck compares each of its five parsers with.
type truth struct {
	UID         string `json:"uid"`
	Summary     string `json:"summary"`
	Start       string `json:"start"`
	End         string `json:"end"`
	Location    string `json:"location,omitempty"`
	Description string `json:"description,omitempty"`
	Status      string `json:"status,omitempty"`
}

// icalcheck runs the checker that the environment names on data, with the feed profile, and fails on any defect that
// it or one of its parsers sees.
func icalcheck(t *testing.T, data []byte, expect []truth, flags ...string) {
	t.Helper()
	program := os.Getenv("ICALCHECK")
	if program == "" {
		t.Skip("ICALCHECK is not set: give it the path of the icalcheck program, and five foreign parsers and a strict " +
			"linter read these calendars as well")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "feed.ics")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--profile", "feed", "--deep"}, flags...)
	if expect != nil {
		body, err := json.Marshal(expect)
		if err != nil {
			t.Fatal(err)
		}
		list := filepath.Join(dir, "truth.json")
		if err := os.WriteFile(list, body, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--expect", list)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, append(args, file)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	lines := strings.SplitAfter(out.String(), "\n")
	report := strings.Join(lines[:min(len(lines), 40)], "")
	if err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	t.Log(lines[0])
}

func feedShell() *ics.Calendar {
	cal := &ics.Calendar{}
	cal.SetVersion("2.0")
	cal.SetProductId("-//Test//Test//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetName("Checked")
	cal.SetXWRTimezone("Europe/Paris")
	cal.SetRefreshInterval("PT1H")
	cal.SetXPublishedTTL("PT1H")
	return cal
}

func addChecked(cal *ics.Calendar, want truth, loc *time.Location, start, end time.Time) truth {
	event := cal.AddEvent(want.UID)
	event.SetProperty(ics.ComponentPropertyDtstamp, "20260301T080000Z")
	event.SetProperty(ics.ComponentPropertyCreated, "20260201T080000Z")
	event.SetProperty(ics.ComponentPropertyLastModified, "20260301T080000Z")
	event.SetProperty(ics.ComponentPropertySequence, "2")
	if loc == time.UTC {
		event.SetProperty(ics.ComponentPropertyDtStart, start.UTC().Format(utcLayout))
		event.SetProperty(ics.ComponentPropertyDtEnd, end.UTC().Format(utcLayout))
	} else {
		event.SetProperty(ics.ComponentPropertyDtStart, start.In(loc).Format(localLayout), ics.WithTZID(loc.String()))
		event.SetProperty(ics.ComponentPropertyDtEnd, end.In(loc).Format(localLayout), ics.WithTZID(loc.String()))
	}
	event.SetProperty(ics.ComponentPropertySummary, want.Summary)
	if want.Location != "" {
		event.SetProperty(ics.ComponentPropertyLocation, want.Location)
		event.SetProperty(ics.ComponentPropertyDescription, want.Description)
		event.SetProperty(ics.ComponentPropertyUrl, "https://forum.example/"+want.Summary)
		event.AddProperty(ics.ComponentPropertyCategories, want.Location)
		event.AddProperty("CONFERENCE", "https://stream.example/a;b,c", &ics.KeyValues{Key: "LABEL", Value: []string{want.Summary}})
	}
	want.Start, want.End = start.UTC().Format(time.RFC3339), end.UTC().Format(time.RFC3339)
	want.Summary, want.Location, want.Description = clean(want.Summary), clean(want.Location), clean(want.Description)
	return want
}

func TestCheckedHostileTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	mix := func() string {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(hostile[random.IntN(len(hostile))])
		}
		return "T" + b.String() + "Z"
	}
	cal := feedShell()
	paris := mustZone(t, "Europe/Paris")
	start := time.Date(2026, 5, 12, 7, 0, 0, 0, time.UTC)
	zone, _ := Timezone(paris, start, start.AddDate(0, 2, 0))
	cal.AddVTimezone(zone)
	var expect []truth
	for i := range 500 {
		at := start.Add(time.Duration(i) * time.Hour)
		expect = append(expect, addChecked(cal, truth{UID: fmt.Sprintf("hostile-%d@test", i), Summary: mix(),
			Location: mix(), Description: mix() + mix()}, paris, at, at.Add(45*time.Minute)))
	}
	icalcheck(t, encoded(t, cal), expect)
}

func TestCheckedZones(t *testing.T) {
	cal := feedShell()
	from, to := day("2026-01-01"), day("2027-12-31")
	var expect []truth
	for _, name := range strings.Fields(zoneNames) {
		loc := mustZone(t, name)
		zone, ok := Timezone(loc, from, to)
		if ok {
			cal.AddVTimezone(zone)
		}
		times := []time.Time{day("2026-05-12"), day("2026-12-12")}
		for at := from; ; {
			c, found := nextChange(loc, at, to)
			if !found {
				break
			}
			at = c.at
			times = append(times, at.Add(-3*time.Hour), at.Add(-time.Minute), at.Add(time.Minute), at.Add(3*time.Hour))
		}
		for i, at := range times {
			zone, end := loc, at.Add(30*time.Minute)
			if !ok || ambiguous(loc, at) || ambiguous(loc, end) {
				zone = time.UTC
			}
			expect = append(expect, addChecked(cal, truth{UID: fmt.Sprintf("%s-%d@test", name, i), Summary: name}, zone, at, end))
		}
	}
	t.Logf("%d events", len(expect))
	icalcheck(t, encoded(t, cal), expect)
}
