package agenda

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// slotAt is a Slot of a room at that wall clock, in the zone of the tests' event.
func slotAt(t *testing.T, zone *time.Location, room ID, start, end string) *Slot {
	t.Helper()
	s, err := NewSlot(zone, room, start, end)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// The numbers are counted by hand.
func TestStatistics(t *testing.T) {
	e := Event{ID: "e", Name: Text{"en": "Forum", "vi": "Diễn đàn"}, Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-28", Languages: []string{"en", "vi"}}
	zone := e.Location()
	at := func(room ID, start, end string) *Slot { return slotAt(t, zone, room, start, end) }
	part := func(p ID, s SpeakerStatus) Speaker { return Speaker{PersonID: p, Role: Presenter, Status: s} }
	d := Draft{Event: e, Rooms: []Room{{ID: "a", Kind: RoomHall, Name: Text{"en": "A"}}, {ID: "b", Kind: RoomHall, Name: Text{"en": "B", "vi": "B"}}, {ID: "t", Kind: RoomTable, Name: Text{"en": "T"}}},
		Tracks: []Track{{ID: "x", Name: Text{"en": "AI"}}},
		People: []Person{{ID: "1", Name: "Hùng", Country: "VN", Organization: Text{"en": "Ministry  of Science", "vi": "Bộ"}}, {ID: "2", Name: "Marie", Country: "FR", Organization: Text{"en": "ministry of science"}},
			{ID: "3", Name: "Nobody"}, {ID: "4", Name: "Declined", Country: "DE"}},
		Panels: []Panel{
			{ID: "p", Format: FormatPanel, Title: Text{"en": "P"}, TrackID: "x", Slot: at("a", "2025-10-27T09:00", "2025-10-27T10:00"), Speakers: []Speaker{part("1", Confirmed), part("4", Declined)}},
			{ID: "q", Format: FormatTalk, Title: Text{"en": "Q", "vi": "Q"}, Slot: at("a", "2025-10-27T09:30", "2025-10-27T11:00"), Speakers: []Speaker{part("1", Invited), part("2", Invited)}},
			{ID: "r", Format: FormatBreak, Title: Text{"vi": "R"}, AllRooms: true, Slot: at("", "2025-10-27T11:00", "2025-10-27T12:00")},
			{ID: "u", Format: FormatTalk, Title: Text{"en": "U"}, Speakers: []Speaker{part("3", Invited)}},
			{ID: "c", Format: FormatTalk, Title: Text{"en": "C"}, Cancelled: true, Slot: at("b", "2025-10-29T11:00", "2025-10-29T12:00"), Speakers: []Speaker{part("4", Confirmed)}},
		}}
	window := func(start, end string) Availability {
		s := at("", start, end)
		return Availability{Resource: Resource{RoomResource, "b"}, Start: s.Start, End: s.End}
	}
	got := Count(d, []Availability{window("2025-10-27T20:00", "2025-10-28T02:00")})
	want := Statistics{Panels: 4, Scheduled: 3, Cancelled: 1, Speakers: 3, Confirmed: 1, Days: []Date{"2025-10-27", "2025-10-28"},
		Loads:     []RoomLoad{{d.Rooms[0], []DayLoad{{120, 180}, {}}}, {d.Rooms[1], []DayLoad{{0, 240}, {0, 120}}}},
		Countries: []Tally{{Key: "FR", Count: 1}, {Key: "VN", Count: 1}, {Count: 1}},
		Employers: []Tally{{Key: "ministry of science", Name: d.People[0].Organization, Count: 2}, {Count: 1}},
		Formats: []Tally{{Key: "talk", Name: FormatNames[FormatTalk], Count: 2, Minutes: 90}, {Key: "break", Name: FormatNames[FormatBreak], Count: 1, Minutes: 60},
			{Key: "panel", Name: FormatNames[FormatPanel], Count: 1, Minutes: 60}},
		Tracks: []Tally{{Key: "x", Name: Text{"en": "AI"}, Count: 1, Minutes: 60}, {Count: 2, Minutes: 90}},
		Coverage: []Coverage{{"en", TextsOfEvent, 5, 5}, {"en", TitleTexts, 4, 5}, {"en", Abstracts, 0, 0}, {"en", TextsOfPeople, 2, 2},
			{"vi", TextsOfEvent, 2, 5}, {"vi", TitleTexts, 2, 5}, {"vi", Abstracts, 0, 0}, {"vi", TextsOfPeople, 1, 2}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Two are in one room at once, and the panel has no moderator. That Hùng is in both is no part of a release: he was only invited.
	count := CountConflicts(3, NewSnapshot(d, nil))
	if diff := cmp.Diff(ConflictCount{Number: 3, Errors: 1, Warnings: 1}, count); diff != "" {
		t.Error(diff)
	}
}
