package app_test

import (
	"context"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func TestLoginsEnd(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		account := h.account(t, "anh")
		h.admin(t, "admin")
		first := h.signIn(t, "anh")
		second := must[app.Entry](t)(h.SignIn(ctx, email("anh"), password, first, here)).Secret
		h.out(t, first)
		if first == second {
			t.Error("the secret stayed the same")
		}
		third := h.signIn(t, "anh")
		h.pass(11 * time.Hour)
		h.who(t, second)
		h.pass(time.Hour)
		h.out(t, third) // idle since twelve hours
		logins := must[[]agenda.Login](t)(h.Logins(ctx, h.who(t, second)))
		if len(logins) != 1 || logins[0].ID != h.who(t, second).Login.ID {
			t.Errorf("the logins are %+v", logins)
		}
		for range 6*24/11 + 1 { // used all the time, and ended after a week all the same
			h.pass(11 * time.Hour)
			h.who(t, second)
		}
		h.pass(agenda.LoginLife - 12*time.Hour - time.Duration(6*24/11+1)*11*time.Hour)
		h.out(t, second)

		one, two, three := h.signIn(t, "anh"), h.signIn(t, "anh"), h.signIn(t, "anh")
		wantCode(t, h.RevokeLogin(ctx, h.who(t, h.signIn(t, "admin")), h.who(t, one).Login.ID), agenda.NotFound)
		if err := h.SignOut(ctx, h.who(t, one)); err != nil {
			t.Fatal(err)
		}
		h.out(t, one)
		if err := h.RevokeOtherLogins(ctx, h.who(t, two)); err != nil {
			t.Fatal(err)
		}
		h.out(t, three)
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Revision(1), account.ID, false, true))
		h.out(t, two)
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Revision(2), account.ID, false, false))
		h.out(t, two)
	})
}

// What changes how one signs in ends all other logins, and needs a proof of the last quarter of an hour.
func TestWhatIsDangerousNeedsAProof(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		secret := h.signIn(t, "anh")
		begun, made, err := h.BeginTOTP(ctx, h.who(t, secret))
		if err != nil {
			t.Fatal(err)
		}
		h.pass(agenda.ProofLife)
		who := h.who(t, secret)
		for name, fn := range map[string]func() error{
			"password":       func() error { _, err := h.ChangePassword(ctx, who, another, here); return err },
			"begin TOTP":     func() error { _, _, err := h.BeginTOTP(ctx, who); return err },
			"finish TOTP":    func() error { _, err := h.FinishTOTP(ctx, who, begun, h.code(t, made.Secret)); return err },
			"remove TOTP":    func() error { return h.RemoveTOTP(ctx, who) },
			"begin passkey":  func() error { _, _, err := h.BeginPasskey(ctx, who); return err },
			"finish passkey": func() error { _, err := h.FinishPasskey(ctx, who, begun, nil, ""); return err },
			"remove passkey": func() error { return h.RemovePasskey(ctx, who, "x") },
		} {
			if err := fn(); err != app.ErrProve {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = h.Confirm(ctx, who, another, "")
		wantCode(t, err, agenda.Invalid)
		before := secret
		secret = must[string](t)(h.Confirm(ctx, who, password, ""))
		h.out(t, before) // whoever had the secret and could not prove it
		if now := h.who(t, secret).Login; now.ID != who.Login.ID || !now.Expires.Equal(who.Login.Expires) {
			t.Errorf("the login is another one: %+v", now)
		}
		elsewhere := h.signIn(t, "anh")
		next := must[string](t)(h.ChangePassword(ctx, h.who(t, secret), another, here))
		h.out(t, secret)
		h.out(t, elsewhere)
		if l := h.letter(t); l.Detail != "The password of your account was changed." {
			t.Errorf("the letter is %+v", l)
		}
		_, err = h.SignIn(ctx, email("anh"), password, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		_, err = h.ChangePassword(ctx, h.who(t, next), "password1234", here)
		wantCode(t, err, agenda.Invalid)
		_, err = h.ChangePassword(ctx, who, password, here) // the login has ended meanwhile
		wantCode(t, err, agenda.Forbidden)
		who.Login.Confirmed = h.who(t, next).Login.Confirmed
		_, err = h.ChangePassword(ctx, who, password, here)
		wantCode(t, err, agenda.Unauthenticated)
	})
}
