package internal_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A rule that nothing can break looks like a rule that nobody breaks. So each is broken here, in a copy.

// plant is a file put into a copy of the house.
type plant struct {
	path string
	text string
	want []string // what the new violations say, in order; none: the plant is allowed
}

// code makes a Go file: a package clause, imports, and lines after them.
func code(pkg string, imports []string, rest ...string) string {
	var b strings.Builder
	b.WriteString("package " + pkg + "\n\n")
	for _, path := range imports {
		b.WriteString("import _ \"" + path + "\"\n")
	}
	b.WriteString(strings.Join(rest, "\n") + "\n")
	return b.String()
}

// function makes one of so many lines, the first and the last included.
func function(signature string, lines int) string {
	return signature + " {\n" + strings.Repeat("\t_ = 0\n", lines-2) + "}"
}

func imports(paths ...string) []string { return paths }

const (
	echoImport = "import web \"github.com/labstack/echo/v4\"\n"
	ctxImport  = "import \"context\"\n"
	humaOp     = "func op(ctx context.Context, in *struct{}) (*struct{}, error)"
)

var arrowPlants = map[string]plant{
	"agenda imports the store":       {"internal/agenda/planted.go", code("agenda", imports("plenary/internal/store")), []string{"arrows: internal/agenda/planted.go:3: internal/agenda may not import internal/store"}},
	"server imports the store":       {"internal/server/planted.go", code("server", imports("plenary/internal/store")), []string{"a read is an authorization too"}},
	"store imports app, upwards":     {"internal/store/planted.go", code("store", imports("plenary/internal/app")), []string{"internal/store may not import internal/app"}},
	"ical imports its neighbour":     {"internal/ical/planted.go", code("ical", imports("plenary/internal/exchange")), []string{"internal/ical may not import internal/exchange"}},
	"server imports ical":            {"internal/server/planted.go", code("server", imports("plenary/internal/ical")), []string{"internal/server may not import internal/ical"}},
	"a program contains pgtest":      {"cmd/plenary/planted.go", code("main", imports("plenary/internal/pgtest")), []string{"cmd/plenary may not import internal/pgtest"}},
	"a test goes upwards":            {"internal/store/planted_test.go", code("store_test", imports("plenary/internal/app")), []string{"internal/store may not import internal/app"}},
	"a package nobody thought about": {"internal/planted/planted.go", code("planted", nil), []string{"package internal/planted is not in the picture"}},
	"the root becomes a package":     {"planted.go", code("plenary", nil), []string{"package . is not in the picture"}},

	"app imports the store":          {"internal/app/planted.go", code("app", imports("plenary/internal/store", "plenary/internal/agenda")), nil},
	"a test imports its own package": {"internal/agenda/planted_test.go", code("agenda_test", imports("plenary/internal/agenda")), nil},
	"any test imports pgtest":        {"internal/app/planted_test.go", code("app_test", imports("plenary/internal/pgtest")), nil},
	"server's tests open a store":    {"internal/server/planted_test.go", code("server_test", imports("plenary/internal/store")), nil},
	"the command's tests see all":    {"cmd/plenary/planted_test.go", code("main", imports("plenary/internal/pgtest", "github.com/jackc/pgx/v5", "plenary/internal/ical")), nil},
}

var fencePlants = map[string]plant{
	"GORM in app":                 {"internal/app/planted.go", code("app", imports("gorm.io/gorm/clause")), []string{"fences: internal/app/planted.go:3: internal/app may not import gorm.io/gorm/clause"}},
	"the SQLite driver in cmd":    {"cmd/plenary/planted.go", code("main", imports("modernc.org/sqlite")), []string{"cmd/plenary may not import modernc.org/sqlite"}},
	"pgx in server":               {"internal/server/planted.go", code("server", imports("github.com/jackc/pgx/v5/pgconn")), []string{"internal/server may not import github.com/jackc/pgx"}},
	"goose in cmd":                {"cmd/plenary/planted.go", code("main", imports("github.com/pressly/goose/v3")), []string{"cmd/plenary may not import github.com/pressly/goose"}},
	"Echo in cmd":                 {"cmd/plenary/planted.go", code("main", imports("github.com/labstack/echo/v4")), []string{"cmd/plenary may not import github.com/labstack/echo"}},
	"Huma in app":                 {"internal/app/planted.go", code("app", imports("github.com/danielgtaylor/huma/v2")), []string{"internal/app may not import github.com/danielgtaylor/huma"}},
	"golang-ical in server":       {"internal/server/planted.go", code("server", imports("github.com/arran4/golang-ical")), []string{"internal/server may not import github.com/arran4/golang-ical"}},
	"cobra in server":             {"internal/server/planted.go", code("server", imports("github.com/spf13/cobra")), []string{"internal/server may not import github.com/spf13/cobra"}},
	"identifiers made in app":     {"internal/app/planted.go", code("app", imports("github.com/google/uuid")), []string{"internal/app may not import github.com/google/uuid"}},
	"go-cmp in a program":         {"internal/app/planted.go", code("app", imports("github.com/google/go-cmp/cmp")), []string{"fit for tests only"}},
	"another third party, agenda": {"internal/agenda/planted.go", code("agenda", imports("golang.org/x/text/unicode/norm")), []string{"the standard library and golang.org/x/text/language only"}},
	"a third party in db":         {"db/planted.go", code("db", imports("golang.org/x/text/language")), []string{"the standard library only"}},
	"a stranger":                  {"internal/store/planted.go", code("store", imports("github.com/mattn/go-sqlite3")), []string{"no fence holds it"}},
	"a longer name, same start":   {"internal/store/planted.go", code("store", imports("gorm.iox/gorm")), []string{"no fence holds it"}},

	"languages in agenda": {"internal/agenda/planted.go", code("agenda", imports("golang.org/x/text/language", "errors")), nil},
	"go-cmp in its tests": {"internal/agenda/planted_test.go", code("agenda", imports("github.com/google/go-cmp/cmp")), nil},
	"identifiers, a test": {"internal/app/planted_test.go", code("app", imports("github.com/google/uuid")), nil},
	"GORM in the store":   {"internal/store/planted.go", code("store", imports("gorm.io/gorm", "modernc.org/sqlite")), nil},
}

var budgetPlants = map[string]plant{
	"a long Go file":         {"internal/app/planted.go", code("app", nil) + strings.Repeat("\n", maxFile), []string{"lengths: internal/app/planted.go: 403 lines; a file has at most 400"}},
	"a long test file":       {"internal/app/planted_test.go", code("app", nil) + strings.Repeat("\n", maxFile), []string{"a file has at most 400"}},
	"a long style sheet":     {"web/planted.css", strings.Repeat("\n", maxFile+1), []string{"web/planted.css: 401 lines"}},
	"a long last line":       {"web/planted.ts", strings.Repeat("\n", maxFile) + "//", []string{"web/planted.ts: 401 lines"}},
	"a long function":        {"internal/app/planted.go", code("app", nil, function("func planted()", maxFunc+1)), []string{"internal/app/planted.go:3: planted has 61 lines; here a function has at most 60"}},
	"a long method":          {"internal/app/planted.go", code("app", nil, "type p struct{}", function("func (p) planted()", maxFunc+1)), []string{"planted has 61 lines"}},
	"a long test":            {"internal/app/planted_test.go", code("app", nil, function("func TestPlanted()", maxTest+1)), []string{"TestPlanted has 121 lines; here a function has at most 120"}},
	"a long Echo handler":    {"internal/server/planted.go", code("server", nil, echoImport, function("func page(c web.Context) error", maxHandler+1)), []string{"handlers: internal/server/planted.go:5: page handles HTTP in 31 lines"}},
	"a long Huma handler":    {"internal/server/planted.go", code("server", nil, ctxImport, function(humaOp, maxHandler+1)), []string{"op handles HTTP in 31 lines"}},
	"a long closure handler": {"internal/server/planted.go", code("server", nil, echoImport, function("var page = func(c web.Context) error", maxHandler+1)), []string{"a closure handles HTTP in 31 lines"}},
	"a file that is not Go":  {"internal/app/planted.go", "package app\n\nfunc {\n", []string{"syntax: internal/app/planted.go:3:6"}},

	"files at their budget":     {"internal/app/planted.go", code("app", nil) + strings.Repeat("\n", maxFile-3), nil},
	"functions at their budget": {"internal/app/planted.go", code("app", nil, "// planted has a comment.", function("func planted()", maxFunc)), nil},
	"tests at their budget":     {"internal/app/planted_test.go", code("app", nil, function("func TestPlanted()", maxTest)), nil},
	"handlers at their budget":  {"internal/server/planted.go", code("server", nil, ctxImport, function(humaOp, maxHandler)), nil},
	"another function, server":  {"internal/server/planted.go", code("server", nil, ctxImport, function("func op(ctx context.Context, in int) error", maxFunc)), nil},
	"another's context, app":    {"internal/app/planted.go", code("app", nil, ctxImport, function(humaOp, maxFunc)), nil},
	"what tools have written":   {"web/node_modules/utils/utils.css", strings.Repeat("\n", maxFile+1), nil},
}

var namePlants = map[string]plant{
	"a file named utils":         {"internal/app/utils.go", code("app", nil), []string{"names: internal/app/utils.go: the name utils says nothing"}},
	"a test file named helpers":  {"internal/app/helpers_test.go", code("app", nil), []string{"the name helpers says nothing"}},
	"a style sheet named common": {"web/common.css", "\n", []string{"the name common says nothing"}},
	"a directory named models":   {"web/models/a.ts", "\n", []string{"names: web/models: the name models says nothing"}},
	"a package named core":       {"internal/app/planted.go", code("core", nil), []string{"the package name core says nothing"}},
	"capitals do not help":       {"web/Manager.ts", "\n", []string{"the name manager says nothing"}},

	"a word within a name": {"internal/app/coreference.go", code("app", nil), nil},
}

var docsPlants = map[string]plant{
	"a package that is gone":   {architecture, "\nSee `internal/gone`.\n", []string{"docs: docs/architecture.md: names internal/gone, which does not exist"}},
	"a file that is gone":      {architecture, "\nSee `gone.sql` and `docs/gone.md`.\n", []string{"names docs/gone.md", "names gone.sql"}},
	"a hidden file, gone":      {architecture, "\nSee `.ci/gone`.\n", []string{"names .ci/gone"}},
	"what is there":            {architecture, "\nSee `go.mod`, `internal/` and `internal/arch_test.go`.\n", nil},
	"what only looks like one": {architecture, "\n`GET /events/{event}`, `/feeds`, `golang.org/x/text`, `*.ics`, `https://plenary.example/a`.\n", nil},
	"a drawing":                {architecture, "\n```\nserver/gone.go `internal/gone`\n```\n", nil},
}

func TestEveryRuleCanBeBroken(t *testing.T) {
	house := takeHouse(t, os.DirFS("..")) // one state of it, whatever is edited meanwhile
	before := mustExamine(t, house)
	for kind, plants := range map[string]map[string]plant{
		"arrows": arrowPlants, "fences": fencePlants, "budgets": budgetPlants, "names": namePlants, "docs": docsPlants,
	} {
		for name, p := range plants {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				after := mustExamine(t, p.put(house))
				p.compare(t, slices.DeleteFunc(after, func(line string) bool { return slices.Contains(before, line) }))
			})
		}
	}
}

// compare wants each new violation to say what was expected of it, and no other.
func (p plant) compare(t *testing.T, got []string) {
	t.Helper()
	same := len(got) == len(p.want)
	for i := range min(len(got), len(p.want)) {
		same = same && strings.Contains(got[i], p.want[i])
	}
	if !same {
		t.Errorf("violations after planting %s:\n%s\nwant:\n%s", p.path, strings.Join(got, "\n"), strings.Join(p.want, "\n"))
	}
}

// put gives a copy with the plant. What the house has already it adds to, when that is text to add to.
func (p plant) put(house fstest.MapFS) fstest.MapFS {
	planted, text := maps.Clone(house), p.text
	if there := house[p.path]; there != nil {
		text = string(there.Data) + text
	}
	planted[p.path] = &fstest.MapFile{Data: []byte(text)}
	return planted
}

func mustExamine(t *testing.T, module fs.FS) []string {
	t.Helper()
	found, err := examine(module)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// takeHouse takes a module into memory file by file, so that a rule is broken in the house as it is and not in a model of it. A
// file that vanishes meanwhile, as editors' do, is none of its business.
func takeHouse(t *testing.T, from fs.FS) fstest.MapFS {
	t.Helper()
	house := fstest.MapFS{}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(notOurs, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		text, err := fs.ReadFile(from, name)
		if errors.Is(err, fs.ErrNotExist) || !entry.Type().IsRegular() {
			return nil
		}
		house[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return house
}
