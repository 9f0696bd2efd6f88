package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// admin adds a page of the console that is about the whole installation, for its administrators. The path is below the console's.
func (s *Server) admin(path string, h func(echo.Context, *eventConsole) error, methods ...string) {
	s.private(May(agenda.ManageAccount), "/console"+path, func(c echo.Context) error {
		actor, err := s.actor(c)
		if err != nil {
			return err
		}
		err = agenda.Authorize(actor, agenda.ManageAccount, "")
		if agenda.CodeOf(err) == agenda.Unauthenticated && s.wantsPage(c) {
			return s.lead(c, "sign-in", "next", s.root()+strings.TrimPrefix(c.Request().URL.Path, "/"))
		}
		if err := s.app.Witness(c.Request().Context(), actor, err); err != nil {
			return err
		}
		v, err := s.newAdminConsole(c, actor)
		if err != nil {
			return err
		}
		return s.orProof(c, h(c, v))
	}, methods...)
}

// newAdminConsole begins such a page: one of the console that belongs to no Event.
func (s *Server) newAdminConsole(c echo.Context, actor agenda.Actor) (*eventConsole, error) {
	p, r, err := s.newPrivate(c, "console_title")
	if err != nil {
		return nil, err
	}
	v := &eventConsole{privateView: p, reader: r, actor: actor, Here: s.root() + "console/"}
	if v.Name.Text, err = v.Say("console_installation"); err != nil {
		return nil, err
	}
	for _, part := range []string{"accounts", "activity", "jobs"} {
		label, err := v.Say("console_" + part)
		if err != nil {
			return nil, err
		}
		v.Nav = append(v.Nav, consoleLink{Label: label, URL: v.Here + part + r.query, Current: strings.HasPrefix(c.Path(), "/console/"+part)})
	}
	return v, nil
}

// routeAccountsConsole adds the pages of other people's accounts.
func (s *Server) routeAccountsConsole() {
	s.admin("/accounts", s.accountsPage)
	s.admin("/accounts/:account", s.accountFormPage)
	s.admin("/accounts/:account", s.saveAccount, http.MethodPost)
	s.admin("/accounts/:account/reset", s.accountResetPage)
	s.admin("/accounts/:account/reset", s.resetAccount, http.MethodPost)
}

func (s *Server) accountsPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_accounts", "accounts_lead", map[string]string{"saved": "form_saved", "mailed": "accounts_mailed"})
	if err != nil {
		return err
	}
	accounts, next, err := s.app.Accounts(c.Request().Context(), v.actor, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := rowsOf(accounts, v.accountRow)
	if err != nil {
		return err
	}
	p.More = v.goesOn(next)
	if err := p.section("accounts", "accounts_here", "", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

func (v *eventConsole) accountRow(a agenda.Account) (row accessRow, err error) {
	row.Title.Text, row.Off = a.Name, a.Disabled != nil
	switch {
	case a.Disabled != nil:
		row.Badge, err = v.Say("accounts_disabled")
	case a.Admin:
		row.Badge, err = v.Say("accounts_admin")
	}
	row.Facts = append(row.Facts, a.Email)
	if !a.EmailVerified {
		v.say(&row.Facts, &err, "accounts_unverified")
	}
	if a.TOTP != "" {
		v.say(&row.Facts, &err, "accounts_factor")
	}
	v.sayAt(&row.Facts, &err, "access_made", &a.Created)
	v.leads(&row.Links, &err, "members_change", "accounts/"+string(a.ID))
	v.leads(&row.Links, &err, "accounts_reset_button", "accounts/"+string(a.ID)+"/reset")
	return row, err
}

func (v *eventConsole) accountForm(a agenda.Account, admin, disabled bool) (*formPage, error) {
	p, err := v.ask("accounts_set", "accounts/"+string(a.ID), "accounts", "console_accounts")
	if err != nil {
		return nil, err
	}
	p.Revision, p.refusals = a.Revision, map[agenda.Code]string{agenda.Taken: "accounts_only_admin"}
	p.about("members_who", a.Name+" · "+a.Email)
	p.check("admin", "accounts_is_admin", admin)
	p.check("disabled", "accounts_is_disabled", disabled)
	return p, nil
}

func (s *Server) accountFormPage(c echo.Context, v *eventConsole) error {
	a, err := s.app.Account(c.Request().Context(), v.actor, agenda.ID(c.Param("account")))
	if err == nil {
		err = v.fresh()
	}
	if err != nil {
		return err
	}
	p, err := v.accountForm(a, a.Admin, a.Disabled != nil)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

// saveAccount changes what an account may do. Who would shut themselves out is asked whether they mean it.
func (s *Server) saveAccount(c echo.Context, v *eventConsole) error {
	ctx := c.Request().Context()
	now, err := s.app.Account(ctx, v.actor, agenda.ID(c.Param("account")))
	if err != nil {
		return err
	}
	admin, disabled := sent(c, "admin") != "", sent(c, "disabled") != ""
	p, err := v.accountForm(now, admin, disabled)
	if err != nil {
		return err
	}
	if now.ID == v.actor.ID && (disabled || now.Admin && !admin) && sent(c, "sure") == "" {
		return p.askSure(c, "accounts_own_rights")
	}
	_, err = s.app.SetAccount(ctx, v.actor, matchSent(c), now.ID, admin, disabled)
	switch {
	case err == nil && now.ID == v.actor.ID:
		return s.lead(c, "console") // and from there to where one signs in, if need be
	case err == nil:
		return s.lead(c, "console/accounts", "done", "saved")
	}
	theirs, rest := v.accountForm(now, now.Admin, now.Disabled != nil)
	if rest != nil {
		return rest
	}
	return p.against(theirs).answer(c, s, err)
}

func (s *Server) accountResetPage(c echo.Context, v *eventConsole) error {
	return s.askAccountReset(c, v, v.fresh(), nil)
}

// askAccountReset asks whether to make a link to set another password. It is mailed where letters are sent.
func (s *Server) askAccountReset(c echo.Context, v *eventConsole, first, cause error) error {
	a, err := s.app.Account(c.Request().Context(), v.actor, agenda.ID(c.Param("account")))
	if err != nil {
		return err
	}
	if first != nil {
		return first
	}
	kind := "accounts_reset"
	if !s.app.HasMail() {
		kind = "accounts_reset_by_hand"
	}
	p, err := v.ask(kind, "accounts/"+string(a.ID)+"/reset", "accounts", "console_accounts")
	if err != nil {
		return err
	}
	p.refusals = map[agenda.Code]string{agenda.Taken: "accounts_reset_refused"}
	p.about("members_who", a.Name+" · "+a.Email)
	return p.answer(c, s, cause)
}

func (s *Server) resetAccount(c echo.Context, v *eventConsole) error {
	id := agenda.ID(c.Param("account"))
	secret, err := s.app.ResetAccount(c.Request().Context(), v.actor, id, s.base)
	if agenda.CodeOf(err) == agenda.Taken {
		return s.askAccountReset(c, v, nil, err)
	}
	if err != nil {
		return err
	}
	if secret == "" {
		return s.lead(c, "console/accounts", "done", "mailed")
	}
	a, err := s.app.Account(c.Request().Context(), v.actor, id)
	if err != nil {
		return err
	}
	p, err := s.once(v, "accounts_link", "accounts_link_lead", "accounts", "console_accounts")
	if err != nil {
		return err
	}
	shown := onceSecret{words: v.words, ID: "link", Whose: a.Email, Value: s.base + "/reset#" + secret}
	if shown.Label, err = v.Say("access_link"); err != nil {
		return err
	}
	p.Secrets = []onceSecret{shown}
	return p.answer(c)
}
