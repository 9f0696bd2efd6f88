package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
)

// What is told of an account that is not there, is disabled or has no password, and what that costs, is what a wrong password
// gets.
func TestHoleV37UnknownAccountsCostAsMuch(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "known")
		off := h.account(t, "off")
		h.admin(t, "admin")
		must[agenda.Account](t)(h.CreateAccount(ctx, operator, agenda.Account{Email: email("bare"), Name: "Bare"}, ""))
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Revision(1), off.ID, false, true))
		for name, typed := range map[string]string{"nobody@example.org": password, email("known"): another, email("off"): password, email("bare"): "",
			"": "", "\x00\xff": password, "KNOWN@example.org ": strings.Repeat("x", 100_000)} {
			before := h.passwords.Hashes()
			_, err := h.SignIn(ctx, name, typed, "", here)
			e := wantCode(t, err, agenda.Unauthenticated)
			if e.Message != "This e-mail address and this password do not open an account." {
				t.Errorf("%q is told %q", name, e.Message)
			}
			if n := h.passwords.Hashes() - before; n != 1 {
				t.Errorf("%q cost %d hashes", name, n)
			}
		}
		before := h.passwords.Hashes()
		secret := must[app.Entry](t)(h.SignIn(ctx, " KNOWN@Example.org", password, "", here)).Secret
		if n := h.passwords.Hashes() - before; n != 1 {
			t.Errorf("the right password cost %d hashes", n)
		}
		who := h.who(t, secret)
		if who.Account.Email != email("known") || who.Login.Method != agenda.ByPassword || who.Login.Address != here.Address || who.Login.Agent != here.Agent ||
			who.Actor.Kind != agenda.AccountHolder || who.Actor.ID != who.Account.ID || len(who.Actor.Grants) != 0 {
			t.Errorf("signed in is %+v", who)
		}
	})
}

// When passwords cost more than they did, each is hashed anew when it is typed, and not changed by that.
func TestPasswordsAreHashedAnew(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		dear := cheap
		dear.Passes = 2
		h = h.as(func(o *app.Options) { o.Passwords = credential.NewPasswords(dear) })
		wantCounts(t, atOnce(4, func(int) error { _, err := h.SignIn(ctx, email("anh"), password, "", here); return err }), map[agenda.Code]int{"": 4})
		if kept := h.who(t, h.signIn(t, "anh")).Account.Password; !strings.Contains(kept, "t=2") {
			t.Errorf("kept is %s", kept)
		}
		before := h.passwords.Hashes()
		h.signIn(t, "anh")
		if n := h.passwords.Hashes() - before; n != 1 {
			t.Errorf("then it cost %d hashes", n)
		}
	})
}

// A password that is changed while the old one is verified stays changed, and the old one lets nobody in.
func TestAnOldPasswordDoesNotComeBack(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		account := h.account(t, "anh")
		dear := cheap
		dear.Passes = 3
		dear.Memory = 4 << 10
		h = h.as(func(o *app.Options) { o.Passwords = credential.NewPasswords(dear) })
		for round := range 10 {
			secret := must[string](t)(h.MakeReset(ctx, operator, account.Email))
			next, last := fmt.Sprint(another, round), fmt.Sprint(another, round-1)
			if round == 0 {
				last = password
			}
			done := make(chan error)
			go func() { _, err := h.SignIn(ctx, account.Email, last, "", here); done <- err }()
			if err := h.Reset(ctx, secret, next, app.From{Address: "192.0.2.9"}); err != nil {
				t.Fatal(err)
			}
			if code := agenda.CodeOf(<-done); code != "" && code != agenda.Unauthenticated {
				t.Fatalf("the old password got %q", code)
			}
			h.pass(time.Hour)
			_, err := h.SignIn(ctx, account.Email, last, "", here)
			wantCode(t, err, agenda.Unauthenticated)
			must[app.Entry](t)(h.SignIn(ctx, account.Email, next, "", here))
		}
	})
}

// A hundred at once are no more than ten in a row; who waits gets in, and is told how long.
func TestGuessingIsSlow(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		wantCounts(t, atOnce(100, func(i int) error {
			_, err := h.SignIn(ctx, email("anh"), another, "", app.From{Address: fmt.Sprint("192.0.2.", i)})
			return err
		}), map[agenda.Code]int{agenda.Unauthenticated: 10, agenda.TooMany: 90})
		h.pass(5 * time.Minute)
		_, err := h.SignIn(ctx, email("anh"), password, "", here)
		if e := wantCode(t, err, agenda.TooMany); e.Wait != 10*time.Minute {
			t.Errorf("wait %v", e.Wait)
		}
		h.account(t, "binh")
		h.signIn(t, "binh") // others are not held up
		h.pass(10 * time.Minute)
		h.signIn(t, "anh") // what was refused did not count
		for range 9 {
			_, err := h.SignIn(ctx, email("anh"), another, "", here)
			wantCode(t, err, agenda.Unauthenticated)
		}
		h.signIn(t, "anh") // which clears
		for range 10 {
			_, err := h.SignIn(ctx, email("anh"), another, "", here)
			wantCode(t, err, agenda.Unauthenticated)
		}
		_, err = h.SignIn(ctx, email("anh"), password, "", here)
		wantCode(t, err, agenda.TooMany)
	})
}

func TestGuessingFromOneAddressIsSlow(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		wantCounts(t, atOnce(120, func(i int) error { _, err := h.SignIn(ctx, email(fmt.Sprint(i)), another, "", here); return err }),
			map[agenda.Code]int{agenda.Unauthenticated: 100, agenda.TooMany: 20})
		_, err := h.SignIn(ctx, email("anh"), password, "", here)
		if e := wantCode(t, err, agenda.TooMany); e.Wait != 15*time.Minute {
			t.Errorf("wait %v", e.Wait)
		}
		wantCode(t, h.AskReset(ctx, email("anh"), base, here), "") // other ways in are not shut
		must[app.Entry](t)(h.SignIn(ctx, email("anh"), password, "", app.From{Address: "192.0.2.2"}))
		h.pass(15 * time.Minute)
		h.signIn(t, "anh")
	})
}
