package app

import (
	"context"
	"errors"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreateWebhook adds a Webhook to the Event. Its secret is in what is given back, here and after [App.RotateWebhook] only.
func (a *App) CreateWebhook(ctx context.Context, actor agenda.Actor, slug string, w agenda.Webhook, o Once) (made agenda.Webhook, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		if err := fresh(actor); err != nil {
			return err
		}
		w.Clean()
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			if err := a.checkWebhook(w); err != nil {
				return "", err
			}
			others, err := tx.AllWebhooks(e.ID)
			if err != nil {
				return "", err
			}
			if len(others) >= agenda.MaxWebhooks {
				return "", agenda.Errorf(agenda.Taken, "An event has %d webhooks at most: delete one first.", agenda.MaxWebhooks)
			}
			made = w
			made.ID, made.EventID, made.Revision, made.Created, made.Updated = a.newID(), e.ID, 1, a.moment(), a.moment()
			made.Secret, made.OldSecret, made.OldUntil, made.Failing = a.webhookSecret(), "", nil, nil
			a.stopByHand(&made, agenda.Webhook{})
			if err := tx.InsertWebhook(made); err != nil {
				return "", err
			}
			return made.ID, a.note(tx, actor, e.ID, "webhook.create", made.ID, fmt.Sprintf("added the webhook %q", made.Name), changed(e, nil, made))
		})
		if err == nil && replayed {
			return errShownOnce
		}
		return err
	})
	if err != nil {
		return agenda.Webhook{}, err
	}
	return made, nil
}

// webhookSecret makes a secret of 43 bytes, which are as hard to guess as every other one.
func (a *App) webhookSecret() string { return agenda.WebhookSecret([]byte(a.secret())) }

// checkWebhook says everything that is wrong with a Webhook, and whether its address may be told.
func (a *App) checkWebhook(w agenda.Webhook) error {
	if err := w.Check(); err != nil || a.address == nil {
		return err
	}
	if err := a.address(w.URL); err != nil {
		var f agenda.Faults
		f.Add("/url", "can't be told: %s", said(err))
		return f.Err("webhook")
	}
	return nil
}

// said gives what an error says to people.
func said(err error) string {
	var e *agenda.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// stopByHand keeps when and why a Webhook was stopped, if it was already. One that is told again begins anew.
func (a *App) stopByHand(w *agenda.Webhook, old agenda.Webhook) {
	switch {
	case w.Stopped == nil:
		w.Reason = ""
		if old.Stopped != nil {
			w.Failing = nil
		}
	case old.Stopped != nil:
		w.Stopped, w.Reason = old.Stopped, old.Reason
	default:
		now := a.moment()
		w.Stopped, w.Reason = &now, agenda.StoppedByHand
	}
}

// Webhooks lists the Webhooks of the Event, oldest first, without their secrets.
func (a *App) Webhooks(ctx context.Context, actor agenda.Actor, slug string, page Page) (list []agenda.Webhook, next string, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		list, next, err = tx.Webhooks(e.ID, page)
		return err
	})
	for i := range list {
		list[i] = withoutSecret(list[i])
	}
	return list, next, err
}

// Webhook gives one Webhook, without its secret.
func (a *App) Webhook(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (w agenda.Webhook, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		w, err = tx.Webhook(e.ID, id)
		return err
	})
	return withoutSecret(w), err
}

func withoutSecret(w agenda.Webhook) agenda.Webhook {
	w.Secret, w.OldSecret = "", ""
	return w
}

// EditWebhook replaces what organizers can edit of a Webhook: its name, its address, what it is told, and whether it is told.
// Any Stopped means that it is not.
func (a *App) EditWebhook(ctx context.Context, actor agenda.Actor, slug string, match Match, w agenda.Webhook) (agenda.Webhook, error) {
	w.Clean()
	return a.alterWebhook(ctx, actor, slug, match, w.ID, func(tx *store.Tx, e agenda.Event, old agenda.Webhook) (agenda.Webhook, error) {
		changing := old
		changing.Name, changing.URL, changing.Kinds, changing.Stopped = w.Name, w.URL, w.Kinds, w.Stopped
		if err := a.checkWebhook(changing); err != nil {
			return changing, err
		}
		if changing.URL != old.URL {
			changing.Failing = nil
		}
		a.stopByHand(&changing, old)
		return changing, a.note(tx, actor, e.ID, "webhook.edit", old.ID, fmt.Sprintf("edited the webhook %q", changing.Name), changed(e, old, changing))
	})
}

// RotateWebhook gives a Webhook another secret, which is in what is given back. The one before goes on to sign for a day.
func (a *App) RotateWebhook(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) (w agenda.Webhook, err error) {
	secret := ""
	w, err = a.alterWebhook(ctx, actor, slug, match, id, func(tx *store.Tx, e agenda.Event, old agenda.Webhook) (agenda.Webhook, error) {
		if err := fresh(actor); err != nil {
			return old, err
		}
		secret = a.webhookSecret()
		old.Rotate(secret, a.moment())
		return old, a.note(tx, actor, e.ID, "webhook.rotate", id, fmt.Sprintf("gave the webhook %q another secret", old.Name))
	})
	if err == nil {
		w.Secret = secret
	}
	return w, err
}

// alterWebhook changes a Webhook and gives it back as it is then, without its secrets.
func (a *App) alterWebhook(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID,
	alter func(*store.Tx, agenda.Event, agenda.Webhook) (agenda.Webhook, error)) (w agenda.Webhook, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Webhook(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, withoutSecret(old)); err != nil {
			return err
		}
		if w, err = alter(tx, e, old); err != nil {
			return err
		}
		w.Revision, w.Updated = old.Revision+1, a.moment()
		return tx.UpdateWebhook(w)
	})
	if err != nil {
		return agenda.Webhook{}, err
	}
	return withoutSecret(w), nil
}

// DeleteWebhook removes a Webhook with its deliveries. What is yet to arrive goes nowhere.
func (a *App) DeleteWebhook(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Webhook(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, withoutSecret(old)); err != nil {
			return err
		}
		if err := tx.DeleteWebhook(e.ID, id, old.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "webhook.delete", id, fmt.Sprintf("deleted the webhook %q", old.Name), changed(e, old, nil))
	})
}
