package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeSignInLinks adds the pages of links that are used once: the first Account, an invitation, another password. Their secrets
// are in the fragment, which browsers don't send: a script puts it into a field, or who follows the link does. To show the page
// uses nothing up, whoever follows the link.
func (s *Server) routeSignInLinks() {
	for path, purpose := range map[string]agenda.LinkPurpose{"/setup": agenda.ForSetup, "/invitation": agenda.ForInvite, "/reset": agenda.ForReset} {
		s.private(Own, path, func(c echo.Context) error { return s.linkPage(c, purpose) })
		s.private(Own, path, func(c echo.Context) error { return s.followLink(c, purpose) }, http.MethodPost)
	}
}

// linkView is the page of a link that is used once.
type linkView struct {
	privateView
	Purpose string
	Path    string // of the page, below the root
	Secret  string // once the link was given
	Email   string // of whom it was sent to, or what was typed
	Fixed   bool   // the address can't be chosen
	Name    string
	Event   said
	HasMail bool
	// Provider: who was invited needs no password, for the single sign-on knows them.
	Provider bool
	Sent     bool // the letter that was asked for is on its way, if there is anybody to get it
}

func (s *Server) newLink(c echo.Context, purpose agenda.LinkPurpose) (*linkView, reader, error) {
	v, r, err := s.newPrivate(c, "link_title_"+string(purpose))
	return &linkView{privateView: v, Purpose: string(purpose), Path: c.Path()[1:], HasMail: s.app.HasMail(),
		Provider: purpose == agenda.ForInvite && s.app.HasProvider(), Name: agenda.CleanLine(typed(c, "name")),
		Email: strings.TrimSpace(typed(c, "email"))}, r, err
}

// linkPage asks for the link.
func (s *Server) linkPage(c echo.Context, purpose agenda.LinkPurpose) error {
	v, r, err := s.newLink(c, purpose)
	if err != nil {
		return err
	}
	v.Sent, v.Name, v.Email = c.QueryParam("done") == "sent", "", ""
	return answerOnce(c, http.StatusOK, "signin_link", v, r)
}

// followLink does what the form says: shows what the link is for, ends it, or asks for one.
func (s *Server) followLink(c echo.Context, purpose agenda.LinkPurpose) error {
	if sent(c, "do") == "ask" && purpose == agenda.ForReset {
		return s.askReset(c)
	}
	v, r, err := s.newLink(c, purpose)
	if err != nil {
		return err
	}
	secret := linkSecret(sent(c, "link"))
	finish := sent(c, "do") == "finish"
	if err = s.openLink(c, v, r, secret, purpose); err == nil && finish {
		if err = s.finishLink(c, v, secret, purpose); err == nil {
			return nil
		}
	}
	status := http.StatusOK
	if err != nil {
		keys := map[string]string{string(agenda.NotFound): "link_wrong", string(agenda.Taken): "link_taken"}
		if status, err = v.blame(c, err, keys); err != nil {
			return err
		}
	}
	if status == http.StatusNotFound {
		v.Secret, status = "", http.StatusUnprocessableEntity // it is the field that is wrong, not the address of the page
		v.wrong["link"] = v.Problem
	}
	return answerOnce(c, status, "signin_link", v, r)
}

// linkSecret finds the secret in what was pasted: the whole address, or the end of it.
func linkSecret(pasted string) string {
	pasted = strings.TrimSpace(pasted)
	return strings.TrimSpace(pasted[strings.LastIndexByte(pasted, '#')+1:])
}

// openLink shows what the link is for.
func (s *Server) openLink(c echo.Context, v *linkView, r reader, secret string, purpose agenda.LinkPurpose) error {
	link, event, err := s.app.AccountLink(c.Request().Context(), secret, purpose, from(c))
	if err != nil {
		return err
	}
	v.Secret = secret
	if link.Email != "" {
		v.Email, v.Fixed = link.Email, true
	}
	if event.ID != "" {
		v.Event = r.pick(event.Language(), event.Name)
	}
	return nil
}

// finishLink does what the link is for, and leads on.
func (s *Server) finishLink(c echo.Context, v *linkView, secret string, purpose agenda.LinkPurpose) error {
	ctx, password := c.Request().Context(), sent(c, "password")
	if purpose == agenda.ForReset {
		if err := s.app.Reset(ctx, secret, password, from(c)); err != nil {
			return err
		}
		return s.lead(c, "sign-in", "done", "reset")
	}
	account := agenda.Account{Email: v.Email, Name: v.Name, Language: v.Lang}
	join := s.app.AcceptInvitation
	if purpose == agenda.ForSetup {
		join = s.app.SetUp
	}
	login, err := join(ctx, secret, account, password, from(c))
	if err != nil {
		return err
	}
	return s.enter(c, login, "")
}

// askReset lets a letter with a link be sent. What is answered is the same for every address.
func (s *Server) askReset(c echo.Context) error {
	if !s.app.HasMail() {
		return s.lead(c, "reset")
	}
	err := s.app.AskReset(c.Request().Context(), typed(c, "email"), s.base, from(c))
	if err == nil {
		return s.lead(c, "reset", "done", "sent")
	}
	v, r, fault := s.newLink(c, agenda.ForReset)
	if fault != nil {
		return fault
	}
	status, err := v.blame(c, err, nil)
	if err != nil {
		return err
	}
	return answerOnce(c, status, "signin_link", v, r)
}
