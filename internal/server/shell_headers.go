package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// contentSecurityBut lets pages load what this server sends and nothing else (Content Security Policy, level 3); who
// may frame them follows. Scripts can't make markup of text: no policy of Trusted Types may be made, so that there is
// no way around.
const contentSecurityBut = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "

// contentSecurity is of every answer but the embedded agenda: nobody may frame it.
const contentSecurity = contentSecurityBut + "'none'"

// embedSecurity is of the agenda that other sites may show within theirs: those origins, "*" for all. Pages of this
// site always may.
func embedSecurity(origins []string) string {
	if slices.Contains(origins, "*") {
		return contentSecurityBut + "*"
	}
	return strings.Join(append([]string{contentSecurityBut + "'self'"}, origins...), " ")
}

// strictTransport tells browsers for two years to come with TLS only (RFC 6797). Names below this one are included, or
// cookies could be set from there; those beside it are not concerned.
const strictTransport = "max-age=63072000; includeSubDomains"

// usualReferrer tells others the origin alone: a form has to say where it came from, and no address is to be told to others.
const usualReferrer = "strict-origin"

// securityHeaders gives the headers of every answer of the server with that base URL, but for those that say nothing of data.
func securityHeaders(base string) map[string]string {
	h := map[string]string{
		echo.HeaderXContentTypeOptions:   "nosniff",
		echo.HeaderReferrerPolicy:        usualReferrer,
		echo.HeaderContentSecurityPolicy: contentSecurity,
		"Cross-Origin-Opener-Policy":     "same-origin",
		"Cross-Origin-Resource-Policy":   "same-origin",
		"Permissions-Policy":             "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), browsing-topics=()",
	}
	if strings.HasPrefix(strings.ToLower(base), "https://") {
		h[echo.HeaderStrictTransportSecurity] = strictTransport
	}
	return h
}

// isData says whether programs read it, and browsers make no page of it.
func isData(media string) bool {
	return strings.HasPrefix(media, mediaJSON) || strings.HasPrefix(media, mediaCalendar)
}

// takePageHeaders takes away what tells browsers what a page may do. Each header costs as much as finding the answer.
func takePageHeaders(h http.Header) {
	h.Del("Cross-Origin-Opener-Policy")
	h.Del("Permissions-Policy")
	if h.Get(echo.HeaderReferrerPolicy) == usualReferrer {
		h.Del(echo.HeaderReferrerPolicy)
	}
}

// secureHeaders go with every answer, errors included.
func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		for name, value := range s.headers {
			h.Set(name, value)
		}
		return next(c)
	}
}

// allowOrigins lets pages of any origin read the answer. It is public, and no cookie is asked for.
func allowOrigins(c echo.Context) {
	h := c.Response().Header()
	h.Set(echo.HeaderAccessControlAllowOrigin, "*")
	h.Set(echo.HeaderAccessControlExposeHeaders, "ETag")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// preflight answers the question that browsers ask before a request with headers of its own.
func (s *Server) preflight(c echo.Context) error {
	allowOrigins(c)
	h := c.Response().Header()
	h.Set(echo.HeaderAccessControlAllowMethods, "GET, HEAD, OPTIONS")
	h.Set(echo.HeaderAccessControlAllowHeaders, "If-None-Match, If-Modified-Since, Accept, Accept-Language")
	h.Set(echo.HeaderAccessControlMaxAge, "86400")
	h.Set(echo.HeaderAllow, "GET, HEAD, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}
