package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// The cookies. Their prefix makes browsers take them from this host alone, over TLS or from the machine itself, and for all
// paths (RFC 6265bis, 4.1.3.2).
const (
	loginCookie = "__Host-plenary"      // the secret of a Login
	stepCookie  = "__Host-plenary-step" // the secret of a ceremony
)

// setCookie gives the browser a secret, until it is closed or the server has had enough.
func setCookie(c echo.Context, name, secret string) {
	c.SetCookie(hostCookie(name, secret, 0))
}

func dropCookie(c echo.Context, name string) {
	c.SetCookie(hostCookie(name, "", -1))
}

// hostCookie is a cookie as its prefix __Host- asks for, which no script reads. The age is in seconds: 0 is until the browser
// closes, less is at once.
func hostCookie(name, secret string, age int) *http.Cookie {
	return &http.Cookie{Name: name, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: age}
}

// cookie gives a secret that the browser has sent, "" when there is none. Several of one name are none: who could set the
// other must not choose.
func cookie(r *http.Request, name string) string {
	sent := r.CookiesNamed(name)
	if len(sent) != 1 || len(sent[0].Value) > 128 {
		return ""
	}
	return sent[0].Value
}

// from says where a request comes from.
func from(c echo.Context) app.From {
	return app.From{Address: c.RealIP(), Agent: c.Request().UserAgent()}
}

// signedIn gives who sits at the browser. The error is Unauthenticated when nobody is signed in.
func (s *Server) signedIn(c echo.Context) (app.SignedIn, error) {
	secret := cookie(c.Request(), loginCookie)
	if secret == "" {
		return app.SignedIn{}, agenda.Errorf(agenda.Unauthenticated, "This needs a browser that is signed in.")
	}
	return s.app.Recognize(c.Request().Context(), secret, from(c))
}

// actor says who asks: by a token, else by the browser's login. A header that can't be read and a token that opens nothing
// are errors, because whoever sends one believes to be known; a login that has ended makes a stranger.
func (s *Server) actor(c echo.Context) (agenda.Actor, error) {
	r := c.Request()
	sent := r.Header.Values(echo.HeaderAuthorization)
	if len(sent) == 0 {
		who, err := s.signedIn(c)
		if agenda.CodeOf(err) == agenda.Unauthenticated {
			return agenda.Actor{Kind: agenda.Anonymous, Address: c.RealIP()}, nil
		}
		return who.Actor, err
	}
	scheme, token, _ := strings.Cut(strings.TrimSpace(sent[0]), " ")
	token = strings.TrimSpace(token)
	if len(sent) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
		return agenda.Actor{}, agenda.Errorf(agenda.Unauthenticated, "Send one API token as Authorization: Bearer.")
	}
	return s.app.Authenticate(r.Context(), token, c.RealIP())
}
