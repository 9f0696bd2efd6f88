package app

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/source"
)

// Of many findings that differ only in names and numbers the first stands for all; a few are told one by one.
func TestFoldFindings(t *testing.T) {
	var list []source.Finding
	for n := range 7 {
		list = append(list, source.Finding{Line: 90 - 10*n, Rule: source.NoPlace, Text: fmt.Sprintf("%q names no place: it has no room yet.", fmt.Sprint(`a "quoted" title `, n))})
	}
	for n := range mostAlike {
		list = append(list, source.Finding{Line: 5, Rule: source.BadTime, Text: fmt.Sprintf("The time \"%d\" of \"x\" can't be read.", n)})
	}
	for n := range mostLines + 3 {
		list = append(list, source.Finding{Line: 100 + n, Rule: source.DuplicateID, Text: "Twice."}, source.Finding{Line: 200, Rule: source.NoTitle, Text: "No title."})
		if n > mostAlike {
			list = append(list, source.Finding{Line: 300, Rule: source.ColumnUnknown, Text: "A column."})
		}
	}
	list = append(list, source.Finding{Rule: source.BadValue, Text: "There are 5 more warnings."})
	var got []string
	for _, f := range foldFindings(list) {
		got = append(got, fmt.Sprint(f.Line, " ", f.Rule, ": ", f.Text))
	}
	want := []string{"0 bad_value: There are 5 more warnings."}
	for n := range mostAlike {
		want = append(want, fmt.Sprintf(`5 bad_time: The time "%d" of "x" can't be read.`, n))
	}
	want = append(want, `30 no_place: "a \"quoted\" title 6" names no place: it has no room yet. There are 6 more like this, on the lines 40, 50, 60, 70, 80, 90.`)
	want = append(want, "100 duplicate_id: Twice. There are 12 more like this, on the lines 101, 102, 103, 104, 105, 106, 107, 108, 109, 110 and further down.",
		"200 no_title: No title. There are 12 more like this.")
	for range mostLines + 2 - mostAlike {
		want = append(want, "300 column_unknown: A column.")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
