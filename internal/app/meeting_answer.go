package app

import (
	"cmp"
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
	deed                   agenda.MeetingDeed
	note                   string // for the organizers
}

// actor is the Person as an Actor: what may be known of them is hidden as it is of who comes with a personal link.
func (w answering) actor(p agenda.Person) agenda.Actor {
	return agenda.Actor{Kind: agenda.LinkHolder, ID: w.by, Name: p.Name, Address: w.address, EventID: w.event, PersonID: w.person, Confirmed: true}
}

// answerFor stores a delegate's answer, as [App.AnswerMeeting] does, with what they say besides. To give the same one again changes
// nothing.
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
	step := agenda.MeetingStep{Deed: w.deed, Note: w.note}
	m, different := old.Answered(w.person, answer)
	if !different {
		said, err := lastAnswer(tx, e.ID, w.meeting, w.person)
		if err != nil || said.Note == step.Note && cmp.Or(said.Deed, agenda.DeedAnswer) == step.Deed {
			return err
		}
		step.MeetingID, step.Party, step.PersonID = m.ID, partyOf(p.ID, m), p.ID
		return a.stepMeeting(tx, e, step)
	}
	actor := w.actor(p)
	if m, err = a.answeredMeeting(tx, actor, e, p, old, m, step); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "meeting.answer", m.ID, "answered a meeting", changed(e, old, m))
}

// lastAnswer gives what somebody answered last to a Meeting for themselves; the zero value when that was nothing.
func lastAnswer(tx *store.Tx, event, meeting, person agenda.ID) (agenda.MeetingStep, error) {
	steps, err := tx.MeetingSteps(event, meeting)
	return agenda.LastAnswers(steps)[person], err
}

// answeredNow keeps that people answered by other means than mail: what their calendars answered before does not count any more.
func (a *App) answeredNow(tx *store.Tx, event, meeting agenda.ID, people ...agenda.ID) error {
	for _, person := range people {
		row, err := tx.MeetingInvitation(event, meeting, person)
		if agenda.CodeOf(err) == agenda.NotFound {
			continue // they were told nothing by mail
		}
		if err != nil {
			return err
		}
		row.Replied = latestOf(row.Replied, a.moment())
		if err := tx.PutMeetingInvitation(row); err != nil {
			return err
		}
	}
	return nil
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

// ahead is how much later than now an answer may say that it was made: clocks differ. Then it counts as made now.
const ahead = 24 * time.Hour

// TakeAnswer reads a letter that came in for the address of answers, and takes the answer of a calendar in it. It must have gone to
// the address that only the invitation of this Person has, and be from whom was invited. What is forged all the same can change
// that one answer, which is logged. It can be given the same letter again. An error is about the database: the letter should be
// given again.
func (a *App) TakeAnswer(ctx context.Context, r io.Reader) (Taken, error) {
	if a.answers == "" {
		return Taken{Why: "No address for answers is set: see PLENARY_MAIL_ANSWERS."}, nil
	}
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

func (a *App) takeReply(tx *store.Tx, letter inbox.Message, r ical.Reply) (Taken, error) {
	t := Taken{UID: r.UID, Answer: r.Answer}
	row, why, err := a.answered(tx, letter, r)
	if t.Why = why; err != nil || why != "" {
		return t, err
	}
	if err := tx.LockEvent(row.EventID); err != nil {
		return t, err
	}
	if row, err = tx.MeetingInvitation(row.EventID, row.MeetingID, row.PersonID); err != nil {
		return t, err
	}
	e, err := tx.Event(row.EventID)
	if err != nil {
		return t, err
	}
	m, err := tx.Meeting(row.EventID, row.MeetingID)
	if err != nil {
		return t, err
	}
	stamp := r.Stamp
	if now := a.moment(); stamp.After(now) {
		stamp = now // or nothing could be answered until then
	}
	told := row.Told
	if row.MailID != "" && row.Next.InCalendar() && r.Sequence >= row.Next.Sequence {
		told = row.Next // whoever answers it has it, though that is not known yet
	}
	switch {
	case !told.InCalendar() || r.Sequence < told.Sequence || m.Agreed() && told.Place != agenda.MeetingPlace(&e, &m):
		t.Why = "It answers what was changed since."
		return t, nil
	case !stamp.After(row.Replied):
		t.Why = "A later answer came before, or this one."
		return t, nil
	}
	w := answering{event: row.EventID, meeting: row.MeetingID, person: row.PersonID, address: byMail, deed: agenda.DeedAnswer, note: agenda.CleanLine(r.Comment)}
	t.Taken, t.Why = true, "The answer was taken."
	if r.Method == agenda.MethodCounter {
		t.Answer, t.Why = counterAnswer(r.Answer), "It proposes another time, which the organizers are told."
		w.deed, w.note = agenda.DeedCounter, counterNote(e, r)
	}
	if !slices.Contains(agenda.MeetingAnswers, t.Answer) {
		t.Taken, t.Why = false, "Its answer is neither to accept nor to decline."
		return t, nil
	}
	row.Replied = stamp
	if err := tx.PutMeetingInvitation(row); err != nil {
		return t, err
	}
	if err := a.answerFor(tx, w, t.Answer); err != nil || r.Method != agenda.MethodCounter {
		return t, err
	}
	return t, a.noteCounter(tx, e, w, r)
}

// counterAnswer is what who proposes another time answers about the time that there is: that they can't come, or perhaps.
func counterAnswer(said agenda.Answer) agenda.Answer {
	if said == agenda.DeclinedIt {
		return said
	}
	return agenda.Tentative
}

// counterNote is what somebody proposes by mail, by the Event's clock, and what they said with it.
func counterNote(e agenda.Event, r ical.Reply) string {
	var parts []string
	if !r.Start.IsZero() {
		start, end := r.Start.In(e.Location()), r.End.In(e.Location())
		when := start.Format("2006-01-02 15:04")
		switch {
		case !end.After(start):
		case end.Format(agenda.DateLayout) == start.Format(agenda.DateLayout):
			when += end.Format("–15:04")
		default:
			when += end.Format(" – 2006-01-02 15:04")
		}
		parts = append(parts, when)
	}
	if comment := agenda.CleanLine(r.Comment); comment != "" {
		parts = append(parts, comment)
	}
	return strings.Join(parts, " · ")
}

// answered gives the invitation that a letter answers, or says why there is none. Several people may have one address.
func (a *App) answered(tx *store.Tx, m inbox.Message, r ical.Reply) (row agenda.MeetingInvitation, why string, err error) {
	rows, err := tx.MeetingInvitationsByUID(r.UID)
	if err != nil {
		return row, "", err
	}
	rows = slices.DeleteFunc(rows, func(row agenda.MeetingInvitation) bool { return !strings.EqualFold(row.Address, r.Attendee) })
	if len(rows) == 0 {
		return row, "It answers no invitation of ours.", nil
	}
	key, err := tx.SigningKey(answerPurpose)
	if err != nil {
		return row, "It came before any invitation went.", ignoreMissing(err)
	}
	i := slices.IndexFunc(rows, func(row agenda.MeetingInvitation) bool {
		return slices.Contains(m.To, strings.ToLower(a.organizer(row.MeetingID, row.PersonID, key)))
	})
	switch {
	case i < 0:
		return row, "It did not go to the address of this invitation.", nil
	case !slices.Contains(m.From, strings.ToLower(rows[i].Address)):
		return row, "It is not from whom was invited.", nil
	}
	return rows[i], "", nil
}

// noteCounter leaves an Activity of a time that somebody proposes by mail. The organizers decide.
func (a *App) noteCounter(tx *store.Tx, e agenda.Event, w answering, r ical.Reply) error {
	p, err := tx.Person(w.event, w.person)
	if err != nil {
		return err
	}
	var said agenda.Fields
	if !r.Start.IsZero() {
		said = agenda.Fields{"start": instantWords(r.Start), "end": instantWords(r.End)}
	}
	return a.note(tx, w.actor(p), e.ID, "meeting.counter", w.meeting, "proposed another time for a meeting by mail", changed(e, nil, said))
}
