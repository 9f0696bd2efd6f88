package server

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// pageAddresses has an address for each template.
func (s *stage) pageAddresses() map[string]string {
	return map[string]string{"home": "/", "agenda": "/vidw-2025/", "release": "/vidw-2025/releases/1", "panel": "/vidw-2025/panels/PANEL1",
		"off": "/vidw-2025/panels/NIGHT", "speaker": "/vidw-2025/speakers/" + string(s.minister),
		"chair": "/vidw-2025/speakers/" + string(s.chair), "error": "/none/",
		"subscribe": "/vidw-2025/subscribe", "subscribe track": "/vidw-2025/tracks/" + string(s.track) + "/subscribe",
		"subscribe room": "/vidw-2025/rooms/" + string(s.small) + "/subscribe", "subscribe panel": "/vidw-2025/panels/PANEL1/subscribe",
		"subscribe speaker": "/vidw-2025/speakers/" + string(s.chair) + "/subscribe", "starred": "/vidw-2025/starred",
		"room": "/vidw-2025/rooms/" + string(s.hall), "track": "/vidw-2025/tracks/" + string(s.track), "now": "/vidw-2025/now",
		"made": s.openStarred(), "feed": "/feeds/" + s.openedFeed(),
		"import": "/console/import", "me": "/me", "sign in": "/sign-in", "setup": "/setup", "invitation": "/invitation", "reset": "/reset"}
}

// openStarred makes a calendar of a choice and gives the address of its page.
func (s *stage) openStarred() string {
	s.t.Helper()
	minutes := 45
	f, err := s.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{s.talk.ID, s.off.ID}, Alarm: &minutes})
	s.check(err)
	return "/vidw-2025/starred/" + f.Key
}

// openedFeed makes a personal feed that was fetched, and gives its secret.
func (s *stage) openedFeed() string {
	s.t.Helper()
	_, secret := s.openFeed("")
	s.must(200, s.get("/feeds/"+secret+".ics", header{"User-Agent", "Google-Calendar-Importer"}))
	return secret
}

var (
	browser = header{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	inline  = regexp.MustCompile(`(?i)<script|<style|<[a-z][^>]*\s(?:style|on[a-z]+)=`)
	// scriptFile is how a page names a script, its address left out.
	scriptFile = `<script src="" defer></script>`
	// ldBlock is how a page says things to machines: nothing in it can end it.
	ldBlock = regexp.MustCompile(`<script type="application/ld\+json">([^<]*)</script>`)
	values  = regexp.MustCompile(`"[^"]*"`) // of attributes: in a text, a quotation mark is escaped
	links   = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
)

func TestEveryPageInEveryLanguage(t *testing.T) {
	sweep(t)
	s := newStage(t)
	for name, path := range s.pageAddresses() {
		for _, lang := range programLanguages {
			for _, headers := range [][]header{{browser, {"Accept-Language", lang}}, {browser, {"Accept-Language", "de, " + lang + ";q=0.5"}}} {
				a := s.get(path, headers...)
				if want := 200 + 204*strings.Count(name, "error"); a.Status != want {
					t.Errorf("%s in %s: %d, want %d: %s", name, lang, a.Status, want, a.Body)
				}
				if !strings.HasPrefix(a.Body, "<!doctype html>\n<html lang=\""+lang+"\"") || !strings.HasSuffix(a.Body, "</html>\n") {
					t.Errorf("%s in %s: not a whole page: %.80s", name, lang, a.Body)
				}
				if a.Header.Get("Content-Language") != lang || a.Header.Get("Content-Type") != "text/html; charset=utf-8" ||
					!strings.Contains(strings.Join(a.Header.Values("Vary"), ", "), "Accept-Language") {
					t.Errorf("%s in %s: %v", name, lang, a.Header)
				}
				markup := values.ReplaceAllString(ldBlock.ReplaceAllString(a.Body, ""), `""`)
				if found := inline.FindString(strings.ReplaceAll(markup, scriptFile, "")); found != "" {
					t.Errorf("%s in %s: has %q", name, lang, found)
				}
				if strings.Contains(a.Body, "ZgotmplZ") || strings.Contains(a.Body, "<no value>") || strings.Contains(a.Body, "%!") {
					t.Errorf("%s in %s: a value did not come out", name, lang)
				}
				if n := strings.Count(a.Body, "<h1"); n != 1 {
					t.Errorf("%s in %s: %d h1", name, lang, n)
				}
			}
			asked := s.get(path+"?lang="+lang, browser, header{"Accept-Language", "ja"})
			if !strings.Contains(asked.Body, `<html lang="`+lang+`"`) {
				t.Errorf("%s?lang=%s is in another language", name, lang)
			}
		}
	}
}

func TestEveryLinkOfEveryPageLeadsSomewhere(t *testing.T) {
	sweep(t)
	s := newStage(t)
	seen := map[string]bool{}
	for _, page := range s.pageAddresses() {
		for _, query := range []string{"", "?lang=fr"} {
			for _, found := range links.FindAllStringSubmatch(s.get(page+query, browser).Body, -1) {
				link := html.UnescapeString(found[1])
				switch {
				case strings.HasPrefix(link, "?"):
					link = page + link
				case strings.HasPrefix(link, "webcal://"):
					link = strings.TrimPrefix(link, "webcal://agenda.example")
				case strings.HasPrefix(link, giggity):
					schedule, err := url.QueryUnescape(strings.TrimPrefix(link, giggity))
					s.check(err)
					link = schedule
				case strings.HasPrefix(link, "#"), strings.HasPrefix(link, "https://stream.example/"),
					strings.HasPrefix(link, "https://calendar.google.com/"), strings.HasPrefix(link, "https://outlook."):
					continue
				}
				link, _, _ = strings.Cut(strings.TrimPrefix(link, base), "#")
				if seen[link] || page == "/none/" && strings.HasPrefix(link, page) {
					continue
				}
				seen[link] = true
				if a := s.get(link, browser); a.Status != 200 && !strings.HasPrefix(link, "/console") { // which leads to where one signs in
					t.Errorf("%s%s links to %s: %d", page, query, link, a.Status)
				}
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d links", len(seen))
	}
}

func TestTheAgendaPage(t *testing.T) {
	s := newStage(t)
	a := s.must(200, s.get("/vidw-2025/", header{"Accept-Language", "en"}))
	body := strings.ReplaceAll(a.Body, "&#43;", "+") // the templates escape more than they must
	if diff := cmp.Diff(map[string]string{"Cache-Control": "public, max-age=60, stale-while-revalidate=600", "Set-Cookie": "",
		"Vary": "Accept-Language | Cookie | Accept-Encoding", "Last-Modified": "Wed, 01 Oct 2025 08:00:00 GMT", "Access-Control-Allow-Origin": ""},
		only(a, "Cache-Control", "Set-Cookie", "Vary", "Last-Modified", "Access-Control-Allow-Origin")); diff != "" {
		t.Error(diff)
	}
	escaped := html.EscapeString(hostile)
	for _, want := range []string{
		`Times are in Asia/Ho_Chi_Minh (UTC+7).`, `27–28 October 2025`, `<h2 id="day-2025-10-27">Monday 27 October 2025</h2>`,
		`<a href="#day-2025-10-28">Tue 28 Oct</a>`, `<time datetime="2025-10-27T14:00:00+07:00">14:00</time>–<time datetime="2025-10-27T15:30:00+07:00">15:30</time>`,
		`<p class="kind">Panel 1 · <b class="room"><a href="/vidw-2025/rooms/1">Main hall</a></b>`, `<rect width="100%" height="100%" fill="#005bbb"/>`,
		`<span class="role">Moderator</span> <a href="/vidw-2025/speakers/2">Jane ` + escaped + `</a>`,
		`>H.E. Nguyễn Mạnh Hùng`, `Language: Vietnamese`, `Interpretation: English, French`,
		`<s>Night market</s></a> <strong class="badge">Cancelled</strong>`, `The typhoon is near.`,
		`(the next day)`, `<a class="button" href="/vidw-2025/subscribe">`, `href="/vidw-2025/agenda.ics"`,
		`href="/vidw-2025/agenda.json"`, `Release 1, published on 1 October 2025 at 15:00.`, `2 items`, `1 item<`, `<b class="room">All rooms</b>`,
		`</time> Keynote words — <a`, `class="skip" href="#content"`, `hreflang="vi"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(ldBlock.ReplaceAllString(a.Body, ""), "<script") != 1 || strings.Contains(a.Body, "<img") { // the one is ours
		t.Error("hostile text is not escaped")
	}
	vi := s.must(200, s.get("/vidw-2025/?lang=vi"))
	for _, want := range []string{longVietnamese, "Thứ Hai, 27 tháng 10, 2025", "Giờ theo múi giờ Asia/Ho_Chi_Minh (UTC+7).",
		`<p class="kind">Phiên 1`, `href="/vidw-2025/panels/PANEL1?lang=vi"`, `<span lang="en">Night market</span>`,
		`<a href="?lang=vi" lang="vi" hreflang="vi" aria-current="true">Tiếng Việt</a>`, "Tiếng Anh, Tiếng Pháp"} {
		if !strings.Contains(strings.ReplaceAll(vi.Body, "&#43;", "+"), want) {
			t.Errorf("the page in Vietnamese lacks %s", want)
		}
	}
	if fr := s.get("/vidw-2025/", header{"Accept-Language", "fr-CA,fr;q=0.9"}); !strings.Contains(fr.Body, "lundi 27 octobre 2025") ||
		!strings.Contains(fr.Body, "Langue\u00a0: vietnamien") {
		t.Error("the page in French is not")
	}
}

func TestThePageOfAPanelAndOfASpeaker(t *testing.T) {
	s := newStage(t)
	panel := s.must(200, s.get("/vidw-2025/panels/"+string(s.talk.ID)+"?lang=en"))
	for _, want := range []string{"(90 minutes)", "Main hall", "https://stream.example/1", "About Jane " + html.EscapeString(hostile),
		"<p>First.</p>\n<p>Second &lt;script&gt;", `<div class="rich" lang="vi"><p>Tiểu sử.</p>`, `<a href="/vidw-2025/panels/` + string(s.talk.ID) + `.ics?lang=en&amp;download">`, `href="/vidw-2025/panels/PANEL1/subscribe?lang=en"`, "(15 minutes)",
		`<link rel="canonical" href="https://agenda.example/vidw-2025/panels/PANEL1">`} {
		if !strings.Contains(panel.Body, want) {
			t.Errorf("the panel's page lacks %s", want)
		}
	}
	speaker := s.must(200, s.get("/vidw-2025/speakers/"+string(s.minister)+"?lang=en"))
	for _, want := range []string{"Panelist, Speaker", "Monday 27 October 2025", "Vietnam", "Tiểu sử.", "/speakers/" + string(s.minister) + ".ics"} {
		if !strings.Contains(speaker.Body, want) {
			t.Errorf("the speaker's page lacks %s", want)
		}
	}
	for _, path := range []string{"/vidw-2025/panels/none", "/vidw-2025/speakers/none", "/vidw-2025/releases/2", "/none", "/none/", "/x/y/z"} {
		a := s.get(path, browser, header{"Accept-Language", "fr"})
		if a.Status != 404 || !strings.Contains(a.Body, "Il n’y a rien ici") || !strings.Contains(a.Body, a.Header.Get("X-Request-Id")) ||
			a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
		if head := s.ask("", http.MethodHead, path, nil, browser); head.Status != 404 || head.Body != "" {
			t.Errorf("HEAD %s: %d %q", path, head.Status, head.Body)
		}
	}
}

func TestTheListOfAgendas(t *testing.T) {
	s := &stage{harness: newHarness(t)}
	for lang, want := range map[string]string{"en": "No agenda has been published yet.", "fr": "Aucun programme n’est encore publié.", "vi": "Chưa có chương trình nào được công bố."} {
		if a := s.must(200, s.get("/?lang="+lang)); !strings.Contains(a.Body, want) || strings.Contains(a.Body, "Digital Week") {
			t.Errorf("%s: %s", lang, a.Body)
		}
	}
	empty := s.get("/")
	s.publish(nil)
	a := s.must(200, s.get("/", header{"If-None-Match", empty.Header.Get("ETag")}))
	if !strings.Contains(a.Body, `<a href="/vidw-2025/"><strong><span lang="en">Digital Week</span></strong></a>`) {
		t.Error(a.Body)
	}
	if a := s.must(301, s.get("/vidw-2025?lang=fr&x=%2F%2Fevil")); a.Header.Get("Location") != "/vidw-2025/?lang=fr&x=%2F%2Fevil" {
		t.Error(a.Header)
	}
	if a := s.get("/%2F%2Fevil.example"); a.Status != 404 {
		t.Error(a.Status, a.Header)
	}
	if a := s.get("/vidw-2025/"); !strings.Contains(a.Body, "Nothing is planned on this day yet.") {
		t.Error(a.Body)
	}
}

func TestStaticFiles(t *testing.T) {
	s := &stage{harness: newHarness(t)}
	for name, media := range map[string]string{styleName: "text/css; charset=utf-8", agendaStyleName: "text/css; charset=utf-8", iconName: "image/svg+xml"} {
		a := s.must(200, s.get(s.server.assetURL(name)))
		if diff := cmp.Diff(map[string]string{"Content-Type": media, "Cache-Control": "public, max-age=31536000, immutable"},
			only(a, "Content-Type", "Cache-Control")); diff != "" || !strings.Contains(s.server.assetURL(name), "?v=") {
			t.Errorf("%s: %s", name, diff)
		}
		if a := s.must(200, s.get("/static/"+name+"?v=old")); a.Header.Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s of another version: %v", name, a.Header)
		}
		s.must(304, s.get("/static/"+name, header{"If-None-Match", a.Header.Get("ETag")}))
	}
	for _, path := range []string{"/static/none.css", "/static/..%2Fembed.go", "/static/"} {
		s.must(404, s.get(path))
	}
	if a := s.must(200, s.get("/favicon.ico")); a.Header.Get("Content-Type") != "image/svg+xml" {
		t.Error(a.Header)
	}
	if a := s.must(200, s.get("/robots.txt")); a.Body != "User-agent: *\nDisallow: /api/\nDisallow: /feeds/\n" {
		t.Error(a.Body)
	}
}

// Below a path of its own, every link of a page begins with that path.
func TestPagesBelowAPath(t *testing.T) {
	s := newStage(t)
	s.server = New(Options{App: s.app, BaseURL: "https://example.org/agendas/", Now: s.now})
	for _, path := range s.pageAddresses() {
		for _, found := range links.FindAllStringSubmatch(s.get(path, browser).Body, -1) {
			if link := found[1]; strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "/agendas/") {
				t.Errorf("%s links to %s", path, link)
			}
		}
	}
}
