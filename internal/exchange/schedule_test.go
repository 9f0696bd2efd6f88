package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

var scheduleBase = PublicOptions{BaseURL: "https://plenary.example"}

// scheduleMakers are the three documents, by the names of their golden files.
var scheduleMakers = map[string]func(agenda.Release, PublicOptions) ([]byte, error){
	"schedule.xml": ScheduleXML, "schedule.json": ScheduleJSON, "schedule.xcal": ScheduleXCal}

func made(t testing.TB, name string, r agenda.Release, o PublicOptions) []byte {
	t.Helper()
	b, err := scheduleMakers[name](r, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func slotIn(t testing.TB, zone string, room agenda.ID, start, end string) *agenda.Slot {
	t.Helper()
	location, err := agenda.LoadZone(zone)
	if err != nil {
		t.Fatal(err)
	}
	s, err := agenda.NewSlot(location, room, start, end)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// scheduleDraft is the forum with what apps stumble over: a party that goes on beyond 06:00, a lunch without a room,
// two halls of one name, a semicolon in a name, identities that are no UUIDs, titles of all kinds.
func scheduleDraft(t testing.TB) agenda.Draft {
	const zone = "Asia/Ho_Chi_Minh"
	d := forumDraft()
	for i := range d.People {
		d.People[i].Serial = 101 + i
	}
	d.People = append(d.People, agenda.Person{ID: "p-4", Name: "Đỗ; Thị <Hạnh> & \"Co\"", Serial: 104})
	d.Rooms[1].Kind, d.Rooms[1].Capacity = agenda.RoomHall, 80
	d.Rooms = append(d.Rooms, agenda.Room{ID: "upstairs", Name: agenda.Text{"en": " Main\n"}, Kind: agenda.RoomHall, Position: 3},
		agenda.Room{ID: uuid(19), Name: agenda.Text{"en": "Nothing happens here"}, Kind: agenda.RoomHall, Position: 4})
	d.Tracks = append(d.Tracks, agenda.Track{ID: uuid(16), Name: agenda.Text{"en": "AI"}, Position: 2})
	d.Panels[1].Interventions[0].Speakers = append(d.Panels[1].Interventions[0].Speakers,
		agenda.Speaker{PersonID: "p-4", Role: agenda.Presenter, Status: agenda.Confirmed},
		agenda.Speaker{PersonID: uuid(21), Role: agenda.Panelist, Status: agenda.Confirmed})
	d.Panels = append(d.Panels,
		agenda.Panel{ID: uuid(35), UID: "e@plenary", Code: "LUNCH1", Format: agenda.FormatBreak, AllRooms: true,
			Title: agenda.Text{"en": "Lunch", "fr": "Déjeuner", "vi": "Bữa trưa"}, Slot: slotIn(t, zone, "", "2025-10-27T12:00:30", "2025-10-27T13:30:29")},
		agenda.Panel{ID: uuid(36), UID: "f@plenary", Code: "NIGHT7", Format: agenda.FormatSocial, TrackID: uuid(16),
			Title: agenda.Text{"fr": "Nuit 🎉 ]]> \"l’œuvre\""}, Abstract: agenda.Text{"fr": "Jusqu’au matin.\n\nEt après."},
			Slot: slotIn(t, zone, uuid(11), "2025-10-28T22:00", "2025-10-29T10:00")},
		agenda.Panel{ID: "night-talk", UID: "g@plenary", Code: "AB", Format: agenda.FormatTalk, Language: "vi",
			Title: agenda.Text{"vi": "Đường đến Hội nghị thượng đỉnh về trí tuệ nhân tạo, quản trị dữ liệu và luật quốc tế"},
			Slot:  slotIn(t, zone, "upstairs", "2025-10-29T01:30", "2025-10-29T02:00")})
	for i := range d.Panels {
		d.Panels[i].Serial = 7 + i
	}
	return d
}

func TestSchedule(t *testing.T) {
	r := forumRelease(3, scheduleDraft(t), nil)
	for name := range scheduleMakers {
		got := made(t, name, r, scheduleBase)
		if name == "schedule.json" {
			golden(t, name, got)
		} else {
			goldenLines(t, name, got)
		}
		for range 5 {
			if again := made(t, name, r, scheduleBase); !bytes.Equal(got, again) {
				t.Fatalf("%s: not the same bytes again", name)
			}
		}
		if first := made(t, name, r, PublicOptions{BaseURL: scheduleBase.BaseURL, Language: "fr"}); !bytes.Equal(got, first) {
			t.Errorf("%s: without a language it is not in the event's first", name)
		}
		for _, secret := range []string{"canary", "987654", "tlh", string(uuid(23)), string(uuid(34)), "Nothing happens"} {
			if bytes.Contains(bytes.ToLower(got), bytes.ToLower([]byte(secret))) {
				t.Errorf("%s tells %q", name, secret)
			}
		}
	}
	checkSchedule(t, r, scheduleBase)
}

func TestScheduleLanguages(t *testing.T) {
	r := forumRelease(1, scheduleDraft(t), nil)
	for _, c := range []struct{ language, room, until, stream string }{
		{"", "Toutes les salles", "Jusqu’à 10:00 le 29 octobre.", "Diffusion en direct"},
		{"en", "All rooms", "Until 10:00 on 29 October.", "Live stream"},
		{"vi", "Tất cả các phòng", "Đến 10:00 ngày 29/10.", "Phát trực tiếp"},
		{"fr-CA", "Toutes les salles", "Jusqu’à 10:00 le 29 octobre.", "Diffusion en direct"},
	} {
		o := PublicOptions{BaseURL: scheduleBase.BaseURL, Language: c.language}
		told := checkSchedule(t, r, o)
		night, ok := told.event(11 + 1)
		if !ok || !strings.HasSuffix(night.Abstract, "Et après.\n\n"+c.until) || night.Duration != "08:00" {
			t.Errorf("%q: the night is %+v, want %q at the end", c.language, night, c.until)
		}
		if got := told.Days[0].Rooms[0].Name; got != c.room {
			t.Errorf("%q: all rooms are %q, want %q", c.language, got, c.room)
		}
		if law, _ := told.event(8); len(law.Links) != 1 || law.Links[0].Title != c.stream {
			t.Errorf("%q: links %+v, want one called %q", c.language, law.Links, c.stream)
		}
	}
	if got := untilWords(time.Date(2026, 5, 1, 7, 5, 0, 0, time.UTC))["fr"]; got != "Jusqu’à 07:05 le 1er mai." {
		t.Errorf("the first of a month in French: %q", got)
	}
}

// oneRoom is a Release of an Event in the zone, with a Panel for each pair of times in one Room.
func oneRoom(t testing.TB, zone, first, last string, times ...[2]string) agenda.Release {
	d := agenda.Draft{Event: agenda.Event{ID: uuid(1), Slug: "ox", Name: agenda.Text{"en": "Ox"}, Zone: zone,
		StartDate: agenda.Date(first), EndDate: agenda.Date(last), Languages: []string{"en"}},
		Rooms: []agenda.Room{{ID: uuid(11), Name: agenda.Text{"en": "Hall"}, Kind: agenda.RoomHall}}}
	for i, c := range times {
		d.Panels = append(d.Panels, agenda.Panel{ID: uuid(100 + i), Serial: i + 1, UID: fmt.Sprintf("%d@plenary", i), Code: fmt.Sprintf("CODE%02d", i),
			Format: agenda.FormatTalk, Title: agenda.Text{"en": fmt.Sprintf("Talk %d", i)}, Slot: slotIn(t, zone, uuid(11), c[0], c[1])})
	}
	return forumRelease(1, d, nil)
}

func TestScheduleDays(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		times      [][2]string
		days       string // date start end, of each
		events     string // day date duration, of each
	}{
		{"summer time ends", "Europe/Berlin",
			[][2]string{{"2026-10-24T20:00", "2026-10-25T06:00"}, {"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
				{"2026-10-25T02:30:00+01:00", "2026-10-25T03:00"}, {"2026-10-24T06:00", "2026-10-25T06:00"}, {"2026-10-25T06:00", "2026-10-25T06:30"}},
			"2026-10-24 2026-10-24T06:00:00+02:00 2026-10-25T06:00:00+01:00, 2026-10-25 2026-10-25T06:00:00+01:00 2026-10-26T06:00:00+01:00",
			"1 2026-10-24T06:00:00+02:00 23:59, 1 2026-10-24T20:00:00+02:00 11:00, 1 2026-10-25T02:30:00+02:00 01:00, " +
				"1 2026-10-25T02:30:00+01:00 00:30, 2 2026-10-25T06:00:00+01:00 00:30"},
		{"summer time begins", "Europe/Berlin",
			[][2]string{{"2026-03-28T22:00", "2026-03-29T12:00"}, {"2026-03-29T05:59", "2026-03-29T06:00"}},
			"2026-03-28 2026-03-28T06:00:00+01:00 2026-03-29T06:00:00+02:00",
			"1 2026-03-28T22:00:00+01:00 07:00, 1 2026-03-29T05:59:00+02:00 00:01"},
		{"a party from midnight on belongs to the day before the first", "Asia/Kathmandu",
			[][2]string{{"2026-10-24T00:00", "2026-10-24T03:00"}, {"2026-10-27T09:00:10", "2026-10-27T09:00:50"}},
			"2026-10-23 2026-10-23T06:00:00+05:45 2026-10-24T06:00:00+05:45, 2026-10-27 2026-10-27T06:00:00+05:45 2026-10-28T06:00:00+05:45",
			"1 2026-10-24T00:00:00+05:45 03:00, 2 2026-10-27T09:00:00+05:45 00:01"},
		{"45 minutes and summer time", "Pacific/Chatham", [][2]string{{"2026-09-26T20:00", "2026-09-27T08:00"}},
			"2026-09-26 2026-09-26T06:00:00+12:45 2026-09-27T06:00:00+13:45", "1 2026-09-26T20:00:00+12:45 09:00"},
		{"no offset", "UTC", [][2]string{{"2026-01-01T09:00", "2026-01-02T21:00"}},
			"2026-01-01 2026-01-01T06:00:00+00:00 2026-01-02T06:00:00+00:00", "1 2026-01-01T09:00:00+00:00 21:00"},
		{"a day that Samoa did not have", "Pacific/Apia", [][2]string{{"2011-12-29T20:00", "2011-12-31T03:00"}, {"2011-12-31T03:00", "2011-12-31T04:00"}},
			"2011-12-29 2011-12-29T06:00:00-10:00 2011-12-31T00:00:00+14:00, 2011-12-30 2011-12-31T00:00:00+14:00 2011-12-31T06:00:00+14:00",
			"1 2011-12-29T20:00:00-10:00 04:00, 2 2011-12-31T03:00:00+14:00 01:00"},
	} {
		r := oneRoom(t, c.zone, "2026-10-24", "2026-10-26", c.times...)
		var days, events []string
		for _, d := range checkSchedule(t, r, scheduleBase).Days {
			days = append(days, d.Date+" "+d.Start+" "+d.End)
			for _, e := range d.Rooms[0].Events {
				events = append(events, fmt.Sprint(d.Index, " ", e.Date, " ", e.Duration))
			}
		}
		if diff := cmp.Diff(strings.Split(c.days, ", "), days); diff != "" {
			t.Errorf("%s: days (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(strings.Split(c.events, ", "), events); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", c.name, diff)
		}
	}
}

// Where nothing takes place, there are the days of the Event and no rooms: a file without days is none.
func TestScheduleOfNothing(t *testing.T) {
	cancelled := oneRoom(t, "Europe/Paris", "2026-10-24", "2026-10-26", [2]string{"2026-10-30T09:00", "2026-10-30T10:00"})
	cancelled.Snapshot.Panels[0].Cancelled = true
	for name, r := range map[string]agenda.Release{"empty": oneRoom(t, "Europe/Paris", "2026-10-24", "2026-10-26"), "cancelled": cancelled} {
		told := checkSchedule(t, r, scheduleBase)
		if len(told.Days) != 3 || told.Days[2].Date != "2026-10-26" || len(told.Days[0].Rooms) != 0 {
			t.Errorf("%s: days %+v", name, told.Days)
		}
	}
	for name := range scheduleMakers { // nothing at all, and what no Event can be
		made(t, name, agenda.Release{}, PublicOptions{})
		made(t, name, agenda.Release{Snapshot: agenda.Snapshot{Event: agenda.Event{Zone: "Mars/Olympus"},
			Panels: []*agenda.Panel{{Slot: &agenda.Slot{}}}}}, PublicOptions{Language: "no language"})
	}
}

func TestScheduleRoomsKeepTheirOrder(t *testing.T) {
	r := oneRoom(t, "Asia/Tokyo", "2026-10-24", "2026-10-25", [2]string{"2026-10-24T09:00", "2026-10-24T10:00"}, [2]string{"2026-10-25T09:00", "2026-10-25T10:00"},
		[2]string{"2026-10-25T09:00", "2026-10-25T10:00"}, [2]string{"2026-10-25T09:00", "2026-10-25T10:00"}, [2]string{"2026-10-25T11:00", "2026-10-25T12:00"})
	s := &r.Snapshot
	name := agenda.Text{"en": "Zoo"}
	s.Rooms = []agenda.Room{{ID: "b", Name: name, Position: 2}, {ID: "a", Name: agenda.Text{"en": "All rooms"}, Position: 3}, {ID: "z", Name: name, Position: 1}}
	for i, id := range []agenda.ID{"b", "a", "z", "", "gone"} {
		s.Panels[i].Slot.RoomID = id
	}
	s.Panels[3].AllRooms = true
	told := checkSchedule(t, r, scheduleBase)
	for _, day := range told.Days {
		var names []string
		for _, room := range day.Rooms {
			names = append(names, room.Name)
		}
		if diff := cmp.Diff([]string{"All rooms", "Zoo", "Zoo (2)", "All rooms (2)", "gone"}, names); diff != "" {
			t.Errorf("day %d (-want +got):\n%s", day.Index, diff)
		}
	}
	document := string(made(t, "schedule.json", r, scheduleBase))
	if i, j := strings.Index(document, `"Zoo (2)":[`), strings.Index(document, `"All rooms (2)":[`); i < 0 || j < i {
		t.Errorf("the order of the rooms is lost in JSON: %s", document)
	}
}

// Releases of old have no serials: the numbers that apps get then are the same in the next one, and nobody else's.
func TestScheduleSerials(t *testing.T) {
	type thing struct {
		id     agenda.ID
		serial int
	}
	of := func(n thing) (agenda.ID, int) { return n.id, n.serial }
	alone := numbered([]thing{{"a", 0}}, of)["a"]
	if alone < 1 || alone > agenda.MaxSerial {
		t.Fatalf("a has %d", alone)
	}
	for _, c := range []struct {
		name   string
		things []thing
		want   map[agenda.ID]int
	}{
		{"stored", []thing{{"a", 5}, {"b", 1}, {"c", agenda.MaxSerial}}, map[agenda.ID]int{"a": 5, "b": 1, "c": agenda.MaxSerial}},
		{"taken", []thing{{"a", 0}, {"b", alone}, {"c", alone + 1}}, map[agenda.ID]int{"a": alone + 2, "b": alone, "c": alone + 1}},
	} {
		if diff := cmp.Diff(c.want, numbered(c.things, of)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	odd := numbered([]thing{{"a", 3}, {"b", 3}, {"c", -1}, {"d", agenda.MaxSerial + 1}}, of)
	if odd["a"] != 3 || odd["b"] == 3 || odd["c"] < 1 || odd["d"] < 1 || odd["d"] > agenda.MaxSerial {
		t.Errorf("numbers that can't be: %v", odd)
	}
	one, other := sameNumber()
	first, second := numbered([]thing{{one, 0}, {other, 0}}, of), numbered([]thing{{other, 0}, {one, 0}}, of)
	if diff := cmp.Diff(first, second); diff != "" || first[one] == first[other] {
		t.Errorf("%s and %s make the same number, and got %v (-one order +the other):\n%s", one, other, first, diff)
	}
	// The next release has one less.
	r := oneRoom(t, "UTC", "2026-10-24", "2026-10-24", [2]string{"2026-10-24T09:00", "2026-10-24T10:00"}, [2]string{"2026-10-24T10:00", "2026-10-24T11:00"})
	for i := range r.Snapshot.Panels {
		r.Snapshot.Panels[i].Serial = 0
	}
	before := checkSchedule(t, r, scheduleBase).Days[0].Rooms[0].Events
	r.Snapshot.Panels = slices.Delete(r.Snapshot.Panels, 0, 1)
	if after := checkSchedule(t, r, scheduleBase).Days[0].Rooms[0].Events; after[0].ID != before[1].ID || after[0].Slug != before[1].Slug {
		t.Errorf("%+v became %+v", before[1], after[0])
	}
}

// sameNumber finds two IDs that make the same number.
func sameNumber() (agenda.ID, agenda.ID) {
	ids := map[int]agenda.ID{}
	for i := 0; ; i++ {
		id := uuid(i)
		n := numbered([]agenda.ID{id}, func(id agenda.ID) (agenda.ID, int) { return id, 0 })[id]
		if before, known := ids[n]; known {
			return before, id
		}
		ids[n] = id
	}
}

func TestNamedUUID(t *testing.T) {
	names := [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	if got := namedUUID(names, "www.example.com"); got != "2ed6657d-e927-568b-95e1-2665a8aea6a2" { // RFC 9562, A.4
		t.Errorf("www.example.com has %s", got)
	}
	if got := scheduleGUID("panel", uuid(7)); got != string(uuid(7)) {
		t.Errorf("a UUID became %s", got)
	}
	seen := map[string]bool{}
	for _, id := range []agenda.ID{"", "a", "A", agenda.ID(strings.ToUpper(string(uuid(10))) + "F"), "0199F0A0-0000-7000-8000-00000000000A"} {
		got := scheduleGUID("panel", id)
		if !canonicalUUID.MatchString(got) || got[14] != '5' || !strings.ContainsRune("89ab", rune(got[19])) || seen[got] {
			t.Errorf("%q became %s", id, got)
		}
		seen[got] = true
	}
}

func TestScheduleNames(t *testing.T) {
	for slug, want := range map[string]string{"vidw-2025": "vidw_2025", "ox": "ox_event", "abcd": "abcd", "a-b": "a_b_event", "": "event", "Đà Nẵng": "da_nang"} {
		if got := acronymOf(slug); got != want {
			t.Errorf("the acronym of %q is %q, want %q", slug, got, want)
		}
	}
	for _, c := range []struct{ title, format, want string }{
		{"Đường đến Thượng đỉnh: “AI™” & Œuvre", "talk", "forum-7-duong-den-thuong-dinh-aitm-oeuvre"},
		{"開会式", "ceremony", "forum-7-ceremony"}, {"X", "", "forum-7-x-panel"}, {"-- 1+1 --", "talk", "forum-7-1-1"},
		{strings.Repeat("word ", 40), "talk", "forum-7-" + strings.TrimSuffix(strings.Repeat("word-", 12), "-")},
		{strings.Repeat("w", 300), "talk", "forum-7-" + strings.Repeat("w", 60)},
	} {
		if got := slugOf("forum", 7, c.title, c.format); got != c.want {
			t.Errorf("the slug of %q is %q, want %q", c.title, got, c.want)
		}
	}
	for address, want := range map[string]string{"https://example.org/?a=1&b=<2>": "https://example.org/?a=1&b=%3C2%3E",
		"HTTPS://ex.org/é a%20%zz": "", "http://[::1]:8080/a[1]#b#c": "http://[::1]:8080/a%5B1%5D#b%23c", "ftp://ex.org": "", "": "", "//x": "",
		"HTTP://Ex.org/chào?q=ô|": "http://Ex.org/ch%C3%A0o?q=%C3%B4%7C", "https://ex.org#": "https://ex.org#", "https://ex.org?%zz": "https://ex.org?%25zz"} {
		if got := webAddress(address); got != want {
			t.Errorf("%q became %q, want %q", address, got, want)
		}
	}
	for text, want := range map[string]string{"a\x00\x08b\u0085\u2028c\ufffe\uffff": "ab c", "\x01 \u202ex\xff\x1f ": "x\ufffd", "\x7f\u009f": "", "a\tb\r\nc": "a b c"} {
		if got := oneLine(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// What has no room yet is in one that says so, after all others, and not in one that it does not take.
func TestScheduleWithoutARoom(t *testing.T) {
	r := oneRoom(t, "Asia/Tokyo", "2026-10-24", "2026-10-24", [2]string{"2026-10-24T09:00", "2026-10-24T10:00"}, [2]string{"2026-10-24T09:00", "2026-10-24T10:00"},
		[2]string{"2026-10-24T12:00", "2026-10-24T13:00"})
	r.Snapshot.Panels[0].Slot.RoomID = ""
	r.Snapshot.Panels[2].Slot.RoomID, r.Snapshot.Panels[2].AllRooms = "", true
	var names []string
	for _, room := range checkSchedule(t, r, scheduleBase).Days[0].Rooms {
		for _, e := range room.Events {
			names = append(names, room.Name+": "+e.Title)
		}
	}
	if diff := cmp.Diff([]string{"All rooms: Talk 2", "Hall: Talk 1", "To be announced: Talk 0"}, names); diff != "" {
		t.Error(diff)
	}
	all, err := SessionizeAll(r, scheduleBase)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Sessions []struct {
			Title  string
			RoomID int
		}
		Rooms []struct {
			ID   int
			Name string
		}
	}
	if err := json.Unmarshal(all, &doc); err != nil {
		t.Fatal(err)
	}
	where := map[string]string{}
	for _, s := range doc.Sessions {
		for _, room := range doc.Rooms {
			if room.ID == s.RoomID {
				where[s.Title] = room.Name
			}
		}
	}
	if diff := cmp.Diff(map[string]string{"Talk 0": "To be announced", "Talk 1": "Hall", "Talk 2": "Hall"}, where); diff != "" {
		t.Error(diff)
	}
}
