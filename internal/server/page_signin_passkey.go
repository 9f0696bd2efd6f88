package server

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// led is the answer to a script: the page to go to.
type led struct {
	Next string `json:"next"`
}

// ask gives a script what it is to ask the authenticator, and the browser the secret of the ceremony.
func ask(c echo.Context, options []byte, ceremony string, err error) error {
	if err != nil {
		return err
	}
	setCookie(c, stepCookie, ceremony)
	return c.JSONBlob(http.StatusOK, options)
}

// assertion gives what the authenticator answered, as the script has sent it.
func assertion(c echo.Context) ([]byte, error) {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil && isTooLarge(err) {
		return nil, err
	}
	if err != nil {
		return nil, agenda.Errorf(agenda.Invalid, "The answer of the browser can't be read: %w", err)
	}
	return body, nil
}

func (s *Server) beginPasskeyLogin(c echo.Context) error {
	options, ceremony, err := s.app.BeginPasskeyLogin(c.Request().Context())
	return ask(c, options, ceremony, err)
}

// finishPasskeyLogin signs in by passkey.
func (s *Server) finishPasskeyLogin(c echo.Context) error {
	response, err := assertion(c)
	if err != nil {
		return err
	}
	r := c.Request()
	secret, err := s.app.FinishPasskeyLogin(r.Context(), cookie(r, stepCookie), response, cookie(r, loginCookie), from(c))
	if err != nil {
		return err
	}
	return s.passkeyTaken(c, secret, s.below(c, "console"))
}

// passkeyTaken gives the browser its login, and the script where to go: where it was asked to, or else there.
func (s *Server) passkeyTaken(c echo.Context, secret, otherwise string) error {
	setCookie(c, loginCookie, secret)
	dropCookie(c, stepCookie)
	return c.JSON(http.StatusOK, led{cmp.Or(s.place(c.QueryParam("next")), otherwise)})
}

func (s *Server) beginConfirmByPasskey(c echo.Context, who app.SignedIn) error {
	options, ceremony, err := s.app.BeginConfirmByPasskey(c.Request().Context(), who)
	return ask(c, options, ceremony, err)
}

// confirmByPasskey proves by passkey that it is still who signed in.
func (s *Server) confirmByPasskey(c echo.Context, who app.SignedIn) error {
	response, err := assertion(c)
	if err != nil {
		return err
	}
	secret, err := s.app.ConfirmByPasskey(c.Request().Context(), who, cookie(c.Request(), stepCookie), response)
	if err != nil {
		return err
	}
	return s.passkeyTaken(c, secret, s.below(c, "account", "done", "confirmed"))
}

func (s *Server) beginPasskey(c echo.Context, who app.SignedIn) error {
	options, ceremony, err := s.app.BeginPasskey(c.Request().Context(), who)
	return ask(c, options, ceremony, err)
}

// addPasskey keeps a new passkey under the name that was typed.
func (s *Server) addPasskey(c echo.Context, who app.SignedIn) error {
	body, err := assertion(c)
	if err != nil {
		return err
	}
	var sent struct {
		Name       string          `json:"name"`
		Credential json.RawMessage `json:"credential"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return agenda.Errorf(agenda.Invalid, "The answer of the browser can't be read: %w", err)
	}
	if _, err := s.app.FinishPasskey(c.Request().Context(), who, cookie(c.Request(), stepCookie), sent.Credential, sent.Name); err != nil {
		return err
	}
	dropCookie(c, stepCookie)
	return c.JSON(http.StatusCreated, led{s.below(c, "account", "done", "passkey_added") + "#passkeys"})
}

// removePasskey takes a passkey away.
func (s *Server) removePasskey(c echo.Context, who app.SignedIn) error {
	err := s.app.RemovePasskey(c.Request().Context(), who, typed(c, "id"))
	return s.accountDone(c, who, "passkey_removed", err)
}
