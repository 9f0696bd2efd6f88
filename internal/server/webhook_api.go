package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// webhookBody is a Webhook in the API.
type webhookBody struct {
	ID       string     `json:"id" readOnly:"true" doc:"Identifies the webhook for ever."`
	Name     string     `json:"name" minLength:"1" maxLength:"300" doc:"Who or what is told." example:"Website of the forum"`
	URL      string     `json:"url" minLength:"1" maxLength:"2000" doc:"Where deliveries are posted: an address of https that is public." example:"https://forum.example.org/hooks/agenda"`
	Kinds    []string   `json:"kinds" minItems:"1" maxItems:"10" nullable:"false" enum:"release.published,release.erased" doc:"What it is told of." example:"[\"release.published\"]"`
	Enabled  *bool      `json:"enabled" required:"false" nullable:"false" default:"true" doc:"Whether it is told."` // a pointer, or a false that is sent would be taken for none
	Reason   string     `json:"reason,omitempty" readOnly:"true" enum:"by_hand,gone,failing" doc:"Why it is not: somebody said so, it answered 410, or nothing arrived for days."`
	Stopped  *time.Time `json:"stopped,omitempty" readOnly:"true" doc:"Since when it is not, UTC."`
	Failing  *time.Time `json:"failing,omitempty" readOnly:"true" doc:"Since when nothing arrived though it was tried, UTC; left out when all is well."`
	Secret   string     `json:"secret,omitempty" readOnly:"true" doc:"What deliveries are signed with. It is told when it is made, and never again."`
	OldUntil *time.Time `json:"old_secret_until,omitempty" readOnly:"true" doc:"Until when the secret before signs too, UTC."`
	Revision int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created  time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated  time.Time  `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

func newWebhookBody(w agenda.Webhook) webhookBody {
	enabled := w.Stopped == nil
	return webhookBody{ID: string(w.ID), Name: w.Name, URL: w.URL, Kinds: filled(w.Kinds), Enabled: &enabled, Reason: string(w.Reason),
		Stopped: instant(w.Stopped), Failing: instant(w.Failing), Secret: w.Secret, OldUntil: instant(w.OldUntil), Revision: w.Revision,
		Created: w.Created.UTC(), Updated: w.Updated.UTC()}
}

func (b webhookBody) webhook(id agenda.ID) agenda.Webhook {
	w := agenda.Webhook{ID: id, Name: b.Name, URL: b.URL, Kinds: bodies(b.Kinds, func(k string) agenda.WebhookKind { return agenda.WebhookKind(k) })}
	if !*b.Enabled {
		w.Stopped = new(time.Time)
	}
	return w
}

// DeliveryBody is a Delivery in the API.
type DeliveryBody struct {
	ID       string     `json:"id" doc:"Identifies the delivery for ever; it is the webhook-id of all its attempts."`
	Kind     string     `json:"kind" enum:"release.published,release.erased,webhook.ping" doc:"What it tells of."`
	Release  int        `json:"release,omitempty" doc:"The number of the release that it tells of."`
	Status   string     `json:"status" enum:"queued,delivered,failed" doc:"What became of it."`
	Attempts int        `json:"attempts" doc:"How often it was tried."`
	Fault    string     `json:"fault,omitempty" doc:"Why the last attempt failed."`
	Due      *time.Time `json:"due,omitempty" doc:"When it is tried next, UTC."`
	Done     *time.Time `json:"done,omitempty" doc:"When it arrived or was given up, UTC."`
	Created  time.Time  `json:"created" doc:"When happened what it tells, UTC."`
}

func newDeliveryBody(d agenda.Delivery) DeliveryBody {
	return DeliveryBody{ID: string(d.ID), Kind: string(d.Kind), Release: d.Release, Status: string(d.Status), Attempts: d.Attempts, Fault: d.Fault,
		Due: instant(d.Due), Done: instant(d.Done), Created: d.Created.UTC()}
}

// deliveryDetailBody is a Delivery with its attempts.
type deliveryDetailBody struct {
	DeliveryBody
	Tries []attemptBody            `json:"tries" doc:"The attempts, oldest first."`
	Body  exchange.WebhookDocument `json:"body" doc:"What is posted, as it would be now."`
}

// attemptBody is one attempt at a Delivery.
type attemptBody struct {
	Number int       `json:"number" doc:"Counts the attempts from 1."`
	At     time.Time `json:"at" doc:"When it was made, UTC."`
	Took   int64     `json:"took_ms" doc:"How long it took, in milliseconds."`
	Status int       `json:"status,omitempty" doc:"The status of HTTP that was answered; left out when nothing was."`
	Fault  string    `json:"fault,omitempty" doc:"Why it did not arrive."`
	Answer string    `json:"answer,omitempty" doc:"How the answer begins."`
}

func newAttemptBody(a agenda.Attempt) attemptBody {
	return attemptBody{a.Number, a.At.UTC(), a.Took.Milliseconds(), a.Status, a.Fault, a.Answer}
}

// WebhookPath is the input of whatever is about one Webhook.
type WebhookPath struct {
	AtEvent
	ID string `path:"webhook" doc:"The webhook's id."`
}

// DeliveryPath is the input of whatever is about one Delivery.
type DeliveryPath struct {
	WebhookPath
	Delivery string `path:"delivery" doc:"The delivery's id."`
}

func (s *Server) routeWebhookAPI() {
	const tag, all, one, told = "Webhooks", "/events/{event}/webhooks", "/events/{event}/webhooks/{webhook}", "/events/{event}/webhooks/{webhook}/deliveries"
	access := May(agenda.ManageAccess)
	register(s, operation{ID: "listWebhooks", Method: http.MethodGet, Path: all, Tag: tag, Access: access,
		Summary: "List webhooks", Description: "Oldest first, without their secrets."}, s.listWebhooks)
	register(s, operation{ID: "createWebhook", Method: http.MethodPost, Path: all, Tag: tag, Access: access, Creates: true,
		Summary: "Create a webhook", Description: onceWords + " An event has 20 at most."}, s.createWebhook)
	register(s, operation{ID: "getWebhook", Method: http.MethodGet, Path: one, Tag: tag, Access: access, Revised: true, Summary: "Get a webhook"}, s.getWebhook)
	register(s, operation{ID: "replaceWebhook", Method: http.MethodPut, Path: one, Tag: tag, Access: access,
		Summary: "Replace a webhook", Description: replaceWords, Matches: true, Revised: true}, s.replaceWebhook)
	register(s, operation{ID: "deleteWebhook", Method: http.MethodDelete, Path: one, Tag: tag, Access: access,
		Summary: "Delete a webhook", Description: "Its deliveries go with it; those under way go nowhere.", Matches: true}, s.deleteWebhook)
	register(s, operation{ID: "rotateWebhook", Method: http.MethodPost, Path: one + "/rotate", Tag: tag, Access: access,
		Summary: "Give a webhook another secret", Matches: true,
		Description: "The secret is told in this answer and never again. For 24 hours deliveries are signed with the one before too."}, s.rotateWebhook)
	register(s, operation{ID: "pingWebhook", Method: http.MethodPost, Path: one + "/ping", Tag: tag, Access: access,
		Summary: "Send a ping", Description: "Tells nothing, to see whether it arrives. It is tried once; the delivery says what became of it."}, s.pingWebhook)
	register(s, operation{ID: "listDeliveries", Method: http.MethodGet, Path: told, Tag: tag, Access: access,
		Summary: "List deliveries", Description: "Newest first. They are kept for 30 days, 500 of a webhook at most."}, s.listDeliveries)
	register(s, operation{ID: "getDelivery", Method: http.MethodGet, Path: told + "/{delivery}", Tag: tag, Access: access,
		Summary: "Get a delivery with its attempts"}, s.getDelivery)
	register(s, operation{ID: "replayDelivery", Method: http.MethodPost, Path: told + "/{delivery}/replay", Tag: tag, Access: access, Taken: true,
		Summary: "Tell again", Description: "Posts the delivery again now, with the same webhook-id. It is refused with 409 while the webhook is stopped."}, s.replayDelivery)
}

func (s *Server) listWebhooks(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[webhookBody], error) {
	hooks, next, err := s.app.Webhooks(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, hooks, next, newWebhookBody), nil
}

func (s *Server) createWebhook(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body webhookBody
}) (*made[webhookBody], error) {
	w, err := s.app.CreateWebhook(ctx, in.Actor, in.Event, in.Body.webhook(""), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/webhooks/"+string(w.ID), w.Revision, false, newWebhookBody(w)), nil
}

func (s *Server) getWebhook(ctx context.Context, in *struct {
	WebhookPath
	Conditional
}) (*single[webhookBody], error) {
	w, err := s.app.Webhook(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, w.Revision, newWebhookBody(w)), nil
}

func (s *Server) replaceWebhook(ctx context.Context, in *struct {
	WebhookPath
	Matching
	Body webhookBody
}) (*single[webhookBody], error) {
	return s.webhookChanged(in.Matching, func(match app.Match) (agenda.Webhook, error) {
		return s.app.EditWebhook(ctx, in.Actor, in.Event, match, in.Body.webhook(agenda.ID(in.ID)))
	})
}

func (s *Server) rotateWebhook(ctx context.Context, in *struct {
	WebhookPath
	Matching
}) (*single[webhookBody], error) {
	return s.webhookChanged(in.Matching, func(match app.Match) (agenda.Webhook, error) {
		return s.app.RotateWebhook(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
	})
}

func (s *Server) webhookChanged(m Matching, change func(app.Match) (agenda.Webhook, error)) (*single[webhookBody], error) {
	match, err := m.match()
	if err != nil {
		return nil, err
	}
	w, err := change(match)
	if err != nil {
		return nil, err
	}
	return changed(w.Revision, newWebhookBody(w)), nil
}

func (s *Server) deleteWebhook(ctx context.Context, in *struct {
	WebhookPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteWebhook(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}

func (s *Server) pingWebhook(ctx context.Context, in *struct{ WebhookPath }) (*answered[DeliveryBody], error) {
	d, err := s.app.PingWebhook(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &answered[DeliveryBody]{newDeliveryBody(d)}, nil
}

func (s *Server) listDeliveries(ctx context.Context, in *struct {
	WebhookPath
	Status string `query:"status" enum:"queued,delivered,failed" doc:"Only those of this status."`
	Listing
}) (*listed[DeliveryBody], error) {
	told, next, err := s.app.Deliveries(ctx, in.Actor, in.Event, agenda.ID(in.ID), agenda.DeliveryStatus(in.Status), in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, told, next, newDeliveryBody), nil
}

func (s *Server) getDelivery(ctx context.Context, in *struct{ DeliveryPath }) (*answered[deliveryDetailBody], error) {
	d, err := s.app.Delivery(ctx, in.Actor, in.Event, agenda.ID(in.ID), agenda.ID(in.Delivery))
	if err != nil {
		return nil, err
	}
	return &answered[deliveryDetailBody]{deliveryDetailBody{newDeliveryBody(d.Delivery), bodies(d.Tries, newAttemptBody), d.Document}}, nil
}

func (s *Server) replayDelivery(ctx context.Context, in *struct{ DeliveryPath }) (*answered[DeliveryBody], error) {
	d, err := s.app.ReplayDelivery(ctx, in.Actor, in.Event, agenda.ID(in.ID), agenda.ID(in.Delivery))
	if err != nil {
		return nil, err
	}
	return &answered[DeliveryBody]{newDeliveryBody(d)}, nil
}
