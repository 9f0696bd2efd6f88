package app

import (
	"context"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// errUnvouched says that an address may be anybody's.
var errUnvouched error = agenda.Errorf(agenda.Taken, "Nobody who arranges meetings has vouched for the address, to which letters about meetings may not go until then.")

// ErrOvertaken says that a letter would be read after one that says how it is now.
var ErrOvertaken error = agenda.Errorf(agenda.Taken, "A newer letter to this person says how it is now, and this one would be read after it.")

var errUnderWay = agenda.Errorf(agenda.Taken, "The letter is just going. Look again in two minutes.")

// atMails writes at the Event of that slug for whoever lets letters go there: those about Meetings, or the others. Which of them
// is decided letter by letter.
func (a *App) atMails(ctx context.Context, actor agenda.Actor, slug string, fn func(*store.Tx, agenda.Event) error) error {
	return a.write(ctx, actor, func(tx *store.Tx) error {
		e, err := authorized(tx, actor, agenda.ReadContacts, slug)
		if err != nil {
			return err
		}
		if !agenda.May(actor, agenda.EditMeetings, e.ID) {
			if err := agenda.Authorize(actor, agenda.PublishEvent, e.ID); err != nil {
				return err
			}
		}
		if e, err = locked(tx, actor, agenda.ReadContacts, slug); err != nil {
			return err
		}
		return fn(tx, e)
	})
}

// SendMail lets a Mail go, when it is due: one that waits for that, or one that was given up.
func (a *App) SendMail(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) (agenda.Mail, error) {
	return a.turnMail(ctx, actor, slug, match, id, agenda.MailQueued)
}

// HoldMail makes a draft again of a Mail that would go.
func (a *App) HoldMail(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) (agenda.Mail, error) {
	return a.turnMail(ctx, actor, slug, match, id, agenda.MailDraft)
}

// DiscardMail keeps a Mail from going.
func (a *App) DiscardMail(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) (agenda.Mail, error) {
	return a.turnMail(ctx, actor, slug, match, id, agenda.MailDiscarded)
}

// turnMail gives a Mail another status. A Mail that was discarded becomes a draft again as one that is held back.
func (a *App) turnMail(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, to agenda.MailStatus) (m agenda.Mail, err error) {
	err = a.atMails(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		if m, err = changeable(tx, actor, e, match, id); err != nil {
			return err
		}
		if m, err = a.moveMail(tx, m, to); err != nil {
			return err
		}
		return a.noteMails(tx, actor, e, to, m.ID, 1)
	})
	if err != nil {
		return agenda.Mail{}, err
	}
	return m, nil
}

// changeable gives a Mail that the Actor may let go, of the revision that they know.
func changeable(tx *store.Tx, actor agenda.Actor, e agenda.Event, match Match, id agenda.ID) (agenda.Mail, error) {
	m, err := seenMail(tx, actor, e, id)
	if err != nil {
		return m, err
	}
	if err := agenda.Authorize(actor, m.LetsGo(), e.ID); err != nil {
		return m, err
	}
	return m, match.check(m.Revision, m)
}

// moveMail gives a Mail another status, unless it is under way.
func (a *App) moveMail(tx *store.Tx, m agenda.Mail, to agenda.MailStatus) (agenda.Mail, error) {
	var err error
	if to == agenda.MailQueued {
		if m, err = a.addressed(tx, m); err != nil {
			return m, err
		}
	}
	if m, err = m.Become(to); err != nil {
		return m, err
	}
	if to == agenda.MailQueued {
		if err := maySend(tx, m); err != nil {
			return m, err
		}
	}
	idle, err := a.idleMail(tx, m)
	if err != nil {
		return m, err
	}
	if !idle {
		return m, errUnderWay
	}
	if m, err = a.changeMail(tx, m); err != nil {
		return m, err
	}
	return m, a.queueMail(tx, m)
}

// maySend says why a Mail may not go, to where it is addressed or at all.
func maySend(tx *store.Tx, m agenda.Mail) error {
	switch why, err := misdirected(tx, m); {
	case err != nil:
		return err
	case why == agenda.FaultUnvouched:
		return errUnvouched
	case why != "":
		return errMoved
	}
	late, err := overtaken(tx, m)
	if err == nil && late {
		return ErrOvertaken
	}
	return err
}

// noteMails leaves an Activity of what became of so many Mails. The log is read by more people than they are: it names nobody.
func (a *App) noteMails(tx *store.Tx, actor agenda.Actor, e agenda.Event, to agenda.MailStatus, subject agenda.ID, n int) error {
	verb, summary := "mail.hold", "kept %d letters back"
	switch to {
	case agenda.MailQueued:
		verb, summary = "mail.send", "let %d letters go"
	case agenda.MailDiscarded:
		verb, summary = "mail.discard", "discarded %d letters"
	}
	summary = fmt.Sprintf(summary, n)
	if n == 1 {
		summary = map[string]string{"mail.hold": "kept a letter back", "mail.send": "let a letter go", "mail.discard": "discarded a letter"}[verb]
	}
	return a.note(tx, actor, e.ID, verb, subject, summary)
}

// EditMail writes the organizers' note in a Mail that does not go yet.
func (a *App) EditMail(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string) (m agenda.Mail, err error) {
	err = a.atMails(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		if m, err = changeable(tx, actor, e, match, id); err != nil {
			return err
		}
		if m, err = m.WithNote(note); err != nil {
			return err
		}
		if m, err = a.changeMail(tx, m); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "mail.edit", m.ID, "edited the note in a letter")
	})
	if err != nil {
		return agenda.Mail{}, err
	}
	return m, nil
}

// MailRef is a Mail as somebody has seen it.
type MailRef struct {
	ID       agenda.ID
	Revision int
}

// MailsMoved says what became of several Mails.
type MailsMoved struct {
	Done    int // have the other status now
	Left    int // stayed as they are: they changed since they were seen, or can't have it
	Nowhere int // stayed, because no address is known
}

// add counts one more, unless the error is for all of them.
func (n *MailsMoved) add(m agenda.Mail, to agenda.MailStatus, err error) error {
	switch agenda.CodeOf(err) {
	case "":
		n.Done++
	case agenda.Taken, agenda.Stale, agenda.NotFound:
		if to == agenda.MailQueued && m.To == "" && agenda.CodeOf(err) == agenda.Taken {
			n.Nowhere++
		} else {
			n.Left++
		}
	default:
		return err
	}
	return nil
}

// MoveMails gives several Mails another status, each as long as it is as it was seen.
func (a *App) MoveMails(ctx context.Context, actor agenda.Actor, slug string, refs []MailRef, to agenda.MailStatus) (n MailsMoved, err error) {
	err = a.atMails(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		n = MailsMoved{}
		for _, ref := range refs {
			m, err := changeable(tx, actor, e, Revision(ref.Revision), ref.ID)
			if err == nil {
				m, err = a.moveMail(tx, m, to)
			}
			if err := n.add(m, to, err); err != nil {
				return err
			}
		}
		if n.Done == 0 {
			return nil
		}
		return a.noteMails(tx, actor, e, to, "", n.Done)
	})
	return n, err
}

// SendDrafts lets all drafts go that the filter leaves and that have not changed since they were seen, as far as the Actor lets
// such Mails go.
func (a *App) SendDrafts(ctx context.Context, actor agenda.Actor, slug string, f MailFilter, seen time.Time) (n MailsMoved, err error) {
	err = a.atMails(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		n, f.Status = MailsMoved{}, agenda.MailDraft
		drafts, err := tx.AllMails(e.ID, f)
		if err != nil {
			return err
		}
		for _, m := range drafts {
			if !agenda.SeesMail(actor, m) || !agenda.May(actor, m.LetsGo(), e.ID) {
				continue
			}
			if m.Updated.After(seen) {
				n.Left++
				continue
			}
			moved, err := a.moveMail(tx, m, agenda.MailQueued)
			if err := n.add(moved, agenda.MailQueued, err); err != nil {
				return err
			}
		}
		if n.Done == 0 {
			return nil
		}
		return a.noteMails(tx, actor, e, agenda.MailQueued, "", n.Done)
	})
	return n, err
}
