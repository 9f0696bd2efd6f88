package agenda

import "time"

// Token is an API credential. Only the hash of its secret is kept; the secret is shown once.
type Token struct {
	ID       ID
	Name     string
	EventID  ID // "": all Events
	Scope    Scope
	Prefix   string     // the first characters of the secret, to tell tokens apart
	Hash     string     // SHA-256 of the secret, hexadecimal
	Expires  *time.Time // nil: never
	LastUsed *time.Time
	Revoked  *time.Time
	Created  time.Time
}

// Check says everything that is wrong with the Token at once.
func (t Token) Check() error {
	var f Faults
	if t.Name == "" {
		f.Add("/name", "is needed")
	}
	CheckString(&f, "/name", t.Name, MaxName)
	checkOneOf(&f, "/scope", t.Scope, Scopes)
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
	return Actor{Kind: TokenHolder, ID: t.ID, Name: t.Name, Grants: []Grant{{EventID: t.EventID, Scope: t.Scope}}}
}

// Activity is one entry of the log of who did what when.
type Activity struct {
	ID        ID
	EventID   ID // "": not about one Event
	At        time.Time
	ActorKind ActorKind
	ActorID   ID
	ActorName string
	Verb      string // "panel.move"
	Subject   ID     // what it was done to
	Summary   string // a sentence in English
}
