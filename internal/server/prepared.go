package server

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/telemetry"
)

// prepared is an answer to one address with its headers made ready, to be sent as often as it is asked for. It does not change, but
// for the forms that come to it, and is safe for concurrent use.
type prepared struct {
	body   *body
	common []headerField // of every form
	until  time.Time     // from when on it is another one; zero: the clock does not matter
	forms  [codings]atomic.Pointer[form]

	get, head *telemetry.Route // count what the front answers
}

// form is a prepared answer in one coding.
type form struct {
	representation
	full  []headerField // the headers of 200
	known []headerField // the headers of 304
}

// headerField is a header. The values are shared among answers: who wants others puts a slice in their place.
type headerField struct {
	name   string
	values []string
}

// kept304 are the headers that go with 304: those that a cache keeps by (RFC 9110, 15.4.5), and that without which a page of another
// origin may not see it. The others are what the client has.
var kept304 = []string{echo.HeaderCacheControl, echo.HeaderVary, echo.HeaderAccessControlAllowOrigin, "Etag"}

// prepare makes an answer of a body and the headers that were set for it, of which it takes those away that say nothing of such a body.
func prepare(h http.Header, b *body) *prepared {
	if isData(b.media) {
		takePageHeaders(h)
	}
	p := &prepared{body: b}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if name != echo.HeaderXRequestID { // is of one answer
			p.common = append(p.common, headerField{name, slices.Clip(slices.Clone(h[name]))})
		}
	}
	return p
}

// in gives the form of the answer for who takes that coding.
func (p *prepared) in(c coding) *form {
	r := p.body.in(c)
	if f := p.forms[r.coding].Load(); f != nil {
		return f
	}
	h := http.Header{}
	for _, f := range p.common {
		h[f.name] = f.values
	}
	if p.body.packs {
		addVary(h, echo.HeaderAcceptEncoding)
	}
	h["Etag"] = []string{r.etag}
	set := func(name, value string) {
		if value != "" {
			h[name] = []string{value}
		}
	}
	if !p.body.modified.IsZero() {
		set(echo.HeaderLastModified, p.body.modified.Format(http.TimeFormat))
	}
	set("Content-Language", p.body.language)
	set(echo.HeaderContentSecurityPolicy, p.body.security)
	f := &form{representation: r}
	if own := h[echo.HeaderContentSecurityPolicy]; len(own) == 1 && own[0] != contentSecurity {
		f.known = append(f.known, headerField{echo.HeaderContentSecurityPolicy, own}) // who may frame it may have changed
	}
	for _, name := range kept304 {
		if values, ok := h[name]; ok {
			f.known = append(f.known, headerField{name, values})
		}
	}
	set(echo.HeaderContentEncoding, codingNames[r.coding])
	set(echo.HeaderContentType, p.body.media)
	set(echo.HeaderContentLength, strconv.Itoa(len(r.bytes)))
	for name, values := range h {
		f.full = append(f.full, headerField{name, values})
	}
	p.forms[r.coding].Store(f)
	return f
}

// serve sends the answer, or 304 when the client has it. It goes to GET and HEAD alike.
func (p *prepared) serve(w http.ResponseWriter, r *http.Request) (status int) {
	f := p.in(accepts(r.Header))
	h := w.Header()
	if p.body.isKnown(r.Header, f.etag) {
		id, ok := h[echo.HeaderXRequestID]
		clear(h)
		if ok {
			h[echo.HeaderXRequestID] = id
		}
		for _, one := range f.known {
			h[one.name] = one.values
		}
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	for _, one := range f.full {
		h[one.name] = one.values
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return http.StatusOK
	}
	hold(r, len(f.bytes))
	w.WriteHeader(http.StatusOK)
	// Whoever does not want the rest has hung up; there is nobody to tell.
	_, _ = w.Write(f.bytes)
	return http.StatusOK
}

// count counts that the front has answered.
func (p *prepared) count(method string, status int) {
	if method == http.MethodHead {
		p.head.Count(status)
		return
	}
	p.get.Count(status)
}

// isKnown says whether the client has the form of that tag (RFC 9110, 13.2.2): a date counts only when no entity tag was sent.
func (b *body) isKnown(h http.Header, etag string) bool {
	if tags := h["If-None-Match"]; len(tags) > 0 {
		return len(tags) == 1 && tags[0] == etag || matchesTag(strings.Join(tags, ","), etag)
	}
	sent := h["If-Modified-Since"]
	if len(sent) == 0 || b.modified.IsZero() {
		return false
	}
	since, err := http.ParseTime(sent[0])
	return err == nil && !b.modified.After(since)
}

// matchesTag says whether the tag is in a list of entity tags, by the weak comparison that
// If-None-Match asks for: proxies that compress mark strong tags as weak. Our tags have no comma.
func matchesTag(tags, tag string) bool {
	for one := range strings.SplitSeq(tags, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
