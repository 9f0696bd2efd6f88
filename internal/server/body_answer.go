package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// answer sends a body, or 304 when the client has it. Headers that a body does not know (Cache-Control, CORS) are set before.
func (b *body) answer(c echo.Context) error {
	prepare(c.Response().Header(), b).serve(c.Response(), c.Request())
	return nil
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
	// cacheRelease is for a release of a number, which nothing changes but the erasure of a person: that is seen in an hour and ten minutes.
	cacheRelease = "public, max-age=3600, stale-while-revalidate=600"
	cacheFeed    = "public, max-age=300, stale-while-revalidate=600"
	cachePrivate = "private, max-age=300, must-revalidate"
)

// openRoute adds a public route that pages of any origin may read.
func (s *Server) openRoute(path string, h echo.HandlerFunc) {
	s.route(Public, path, h)
	s.route(Public, path, s.preflight, http.MethodOptions)
}
