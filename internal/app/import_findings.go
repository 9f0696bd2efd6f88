package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"plenary/internal/source"
)

// mostAlike is how many findings of one kind are told one by one, and mostLines how many lines are named of the others.
const mostAlike, mostLines = 5, 10

var digits = regexp.MustCompile(`\d+`)

// kindOfFinding gives what findings have in common that differ only in names and numbers.
func kindOfFinding(f source.Finding) string {
	text := f.Text
	if first, last := strings.IndexByte(text, '"'), strings.LastIndexByte(text, '"'); first < last {
		text = text[:first] + text[last:]
	}
	return string(f.Rule) + " " + digits.ReplaceAllString(text, "0")
}

// foldFindings gives the findings by line. What a file does wrong it often does hundreds of times, and who reads that
// overlooks the rest: of many findings that differ only in names and numbers the first stands for all. Where the names are
// what there is to know, all are told.
func foldFindings(list []source.Finding) []source.Finding {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y source.Finding) int { return x.Line - y.Line })
	lines := map[string][]int{}
	for _, f := range list {
		kind := kindOfFinding(f)
		lines[kind] = append(lines[kind], f.Line)
	}
	told := map[string]bool{}
	var folded []source.Finding
	for _, f := range list {
		kind := kindOfFinding(f)
		alike := lines[kind]
		names := f.Rule == source.ColumnUnknown || f.Rule == source.OnePerson || f.Rule == source.TwoPeople
		if len(alike) > mostAlike && f.Line > 0 && !names {
			if told[kind] {
				continue
			}
			told[kind] = true
			f.Text += fmt.Sprintf(" There are %d more like this%s.", len(alike)-1, onLines(f.Line, alike[1:]))
		}
		folded = append(folded, f)
	}
	return folded
}

// onLines says where the others are; nothing where a file is all on one line.
func onLines(first int, others []int) string {
	others = slices.DeleteFunc(slices.Compact(slices.Clone(others)), func(line int) bool { return line == first })
	var words []string
	for _, line := range others[:min(len(others), mostLines)] {
		words = append(words, fmt.Sprint(line))
	}
	switch {
	case len(others) > mostLines:
		return ", on the lines " + strings.Join(words, ", ") + " and further down"
	case len(others) > 0:
		return ", on the lines " + strings.Join(words, ", ")
	}
	return ""
}

var quotedName = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// toldAlready says whether the file's reader has told by that rule, or by one that says more, of an entry of that name.
func (i *importing) toldAlready(rule source.Rule, line int, name string) bool {
	key := func(rule source.Rule, line int, name string) string { return fmt.Sprint(rule, " ", line, " ", name) }
	if i.found == nil {
		i.found = map[string]bool{}
		for _, f := range i.programme.Findings {
			if f.Rule == source.BadTime || f.Rule == source.EndBeforeStart {
				f.Rule = source.NoTime
			}
			for _, name := range quotedName.FindAllString(f.Text, -1) {
				i.found[key(f.Rule, f.Line, name)] = true
			}
		}
	}
	return i.found[key(rule, line, name)]
}
