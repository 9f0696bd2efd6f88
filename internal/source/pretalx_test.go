package source

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// pretalxParts is an object of parts, as the present API gives them without expanding anything.
const pretalxParts = `{
 "event": {"name": {"en": "Forum", "fr": "Forum (fr)"}, "slug": "forum-26", "timezone": "Europe/Paris", "date_from": "2026-07-04",
  "date_to": "2026-07-05", "locales": ["en", "fr", "xx-invalid-!"], "custom_domain": "forum.example"},
 "speakers": {"count": 2, "next": null, "results": [
  {"code": "AAAAAA", "name": "Ada Example", "biography": "Counts.", "avatar_url": "https://x.example/a.png", "email": "ada@x.example"},
  {"code": "BBBBBB", "name": "Bo Sample", "biography": null, "avatar_url": "", "email": "not one"}]},
 "rooms": {"results": [
  {"id": 12, "name": {"en": "Small"}, "capacity": 30, "position": 2, "uuid": "4C4F1B90-0000-4000-8000-000000000012"},
  {"id": 11, "name": {"en": "Large"}, "description": {"en": "Upstairs"}, "capacity": -5, "position": 1}]},
 "tracks": [{"id": 7, "name": {"en": "Money"}, "color": "#00AA00", "position": 1}],
 "submission_types": [{"id": 3, "name": {"en": "Keynote"}}],
 "submissions": [
  {"code": "CODEAA", "title": "First", "speakers": ["AAAAAA", "ZZZZZZ"], "submission_type": 3, "track": 7, "state": "confirmed",
   "abstract": "Short.", "description": "Short.\r\nAnd long.", "duration": 30, "content_locale": "fr", "slots": [101, 102]},
  {"code": "CODEBB", "title": "Second", "speakers": ["BBBBBB"], "submission_type": 4, "track": null, "state": "accepted", "slots": []},
  {"code": "CODECC", "title": "Third", "speakers": [], "state": "withdrawn", "track": 8, "slots": [103]},
  {"code": "CODEDD", "title": "Fourth", "speakers": ["AAAAAA"], "state": "rejected", "slots": []}],
 "schedule": {"id": 1, "version": "v1.0", "slots": [
  {"id": 102, "room": 12, "start": "2026-07-05T10:00:00+02:00", "end": null, "submission": "CODEAA", "description": null, "duration": 30},
  {"id": 101, "room": 11, "start": "2026-07-04T10:00:00+02:00", "end": "2026-07-04T10:30:00+02:00", "submission": "CODEAA"},
  {"id": 103, "room": 99, "start": "2026-07-04T11:00:00+02:00", "end": "2026-07-04T11:30:00+02:00", "submission": "CODECC"},
  {"id": 104, "room": 11, "start": "2026-07-04T12:00:00+02:00", "end": "2026-07-04T13:00:00+02:00", "submission": null, "description": {"en": "Lunch", "fr": "Déjeuner"}, "slot_type": "break"},
  {"id": 105, "room": 11, "start": "2026-07-04T13:00:00+02:00", "end": "2026-07-04T14:00:00+02:00", "submission": null, "description": {"en": "Ours"}, "slot_type": "blocker"},
  {"id": 106, "room": 11, "start": "2026-07-04T13:00:00+02:00", "end": "2026-07-04T14:00:00+02:00", "submission": "GONEEE"}]}
}`

func paris(t *testing.T, s string) When {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return Instant(at)
}

func TestPretalxReadsParts(t *testing.T) {
	got, err := Read([]byte(pretalxParts), Pretalx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := Item{Line: 13, Key: "code CODEAA", Code: "CODEAA", Title: Text{"": "First"}, Abstract: Text{"": "Short.\nAnd long."},
		Format: agenda.FormatKeynote, Language: "fr", Room: "id 11", Track: "id 7", Standing: true,
		Start: paris(t, "2026-07-04T10:00:00+02:00"), End: paris(t, "2026-07-04T10:30:00+02:00"),
		Speakers: []Speaker{{Person: "code AAAAAA", Role: agenda.Presenter}}}
	again := first
	again.Key, again.Code, again.Room = "code CODEAA slot 2", "", "id 12"
	again.Start, again.End = paris(t, "2026-07-05T10:00:00+02:00"), paris(t, "2026-07-05T10:30:00+02:00")
	want := Programme{Format: Pretalx, Acronym: "forum-26", Name: Text{"en": "Forum", "fr": "Forum (fr)"}, Zone: "Europe/Paris",
		Start: "2026-07-04", End: "2026-07-05", Website: "https://forum.example", Version: "v1.0", Languages: []string{"en", "fr"},
		Rooms: []Room{
			{Line: 9, Key: "id 11", Serial: 11, Name: Text{"en": "Large"}, Description: Text{"en": "Upstairs"}},
			{Line: 8, Key: "id 12", Serial: 12, GUID: "4c4f1b90-0000-4000-8000-000000000012", Name: Text{"en": "Small"}, Capacity: 30},
			{Line: 16, Key: "id 99", Serial: 99, Name: Text{"": "Room 99"}}},
		Tracks: []Track{{Line: 10, Key: "id 7", Serial: 7, Name: Text{"en": "Money"}, Color: "#00aa00"}},
		People: []Person{
			{Line: 5, Key: "code AAAAAA", Name: "Ada Example", Bio: Text{"": "Counts."}, PhotoURL: "https://x.example/a.png", Email: "ada@x.example"},
			{Line: 6, Key: "code BBBBBB", Name: "Bo Sample"}},
		Items: []Item{first, again,
			{Line: 15, Key: "code CODEBB", Code: "CODEBB", Title: Text{"": "Second"}, Standing: true,
				Speakers: []Speaker{{Person: "code BBBBBB", Role: agenda.Presenter, Status: agenda.Invited}}},
			{Line: 16, Key: "code CODECC", Code: "CODECC", Title: Text{"": "Third"}, Standing: true, Cancelled: true, Room: "id 99",
				Start: paris(t, "2026-07-04T11:00:00+02:00"), End: paris(t, "2026-07-04T11:30:00+02:00")},
			{Line: 22, Key: "title Lunch", Derived: true, Title: Text{"en": "Lunch", "fr": "Déjeuner"}, Format: agenda.FormatBreak, Room: "id 11",
				Start: paris(t, "2026-07-04T12:00:00+02:00"), End: paris(t, "2026-07-04T13:00:00+02:00")}},
	}
	want.Findings = []Finding{
		{0, BadValue, `Submissions that are not accepted were left out: 1 of them.`},
		{6, BadValue, `The e-mail address "not one" of "Bo Sample" can't be one: it was left out.`},
		{9, BadValue, `The room "Large" has the capacity "-5": it was left out.`},
		{13, UnknownReference, `The speaker "ZZZZZZ" is not described in the file: they were left out.`},
		{15, NoTime, `"Second" has no time.`},
		{16, UnknownReference, `The track "8" is not described in the file: it was left out.`},
		{16, UnknownReference, `The room "99" is not described in the file: it was named after its identity.`},
		{24, UnknownReference, `The submission "GONEEE" is not described in the file: its slot was left out.`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("programme (-want +got):\n%s", diff)
	}
	checkProgrammeHolds(t, got, []byte(pretalxParts))
	if f, err := Sniff([]byte(pretalxParts)); f != Pretalx || err != nil {
		t.Errorf("Sniff gives %q, %v", f, err)
	}
}

// pretalxPage is a page of the API as it was until 2025: one slot for each, names by language beside numbers.
const pretalxPage = `{"count": 3, "next": "https://x.example/?page=2", "previous": null, "results": [
 {"code": "OLDAAA", "speakers": [{"code": "AAAAAA", "name": "Ada Example", "biography": "Counts.", "avatar": null}],
  "title": "Old", "submission_type": {"de-formal": "Arbeitsgruppe", "en": "Workshop"}, "submission_type_id": 4, "track": {"de": "Geld"}, "track_id": 7,
  "state": "confirmed", "abstract": "Same.", "description": "Same.", "duration": 90, "content_locale": "de-formal",
  "slot": {"room_id": 11, "room": {"en": "Large", "de": "Groß"}, "start": "2019-07-04T08:00:00Z", "end": "2019-07-04T09:30:00Z"}},
 {"code": "older", "speakers": [{"name": "Cy Nocode"}], "title": "Older", "submission_type": "talk", "track": "Security", "state": "canceled",
  "abstract": "One.", "description": "Two.", "slot": {"room": "R101", "start": "2017-12-27T10:00:00+01:00", "end": "2017-12-27T09:30:00+01:00"}},
 {"code": "OLDBBB", "speakers": [], "title": "Bare", "submission_type": "talk", "track": null, "state": "confirmed", "duration": 0,
  "slot": {"room": null, "start": "2019-07-04T10:00:00", "end": null}}
]}`

func TestPretalxReadsPages(t *testing.T) {
	got, err := Read([]byte(pretalxPage), Pretalx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Programme{Format: Pretalx,
		Rooms:  []Room{{Line: 2, Key: "id 11", Serial: 11, Name: Text{"en": "Large", "de": "Groß"}}, {Line: 6, Key: "R101", Name: Text{"": "R101"}}},
		Tracks: []Track{{Line: 3, Key: "id 7", Serial: 7, Name: Text{"de": "Geld"}}, {Line: 6, Key: "Security", Name: Text{"": "Security"}}},
		People: []Person{{Line: 2, Key: "code AAAAAA", Name: "Ada Example", Bio: Text{"": "Counts."}}, {Line: 6, Key: "name Cy Nocode", Name: "Cy Nocode"}},
		Items: []Item{
			{Line: 2, Key: "code OLDAAA", Code: "OLDAAA", Title: Text{"": "Old"}, Abstract: Text{"": "Same."}, Format: agenda.FormatWorkshop, Language: "de",
				Room: "id 11", Track: "id 7", Standing: true, Speakers: []Speaker{{Person: "code AAAAAA", Role: agenda.Presenter}},
				Start: When{At: time.Date(2019, 7, 4, 8, 0, 0, 0, time.UTC)}, End: When{At: time.Date(2019, 7, 4, 9, 30, 0, 0, time.UTC)}},
			{Line: 6, Key: "code older", Title: Text{"": "Older"}, Abstract: Text{"": "One.\n\nTwo."}, Format: agenda.FormatTalk, Room: "R101", Track: "Security",
				Standing: true, Cancelled: true, Start: paris(t, "2017-12-27T10:00:00+01:00"), Speakers: []Speaker{{Person: "name Cy Nocode", Role: agenda.Presenter}}},
			{Line: 8, Key: "code OLDBBB", Code: "OLDBBB", Title: Text{"": "Bare"}, Format: agenda.FormatTalk, Standing: true,
				Start: Clock(time.Date(2019, 7, 4, 10, 0, 0, 0, time.UTC))},
		},
		Findings: []Finding{
			{0, BadValue, `The file is one page of several: what is on the others is missing.`},
			{6, EndBeforeStart, `"Older" does not end after it starts: its end "2017-12-27T09:30:00+01:00" was left out.`},
			{8, EndBeforeStart, `"Bare" has no end: it was taken without a time.`},
			{8, NoPlace, `"Bare" has a time and no room.`},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("programme (-want +got):\n%s", diff)
	}
	checkProgrammeHolds(t, got, []byte(pretalxPage))
}

// TestPretalxReadsTheSameInAllShapes gives one slot of one submission in all the shapes that the API and its users have
// for it.
func TestPretalxReadsTheSameInAllShapes(t *testing.T) {
	const submission = `"code": "CODEAA", "title": "One", "state": "confirmed", "speakers": [{"code": "AAAAAA", "name": "Ada"}], "track": {"id": 7, "name": {"en": "Money"}, "color": "#00aa00"}`
	const slot = `"id": 101, "room": {"id": 11, "name": {"en": "Large"}}, "start": "2026-07-04T10:00:00+02:00", "end": "2026-07-04T10:30:00+02:00"`
	want, err := Read([]byte(`[{`+submission+`, "slots": [{`+slot+`}]}]`), Pretalx, Options{})
	if err != nil || len(want.Items) != 1 || want.Items[0].Room != "id 11" || want.Items[0].Track != "id 7" || len(want.Findings) > 0 {
		t.Fatalf("%+v, %v", want, err)
	}
	for name, file := range map[string]string{
		"page":                `{"count": 1, "next": null, "previous": null, "results": [{` + submission + `, "slots": [{` + slot + `}]}]}`,
		"page of slots":       `{"results": [{` + slot + `, "submission": {` + submission + `}}]}`,
		"list of slots":       `[{` + slot + `, "submission": {` + submission + `}}]`,
		"schedule":            `{"id": 1, "published": null, "comment": {}, "slots": [{` + slot + `, "submission": {` + submission + `}}]}`,
		"old schedule":        `{"slots": [{` + submission + `, "slot": {` + slot + `}}], "breaks": []}`,
		"parts":               `{"talks": {"results": [{` + submission + `, "slots": [101]}]}, "slots": [{` + slot + `, "submission": "CODEAA"}]}`,
		"parts with schedule": `{"schedule": {"slots": [{` + slot + `, "submission": "CODEAA"}]}, "submissions": [{` + submission + `, "slots": [{` + slot + `}]}]}`,
		"schedule of event":   `{"event": {}, "schedule": {"slots": [{` + slot + `, "submission": {` + submission + `}}]}}`,
		"byte order mark":     "\ufeff" + `[{` + submission + `, "slots": [{` + slot + `}]}]`,
	} {
		got, err := Read([]byte(file), Pretalx, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if f, err := Sniff([]byte(file)); f != Pretalx || err != nil {
			t.Errorf("%s: Sniff gives %q, %v", name, f, err)
		}
	}
}

// TestPretalxKeysSurviveARelease: a schedule that is released gives all slots new numbers, and moves none of them.
func TestPretalxKeysSurviveARelease(t *testing.T) {
	keys := func(first, second string) (keys []string) {
		p, err := Read([]byte(`[{"code": "CODEAA", "title": "Twice", "slots": [
			{"id": `+second+`, "room": 1, "start": "2026-07-05T10:00:00Z"}, {"id": `+first+`, "room": 1, "start": "2026-07-04T10:00:00Z"}, {"id": 9}]}]`), Pretalx, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Items {
			keys = append(keys, i.Key+" on "+i.Start.At.Format(time.DateOnly))
		}
		return keys
	}
	before := keys("101", "102")
	if diff := cmp.Diff([]string{"code CODEAA on 2026-07-04", "code CODEAA slot 2 on 2026-07-05", "code CODEAA slot 3 on 0001-01-01"}, before); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, keys("202", "201")); diff != "" {
		t.Errorf("keys of the next release (-before +after):\n%s", diff)
	}
}
