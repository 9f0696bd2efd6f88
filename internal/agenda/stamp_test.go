package agenda

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var published1 = time.Date(2025, 9, 1, 8, 0, 0, 500, time.UTC)

// ledger is the stored revisions of a calendar, as releases come.
type ledger []Stamp

func (l *ledger) keep(changed []Stamp) {
	for _, s := range changed {
		*l = slices.DeleteFunc(*l, func(old Stamp) bool { return old.UID == s.UID && old.Variant == s.Variant })
		*l = append(*l, s)
	}
}

func (l ledger) of(uid string, v Variant) Stamp { return StampsOf(l, v)[uid] }

func TestStampHistory(t *testing.T) {
	at := func(minute int) time.Time {
		return published1.Truncate(time.Second).Add(time.Duration(minute) * time.Minute)
	}
	cancelledAt := at(40)
	var l ledger
	for _, step := range []struct {
		name     string
		now      time.Time
		entries  []Entry
		changed  int
		sequence int
		modified time.Time // of "en"
		other    time.Time // of "vi"
		since    *time.Time
	}{
		{"new", at(0), []Entry{{"u", "en", false, "A", "P"}, {"u", "vi", false, "A'", "P"}}, 2, 0, at(0), at(0), nil},
		{"unchanged", at(10), []Entry{{"u", "en", false, "A", "P"}, {"u", "vi", false, "A'", "P"}}, 0, 0, at(0), at(0), nil},
		{"a title in one language", at(20), []Entry{{"u", "en", false, "A", "P"}, {"u", "vi", false, "B'", "P"}}, 1, 0, at(0), at(20), nil},
		{"moved", at(30), []Entry{{"u", "en", false, "C", "Q"}, {"u", "vi", false, "C'", "Q"}}, 2, 1, at(30), at(30), nil},
		{"moved where only the place shows", at(31), []Entry{{"u", "en", false, "C", "R"}, {"u", "vi", false, "C'", "R"}}, 2, 2, at(31), at(31), nil},
		{"cancelled", at(40), []Entry{{"u", "en", true, "D", "S"}, {"u", "vi", true, "D'", "S"}}, 2, 3, at(40), at(40), &cancelledAt},
		{"cancelled with a reason", at(41), []Entry{{"u", "en", true, "E", "S"}, {"u", "vi", true, "D'", "S"}}, 1, 3, at(41), at(40), &cancelledAt},
		{"not told", at(50), nil, 0, 3, at(41), at(40), &cancelledAt},
		{"restored", at(60), []Entry{{"u", "en", false, "C", "R"}, {"u", "vi", false, "C'", "R"}}, 2, 4, at(60), at(60), nil},
		{"within the same second", at(60), []Entry{{"u", "en", false, "F", "R"}, {"u", "vi", false, "C'", "R"}}, 1, 4, at(60).Add(time.Second), at(60), nil},
		{"with the clock set back", at(5), []Entry{{"u", "en", false, "G", "R"}, {"u", "vi", false, "C'", "R"}}, 1, 4, at(60).Add(2 * time.Second), at(60), nil},
	} {
		before := slices.Clone(l)
		changed := Restamp(l, step.entries, false, step.now)
		if diff := cmp.Diff(before, l); diff != "" {
			t.Errorf("%s: what was given changed:\n%s", step.name, diff)
		}
		l.keep(changed)
		en, vi := l.of("u", "en"), l.of("u", "vi")
		if len(changed) != step.changed || en.Sequence != step.sequence || !en.Modified.Equal(step.modified) || !vi.Modified.Equal(step.other) ||
			!en.Created.Equal(at(0)) || en.Modified.Nanosecond() != 0 {
			t.Errorf("%s: %d changed: %+v, %+v", step.name, len(changed), en, vi)
		}
		if diff := cmp.Diff(step.since, en.Cancelled); diff != "" {
			t.Errorf("%s: cancelled since:\n%s", step.name, diff)
		}
	}
	// A language that the event is told in from now on counts on from the others: whoever changes to it must not go back.
	l.keep(Restamp(l, []Entry{{"u", "fr", false, "H", "R"}}, false, at(1)))
	if fr := l.of("u", "fr"); fr.Sequence != 4 || !fr.Modified.After(l.of("u", "en").Modified) || !fr.Created.Equal(at(0)) {
		t.Errorf("a new variant: %+v", fr)
	}
	entries := []Entry{{"u", "en", false, "G", "R"}, {"u", "vi", false, "C'", "R"}, {"u", "fr", false, "H", "R"}}
	if changed := Restamp(l, entries, false, at(90)); len(changed) != 0 {
		t.Errorf("nothing changed, but %+v", changed)
	}
	for _, s := range Restamp(l, entries, true, at(90)) {
		if s.Sequence != 4 || !s.Modified.Equal(at(90)) {
			t.Errorf("anew: %+v", s)
		}
	}
}

func TestPhases(t *testing.T) {
	for _, tc := range []struct{ zone, first, last, start, end string }{
		{"Asia/Ho_Chi_Minh", "2025-10-27", "2025-10-28", "2025-10-26T17:00:00Z", "2025-10-28T17:00:00Z"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"}, // clocks skip this midnight
		{"Asia/Beirut", "2026-03-28", "2026-03-28", "2026-03-27T22:00:00Z", "2026-03-28T22:00:00Z"},  // and the one that ends this day
		{"America/Santiago", "2026-09-06", "2026-09-06", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"},
		{"America/Havana", "2026-11-01", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"}, // and show this one twice
	} {
		e := Event{Zone: tc.zone, StartDate: Date(tc.first), EndDate: Date(tc.last)}
		start, err1 := time.Parse(time.RFC3339, tc.start)
		end, err2 := time.Parse(time.RFC3339, tc.end)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for now, want := range map[time.Time]Phase{start.Add(-time.Second): BeforeEvent, start: DuringEvent, end.Add(-time.Second): DuringEvent, end: AfterEvent} {
			phase, since := e.Phase(now)
			if phase != want || want == BeforeEvent && !since.IsZero() || want == DuringEvent && !since.Equal(start) || want == AfterEvent && !since.Equal(end) {
				t.Errorf("%s at %s: %s since %s", tc.zone, now, phase, since)
			}
		}
	}
	if phase, _ := (Event{Zone: "UTC"}).Phase(time.Now()); phase != BeforeEvent {
		t.Errorf("without days: %s", phase)
	}
}

func TestFeedScopes(t *testing.T) {
	for _, want := range []FeedScope{{Kind: FeedOfEvent}, {FeedOfRoom, "r:1"}, {FeedOfSpeaker, "p"}} {
		if got, ok := ParseFeedScope(want.String()); !ok || got != want {
			t.Errorf("%s: %v", want, got)
		}
	}
	for _, bad := range []string{"", "room", "event:1"} {
		if got, ok := ParseFeedScope(bad); ok {
			t.Errorf("%q is %v", bad, got)
		}
	}
}

func TestFeedSettings(t *testing.T) {
	minutes := 15
	set := FeedSettings{Name: " My\u202e phone ", Panels: []ID{"b", "a", "b"}}
	set.Clean()
	want := FeedSettings{Name: "My phone", Detail: FullDetail, Cancelled: PrefixCancelled, Panels: []ID{"a", "b"}}
	if diff := cmp.Diff(want, set); diff != "" {
		t.Error(diff)
	}
	other := set
	other.Name, other.Panels, other.Meetings = "Other", nil, true
	if !set.Tells(other) {
		t.Error("another choice of entries is taken for other entries")
	}
	for name, change := range map[string]func(*FeedSettings){"language": func(s *FeedSettings) { s.Language = "fr" }, "alarm": func(s *FeedSettings) { s.Alarm = &minutes },
		"detail": func(s *FeedSettings) { s.Detail = BusyOnly }, "cancelled": func(s *FeedSettings) { s.Cancelled = HideCancelled }} {
		other := set
		change(&other)
		if set.Tells(other) {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// A Variant that was not told for a while catches up with the others, and what an older version told counts on.
func TestStampsCatchUp(t *testing.T) {
	now := published1.Add(time.Hour)
	before := []Stamp{{UID: "u", Variant: "en", Sequence: 3, Modified: published1, Content: "A", Place: "P"},
		{UID: "u", Variant: "de", Sequence: 1, Modified: published1, Content: "A'", Place: "P"},
		{UID: "old", Variant: "en", Sequence: 7, Modified: published1}}
	got := map[Variant]Stamp{}
	for _, s := range Restamp(before, []Entry{{"u", "en", false, "A", "P"}, {"u", "de", false, "A'", "P"}}, false, now) {
		got[s.Variant] = s
	}
	if len(got) != 1 || got["de"].Sequence != 3 || !got["de"].Modified.After(published1) {
		t.Errorf("%+v", got)
	}
	old := Restamp(before, []Entry{{"old", "en", false, "B", "Q"}, {"old", "vi", false, "B'", "Q"}}, false, now)
	if len(old) != 2 || old[0].Sequence != 7 || old[1].Sequence != 7 {
		t.Errorf("%+v", old)
	}
}
