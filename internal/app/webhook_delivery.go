package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// tellWebhooks puts a delivery into the outbox for each Webhook of the Event that is told of such things, with the change that
// it tells of.
func (a *App) tellWebhooks(tx *store.Tx, event agenda.ID, kind agenda.WebhookKind, release int) error {
	hooks, err := tx.AllWebhooks(event)
	if err != nil {
		return err
	}
	for _, w := range hooks {
		if !w.Tells(kind) {
			continue
		}
		if _, err := a.deliver(tx, w, kind, release); err != nil {
			return err
		}
	}
	return nil
}

// tellErased tells Webhooks that Releases are not what they were, when a Person was erased from them: whoever keeps copies is
// to make them anew.
func (a *App) tellErased(tx *store.Tx, e agenda.Event, releases []agenda.Release, done Erasure) error {
	// What receivers answered may repeat what they were told.
	if err := tx.ForgetAnswers(e.ID); err != nil || done.Releases == 0 {
		return err
	}
	newest := 0
	for _, r := range releases {
		newest = max(newest, r.Number)
	}
	return a.tellWebhooks(tx, e.ID, agenda.ReleaseErased, newest)
}

// deliver queues a delivery to one Webhook.
func (a *App) deliver(tx *store.Tx, w agenda.Webhook, kind agenda.WebhookKind, release int) (agenda.Delivery, error) {
	now := a.moment()
	d := agenda.Delivery{ID: a.newID(), EventID: w.EventID, WebhookID: w.ID, Kind: kind, Release: release, Status: agenda.DeliveryQueued, Due: &now, Created: now}
	if err := tx.InsertDelivery(d, now.Add(-agenda.DeliveryTime), agenda.MaxDeliveries); err != nil {
		return d, err
	}
	return d, a.queueDelivery(tx, d)
}

// queueDelivery has a delivery tried now, and from the beginning if it was tried before.
func (a *App) queueDelivery(tx *store.Tx, d agenda.Delivery) error {
	key := "webhook " + string(d.ID)
	if err := tx.DropJobs(key); err != nil {
		return err
	}
	return a.enqueue(tx, agenda.Job{EventID: d.EventID, Kind: agenda.WebhookJob, About: d.ID, Key: key})
}

// PingWebhook sends a Webhook a delivery that tells nothing, to see whether it arrives. It is tried once, also when the
// Webhook is stopped.
func (a *App) PingWebhook(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (d agenda.Delivery, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		w, err := tx.Webhook(e.ID, id)
		if err != nil {
			return err
		}
		if d, err = a.deliver(tx, w, agenda.WebhookPing, 0); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "webhook.ping", id, fmt.Sprintf("sent the webhook %q a ping", w.Name))
	})
	if err != nil {
		return agenda.Delivery{}, err
	}
	return d, nil
}

// ReplayDelivery has a delivery tried again now, with the same identity and what it tells as that is now. It is refused
// (Taken) while the Webhook is stopped.
func (a *App) ReplayDelivery(ctx context.Context, actor agenda.Actor, slug string, webhook, id agenda.ID) (d agenda.Delivery, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		w, err := tx.Webhook(e.ID, webhook)
		if err != nil {
			return err
		}
		if d, err = deliveryOf(tx, w, id); err != nil {
			return err
		}
		if d, err = a.replay(tx, w, d); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "webhook.replay", w.ID, fmt.Sprintf("had the webhook %q told again", w.Name))
	})
	if err != nil {
		return agenda.Delivery{}, err
	}
	return d, nil
}

// replay has a delivery tried again now, whoever works on it.
func (a *App) replay(tx *store.Tx, w agenda.Webhook, d agenda.Delivery) (agenda.Delivery, error) {
	if w.Stopped != nil && d.Kind != agenda.WebhookPing {
		return d, agenda.Errorf(agenda.Taken, "This webhook is stopped: let it be told again first.")
	}
	now := a.moment()
	d.Status, d.Due, d.Done = agenda.DeliveryQueued, &now, nil
	if err := tx.UpdateDelivery(d); err != nil {
		return d, err
	}
	return d, a.queueDelivery(tx, d)
}

// deliveryOf gives a delivery of that Webhook.
func deliveryOf(tx *store.Tx, w agenda.Webhook, id agenda.ID) (agenda.Delivery, error) {
	d, err := tx.Delivery(w.EventID, id)
	if err == nil && d.WebhookID != w.ID {
		return agenda.Delivery{}, agenda.Errorf(agenda.NotFound, "There is no such delivery.")
	}
	return d, err
}

// Deliveries lists what a Webhook was told, newest first; status "" is any.
func (a *App) Deliveries(ctx context.Context, actor agenda.Actor, slug string, webhook agenda.ID, status agenda.DeliveryStatus, page Page) (list []agenda.Delivery, next string, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		if _, err := tx.Webhook(e.ID, webhook); err != nil {
			return err
		}
		list, next, err = tx.Deliveries(e.ID, webhook, status, page)
		return err
	})
	return list, next, err
}

// DeliveryDetail is a Delivery with how often it was tried, and what is sent.
type DeliveryDetail struct {
	agenda.Delivery
	Tries    []agenda.Attempt         // the newest last, at most [agenda.MaxAttempts]
	Document exchange.WebhookDocument // as it would be sent now
}

// Delivery gives one delivery of a Webhook.
func (a *App) Delivery(ctx context.Context, actor agenda.Actor, slug string, webhook, id agenda.ID) (d DeliveryDetail, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		w, err := tx.Webhook(e.ID, webhook)
		if err != nil {
			return err
		}
		if d.Delivery, err = deliveryOf(tx, w, id); err != nil {
			return err
		}
		if d.Tries, err = tx.DeliveryAttempts(id); err != nil {
			return err
		}
		d.Document, _, err = a.told(tx, d.Delivery)
		return err
	})
	if err != nil {
		return DeliveryDetail{}, err
	}
	return d, nil
}

// releasesTold gives the Release that a delivery tells of and, before it, the one before, if there is one.
func releasesTold(tx *store.Tx, d agenda.Delivery) (told []agenda.Release, err error) {
	for n := max(1, d.Release-1); n <= d.Release; n++ {
		r, err := decodeHead(tx, store.Release{EventID: d.EventID, Number: n})
		if err != nil {
			return nil, err
		}
		told = append(told, *r)
	}
	return told, nil
}
