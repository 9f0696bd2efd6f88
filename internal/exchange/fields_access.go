package exchange

import "plenary/internal/agenda"

// What the log says of what opens something: who has it and what it may do, and nothing that would open it. Of a password
// and of a second factor, that there is one.

type accountFields struct {
	Email        string   `json:"email"`
	Verified     bool     `json:"email_verified"`
	Name         string   `json:"name"`
	Language     string   `json:"language,omitempty"`
	Admin        bool     `json:"admin"`
	Password     bool     `json:"password"`
	SecondFactor bool     `json:"second_factor"`
	Recovery     int      `json:"recovery_codes"` // that are left
	Disabled     *instant `json:"disabled,omitempty"`
}

type memberFields struct {
	Account agenda.ID           `json:"account"`
	Roles   []agenda.MemberRole `json:"roles,omitempty"`
}

type accountLinkFields struct {
	Purpose agenda.LinkPurpose  `json:"purpose"`
	Account agenda.ID           `json:"account,omitempty"`
	Email   string              `json:"email,omitempty"`
	Roles   []agenda.MemberRole `json:"roles,omitempty"`
	Mailed  bool                `json:"mailed"`
	Expires instant             `json:"expires"`
}

type personalLinkFields struct {
	Person  agenda.ID `json:"person"`
	Mailed  bool      `json:"mailed"`
	Expires instant   `json:"expires"`
	Revoked *instant  `json:"revoked,omitempty"`
}

type tokenFields struct {
	Name    string        `json:"name"`
	Scopes  []agenda.Verb `json:"scopes"`
	Expires *instant      `json:"expires,omitempty"`
	Revoked *instant      `json:"revoked,omitempty"`
}

// webhookFields have of the address the server only: the rest may be a secret.
type webhookFields struct {
	Name    string               `json:"name"`
	Host    string               `json:"host"`
	Kinds   []agenda.WebhookKind `json:"kinds"`
	Stopped *instant             `json:"stopped,omitempty"`
	Reason  agenda.StopReason    `json:"reason,omitempty"`
}

type passkeyFields struct {
	Passkey string `json:"passkey"` // its name
}

type identityFields struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// accessOf gives what the log says of what opens something; nil for everything else.
func accessOf(noun any) any {
	switch n := noun.(type) {
	case agenda.Account:
		return accountFields{n.Email, n.EmailVerified, n.Name, n.Language, n.Admin, n.Password != "", n.TOTP != "", len(n.Recovery), instantPointer(n.Disabled)}
	case agenda.Member:
		return memberFields{n.AccountID, n.Roles}
	case agenda.AccountLink:
		return accountLinkFields{n.Purpose, n.AccountID, n.Email, n.Roles, n.Mailed, instant(n.Expires)}
	case agenda.PersonalLink:
		return personalLinkFields{n.PersonID, n.Mailed, instant(n.Expires), instantPointer(n.Revoked)}
	case agenda.Token:
		return tokenFields{n.Name, n.Scopes, instantPointer(n.Expires), instantPointer(n.Revoked)}
	case agenda.Webhook:
		return webhookFields{n.Name, n.Host(), n.Kinds, instantPointer(n.Stopped), n.Reason}
	case agenda.Passkey:
		return passkeyFields{n.Name}
	case agenda.Identity:
		return identityFields{n.Issuer, n.Subject}
	}
	return nil
}
