package source

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// Limits on tables.
const (
	maxRows    = 50_000 // that hold anything
	maxColumns = 200
	maxPreface = 10 // rows above the headers
)

// table is what a CSV file and the sheet of a workbook have in common: rows that hold anything.
type table struct {
	rows    []row
	ragged  bool // rows are expected to be as long as the headers, and shorter ones are told
	serials bool // a number may be a date or a time, as Excel counts them
	since   time.Time
	merged  []merge
}

type row struct {
	line  int
	cells []string
}

// blank says whether nothing is in any of the cells.
func (w row) blank() bool {
	return !slices.ContainsFunc(w.cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// headers finds the row that names the columns, among the first ones: above it there may be a heading.
func (t table) headers(o Options) (int, Mapping, bool) {
	given := o.Mapping
	for i := range t.rows[:min(len(t.rows), maxPreface)] {
		names := headerNames(t.rows[i])
		if given == nil || o.Remembered {
			m := GuessMapping(names)
			if given != nil {
				m.recall(*given)
			}
			if !m.has(ColumnTitle) {
				m = GuessMapping(names) // it is another table
			}
			if m.has(ColumnTitle) && (len(m.Columns) > 1 || i == 0) {
				return i, m, true
			}
		} else if given.check(names) == nil && given.has(ColumnTitle) {
			return i, Mapping{Columns: given.Columns, Headers: names}, true
		}
	}
	return 0, Mapping{}, false
}

// headerNames gives the headers as messages and Mappings spell them, on one line.
func headerNames(w row) []string {
	names := make([]string, len(w.cells))
	for i, s := range w.cells {
		names[i] = name(undefused(s))
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	return names
}

// noHeaders is the error of a table whose columns are not understood.
func (t table) noHeaders(given *Mapping) error {
	if len(t.rows) == 0 {
		return fail(0, "The table is empty.")
	}
	names := headerNames(t.rows[0])
	if given != nil {
		if err := given.check(names); err != nil {
			return err
		}
		return fail(0, "The mapping of the columns says of none that it holds titles.")
	}
	var list []string
	var f agenda.Faults
	for _, n := range names[:min(len(names), 30)] {
		list = append(list, quoted(n))
		if n != "" {
			f.Add(columnPointer(n), "is not known to hold titles")
		}
	}
	err := fail(t.rows[0].line, "no column is known to hold titles: the headers are %s. Name it \"title\", or give a mapping that says which column is what, such as {%s: \"title\"}.",
		strings.Join(list, ", "), quoted(slices.Concat(names, []string{"Topic"})[0]))
	err.Faults = f // so that a program can ask what they are
	return err
}

// field is a column that is read.
type field struct {
	at       int // index of its cells
	header   string
	column   Column
	language string
}

// tableReader makes Items of the rows of a table.
type tableReader struct {
	*builder
	table
	fields     []field
	width      int          // columns that have a header
	monthFirst map[int]bool // of the fields whose dates are written so, by their index
	day        time.Time    // of the row before, at midnight; zero: none has told one yet
	unread     map[string]bool
	entries    []entry
}

// readTable reads what is below the headers.
func readTable(b *builder, t table, o Options) (Programme, error) {
	at, m, ok := t.headers(o)
	if !ok && o.Remembered {
		return Programme{}, t.noHeaders(nil)
	}
	if !ok {
		return Programme{}, t.noHeaders(o.Mapping)
	}
	b.Mapping = &m
	b.Ours = slices.Equal(m.Headers[:min(len(m.Headers), 3)], []string{"id", "code", "title"}) && m.has(ColumnStatus) && slices.Contains(m.Headers, "interpretation")
	r := &tableReader{builder: b, table: t, width: len(m.Headers), monthFirst: map[int]bool{}, unread: map[string]bool{}}
	header := t.rows[at]
	r.rows = t.rows[at+1:]
	r.choose(header.line, m)
	r.fillMerged()
	r.decideDates(header.line)
	for _, w := range r.rows {
		r.checkWidth(w)
		r.read(w)
		if err := r.refused; err != nil {
			return Programme{}, err
		}
	}
	if err := r.group(header.line); err != nil {
		return Programme{}, err
	}
	return b.finish()
}

// choose settles which columns are read, and tells those that are not although they hold something.
func (r *tableReader) choose(line int, m Mapping) {
	once := map[Column]string{}
	for i, h := range m.Headers {
		column, known := m.Columns[h]
		base, tag := column.split()
		switch {
		case base == ColumnIgnored:
		case !known && !r.holds(i):
		case !known && h == "":
			r.warn(line, ColumnUnknown, "Column %d has no header: it was not read.", i+1)
		case !known:
			r.warn(line, ColumnUnknown, "%s", m.unreadBecause(h))
		case once[column] != "" && !column.Several():
			r.warn(line, ColumnUnknown, "The column %s is there a second time: it was not read.", quoted(h))
		default:
			once[column] = h
			r.fields = append(r.fields, field{i, h, base, tag})
		}
	}
}

// holds says whether any row has something in the column.
func (r *tableReader) holds(at int) bool {
	return slices.ContainsFunc(r.rows, func(w row) bool { return at < len(w.cells) && strings.TrimSpace(w.cells[at]) != "" })
}

// checkWidth tells rows that are longer or shorter than the headers.
func (r *tableReader) checkWidth(w row) {
	for _, s := range w.cells[min(r.width, len(w.cells)):] {
		if strings.TrimSpace(s) != "" {
			r.warn(w.line, BadValue, "The row has %d cells, but there are %d headers: what is beyond them was not read.", len(w.cells), r.width)
			return
		}
	}
	if r.ragged && len(w.cells) < r.width {
		r.warn(w.line, BadValue, "The row has %d cells, but there are %d headers: those that are missing were taken for empty.", len(w.cells), r.width)
	}
}

// undefused takes off the apostrophe that Plenary puts before what a spreadsheet would take for a formula.
func undefused(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@\t\r", s[1]) >= 0 {
		return s[1:]
	}
	return s
}

// in gives what the row has in the field, tidied and without control characters.
func (f field) in(w row) string {
	if f.at >= len(w.cells) {
		return ""
	}
	s := agenda.CleanLine(undefused(w.cells[f.at]))
	if strings.ContainsFunc(s, unprintable) {
		s = strings.Map(func(r rune) rune {
			if unprintable(r) {
				return -1
			}
			return r
		}, s)
	}
	return s
}

// unprintable says whether it is a control character that no text of Plenary may have.
func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// cell gives what the row has in the column, and its field.
func (r *tableReader) cell(w row, c Column) (string, field) {
	for _, f := range r.fields {
		if f.column == c {
			return f.in(w), f
		}
	}
	return "", field{}
}

// text gives what the row has in the columns in all languages. Several in one language are paragraphs.
func (r *tableReader) text(w row, columns ...Column) Text {
	var t Text
	for _, c := range columns {
		for _, f := range r.fields {
			s := f.in(w)
			if f.column != c || s == "" {
				continue
			}
			if t == nil {
				t = Text{}
			}
			if t[f.language] != "" {
				s = t[f.language] + "\n\n" + s
			}
			t[f.language] = s
		}
	}
	return t
}

// line gives a text on one line, and no longer than a name may be.
func (r *tableReader) line(w row, c Column) Text {
	t := r.text(w, c)
	for tag, s := range t {
		if t[tag] = shortened(unbroken(s)); strings.HasSuffix(t[tag], "…") && !strings.HasSuffix(s, "…") {
			r.warn(w.line, TooLong, "The %s %s is longer than %d characters: it was cut.", c, quoted(s), agenda.MaxName)
		}
	}
	return t
}

// shortened gives a text that is no longer than a name may be.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= agenda.MaxName {
		return s
	}
	return string([]rune(s)[:agenda.MaxName-1]) + "…"
}
