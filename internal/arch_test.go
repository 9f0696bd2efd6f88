// Package internal_test holds the house to its plan: which package may import which, where each third party may be
// used, how long a file, a function and a handler may be, which names say nothing, and that docs/architecture.md
// names only what exists.
//
// The tables below are the plan. To change it, change them, docs/architecture.md and an ADR together.
package internal_test

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// room is one package of the house. Imports go down only, so every package in may and tests has a smaller floor.
type room struct {
	floor int
	may   []string // our packages that it imports
	tests []string // what its tests import besides: pgtest, always, and these
	why   string
}

// house is the staircase. A package that is not here has not been thought about, and is refused.
var house = map[string]room{
	"db":                 {floor: 0, why: "migrations are data: whoever embeds them needs to know nothing"},
	"web":                {floor: 0, why: "templates, sources and words are data: whoever embeds them needs to know nothing"},
	"internal/agenda":    {floor: 0, why: "the domain is rules without I/O, so that a rule can be read and tested alone"},
	"internal/pgtest":    {floor: 0, why: "a server for tests is about PostgreSQL, not about agendas"},
	"internal/markup":    {floor: 0, why: "how a text that people wrote is read and made safe is the same whatever it is about"},
	"internal/telemetry": {floor: 0, why: "how it is told what the program does is the same whatever it does"},
	"internal/reserve":   {floor: 0, why: "what must be set before other packages are initialized is set by one that imports none"},
	"internal/otlptest":  {floor: 0, why: "a collector for tests is about OpenTelemetry, not about agendas"},
	"internal/oidctest":  {floor: 0, why: "a provider for tests is about OpenID Connect, not about agendas"},

	"internal/store":      {floor: 1, may: []string{"internal/agenda", "internal/telemetry", "db"}, why: "the store keeps the domain's nouns; what may be done with them is decided above"},
	"internal/ical":       {floor: 1, may: []string{"internal/agenda"}, why: "a calendar is a pure function of the domain"},
	"internal/exchange":   {floor: 1, may: []string{"internal/agenda", "internal/markup"}, why: "a format is a pure function of the domain"},
	"internal/source":     {floor: 1, may: []string{"internal/agenda"}, why: "what a file says is one thing, what becomes of it another"},
	"internal/media":      {floor: 1, may: []string{"internal/agenda"}, why: "what a file is and whether it may be handed on is told by its bytes alone"},
	"internal/fetch":      {floor: 1, may: []string{"internal/agenda"}, why: "an address that somebody typed is asked for in one place, which knows what it must not reach"},
	"internal/credential": {floor: 1, may: []string{"internal/agenda"}, why: "what proves who somebody is can be judged without knowing where it is kept or how it came"},
	"internal/inbox":      {floor: 1, may: []string{"internal/agenda"}, why: "a letter that comes in is taken apart within limits, by what knows nothing that it could give away"},
	"internal/mail":       {floor: 1, may: []string{"internal/agenda", "web"}, why: "a letter is the domain in a template, sent"},

	"internal/webhook": {floor: 2, may: []string{"internal/agenda", "internal/fetch"}, why: "it signs and sends what it is given; where that may go, fetch knows"},

	"internal/app": {
		floor: 2,
		may: []string{"internal/store", "internal/agenda", "internal/credential", "internal/exchange", "internal/ical", "internal/source",
			"internal/media", "internal/mail", "internal/inbox"},
		why: "an intention is one transaction, whoever asked for it, and the revisions of calendar entries and the words of letters are part of it; it knows no HTTP",
	},

	"internal/server": {
		floor: 3,
		may: []string{"internal/app", "internal/agenda", "internal/exchange", "internal/source", "internal/fetch", "internal/markup",
			"internal/media", "internal/telemetry", "web"},
		tests: []string{"internal/store", "internal/credential"},
		why:   "a read is an authorization too, so HTTP reaches the store through app only; tests open a store and make passwords cheap, to hand them to app",
	},
	"internal/jobs": {
		floor: 3,
		may:   []string{"internal/app", "internal/agenda", "internal/mail", "internal/webhook", "internal/ical", "internal/telemetry"},
		tests: []string{"internal/store"},
		why:   "the worker is another way in, beside HTTP; tests open a store, to hand it to app",
	},

	"cmd/plenary": {
		floor: 4,
		may: []string{
			"internal/agenda", "internal/store", "internal/credential", "internal/ical", "internal/exchange", "internal/source", "internal/fetch",
			"internal/webhook", "internal/mail", "internal/inbox", "internal/media",
			"internal/app", "internal/server", "internal/jobs", "internal/telemetry", "internal/reserve", "db", "web",
		},
		why: "it wires everything, and nothing imports it",
	},

	"cmd/bench":    {floor: 4, why: "it measures the program from outside, as those meet it who use it"},
	"ops/failover": {floor: 4, may: []string{"db"}, why: "a drill meets the program as its users do, by its commands and over HTTP"},

	"internal": {floor: 5, why: "it holds this test only"},
}

// testsOnly are our packages that no program may contain.
var testsOnly = []string{"internal/pgtest", "internal/oidctest", "internal/otlptest"}

// aside tells whether a package is no part of the program that people install.
func aside(pkg string) bool {
	return pkg == "cmd/bench" || pkg == "ops/failover" || slices.Contains(testsOnly, pkg)
}

// fence says where one third party, and everything below its path, may be imported.
type fence struct {
	path    string
	in      []string
	inTests bool // in every package's tests too
	why     string
}

// anywhere is the fence around nothing.
const anywhere = "*"

// fences hold every third party that the program uses. One that is not here has not been thought about, and is
// refused. The longest path that fits wins.
var fences = []fence{
	{path: "gorm.io", in: []string{"internal/store", "cmd/bench"}, why: "the mapper's errors, tags and zero values stay behind one door; the bench compares with a program that has no such door"},
	{path: "modernc.org/sqlite", in: []string{"internal/store", "cmd/bench"}, why: "which driver reads the file is the store's business; the bench compares with a program on the same one"},
	{path: "github.com/jackc/pgx", in: []string{"internal/store", "internal/pgtest"}, why: "which driver talks to PostgreSQL is the store's business; pgtest makes databases"},
	{path: "github.com/pressly/goose", in: []string{"internal/store"}, why: "the store brings its own schema up to date"},
	{path: "github.com/labstack", in: []string{"internal/server", "cmd/bench"}, why: "the web framework can be changed by changing one package; the bench compares with a program on the same one"},
	{path: "github.com/danielgtaylor/huma", in: []string{"internal/server"}, why: "an API body is HTTP's struct, not the domain's"},
	{path: "github.com/arran4/golang-ical", in: []string{"internal/ical"}, why: "its traps are known in one place"},
	{path: "github.com/xuri/excelize", in: []string{"internal/source", "internal/exchange"}, why: "a workbook is read in one place and written in another"},
	{path: "github.com/boombuler/barcode", in: []string{"internal/server"}, why: "a QR code is a picture on a page"},
	{path: "github.com/andybalholm/brotli", in: []string{"internal/server"}, why: "how an answer is compressed is HTTP's business"},
	{path: "github.com/hashicorp/golang-lru", in: []string{"internal/server"}, why: "of how many the limits know what they did is HTTP's business"},
	{path: "github.com/getkin/kin-openapi", inTests: true, why: "it reads the API's document as programs of others do"},
	{path: "github.com/santhosh-tekuri/jsonschema", inTests: true, why: "it holds answers to the API's document"},
	{path: "github.com/go-json-experiment/json", in: []string{"internal/exchange"}, why: "releases are read where they are written"},
	{path: "github.com/klauspost/compress", in: []string{"internal/server"}, why: "what goes over the wire is HTTP's business, and so is how it is made small"},
	{path: "github.com/piglig/go-qr", inTests: true, why: "it reads QR codes, so that those that are drawn are known to be readable"},
	{path: "github.com/go-webauthn", in: []string{"internal/credential"}, why: "a passkey is JSON to everybody else"},
	{path: "github.com/descope/virtualwebauthn", inTests: true, why: "it is the authenticator that a test holds in its hand"},
	{path: "github.com/chromedp", inTests: true, why: "it drives the browser in which passkeys are tried"},
	{path: "github.com/pquerna/otp", in: []string{"internal/credential"}, inTests: true, why: "which codes are good is decided in one place"},
	{path: "github.com/coreos/go-oidc", in: []string{"internal/credential"}, why: "who somebody is to a provider is read in one place, with every check"},
	{path: "golang.org/x/oauth2", in: []string{"internal/credential"}, why: "it is spoken for single sign-on only"},
	{path: "golang.org/x/crypto", in: []string{"internal/credential"}, why: "what is made of its parts is proven in one place"},
	{path: "github.com/yuin/goldmark", in: []string{"internal/markup"}, why: "what is taken of Markdown is decided in one place"},
	{path: "github.com/microcosm-cc/bluemonday", in: []string{"internal/markup"}, why: "what may come into a page of what people wrote is decided in one place"},
	{path: "github.com/wneessen/go-mail", in: []string{"internal/mail"}, why: "SMTP is spoken in one place"},
	{path: "github.com/emersion", inTests: true, why: "it is the mail server of tests"},
	{path: "mvdan.cc/xurls", inTests: true, why: "it finds links as mail programs do, so that names are known not to become any"},
	{path: "github.com/evanw/esbuild", in: []string{"web"}, why: "the bundler belongs to the sources that it bundles"},
	{path: "github.com/spf13", in: []string{"cmd/plenary"}, why: "flags and environment are read in cmd only"},
	{path: "github.com/google/uuid", in: []string{"cmd/plenary"}, inTests: true, why: "identifiers are made by a function given to app, so that tests can give another"},
	{path: "github.com/google/go-cmp", inTests: true, why: "it panics where it does not understand: fit for tests only"},
	{path: "github.com/prometheus", in: []string{"internal/telemetry"}, inTests: true, why: "what may become a metric or a label is decided in one place; tests read what comes out"},
	{path: "go.opentelemetry.io", in: []string{"internal/telemetry", "internal/otlptest"}, why: "what may become an attribute is decided in one place; a collector for tests reads what comes out"},
	{path: "github.com/go-logr", in: []string{"internal/telemetry"}, why: "OpenTelemetry complains by it"},
	{path: "google.golang.org/protobuf", in: []string{"internal/otlptest"}, why: "a collector for tests reads it"},
	{path: "golang.org/x", in: []string{anywhere}, why: "the standard library's waiting room"},
}

// pure are packages that import the standard library and nothing of a third party, but for what is listed.
var pure = map[string][]string{
	// Choosing the reader's best language is an algorithm of a standard (BCP 47, CLDR), not of ours.
	"internal/agenda": {"golang.org/x/text/language"},
	"db":              nil,
}

// Budgets, in lines. They are where a reader's patience ends, as far as the codebases that we studied can tell.
const (
	maxFile    = 400
	maxFunc    = 60
	maxTest    = 120 // a test may be a table
	maxHandler = 30  // decode, call app, encode
)

// noName are names that say nothing: whoever looks for something does not know whether it is there.
var noName = []string{
	"models", "types", "utils", "util", "common", "helpers", "helper", "services", "core", "manager",
}

// checks are the rules, by name. Each reads a tree and answers with a line for each violation.
var checks = map[string]func(*tree) []string{
	"arrows":   checkArrows,
	"fences":   checkFences,
	"lengths":  checkLengths,
	"handlers": checkHandlers,
	"names":    checkNames,
	"docs":     checkDocs,
}

// examine reads a module and answers with every violation of every rule, in order.
func examine(module fs.FS) ([]string, error) {
	tr, err := readTree(module)
	if err != nil {
		return nil, err
	}
	found := slices.Clone(tr.unreadable)
	for name, check := range checks {
		for _, line := range check(tr) {
			found = append(found, name+": "+line)
		}
	}
	slices.Sort(found)
	return found, nil
}

func TestTheHouseIsAsPlanned(t *testing.T) {
	found, err := examine(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range found {
		t.Error(line)
	}
}

func TestArrowsGoDownOnly(t *testing.T) {
	for name, from := range house {
		for _, to := range slices.Concat(from.may, from.tests) {
			below, known := house[to]
			if !known || below.floor >= from.floor {
				t.Errorf("%s (floor %d) may import %s (floor %d, in the table: %t)", name, from.floor, to, below.floor, known)
			}
		}
		if from.why == "" {
			t.Errorf("%s has no reason", name)
		}
	}
}

func TestEveryFenceStandsSomewhere(t *testing.T) {
	for _, f := range fences {
		for _, in := range f.in {
			if _, known := house[in]; !known && in != anywhere {
				t.Errorf("%s is fenced in %s, which is not in the house", f.path, in)
			}
		}
		if f.why == "" || (len(f.in) == 0 && !f.inTests) {
			t.Errorf("the fence of %s has no reason or no place", f.path)
		}
	}
}

// checkArrows holds imports among our own packages to the house.
func checkArrows(tr *tree) []string {
	var found []string
	for _, f := range tr.goFiles {
		from, known := house[f.pkg]
		if !known {
			found = append(found, fmt.Sprintf("%s: package %s is not in the picture; add it to the table, to docs/architecture.md and to an ADR", f.path, f.pkg))
			continue
		}
		for _, imp := range f.imports {
			to, ours := tr.ours(imp.path)
			if !ours || to == f.pkg || slices.Contains(from.may, to) || f.test && mayInTests(f.pkg, from, to) {
				continue
			}
			found = append(found, fmt.Sprintf("%s:%d: %s may not import %s: %s", f.path, imp.line, f.pkg, to, from.why))
		}
	}
	return found
}

// mayInTests says what tests import beyond what their package does. The command's tests run the whole program and
// look at it from every side.
func mayInTests(pkg string, from room, to string) bool {
	return pkg == "cmd/plenary" || slices.Contains(testsOnly, to) || slices.Contains(from.tests, to)
}

// checkFences holds imports of third parties to the fences.
func checkFences(tr *tree) []string {
	var found []string
	for _, f := range tr.goFiles {
		for _, imp := range f.imports {
			if _, ours := tr.ours(imp.path); ours || tr.standard(imp.path) {
				continue
			}
			if reason := outside(f, imp.path); reason != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s may not import %s: %s", f.path, imp.line, f.pkg, imp.path, reason))
			}
		}
	}
	return found
}

// outside answers with the reason why a file may not import a third party, or with nothing.
func outside(f goFile, path string) string {
	if f.test && f.pkg == "cmd/plenary" {
		return ""
	}
	around := fenceOf(path)
	if around == nil {
		return "no fence holds it; give it one, with an ADR"
	}
	if f.test && around.inTests {
		return ""
	}
	if allowed, only := pure[f.pkg]; only && !slices.ContainsFunc(allowed, func(a string) bool { return within(path, a) }) {
		return "this package imports the standard library" + strings.Join(append([]string{""}, allowed...), " and ") + " only"
	}
	if slices.Contains(around.in, f.pkg) || slices.Contains(around.in, anywhere) {
		return ""
	}
	return around.why
}

func fenceOf(path string) *fence {
	var longest *fence
	for i, f := range fences {
		if within(path, f.path) && (longest == nil || len(f.path) > len(longest.path)) {
			longest = &fences[i]
		}
	}
	return longest
}

// within tells whether a slash-separated path is another or below it.
func within(path, above string) bool {
	return path == above || strings.HasPrefix(path, above+"/")
}

// exists tells whether something is there. A folder may be named with a slash behind it.
func exists(module fs.FS, path string) bool {
	_, err := fs.Stat(module, strings.TrimSuffix(path, "/"))
	return err == nil
}
