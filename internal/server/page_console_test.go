package server

import (
	"encoding/json"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/source"
	"plenary/web"
)

func TestTheImportPage(t *testing.T) {
	h := newHarness(t)
	for lang, want := range map[string][]string{"en": {"Look at it first", "64 MiB"}, "fr": {"Voir d’abord", "64 Mio"}, "vi": {"Xem trước", "64 MiB"}} {
		a := h.must(200, h.get("/console/import?lang="+lang))
		if diff := cmp.Diff(map[string]string{"Cache-Control": cacheLatest, "Content-Language": lang, "Set-Cookie": "", "X-Robots-Tag": "noindex",
			"Content-Security-Policy": contentSecurity}, only(a, "Cache-Control", "Content-Language", "Set-Cookie", "X-Robots-Tag", "Content-Security-Policy")); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		for _, part := range append(want, `<meta name="robots" content="noindex">`, `<input id="token" type="password" autocomplete="off"`, "<noscript>",
			"plenary import FILE --event SLUG --dry-run", `"https://agenda.example/api/v1/events/SLUG/import?dry_run=true"`,
			`data-api="/api/v1/events/"`, `data-base="https://agenda.example"`, `data-max="67108864"`) {
			if !strings.Contains(a.Body, part) {
				t.Errorf("%s: the page lacks %s", lang, part)
			}
		}
		h.must(304, h.get("/console/import?lang="+lang, header{"If-None-Match", a.Header.Get("ETag")}))
	}
	h.must(200, h.ask("", http.MethodHead, "/console/import", nil))
	h.must(405, h.ask("", http.MethodPost, "/console/import", "token=x"))
	h.server = New(Options{App: h.app, BaseURL: "https://example.org/agendas", Now: h.now})
	if a := h.get("/console/import"); !strings.Contains(a.Body, `data-api="/agendas/api/v1/events/"`) {
		t.Error("below a path, the page asks elsewhere")
	}
}

// The page is public: whoever asks, and whatever there is, it is the same.
func TestTheImportPageHasNoData(t *testing.T) {
	without := newHarness(t)
	want := without.must(200, without.get("/console/import")).Body
	s := newStage(t)
	for token, name := range map[string]string{"": "nobody", s.read: "a reader", s.all: "an operator", "plenary_nobody": "a stranger"} {
		if diff := cmp.Diff(want, s.must(200, s.ask(token, http.MethodGet, "/console/import?slug=vidw-2025&token=x", nil)).Body); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

var (
	scriptSays   = regexp.MustCompile(`\b(?:say|refuse)\((?:[^()]*, )?"([a-z]+_[a-z0-9_]+)"`)
	scriptQuotes = regexp.MustCompile(`"((?:preview|problem|column|rule)_[a-z0-9_]*)"`)
	dataWords    = regexp.MustCompile(`data-words="([^"]*)"`)
	ruleNames    = regexp.MustCompile(`Rule\s+= "([a-z_]+)"`)
)

// usedWords gives the keys of words that the console's scripts ask for; of those that they put together, all that can come.
func usedWords(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{"request_id": true}
	several := func(prefix string, names ...string) {
		for _, n := range names {
			used[prefix+n] = true
		}
	}
	for _, name := range []string{"console/preview.ts", "console_import.ts"} {
		body, err := fs.ReadFile(web.Scripts, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range slices.Concat(scriptSays.FindAllSubmatch(body, -1), scriptQuotes.FindAllSubmatch(body, -1)) {
			if key := string(m[1]); !strings.HasSuffix(key, "_") {
				used[key] = true
			}
		}
	}
	for _, counted := range []string{"entries", "talks", "unchanged", "added", "moved", "edited", "cancelled", "restored", "removed", "rooms", "tracks", "people", "more"} {
		delete(used, "preview_"+counted)
		several("preview_"+counted, "_one", "_other")
	}
	several("preview_", string(agenda.SeverityError), string(agenda.SeverityWarning))
	several("problem_", "400", "401", "403", "404", "413", "422", "429", "500", "503", "507")
	for _, c := range source.Columns {
		several("column_", string(c))
	}
	rules, err := os.ReadFile("../source/programme.go")
	if err != nil {
		t.Fatal(err)
	}
	found := ruleNames.FindAllSubmatch(rules, -1)
	if len(found) < 10 {
		t.Fatalf("only %d rules", len(found))
	}
	for _, m := range found {
		several("rule_", string(m[1]))
	}
	return used
}

func TestTheScriptsOfTheConsoleHaveTheirWords(t *testing.T) {
	h := newHarness(t)
	used := slices.Sorted(maps.Keys(usedWords(t)))
	for _, lang := range programLanguages {
		m := dataWords.FindStringSubmatch(h.get("/console/import?lang=" + lang).Body)
		if m == nil {
			t.Fatalf("%s: no words", lang)
		}
		var said map[string]string
		if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &said); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(used, slices.Sorted(maps.Keys(said))); diff != "" {
			t.Errorf("%s: words that scripts ask for, and those that they get: %s", lang, diff)
		}
	}
}

func TestTheImportPageOffersEveryFormat(t *testing.T) {
	var offered []source.Format
	for _, f := range importFormats {
		offered = append(offered, f.format)
	}
	want := slices.DeleteFunc(slices.Clone(source.Formats), func(f source.Format) bool { return f == source.Plenary })
	if diff := cmp.Diff(want, offered); diff != "" {
		t.Error(diff)
	}
	const path = "/api/v1/events/{event}/import"
	var taken []source.Format
	for _, p := range newHarness(t).server.api().OpenAPI().Paths[path].Post.Parameters {
		for _, f := range p.Schema.Enum {
			taken = append(taken, source.Format(f.(string)))
		}
	}
	if diff := cmp.Diff(taken, offered); diff != "" {
		t.Errorf("the API takes others: %s", diff)
	}
}

// What a page needs to offer the columns of a table: its headers, whether they are understood or not.
func TestImportOfATableWithOtherHeaders(t *testing.T) {
	h := newHarness(t)
	type imported struct {
		Headers  []string
		Columns  map[string]string
		Findings []findingBody
	}
	send := func(status int, body, columns string) answer {
		t.Helper()
		query := "?dry_run=true"
		if columns != "" {
			query = "?columns=" + url.QueryEscape(columns)
		}
		return h.must(status, h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/import"+query, body))
	}
	const known, unknown = "Title,Date,Shoe/size\nOpening,2025-10-27,43\n", "aa,b/c,\nOpening,2025-10-27,43\n"
	got := decode[imported](t, send(200, known, ""))
	if diff := cmp.Diff(imported{[]string{"Title", "Date", "Shoe/size"}, map[string]string{"Title": "title", "Date": "date"},
		[]findingBody{{1, "column_unknown", `The column "Shoe/size" was not read: nothing is known of it.`}}}, imported{got.Headers, got.Columns, got.Findings[:1]}); diff != "" {
		t.Error(diff)
	}
	want := []ProblemFault{{Pointer: "#/columns/aa", Detail: "is not known to hold titles"}, {Pointer: "#/columns/b~1c", Detail: "is not known to hold titles"}}
	if diff := cmp.Diff(want, decode[Problem](t, send(422, unknown, "")).Errors); diff != "" {
		t.Error(diff)
	}
	send(200, unknown, `{"aa": "title", "b/c": "date"}`)
	// The source has a mapping now, of which a table with other headers has nothing.
	if got := decode[imported](t, send(200, known, "")); got.Columns["Title"] != "title" {
		t.Error(got)
	}
	if got := decode[imported](t, send(200, known, `{}`)); got.Columns["Title"] != "title" {
		t.Error(got)
	}
}
