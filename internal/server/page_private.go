package server

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// private adds a route whose answers are for one browser alone: nothing keeps them or finds them.
func (s *Server) private(access Access, path string, h echo.HandlerFunc, methods ...string) {
	s.route(access, path, func(c echo.Context) error {
		header := c.Response().Header()
		header.Set(echo.HeaderCacheControl, "private, no-store")
		addVary(header, echo.HeaderCookie)
		noIndex(c)
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxForm)
		if c.Request().Method == http.MethodPost {
			if _, err := formSent(c); err != nil { // what can't be read is not taken for empty
				return err
			}
		}
		return h(c)
	}, methods...)
}

// own adds a route for who is signed in. Who is not is led to the page where one signs in, and from there back.
func (s *Server) own(path string, h func(echo.Context, app.SignedIn) error, methods ...string) {
	s.private(BySignIn, path, func(c echo.Context) error {
		who, err := s.signedIn(c)
		if agenda.CodeOf(err) == agenda.Unauthenticated && s.wantsPage(c) {
			next := s.root() + "account"
			if r := c.Request(); r.Method == http.MethodGet {
				next = s.root() + strings.TrimPrefix(r.URL.RequestURI(), "/")
			}
			return s.lead(c, "sign-in", "next", next)
		}
		if err != nil {
			return err
		}
		return known(h(c, who))
	}, methods...)
}

// known makes of an error that asks who somebody is another, because they are known: what they did came too late.
func known(err error) error {
	var e *agenda.Error
	if !errors.As(err, &e) || e.Code != agenda.Unauthenticated {
		return err
	}
	late := *e
	late.Code = agenda.Invalid
	return &late
}

// lead leads the browser to a page below the root, with parameters: names and values, of which empty ones are left out.
func (s *Server) lead(c echo.Context, path string, parameters ...string) error {
	return c.Redirect(http.StatusSeeOther, s.below(c, path, parameters...))
}

// below gives the address of such a page, in the language that was chosen.
func (s *Server) below(c echo.Context, path string, parameters ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		if parameters[i+1] != "" {
			q.Set(parameters[i], parameters[i+1])
		}
	}
	if lang := feedLanguage(c); lang != "" {
		q.Set("lang", lang)
	}
	to := s.root() + path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// next gives the page to which a request asks to be led afterwards, "" when it names none of ours.
func (s *Server) next(c echo.Context) string { return s.place(c.FormValue("next")) }

func (s *Server) place(next string) string {
	place, ok := localPath(next)
	if !ok || !strings.HasPrefix(place, s.root()) {
		return ""
	}
	return place
}

// goOn leads to that page of ours, or else to the console.
func (s *Server) goOn(c echo.Context, next string) error {
	if next == "" {
		return s.lead(c, "console")
	}
	return c.Redirect(http.StatusSeeOther, next)
}

// sent gives a value of the form that was sent. What the address says under that name is not taken: addresses are kept, in
// logs and in browsers.
func sent(c echo.Context, name string) string { return c.Request().PostFormValue(name) }

// typed gives what was typed into a field, but for what no database keeps.
func typed(c echo.Context, name string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(sent(c, name), ""), "\x00", "")
}

// privateView is what pages show that are for one browser alone.
type privateView struct {
	view
	Next    string // where to go afterwards
	Notice  string // what was done
	Problem string // what was not
	Said    string // why not, in English
	wrong   map[string]string
}

// Wrong gives what is wrong with what was typed into a field, "" when nothing is.
func (v *privateView) Wrong(field string) string { return v.wrong[field] }

// KeepsCookies says whether browsers keep our cookies at that base URL, and what is typed crosses no network unprotected: over
// TLS, or on the machine itself.
func KeepsCookies(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" {
		return true
	}
	host := strings.ToLower(u.Hostname())
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}

// newPrivate begins a page with that title, a key of words.
func (s *Server) newPrivate(c echo.Context, title string) (privateView, reader, error) {
	r, err := readerOf(c, programLanguages)
	if err != nil {
		return privateView{}, r, err
	}
	v := privateView{view: s.newView(r, nil), Next: s.next(c), wrong: map[string]string{}}
	v.NoIndex = true
	v.Styles = append(v.Styles, s.assetURL(subscribeStyleName), s.assetURL(consoleStyleName), s.assetURL(accountStyleName))
	v.Scripts = []string{s.assetURL(accountScriptName)}
	v.standAt(s.pageOf(c))
	if v.Next != "" {
		for i := range v.Languages {
			v.Languages[i].URL += "&next=" + url.QueryEscape(v.Next)
		}
	}
	v.Title, err = v.Say(title)
	return v, r, err
}

// standAt lets the links to other languages lead to the page at that path: what answers a form stands at an address that shows
// nothing by itself.
func (v *view) standAt(path string) {
	for i := range v.Languages {
		v.Languages[i].URL = path + v.Languages[i].URL
	}
}

// pageOf gives the path of the page that a request is about: its own where there is one, else that of the first part of its path.
func (s *Server) pageOf(c echo.Context) string {
	if s.access[http.MethodGet+" "+c.Path()] != "" && c.Path() != callbackPath {
		return s.root() + strings.TrimPrefix(c.Request().URL.EscapedPath(), "/")
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	return s.root() + path
}

// notify says what was done, by what the address says of it; known are the things that can be said.
func (v *privateView) notify(c echo.Context, known map[string]string) (err error) {
	if key := known[c.QueryParam("done")]; key != "" {
		v.Notice, err = v.Say(key)
	}
	return err
}

// blame puts an error into the words of the page, and gives the status of the answer. The keys are of words for codes, and, with
// a slash before, for fields. An error that there are no words for is given back.
func (v *privateView) blame(c echo.Context, err error, keys map[string]string) (status int, rest error) {
	var e *agenda.Error
	if !errors.As(err, &e) {
		return 0, err
	}
	key, pairs := keys[string(e.Code)], []any(nil)
	switch e.Code {
	case agenda.TooMany:
		wait := max(e.Wait, time.Minute)
		c.Response().Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		key, pairs = "account_too_many", []any{"n", int((wait + time.Minute - 1) / time.Minute)}
	case agenda.Invalid:
		key = "account_faults"
		for _, f := range e.Faults {
			field, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
			if v.wrong[field], rest = v.faultWords("/"+field, keys); rest != nil {
				return 0, rest
			}
		}
	case agenda.Unauthenticated:
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Bearer") // RFC 9110, 15.5.2 wants one; browsers don't know it
	}
	if key == "" {
		return 0, err
	}
	v.Problem, rest = v.Say(key, pairs...)
	return statuses[e.Code], rest
}

func (v *privateView) faultWords(pointer string, keys map[string]string) (string, error) {
	if key := keys[pointer]; key != "" {
		return v.Say(key)
	}
	switch pointer {
	case "/email", "/name", "/password", "/code", "/language":
		return v.Say("account_fault_" + pointer[1:])
	}
	return v.Say("account_fault_other")
}

// instant gives a moment as pages of one's own show it: these belong to no event that would have a zone.
func (w *words) instant(t time.Time) (string, error) {
	t = t.UTC()
	date, err := w.day("date_plain", agenda.Date(t.Format(agenda.DateLayout)))
	return date + ", " + t.Format("15:04") + " UTC", err
}
