package source

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestScheduleXMLRefuses(t *testing.T) {
	const entry = "<day date='2026-10-02'><room name='Hall'><event id='1'><title>Talk</title></event></room></day>"
	latin := func(label string) string {
		return "<?xml version='1.0' encoding='" + label + "'?><schedule>" + entry + "</schedule>"
	}
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "Line 1: the document has no element."},
		{"another root", "\n<html><body/></html>", "Line 2: the document is a <html>, not a <schedule>."},
		{"a DOCTYPE", "<?xml version='1.0'?>\n<!DOCTYPE schedule SYSTEM 'file:///etc/passwd'>\n<schedule>" + entry + "</schedule>", "Line 2: the document has a declaration <!DOCTYPE …>, which a schedule must not have."},
		{"billion laughs", "<!DOCTYPE lolz [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><schedule>&b;</schedule>", "Line 1: the document has a declaration <!DOCTYPE …>, which a schedule must not have."},
		{"an entity declaration inside", "<schedule>\n<!ENTITY a 'lol'>" + entry + "</schedule>", "Line 2: the document has a declaration <!ENTITY …>, which a schedule must not have."},
		{"an unknown entity", "<schedule>\n\n<version>&nbsp;</version>" + entry + "</schedule>", "Line 3: this is not well-formed XML: invalid character entity &nbsp;."},
		{"depth", "<schedule>" + strings.Repeat("\n<a>", 100), "Line 65: the document nests deeper than 64 elements."},
		{"depth in a text", "<schedule><version>" + strings.Repeat("<a>", 100), "Line 1: the document nests deeper than 64 elements."},
		{"an attribute twice", "<schedule>\n<day date='a' date='b'/></schedule>", "Line 2: this is not well-formed XML: <day> has the attribute date twice."},
		{"cut off", "<schedule>\n" + entry + "\n", "Line 3: the file is cut off."},
		{"cut off in a tag", "<schedule>\n<day dat", "Line 2: the file is cut off."},
		{"the wrong end", "<schedule>\n<day></room></schedule>", "Line 2: this is not well-formed XML: element <day> closed by </room>."},
		{"two roots", "<schedule>" + entry + "</schedule>\n<schedule/>", "Line 2: something follows the end of the document."},
		{"no entry", "<schedule><day/></schedule>", "The file has no entry that could be imported."},
		{"not UTF-8", "<schedule>\n<version>\xff</version></schedule>", "Line 2: this is not well-formed XML: invalid UTF-8."},
		{"a NUL", "<schedule>\n<version>\x00</version></schedule>", "Line 2: this is not well-formed XML: illegal character code U+0000."},
		{"an unknown encoding", latin("klingon"), `Line 1: the encoding "klingon" is not known.`},
		{"an encoding that it is not in", latin("UTF-16"), `Line 1: the document can't be in the encoding "UTF-16".`},
		{"an encoding that decodes nothing", latin("hz-gb-2312"), `Line 1: the document can't be in the encoding "hz-gb-2312".`},
		{"another version", "<?xml version='1.1'?><schedule/>", `Line 1: this can't be read as XML: unsupported version "1.1"; only version 1.0 is supported.`},
		{"brackets", strings.Repeat("<", 10<<20), "Line 1: this is not well-formed XML: expected element name after <."},
		{"a text without end", "<schedule><version>" + strings.Repeat("x", 2<<20) + "</version></schedule>", "Line 1: a tag or a text is longer than 1 MiB."},
		{"many attributes", "<schedule\n" + strings.Repeat(" a=''", 4<<20), "Line 2: a tag or a text is longer than 1 MiB."},
		{"a text without end in Latin-1", "<?xml version='1.0' encoding='latin1'?><schedule><version>" + strings.Repeat("\xe9", 2<<20), "Line 1: a tag or a text is longer than 1 MiB."},
		{"a long name", "<schedule></" + strings.Repeat("x", 1000) + ">", "Line 1: this is not well-formed XML: element <schedule> closed by </xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…."},
		{"many entries", "<schedule><day>" + strings.Repeat("<event/>", MaxItems+1) + "</day></schedule>", "Line 1: there are more than 20000 entries, which is more than can be imported at once."},
		{"many people", "<schedule><day><event><persons>" + strings.Repeat("<person/>\n", maxRecords+1), "Line 400001: there are more than 400000 entries, people, rooms and links, which is more than can be imported at once."},
		{"many rooms", "<schedule><day>" + numbered("<room name='%d'/>\n", MaxItems+1) + "<event><title>x</title></event></day></schedule>", "Line 20001: there are more than 20000 rooms, which is more than can be imported at once."},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read([]byte(test.text), ScheduleXML, Options{})
			check(t, refusal(t, err), test.want)
		})
	}
}

// numbered gives a text n times, with its number in it.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestScheduleXMLEncodings(t *testing.T) {
	const text = "<schedule><day date='2026-10-02'><event id='1'><title>Grüße, Ægir</title><start>09:00</start><duration>1:00</duration></event></day></schedule>"
	latin, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"UTF-8": text, "a byte order mark": "\ufeff<?xml version='1.0' encoding='utf-8'?>" + text,
		"Latin-1": "<?xml version='1.0' encoding='ISO-8859-1'?>" + latin, "Windows": "<?xml version='1.0' encoding='windows-1252'?>\n" + latin,
	} {
		p, err := Read([]byte(data), ScheduleXML, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Items[0].Title[""]; got != "Grüße, Ægir" {
			t.Errorf("%s: the title is %q", name, got)
		}
	}
}

func TestScheduleJSONRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "Line 1: the file is cut off."},
		{"a list", "[]", `The document has no member "schedule".`},
		{"another document", `{"sessions": []}`, `The document has no member "schedule".`},
		{"no entry", `{"schedule": {"conference": {"days": [{"rooms": []}]}}}`, "The file has no entry that could be imported."},
		{"a scalar", `{"schedule": 7}`, "The file has no entry that could be imported."},
		{"depth", strings.Repeat("\n[", 100), "Line 66: the document nests deeper than 64 objects and lists."},
		{"cut off", "{\"schedule\": {\"version\": \"1\",\n", "Line 2: the file is cut off."},
		{"cut off in an event", "{\"schedule\": {\"conference\": {\"days\": [{\"rooms\": {\"A\": [{\n\"title\": \"x", "Line 2: the file is cut off."},
		{"broken", "{\"schedule\":\n {\"version\": \"1\",\n \"conference\": {,}}}", "Line 3: this is not well-formed JSON: invalid character ',' looking for beginning of object key string."},
		{"broken in a value that is skipped", "{\"x\": [1,\n2,\n3 4],\n\"schedule\": {}}", "Line 3: this is not well-formed JSON: invalid character '4' after array element."},
		{"two documents", "{\"schedule\": {}}\n{}", "Line 2: something follows the end of the document."},
		{"not UTF-8", "{\"schedule\": {\"version\": \"\xff\"}}", "The file is not in UTF-8, which JSON has to be."},
		{"many entries", `{"schedule": {"conference": {"days": [{"rooms": {"A": [` + strings.Repeat("{},\n", MaxItems+1) + `{}]}}]}}}`, "Line 20001: there are more than 20000 entries, which is more than can be imported at once."},
		{"many people", `{"schedule": {"conference": {"days": [{"rooms": {"A": [{"persons": [` + strings.Repeat("{},\n", maxRecords+1) + `{}]}]}}]}}}`, "Line 400000: there are more than 400000 entries, people, rooms and links, which is more than can be imported at once."},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read([]byte(test.text), ScheduleJSON, Options{})
			check(t, refusal(t, err), test.want)
		})
	}
}

// TestSchedulesAreBounded reads files that are made to cost as much as they can: seconds, on a machine that is busy.
func TestSchedulesAreBounded(t *testing.T) {
	const day = "<schedule><day date='2026-10-02'><room name='Hall'>"
	for name, text := range map[string]string{
		"one identity":              day + strings.Repeat("<event id='1'><title>x</title></event>", MaxItems) + "</room></day></schedule>",
		"one title":                 day + strings.Repeat("<event><title>x</title></event>", MaxItems) + "</room></day></schedule>",
		"names of one fold":         day + manyPeople(func(i int) string { return capitals("grace murray hopper", i) }) + "</room></day></schedule>",
		"names with one difference": day + manyPeople(func(i int) string { return fmt.Sprintf("Grace Hop%cerson", rune(0x4e00+i)) }) + "</room></day></schedule>",
		"long names":                day + manyPeople(func(i int) string { return strings.Repeat("Long ", 100) + strconv.Itoa(i) }) + "</room></day></schedule>",
		"many links of one event":   day + "<event><title>x</title><links>" + numbered("<link href='https://example.org/%d'/>", maxRecords-10) + "</links></event></room></day></schedule>",
		"many mentions of one":      day + "<event><title>x</title><persons>" + strings.Repeat("<person>A</person>", maxRecords-10) + "</persons></event></room></day></schedule>",
		"rooms again and again":     day + strings.Repeat("<room name='Hall'/>", 300_000) + "<event><title>x</title></event></room></day></schedule>",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p, err := Read([]byte(text), ScheduleXML, Options{})
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 2<<30 {
				t.Errorf("%d bytes took %d MiB", len(text), used>>20)
			}
			if len(p.Findings) > MaxFindings+1 {
				t.Errorf("there are %d findings", len(p.Findings))
			}
		})
	}
}

// manyPeople gives an event of as many people as there may be.
func manyPeople(name func(i int) string) string {
	var b strings.Builder
	b.WriteString("<event><title>x</title><persons>")
	for i := range MaxItems {
		b.WriteString("<person>" + name(i) + "</person>")
	}
	b.WriteString("</persons></event>")
	return b.String()
}

// capitals gives a name with the letters in capitals that the bits of i say.
func capitals(name string, i int) string {
	letters := []byte(name)
	for bit := range letters {
		if i>>bit&1 == 1 {
			letters[bit] = bytes.ToUpper(letters[bit : bit+1])[0]
		}
	}
	return string(letters)
}

func FuzzScheduleXML(f *testing.F) {
	for _, s := range []string{pentabarf, pretalxXML, oneEvent("", "date='2026-10-02'", "<start>09:00</start>"), "<schedule>&#65;<!--x--><![CDATA[y]]></schedule>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzSchedule(t, data, ScheduleXML) })
}

func FuzzScheduleJSON(f *testing.F) {
	f.Add([]byte(frabJSON))
	f.Add([]byte(secondJSON))
	f.Add([]byte(`{"schedule": {"conference": {"days": [{"rooms": {"A": [{"title": "x", "date": "2026-10-02", "start": "01:00", "duration": 5}]}}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzSchedule(t, data, ScheduleJSON) })
}

// fuzzSchedule reads a file twice: it is refused for a reason, or what was read is consistent and the same again.
func fuzzSchedule(t *testing.T, data []byte, f Format) {
	p, err := Read(data, f, Options{})
	if err != nil {
		refusal(t, err)
		return
	}
	checkConsistent(t, data, p)
	again, err := Read(data, f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, again, p)
}

func BenchmarkScheduleXML(b *testing.B) {
	var text strings.Builder
	text.WriteString("<schedule><conference><title>Large</title><time_zone_name>Europe/Rome</time_zone_name></conference>")
	for i := range 10_000 {
		if i%500 == 0 {
			fmt.Fprintf(&text, "<day date='2026-10-%02d'><room name='Hall'>", i/500+1)
		}
		fmt.Fprintf(&text, `<event id="%[1]d" guid="89839af4-ef15-5a58-8e2f-%012[2]d"><date>2026-10-%02[3]dT%02[4]d:00:00+02:00</date><start>%02[4]d:00</start><duration>00:45</duration>
<room>Hall</room><title>Talk %[1]d</title><track>Track %[5]d</track><type>lecture</type><language>en</language><abstract>&lt;p&gt;%[6]s&lt;/p&gt;</abstract>
<persons><person id="%[7]d">Person number %[7]d</person></persons><links><link href="https://example.org/%[1]d">Page</link></links></event>`,
			i+1, i+1, i/500+1, 8+i%12, i%20, strings.Repeat("Some words of an abstract. ", 20), i%4000+1)
		if i%500 == 499 {
			text.WriteString("</room></day>")
		}
	}
	text.WriteString("</schedule>")
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := Read(data, ScheduleXML, Options{})
		if err != nil || len(p.Items) != 10_000 || len(p.Findings) > 0 {
			b.Fatalf("%d items, %v, %v", len(p.Items), p.Findings[:min(len(p.Findings), 3)], err)
		}
	}
}
