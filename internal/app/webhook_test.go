package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func aWebhook(name string) agenda.Webhook {
	return agenda.Webhook{Name: name, URL: "https://hooks.example/agenda?key=canary", Kinds: []agenda.WebhookKind{agenda.ReleaseErased, agenda.ReleasePublished, agenda.ReleasePublished}}
}

// attempt claims the delivery that is due and keeps what came of it.
func (w world) attempt(t *testing.T, at agenda.Attempt) agenda.Parcel {
	t.Helper()
	ctx := context.Background()
	claimed := must[[]agenda.Job](t)(w.ClaimJobs(ctx, []agenda.JobKind{agenda.WebhookJob}, 1))
	if len(claimed) != 1 {
		t.Fatalf("%d jobs are due", len(claimed))
	}
	p, err := w.OpenDelivery(ctx, claimed[0])
	if agenda.CodeOf(err) == agenda.NotFound {
		wantCode(t, w.DropDelivery(ctx, claimed[0]), "")
		return p
	}
	wantCode(t, err, "")
	at.At = p.At
	wantCode(t, w.KeepAttempt(ctx, claimed[0], at), "")
	return p
}

// watchWebhooks does everything that is told of webhooks.
func (h house) watchWebhooks(t *testing.T, who agenda.Actor) {
	ctx, any := context.Background(), app.Match{Any: true}
	w := must[agenda.Webhook](t)(h.CreateWebhook(ctx, who, slug, aWebhook("Site"), app.Once{}))
	h.told(t, "webhook.create", who, "", `host="hooks.example" kinds=["release.published","release.erased"] name="Site"`)
	edited := w
	edited.Name = "Website"
	must[agenda.Webhook](t)(h.EditWebhook(ctx, who, slug, any, edited))
	h.told(t, "webhook.edit", who, `name="Site"`, `name="Website"`)
	must[agenda.Webhook](t)(h.RotateWebhook(ctx, who, slug, any, w.ID))
	h.told(t, "webhook.rotate", who, "", "")
	d := must[agenda.Delivery](t)(h.PingWebhook(ctx, who, slug, w.ID))
	h.told(t, "webhook.ping", who, "", "")
	must[agenda.Delivery](t)(h.ReplayDelivery(ctx, who, slug, w.ID, d.ID))
	h.told(t, "webhook.replay", who, "", "")
	for verb, settle := range map[string]func(context.Context, agenda.Actor, agenda.ID) error{"job.retry": h.RetryJob, "job.put_away": h.PutAwayJob} {
		must[agenda.Delivery](t)(h.ReplayDelivery(ctx, who, slug, w.ID, d.ID))
		check(t, h.FailJob(ctx, h.due(t, webhookJobs), agenda.Errorf(agenda.Invalid, "No.")))
		dead := must[[]app.GivenUp](t)(h.DeadJobs(ctx, operator))
		check(t, settle(ctx, operator, dead[0].ID))
		h.told(t, verb, operator, "", "")
	}
	must[agenda.Delivery](t)(h.ReplayDelivery(ctx, who, slug, w.ID, d.ID))
	h.attempt(t, agenda.Attempt{Status: 410})
	list, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "webhook.stop"}, app.Page{Limit: 1})
	if err != nil || len(list) != 1 || list[0].ActorName != "worker" || !strings.Contains(fieldWords(list[0].After), `reason="gone"`) {
		t.Errorf("of webhook.stop the log says %+v, %v", list, err)
	}
	wantCode(t, h.DeleteWebhook(ctx, who, slug, any, w.ID), "")
	list, _, err = h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "webhook.delete"}, app.Page{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Errorf("of webhook.delete the log says %+v, %v", list, err)
	}
}

func TestWebhooksAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, any := context.Background(), app.Match{Any: true}
		w.forum(t)
		made := must[agenda.Webhook](t)(w.CreateWebhook(ctx, operator, slug, aWebhook("Site"), app.Once{Key: "k", Fingerprint: "f"}))
		if _, err := agenda.WebhookKey(made.Secret); err != nil || len(made.Kinds) != 2 || made.Revision != 1 {
			t.Errorf("made %+v, %v", made, err)
		}
		_, err := w.CreateWebhook(ctx, operator, slug, aWebhook("Site"), app.Once{Key: "k", Fingerprint: "f"})
		wantCode(t, err, agenda.Taken) // the secret is not told a second time
		list, _, err := w.Webhooks(ctx, operator, slug, app.Page{})
		wantCode(t, err, "")
		if got := must[agenda.Webhook](t)(w.Webhook(ctx, operator, slug, made.ID)); len(list) != 1 || list[0].Secret+list[0].OldSecret+got.Secret+got.OldSecret != "" {
			t.Errorf("the secret is told later: %+v", list)
		}
		for _, bad := range []func(*agenda.Webhook){func(b *agenda.Webhook) { b.Name = " " }, func(b *agenda.Webhook) { b.URL = "ftp://a.example" }, func(b *agenda.Webhook) { b.URL = "https://me:pw@a.example" },
			func(b *agenda.Webhook) { b.Kinds = nil }, func(b *agenda.Webhook) { b.Kinds = []agenda.WebhookKind{agenda.WebhookPing} }} {
			b := aWebhook("Bad")
			bad(&b)
			_, err := w.CreateWebhook(ctx, operator, slug, b, app.Once{})
			wantCode(t, err, agenda.Invalid)
			b.ID = made.ID
			_, err = w.EditWebhook(ctx, operator, slug, any, b)
			wantCode(t, err, agenda.Invalid)
		}
		_, err = w.EditWebhook(ctx, operator, slug, app.Revision(7), made)
		wantCode(t, err, agenda.Stale)
		_, err = w.RotateWebhook(ctx, agenda.Actor{Kind: agenda.AccountHolder, ID: "a", Grants: []agenda.Grant{{Verbs: agenda.Verbs}}}, slug, any, made.ID)
		if err == nil {
			t.Error("a secret is told without a fresh proof")
		}
		for i := 1; i < agenda.MaxWebhooks; i++ {
			must[agenda.Webhook](t)(w.CreateWebhook(ctx, operator, slug, aWebhook(fmt.Sprint(i)), app.Once{}))
		}
		_, err = w.CreateWebhook(ctx, operator, slug, aWebhook("one too many"), app.Once{})
		wantCode(t, err, agenda.Taken)
	})
}

func TestDeliveriesEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, any := context.Background(), app.Match{Any: true}
		f := w.forum(t)
		hook := must[agenda.Webhook](t)(w.CreateWebhook(ctx, operator, slug, aWebhook("Site"), app.Once{}))
		publish := func() agenda.Delivery {
			t.Helper()
			_, err := w.Publish(ctx, operator, slug, nil, nil, app.Once{})
			wantCode(t, err, "")
			list, _, err := w.Deliveries(ctx, operator, slug, hook.ID, "", app.Page{Limit: 1})
			wantCode(t, err, "")
			return list[0]
		}
		is := func(d agenda.Delivery) app.DeliveryDetail {
			t.Helper()
			return must[app.DeliveryDetail](t)(w.Delivery(ctx, operator, slug, hook.ID, d.ID))
		}
		now := func() agenda.Webhook { return must[agenda.Webhook](t)(w.Webhook(ctx, operator, slug, hook.ID)) }
		d := publish()
		parcel := w.attempt(t, agenda.Attempt{Status: 503, Fault: "busy", RetryAfter: 3 * time.Hour})
		if due, want := is(d).Due, time.UnixMilli(w.clock.Load()).Add(3*time.Hour); due == nil || !due.Equal(want) {
			t.Errorf("it is tried again %v, want %v", due, want)
		}
		if !json.Valid(parcel.Body) || strings.Contains(string(parcel.Body), "canary") || len(parcel.Secrets) != 1 {
			t.Errorf("the parcel %s", parcel.Body)
		}
		w.pass(3 * time.Hour)
		for n := 2; n <= agenda.MaxTries; n++ {
			w.attempt(t, agenda.Attempt{Fault: "no answer"})
			w.pass(agenda.RetryDelay(n))
		}
		if got := is(d); got.Status != agenda.DeliveryFailed || got.Attempts != agenda.MaxTries || got.Due != nil || got.Done == nil || now().Failing == nil || now().Stopped != nil {
			t.Errorf("after all tries %+v of %+v", got, now())
		}
		// Another one is given up after days without success: it is of no use.
		w.pass(agenda.FailingDays * 24 * time.Hour)
		second := publish()
		for n := 1; n <= agenda.MaxTries; n++ {
			w.attempt(t, agenda.Attempt{Fault: "no answer"})
			w.pass(agenda.RetryDelay(n))
		}
		if got := now(); got.Stopped == nil || got.Reason != agenda.StoppedFailing {
			t.Errorf("it is not stopped: %+v", got)
		}
		if last := publish(); last.ID != second.ID {
			t.Errorf("one that is stopped is told: %+v", last)
		}
		_, err := w.ReplayDelivery(ctx, operator, slug, hook.ID, d.ID)
		wantCode(t, err, agenda.Taken)
		on := now()
		on.Stopped = nil
		on = must[agenda.Webhook](t)(w.EditWebhook(ctx, operator, slug, any, on))
		if on.Reason != "" || on.Failing != nil {
			t.Errorf("told again: %+v", on)
		}
		must[agenda.Delivery](t)(w.ReplayDelivery(ctx, operator, slug, hook.ID, d.ID))
		if p := w.attempt(t, agenda.Attempt{Status: 200}); p.ID != d.ID || p.Release != 1 {
			t.Errorf("replayed %+v", p)
		}
		if got := is(d); got.Status != agenda.Delivered || len(got.Tries) != agenda.MaxTries+1 || got.Document.Data.Release.Number != 1 {
			t.Errorf("replayed, it is %+v", got)
		}
		_, err = w.Delivery(ctx, operator, slug, "other", d.ID)
		wantCode(t, err, agenda.NotFound)
		// Who is erased is in nothing that is told later.
		_, err = w.ErasePerson(ctx, operator, slug, any, f.people[0].ID, "Person 1")
		wantCode(t, err, "")
		p := w.attempt(t, agenda.Attempt{Status: 204})
		if p.Kind != agenda.ReleaseErased || p.Release != 3 || strings.Contains(string(p.Body), "Person 1") {
			t.Errorf("told of the erasure: %s", p.Body)
		}
		d = publish()
		stopped := now()
		stopped.Stopped = new(time.Time)
		must[agenda.Webhook](t)(w.EditWebhook(ctx, operator, slug, any, stopped))
		if p := w.attempt(t, agenda.Attempt{}); p.Body != nil || is(d).Status != agenda.DeliveryFailed {
			t.Errorf("what was under way when it was stopped: %+v", is(d))
		}
	})
}
