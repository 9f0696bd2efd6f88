package server

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// What browsers fetch to keep copies of an Event's agenda and to install it: each event's own, below its address, and asked
// for anew.
func TestTheWorkerAndTheManifest(t *testing.T) {
	s := newStage(t)
	worker := s.must(200, s.get("/vidw-2025/sw.js"))
	if got := only(worker, "Content-Type", "Cache-Control"); got["Content-Type"] != "text/javascript; charset=utf-8" || got["Cache-Control"] != "public, no-cache" {
		t.Error(got)
	}
	if again := s.get("/vidw-2025/sw.js", header{"If-None-Match", worker.Header.Get("Etag")}); again.Status != 304 {
		t.Error(again.Status)
	}
	if worker.Header.Get("Service-Worker-Allowed") != "" {
		t.Error("the worker may be of more than its event")
	}
	for _, path := range []string{"/none/sw.js", "/none/manifest.webmanifest", "/sw.js"} {
		s.must(404, s.get(path))
	}
	for query, want := range map[string]manifestDocument{"": {Lang: "en", StartURL: "/vidw-2025/"}, "?lang=vi": {Lang: "vi", StartURL: "/vidw-2025/?lang=vi"}} {
		a := s.must(200, s.get("/vidw-2025/manifest.webmanifest"+query, header{"Accept-Language", "en"}))
		if media := a.Header.Get("Content-Type"); media != "application/manifest+json; charset=utf-8" {
			t.Error(media)
		}
		var m manifestDocument
		if err := json.Unmarshal([]byte(a.Body), &m); err != nil {
			t.Fatal(err)
		}
		if m.Lang != want.Lang || m.StartURL != want.StartURL || m.Scope != "/vidw-2025/" || m.Name == "" || m.ShortName == "" || len(m.Icons) != 4 {
			t.Errorf("%s: %+v", query, m)
		}
		for _, icon := range m.Icons {
			if got := s.must(200, s.get(icon.Src)).Header; got.Get("Content-Type") != icon.Type || got.Get("Cache-Control") != cacheForever {
				t.Errorf("%s: %v", icon.Src, got)
			}
		}
	}
}

// Which pages have the reader's script: those that everybody reads and that a device may keep. An old Release, what may be
// framed, and what has a secret in its address have none, and may make no policy.
func TestWhichPagesHaveTheReadersScript(t *testing.T) {
	s := newStage(t)
	var with []string
	for _, page := range append(slices.Collect(maps.Values(s.pageAddresses())), "/vidw-2025/now", "/vidw-2025/releases/1", "/vidw-2025/embed", "/vidw-2025/?view=grid", "/vidw-2025/?q=x", "/me", "/console") {
		a := s.get(page, browser)
		has, may := strings.Contains(a.Body, "data-reader="), strings.Contains(a.Header.Get("Content-Security-Policy"), workerPolicy)
		if has != may || has != strings.Contains(a.Body, `rel="manifest"`) {
			t.Errorf("%s: has it: %v, may make a policy: %v", page, has, may)
		}
		if path, _, _ := strings.Cut(page, "?"); has {
			with = append(with, path)
			modified := a.Header.Get("Last-Modified")
			if modified != "" && !strings.Contains(a.Body, `data-modified="`+modified+`"`) {
				t.Errorf("%s is of %s, and says something else", page, modified)
			}
			if again := s.get(page, browser, header{"If-None-Match", a.Header.Get("Etag")}); again.Status != http.StatusNotModified || again.Header.Get("Content-Security-Policy") != attendeeSecurity {
				t.Errorf("%s again: %d", page, again.Status)
			}
		}
	}
	for _, page := range []string{"/vidw-2025/", "/vidw-2025/now", "/vidw-2025/panels/PANEL1"} {
		if !slices.Contains(with, page) {
			t.Errorf("%s has none", page)
		}
	}
	for _, page := range with {
		for _, never := range []string{"starred", "subscribe", "feeds", "embed", "releases", "/me", "/console"} {
			if strings.Contains(page, never) {
				t.Errorf("%s has it", page)
			}
		}
	}
	poll := s.must(200, s.ask("", http.MethodHead, "/vidw-2025/agenda.json", nil))
	if page := s.get("/vidw-2025/"); poll.Header.Get("Last-Modified") != page.Header.Get("Last-Modified") || page.Header.Get("Last-Modified") == "" {
		t.Error("what the script asks for tells another age than the page")
	}
}

func TestShortNames(t *testing.T) {
	for name, want := range map[string]string{"Vietnam International Digital Week 2025": "Vietnam", "Tuần lễ Số Quốc tế Việt Nam 2025": "Tuần lễ Số", "Internationalisierung": "Internationalisierung", "": ""} {
		if got := shortName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
