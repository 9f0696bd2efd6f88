package agenda

// ActorKind says how an Actor is known.
type ActorKind string

// The kinds of Actor.
const (
	Anonymous   ActorKind = "anonymous"
	TokenHolder ActorKind = "token"
	Operator    ActorKind = "operator" // whoever runs the program's commands on the machine
)

// Actor is who asks. It is always an explicit argument.
type Actor struct {
	Kind   ActorKind
	ID     ID     // of the Token, for a TokenHolder
	Name   string // for the Activity
	Grants []Grant
}

// Grant is a right: of a scope, at one Event or (EventID "") at all of them.
type Grant struct {
	EventID ID
	Scope   Scope
}

// Scope is how far a Grant goes.
type Scope string

// The scopes, each including the ones before it.
const (
	ScopeRead  Scope = "read"  // the draft, people with their addresses, meetings
	ScopeWrite Scope = "write" // change them, publish, make tokens and feeds
)

// Scopes lists the scopes.
var Scopes = []Scope{ScopeRead, ScopeWrite}

// Verb is what an Actor wants to do, as far as access goes.
type Verb string

// The verbs.
const (
	ReadDraft    Verb = "read_draft"    // anything of an Event that is not published
	ReadMeetings Verb = "read_meetings" // Meetings and personal feeds
	EditEvent    Verb = "edit_event"    // change anything of an Event, publish it
	CreateEvents Verb = "create_events" // make new Events and tokens for all of them
)

// needs says which scope a verb asks for.
var needs = map[Verb]Scope{ReadDraft: ScopeRead, ReadMeetings: ScopeRead, EditEvent: ScopeWrite, CreateEvents: ScopeWrite}

// System is the Actor of the program's own commands, which act on the database of their machine.
func System(name string) Actor {
	return Actor{Kind: Operator, Name: name, Grants: []Grant{{Scope: ScopeWrite}}}
}

// Authorize decides whether the Actor may do the verb at the Event (at all Events when event is
// ""). The error is nil, Unauthenticated for someone unknown, Forbidden for someone who may see the
// Event but not do this, and NotFound for everyone else: what one may not see is not there.
func Authorize(actor Actor, verb Verb, event ID) error {
	if actor.Kind == Anonymous || actor.Kind == "" {
		return Errorf(Unauthenticated, "This needs an API token: send it as Authorization: Bearer.")
	}
	if verb == CreateEvents {
		event = "" // which Event is meant is not there yet: the right at any one Event is not enough
	}
	seen := false
	for _, g := range actor.Grants {
		if g.EventID != "" && g.EventID != event {
			continue
		}
		seen = true
		if g.Scope == needs[verb] || g.Scope == ScopeWrite {
			return nil
		}
	}
	if seen {
		return Errorf(Forbidden, "This token may read, but not change anything.")
	}
	if event == "" {
		return Errorf(Forbidden, "This needs a token for all events.")
	}
	return Errorf(NotFound, "There is no such event.")
}

// Sees says whether the Actor may know that the Event exists before anything of it is published.
func Sees(actor Actor, event ID) bool { return Authorize(actor, ReadDraft, event) == nil }
