package ical

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// hostileFiles are calendars that break calendar software, and some that should not.
func hostileFiles() []string {
	files := []string{"", "\ufeff", "\r", ":", ";", "BEGIN:", "BEGIN:VCALENDAR", "END:VCALENDAR", " x", "A;=:", "A;B=\":", "A;B=\"\"\"c\":d", "A;B=^:x",
		strings.Repeat("BEGIN:A\r\n", 20), strings.Repeat(" ", 100), "BEGIN:VCALENDAR\r\n" + strings.Repeat("x", 1000), "\xff\xfeB\x00",
		eventOf("DTSTART;TZID=" + strings.Repeat("/", 100) + ":20260512T090000"), eventOf("DTSTART;TZID=../../etc/passwd:20260512T090000"),
		eventOf("DTSTART;VALUE=DATE:00000000", "DTEND:99991231T235959Z"), eventOf("DTSTART:99991231", "DURATION:P999999W"),
		eventOf("DTSTART:00010101T000000Z", "RRULE:FREQ=SECONDLY", "RECURRENCE-ID:1", "DURATION:PT999999H999999M999999S"),
		withZone(outlook("Own"), "DTSTART;TZID=Own:00000101T000000"), withZone(outlook("Own"), "DTSTART;TZID=Own:99991231T235959", "DURATION:P999999D"),
		withZone(strings.ReplaceAll(outlook("Own"), "BYMONTH=10", "BYMONTHDAY=-31,31;COUNT=9999"), "DTSTART;TZID=Own:20260701T120000"),
		withZone(strings.ReplaceAll(outlook("Own"), "+0200", "-235959"), "DTSTART;TZID=Own:20260701T120000"),
		withZone("BEGIN:VTIMEZONE\nBEGIN:STANDARD\nEND:VTIMEZONE\nEND:STANDARD", "DTSTART;TZID=:20260701T120000"),
		calendarOf("BEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VEVENT", "METHOD:CANCEL", "END:VCALENDAR", "BEGIN:VCALENDAR"),
		calendarOf("BEGIN:STANDARD\nDTSTART:1\nEND:STANDARD", "BEGIN:VTIMEZONE\nBEGIN:VTIMEZONE\nEND:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nBEGIN:VEVENT\nEND:VEVENT")}
	for _, s := range hostile {
		files = append(files, eventOf("DTSTART:20260512T090000Z", "DESCRIPTION:"+s, "ATTENDEE;CN="+s+":x", "CATEGORIES:"+s))
	}
	return files
}

// FuzzRead reads anything: within bounds of time and memory, without a panic, with an error of the domain or texts that
// the domain takes. What was read of it is written by Encode and read back: the same texts and times.
func FuzzRead(f *testing.F) {
	for _, s := range hostileFiles() {
		f.Add([]byte(s))
	}
	files, err := filepath.Glob("testdata/*.ics")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		c, err := Read(bytes.NewReader(file), ReadOptions{Zone: mustZone(t, "Asia/Tokyo")})
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20+uint64(len(file))*200 {
			t.Errorf("%d octets took %d MiB", len(file), used>>20)
		}
		if took > 5*time.Second {
			t.Errorf("%d octets took %s", len(file), took)
		}
		if err != nil {
			if agenda.CodeOf(err) != agenda.Invalid {
				t.Fatalf("%v is no error of the domain", err)
			}
			return
		}
		for i, w := range c.Warnings {
			if !utf8.ValidString(w.Text) || i > 0 && w.Line < c.Warnings[i-1].Line || w.Line < 1 {
				t.Errorf("warning %d is %+v", i, w)
			}
		}
		again(t, c)
	})
}

// again writes what was read and reads that.
func again(t *testing.T, c Calendar) {
	t.Helper()
	written := &ics.Calendar{}
	written.SetVersion("2.0")
	written.SetProductId("-//Test//Test//EN")
	written.SetXWRCalName(c.Name)
	var expect []Entry
	for i, e := range c.Entries {
		if e.Start.IsZero() || e.Start.Year() < 1 || e.End.Year() > 9999 || e.Start.Year() > 9999 || e.End.Year() < 0 {
			continue
		}
		event := written.AddEvent(strings.Repeat("x", i+1))
		event.SetProperty(ics.ComponentPropertyDtstamp, "20260301T080000Z")
		if e.AllDay {
			event.SetProperty(ics.ComponentPropertyDtStart, e.Start.Format("20060102"), ics.WithValue("DATE"))
			event.SetProperty(ics.ComponentPropertyDtEnd, e.End.Format("20060102"), ics.WithValue("DATE"))
		} else {
			event.SetProperty(ics.ComponentPropertyDtStart, e.Start.UTC().Format(utcLayout))
			event.SetProperty(ics.ComponentPropertyDtEnd, e.End.UTC().Format(utcLayout))
		}
		event.SetProperty(ics.ComponentPropertySummary, e.Summary)
		event.SetProperty(ics.ComponentPropertyDescription, e.Description)
		event.SetProperty(ics.ComponentPropertyLocation, e.Location)
		for _, name := range e.Categories {
			event.AddProperty(ics.ComponentPropertyCategories, name)
		}
		expect = append(expect, e)
	}
	if len(expect) == 0 {
		return
	}
	read := reads(t, string(encoded(t, written)), ReadOptions{})
	if len(read.Entries) != len(expect) || read.Name != c.Name {
		t.Fatalf("%d entries of %d, named %q", len(read.Entries), len(expect), read.Name)
	}
	for i, got := range read.Entries {
		want := expect[i]
		if got.Summary != want.Summary || got.Description != want.Description || got.Location != want.Location ||
			!got.Start.Equal(want.Start) || !got.End.Equal(want.End) || got.AllDay != want.AllDay ||
			strings.Join(got.Categories, "|") != strings.Join(want.Categories, "|") {
			t.Errorf("read %+v, want %+v", got, want)
		}
	}
}

func BenchmarkRead2000(b *testing.B) {
	var file bytes.Buffer
	if err := Encode(&file, thousands(b, 2000)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		c, err := Read(bytes.NewReader(file.Bytes()), ReadOptions{})
		if err != nil || len(c.Entries) != 2000 || len(c.Warnings) > 0 {
			b.Fatal(len(c.Entries), err)
		}
	}
}
