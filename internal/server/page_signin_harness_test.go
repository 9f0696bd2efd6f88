package server

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// tab is a browser with one window: it keeps cookies and sends what a browser does.
type tab struct {
	*harness
	jar   map[string]string
	agent string
	extra []header
}

const (
	linux   = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	phone   = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
	owner   = "owner@example.org"
	phrase  = "battery horse staple correct"
	phrase2 = "four other words of old"
)

func (h *harness) newTab() *tab { return &tab{harness: h, jar: map[string]string{}, agent: linux} }

func (b *tab) open(path string) answer { return b.send(http.MethodGet, path, nil) }

// submit sends a form: names and values.
func (b *tab) submit(path string, fields ...string) answer {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.send(http.MethodPost, path, form.Encode(), header{"Content-Type", "application/x-www-form-urlencoded"})
}

func (b *tab) send(method, path string, body any, more ...header) answer {
	b.t.Helper()
	headers := slices.Clone(b.extra)
	for _, usual := range append(more, browser, header{"Sec-Fetch-Site", "same-origin"}, header{"User-Agent", b.agent}) {
		if !slices.ContainsFunc(headers, func(h header) bool { return h.name == usual.name }) {
			headers = append(headers, usual)
		}
	}
	var sent []string
	for _, name := range slices.Sorted(maps.Keys(b.jar)) {
		sent = append(sent, name+"="+b.jar[name])
	}
	if len(sent) > 0 {
		headers = append(headers, header{"Cookie", strings.Join(sent, "; ")})
	}
	a := b.ask("", method, path, body, headers...)
	b.take(path, a)
	return a
}

// take keeps the cookies of an answer, and looks at what makes it private.
func (b *tab) take(path string, a answer) {
	b.t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			b.t.Errorf("%s: the cookie %s", path, c)
		}
		if b.jar[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
	}
	private := a.Header.Get("X-Robots-Tag") == "noindex" && strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Cookie")
	foreign := a.Status == http.StatusForbidden // refused before anybody looks who asks
	if control := a.Header.Get("Cache-Control"); !strings.Contains(control, "no-store") || !private && !foreign {
		b.t.Errorf("%s: %d with Cache-Control %q, Vary %q, X-Robots-Tag %q", path, a.Status, control, a.Header.Values("Vary"), a.Header.Get("X-Robots-Tag"))
	}
}

// follow goes where an answer leads until it leads nowhere.
func (b *tab) follow(a answer) (answer, string) {
	b.t.Helper()
	at := ""
	for range 10 {
		if a.Status != http.StatusSeeOther {
			return a, at
		}
		at = a.Header.Get("Location")
		a = b.open(at)
	}
	b.t.Fatalf("it leads in circles, by %s", at)
	return a, ""
}

// arrive follows an answer and checks where it ends.
func (b *tab) arrive(at string, a answer) answer {
	b.t.Helper()
	end, got := b.follow(a)
	if got != at || end.Status != http.StatusOK {
		b.t.Fatalf("it leads to %q with %d, want %q: %s", got, end.Status, at, textOfPage(end.Body))
	}
	return end
}

// says fails the test unless the page has all of these, once its pageTags is gone.
func (b *tab) says(a answer, parts ...string) {
	b.t.Helper()
	for _, p := range parts {
		if !strings.Contains(a.Body, p) {
			b.t.Errorf("%d without %q: %s", a.Status, p, textOfPage(a.Body))
		}
	}
}

var pageTags = regexp.MustCompile(`(?s)<head>.*</head>|<[^>]*>`)

func textOfPage(page string) string {
	return strings.Join(strings.Fields(pageTags.ReplaceAllString(page, " ")), " ")
}

// newAccount makes an Account that signs in with that phrase.
func (h *harness) newAccount(email string, admin bool) agenda.Account {
	h.t.Helper()
	a, err := h.app.CreateAccount(context.Background(), h.system(), agenda.Account{Email: email, Name: "Thị Mai", Language: "vi", Admin: admin}, phrase)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// signedInTab is a browser that has signed in.
func (h *harness) signedInTab(email string) *tab {
	h.t.Helper()
	b := h.newTab()
	b.arrive("/console", b.submit("/sign-in", "email", email, "password", phrase))
	return b
}

// restart puts another App over the same database.
func (h *harness) restart(o app.Options, at string) {
	o.Now, o.NewID, o.Secret, o.Code, o.Passwords, o.CodeRounds = h.now, h.newID, h.newSecret, h.newCode, fastPasswords, 1
	h.app = app.New(h.store, o)
	h.server = New(Options{App: h.app, BaseURL: at, Version: "1.2.3", Now: h.now})
}

// letters gathers what is sent.
type letters chan agenda.Letter

func (l letters) post(_ context.Context, letter agenda.Letter) error {
	l <- letter
	return nil
}

// secret waits for a letter of that kind and gives the secret of its link.
func (l letters) secret(t testing.TB, kind agenda.LetterKind) string {
	t.Helper()
	letter := <-l
	for letter.Kind != kind {
		letter = <-l
	}
	_, secret, found := strings.Cut(letter.URL, "#")
	if !found || secret == "" {
		t.Fatalf("no secret in %q", letter.URL)
	}
	return secret
}
