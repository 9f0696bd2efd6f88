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

// routeWebhookConsole adds the pages of the addresses that want to be told.
func (s *Server) routeWebhookConsole() {
	const one = "/webhooks/:webhook"
	s.console(agenda.ManageAccess, "/webhooks", s.webhooksPage)
	s.console(agenda.ManageAccess, "/webhooks/new", s.newWebhookPage)
	s.console(agenda.ManageAccess, "/webhooks/new", s.addWebhook, http.MethodPost)
	s.console(agenda.ManageAccess, one, s.webhookPage)
	s.console(agenda.ManageAccess, one, s.useWebhook, http.MethodPost)
	s.console(agenda.ManageAccess, one+"/edit", s.webhookFormPage)
	s.console(agenda.ManageAccess, one+"/edit", s.saveWebhook, http.MethodPost)
	s.console(agenda.ManageAccess, one+"/rotate", s.webhookRotatePage)
	s.console(agenda.ManageAccess, one+"/rotate", s.turnWebhook, http.MethodPost)
	s.console(agenda.ManageAccess, one+"/delete", s.webhookDeletePage)
	s.console(agenda.ManageAccess, one+"/delete", s.dropWebhook, http.MethodPost)
	s.console(agenda.ManageAccess, one+"/deliveries/:delivery", s.deliveryPage)
}

var webhookNotices = map[string]string{"saved": "form_saved", "deleted": "webhooks_deleted", "pinged": "webhooks_pinged", "replayed": "webhooks_replayed"}

func (s *Server) webhooksPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_webhooks", "webhooks_lead", webhookNotices)
	if err != nil {
		return err
	}
	hooks, next, err := s.app.Webhooks(c.Request().Context(), v.actor, v.Event.Slug, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := rowsOf(hooks, func(w agenda.Webhook) (accessRow, error) {
		row, err := v.webhookRow(w)
		v.leads(&row.Links, &err, "webhooks_open", "webhooks/"+string(w.ID))
		return row, err
	})
	if err != nil {
		return err
	}
	if err := p.link("webhooks_new", "webhooks/new"); err != nil {
		return err
	}
	p.More = v.goesOn(next)
	if err := p.section("webhooks", "webhooks_here", "webhooks_none", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

// webhookRow says of a Webhook what it is told, and how it fares.
func (v *eventConsole) webhookRow(w agenda.Webhook) (row accessRow, err error) {
	row.Title.Text = w.Name
	row.Off = w.Stopped != nil
	switch {
	case row.Off:
		row.Badge, err = v.Say("webhooks_stopped")
	case w.Failing != nil:
		row.Badge, err = v.Say("webhooks_failing")
	}
	v.say(&row.Facts, &err, "webhooks_host", "host", w.Host())
	for _, k := range w.Kinds {
		v.say(&row.Facts, &err, "webhooks_told_"+kindKey(k))
	}
	if row.Off {
		v.say(&row.Facts, &err, "webhooks_why_"+string(w.Reason))
	} else {
		v.sayAt(&row.Facts, &err, "webhooks_failing_since", w.Failing)
	}
	return row, err
}

// kindKey is how keys of words name a kind.
func kindKey(k agenda.WebhookKind) string { return strings.ReplaceAll(string(k), ".", "_") }

// webhookForm is the form of a Webhook, new when it has no ID.
func (v *eventConsole) webhookForm(w agenda.Webhook) (*formPage, error) {
	kind, path, back, name := "webhooks_new", "webhooks/new", "webhooks", "console_webhooks"
	if w.ID != "" {
		kind, path, back, name = "webhooks_edit", "webhooks/"+string(w.ID)+"/edit", "webhooks/"+string(w.ID), "webhooks_back"
	}
	p, err := v.ask(kind, path, back, name)
	if err != nil {
		return nil, err
	}
	p.Revision = w.Revision
	p.line("name", "webhooks_name", lineField, w.Name).Required = true
	p.line("url", "webhooks_url", urlField, w.URL).Required = true
	f := p.field("kinds", "webhooks_kinds", checksField)
	for _, k := range agenda.WebhookKinds {
		label, err := v.Say("webhooks_kind_" + kindKey(k))
		if err != nil {
			return nil, err
		}
		f.Choices = append(f.Choices, choice{string(k), label, slices.Contains(w.Kinds, k)})
	}
	if w.ID != "" {
		p.check("enabled", "webhooks_enabled", w.Stopped == nil)
	}
	return p, nil
}

// webhookSent gives a Webhook with what was typed.
func webhookSent(c echo.Context, w agenda.Webhook) agenda.Webhook {
	w.Name, w.URL, w.Kinds, w.Stopped = typed(c, "name"), typed(c, "url"), nil, nil
	for _, k := range c.Request().PostForm["kinds"] {
		w.Kinds = append(w.Kinds, agenda.WebhookKind(k))
	}
	if w.ID != "" && sent(c, "enabled") == "" {
		w.Stopped = new(time.Time)
	}
	return w
}

func (s *Server) newWebhookPage(c echo.Context, v *eventConsole) error {
	if err := v.fresh(); err != nil {
		return err
	}
	p, err := v.webhookForm(agenda.Webhook{Kinds: agenda.WebhookKinds})
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addWebhook(c echo.Context, v *eventConsole) error {
	w := webhookSent(c, agenda.Webhook{})
	made, err := s.app.CreateWebhook(c.Request().Context(), v.actor, v.Event.Slug, w, app.Once{})
	if err == nil {
		return s.webhookOnce(c, v, made, "webhooks_made")
	}
	p, rest := v.webhookForm(w)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

// webhookOnce shows the secret that a Webhook was given; kind begins the keys of words.
func (s *Server) webhookOnce(c echo.Context, v *eventConsole, w agenda.Webhook, kind string) error {
	p, err := s.once(v, kind, kind+"_lead", "webhooks/"+string(w.ID), "webhooks_back")
	if err != nil {
		return err
	}
	shown := onceSecret{words: v.words, ID: "secret", Whose: w.Name, Value: w.Secret}
	if shown.Label, err = v.Say("webhooks_secret"); err != nil {
		return err
	}
	p.Secrets = []onceSecret{shown}
	return p.answer(c)
}

func (s *Server) webhookOf(c echo.Context, v *eventConsole) (agenda.Webhook, error) {
	return s.app.Webhook(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("webhook")))
}

func (s *Server) webhookFormPage(c echo.Context, v *eventConsole) error {
	w, err := s.webhookOf(c, v)
	if err != nil {
		return err
	}
	p, err := v.webhookForm(w)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) saveWebhook(c echo.Context, v *eventConsole) error {
	now, err := s.webhookOf(c, v)
	if err != nil {
		return err
	}
	w := webhookSent(c, now)
	if _, err = s.app.EditWebhook(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), w); err == nil {
		return s.leadTo(c, v, "webhooks/"+string(w.ID), "saved")
	}
	return refuseEdit(c, s, w, now, v.webhookForm, err)
}

// askWebhook asks whether to do something about a Webhook, and says why it could not be done.
func (s *Server) askWebhook(c echo.Context, v *eventConsole, do string, cause error) error {
	w, err := s.webhookOf(c, v)
	if err != nil {
		return err
	}
	p, err := v.ask("webhooks_"+do, "webhooks/"+string(w.ID)+"/"+do, "webhooks/"+string(w.ID), "webhooks_back")
	if err != nil {
		return err
	}
	p.Danger, p.Revision = true, w.Revision
	p.about("webhooks_name", w.Name+" · "+w.Host())
	return p.answer(c, s, cause)
}

func (s *Server) webhookRotatePage(c echo.Context, v *eventConsole) error {
	if err := v.fresh(); err != nil {
		return err
	}
	return s.askWebhook(c, v, "rotate", nil)
}

func (s *Server) turnWebhook(c echo.Context, v *eventConsole) error {
	w, err := s.app.RotateWebhook(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("webhook")))
	if err != nil {
		return s.askWebhook(c, v, "rotate", err)
	}
	return s.webhookOnce(c, v, w, "webhooks_rotated")
}

func (s *Server) webhookDeletePage(c echo.Context, v *eventConsole) error {
	return s.askWebhook(c, v, "delete", nil)
}

func (s *Server) dropWebhook(c echo.Context, v *eventConsole) error {
	if err := s.app.DeleteWebhook(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("webhook"))); err != nil {
		return s.askWebhook(c, v, "delete", err)
	}
	return s.leadTo(c, v, "webhooks", "deleted")
}
