package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// MailFilter narrows a list of Mails.
type MailFilter = store.MailFilter

// MailList is a part of the Event's Mails, newest first.
type MailList struct {
	Mails  []agenda.Mail
	Next   string                    // the cursor of the next part, "" when there is none
	Counts map[agenda.MailStatus]int // of all that the filter leaves, whatever status it asks for
}

// Mails lists the Event's Mails, as far as the Actor may read them.
func (a *App) Mails(ctx context.Context, actor agenda.Actor, slug string, f MailFilter, page Page) (l MailList, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		f.Others = f.Others || !agenda.May(actor, agenda.ReadMeetings, e.ID)
		if l.Mails, l.Next, err = tx.Mails(e.ID, f, page); err != nil {
			return err
		}
		l.Counts, err = tx.MailCounts(e.ID, f)
		return err
	})
	return l, err
}

// Mail gives a Mail of the Event.
func (a *App) Mail(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (m agenda.Mail, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err = seenMail(tx, actor, e, id)
		return err
	})
	return m, err
}

// seenMail gives a Mail that the Actor may read.
func seenMail(tx *store.Tx, actor agenda.Actor, e agenda.Event, id agenda.ID) (agenda.Mail, error) {
	m, err := tx.Mail(e.ID, id)
	if err != nil {
		return m, err
	}
	if !agenda.SeesMail(actor, m) {
		return agenda.Mail{}, agenda.Errorf(agenda.NotFound, "There is no such mail.")
	}
	return m, nil
}

// MailWords are what a Mail says.
type MailWords = mail.Words

// ReadMail gives a Mail of the Event with what it says, as it goes.
func (a *App) ReadMail(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (m agenda.Mail, w MailWords, err error) {
	if m, err = a.Mail(ctx, actor, slug, id); err != nil {
		return m, w, err
	}
	w, err = mail.PostWords(agenda.Post{Mail: m})
	return m, w, err
}
