package agenda

import "time"

// MeetingStatus is where a Meeting is in its life.
type MeetingStatus string

// The statuses.
const (
	MeetingRequested MeetingStatus = "requested" // one side asks
	MeetingProposed  MeetingStatus = "proposed"  // a side answered with other times
	MeetingAccepted  MeetingStatus = "accepted"
	MeetingDeclined  MeetingStatus = "declined"
	MeetingExpired   MeetingStatus = "expired" // nobody answered in time
	MeetingHeld      MeetingStatus = "held"
	MeetingCancelled MeetingStatus = "cancelled" // by whoever asked before it was accepted, or by organizers
)

// MeetingStatuses lists the statuses.
var MeetingStatuses = []MeetingStatus{MeetingRequested, MeetingProposed, MeetingAccepted, MeetingDeclined, MeetingExpired,
	MeetingHeld, MeetingCancelled}

// Visibility says who may know of a Meeting besides its Delegations.
type Visibility string

// The visibilities. No Meeting is ever public.
const (
	VisibleToParticipants Visibility = "participants" // to all who take part, and to the protocol officers
	VisibleToProtocol     Visibility = "protocol"     // to the two principals, and to the protocol officers; who else comes knows when and where
)

// Visibilities lists them.
var Visibilities = []Visibility{VisibleToParticipants, VisibleToProtocol}

// DelegateRole is what a Person does in a Delegation.
type DelegateRole string

// The roles in a Delegation.
const (
	Principal           DelegateRole = "principal"
	DelegateMember      DelegateRole = "member"
	DelegateInterpreter DelegateRole = "interpreter"
	NoteTaker           DelegateRole = "note_taker"
)

// DelegateRoles lists the roles.
var DelegateRoles = []DelegateRole{Principal, DelegateMember, DelegateInterpreter, NoteTaker}

// Answer is a delegate's answer, in the words of iCalendar's PARTSTAT (RFC 5545, 3.2.12).
type Answer string

// The answers.
const (
	NeedsAction Answer = "needs-action"
	Accepted    Answer = "accepted"
	DeclinedIt  Answer = "declined"
	Tentative   Answer = "tentative"
	Delegated   Answer = "delegated"
)

// Answers lists the answers.
var Answers = []Answer{NeedsAction, Accepted, DeclinedIt, Tentative, Delegated}

// Meeting is a private appointment between two Delegations. It is never on the public agenda.
type Meeting struct {
	ID         ID
	EventID    ID
	UID        string // of its calendar entry
	Topic      Text
	Status     MeetingStatus
	Visibility Visibility
	Slot       *Slot         // nil: no time yet
	Sides      [2]Delegation // who asks, who is asked
	Notes      string
	Times      []MeetingTime // those that were proposed last
	Turn       int           // the side that has to answer, while it is open
	Expires    time.Time     // when an open one ends by itself; zero: never
	Quorum     Quorum        // who must be free; "" is [QuorumPrincipals]
	Firm       bool          // what it takes of those who must be free is taken by no other firm one: the database sees to it
	Revision   int
	Created    time.Time
	Updated    time.Time
}

// Delegation is one side of a Meeting.
type Delegation struct {
	Name      Text     // "European Union"; may be empty
	Languages []string // that it understands; none: those of its principal
	Delegates []Delegate
}

// Delegate is a Person's part in a Delegation.
type Delegate struct {
	PersonID ID
	Role     DelegateRole
	Answer   Answer
}

// Principal gives the head of the Delegation, "" when there is none yet.
func (d Delegation) Principal() ID {
	for _, m := range d.Delegates {
		if m.Role == Principal {
			return m.PersonID
		}
	}
	return ""
}

// Stands says whether the Meeting holds the time of those who take part, as soon as it has one.
func (m Meeting) Stands() bool {
	return m.Open() || m.Status == MeetingAccepted || m.Status == MeetingHeld
}

// Includes says whether the Person takes part.
func (m Meeting) Includes(person ID) bool {
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.PersonID == person {
				return true
			}
		}
	}
	return false
}

// SeenBy says whether the Person may know what the Meeting is about: who takes part, or of one that is for the protocol
// officers, the two principals alone.
func (m Meeting) SeenBy(person ID) bool {
	if m.Visibility == VisibleToParticipants {
		return m.Includes(person)
	}
	return person != "" && (m.Sides[0].Principal() == person || m.Sides[1].Principal() == person)
}

// Clean tidies what was typed.
func (m *Meeting) Clean() {
	m.Topic, m.Notes = m.Topic.Clean(), CleanLine(m.Notes)
	for i := range m.Sides {
		m.Sides[i].Name = m.Sides[i].Name.Clean()
	}
}

// Check says everything that is wrong with the Meeting at once.
func (m Meeting) Check() error {
	var f Faults
	m.Topic.Check(&f, "/topic", MaxName, false)
	checkOneOf(&f, "/status", m.Status, MeetingStatuses)
	checkOneOf(&f, "/visibility", m.Visibility, Visibilities)
	CheckString(&f, "/notes", m.Notes, MaxProse)
	if m.Quorum != "" {
		checkOneOf(&f, "/quorum", m.Quorum, Quorums)
	}
	if m.Turn != 0 && m.Turn != 1 {
		f.Add("/turn", "is neither of the two sides")
	}
	checkTimes(&f, "/times", m.Times)
	if m.Slot != nil {
		m.Slot.check(&f, "/slot")
	}
	seen := map[ID]bool{}
	for i, side := range m.Sides {
		at := index("/sides", i)
		side.Name.Check(&f, at+"/name", MaxName, false)
		checkLanguages(&f, at+"/languages", side.Languages)
		principals := 0
		for j, d := range side.Delegates {
			where := index(at+"/delegates", j)
			if d.PersonID == "" {
				f.Add(where+"/person", "is needed")
			} else if seen[d.PersonID] {
				f.Add(where+"/person", "is in the meeting a second time")
			}
			seen[d.PersonID] = true
			checkOneOf(&f, where+"/role", d.Role, DelegateRoles)
			checkOneOf(&f, where+"/answer", d.Answer, Answers)
			if d.Role == Principal {
				principals++
			}
		}
		if principals != 1 {
			f.Add(at+"/delegates", "needs exactly one principal, it has %d", principals)
		}
		if len(side.Delegates) > 100 {
			f.Add(at+"/delegates", "has %d delegates, at most 100 fit", len(side.Delegates))
		}
	}
	return f.Err("meeting")
}
