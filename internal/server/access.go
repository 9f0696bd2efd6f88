package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Access is what a route asks of who calls it. Every route declares one; a test finds those that don't.
type Access string

// The accesses. The App decides; a route only says what to expect.
const (
	Public     Access = "public"      // anybody, and only what is published
	BySecret   Access = "secret"      // whoever knows the secret in the path
	ByToken    Access = "token"       // a token of the Event, of read scope at least
	ByWriter   Access = "token_write" // a token of the Event, of write scope
	ByOperator Access = "token_all"   // a token of write scope for all Events
)

// route adds a route for GET and HEAD, or for the methods given, and declares its access.
func (s *Server) route(access Access, path string, h echo.HandlerFunc, methods ...string) {
	if len(methods) == 0 {
		methods = []string{http.MethodGet, http.MethodHead}
	}
	for _, m := range methods {
		s.access[m+" "+path] = access
		s.echo.Add(m, path, h)
	}
}
