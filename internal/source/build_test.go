package source

import (
	"fmt"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

func line(s string) Text { return Text{"": s} }

func TestBuilderKnowsRoomsAndTracksAgain(t *testing.T) {
	b := newBuilder(CSV)
	const uuid = "b379c473-93b9-4eae-9a09-d482e86cede3"
	keys := []string{
		b.room(Room{Line: 1, Name: line(" Gray \n Room ")}),
		b.room(Room{Line: 2, Name: line("Gray Room"), GUID: uuid, Capacity: 40, Description: line("Up")}),
		b.room(Room{Line: 3, Name: line("Gray Room"), GUID: "b379c473-93b9-4eae-9a09-d482e86cede4", Capacity: 50}),
		b.room(Room{Line: 4, Name: line("Tan Room"), GUID: uuid}),
		b.room(Room{Line: 5, Name: line("Tan Room"), GUID: uuid}),
		b.room(Room{Line: 6, Key: "7", Name: line("Gray Room")}),
		b.room(Room{Line: 7}),
		b.track(Track{Line: 8, Name: line("Food")}),
		b.track(Track{Line: 9, Name: line("Food"), Color: "#ff0000"}),
		b.track(Track{Line: 10, Name: line("Food"), Color: "#00ff00"}),
		b.track(Track{Line: 11}),
	}
	check(t, keys, []string{"Gray Room", "Gray Room", "Gray Room", "Tan Room", "Tan Room", "7", "", "Food", "Food", "Food", ""})
	check(t, b.Rooms, []Room{
		{Line: 1, Key: "Gray Room", GUID: uuid, Name: line(" Gray \n Room "), Capacity: 40, Description: line("Up")},
		{Line: 4, Key: "Tan Room", Name: line("Tan Room")}, {Line: 6, Key: "7", Name: line("Gray Room")}})
	check(t, b.Tracks, []Track{{Line: 8, Key: "Food", Name: line("Food"), Color: "#ff0000"}})
	check(t, b.Findings, []Finding{{Line: 4, Rule: DuplicateID, Text: `The room "Tan Room" has the GUID of another one: it has none now.`}})
}

func TestBuilderTellsPeopleApart(t *testing.T) {
	const uuid = "b379c473-93b9-4eae-9a09-d482e86cede3"
	b := newBuilder(CSV)
	var keys []string
	for i, p := range []Person{
		{Key: "id 1", Serial: 1, Name: "Ann  Lee"},
		{Key: "id 1", Serial: 1, Name: "Ann Lee", GUID: uuid, Bio: line("Bio"), Country: "VN"}, // completes
		{Name: "Ann Lee", Email: "ann@example.org", Bio: line("Another")},                      // known by the name
		{Key: "id 2", Serial: 2, Name: "Ann Lee"},                                              // a namesake
		{Key: "id 1", Serial: 1, Name: "Bob", GUID: uuid},                                      // somebody else
		{Key: "id 1", Serial: 1, Name: "Bob", Country: "FR"},                                   // the same again
		{Name: "Nguye\u0302\u0303n"},                                                           // decomposed
		{Name: "Nguyễn"},
		{Key: "id 3", Serial: 3, Name: "Nguyễn"}, // has an identity after all
		{Key: "id 3", Serial: 3, Name: "Nguyễn", Country: "VN"},
		{Name: "Nguyễn"},
		{Key: "id 4", Name: "Nguyễn", GUID: uuid}, // which is Ann's
		{Key: "id 5", Name: " \u202e "},
	} {
		p.Line = i + 1
		keys = append(keys, b.person(p))
	}
	check(t, keys, []string{"id 1", "id 1", "id 1", "id 2", "id 1 Bob", "id 1 Bob", "name Nguyễn", "name Nguyễn", "name Nguyễn", "name Nguyễn", "name Nguyễn", "id 4", ""})
	check(t, b.People, []Person{
		{Line: 1, Key: "id 1", Serial: 1, GUID: uuid, Name: "Ann Lee", Bio: line("Bio"), Country: "VN", Email: "ann@example.org"},
		{Line: 4, Key: "id 2", Serial: 2, Name: "Ann Lee"},
		{Line: 5, Key: "id 1 Bob", Name: "Bob", Country: "FR"},
		{Line: 7, Key: "name Nguyễn", Serial: 3, Name: "Nguyễn", Country: "VN"},
		{Line: 12, Key: "id 4", Name: "Nguyễn"}})
	check(t, b.Findings, []Finding{{Line: 5, Rule: SharedPerson, Text: `"Ann Lee" and "Bob" have the same identity "id 1": they were taken for two people.`}})
}

func TestBuilderGivesIdentities(t *testing.T) {
	const one, two = "b379c473-93b9-4eae-9a09-d482e86cede1", "b379c473-93b9-4eae-9a09-d482e86cede2"
	b := newBuilder(CSV)
	for i, item := range []Item{
		{Key: "id 1", Serial: 1, GUID: one, Code: "AAA", Title: line("A"), Talks: []Item{{Line: 9, Title: line("Q&A")}, {Line: 10}, {Line: 11, Key: "id 1", Title: line("T")}}},
		{Key: "id 1", Serial: 1, GUID: two, Code: "AAA", Title: line("B")}, // a slot more of one talk
		{Key: "id 1", Serial: 1, GUID: two, Title: line("C")},
		{Key: "id 4", Serial: 4, GUID: two, Title: line("D")},
		{Title: line("Q&A")},
		{Key: "guid " + two, Title: line("E")},
		{Key: "id 7"},
	} {
		item.Line = i + 1
		if err := b.add(item); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.finish()
	if err != nil {
		t.Fatal(err)
	}
	check(t, p.Items, []Item{
		{Line: 1, Key: "id 1", Serial: 1, GUID: one, Code: "AAA", Title: line("A"), Talks: []Item{
			{Line: 9, Key: "title Q&A", Derived: true, Title: line("Q&A")}, {Line: 11, Key: "id 1 #2", Title: line("T")}}},
		{Line: 2, Key: "guid " + two, GUID: two, Title: line("B")},
		{Line: 3, Key: "id 1 #3", Title: line("C")},
		{Line: 4, Key: "id 4", Serial: 4, Title: line("D")},
		{Line: 5, Key: "title Q&A #2", Derived: true, Title: line("Q&A")},
		{Line: 6, Key: "guid " + two + " #2", Title: line("E")}})
	same := func(at int, title, id string) Finding {
		return Finding{Line: at, Rule: DuplicateID, Text: fmt.Sprintf("%q has the identity %q, which another entry has too: it was taken for an entry of its own.", title, id)}
	}
	check(t, p.Findings, []Finding{
		same(2, "B", "id 1"), same(3, "C", "id 1"),
		{Line: 4, Rule: DuplicateID, Text: `"D" has the GUID of another entry: it has none now.`},
		same(6, "E", "guid "+two),
		{Line: 7, Rule: NoTitle, Text: "An entry has no title: it was left out."},
		{Line: 10, Rule: NoTitle, Text: `A talk of "A" has no title: it was left out.`}, same(11, "T", "id 1")})
}

func TestBuilderHasLimits(t *testing.T) {
	b := newBuilder(CSV)
	item := Item{Line: 3, Title: line("x"), Talks: make([]Item, 99)}
	for i := range item.Talks {
		item.Talks[i].Title = line("y")
	}
	var err error
	added := 0
	for ; err == nil; added++ {
		err = b.add(item)
	}
	check(t, refusal(t, err), "Line 3: there are more than 20000 entries, which is more than can be imported at once.")
	check(t, added, MaxItems/100+1)

	b = newBuilder(CSV)
	for i := range MaxItems + 1 {
		b.person(Person{Line: i + 1, Name: fmt.Sprint("P", i)})
	}
	check(t, len(b.People), MaxItems)
	check(t, refusal(t, b.add(Item{Title: line("x")})), "Line 20001: there are more than 20000 people, which is more than can be imported at once.")
	_, err = b.finish()
	check(t, refusal(t, err), "Line 20001: there are more than 20000 people, which is more than can be imported at once.")

	b = newBuilder(CSV)
	for i := range MaxFindings + 5 {
		b.warn(MaxFindings+5-i, BadValue, "Finding %d.", i)
	}
	_ = b.add(Item{Title: line("x")})
	p, err := b.finish()
	if err != nil {
		t.Fatal(err)
	}
	check(t, len(p.Findings), MaxFindings+1)
	check(t, p.Findings[0], Finding{Line: 6, Rule: BadValue, Text: fmt.Sprintf("Finding %d.", MaxFindings-1)})
	check(t, p.Findings[MaxFindings], Finding{Rule: BadValue, Text: "There are 5 more warnings."})
}

func TestItemSpeakers(t *testing.T) {
	var i Item
	i.speaker("a", agenda.Presenter)
	i.speaker("a", agenda.Presenter)
	i.speaker("a", agenda.Chair)
	i.speaker("", agenda.Presenter)
	check(t, i.Speakers, []Speaker{{Person: "a", Role: agenda.Presenter}, {Person: "a", Role: agenda.Chair}})
}

func TestSmallReaders(t *testing.T) {
	check(t, clean("\ufeff a\r\nb\x00\x1b[1m\u0085c\td\xff \u202e"), "a\nb[1m\nc\td\uFFFD")
	check(t, plain(" \x07 "), Text(nil))
	check(t, name(" Nguye\u0302\u0303n \n Mạnh\u00a0Hùng\x00 "), "Nguyễn Mạnh Hùng")
	check(t, quoted("a \n\"b\"\xff"), `"a \"b\"�"`)
	check(t, quoted(strings.Repeat("ế", 61)), `"`+strings.Repeat("ế", 60)+`…"`)
	check(t, Text{"fr": "b", "en": "a"}.first(), "a")
	check(t, Text{"fr": "b", "": "c"}.first(), "c")
	check(t, Text(nil).first(), "")
	for s, want := range map[string]int{"": 0, "0": 0, "1": 1, "01": 0, "-1": 0, "1.5": 0, "2147483647": 2147483647, "2147483648": 0, "99999999999": 0, "1e3": 0, "١": 0} {
		check(t, serial(s), want)
	}
	for s, want := range map[string]string{"": "", "00000000-0000-0000-0000-000000000000": "", " B379C473-93B9-4EAE-9A09-D482E86CEDE3 ": "b379c473-93b9-4eae-9a09-d482e86cede3",
		"b379c47393b94eae9a09d482e86cede3": "", "HOqeNIb6G7M4hYFKFRkCmQ": ""} {
		check(t, guid(s), want)
	}
	for s, want := range map[string]string{"": "", "#FFF": "", " #ABCDEF ": "#abcdef", "red": "", "#abcdefa": ""} {
		check(t, color(s), want)
	}
	for s, want := range map[string]string{"": "", "vi": "vi", "EN_us": "en-US", "und": "", "x": "", "tlh": "tlh", "deutsch": ""} {
		check(t, languageTag(s), want)
	}
}
