package source

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"plenary/internal/agenda"
)

// workbook makes a workbook of sheets, each of rows from A1 on; a nil cell stays empty.
func workbook(t testing.TB, sheets map[string][][]any, edit func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, rows := range sheets {
		_, err := f.NewSheet(name)
		must(err)
		for r, cells := range rows {
			for c, value := range cells {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				must(err)
				if value != nil {
					must(f.SetCellValue(name, at, value))
				}
			}
		}
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	must(f.Write(&b))
	must(f.Close())
	return b.Bytes()
}

// congress is a sheet with days and rooms that span rows, and times as a spreadsheet keeps them.
func congress(t testing.TB) []byte {
	day := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	return workbook(t, map[string][][]any{
		"Sheet1": {{"Read me first"}, {"This is about tea."}},
		"Programme": {
			{"The programme of 2026"},
			{"Day", "Room", "Title", "Start", "End", "Speakers"},
			{day, "Hall A", "Opening", 8 * time.Hour, 8*time.Hour + 30*time.Minute, "Ann Lee"},
			{nil, nil, "Tea", "9h00", "9h45", "Bob Ray"},
			{nil, "Hall B", 1984, 8.3, nil, nil},
			{"05/07/2026", nil, "Closing", "10:00", nil, nil},
		},
		"Notes": {{"x"}},
	}, func(f *excelize.File) {
		for _, err := range []error{f.MergeCell("Programme", "A3", "A5"), f.MergeCell("Programme", "B3", "B4"),
			f.SetCellFormula("Programme", "E5", "D5+TIME(1,0,0)"), f.SetCellValue("Programme", "E6", time.Date(2026, 7, 5, 11, 0, 0, 0, time.UTC))} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestXLSX(t *testing.T) {
	data := congress(t)
	if f, err := Sniff(data); f != XLSX {
		t.Errorf("Sniff says %q, %v", f, err)
	}
	p, err := Read(data, XLSX, Options{})
	if err != nil {
		t.Fatal(err)
	}
	headers := []string{"Day", "Room", "Title", "Start", "End", "Speakers"}
	mapping := GuessMapping(headers)
	speaker := func(name string) []Speaker { return []Speaker{{Person: "name " + name, Role: agenda.Presenter}} }
	want := Programme{
		Format: XLSX, Mapping: &mapping,
		Rooms:  []Room{{Line: 3, Key: "Hall A", Name: Text{"": "Hall A"}}, {Line: 5, Key: "Hall B", Name: Text{"": "Hall B"}}},
		People: []Person{{Line: 3, Key: "name Ann Lee", Name: "Ann Lee"}, {Line: 4, Key: "name Bob Ray", Name: "Bob Ray"}},
		Items: []Item{
			{Line: 3, Key: "title Opening", Derived: true, Title: Text{"": "Opening"}, Room: "Hall A", Start: at("2026-07-04 08:00"), End: at("2026-07-04 08:30"), Speakers: speaker("Ann Lee")},
			{Line: 4, Key: "title Tea", Derived: true, Title: Text{"": "Tea"}, Room: "Hall A", Start: at("2026-07-04 09:00"), End: at("2026-07-04 09:45"), Speakers: speaker("Bob Ray")},
			{Line: 5, Key: "title 1984", Derived: true, Title: Text{"": "1984"}, Room: "Hall B", Start: at("2026-07-04 08:30")},
			{Line: 6, Key: "title Closing", Derived: true, Title: Text{"": "Closing"}, Start: at("2026-07-05 10:00"), End: at("2026-07-05 11:00")},
		},
		Findings: []Finding{
			{0, ColumnUnknown, `The workbook has other sheets, which were not read: "Notes", "Sheet1".`},
			{2, BadTime, `Nothing in the column "Day" says whether dates such as "05/07/2026" begin with the day or the month: they were read with the day first.`}},
	}
	// Sheets are made in the order of a map.
	if p.Findings[0].Text == `The workbook has other sheets, which were not read: "Sheet1", "Notes".` {
		p.Findings[0].Text = want.Findings[0].Text
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXOf1904(t *testing.T) {
	yes := true
	data := workbook(t, map[string][][]any{"Sheet1": {{"title", "start", "minutes"}, {"Tea", 44745.5, 0.0625}, {"Milk", 60.5, 90}}}, func(f *excelize.File) {
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
	})
	p, err := Read(data, XLSX, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Item{{Line: 2, Key: "title Tea", Derived: true, Title: Text{"": "Tea"}, Start: at("2026-07-04 12:00"), End: at("2026-07-04 13:30")},
		{Line: 3, Key: "title Milk", Derived: true, Title: Text{"": "Milk"}}}
	if diff := cmp.Diff(want, p.Items); diff != "" {
		t.Error(diff)
	}
	if len(p.Findings) != 1 || p.Findings[0].Rule != BadTime {
		t.Errorf("the day in 1904 has the findings %+v", p.Findings)
	}
}

func TestSheetsThatAreHiddenAreNotRead(t *testing.T) {
	data := workbook(t, map[string][][]any{"Sheet1": {{"notes"}}, "Old": {{"title"}, {"Milk"}}, "Programme": {{"title"}, {"Tea"}}}, func(f *excelize.File) {
		if err := f.SetSheetVisible("Old", false); err != nil {
			t.Fatal(err)
		}
	})
	p, err := Read(data, XLSX, Options{})
	if err != nil || len(p.Items) != 1 || p.Items[0].Title[""] != "Tea" {
		t.Errorf("%v: %+v", err, p.Items)
	}
	given := &Mapping{Columns: map[string]Column{"notes": ColumnTitle}}
	_, err = Read(data, XLSX, Options{Mapping: given})
	if err == nil || err.Error() != "The file has no entry that could be imported." {
		t.Errorf("the sheet of the mapping is not the one that is read: %v", err)
	}
}

// repack gives the package with each part as edit has it, and with more parts, compressed so much.
func repack(t testing.TB, level int, data []byte, edit func(name, content string) string, more ...string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	to.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, level) })
	add := func(name, content string) {
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		add(f.Name, edit(f.Name, string(content)))
	}
	for i := 0; i+1 < len(more); i += 2 {
		add(more[i], more[i+1])
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(_, content string) string { return content }

// inPart gives an edit of one part.
func inPart(part, old, new string) func(string, string) string {
	return func(name, content string) string {
		if name != part {
			return content
		}
		return strings.Replace(content, old, new, 1)
	}
}

func TestHostileXLSXIsRefused(t *testing.T) {
	good := workbook(t, map[string][][]any{"Sheet1": {{"title", "room"}, {"A", "R"}}}, nil)
	const sheet = "xl/worksheets/sheet1.xml"
	noise := func(n int) string { // which hardly packs
		var b []byte
		for i := range n {
			b = append(strconv.AppendInt(b, int64(i)*2654435761%1e9, 36), ' ')
		}
		return string(b)
	}
	lying := bytes.ReplaceAll(good, []byte("xl/workbook.xml"), []byte("xl/workbook.xmm"))
	for about, c := range map[string]struct {
		data []byte
		want string
	}{
		"an old workbook":    {[]byte(oldWorkbook + "rest"), "The file is an Excel workbook that has a password or is in the format of before 2007. Save it as .xlsx without a password, or as .csv."},
		"half a workbook":    {good[:len(good)/2], "The file is damaged or cut off: it begins as an Excel workbook, but can't be unpacked."},
		"a bomb":             {repack(t, flate.BestCompression, good, same, "xl/media/a.xml", strings.Repeat(" ", 20<<20)), `The part "xl/media/a.xml" of the workbook unpacks to 1028 times its size, which no table does.`},
		"too much":           {repack(t, flate.HuffmanOnly, good, same, "xl/a.bin", strings.Repeat(noise(100_000), 110)), "The workbook unpacks to more than 64 MiB."},
		"a document type":    {repack(t, flate.BestSpeed, good, inPart(sheet, "<worksheet", "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet")), `The part "xl/worksheets/sheet1.xml" of the workbook has a document type declaration, which none has that a spreadsheet wrote.`},
		"a part twice":       {repack(t, flate.BestSpeed, good, same, "XL/workbook.xml", "<workbook/>"), `The workbook has a part "XL/workbook.xml" twice, or under a name that none can have.`},
		"a part outside":     {repack(t, flate.BestSpeed, good, same, "xl/../../etc/passwd", ""), `The workbook has a part "xl/../../etc/passwd" twice, or under a name that none can have.`},
		"a backslash":        {repack(t, flate.BestSpeed, good, same, `xl\styles.xml`, ""), `The workbook has a part "xl\\styles.xml" twice, or under a name that none can have.`},
		"another package":    {lying, "The file is not an Excel workbook in the format .xlsx. Save it as .xlsx, or as .csv."},
		"many elements":      {repack(t, flate.HuffmanOnly, good, same, "xl/other.xml", strings.ReplaceAll(noise(maxElements+1), " ", "<a/>")), `The part "xl/other.xml" of the workbook has 200001 elements, at most 200000 can be read.`},
		"a far column":       {repack(t, flate.BestSpeed, good, inPart(sheet, `r="B2"`, `r="XFD2"`)), `Line 2: the sheet "Sheet1" has more than 200 columns.`},
		"far empty formulas": {repack(t, flate.BestSpeed, good, inPart(sheet, "</sheetData>", strings.Repeat(`<row><c r="XFD9"><f/></c></row>`, 10)+"</sheetData>")), `Line 3: the sheet "Sheet1" has more than 200 columns.`},
		"no sheet":           {repack(t, flate.BestSpeed, good, inPart("xl/workbook.xml", "<sheets>", "<other>")), ""},
		"broken XML":         {repack(t, flate.BestSpeed, good, inPart("xl/workbook.xml", "<workbook", "<<workbook")), ""},
		"no title":           {workbook(t, map[string][][]any{"Sheet1": {{"When", "Where"}, {"8:00", "A"}}}, nil), ""},
	} {
		_, err := Read(c.data, XLSX, Options{})
		if agenda.CodeOf(err) != agenda.Invalid || c.want != "" && err.Error() != c.want {
			t.Errorf("%s: %v, want %s", about, err, c.want)
		}
	}
}

func TestSizesThatAWorkbookDeclaresAreNotBelieved(t *testing.T) {
	good := workbook(t, map[string][][]any{"Sheet1": {{"title"}, {"A"}}}, nil)
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	// Two entries of the directory that lead to the same bytes.
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed := b.Bytes()
	// After its signature an entry of the directory has the checksum at 12, the sizes at 16 and 20, the place at 38.
	headers := bytes.Split(packed, []byte("PK\x01\x02"))
	first, at := headers[1], len(packed)-len(bytes.Join(headers[2:], []byte("PK\x01\x02")))
	overlapping := bytes.Clone(packed)
	copy(overlapping[at+12:at+24], first[12:24])
	copy(overlapping[at+38:at+42], first[38:42])
	_, err = Read(overlapping, XLSX, Options{})
	if err == nil || err.Error() != "The workbook has parts that overlap, which none has that a spreadsheet wrote." {
		t.Errorf("parts that overlap: %v", err)
	}
	small := bytes.Clone(packed)
	copy(small[at+20:at+24], []byte{1, 0, 0, 0})
	_, err = Read(small, XLSX, Options{})
	if err == nil || err.Error() != fmt.Sprintf("The part %q of the workbook is damaged.", z.File[1].Name) {
		t.Errorf("a part that declares one byte: %v", err)
	}
}

func TestWhatADocumentTypeIsSplitOver(t *testing.T) {
	const text = "<?xml?> <!DOCTYPE x>"
	for cut := range text {
		for _, step := range []int{1, 3, len(text)} {
			m := &markup{xml: true}
			for _, half := range []string{text[:cut], text[cut:]} {
				for i := 0; i < len(half); i += step {
					if _, err := m.Write([]byte(half[i:min(i+step, len(half))])); err != nil {
						t.Fatal(err)
					}
				}
			}
			if !m.declares {
				t.Errorf("it is not seen when cut at %d in steps of %d", cut, step)
			}
		}
	}
}

func BenchmarkXLSX(b *testing.B) {
	var rows [][]any
	for _, line := range strings.Split(strings.TrimSpace(manyRows(10_000)), "\n") {
		var cells []any
		for _, s := range strings.Split(line, ",") {
			cells = append(cells, s)
		}
		rows = append(rows, cells)
	}
	data := workbook(b, map[string][][]any{"Sheet1": rows}, nil)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, XLSX, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
