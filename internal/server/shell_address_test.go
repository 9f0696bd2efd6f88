package server

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// spell asks with the address exactly as it is written, as a client that is no browser can.
func (h *harness) spell(method, target string, headers ...header) answer {
	h.t.Helper()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		h.t.Fatalf("%q: %v", target, err)
	}
	r := httptest.NewRequest(method, "/", nil)
	r.URL, r.RequestURI = u, target
	for _, hd := range headers {
		if hd.name == "Host" {
			r.Host = hd.value
			continue
		}
		r.Header.Add(hd.name, hd.value)
	}
	return h.answerTo(r)
}

// V39: an address that is spelled in another way reaches nothing that it may not, and leads nowhere else.
func TestHoleV39EncodedPaths(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		furnish(h)
		for _, target := range []string{
			"/api%2Fv1", "/api%2Fv1%2Fevents", "/api%2fv1/events", "/%61pi/v1/events", "/%2561pi/v1/events", "/api/%76%31/events", "/API/v1/events",
			"/api/v1//events", "//api/v1/events", "/./api/v1/events", "/x/../api/v1/events", "/static/../api/v1/events", "/api/v1/events/", "/api/v1/events%00",
			"/api/v1/events;x=1", "/api/v1/events%3Fx", "/api/v1/events%20", "/api/v1/events/.", "/api/v1/events/%2e", "/api/v1/events/..%2fevents",
			"/static/../x", "/static/%2e%2e/x", "/static/..%2f..%2fgo.mod", "/static/%2e%2e%2f%2e%2e%2fgo.mod", "/static/..%5c..%5cgo.mod",
			"/static/%252e%252e/go.mod", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/plenary.css%00.js", "/static/plenary.css/", "/static/", "/static/.",
			"/static/%70lenary.css%2f..", `/static/..\..\go.mod`, "/static/plenary.css%5c", "/templates/layout.html", "/static/layout.html",
			"//evil.example", "//evil.example/", "//evil.example/%2e%2e", "///evil.example", "/%2fevil.example", "/%2f%2fevil.example/", "/%5cevil.example",
			`/\evil.example`, `/\/evil.example`, "/%09/evil.example", "/%0d%0aLocation:%20https://evil.example", "/%0a/evil.example", "/.%2fevil.example", "/;/evil.example",
			"/@evil.example", "/https://evil.example", "/https:%2f%2fevil.example", "/%00", "/%ff%fe", "/..", "/../", "/%2e%2e/%2e%2e/etc/passwd", "/vidw-2025%2f", "/vidw-2025%2fagenda.json/",
			"/vidw-2025/../other", "/vidw-2025//agenda.json", "/vidw-2025%00/agenda.json", "/feeds/", "/feeds/%2e%2e", "/feeds/..%2fapi%2fv1%2fevents.ics",
		} {
			for _, accept := range []string{"text/html", "application/json"} {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					a := h.spell(method, target, header{"Accept", accept})
					if a.Status != 404 && a.Status != 400 && a.Status != 401 {
						t.Errorf("%s %s: %d %v %s", method, target, a.Status, a.Header, a.Body)
					}
					if a.Header.Get("Location") != "" || strings.Contains(a.Body, "evil.example") || strings.Contains(a.Body, "module plenary") {
						t.Errorf("%s %s: %v %s", method, target, a.Header, a.Body)
					}
				}
			}
		}
		// What is encoded without need has the same guard: it is by the route, and a route is an address as it was sent.
		if a := h.spell(http.MethodGet, "/api/v1/events/vidw%2D2025/meetings"); a.Status != http.StatusUnauthorized {
			t.Errorf("encoded, the meetings answer %d", a.Status)
		}
		if a := h.spell(http.MethodGet, "/vidw-2025/agenda.json"); a.Status != http.StatusOK {
			t.Errorf("the agenda answers %d", a.Status)
		}
	})
}

func TestMethodsThatNothingTakes(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	for _, method := range []string{"TRACE", "TRACK", "DEBUG", "CONNECT", "PROPFIND", "PATCH", "get", "GET2", "PURGE"} {
		for _, r := range routesOf(h.server) {
			a := h.ask(h.all, method, own.target(r.Path), nil, header{"X-Secret", "canary-of-trace"})
			if a.Status != http.StatusMethodNotAllowed || a.Header.Get("Allow") == "" || strings.Contains(a.Body, "canary-of-trace") {
				t.Errorf("%s %s: %d, Allow %q: %s", method, r.Path, a.Status, a.Header.Get("Allow"), a.Body)
			}
		}
	}
}

// V09: who asks names a host, and no address that is given out comes from there.
func TestHoleV09HostHeaderIsNotBelieved(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	asked := 0
	for _, r := range routesOf(h.server) {
		if r.Method != http.MethodGet {
			continue
		}
		path := own.target(r.Path)
		for _, target := range []string{path, "http://evil.example" + path, "https://evil.example:444" + path} {
			for _, accept := range []string{"text/html", "*/*"} {
				a := h.spell(http.MethodGet, target, header{"Host", "evil.example"}, header{"Accept", accept}, header{"Authorization", "Bearer " + h.all},
					header{"X-Forwarded-Host", "evil.example"}, header{"X-Forwarded-Proto", "evil.example"}, header{"X-Forwarded-Prefix", "/evil.example"},
					header{"X-Original-URL", "/evil.example"}, header{"X-Rewrite-URL", "/evil.example"}, header{"Forwarded", "host=evil.example;proto=http"},
					header{"Referer", "https://evil.example/"})
				asked++
				if said := fmt.Sprint(a.Header) + a.Body; strings.Contains(said, "evil.example") {
					t.Errorf("GET %s repeats the host: %.2000s", target, said)
				}
			}
		}
	}
	for _, a := range []answer{
		h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/rooms", `{"name":{"en":"Annex B"}}`, header{"X-Forwarded-Host", "evil.example"}),
		h.ask("", http.MethodPost, "/api/v1/events/"+forum+"/starred-feeds", `{"panels":["`+own.ids["panel"]+`"]}`, header{"X-Forwarded-Host", "evil.example"}),
		h.ask("", http.MethodPost, "/"+forum+"/starred", "panel="+own.ids["panel"], header{"X-Forwarded-Host", "evil.example"}, header{"Content-Type", "application/x-www-form-urlencoded"}),
	} {
		if a.Status >= 400 || a.Header.Get("Location") == "" || strings.Contains(fmt.Sprint(a.Header)+a.Body, "evil") {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
	}
	if asked < 100 {
		t.Errorf("only %d were asked", asked)
	}
}

// Addresses that are too long or have too many parameters are refused before anything looks at them.
func TestAddressesHaveLimits(t *testing.T) {
	h := newHarness(t)
	furnish(h)
	for target, want := range map[string]int{
		"/vidw-2025/?x=" + strings.Repeat("x", 8000):                               200,
		"/vidw-2025/?x=" + strings.Repeat("x", maxAddress):                         414,
		"/" + strings.Repeat("%41", maxAddress):                                    414,
		"/api/v1/events?x=" + strings.Repeat("x", maxAddress):                      414,
		"/vidw-2025/?" + strings.Repeat("x=1&", maxQuery-1):                        200,
		"/vidw-2025/?" + strings.Repeat("x=1&", maxQuery):                          400,
		"/api/v1/events?" + strings.Repeat("cursor=1&", 100):                       400,
		"http://agenda.example/vidw-2025/?lang=" + strings.Repeat("x", maxAddress): 414,
	} {
		if a := h.spell(http.MethodGet, target); a.Status != want {
			t.Errorf("%.40s… (%d bytes): %d, want %d", target, len(target), a.Status, want)
		}
	}
}

// V33: what makes no sense gets no place in what is kept, and as many names as one likes for one thing get one.
func TestHoleV33BogusKeysDoNotGrow(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	targets := func(i int) []string {
		x := fmt.Sprintf("q%07d", i)
		return []string{
			"/vidw-2025/?lang=" + x, "/vidw-2025/agenda.json?lang=fr-x-" + x, "/vidw-2025/agenda.ics?lang=en-x-" + x + "&cancelled=" + x,
			"/" + x + "/agenda.json", "/vidw-2025/agenda.json?day=" + x, "/vidw-2025/agenda.json?room=" + x, "/vidw-2025/embed?lang=vi-x-" + x,
			"/vidw-2025/schedule.xml?lang=vi-x-" + x, "/vidw-2025/changes.atom?lang=en-x-" + x, "/vidw-2025/subscribe?cancelled=" + x,
			"/vidw-2025/panels/" + own.ids["panel"] + ".ics?zone=" + x, "/vidw-2025/speakers/" + x, "/vidw-2025/releases/1/agenda.json?lang=fr-x-" + x,
			"/vidw-2025/starred?done=" + x, "/vidw-2025/tracks/" + x + ".ics", "/static/" + x + ".css", "/feeds/" + x + ".ics", "/" + x + "/",
			"/console/import?lang=" + x, "/?lang=fr-x-" + x, "/vidw-2025/print?day=" + x, "/vidw-2025/panels/" + own.ids["panel"] + "/card?day=" + x,
			"/vidw-2025/rooms/" + own.ids["room"] + "/sheet?day=" + x, "/vidw-2025/embed?rooms=" + x + "&theme=" + x, "/vidw-2025/lobby?x=" + x, "/vidw-2025/screen.json?room=" + x,
			"/vidw-2025/screen.json?zones=Etc/GMT-" + fmt.Sprint(i%14) + "&every=" + fmt.Sprint(5+i%100), "/vidw-2025/lobby?at=2025-10-27T14:10:" + fmt.Sprint(10+i%50),
		}
	}
	size := func() (bytes, entries int) {
		for _, c := range []*bodyCache{h.server.bodies, h.server.parts} {
			c.mu.Lock()
			bytes, entries = bytes+c.bytes, entries+len(c.entries)
			c.mu.Unlock()
		}
		return bytes, entries
	}
	ask := func(i int) {
		for _, target := range targets(i) {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			for _, name := range []string{"Accept-Language", "If-None-Match", "Cookie", "User-Agent"} {
				r.Header.Set(name, fmt.Sprintf("fr-x-z%07d", i))
			}
			h.server.ServeHTTP(&httptest.ResponseRecorder{Body: new(bytes.Buffer)}, r)
		}
	}
	for i := range 3 {
		ask(i)
	}
	wantBytes, wantEntries := size()
	// Each round is of thirty requests with five values each, none of them seen before but for the clock's. What grows grows in the
	// first, by a byte at least; a hundred go through all of the screen's intervals.
	for i := range 200 {
		ask(1000 + i)
	}
	if gotBytes, gotEntries := size(); gotBytes != wantBytes || gotEntries != wantEntries {
		t.Errorf("the cache grew from %d bytes in %d bodies to %d in %d", wantBytes, wantEntries, gotBytes, gotEntries)
	}
}
