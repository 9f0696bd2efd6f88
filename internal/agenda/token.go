package agenda

import (
	"slices"
	"time"
)

// Token is an API credential. Only the hash of its secret is kept; the secret is shown once.
type Token struct {
	ID       ID
	Name     string
	EventID  ID // "": all Events
	Scopes   []Verb
	Prefix   string     // the first characters of the secret, to tell tokens apart
	Hash     string     // SHA-256 of the secret, hexadecimal
	Expires  *time.Time // nil: never
	LastUsed *time.Time
	Revoked  *time.Time
	Created  time.Time
	MadeBy   ID // Account that made it, "" for the operator
}

// Check says everything that is wrong with the Token at once.
func (t Token) Check() error {
	var f Faults
	if t.Name == "" {
		f.Add("/name", "is needed")
	}
	CheckString(&f, "/name", t.Name, MaxName)
	if len(t.Scopes) == 0 {
		f.Add("/scopes", "needs at least one")
	}
	for i, v := range t.Scopes {
		checkOneOf(&f, index("/scopes", i), v, Verbs)
		if t.EventID != "" && slices.Contains(Verbs, v) && v.OfInstallation() {
			f.Add(index("/scopes", i), "%s is a right for all events: a token of one can't have it", v)
		}
	}
	if t.Expires != nil && !t.Expires.After(t.Created) {
		f.Add("/expires", "is in the past")
	}
	return f.Err("token")
}

// Works says whether the Token opens anything at that time.
func (t Token) Works(now time.Time) bool {
	return t.Revoked == nil && (t.Expires == nil || t.Expires.After(now))
}

// Actor gives who comes with the Token.
func (t Token) Actor() Actor {
	return Actor{Kind: TokenHolder, ID: t.ID, Name: t.Name, Grants: []Grant{{EventID: t.EventID, Verbs: t.Scopes}}}
}

// Clean brings the scopes into the order of [Verbs], each once. Who may do anything at an Event may know that it is there.
func (t *Token) Clean() {
	t.Name = CleanLine(t.Name)
	if slices.ContainsFunc(t.Scopes, func(v Verb) bool { return v != CreateEvents && v != ManageAccount }) {
		t.Scopes = append(slices.Clone(t.Scopes), SeeEvent)
	}
	known := func(v Verb) int { return slices.Index(Verbs, v) }
	slices.SortStableFunc(t.Scopes, func(a, b Verb) int { return known(a) - known(b) })
	t.Scopes = slices.Compact(t.Scopes)
}

// ReadScopes gives the scopes that those names are: a verb's own, "read" for all that read at an Event, "write" for all
// that there are at one, or at all Events. What is none of these stays, for Check to refuse.
func ReadScopes(names []string, everywhere bool) []Verb {
	var scopes []Verb
	for _, name := range names {
		switch {
		case name == "read":
			scopes = append(scopes, ReadVerbs...)
		case name == "write" && everywhere:
			scopes = append(scopes, Verbs...)
		case name == "write":
			scopes = append(scopes, EventVerbs...)
		default:
			scopes = append(scopes, Verb(name))
		}
	}
	return scopes
}
