package server

import (
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
		for _, not := range []string{`class="bar"`, `class="skip"`, "<script", "<form", `class="languages"`, "<iframe"} {
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
			if policy := a.Header.Get("Content-Security-Policy"); policy != contentSecurity {
				t.Errorf("%v, %d: %s", c.origins, a.Status, policy)
			}
		}
	}
}
