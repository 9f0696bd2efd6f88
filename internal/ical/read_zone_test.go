package ical

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// outlook is a VTIMEZONE as Outlook and Exchange write it.
func outlook(id string) string {
	return strings.Join([]string{"BEGIN:VTIMEZONE", "TZID:" + id,
		"BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
		"BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT",
		"END:VTIMEZONE"}, "\r\n")
}

// british is London's clock under another name.
func british(id string) string {
	return strings.NewReplacer("+0200", "+0100", "+0100", "+0000", "T030000", "T020000", "T020000", "T010000").Replace(outlook(id))
}

func withZone(zone string, lines ...string) string {
	return strings.Replace(eventOf(lines...), "BEGIN:VEVENT", zone+"\r\nBEGIN:VEVENT", 1)
}

func TestReadTimes(t *testing.T) {
	tokyo := mustZone(t, "Asia/Tokyo")
	const noon = "2026-07-01T10:00:00Z"
	for name, c := range map[string]struct {
		file       string
		start, end string // RFC 3339
		zone       string
		warns      string
	}{
		"UTC":               {eventOf("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"), noon, "2026-07-01T11:00:00Z", "UTC", ""},
		"no end":            {eventOf("DTSTART:20260701T100000Z"), noon, noon, "UTC", ""},
		"days":              {eventOf("DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260703"), "2026-07-01T00:00:00Z", "2026-07-03T00:00:00Z", "", ""},
		"a day":             {eventOf("DTSTART:20260701"), "2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z", "", ""},
		"days by duration":  {eventOf("DTSTART:20260701", "DURATION:P1W"), "2026-07-01T00:00:00Z", "2026-07-08T00:00:00Z", "", ""},
		"duration":          {eventOf("DURATION:+P1DT2H3M4S", "DTSTART:20260701T100000Z"), noon, "2026-07-02T12:03:04Z", "UTC", ""},
		"nominal day":       {eventOf("DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D"), "2026-10-24T10:00:00Z", "2026-10-25T11:00:00Z", "Europe/Berlin", ""},
		"exact day":         {eventOf("DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:PT24H"), "2026-10-24T10:00:00Z", "2026-10-25T10:00:00Z", "Europe/Berlin", ""},
		"IANA":              {eventOf("DTSTART;TZID=Europe/Berlin:20260701T120000"), noon, noon, "Europe/Berlin", ""},
		"Z and a zone":      {eventOf("DTSTART;TZID=Europe/Berlin:20260701T100000Z"), noon, noon, "UTC", ""},
		"link":              {eventOf("DTSTART;TZID=Asia/Saigon:20260701T170000"), noon, noon, "Asia/Saigon", ""},
		"Evolution":         {eventOf("DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/Europe/Berlin:20260701T120000"), noon, noon, "Europe/Berlin", ""},
		"Citadel":           {eventOf("DTSTART;TZID=/citadel.org/20190914_1/America/Argentina/Buenos_Aires:20260701T070000"), noon, noon, "America/Argentina/Buenos_Aires", ""},
		"leap seconds":      {eventOf("DTSTART;TZID=right/Europe/Berlin:20260701T120000"), noon, noon, "Europe/Berlin", ""},
		"Windows":           {eventOf("DTSTART;TZID=\"W. Europe Standard Time\":20260701T120000"), noon, noon, "Europe/Berlin", ""},
		"Windows, its case": {eventOf("DTSTART;TZID=se asia standard time:20260701T170000"), noon, noon, "Asia/Bangkok", ""},
		"display form": {withZone(outlook("(UTC+01:00) Amsterdam, Berlin, Bern, Rome"), "DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome\":20260701T120000"),
			noon, noon, "", ""},
		"unquoted commas": {withZone(outlook("(UTC+01:00) Amsterdam, Berlin"), "DTSTART;TZID=(UTC+01.00) Amsterdam, Berlin:20260701T120000"),
			"2026-07-01T03:00:00Z", "2026-07-01T03:00:00Z", "Asia/Tokyo", `The zone "(UTC+01.00) Amsterdam, Berlin" is known neither to the world nor to the file: its times were read in Asia/Tokyo.`},
		"own rules in winter": {withZone(outlook("Custom"), "DTSTART;TZID=Custom:20261201T110000"), "2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z", "", ""},
		"own zone with a location": {withZone(strings.Replace(outlook("Custom"), "TZID:Custom", "TZID:Custom\r\nX-LIC-LOCATION:Europe/Paris", 1), "DTSTART;TZID=Custom:20260701T120000"),
			noon, noon, "Europe/Paris", ""},
		"GMT that is London": {withZone(british("GMT"), "DTSTART;TZID=GMT:20260701T110000"), noon, noon, "", ""},
		"rules that contradict": {withZone(british("Europe/Berlin"), "DTSTART;TZID=Europe/Berlin:20260701T120000"), noon, noon, "Europe/Berlin",
			`The file has rules of its own for the zone "Europe/Berlin", which differ from those of that name by 1h0m0s here: the name was believed.`},
		"zone after the entry": {strings.Replace(eventOf("DTSTART;TZID=Custom:20260701T120000"), "END:VCALENDAR", outlook("Custom")+"\r\nEND:VCALENDAR", 1), noon, noon, "", ""},
		"floating":             {eventOf("DTSTART:20260701T190000"), noon, noon, "Asia/Tokyo", ""},
		"skipped": {eventOf("DTSTART;TZID=Europe/Berlin:20260329T020000"), "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", "Europe/Berlin",
			`The clock skips 02:00 on 2026-03-29: "Title" was read as 03:00.`},
		"twice":         {eventOf("DTSTART;TZID=Europe/Berlin:20261025T023000"), "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z", "Europe/Berlin", ""},
		"skipped, own":  {withZone(outlook("Own"), "DTSTART;TZID=Own:20260329T023000"), "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z", "", `The clock skips 02:30 on 2026-03-29: "Title" was read as 03:30.`},
		"twice, own":    {withZone(outlook("Own"), "DTSTART;TZID=Own:20261025T023000"), "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z", "", ""},
		"before 1601":   {withZone(outlook("Own"), "DTSTART;TZID=Own:15000701T120000"), "1500-07-01T10:00:00Z", "1500-07-01T10:00:00Z", "", ""},
		"a second leap": {eventOf("DTSTART:20161231T235960Z"), "2017-01-01T00:00:00Z", "2017-01-01T00:00:00Z", "UTC", ""},
	} {
		got := reads(t, c.file, ReadOptions{Zone: tokyo})
		e := got.Entries[0]
		if e.Start.Format(time.RFC3339) != c.start || e.End.Format(time.RFC3339) != c.end || e.Zone != c.zone {
			t.Errorf("%s: %s to %s in %q, want %s to %s in %q", name, e.Start, e.End, e.Zone, c.start, c.end, c.zone)
		}
		if said := strings.Join(warnings(got), "\n"); said == "" != (c.warns == "") || !strings.Contains(said, c.warns) {
			t.Errorf("%s: warns %q, want %q", name, said, c.warns)
		}
	}
}

// What Timezone writes of each zone of the world is read as that zone has it, around every change.
func TestReadZonesOfTheWorld(t *testing.T) {
	from, to := day("2026-01-01"), day("2027-12-31")
	read := 0
	for _, name := range strings.Fields(zoneNames) {
		loc := mustZone(t, name)
		zone, ok := Timezone(loc, from, to)
		if !ok {
			continue
		}
		own := definitionOf(t, zone)
		if !own.usable() {
			t.Errorf("%s is not understood", name)
			continue
		}
		read++
		for at := from; at.Before(to); at = at.Add(17 * time.Hour) {
			if got, want := own.offset(at), offsetAt(loc, at); got != want {
				t.Errorf("%s at %s: %s, want %s", name, at, got, want)
				break
			}
		}
		for _, c := range transitions(loc, 2026, 2027) {
			if own.offset(c.at) != c.after || own.offset(c.at.Add(-time.Second)) != c.before {
				t.Errorf("%s changes otherwise at %s", name, c.at)
			}
		}
	}
	if read < 250 {
		t.Errorf("only %d zones", read)
	}
}

func definitionOf(t *testing.T, zone *ics.VTimezone) *definition {
	t.Helper()
	z := &definition{}
	for _, c := range zone.Components {
		z.begin()
		for _, p := range c.UnknownPropertiesIANAProperties() {
			z.onset(content{name: p.IANAToken, value: p.Value})
		}
	}
	return z
}

// Each kind of rule that observances have, as the days of 2026 to 2028 on which it strikes.
func TestReadOnsetRules(t *testing.T) {
	start := time.Date(2020, 3, 8, 2, 0, 0, 0, time.UTC)
	for rule, want := range map[string]string{
		"FREQ=YEARLY":                                                  "2026-03-08 2027-03-08 2028-03-08",
		"FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU":                            "2026-10-25 2027-10-31 2028-10-29",
		"FREQ=YEARLY;BYMONTH=3;BYDAY=2SU":                              "2026-03-08 2027-03-14 2028-03-12",
		"FREQ=YEARLY;BYDAY=-2SU;BYMONTH=3":                             "2026-03-22 2027-03-21 2028-03-19",
		"FREQ=YEARLY;BYMONTH=2;BYDAY=5TU":                              "2028-02-29",
		"FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1":                           "2026-04-01 2027-04-01 2028-04-01",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1":                          "2026-02-28 2027-02-28 2028-02-29",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29":                          "2028-02-29",
		"FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;BYMONTH=3": "2026-03-08 2027-03-14 2028-03-12",
		"FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYSETPOS=-1":                   "2026-03-29 2027-03-28 2028-03-26",
		"FREQ=YEARLY;UNTIL=20270314T060000Z":                           "2026-03-08 2027-03-08",
		"FREQ=YEARLY;UNTIL=20270308T060000Z":                           "2026-03-08",
		"FREQ=YEARLY;UNTIL=20270308":                                   "2026-03-08 2027-03-08",
		"FREQ=YEARLY;COUNT=8;INTERVAL=1;WKST=MO":                       "2026-03-08 2027-03-08",
		"FREQ=MONTHLY":                                                 "refused", "FREQ=YEARLY;INTERVAL=2": "refused", "FREQ=YEARLY;BYDAY=SU": "refused", "FREQ=YEARLY;BYMONTH=13": "refused",
		"FREQ=YEARLY;BYDAY=9SU": "refused", "FREQ=YEARLY;BYDAY=1XX": "refused", "FREQ=YEARLY;BYMONTHDAY=32": "refused", "FREQ=YEARLY;BYWEEKNO=1": "refused",
		"FREQ=YEARLY;BYMONTH=3,4": "refused", "FREQ=YEARLY;UNTIL=soon": "refused", "": "refused",
	} {
		got := "refused"
		if r, ok := readOnsetRule(rule); ok && rule != "" {
			var days []string
			from := 5 * time.Hour // ahead of UTC: 02:00 there is 21:00 of the day before
			for _, at := range (&turn{start: start, from: new(-from), rules: []onsetRule{r}}).near(2027) {
				if at.Year() >= 2026 {
					days = append(days, at.Format("2006-01-02"))
				}
			}
			got = strings.Join(days, " ")
		}
		if got != want {
			t.Errorf("%q strikes on %s, want %s", rule, got, want)
		}
	}
}

// Two rules that follow each other, and dates that are listed one by one.
func TestReadZoneWithHistory(t *testing.T) {
	zone := strings.Join([]string{"BEGIN:VTIMEZONE", "TZID:Own",
		"BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD",
		"BEGIN:DAYLIGHT", "DTSTART:20000401T000000", "RDATE:20010401T000000,20020401T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0400", "END:DAYLIGHT",
		"BEGIN:STANDARD", "DTSTART:20001001T000000", "RRULE:FREQ=YEARLY;UNTIL=20020930T200000Z;BYMONTH=10;BYMONTHDAY=1", "TZOFFSETFROM:+0400", "TZOFFSETTO:+0300", "END:STANDARD",
		"BEGIN:STANDARD", "DTSTART:20100101T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:-003000", "END:STANDARD", "END:VTIMEZONE"}, "\n")
	for local, want := range map[string]string{"19990701T120000": "09:00", "20010701T120000": "08:00", "20011101T120000": "09:00", "20020701T120000": "08:00",
		"20021001T120000": "09:00", "20030701T120000": "09:00", "20091231T120000": "09:00", "20260701T120000": "12:30"} {
		e := reads(t, withZone(zone, "DTSTART;TZID=Own:"+local), ReadOptions{}).Entries[0]
		if got := e.Start.Format("15:04"); got != want {
			t.Errorf("%s is %s, want %s", local, got, want)
		}
	}
	for _, broken := range []string{"", "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nEND:STANDARD",
		"BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nRRULE:FREQ=DAILY\nEND:STANDARD",
		strings.Repeat("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\n", maxOnsets+1),
		"BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\n" + strings.Repeat("RRULE:FREQ=YEARLY\n", maxRules+1) + "END:STANDARD"} {
		_, err := Read(strings.NewReader(withZone("BEGIN:VTIMEZONE\nTZID:Own\n"+broken+"\nEND:VTIMEZONE", "DTSTART;TZID=Own:20260701T120000")), ReadOptions{})
		if err == nil || !strings.Contains(err.Error(), `in a zone "Own"`) {
			t.Errorf("%.200s: %v", broken, err)
		}
	}
}

func TestWindowsZonesExist(t *testing.T) {
	for name, zone := range windowsZones {
		if zoneOfName(zone) == nil {
			t.Errorf("%s is said to be %s, which does not exist", name, zone)
		}
	}
	if len(windowsZones) < 135 {
		t.Errorf("only %d zones", len(windowsZones))
	}
}

func TestReadKeepsTheNewest(t *testing.T) {
	event := func(lines ...string) string { return "BEGIN:VEVENT\n" + strings.Join(lines, "\n") + "\nEND:VEVENT" }
	const at9, at10 = "DTSTART:20260512T090000Z", "DTSTART:20260512T100000Z"
	for name, c := range map[string]struct {
		events []string
		kept   string
		warns  int
	}{
		"one":          {[]string{event("UID:1", "SUMMARY:a", at9)}, "a", 0},
		"sequence":     {[]string{event("UID:1", "SUMMARY:a", "SEQUENCE:2", at9), event("UID:1", "SUMMARY:b", "SEQUENCE:1", at9)}, "a", 1},
		"moved":        {[]string{event("UID:1", "SUMMARY:a", at9), event("UID:1", "SUMMARY:b", "SEQUENCE:1", at10)}, "b", 1},
		"stamp":        {[]string{event("UID:1", "SUMMARY:a", at9, "LAST-MODIFIED:20260102T000000Z"), event("UID:1", "SUMMARY:b", at9, "DTSTAMP:20260101T000000Z")}, "a", 1},
		"last":         {[]string{event("UID:1", "SUMMARY:a", at9), event("UID:1", "SUMMARY:a", at9, "DESCRIPTION:x")}, "a", 1},
		"other times":  {[]string{event("UID:1", "SUMMARY:a", at9), event("UID:1", "SUMMARY:b", at10), event("UID:1", "SUMMARY:b", at10)}, "a b", 2},
		"other titles": {[]string{event("UID:1", "SUMMARY:a", at9), event("UID:1", "SUMMARY:b", at9)}, "a b", 1},
		"other places": {[]string{event("UID:1", "SUMMARY:a", at9, "LOCATION:x"), event("UID:1", "SUMMARY:a", at9, "LOCATION:y")}, "a a", 1},
		"newer in both": {[]string{event("UID:1", "SUMMARY:a", at9, "LOCATION:x", "DTSTAMP:20260101T000000Z"),
			event("UID:1", "SUMMARY:b", at9, "LOCATION:y", "DTSTAMP:20260102T000000Z")}, "a b", 1},
		"newer in one": {[]string{event("UID:1", "SUMMARY:a", at9, "LOCATION:x", "DTSTAMP:20260101T000000Z"),
			event("UID:1", "SUMMARY:a", at9, "LOCATION:y", "DTSTAMP:20260102T000000Z")}, "a", 1},
		"no UID":          {[]string{event("SUMMARY:a", at9), event("SUMMARY:b", at9)}, "a b", 2},
		"occurrences":     {[]string{event("UID:1", "SUMMARY:a", at9, "RECURRENCE-ID:20260512T090000Z"), event("UID:1", "SUMMARY:b", at9, "RECURRENCE-ID:20260513T090000Z")}, "a b", 0},
		"same occurrence": {[]string{event("UID:1", "SUMMARY:a", at9, "RECURRENCE-ID:20260512T090000Z"), event("UID:1", "SUMMARY:b", at10, "RECURRENCE-ID;TZID=Europe/Berlin:20260512T110000")}, "b", 1},
		"series":          {[]string{event("UID:1", "SUMMARY:a", at9, "RRULE:FREQ=DAILY"), event("UID:1", "SUMMARY:b", at10, "RECURRENCE-ID:20260513T090000Z")}, "a b", 1},
		"first of series": {[]string{event("UID:1", "SUMMARY:a", at9, "RRULE:FREQ=DAILY"), event("UID:1", "SUMMARY:b", at10, "RECURRENCE-ID:20260512T090000Z")}, "b", 0},
	} {
		got := reads(t, calendarOf(c.events...), ReadOptions{})
		var kept []string
		for _, e := range got.Entries {
			kept = append(kept, e.Summary)
		}
		if strings.Join(kept, " ") != c.kept || len(got.Warnings) != c.warns {
			t.Errorf("%s: %q is kept, want %q; %s", name, kept, c.kept, cmp.Diff(c.warns, warnings(got)))
		}
	}
	cancel := calendarOf("METHOD:CANCEL", event("UID:1", at9, "STATUS:CONFIRMED")) + calendarOf(event("UID:2", at9))
	if got := reads(t, cancel, ReadOptions{}); got.Entries[0].Status != "CANCELLED" || got.Entries[1].Status != "" {
		t.Errorf("a cancellation is read as %+v", got.Entries)
	}
}
