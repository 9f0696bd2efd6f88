package source

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// pentabarf is a file as Pentabarf wrote it: times without a date, and no zone.
const pentabarf = `<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference>
    <title>Free Software Days</title>
    <subtitle>Two days of &lt;b&gt;code&lt;/b&gt;</subtitle>
    <venue>A hall</venue>
    <start>2007-02-24</start>
    <end>2007-02-25</end>
    <day_change>09:00:00</day_change>
  </conference>
  <day index="1" date="2007-02-24">
    <event id="1">
      <start>08:30</start>
      <duration>00:25</duration>
      <room>Main hall</room>
      <title>Welcome</title>
      <track>Opening</track>
      <type>keynote</type>
      <language/>
      <abstract>&lt;p&gt;Welcome.&lt;/p&gt;</abstract>
      <description>&lt;p&gt;Welcome.&lt;/p&gt;&lt;p&gt;See &lt;a href="https://example.org/map"&gt;the map&lt;/a&gt;.&lt;/p&gt;</description>
      <persons>
        <person id="6">The Staff</person>
        <person id="7">Ada  Lovelace</person>
        <person id="8"> </person>
      </persons>
      <links>
        <link href="https://example.org/welcome">More</link>
        <link href="/relative">Nowhere</link>
        <link>Without an address</link>
      </links>
    </event>
    <room name="Party room">
      <event id="2">
        <start>01:15</start>
        <duration>2:00</duration>
        <room>Party room</room>
        <title>Night talk</title>
        <persons><person id="7">Ada Lovelace</person></persons>
      </event>
    </room>
    <room name="Empty room"/>
  </day>
</schedule>`

func wallClock(s string) When {
	t, err := time.Parse(agenda.WallLayout, s)
	if err != nil {
		panic(err)
	}
	return Clock(t)
}

func instant(s string) When {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return Instant(t)
}

func readXML(t *testing.T, text string) Programme {
	t.Helper()
	p, err := Read([]byte(text), ScheduleXML, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkConsistent(t, []byte(text), p)
	return p
}

func check(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestPentabarfXML(t *testing.T) {
	presents := func(people ...string) (list []Speaker) {
		for _, p := range people {
			list = append(list, Speaker{Person: p, Role: agenda.Presenter})
		}
		return list
	}
	check(t, readXML(t, pentabarf), Programme{
		Format: ScheduleXML, Name: Text{"": "Free Software Days"}, Description: Text{"": "Two days of code"}, Start: "2007-02-24", End: "2007-02-25",
		Rooms: []Room{{Line: 33, Key: "Party room", Name: Text{"": "Party room"}}, {Line: 42, Key: "Empty room", Name: Text{"": "Empty room"}},
			{Line: 12, Key: "Main hall", Name: Text{"": "Main hall"}}},
		Tracks: []Track{{Line: 12, Key: "Opening", Name: Text{"": "Opening"}}},
		People: []Person{{Line: 23, Key: "id 6", Serial: 6, Name: "The Staff"}, {Line: 24, Key: "id 7", Serial: 7, Name: "Ada Lovelace"}},
		Items: []Item{
			{Line: 12, Key: "id 1", Serial: 1, Title: Text{"": "Welcome"}, Abstract: Text{"": "Welcome.\n\nSee the map (https://example.org/map).\n\nMore: https://example.org/welcome"},
				Format: agenda.FormatKeynote, Room: "Main hall", Track: "Opening", Start: wallClock("2007-02-24T08:30:00"), End: wallClock("2007-02-24T08:55:00"),
				Speakers: presents("id 6", "id 7")},
			{Line: 34, Key: "id 2", Serial: 2, Title: Text{"": "Night talk"}, Room: "Party room", Start: wallClock("2007-02-25T01:15:00"),
				End: wallClock("2007-02-25T03:15:00"), Speakers: presents("id 7")},
		},
		Findings: []Finding{{Line: 25, Rule: BadValue, Text: `A person of "Welcome" has no name: they were left out.`}},
	})
}

// pretalxXML is a file as pretalx and c3voc's tools write it.
const pretalxXML = `<?xml version='1.0' encoding='utf-8' ?>
<!-- Made by somebody. -->
<schedule>
<generator name="pretalx" version="2026.2.1" />
<version>0.4</version>
<url>https://cfp.example.org/camp/schedule/</url>
<conference>
  <title>Camp</title>
  <acronym>camp</acronym>
  <start>2026-10-02T00:00:00+02:00</start>
  <end>2026-10-03T22:30:00+00:00</end>
  <base_url>https://cfp.example.org</base_url>
  <time_zone_name>Europe/Rome</time_zone_name>
  <track name="Radio" slug="11-radio" color="#25A785" />
  <tracks><track color="green">Kids</track></tracks>
</conference>
<day index='1' date='2026-10-02' start='2026-10-02T04:00:00+02:00' end='2026-10-03T03:59:00+02:00'>
  <room name='STAGE 1' guid='47B38352-0691-5618-8b15-f67c738deddd'>
    <event guid='89839af4-ef15-5a58-8e2f-fc9263688830' id='177' code='7DJ87Y'>
      <room>STAGE 1</room>
      <title>Reading <![CDATA[<i>the]]>
        air&lt;/i&gt; &amp;amp; more</title>
      <subtitle>Not in the abstract</subtitle>
      <type>Hands-on session</type>
      <date>2026-10-02T11:00:00+02:00</date>
      <start>11:00</start>
      <duration>1:02:30</duration>
      <abstract>**Markdown** stays &lt;https://example.org&gt;</abstract>
      <track>Radio</track>
      <persons><person id='115' guid="d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11">Đặng Thị Bình</person><person>Nobody known</person></persons>
      <language>de-formal</language>
      <recording><license>CC</license><optout>false</optout></recording>
      <attachments><attachment href="/media/slides.pdf" type="slides">Slides</attachment></attachments>
      <links><link href="javascript:alert(1)">Evil</link><link href="https://example.org/x"/></links>
      <url>https://cfp.example.org/camp/talk/7DJ87Y/</url>
      <feedback_url></feedback_url>
    </event>
    <event id='178' guid='HOqeNIb6G7M4hYFKFRkCmQ'>
      <title>After midnight</title>
      <type>Podiumsdiskussion</type>
      <date>2026-10-02T23:30:00Z</date>
      <start>01:30</start>
      <duration>00:45:00</duration>
      <url>https://cfp.example.org/camp/talk/MKHXNV</url>
      <persons><person guid="d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b12">Nobody known</person></persons>
    </event>
  </room>
</day>
</schedule>
`

func TestPretalxXML(t *testing.T) {
	nobody := Speaker{Person: "name Nobody known", Role: agenda.Presenter}
	check(t, readXML(t, pretalxXML), Programme{
		Format: ScheduleXML, Acronym: "camp", Name: Text{"": "Camp"}, Zone: "Europe/Rome", Start: "2026-10-02", End: "2026-10-04",
		Website: "https://cfp.example.org/camp/schedule/", Version: "0.4",
		Rooms:  []Room{{Line: 18, Key: "STAGE 1", GUID: "47b38352-0691-5618-8b15-f67c738deddd", Name: Text{"": "STAGE 1"}}},
		Tracks: []Track{{Line: 14, Key: "Radio", Name: Text{"": "Radio"}, Color: "#25a785"}, {Line: 15, Key: "Kids", Name: Text{"": "Kids"}}},
		People: []Person{
			{Line: 30, Key: "id 115", GUID: "d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b11", Serial: 115, Name: "Đặng Thị Bình"},
			{Line: 30, Key: "name Nobody known", GUID: "d0e4b0f3-2a47-5a44-9d0d-6cbb5a9a9b12", Name: "Nobody known"},
		},
		Items: []Item{
			{Line: 19, Key: "id 177", GUID: "89839af4-ef15-5a58-8e2f-fc9263688830", Serial: 177, Code: "7DJ87Y",
				Title:    Text{"": "Reading the air & more"},
				Abstract: Text{"": "Not in the abstract\n\n**Markdown** stays <https://example.org>\n\nSlides: https://cfp.example.org/media/slides.pdf\nhttps://example.org/x"},
				Format:   agenda.FormatWorkshop, Language: "de", Room: "STAGE 1", Track: "Radio",
				Start: instant("2026-10-02T11:00:00+02:00"), End: instant("2026-10-03T13:30:00+02:00"),
				Speakers: []Speaker{{Person: "id 115", Role: agenda.Presenter}, nobody}},
			{Line: 38, Key: "id 178", Serial: 178, Code: "MKHXNV", Title: Text{"": "After midnight"}, Format: agenda.FormatPanel, Room: "STAGE 1",
				Start: instant("2026-10-02T23:30:00Z"), End: instant("2026-10-03T00:15:00Z"), Speakers: []Speaker{nobody}},
		},
		Findings: []Finding{{Line: 15, Rule: BadValue, Text: `The colour "green" of the track "Kids" can't be read: it has none now.`}},
	})
}

func TestScheduleOfOurs(t *testing.T) {
	const text = `<schedule><generator name="Plenary"/><version>3</version><conference><title>Our &lt;b&gt; forum</title><time_zone_name>Asia/Ho_Chi_Minh</time_zone_name></conference>
<day index="1" date="2026-07-04"><room name="Hall" guid="47b38352-0691-5618-8b15-f67c738deddd">
<event id="9" guid="89839af4-ef15-5a58-8e2f-fc9263688830" code="PANEL1"><date>2026-07-04T08:00:00+07:00</date><start>08:00</start><duration>01:30</duration>
<title>Đối thoại &lt;p&gt;</title><subtitle></subtitle><type>ceremony</type><abstract>&lt;p&gt;as  it
is&lt;/p&gt;</abstract><description></description><links><link href="https://stream.example.org/1" type="media">Stream</link></links>
</event></room></day></schedule>`
	p := readXML(t, text)
	want := Item{Line: 3, Key: "id 9", GUID: "89839af4-ef15-5a58-8e2f-fc9263688830", Serial: 9, Code: "PANEL1", Title: Text{"": "Đối thoại <p>"},
		Abstract: Text{"": "<p>as  it\nis</p>"}, Format: agenda.FormatCeremony, Room: "Hall", Start: instant("2026-07-04T08:00:00+07:00"),
		End: instant("2026-07-04T09:30:00+07:00"), StreamURL: "https://stream.example.org/1"}
	check(t, p.Items, []Item{want})
	if !p.Ours || p.Name[""] != "Our <b> forum" || len(p.Findings) > 0 {
		t.Errorf("got %+v", p)
	}
}

// oneEvent is a schedule of one event, with its members on the third line.
func oneEvent(head, day, members string) string {
	return "<schedule>" + head + "\n<day " + day + "><room name='Hall'><event id='1'><title>Talk</title>\n" + members + "</event></room></day></schedule>"
}

func TestScheduleTimes(t *testing.T) {
	const on = "date='2026-10-02'"
	const rome = "<conference><time_zone_name>Europe/Rome</time_zone_name></conference>"
	change := func(s string) string { return "<conference><day_change>" + s + "</day_change></conference>" }
	warns := func(rule Rule, text string) []Finding { return []Finding{{Line: 2, Rule: rule, Text: text}} }
	for _, test := range []struct {
		name, head, day, members string
		start, end               When
		findings                 []Finding
	}{
		{"by the day", "", on, "<start>9:05</start><duration>90</duration>", wallClock("2026-10-02T09:05:00"), wallClock("2026-10-02T10:35:00"), nil},
		{"by the day, in the night", "", on, "<start>05:59</start><duration>00:10</duration>", wallClock("2026-10-03T05:59:00"), wallClock("2026-10-03T06:09:00"), nil},
		{"after the day's end", change("04:00"), on, "<start>04:00</start><duration>PT1H30M</duration>", wallClock("2026-10-02T04:00:00"), wallClock("2026-10-02T05:30:00"), nil},
		{"the day's end is its begin", change("09:00:00"), on, "<start>08:30:30</start><duration>1h 30 min</duration>", wallClock("2026-10-02T08:30:30"), wallClock("2026-10-02T10:00:30"), nil},
		{"an end", "", on, "<start>23:30</start><end>00:30</end>", wallClock("2026-10-02T23:30:00"), wallClock("2026-10-03T00:30:00"), nil},
		{"no offset", "", on, "<date>2026-10-02T09:00:00</date><start>09:00</start><duration>1 d</duration>", wallClock("2026-10-02T09:00:00"), wallClock("2026-10-03T09:00:00"), nil},
		{"a date only", "", on, "<date>2026-10-02</date><start>02:00</start><duration>1:00</duration>", wallClock("2026-10-02T02:00:00"), wallClock("2026-10-02T03:00:00"), nil},
		{"a whole start", "", on, "<start>2026-10-02T09:00:00+02:00</start><duration>1:00</duration>", instant("2026-10-02T09:00:00+02:00"), instant("2026-10-02T10:00:00+02:00"), nil},
		{"the offset is UTC", rome, on, "<date>2026-10-02T22:30:00+00:00</date><start>00:30</start><duration>1:00</duration>", instant("2026-10-02T22:30:00Z"), instant("2026-10-02T23:30:00Z"), nil},
		{"the offset is another", "<conference><time_zone_name>UTC</time_zone_name></conference>", on, "<date>2026-10-02T09:00+0200</date><start>09:00</start><duration>1:00</duration>", instant("2026-10-02T09:00:00+02:00"), instant("2026-10-02T10:00:00+02:00"), nil},
		{"an end with an offset", "", on, "<date>2026-10-02 09:00:00.5 +02:00</date><end>2026-10-02T08:00:00Z</end>", instant("2026-10-02T09:00:00+02:00"), instant("2026-10-02T08:00:00Z"), nil},
		{"an end by the clock of the offset", "", on, "<date>2026-10-02T22:30:00-04:00</date><end>23:00</end>", instant("2026-10-02T22:30:00-04:00"), instant("2026-10-02T23:00:00-04:00"), nil},

		{"another start", rome, on, "<date>2026-10-02T10:00:00+02:00</date><start>10:30</start><duration>1:00</duration>", instant("2026-10-02T10:00:00+02:00"), instant("2026-10-02T11:00:00+02:00"),
			warns(StartContradicted, `"Talk" begins at "2026-10-02T10:00:00+02:00" by its date, and at "10:30" by its start: the date was believed.`)},
		{"another day", "", on, "<date>2026-10-03T06:00:00+02:00</date><start>06:00</start><duration>1:00</duration>", instant("2026-10-03T06:00:00+02:00"), instant("2026-10-03T07:00:00+02:00"),
			warns(DayContradicted, `"Talk" is listed on 2026-10-02, but its date is "2026-10-03T06:00:00+02:00": the date was believed.`)},
		{"another day, which lasts until then", rome, on + ` start="2026-10-02T22:00:00Z" end="2026-10-03T21:59:59Z"`, "<date>2026-10-03T09:00:00+00:00</date><start>11:00</start><duration>1:00</duration>",
			instant("2026-10-03T09:00:00Z"), instant("2026-10-03T10:00:00Z"), nil},
		{"another day, whose word is no better", rome, on + ` start="2026-10-02T22:00:00Z" end="2026-10-03T08:59:59Z"`, "<date>2026-10-03T09:00:00+00:00</date><start>11:00</start><duration>1:00</duration>",
			instant("2026-10-03T09:00:00Z"), instant("2026-10-03T10:00:00Z"),
			warns(DayContradicted, `"Talk" is listed on 2026-10-02, but its date is "2026-10-03T09:00:00+00:00": the date was believed.`)},
		{"no length", "", on, "<start>09:00</start><duration>00:00</duration>", wallClock("2026-10-02T09:00:00"), When{}, warns(EndBeforeStart, `"Talk" does not end after it begins: it was taken without a time.`)},
		{"an end before", "", on, "<start>09:00</start><end>2026-10-02T08:00</end>", wallClock("2026-10-02T09:00:00"), When{}, warns(EndBeforeStart, `"Talk" does not end after it begins: it was taken without a time.`)},
		{"a negative length", "", on, "<start>09:00</start><duration>-01:00</duration>", wallClock("2026-10-02T09:00:00"), When{}, warns(EndBeforeStart, `"Talk" does not end after it begins: it was taken without a time.`)},
		{"a bad duration", "", on, "<start>09:00</start><duration>1:75</duration>", wallClock("2026-10-02T09:00:00"), When{}, warns(BadTime, `The duration "1:75" of "Talk" can't be read: it was taken without a time.`)},
		{"a bad end", "", on, "<start>09:00</start><end>late</end>", wallClock("2026-10-02T09:00:00"), When{}, warns(BadTime, `The end "late" of "Talk" can't be read: it was taken without a time.`)},
		{"no duration", "", on, "<start>09:00</start>", wallClock("2026-10-02T09:00:00"), When{}, warns(NoTime, `"Talk" has no duration: it was taken without a time.`)},
		{"no time", "", on, "<duration>1:00</duration>", When{}, When{}, warns(NoTime, `"Talk" has no time.`)},
		{"no day", "", "index='1'", "<start>09:00</start><duration>1:00</duration>", When{}, When{}, warns(NoTime, `"Talk" begins at "09:00", but of no day that can be read.`)},
		{"a bad start", "", on, "<start>25:00</start><duration>1:00</duration>", When{}, When{}, warns(BadTime, `The time "25:00" of "Talk" can't be read.`)},
		{"a bad date", "", on, "<date>2026-10-32T09:00:00Z</date><start>09:00</start><duration>1:00</duration>", When{}, When{}, warns(BadTime, `The date "2026-10-32T09:00:00Z" of "Talk" can't be read: it has no time now.`)},
		{"a date that can't be planned", "", on, "<date>0001-01-01T00:00:00Z</date>", When{}, When{}, warns(BadTime, `The date "0001-01-01T00:00:00Z" of "Talk" can't be read: it has no time now.`)},
		{"a bad day change", change("noon"), on, "<start>05:00</start><duration>1:00</duration>", wallClock("2026-10-03T05:00:00"), wallClock("2026-10-03T06:00:00"),
			[]Finding{{Line: 1, Rule: BadTime, Text: `The time "noon" at which days end can't be read: 06:00 was taken.`}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := readXML(t, oneEvent(test.head, test.day, test.members))
			check(t, p.Items[0].Start, test.start)
			check(t, p.Items[0].End, test.end)
			check(t, p.Findings, test.findings)
		})
	}
}

func TestScheduleHead(t *testing.T) {
	conference := func(members string) Programme {
		return readXML(t, oneEvent("<conference>\n"+members+"</conference>", "", "<start>09:00</start>"))
	}
	odd := func(p Programme) (list []Finding) {
		for _, f := range p.Findings {
			if f.Rule != NoTime {
				list = append(list, f)
			}
		}
		return list
	}
	p := conference("<time_zone_name>US / Pacific</time_zone_name>")
	check(t, p.Zone, "US/Pacific")
	check(t, odd(p), []Finding{{Line: 2, Rule: BadZone, Text: `"US / Pacific" is not an IANA time zone: it was read as US/Pacific.`}})
	p = conference("<time_zone_name>../../etc/passwd</time_zone_name>")
	check(t, p.Zone, "")
	check(t, odd(p), []Finding{{Line: 2, Rule: BadZone, Text: `"../../etc/passwd" is not an IANA time zone: times without an offset are read in the event's.`}})
	p = conference("<url>gopher://example.org</url><start>soon</start><end>2026-02-30</end>")
	check(t, []any{p.Website, p.Start, p.End}, []any{"", agenda.Date(""), agenda.Date("")})
	check(t, odd(p), []Finding{
		{Line: 2, Rule: BadValue, Text: `"gopher://example.org" is not a web address: it was left out.`},
		{Line: 2, Rule: BadTime, Text: `"soon" is not a date: it was left out.`},
		{Line: 2, Rule: BadTime, Text: `"2026-02-30" is not a date: it was left out.`}})
}

func TestScheduleIdentities(t *testing.T) {
	event := func(attributes, members string) string {
		return "<event " + attributes + "><start>09:00</start><duration>1:00</duration>" + members + "</event>\n"
	}
	p := readXML(t, "<schedule><day date='2026-10-02'><room name='Hall'>\n"+
		event("id='1' guid='89839af4-ef15-5a58-8e2f-fc9263688830' code='AAAAAA'", "<title>One</title><room>Elsewhere</room><persons><person id='5'>Ann</person></persons>")+
		event("id='1' guid='89839af4-ef15-5a58-8e2f-fc9263688831' code='AAAAAA'", "<title>Two</title><persons><person id='5'>Bob</person><person id='6'>Ann</person></persons>")+
		event("id='1' guid='89839af4-ef15-5a58-8e2f-fc9263688831'", "<title>Three</title>")+
		event("guid='not a UUID'", "<title>Four</title>")+
		event("", "<title>Five</title>")+event("", "<title>Five</title>")+event("id='7'", "<title> </title>")+
		event("id='4294967296'", "<title>Six</title>")+
		"</room></day></schedule>")
	type identity struct {
		Key, GUID, Code string
		Serial          int
		Derived         bool
	}
	var got []identity
	for _, i := range p.Items {
		got = append(got, identity{i.Key, i.GUID, i.Code, i.Serial, i.Derived})
	}
	check(t, got, []identity{
		{"id 1", "89839af4-ef15-5a58-8e2f-fc9263688830", "AAAAAA", 1, false},
		{"guid 89839af4-ef15-5a58-8e2f-fc9263688831", "89839af4-ef15-5a58-8e2f-fc9263688831", "", 0, false},
		{"id 1 #2", "", "", 0, false}, {"guid not a UUID", "", "", 0, false}, {"title Five", "", "", 0, true}, {"title Five #2", "", "", 0, true},
		{"id 4294967296", "", "", 0, false}})
	check(t, p.Findings, []Finding{
		{Line: 2, Rule: BadValue, Text: `"One" is listed in the room "Hall" and says that it is in "Elsewhere": the former was taken.`},
		{Line: 3, Rule: SharedPerson, Text: `"Ann" and "Bob" have the same identity "id 5": they were taken for two people.`},
		{Line: 3, Rule: DuplicateID, Text: `"Two" has the identity "id 1", which another entry has too: it was taken for an entry of its own.`},
		{Line: 3, Rule: TwoPeople, Text: `"Ann" has two identities or more: they were taken for as many people.`},
		{Line: 4, Rule: DuplicateID, Text: `"Three" has the identity "id 1", which another entry has too: it was taken for an entry of its own.`},
		{Line: 8, Rule: NoTitle, Text: "An entry has no title: it was left out."}})
}

// refusal gives the message of the Invalid error that a file is refused with.
func refusal(t *testing.T, err error) string {
	t.Helper()
	var e *agenda.Error
	if !errors.As(err, &e) || e.Code != agenda.Invalid {
		t.Fatalf("the error is %v, want an Invalid one", err)
	}
	if !strings.HasSuffix(e.Message, ".") {
		t.Errorf("%q is not a sentence", e.Message)
	}
	return e.Message
}
