package app

import (
	"context"
	"unicode/utf8"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// MeetingAsks says what the reader of a letter about a Meeting can do about it now. It tells no more of the Meeting than that.
type MeetingAsks string

// What can be done.
const (
	MeetingAnswers  MeetingAsks = "answer"   // accept, decline, or come perhaps; also again
	MeetingTurn     MeetingAsks = "turn"     // it is their turn, on their page: to choose a time, propose others or decline
	MeetingWaits    MeetingAsks = "waits"    // it is not
	MeetingChanging MeetingAsks = "changing" // it has changed since the last letter that went to them, and another one follows
	MeetingIsOver   MeetingAsks = "over"
	MeetingIsOff    MeetingAsks = "off" // it does not take place, or not with them
)

// LetterMeeting is how it is with the Meeting that a letter is about, for its reader.
type LetterMeeting struct {
	ID     agenda.ID
	Asks   MeetingAsks
	Answer agenda.Answer // theirs; "" where it counts no more
}

// letterMeeting says how it is with the Meeting that a letter is about.
func (a *App) letterMeeting(tx *store.Tx, e agenda.Event, mail agenda.Mail) (l LetterMeeting, err error) {
	l = LetterMeeting{ID: mail.About, Asks: MeetingIsOff}
	m, err := tx.Meeting(e.ID, mail.About)
	if err != nil {
		return l, ignoreMissing(err)
	}
	side, principal := m.SideOf(mail.PersonID)
	switch {
	case !m.Includes(mail.PersonID):
		return l, nil
	case m.Open() && !m.Due(a.now()):
		if l.Asks = MeetingWaits; principal && side == m.Turn {
			l.Asks = MeetingTurn
		}
		return l, nil
	case !m.Agreed():
		return l, nil
	}
	l.Answer = m.AnswerOf(mail.PersonID)
	if m.Status == agenda.MeetingHeld || !m.Slot.End.At.After(a.now()) {
		l.Asks = MeetingIsOver
		return l, nil
	}
	l.Asks = MeetingAnswers
	row, err := tx.MeetingInvitation(e.ID, m.ID, mail.PersonID)
	if err != nil {
		return l, ignoreMissing(err)
	}
	told := row.Told
	if row.MailID == mail.ID {
		told = row.Next // whoever reads it has it, though that is not known yet
	}
	if told.Invited() && told.Place != agenda.MeetingPlace(&e, &m) {
		l.Asks, l.Answer = MeetingChanging, ""
	}
	return l, nil
}

// AnswerByLetter answers the invitation to a Meeting of the letter whose link has that secret: for the Person whom the letter is
// to, and that Meeting alone. The note is for the organizers who may see the Meeting, and kept in its history. NotFound: there is no such letter, or it is about no Meeting; Taken:
// there is nothing to answer any more, or not yet.
func (a *App) AnswerByLetter(ctx context.Context, secret, address string, answer agenda.Answer, note string) error {
	note = agenda.CleanLine(note)
	if utf8.RuneCountInString(note) > maxAnswerNote {
		var f agenda.Faults
		f.Add("/note", "is longer than %d characters", maxAnswerNote)
		return f.Err("answer")
	}
	return a.changeLetter(ctx, secret, address, func(tx *store.Tx, e agenda.Event, m agenda.Mail, _ agenda.Actor) error {
		if m.Kind != agenda.MailMeeting || m.Status != agenda.MailSent && m.Status != agenda.MailQueued {
			return errNoLetter
		}
		is, err := a.letterMeeting(tx, e, m)
		if err != nil {
			return err
		}
		if is.Asks != MeetingAnswers {
			return agenda.Errorf(agenda.Taken, "There is nothing to answer: the meeting does not take place, has changed since, or is over.")
		}
		w := answering{event: m.EventID, meeting: m.About, person: m.PersonID, by: m.ID, address: address, deed: agenda.DeedAnswer, note: note}
		if err := a.answerFor(tx, w, answer); err != nil {
			return err
		}
		if err := a.answeredNow(tx, e.ID, m.About, m.PersonID); err != nil {
			return err
		}
		if m, err = tx.Mail(m.EventID, m.ID); err != nil { // it may have made way for another one
			return err
		}
		now := a.moment()
		m.Answered, m.Answer = &now, string(answer)
		_, err = a.changeMail(tx, m)
		return err
	})
}
