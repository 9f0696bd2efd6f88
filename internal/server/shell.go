package server

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// useShell puts what every request passes before it reaches a route: in this order, so that each answer, a refusal as
// well, has an identity, a log line and the headers.
func (s *Server) useShell(o Options) {
	s.sameOrigin = http.NewCrossOriginProtection()
	s.headers = securityHeaders(s.base)
	s.embedSecurity = embedSecurity(o.EmbedOrigins)
	if u, err := url.Parse(s.base); err == nil {
		// A proxy may ask for another host than the one that the browser sees.
		_ = s.sameOrigin.AddTrustedOrigin(u.Scheme + "://" + u.Host) // what is no origin trusts nobody
	}
	if o.LimitRates {
		s.limits = newLimits(s.now)
	}
	s.echo.IPExtractor = clientAddress(o.TrustedProxies)
	s.echo.Use(s.requestID, s.measure, s.logRequest, s.recoverPanic, s.secureHeaders, s.keepPrivate, s.hintAtProxy,
		checkAddress, s.refuseForeign, s.limitRate, s.limitBody)
}

// clientAddress finds the address of who asks: that of the connection, and only where this is a trusted proxy's the
// last one in X-Forwarded-For that is not. No other header is read. What has no sense there is not believed: then it is
// the proxy who asks.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	// By itself Echo trusts whoever is near: a neighbour in the same data centre, for one.
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// hintAtProxy tells the operator, once, of a proxy nearby that is not trusted: all who come through it have one address.
func (s *Server) hintAtProxy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Header.Get(echo.HeaderXForwardedFor) == "" || s.hinted.Load() {
			return next(c)
		}
		near, err := netip.ParseAddr(c.RealIP())
		if err == nil && (near.IsLoopback() || near.IsPrivate()) && s.hinted.CompareAndSwap(false, true) {
			s.log.WarnContext(c.Request().Context(), "a proxy that is not trusted forwards requests: limits count all who come through it as one",
				slog.String("proxy", near.String()), slog.String("setting", "PLENARY_TRUSTED_PROXIES"))
		}
		return next(c)
	}
}

// What an address may be. RFC 9110, 4.1 asks servers to take 8000 bytes at least; none of ours has so many parameters.
const (
	maxAddress = 8 << 10 // bytes of the request's target
	maxQuery   = 50      // parameters
)

// checkAddress refuses addresses that nothing here has given out.
func checkAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(r.RequestURI) > maxAddress {
			p := plainProblem(http.StatusRequestURITooLong)
			p.Detail = "The address is too long."
			return p
		}
		if strings.Count(r.URL.RawQuery, "&") >= maxQuery {
			return badRequest("The address has too many parameters.")
		}
		if strings.ContainsRune(r.URL.Path, 0) { // is nobody's name: SQLite finds nothing, and PostgreSQL does not even look
			return plainProblem(http.StatusNotFound)
		}
		return next(c)
	}
}

// errForeign is the refusal of what a page of another site makes a browser send.
var errForeign = agenda.Errorf(agenda.Forbidden, "The request came from a page of another site. Only pages of this one may change something here.")

// refuseForeign refuses what pages of other sites make browsers send: every request that may change something and says
// of itself that it comes from another origin (Sec-Fetch-Site, or else Origin against Host). Programs that are no
// browsers send neither, and pass. No route is excepted.
func (s *Server) refuseForeign(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.sameOrigin.Check(c.Request()); err != nil {
			return errForeign
		}
		return next(c)
	}
}

// maxForm bounds what a form may send, in bytes: a long text in three languages fits, with its letters encoded.
const maxForm = 512 << 10

// limitBody bounds the bodies of all that is not the API, whose operations have their own limits: see [bodyOf]. So have forms that
// send a file: see [Server.consoleFile].
func (s *Server) limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Body == nil || strings.HasPrefix(c.Path(), apiRoot+"/") {
			return next(c)
		}
		most := max(maxForm, s.formLimits[c.Path()])
		if r.ContentLength > most {
			return plainProblem(http.StatusRequestEntityTooLarge)
		}
		r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, most)
		return next(c)
	}
}

// isTooLarge says whether a body could not be read because there is too much of it.
func isTooLarge(err error) bool {
	var tooLarge *http.MaxBytesError
	return errors.As(err, &tooLarge)
}

// keepPrivate keeps answers to who is known out of caches that others share: whatever a route says of its answer, one
// to a request with a credential or a cookie may be that person's.
func (s *Server) keepPrivate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		asked := c.Request().Header
		if asked.Get(echo.HeaderAuthorization) == "" && asked.Get(echo.HeaderCookie) == "" {
			return next(c)
		}
		c.Response().Before(func() {
			h := c.Response().Header()
			h.Set(echo.HeaderCacheControl, privately(h.Get(echo.HeaderCacheControl)))
		})
		return next(c)
	}
}

// privately makes a Cache-Control one that only the browser itself may follow.
func privately(control string) string {
	if control == "" {
		return "private, no-store"
	}
	if rest, public := strings.CutPrefix(control, "public"); public {
		return "private" + rest
	}
	return control
}
