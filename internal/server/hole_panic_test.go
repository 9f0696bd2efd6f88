package server

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestHoleV36APanicEndsOneRequest: a handler that panics, before or in the middle of its answer, ends its own request alone. The
// answer says nothing of why, and the log does.
func TestHoleV36APanicEndsOneRequest(t *testing.T) {
	s := newStage(t)
	var log bytes.Buffer
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: s.now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for path, handle := range map[string]echo.HandlerFunc{
		"/panics/word":    func(echo.Context) error { panic("zzsecret") },
		"/panics/error":   func(echo.Context) error { panic(errors.New("zzsecret")) },
		"/panics/nil":     func(c echo.Context) error { var l *slog.Logger; l.Info(""); return nil },
		"/panics/nothing": func(echo.Context) error { panic(nil) },
		"/panics/index":   func(c echo.Context) error { return c.String(200, "x"[len(c.Path()):]) },
		"/panics/type":    func(c echo.Context) error { return c.Get("nothing").(error) },
		"/panics/begun": func(c echo.Context) error {
			if _, err := c.Response().Write([]byte("the first half")); err != nil {
				return err
			}
			panic("zzsecret")
		},
	} {
		s.server.route(Public, path, handle, http.MethodGet, http.MethodPost)
	}
	client, address := serveForTest(t, s.server)
	panics := 0
	for _, route := range s.server.echo.Routes() {
		if !strings.HasPrefix(route.Path, "/panics/") {
			continue
		}
		request, err := http.NewRequestWithContext(t.Context(), route.Method, address+route.Path, nil)
		s.check(err)
		request.Host = "agenda.example"
		panics++
		got, err := client.Do(request)
		s.check(err)
		said, _ := io.ReadAll(got.Body)
		s.check(got.Body.Close())
		if begun := strings.HasSuffix(route.Path, "begun"); got.StatusCode != 500 && !begun || strings.Contains(string(said), "zzsecret") || strings.Contains(string(said), ".go:") {
			t.Errorf("%s: %d %s", route.Path, got.StatusCode, said)
		}
		s.must(200, s.get("/vidw-2025/"))
	}
	if n := strings.Count(log.String(), "msg=panic"); n != panics || panics != 14 {
		t.Errorf("%d panics, of which %d are in the log", panics, n)
	}
}
