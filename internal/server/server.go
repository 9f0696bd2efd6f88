// Package server is Plenary over HTTP: the API, the public agenda, the calendar feeds and the pages.
// It decodes what came, calls package app and encodes what it says; it decides nothing itself. It is
// the only package that knows Echo and Huma.
package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/app"
	"plenary/internal/telemetry"
)

// Options are what the Server is given.
type Options struct {
	App     *app.App
	BaseURL string // absolute, without a trailing slash: what links and feeds are made with
	Version string // of the program, for the API's document
	Log     *slog.Logger
	Now     func() time.Time
	Meter   *telemetry.Meter   // counts requests; nil: one that nobody reads
	Tracing *telemetry.Tracing // nil: nothing is traced

	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; nobody's else
	EmbedOrigins   []string       // origins that may frame the embedded agenda, "*" for all; this one always may
	LimitRates     bool           // refuse who asks too often
	Heartbeat      time.Duration  // how often a stream says that it is there, and looks whether it still may be; 0: every 20 seconds
}

// Server answers HTTP requests. It is an [http.Handler].
type Server struct {
	app     *app.App
	base    string
	version string
	log     *slog.Logger
	now     func() time.Time
	echo    *echo.Echo
	late    lateAPI
	access  map[string]Access // by "METHOD /path"
	bodies  *bodyCache
	parts   *bodyCache // see [Server.partOf]
	front   *front

	sameOrigin    *http.CrossOriginProtection
	headers       map[string]string // of every answer
	embedSecurity string            // the Content-Security-Policy of what may be framed
	limits        *limits           // nil: nothing is limited
	hinted        atomic.Bool       // at a proxy that is not trusted
	uploads       chan struct{}     // holds one for each file that is being received
	formLimits    map[string]int64  // bytes of the forms that send a file, by path
	streams       *streams
	timetables    timetables
	meter         *telemetry.Meter
	tracing       *telemetry.Tracing
	trusted       []netip.Prefix // proxies
}

// maxUploads is how many files are received at a time. Each is in memory until it is kept.
const maxUploads = 4

// New makes a Server with all its routes.
func New(o Options) *Server {
	s := &Server{app: o.App, base: strings.TrimRight(o.BaseURL, "/"), version: o.Version, log: o.Log, now: o.Now,
		access: map[string]Access{}, bodies: newBodyCache(maxBodyBytes), parts: newBodyCache(maxPartBytes), uploads: make(chan struct{}, maxUploads), formLimits: map[string]int64{}, streams: newStreams(o.Heartbeat)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.watch(o)
	s.front = newFront(s.now, s.meter)
	s.bodies.forgotten = s.front.forget
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.writeError
	s.useShell(o)
	s.routeHealth()
	s.routeAPI()
	s.routePublic()
	s.routeFormats()
	s.routeFiles()
	s.routeFeeds()
	s.routePages()
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if asksFront(r) {
		if p := s.front.find(r); p != nil {
			p.count(r.Method, p.serve(w, r))
			return
		}
		r = s.front.ticket(r)
	}
	s.echo.ServeHTTP(w, r)
}
