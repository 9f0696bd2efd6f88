package ical

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	_ "time/tzdata"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// oneEvent gives a calendar with one event in UTC that Encode accepts.
func oneEvent() (*ics.Calendar, *ics.VEvent) {
	cal := &ics.Calendar{}
	cal.SetVersion("2.0")
	cal.SetProductId("-//Test//Test//EN")
	event := cal.AddEvent("one@test")
	event.SetProperty(ics.ComponentPropertyDtstamp, "20260301T080000Z")
	event.SetProperty(ics.ComponentPropertyDtStart, "20260512T010000Z")
	event.SetProperty(ics.ComponentPropertyDtEnd, "20260512T020000Z")
	return cal, event
}

func encoded(t testing.TB, cal *ics.Calendar) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, cal); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func refused(t *testing.T, cal *ics.Calendar, because string) {
	t.Helper()
	var b bytes.Buffer
	err := Encode(&b, cal)
	if err == nil {
		t.Fatalf("accepted:\n%s", b.String())
	}
	if !strings.Contains(err.Error(), because) {
		t.Errorf("error %q does not say %q", err, because)
	}
	if b.Len() != 0 {
		t.Errorf("wrote %d octets before it refused", b.Len())
	}
}

func TestEncodeWhole(t *testing.T) {
	cal, event := oneEvent()
	event.SetProperty(ics.ComponentPropertySummary, "Cà phê; sữa, đá \\ nóng\nTự phục vụ")
	event.AddAlarm().SetProperty(ics.ComponentPropertyAction, "DISPLAY")
	event.Alarms()[0].SetTrigger("-PT15M")
	event.Alarms()[0].SetProperty(ics.ComponentPropertyDescription, "Soon")
	zone, _ := Timezone(mustZone(t, "Europe/Paris"), day("2026-05-12"), day("2026-05-12"))
	cal.AddVTimezone(zone)
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//Test//EN
BEGIN:VTIMEZONE
TZID:Europe/Paris
X-LIC-LOCATION:Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:one@test
DTSTAMP:20260301T080000Z
DTSTART:20260512T010000Z
DTEND:20260512T020000Z
SUMMARY:Cà phê\; sữa\, đá \\ nóng\nTự phục vụ
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:Soon
END:VALARM
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if diff := cmp.Diff(want, string(encoded(t, cal))); diff != "" {
		t.Error(diff)
	}
}

func TestEncodeRefusesIncompleteObjects(t *testing.T) {
	cases := map[string]struct {
		change  func(*ics.Calendar, *ics.VEvent)
		because string
	}{
		"no component": {func(c *ics.Calendar, _ *ics.VEvent) { c.Components = nil }, "no component"},
		"no version":   {func(c *ics.Calendar, _ *ics.VEvent) { c.CalendarProperties = c.CalendarProperties[1:] }, "lacks VERSION"},
		"no stamp":     {func(_ *ics.Calendar, e *ics.VEvent) { e.RemoveProperty(ics.ComponentPropertyDtstamp) }, "lacks DTSTAMP"},
		"no start":     {func(_ *ics.Calendar, e *ics.VEvent) { e.RemoveProperty(ics.ComponentPropertyDtStart) }, "lacks DTSTART"},
		"no UID":       {func(_ *ics.Calendar, e *ics.VEvent) { e.RemoveProperty(ics.ComponentPropertyUniqueId) }, "lacks UID"},
		"empty UID":    {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyUniqueId, " \x00") }, "UID is empty"},
		"two ends": {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyDuration, "PT1H") },
			"both DTEND and DURATION"},
		"summary twice": {func(_ *ics.Calendar, e *ics.VEvent) {
			e.AddProperty(ics.ComponentPropertySummary, "a")
			e.AddProperty("summary", "b")
		}, "SUMMARY occurs twice"},
		"UID twice":      {func(c *ics.Calendar, e *ics.VEvent) { c.AddVEvent(e) }, "occurs twice"},
		"event in event": {func(_ *ics.Calendar, e *ics.VEvent) { e.Components = append(e.Components, ics.NewEvent("x")) }, "must not stand in VEVENT"},
		"component name": {func(c *ics.Calendar, _ *ics.VEvent) {
			c.Components = append(c.Components, &ics.GeneralComponent{Token: "X\r\nY"})
		}, "no usable name"},
		"BEGIN property":  {func(_ *ics.Calendar, e *ics.VEvent) { e.AddProperty("BEGIN", "VEVENT") }, "BEGIN is no property"},
		"floating start":  {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyDtStart, "20260512T010000") }, "floating"},
		"day of no month": {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyDtStart, "20260230T010000Z") }, "malformed"},
		"undefined zone": {func(_ *ics.Calendar, e *ics.VEvent) {
			e.SetProperty(ics.ComponentPropertyDtStart, "20260512T010000", ics.WithTZID("Asia/Tokyo"))
		}, "has no VTIMEZONE"},
		"zone on date": {func(_ *ics.Calendar, e *ics.VEvent) {
			e.SetProperty(ics.ComponentPropertyDtStart, "20260512", ics.WithTZID("UTC"), ics.WithValue("DATE"))
		}, "zone on a date"},
		"local stamp":     {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertyDtstamp, "20260512T010000") }, "malformed"},
		"minus sequence":  {func(_ *ics.Calendar, e *ics.VEvent) { e.SetProperty(ics.ComponentPropertySequence, "-1") }, "malformed"},
		"unknown VALUE":   {func(_ *ics.Calendar, e *ics.VEvent) { e.AddProperty("X-A", "1", ics.WithValue("HTML")) }, "names no value type"},
		"URL of no shape": {func(_ *ics.Calendar, e *ics.VEvent) { e.SetURL("forum.example") }, "not a URI"},
		"empty parameter": {func(_ *ics.Calendar, e *ics.VEvent) { e.AddProperty("X-A", "1", &ics.KeyValues{Key: "X-B"}) }, "without a value"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cal, event := oneEvent()
			c.change(cal, event)
			refused(t, cal, c.because)
		})
	}
}

func TestEncodeTellsTheWriterError(t *testing.T) {
	cal, _ := oneEvent()
	if err := Encode(brokenWriter{}, cal); !errors.Is(err, errBroken) {
		t.Errorf("error is %v", err)
	}
}

var errBroken = errors.New("broken pipe")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestDurations(t *testing.T) {
	for text, want := range map[string]bool{
		"PT1H": true, "P1W": true, "-P1DT2H": true, "PT1H30M5S": true, "+PT5M": true, "P15DT5H0M20S": true,
		"": false, "P": false, "PT": false, "1H": false, "PT1H30S": false, "P1DT": false, "PT1M1H": false, "P1W2D": false,
		"PT1": false, "P1H": false, "PT1D": false,
	} {
		if isDuration(text) != want {
			t.Errorf("isDuration(%q) = %v", text, !want)
		}
	}
}
