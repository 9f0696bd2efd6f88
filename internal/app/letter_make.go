package app

import (
	"context"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// makeLetters tells those whom a Release touches: each gets one letter, or none.
func (a *App) makeLetters(tx *store.Tx, e agenda.Event, r *agenda.Release, told news, t agenda.Telling) (n LetterCount, err error) {
	p, err := a.planLetters(tx, e, told, func(m agenda.Mail) (bool, error) {
		if m.Status != agenda.MailQueued {
			return true, nil
		}
		return a.idleMail(tx, m)
	})
	if err != nil || len(p.letters) == 0 {
		return n, err
	}
	unwanted, err := tx.Unsubscribed(e.ID)
	if err != nil {
		return n, err
	}
	var letters []plannedLetter
	for _, l := range p.letters {
		if l.note, err = a.replaceLetters(tx, e, l.waiting); err != nil {
			return n, err
		}
		made, goes := l.fate(p.rule, t)
		if !made || l.unwanted(unwanted) {
			continue
		}
		if goes {
			l.goes = a.moment().Add(time.Duration(p.rule.Delay) * time.Minute)
		}
		letters = append(letters, l)
	}
	post, err := a.newPanelPost(tx, e, &r.Snapshot, letters)
	if err != nil {
		return n, err
	}
	for _, l := range letters {
		if err := a.makeLetter(tx, e, r, l, post); err != nil {
			return n, err
		}
	}
	return p.count(t, unwanted), nil
}

// replaceLetters takes back letters that have not gone. It gives what organizers had added to the last one that they added
// something to.
func (a *App) replaceLetters(tx *store.Tx, e agenda.Event, waiting []agenda.Mail) (note string, err error) {
	for _, head := range waiting {
		m, err := tx.Mail(e.ID, head.ID)
		if err != nil {
			return "", err
		}
		if m.Note != "" {
			note = m.Note
		}
		if err := a.dropMail(tx, m, agenda.FaultReplaced); err != nil {
			return "", err
		}
	}
	return note, nil
}

func (a *App) makeLetter(tx *store.Tx, e agenda.Event, r *agenda.Release, l plannedLetter, post *panelPost) error {
	m, err := l.words(tx, e, r)
	if err != nil {
		return err
	}
	if m.Method, m.Calendar, err = post.calendar(l); err != nil {
		return err
	}
	if m.Status = agenda.MailDraft; !l.goes.IsZero() {
		m.Status, m.Due = agenda.MailQueued, l.goes
	}
	if m.To == "" {
		m.Fault = agenda.FaultAddress
	}
	if m, err = a.addMail(tx, m); err != nil {
		return err
	}
	return tx.InsertTold(agenda.Told{MailID: m.ID, EventID: e.ID, PersonID: l.person.ID, Since: l.since, Release: r.Number})
}

// words gives the letter with what it says of a Release.
func (l plannedLetter) words(tx *store.Tx, e agenda.Event, r *agenda.Release) (m agenda.Mail, err error) {
	settings, _, err := tx.PersonalSettings(e.ID, l.person.ID)
	if err != nil {
		return m, err
	}
	m = letterTo(e, l.person)
	m.Kind, m.About, m.Essential, m.Note = agenda.MailChanges, r.ID, l.essential(), l.note
	m.Subject, m.Body, err = mail.Changes(m.Language, mail.Changed{Old: l.old, Next: &r.Snapshot, Changes: l.changes, Touches: l.touches, Zone: settings.Zone})
	return m, err
}

// letterTo begins a Mail to a Person, in their language as far as it is known.
func letterTo(e agenda.Event, p agenda.Person) agenda.Mail {
	return agenda.Mail{EventID: e.ID, PersonID: p.ID, To: p.Email, Name: p.Name, Language: mail.Language(slices.Concat(p.Languages, e.Languages)...)}
}

// dropMail takes back a Mail that has not gone, and says why.
func (a *App) dropMail(tx *store.Tx, m agenda.Mail, why string) error {
	return a.stopMail(tx, m, halt{agenda.MailDiscarded, why})
}

func (a *App) stopMail(tx *store.Tx, m agenda.Mail, h halt) error {
	m.Status, m.Fault = h.status, h.why
	m, err := a.changeMail(tx, m)
	if err != nil {
		return err
	}
	return a.queueMail(tx, m)
}

// haltPost keeps a Mail that is due from going, for now or for good. Why is looked at once more: it may go by now, and then goes with
// another Job. The error is NotFound, as for what does not go.
func (a *App) haltPost(ctx context.Context, id agenda.ID) error {
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		m, err := lockedMail(tx, id)
		if err != nil || m.Status != agenda.MailQueued {
			return err
		}
		e, err := tx.Event(m.EventID)
		if err != nil {
			return err
		}
		h, err := a.stillGoes(tx, e, m)
		switch {
		case err != nil:
			return err
		case h == halt{}:
			return a.queueMail(tx, m)
		case h.status == agenda.MailQueued:
			m.Due = a.moment().Add(follows)
			return a.queueMail(tx, m)
		}
		return a.stopMail(tx, m, h)
	})
	if err != nil {
		return err
	}
	return agenda.Errorf(agenda.NotFound, "The letter does not go.")
}
