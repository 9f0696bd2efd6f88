package credential

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"plenary/internal/agenda"
)

// maxPasskeyResponse is how many bytes of a browser's answer are read: real ones have a few thousand at most.
const maxPasskeyResponse = 64 << 10

// Passkeys registers passkeys and signs in by them (Web Authentication, level 3). The authenticator must verify the person, by
// a finger, a face or a PIN, so a passkey is two factors: something that one has, and something that one is or knows. It must
// remember the account, so nobody has to type who they are.
type Passkeys struct {
	web *webauthn.WebAuthn
	why string // why there are none
}

// PasskeyUser is an account as its passkeys know it.
type PasskeyUser struct {
	Handle      []byte   // what an authenticator keeps of the account: opaque, 64 bytes at most, never a name or an address
	Name        string   // to tell accounts apart in a list: the mail address
	DisplayName string   // to greet by
	Passkeys    [][]byte // Passkey.Stored of each that it has
}

// Passkey is a passkey as it is to be kept.
type Passkey struct {
	ID         []byte // unique; not secret
	Stored     []byte // JSON that only this package reads
	SignCount  uint32 // how often it was used, as it says; 0 where it does not count, as with those that are synchronized
	Cloned     bool   // it was used less often than was known: there may be a copy of it, or the answer is one seen before
	BackedUp   bool   // it is kept on more than one device
	BackupAble bool   // it can be
}

// NewPasskeys gives the passkeys of a site at this address. Browsers offer them over https, and on localhost, to names and not
// to numbers: see [Passkeys.Available]. A passkey is bound to the name of the host for ever.
func NewPasskeys(base, name string) *Passkeys {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return &Passkeys{why: "the address of this site is not known"}
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if _, err := netip.ParseAddr(host); err == nil {
		return &Passkeys{why: fmt.Sprintf("%s is a number, and passkeys belong to names", host)}
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return &Passkeys{why: "this site is not reached over https"}
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID:                  host,
		RPDisplayName:         name,
		RPOrigins:             []string{u.Scheme + "://" + strings.ToLower(u.Host)},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
		// A ceremony ends when its session does, by the caller's clock.
	})
	if err != nil {
		return &Passkeys{why: fmt.Sprintf("%s is no name that passkeys can belong to", host)}
	}
	return &Passkeys{web: web}
}

// Available is nil where browsers offer passkeys for the site's address, and else says why not.
func (p *Passkeys) Available() error {
	if p.web == nil {
		return agenda.Errorf(agenda.NotFound, "Passkeys can't be used here: %s.", p.why)
	}
	return nil
}

// BeginRegistration gives what the browser's navigator.credentials.create is called with, and the session to finish with. The
// session is kept on the server, bound to the login that asked, for a few minutes, and used once.
func (p *Passkeys) BeginRegistration(user PasskeyUser) (options, session []byte, err error) {
	if err := p.Available(); err != nil {
		return nil, nil, err
	}
	account, err := accountOf(user)
	if err != nil {
		return nil, nil, err
	}
	creation, data, err := p.web.BeginRegistration(account,
		webauthn.WithExclusions(webauthn.Credentials(account.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, nil, fmt.Errorf("begin the registration of a passkey: %w", err)
	}
	return ceremony(creation, data)
}

// FinishRegistration checks what the browser answered. The error is Invalid.
func (p *Passkeys) FinishRegistration(user PasskeyUser, session, response []byte) (Passkey, error) {
	if err := p.Available(); err != nil {
		return Passkey{}, err
	}
	account, err := accountOf(user)
	if err != nil {
		return Passkey{}, err
	}
	data, err := readSession(session)
	if err != nil {
		return Passkey{}, err
	}
	if len(response) > maxPasskeyResponse {
		return Passkey{}, agenda.Errorf(agenda.Invalid, "The passkey can't be taken: the answer of the browser is too long.")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Passkey{}, agenda.Errorf(agenda.Invalid, "The answer of the browser can't be read: %w", detail(err))
	}
	made, err := p.web.CreateCredential(account, data, parsed)
	if err != nil {
		return Passkey{}, agenda.Errorf(agenda.Invalid, "The passkey can't be taken: %w", detail(err))
	}
	return passkeyOf(made)
}

// BeginLogin gives what the browser's navigator.credentials.get is called with, and the session to finish with, which is kept as
// that of a registration is, bound to the browser. It names no account: the authenticator knows.
func (p *Passkeys) BeginLogin() (options, session []byte, err error) {
	if err := p.Available(); err != nil {
		return nil, nil, err
	}
	assertion, data, err := p.web.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("begin a login by passkey: %w", err)
	}
	return ceremony(assertion, data)
}

// FinishLogin checks what the browser answered and gives the passkey that was used as it is to be kept from now on. Load finds
// the account by its handle; an error of it that is not agenda.NotFound is passed on as it is. What is wrong with the answer is
// Unauthenticated, whatever it is.
//
// Whether a passkey that is [Passkey.Cloned] lets in is the caller's to say.
func (p *Passkeys) FinishLogin(session, response []byte, load func(handle []byte) (PasskeyUser, error)) (Passkey, error) {
	if err := p.Available(); err != nil {
		return Passkey{}, err
	}
	data, err := readSession(session)
	if err != nil {
		return Passkey{}, err
	}
	if len(response) > maxPasskeyResponse {
		return Passkey{}, refused(errors.New("the answer is too long"))
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Passkey{}, refused(detail(err))
	}
	var failed error
	_, used, err := p.web.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		user, err := load(handle)
		if err == nil {
			var account *account
			if account, err = accountOf(user); err == nil {
				return account, nil
			}
		}
		if agenda.CodeOf(err) != agenda.NotFound {
			failed = err
		}
		return nil, err
	}, data, parsed)
	switch {
	case failed != nil:
		return Passkey{}, failed
	case err != nil:
		return Passkey{}, refused(detail(err))
	}
	return passkeyOf(used)
}

// refused says the same of every answer that proves nothing: the reason is for the log.
func refused(why error) error {
	return agenda.Errorf(agenda.Unauthenticated, "The passkey does not let you in: %w", why)
}

// detail makes the library tell what it keeps for developers.
func detail(err error) error {
	var e *protocol.Error
	if errors.As(err, &e) && e.DevInfo != "" {
		return fmt.Errorf("%w (%s)", err, e.DevInfo)
	}
	return err
}

func ceremony(options any, data *webauthn.SessionData) (forBrowser, session []byte, err error) {
	if forBrowser, err = json.Marshal(options); err != nil {
		return nil, nil, fmt.Errorf("the options of a passkey: %w", err)
	}
	if session, err = json.Marshal(data); err != nil {
		return nil, nil, fmt.Errorf("the session of a passkey: %w", err)
	}
	return forBrowser, session, nil
}

func readSession(session []byte) (webauthn.SessionData, error) {
	var data webauthn.SessionData
	if err := json.Unmarshal(session, &data); err != nil {
		return data, agenda.Errorf(agenda.Internal, "The session of the passkey can't be read: %w", err)
	}
	// The library takes what it finds; a session that was lost must not become one that asks for less.
	if data.Challenge == "" || data.UserVerification != protocol.VerificationRequired {
		return data, agenda.Errorf(agenda.Internal, "The session of the passkey can't be read: %w", errors.New("it asks for no verification"))
	}
	return data, nil
}

func passkeyOf(c *webauthn.Credential) (Passkey, error) {
	key := Passkey{
		ID: c.ID, SignCount: c.Authenticator.SignCount, Cloned: c.Authenticator.CloneWarning,
		BackedUp: c.Flags.BackupState, BackupAble: c.Flags.BackupEligible,
	}
	// The warning is about this login; the next one makes its own.
	kept := *c
	kept.Authenticator.CloneWarning = false
	var err error
	if key.Stored, err = json.Marshal(kept); err != nil {
		return Passkey{}, fmt.Errorf("a passkey: %w", err)
	}
	return key, nil
}

// account is a PasskeyUser in the library's words.
type account struct {
	user        PasskeyUser
	credentials []webauthn.Credential
}

func accountOf(user PasskeyUser) (*account, error) {
	a := &account{user: user}
	for _, stored := range user.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(stored, &c); err != nil {
			return nil, agenda.Errorf(agenda.Internal, "A stored passkey can't be read: %w", err)
		}
		a.credentials = append(a.credentials, c)
	}
	return a, nil
}

func (a *account) WebAuthnID() []byte                         { return a.user.Handle }
func (a *account) WebAuthnName() string                       { return a.user.Name }
func (a *account) WebAuthnDisplayName() string                { return a.user.DisplayName }
func (a *account) WebAuthnCredentials() []webauthn.Credential { return a.credentials }
