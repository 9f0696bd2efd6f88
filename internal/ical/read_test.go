package ical

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// calendarOf puts lines into a calendar.
func calendarOf(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

// eventOf puts lines into a calendar with one entry.
func eventOf(lines ...string) string {
	return calendarOf("BEGIN:VEVENT\r\nUID:1@test\r\nSUMMARY:Title\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT")
}

func reads(t testing.TB, file string, o ReadOptions) Calendar {
	t.Helper()
	c, err := Read(strings.NewReader(file), o)
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, file)
	}
	return c
}

// warnings gives the Warnings as "LINE: sentence".
func warnings(c Calendar) []string {
	var list []string
	for _, w := range c.Warnings {
		list = append(list, fmt.Sprintf("%d: %s", w.Line, w.Text))
	}
	return list
}

// An entry with everything that is kept of one, in the spellings that files have.
func TestReadKeepsWhatAnEntrySays(t *testing.T) {
	file := strings.Join([]string{
		"\ufeff", "begin:vcalendar", "version:2.0", "X-WR-CALNAME:Forum\\, 2026", "NAME:Another", "X-WR-CALDESC:About\\nit", "X-WR-TIMEZONE:Europe/Paris",
		"BEGIN:VTODO", "SUMMARY:Milk", "END:VTODO", "BEGIN:VEVENT", "uid:1@test",
		"summary;language=en:One\\, two\\; three\\\\four\\nfive\\x", "DESCRIPTION:A long", "  line that is ", "\tfolded",
		"LOCATION:Hall A\r", "URL:https://a.example/x;y,z", "CATEGORIES:Data\\, AI,Trust", "CATEGORIES:More", "status:cancelled",
		"DTSTART;tzid=\"Europe/Paris\":20260512T090000", "DTEND;TZID=Europe/Paris;VALUE=DATE-TIME:20260512t103000", "SEQUENCE:3",
		"LAST-MODIFIED:20260301T080000Z", "DTSTAMP:20260302T080000Z", "GEO:48.85;2.35",
		"ORGANIZER;CN=\"Doe, John\":mailto:john@secret.example",
		"ATTENDEE;CN=\"a^'b^' ^^c^n d: e;f\";ROLE=CHAIR;X=1,\"2,3\":mailto:x@secret.example", "ATTENDEE;CN=jane@secret.example:mailto:jane@secret.example",
		"ATTENDEE;CN=Hall A;CUTYPE=ROOM:mailto:a@secret.example", "ATTENDEE;CN=No;PARTSTAT=declined:x", "ATTENDEE;CN=Doe\\, Jane:invalid:nomail", "ATTENDEE:mailto:y@secret.example",
		"BEGIN:VALARM", "SUMMARY:Wake up", "END:VALARM", "X-ANYTHING;foo_bar=1:x", "SUMMARY:Second", "END:VEVENT", "END:VCALENDAR"}, "\n")
	c := reads(t, file, ReadOptions{})
	want := Calendar{Name: "Forum, 2026", Description: "About\nit", Zone: "Europe/Paris",
		Warnings: []Warning{{8, "The calendar has 1 VTODO besides its entries: they were left out."}},
		Entries: []Entry{{Line: 11, UID: "1@test", Summary: "One, two; three\\four\nfivex", Description: "A long line that is folded", Location: "Hall A",
			URL: "https://a.example/x;y,z", Categories: []string{"Data, AI", "Trust", "More"}, Status: "CANCELLED",
			Start: time.Date(2026, 5, 12, 7, 0, 0, 0, time.UTC), End: time.Date(2026, 5, 12, 8, 30, 0, 0, time.UTC), Zone: "Europe/Paris", Sequence: 3,
			Modified: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Place: &agenda.Place{Latitude: 48.85, Longitude: 2.35}, Organizer: "Doe, John",
			Attendees: []Attendee{{"a\"b\" ^c d: e;f", "CHAIR"}, {"Doe, Jane", ""}}}}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprintf("%+v", c), "secret") {
		t.Error("an address was kept")
	}
}

func TestReadLineEndsAndFolds(t *testing.T) {
	want := reads(t, eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"), ReadOptions{})
	for name, file := range map[string]string{
		"LF":              strings.ReplaceAll(eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"), "\r\n", "\n"),
		"CR":              strings.ReplaceAll(eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"), "\r\n", "\r"),
		"CR CR LF":        strings.ReplaceAll(eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"), "\r\n", "\r\r\n"),
		"BOM":             "\ufeff" + eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"),
		"fold in a rune":  eventOf("DESCRIPTION:\xc4\r\n \x90ối th\r\n\toại", "DTSTART:20260512T\r\n 090000Z"),
		"fold in a name":  eventOf("DESCR\r\n IPTION:Đối thoại", "D\r\n TSTART:20260512T090000Z"),
		"property behind": strings.Replace(eventOf("DTSTART:20260512T090000Z", "BEGIN:VALARM", "END:VALARM", "DESCRIPTION:Đối thoại"), "SUMMARY:Title\r\n", "", 1),
		"no end of line":  strings.TrimSuffix(eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"), "\r\n"),
		"blank lines":     "\r\n\n" + eventOf("DESCRIPTION:Đối \r\n\r\n  ", " thoại", "", "", "DTSTART:20260512T090000Z"),
		"two calendars":   calendarOf("X-A:b") + eventOf("DESCRIPTION:Đối thoại", "DTSTART:20260512T090000Z"),
	} {
		if name == "property behind" {
			file = strings.Replace(file, "END:VALARM\r\n", "END:VALARM\r\nSUMMARY:Title\r\n", 1)
		}
		got := reads(t, file, ReadOptions{})
		got.Entries[0].Line = want.Entries[0].Line
		if name == "blank lines" {
			got.Entries[0].Description = strings.ReplaceAll(got.Entries[0].Description, "  ", " ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Something is wrong with a line or an entry, and the rest is read.
func TestReadWarns(t *testing.T) {
	for _, c := range []struct {
		file string
		want []string
	}{
		{eventOf("nonsense", "A B:c", "X;Y:z", "X;Y=\"z:w", "DTSTART:20260512T090000Z"), []string{
			"6: This is no line of a calendar, it has no colon: it was left out.",
			"7: This is no line of a calendar, it does not begin with a name: it was left out.",
			"8: This is no line of a calendar, it has a parameter without a name or a value: it was left out.",
			"9: This is no line of a calendar, it has a quotation mark that is never closed: it was left out."}},
		{eventOf("DESCRIPTION:a\xff\xfeb", "LOCATION:\xc3"), []string{"6: 2 lines, from this one on, are not UTF-8: what could not be read became U+FFFD."}},
		{eventOf("DTSTART:20260230T090000Z", "DTEND:tomorrow"), []string{`6: "20260230T090000Z" is no time: "Title" was read without it.`}},
		{eventOf("DTSTART:20260512T090000Z", "DURATION:-PT1H"), []string{`3: The duration "-PT1H" of "Title" makes no sense: it was left out.`}},
		{eventOf("DTSTART:20260512T090000Z", "DTEND:20260513"), []string{`7: Of "Title" either the start or the end is a day, the other a time: the end was left out.`}},
		{eventOf("DTSTART:20260512T090000Z", "SEQUENCE:one"), []string{`7: The SEQUENCE "one" is no number: it was taken as 0.`}},
		{eventOf("RRULE:FREQ=DAILY", "DTSTART:20260512T090000Z"), []string{`3: "Title" recurs: its first time was taken, and no other.`}},
		{strings.Replace(eventOf("X-A:b"), "UID:1@test\r\n", "", 1), []string{`3: "Title" has no UID: should its title change, a later import will not know it again.`}},
		{eventOf("DTSTART;TZID=Europe/Berlin:20260329T023000"), []string{`6: The clock skips 02:30 on 2026-03-29: "Title" was read as 03:30.`}},
		{eventOf("BEGIN:VALARM", "BEGIN:X"), []string{"8: The X of line 7 has no end of its own.", "8: The VALARM of line 6 has no end of its own."}},
		{strings.Replace(eventOf("X-A:b"), "VERSION:2.0", "VERSION:1.0", 1), []string{
			"2: This is a vCalendar of version 1.0, which is older than what is read here: look closely at what came of it."}},
		{eventOf("END:VALARM"), []string{`6: There is an END without its BEGIN, of "VALARM".`}},
		{calendarOf("BEGIN:VEVENT", "UID:1", "BEGIN:VEVENT", "UID:2", "END:VEVENT"), []string{"5: The VEVENT of line 3 has no end before another begins."}},
		{"UID:9\n" + eventOf("X-A:b") + "UID:10\n", []string{"1: UID stands outside of any calendar: it was left out."}},
		{strings.TrimSuffix(eventOf("X-A:b"), "END:VCALENDAR\r\n") + "BEGIN:VTODO\nEND:VTODO\nBEGIN:VJOURNAL\nEND:VJOURNAL\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR",
			[]string{"8: The calendar has 2 VTODO and 1 VJOURNAL besides its entries: they were left out."}},
	} {
		got := reads(t, c.file, ReadOptions{})
		if diff := cmp.Diff(c.want, warnings(got)); diff != "" || len(got.Entries) == 0 {
			t.Errorf("%q: %d entries\n%s", c.file, len(got.Entries), diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	long := strings.Repeat("x", 100)
	for name, c := range map[string]struct {
		in   io.Reader
		says string
	}{
		"nothing":         {strings.NewReader(""), "no BEGIN:VCALENDAR"},
		"JSON":            {strings.NewReader("{}"), "no BEGIN:VCALENDAR"},
		"UTF-16":          {strings.NewReader("\xff\xfeB\x00E\x00"), "UTF-16"},
		"cut off":         {strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n"), "no END:VCALENDAR: the file is cut off after line 3"},
		"no end":          {strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n"), "On line 2 a calendar begins inside the one of line 1"},
		"empty":           {strings.NewReader(calendarOf("X-A:b")), "has no entries (VEVENT)."},
		"tasks only":      {strings.NewReader(calendarOf("BEGIN:VTODO", "END:VTODO")), "has no entries (VEVENT), only 1 VTODO"},
		"nested":          {endless("BEGIN:A\r\n").reader(), "nested more than 8 deep"},
		"one line":        {endless(long).reader(), "Line 1 of the calendar is longer than 1 MiB"},
		"one folded line": {endless(long + "\r\n ").reader(), "is longer than 1 MiB"},
		"endless":         {endless("X-A:" + long + "\r\n").reader(), "larger than 64 MiB"},
		"components":      {io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\n"), endless("BEGIN:A\nEND:A\n").reader()), "more than 100000 components"},
		"properties":      {io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), endless("A:b\n").reader()), "more than 5000 lines"},
		"floating": {strings.NewReader(calendarOf("X-WR-TIMEZONE:Asia/Tokyo", "BEGIN:VEVENT", "SUMMARY:Opening", "DTSTART:20260512T090000", "DTEND:20260512T100000", "END:VEVENT")),
			`The calendar has 1 entry with local times that name no zone, the first on line 6, of "Opening".: /zone: is needed: the IANA time zone that they are meant in, such as Asia/Ho_Chi_Minh; the calendar's X-WR-TIMEZONE suggests Asia/Tokyo`},
		"unknown zone": {strings.NewReader(eventOf("DTSTART;TZID=Middle-earth/Bree:20260512T090000")),
			`The calendar has 1 entry with local times that name no zone, the first on line 6, of "Title", in a zone "Middle-earth/Bree" that neither the world nor the file knows.`},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			_, err := Read(c.in, ReadOptions{})
			if agenda.CodeOf(err) != agenda.Invalid || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("it took %s to say so", took)
			}
		})
	}
}

// endless repeats its text for ever.
type endless string

func (e endless) reader() io.Reader { return &cycle{text: string(e)} }

type cycle struct {
	text string
	at   int
}

func (c *cycle) Read(p []byte) (int, error) {
	n := copy(p, c.text[c.at:])
	c.at = (c.at + n) % len(c.text)
	return n, nil
}

// What costs the reader least to write must not cost us more than a small multiple of it.
func TestReadIsBounded(t *testing.T) {
	for name, file := range map[string]string{
		"broken lines": calendarOf("BEGIN:VEVENT", "END:VEVENT", strings.Repeat("x\n", 2<<20)),
		"categories":   eventOf("CATEGORIES:" + strings.Repeat("a,", 500_000)),
		"attendees":    eventOf(strings.Repeat("ATTENDEE;CN=a:b\n", 4_000)),
		"zone names":   eventOf("DTSTART;TZID=" + strings.Repeat("a/", 500_000) + ":20260512T090000"),
		"rules":        manyYears(maxRules),
		"zones":        manyZones(20_000),
	} {
		begun := time.Now()
		c := reads(t, file, ReadOptions{Zone: time.UTC})
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
		if len(c.Warnings) > maxWarnings+1 || len(c.Entries) == 0 || len(c.Entries[0].Categories) > maxCategories || len(c.Entries[0].Attendees) > maxAttendees {
			t.Errorf("%s: %d warnings, %d entries", name, len(c.Warnings), len(c.Entries))
		}
		if name == "broken lines" && c.Warnings[maxWarnings].Text != "2096153 more warnings were left out." {
			t.Errorf("the last warning is %q", c.Warnings[maxWarnings].Text)
		}
	}
}

// What the most common programs write.
func TestReadOtherPrograms(t *testing.T) {
	at := func(s string) time.Time {
		t.Helper()
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	for file, want := range map[string]Calendar{
		"outlook.ics": {Entries: []Entry{{Line: 22, UID: "040000008200E00074C5B7101A82E00800000000A0D5B1C0", Summary: "Eröffnung", Description: "Begrüßung, Kaffee",
			Location: "Großer Saal", Start: at("2026-05-12T08:00:00+02:00"), End: at("2026-05-12T09:30:00+02:00"), Zone: "Europe/Berlin", Sequence: 2,
			Modified: at("2026-03-01T08:15:00Z"), Attendees: []Attendee{{Name: "Carl Example"}}, Organizer: "Example, Anna"}}},
		"google.ics": {Name: "Summit", Zone: "Asia/Ho_Chi_Minh", Warnings: []Warning{{38, `"Lunch" recurs: its first time was taken, and no other.`}}, Entries: []Entry{
			{Line: 8, UID: "0a1b2c3d@google.com", Summary: "Summit", Status: "CONFIRMED", Start: at("2026-05-12T00:00:00Z"), End: at("2026-05-14T00:00:00Z"), AllDay: true,
				Modified: at("2026-04-01T00:00:00Z")},
			{Line: 20, UID: "4e5f6a7b@google.com", Summary: "Khai mạc", Location: "Hội trường A, 57 Phạm Hùng", Status: "CONFIRMED", Start: at("2026-05-12T02:00:00Z"),
				End: at("2026-05-12T03:00:00Z"), Zone: "UTC", Sequence: 1, Modified: at("2026-04-01T00:00:00Z"), Organizer: "Summit",
				Attendees: []Attendee{{Name: "Trần Thị Mai", Role: "REQ-PARTICIPANT"}}},
			{Line: 38, UID: "8c9d0e1f@google.com", Summary: "Lunch", Status: "TENTATIVE", Start: at("2026-05-12T06:00:00Z"), End: at("2026-05-12T07:00:00Z"),
				Zone: "Asia/Ho_Chi_Minh", Recurs: true, Modified: at("2026-04-01T00:00:00Z")}}},
		"apple.ics": {Name: "Festival", Entries: []Entry{{Line: 24, UID: "5B0C9D1E-0000-4000-8000-000000000001", Summary: "Night", Location: "Main Stage\nPier 9",
			URL: "https://festival.example/night", Start: at("2026-03-08T01:30:00-05:00"), End: at("2026-03-08T04:30:00-04:00"), Zone: "America/New_York",
			Modified: at("2026-03-01T08:00:00Z")}}},
	} {
		body, err := os.ReadFile(filepath.Join("testdata", "foreign", file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, reads(t, string(body), ReadOptions{})); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

// manyYears gives a zone of many observances and entries in all years.
func manyYears(rules int) string {
	var b strings.Builder
	b.WriteString("BEGIN:VTIMEZONE\nTZID:Own\n")
	for i := range maxOnsets {
		fmt.Fprintf(&b, "BEGIN:STANDARD\nDTSTART:%04d0101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRDATE:20260101T000000\n", 1600+i)
		if i < rules {
			fmt.Fprintf(&b, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=1,2,3,-1\n", i%12+1)
		}
		b.WriteString("END:STANDARD\n")
	}
	b.WriteString("END:VTIMEZONE")
	for i := range 5_000 {
		fmt.Fprintf(&b, "\nBEGIN:VEVENT\nUID:%d\nDTSTART;TZID=Own:%04d0601T030000\nDTEND;TZID=Own:%04d0601T030000\nEND:VEVENT", i, i*7919%9999, i*7907%9999)
	}
	return calendarOf(b.String())
}

// manyZones gives entries that are each in a zone of their own that does not exist.
func manyZones(n int) string {
	var events []string
	for i := range n {
		events = append(events, fmt.Sprintf("BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=Unknown/%d/%d:20260601T030000\nEND:VEVENT", i, i, i))
	}
	return calendarOf(events...)
}

// Whatever Encode writes is read back: the feeds that this package's other tests expect.
func TestReadFeeds(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ics")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Read(bytes.NewReader(body), ReadOptions{})
		lines := readLines(t, body)
		events := strings.Count(skeleton(lines), "BEGIN:VEVENT\n")
		if events == 0 {
			if err == nil || !strings.Contains(err.Error(), "no entries") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || len(c.Warnings) > 0 || len(c.Entries) != events {
			t.Errorf("%s: %d of %d entries, %v, %v", name, len(c.Entries), events, err, warnings(c))
			continue
		}
		sameAsWritten(t, name, lines, c)
	}
}

// sameAsWritten compares what was read with what the strict reader of this package's tests sees.
func sameAsWritten(t testing.TB, name string, lines []contentLine, c Calendar) {
	t.Helper()
	if want := unescape(t, find(t, lines, "X-WR-CALNAME").value); c.Name != want {
		t.Errorf("%s: its name is %q, want %q", name, c.Name, want)
	}
	for _, e := range c.Entries {
		at := slices.IndexFunc(lines, func(l contentLine) bool { return l.name == "UID" && unescape(t, l.value) == e.UID })
		if at < 0 {
			t.Errorf("%s: no entry has the UID %q", name, e.UID)
			continue
		}
		entry := lines[at:]
		got := map[string]string{"SUMMARY": e.Summary, "DESCRIPTION": e.Description, "LOCATION": e.Location, "STATUS": e.Status, "URL": e.URL}
		for _, l := range entry {
			if l.name == "END" || l.name == "BEGIN" {
				break
			}
			if want, kept := got[l.name]; kept && l.name != "URL" && unescape(t, l.value) != want || l.name == "URL" && l.value != want {
				t.Errorf("%s: %s: %s is %q, want %q", name, e.UID, l.name, want, l.value)
			}
		}
		for property, at := range map[string]time.Time{"DTSTART": e.Start, "DTEND": e.End} {
			l := find(t, entry, property)
			loc, written := time.UTC, utcLayout
			if zone := l.params["TZID"]; zone != "" {
				loc, written = mustZone(t, zone), localLayout
			}
			if at.In(loc).Format(written) != l.value {
				t.Errorf("%s: %s: %s is %s, want %s", name, e.UID, property, at, l.value)
			}
		}
	}
}
