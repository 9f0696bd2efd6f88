package agenda

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSlotMinutes(t *testing.T) {
	tests := map[string]struct {
		zone, start, end string
		want             [2]int
	}{
		"noon":               {"Asia/Ho_Chi_Minh", "2025-10-27T12:00", "2025-10-27T13:30", [2]int{720, 90}},
		"past midnight":      {"Asia/Ho_Chi_Minh", "2025-10-27T22:00", "2025-10-28T01:00", [2]int{1320, 180}},
		"seconds":            {"Asia/Ho_Chi_Minh", "2025-10-27T12:00:30", "2025-10-27T12:01:10", [2]int{720, 1}},
		"the clock skips":    {"Europe/Paris", "2027-03-28T01:00", "2027-03-28T04:00", [2]int{60, 180}}, // two hours on a stopwatch
		"the clock repeats":  {"Europe/Paris", "2027-10-31T01:00", "2027-10-31T04:00", [2]int{60, 180}}, // four
		"the clock turns by": {"Europe/Paris", "2027-10-31T02:45:00+02:00", "2027-10-31T02:15:00+01:00", [2]int{165, 30}},
	}
	for name, tt := range tests {
		zone, err := LoadZone(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewSlot(zone, "a", tt.start, tt.end)
		if err != nil {
			t.Fatal(name, err)
		}
		start, length := s.Minutes()
		if got := [2]int{start, length}; got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestDayParts(t *testing.T) {
	tests := map[string]struct {
		zone, start, end string
		want             []DayPart
	}{
		"one day":    {"Asia/Ho_Chi_Minh", "2025-10-27T09:00:00+07:00", "2025-10-27T10:15:00+07:00", []DayPart{{"2025-10-27", 540, 75}}},
		"to the end": {"Asia/Ho_Chi_Minh", "2025-10-27T09:00:00+07:00", "2025-10-28T00:00:00+07:00", []DayPart{{"2025-10-27", 540, 900}}},
		"two nights": {"Asia/Ho_Chi_Minh", "2025-10-27T22:00:00+07:00", "2025-10-29T01:00:00+07:00",
			[]DayPart{{"2025-10-27", 1320, 120}, {"2025-10-28", 0, 1440}, {"2025-10-29", 0, 60}}},
		// Cairo has no midnight on the day on which summer time begins: the clock goes from 23:59 to 01:00.
		"no midnight": {"Africa/Cairo", "2025-04-24T20:00:00Z", "2025-04-24T23:00:00Z", []DayPart{{"2025-04-24", 1320, 120}, {"2025-04-25", 60, 60}}},
		"nothing":     {"UTC", "2025-04-24T20:00:00Z", "2025-04-24T20:00:00Z", nil},
	}
	for name, tt := range tests {
		zone, err := LoadZone(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, DayParts(zone, instantOf(t, tt.start), instantOf(t, tt.end))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func instantOf(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Whatever the zone does to its clock, the parts are on days that follow each other, and within each.
func FuzzDayParts(f *testing.F) {
	for _, zone := range []string{"Africa/Cairo", "Europe/Paris", "America/Havana", "Pacific/Apia", "Asia/Ho_Chi_Minh"} {
		f.Add(zone, int64(1_745_500_000), int64(200_000))
		f.Add(zone, int64(1_325_200_000), int64(300_000))
	}
	f.Fuzz(func(t *testing.T, name string, start, length int64) {
		zone, err := LoadZone(name)
		if err != nil || start < 0 || start > 4_000_000_000 || length < 0 || length > 30*86400 {
			return
		}
		from := time.Unix(start, 0)
		last := Date("")
		for _, p := range DayParts(zone, from, from.Add(time.Duration(length)*time.Second)) {
			if p.Day <= last || p.Start < 0 || p.Length < 1 || p.Start+p.Length > 1440 {
				t.Fatalf("%+v after %s", p, last)
			}
			last = p.Day
		}
	})
}

func TestShutIsTheComplement(t *testing.T) {
	hung, hall := Resource{PersonResource, "hung"}, Resource{RoomResource, "a"}
	window := func(r Resource, from, to int) Availability {
		return Availability{Resource: r, Start: Moment{At: minute(from)}, End: Moment{At: minute(to)}}
	}
	got := Shut([]Availability{window(hung, 120, 180), window(hung, 60, 120), window(hung, 200, 400), window(hall, 0, 30), window(hall, 90, 999)}, minute(10), minute(300))
	want := []Hold{{hung, minute(10), minute(60), false}, {hung, minute(180), minute(200), false}, {hall, minute(30), minute(90), false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Shut(nil, minute(0), minute(9)); got != nil {
		t.Error("who has no window is shut", got)
	}
	merged := Merge([]Hold{{hung, minute(30), minute(40), false}, {hung, minute(10), minute(30), false}, {hall, minute(1), minute(2), false}, {hung, minute(50), minute(60), false}})
	want = []Hold{{hung, minute(10), minute(40), false}, {hung, minute(50), minute(60), false}, {hall, minute(1), minute(2), false}}
	if diff := cmp.Diff(want, merged); diff != "" {
		t.Error(diff)
	}
}

func TestDayBounds(t *testing.T) {
	zone, err := LoadZone("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	from, to := DayBounds(zone, "2025-10-27", "2025-10-28")
	if from != instantOf(t, "2025-10-26T17:00:00Z") || to != instantOf(t, "2025-10-28T17:00:00Z") {
		t.Error(from, to)
	}
}
