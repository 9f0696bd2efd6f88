package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// askProof leads to where one proves who sits there, and from there back to the page.
func (s *Server) askProof(c echo.Context, page string) error {
	return s.lead(c, "account/confirm", "next", s.below(c, page))
}

// confirmView asks who sits there.
type confirmView struct {
	privateView
	Email       string
	HasPassword bool
	Factor      bool
	Passkeys    bool
	Provider    bool
}

func (s *Server) newConfirm(c echo.Context, who app.SignedIn) (*confirmView, reader, error) {
	p, r, err := s.newPrivate(c, "confirm_title")
	if err != nil {
		return nil, r, err
	}
	keys, err := s.app.Passkeys(c.Request().Context(), who)
	return &confirmView{privateView: p, Email: who.Account.Email, HasPassword: who.Account.Password != "", Factor: who.Account.TOTP != "",
		Passkeys: len(keys) > 0 && s.app.HasPasskeys(), Provider: s.app.HasProvider()}, r, err
}

func (s *Server) confirmPage(c echo.Context, who app.SignedIn) error {
	v, r, err := s.newConfirm(c, who)
	if err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "account_confirm", v, r)
}

// confirm takes the password, and the code of the second factor.
func (s *Server) confirm(c echo.Context, who app.SignedIn) error {
	secret, err := s.app.Confirm(c.Request().Context(), who, sent(c, "password"), sent(c, "code"))
	if err != nil {
		return s.refuseConfirm(c, who, err, map[string]string{"/password": "confirm_password_wrong"})
	}
	setCookie(c, loginCookie, secret)
	if next := s.next(c); next != "" {
		return c.Redirect(http.StatusSeeOther, next)
	}
	return s.lead(c, "account", "done", "confirmed")
}

func (s *Server) refuseConfirm(c echo.Context, who app.SignedIn, err error, keys map[string]string) error {
	v, r, fault := s.newConfirm(c, who)
	if fault != nil {
		return fault
	}
	status, rest := v.blame(c, err, keys)
	if rest != nil {
		return rest
	}
	v.say(err)
	return answerOnce(c, status, "account_confirm", v, r)
}

// passwordView is the form for another password.
type passwordView struct {
	privateView
	Email       string
	HasPassword bool
}

func (s *Server) newPassword(c echo.Context, who app.SignedIn) (*passwordView, reader, error) {
	p, r, err := s.newPrivate(c, "password_title")
	return &passwordView{p, who.Account.Email, who.Account.Password != ""}, r, err
}

// passwordPage shows the form to who has proved who they are.
func (s *Server) passwordPage(c echo.Context, who app.SignedIn) error {
	if !who.Login.Proved(s.now()) {
		return s.askProof(c, "account/password")
	}
	v, r, err := s.newPassword(c, who)
	if err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "account_password", v, r)
}

func (s *Server) changePassword(c echo.Context, who app.SignedIn) error {
	secret, err := s.app.ChangePassword(c.Request().Context(), who, sent(c, "password"), from(c))
	if err == nil {
		setCookie(c, loginCookie, secret)
		return s.lead(c, "account", "done", "password")
	}
	if errors.Is(err, app.ErrProve) {
		return s.askProof(c, "account/password")
	}
	v, r, fault := s.newPassword(c, who)
	if fault != nil {
		return fault
	}
	status, err := v.blame(c, err, nil)
	if err != nil {
		return err
	}
	return answerOnce(c, status, "account_password", v, r)
}

// factorView is where a second factor is set up.
type factorView struct {
	privateView
	Email    string
	Set      bool // there is one
	Begun    bool // a code is waited for
	Secret   string
	Code     codeView
	Recovery []string // shown once
}

func (s *Server) newFactor(c echo.Context, who app.SignedIn) (*factorView, reader, error) {
	p, r, err := s.newPrivate(c, "factor_set_title")
	return &factorView{privateView: p, Email: who.Account.Email, Set: who.Account.TOTP != ""}, r, err
}

// ownFactorPage explains the second factor to who has proved who they are.
func (s *Server) ownFactorPage(c echo.Context, who app.SignedIn) error {
	if !who.Login.Proved(s.now()) {
		return s.askProof(c, "account/factor")
	}
	v, r, err := s.newFactor(c, who)
	if err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "account_factor", v, r)
}

// setFactor does what the form says: begins with a new secret, takes a code of it, or takes the factor away.
func (s *Server) setFactor(c echo.Context, who app.SignedIn) error {
	do := sent(c, "do")
	if do == "remove" {
		err := s.app.RemoveTOTP(c.Request().Context(), who)
		if errors.Is(err, app.ErrProve) {
			return s.askProof(c, "account/factor")
		}
		return s.accountDone(c, who, "factor_removed", err)
	}
	v, r, err := s.newFactor(c, who)
	if err != nil {
		return err
	}
	status, act := http.StatusOK, s.beginFactor
	if do == "finish" {
		act = s.finishFactor
	}
	if err = act(c, who, v); errors.Is(err, app.ErrProve) {
		return s.askProof(c, "account/factor")
	}
	if err != nil {
		if status, err = v.blame(c, err, map[string]string{string(agenda.Unauthenticated): "factor_late"}); err != nil {
			return err
		}
	}
	return answerOnce(c, status, "account_factor", v, r)
}

// beginFactor shows a new secret.
func (s *Server) beginFactor(c echo.Context, who app.SignedIn, v *factorView) error {
	ceremony, made, err := s.app.BeginTOTP(c.Request().Context(), who)
	if err != nil {
		return err
	}
	setCookie(c, stepCookie, ceremony)
	v.Begun = true
	for i, one := range made.Secret { // in groups, to be typed
		if i > 0 && i%4 == 0 {
			v.Secret += " "
		}
		v.Secret += string(one)
	}
	v.Code, err = newCode(made.URL)
	return err
}

// finishFactor takes a code, and shows the recovery codes.
func (s *Server) finishFactor(c echo.Context, who app.SignedIn, v *factorView) (err error) {
	v.Begun = true
	if v.Recovery, err = s.app.FinishTOTP(c.Request().Context(), who, cookie(c.Request(), stepCookie), sent(c, "code")); err != nil {
		if agenda.CodeOf(err) == agenda.Unauthenticated {
			v.Begun = false
		}
		return err
	}
	v.Set = true
	dropCookie(c, stepCookie)
	return nil
}
