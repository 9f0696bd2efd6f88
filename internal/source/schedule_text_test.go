package source

import (
	"strings"
	"testing"

	"plenary/internal/agenda"
)

func TestScheduleTexts(t *testing.T) {
	for _, test := range []struct{ name, members, want string }{
		{"nothing", "<abstract> </abstract><description/>", ""},
		{"all three", "<description>C</description><abstract>B</abstract><subtitle>A</subtitle>", "A\n\nB\n\nC"},
		{"the same", "<subtitle>A</subtitle><abstract>A</abstract><description> A </description>", "A"},
		{"the description goes on", "<subtitle>S</subtitle><abstract>A b.</abstract><description>A b. C.</description>", "S\n\nA b. C."},
		{"markup", "<abstract>One <b>two</b><br/>three<p>four</p></abstract>", "One two\nthree\nfour"},
		{"CDATA", "<abstract><![CDATA[<p>A &amp; B</p>]]></abstract>", "A & B"},
		{"typed by people", "<abstract>x &lt; y\r\n\r\n* a\n* b &amp;amp; c</abstract>", "x < y\n\n* a\n* b &amp; c"},
		{"a link twice", "<links><link href='https://a.example'>A</link><link href='https://a.example'>A</link><link href='https://a.example'>https://a.example</link></links>",
			"A: https://a.example\nhttps://a.example"},
		{"links that are none", "<links><link href='mailto:a@example.org'>A</link><link href='https://u:p@a.example'>A</link><link href='//b.example/x'>B</link><link href=''/></links>", ""},
		{"a stream of others", "<links><link type='media' href='https://a.example'>A</link></links>", "A: https://a.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := readXML(t, oneEvent("", "", test.members)).Items[0]
			check(t, i.Abstract.first(), test.want)
			check(t, i.StreamURL, "")
		})
	}
}

func TestScheduleLinks(t *testing.T) {
	p := readXML(t, oneEvent("<conference><base_url>https://example.org/camp/</base_url></conference>", "date='2026-10-02'",
		"<start>09:00</start><duration>5</duration><links>"+numbered("<link href='s/%d.pdf'/>", maxLinks+2)+"</links><attachments><attachment href='/x'/></attachments>"))
	lines := strings.Split(p.Items[0].Abstract.first(), "\n")
	check(t, []any{len(lines), lines[0], lines[99]}, []any{100, "https://example.org/camp/s/0.pdf", "https://example.org/camp/s/99.pdf"})
	check(t, p.Findings, []Finding{{Line: 2, Rule: TooLong, Text: `"Talk" has 103 links: the first 100 were taken.`}})
}

func TestScheduleSpeakers(t *testing.T) {
	p := readXML(t, oneEvent("", "date='2026-10-02'", `<start>09:00</start><duration>5</duration><persons>
<person id="1">Ann</person><person id="1">Ann</person><person id="0" guid="g">Bob</person><person id="x" code="C0DE"> Cy
Dee </person><person name="Eve"/><person/><team>Nobody</team></persons>`))
	check(t, p.People, []Person{{Line: 4, Key: "id 1", Serial: 1, Name: "Ann"}, {Line: 4, Key: "guid g", Name: "Bob"}, {Line: 4, Key: "code C0DE", Name: "Cy Dee"},
		{Line: 5, Key: "name Eve", Name: "Eve"}})
	check(t, p.Items[0].Speakers, []Speaker{{Person: "id 1", Role: agenda.Presenter}, {Person: "guid g", Role: agenda.Presenter}, {Person: "code C0DE", Role: agenda.Presenter},
		{Person: "name Eve", Role: agenda.Presenter}})
}

func TestScheduleCodes(t *testing.T) {
	for _, test := range [][3]string{ // attribute, address, code
		{"7DJ87Y", "https://example.org/talk/MKHXNV/", "7DJ87Y"}, {"", "https://example.org/talk/MKHXNV/", "MKHXNV"}, {"small", "https://example.org/talk/MKHXNV?x=1#y", "MKHXNV"},
		{"", "https://example.org/events/10386.html", ""}, {"", "https://example.org/events/10386", ""}, {"", "MKHXNV", ""}, {"", "https://example.org", ""},
		{"", "https://example.org/AB", ""}, {"123456", "", "123456"},
	} {
		p := readXML(t, oneEvent("", "", "</event><event code='"+test[0]+"'><title>T</title><url>"+test[1]+"</url>"))
		check(t, p.Items[1].Code, test[2])
	}
}
