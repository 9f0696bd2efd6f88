package agenda

import (
	"slices"
	"strings"
	"time"
)

// Account is credentials that sign in. It is not a Person: who speaks needs none, and who organizes need not speak.
type Account struct {
	ID            ID
	Email         string // in lower case; what one signs in with, and where letters go
	EmailVerified bool   // a link that was sent there was followed, or a provider of identities vouches for it
	Name          string
	Language      string // BCP 47, of letters; "" is English
	Admin         bool   // makes Events and Accounts
	Password      string // argon2id in the PHC format; "": signs in otherwise
	TOTP          string // secret of the second factor; "": none
	TOTPStep      int64  // the last that was used
	Recovery      []string
	Disabled      *time.Time
	Revision      int
	Created       time.Time
	Updated       time.Time
}

// Clean tidies what was typed. Addresses are compared in lower case: whoever has one that differs by its case alone gets
// the other's letters in practice.
func (a *Account) Clean() {
	a.Email, a.Language = strings.ToLower(strings.TrimSpace(a.Email)), strings.TrimSpace(a.Language)
	a.Name = strings.Join(strings.Fields(CleanLine(a.Name)), " ") // in letters and logs it is one line
}

// Check says everything that is wrong with the Account at once.
func (a Account) Check() error {
	var f Faults
	if a.Email == "" {
		f.Add("/email", "is needed")
	}
	checkEmail(&f, "/email", a.Email)
	if a.Name == "" {
		f.Add("/name", "is needed")
	}
	CheckString(&f, "/name", a.Name, MaxName)
	if a.Language != "" {
		checkLanguages(&f, "/language", []string{a.Language})
	}
	return f.Err("account")
}

// Actor gives who is signed in with the Account, which is a Member of those Events.
func (a Account) Actor(members []Member) Actor {
	actor := Actor{Kind: AccountHolder, ID: a.ID, Name: a.Name}
	if a.Admin {
		actor.Grants = append(actor.Grants, Grant{Verbs: []Verb{CreateEvents, ManageAccount}})
	}
	for _, m := range members {
		actor.Grants = append(actor.Grants, Grant{EventID: m.EventID, Verbs: m.Verbs()})
	}
	return actor
}

// Member is an Account's part in an Event.
type Member struct {
	EventID   ID
	AccountID ID
	Roles     []MemberRole
	Revision  int
	Created   time.Time
	Updated   time.Time
	Email     string // of the Account
	Name      string
}

// Verbs gives what the Member may do, each once.
func (m Member) Verbs() []Verb {
	var verbs []Verb
	for _, v := range Verbs {
		if slices.ContainsFunc(m.Roles, func(r MemberRole) bool { return slices.Contains(r.Verbs(), v) }) {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

// CleanRoles brings roles into the order of [MemberRoles], each once.
func CleanRoles(roles []MemberRole) []MemberRole {
	roles = slices.Clone(roles)
	at := func(r MemberRole) int { return slices.Index(MemberRoles, r) }
	slices.SortStableFunc(roles, func(a, b MemberRole) int { return at(a) - at(b) })
	return slices.Compact(roles)
}

// CheckRoles adds what is wrong with the roles of a Member.
func CheckRoles(f *Faults, pointer string, roles []MemberRole) {
	if len(roles) == 0 {
		f.Add(pointer, "needs at least one")
	}
	for i, r := range roles {
		checkOneOf(f, index(pointer, i), r, MemberRoles)
	}
}

// Login is a browser that is signed in. Only the hash of its secret is kept.
type Login struct {
	ID        ID
	AccountID ID
	Hash      string
	Method    LoginMethod
	Address   string
	Agent     string // what the browser calls itself
	Created   time.Time
	Seen      time.Time // to a few minutes
	Expires   time.Time
	Confirmed time.Time // when it was last proved who sits there
}

// LoginMethod says how somebody signed in.
type LoginMethod string

// The methods.
const (
	ByPassword LoginMethod = "password"
	ByTOTP     LoginMethod = "password_totp" // with a second factor
	ByRecovery LoginMethod = "password_recovery"
	ByPasskey  LoginMethod = "passkey"
	ByProvider LoginMethod = "oidc"
	ByLink     LoginMethod = "link" // the link of an invitation, of the first start or of a reset
)

// How long a Login lasts, and how long a proof of who sits there is enough for what is dangerous.
const (
	LoginIdle = 12 * time.Hour
	LoginLife = 7 * 24 * time.Hour
	ProofLife = 15 * time.Minute
)

// Works says whether the Login is signed in at that time.
func (l Login) Works(now time.Time) bool {
	return now.Before(l.Expires) && now.Sub(l.Seen) < LoginIdle
}

// Proved says whether it was proved a short while ago who sits there. What was proved while the clock was ahead counts for nothing:
// it would do so until the time comes.
func (l Login) Proved(now time.Time) bool { return now.Sub(l.Confirmed).Abs() < ProofLife }

// LinkPurpose says what an AccountLink is for.
type LinkPurpose string

// The purposes.
const (
	ForSetup  LinkPurpose = "setup"  // make the first Account
	ForInvite LinkPurpose = "invite" // become a Member
	ForReset  LinkPurpose = "reset"  // set another password
)

// How long the links work.
const (
	SetupLife  = 24 * time.Hour
	InviteLife = 7 * 24 * time.Hour
	ResetLife  = time.Hour
)

// AccountLink is an address that is used once. Only the hash of its secret is kept.
type AccountLink struct {
	ID        ID
	Purpose   LinkPurpose
	Hash      string
	AccountID ID // of a reset
	EventID   ID // of an invitation
	Email     string
	Roles     []MemberRole
	Language  string
	Mailed    bool // it was sent to Email and shown to nobody
	MadeBy    string
	Created   time.Time
	Expires   time.Time
	Used      *time.Time
}

// Works says whether the link does anything at that time.
func (l AccountLink) Works(now time.Time) bool { return l.Used == nil && now.Before(l.Expires) }

// Passkey is a credential of an authenticator (Web Authentication).
type Passkey struct {
	ID        string // as the authenticator calls it, base64url
	AccountID ID
	Name      string
	Data      []byte // JSON that package credential reads
	Created   time.Time
	Used      *time.Time
}

// Identity is what a provider of identities (OpenID Connect) calls an Account.
type Identity struct {
	Issuer    string
	Subject   string
	AccountID ID
	Created   time.Time
}

// CeremonyKind says what a Ceremony is about.
type CeremonyKind string

// The kinds.
const (
	SecondFactor  CeremonyKind = "second_factor"  // the password was right
	PasskeyLogin  CeremonyKind = "passkey_login"  // to sign in
	PasskeyNew    CeremonyKind = "passkey_new"    // to have one
	TOTPNew       CeremonyKind = "totp_new"       // a secret that no code has come of yet
	ProviderLogin CeremonyKind = "provider_login" // at a provider of identities
)

// CeremonyLife is how long one may take for it.
const CeremonyLife = 10 * time.Minute

// Ceremony is what a browser has begun and not ended. It is used once; only the hash of its secret is kept.
type Ceremony struct {
	Hash      string
	Kind      CeremonyKind
	AccountID ID // "" when that is not known yet
	Data      []byte
	Expires   time.Time
}
