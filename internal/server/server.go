// Package server is Plenary over HTTP: the API, the public agenda, the calendar feeds and the pages.
// It decodes what came, calls package app and encodes what it says; it decides nothing itself. It is
// the only package that knows Echo and Huma.
package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"plenary/internal/app"
)

// Options are what the Server is given.
type Options struct {
	App     *app.App
	BaseURL string // absolute, without a trailing slash: what links and feeds are made with
	Version string // of the program, for the API's document
	Log     *slog.Logger
	Now     func() time.Time
}

// Server answers HTTP requests. It is an [http.Handler].
type Server struct {
	app     *app.App
	base    string
	version string
	log     *slog.Logger
	now     func() time.Time
	echo    *echo.Echo
	api     huma.API
	access  map[string]Access // by "METHOD /path"
	bodies  *bodyCache
	// sameOrigin refuses forms that pages of other sites send.
	sameOrigin *http.CrossOriginProtection
}

// New makes a Server with all its routes.
func New(o Options) *Server {
	s := &Server{app: o.App, base: strings.TrimRight(o.BaseURL, "/"), version: o.Version, log: o.Log, now: o.Now,
		access: map[string]Access{}, bodies: newBodyCache(), sameOrigin: http.NewCrossOriginProtection()}
	if u, err := url.Parse(s.base); err == nil {
		// A proxy may ask for another host than the one that the browser sees.
		_ = s.sameOrigin.AddTrustedOrigin(u.Scheme + "://" + u.Host) // what is no origin trusts nobody
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	// Nothing that a client says about its address is believed: a proxy's headers are read by the
	// address that the program is given to listen on, not by guess.
	s.echo.IPExtractor = echo.ExtractIPDirect()
	s.echo.HTTPErrorHandler = s.writeError
	s.echo.Use(s.requestID, s.logRequest, s.recoverPanic, s.secureHeaders)
	s.routeHealth()
	s.routeAPI()
	s.routePublic()
	s.routeFormats()
	s.routeFeeds()
	s.routePages()
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }
