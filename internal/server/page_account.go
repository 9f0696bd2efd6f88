package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeAccount adds the pages about one's own account.
func (s *Server) routeAccount() {
	s.own("/account", s.accountPage)
	s.own("/account", s.editAccount, http.MethodPost)
	s.own("/account/password", s.passwordPage)
	s.own("/account/password", s.changePassword, http.MethodPost)
	s.own("/account/factor", s.ownFactorPage)
	s.own("/account/factor", s.setFactor, http.MethodPost)
	s.own("/account/passkeys/begin", s.beginPasskey, http.MethodPost)
	s.own("/account/passkeys", s.addPasskey, http.MethodPost)
	s.own("/account/passkeys/remove", s.removePasskey, http.MethodPost)
	s.own("/account/logins/end", s.endLogins, http.MethodPost)
	s.own("/account/provider", s.proveAtProvider, http.MethodPost)
	s.own("/account/provider/remove", s.unlinkProvider, http.MethodPost)
	s.own("/account/confirm", s.confirmPage)
	s.own("/account/confirm", s.confirm, http.MethodPost)
	s.own("/account/confirm/passkey/begin", s.beginConfirmByPasskey, http.MethodPost)
	s.own("/account/confirm/passkey", s.confirmByPasskey, http.MethodPost)
}

// accountView is the page of one's own account.
type accountView struct {
	privateView
	Email       string
	Verified    bool
	Name        string
	Tongues     []choice // of letters
	HasPassword bool
	Factor      bool
	Codes       int // recovery codes that are left
	Passkeys    []passkeyView
	HasPasskeys bool
	Provider    bool
	Linked      bool // an identity of the provider
	Logins      []loginView
}

type passkeyView struct {
	*words
	ID, Name, Made, Used string
}

type loginView struct {
	*words
	ID, Browser, Address, Since, Seen string
	This                              bool
}

// accountNotices are what the page says was done.
var accountNotices = map[string]string{"saved": "account_saved", "confirmed": "account_confirmed", "password": "account_password_changed",
	"factor_removed": "factor_removed", "passkey_added": "passkey_added", "passkey_removed": "passkey_removed",
	"unlinked": "sso_unlinked", "ended": "logins_ended", "ended_others": "logins_ended_others"}

func (s *Server) accountPage(c echo.Context, who app.SignedIn) error {
	v, r, err := s.newAccount(c, who)
	if err != nil {
		return err
	}
	if err := v.notify(c, accountNotices); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "account", v, r)
}

func (s *Server) newAccount(c echo.Context, who app.SignedIn) (*accountView, reader, error) {
	p, r, err := s.newPrivate(c, "account_title")
	if err != nil {
		return nil, r, err
	}
	a := who.Account
	v := &accountView{privateView: p, Email: a.Email, Verified: a.EmailVerified, Name: a.Name, HasPassword: a.Password != "", Factor: a.TOTP != "",
		Codes: len(a.Recovery), HasPasskeys: s.app.HasPasskeys(), Provider: s.app.HasProvider()}
	v.chooseTongue(r, a.Language)
	identities, err := s.app.Identities(c.Request().Context(), who)
	if err != nil {
		return nil, r, err
	}
	v.Linked = len(identities) > 0
	if err := s.addPasskeys(c, v, who); err != nil {
		return nil, r, err
	}
	return v, r, s.addLogins(c, v, who)
}

// chooseTongue offers the languages that letters are written in, and the one that was chosen otherwise.
func (v *accountView) chooseTongue(r reader, chosen string) {
	offered := slices.Clone(programLanguages)
	if chosen == "" {
		chosen = offered[0]
	}
	if !slices.Contains(offered, chosen) {
		offered = append(offered, chosen)
	}
	for _, tag := range offered {
		v.Tongues = append(v.Tongues, choice{tag, r.languageName(tag), tag == chosen})
	}
}

func (s *Server) addPasskeys(c echo.Context, v *accountView, who app.SignedIn) error {
	keys, err := s.app.Passkeys(c.Request().Context(), who)
	for _, k := range keys {
		shown := passkeyView{words: v.words, ID: k.ID, Name: k.Name}
		if shown.Made, err = v.instant(k.Created); err != nil {
			return err
		}
		if k.Used != nil {
			if shown.Used, err = v.instant(*k.Used); err != nil {
				return err
			}
		}
		v.Passkeys = append(v.Passkeys, shown)
	}
	return err
}

func (s *Server) addLogins(c echo.Context, v *accountView, who app.SignedIn) error {
	logins, err := s.app.Logins(c.Request().Context(), who)
	for _, l := range logins {
		shown := loginView{words: v.words, ID: string(l.ID), Address: l.Address, This: l.ID == who.Login.ID}
		if shown.Browser, err = v.browser(l.Agent); err != nil {
			return err
		}
		if shown.Since, err = v.instant(l.Created); err != nil {
			return err
		}
		if shown.Seen, err = v.instant(l.Seen); err != nil {
			return err
		}
		if shown.This {
			v.Logins = slices.Insert(v.Logins, 0, shown)
		} else {
			v.Logins = append(v.Logins, shown)
		}
	}
	return err
}

// browsers and systems by what is in the name that a browser gives itself, the telling ones first: most name others as well.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"},
		{"Chrome/", "Chrome"}, {"CriOS", "Chrome"}, {"Safari/", "Safari"}}
	systems = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
		{"Linux", "Linux"}}
)

// browser gives a name for people to know a browser by.
func (w *words) browser(agent string) (string, error) {
	known := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	name, system := known(browsers), known(systems)
	switch {
	case agent == "":
		return w.Say("login_unknown")
	case name == "" || system == "":
		return agent, nil
	}
	return w.Say("login_browser", "browser", name, "system", system)
}

// editAccount changes name and language.
func (s *Server) editAccount(c echo.Context, who app.SignedIn) error {
	name, language := typed(c, "name"), typed(c, "language")
	_, err := s.app.SetName(c.Request().Context(), who, name, language)
	who.Account.Name, who.Account.Language = name, language // to be shown again
	return s.accountDone(c, who, "saved", err)
}

// unlinkProvider ends the links to the single sign-on.
func (s *Server) unlinkProvider(c echo.Context, who app.SignedIn) error {
	return s.accountDone(c, who, "unlinked", s.app.RemoveIdentities(c.Request().Context(), who))
}

// endLogins ends one Login, or all others.
func (s *Server) endLogins(c echo.Context, who app.SignedIn) error {
	if sent(c, "id") == "" {
		return s.accountDone(c, who, "ended_others", s.app.RevokeOtherLogins(c.Request().Context(), who))
	}
	err := s.app.RevokeLogin(c.Request().Context(), who, agenda.ID(typed(c, "id")))
	if agenda.CodeOf(err) == agenda.NotFound {
		err = nil // it has ended
	}
	return s.accountDone(c, who, "ended", err)
}

// accountDone leads back to the page after something was done there, or shows it again and says why it was not.
func (s *Server) accountDone(c echo.Context, who app.SignedIn, done string, err error) error {
	if err == nil {
		return s.lead(c, "account", "done", done)
	}
	if errors.Is(err, app.ErrProve) {
		return s.askProof(c, "account")
	}
	v, r, fault := s.newAccount(c, who)
	if fault != nil {
		return fault
	}
	status, rest := v.blame(c, err, map[string]string{string(agenda.Taken): "passkey_last"})
	if rest != nil {
		return rest
	}
	return answerOnce(c, status, "account", v, r)
}
