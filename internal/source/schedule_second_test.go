package source

import (
	"testing"

	"plenary/internal/agenda"
)

// secondJSON is a file of c3voc's second format. What events refer to may come before or after them.
const secondJSON = `{"$schema": "https://c3voc.de/schedule/schema2.json", "schedule": {
"version": "1", "base_url": "https://hub.example.org/",
"persons": [{"guid": "0c16ffaa-709d-599f-959f-9a38b911361a", "name": "Ada", "biography": "Programs.", "avatar": {"url": "https://hub.example.org/a.jpg"}}],
"events": [
{"type": "TALK", "guid": "270fa44c-821a-577f-8ca3-33e8d4a8c2a7", "code": "HQCCYH", "start": "2024-12-27T23:30:00+01:00", "end": "2024-12-28T00:10:00+01:00",
 "room": {"guid": "ba692ba3-421b-5371-8309-60acc34a3c05"}, "title": "Opening", "subtitle": null, "language": "de", "track": {"slug": "ccc"},
 "abstract": "Short.", "description": {"en": "Long.", "de": "Lang."}, "logo": null,
 "participants": [{"guid": "0c16ffaa-709d-599f-959f-9a38b911361a", "name": "Ada", "role": "SPEAKER"}, {"guid": "4cee1e72-681f-5c8b-8dcd-8e58c8f4a445", "name": "Bea", "role": "moderator"},
  {"name": "Cy", "role": "herald"}],
 "links": [{"url": "https://example.net/", "title": "Site", "type": "web"}], "attachments": [{"url": "slides.pdf"}], "url": "/event/opening"},
{"type": "other", "guid": "b1740c2f-0c44-5f1b-89ed-456a9eecf0b8", "start": "2024-12-27T12:00:00+01:00", "end": "2024-12-27T13:00:00+01:00", "room": null, "title": "Lunch",
 "subtitle": null, "language": null, "track": "Food", "abstract": null, "participants": [], "links": []},
7],
"conference": {"acronym": "38c3", "title": "38C3", "start": "2024-12-27T09:30:00+00:00", "end": "2024-12-30T17:45:00+00:00", "time_zone_name": "Europe/Berlin",
"tracks": [{"name": "CCC", "slug": "ccc", "colors": {"light": "#F2F006", "dark": "#000000"}}],
"rooms": [{"name": "Saal 1", "slug": "saal-1", "guid": "ba692ba3-421b-5371-8309-60acc34a3c05", "capacity": 3025, "description": {"en": "Level 2", "de": null}}],
"days": [{"index": 1, "date": "2024-12-27", "start": "2024-12-27T09:30:00+00:00", "end": "2024-12-28T06:00:00+01:00"}]}}}`

func TestSecondScheduleJSON(t *testing.T) {
	check(t, readJSON(t, secondJSON), Programme{
		Format: ScheduleJSON, Acronym: "38c3", Name: Text{"": "38C3"}, Zone: "Europe/Berlin", Start: "2024-12-27", End: "2024-12-30", Version: "1",
		Rooms:  []Room{{Line: 16, Key: "Saal 1", GUID: "ba692ba3-421b-5371-8309-60acc34a3c05", Name: Text{"": "Saal 1"}, Description: Text{"en": "Level 2"}, Capacity: 3025}},
		Tracks: []Track{{Line: 15, Key: "CCC", Name: Text{"": "CCC"}, Color: "#f2f006"}, {Line: 11, Key: "Food", Name: Text{"": "Food"}}},
		People: []Person{
			{Line: 8, Key: "guid 0c16ffaa-709d-599f-959f-9a38b911361a", GUID: "0c16ffaa-709d-599f-959f-9a38b911361a", Name: "Ada", Bio: Text{"": "Programs."}, PhotoURL: "https://hub.example.org/a.jpg"},
			{Line: 8, Key: "guid 4cee1e72-681f-5c8b-8dcd-8e58c8f4a445", GUID: "4cee1e72-681f-5c8b-8dcd-8e58c8f4a445", Name: "Bea"},
			{Line: 9, Key: "name Cy", Name: "Cy"}},
		Items: []Item{
			{Line: 5, Key: "guid 270fa44c-821a-577f-8ca3-33e8d4a8c2a7", GUID: "270fa44c-821a-577f-8ca3-33e8d4a8c2a7", Code: "HQCCYH", Title: Text{"": "Opening"},
				Abstract: Text{"": "Short.\n\nLang.\n\nSite: https://example.net/\nhttps://hub.example.org/slides.pdf"}, Format: agenda.FormatTalk, Language: "de",
				Room: "Saal 1", Track: "CCC", Start: instant("2024-12-27T23:30:00+01:00"), End: instant("2024-12-28T00:10:00+01:00"),
				Speakers: []Speaker{{Person: "guid 0c16ffaa-709d-599f-959f-9a38b911361a", Role: agenda.Presenter},
					{Person: "guid 4cee1e72-681f-5c8b-8dcd-8e58c8f4a445", Role: agenda.Moderator}, {Person: "name Cy", Role: agenda.Presenter}}},
			{Line: 11, Key: "guid b1740c2f-0c44-5f1b-89ed-456a9eecf0b8", GUID: "b1740c2f-0c44-5f1b-89ed-456a9eecf0b8", Title: Text{"": "Lunch"}, Track: "Food",
				Start: instant("2024-12-27T12:00:00+01:00"), End: instant("2024-12-27T13:00:00+01:00")}},
	})
}

// A link may say what it is in elements of its own.
func TestLinkInParts(t *testing.T) {
	p := readXML(t, oneEvent("", `date="2026-10-02"`, `<start>09:00</start><duration>1:00</duration><code>JZ9A3E</code>
<links><link href="https://a.example/"><type>related</type><title>Zügli</title></link><link href="https://b.example/">B <b>bold</b></link></links>`))
	check(t, p.Items[0].Abstract, Text{"": "Zügli: https://a.example/\nB bold: https://b.example/"})
	check(t, p.Items[0].Code, "JZ9A3E")
}

// Nobody can show a person without a name, and who counts them has to know that somebody is missing.
func TestPersonWithoutName(t *testing.T) {
	p := readXML(t, oneEvent("", `date="2026-10-02"`, `<start>09:00</start><duration>1:00</duration>
<persons><person id="5"> </person><person></person><person id="6">Ada</person></persons>`))
	check(t, len(p.Items[0].Speakers), 1)
	check(t, p.Findings, []Finding{{Line: 4, Rule: BadValue, Text: `A person of "Talk" has no name: they were left out.`}})
}
