package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// Pages of other sites may read what is public and nothing else, and no answer names whoever asks.
func TestOtherOriginsReadThePublicOnly(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	_, cookie := h.newLogin("mai@example.org", true, forum, agenda.MemberRoles...)
	shared := 0
	for _, r := range routesOf(h.server) {
		access := h.server.access[r.Method+" "+r.Path]
		for _, headers := range [][]header{nil, {{"Cookie", cookie}}, {{"Authorization", "Bearer " + h.all}}} {
			a := h.ask("", r.Method, own.target(r.Path), nil, append(headers, header{"Origin", "https://evil.example"}, header{"If-Match", `"99"`})...)
			allowed := a.Header.Get("Access-Control-Allow-Origin")
			if allowed == "*" && readsOnly(r.Method) && access.open() {
				shared++
			} else if allowed != "" {
				t.Errorf("%s %s (%s) lets %q read", r.Method, r.Path, access, allowed)
			}
			if a.Header.Get("Access-Control-Allow-Credentials") != "" || strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
				t.Errorf("%s %s lets other sites use who is signed in: %v", r.Method, r.Path, a.Header)
			}
		}
	}
	if shared < 20 {
		t.Errorf("only %d answers are for all", shared)
	}
}

// Every answer with a body says what it is and, where it is a text, in which characters.
func TestEveryAnswerSaysWhatItIs(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	_, cookie := h.newLogin("mai@example.org", true, forum, agenda.MemberRoles...)
	kinds := map[string]int{}
	for _, r := range routesOf(h.server) {
		for _, target := range []string{own.target(r.Path), "/nobody" + own.target(r.Path)} {
			for _, headers := range [][]header{nil, {{"Cookie", cookie}, {"Accept", "text/html"}}, {{"Authorization", "Bearer " + h.all}}} {
				a := h.ask("", r.Method, target, nil, append(headers, header{"If-Match", `"99"`})...)
				if a.Body == "" {
					continue
				}
				said := a.Header.Values("Content-Type")
				if len(said) != 1 {
					t.Errorf("%s %s: %d types", r.Method, target, len(said))
					continue
				}
				kind, parameters, err := mime.ParseMediaType(said[0])
				kinds[kind]++
				text := strings.HasPrefix(kind, "text/") || kind == "application/xml" || strings.HasSuffix(kind, "+xml") && kind != "image/svg+xml"
				if err != nil || text && !strings.EqualFold(parameters["charset"], "utf-8") {
					t.Errorf("%s %s (%d): %q, %v", r.Method, target, a.Status, said[0], err)
				}
				if strings.HasSuffix(kind, "json") && !json.Valid([]byte(a.Body)) || kind == "text/html" != strings.HasPrefix(a.Body, "<!doctype html>") {
					t.Errorf("%s %s is not %s: %.100s", r.Method, target, kind, a.Body)
				}
			}
		}
	}
	for _, kind := range []string{"text/html", "text/calendar", "application/json", "application/problem+json", "text/csv", "application/xml", "application/atom+xml"} {
		if kinds[kind] == 0 {
			t.Errorf("no answer is %s, of %v", kind, kinds)
		}
	}
}

// Whoever reads changes nothing, whoever it is: a link that is followed, a picture that is loaded, a scanner of letters.
func TestReadingChangesNothing(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	_, cookie := h.newLogin("mai@example.org", true, forum, agenda.MemberRoles...)
	h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events", nil)) // notes the use of the token
	before, asked := h.everything(), 0
	for _, r := range routesOf(h.server) {
		if !readsOnly(r.Method) {
			continue
		}
		for _, query := range []string{"", "?do=close&do=finish&_method=DELETE&answer=declined&revision=1&name=x"} {
			for _, headers := range [][]header{nil, {{"Cookie", cookie}}, {{"Authorization", "Bearer " + h.all}}} {
				a := h.ask("", r.Method, own.target(r.Path)+query, nil, append(headers, header{"X-HTTP-Method-Override", "DELETE"})...)
				if asked++; a.Status >= 500 {
					t.Errorf("%s %s: %d", r.Method, r.Path, a.Status)
				}
			}
		}
	}
	after := h.everything()
	// That somebody looked at what is known of a person is kept, and is about the log alone.
	if first, last := withoutLog(t, before), withoutLog(t, after); first != last {
		t.Errorf("reading changed something:\n%s\n%s", first, last)
	}
	if asked < 500 {
		t.Errorf("only %d were asked", asked)
	}
}

// withoutLog takes the activities out of what [harness.everything] gives.
func withoutLog(t *testing.T, everything string) string {
	t.Helper()
	var all []any
	if err := json.Unmarshal([]byte(everything), &all); err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(part any) bool {
		list, _ := part.([]any)
		if len(list) == 0 {
			return false
		}
		first, _ := list[0].(map[string]any)
		return first["Verb"] != nil
	})
	return fmt.Sprint(all...)
}

// No address has a secret in its query: neither does the documentation ask for one there, nor is one taken there.
func TestNoSecretGoesIntoAnAddress(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	for _, item := range h.server.api().OpenAPI().Paths {
		for _, op := range operationsOf(item) {
			for _, p := range op.Parameters {
				if p.In == "query" && secretWord.MatchString(p.Name) {
					t.Errorf("%s takes %s in its %s", op.Path, p.Name, p.In)
				}
			}
		}
	}
	for _, name := range []string{"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer", "auth"} {
		if a := h.get("/api/v1/events/" + forum + "?" + name + "=" + h.all); a.Status != http.StatusUnauthorized {
			t.Errorf("?%s= is taken: %d", name, a.Status)
		}
	}
	h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events/"+own.ids["event"], nil))
	b := h.newTab()
	h.newAccount(owner, false)
	asked := "/sign-in?email=" + owner + "&password=" + url.QueryEscape(phrase)
	b.must(401, b.send(http.MethodPost, asked, "", header{"Content-Type", "application/x-www-form-urlencoded"}))
	b.must(401, b.submit(asked, "email", owner))
	if len(b.jar) > 0 {
		t.Error("somebody signed in by an address")
	}
}

var secretWord = regexp.MustCompile(`(?i)token|password|secret|api_?key|^key$|^code$`)

// What goes wrong inside is told to the log, and to nobody else.
func TestAPanicTellsNothing(t *testing.T) {
	h := newHarness(t)
	var log bytes.Buffer
	h.server = h.reach(Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	h.server.route(Public, "/panic", func(echo.Context) error { panic("the cause at /srv/plenary.go:7") })
	h.server.route(Public, "/fails", func(echo.Context) error { return fmt.Errorf("the cause: SELECT hash FROM tokens") })
	for _, path := range []string{"/panic", "/fails"} {
		for _, accept := range []string{"text/html", "application/json"} {
			a := h.must(500, h.get(path, header{"Accept", accept}))
			id := a.Header.Get("X-Request-Id")
			for _, hidden := range []string{"cause", "SELECT", ".go", "goroutine", "panic"} {
				if strings.Contains(fmt.Sprint(a.Header)+strings.ReplaceAll(a.Body, path, ""), hidden) {
					t.Errorf("%s tells %q: %s", path, hidden, a.Body)
				}
			}
			if id == "" || !strings.Contains(a.Body, id) || !strings.Contains(log.String(), id) {
				t.Errorf("%s: nobody finds the cause by %q", path, id)
			}
		}
	}
	if !strings.Contains(log.String(), "/srv/plenary.go:7") || !strings.Contains(log.String(), "SELECT hash") {
		t.Errorf("the log does not have the causes: %s", &log)
	}
}

// Nothing of the workshop is served: no sources, no settings, no listing, no tool that looks inside the running program.
func TestNothingOfTheWorkshopIsServed(t *testing.T) {
	h := newHarness(t)
	_, cookie := h.newLogin("mai@example.org", true, forum, agenda.Owner)
	for _, path := range []string{"/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/.DS_Store", "/go.mod", "/go.sum", "/plenary.db", "/backup", "/debug/pprof/", "/debug/pprof/heap",
		"/debug/vars", "/metrics", "/server-status", "/static", "/static/", "/templates/", "/locales/en.json", "/static/../templates/me.html", "/api/v1/debug", "/trace", "/config", "/vidw-2025/files/"} {
		if a := h.get(path, header{"Cookie", cookie}); a.Status != 404 && a.Status != 401 {
			t.Errorf("%s: %d %.100s", path, a.Status, a.Body)
		}
	}
}

// Whoever is signed in finds the way out on every page that needs it.
func TestPrivatePagesLeadOut(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, true)
	b, pages := h.signedInTab(owner), 0
	for _, r := range routesOf(h.server) {
		if r.Method != http.MethodGet || h.server.access["GET "+r.Path] != BySignIn || strings.HasPrefix(r.Path, apiRoot) {
			continue
		}
		a, at := b.follow(b.open(r.Path))
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		if pages++; !strings.Contains(a.Body, `action="/sign-out"`) {
			t.Errorf("%s (%s) has no way to sign out: %s", r.Path, at, textOfPage(a.Body))
		}
	}
	if pages < 4 {
		t.Errorf("%d pages", pages)
	}
}
