package source

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// oldWorkbook is how a workbook begins that has a password, or is of before 2007: as a compound file (MS-CFB, 2.2).
const oldWorkbook = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// readXLSX reads a sheet of a workbook (ECMA-376). Formulas are what they came to when the workbook was saved.
func readXLSX(data []byte, o Options) (p Programme, err error) {
	if bytes.HasPrefix(data, []byte(oldWorkbook)) {
		return Programme{}, fail(0, "The file is an Excel workbook that has a password or is in the format of before 2007. Save it as .xlsx without a password, or as .csv.")
	}
	if err := checkPackage(data); err != nil {
		return Programme{}, err
	}
	// The package has been checked, its parts have not: what the reader of workbooks stumbles over is the file's fault.
	defer func() {
		if stumbled := recover(); stumbled != nil {
			p, err = Programme{}, brokenWorkbook(fmt.Errorf("%v", stumbled))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: MaxFile, UnzipXMLSizeLimit: MaxFile})
	if err != nil {
		return Programme{}, brokenWorkbook(err)
	}
	defer f.Close()
	b := newBuilder(XLSX)
	t, err := b.chooseSheet(f, o)
	if err != nil {
		return Programme{}, err
	}
	return readTable(b, t, o)
}

func brokenWorkbook(err error) error {
	return fail(0, "The file can't be read as an Excel workbook: %s. Open it in a spreadsheet and save it as .xlsx anew, or as .csv.", quoted(err.Error()))
}

// chooseSheet gives the first sheet that has a column of titles, or whose headers the Mapping has, and tells which others
// were not read.
func (b *builder) chooseSheet(f *excelize.File, o Options) (table, error) {
	var chosen, first *table
	var others []string
	for n, sheet := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(sheet); n >= maxSheets || err != nil || !visible {
			continue
		}
		if chosen != nil {
			others = append(others, quoted(sheet))
			continue
		}
		t, err := readSheet(f, sheet)
		if err != nil {
			return table{}, err
		}
		if _, _, ok := t.headers(o); ok {
			t.merged = mergedCells(f, n)
			chosen = &t
			continue
		}
		if len(t.rows) > 0 {
			others = append(others, quoted(sheet))
			if first == nil {
				first = &t
			}
		}
	}
	switch {
	case chosen == nil && first == nil:
		return table{}, fail(0, "The workbook has no sheet that holds anything.")
	case chosen == nil:
		return *first, nil // which is refused for its headers
	case len(others) > 0:
		b.warn(0, ColumnUnknown, "The workbook has other sheets, which were not read: %s.", strings.Join(others, ", "))
	}
	return *chosen, nil
}

const maxSheets = 100

// readSheet gives the rows of a sheet that hold anything.
func readSheet(f *excelize.File, sheet string) (table, error) {
	t := table{serials: true, since: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		t.since = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	rows, err := f.Rows(sheet)
	if err != nil {
		return t, nil // a chart, which has none
	}
	defer rows.Close()
	for line := 1; line <= excelize.TotalRows && rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return table{}, brokenWorkbook(err)
		}
		if len(cells) > maxColumns {
			return table{}, fail(line, "the sheet %s has more than %d columns.", quoted(sheet), maxColumns)
		}
		w := row{line, cells}
		if w.blank() {
			continue
		}
		if len(t.rows) == maxRows {
			return table{}, fail(line, "the sheet %s has more than %d rows.", quoted(sheet), maxRows)
		}
		t.rows = append(t.rows, w)
	}
	if err := rows.Error(); err != nil {
		return table{}, brokenWorkbook(err)
	}
	return t, nil
}

// merge is a cell that spans several rows.
type merge struct{ column, from, to int } // column from 0, rows from 1

// fillMerged gives each row the day and the room of the merged cell that it lies in.
func (r *tableReader) fillMerged() {
	for _, f := range r.fields {
		if f.column != ColumnDate && f.column != ColumnRoom {
			continue
		}
		until := 0
		for _, m := range r.merged {
			if m.column != f.at || m.from <= until {
				continue
			}
			until = m.to
			at, _ := slices.BinarySearchFunc(r.rows, m.from, func(w row, line int) int { return w.line - line })
			if at == len(r.rows) || r.rows[at].line != m.from {
				continue
			}
			value := f.in(r.rows[at])
			for i := at + 1; i < len(r.rows) && r.rows[i].line <= m.to; i++ {
				for len(r.rows[i].cells) <= f.at {
					r.rows[i].cells = append(r.rows[i].cells, "")
				}
				r.rows[i].cells[f.at] = value
			}
		}
	}
}
