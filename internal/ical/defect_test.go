package ical

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// The tests of this file are named after the defects of golang-ical v0.3.4 that the encoder has to make good. Those of
// its parser (G16 to G24) are not here: nothing in this package parses.

func TestG1LinesEndWithCRLF(t *testing.T) {
	cal, _ := oneEvent()
	data := string(encoded(t, cal))
	if strings.Count(data, "\r\n") != strings.Count(data, "\n") || strings.Count(data, "\r") != strings.Count(data, "\n") {
		t.Errorf("%q", data)
	}
}

func TestG2ParametersAreQuotedNotEscaped(t *testing.T) {
	for name, want := range map[string]string{
		"Doe, John": `;CN="Doe, John":`, "A:B": `;CN="A:B":`, "A;B": `;CN="A;B":`, "O'Brien": `;CN=O'Brien:`,
		`Jane "JJ" Roe`: `;CN=Jane 'JJ' Roe:`, `back\slash`: `;CN=back/slash:`, "a^b": `;CN=a^^b:`, "Hoàng Thị Ế": `;CN=Hoàng Thị Ế:`,
		"one\r\n\r\n two\x00": `;CN=one two:`,
	} {
		cal, event := oneEvent()
		event.AddAttendee("a@example.org", ics.WithCN(name))
		if got := string(encoded(t, cal)); !strings.Contains(got, "ATTENDEE"+want+"mailto:a@example.org\r\n") {
			t.Errorf("CN %q: %s", name, got)
		}
	}
}

func TestG3AddressAndLinkParametersAreQuoted(t *testing.T) {
	cal, event := oneEvent()
	event.AddProperty("ATTENDEE", "mailto:a@example.org",
		&ics.KeyValues{Key: "MEMBER", Value: []string{"mailto:x@example.org", "MAILTO:y@example.org"}},
		&ics.KeyValues{Key: "SENT-BY", Value: []string{"mailto:bot@example.org"}},
		&ics.KeyValues{Key: "DIR", Value: []string{`ldap://d/a "b"`}})
	want := `;DIR="ldap://d/a%20%22b%22";MEMBER="mailto:x@example.org","mailto:y@example.org";SENT-BY="mailto:bot@example.org":`
	if got := unfolded(encoded(t, cal)); !strings.Contains(got, "ATTENDEE"+want+"mailto:a@example.org\r\n") {
		t.Error(got)
	}
}

func TestG4ControlCharactersNeverPass(t *testing.T) {
	for text, want := range map[string]string{
		"Talk\rSTATUS:CANCELLED\rX-A:":   "Talk\nSTATUS:CANCELLED\nX-A:",
		"a\r\nb\u0085c\u2028d\u2029e":    "a\nb\nc\nd\ne",
		"a\vb\fc":                        "a\nb\nc",
		"n\x00u\x07l\x7f\u009b":          "nul",
		"tab\tbed":                       "tab\tbed",
		"\u202eevil\u202c \u2066x\u2069": "evil x",
		"\ufeffmark":                     "mark",
		"bad\xff\xfeutf":                 "bad\ufffdutf",
		"  ends \n":                      "ends",
		"":                               "",
	} {
		cal, event := oneEvent()
		event.SetSummary(text)
		got := unescape(t, find(t, readLines(t, encoded(t, cal)), "SUMMARY").value)
		if got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestG5NothingInjectsALine(t *testing.T) {
	plain, event := oneEvent()
	event.SetURL("https://x.example/")
	want := skeleton(readLines(t, encoded(t, plain)))
	evil := "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nX-Y:"

	cal, event := oneEvent()
	event.SetURL("https://x.example/" + evil)
	lines := readLines(t, encoded(t, cal))
	if diff := cmp.Diff(want, skeleton(lines)); diff != "" {
		t.Error(diff)
	}
	if got := find(t, lines, "URL").value; got != "https://x.example/%0D%0AEND:VEVENT%0D%0ABEGIN:VEVENT%0D%0AUID:evil%0D%0AX-Y:" {
		t.Error(got)
	}
	for name, change := range map[string]func(*ics.VEvent){
		"GEO":           func(e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyGeo, "1;2"+evil) },
		"RRULE":         func(e *ics.VEvent) { e.AddRrule("FREQ=DAILY" + evil) },
		"attendee":      func(e *ics.VEvent) { e.AddAttendee("a@b" + evil) },
		"property name": func(e *ics.VEvent) { e.AddProperty(ics.ComponentProperty("X-A"+evil), "1") },
		"parameter name": func(e *ics.VEvent) {
			e.AddProperty("X-A", "1", &ics.KeyValues{Key: "X-B" + evil, Value: []string{"1"}})
		},
		"status":        func(e *ics.VEvent) { e.SetStatus(ics.ObjectStatus("CONFIRMED" + evil)) },
		"start":         func(e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyDtStart, "20260512T010000Z"+evil) },
		"sequence":      func(e *ics.VEvent) { e.SetProperty(ics.ComponentPropertySequence, "1"+evil) },
		"duration":      func(e *ics.VEvent) { e.SetProperty("X-PUBLISHED-TTL", "PT1H"+evil) },
		"type by VALUE": func(e *ics.VEvent) { e.AddProperty("X-A", "1.5"+evil, ics.WithValue("FLOAT")) },
		"zone of the time": func(e *ics.VEvent) {
			e.SetProperty(ics.ComponentPropertyDtStart, "20260512T010000", ics.WithTZID("UTC"+evil))
		},
	} {
		cal, event := oneEvent()
		change(event)
		t.Run(name, func(t *testing.T) { refused(t, cal, "") })
	}
}

func TestG6ZoneOnUTCTimeIsRefused(t *testing.T) {
	cal, event := oneEvent()
	zone, _ := Timezone(mustZone(t, "Europe/Paris"), day("2026-05-12"), day("2026-05-13"))
	cal.AddVTimezone(zone)
	event.SetStartAt(day("2026-05-12"), ics.WithTZID("Europe/Paris"))
	refused(t, cal, "zone on a UTC time")
}

func TestG7EmptyTimezoneIsRefused(t *testing.T) {
	cal, _ := oneEvent()
	cal.AddTimezone("Europe/Paris")
	refused(t, cal, "neither STANDARD nor DAYLIGHT")
}

func TestG8TimezoneHasDaylight(t *testing.T) {
	zone, ok := Timezone(mustZone(t, "Europe/Paris"), day("2026-05-12"), day("2026-05-13"))
	if !ok || len(zone.Components) != 2 {
		t.Fatal("no DAYLIGHT")
	}
}

func TestG9LinksAreNotEscaped(t *testing.T) {
	for _, name := range []string{"CONFERENCE", "IMAGE", "SOURCE"} {
		cal, event := oneEvent()
		event.AddProperty(ics.ComponentProperty(name), "https://m.example/a;b,c?d=é f")
		if got := string(encoded(t, cal)); !strings.Contains(got, name+";VALUE=URI:https://m.example/a;b,c?d=%C3%A9%20f\r\n") {
			t.Error(got)
		}
	}
	cal, event := oneEvent()
	event.AddProperty("X-APPLE-STRUCTURED-LOCATION", "geo:21.02,105.84", ics.WithValue("URI"))
	if got := string(encoded(t, cal)); !strings.Contains(got, "LOCATION;VALUE=URI:geo:21.02,105.84\r\n") {
		t.Error(got)
	}
}

func TestG10PositionsHaveNoExponent(t *testing.T) {
	cal, event := oneEvent()
	event.SetGeo(0.00001, 106.7)
	if got := string(encoded(t, cal)); !strings.Contains(got, "GEO:0.000010;106.700000\r\n") {
		t.Error(got)
	}
	for _, bad := range [][2]float64{{math.NaN(), 0}, {91, 0}, {0, math.Inf(1)}, {0, -181}} {
		cal, event := oneEvent()
		event.SetGeo(bad[0], bad[1])
		refused(t, cal, "latitude")
	}
}

// G11 and G12 are functions of the library that do the opposite of what they say; G18 fetches from anywhere.
func TestG11G12G18AreNotCalled(t *testing.T) {
	forbidden := regexp.MustCompile(`RemovePropertyBy|ComponentPropertyExtended|ParseCalendar|\.Serialize|AddVAlarm\(`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.Find(source); found != nil {
			t.Errorf("%s uses %s", f.Name(), found)
		}
	}
}

func TestG12DoubledPrefixIsRefused(t *testing.T) {
	cal, event := oneEvent()
	event.AddProperty(ics.ComponentPropertyExtended("X-FOO"), "1")
	refused(t, cal, "bad property name")
}

func TestG13InvalidUTF8DoesNotBreakFolds(t *testing.T) {
	cal, event := oneEvent()
	event.SetDescription(strings.Repeat("\xffế", 200))
	got := unescape(t, find(t, readLines(t, encoded(t, cal)), "DESCRIPTION").value)
	if want := strings.Repeat("\ufffdế", 200); got != want {
		t.Error(got)
	}
}

func TestG14LongParametersAreLinear(t *testing.T) {
	cal, event := oneEvent()
	event.AddAttendee("a@example.org", ics.WithCN("a"+strings.Repeat(",", 200_000)))
	allocs := testing.AllocsPerRun(3, func() { encoded(t, cal) })
	if allocs > 200 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestG15RefreshIntervalOnce(t *testing.T) {
	cal, _ := oneEvent()
	cal.SetRefreshInterval("PT1H")
	if got := string(encoded(t, cal)); !strings.Contains(got, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n") {
		t.Error(got)
	}
	cal.CalendarProperties = append(cal.CalendarProperties, ics.CalendarProperty{BaseProperty: ics.BaseProperty{
		IANAToken: "REFRESH-INTERVAL", Value: "PT2H"}})
	refused(t, cal, "occurs twice")
}

func TestG22CategoriesStayApart(t *testing.T) {
	cal, event := oneEvent()
	event.AddProperty(ics.ComponentPropertyCategories, "Health, Safety")
	event.AddProperty(ics.ComponentPropertyCategories, "Plenary")
	if got := string(encoded(t, cal)); !strings.Contains(got, "CATEGORIES:Health\\, Safety\r\nCATEGORIES:Plenary\r\n") {
		t.Error(got)
	}
}

func TestG25OneMailtoIsEnough(t *testing.T) {
	cal, event := oneEvent()
	event.SetOrganizer("MAILTO:desk@example.org")
	if got := string(encoded(t, cal)); !strings.Contains(got, "ORGANIZER:mailto:desk@example.org\r\n") {
		t.Error(got)
	}
	for _, bad := range []string{"nobody", "a@b@c", "a b@c", "@c", "a@", "a@b,c@d"} {
		cal, event := oneEvent()
		event.SetOrganizer(bad)
		refused(t, cal, "ORGANIZER")
	}
}

func TestG26AlarmOfACalendarIsRefused(t *testing.T) {
	cal, _ := oneEvent()
	cal.AddVAlarm(ics.NewAlarm(""))
	refused(t, cal, "must not stand in VCALENDAR")
}

func unfolded(data []byte) string { return strings.ReplaceAll(string(data), "\r\n ", "") }
