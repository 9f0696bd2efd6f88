package agenda

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	tests := []struct {
		zone, in string
		want     string // RFC 3339 in the zone; "" when it is refused
		fold     bool
		says     string // part of the refusal
	}{
		// What the clock skips or shows twice: time.Date would shift the former and guess the latter.
		{"Europe/Berlin", "2026-03-29T02:30", "", false, "does not exist in Europe/Berlin"},
		{"Europe/Berlin", "2026-10-25T02:30", "", false, "happens twice in Europe/Berlin: give the offset, +02:00 or +01:00"},
		{"America/New_York", "2026-11-01T01:30", "", false, "happens twice in America/New_York: give the offset, -04:00 or -05:00"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "", false, "give the offset, +11:00 or +10:30"},
		{"Pacific/Apia", "2011-12-30T12:00", "", false, "does not exist in Pacific/Apia"},
		{"Africa/Cairo", "2026-04-24T00:30", "", false, "does not exist in Africa/Cairo"},
		// The same, said with an offset.
		{"Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00", false, ""},
		{"Europe/Berlin", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00", true, ""},
		{"America/New_York", "2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-05:00", true, ""},
		{"Australia/Lord_Howe", "2026-04-05T01:45:00+10:30", "2026-04-05T01:45:00+10:30", true, ""},
		{"Europe/Berlin", "2026-03-29T02:30:00+01:00", "", false, "does not exist"},
		{"Europe/Berlin", "2026-03-29T02:30:00+02:00", "", false, "does not exist"},
		{"Pacific/Apia", "2011-12-30T12:00:00+14:00", "", false, "does not exist"},
		// The edges of gaps and folds.
		{"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00", false, ""},
		{"Europe/Berlin", "2026-03-29T02:00", "", false, "does not exist"},
		{"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T03:00:00+02:00", false, ""},
		{"Europe/Berlin", "2026-10-25T01:59:59", "2026-10-25T01:59:59+02:00", false, ""},
		{"Europe/Berlin", "2026-10-25T02:00", "", false, "twice"},
		{"Europe/Berlin", "2026-10-25T02:59:59", "", false, "twice"},
		{"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T03:00:00+01:00", false, ""},
		{"Pacific/Apia", "2011-12-29T23:59:59", "2011-12-29T23:59:59-10:00", false, ""},
		{"Pacific/Apia", "2011-12-31T00:00", "2011-12-31T00:00:00+14:00", false, ""},
		// Ordinary times.
		{"Asia/Ho_Chi_Minh", "2025-10-27T14:00", "2025-10-27T14:00:00+07:00", false, ""},
		{"Asia/Ho_Chi_Minh", "2025-10-27T14:00:30", "2025-10-27T14:00:30+07:00", false, ""},
		{"Asia/Ho_Chi_Minh", "2025-10-27T14:00:00+07:00", "2025-10-27T14:00:00+07:00", false, ""},
		{"Asia/Ho_Chi_Minh", "2025-10-27T07:00:00Z", "2025-10-27T14:00:00+07:00", false, ""},
		{"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00", true, ""},
		{"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00", false, ""},
		{"Asia/Kathmandu", "2026-02-28T23:59:59", "2026-02-28T23:59:59+05:45", false, ""},
		{"UTC", "2028-02-29T00:00", "2028-02-29T00:00:00Z", false, ""},
		// Offsets that contradict the zone.
		{"Asia/Ho_Chi_Minh", "2025-10-27T14:00:00+01:00", "", false, "Asia/Ho_Chi_Minh is at +07:00 then"},
		{"Europe/Berlin", "2026-07-01T12:00:00+01:00", "", false, "Europe/Berlin is at +02:00 then"},
		{"Europe/Berlin", "2026-10-25T02:30:00+03:00", "", false, "contradicts"},
	}
	for _, tt := range tests {
		zone := mustZone(tt.zone)
		m, err := ParseMoment(zone, tt.in)
		switch {
		case tt.want == "" && err == nil:
			t.Errorf("%s %s was taken as %s", tt.zone, tt.in, m.Format(zone))
		case tt.want == "" && (CodeOf(err) != Invalid || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s %s: %v, want it to say %q", tt.zone, tt.in, err, tt.says)
		case tt.want == "" && !m.IsZero():
			t.Errorf("%s %s: refused, but gives %v", tt.zone, tt.in, m)
		case tt.want != "" && err != nil:
			t.Errorf("%s %s: %v", tt.zone, tt.in, err)
		case tt.want != "" && (m.Format(zone) != tt.want || m.Fold != tt.fold || m.At.Location() != time.UTC):
			t.Errorf("%s %s = %s fold %v, want %s fold %v", tt.zone, tt.in, m.Format(zone), m.Fold, tt.want, tt.fold)
		}
	}
}

func TestParseMomentRefusesGarbage(t *testing.T) {
	for _, s := range []string{"", "now", "2025-10-27", "14:00", "2025-10-27 14:00", "2025-10-27T24:00", "2025-10-27T14:60",
		"2025-02-29T10:00", "2025-13-01T10:00", "2025-10-27T14", "2025-10-27T9:00:00", "2025-10-27T14:00:00.5",
		"2025-10-27T14:00:00.000", "2025-10-27T14:00:00,5", "2025-10-27T14:00:00.5Z", "2025-10-27T14:00:00+25:00",
		"2025-10-27T14:00+07:00x", "0000-01-01T00:00:00", "9999-12-31T23:59:59", "1969-12-31T23:59:59Z",
		"+12025-10-27T14:00", "2025-10-27T14:00:00\x00", strings.Repeat("9", 10_000), "２０２５-10-27T14:00"} {
		m, err := ParseMoment(hanoi, s)
		if err == nil {
			t.Errorf("%q was taken as %v", clip(s), m)
			continue
		}
		if CodeOf(err) != Invalid || len(err.Error()) > 300 || strings.Contains(err.Error(), "skips") {
			t.Errorf("%q: %v", clip(s), err)
		}
	}
}

func TestMomentOf(t *testing.T) {
	for _, tt := range []struct {
		at   time.Time
		wall Wall
		fold bool
	}{
		{time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), "2026-10-25T02:30:00", false},
		{time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), "2026-10-25T02:30:00", true},
		{time.Date(2026, 10, 25, 2, 30, 0, 0, time.UTC), "2026-10-25T03:30:00", false},
		{time.Date(2026, 7, 1, 10, 0, 0, 999, berlin), "2026-07-01T10:00:00", false},
	} {
		m := MomentOf(berlin, tt.at)
		if m.Wall != tt.wall || m.Fold != tt.fold || !m.At.Equal(tt.at.Truncate(time.Second)) {
			t.Errorf("%s is %+v, want %s fold %v", tt.at, m, tt.wall, tt.fold)
		}
		again, err := Resolve(berlin, m.Wall, &m.Fold)
		if err != nil || again != m {
			t.Errorf("%+v resolves to %+v, %v", m, again, err)
		}
	}
}

func TestResolveWithFold(t *testing.T) {
	yes := true
	if m, err := Resolve(berlin, "2026-07-01T12:00:00", &yes); err != nil || m.Fold {
		t.Errorf("a time that happens once has no second: %+v, %v", m, err)
	}
	if _, err := Resolve(berlin, "2026-03-29T02:30:00", &yes); err == nil {
		t.Error("a fold does not make a skipped time exist")
	}
	moved, err := at(t, hanoi, "2026-07-01T12:00").Rezone(berlin)
	if err != nil || moved.Format(berlin) != "2026-07-01T12:00:00+02:00" {
		t.Errorf("rezoned to %v, %v", moved, err)
	}
	if _, err := at(t, hanoi, "2026-03-29T02:30").Rezone(berlin); err == nil {
		t.Error("a clock that skips 02:30 can't show it")
	}
}

func TestSlotRezone(t *testing.T) {
	s := slot(t, hanoi, "a", "2026-10-25T02:15", "2026-10-25T02:45")
	moved, err := s.Rezone(berlin)
	if err != nil || moved.Start.Format(berlin) != "2026-10-25T02:15:00+02:00" || moved.Day() != "2026-10-25" {
		t.Errorf("rezoned to %v, %v", moved, err)
	}
	if moved.Equal(*s) || !moved.Equal(moved) {
		t.Error("a slot in another zone is another slot")
	}
	_, err = slot(t, hanoi, "a", "2026-03-29T02:15", "2026-03-29T02:45").Rezone(berlin)
	faultsAt(t, err, "/start", "/end")
}

func TestNewSlot(t *testing.T) {
	_, err := NewSlot(berlin, "a", "2026-03-29T02:30", "nonsense")
	faultsAt(t, err, "/start", "/end")
	_, err = NewSlot(berlin, "a", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+02:00")
	faultsAt(t, err, "/end")
	_, err = NewSlot(berlin, "a", "2026-07-01T10:00", "2026-07-02T22:01")
	faultsAt(t, err, "/end")
	s, err := NewSlot(berlin, "a", "2026-03-29T01:30", "2026-03-29T03:30")
	if err != nil || s.End.At.Sub(s.Start.At) != time.Hour {
		t.Errorf("%v, %v; want one hour", s, err)
	}
}

func TestLoadZone(t *testing.T) {
	for _, name := range []string{"", "Local", "local", "europe/berlin", "Mars/Olympus", "../etc/passwd", "CET+1"} {
		if zone, err := LoadZone(name); err == nil || CodeOf(err) != Invalid {
			t.Errorf("%q gives %v, %v", name, zone, err)
		}
	}
	if zone, err := LoadZone("Asia/Ho_Chi_Minh"); err != nil || zone != hanoi {
		t.Errorf("%v, %v; want the same zone each time", zone, err)
	}
}

func TestDates(t *testing.T) {
	if got := Date("2024-02-28").AddDays(2); got != "2024-03-01" {
		t.Errorf("got %s", got)
	}
	if got := Date("x").AddDays(2); got != "x" {
		t.Errorf("got %s", got)
	}
	for _, s := range []string{"", "2025-2-1", "2025-02-29", "2025-10-27T10:00:00", "27.10.2025"} {
		if _, err := ParseDate(s); err == nil {
			t.Errorf("%q is no date", s)
		}
	}
	if w := Wall("2025-10-27T14:05:00"); w.Date() != "2025-10-27" || w.Clock() != "14:05" || Wall("x").Date() != "" || Wall("x").Clock() != "" {
		t.Error("parts of a wall clock")
	}
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"2025-10-27T14:00", "2026-03-29T02:30:00", "2026-10-25T02:30:00+01:00", "2011-12-30T12:00:00Z",
		"1970-01-01T00:00", "9998-12-31T23:59:59Z", "2025-10-27T14:00:00.5", "1971-12-31T23:59:59-00:44", "2025-10-27t14:00:00z"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(6))
	}
	names := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "UTC",
		"Asia/Ho_Chi_Minh", "Africa/Monrovia", "America/St_Johns", "Antarctica/Troll", "Asia/Pyongyang", "Pacific/Kiritimati"}
	f.Fuzz(func(t *testing.T, s string, n uint8) {
		zone := mustZone(names[int(n)%len(names)])
		m, err := ParseMoment(zone, s)
		if err != nil {
			if CodeOf(err) != Invalid || !m.IsZero() {
				t.Errorf("%q in %s: %v, %v", s, zone, m, err)
			}
			return
		}
		if shown := m.At.In(zone).Format(WallLayout); shown != string(m.Wall) {
			t.Errorf("%q in %s: the clock shows %s, not %s", s, zone, shown, m.Wall)
		}
		if again, err := Resolve(zone, m.Wall, &m.Fold); err != nil || again != m {
			t.Errorf("%q in %s: %+v resolves to %+v, %v", s, zone, m, again, err)
		}
		if again := MomentOf(zone, m.At); again != m {
			t.Errorf("%q in %s: %+v is read as %+v", s, zone, m, again)
		}
	})
}

// A wall clock is read as package time would read it, if it is written in full.
func TestWallsAreReadAsPackageTimeDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	taken := 0
	for range 200_000 {
		w := []byte(fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", 1965+r.IntN(60), r.IntN(14), r.IntN(33), r.IntN(25), r.IntN(62), r.IntN(62)))
		switch r.IntN(8) {
		case 0:
			w[r.IntN(len(w))] = byte(r.IntN(256))
		case 1:
			w = append(w, byte('0'+r.IntN(10)))
		case 2:
			w = w[:r.IntN(len(w))]
		case 3:
			copy(w, fmt.Sprintf("%04d", 9990+r.IntN(10)))
		}
		want, err := time.Parse(WallLayout, string(w))
		good := err == nil && want.Format(WallLayout) == string(w) && want.Year() >= 1970 && want.Year() <= 9998
		got, ok := Wall(w).read()
		if ok != good || ok && !got.Equal(want) {
			t.Fatalf("%q is read as %v (%t), want %v (%t)", w, got, ok, want, good)
		}
		if ok {
			taken++
		}
	}
	if taken < 50_000 {
		t.Errorf("%d of 200000 were times", taken)
	}
}
