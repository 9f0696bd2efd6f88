package internal_test

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the names of new tests of holes into docs/security.md")

const (
	securityDoc = "../docs/security.md"
	// standard is OWASP's ASVS 5.0, levels 1 and 2, as a table of id, section, level and requirement. It lies beside the project
	// on some machines.
	standard   = "../../shared/data/asvs-5.0-l1-l2.csv"
	leastHeld  = 45
	peersHoles = 40
)

// held is the section of requirements that tests hold; in the others, words say why not.
const held = "Held by tests"

var sections = []string{held, "Held by a document", "Left to whoever runs it", "Not met", "Does not arise"}

// requirement is what docs/security.md says of one of the standard's.
type requirement struct {
	id, level, section, last string // level is "" where it is not said
}

// hole is what it says of one of the holes of others.
type hole struct{ number, what, tests string }

// security is docs/security.md as the rules see it.
type security struct {
	requirements []requirement
	holes        []hole
	named        []string // tests
}

var (
	requirementID = regexp.MustCompile(`^V[1-9][0-9]?\.[1-9][0-9]?\.[1-9][0-9]?$`)
	holeNumber    = regexp.MustCompile(`^V[0-9]{2}$`)
	testNamed     = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
)

// readSecurity takes the document apart.
func readSecurity(text string) (s security, wrong []string) {
	section := ""
	for n, l := range strings.Split(text, "\n") {
		for _, m := range testNamed.FindAllStringSubmatch(l, -1) {
			s.named = append(s.named, m[1])
		}
		if heading, ok := strings.CutPrefix(l, "### "); ok {
			section = heading
		} else if strings.HasPrefix(l, "## ") {
			section = ""
		}
		if !strings.HasPrefix(l, "| V") {
			continue
		}
		cells := strings.Split(strings.Trim(l, "| "), " | ")
		last := cells[len(cells)-1]
		if holeNumber.MatchString(cells[0]) && len(cells) == 3 {
			s.holes = append(s.holes, hole{cells[0], cells[1], last})
			continue
		}
		if !slices.Contains(sections, section) || len(cells) != 4 && len(cells) != 2 {
			wrong = append(wrong, fmt.Sprintf("line %d is of no table: %.60s", n+1, l))
			continue
		}
		for id := range strings.SplitSeq(cells[0], ", ") {
			r := requirement{id: id, section: section, last: last}
			if len(cells) == 4 {
				r.level = cells[1]
			}
			s.requirements = append(s.requirements, r)
		}
	}
	return s, wrong
}

// checkSecurity holds the document to the tests that there are.
func checkSecurity(text string, tests map[string]bool) []string {
	s, wrong := readSecurity(text)
	fault := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, name := range s.named {
		if !tests[name] {
			fault("%s is named, and there is no such test", name)
		}
	}
	seen, count := map[string]string{}, 0
	for _, r := range s.requirements {
		if !requirementID.MatchString(r.id) {
			fault("%q is no requirement's id", r.id)
		}
		if before := seen[r.id]; before != "" {
			fault("%s is in %q and in %q", r.id, before, r.section)
		}
		seen[r.id] = r.section
		if r.level != "1" && r.level != "2" && (r.level != "" || r.section != "Does not arise") {
			fault("%s has the level %q", r.id, r.level)
		}
		if r.section == held {
			count++
			if !testNamed.MatchString(r.last) {
				fault("%s is held by no test", r.id)
			}
		} else if len(r.last) < 10 {
			fault("%s (%s) has no reason", r.id, r.section)
		}
	}
	if count < leastHeld {
		fault("%d requirements are held; it must be %d", count, leastHeld)
	}
	return append(wrong, checkHoles(s.holes, tests)...)
}

// checkHoles asks for a row for each of the peers' holes, with all the tests that bear its number.
func checkHoles(holes []hole, tests map[string]bool) (wrong []string) {
	rows := map[string]string{}
	for _, h := range holes {
		if rows[h.number] != "" {
			wrong = append(wrong, h.number+" is there twice")
		}
		rows[h.number] = h.tests
	}
	for i := range peersHoles {
		number := fmt.Sprintf("V%02d", i+1)
		if rows[number] == "" || !strings.Contains(rows[number], "`TestHole"+number) && !strings.Contains(rows[number], "not reached: ") {
			wrong = append(wrong, number+" has no test of its number, and is not said to be not reached")
		}
	}
	for name := range tests {
		if number, ok := strings.CutPrefix(name, "TestHole"); ok && (len(number) < 3 || !strings.Contains(rows[number[:3]], "`"+name+"`")) {
			wrong = append(wrong, name+" is not in the table of holes; `go test ./internal -run TestTheSecurityDocument -update` puts it there")
		}
	}
	return wrong
}

// testsOf gives the names of all tests of the tree.
func testsOf(tr *tree) map[string]bool {
	names := map[string]bool{}
	for _, f := range tr.goFiles {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && f.test && fn.Recv == nil && (strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz")) {
				names[fn.Name.Name] = true
			}
		}
	}
	return names
}

// renewHoles puts the tests that bear the number of a hole into its row.
func renewHoles(text string, tests map[string]bool) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		cells := strings.Split(strings.Trim(l, "| "), " | ")
		if !strings.HasPrefix(l, "| V") || len(cells) != 3 || !holeNumber.MatchString(cells[0]) {
			continue
		}
		names := map[string]bool{}
		for _, m := range testNamed.FindAllStringSubmatch(cells[2], -1) {
			names[m[1]] = tests[m[1]]
		}
		own := false
		for name := range tests {
			if strings.HasPrefix(name, "TestHole"+cells[0]) {
				names[name], own = true, true
			}
		}
		if !own {
			continue
		}
		maps.DeleteFunc(names, func(_ string, there bool) bool { return !there })
		lines[i] = fmt.Sprintf("| %s | %s | `%s` |", cells[0], cells[1], strings.Join(slices.Sorted(maps.Keys(names)), "`, `"))
	}
	return strings.Join(lines, "\n")
}

func TestTheSecurityDocument(t *testing.T) {
	text, err := os.ReadFile(securityDoc)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(tr)
	if *update {
		text = []byte(renewHoles(string(text), tests))
		if err := os.WriteFile(securityDoc, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range checkSecurity(string(text), tests) {
		t.Error(line)
	}
	table, err := os.Open(standard)
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("the levels are not compared: %s is not on this machine", standard)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := readSecurity(string(text))
	for _, line := range compareLevels(s, rows[1:]) {
		t.Error(line)
	}
}

// compareLevels holds the document to the standard: it says something of each requirement, and of nothing else.
func compareLevels(s security, rows [][]string) (wrong []string) {
	levels := map[string]string{}
	for _, row := range rows {
		levels[row[0]] = row[2]
	}
	said := map[string]bool{}
	for _, r := range s.requirements {
		said[r.id] = true
		if level := levels[r.id]; level == "" || r.level != "" && r.level != level {
			wrong = append(wrong, fmt.Sprintf("%s is said to be of level %q, and is of %q", r.id, r.level, level))
		}
	}
	for id := range levels {
		if !said[id] {
			wrong = append(wrong, "nothing is said of "+id)
		}
	}
	return wrong
}

// A rule that nothing can break looks like a rule that nobody breaks.
func TestTheSecurityDocumentCanBeWrong(t *testing.T) {
	tests := map[string]bool{"TestA": true}
	var good strings.Builder
	good.WriteString("## Holes\n\n")
	for i := range peersHoles {
		name := fmt.Sprintf("TestHoleV%02dSomething", i+1)
		tests[name] = true
		fmt.Fprintf(&good, "| V%02d | what | `%s` |\n", i+1, name)
	}
	good.WriteString("\n### Held by tests\n\n")
	for i := range leastHeld {
		fmt.Fprintf(&good, "| V1.1.%d | 1 | what | `TestA` |\n", i+1)
	}
	good.WriteString("\n### Not met\n\n| V2.1.1 | 2 | what | the reason why it is not |\n\n### Does not arise\n\n| V3.1.1, V3.1.2 | there is no such thing |\n")
	if wrong := checkSecurity(good.String(), tests); len(wrong) > 0 {
		t.Fatalf("a good document: %q", wrong)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"a test that is none":    {"| V1.1.7 | 1 | what | `TestA` |", "| V1.1.7 | 1 | what | `TestB` |", "TestB is named"},
		"no test":                {"| V1.1.7 | 1 | what | `TestA` |", "| V1.1.7 | 1 | what | review |", "V1.1.7 is held by no test"},
		"twice":                  {"| V1.1.7 |", "| V1.1.8 |", "V1.1.8 is in"},
		"held and not met":       {"| V2.1.1 |", "| V1.1.8 |", "V1.1.8 is in"},
		"an id that is none":     {"| V1.1.7 |", "| V1.1.x |", `"V1.1.x" is no requirement's id`},
		"another level":          {"| V1.1.7 | 1 |", "| V1.1.7 | 3 |", `V1.1.7 has the level "3"`},
		"too few":                {"| V1.1.7 | 1 | what | `TestA` |\n", "", "44 requirements are held"},
		"no reason":              {"the reason why it is not", "-", "V2.1.1 (Not met) has no reason"},
		"no section":             {"### Not met", "### Not so", "is of no table"},
		"a hole that is lacking": {"| V07 | what | `TestHoleV07Something` |\n", "", "V07 has no test"},
		"a hole without a test":  {"`TestHoleV07Something`", "`TestA`", "TestHoleV07Something is not in the table"},
		"a hole twice":           {"| V08 |", "| V07 |", "V07 is there twice"},
	} {
		if wrong := checkSecurity(strings.Replace(good.String(), c.from, c.to, 1), tests); !strings.Contains(strings.Join(wrong, "\n"), c.want) {
			t.Errorf("%s: %q, want %q", name, wrong, c.want)
		}
	}
	spoiled := strings.Replace(good.String(), "`TestHoleV07Something`", "not reached: because; `TestA`", 1)
	if wrong := checkSecurity(renewHoles(spoiled, tests), tests); len(wrong) > 0 || !strings.Contains(renewHoles(spoiled, tests), "`TestA`, `TestHoleV07Something` |") {
		t.Errorf("a row that is renewed: %q", wrong)
	}
	s, _ := readSecurity(good.String())
	rows := [][]string{{"V2.1.1", "", "1", ""}, {"V3.1.1", "", "2", ""}, {"V3.1.2", "", "2", ""}, {"V9.9.9", "", "1", ""}}
	for i := range leastHeld - 1 {
		rows = append(rows, []string{"V1.1." + strconv.Itoa(i+1), "", "1", ""})
	}
	if wrong := compareLevels(s, rows); len(wrong) != 3 { // another level, one that is none, one that is lacking
		t.Errorf("%q", wrong)
	}
}
