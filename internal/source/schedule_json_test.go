package source

import (
	"testing"

	"plenary/internal/agenda"
)

// frabJSON is a file as frab and pretalx write it. That the head comes last is allowed in JSON.
const frabJSON = `{
"schedule": {
 "version": "v1.1",
 "conference": {
  "days": [
   {"index": 1,
    "rooms": {
     "Gray Room": [
      {"id": 25, "guid": "8079583e-8321-506c-95af-fd2903a5f075", "logo": null,
       "date": "2020-12-14T09:00:00+01:00", "start": "09:00", "duration": "00:30", "room": "Gray Room",
       "url": "http://localhost/democon/talk/G9JGWY/",
       "title": "Fish &amp; <b>chips</b>", "subtitle": "", "track": "Food", "type": "Talk", "language": "English",
       "abstract": "<ul><li>Fish</li><li>Chips</li></ul>", "description": null,
       "persons": [
        {"id": 26, "code": "NQTF8Y", "public_name": "Brian", "name": "Somebody", "biography": "<p>Cooks.</p>", "avatar": "/brian.png", "answers": [{"a": {}}]},
        {"code": "XHSHNG", "name": "Jordan", "avatar": "https://example.org/j.png", "biography": null}
       ],
       "links": [{"url": "https://example.org", "title": "Site", "type": "related"}, "https://example.org/2", null],
       "attachments": [{"url": "slides.pdf", "title": null}]}
     ],
     "Tan Room": [
      {"id": "x7", "title": "Odd", "start": "02:00", "duration": 45, "persons": "Brian", "track": {"en": "Food"}}
     ]
    },
    "date": "2020-12-14"}
  ],
  "acronym": "democon",
  "title": "DemoCon",
  "start": "2020-12-14",
  "end": "2020-12-16",
  "time_zone_name": "UTC",
  "rooms": [
   {"name": "Gray Room", "guid": "b379c473-93b9-4eae-9a09-d482e86cede3", "description": "Upstairs", "capacity": 120},
   {"name": "Tan Room", "guid": "b379c473-93b9-4eae-9a09-d482e86cede3", "description": null, "capacity": null},
   {"name": "Unused", "capacity": -3}
  ],
  "tracks": [{"name": "Food", "color": "#FF0000", "slug": "1-food"}]
 },
 "base_url": "https://example.org/democon/"
}}
`

func readJSON(t *testing.T, text string) Programme {
	t.Helper()
	p, err := Read([]byte(text), ScheduleJSON, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkConsistent(t, []byte(text), p)
	return p
}

func TestFrabJSON(t *testing.T) {
	check(t, readJSON(t, frabJSON), Programme{
		Format: ScheduleJSON, Acronym: "democon", Name: Text{"": "DemoCon"}, Zone: "UTC", Start: "2020-12-14", End: "2020-12-16", Version: "v1.1",
		Rooms: []Room{
			{Line: 8, Key: "Gray Room", GUID: "b379c473-93b9-4eae-9a09-d482e86cede3", Name: Text{"": "Gray Room"}, Description: Text{"": "Upstairs"}, Capacity: 120},
			{Line: 21, Key: "Tan Room", Name: Text{"": "Tan Room"}},
			{Line: 35, Key: "Unused", Name: Text{"": "Unused"}}},
		Tracks: []Track{{Line: 37, Key: "Food", Name: Text{"": "Food"}, Color: "#ff0000"}},
		People: []Person{
			{Line: 15, Key: "id 26", Serial: 26, Name: "Brian", Bio: Text{"": "Cooks."}, PhotoURL: "https://example.org/brian.png"},
			{Line: 16, Key: "code XHSHNG", Name: "Jordan", PhotoURL: "https://example.org/j.png"}},
		Items: []Item{
			{Line: 9, Key: "id 25", GUID: "8079583e-8321-506c-95af-fd2903a5f075", Serial: 25, Code: "G9JGWY", Title: Text{"": "Fish & chips"},
				Abstract: Text{"": "- Fish\n- Chips\n\nSite: https://example.org\nhttps://example.org/2\nhttps://example.org/democon/slides.pdf"},
				Format:   agenda.FormatTalk, Language: "en", Room: "Gray Room", Track: "Food",
				Start: instant("2020-12-14T09:00:00+01:00"), End: instant("2020-12-14T09:30:00+01:00"),
				Speakers: []Speaker{{Person: "id 26", Role: agenda.Presenter}, {Person: "code XHSHNG", Role: agenda.Presenter}}},
			{Line: 22, Key: "id x7", Title: Text{"": "Odd"}, Room: "Tan Room", Start: wallClock("2020-12-15T02:00:00"), End: wallClock("2020-12-15T02:45:00")}},
		Findings: []Finding{
			{Line: 22, Rule: BadValue, Text: `"Odd" has values of a type that they can't have: they were left out.`},
			{Line: 34, Rule: DuplicateID, Text: `The room "Tan Room" has the GUID of another one: it has none now.`}},
	})
}

func TestScheduleJSONOfOurs(t *testing.T) {
	const text = `{"$schema": "https://c3voc.de/schedule/schema.json", "generator": {"name": "Plenary"}, "schedule": {"version": "3 (2026-11-25)", "conference": {
"title": "Forum", "days": [{"index": 1, "date": "2026-07-04", "rooms": {"Hall": [
{"id": 9, "guid": "89839af4-ef15-5a58-8e2f-fc9263688830", "date": "2026-07-04T08:00:00+07:00", "start": "08:00", "duration": "01:30", "title": "A", "type": "panel",
"abstract": "<p>", "persons": [{"guid": "d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11", "name": "Bình"}], "links": [{"url": "https://s.example.org", "title": "Stream", "type": "media"}]}]}}]}}}`
	p := readJSON(t, text)
	check(t, p.Ours, true)
	check(t, p.Version, "3 (2026-11-25)")
	check(t, p.People, []Person{{Line: 4, Key: "guid d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11", GUID: "d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11", Name: "Bình"}})
	check(t, p.Items, []Item{{Line: 3, Key: "id 9", GUID: "89839af4-ef15-5a58-8e2f-fc9263688830", Serial: 9, Title: Text{"": "A"}, Abstract: Text{"": "<p>"},
		Format: agenda.FormatPanel, Room: "Hall", Start: instant("2026-07-04T08:00:00+07:00"), End: instant("2026-07-04T09:30:00+07:00"), StreamURL: "https://s.example.org",
		Speakers: []Speaker{{Person: "guid d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11", Role: agenda.Presenter}}}})
}

func TestScheduleFormats(t *testing.T) {
	for kind, want := range map[string]agenda.Format{
		"": "", "other": "", "certification": "", "lecture": agenda.FormatTalk, "Talk": agenda.FormatTalk, "devroom": agenda.FormatTalk, "maintrack": agenda.FormatTalk,
		"lightningtalk": agenda.FormatTalk, "Lightning Talk": agenda.FormatTalk, "Long talk (45 minutes)": agenda.FormatTalk, "Conférence": agenda.FormatTalk,
		"keynote": agenda.FormatKeynote, "Opening Keynote": agenda.FormatKeynote, "WORKSHOP": agenda.FormatWorkshop, "Tutorial (3h)": agenda.FormatWorkshop, "Hands-on": agenda.FormatWorkshop,
		"podium": agenda.FormatPanel, "Panel discussion": agenda.FormatPanel, "Podiumsdiskussion": agenda.FormatPanel, "BoF": agenda.FormatRoundtable, "meeting": agenda.FormatRoundtable,
		"Table ronde": agenda.FormatRoundtable, "Round-table": agenda.FormatRoundtable, "Opening": agenda.FormatCeremony, "Closing Ceremony": agenda.FormatCeremony, "concert": agenda.FormatSocial,
		"Film": agenda.FormatSocial, "performance": agenda.FormatSocial, "Coffee break": agenda.FormatBreak, "Lunch": agenda.FormatBreak, "filmmaking": "", "break": agenda.FormatBreak,
	} {
		if got := scheduleFormat(kind); got != want {
			t.Errorf("the type %q is the format %q, want %q", kind, got, want)
		}
	}
	for _, f := range agenda.Formats {
		if got := scheduleFormat(string(f)); got != f {
			t.Errorf("the type %q is the format %q", f, got)
		}
	}
}

func TestScheduleLanguages(t *testing.T) {
	for s, want := range map[string]string{"": "", "de": "de", "EN": "en", "pt_BR": "pt-BR", "Deutsch": "de", "English": "en", "Français": "fr", "Tiếng Việt": "vi",
		"de-formal": "de", "formal": "", "en, de": "", "xx-": ""} {
		if got := scheduleLanguage(s); got != want {
			t.Errorf("the language %q is %q, want %q", s, got, want)
		}
	}
}
