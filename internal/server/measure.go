package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/telemetry"
)

// routeOf names what a request asked for without its address: that may hold the secret of a feed.
func routeOf(c echo.Context) string {
	if c.Path() == "" {
		return "(none)"
	}
	return c.Path()
}

// measure counts each request, takes its time, and begins its trace. Answers that are prepared never come here: what gives them counts
// them by [telemetry.Route.Count] alone.
func (s *Server) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		route, began := s.meter.Route(c.Request().Method, routeOf(c)), time.Now()
		leave := s.meter.Enter()
		ctx, span := s.tracing.Request(c.Request(), routeOf(c), s.trusts(c.Request().RemoteAddr))
		if s.tracing != nil {
			c.SetRequest(c.Request().WithContext(ctx))
			span.Say(slog.String("plenary.request_id", c.Response().Header().Get(echo.HeaderXRequestID)))
		}
		defer func() {
			leave()
			status := c.Response().Status
			route.Count(status)
			if !strings.HasPrefix(c.Response().Header().Get(echo.HeaderContentType), "text/event-stream") { // lasts as long as somebody looks
				route.Took(time.Since(began))
			}
			span.Say(slog.Int("http.response.status_code", status))
			if status >= http.StatusInternalServerError {
				span.Fail(http.StatusText(status))
			}
			span.End()
		}()
		return next(c)
	}
}

// trusts says whether a connection is a trusted proxy's.
func (s *Server) trusts(remote string) bool {
	at, err := netip.ParseAddrPort(remote)
	return err == nil && slices.ContainsFunc(s.trusted, func(p netip.Prefix) bool { return p.Contains(at.Addr().Unmap()) })
}

// cacheTally is what became of who asked a cache.
type cacheTally struct{ hits, misses, evictions uint64 }

// The metrics of caches.
const (
	cacheEntries   = "plenary_cache_entries"
	cacheBytes     = "plenary_cache_bytes"
	cacheMost      = "plenary_cache_max_bytes"
	cacheHits      = "plenary_cache_hits_total"
	cacheMisses    = "plenary_cache_misses_total"
	cacheEvictions = "plenary_cache_evictions_total"
	streamsOpen    = "plenary_http_streams"
)

// watch lets the Meter look at what is kept in memory.
func (s *Server) watch(o Options) {
	if s.meter, s.tracing = o.Meter, o.Tracing; s.meter == nil {
		s.meter = telemetry.NewMeter()
	}
	s.trusted = o.TrustedProxies
	cache := []string{"cache"}
	s.meter.Watch(func(_ context.Context, tell telemetry.Tell) {
		s.bodies.tell("bodies", tell)
		s.parts.tell("parts", tell)
		s.front.tell(tell)
		tell(streamsOpen, float64(s.streams.count()))
	},
		telemetry.Family{Name: cacheEntries, Help: "Answers that are kept ready, or are being made.", Labels: cache},
		telemetry.Family{Name: cacheBytes, Help: "Bytes of the answers that are kept ready.", Labels: cache},
		telemetry.Family{Name: cacheMost, Help: "Bytes that are kept at most.", Labels: cache},
		telemetry.Family{Name: cacheHits, Help: "Answers that were there, or were being made, when somebody asked.", Counts: true, Labels: cache},
		telemetry.Family{Name: cacheMisses, Help: "Answers that had to be made.", Counts: true, Labels: cache},
		telemetry.Family{Name: cacheEvictions, Help: "Answers that made room for others.", Counts: true, Labels: cache},
		telemetry.Family{Name: streamsOpen, Help: "Streams of live changes that are open."})
}

// tell says how it is with the cache.
func (c *bodyCache) tell(name string, tell telemetry.Tell) {
	c.mu.Lock()
	entries, size, most, tally := len(c.entries), c.bytes, c.max, c.tally
	c.mu.Unlock()
	tell(cacheEntries, float64(entries), name)
	tell(cacheBytes, float64(size), name)
	tell(cacheMost, float64(most), name)
	tell(cacheHits, float64(tally.hits), name)
	tell(cacheMisses, float64(tally.misses), name)
	tell(cacheEvictions, float64(tally.evictions), name)
}

// tell says how much the front holds besides bodies. What it answers is in the counts of requests.
func (f *front) tell(tell telemetry.Tell) {
	f.mu.RLock()
	entries, size := len(f.entries), f.bytes
	f.mu.RUnlock()
	tell(cacheEntries, float64(entries), "front")
	tell(cacheBytes, float64(size), "front")
	tell(cacheMost, maxFrontBytes, "front")
}

// count says how many streams are open.
func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}
