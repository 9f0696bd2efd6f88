package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

func TestSecondFactor(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		secret := h.signIn(t, "anh")
		elsewhere := h.signIn(t, "anh")
		key, recovery := h.totp(t, secret)
		h.who(t, secret)
		h.out(t, elsewhere)
		if l := h.letter(t); l.Kind != agenda.LetterNotice || l.To != email("anh") || l.Detail != "A second factor was set up for your account." {
			t.Errorf("the letter is %+v", l)
		}

		_, err := h.SignInFactor(ctx, h.factor(t, "anh"), h.code(t, key), "", here)
		wantCode(t, err, agenda.Unauthenticated) // the code that it was set up with was used then
		h.pass(30 * time.Second)
		begun, code := h.factor(t, "anh"), h.code(t, key)
		wantCounts(t, atOnce(4, func(int) error { _, err := h.SignInFactor(ctx, begun, code, "", here); return err }),
			map[agenda.Code]int{"": 1, agenda.Unauthenticated: 3})
		_, err = h.SignInFactor(ctx, h.factor(t, "anh"), code, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		h.pass(15 * time.Minute)

		begun = h.factor(t, "anh")
		got := must[string](t)(h.SignInFactor(ctx, begun, strings.ToUpper(recovery[3]), secret, here))
		if how := h.who(t, got).Login.Method; how != agenda.ByRecovery {
			t.Errorf("signed in by %s", how)
		}
		h.out(t, secret)
		_, err = h.SignInFactor(ctx, begun, recovery[4], "", here)
		wantCode(t, err, agenda.Unauthenticated) // the ceremony was used
		_, err = h.SignInFactor(ctx, h.factor(t, "anh"), recovery[3], "", here)
		wantCode(t, err, agenda.Unauthenticated)
		h.pass(30 * time.Second)
		got = must[string](t)(h.SignInFactor(ctx, h.factor(t, "anh"), h.code(t, key), "", here))
		if how := h.who(t, got).Login.Method; how != agenda.ByTOTP {
			t.Errorf("signed in by %s", how)
		}

		begun = h.factor(t, "anh")
		h.pass(agenda.CeremonyLife)
		_, err = h.SignInFactor(ctx, begun, h.code(t, key), "", here)
		wantCode(t, err, agenda.Unauthenticated)
	})
}

func TestSecondFactorIsNotGuessed(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		key, recovery := h.totp(t, h.signIn(t, "anh"))
		h.pass(time.Minute)
		begun, wrong := h.factor(t, "anh"), "000000"
		if h.code(t, key) == wrong {
			wrong = "000001"
		}
		wantCounts(t, atOnce(50, func(int) error { _, err := h.SignInFactor(ctx, begun, wrong, "", here); return err }),
			map[agenda.Code]int{agenda.Unauthenticated: 5, agenda.TooMany: 45})
		_, err := h.SignInFactor(ctx, h.factor(t, "anh"), h.code(t, key), "", here)
		if e := wantCode(t, err, agenda.TooMany); e.Wait != 15*time.Minute {
			t.Errorf("wait %v", e.Wait)
		}
		h.pass(15 * time.Minute)
		for range 10 { // right passwords count, too, until the code is right
			h.factor(t, "anh")
		}
		_, err = h.SignIn(ctx, email("anh"), password, "", here)
		wantCode(t, err, agenda.TooMany)
		h.pass(15 * time.Minute)
		who := h.who(t, must[string](t)(h.SignInFactor(ctx, h.factor(t, "anh"), recovery[0], "", here)))
		begun = h.factor(t, "anh")
		if err := h.RemoveTOTP(ctx, who); err != nil {
			t.Fatal(err)
		}
		_, err = h.SignInFactor(ctx, begun, h.code(t, ""), "", here) // of no secret at all
		wantCode(t, err, agenda.Unauthenticated)
		h.signIn(t, "anh")
	})
}

// A ceremony belongs to whose it is, and ends with what ends their logins.
func TestCeremoniesBelongToAccounts(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		h.account(t, "binh")
		anh, binh := h.who(t, h.signIn(t, "anh")), h.who(t, h.signIn(t, "binh"))
		begun, made, err := h.BeginTOTP(ctx, anh)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.FinishTOTP(ctx, binh, begun, h.code(t, made.Secret))
		wantCode(t, err, agenda.Unauthenticated)
		_, err = h.SignInFactor(ctx, begun, h.code(t, made.Secret), "", here) // of another kind
		wantCode(t, err, agenda.Unauthenticated)
		_, err = h.FinishTOTP(ctx, anh, begun, "12345")
		wantCode(t, err, agenda.Invalid)
		if err := h.RevokeOtherLogins(ctx, anh); err != nil {
			t.Fatal(err)
		}
		_, err = h.FinishTOTP(ctx, anh, begun, h.code(t, made.Secret))
		wantCode(t, err, agenda.Unauthenticated)
	})
}

func TestConfirmWithASecondFactor(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		secret := h.signIn(t, "anh")
		key, recovery := h.totp(t, secret)
		h.pass(time.Hour)
		who := h.who(t, secret)
		confirm := func(password, code string) (err error) {
			next, err := h.Confirm(ctx, who, password, code)
			if err == nil {
				secret = next
			}
			return err
		}
		wantCode(t, confirm(password, ""), agenda.Invalid)
		wantCode(t, confirm(another, h.code(t, key)), agenda.Invalid)
		wantCode(t, confirm(password, h.code(t, key)), "")
		wantCode(t, confirm(password, h.code(t, key)), agenda.Invalid)
		wantCode(t, confirm(password, recovery[0]), "")
		if err := h.RemoveTOTP(ctx, h.who(t, secret)); err != nil {
			t.Fatal(err)
		}
		h.signIn(t, "anh")
		wantCounts(t, atOnce(30, func(int) error { return confirm(another, "") }), map[agenda.Code]int{agenda.Invalid: 10, agenda.TooMany: 20})
	})
}
