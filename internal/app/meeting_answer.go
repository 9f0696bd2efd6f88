package app

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/inbox"
	"plenary/internal/store"
)

// answering says who answers to which Meeting, without having come with a personal link.
type answering struct {
	event, meeting, person agenda.ID
	by                     agenda.ID // the letter that is answered, "" when it is not known
	address                string    // where the answer came from
}

// actor is the Person as an Actor: what may be known of them is hidden as it is of who comes with a personal link.
func (w answering) actor(p agenda.Person) agenda.Actor {
	return agenda.Actor{Kind: agenda.LinkHolder, ID: w.by, Name: p.Name, Address: w.address, EventID: w.event, PersonID: w.person, Confirmed: true}
}

// answerFor stores a delegate's answer, as [App.AnswerMeeting] does. To give the same one again changes nothing.
func (a *App) answerFor(tx *store.Tx, w answering, answer agenda.Answer) error {
	if !slices.Contains(agenda.MeetingAnswers, answer) {
		return agenda.Errorf(agenda.Invalid, "The answer is neither to accept nor to decline.")
	}
	e, err := tx.Event(w.event)
	if err != nil {
		return err
	}
	p, err := tx.Person(w.event, w.person)
	if err != nil {
		return err
	}
	old, err := tx.Meeting(w.event, w.meeting)
	if err != nil {
		return err
	}
	if !old.Includes(w.person) {
		return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
	}
	if !old.Agreed() {
		return agenda.Errorf(agenda.Taken, "This meeting does not take place.")
	}
	m, different := old.Answered(w.person, answer)
	if !different {
		return nil
	}
	actor := w.actor(p)
	if m, err = a.answeredMeeting(tx, actor, e, p, old, m); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "meeting.answer", m.ID, "answered a meeting", changed(e, old, m))
}

// Taken says what became of a letter that came in.
type Taken struct {
	Taken  bool
	Why    string // a sentence, for the log: it names nobody
	UID    string // of what it answers; "" when it answers nothing
	Answer agenda.Answer
}

// byMail is the address of Activities of what came by mail: the Internet address of its sender says nothing.
const byMail = "mail"

// ahead is how much later than now an answer may say that it was made: clocks differ.
const ahead = 24 * time.Hour

// TakeAnswer reads a letter that came in for the address of answers, and takes the answer of a calendar in it. Letters are easily
// forged: all that one can do is to change the answer of whom it claims to be from to a Meeting to which they were invited, which
// is logged. It can be given the same letter again. An error is about the database: the letter should be given again.
func (a *App) TakeAnswer(ctx context.Context, r io.Reader) (Taken, error) {
	m, err := inbox.Read(r)
	if agenda.CodeOf(err) == agenda.Invalid {
		return Taken{Why: err.Error()}, nil
	}
	if err != nil {
		return Taken{}, err
	}
	if m.Automatic {
		return Taken{Why: "It was written by a program that nobody asked."}, nil
	}
	reply, found := replyIn(m)
	if !found {
		return Taken{Why: "It has no answer of a calendar."}, nil
	}
	if reply.Stamp.IsZero() || reply.Stamp.After(a.now().Add(ahead)) {
		return Taken{Why: "It does not say when the answer was made.", UID: reply.UID}, nil
	}
	var t Taken
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		t, err = a.takeReply(tx, m, reply)
		return err
	})
	if code := agenda.CodeOf(err); code == agenda.Taken || code == agenda.NotFound || code == agenda.Invalid {
		return Taken{Why: err.Error(), UID: reply.UID}, nil // the Meeting went, or does not take place
	}
	return t, err
}

// replyIn gives the first answer of a calendar in a letter.
func replyIn(m inbox.Message) (ical.Reply, bool) {
	for _, data := range m.Calendars {
		r, err := ical.ReadReply(data)
		if err == nil && (r.Method == agenda.MethodReply || r.Method == agenda.MethodCounter) {
			return r, true
		}
	}
	return ical.Reply{}, false
}

func (a *App) takeReply(tx *store.Tx, m inbox.Message, r ical.Reply) (Taken, error) {
	t := Taken{UID: r.UID, Answer: r.Answer}
	row, why, err := a.answered(tx, m, r)
	if t.Why = why; err != nil || why != "" {
		return t, err
	}
	if err := tx.LockEvent(row.EventID); err != nil {
		return t, err
	}
	if row, err = tx.MeetingInvitation(row.EventID, row.MeetingID, row.PersonID); err != nil {
		return t, err
	}
	switch {
	case !row.Told.InCalendar() || r.Sequence < row.Told.Sequence:
		t.Why = "It answers what was changed since."
		return t, nil
	case !r.Stamp.After(row.Replied):
		t.Why = "A later answer came before, or this one."
		return t, nil
	}
	row.Replied = r.Stamp
	if err := tx.PutMeetingInvitation(row); err != nil {
		return t, err
	}
	w := answering{event: row.EventID, meeting: row.MeetingID, person: row.PersonID, address: byMail}
	if r.Method == agenda.MethodCounter {
		t.Taken, t.Why = true, "It proposes another time, which the organizers are told."
		return t, a.noteCounter(tx, w, r)
	}
	if !slices.Contains(agenda.MeetingAnswers, r.Answer) {
		t.Why = "Its answer is neither to accept nor to decline."
		return t, nil
	}
	t.Taken, t.Why = true, "The answer was taken."
	return t, a.answerFor(tx, w, r.Answer)
}

// answered gives the invitation that a letter answers, or says why there is none.
func (a *App) answered(tx *store.Tx, m inbox.Message, r ical.Reply) (row agenda.MeetingInvitation, why string, err error) {
	rows, err := tx.MeetingInvitationsByUID(r.UID)
	if err != nil {
		return row, "", err
	}
	i := slices.IndexFunc(rows, func(row agenda.MeetingInvitation) bool { return strings.EqualFold(row.Address, r.Attendee) })
	if i < 0 {
		return row, "It answers no invitation of ours.", nil
	}
	row = rows[i]
	local, domain, found := strings.Cut(strings.ToLower(a.answers), "@")
	if !found {
		return row, "", nil
	}
	key, err := tx.SigningKey(answerPurpose)
	if err != nil {
		return row, "", ignoreMissing(err)
	}
	ours := strings.ToLower(a.organizer(row.MeetingID, row.PersonID, key))
	for _, to := range m.To {
		if to != ours && strings.HasPrefix(to, local+"+") && strings.HasSuffix(to, "@"+domain) && !slices.Contains(m.To, ours) {
			return row, "It went to the address of another invitation.", nil
		}
	}
	return row, "", nil
}

// noteCounter leaves an Activity of a time that somebody proposes by mail. The organizers decide.
func (a *App) noteCounter(tx *store.Tx, w answering, r ical.Reply) error {
	e, err := tx.Event(w.event)
	if err != nil {
		return err
	}
	p, err := tx.Person(w.event, w.person)
	if err != nil {
		return err
	}
	said := agenda.Fields{"comment": quoted(agenda.CleanLine(r.Comment))}
	if !r.Start.IsZero() {
		said["start"], said["end"] = instantWords(r.Start), instantWords(r.End)
	}
	return a.note(tx, w.actor(p), e.ID, "meeting.counter", w.meeting, "proposed another time for a meeting by mail", changed(e, nil, said))
}
