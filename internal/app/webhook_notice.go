package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// tellStopped has everybody written to who may manage the Webhooks of the Event: one was stopped, and nobody said so.
func (a *App) tellStopped(tx *store.Tx, event agenda.ID) error {
	members, err := tx.Members(event)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !slices.Contains(m.Verbs(), agenda.ManageAccess) {
			continue
		}
		// One that is under way does not say it of this Webhook.
		key := "notice " + string(event) + " " + string(m.AccountID)
		if err := tx.DropJobs(key); err != nil {
			return err
		}
		if err := a.enqueue(tx, agenda.Job{EventID: event, Kind: agenda.NoticeJob, About: m.AccountID, Key: key}); err != nil {
			return err
		}
	}
	return nil
}

// OpenNotice gives the letter to the Account that a Job is about as it goes: which Webhooks of the Event are stopped now, but for
// those that somebody stopped. NotFound: there is none, or it is nothing to the Account (any more), and the Job is done.
func (a *App) OpenNotice(ctx context.Context, j agenda.Job) (p agenda.Post, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		e, err := tx.Event(j.EventID)
		if err != nil {
			return err
		}
		m, err := tx.Member(e.ID, j.About)
		if err != nil {
			return err
		}
		account, err := tx.Account(j.About)
		if err != nil {
			return err
		}
		hooks, err := tx.AllWebhooks(e.ID)
		if err != nil {
			return err
		}
		hooks = slices.DeleteFunc(hooks, func(w agenda.Webhook) bool { return w.Stopped == nil || w.Reason == agenda.StoppedByHand })
		if len(hooks) == 0 || account.Disabled != nil || !slices.Contains(m.Verbs(), agenda.ManageAccess) {
			return agenda.Errorf(agenda.NotFound, "The letter does not go.")
		}
		p = agenda.Post{Mail: agenda.Mail{ID: j.ID, EventID: e.ID, To: account.Email, Name: account.Name, Language: account.Language, Essential: true},
			URL: a.base + "/console/events/" + e.Slug + "/webhooks"}
		p.Subject, p.Body, p.Button, err = mail.Stopped(account.Language, e, hooks)
		return err
	})
	return p, err
}
