package server

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// eavesdropper hears everything that the program writes to its log and every error that it answers with.
type eavesdropper struct {
	*stage
	log    bytes.Buffer
	errors strings.Builder
	asked  int
	also   *lookout
}

func newEavesdropper(t *testing.T, h *harness) *eavesdropper {
	e := &eavesdropper{stage: newStageOn(h), also: newLookout(t)}
	log := slog.New(slog.NewJSONHandler(&e.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	e.app = app.New(h.store, app.Options{Now: h.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Log: log})
	e.server = New(Options{App: e.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: log, Meter: e.also.meter, Tracing: e.also.tracing})
	e.server.echo.GET("/panic/:file", func(c echo.Context) error { panic("it panicked") })
	return e
}

// try sends a request as browsers and as calendars do and keeps what an error says.
func (e *eavesdropper) try(status int, method, path string, body any, headers ...header) {
	e.t.Helper()
	for _, accept := range []string{"text/html", "text/calendar", ""} {
		a := e.ask("", method, path, body, append([]header{{"Accept", accept}, {"Referer", base + path}}, headers...)...)
		e.asked++
		if a.Status != status {
			e.t.Errorf("%s %s: %d, want %d", method, path, a.Status, status)
		}
		if a.Status < 400 || a.Status == http.StatusUnprocessableEntity || a.Status == http.StatusPreconditionFailed {
			continue // the holder's own page
		}
		e.errors.WriteString(a.Body)
		for name, values := range a.Header {
			fmt.Fprintln(&e.errors, name, values)
		}
	}
}

func TestSecretsOfFeedsAreInNoLogAndNoError(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		e := newEavesdropper(t, h)
		id, secret := e.openFeed("")
		starred, err := e.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{e.talk.ID}})
		e.check(err)
		secrets := []string{secret, starred.Secret, starred.Key, "this-secret-nobody-has-0123456789"}
		form := header{"Content-Type", "application/x-www-form-urlencoded"}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			for _, s := range secrets[:2] {
				e.try(200, method, "/feeds/"+s+".ics", nil)
				e.try(200, method, "/feeds/"+s, nil)
				e.try(404, method, "/feeds/"+s+".ics/more", nil)
				e.try(404, method, "/feeds/"+s+".txt", nil)
			}
			e.try(404, method, "/feeds/"+secrets[3]+".ics", nil)
			e.try(404, method, "/feeds/"+secrets[3], nil)
			e.try(200, method, "/vidw-2025/starred/"+starred.Key, nil)
			e.try(404, method, "/vidw-2025/starred/"+secret, nil)
			e.try(200, method, "/api/v1/events/vidw-2025/starred-feeds/"+starred.Key, nil)
		}
		page := "/vidw-2025/starred/" + starred.Key
		e.try(405, http.MethodPost, "/feeds/"+secret+".ics", nil)
		e.try(405, http.MethodDelete, page, nil)
		e.try(403, http.MethodPost, page, "do=close&revision=1", form, header{"Sec-Fetch-Site", "cross-site"})
		e.try(422, http.MethodPost, page, "do=save&revision=1&panel=nothing", form)
		e.try(413, http.MethodPost, page, strings.Repeat("panel=x&", maxForm/8+1), form)
		e.try(412, http.MethodPost, page, "do=save&revision=7&panel="+url.QueryEscape(string(e.talk.ID)), form)
		e.try(500, http.MethodGet, "/panic/"+secret+".ics", nil)
		e.check(e.app.RevokeFeed(context.Background(), e.system(), forum, id))
		e.pass(30 * 24 * time.Hour)
		e.try(410, http.MethodGet, "/feeds/"+secret+".ics", nil)
		e.try(410, http.MethodGet, "/feeds/"+secret, nil)
		e.check(e.store.Close())
		e.try(503, http.MethodGet, "/feeds/"+secret+".ics", nil)
		e.try(503, http.MethodGet, page, nil)
		e.look("the answers", e.errors.String(), secrets)
		e.look("the log", e.log.String(), secrets)
		e.also.hides(secrets)
	})
}

func (e *eavesdropper) look(where, said string, secrets []string) {
	e.t.Helper()
	for _, s := range secrets {
		if at := strings.Index(said, s); at >= 0 {
			e.t.Errorf("%s shows a secret: …%s", where, said[max(0, at-200):min(len(said), at+80)])
		}
	}
	if len(said) < 1000 || strings.Count(e.log.String(), `"msg":"request"`) != e.asked || !strings.Contains(e.log.String(), "/feeds/:file") {
		e.t.Errorf("the test looks at nothing in %s", where)
	}
}
