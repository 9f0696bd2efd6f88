package credential

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"

	"plenary/internal/agenda"
)

// person is somebody with an authenticator, at a browser that shows a site.
type person struct {
	t      *testing.T
	keys   *Passkeys
	user   PasskeyUser
	shows  virtualwebauthn.RelyingParty // what the browser shows, and so what it signs for
	device virtualwebauthn.Authenticator
	key    virtualwebauthn.Credential
}

// newKey is a key whose coordinates have 32 bytes: virtualwebauthn leaves out zeros in front of them, which one key in 128 has,
// and which nobody takes (RFC 9053, section 7.1.1).
func newKey() virtualwebauthn.Credential {
	for {
		if key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(key.Key.AttestationData()) == 77 {
			return key
		}
	}
}

func newPerson(t *testing.T) *person {
	handle := []byte("0192f3a4-7b1c-7def-8000-0123456789ab")
	return &person{
		t:      t,
		keys:   NewPasskeys("https://agenda.example.org", "Hà Nội Forum"),
		user:   PasskeyUser{Handle: handle, Name: "thi@example.org", DisplayName: "Thi"},
		shows:  virtualwebauthn.RelyingParty{Name: "Hà Nội Forum", ID: "agenda.example.org", Origin: "https://agenda.example.org"},
		device: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: handle}),
		key:    newKey(),
	}
}

// register goes as far as the browser's answer.
func (p *person) register() (session, response []byte) {
	p.t.Helper()
	options, session, err := p.keys.BeginRegistration(p.user)
	if err != nil {
		p.t.Fatal(err)
	}
	parsed, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		p.t.Fatal(err)
	}
	return session, []byte(virtualwebauthn.CreateAttestationResponse(p.shows, p.device, p.key, *parsed))
}

// registered has a passkey.
func registered(t *testing.T) (*person, Passkey) {
	t.Helper()
	p := newPerson(t)
	p.key.Counter = 1
	session, response := p.register()
	made, err := p.keys.FinishRegistration(p.user, session, response)
	if err != nil {
		t.Fatal(err)
	}
	p.user.Passkeys = append(p.user.Passkeys, made.Stored)
	p.device.AddCredential(p.key)
	return p, made
}

// answer is the browser's, to the options of a login.
func (p *person) answer(options []byte) []byte {
	p.t.Helper()
	parsed, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		p.t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAssertionResponse(p.shows, p.device, p.key, *parsed))
}

func (p *person) begin() (options, session []byte) {
	p.t.Helper()
	options, session, err := p.keys.BeginLogin()
	if err != nil {
		p.t.Fatal(err)
	}
	return options, session
}

func (p *person) load(handle []byte) (PasskeyUser, error) {
	if !bytes.Equal(handle, p.user.Handle) {
		return PasskeyUser{}, agenda.Errorf(agenda.NotFound, "There is no such account.")
	}
	return p.user, nil
}

func TestPasskeyLetsIn(t *testing.T) {
	p, made := registered(t)
	if !bytes.Equal(made.ID, p.key.ID) || made.SignCount != 1 || made.Cloned || !json.Valid(made.Stored) {
		t.Errorf("got %+v", made)
	}
	for count := uint32(2); count < 5; count++ {
		p.key.Counter = count
		options, session := p.begin()
		used, err := p.keys.FinishLogin(session, p.answer(options), p.load)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(used.ID, made.ID) || used.SignCount != count || used.Cloned {
			t.Errorf("got %+v", used)
		}
		p.user.Passkeys[0] = used.Stored
	}
}

func TestPasskeyOptions(t *testing.T) {
	p, made := registered(t)
	options, _, err := p.keys.BeginRegistration(p.user)
	if err != nil {
		t.Fatal(err)
	}
	var creation struct {
		PublicKey struct {
			RP                     struct{ ID, Name string }
			User                   struct{ ID, Name string }
			AuthenticatorSelection struct{ ResidentKey, UserVerification string }
			Attestation            string
			ExcludeCredentials     []struct{ ID string }
		}
	}
	if err := json.Unmarshal(options, &creation); err != nil {
		t.Fatal(err)
	}
	key := creation.PublicKey
	if key.RP.ID != "agenda.example.org" || key.RP.Name != "Hà Nội Forum" || key.AuthenticatorSelection.ResidentKey != "required" ||
		key.AuthenticatorSelection.UserVerification != "required" || key.Attestation != "none" ||
		key.User.ID != b64(p.user.Handle) || key.User.Name != "thi@example.org" ||
		len(key.ExcludeCredentials) != 1 || key.ExcludeCredentials[0].ID != b64(made.ID) {
		t.Errorf("got %s", options)
	}
	login, session := p.begin()
	if strings.Contains(string(login), "thi") || strings.Contains(string(login), b64(made.ID)) || strings.Contains(string(session), "thi") {
		t.Errorf("a login that names an account: %s", login)
	}
}

func TestPasskeysThatAreNotTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*person)
		spoil  func(session, response []byte) (s, r []byte)
		want   agenda.Code
	}{
		{"another origin", func(p *person) { p.shows.Origin = "https://agenda-example.org" }, nil, agenda.Invalid},
		{"the origin without TLS", func(p *person) { p.shows.Origin = "http://agenda.example.org" }, nil, agenda.Invalid},
		{"another port", func(p *person) { p.shows.Origin = "https://agenda.example.org:8443" }, nil, agenda.Invalid},
		{"another site", func(p *person) { p.shows.ID = "example.org" }, nil, agenda.Invalid},
		{"nobody was verified", func(p *person) { p.device.Options.UserNotVerified = true }, nil, agenda.Invalid},
		{"nobody was there", func(p *person) { p.device.Options.UserNotPresent = true }, nil, agenda.Invalid},
		{"another session", nil, func(s, r []byte) ([]byte, []byte) {
			_, other, _ := NewPasskeys("https://agenda.example.org", "x").BeginRegistration(newPerson(t).user)
			return other, r
		}, agenda.Invalid},
		{"the session of somebody else", func(p *person) { p.user.Handle = []byte("somebody else") }, func(s, r []byte) ([]byte, []byte) {
			other := newPerson(t)
			return other.register()
		}, agenda.Invalid},
		{"no JSON", nil, func(s, _ []byte) ([]byte, []byte) { return s, []byte("{") }, agenda.Invalid},
		{"nothing", nil, func(s, _ []byte) ([]byte, []byte) { return s, nil }, agenda.Invalid},
		{"too much", nil, func(s, r []byte) ([]byte, []byte) {
			return s, append(r, bytes.Repeat([]byte(" "), maxPasskeyResponse)...)
		}, agenda.Invalid},
		{"no session", nil, func(_, r []byte) ([]byte, []byte) { return nil, r }, agenda.Internal},
		{"an empty session", nil, func(_, r []byte) ([]byte, []byte) { return []byte("{}"), r }, agenda.Internal},
		{"a session that asks for less", nil, func(s, r []byte) ([]byte, []byte) {
			return bytes.ReplaceAll(s, []byte(`"userVerification":"required"`), []byte(`"userVerification":"discouraged"`)), r
		}, agenda.Internal},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPerson(t)
			if c.change != nil {
				c.change(p)
			}
			session, response := p.register()
			if c.spoil != nil {
				session, response = c.spoil(session, response)
			}
			if made, err := p.keys.FinishRegistration(p.user, session, response); agenda.CodeOf(err) != c.want {
				t.Errorf("got %+v, %v", made, err)
			}
		})
	}
}

func TestPasskeysThatDoNotLetIn(t *testing.T) {
	lost := errors.New("the database is away")
	for _, c := range []struct {
		name   string
		change func(*person)
		spoil  func(p *person, session, response []byte) (s, r []byte)
		want   agenda.Code
	}{
		{"another origin", func(p *person) { p.shows.Origin = "https://agenda-example.org" }, nil, agenda.Unauthenticated},
		{"another site", func(p *person) { p.shows.ID = "example.org" }, nil, agenda.Unauthenticated},
		{"nobody was verified", func(p *person) { p.device.Options.UserNotVerified = true }, nil, agenda.Unauthenticated},
		{"nobody was there", func(p *person) { p.device.Options.UserNotPresent = true }, nil, agenda.Unauthenticated},
		{"another key under the same name", func(p *person) {
			p.key = virtualwebauthn.Credential{ID: p.key.ID, Key: newKey().Key, Counter: 9}
		}, nil, agenda.Unauthenticated},
		{"a key that nobody registered", func(p *person) { p.key = newKey() }, nil, agenda.Unauthenticated},
		{"nobody's handle", func(p *person) { p.device.Options.UserHandle = []byte("nobody") }, nil, agenda.Unauthenticated},
		{"no handle", func(p *person) { p.device.Options.UserHandle = nil }, nil, agenda.Unauthenticated},
		{"the passkey was removed", func(p *person) { p.user.Passkeys = nil }, nil, agenda.Unauthenticated},
		{"it can suddenly be backed up", func(p *person) { p.device.Options.BackupEligible = true }, nil, agenda.Unauthenticated},
		{"the stored one is broken", func(p *person) { p.user.Passkeys[0] = []byte("{") }, nil, agenda.Internal},
		{"an answer to another challenge", nil, func(p *person, _, r []byte) ([]byte, []byte) {
			_, other := p.begin()
			return other, r
		}, agenda.Unauthenticated},
		{"the session of a registration", nil, func(p *person, _, r []byte) ([]byte, []byte) {
			session, _ := p.register()
			return session, r
		}, agenda.Unauthenticated},
		{"the answer to a registration", nil, func(p *person, s, _ []byte) ([]byte, []byte) {
			_, response := p.register()
			return s, response
		}, agenda.Unauthenticated},
		{"no JSON", nil, func(_ *person, s, _ []byte) ([]byte, []byte) { return s, []byte("[") }, agenda.Unauthenticated},
		{"too much", nil, func(_ *person, s, _ []byte) ([]byte, []byte) { return s, make([]byte, maxPasskeyResponse+1) }, agenda.Unauthenticated},
		{"no session", nil, func(_ *person, _, r []byte) ([]byte, []byte) { return nil, r }, agenda.Internal},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := registered(t)
			p.key.Counter++
			if c.change != nil {
				c.change(p)
			}
			options, session := p.begin()
			response := p.answer(options)
			if c.spoil != nil {
				session, response = c.spoil(p, session, response)
			}
			if used, err := p.keys.FinishLogin(session, response, p.load); agenda.CodeOf(err) != c.want {
				t.Errorf("got %+v, %v", used, err)
			}
		})
	}
	t.Run("the database is away", func(t *testing.T) {
		p, _ := registered(t)
		options, session := p.begin()
		_, err := p.keys.FinishLogin(session, p.answer(options), func([]byte) (PasskeyUser, error) { return PasskeyUser{}, lost })
		if !errors.Is(err, lost) {
			t.Errorf("got %v", err)
		}
	})
}

// A counter that does not rise tells of a copy, or of an answer that was seen before.
func TestPasskeyThatWasCopied(t *testing.T) {
	p, _ := registered(t)
	use := func(count uint32) Passkey {
		t.Helper()
		p.key.Counter = count
		options, session := p.begin()
		used, err := p.keys.FinishLogin(session, p.answer(options), p.load)
		if err != nil {
			t.Fatal(err)
		}
		p.user.Passkeys[0] = used.Stored
		return used
	}
	for _, c := range []struct {
		count, kept uint32
		cloned      bool
	}{{7, 7, false}, {6, 7, true}, {7, 7, true}, {0, 7, true}, {8, 8, false}} {
		if used := use(c.count); used.Cloned != c.cloned || used.SignCount != c.kept {
			t.Errorf("%+v: got %+v", c, used)
		}
	}

	options, session := p.begin()
	p.key.Counter = 9
	response := p.answer(options)
	used, err := p.keys.FinishLogin(session, response, p.load)
	if err != nil || used.Cloned {
		t.Fatalf("got %+v, %v", used, err)
	}
	p.user.Passkeys[0] = used.Stored
	if again, err := p.keys.FinishLogin(session, response, p.load); err == nil && !again.Cloned {
		t.Error("the same answer twice is not noticed")
	}
}

func TestWherePasskeysAre(t *testing.T) {
	for base, good := range map[string]bool{
		"https://agenda.example.org": true, "https://Agenda.Example.org:8443": true, "https://agenda.example.org/base": true, "http://localhost:8080": true,
		"http://plenary.localhost": true, "http://agenda.example.org": false, "http://127.0.0.1:8080": false, "https://192.0.2.1": false,
		"https://[2001:db8::1]": false, "": false, "://": false, "agenda.example.org": false,
	} {
		keys := NewPasskeys(base, "Plenary")
		if err := keys.Available(); (err == nil) != good {
			t.Errorf("%q: got %v", base, err)
		}
		_, _, err := keys.BeginLogin()
		if (err == nil) != good || !good && agenda.CodeOf(err) != agenda.NotFound {
			t.Errorf("%q: got %v", base, err)
		}
		if good {
			continue
		}
		if _, _, err := keys.BeginRegistration(PasskeyUser{}); err == nil {
			t.Errorf("%q: begins", base)
		}
		if _, err := keys.FinishRegistration(PasskeyUser{}, nil, nil); err == nil {
			t.Errorf("%q: finishes", base)
		}
		if _, err := keys.FinishLogin(nil, nil, nil); err == nil {
			t.Errorf("%q: finishes", base)
		}
	}
}
