package agenda

import "slices"

// ActorKind says how an Actor is known.
type ActorKind string

// The kinds of Actor.
const (
	Anonymous     ActorKind = "anonymous"
	AccountHolder ActorKind = "account" // somebody who signed in
	TokenHolder   ActorKind = "token"
	LinkHolder    ActorKind = "link"     // a Person with their personal link
	Operator      ActorKind = "operator" // whoever runs the program's commands on the machine
)

// Actor is who asks. It is always an explicit argument.
type Actor struct {
	Kind    ActorKind
	ID      ID     // of the Account, the Token or the personal link
	Name    string // for the Activity
	Address string // where the request came from, for the Activity
	Grants  []Grant
	// EventID and PersonID are who a LinkHolder is, and where. They are no grant: what a Person may see of their own is
	// asked with [SeesMeeting] and the like.
	EventID, PersonID ID
	// Confirmed says that a LinkHolder has typed the code that was sent to them, and that an AccountHolder has proved a
	// short while ago who they are.
	Confirmed bool
}

// Grant is a right: to some verbs, at one Event or (EventID "") at all of them.
type Grant struct {
	EventID ID
	Verbs   []Verb
}

// Verb is what an Actor wants to do, as far as access goes. It is also the scope of a Token.
type Verb string

// The verbs.
const (
	SeeEvent      Verb = "see_event"      // know that an Event is there that is not published
	ReadPeople    Verb = "read_people"    // who takes part in it, without their addresses
	ReadContacts  Verb = "read_contacts"  // addresses of people, notes about them
	ReadDraft     Verb = "read_draft"     // anything else that is not published, but for Meetings
	ReadMeetings  Verb = "read_meetings"  // Meetings, and personal feeds, which have them
	ReadActivity  Verb = "read_activity"  // who did what
	EditEvent     Verb = "edit_event"     // change the draft
	PublishEvent  Verb = "publish_event"  // make Releases
	EditMeetings  Verb = "edit_meetings"  // arrange Meetings, open personal feeds
	ManageAccess  Verb = "manage_access"  // Members, Tokens, personal links
	ManageData    Verb = "manage_data"    // give and erase what is known of a Person
	CreateEvents  Verb = "create_events"  // make new Events, delete any, make Tokens for all of them
	ManageAccount Verb = "manage_account" // other people's Accounts
)

// Verbs lists the verbs.
var Verbs = []Verb{SeeEvent, ReadPeople, ReadContacts, ReadDraft, ReadMeetings, ReadActivity, EditEvent, PublishEvent,
	EditMeetings, ManageAccess, ManageData, CreateEvents, ManageAccount}

// ReadVerbs are those that change nothing.
var ReadVerbs = []Verb{SeeEvent, ReadPeople, ReadContacts, ReadDraft, ReadMeetings, ReadActivity}

// EventVerbs are those that one Event is enough for; the others are about the installation.
var EventVerbs = slices.Clone(Verbs[:len(Verbs)-2])

// OfInstallation says whether the verb is about all Events at once, so that a right at one is not enough.
func (v Verb) OfInstallation() bool { return !slices.Contains(EventVerbs, v) }

// MemberRole is what a Member is at an Event. A Member may have several.
type MemberRole string

// The roles.
const (
	Owner    MemberRole = "owner"    // decides who else may do what
	Editor   MemberRole = "editor"   // makes the agenda and publishes it
	Viewer   MemberRole = "viewer"   // reads the draft
	Protocol MemberRole = "protocol" // arranges Meetings; nobody else sees them
	CheckIn  MemberRole = "check_in" // sees who takes part
)

// MemberRoles lists the roles.
var MemberRoles = []MemberRole{Owner, Editor, Viewer, Protocol, CheckIn}

// Verbs gives what the role may do. Meetings are seen with Protocol alone: an Owner who wants to see them has to take
// that role, and the Activity tells.
func (r MemberRole) Verbs() []Verb {
	switch r {
	case Owner:
		return []Verb{SeeEvent, ReadPeople, ReadContacts, ReadDraft, ReadActivity, EditEvent, PublishEvent, ManageAccess, ManageData}
	case Editor:
		return []Verb{SeeEvent, ReadPeople, ReadContacts, ReadDraft, ReadActivity, EditEvent, PublishEvent}
	case Viewer:
		return []Verb{SeeEvent, ReadPeople, ReadDraft}
	case Protocol:
		return []Verb{SeeEvent, ReadPeople, ReadContacts, ReadDraft, ReadMeetings, EditMeetings}
	case CheckIn:
		return []Verb{SeeEvent, ReadPeople}
	}
	return nil
}

// System is the Actor of the program's own commands, which act on the database of their machine.
func System(name string) Actor {
	return Actor{Kind: Operator, Name: name, Grants: []Grant{{Verbs: Verbs}}}
}

// Authorize decides whether the Actor may do the verb at the Event (at all Events when event is
// ""). The error is nil, Unauthenticated for someone unknown, Forbidden for someone who may see the
// Event but not do this, and NotFound for everyone else: what one may not see is not there.
func Authorize(actor Actor, verb Verb, event ID) error {
	if actor.Kind == Anonymous || actor.Kind == "" {
		return Errorf(Unauthenticated, "This needs an API token, as Authorization: Bearer, or a browser that is signed in.")
	}
	if verb.OfInstallation() {
		event = "" // which Event is meant is not there yet: the right at any one Event is not enough
	}
	if May(actor, verb, event) {
		return nil
	}
	var refused *Error
	switch {
	case event == "":
		refused = Errorf(Forbidden, "This needs the right %s for all events.", verb)
	case May(actor, SeeEvent, event):
		refused = Errorf(Forbidden, "This needs the right %s, which you do not have at this event.", verb)
	default:
		refused = Errorf(NotFound, "There is no such event.")
	}
	refused.Refused = &Refusal{Verb: verb, EventID: event}
	return refused
}

// May says whether the Actor has been granted the verb at the Event, at all Events when event is "".
func May(actor Actor, verb Verb, event ID) bool {
	if actor.Kind == Anonymous || actor.Kind == "" {
		return false
	}
	return slices.ContainsFunc(actor.Grants, func(g Grant) bool {
		return (g.EventID == "" || g.EventID == event) && slices.Contains(g.Verbs, verb)
	})
}

// Sees says whether the Actor may know that the Event exists before anything of it is published.
func Sees(actor Actor, event ID) bool { return May(actor, SeeEvent, event) }

// SeesMeeting says whether the Actor may know more of a Meeting than that its people and its room are busy.
func SeesMeeting(actor Actor, m Meeting) bool {
	if May(actor, ReadMeetings, m.EventID) {
		return true
	}
	return actor.Kind == LinkHolder && actor.Confirmed && actor.EventID == m.EventID && m.SeenBy(actor.PersonID)
}
