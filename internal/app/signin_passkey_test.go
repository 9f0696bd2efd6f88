package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
)

// device is an authenticator with one passkey, at a browser that shows the site.
type device struct {
	shows virtualwebauthn.RelyingParty
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
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

// device has a new passkey of the account, and the name under which it is kept.
func (h house) device(t *testing.T, who app.SignedIn) (*device, agenda.Passkey) {
	t.Helper()
	ctx := context.Background()
	d := &device{shows: virtualwebauthn.RelyingParty{Name: "Forum", ID: "agenda.example.org", Origin: base},
		Authenticator: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(who.Account.ID)}),
		key:           newKey()}
	d.key.Counter = 1
	options, ceremony, err := h.BeginPasskey(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	response := d.create(t, options)
	made := must[agenda.Passkey](t)(h.FinishPasskey(ctx, who, ceremony, response, " My\tphone\x00 "))
	_, err = h.FinishPasskey(ctx, who, ceremony, response, "again")
	wantCode(t, err, agenda.Unauthenticated)
	d.AddCredential(d.key)
	return d, made
}

func (d *device) create(t *testing.T, options []byte) []byte {
	t.Helper()
	parsed := must[*virtualwebauthn.AttestationOptions](t)(virtualwebauthn.ParseAttestationOptions(string(options)))
	return []byte(virtualwebauthn.CreateAttestationResponse(d.shows, d.Authenticator, d.key, *parsed))
}

func (d *device) answer(t *testing.T, options []byte) []byte {
	t.Helper()
	d.key.Counter++
	parsed := must[*virtualwebauthn.AssertionOptions](t)(virtualwebauthn.ParseAssertionOptions(string(options)))
	return []byte(virtualwebauthn.CreateAssertionResponse(d.shows, d.Authenticator, d.key, *parsed))
}

// enter signs in with the passkey.
func (h house) enter(t *testing.T, d *device) (string, error) {
	t.Helper()
	options, ceremony, err := h.BeginPasskeyLogin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return h.FinishPasskeyLogin(context.Background(), ceremony, d.answer(t, options), "", here)
}

func TestPasskeys(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		account := h.account(t, "anh")
		h.admin(t, "admin")
		first := h.signIn(t, "anh")
		elsewhere := h.signIn(t, "anh")
		d, made := h.device(t, h.who(t, first))
		if made.Name != "My phone" || made.AccountID != account.ID {
			t.Errorf("kept is %+v", made)
		}
		h.out(t, elsewhere)
		if l := h.letter(t); l.Detail != "A passkey was added to your account." {
			t.Errorf("the letter is %+v", l)
		}
		key, _ := h.totp(t, first)
		h.letter(t)
		_ = key
		who := h.who(t, must[string](t)(h.enter(t, d))) // no second factor is asked for
		if who.Account.ID != account.ID || who.Login.Method != agenda.ByPasskey {
			t.Errorf("signed in is %+v", who)
		}
		options, ceremony, err := h.BeginPasskeyLogin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		answer := d.answer(t, options)
		wantCounts(t, atOnce(3, func(int) error { _, err := h.FinishPasskeyLogin(ctx, ceremony, answer, "", here); return err }),
			map[agenda.Code]int{"": 1, agenda.Unauthenticated: 2})
		options, ceremony, err = h.BeginPasskeyLogin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		answer = d.answer(t, options)
		h.pass(agenda.CeremonyLife)
		_, err = h.FinishPasskeyLogin(ctx, ceremony, answer, "", here)
		wantCode(t, err, agenda.Unauthenticated)

		d.key.Counter = 1 // a copy
		_, err = h.enter(t, d)
		wantCode(t, err, agenda.Unauthenticated)
		d.key.Counter = 100
		for _, handle := range []string{"nobody", "a\x00\xff", ""} {
			odd := *d
			odd.Options.UserHandle = []byte(handle)
			_, err = h.enter(t, &odd)
			wantCode(t, err, agenda.Unauthenticated)
		}
		phished := *d
		phished.shows.Origin = "https://agenda.example.org.evil.example"
		_, err = h.enter(t, &phished)
		wantCode(t, err, agenda.Unauthenticated)
		d.key.Counter = 200
		last := must[string](t)(h.enter(t, d))

		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Match{Any: true}, account.ID, false, true))
		_, err = h.enter(t, d)
		wantCode(t, err, agenda.Unauthenticated)
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Match{Any: true}, account.ID, false, false))
		h.out(t, last)
		last = must[string](t)(h.enter(t, d))
		if err := h.RemovePasskey(ctx, h.who(t, last), made.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.enter(t, d)
		wantCode(t, err, agenda.Unauthenticated)
	})
}

// A passkey and its copy that come at once do not both get in.
func TestPasskeyAndItsCopyAtOnce(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		d, _ := h.device(t, h.who(t, h.signIn(t, "anh")))
		var answers [6][]byte
		var ceremonies [6]string
		for i := range answers {
			options, ceremony, err := h.BeginPasskeyLogin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			d.key.Counter = 1 // each says that it is the second use
			answers[i], ceremonies[i] = d.answer(t, options), ceremony
		}
		wantCounts(t, atOnce(6, func(i int) error {
			_, err := h.FinishPasskeyLogin(ctx, ceremonies[i], answers[i], "", here)
			return err
		}),
			map[agenda.Code]int{"": 1, agenda.Unauthenticated: 5})
	})
}

func TestPasskeyProvesWhoSitsThere(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		h.account(t, "binh")
		anh, binh := h.signIn(t, "anh"), h.signIn(t, "binh")
		d, made := h.device(t, h.who(t, anh))
		other, _ := h.device(t, h.who(t, binh))
		h.pass(time.Hour)
		who := h.who(t, anh)
		wantCode(t, h.RemovePasskey(ctx, who, made.ID), agenda.Forbidden)
		confirm := func(d *device) error {
			options, ceremony, err := h.BeginConfirmByPasskey(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			next, err := h.ConfirmByPasskey(ctx, who, ceremony, d.answer(t, options))
			if err == nil {
				h.out(t, anh)
				anh = next
			}
			return err
		}
		wantCode(t, confirm(other), agenda.Unauthenticated)
		wantCode(t, h.RemovePasskey(ctx, h.who(t, anh), made.ID), agenda.Forbidden)
		if err := confirm(d); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.RemovePasskey(ctx, h.who(t, must[string](t)(h.enter(t, other))), made.ID), agenda.NotFound)
		if err := h.RemovePasskey(ctx, h.who(t, anh), made.ID); err != nil {
			t.Fatal(err)
		}
		if keys := must[[]agenda.Passkey](t)(h.Passkeys(ctx, who)); len(keys) != 0 {
			t.Errorf("left are %+v", keys)
		}
	})
}

// Of an account without a password, the last passkey stays.
func TestTheLastPasskeyStays(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		alice := credential.Identity{Issuer: "https://id.example.org", Subject: "alice", Email: email("alice"), EmailVerified: true, Name: "Alice", Groups: []string{"staff"},
			Proved: time.UnixMilli(h.clock.Load())}
		h = h.as(func(o *app.Options) { o.Groups = []app.GroupRole{{Group: "staff", Event: slug, Role: agenda.Viewer}} })
		who := h.who(t, must[string](t)(app.EnterAs(h.App, ctx, "", false, alice, "", here)))
		_, one := h.device(t, who)
		_, two := h.device(t, who)
		if err := h.RemovePasskey(ctx, who, one.ID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.RemovePasskey(ctx, who, two.ID), agenda.Taken)
		if keys := must[[]agenda.Passkey](t)(h.Passkeys(ctx, who)); len(keys) != 1 {
			t.Errorf("left are %+v", keys)
		}
	})
}
