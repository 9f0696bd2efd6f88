package server

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var anchors = regexp.MustCompile(`<a [^>]*>`)

// The embedded agenda is the agenda without what is around it, and its links open beside the page that it is in.
func TestTheEmbeddedAgenda(t *testing.T) {
	h := newHarness(t)
	furnish(h)
	h.must(404, h.get("/nobody/embed"))
	for lang, want := range map[string]string{"en": "Opening", "fr": "Programme", "vi": "lịch"} {
		a := h.must(200, h.get("/"+forum+"/embed?lang="+lang))
		if !strings.Contains(a.Body, `<html lang="`+lang+`"`) || !strings.Contains(a.Body, want) && lang != "fr" {
			t.Errorf("%s: %s", lang, a.Body)
		}
		for _, not := range []string{`class="bar"`, `class="skip"`, "<form", `class="languages"`, "<iframe"} {
			if strings.Contains(a.Body, not) {
				t.Errorf("%s: it has %s", lang, not)
			}
		}
		outward := 0
		for _, link := range anchors.FindAllString(a.Body, -1) {
			if strings.Contains(link, `href="#`) {
				continue
			}
			outward++
			if !strings.Contains(link, `target="_blank" rel="noopener"`) || !strings.Contains(link, "?lang="+lang) {
				t.Errorf("%s: %s", lang, link)
			}
		}
		if outward < 4 {
			t.Errorf("%d links lead out", outward)
		}
		if !strings.Contains(a.Body, `<link rel="canonical" href="`+base+"/"+forum+`/">`) || !strings.Contains(a.Body, "noindex") {
			t.Error("it does not say where it is at home")
		}
	}
	if whole := h.get("/" + forum + "/"); strings.Contains(whole.Body, "_blank") || !strings.Contains(whole.Body, `class="bar"`) {
		t.Error("the agenda's own page is as the embedded one")
	}
}

// What the address of the frame asks for is shown, in the order of the agenda, and what it does not understand is passed over.
func TestTheEmbeddedAgendaIsNarrowed(t *testing.T) {
	s := newStage(t)
	hall, small := "rooms="+string(s.hall), "rooms="+string(s.small)
	const opening, talk, night = "panel-OPEN", "panel-PANEL1", "panel-NIGHT"
	for query, want := range map[string]string{
		"": opening + talk + night, hall: opening + talk, small: opening + night, hall + "," + string(s.small): opening + talk + night, hall + "&" + small: opening + talk + night,
		"days=2025-10-28": night, "days=2025-10-27," + "none&" + small: opening, "tracks=" + string(s.track): talk, "tracks=none&theme=blue&view=x&rooms=x": opening + talk + night,
		"days=2025-10-28&tracks=" + string(s.track): "",
	} {
		for _, view := range []string{"day", "grid"} {
			page := s.must(200, s.get("/"+forum+"/embed?"+query+"&view="+view)).Body
			got := ""
			for _, m := range regexp.MustCompile(` id="(panel-[A-Z0-9]+)"`).FindAllStringSubmatch(page, -1) {
				got += m[1]
			}
			if got != want || (want == "") != strings.Contains(page, `class="notice"`) || strings.Contains(page, canary) || view == "grid" && want != "" && !strings.Contains(page, `class="timetable"`) && !strings.Contains(query, "view=x") {
				t.Errorf("%s as %s: %q, want %q", query, view, got, want)
			}
		}
	}
	if page := s.get("/" + forum + "/embed?theme=dark").Body; !strings.Contains(page, "/static/theme_dark.css") || strings.Contains(s.get("/"+forum+"/embed?theme=auto").Body, "theme_") {
		t.Error("it is not in the colours that are asked for")
	}
	page := html.UnescapeString(html.UnescapeString(s.must(200, s.get("/"+forum+"/embedding?in=vi&theme=dark&view=grid&"+hall+"&"+small+"&days=2025-10-27")).Body))
	for _, part := range []string{base + "/vidw-2025/embed?days=2025-10-27&lang=vi&rooms=" + string(s.hall) + "," + string(s.small) + "&theme=dark&view=grid", `<script src="` + base + `/static/embed.js" async>`, `<p><a href="` + base + `/vidw-2025/">`} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in %s", part, page)
		}
	}
	if corp := s.get("/static/embed.js").Header.Get("Cross-Origin-Resource-Policy"); corp != "cross-origin" {
		t.Errorf("other sites may not load the script: %s", corp)
	}
	if corp := s.get("/static/embedded.js").Header.Get("Cross-Origin-Resource-Policy"); corp != "same-origin" {
		t.Errorf("other sites may load what is not for them: %s", corp)
	}
}

// Who may frame it is configured; nobody else may, and a 304 says so as well.
func TestWhoMayEmbed(t *testing.T) {
	h := newHarness(t)
	furnish(h)
	for _, c := range []struct {
		origins []string
		want    string
	}{
		{nil, "frame-ancestors 'self'"},
		{[]string{"https://www.example.org", "https://example.com:8443"}, "frame-ancestors 'self' https://www.example.org https://example.com:8443"},
		{[]string{"https://www.example.org", "*"}, "frame-ancestors *"},
	} {
		h.server = h.reach(Options{EmbedOrigins: c.origins})
		a := h.must(200, h.get("/"+forum+"/embed"))
		again := h.must(304, h.get("/"+forum+"/embed", header{"If-None-Match", a.Header.Get("Etag")}))
		for _, a := range []answer{a, again} {
			if policy := a.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, c.want) {
				t.Errorf("%v: %s", c.origins, policy)
			}
		}
		for _, a := range []answer{h.get("/nobody/embed"), h.get("/nobody/embed", header{"Accept", "text/html"}), h.get("/" + forum + "/"),
			h.ask("", http.MethodPost, "/"+forum+"/embed", "")} {
			if policy := a.Header.Get("Content-Security-Policy"); policy != contentSecurity && policy != attendeeSecurity {
				t.Errorf("%v, %d: %s", c.origins, a.Status, policy)
			}
		}
	}
}
