package agenda

import (
	"slices"
	"strings"
	"time"
)

// MailKind says what a Mail is about.
type MailKind string

// The kinds of Mails.
const (
	MailChanges  MailKind = "changes"  // what a Release changed for a Person
	MailMeeting  MailKind = "meeting"  // an invitation to a Meeting, its update or its cancellation
	MailReminder MailKind = "reminder" // something is near
)

// MailKinds lists them.
var MailKinds = []MailKind{MailChanges, MailMeeting, MailReminder}

// MailStatus says how far a Mail is.
type MailStatus string

// The statuses.
const (
	MailDraft     MailStatus = "draft"     // an organizer has to let it go
	MailQueued    MailStatus = "queued"    // it goes when it is due, as soon as there is a mail server
	MailSent      MailStatus = "sent"      // a mail server has it
	MailFailed    MailStatus = "failed"    // it was given up
	MailDiscarded MailStatus = "discarded" // it does not go, unless it is restored
)

// MailStatuses lists them.
var MailStatuses = []MailStatus{MailDraft, MailQueued, MailSent, MailFailed, MailDiscarded}

// Mail is a letter about an Event to one Person, in words, which organizers can read before it goes.
type Mail struct {
	ID        ID
	EventID   ID
	PersonID  ID
	Kind      MailKind
	Status    MailStatus
	About     ID     // a Panel, a Meeting or a Release
	Meetings  bool   // it tells of a Meeting, so that it is for who may see Meetings
	To        string // an address; "": the Person has none
	Name      string
	Language  string // of its words: en, fr or vi
	Subject   string
	Body      []MailPart
	Note      string // what organizers add of their own
	Method    string // of the first of Calendar: REQUEST or CANCEL (RFC 5546)
	Calendar  []byte // an iCalendar object for RFC 6047, and others after it about other things; nil: none
	Essential bool   // goes also to who wants no more letters
	Due       time.Time
	Sent      *time.Time
	Opened    *time.Time // when its link was first followed, which programs do as well
	Answered  *time.Time
	Answer    string
	Fault     string
	Revision  int
	Created   time.Time
	Updated   time.Time
}

// MailPart is a paragraph of a Mail, or a heading with lines below.
type MailPart struct {
	Heading string
	Lines   []string
	URL     string // a link below, which the program made: nothing that somebody typed; "": none
}

// Post is a Mail on its way: with what is known only when it goes.
type Post struct {
	Mail
	URL         string // of the Mail's own page; a secret of the Person
	Button      string // what the link says
	From        string // the address that it is from; "": that of all letters
	Unsubscribe string // where a POST ends letters of its kind (RFC 8058); "": that can't be
	Event       Text   // its name
	Zone        string // of the Person
}

// The faults of Mails that are no fault of a mail server, which may say anything else.
const (
	FaultAddress   = "no address is known"
	FaultReplaced  = "a newer letter takes its place"
	FaultUnwanted  = "its reader wants no letters of this kind"
	FaultLate      = "it is no longer so, or too late"
	FaultMoved     = "the person has another address now"
	FaultUnvouched = "nobody who arranges meetings has vouched for the address"
)

// Goes says whether the Mail may still change or go.
func (m Mail) Goes() bool {
	return m.Status == MailDraft || m.Status == MailQueued || m.Status == MailFailed
}

// mailMoves are the statuses that organizers may give a Mail, by the one that it has. What a mail server has stays sent.
var mailMoves = map[MailStatus][]MailStatus{
	MailDraft:     {MailQueued, MailDiscarded},
	MailQueued:    {MailDraft, MailDiscarded},
	MailFailed:    {MailQueued, MailDraft, MailDiscarded},
	MailDiscarded: {MailDraft},
}

// CanBecome says whether organizers may give the Mail that status.
func (m Mail) CanBecome(s MailStatus) bool {
	return slices.Contains(mailMoves[m.Status], s) && (s != MailQueued || m.To != "")
}

// Become gives the Mail with another status. The error is Taken where it can't have that one from the one that it has, and where
// it would go to nobody.
func (m Mail) Become(s MailStatus) (Mail, error) {
	switch {
	case !slices.Contains(mailMoves[m.Status], s):
		return m, Errorf(Taken, "A letter that is %s can't become %s.", m.Status, s)
	case !m.CanBecome(s):
		return m, Errorf(Taken, "No address of this person is known.")
	}
	m.Status, m.Fault = s, ""
	return m, nil
}

// MaxNote is how long the note of organizers in a Mail may be, in characters.
const MaxNote = 2000

// TakesNote says whether the note of the Mail may change: what waits may be going at this moment, and must be held back before.
func (m Mail) TakesNote() bool { return m.Status == MailDraft || m.Status == MailFailed }

// WithNote gives the Mail with another note. Taken: it takes none; Invalid: it is too long.
func (m Mail) WithNote(note string) (Mail, error) {
	if !m.TakesNote() {
		return m, Errorf(Taken, "The note of a letter that is %s can't be changed.", m.Status)
	}
	note = CleanLine(note)
	var f Faults
	if CheckString(&f, "/note", note, MaxNote); len(f) > 0 {
		return m, f.Err("mail")
	}
	m.Note = note
	return m, nil
}

// SeesMail says whether the Actor may read the Mail: its address and its words, and those of a Meeting only who may see Meetings.
func SeesMail(actor Actor, m Mail) bool {
	return May(actor, ReadContacts, m.EventID) && (!m.Meetings || May(actor, ReadMeetings, m.EventID))
}

// LetsGo gives the right that it takes to let the Mail go, or to keep it from going.
func (m Mail) LetsGo() Verb {
	if m.Meetings {
		return EditMeetings
	}
	return PublishEvent
}

// Erase gives the Mail with the traces of a Person covered whom it is not to, and says whether there were any. Then its
// calendar part is gone too: lines that are folded can't be rewritten.
func (m Mail) Erase(t Traces, by string) (Mail, bool) {
	found := t.In(m.Subject) || t.In(m.Note) || t.In(m.Answer) || t.In(unfold.Replace(string(m.Calendar)))
	m.Subject, m.Note, m.Answer = t.Cover(m.Subject, by), t.Cover(m.Note, by), t.Cover(m.Answer, by)
	body := make([]MailPart, len(m.Body))
	for i, p := range m.Body {
		found = found || t.In(p.Heading) || slices.ContainsFunc(p.Lines, t.In)
		body[i].Heading = t.Cover(p.Heading, by)
		for _, line := range p.Lines {
			body[i].Lines = append(body[i].Lines, t.Cover(line, by))
		}
	}
	if found {
		m.Body, m.Calendar, m.Method = body, nil, ""
	}
	return m, found
}

// unfold joins the lines of an iCalendar object (RFC 5545, 3.1) and takes back what is escaped in a text (3.3.11).
var unfold = strings.NewReplacer("\r\n ", "", "\r\n\t", "", `\,`, ",", `\;`, ";", `\\`, `\`)
