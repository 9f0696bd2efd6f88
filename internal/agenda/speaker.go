package agenda

// Role is what a Person does in a Panel or an Intervention.
type Role string

// The roles.
const (
	Moderator   Role = "moderator"
	Panelist    Role = "panelist"
	Presenter   Role = "speaker"
	Chair       Role = "chair"
	Host        Role = "host"
	Rapporteur  Role = "rapporteur"
	Interpreter Role = "interpreter"
)

// Roles lists the roles.
var Roles = []Role{Moderator, Panelist, Presenter, Chair, Host, Rapporteur, Interpreter}

// Moderates says whether the role leads the Panel.
func (r Role) Moderates() bool { return r == Moderator || r == Chair || r == Host }

// SpeakerStatus says how sure it is that a Speaker comes.
type SpeakerStatus string

// The statuses. The public sees confirmed Speakers only.
const (
	Invited         SpeakerStatus = "invited"
	Confirmed       SpeakerStatus = "confirmed"
	Declined        SpeakerStatus = "declined"
	CancelledByThem SpeakerStatus = "cancelled"
)

// SpeakerStatuses lists the statuses.
var SpeakerStatuses = []SpeakerStatus{Invited, Confirmed, Declined, CancelledByThem}

// Speaker is a Person's part in a Panel. Their order in the Panel is the order of the list.
type Speaker struct {
	PersonID ID
	Role     Role
	Status   SpeakerStatus
}

// Comes says whether the Speaker's time is held: invited and confirmed ones are counted on.
func (s Speaker) Comes() bool { return s.Status == Invited || s.Status == Confirmed }

func checkSpeakers(f *Faults, pointer string, speakers []Speaker) {
	type part struct {
		person ID
		role   Role
	}
	seen := map[part]bool{}
	for i, s := range speakers {
		at := index(pointer, i)
		if s.PersonID == "" {
			f.Add(at+"/person", "is needed")
		} else if seen[part{s.PersonID, s.Role}] {
			f.Add(at+"/person", "is in the list a second time with the same role")
		}
		seen[part{s.PersonID, s.Role}] = true
		checkOneOf(f, at+"/role", s.Role, Roles)
		checkOneOf(f, at+"/status", s.Status, SpeakerStatuses)
	}
	if len(speakers) > 500 {
		f.Add(pointer, "has %d speakers, at most 500 fit", len(speakers))
	}
}
