package source

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"plenary/internal/agenda"
)

// at gives a reading of the clock.
func at(s string) When {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return Clock(t)
}

// own is a table as Plenary writes it.
const own = "\ufeff" + `id,code,title,title (vi),abstract,format,track,room,day,start,end,minutes,language,interpretation,status,speakers,moderators,stream_url,url
0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6071,OPEN1,Opening,Khai mạc,'=Words,ceremony,Main,Hall A,2026-07-04,08:00,08:30,30,en,,scheduled,Dr. Ann Lee; Bob Ray,,https://live.example.org/a,https://example.org/p/OPEN1
0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6072,LATE1,Late party,,"Two

paragraphs",social,,All rooms,2026-07-04,22:00,02:00,240,vi,,cancelled,,Dr. Ann Lee,,
0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6073,SOME1,Some day,,,talk,,,,,,,,,unscheduled,,,,
`

func TestCSVOfPlenaryItself(t *testing.T) {
	p, err := Read([]byte(own), CSV, Options{})
	if err != nil {
		t.Fatal(err)
	}
	headers := strings.Split(strings.TrimPrefix(strings.SplitN(own, "\n", 2)[0], "\ufeff"), ",")
	mapping := GuessMapping(headers)
	want := Programme{
		Format: CSV, Ours: true, Mapping: &mapping,
		Rooms:  []Room{{Line: 2, Key: "Hall A", Name: Text{"": "Hall A"}}},
		Tracks: []Track{{Line: 2, Key: "Main", Name: Text{"": "Main"}}},
		People: []Person{{Line: 2, Key: "name Dr. Ann Lee", Name: "Dr. Ann Lee"}, {Line: 2, Key: "name Bob Ray", Name: "Bob Ray"}},
		Items: []Item{
			{Line: 2, Key: "id 0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6071", GUID: "0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6071", Code: "OPEN1",
				Title: Text{"": "Opening", "vi": "Khai mạc"}, Abstract: Text{"": "=Words"}, Format: agenda.FormatCeremony, Language: "en", Room: "Hall A", Track: "Main",
				Start: at("2026-07-04 08:00"), End: at("2026-07-04 08:30"), StreamURL: "https://live.example.org/a", Standing: true,
				Speakers: []Speaker{{Person: "name Dr. Ann Lee", Role: agenda.Presenter}, {Person: "name Bob Ray", Role: agenda.Presenter}}},
			{Line: 3, Key: "id 0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6072", GUID: "0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6072", Code: "LATE1",
				Title: Text{"": "Late party"}, Abstract: Text{"": "Two\n\nparagraphs"}, Format: agenda.FormatSocial, Language: "vi", AllRooms: true,
				Start: at("2026-07-04 22:00"), End: at("2026-07-05 02:00"), Standing: true, Cancelled: true,
				Speakers: []Speaker{{Person: "name Dr. Ann Lee", Role: agenda.Moderator}}},
			{Line: 6, Key: "id 0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6073", GUID: "0190a6b2-5c4e-7d3f-8a1b-2c3d4e5f6073", Code: "SOME1",
				Title: Text{"": "Some day"}, Format: agenda.FormatTalk, Standing: true},
		},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

func TestCSVOfAllCountriesIsTheSame(t *testing.T) {
	const table = "Titel;Tag;Beginn;Ende;Saal\n\"Köln; so wie es ist\";4.7.2026;8:00;9:30;Großer Saal\n"
	want, err := Read([]byte(table), CSV, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if i := want.Items[0]; len(want.Findings) > 0 || i.Title[""] != "Köln; so wie es ist" || i.End != at("2026-07-04 09:30") || i.Room != "Großer Saal" {
		t.Fatalf("the plain one is read as %+v, %v", i, want.Findings)
	}
	encoded := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for about, text := range map[string]string{
		"with a byte order mark": "\ufeff" + table,
		"with tabs":              strings.Replace(strings.ReplaceAll(table, ";", "\t"), "Köln\t", "Köln;", 1),
		"with carriage returns":  strings.ReplaceAll(table, "\n", "\r\n"),
		"in UTF-16 LE":           encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(table)),
		"in UTF-16 BE":           encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(table)),
	} {
		if f, err := Sniff([]byte(text)); f != CSV {
			t.Errorf("%s: Sniff says %q, %v", about, f, err)
		}
		got, err := Read([]byte(text), CSV, Options{})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", about, err, diff)
		}
	}
	got, err := Read([]byte("sep=;\r\n"+table), CSV, Options{})
	if err != nil || got.Items[0].Line != 3 || len(got.Findings) > 0 {
		t.Errorf("with a line for Excel: %+v, %v", got, err)
	}
	old, err := Read([]byte(encoded(charmap.Windows1252.NewEncoder().String(table))), CSV, Options{})
	if diff := cmp.Diff(want.Items, old.Items); err != nil || diff != "" || len(old.Findings) != 1 || old.Findings[0].Line != 0 {
		t.Errorf("in Windows-1252: %v %+v\n%s", err, old.Findings, diff)
	}
}

func TestOddCSVIsReadWithFindings(t *testing.T) {
	for _, c := range []struct {
		table    string
		items    int
		findings []Finding
	}{
		{"title,room\nA\n\n,\nB,R,x\n", 2, []Finding{
			{2, BadValue, "The row has 1 cells, but there are 2 headers: those that are missing were taken for empty."},
			{5, BadValue, "The row has 3 cells, but there are 2 headers: what is beyond them was not read."}}},
		{"title,room\nThe 12\" record,R\nB,R\n", 2, []Finding{{2, BadValue, "A quotation mark stands where none is expected: it was taken as it is."}}},
		{"title,room\n\"The \"best\" one\",R\nB,R\n", 2, []Finding{{2, BadValue, "A quotation mark stands where none is expected: it was taken as it is."}}},
		{"title,Title,room\nA,B,R\n", 1, []Finding{{1, ColumnUnknown, `The column "Title" was not read: "title" says the same.`}}},
		{"title,title,room\nA,B,R\n", 1, []Finding{{1, ColumnUnknown, `The column "title" is there a second time: it was not read.`}}},
		{"title,,notes,empty\nA,x,y,\n", 1, []Finding{{1, ColumnUnknown, "Column 2 has no header: it was not read."},
			{1, ColumnUnknown, `The column "notes" was not read: nothing is known of it.`}}},
		{"title,room\n,R\n,,\nA,R\n", 1, nil},
		{"title,track\n,T\nA,T\n", 1, []Finding{{2, NoTitle, "An entry has no title: it was left out."}}},
		{"Programme 2026,,\n,,\ntitle,room,start\nA,R,2026-07-04 08:00\n", 1, nil},
	} {
		p, err := Read([]byte(c.table), CSV, Options{})
		if err != nil || len(p.Items) != c.items {
			t.Errorf("%q: %v, %d items, want %d", c.table, err, len(p.Items), c.items)
			continue
		}
		if diff := cmp.Diff(c.findings, p.Findings); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.table, diff)
		}
	}
}

func TestHostileCSVIsRefused(t *testing.T) {
	for about, c := range map[string]struct{ table, want string }{
		"nothing":               {"", "The table is empty."},
		"blank":                 {"\n , \n", "The table is empty."},
		"NUL":                   {"title\nA\x00\n", "Line 2: there is a NUL character, which no text has."},
		"UTF-16 without a mark": {"t\x00i\x00", "Line 1: there is a NUL character, which no text has."},
		"an open quote":         {"title,room\nA,R\n\"B,R\nC,R\n", "Line 3: a quotation mark is opened that is never closed."},
		"a million columns":     {"title,room\n" + strings.Repeat(",", 1e6), "Line 2: there are more than 200 columns."},
		"a million in quotes":   {"title,room\n" + strings.Repeat("\"\n\",", 1e6), "Line 202: there are more than 200 columns."},
		"only headers":          {"title,room\n", "The file has no entry that could be imported."},
		"no title": {"When,Where\n8:00,A\n", `Line 1: no column is known to hold titles: the headers are "When", "Where". ` +
			`Name it "title", or give a mapping that says which column is what, such as {"When": "title"}.: ` +
			"/columns/When: is not known to hold titles; /columns/Where: is not known to hold titles"},
		"too many rows":  {"title\n" + strings.Repeat("a\n", maxRows+1), "Line 50001: there are more than 50000 rows."},
		"too many items": {"title\n" + strings.Repeat("a\n", MaxItems+1), "Line 20002: there are more than 20000 entries, which is more than can be imported at once."},
	} {
		_, err := Read([]byte(c.table), CSV, Options{})
		if agenda.CodeOf(err) != agenda.Invalid || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", about, err, c.want)
		}
	}
}

func BenchmarkCSV(b *testing.B) {
	data := []byte(manyRows(10_000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, CSV, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// manyRows gives a table of as many rows.
func manyRows(n int) string {
	var s strings.Builder
	s.WriteString("id,title,abstract,room,day,start,end,speakers,moderators\n")
	for i := range n {
		fmt.Fprintf(&s, "%d,Talk %d,About what is on %d,Hall %d,2026-07-%02d,%02d:00,%02d:45,Dr. Person Number%c%c; Other Person%c,Moderator Person%c\n",
			i+1, i, i, i%20, 1+i%28, 8+i%10, 8+i%10, 'a'+i%26, 'a'+i/26%26, 'a'+i%26, 'a'+i/7%26)
	}
	return s.String()
}
