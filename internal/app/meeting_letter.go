package app

import (
	"bytes"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/ical"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// meetingWriter writes letters about a Meeting.
type meetingWriter struct {
	*telling
	snapshot *agenda.Snapshot
	stamps   []agenda.Stamp
	rooms    map[agenda.ID]agenda.Room
	people   map[agenda.ID]agenda.Person
	key      string // of addresses that take answers
	held     bool   // letters wait until somebody lets them go
}

func (t *telling) writer(stamps []agenda.Stamp) (*meetingWriter, error) {
	w := &meetingWriter{telling: t, stamps: stamps}
	var err error
	if w.snapshot, err = t.feedSnapshot(t.tx, t.event); err != nil {
		return nil, err
	}
	rule, err := t.tx.LetterRule(t.event.ID)
	if err != nil {
		return nil, err
	}
	w.held = rule.HoldMeetings
	shown, err := meetingFacts(t.tx, t.event.ID, t.sides())
	if err != nil {
		return nil, err
	}
	w.rooms, w.people = shown.rooms, shown.people
	if t.answers != "" {
		w.key, err = t.tx.MakeSigningKey(answerPurpose, t.secret(), t.moment())
	}
	return w, err
}

// letter writes one, and keeps what it says.
func (w *meetingWriter) letter(l tellingLetter) error {
	p, found := w.people[l.row.PersonID]
	if !found {
		var err error
		if p, err = w.tx.Person(w.event.ID, l.row.PersonID); err != nil {
			return ignoreMissing(err)
		}
	}
	if !p.Erased.IsZero() {
		return nil // there is nobody to tell
	}
	settings, _, err := w.tx.PersonalSettings(w.event.ID, p.ID)
	if err != nil {
		return err
	}
	m := letterTo(w.event, p)
	m.Kind, m.Meetings, m.About, m.Essential = agenda.MailMeeting, true, w.after.ID, true
	m.Status, m.Due = agenda.MailQueued, w.moment().Add(meetingDelay)
	if w.held {
		m.Status = agenda.MailDraft
	}
	if m.Fault, err = misdirected(w.tx, m); err != nil {
		return err
	}
	if m.Fault != "" {
		m.Status = agenda.MailDraft
	}
	if err := w.calendarPart(&l, &m, p); err != nil {
		return err
	}
	if m.Subject, m.Body, err = mail.AboutMeeting(m.Language, w.words(l, p, settings.Zone, m.Method)); err != nil {
		return err
	}
	if m, err = w.addMail(w.tx, m); err != nil {
		return err
	}
	l.row.MailID, l.row.Next, l.row.Address = m.ID, l.next, p.Email
	return w.tx.PutMeetingInvitation(l.row)
}

// shown gives the Meeting as the letter tells it, and whether the Person may know what it is about.
func (w *meetingWriter) shown(l tellingLetter) (m agenda.Meeting, sees bool) {
	if m = w.after; l.next.Kind.Method() == agenda.MethodCancel {
		m = w.known(l.row.PersonID)
	}
	return m, m.SeenBy(l.row.PersonID)
}

func (w *meetingWriter) words(l tellingLetter, p agenda.Person, zone, method string) mail.Meeting {
	m, sees := w.shown(l)
	told := mail.Meeting{Letter: l.next.Kind, Event: w.event, Meeting: m, To: p.ID, Sees: sees, Rooms: w.rooms, People: w.people, Zone: zone,
		Answers: method != "" && w.answers != ""}
	if l.next.Kind == agenda.MeetingMoved && w.before != nil {
		told.Was = w.before.Slot
	}
	if l.next.Kind == agenda.MeetingAsked || l.next.Kind == agenda.MeetingOffered {
		for _, offered := range m.Times {
			told.Times = append(told.Times, offered.Slot(""))
		}
	}
	return told
}

// calendarPart adds the invitation to a letter, or what takes it back. There is none without a sender, who is the organizer,
// and none to the organizer.
func (w *meetingWriter) calendarPart(l *tellingLetter, m *agenda.Mail, p agenda.Person) error {
	method := l.next.Kind.Method()
	if method == "" {
		return nil
	}
	meeting, sees := w.shown(*l)
	organizer := w.organizer(meeting.ID, p.ID, w.key)
	l.next.Method = l.state.Method // what the calendar has stays there
	if method == agenda.MethodCancel && !l.state.InCalendar() || w.from == "" || p.Email == "" || meeting.Slot == nil || len(w.stamps) == 0 ||
		strings.EqualFold(p.Email, organizer) || strings.EqualFold(p.Email, w.from) {
		return nil
	}
	variant := agenda.Variant(FeedLanguage(&w.snapshot.Event, m.Language))
	if !sees {
		variant = agenda.BusyVariant
	}
	stamp, known := agenda.StampsOf(w.stamps, variant)[meeting.UID]
	if !known {
		return nil
	}
	l.next.Method, l.next.Sequence = method, stamp.Sequence
	l.row.Stamped = afterSecond(l.row.Stamped, latestOf(w.now(), stamp.Modified))
	answer := meeting.AnswerOf(p.ID)
	if l.next.Kind == agenda.MeetingMoved {
		answer = agenda.NeedsAction // to another time
	}
	i := ical.Invitation{Method: method, Organizer: ical.Party{Name: agenda.NewReader(w.event.Language(), m.Language).String(w.event.Name), Address: organizer},
		Attendee: ical.Party{Name: p.Name, Address: p.Email}, PersonID: p.ID, Answer: answer, Sent: l.row.Stamped, Stamp: stamp}
	shown := facts{rooms: w.rooms, people: w.people}.appointment(meeting)
	shown.Busy = !sees
	body, err := w.press(w.snapshot, FeedLanguage(&w.snapshot.Event, m.Language), w.base).InviteToMeeting(i, shown, w.people)
	if err != nil {
		return err
	}
	m.Method, m.Calendar = method, body
	return nil
}

// answerPurpose is what addresses that take answers are signed for.
const answerPurpose = "answer"

// organizer gives the address that a Person's calendar answers to: that of all letters, or where answers are read, one that
// tells the answer apart.
func (a *App) organizer(meeting, person agenda.ID, key string) string {
	local, domain, found := strings.Cut(a.answers, "@")
	if !found {
		return a.from
	}
	return local + "+" + answerToken(key, meeting, person) + "@" + domain
}

// answerToken is what tells the answers of a Person to a Meeting apart, and is hard to guess. Mail programs may change capitals
// before the @.
func answerToken(key string, meeting, person agenda.ID) string {
	return hashSecret(credential.Sign(key, answerPurpose, string(meeting), string(person)))[:32]
}

// mailedFrom gives the address that a Mail is from, "" for the usual one.
func (a *App) mailedFrom(tx *store.Tx, m agenda.Mail) (string, error) {
	if m.Kind != agenda.MailMeeting || m.Method == "" || a.answers == "" {
		return "", nil
	}
	key, err := tx.SigningKey(answerPurpose)
	if err != nil {
		return "", ignoreMissing(err)
	}
	address := a.organizer(m.About, m.PersonID, key)
	// It may have been written before answers were read.
	if !bytes.Contains(bytes.ReplaceAll(m.Calendar, []byte("\r\n "), nil), []byte(":mailto:"+address+"\r\n")) {
		return "", nil
	}
	return address, nil
}

// invitationSent keeps that a letter about a Meeting has gone: a calendar has what it says. It is called with the Event locked.
func (a *App) invitationSent(tx *store.Tx, m agenda.Mail) error {
	if m.Kind != agenda.MailMeeting {
		return nil
	}
	row, err := tx.MeetingInvitation(m.EventID, m.About, m.PersonID)
	if err != nil || row.MailID != m.ID {
		return ignoreMissing(err)
	}
	row.Told, row.Next, row.MailID = row.Next, agenda.InvitationState{}, ""
	if err := tx.PutMeetingInvitation(row); err != nil {
		return err
	}
	// Feeds may leave out what was mailed.
	state, err := tx.Calendar(m.EventID)
	if err != nil || state.Revision == 0 {
		return err
	}
	state.Revision++
	return tx.PutCalendar(m.EventID, state)
}

// mailedMeetings gives the Meetings that a Person's calendar has by mail.
func mailedMeetings(tx *store.Tx, event, person agenda.ID) (map[agenda.ID]bool, error) {
	rows, err := tx.MeetingInvitationsOf(event, person)
	if err != nil {
		return nil, err
	}
	mailed := map[agenda.ID]bool{}
	for _, row := range rows {
		mailed[row.MeetingID] = row.Told.InCalendar()
	}
	return mailed, nil
}
