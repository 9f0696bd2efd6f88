package app

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// LetterPage is what the link in a letter shows.
type LetterPage struct {
	Event        agenda.Event
	Mail         agenda.Mail // as it went
	Zone         string      // of the Person
	Note         string      // what they said besides their answer
	Newer        *agenda.Mail
	Topic        agenda.LetterTopic // of which they may want no letters; "": it is essential
	Unsubscribed bool
	Panels       []agenda.Panel // of those that it is about, in which they take part
	Meeting      *LetterMeeting // that it is about, nil for other letters
}

var (
	errNoLetter  = agenda.Errorf(agenda.NotFound, "This link opens nothing.")
	errOldLetter = agenda.Errorf(agenda.Gone, "The event is over, and the page of this letter with it.")
)

// letterAt gives the Mail that a link opens and who holds it. The page of a Mail ends when a personal link would that was made
// with it. It shows what was written later and what was answered: so it opens for nobody who may have the letter and is not its
// reader any more, since their address is another one, or a personal link of theirs was revoked after it was written.
func (a *App) letterAt(tx *store.Tx, id agenda.ID, address string) (agenda.Event, agenda.Mail, agenda.Actor, error) {
	nobody := agenda.Actor{Kind: agenda.Anonymous}
	m, err := tx.MailByID(id)
	if agenda.CodeOf(err) == agenda.NotFound {
		err = errNoLetter
	}
	if err != nil {
		return agenda.Event{}, m, nobody, err
	}
	e, err := tx.Event(m.EventID)
	if err != nil {
		return e, m, nobody, err
	}
	if !agenda.LinkEnds(e, m.Created).After(a.now()) {
		return e, m, nobody, errOldLetter
	}
	p, err := tx.Person(e.ID, m.PersonID)
	if err != nil {
		return e, m, nobody, err
	}
	links, err := tx.PersonalLinksOf(e.ID, m.PersonID)
	if err != nil {
		return e, m, nobody, err
	}
	revoked := func(l agenda.PersonalLink) bool { return l.Revoked != nil && !l.Revoked.Before(m.Created) }
	if m.To == "" || !strings.EqualFold(m.To, p.Email) || slices.ContainsFunc(links, revoked) {
		return e, m, nobody, errNoLetter
	}
	return e, m, agenda.Actor{Kind: agenda.LinkHolder, ID: m.ID, Name: p.Name, Address: address, EventID: e.ID, PersonID: m.PersonID}, nil
}

// openedPatience is how long the reader of a letter waits for it to be kept that they opened it.
const openedPatience = time.Second

// OpenLetter gives the page of the letter that the secret of its link opens. That it was opened is kept the first time, if the
// database can write just now; programs that look through mail open it too.
func (a *App) OpenLetter(ctx context.Context, secret string) (page LetterPage, err error) {
	id, err := a.letterOf(ctx, secret)
	if err != nil {
		return page, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		page, err = a.letterPage(tx, id)
		return err
	})
	if err != nil || page.Mail.Opened != nil {
		return page, err
	}
	limited, cancel := context.WithTimeout(ctx, openedPatience)
	defer cancel()
	err = a.store.Write(limited, func(tx *store.Tx) error {
		m, err := lockedMail(tx, id)
		if err != nil || m.Opened != nil {
			return err
		}
		now := a.moment()
		m.Opened = &now
		_, err = a.changeMail(tx, m)
		tx.AfterCommit(func() { a.stir(m.EventID) })
		return err
	})
	if err != nil {
		a.log.WarnContext(ctx, "it was not kept that a letter was opened", "mail", id, "error", err)
	}
	return page, nil
}

func (a *App) letterPage(tx *store.Tx, id agenda.ID) (page LetterPage, err error) {
	e, m, _, err := a.letterAt(tx, id, "")
	if err != nil {
		return page, err
	}
	page = LetterPage{Event: e, Mail: m, Topic: m.Topic()}
	settings, _, err := tx.PersonalSettings(e.ID, m.PersonID)
	if err != nil {
		return page, err
	}
	page.Zone = settings.Zone
	if page.Note, err = tx.AnswerNote(e.ID, m.ID); err != nil {
		return page, err
	}
	topics, err := tx.UnsubscribedBy(e.ID, m.PersonID)
	if err != nil {
		return page, err
	}
	page.Unsubscribed = slices.Contains(topics, page.Topic)
	if page.Newer, err = newerLetter(tx, m); err != nil {
		return page, err
	}
	switch m.Kind {
	case agenda.MailChanges:
		page.Panels, err = a.letterPanels(tx, m)
	case agenda.MailMeeting:
		var is LetterMeeting
		is, err = a.letterMeeting(tx, e, m)
		page.Meeting = &is
		if err == nil {
			page.Note, err = noteToMeeting(tx, m)
		}
	}
	return page, err
}

// noteToMeeting gives what the reader of a letter about a Meeting said besides their last answer to it.
func noteToMeeting(tx *store.Tx, m agenda.Mail) (string, error) {
	said, err := lastAnswer(tx, m.EventID, m.About, m.PersonID)
	return said.Note, err
}

// newerLetter gives the last letter that went and says more than this one: of what changed, any later one; of a Meeting, a later
// one about it. Nothing is out of date by a reminder.
func newerLetter(tx *store.Tx, m agenda.Mail) (*agenda.Mail, error) {
	if m.Kind == agenda.MailReminder {
		return nil, nil
	}
	all, err := tx.MailsTo(m.EventID, m.PersonID)
	if err != nil {
		return nil, err
	}
	for _, other := range slices.Backward(all) {
		if other.Sent != nil && other.Kind == m.Kind && other.Created.After(m.Created) && (m.Kind == agenda.MailChanges || other.About == m.About && other.Essential) {
			return &other, nil
		}
	}
	return nil, nil
}

// letterPanels gives the Panels of the draft that a letter about a Release touches its reader in, and in which they take part: they
// may say that they can't.
func (a *App) letterPanels(tx *store.Tx, m agenda.Mail) (panels []agenda.Panel, err error) {
	told, err := tx.ToldBy(m.EventID, m.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	next, err := a.release(tx, store.Release{EventID: m.EventID, Number: told.Release})
	if err != nil {
		return nil, err
	}
	var old *agenda.Snapshot
	if told.Since > 0 {
		r, err := a.release(tx, store.Release{EventID: m.EventID, Number: told.Since})
		if err != nil {
			return nil, err
		}
		old = &r.Snapshot
	}
	for _, t := range agenda.Touched(old, &next.Snapshot, agenda.Diff(old, &next.Snapshot)) {
		if t.Person.ID != m.PersonID {
			continue
		}
		p, err := tx.Panel(m.EventID, t.Panel)
		if agenda.CodeOf(err) == agenda.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !p.Cancelled && slices.ContainsFunc(p.Parts(m.PersonID), agenda.Speaker.Comes) {
			panels = append(panels, p)
		}
	}
	return panels, nil
}

// LetterAnswer is what somebody answers to a letter.
type LetterAnswer struct {
	Answer  string // see [agenda.LetterAnswers]
	Note    string
	Decline []agenda.ID // Panels in which they say besides that they do not take part
}

// maxAnswerNote is how long what somebody says besides their answer may be, in characters.
const maxAnswerNote = 1000

// check says what is wrong with the answer.
func (l LetterAnswer) check() error {
	var f agenda.Faults
	if !slices.Contains(agenda.LetterAnswers, l.Answer) {
		f.Add("/answer", "is none that there is")
	}
	if utf8.RuneCountInString(l.Note) > maxAnswerNote {
		f.Add("/note", "is longer than %d characters", maxAnswerNote)
	}
	if len(l.Decline) > 0 && l.Answer != agenda.AnswerCannot {
		f.Add("/decline", "is for who can't come")
	}
	return f.Err("answer")
}

// AnswerLetter keeps what the reader of a letter answers: that they have seen it, or that they can't. The last answer counts.
func (a *App) AnswerLetter(ctx context.Context, secret, address string, l LetterAnswer) error {
	l.Note = agenda.CleanLine(l.Note)
	if err := l.check(); err != nil {
		return err
	}
	return a.changeLetter(ctx, secret, address, func(tx *store.Tx, e agenda.Event, m agenda.Mail, actor agenda.Actor) error {
		if m.Kind == agenda.MailChanges {
			if err := a.declineByLetter(tx, e, m, actor, l.Decline); err != nil {
				return err
			}
		}
		was := agenda.Fields{"answer": quoted(m.Answer)}
		now := a.moment()
		m.Answer, m.Answered = l.Answer, &now
		if _, err := a.changeMail(tx, m); err != nil {
			return err
		}
		if err := tx.PutAnswerNote(e.ID, m.ID, l.Note); err != nil {
			return err
		}
		if err := a.seeByLetter(tx, e, m); err != nil {
			return err
		}
		verb := "person.letter"
		if m.Kind == agenda.MailMeeting { // only who may see meetings may know of it
			verb = "meeting.letter"
		}
		return a.note(tx, actor, e.ID, verb, m.ID, "answered a letter", changed(e, was, agenda.Fields{"answer": quoted(m.Answer)}))
	})
}

// changeLetter changes what is the reader's of a letter.
func (a *App) changeLetter(ctx context.Context, secret, address string, fn func(*store.Tx, agenda.Event, agenda.Mail, agenda.Actor) error) error {
	id, err := a.letterOf(ctx, secret)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		_, err := lockedMail(tx, id)
		if agenda.CodeOf(err) == agenda.NotFound {
			return errNoLetter
		}
		if err != nil {
			return err
		}
		e, m, actor, err := a.letterAt(tx, id, address)
		if err != nil {
			return err
		}
		return fn(tx, e, m, actor)
	})
}

// declineByLetter declines the reader's parts in Panels that the letter is about.
func (a *App) declineByLetter(tx *store.Tx, e agenda.Event, m agenda.Mail, actor agenda.Actor, ids []agenda.ID) error {
	if len(ids) == 0 {
		return nil
	}
	panels, err := a.letterPanels(tx, m)
	if err != nil {
		return err
	}
	p, err := tx.Person(e.ID, m.PersonID)
	if err != nil {
		return err
	}
	for _, panel := range panels {
		if !slices.Contains(ids, panel.ID) {
			continue
		}
		if err := a.answerInvitation(tx, actor, e, p, panel.ID, agenda.Declined); err != nil {
			return err
		}
	}
	return nil
}

// seeByLetter keeps that the reader of a letter about a Release knows what it changed: their page does not say it again.
func (a *App) seeByLetter(tx *store.Tx, e agenda.Event, m agenda.Mail) error {
	if m.Kind != agenda.MailChanges {
		return nil
	}
	told, err := tx.ToldBy(e.ID, m.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	s, _, err := tx.PersonalSettings(e.ID, m.PersonID)
	if err != nil || s.Seen >= told.Release {
		return err
	}
	s.Seen = told.Release
	return tx.PutPersonalSettings(e.ID, m.PersonID, s)
}

// seenOnPage keeps as answers that a Person says on their page that they know what changed up to a Release.
func (a *App) seenOnPage(tx *store.Tx, e agenda.Event, person agenda.ID, number int) error {
	mails, err := tx.MailsTo(e.ID, person)
	if err != nil {
		return err
	}
	for _, m := range mails {
		if m.Kind != agenda.MailChanges || m.Sent == nil || m.Answer != "" {
			continue
		}
		told, err := tx.ToldBy(e.ID, m.ID)
		if err != nil && agenda.CodeOf(err) != agenda.NotFound {
			return err
		}
		if err != nil || told.Release > number {
			continue
		}
		now := a.moment()
		m.Answer, m.Answered = agenda.AnswerSeen, &now
		if _, err := a.changeMail(tx, m); err != nil {
			return err
		}
	}
	return nil
}
