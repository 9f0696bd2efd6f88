package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// apiFixtures are files of the formats that APIs give.
var apiFixtures = map[Format][]string{
	SessionizeAll:  {sessionizeAll},
	SessionizeGrid: {sessionizeGrid},
	Pretalx:        {pretalxParts, pretalxPage},
}

// TestAPIsRefuseBrokenFiles: a file that is broken as a whole is an Invalid error that says what and where.
func TestAPIsRefuseBrokenFiles(t *testing.T) {
	deep := strings.Repeat("[", MaxDepth+1)
	var many strings.Builder
	for n := range MaxItems + 1 {
		fmt.Fprintf(&many, `, {"title": "T%d"}`, n)
	}
	for _, c := range []struct {
		format     Format
		file, want string
	}{
		{SessionizeAll, "", `Line 1: this is not what Sessionize gives as "All": it should be an object with sessions and speakers.`},
		{SessionizeAll, "[]", `Line 1: this is not what Sessionize gives as "All": it should be an object with sessions and speakers.`},
		{SessionizeGrid, "\n {}", `Line 2: this is not what Sessionize gives as "GridSmart": it should be a list of days.`},
		{SessionizeAll, "{}", "The file has no entry that could be imported."},
		{SessionizeGrid, "[null, 1, {}]", "The file has no entry that could be imported."},
		{Pretalx, "[null, 1, {}, [[]]]", "The file has no entry that could be imported."},
		{Pretalx, `{"results": [{"code": "AAAAAA", "name": "A speaker"}]}`, "The file has no entry that could be imported."},
		{SessionizeAll, "{\"sessions\": [\n{\"id\": ", "Line 2: the file is cut off."},
		{Pretalx, "[{\"title\": \"A\"},\n\n", "Line 3: the file is cut off."},
		{Pretalx, "[{\"title\": \"A\"}]\n[]", "Line 2: something follows the end of the document."},
		{SessionizeGrid, "[{\"rooms\": [{\"sessions\": [" + deep, "Line 1: the document nests deeper than 64 objects and lists."},
		{Pretalx, "[{\"slots\": " + deep, "Line 1: the document nests deeper than 64 objects and lists."},
		{SessionizeAll, "{\"sessions\": [{\"title\": \"\xff\"}]}", "The file is not in UTF-8, which JSON has to be."},
		{Pretalx, `[{"title": "A", "speakers": [` + strings.Repeat("1,", maxThings) + "1]}]",
			"Line 1: the lists of the file have more than 200000 elements together, which is more than can be imported at once."},
		{SessionizeAll, `{"sessions": [` + strings.Repeat("{},", MaxItems) + "{}]}",
			"Line 1: there are more than 20000 entries, which is more than can be imported at once."},
		{Pretalx, "[null" + many.String() + "]",
			"Line 1: there are more than 20000 entries, which is more than can be imported at once."},
	} {
		p, err := Read([]byte(c.file), c.format, Options{})
		var invalid *agenda.Error
		if !errors.As(err, &invalid) || invalid.Code != agenda.Invalid || invalid.Message != c.want {
			t.Errorf("%s %.40q gives %d items, %v; want %s", c.format, c.file, len(p.Items), err, c.want)
		}
	}
}

// TestAPIsSurviveCutFiles reads every beginning of the fixtures.
func TestAPIsSurviveCutFiles(t *testing.T) {
	for format, files := range apiFixtures {
		for _, file := range files {
			file = strings.TrimSpace(file)
			for n := range len(file) {
				if _, err := Read([]byte(file[:n]), format, Options{}); err == nil {
					t.Errorf("%s cut at %d of %d is read", format, n, len(file))
				}
			}
		}
	}
}

// TestAPIsTakeAnyValueAnywhere replaces each value of the fixtures by what is never meant.
func TestAPIsTakeAnyValueAnywhere(t *testing.T) {
	for format, files := range apiFixtures {
		for _, file := range files {
			for at := range len(file) {
				if file[at] != ':' || file[at-1] != '"' {
					continue
				}
				end := at + 1
				for depth, inside := 0, false; end < len(file); end++ {
					switch c := file[end]; {
					case c == '"':
						inside = !inside
					case inside:
					case c == '{' || c == '[':
						depth++
					case (c == '}' || c == ']' || c == ',') && depth == 0:
						depth = -1
					case c == '}' || c == ']':
						depth--
					}
					if depth < 0 {
						break
					}
				}
				for _, value := range []string{"null", "true", `""`, "-1", "1e999", strings.Repeat("9", 400), `"\u0000\ud800"`, "[]", "[[{}]]", "{}", `{"a": {"id": {}}}`, `[null, 1, "x", {}]`} {
					changed := []byte(file[:at+1] + value + file[end:])
					p, err := Read(changed, format, Options{})
					if err != nil {
						var invalid *agenda.Error
						if !errors.As(err, &invalid) || invalid.Code != agenda.Invalid || strings.Contains(invalid.Message, "JSON") {
							t.Errorf("%s with %s at %d: %v", format, value, at, err)
						}
						continue
					}
					checkProgrammeHolds(t, p, changed)
				}
			}
		}
	}
}

// TestAPIsAreFastOnManyOfAKind: what is looked up for each entry must not be looked for among all of the others.
func TestAPIsAreFastOnManyOfAKind(t *testing.T) {
	var all, talks strings.Builder
	for n := range MaxItems {
		fmt.Fprintf(&all, `{"title": "T%d", "room": "R%d", "startsAt": "2026-07-04T09:00"},`, n, n)
		fmt.Fprintf(&talks, `{"code": "C%d", "title": "T", "slots": [{"room": {"id": %d, "name": "R"}, "start": "2026-07-04T09:00Z"}]},`, n, n)
	}
	for format, file := range map[Format]string{
		SessionizeAll: `{"sessions": [` + strings.TrimSuffix(all.String(), ",") + "]}",
		Pretalx:       "[" + strings.TrimSuffix(talks.String(), ",") + "]",
	} {
		p, err := Read([]byte(file), format, Options{})
		if err != nil || len(p.Items) != MaxItems || len(p.Rooms) != MaxItems {
			t.Errorf("%s: %d items in %d rooms, %v", format, len(p.Items), len(p.Rooms), err)
		}
	}
}

func FuzzSessionize(f *testing.F) {
	f.Add([]byte(sessionizeAll), false)
	f.Add([]byte(sessionizeGrid), true)
	f.Add([]byte(`{"sessions":[{"id":1,"title":"A","startsAt":"2026-07-04T09:00","speakers":["a"],"categoryItems":[2],"roomId":3}],"speakers":[{"id":"a","fullName":"B"}]}`), false)
	f.Add([]byte(`{"sessions":[{"title":"A","room":"R"},{"title":"A"}],"rooms":[{"id":3,"name":"R"}],"categories":[{"title":"Track","items":[{"id":2,"name":"T"}]}]}`), false)
	f.Add([]byte(`[{"rooms":[{"id":3,"name":"R","sessions":[{"id":1,"title":"A","speakers":[{"id":"a","name":"B"}],"categories":[{"name":"Track","categoryItems":[{"name":"T"}]}]}]}]}]`), true)
	f.Add([]byte(`[{"sessions":[{"id":1,"title":"A"},{"id":1,"title":"A","startsAt":"2026-07-04 09:00Z"}]}]`), true)
	f.Fuzz(func(t *testing.T, data []byte, grid bool) {
		format := SessionizeAll
		if grid {
			format = SessionizeGrid
		}
		fuzzAPI(t, data, format)
	})
}

func FuzzPretalx(f *testing.F) {
	f.Add([]byte(pretalxParts))
	f.Add([]byte(pretalxPage))
	f.Add([]byte(`[{"code":"AAA","title":"A","speakers":["BBB",{"name":"C"}],"track":1,"slots":[{"id":1,"room":2,"start":"2026-07-04T09:00Z"},{"id":2}]}]`))
	f.Add([]byte(`{"results":[{"id":1,"room":{"id":2,"name":"R"},"start":"2026-07-04T09:00Z","submission":{"code":"AAA","title":"A"}}]}`))
	f.Add([]byte(`{"slots":[{"description":{"en":"A"},"room":"R"},{"submission":"AAA"}],"talks":[{"code":"AAA","title":{"en":"A"},"state":"accepted"}]}`))
	f.Add([]byte(`{"event":{"name":"E","timezone":"UTC","locales":["en"]},"rooms":[{"id":1,"name":"R"}],"tracks":[{"id":1,"name":"T"}],"talks":[{"title":"A","track":1,"slot":{"room_id":1}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzAPI(t, data, Pretalx) })
}

func fuzzAPI(t *testing.T, data []byte, format Format) {
	p, err := Read(data, format, Options{})
	var invalid *agenda.Error
	if err != nil && (!errors.As(err, &invalid) || invalid.Code != agenda.Invalid) {
		t.Fatal(err)
	}
	if err == nil {
		checkProgrammeHolds(t, p, data)
		checkTextsFit(t, p)
	}
}

// checkTextsFit checks that agendas take what the Programme says.
func checkTextsFit(t *testing.T, p Programme) {
	t.Helper()
	var faults agenda.Faults
	check := func(s Text, limit int) {
		for _, text := range s {
			agenda.CheckString(&faults, "", text, limit)
		}
	}
	for _, i := range p.Items {
		check(i.Title, agenda.MaxName)
		check(i.Abstract, agenda.MaxProse)
		check(Text{"": i.Key + i.Code}, agenda.MaxProse)
	}
	for _, x := range p.People {
		check(Text{"": x.Name}, agenda.MaxName)
		check(x.JobTitle, agenda.MaxName)
		check(x.Bio, agenda.MaxProse)
		check(Text{"": x.Key}, agenda.MaxProse)
	}
	for _, r := range p.Rooms {
		check(r.Name, agenda.MaxName)
		check(r.Description, agenda.MaxProse)
		check(Text{"": r.Key}, agenda.MaxProse)
	}
	for _, x := range p.Tracks {
		check(x.Name, agenda.MaxName)
	}
	check(p.Name, agenda.MaxName)
	check(Text{"": p.Acronym + p.Version}, agenda.MaxName)
	if len(faults) > 0 {
		t.Errorf("agendas don't take what was read: %+v", faults)
	}
}
