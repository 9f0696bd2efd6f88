package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// only gives the named headers of an answer; one that is missing is "".
func only(a answer, names ...string) map[string]string {
	got := map[string]string{}
	for _, name := range names {
		got[name] = strings.Join(a.Header.Values(name), " | ")
	}
	return got
}

// unpack gives a body without its coding.
func unpack(t *testing.T, a answer) string {
	t.Helper()
	switch a.Header.Get("Content-Encoding") {
	case "gzip":
		return unzip(t, a)
	case "br":
		plain, err := io.ReadAll(brotli.NewReader(strings.NewReader(a.Body)))
		if err != nil {
			t.Fatal(err)
		}
		return string(plain)
	}
	return a.Body
}

func unzip(t *testing.T, a answer) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader([]byte(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestAgendaJSON(t *testing.T) {
	s := newStage(t)
	a := s.must(200, s.get("/vidw-2025/agenda.json"))
	etag := a.Header.Get("ETag")
	if diff := cmp.Diff(map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Cache-Control": "public, max-age=60, stale-while-revalidate=600",
		"Last-Modified": "Wed, 01 Oct 2025 08:00:00 GMT", "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag",
		"Vary": "Accept-Encoding", "Content-Encoding": "", "Set-Cookie": "", "X-Content-Type-Options": "nosniff",
	}, only(a, "Content-Type", "Cache-Control", "Last-Modified", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
		"Vary", "Content-Encoding", "Set-Cookie", "X-Content-Type-Options")); diff != "" {
		t.Error(diff)
	}
	if len(etag) < 20 || strings.HasPrefix(etag, "W/") || !strings.HasPrefix(etag, `"`) {
		t.Errorf("ETag %s is not strong", etag)
	}
	release, err := s.app.Published(context.Background(), forum)
	s.check(err)
	want, err := exchange.AgendaJSON(*release, exchange.AgendaOptions{BaseURL: base})
	s.check(err)
	if a.Body != string(want.Bytes()) {
		t.Error("the body is not the agenda of the release")
	}
	if again := s.get("/vidw-2025/agenda.json"); again.Body != a.Body || again.Header.Get("ETag") != etag {
		t.Error("two polls differ")
	}
	tags := map[string]bool{etag: true}
	for asked, coding := range map[string]string{"gzip": "gzip", "gzip, br;q=0.5": "gzip", "gzip, deflate, br, zstd": "br"} {
		packed := s.must(200, s.get("/vidw-2025/agenda.json", header{"Accept-Encoding", asked}))
		if packed.Header.Get("Content-Encoding") != coding || unpack(t, packed) != a.Body {
			t.Errorf("%s: %v", asked, packed.Header)
		}
		if len(packed.Header.Values("Vary")) != 1 {
			t.Errorf("Vary: %q", packed.Header.Values("Vary"))
		}
		tags[packed.Header.Get("ETag")] = true
	}
	if len(tags) != 3 {
		t.Errorf("the tags of three forms: %v", tags)
	}
	head := s.must(200, s.ask("", http.MethodHead, "/vidw-2025/agenda.json", nil))
	if diff := cmp.Diff(only(a, "ETag", "Content-Type", "Content-Length", "Last-Modified"),
		only(head, "ETag", "Content-Type", "Content-Length", "Last-Modified")); diff != "" || head.Body != "" {
		t.Errorf("HEAD: %s %q", diff, head.Body)
	}
}

func TestNotModified(t *testing.T) {
	s := newStage(t)
	_, secret := s.openFeed("")
	for _, path := range []string{"/vidw-2025/agenda.json", "/vidw-2025/changes.json", "/vidw-2025/agenda.ics", "/vidw-2025/", "/feeds/" + secret + ".ics"} {
		first := s.must(200, s.get(path))
		etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		at, err := http.ParseTime(modified)
		s.check(err)
		before := at.Add(-time.Second).Format(http.TimeFormat)
		for _, test := range []struct {
			status  int
			headers []header
		}{
			{304, []header{{"If-None-Match", etag}}},
			{304, []header{{"If-None-Match", `"other", W/` + etag}}},
			{304, []header{{"If-None-Match", `*`}}},
			{200, []header{{"If-None-Match", `"other"`}}},
			{200, []header{{"If-None-Match", `"other"`}, {"If-Modified-Since", modified}}}, // the tag decides
			{304, []header{{"If-Modified-Since", modified}}},
			{200, []header{{"If-Modified-Since", before}}},
			{200, []header{{"If-Modified-Since", "yesterday"}}},
		} {
			got := s.get(path, test.headers...)
			if got.Status != test.status || (got.Status == 304) != (got.Body == "") || got.Header.Get("ETag") != etag ||
				got.Header.Get("Cache-Control") != first.Header.Get("Cache-Control") ||
				got.Header.Get("Access-Control-Allow-Origin") != first.Header.Get("Access-Control-Allow-Origin") {
				t.Errorf("%s with %v: %d %v", path, test.headers, got.Status, got.Header)
			}
			head := s.ask("", http.MethodHead, path, nil, test.headers...)
			if head.Status != test.status || head.Body != "" {
				t.Errorf("HEAD %s with %v: %d %q", path, test.headers, head.Status, head.Body)
			}
		}
		packed := s.get(path, header{"Accept-Encoding", "gzip"})
		again := s.get(path, header{"Accept-Encoding", "gzip"}, header{"If-None-Match", packed.Header.Get("ETag")})
		if again.Status != 304 || again.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: a packed answer that is known got %d %v", path, again.Status, again.Header)
		}
	}
}

func TestAgendaJSONIsNarrowed(t *testing.T) {
	s := newStage(t)
	codes := func(query string) []string {
		t.Helper()
		var doc struct {
			Panels []struct{ Code string }
		}
		a := s.must(200, s.get("/vidw-2025/agenda.json?"+query))
		s.check(json.Unmarshal([]byte(a.Body), &doc))
		got := []string{}
		for _, p := range doc.Panels {
			got = append(got, p.Code)
		}
		return got
	}
	for query, want := range map[string][]string{
		"lang=fr": {"OPEN", "PANEL1", "NIGHT"}, "day=2025-10-27": {"OPEN", "PANEL1"}, "day=2025-10-28": {"NIGHT"},
		"room=" + string(s.small): {"OPEN", "NIGHT"}, "track=" + string(s.track): {"PANEL1"},
		"track=" + string(s.track) + "&day=2025-10-28": {},
	} {
		if diff := cmp.Diff(want, codes(query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	if a := s.get("/vidw-2025/agenda.json?lang=fr-CA"); !strings.Contains(a.Body, `"title":"Ouverture"`) {
		t.Error("fr-CA is not served in French")
	}
	for query, want := range map[string]answer{
		"days=2":         {Status: 400, Body: "This address takes the parameters lang, day, room, track only."},
		"lang=de":        {Status: 400, Body: "The agenda is not in the language that was asked for. It is in: en, fr, vi."},
		"lang=":          {Status: 400, Body: "The parameter lang needs one value of at most 80 characters."},
		"lang=en&lang=f": {Status: 400, Body: "The parameter lang needs one value of at most 80 characters."},
		"day=2025-13-01": {Status: 400, Body: `\"2025-13-01\" is not a date, such as 2025-10-27.`},
		"day=2025-10-30": {Status: 404, Body: "The agenda has no day 2025-10-30: its days go from 2025-10-27 to 2025-10-28."},
		"room=none":      {Status: 404, Body: "The agenda has no such room"},
		"track=none":     {Status: 404, Body: "The agenda has no such track"},
		"%zz":            {Status: 400, Body: "The query is not well formed."},
	} {
		a := s.get("/vidw-2025/agenda.json?" + query)
		if a.Status != want.Status || !strings.Contains(a.Body, want.Body) || a.Header.Get("Content-Type") != "application/problem+json" ||
			a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
}

func TestReleasesAndChanges(t *testing.T) {
	s := newStage(t)
	first := s.must(200, s.get("/vidw-2025/agenda.json"))
	s.pass(time.Hour)
	_, err := s.app.MovePanel(context.Background(), s.system(), forum, app.Move{PanelID: s.talk.ID, Match: app.Match{Any: true},
		Slot: &app.SlotRequest{RoomID: s.small, Start: "2025-10-28T09:00", End: "2025-10-28T10:00"}})
	s.check(err)
	if a := s.get("/vidw-2025/agenda.json"); a.Body != first.Body {
		t.Error("a draft edit changed the public agenda")
	}
	s.publish(agenda.Text{"en": "Second programme"})
	second := s.must(200, s.get("/vidw-2025/agenda.json", header{"If-None-Match", first.Header.Get("ETag")}))
	if second.Header.Get("Last-Modified") != "Wed, 01 Oct 2025 09:00:00 GMT" || !strings.Contains(second.Body, "2025-10-28T09:00:00+07:00") {
		t.Errorf("the second release is not served: %v", second.Header)
	}
	old := s.must(200, s.get("/vidw-2025/releases/1/agenda.json"))
	if old.Body != first.Body || old.Header.Get("Cache-Control") != "public, max-age=3600, stale-while-revalidate=600" ||
		old.Header.Get("Last-Modified") != "Wed, 01 Oct 2025 08:00:00 GMT" {
		t.Errorf("release 1 is not as it was: %v", old.Header)
	}
	changes := s.must(200, s.get("/vidw-2025/changes.json"))
	doc := decode[struct {
		Releases []struct {
			Number  int
			URL     string
			Changes []struct{ Kind, Code string }
		}
	}](t, changes)
	if len(doc.Releases) != 2 || doc.Releases[0].Number != 2 || len(doc.Releases[0].Changes) == 0 {
		t.Fatalf("changes: %+v", doc)
	}
	s.must(200, s.get(strings.TrimPrefix(doc.Releases[0].URL, base)))
	for path, status := range map[string]int{"/vidw-2025/releases/3/agenda.json": 404, "/vidw-2025/releases/0/agenda.json": 404,
		"/vidw-2025/releases/01/agenda.json": 404, "/vidw-2025/releases/x/agenda.json": 404, "/vidw-2025/changes.json?x=1": 400,
		"/none/agenda.json": 404, "/none/changes.json": 404} {
		if a := s.get(path); a.Status != status {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

func TestPreflight(t *testing.T) {
	s := newStage(t)
	for _, path := range []string{"/vidw-2025/agenda.json", "/vidw-2025/changes.json", "/vidw-2025/agenda.ics", "/vidw-2025/panels/PANEL1.ics"} {
		a := s.must(204, s.ask("", http.MethodOptions, path, nil, header{"Origin", "https://other.example"},
			header{"Access-Control-Request-Method", "GET"}, header{"Access-Control-Request-Headers", "if-none-match"}))
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Body != "" ||
			!strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "If-None-Match") ||
			!strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "GET") {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

func TestNothingUnpublishedLeaks(t *testing.T) {
	s := newStage(t)
	var body strings.Builder
	for _, path := range s.publicAddresses() {
		a := s.must(200, s.get(path))
		body.WriteString(a.Body)
		if strings.Contains(a.Body, canary) || strings.Contains(a.Body, "54321") || strings.Contains(a.Body, string(s.invited)) {
			t.Errorf("%s shows what is not public", path)
		}
		if again := s.get(path); again.Body != a.Body || again.Header.Get("ETag") != a.Header.Get("ETag") {
			t.Errorf("%s: two polls differ", path)
		}
	}
	if !strings.Contains(body.String(), "Nguyễn Mạnh Hùng") {
		t.Error("the test looks at nothing")
	}
	for _, path := range []string{"/vidw-2025/panels/DRAFT1", "/vidw-2025/panels/DRAFT1.ics", "/vidw-2025/speakers/" + string(s.invited),
		"/vidw-2025/speakers/" + string(s.invited) + ".ics"} {
		if a := s.get(path); a.Status != 404 || strings.Contains(a.Body, canary) {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
