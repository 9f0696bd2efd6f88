package server

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// formRow is one of several things in a form that have the same fields, such as the speakers of a Panel. Their names begin with
// that of the group and the row's place in it: "speakers.0.person".
type formRow struct {
	*words
	Group, Title string
	Index        int // from 0
	First        bool
	Blank        bool // one to fill in
	Fields       []*formField
}

// At is what names of the row begin with, without the dot after it.
func (r formRow) At() string { return r.Group + "." + strconv.Itoa(r.Index) }

// rows adds a group of rows: as many as there are things, and blank ones. Fill gives the fields of the row at that place; for a
// blank one, i is not below n.
func (p *formPage) rows(name, key string, n, blank int, fill func(row *formPage, at string, i int)) *formField {
	f := p.field(name, key, rowsField)
	title := p.said[key+"_row"]
	for i := range n + blank {
		r := formRow{words: p.words, Group: name, Title: strings.ReplaceAll(title, "{n}", strconv.Itoa(i+1)), Index: i, First: i == 0, Blank: i >= n}
		row := &formPage{eventConsole: p.eventConsole}
		fill(row, r.At()+".", i)
		r.Fields = row.Fields
		f.Rows = append(f.Rows, r)
	}
	return f
}

// rowsSent gives what the names of the rows of a group begin with, with the dot after it, in the order that they are to have: a
// button may move a row up or drop one.
func rowsSent(c echo.Context, group string) []string {
	var places []int
	for name := range c.Request().PostForm {
		if rest, ok := strings.CutPrefix(name, group+"."); ok {
			number, _, _ := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < maxRows && strconv.Itoa(i) == number && !slices.Contains(places, i) {
				places = append(places, i)
			}
		}
	}
	slices.Sort(places)
	does, what, _ := strings.Cut(sent(c, "do"), " ")
	number, ours := strings.CutPrefix(what, group+".")
	if i, err := strconv.Atoi(number); ours && err == nil {
		switch k := slices.Index(places, i); {
		case k >= 0 && does == "drop":
			places = slices.Delete(places, k, k+1)
		case k > 0 && does == "up":
			places[k-1], places[k] = places[k], places[k-1]
		}
	}
	at := make([]string, len(places))
	for k, i := range places {
		at[k] = group + "." + strconv.Itoa(i) + "."
	}
	return at
}

// maxRows is more than any group may have.
const maxRows = 1000

// reworks says whether the form was sent for another row, or to move one, and not yet to save.
func reworks(c echo.Context) bool {
	does, _, several := strings.Cut(sent(c, "do"), " ")
	return several && (does == "more" || does == "up" || does == "drop")
}

// blanks says how many blank rows a group shows, which has n others: more when they were asked for.
func blanks(c echo.Context, group string, n, first int) int {
	if sent(c, "do") == "more "+group {
		return 3
	}
	return max(1, first-n)
}

// focusRow lets the page open where another row was asked for, or where one was moved or removed.
func (p *formPage) focusRow(c echo.Context) {
	does, what, _ := strings.Cut(sent(c, "do"), " ")
	group, number, _ := strings.Cut(what, ".")
	at, err := strconv.Atoi(number)
	if does == "up" {
		at--
	}
	for _, f := range p.Fields {
		if f.Kind != rowsField || f.Name != group {
			continue
		}
		for _, r := range f.Rows {
			if does == "more" && r.Blank || does != "more" && err == nil && r.Index == at {
				r.Fields[0].focus()
				return
			}
		}
	}
}
