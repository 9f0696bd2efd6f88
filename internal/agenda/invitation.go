package agenda

import "time"

// The methods of calendar objects that go by mail (RFC 5546, 1.4).
const (
	MethodRequest = "REQUEST"
	MethodCancel  = "CANCEL"
	MethodReply   = "REPLY"
	MethodCounter = "COUNTER"
)

// MeetingAnswers are the answers that a delegate can give to an invitation for themselves.
var MeetingAnswers = []Answer{Accepted, Tentative, DeclinedIt}

// MeetingLetter says what a letter about a Meeting is for.
type MeetingLetter string

// The letters about a Meeting. The first three have an invitation for the calendar, the next three take it back, and the others
// have none: nothing is agreed on.
const (
	MeetingInvited   MeetingLetter = "invited"
	MeetingMoved     MeetingLetter = "moved"   // it has another time or place
	MeetingChanged   MeetingLetter = "changed" // it is about something else, or between others
	MeetingCalledOff MeetingLetter = "called_off"
	MeetingRemoved   MeetingLetter = "removed" // who it is to no longer takes part
	MeetingLeft      MeetingLetter = "left"    // who it is to has declined
	MeetingAsked     MeetingLetter = "asked"   // the other side asks for it
	MeetingOffered   MeetingLetter = "offered" // the other side answers with other times
	MeetingRefused   MeetingLetter = "refused" // the other side declines it
	MeetingWithdrawn MeetingLetter = "withdrawn"
	MeetingLapsed    MeetingLetter = "lapsed" // nobody answered in time
)

// MeetingLetters lists them.
var MeetingLetters = []MeetingLetter{MeetingInvited, MeetingMoved, MeetingChanged, MeetingCalledOff, MeetingRemoved, MeetingLeft,
	MeetingAsked, MeetingOffered, MeetingRefused, MeetingWithdrawn, MeetingLapsed}

// Method gives the method of the letter's calendar part, "" when it has none.
func (l MeetingLetter) Method() string {
	switch l {
	case MeetingInvited, MeetingMoved, MeetingChanged:
		return MethodRequest
	case MeetingCalledOff, MeetingRemoved, MeetingLeft:
		return MethodCancel
	}
	return ""
}

// MeetingInvitation is what a Person was told of a Meeting by mail, so that what follows is told to those who know of it, and with a
// later revision.
type MeetingInvitation struct {
	EventID   ID
	MeetingID ID
	PersonID  ID
	UID       string
	Address   string // where the last letter went, which is the ATTENDEE of its calendar part
	// Told is what the last letter said that has gone, or may have; Next is what the letter says that waits.
	Told, Next InvitationState
	MailID     ID        // the letter that waits; "": none
	Stamped    time.Time // DTSTAMP of the last calendar part, whole seconds
	// Replied is the DTSTAMP of the last answer by mail that was taken; zero: none.
	Replied time.Time
}

// InvitationState is what one letter said.
type InvitationState struct {
	Kind     MeetingLetter // "": there was none
	Method   string        // of its calendar part; "": it had none
	Sequence int           // likewise
	Shown    string        // hash of what it takes to write anew
	Place    string        // hash of time, place and status
}

// Invited says whether the Person was told last that they are expected.
func (s InvitationState) Invited() bool { return s.Kind.Method() == MethodRequest }

// Elsewhere gives what somebody knows whom it did not reach: nothing, but that what they are told has to come after it.
func (s InvitationState) Elsewhere() InvitationState {
	if s.InCalendar() {
		s.Method = ""
	}
	return InvitationState{Method: s.Method, Sequence: s.Sequence}
}

// InCalendar says whether the Person's calendar has the Meeting by mail, as far as is known.
func (s InvitationState) InCalendar() bool { return s.Method == MethodRequest }

// Last gives what the last letter says, whether it has gone or waits.
func (i MeetingInvitation) Last() InvitationState {
	if i.MailID != "" {
		return i.Next
	}
	return i.Told
}

// Agreed says whether the Meeting takes place at a time that both sides know.
func (m Meeting) Agreed() bool {
	return m.Slot != nil && (m.Status == MeetingAccepted || m.Status == MeetingHeld)
}

// Expects says whether the Person takes part in the Meeting and has not declined.
func (m Meeting) Expects(person ID) bool {
	answer := m.AnswerOf(person)
	return answer != "" && answer != DeclinedIt && answer != Delegated
}

// MeetingShows gives a hash of what of a Meeting is worth another letter to the Person: when and where, about what, and
// between whom. Who may not know what it is about is told when it is.
func MeetingShows(e *Event, m *Meeting, person ID) string {
	parts := []any{"meeting shows"}
	if m.Slot != nil {
		parts = append(parts, MeetingPlace(e, m))
	}
	if m.SeenBy(person) {
		parts = append(parts, m.Topic, m.Sides[0].Name, m.Sides[1].Name, m.Sides[0].Principal(), m.Sides[1].Principal())
	}
	return hash(parts...)
}
