package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// callbackPath is where the provider of identities sends the browser back to.
const callbackPath = "/sign-in/callback"

// nextCookie holds where to go after a visit to the provider. It is no secret, and is judged again when it comes back.
const nextCookie = "__Host-plenary-next"

// awayView leads to the provider. A redirect would not do: browsers hold it to what forms of this site may be sent to (Content
// Security Policy, form-action), and which address the provider has, it says only when it is asked.
type awayView struct {
	privateView
	Address string
}

// beginProvider leads to the provider of identities.
func (s *Server) beginProvider(c echo.Context) error { return s.visitProvider(c, nil) }

// proveAtProvider does so for somebody who is signed in: to prove it anew, or to link another identity.
func (s *Server) proveAtProvider(c echo.Context, who app.SignedIn) error {
	return s.visitProvider(c, &who)
}

func (s *Server) visitProvider(c echo.Context, who *app.SignedIn) error {
	address, ceremony, err := s.app.BeginProvider(c.Request().Context(), who)
	if err != nil {
		return s.refuseProvider(c, err)
	}
	v, r, err := s.newPrivate(c, "sign_in_away")
	if err != nil {
		return err
	}
	setCookie(c, stepCookie, ceremony)
	if next := url.QueryEscape(s.next(c)); next != "" && len(next) <= maxCookie {
		setCookie(c, nextCookie, next)
	} else {
		dropCookie(c, nextCookie)
	}
	c.Response().Header().Set("Refresh", "0; url="+address)
	v.Languages = nil
	return answerOnce(c, http.StatusOK, "signin_away", &awayView{v, address}, r)
}

// maxCookie is how long the value of a cookie is that we read, in bytes: see [cookie].
const maxCookie = 128

// finishProvider signs in whom the provider sends back.
func (s *Server) finishProvider(c echo.Context) error {
	r := c.Request()
	secret, err := s.app.FinishProvider(r.Context(), cookie(r, stepCookie), r.URL.Query(), cookie(r, loginCookie), from(c))
	if err != nil {
		return s.refuseProvider(c, err)
	}
	next, _ := url.QueryUnescape(cookie(r, nextCookie)) // what can't be read is no place
	dropCookie(c, nextCookie)
	return s.enter(c, secret, s.place(next))
}

// refuseProvider says why the single sign-on did not let in: where one signs in, or to somebody who is signed in where they
// prove it.
func (s *Server) refuseProvider(c echo.Context, err error) error {
	keys := map[string]string{string(agenda.Unauthenticated): "sso_again", string(agenda.Forbidden): "sso_refused",
		string(agenda.Taken): "sso_taken", string(agenda.Unavailable): "sso_unavailable"}
	if errors.Is(err, app.ErrProve) {
		keys[string(agenda.Forbidden)] = "sso_not_linked"
	}
	who, fault := s.signedIn(c)
	if fault == nil {
		return s.refuseConfirm(c, who, err, keys)
	}
	v, r, fault := s.newSignIn(c)
	if fault != nil {
		return fault
	}
	status, rest := v.blame(c, err, keys)
	if rest != nil {
		return rest
	}
	v.say(err)
	return answerOnce(c, status, "signin", v, r)
}

// say adds the App's own sentence, which may tell more than the words of the page.
func (v *privateView) say(err error) {
	var e *agenda.Error
	if errors.As(err, &e) && (e.Code == agenda.Forbidden || e.Code == agenda.Taken) && !errors.Is(err, app.ErrProve) {
		v.Said = e.Message
	}
}
