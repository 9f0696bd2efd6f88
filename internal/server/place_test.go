package server

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// places are what is sent as a place to go next, and where it leads; "" is nowhere.
var places = map[string]string{
	"/": "/", "/vidw-2025/": "/vidw-2025/", "/vidw-2025/panels/PANEL1?lang=fr": "/vidw-2025/panels/PANEL1?lang=fr", "/console/import": "/console/import",
	"/a?next=//evil.example": "/a?next=//evil.example", "/a?u=https://evil.example/": "/a?u=https://evil.example/", "/t%E1%BA%BFt": "/t%E1%BA%BFt", "/tết": "/t%E1%BA%BFt",
	"/a#b": "/a", "/a:b": "/a:b", "/@evil.example": "/@evil.example", "/a%20b": "", "/a;b": "/a;b", "/a?": "/a", "/evil.example": "/evil.example", "/https:evil.example": "/https:evil.example",

	"": "", "vidw-2025": "", "evil.example": "", "//": "", "//evil.example": "", "//evil.example/": "", "///evil.example": "", "////evil.example": "",
	`/\evil.example`: "", `\/evil.example`: "", `\\evil.example`: "", `/\/evil.example`: "", `//\evil.example`: "", "/%5cevil.example": "", "/%5Cevil.example": "",
	"/%255cevil.example": "", "/%2fevil.example": "", "/%2Fevil.example": "", "/%252fevil.example": "", "/%2f%2fevil.example": "", "/%09/evil.example": "", "/%2509/evil.example": "",
	"/\t/evil.example": "", "\t//evil.example": "", "/\n/evil.example": "", "/\r\n/evil.example": "", " //evil.example": "", " /a": "", "/a ": "", "/ /evil.example": "",
	"/%0d%0aLocation:https://evil.example": "", "/%00": "", "/\x00/evil.example": "", "/\u2028/evil.example": "", "/\u200b/evil.example": "", "/\u00a0a": "", "/\ufeff/a": "",
	"https:evil.example": "", "https:/evil.example": "", "https://evil.example": "", "HTTPS://evil.example": "", "http:///evil.example": "", "https:\\\\evil.example": "",
	"https://agenda.example/": "", "https://agenda.example@evil.example/": "", "javascript:alert(1)": "", "JaVaScRiPt:alert(1)": "", "data:text/html,x": "", "vbscript:x": "", "mailto:a@b": "",
	"file:///etc/passwd": "", "/..//evil.example": "", "/../a": "", "/./a": "", "/.//evil.example": "", "/%2e%2e//evil.example": "", "/%2e/%2fevil.example": "", "/%252e%252e/a": "",
	"/a//evil.example": "", "/a/..": "", ".": "", "..": "", "./a": "", "../a": "", "?next=/a": "", "#a": "", "@evil.example": "", ":80": "", "/%": "", "/%zz": "", "/%ff": "", "/\xff": "",
	"/" + strings.Repeat("a", maxPlace): "", "/。evil.example": "/%E3%80%82evil.example", "/／evil.example": "/%EF%BC%8Fevil.example", "*": "", "\u2215/evil.example": "",
}

// V10: a place to go next that came with a request leads to a page here, or nowhere.
func TestHoleV10RedirectsStayHere(t *testing.T) {
	sweep(t)
	alongside(t)
	if len(places) < 60 {
		t.Errorf("only %d places", len(places))
	}
	for next, want := range places {
		if got, ok := localPath(next); got != want || ok != (want != "") {
			t.Errorf("%q leads to %q (%t), want %q", next, got, ok, want)
		}
	}
	// No route leads away, whatever its parameters say.
	h := newHarness(t)
	own, _ := furnish(h)
	// The places that are good come first, and then the others; some of each are asked of every route, and the rest of those that
	// lead anywhere.
	asked := slices.SortedFunc(maps.Keys(places), func(a, b string) int {
		return cmp.Or(cmp.Compare(min(1, len(places[b])), min(1, len(places[a]))), strings.Compare(a, b))
	})
	good := 0
	for _, to := range places {
		good += min(1, len(to))
	}
	asked = slices.Concat(asked[:2], asked[good:good+4], asked[2:good], asked[good+4:])
	const enough = 6
	led := 0
	for _, r := range routesOf(h.server) {
		if r.Method != http.MethodGet && r.Path != "/:event/starred" && r.Path != "/:event/starred/:key" {
			continue
		}
		leads := false
		for i, next := range asked {
			if i == enough && !leads {
				break // it leads nowhere, whatever it is asked
			}
			query := url.Values{}
			for _, name := range []string{"next", "redirect", "return", "url", "to", "lang", "done"} {
				query.Set(name, next)
			}
			body := url.Values{"panel": {own.ids["panel"]}, "do": {"save"}, "revision": {"1"}, "next": {next}}.Encode()
			target := own.target(r.Path) + "?" + query.Encode()
			if len(target) > maxAddress {
				continue
			}
			a := h.ask(h.all, r.Method, target, body, header{"Content-Type", "application/x-www-form-urlencoded"}, header{"Referer", next})
			location := a.Header.Get("Location")
			if location == "" {
				continue
			}
			led, leads = led+1, true
			if place, ok := localPath(location); !ok || place != location || !strings.HasPrefix(location, "/vidw-2025/") && !strings.HasPrefix(location, "/sign-in") {
				t.Errorf("%s %s leads to %q", r.Method, target, location)
			}
		}
	}
	if led < len(places) {
		t.Errorf("only %d answers lead anywhere", led)
	}
}

// Whatever is taken stays here, as net/url reads it and as browsers do.
func FuzzLocalPath(f *testing.F) {
	for next := range places {
		f.Add(next)
	}
	here, err := url.Parse(base + "/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	asBrowsers := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/")
	f.Fuzz(func(t *testing.T, next string) {
		place, ok := localPath(next)
		if !ok {
			if place != "" {
				t.Fatalf("%q is refused and leads to %q", next, place)
			}
			return
		}
		if again, ok := localPath(place); !ok || again != place {
			t.Fatalf("%q leads to %q, which leads to %q (%t)", next, place, again, ok)
		}
		for _, read := range []string{place, asBrowsers.Replace(place)} {
			u, err := here.Parse(read)
			if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || strings.HasPrefix(read, "//") || !strings.HasPrefix(read, "/") {
				t.Fatalf("%q leads to %q, read as %q: %v, %v", next, place, read, u, err)
			}
		}
		for _, c := range []byte(place) {
			if c <= ' ' || c >= 0x7f || c == '\\' {
				if _, query, _ := strings.Cut(place, "?"); c >= 0x7f && strings.IndexByte(query, c) >= 0 {
					continue
				}
				t.Fatalf("%q leads to %q, which has %q", next, place, c)
			}
		}
		if r, err := http.NewRequest(http.MethodGet, base+place, nil); err != nil || r.URL.Host != "agenda.example" {
			t.Fatalf("%q: %v", place, err)
		}
	})
}
