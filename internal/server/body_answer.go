package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// answer sends a body, or 304 when the client has it. It goes to GET and HEAD alike: net/http leaves
// the bytes out for the latter. Headers that a body does not know (Cache-Control, CORS) are set before.
func (b *body) answer(c echo.Context) error {
	h := c.Response().Header()
	chosen := b.choose(c.Request().Header, h)
	if b.isKnown(c.Request().Header, chosen) {
		return c.NoContent(http.StatusNotModified)
	}
	if b.packed.bytes != nil && chosen.etag == b.packed.etag {
		h.Set(echo.HeaderContentEncoding, "gzip")
	}
	h.Set(echo.HeaderContentType, b.media)
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(chosen.bytes)))
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	// Whoever does not want the rest has hung up; there is nobody to tell.
	_, _ = c.Response().Write(chosen.bytes)
	return nil
}

// choose gives the representation for who asks, and sets the headers that a 304 has as well.
func (b *body) choose(asked, h http.Header) representation {
	chosen := b.plain
	if b.packed.bytes != nil {
		addVary(h, echo.HeaderAcceptEncoding)
		if acceptsGzip(asked) {
			chosen = b.packed
		}
	}
	h.Set("ETag", chosen.etag)
	if !b.modified.IsZero() {
		h.Set(echo.HeaderLastModified, b.modified.Format(http.TimeFormat))
	}
	if b.language != "" {
		h.Set("Content-Language", b.language)
	}
	if b.security != "" {
		h.Set(echo.HeaderContentSecurityPolicy, b.security)
	}
	return chosen
}

// isKnown says whether the client has this representation (RFC 9110, 13.2.2): a date counts only when
// no entity tag was sent.
func (b *body) isKnown(h http.Header, r representation) bool {
	if tags := h.Values("If-None-Match"); len(tags) > 0 {
		return matchesTag(strings.Join(tags, ","), r.etag)
	}
	since, err := http.ParseTime(h.Get(echo.HeaderIfModifiedSince))
	return err == nil && !b.modified.IsZero() && !b.modified.After(since)
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

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip or * with a weight above zero.
func acceptsGzip(h http.Header) bool {
	others, gzip := false, -1.0
	for one := range strings.SplitSeq(strings.Join(h.Values(echo.HeaderAcceptEncoding), ","), ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(one), ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q="); ok {
			if w, err := strconv.ParseFloat(q, 64); err == nil {
				weight = w
			}
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			gzip = weight
		case "*":
			others = weight > 0
		}
	}
	return gzip > 0 || gzip < 0 && others
}

// addVary names a request header that the answer depends on, once.
func addVary(h http.Header, name string) {
	for _, v := range h.Values(echo.HeaderVary) {
		if strings.EqualFold(v, name) {
			return
		}
	}
	h.Add(echo.HeaderVary, name)
}

// The Cache-Control of what the public gets.
const (
	cacheLatest  = "public, max-age=60, stale-while-revalidate=600"
	cacheForever = "public, max-age=31536000, immutable"
	// cacheRelease is for a release of a number, which nothing changes but the erasure of a person: that is seen in an hour.
	cacheRelease = "public, max-age=3600"
	cacheFeed    = "public, max-age=300"
	cachePrivate = "private, max-age=300, must-revalidate"
)

// openRoute adds a public route that pages of any origin may read.
func (s *Server) openRoute(path string, h echo.HandlerFunc) {
	s.route(Public, path, h)
	s.route(Public, path, s.preflight, http.MethodOptions)
}
