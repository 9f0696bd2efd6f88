package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Each sign-in is in the log with how and from where, each refusal too, and whatever changes how somebody signs in.
func TestSignInsAreInTheLog(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		account := h.account(t, "anh")
		for range 2 {
			_, err := h.SignIn(ctx, email("anh"), another, "", here)
			wantCode(t, err, agenda.Unauthenticated)
		}
		_, err := h.SignIn(ctx, email("nobody"), another, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		secret := h.signIn(t, "anh")
		key, recovery := h.totp(t, secret)
		h.pass(time.Minute)
		must[string](t)(h.SignInFactor(ctx, h.factor(t, "anh"), h.code(t, key), "", here))
		_, err = h.SignInFactor(ctx, h.factor(t, "anh"), "000000", "", here)
		wantCode(t, err, agenda.Unauthenticated)
		must[string](t)(h.SignInFactor(ctx, h.factor(t, "anh"), recovery[0], "", here))
		h.device(t, h.who(t, secret))
		must[string](t)(h.ChangePassword(ctx, h.who(t, secret), another, here))
		log, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "account"}, app.Page{Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, a := range slices.Backward(log) {
			said = append(said, fmt.Sprintf("%s: %s, from %s, of the account: %t", a.Verb, a.Summary, a.Address, a.Subject == account.ID))
		}
		for _, want := range []string{
			"account.refuse: refused a sign-in, from 192.0.2.1, of the account: true", "account.refuse: refused a sign-in, from 192.0.2.1, of the account: false",
			"account.sign_in: signed in (password), from 192.0.2.1, of the account: true", "account.totp: set up a second factor, from 192.0.2.1, of the account: true",
			"account.sign_in: signed in (password_totp), from 192.0.2.1, of the account: true", "account.refuse: refused a second factor, from 192.0.2.1, of the account: true",
			"account.sign_in: signed in (password_recovery), from 192.0.2.1, of the account: true", "account.passkey: added a passkey, from 192.0.2.1, of the account: true",
			"account.password: changed the password, from 192.0.2.1, of the account: true",
		} {
			if !slices.Contains(said, want) {
				t.Errorf("the log has no %q:\n%q", want, said)
			}
		}
	})
}

// A password is good until somebody changes it.
func TestPasswordsDoNotExpire(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		h.account(t, "anh")
		h.signIn(t, "anh")
		h.pass(10 * 365 * 24 * time.Hour)
		h.signIn(t, "anh")
	})
}

// What nobody must guess is 256 bits of the operating system's.
func TestSecretsAreNotGuessed(t *testing.T) {
	seen, letters := map[string]bool{}, map[rune]int{}
	for range 10_000 {
		secret := app.RandomSecret()
		if len(secret) != 43 || seen[secret] {
			t.Fatalf("%q", secret)
		}
		seen[secret] = true
		for _, r := range secret[:42] { // the last one has but 4 of its 6 bits
			letters[r]++
		}
	}
	for r, n := range letters { // 6562 each, give or take 81: a standard deviation
		if len(letters) != 64 || n < 6562-8*81 || n > 6562+8*81 {
			t.Errorf("%q is there %d times, of %d letters", r, n, len(letters))
		}
	}
}
