package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeSignIn adds the pages by which people sign in, and out. They work without scripts, but for passkeys.
func (s *Server) routeSignIn() {
	s.private(Own, "/sign-in", s.signInPage)
	s.private(Own, "/sign-in", s.signIn, http.MethodPost)
	s.private(Own, "/sign-in/factor", s.factorPage)
	s.private(Own, "/sign-in/factor", s.signInFactor, http.MethodPost)
	s.private(Own, "/sign-in/passkey/begin", s.beginPasskeyLogin, http.MethodPost)
	s.private(Own, "/sign-in/passkey", s.finishPasskeyLogin, http.MethodPost)
	s.private(Own, "/sign-in/provider", s.beginProvider, http.MethodPost)
	s.private(Own, callbackPath, s.finishProvider, http.MethodGet)
	s.private(Own, "/sign-out", s.signOut, http.MethodPost)
}

// signInView is the page where one signs in.
type signInView struct {
	privateView
	Email    string
	Passkeys bool
	Provider bool
	Insecure bool // browsers keep no cookie of ours at this address
}

func (s *Server) newSignIn(c echo.Context) (*signInView, reader, error) {
	v, r, err := s.newPrivate(c, "sign_in")
	return &signInView{privateView: v, Passkeys: s.app.HasPasskeys(), Provider: s.app.HasProvider(), Insecure: !KeepsCookies(s.base)}, r, err
}

// signInPage shows the form, to who is not signed in.
func (s *Server) signInPage(c echo.Context) error {
	switch _, err := s.signedIn(c); agenda.CodeOf(err) {
	case agenda.Unauthenticated:
	case "":
		return s.goOn(c, s.next(c))
	default:
		return err
	}
	v, r, err := s.newSignIn(c)
	if err != nil {
		return err
	}
	if err := v.notify(c, map[string]string{"out": "sign_in_out", "reset": "sign_in_reset"}); err != nil {
		return err
	}
	if c.QueryParam("done") == "in" && !v.Insecure { // it was, and here we see nothing of it
		if v.Problem, err = v.Say("sign_in_no_cookie"); err != nil {
			return err
		}
	}
	return answerOnce(c, http.StatusOK, "signin", v, r)
}

// signIn signs in by password, or leads to where the second factor is asked for.
func (s *Server) signIn(c echo.Context) error {
	email, r := typed(c, "email"), c.Request()
	done, err := s.app.SignIn(r.Context(), email, sent(c, "password"), cookie(r, loginCookie), from(c))
	switch {
	case err != nil:
		return s.refuseSignIn(c, email, err, map[string]string{string(agenda.Unauthenticated): "sign_in_wrong"})
	case done.SecondFactor != "":
		setCookie(c, stepCookie, done.SecondFactor)
		return s.lead(c, "sign-in/factor", "next", s.next(c))
	}
	return s.enter(c, done.Secret, s.next(c))
}

// refuseSignIn shows the form again, and why.
func (s *Server) refuseSignIn(c echo.Context, email string, err error, keys map[string]string) error {
	v, r, fault := s.newSignIn(c)
	if fault != nil {
		return fault
	}
	v.Email = email
	status, err := v.blame(c, err, keys)
	if err != nil {
		return err
	}
	return answerOnce(c, status, "signin", v, r)
}

// enter gives the browser its Login and leads on, by way of the page that sees whether the browser has kept it.
func (s *Server) enter(c echo.Context, secret, next string) error {
	setCookie(c, loginCookie, secret)
	dropCookie(c, stepCookie)
	return s.lead(c, "sign-in", "done", "in", "next", next)
}

// factorPage asks for the second factor.
func (s *Server) factorPage(c echo.Context) error {
	if cookie(c.Request(), stepCookie) == "" {
		return s.lead(c, "sign-in", "next", s.next(c))
	}
	v, r, err := s.newPrivate(c, "factor_title")
	if err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "signin_factor", &v, r)
}

// signInFactor ends the sign-in with a code of the app, or a recovery code.
func (s *Server) signInFactor(c echo.Context) error {
	r := c.Request()
	secret, err := s.app.SignInFactor(r.Context(), cookie(r, stepCookie), sent(c, "code"), cookie(r, loginCookie), from(c))
	if err == nil {
		return s.enter(c, secret, s.next(c))
	}
	v, reader, fault := s.newPrivate(c, "factor_title")
	if fault != nil {
		return fault
	}
	status, err := v.blame(c, err, map[string]string{string(agenda.Unauthenticated): "factor_wrong"})
	if err != nil {
		return err
	}
	return answerOnce(c, status, "signin_factor", &v, reader)
}

// signOut ends the Login. Whose Login has ended already is not told off for it.
func (s *Server) signOut(c echo.Context) error {
	who, err := s.signedIn(c)
	if err == nil {
		err = s.app.SignOut(c.Request().Context(), who)
	}
	if code := agenda.CodeOf(err); code != "" && code != agenda.Unauthenticated && code != agenda.NotFound {
		return err
	}
	dropCookie(c, loginCookie)
	dropCookie(c, stepCookie)
	return s.lead(c, "sign-in", "done", "out")
}
