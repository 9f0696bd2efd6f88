package source

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// sessionizeAll is a view All with one of everything. The title of the first entry has a control character in it.
const sessionizeAll = `{
 "sessions": [
  {"id": "501", "title": "Naïve\u0008  clocks", "description": "Times.\r\nAnd zones.", "startsAt": "2026-07-04T09:00:00", "endsAt": "2026-07-04T09:45:00",
   "isServiceSession": false, "isPlenumSession": false, "speakers": ["5E0C7A10-0000-4000-8000-00000000000A", "b", "nobody", "b"],
   "categoryItems": [31, 21, 11, 99], "roomId": 2, "liveUrl": "https://live.example/1", "recordingUrl": "https://video.example/1", "status": "Accepted"},
  {"id": "6e0c7a10-0000-4000-8000-0000000000ff", "title": "Lunch", "startsAt": "2026-07-04T10:00:00Z", "endsAt": "2026-07-04T11:00:00Z",
   "isServiceSession": true, "isPlenumSession": true, "speakers": [], "categoryItems": [], "roomId": null, "status": null},
  {"id": 502, "title": {"en": "Gone", "vi": "Đã huỷ"}, "startsAt": null, "endsAt": null, "isServiceSession": "false", "speakers": ["b"],
   "categoryItems": [12, 22], "roomId": 9, "status": "Canceled", "liveUrl": "javascript:alert(1)"},
  {"id": "503", "title": "Welcome keynote", "startsAt": "2026-07-04 25:00", "isServiceSession": true, "room": "Garden"},
  {"id": "503", "title": "Twin", "startsAt": "2026-07-04T12:00", "endsAt": "2026-07-04T12:00", "speakers": [], "room": "small HALL"},
  {"id": "504", "title": " ", "startsAt": "2026-07-04T12:00:00"}],
 "speakers": [
  {"id": "5e0c7a10-0000-4000-8000-00000000000a", "firstName": "Ada", "lastName": "Example", "fullName": "", "bio": "Counts.", "tagLine": "Engineer",
   "profilePicture": "https://pictures.example/a.png", "links": [{"title": "Blog", "url": "https://ada.example"}, {"title": "Bad", "url": "ftp://ada.example"}]},
  {"id": "b", "fullName": "Bo Sample", "bio": null, "tagLine": "", "profilePicture": "/b.png", "links": []},
  {"id": "b", "fullName": "Bo Again"},
  {"id": "c", "fullName": "Speaks Nowhere"}],
 "questions": [{"id": 1, "question": "T-shirt?"}],
 "categories": [
  {"id": 1, "title": "Topic", "items": [{"id": 41, "name": "Time", "sort": 1}]},
  {"id": 2, "title": "Ngôn ngữ / Language", "items": [{"id": 21, "name": "Tiếng Việt (Vietnamese)", "sort": 1}, {"id": 22, "name": "Mixed", "sort": 2}]},
  {"id": 3, "title": "Track", "items": [{"id": 12, "name": "Space", "sort": 2}, {"id": 11, "name": "Clocks", "sort": 1}]},
  {"id": 4, "title": "Session format", "items": [{"id": 31, "name": "Lightning talk", "sort": 1}]}],
 "rooms": [{"id": 2, "name": "Large Hall", "sort": 5}, {"id": 1, "name": "Small Hall", "sort": 4}]
}`

func wallTime(t *testing.T, s string) When {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return Clock(at)
}

func TestSessionizeReadsAll(t *testing.T) {
	got, err := Read([]byte(sessionizeAll), SessionizeAll, Options{})
	if err != nil {
		t.Fatal(err)
	}
	const ada, lunch = "5e0c7a10-0000-4000-8000-00000000000a", "6e0c7a10-0000-4000-8000-0000000000ff"
	want := Programme{Format: SessionizeAll,
		Rooms: []Room{
			{Line: 25, Key: "id 1", Serial: 1, Name: Text{"": "Small Hall"}},
			{Line: 25, Key: "id 2", Serial: 2, Name: Text{"": "Large Hall"}},
			{Line: 8, Key: "id 9", Serial: 9, Name: Text{"": "Room 9"}},
			{Line: 10, Key: "Garden", Name: Text{"": "Garden"}}},
		Tracks: []Track{
			{Line: 23, Key: "id 11", Serial: 11, Name: Text{"": "Clocks"}},
			{Line: 23, Key: "id 12", Serial: 12, Name: Text{"": "Space"}}},
		People: []Person{
			{Line: 14, Key: "id " + ada, GUID: ada, Name: "Ada Example", JobTitle: Text{"": "Engineer"}, Bio: Text{"": "Counts.\n\nBlog: https://ada.example"},
				PhotoURL: "https://pictures.example/a.png"},
			{Line: 16, Key: "id b", Name: "Bo Sample"}},
		Items: []Item{
			{Line: 3, Key: "id 501", Serial: 501, Title: Text{"": "Naïve  clocks"}, Abstract: Text{"": "Times.\nAnd zones.\n\nRecording: https://video.example/1"},
				Format: agenda.FormatTalk, Language: "vi", Room: "id 2", Track: "id 11", StreamURL: "https://live.example/1", Standing: true,
				Start: wallTime(t, "2026-07-04 09:00"), End: wallTime(t, "2026-07-04 09:45"),
				Speakers: []Speaker{{Person: "id " + ada, Role: agenda.Presenter}, {Person: "id b", Role: agenda.Presenter}}},
			{Line: 6, Key: "id " + lunch, GUID: lunch, Title: Text{"": "Lunch"}, Format: agenda.FormatBreak, AllRooms: true,
				Start: When{At: wallTime(t, "2026-07-04 10:00").At}, End: When{At: wallTime(t, "2026-07-04 11:00").At}},
			{Line: 8, Key: "id 502", Serial: 502, Title: Text{"en": "Gone", "vi": "Đã huỷ"}, Room: "id 9", Track: "id 12", Standing: true, Cancelled: true,
				Speakers: []Speaker{{Person: "id b", Role: agenda.Presenter}}},
			{Line: 10, Key: "id 503", Serial: 503, Title: Text{"": "Welcome keynote"}, Format: agenda.FormatKeynote, Room: "Garden"},
			{Line: 11, Key: "id 503 #2", Title: Text{"": "Twin"}, Room: "id 1", Start: wallTime(t, "2026-07-04 12:00")}},
		Findings: []Finding{
			{3, UnknownReference, `The speaker "nobody" has no name in the file: they were left out.`},
			{8, BadValue, `The stream of "Gone" "javascript:alert(1)" is not a web address that begins with https:// or http://: it was left out.`},
			{8, NoTime, `"Gone" has no time.`},
			{8, UnknownReference, `The room "9" is not described in the file: it was named after its identity.`},
			{10, BadTime, `"Welcome keynote" has the time "2026-07-04 25:00", which can't be read: it was left out.`},
			{11, EndBeforeStart, `"Twin" does not end after it starts: its end "2026-07-04T12:00" was left out.`},
			{11, DuplicateID, `"Twin" has the identity "id 503", which another entry has too: it was taken for an entry of its own.`},
			{12, NoTitle, `An entry has no title: it was left out.`},
			{16, BadValue, `The picture of "Bo Sample" "/b.png" is not a web address that begins with https:// or http://: it was left out.`},
			{17, DuplicateID, `The speaker "b" is described twice: the first time counts.`},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("programme (-want +got):\n%s", diff)
	}
	checkProgrammeHolds(t, got, []byte(sessionizeAll))
}

// sessionizeGrid has the second day first, an entry for all rooms in both of them, all entries again by time, and one
// identity at two times.
const sessionizeGrid = `[
 {"date": "2026-07-05T00:00:00", "isDefault": false, "rooms": [
  {"id": 1, "name": "Large", "hasOnlyPlenumSessions": false, "sessions": [
   {"id": "9", "title": "Again", "startsAt": "2026-07-05T09:00:00", "endsAt": "2026-07-05T10:00:00", "roomId": 1, "room": "Large"}]}],
  "timeSlots": []},
 {"date": "2026-07-04T00:00:00", "rooms": [
  {"sessions": [
   {"id": "7", "title": "Opening", "startsAt": "2026-07-04T09:00:00", "endsAt": "2026-07-04T09:30:00", "isServiceSession": true, "isPlenumSession": true},
   {"id": "8", "title": "Talk", "startsAt": "2026-07-04T10:00:00", "endsAt": "2026-07-04T11:00:00",
    "speakers": [{"id": "a", "name": "Ada Example"}, {"name": "No Identity"}, "z"],
    "categories": [{"id": 1, "name": "Theme", "categoryItems": [{"id": 31, "name": "Clocks"}, {"id": 32, "name": "Space"}], "sort": 1},
     {"id": 2, "name": "Session format", "categoryItems": [{"id": 41, "name": "Tutorial"}]},
     {"id": 3, "name": "Language", "categoryItems": [{"id": 51, "name": "日本語"}]}]}], "id": 1, "name": "Large"},
  {"id": 2, "name": "Small", "sessions": [
   {"id": "7", "title": "Opening", "startsAt": "2026-07-04T09:00:00", "endsAt": "2026-07-04T09:30:00", "isServiceSession": true, "isPlenumSession": true},
   {"id": "9", "title": "Again", "startsAt": "2026-07-05T05:00:00", "endsAt": "2026-07-05T05:30:00"},
   {"title": "Late", "startsAt": "2026-07-06T09:00:00", "endsAt": "2026-07-06T10:00:00"}]},
  {"id": 2, "name": "Other", "sessions": []}],
  "timeSlots": [{"slotStart": "09:00:00", "rooms": [
   {"id": 1, "name": "Large", "session": {"id": "7", "title": "Opening", "startsAt": "2026-07-04T09:00:00"}, "index": 0},
   {"id": 2, "name": "Small", "session": {"title": "Late", "startsAt": "2026-07-06T09:00:00"}, "index": 1}]}]}
]`

func TestSessionizeReadsGridSmart(t *testing.T) {
	got, err := Read([]byte(sessionizeGrid), SessionizeGrid, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Programme{Format: SessionizeGrid,
		Rooms:  []Room{{Line: 3, Key: "id 1", Serial: 1, Name: Text{"": "Large"}}, {Line: 14, Key: "id 2", Serial: 2, Name: Text{"": "Small"}}},
		Tracks: []Track{{Line: 11, Key: "id 31", Serial: 31, Name: Text{"": "Clocks"}}},
		People: []Person{{Line: 9, Key: "id a", Name: "Ada Example"}, {Line: 9, Key: "name No Identity", Name: "No Identity"}},
		Items: []Item{
			{Line: 4, Key: "id 9", Serial: 9, Title: Text{"": "Again"}, Room: "id 1", Start: wallTime(t, "2026-07-05 09:00"), End: wallTime(t, "2026-07-05 10:00")},
			{Line: 8, Key: "id 7", Serial: 7, Title: Text{"": "Opening"}, Format: agenda.FormatCeremony, AllRooms: true, Room: "id 1",
				Start: wallTime(t, "2026-07-04 09:00"), End: wallTime(t, "2026-07-04 09:30")},
			{Line: 9, Key: "id 8", Serial: 8, Title: Text{"": "Talk"}, Format: agenda.FormatWorkshop, Language: "ja", Room: "id 1", Track: "id 31",
				Start: wallTime(t, "2026-07-04 10:00"), End: wallTime(t, "2026-07-04 11:00"),
				Speakers: []Speaker{{Person: "id a", Role: agenda.Presenter}, {Person: "name No Identity", Role: agenda.Presenter}}},
			{Line: 16, Key: "id 9 #2", Title: Text{"": "Again"}, Room: "id 2", Start: wallTime(t, "2026-07-05 05:00"), End: wallTime(t, "2026-07-05 05:30")},
			{Line: 17, Key: "title Late", Derived: true, Title: Text{"": "Late"}, Room: "id 2", Start: wallTime(t, "2026-07-06 09:00"), End: wallTime(t, "2026-07-06 10:00")}},
		Findings: []Finding{
			{9, UnknownReference, `The speaker "z" has no name in the file: they were left out.`},
			{16, DuplicateID, `"Again" has the identity "id 9", which another entry has too: it was taken for an entry of its own.`},
			{17, DayContradicted, `"Late" is listed under "2026-07-04" and begins at "2026-07-06T09:00:00": the time was believed.`},
			{18, DuplicateID, `The rooms "Small" and "Other" have the same identity "2": they were taken for the first.`},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("programme (-want +got):\n%s", diff)
	}
	checkProgrammeHolds(t, got, []byte(sessionizeGrid))
}

func TestSessionizeReadsGroups(t *testing.T) {
	const file = `[{"groupId": 1, "groupName": "Day 1", "sessions": [{"id": "1", "title": "A", "startsAt": "2026-07-04T09:00:00", "endsAt": "2026-07-04T10:00:00", "roomId": 3, "room": "Hall"}]},
 {"groupId": 2, "groupName": "Day 2", "sessions": [{"id": "2", "title": "B", "startsAt": "2026-07-05T09:00:00", "endsAt": "2026-07-05T10:00:00", "roomId": 3, "room": "Hall"}]}]`
	f, err := Sniff([]byte(file))
	if f != SessionizeGrid || err != nil {
		t.Errorf("Sniff gives %q, %v", f, err)
	}
	got, err := Read([]byte(file), f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Programme{Format: SessionizeGrid,
		Rooms: []Room{{Line: 1, Key: "id 3", Serial: 3, Name: Text{"": "Hall"}}},
		Items: []Item{
			{Line: 1, Key: "id 1", Serial: 1, Title: Text{"": "A"}, Room: "id 3", Start: wallTime(t, "2026-07-04 09:00"), End: wallTime(t, "2026-07-04 10:00")},
			{Line: 2, Key: "id 2", Serial: 2, Title: Text{"": "B"}, Room: "id 3", Start: wallTime(t, "2026-07-05 09:00"), End: wallTime(t, "2026-07-05 10:00")}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("programme (-want +got):\n%s", diff)
	}
}

func TestSessionizeCutsWhatIsTooLong(t *testing.T) {
	long := strings.Repeat("é", agenda.MaxName+1)
	prose := strings.Repeat("x", agenda.MaxProse)
	got, err := Read([]byte(`{"sessions": [{"id": 1, "title": "`+long+`", "description": "`+prose+`", "recordingUrl": "https://video.example", "speakers": ["a"]}],
		"speakers": [{"id": "a", "fullName": "Ada", "tagLine": "`+long+`", "bio": "Counts."}], "rooms": []}`), SessionizeAll, Options{})
	if err != nil {
		t.Fatal(err)
	}
	i, p := got.Items[0], got.People[0]
	if want := strings.Repeat("é", agenda.MaxName-1) + "…"; i.Title[""] != want {
		t.Errorf("the title is %q", i.Title)
	}
	if n := len([]rune(i.Abstract[""])); n != agenda.MaxProse {
		t.Errorf("the abstract has %d characters", n)
	}
	if p.JobTitle != nil || p.Bio[""] != long+"\n\nCounts." {
		t.Errorf("the speaker is %+v", p)
	}
	var rules []Rule
	for _, f := range got.Findings {
		rules = append(rules, f.Rule)
	}
	if diff := cmp.Diff([]Rule{TooLong, TooLong, NoTime}, rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestRoomsOfAllDaysAreInOneOrder(t *testing.T) {
	rooms := func(ids string) (list []sessionizeRoom) {
		for _, id := range ids {
			list = append(list, sessionizeRoom{id: scalar(id)})
		}
		return list
	}
	for _, c := range []struct{ days, want string }{
		{"", ""}, {"123", "123"}, {"13 123", "123"}, {"13 23", "123"}, {"12 3", "123"}, {"3 12", "123"}, {"124 234", "1234"},
		{"31 21", "231"}, {"21 12", "21"}, {"ba c", "bac"}, {"ac bc", "abc"},
	} {
		var all []sessionizeRoom
		for _, day := range strings.Fields(c.days) {
			all = interleaved(all, rooms(day))
		}
		got := ""
		for _, r := range all {
			got += string(r.id)
		}
		if got != c.want {
			t.Errorf("%q gives %q, want %q", c.days, got, c.want)
		}
	}
}
