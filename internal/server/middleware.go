package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// requestID gives each request an identity that its answer and its log line share. One that the
// client sends is not taken over: it could not be trusted to be unique, or to be an identity at all.
func (s *Server) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [8]byte
		rand.Read(b[:])
		c.Response().Header().Set(echo.HeaderXRequestID, hex.EncodeToString(b[:]))
		return next(c)
	}
}

// logRequest writes one line per request. It names the route, never the address: an address may
// hold the secret of a feed.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // so that the line has the status that was sent
		}
		s.log.InfoContext(c.Request().Context(), "request",
			"request_id", c.Response().Header().Get(echo.HeaderXRequestID), "method", c.Request().Method,
			"route", routeOf(c), "status", c.Response().Status, "bytes", c.Response().Size,
			"ms", float64(time.Since(start).Microseconds())/1000, "remote", c.RealIP())
		return nil
	}
}

// recoverPanic turns a panic into a 500 and its stack into a log line.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			r := recover()
			if r == nil {
				return
			}
			if r == http.ErrAbortHandler {
				panic(r) // net/http's own way to end a connection
			}
			s.log.ErrorContext(c.Request().Context(), "panic", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}()
		return next(c)
	}
}

// routeHealth adds the answers for whoever watches over the program.
func (s *Server) routeHealth() {
	plain := func(c echo.Context, status int, text string) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return c.String(status, text+"\n")
	}
	s.route(Public, "/healthz", func(c echo.Context) error { return plain(c, http.StatusOK, "ok") })
	s.route(Public, "/readyz", func(c echo.Context) error {
		err := s.app.Ready(c.Request().Context())
		if agenda.CodeOf(err) == agenda.Full {
			// Whoever takes a server that says 503 out of service would end the reading as well.
			s.log.WarnContext(c.Request().Context(), "read-only", "error", err)
			return plain(c, http.StatusOK, "read-only: there is no room left for the database")
		}
		if err != nil {
			s.log.WarnContext(c.Request().Context(), "not ready", "error", err)
			return plain(c, http.StatusServiceUnavailable, "not ready: the database does not answer as it should")
		}
		return plain(c, http.StatusOK, "ready")
	})
}
