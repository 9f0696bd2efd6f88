package app

import (
	"context"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// letterPurpose is what links to the pages of Mails are signed for.
const letterPurpose = "letter"

// addMail keeps a Mail with the change that it tells of. One that is queued goes when it is due. One that mentions a Meeting must
// say so: what else is in it is read by more people.
func (a *App) addMail(tx *store.Tx, m agenda.Mail) (agenda.Mail, error) {
	if m.ID == "" {
		m.ID = a.newID()
	}
	m.Revision, m.Created, m.Updated = 1, a.moment(), a.moment()
	m.Meetings = m.Meetings || m.Kind == agenda.MailMeeting
	if m.Due.IsZero() {
		m.Due = m.Created
	}
	if m.Status == agenda.MailQueued && m.To == "" {
		m.Status, m.Fault = agenda.MailDraft, agenda.FaultAddress
	}
	if err := tx.InsertMail(m); err != nil {
		return m, err
	}
	return m, a.queueMail(tx, m)
}

// mailKey is of the Job that sends a Mail.
func mailKey(id agenda.ID) string { return "mail " + string(id) }

// idleMail says whether a Mail may be worded anew, taking it out of the outbox: one that is just going may not.
func (a *App) idleMail(tx *store.Tx, m agenda.Mail) (bool, error) {
	return tx.DropIdleJob(mailKey(m.ID), a.moment())
}

// queueMail sees that a queued Mail goes, and that another does not.
func (a *App) queueMail(tx *store.Tx, m agenda.Mail) error {
	key := mailKey(m.ID)
	if err := tx.DropJobs(key); err != nil || m.Status != agenda.MailQueued {
		return err
	}
	return a.enqueue(tx, agenda.Job{EventID: m.EventID, Kind: agenda.MailJob, About: m.ID, Key: key, Due: m.Due})
}

// changeMail writes a Mail that has changed, with its next revision.
func (a *App) changeMail(tx *store.Tx, m agenda.Mail) (agenda.Mail, error) {
	m.Revision, m.Updated = m.Revision+1, a.moment()
	return m, tx.UpdateMail(m)
}

// OpenPost gives the Mail that a Job is about as it goes. NotFound: it does not go (any more), and the Job is done.
func (a *App) OpenPost(ctx context.Context, j agenda.Job) (p agenda.Post, err error) {
	key, err := a.signingKey(ctx, letterPurpose)
	if err != nil {
		return p, err
	}
	goes := true
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if p.Mail, err = tx.MailByID(j.About); err != nil {
			return err
		}
		if p.Status != agenda.MailQueued {
			return agenda.Errorf(agenda.NotFound, "The letter does not go.")
		}
		e, err := tx.Event(p.EventID)
		if err != nil {
			return err
		}
		h, err := a.stillGoes(tx, e, p.Mail)
		if err != nil {
			return err
		}
		goes = h == halt{}
		settings, _, err := tx.PersonalSettings(e.ID, p.PersonID)
		if err != nil {
			return err
		}
		p.Event, p.Zone = e.Name, settings.Zone
		if p.From, err = a.mailedFrom(tx, p.Mail); err != nil {
			return err
		}
		p.URL = a.base + "/letters/" + letterSecret(key, p.ID)
		if !p.Essential {
			p.Unsubscribe = p.URL + "/unsubscribe"
		}
		return nil
	})
	if err == nil && !goes {
		return p, a.haltPost(ctx, j.About)
	}
	return p, err
}

// letterSecret is what opens the page of a Mail. It is made anew whenever it is needed, and kept nowhere: a Mail that is sent
// twice has the same one.
func letterSecret(key string, id agenda.ID) string {
	return string(id) + "." + credential.Sign(key, letterPurpose, string(id))
}

// letterOf gives the Mail that the secret of a link opens.
func (a *App) letterOf(ctx context.Context, secret string) (id agenda.ID, err error) {
	key, err := a.signingKey(ctx, letterPurpose)
	if err != nil {
		return "", err
	}
	name, signature, _ := strings.Cut(secret, ".")
	if !credential.Signed(key, signature, letterPurpose, name) {
		return "", agenda.Errorf(agenda.NotFound, "This link opens nothing.")
	}
	return agenda.ID(name), nil
}

// signingKey gives the key for a purpose, which is made when it is first needed.
func (a *App) signingKey(ctx context.Context, purpose string) (key string, err error) {
	a.keysMu.Lock()
	defer a.keysMu.Unlock()
	if key, known := a.keys[purpose]; known {
		return key, nil
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		key, err = tx.MakeSigningKey(purpose, a.secret(), a.moment())
		return err
	})
	if err == nil {
		a.keys[purpose] = key
	}
	return key, err
}

// MailSent keeps that a mail server has the Mail that the Job is about. It went, whatever somebody wanted of it meanwhile.
func (a *App) MailSent(ctx context.Context, j agenda.Job) error {
	return a.settleMail(ctx, j, func(tx *store.Tx, m agenda.Mail) error {
		if m.Status == agenda.MailSent {
			return tx.EndJob(j) // so says somebody else already, who began when this one took too long
		}
		if anew, err := tx.JobByKey(mailKey(m.ID)); err == nil && anew.ID != j.ID {
			return nil // it was worded anew meanwhile, and goes once more
		} else if err != nil && agenda.CodeOf(err) != agenda.NotFound {
			return err
		}
		now := a.moment()
		m.Status, m.Sent, m.Fault = agenda.MailSent, &now, ""
		if _, err := a.changeMail(tx, m); err != nil {
			return err
		}
		if err := a.invitationSent(tx, m); err != nil {
			return err
		}
		return tx.DropJobs(mailKey(m.ID))
	})
}

// MailFailed keeps that the Mail could not be sent, and lets it be tried again unless it is given up.
func (a *App) MailFailed(ctx context.Context, j agenda.Job, cause error) error {
	return a.settleMail(ctx, j, func(tx *store.Tx, m agenda.Mail) error {
		if m.Status != agenda.MailQueued {
			return tx.EndJob(j) // it went, or was held back, meanwhile
		}
		held, gaveUp, err := a.failJob(tx, j, cause)
		if err != nil || !held {
			return err
		}
		m.Fault = faultWords(cause)
		if gaveUp {
			m.Status = agenda.MailFailed
		}
		_, err = a.changeMail(tx, m)
		return err
	})
}

// settleMail writes what became of a Mail.
func (a *App) settleMail(ctx context.Context, j agenda.Job, fn func(*store.Tx, agenda.Mail) error) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		m, err := lockedMail(tx, j.About)
		if agenda.CodeOf(err) == agenda.NotFound {
			return tx.EndJob(j) // it was deleted meanwhile
		}
		if err != nil {
			return err
		}
		return fn(tx, m)
	})
}

// lockedMail gives a Mail, for this transaction alone to change: whoever changes one has its Event locked first, or two wait for each
// other, or find it another one than they read.
func lockedMail(tx *store.Tx, id agenda.ID) (agenda.Mail, error) {
	m, err := tx.MailByID(id)
	if err != nil {
		return m, err
	}
	if err := tx.LockEvent(m.EventID); err != nil {
		return m, err
	}
	return tx.MailByID(id)
}

// EndJob takes a Job that has nothing to do out of the outbox.
func (a *App) EndJob(ctx context.Context, j agenda.Job) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return tx.EndJob(j) })
}
