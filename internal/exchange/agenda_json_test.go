package exchange

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares JSON with a file, which is indented to be read by people.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func uuid(n int) agenda.ID { return agenda.ID(fmt.Sprintf("0199f0a0-0000-7000-8000-%012d", n)) }

const canary = "CANARY"

// forumDraft is a small event with something of everything, and a canary wherever the public must not look.
func forumDraft() agenda.Draft {
	zone, _ := agenda.LoadZone("Asia/Ho_Chi_Minh")
	event := agenda.Event{ID: uuid(1), Slug: "forum", Name: agenda.Text{"fr": "Forum", "en": "Forum <2025> & more"},
		Description: agenda.Text{"vi": "Diễn đàn"}, Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-29",
		Languages: []string{"fr", "en", "vi"}, Website: "https://example.org/?a=1&b=2",
		Venue: agenda.Venue{Name: agenda.Text{"en": "Hall"}, Country: "VN", Place: &agenda.Place{Latitude: 20.25, Longitude: 0}}}
	slot := func(room int, start, end string) *agenda.Slot {
		id := uuid(room)
		if room == 0 {
			id = ""
		}
		s, err := agenda.NewSlot(zone, id, start, end)
		if err != nil {
			panic(err)
		}
		return &s
	}
	people := []agenda.Person{
		{ID: uuid(21), Name: "Lan Anh", Honorific: agenda.Text{"en": "H.E."}, JobTitle: agenda.Text{"fr": "Ministre", "en": "Minister"},
			Organization: agenda.Text{"en": "Ministry"}, Country: "VN", Bio: agenda.Text{"vi": "Tiểu sử"}, PhotoURL: "https://example.org/a.jpg",
			Email: "canary@example.org", Notes: canary, Languages: []string{"tlh"}},
		{ID: uuid(22), Name: "Zoé"},
		{ID: uuid(23), Name: canary + " who only was invited"}}
	offset := 0
	panels := []agenda.Panel{
		{ID: uuid(31), UID: "a@plenary", Code: "OPEN", Format: agenda.FormatCeremony, Title: agenda.Text{"fr": "Ouverture", "en": "Opening"},
			Slot: slot(11, "2025-10-27T09:00", "2025-10-27T10:00"), AllRooms: true, Notes: canary, Audience: 987654},
		{ID: uuid(32), UID: "b@plenary", Code: "P1", Number: 1, Format: agenda.FormatPanel, TrackID: uuid(15),
			Title: agenda.Text{"en": "Law"}, Abstract: agenda.Text{"fr": "La loi"}, Language: "en", Interpretation: []string{"fr", "vi"},
			StreamURL: "https://example.org/live", Slot: slot(12, "2025-10-27T14:00", "2025-10-27T15:30"),
			Speakers: []agenda.Speaker{{PersonID: uuid(21), Role: agenda.Moderator, Status: agenda.Confirmed},
				{PersonID: uuid(23), Role: agenda.Panelist, Status: agenda.Invited}},
			Interventions: []agenda.Intervention{
				{ID: uuid(41), Title: agenda.Text{"en": "One"}, Offset: &offset, Minutes: 20,
					Speakers: []agenda.Speaker{{PersonID: uuid(22), Role: agenda.Presenter, Status: agenda.Confirmed}}},
				{ID: uuid(42), Title: agenda.Text{"fr": "Deux"}},
				{ID: uuid(43), Title: agenda.Text{"en": "Three"}, Minutes: 5}}},
		{ID: uuid(33), UID: "c@plenary", Code: "NITE", Format: agenda.FormatSocial, Title: agenda.Text{"en": "Night"}, Cancelled: true,
			CancelNote: agenda.Text{"en": "Typhoon"}, Slot: slot(11, "2025-10-28T23:00", "2025-10-29T01:00")},
		{ID: uuid(34), UID: "d@plenary", Code: "DRAFT", Format: agenda.FormatTalk, Title: agenda.Text{"en": canary},
			Speakers: []agenda.Speaker{{PersonID: uuid(23), Role: agenda.Presenter, Status: agenda.Confirmed}}}}
	return agenda.Draft{Event: event, People: people, Panels: panels,
		Rooms: []agenda.Room{{ID: uuid(11), Name: agenda.Text{"en": "Main"}, Kind: agenda.RoomHall, Position: 1, Capacity: 800},
			{ID: uuid(12), Name: agenda.Text{"vi": "Phòng"}, Description: agenda.Text{"en": "Upstairs"}, Kind: agenda.RoomTable, Position: 2}},
		Tracks: []agenda.Track{{ID: uuid(15), Name: agenda.Text{"en": "AI"}, Description: agenda.Text{"fr": "IA"}, Color: "#005bbb"}}}
}

func forumRelease(number int, d agenda.Draft, before *agenda.Snapshot) agenda.Release {
	at := time.Date(2025, 10, 20, 3, 0, number, 0, time.UTC)
	return agenda.Release{ID: uuid(50 + number), EventID: d.Event.ID, Number: number, Published: at, By: canary,
		Note: agenda.Text{"en": "Release", "vi": "Bản phát hành"}, Snapshot: agenda.NewSnapshot(d, before)}
}

func agendaJSON(t testing.TB, r agenda.Release, o AgendaOptions) []byte {
	t.Helper()
	d, err := AgendaJSON(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return d.Bytes()
}

func TestAgendaJSON(t *testing.T) {
	r := forumRelease(1, forumDraft(), nil)
	for _, c := range []struct {
		file string
		o    AgendaOptions
	}{
		{"agenda.json", AgendaOptions{}},
		{"agenda_fr.json", AgendaOptions{Language: "fr-CA"}},
		{"agenda_day.json", AgendaOptions{Language: "vi", Day: "2025-10-28"}},
	} {
		c.o.BaseURL = "https://plenary.example"
		got := agendaJSON(t, r, c.o)
		golden(t, c.file, got)
		if !bytes.HasSuffix(got, []byte("}\n")) || bytes.Contains(got, []byte(`\u0026`)) || bytes.Contains(got, []byte("null")) {
			t.Errorf("%s: no line break at the end, HTML escaping, or null:\n%s", c.file, got)
		}
		for range 5 {
			if again := agendaJSON(t, r, c.o); !bytes.Equal(got, again) {
				t.Fatalf("%s: not the same bytes again", c.file)
			}
		}
	}
}

func TestAgendaNarrows(t *testing.T) {
	r := forumRelease(1, forumDraft(), nil)
	for _, c := range []struct {
		name           string
		o              AgendaOptions
		panels, people string
		days           int
	}{
		{"all", AgendaOptions{}, "OPEN P1 NITE", "Lan Anh Zoé", 3},
		{"a day", AgendaOptions{Day: "2025-10-27"}, "OPEN P1", "Lan Anh Zoé", 1},
		{"a day without panels", AgendaOptions{Day: "2025-10-29"}, "", "", 1},
		{"a day that is none", AgendaOptions{Day: "2024-01-01"}, "", "", 0},
		{"a room, with what spans all", AgendaOptions{Room: uuid(12)}, "OPEN P1", "Lan Anh Zoé", 3},
		{"another room", AgendaOptions{Room: uuid(11)}, "OPEN NITE", "", 3},
		{"a track", AgendaOptions{Track: uuid(15)}, "P1", "Lan Anh Zoé", 3},
		{"a room and a day", AgendaOptions{Room: uuid(11), Day: "2025-10-28"}, "NITE", "", 1},
	} {
		doc := Agenda(r, c.o)
		var panels, people []string
		var ofDays, ofPanels []agenda.ID
		for _, p := range doc.Panels {
			panels, ofPanels = append(panels, p.Code), append(ofPanels, p.ID)
		}
		for _, p := range doc.People {
			people = append(people, p.Name)
		}
		for _, d := range doc.Days {
			ofDays = append(ofDays, d.Panels...)
		}
		if got := strings.Join(panels, " "); got != c.panels {
			t.Errorf("%s: panels %q, want %q", c.name, got, c.panels)
		}
		if got := strings.Join(people, " "); got != c.people {
			t.Errorf("%s: people %q, want %q", c.name, got, c.people)
		}
		if len(doc.Days) != c.days || !slices.Equal(ofDays, ofPanels) {
			t.Errorf("%s: %d days with %v", c.name, len(doc.Days), ofDays)
		}
		if len(doc.Rooms) != 2 || len(doc.Tracks) != 1 {
			t.Errorf("%s: rooms and tracks should stay whole", c.name)
		}
	}
}

// Whatever a person or a panel has that organizers alone may see: no public document says it, even
// if it got into a Snapshot by mistake.
func TestPublicDocumentsKeepSecrets(t *testing.T) {
	first, second := forumDraft(), forumDraft()
	second.Panels[1].Slot = second.Panels[0].Slot
	second.Panels[1].Notes = canary + "2"
	one := forumRelease(1, first, nil)
	two := forumRelease(2, second, &one.Snapshot)
	two.Snapshot.People[0].Email, two.Snapshot.People[0].Notes = "canary@example.org", canary
	two.Snapshot.Panels[0].Notes, two.Snapshot.Panels[0].Audience = canary, 987654
	changes, err := ChangesJSON("https://plenary.example", stepsOf([]agenda.Release{one, two}))
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{"agenda 1": agendaJSON(t, one, AgendaOptions{}),
		"agenda 2": agendaJSON(t, two, AgendaOptions{Language: "en"}), "changes": changes} {
		for _, secret := range []string{"canary", "987654", "tlh", string(uuid(23)), string(uuid(34)), "audience", "revision", "status"} {
			if bytes.Contains(bytes.ToLower(doc), []byte(strings.ToLower(secret))) {
				t.Errorf("%s tells %q:\n%s", name, secret, doc)
			}
		}
	}
}

// Every list is there though it is empty, and every field is documented for the API's schema.
func TestDocumentsAreDescribed(t *testing.T) {
	empty := agendaJSON(t, agenda.Release{Snapshot: agenda.Snapshot{Event: agenda.Event{Zone: "UTC"},
		Panels: []*agenda.Panel{{Slot: &agenda.Slot{}}}}}, AgendaOptions{})
	if bytes.Contains(empty, []byte("null")) {
		t.Errorf("null in %s", empty)
	}
	var look func(reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[Localized]() {
			return
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag.Get("doc") == "" || f.Tag.Get("json") == "" {
				t.Errorf("%s.%s is not described", typ, f.Name)
			}
			if left := strings.Contains(f.Tag.Get("json"), ",omit"); f.Type.Kind() == reflect.Slice && left {
				t.Errorf("%s.%s is a list that may be left out", typ, f.Name)
			}
			look(f.Type)
		}
	}
	look(reflect.TypeFor[AgendaDocument]())
	look(reflect.TypeFor[ChangesDocument]())
}

// bigRelease has 400 panels with two speakers each, in three languages.
func bigRelease() agenda.Release {
	d := forumDraft()
	text := agenda.Text{}
	for _, tag := range []string{"en", "fr", "vi"} {
		text[tag] = strings.Repeat("Trí tuệ nhân tạo và luật ", 16)
	}
	var panels []agenda.Panel
	for i := range 400 {
		p := d.Panels[1]
		p.ID, p.Code, p.Abstract = uuid(1000+i), fmt.Sprintf("C%04d", i), text
		p.Speakers = []agenda.Speaker{{PersonID: uuid(2000 + i), Role: agenda.Panelist, Status: agenda.Confirmed},
			{PersonID: uuid(22), Role: agenda.Moderator, Status: agenda.Confirmed}}
		d.People = append(d.People, agenda.Person{ID: uuid(2000 + i), Name: "Person", Bio: text, JobTitle: d.Event.Name})
		panels = append(panels, p)
	}
	d.Panels = panels
	return forumRelease(1, d, nil)
}

func BenchmarkAgendaJSON(b *testing.B) {
	r := bigRelease()
	for _, language := range []string{"", "fr"} {
		b.Run("language="+language, func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(len(agendaJSON(b, r, AgendaOptions{Language: language}))))
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	r := bigRelease()
	row, err := EncodeSnapshot(r.Snapshot)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			if _, err := EncodeSnapshot(r.Snapshot); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := DecodeSnapshot(row.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
