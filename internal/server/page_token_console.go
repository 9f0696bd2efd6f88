package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeTokenConsole adds the pages of what programs come with.
func (s *Server) routeTokenConsole() {
	s.console(agenda.ManageAccess, "/tokens", s.tokensPage)
	s.console(agenda.ManageAccess, "/tokens/new", s.tokenFormPage)
	s.console(agenda.ManageAccess, "/tokens/new", s.addToken, http.MethodPost)
	s.console(agenda.ManageAccess, "/tokens/:token/revoke", s.tokenRevokePage)
	s.console(agenda.ManageAccess, "/tokens/:token/revoke", s.endToken, http.MethodPost)
}

func (s *Server) tokensPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_tokens", "tokens_lead", map[string]string{"revoked": "tokens_revoked"})
	if err != nil {
		return err
	}
	tokens, next, err := s.app.Tokens(c.Request().Context(), v.actor, v.Event.Slug, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := rowsOf(tokens, func(t agenda.Token) (accessRow, error) { return v.tokenRow(t, s.now()) })
	if err != nil {
		return err
	}
	if err := p.link("tokens_new", "tokens/new"); err != nil {
		return err
	}
	p.More = v.goesOn(next)
	if err := p.section("tokens", "tokens_here", "tokens_none", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

// ended gives in a word why something opens nothing any more, "" while it does.
func (w *words) ended(revoked *time.Time, expires *time.Time, now time.Time) (string, error) {
	switch {
	case revoked != nil:
		return w.Say("access_revoked")
	case expires != nil && !expires.After(now):
		return w.Say("access_expired")
	}
	return "", nil
}

func (v *eventConsole) tokenRow(t agenda.Token, now time.Time) (row accessRow, err error) {
	row.Title.Text = t.Name
	if row.Badge, err = v.ended(t.Revoked, t.Expires, now); err != nil {
		return row, err
	}
	row.Off = row.Badge != ""
	v.say(&row.Facts, &err, "tokens_prefix", "prefix", t.Prefix)
	rights, err2 := v.rights(t.Scopes)
	if err2 != nil {
		return row, err2
	}
	v.say(&row.Facts, &err, "tokens_may", "rights", rights)
	v.sayAt(&row.Facts, &err, "access_made", &t.Created)
	if t.LastUsed == nil {
		v.say(&row.Facts, &err, "tokens_unused")
	}
	v.sayAt(&row.Facts, &err, "tokens_used", t.LastUsed)
	switch {
	case t.Revoked != nil:
		v.sayAt(&row.Facts, &err, "access_revoked_at", t.Revoked)
		return row, err
	case t.Expires == nil:
		v.say(&row.Facts, &err, "tokens_for_ever")
	}
	v.sayAt(&row.Facts, &err, "access_expires", t.Expires)
	if row.Badge == "" {
		v.leads(&row.Links, &err, "access_revoke", "tokens/"+string(t.ID)+"/revoke")
	}
	return row, err
}

// rights names rights, in few words.
func (w *words) rights(verbs []agenda.Verb) (string, error) {
	var names []string
	for _, verb := range verbs {
		name, err := w.Say("right_" + string(verb))
		if err != nil {
			return "", err
		}
		names = append(names, name)
	}
	return strings.Join(names, ", "), nil
}

// goesOn leads to the next part of a list.
func (v *eventConsole) goesOn(next string) string {
	if next == "" {
		return ""
	}
	return v.with("after", next)
}

// tokenForm is the form of a new token. Nobody gives what they do not have, so it is not offered.
func (v *eventConsole) tokenForm(t agenda.Token, expires string) (*formPage, error) {
	p, err := v.ask("tokens_new", "tokens/new", "tokens", "console_tokens")
	if err != nil {
		return nil, err
	}
	p.line("name", "tokens_name", lineField, t.Name).Required = true
	f := p.field("scopes", "tokens_scopes", checksField)
	for _, verb := range agenda.EventVerbs {
		if verb == agenda.SeeEvent || !agenda.May(v.actor, verb, v.Event.ID) {
			continue // whoever may do anything may know that the event is there
		}
		label, err := v.Say("right_does_" + string(verb))
		if err != nil {
			return nil, err
		}
		f.Choices = append(f.Choices, choice{string(verb), label, slices.Contains(t.Scopes, verb)})
	}
	p.line("expires", "tokens_expires", dateField, expires)
	return p, nil
}

func (s *Server) tokenFormPage(c echo.Context, v *eventConsole) error {
	if err := v.fresh(); err != nil {
		return err
	}
	year := agenda.MomentOf(v.Event.Location(), s.now().AddDate(1, 0, 0)).Wall.Date()
	p, err := v.tokenForm(agenda.Token{Scopes: []agenda.Verb{agenda.ReadDraft}}, string(year))
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

// dayEnds gives the end of a day that was typed, by the Event's clock; nil for nothing.
func (v *eventConsole) dayEnds(typed, name string) (*time.Time, error) {
	if strings.TrimSpace(typed) == "" {
		return nil, nil
	}
	var f agenda.Faults
	day, err := time.ParseInLocation(agenda.DateLayout, strings.TrimSpace(typed), v.Event.Location())
	if err != nil {
		f.Add("/"+name, "is not a day, such as 2025-12-31")
	}
	end := day.AddDate(0, 0, 1)
	return &end, f.Err("form")
}

func (s *Server) addToken(c echo.Context, v *eventConsole) error {
	t := agenda.Token{Name: typed(c, "name")}
	for _, scope := range c.Request().PostForm["scopes"] {
		t.Scopes = append(t.Scopes, agenda.Verb(scope))
	}
	var secret string
	expires, err := v.dayEnds(sent(c, "expires"), "expires")
	if t.Expires = expires; err == nil {
		var made agenda.Token
		if made, secret, err = s.app.CreateToken(c.Request().Context(), v.actor, v.Event.Slug, t, app.Once{}); err == nil {
			return s.tokenOnce(c, v, made, secret)
		}
	}
	p, rest := v.tokenForm(t, typed(c, "expires"))
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

// tokenOnce shows the token that was made.
func (s *Server) tokenOnce(c echo.Context, v *eventConsole, t agenda.Token, secret string) error {
	p, err := s.once(v, "tokens_made", "tokens_made_lead", "tokens", "console_tokens")
	if err != nil {
		return err
	}
	shown := onceSecret{words: v.words, ID: "token", Whose: t.Name, Value: secret}
	if shown.Label, err = v.Say("tokens_token"); err != nil {
		return err
	}
	p.Secrets = []onceSecret{shown}
	return p.answer(c)
}

func (s *Server) tokenRevokePage(c echo.Context, v *eventConsole) error {
	t, err := s.app.Token(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("token")))
	if err != nil {
		return err
	}
	p, err := v.ask("tokens_revoke", "tokens/"+string(t.ID)+"/revoke", "tokens", "console_tokens")
	if err != nil {
		return err
	}
	p.Danger = true
	p.about("tokens_name", t.Name+" · "+t.Prefix+"…")
	return p.answer(c, s, nil)
}

func (s *Server) endToken(c echo.Context, v *eventConsole) error {
	if err := s.app.RevokeToken(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("token"))); err != nil {
		return err
	}
	return s.leadTo(c, v, "tokens", "revoked")
}
