package source

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// Mapping says which column of a table is what. It is kept as JSON.
type Mapping struct {
	// Columns gives the Column of each header, as the table spells it. Headers that are not in it are not read, which
	// is told; those that are [ColumnIgnored] are not read on purpose.
	Columns map[string]Column `json:"columns"`
	// Headers are those of the table, in order, as they were found. In Options they are not looked at.
	Headers []string `json:"headers,omitempty"`
}

// Column is what a column of a table holds. A text in one language has the language behind it: "title:vi".
type Column string

// The columns.
const (
	ColumnID             Column = "id"
	ColumnCode           Column = "code"
	ColumnTitle          Column = "title"
	ColumnSubtitle       Column = "subtitle" // the first paragraph of the abstract
	ColumnAbstract       Column = "abstract"
	ColumnDate           Column = "date"  // a day, or day and time of the start
	ColumnStart          Column = "start" // a time, or day and time, or from when to when
	ColumnEnd            Column = "end"
	ColumnDuration       Column = "duration" // "1:30", or minutes
	ColumnRoom           Column = "room"
	ColumnTrack          Column = "track"
	ColumnFormat         Column = "format"
	ColumnKind           Column = "kind" // whether the row is an entry or a talk inside one, where the format does not say
	ColumnLanguage       Column = "language"
	ColumnInterpretation Column = "interpretation" // languages interpreted into
	ColumnZone           Column = "zone"           // IANA time zone of the times
	ColumnStream         Column = "stream"
	ColumnStatus         Column = "status"
	ColumnGroup          Column = "group" // rows of the same room, day and group are an item and its talks
	ColumnSpeaker        Column = "speaker"
	ColumnModerator      Column = "moderator"
	ColumnPanelist       Column = "panelist"
	ColumnChair          Column = "chair"
	ColumnHost           Column = "host"
	ColumnRapporteur     Column = "rapporteur"
	ColumnInterpreter    Column = "interpreter"
	ColumnIgnored        Column = "ignored"
)

// Columns lists the columns, without languages.
var Columns = []Column{ColumnID, ColumnCode, ColumnTitle, ColumnSubtitle, ColumnAbstract, ColumnDate, ColumnStart, ColumnEnd,
	ColumnDuration, ColumnRoom, ColumnTrack, ColumnFormat, ColumnKind, ColumnLanguage, ColumnInterpretation, ColumnZone, ColumnStream, ColumnStatus, ColumnGroup, ColumnSpeaker,
	ColumnModerator, ColumnPanelist, ColumnChair, ColumnHost, ColumnRapporteur, ColumnInterpreter, ColumnIgnored}

// roles are those of the people whom a column names.
var roles = map[Column]agenda.Role{ColumnSpeaker: agenda.Presenter, ColumnModerator: agenda.Moderator, ColumnPanelist: agenda.Panelist,
	ColumnChair: agenda.Chair, ColumnHost: agenda.Host, ColumnRapporteur: agenda.Rapporteur, ColumnInterpreter: agenda.Interpreter}

// In gives the Column of the same texts in a language, by its BCP 47 tag.
func (c Column) In(tag string) Column { return c + ":" + Column(tag) }

// split gives the Column without its language, and the language.
func (c Column) split() (Column, string) {
	base, tag, _ := strings.Cut(string(c), ":")
	return Column(base), tag
}

// Several says whether a table may have more than one such column: people and abstracts add up.
func (c Column) Several() bool {
	base, _ := c.split()
	return roles[base] != "" || base == ColumnAbstract || base == ColumnIgnored
}

// Translated says whether the column holds texts, which may be there in several languages.
func (c Column) Translated() bool {
	base, _ := c.split()
	return slices.Contains([]Column{ColumnTitle, ColumnSubtitle, ColumnAbstract, ColumnRoom, ColumnTrack}, base)
}

// has says whether the Mapping has the Column, in whatever language.
func (m Mapping) has(c Column) bool {
	for _, have := range m.Columns {
		if base, _ := have.split(); base == c {
			return true
		}
	}
	return false
}

// GuessMapping gives what the headers of a table suggest, in the four languages and as the programs write them that
// tables come from. Of two headers for a thing that is there once only, the one that says it more clearly wins.
func GuessMapping(headers []string) Mapping {
	m := Mapping{Columns: map[string]Column{}, Headers: headers}
	type winner struct {
		header string
		rank   int
	}
	best := map[Column]winner{}
	for _, h := range headers {
		column, rank := guessColumn(h)
		if column == "" {
			continue
		}
		if !column.Several() {
			if other, taken := best[column]; taken && other.rank <= rank {
				if other.header != h {
					m.lose(h, column)
				}
				continue
			} else if taken {
				m.lose(other.header, column)
			}
			best[column] = winner{h, rank}
		}
		m.Columns[h] = column
	}
	// "Session" is the number of one in some tables and the name in others.
	if w, grouped := best[ColumnGroup]; grouped && !m.has(ColumnTitle) {
		m.Columns[w.header] = ColumnTitle
	}
	return m
}

// recall reads the headers that an older table had as they were read there, and gives no column to a new one that one of
// them has.
func (m Mapping) recall(old Mapping) {
	taken := map[Column]bool{}
	for _, h := range m.Headers {
		if slices.Contains(old.Headers, h) {
			delete(m.Columns, h)
			if column, read := old.Columns[h]; read {
				m.Columns[h], taken[column] = column, !column.Several()
			}
		}
	}
	maps.DeleteFunc(m.Columns, func(h string, column Column) bool { return taken[column] && !slices.Contains(old.Headers, h) })
}

// lose takes a column away from a header that says less clearly that it is one. Beside a format, a kind still says which
// rows are talks inside another.
func (m Mapping) lose(header string, c Column) {
	delete(m.Columns, header)
	if c == ColumnFormat && fold(header) == string(ColumnKind) {
		m.Columns[header] = ColumnKind
	}
}

// tagged is a header with the tag of a language, as Plenary writes it: "title (vi)".
var tagged = regexp.MustCompile(`^(.*\S)\s*\(([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)$`)

// guessColumn gives what a header means, and how clearly: 0 is best. The Column is empty when nobody knows.
func guessColumn(header string) (Column, int) {
	if len(header) > agenda.MaxName {
		return "", 0
	}
	known := synonyms()
	if g, ok := known[fold(header)]; ok {
		return g.column, g.rank
	}
	if m := tagged.FindStringSubmatch(header); m != nil {
		if g := known[fold(m[1])]; g.column.Translated() && languageTag(m[2]) != "" {
			return g.column.In(languageTag(m[2])), g.rank
		}
	}
	words := strings.Fields(fold(header))
	for cut := max(1, len(words)-2); cut < len(words); cut++ {
		g, tag := known[strings.Join(words[:cut], " ")], languageWords()[strings.Join(words[cut:], " ")]
		if g.column.Translated() && tag != "" {
			return g.column.In(tag), g.rank
		}
	}
	// An explanation in parentheses, as in "Duration (min)"; but a time in UTC is not a local one.
	base, explained, cut := strings.Cut(header, "(")
	if explained = fold(explained); cut && !strings.Contains(explained, "utc") && !strings.Contains(explained, "gmt") {
		g := known[fold(base)]
		return g.column, g.rank + 1
	}
	return "", 0
}

// check says what is wrong with a Mapping that somebody gives for a table with these headers.
func (m Mapping) check(headers []string) error {
	var f agenda.Faults
	taken := map[Column]string{}
	for _, h := range slices.Sorted(maps.Keys(m.Columns)) {
		at := columnPointer(h)
		column := m.Columns[h]
		base, tag := column.split()
		switch {
		case !slices.Contains(Columns, base):
			f.Add(at, "%s is not a column that a table can have", quoted(string(column)))
		case tag != "" && !column.Translated():
			f.Add(at, "%s is not in a language", quoted(string(base)))
		case tag != "" && languageTag(tag) != tag:
			f.Add(at, "%s is not a language tag", quoted(tag))
		case !slices.Contains(headers, h):
			f.Add(at, "the table has no column %s", quoted(h))
		case taken[column] != "" && !column.Several():
			f.Add(at, "%s is %s already", quoted(taken[column]), quoted(string(column)))
		}
		taken[column] = h
	}
	return f.Err("mapping of the columns")
}

// columnPointer names a header in a Mapping, as a JSON pointer.
func columnPointer(header string) string {
	return "/columns/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(header)
}

// unreadBecause says why the column of a header is not read, in a sentence.
func (m Mapping) unreadBecause(header string) string {
	column, _ := guessColumn(header)
	for _, h := range m.Headers {
		if column != "" && m.Columns[h] == column {
			return fmt.Sprintf("The column %s was not read: %s says the same.", quoted(header), quoted(h))
		}
	}
	return fmt.Sprintf("The column %s was not read: nothing is known of it.", quoted(header))
}
