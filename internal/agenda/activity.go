package agenda

import (
	"maps"
	"strings"
	"time"
)

// Activity is one entry of the log of who did what when. It is never changed, but for what is erased of a Person.
type Activity struct {
	ID        ID
	EventID   ID // "": not about one Event
	At        time.Time
	ActorKind ActorKind
	ActorID   ID
	ActorName string
	Address   string // where the request came from; "" for the operator
	Verb      string // "panel.move"
	Subject   ID     // what it was done to
	Summary   string // a sentence in English
	Outcome   Outcome
	// Before and After have the fields that differ. Nothing was before what is new, and nothing is after what is deleted.
	Before, After Fields
}

// Outcome is what became of what an Actor wanted.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Outcomes lists the outcomes.
var Outcomes = []Outcome{Done, Refused}

// Fields are values by the names that they have in the API; each value is JSON.
type Fields map[string]string

// ErasedSummary is what an Activity says of a Person who was erased.
const ErasedSummary = "[erased]"

// contactFields are those of a Person that are for who may read contacts.
var contactFields = []string{"email", "notes", "vouched_address"}

// Erase gives what is left of the Activity when a Person is erased of whom it tells, or who did it.
func (a Activity) Erase(actor bool) Activity {
	a.Summary, a.Before, a.After = ErasedSummary, nil, nil
	if actor {
		a.ActorName, a.Address = "", ""
	}
	return a
}

// Erased says whether a Person was erased from the Activity.
func (a Activity) Erased() bool { return a.Summary == ErasedSummary }

// SeenActivity is the Activity as the Actor may see it, who may see that it was. Who may not read what it was done to
// sees neither the fields nor a summary that has names. Who may not see Meetings does not see which Person answered one, and
// who may not see people sees no name of those who came with a personal link.
func SeenActivity(actor Actor, a Activity) Activity {
	noun, _, _ := strings.Cut(a.Verb, ".")
	needs := readsActivity(noun)
	sees := needs == "" || May(actor, needs, a.EventID)
	if a.ActorKind == LinkHolder {
		switch {
		case needs == ReadMeetings && !sees:
			a.ActorID, a.ActorName, a.Address = "", "", ""
		case !May(actor, ReadPeople, a.EventID):
			a.ActorName = ""
		}
	}
	if !sees {
		a.Before, a.After = nil, nil
		if needs == ReadPeople || needs == ReadDraft { // the summaries of the others name nobody
			a.Summary = a.Verb
		}
		return a
	}
	if noun == "person" && !May(actor, ReadContacts, a.EventID) {
		a.Before, a.After = a.Before.without(contactFields), a.After.without(contactFields)
	}
	return a
}

// readsActivity gives the right to read what was done to a noun, "" when the right to read the log is enough.
func readsActivity(noun string) Verb {
	switch noun {
	case "meeting", "feed":
		return ReadMeetings
	case "person", "link", "code":
		return ReadPeople
	case "event", "room", "track", "panel", "speaker", "availability", "release":
		return ReadDraft
	case "access", "token", "mail": // of letters, no word is in the log
		return ""
	case "account":
		return ManageAccount
	}
	return ManageAccess
}

// With gives the fields together with others, nil when there are none.
func (f Fields) With(others Fields) Fields {
	if len(others) == 0 {
		return f
	}
	all := maps.Clone(others)
	for name, value := range f {
		all[name] = value
	}
	return all
}

func (f Fields) without(names []string) Fields {
	if f == nil {
		return nil
	}
	rest := maps.Clone(f)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}
