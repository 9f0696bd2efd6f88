package app

import (
	"context"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// told makes what is sent, of what is public.
func (a *App) told(tx *store.Tx, d agenda.Delivery) (exchange.WebhookDocument, []byte, error) {
	releases, err := releasesTold(tx, d)
	if err != nil {
		return exchange.WebhookDocument{}, nil, err
	}
	return exchange.Webhook(a.base, d, releases)
}

// OpenDelivery gives the delivery that a Job is about as it goes. NotFound: it does not go (any more), and the Job is done.
func (a *App) OpenDelivery(ctx context.Context, j agenda.Job) (p agenda.Parcel, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if p.Delivery, err = tx.Delivery(j.EventID, j.About); err != nil {
			return err
		}
		w, err := tx.Webhook(j.EventID, p.WebhookID)
		if err != nil {
			return err
		}
		if p.Status != agenda.DeliveryQueued || w.Stopped != nil && p.Kind != agenda.WebhookPing {
			return agenda.Errorf(agenda.NotFound, "The delivery does not go.")
		}
		p.At, p.URL = a.moment(), w.URL
		p.Secrets = w.Secrets(p.At)
		_, p.Body, err = a.told(tx, p.Delivery)
		return err
	})
	return p, err
}

// atDelivery writes what became of the delivery that a Job is about. Held says whether the Job is still the caller's: who took too
// long, or whose delivery is told again by somebody's wish, decides nothing any more.
func (a *App) atDelivery(ctx context.Context, j agenda.Job, fn func(tx *store.Tx, d agenda.Delivery, held bool) error) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockEvent(j.EventID); err != nil {
			return err
		}
		held, err := tx.HoldJob(j)
		if err != nil {
			return err
		}
		d, err := tx.Delivery(j.EventID, j.About)
		if agenda.CodeOf(err) == agenda.NotFound {
			return tx.EndJob(j)
		}
		if err != nil {
			return err
		}
		return fn(tx, d, held)
	})
}

// DropDelivery ends a Job whose delivery does not go (any more), and says so where there still is one.
func (a *App) DropDelivery(ctx context.Context, j agenda.Job) error {
	return a.atDelivery(ctx, j, func(tx *store.Tx, d agenda.Delivery, held bool) error {
		if held && d.Status == agenda.DeliveryQueued {
			if err := a.giveUp(tx, d, string(agenda.WebhookStopped)); err != nil {
				return err
			}
		}
		return tx.EndJob(j)
	})
}

// giveUp keeps that the delivery is not tried any more, and why.
func (a *App) giveUp(tx *store.Tx, d agenda.Delivery, fault string) error {
	now := a.moment()
	d.Status, d.Due, d.Done, d.Fault = agenda.DeliveryFailed, nil, &now, fault
	return tx.UpdateDelivery(d)
}

// deliveryFailed keeps that no attempt at the delivery came to an end, and lets it be tried again unless it is given up.
func (a *App) deliveryFailed(ctx context.Context, j agenda.Job, cause error) error {
	return a.atDelivery(ctx, j, func(tx *store.Tx, d agenda.Delivery, held bool) error {
		if !held || d.Status != agenda.DeliveryQueued {
			return tx.EndJob(j)
		}
		_, gaveUp, err := a.failJob(tx, j, cause)
		if err != nil {
			return err
		}
		if gaveUp {
			return a.giveUp(tx, d, faultWords(cause))
		}
		due := a.moment().Add(agenda.RetryDelay(j.Tries))
		d.Due, d.Fault = &due, faultWords(cause)
		return tx.UpdateDelivery(d)
	})
}

// KeepAttempt keeps what came of an attempt at the delivery that the Job is about, and when it is tried again: later each time,
// and not before the other side asked for it. A delivery is given up after [agenda.MaxTries], or at once when it is a ping or
// the address is gone; the Webhook is stopped when it is gone, or when nothing has arrived for long. Of who does not have the Job
// any more nothing but the attempt is kept.
func (a *App) KeepAttempt(ctx context.Context, j agenda.Job, at agenda.Attempt) error {
	return a.atDelivery(ctx, j, func(tx *store.Tx, d agenda.Delivery, held bool) error {
		d.Attempts++
		at.Number = d.Attempts
		if err := tx.InsertDeliveryAttempt(d.ID, at, agenda.MaxAttempts); err != nil {
			return err
		}
		if !held {
			return tx.UpdateDelivery(d)
		}
		return a.settleAttempt(tx, j, d, at)
	})
}

// settleAttempt decides what comes after an attempt.
func (a *App) settleAttempt(tx *store.Tx, j agenda.Job, d agenda.Delivery, at agenda.Attempt) error {
	now := a.moment()
	over := at.Arrived() || at.Gone() || d.Kind == agenda.WebhookPing || j.Tries >= agenda.MaxTries
	j.Fault, j.Due = at.Fault, now.Add(max(agenda.RetryDelay(j.Tries), at.RetryAfter))
	d.Fault, d.Due, d.Done = at.Fault, &j.Due, nil
	if over {
		d.Due, d.Done, d.Status = nil, &now, agenda.DeliveryFailed
	}
	if at.Arrived() {
		d.Status = agenda.Delivered
	}
	if err := tx.UpdateDelivery(d); err != nil {
		return err
	}
	if err := a.judgeWebhook(tx, d, at, over, now); err != nil {
		return err
	}
	if over {
		return tx.EndJob(j)
	}
	_, err := tx.PutOffJob(j)
	return err
}

// judgeWebhook keeps how a Webhook fares, and stops it where there is no hope.
func (a *App) judgeWebhook(tx *store.Tx, d agenda.Delivery, at agenda.Attempt, over bool, now time.Time) error {
	w, err := tx.Webhook(d.EventID, d.WebhookID)
	if err != nil {
		return err
	}
	switch {
	case at.Arrived():
		if w.Failing == nil {
			return nil
		}
		return tx.MarkWebhook(w.EventID, w.ID, nil)
	case w.Stopped != nil || d.Kind == agenda.WebhookPing && !at.Gone():
		return nil
	case at.Gone():
		return a.stopWebhook(tx, w, agenda.StoppedGone, now)
	case w.Failing == nil:
		return tx.MarkWebhook(w.EventID, w.ID, &now)
	case over && now.Sub(*w.Failing) >= agenda.FailingDays*24*time.Hour:
		return a.stopWebhook(tx, w, agenda.StoppedFailing, now)
	}
	return nil
}

func (a *App) stopWebhook(tx *store.Tx, w agenda.Webhook, why agenda.StopReason, now time.Time) error {
	old := w
	w.Stopped, w.Reason, w.Revision, w.Updated = &now, why, w.Revision+1, now
	if err := tx.UpdateWebhook(w); err != nil {
		return err
	}
	if err := a.tellStopped(tx, w.EventID); err != nil {
		return err
	}
	return a.note(tx, agenda.System("worker"), w.EventID, "webhook.stop", w.ID, fmt.Sprintf("stopped the webhook %q (%s)", w.Name, why), changed(agenda.Event{}, old, w))
}
