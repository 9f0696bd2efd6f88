package server

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// codesOn gives the codes of the items on a page, in order.
func codesOn(body string) string {
	var codes []string
	for _, part := range strings.Split(body, ` data-code="`)[1:] {
		code, _, _ := strings.Cut(part, `"`)
		codes = append(codes, code)
	}
	return strings.Join(codes, " ")
}

func TestThePartsOfTheAgenda(t *testing.T) {
	s := newStage(t)
	hall, small, track := url.QueryEscape(string(s.hall)), url.QueryEscape(string(s.small)), string(s.track)
	kept := len(s.server.bodies.entries)
	for query, want := range map[string]string{
		"q=hoi+truong+LON": "PANEL1", "q=nguyen+hung": "PANEL1", "q=keynote": "PANEL1", "q=khai+mac": "OPEN", "q=ouverture&lang=vi": "OPEN", "q=PANEL1": "PANEL1",
		"q=Bo+truong": "PANEL1", "q=typhoon": "", "q=night&q=x": "NIGHT", "q=" + canary: "", "q=secret": "",
		"room=" + hall: "OPEN PANEL1", "room=" + small: "OPEN NIGHT", "room=" + hall + "&format=ceremony": "OPEN", "track=" + track: "PANEL1",
		"language=fr": "PANEL1", "language=vi": "PANEL1", "language=de": "", "format=social": "NIGHT", "format=nothing": "", "room=gone": "", "track=gone&lang=fr": "",
	} {
		for _, view := range []string{"", "&view=rooms", "&view=grid", "&view=days"} {
			a := s.must(200, s.get("/vidw-2025/?"+query+view, header{"Accept-Language", "en"}))
			if got := codesOn(a.Body); got != want {
				t.Errorf("%s%s: %q, want %q", query, view, got, want)
			}
			if a.Header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(a.Body, `<meta name="robots" content="noindex">`) || strings.Contains(a.Body, "ld+json") {
				t.Errorf("%s%s is for search engines", query, view)
			}
			if none := strings.Contains(a.Body, `<p class="empty">`); none != (want == "") || !strings.Contains(a.Body, `<p class="found" role="status">`) {
				t.Errorf("%s%s: says that there is nothing: %t", query, view, none)
			}
			s.must(304, s.get("/vidw-2025/?"+query+view, header{"Accept-Language", "en"}, header{"If-None-Match", a.Header.Get("ETag")}))
		}
	}
	if n := len(s.server.bodies.entries); n != kept {
		t.Errorf("%d places in the cache, %d before", n, kept)
	}
	if a := s.get("/vidw-2025/?lang=en&q=+&track=&room=&language=&format=&utm_source=x"); strings.Contains(a.Body, `class="found"`) || codesOn(a.Body) != "OPEN PANEL1 NIGHT" {
		t.Error("an empty form narrows")
	}
	for _, query := range []string{"view=list", "view=Grid", "q=" + strings.Repeat("a", maxSearch+1), "room=" + strings.Repeat("a", 81), "track=%ff", "q=%ff"} {
		if a := s.get("/vidw-2025/?"+query, browser); a.Status != 400 {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
}

func TestTheViewsOfTheAgenda(t *testing.T) {
	s := newStage(t)
	rooms := s.must(200, s.get("/vidw-2025/?lang=en&view=rooms"))
	if got := codesOn(rooms.Body); got != "OPEN PANEL1 NIGHT" || strings.Count(rooms.Body, `<section class="place"`) != 3 || strings.Contains(rooms.Body, "noindex") {
		t.Errorf("by room: %s", got)
	}
	grid := s.must(200, s.get("/vidw-2025/?lang=en&view=grid&q=panel1"))
	for _, want := range []string{`<th scope="col"><a href="/vidw-2025/rooms/1?lang=en">Main hall</a></th>`,
		`<th scope="row"><time datetime="2025-10-27T14:00:00+07:00">14:00</time></th>`, `<div class="slot cell" id="panel-PANEL1" data-panel="` + string(s.talk.ID) + `"`,
		`<a href="/vidw-2025/?lang=en&amp;view=rooms&amp;q=panel1">By room</a>`, `<a href="/vidw-2025/?lang=en&amp;q=panel1">By day</a>`,
		`<a href="?lang=fr&amp;view=grid&amp;q=panel1" lang="fr"`, `<a href="/vidw-2025/?lang=en&amp;view=grid">Show everything</a>`, `1 of 3 items.`,
		`<input type="hidden" name="view" value="grid">`, `<input type="hidden" name="lang" value="en">`, `name="q" value="panel1"`} {
		if !strings.Contains(strings.ReplaceAll(grid.Body, "&#43;", "+"), want) {
			t.Errorf("the grid lacks %s", want)
		}
	}
	if old := s.must(200, s.get("/vidw-2025/releases/1?view=grid&lang=en")); !strings.Contains(old.Body, `href="/vidw-2025/releases/1?lang=en&amp;view=rooms"`) || codesOn(old.Body) != "OPEN PANEL1 NIGHT" {
		t.Error("an old release has no views of its own")
	}
}

// pageAt asks for a page at a time.
func (s *stage) pageAt(path, at string) answer {
	s.t.Helper()
	now, err := time.Parse("2006-01-02T15:04 -07", at+" +07")
	s.check(err)
	s.clock.Store(now.UnixMilli())
	return s.must(200, s.get(path, header{"Accept-Language", "en"}))
}

func TestNowAndNext(t *testing.T) {
	s := newStage(t)
	for _, tt := range []struct{ at, codes, says string }{
		{"2025-10-01T12:00", "OPEN PANEL1 NIGHT", "The event has not begun yet. It begins on Monday 27 October 2025 at 08:30."},
		{"2025-10-27T08:45", "OPEN PANEL1 NIGHT", "It is 08:45 at the event, Monday 27 October 2025."},
		{"2025-10-27T12:00", "PANEL1 NIGHT", "Nothing is going on at the moment. It continues on Monday 27 October 2025 at 14:00."},
		{"2025-10-27T15:29", "PANEL1 NIGHT", "<h3>Now</h3>"},
		{"2025-10-28T23:00", "NIGHT", "The event is over."}, // what is cancelled is told, and keeps nobody waiting
		{"2025-11-01T00:00", "", "The event is over. Thank you for having been part of it."},
	} {
		a := s.pageAt("/vidw-2025/now", tt.at)
		if got := codesOn(a.Body); got != tt.codes || !strings.Contains(a.Body, tt.says) {
			t.Errorf("at %s: %q, want %q and %q", tt.at, got, tt.codes, tt.says)
		}
		if diff := cmp.Diff(map[string]string{"Cache-Control": cacheNow, "Last-Modified": ""}, only(a, "Cache-Control", "Last-Modified")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestThePageOfARoomAndOfATrack(t *testing.T) {
	s := newStage(t)
	hall := "/vidw-2025/rooms/" + string(s.hall)
	for at, want := range map[string]string{"2025-10-27T08:40": "OPEN PANEL1 OPEN PANEL1", "2025-10-27T09:00": "PANEL1 OPEN PANEL1", "2025-10-27T14:10": "PANEL1 OPEN PANEL1", "2025-10-28T09:00": "OPEN PANEL1"} {
		a := s.pageAt(hall, at)
		if got := codesOn(a.Body); got != want || strings.Count(a.Body, `id="panel-PANEL1"`) != 1 || a.Header.Get("Cache-Control") != cacheNow {
			t.Errorf("at %s: %q, want %q", at, got, want)
		}
	}
	track := s.must(200, s.get("/vidw-2025/tracks/"+string(s.track)+"?lang=fr"))
	if !strings.Contains(track.Body, `Intelligence artificielle</h1>`) || codesOn(track.Body) != "PANEL1" {
		t.Error(track.Body)
	}
	if short := s.must(200, s.get("/vidw-2025/tracks/1?lang=fr")); short.Body != track.Body {
		t.Error("the short address shows another page")
	}
	for _, path := range []string{"/vidw-2025/rooms/none", "/vidw-2025/rooms/99", "/vidw-2025/tracks/0", "/vidw-2025/speakers/01", "/vidw-2025/tracks/none", "/vidw-2025/rooms/" + string(s.table), "/vidw-2025/rooms/none.ics"} {
		s.must(404, s.get(path))
	}
	s.must(200, s.get(hall+".ics"))
}

// A mark is the same in all languages, and another once what readers see is another.
func TestTheMarkOfAnItem(t *testing.T) {
	s := newStage(t)
	mark := func(page, code string) string {
		_, after, _ := strings.Cut(s.get(page).Body, ` data-code="`+code+`"`)
		_, after, _ = strings.Cut(after, ` data-mark="`)
		mark, _, _ := strings.Cut(after, `"`)
		return mark
	}
	first, other := mark("/vidw-2025/?lang=en", "PANEL1"), mark("/vidw-2025/?lang=en", "OPEN")
	if len(first) != 4 || first == other || mark("/vidw-2025/?lang=vi&view=grid", "PANEL1") != first {
		t.Errorf("the mark is %q, in Vietnamese %q", first, mark("/vidw-2025/?lang=vi&view=grid", "PANEL1"))
	}
	s.must(200, s.ask(s.all, "PUT", "/api/v1/events/vidw-2025/panels/"+string(s.talk.ID)+"/slot", `{"room":"`+string(s.hall)+`","start":"2025-10-27T14:05","end":"2025-10-27T15:30"}`, header{"If-Match", "*"}))
	if mark("/vidw-2025/", "PANEL1") != first {
		t.Error("the draft changes the mark")
	}
	s.publish(nil)
	if mark("/vidw-2025/", "PANEL1") == first || mark("/vidw-2025/", "OPEN") != other {
		t.Error("the mark of what changed is the same, or that of what did not is another")
	}
}

func TestACancelledItemLeadsToWhatReplacesIt(t *testing.T) {
	s := newStage(t)
	now := decode[map[string]any](t, s.must(200, s.ask(s.all, "GET", "/api/v1/events/vidw-2025/panels/"+string(s.off.ID), nil)))
	now["replaced_by"] = s.talk.ID
	s.must(200, s.ask(s.all, "PUT", "/api/v1/events/vidw-2025/panels/"+string(s.off.ID), now, header{"If-Match", "*"}))
	before := s.get("/vidw-2025/?lang=en").Body
	if strings.Contains(before, "Replaced by") {
		t.Error("the draft is public")
	}
	s.publish(nil)
	by := `<p class="swap">Replaced by <a href="/vidw-2025/panels/PANEL1?lang=en">`
	instead := `<p class="swap">Replaces <a href="/vidw-2025/panels/NIGHT?lang=en"><s>Night market</s></a> <span class="quiet">(Tue 28 Oct, 22:00)</span></p>`
	for path, want := range map[string][]string{"/vidw-2025/?lang=en": {by, instead}, "/vidw-2025/?lang=en&view=grid": {by, instead}, "/vidw-2025/?lang=en&format=social": {by},
		"/vidw-2025/panels/NIGHT?lang=en": {by}, "/vidw-2025/panels/PANEL1?lang=en": {instead}} {
		a := s.must(200, s.get(path))
		for _, line := range want {
			if !strings.Contains(a.Body, line) {
				t.Errorf("%s lacks %s", path, line)
			}
		}
	}
	if a := s.get("/vidw-2025/agenda.json"); !strings.Contains(a.Body, `"replaced_by":"`+string(s.talk.ID)+`"`) {
		t.Error("agenda.json does not say it")
	}
}
