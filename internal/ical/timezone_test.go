package ical

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// zoneNames are the zones in use since 1970, from the IANA file zone1970.tab.
//
//go:embed testdata/zones.txt
var zoneNames string

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// onset is one change of the clock that a VTIMEZONE gives.
type onset struct {
	at     time.Time
	offset int
}

// expand reads a VTIMEZONE on its own terms, from its text, and gives its changes of the clock until the year 2040.
func expand(t testing.TB, zone *ics.VTimezone) []onset {
	t.Helper()
	var onsets []onset
	for _, c := range zone.Components {
		text := map[string]string{}
		for _, p := range c.UnknownPropertiesIANAProperties() {
			text[p.IANAToken] = p.Value
		}
		start, err := time.Parse("20060102T150405", text["DTSTART"])
		if err != nil || start.Year() != 1970 {
			t.Fatalf("DTSTART %q", text["DTSTART"])
		}
		from, to := seconds(t, text["TZOFFSETFROM"]), seconds(t, text["TZOFFSETTO"])
		if text["RRULE"] == "" {
			onsets = append(onsets, onset{start.Add(-time.Duration(from) * time.Second), to})
			continue
		}
		rule, found := strings.CutPrefix(text["RRULE"], "FREQ=YEARLY;BYMONTH=")
		month, by, found2 := strings.Cut(rule, ";BYDAY=")
		if !found || !found2 {
			t.Fatalf("RRULE %q", text["RRULE"])
		}
		m, _ := strconv.Atoi(month)
		for year := 1970; year <= 2040; year++ {
			d := pickDay(year, time.Month(m), by)
			onsets = append(onsets, onset{d.Add(time.Duration(start.Hour())*time.Hour +
				time.Duration(start.Minute())*time.Minute - time.Duration(from)*time.Second), to})
			if year == 1970 && d.YearDay() != start.YearDay() {
				t.Errorf("DTSTART %s is no instance of %s", text["DTSTART"], text["RRULE"])
			}
		}
	}
	slices.SortFunc(onsets, func(a, b onset) int { return a.at.Compare(b.at) })
	return onsets
}

// pickDay counts through the month, which is slow and easy to believe.
func pickDay(year int, month time.Month, by string) time.Time {
	var days []time.Time
	for d := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC); d.Month() == month; d = d.AddDate(0, 0, 1) {
		if strings.EqualFold(d.Weekday().String()[:2], by[len(by)-2:]) {
			days = append(days, d)
		}
	}
	if strings.HasPrefix(by, "-1") {
		return days[len(days)-1]
	}
	return days[by[0]-'1']
}

func seconds(t testing.TB, offset string) int {
	t.Helper()
	h, err1 := strconv.Atoi(offset[1:3])
	m, err2 := strconv.Atoi(offset[3:5])
	if len(offset) != 5 || err1 != nil || err2 != nil {
		t.Fatalf("offset %q", offset)
	}
	if offset[0] == '-' {
		return -h*3600 - m*60
	}
	return h*3600 + m*60
}

func offsetIn(onsets []onset, at time.Time) int {
	offset := onsets[0].offset
	for _, o := range onsets {
		if o.at.After(at) {
			break
		}
		offset = o.offset
	}
	return offset
}

// probes are the instants of a range at which a definition is most likely to be wrong.
func probes(loc *time.Location, from, to time.Time) []time.Time {
	list := []time.Time{from, to}
	for at := from; at.Before(to); at = at.Add(11*24*time.Hour + 7*time.Hour) {
		list = append(list, at)
	}
	// Changes are found by looking at every hour: a second way that shares nothing with the first.
	_, last := from.In(loc).Zone()
	for at := from.Truncate(time.Hour); at.Before(to); at = at.Add(time.Hour) {
		if _, offset := at.In(loc).Zone(); offset != last {
			last = offset
			for minutes := -61; minutes <= 61; minutes++ {
				list = append(list, at.Add(time.Duration(minutes)*time.Minute), at.Add(time.Duration(minutes)*time.Minute-time.Second))
			}
			list = append(list, at.Add(-25*time.Hour), at.Add(25*time.Hour))
		}
	}
	return slices.DeleteFunc(list, func(at time.Time) bool { return at.Before(from) || at.After(to) })
}

func TestTimezoneIsExact(t *testing.T) {
	ranges := [][2]string{{"2026-01-01", "2027-12-31"}, {"2026-05-12", "2026-05-14"}, {"2025-10-20", "2025-11-05"},
		{"2026-02-10", "2026-04-10"}, {"2025-12-30", "2026-01-02"}, {"2010-01-01", "2010-12-31"}, {"2036-03-01", "2037-11-30"}, {"2039-02-01", "2040-12-31"}}
	// They change their clock by the moon.
	wantRefused := []string{"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}
	names := strings.Fields(zoneNames)
	for i, r := range ranges {
		from, to := day(r[0]), day(r[1]).Add(24*time.Hour)
		var refused []string
		probed := 0
		for _, name := range names {
			loc := mustZone(t, name)
			zone, ok := Timezone(loc, from, to)
			if !ok {
				refused = append(refused, name)
				continue
			}
			checkShape(t, zone, name)
			onsets := expand(t, zone)
			for _, at := range probes(loc, from, to) {
				_, want := at.In(loc).Zone()
				if got := offsetIn(onsets, at); got != want {
					t.Errorf("%s at %s: offset %d, IANA says %d", name, at.UTC(), got, want)
				}
				probed++
			}
		}
		t.Logf("%s to %s: %d zones, %d instants, %d in UTC: %v", r[0], r[1], len(names), probed, len(refused), refused)
		if i == 0 && !cmp.Equal(refused, wantRefused) {
			t.Errorf("refused zones (the IANA data may have changed): %s", cmp.Diff(wantRefused, refused))
		}
	}
}

func checkShape(t *testing.T, zone *ics.VTimezone, name string) {
	t.Helper()
	standard, daylight := 0, 0
	for _, c := range zone.Components {
		switch c.(type) {
		case *ics.Standard:
			standard++
		case *ics.Daylight:
			daylight++
		}
	}
	if standard != 1 || daylight > 1 || len(zone.Components) != standard+daylight {
		t.Errorf("%s has %d STANDARD and %d DAYLIGHT", name, standard, daylight)
	}
	for _, p := range []ics.ComponentProperty{ics.ComponentPropertyTzid, "X-LIC-LOCATION"} {
		if got := zone.GetProperty(p); got == nil || got.Value != name {
			t.Errorf("%s: %s is %v", name, p, got)
		}
	}
}

func TestTimezoneRefuses(t *testing.T) {
	at := day("2026-05-12")
	for name, loc := range map[string]*time.Location{
		"machine's zone": time.Local, "no name": time.FixedZone("", 3600), "seconds": time.FixedZone("Odd", 3601),
	} {
		if zone, ok := Timezone(loc, at, at); ok {
			t.Errorf("%s: got %v", name, zone)
		}
	}
	if _, ok := Timezone(time.UTC, at, at.Add(-1)); ok {
		t.Error("a range that ends before it begins is accepted")
	}
}

func TestTimezoneStaysRight(t *testing.T) {
	// On 25 October 2026 the fourth Sunday is the last one; what holds for ever is the last.
	zone, ok := Timezone(mustZone(t, "Europe/Paris"), day("2026-10-25"), day("2026-10-26"))
	if !ok {
		t.Fatal("refused")
	}
	rule := zone.Components[0].UnknownPropertiesIANAProperties()[4].Value
	if rule != "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" {
		t.Errorf("rule is %s", rule)
	}
}

func TestAmbiguous(t *testing.T) {
	paris := mustZone(t, "Europe/Paris")
	change := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC) // 03:00 becomes 02:00
	for after, want := range map[time.Duration]bool{
		-time.Hour - time.Second: false, -time.Hour: true, -time.Second: true, 0: true, time.Hour - time.Second: true, time.Hour: false,
	} {
		if got := ambiguous(paris, change.Add(after)); got != want {
			t.Errorf("%v after the change: %v", after, got)
		}
	}
	if spring := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC); ambiguous(paris, spring) || ambiguous(paris, spring.Add(-1)) {
		t.Error("a clock set forward repeats nothing")
	}
	if ambiguous(mustZone(t, "Asia/Ho_Chi_Minh"), change) || ambiguous(time.UTC, change) {
		t.Error("a clock that never changes repeats nothing")
	}
}
