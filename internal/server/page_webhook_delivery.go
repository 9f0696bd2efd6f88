package server

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// useWebhook sends a ping, or a delivery again.
func (s *Server) useWebhook(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("webhook"))
	var err error
	done := "pinged"
	switch sent(c, "do") {
	case "replay":
		done = "replayed"
		_, err = s.app.ReplayDelivery(ctx, v.actor, v.Event.Slug, id, agenda.ID(typed(c, "id")))
	default:
		_, err = s.app.PingWebhook(ctx, v.actor, v.Event.Slug, id)
	}
	if err != nil {
		return s.showWebhook(c, v, err)
	}
	return s.leadTo(c, v, "webhooks/"+string(id), done)
}

func (s *Server) webhookPage(c echo.Context, v *eventConsole) error { return s.showWebhook(c, v, nil) }

// showWebhook shows a Webhook with what it was told, and why something could not be done.
func (s *Server) showWebhook(c echo.Context, v *eventConsole, cause error) error {
	w, err := s.webhookOf(c, v)
	if err != nil {
		return err
	}
	p, err := v.rows(c, "console_webhooks", "", webhookNotices)
	if err != nil {
		return err
	}
	p.head(said{Text: w.Name})
	if err := p.leadBack("console_webhooks", "webhooks"); err != nil {
		return err
	}
	if err := p.addWebhook(w, s.now()); err != nil {
		return err
	}
	if err := s.addDeliveries(c, p, w); err != nil {
		return err
	}
	return p.refuse(c, cause, map[string]string{string(agenda.Taken): "webhooks_not_replayed"})
}

// addWebhook says of the Webhook all that there is to say, and what can be done with it.
func (p *rowsPage) addWebhook(w agenda.Webhook, now time.Time) error {
	v, at := p.eventConsole, "webhooks/"+string(w.ID)
	row, err := v.webhookRow(w)
	if err != nil {
		return err
	}
	row.Facts[0] = w.URL
	if w.OldUntil != nil && w.OldUntil.After(now) {
		v.sayAt(&row.Facts, &err, "webhooks_old_until", w.OldUntil)
	}
	v.leads(&row.Links, &err, "webhooks_change", at+"/edit")
	v.leads(&row.Links, &err, "webhooks_turn", at+"/rotate")
	v.leads(&row.Links, &err, "webhooks_drop", at+"/delete")
	v.button(&p.Sends, &err, "webhooks_ping", at, "ping", "")
	if err != nil {
		return err
	}
	return p.section("webhook", "webhooks_one", "", []accessRow{row})
}

func (p *rowsPage) leadBack(key, path string) (err error) {
	p.Back.URL = p.Here + path + p.reader.query
	p.Back.Label, err = p.Say(key)
	return err
}

func (s *Server) addDeliveries(c echo.Context, p *rowsPage, w agenda.Webhook) error {
	status := agenda.DeliveryStatus(c.QueryParam("status"))
	if !slices.Contains(agenda.DeliveryStatuses, status) {
		status = ""
	}
	deliveries, next, err := s.app.Deliveries(c.Request().Context(), p.actor, p.Event.Slug, w.ID, status, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := rowsOf(deliveries, func(d agenda.Delivery) (accessRow, error) { return p.deliveryOf(w, d) })
	if err != nil {
		return err
	}
	if next != "" {
		p.More = p.with("after", next, "status", string(status))
	}
	choices, err := choicesOf(p.words, "webhooks_status_", append([]agenda.DeliveryStatus{"any"}, agenda.DeliveryStatuses...))
	if err != nil {
		return err
	}
	form := formPage{eventConsole: p.eventConsole}
	form.choose("status", "webhooks_status", string(status), choices)
	p.Filters = form.Fields
	return p.section("deliveries", "webhooks_deliveries", "webhooks_untold", rows)
}

// deliveryOf is a Delivery in the list of those of the Webhook.
func (v *eventConsole) deliveryOf(w agenda.Webhook, d agenda.Delivery) (accessRow, error) {
	row, err := v.deliveryRow(d)
	at := "webhooks/" + string(w.ID)
	v.leads(&row.Links, &err, "webhooks_attempts", at+"/deliveries/"+string(d.ID))
	if w.Stopped == nil || d.Kind == agenda.WebhookPing {
		v.button(&row.Sends, &err, "webhooks_replay", at, "replay", d.ID)
	}
	return row, err
}

// deliveryRow says what became of a Delivery.
func (v *eventConsole) deliveryRow(d agenda.Delivery) (row accessRow, err error) {
	if row.Title.Text, err = v.Say("webhooks_did_"+kindKey(d.Kind), "n", d.Release); err != nil {
		return row, err
	}
	if row.Badge, err = v.Say("webhooks_status_" + string(d.Status)); err != nil {
		return row, err
	}
	row.Off = d.Status == agenda.DeliveryFailed
	v.sayAt(&row.Facts, &err, "webhooks_of", &d.Created)
	if err != nil {
		return row, err
	}
	tries, err := v.Count("webhooks_tries", d.Attempts)
	row.Facts = append(row.Facts, tries)
	if d.Status != agenda.Delivered {
		v.sayMishap(&row.Facts, &err, d.Fault)
	}
	v.sayAt(&row.Facts, &err, "webhooks_due", d.Due)
	return row, err
}

func (s *Server) deliveryPage(c echo.Context, v *eventConsole) error {
	w, err := s.webhookOf(c, v)
	if err != nil {
		return err
	}
	d, err := s.app.Delivery(c.Request().Context(), v.actor, v.Event.Slug, w.ID, agenda.ID(c.Param("delivery")))
	if err != nil {
		return err
	}
	p, err := v.rows(c, "webhooks_delivery", "", nil)
	if err != nil {
		return err
	}
	if err := p.leadBack("webhooks_back", "webhooks/"+string(w.ID)); err != nil {
		return err
	}
	if err := p.addAttempts(d); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

// addAttempts says of the Delivery what it tells, and of each attempt what came of it.
func (p *rowsPage) addAttempts(d app.DeliveryDetail) error {
	about, err := p.deliveryRow(d.Delivery)
	if err != nil {
		return err
	}
	about.Facts = append(about.Facts, "webhook-id: "+string(d.ID))
	if err := p.section("delivery", "webhooks_what", "", []accessRow{about}); err != nil {
		return err
	}
	var rows []accessRow
	for _, a := range slices.Backward(d.Tries) {
		row, err := p.attemptRow(a)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return p.section("attempts", "webhooks_attempts", "webhooks_untried", rows)
}

func (v *eventConsole) attemptRow(a agenda.Attempt) (row accessRow, err error) {
	when, err := v.at(a.At)
	if err != nil {
		return row, err
	}
	row.Title.Text, row.Off = strconv.Itoa(a.Number)+" · "+when, !a.Arrived()
	if a.Status != 0 {
		row.Badge = strconv.Itoa(a.Status)
	}
	v.say(&row.Facts, &err, "webhooks_took", "n", a.Took.Milliseconds())
	v.sayMishap(&row.Facts, &err, a.Fault)
	if a.Answer != "" {
		v.say(&row.Facts, &err, "webhooks_answer", "answer", a.Answer)
	}
	return row, err
}
