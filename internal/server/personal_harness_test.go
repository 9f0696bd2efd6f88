package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"plenary/internal/agenda"
)

// caller is a browser that keeps the cookie of a visit.
type caller struct {
	*stage
	cookie string
}

// send sends a form to the page, as a browser does from the page itself, and keeps the cookie that comes back.
func (b *caller) send(path string, form url.Values) answer {
	b.t.Helper()
	a := b.ask("", http.MethodPost, path, form.Encode(), append(b.headers(), header{"Content-Type", "application/x-www-form-urlencoded"},
		header{"Sec-Fetch-Site", "same-origin"})...)
	for _, c := range a.Header.Values("Set-Cookie") {
		name, rest, _ := strings.Cut(c, "=")
		if b.cookie, _, _ = strings.Cut(rest, ";"); name != visitCookie {
			b.t.Errorf("a cookie is called %s", name)
		}
	}
	return a
}

func (b *caller) headers() []header {
	list := []header{browser, {"Accept-Language", "en"}}
	if b.cookie != "" {
		list = append(list, header{"Cookie", visitCookie + "=" + b.cookie})
	}
	return list
}

// look gives the page.
func (b *caller) look() answer {
	b.t.Helper()
	return b.must(200, b.get("/me", b.headers()...))
}

// link makes a link of the person as an editor does in the API.
func (s *stage) link(person agenda.ID, body string) (id, secret, code string) {
	s.t.Helper()
	made := decode[struct{ ID, URL, Code string }](s.t, s.must(201, s.ask(s.write, http.MethodPost, "/api/v1/events/vidw-2025/people/"+string(person)+"/links", body)))
	_, secret, found := strings.Cut(made.URL, base+"/me#")
	if !found {
		s.t.Fatalf("the link is %q", made.URL)
	}
	return made.ID, secret, made.Code
}

// come opens the link of a person in a new browser.
func (s *stage) come(secret string) *caller {
	s.t.Helper()
	b := &caller{stage: s}
	if a := s.must(303, b.send("/me/open", url.Values{"secret": {secret}})); a.Header.Get("Location") != "/me" || b.cookie == "" {
		s.t.Fatalf("it leads to %q with the cookie %q", a.Header.Get("Location"), b.cookie)
	}
	return b
}

// lastLetter gives what was mailed last.
func (h *harness) lastLetter() agenda.Letter {
	h.t.Helper()
	h.mails.Lock()
	defer h.mails.Unlock()
	if len(h.letters) == 0 {
		h.t.Fatal("nothing was mailed")
	}
	return h.letters[len(h.letters)-1]
}

var tags = regexp.MustCompile(`<[^>]*>`)

// textIn gives the lines of a page's main part that say something.
func textIn(page string) []string {
	_, main, _ := strings.Cut(page, "<main")
	var lines []string
	for _, line := range strings.Split(tags.ReplaceAllString("<main"+main, " "), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// see fails unless the page says so.
func (b *caller) see(line string) {
	b.t.Helper()
	if said := strings.Join(textIn(b.look().Body), "\n"); !strings.Contains(said, line) {
		b.t.Errorf("the page does not say %q:\n%s", line, said)
	}
}
