package server

import "strconv"

// chartView is a chart that stands in the page, drawn in rows: a line of words, and below it bars or cells across the whole width.
// Widths are parts of that, so that it needs no script and its words are as large on a phone as anywhere. The table has the same.
type chartView struct {
	*words
	ID, Title, Lead string
	Empty           string
	Rows            []chartRow
	Height          int // pixels
	Columns         []string
	Table           [][]string
}

// chartRow is one row of a chart.
type chartRow struct {
	Label, Value string
	Words, Y     int // where its words and its bars are, pixels
	Cells        []chartCell
}

// chartCell is a bar, or a part of one. X and Width are in hundredths of the chart's width.
type chartCell struct {
	X, Width string
	Class    string
	Text     string
	Middle   string // where its text is
}

// The measures of a chart, in pixels.
const (
	rowHeight  = 46
	wordsAbove = 14
	barsBelow  = 22
)

// maxCells is how many cells have room beside each other.
const maxCells = 7

// maxLabel is how many characters of a row's name have room on a phone, beside what it comes to.
const maxLabel = 26

// chart begins a chart; the columns of its table are keys of words.
func (p *statisticsView) chart(id string, columns ...string) (c chartView, err error) {
	c = chartView{words: p.words, ID: id}
	for _, said := range []struct {
		to  *string
		key string
	}{{&c.Title, "stat_" + id + "_title"}, {&c.Lead, "stat_" + id + "_lead"}, {&c.Empty, "stat_nothing"}} {
		if *said.to, err = p.Say(said.key); err != nil {
			return c, err
		}
	}
	for _, key := range columns {
		name, err := p.Say(key)
		if err != nil {
			return c, err
		}
		c.Columns = append(c.Columns, name)
	}
	return c, nil
}

func (c *chartView) add(label, value string, cells ...chartCell) {
	if short := []rune(label); len(short) > maxLabel {
		label = string(short[:maxLabel-1]) + "…"
	}
	y := len(c.Rows) * rowHeight
	c.Rows = append(c.Rows, chartRow{label, value, y + wordsAbove, y + barsBelow, cells})
}

func (c *chartView) done() chartView {
	c.Height = len(c.Rows) * rowHeight
	return *c
}

// hundredths gives a part of a whole, with a decimal.
func hundredths(part, whole int) string {
	if whole <= 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(part)*100/float64(whole), 'f', 1, 64)
}

// percent says a part of a whole in words.
func percent(part, whole int) string {
	if whole <= 0 {
		return "–"
	}
	return strconv.Itoa((part*100+whole/2)/whole) + " %"
}

// bar is one bar, and the rest of what it could be.
func bar(part, whole int) []chartCell {
	return []chartCell{{X: "0", Width: "100", Class: "rest"}, {X: "0", Width: hundredths(min(part, whole), whole), Class: "bar"}}
}

// stacked is a bar of two parts.
func stacked(most, first, second int) []chartCell {
	return []chartCell{{X: "0", Width: "100", Class: "rest"}, {X: "0", Width: hundredths(first, most), Class: "bad"},
		{X: hundredths(first, most), Width: hundredths(second, most), Class: "fair"}}
}

// heat is a cell that is the darker the more of its time is used.
func heat(i, n, used, open int) chartCell {
	level := 0
	if open > 0 && used > 0 {
		level = min(5, 1+used*5/open)
	}
	c := chartCell{X: hundredths(i, n), Width: strconv.FormatFloat(100/float64(n)-0.6, 'f', 1, 64), Class: "h" + strconv.Itoa(level), Text: percent(used, open)}
	c.Middle = strconv.FormatFloat((float64(i)+0.5)*100/float64(n), 'f', 1, 64)
	return c
}
