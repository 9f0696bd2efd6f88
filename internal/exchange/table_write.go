package exchange

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// PanelsCSV writes the Panels of an Event and their Interventions as a table that package source reads again. The CSV is
// that of RFC 4180, in UTF-8 after a byte order mark, without which Excel takes it for something else.
//
// In CSV, what a spreadsheet would take for a formula has an apostrophe before it, as OWASP recommends ("CSV Injection"):
// whoever can give a talk a title could otherwise have an organizer's computer calculate with it.
func PanelsCSV(w io.Writer, t Tables) error { return newClerk(t).panels().csv(w) }

// PeopleCSV writes the people of an Event as a table, with what [PanelsCSV] says of CSV.
func PeopleCSV(w io.Writer, t Tables) error { return newClerk(t).people().csv(w) }

// MeetingsCSV writes the Meetings of an Event as a table, with what [PanelsCSV] says of CSV.
func MeetingsCSV(w io.Writer, t Tables) error { return newClerk(t).meetings().csv(w) }

func (s sheet) csv(w io.Writer) error {
	line := make([]string, len(s.columns))
	for i, c := range s.columns {
		line[i] = c.header
	}
	out, err := newCSV(w, line...)
	if err != nil {
		return err
	}
	for _, row := range s.rows {
		for i, cell := range row {
			switch v := cell.(type) {
			case string:
				line[i] = v
			case int:
				line[i] = strconv.Itoa(v)
			default:
				line[i] = ""
			}
		}
		if err := out.row(line...); err != nil {
			return err
		}
	}
	return out.flush()
}

// csvWriter writes CSV without formulas.
type csvWriter struct {
	out  *csv.Writer
	line []string
}

func newCSV(w io.Writer, headers ...string) (*csvWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	c := &csvWriter{out: csv.NewWriter(w)}
	c.out.UseCRLF = true
	return c, c.row(headers...)
}

func (c *csvWriter) row(cells ...string) error {
	c.line = c.line[:0]
	for _, cell := range cells {
		c.line = append(c.line, defused(cell))
	}
	return c.out.Write(c.line)
}

func (c *csvWriter) flush() error {
	c.out.Flush()
	return c.out.Error()
}

// defused gives a text that no spreadsheet takes for a formula.
func defused(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// Workbook writes the three tables as the sheets of one workbook (ECMA-376, .xlsx). Its cells have types: a text is one
// whatever it begins with, and none is a formula.
func Workbook(w io.Writer, t Tables) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	c := newClerk(t)
	sheets := []sheet{c.panels(), c.people()}
	if !t.WithoutMeetings {
		sheets = append(sheets, c.meetings())
	}
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			return err
		}
		if err := s.write(f, bold); err != nil {
			return err
		}
	}
	return f.Write(w)
}

// write writes the sheet into the workbook, with its headers in bold, and in view however far one scrolls.
func (s sheet) write(f *excelize.File, bold int) error {
	out, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	headers := make([]any, len(s.columns))
	for i, c := range s.columns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		headers[i] = excelize.Cell{StyleID: bold, Value: c.header}
	}
	if err := out.SetRow("A1", headers); err != nil {
		return err
	}
	for i, row := range s.rows {
		for n, cell := range row {
			if text, ok := cell.(string); ok {
				row[n] = fitted(text)
			}
			if cell == "" {
				row[n] = nil
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// fitted gives as much of a text as fits into a cell, which is counted in units of UTF-16.
func fitted(s string) string {
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > excelize.TotalCellChars-1 { // one is for the ellipsis
			if len(utf16.Encode([]rune(s))) > excelize.TotalCellChars {
				return s[:i] + "…"
			}
			return s
		}
	}
	return s
}
