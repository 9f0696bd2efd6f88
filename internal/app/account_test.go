package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func TestSetUpOnce(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		older := must[string](t)(h.OpenSetup(ctx))
		secret := must[string](t)(h.OpenSetup(ctx))
		_, err := h.SetUp(ctx, older, agenda.Account{Email: "a@example.org", Name: "A"}, password, here)
		wantCode(t, err, agenda.NotFound)
		_, err = h.AcceptInvitation(ctx, secret, agenda.Account{Email: "a@example.org", Name: "A"}, password, here)
		wantCode(t, err, agenda.NotFound)
		_, err = h.SetUp(ctx, secret, agenda.Account{Email: "nowhere"}, "short", here)
		if e := wantCode(t, err, agenda.Invalid); len(e.Faults) != 3 {
			t.Errorf("faults are %v", e.Faults)
		}
		logins := make([]string, 4)
		wantCounts(t, atOnce(4, func(i int) (err error) {
			logins[i], err = h.SetUp(ctx, secret, agenda.Account{Email: "a" + string(rune('0'+i)) + "@example.org", Name: "A"}, password, here)
			return err
		}), map[agenda.Code]int{"": 1, agenda.NotFound: 3})
		who := h.who(t, strings.Join(logins, ""))
		if !who.Account.Admin || who.Account.EmailVerified || agenda.Authorize(who.Actor, agenda.CreateEvents, "") != nil || who.Login.Method != agenda.ByLink {
			t.Errorf("the first is %+v", who)
		}
		if again := must[string](t)(h.OpenSetup(ctx)); again != "" {
			t.Error("there is an account, and a link to make the first one")
		}
	})
}

// Several programs that start on one database leave one link, and an account that was made otherwise ends it.
func TestSetUpAtOnce(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		secrets := make([]string, 4)
		wantCounts(t, atOnce(4, func(i int) (err error) { secrets[i], err = h.OpenSetup(ctx); return err }), map[agenda.Code]int{"": 4})
		working := ""
		for _, s := range secrets {
			if _, _, err := h.AccountLink(ctx, s, agenda.ForSetup, here); err == nil {
				working += s
			}
		}
		if len(working) != 43 {
			t.Fatalf("%d characters of secrets work", len(working))
		}
		h.pass(agenda.SetupLife)
		_, err := h.SetUp(ctx, working, agenda.Account{Email: "a@example.org", Name: "A"}, password, here)
		wantCode(t, err, agenda.NotFound)
		working = must[string](t)(h.OpenSetup(ctx))
		h.account(t, "made-by-the-command")
		_, err = h.SetUp(ctx, working, agenda.Account{Email: "a@example.org", Name: "A"}, password, here)
		wantCode(t, err, agenda.NotFound)
	})
}

func TestReset(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		off := h.account(t, "off")
		h.admin(t, "admin")
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Revision(1), off.ID, false, true))
		for _, name := range []string{email("nobody"), email("off"), "", "a\x00\xff"} {
			if err := h.AskReset(ctx, name, base, here); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
		h.noLetter(t)
		ask := func() string {
			if err := h.AskReset(ctx, "Anh@Example.org ", base, here); err != nil {
				t.Fatal(err)
			}
			l := h.letter(t)
			if l.Kind != agenda.LetterReset || l.To != email("anh") || l.Name != "anh" || l.Expires.Sub(time.UnixMilli(h.clock.Load())) != time.Hour {
				t.Errorf("the letter is %+v", l)
			}
			return secretOf(t, l, "/reset")
		}
		login, first, second := h.signIn(t, "anh"), ask(), ask()
		wantCode(t, h.Reset(ctx, first, another, here), agenda.NotFound)
		wantCode(t, h.Reset(ctx, second, "password1234", here), agenda.Invalid)
		h.who(t, login)
		wantCounts(t, atOnce(4, func(int) error { return h.Reset(ctx, second, another, here) }), map[agenda.Code]int{"": 1, agenda.NotFound: 3})
		h.out(t, login)
		if l := h.letter(t); l.Kind != agenda.LetterNotice || l.Detail != "The password of your account was changed." {
			t.Errorf("the letter is %+v", l)
		}
		must[app.Entry](t)(h.SignIn(ctx, email("anh"), another, "", here))
		third := ask()
		wantCode(t, h.AskReset(ctx, email("anh"), base, here), agenda.TooMany)
		h.pass(agenda.ResetLife)
		wantCode(t, h.Reset(ctx, third, password, here), agenda.NotFound)

		shown := must[string](t)(h.MakeReset(ctx, operator, email("anh")))
		who := h.who(t, must[app.Entry](t)(h.SignIn(ctx, email("anh"), another, "", here)).Secret)
		must[string](t)(h.ChangePassword(ctx, who, password, here))
		wantCode(t, h.Reset(ctx, shown, another, here), agenda.NotFound) // the change ended it
		_, err := h.MakeReset(ctx, who.Actor, email("admin"))
		wantCode(t, err, agenda.Forbidden)
	})
}

func TestResetWithoutMail(t *testing.T) {
	inHouse(t, func(o *app.Options) { o.Post = nil }, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		if err := h.AskReset(ctx, email("anh"), base, here); err != nil || h.HasMail() {
			t.Errorf("%v, mail: %t", err, h.HasMail())
		}
		if values := strings.Join(h.values(t), "\n"); strings.Contains(values, "account.ask_reset") {
			t.Error("a link was made that nobody gets")
		}
		if err := h.Reset(ctx, must[string](t)(h.MakeReset(ctx, operator, email("anh"))), another, here); err != nil {
			t.Fatal(err)
		}
	})
}

// A reset lets in who knows the password alone: the second factor stays.
func TestResetKeepsTheSecondFactor(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		key, _ := h.totp(t, h.signIn(t, "anh"))
		h.pass(time.Minute)
		begun := h.factor(t, "anh")
		if err := h.Reset(ctx, must[string](t)(h.MakeReset(ctx, operator, email("anh"))), another, here); err != nil {
			t.Fatal(err)
		}
		_, err := h.SignInFactor(ctx, begun, h.code(t, key), "", here) // that of the old password
		wantCode(t, err, agenda.Unauthenticated)
		entry := must[app.Entry](t)(h.SignIn(ctx, email("anh"), another, "", here))
		if entry.Secret != "" {
			t.Fatal("the second factor is gone")
		}
		must[string](t)(h.SignInFactor(ctx, entry.SecondFactor, h.code(t, key), "", here))
	})
}

func TestAdministrators(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		one, two := h.admin(t, "one"), h.admin(t, "two")
		actor := func(name string) agenda.Actor { return h.who(t, h.signIn(t, name)).Actor }
		first, second := actor("one"), actor("two")
		_, err := h.CreateAccount(ctx, first, agenda.Account{Email: email("one"), Name: "again"}, "")
		wantCode(t, err, agenda.Taken)
		_, err = h.CreateAccount(ctx, first, agenda.Account{Email: "nowhere", Name: "x"}, password)
		wantCode(t, err, agenda.Invalid)
		everywhere := agenda.Token{Name: "Bot", Scopes: []agenda.Verb{agenda.CreateEvents}}
		_, secret, err := h.CreateToken(ctx, first, "", everywhere, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		if _, _, err := h.CreateEvent(ctx, bot, agenda.Event{Slug: "new", Name: agenda.Text{"en": "New"}, Zone: "UTC", StartDate: "2026-03-28", EndDate: "2026-03-28",
			Languages: []string{"en"}}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		everywhere.Scopes = []agenda.Verb{agenda.ReadDraft}
		_, _, err = h.CreateToken(ctx, first, "", everywhere, app.Once{})
		wantCode(t, err, agenda.Forbidden) // who makes events does not see those of others

		// Of two who take it from each other at once, one stays.
		wantCounts(t, atOnce(2, func(i int) error {
			if i == 0 {
				_, err := h.SetAccount(ctx, first, app.Revision(1), two.ID, false, false)
				return err
			}
			_, err := h.SetAccount(ctx, second, app.Revision(1), one.ID, false, true)
			return err
		}), map[agenda.Code]int{"": 1, agenda.Taken: 1})
		if _, err := h.Authenticate(ctx, secret, ""); err != nil { // it was not the first one
			if _, err := h.SetAccount(ctx, second, app.Revision(2), one.ID, true, false); err != nil {
				t.Fatal(err)
			}
		} else {
			must[agenda.Account](t)(h.SetAccount(ctx, first, app.Revision(2), two.ID, true, false))
			must[agenda.Account](t)(h.SetAccount(ctx, first, app.Revision(1), one.ID, false, false))
		}
		_, err = h.Authenticate(ctx, secret, "")
		wantCode(t, err, agenda.Unauthenticated)
		list, _, err := h.Accounts(ctx, operator, app.Page{})
		if err != nil || len(list) != 2 {
			t.Errorf("%d accounts, %v", len(list), err)
		}
	})
}

func TestNames(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "anh")
		who := h.who(t, h.signIn(t, "anh"))
		wantCounts(t, atOnce(8, func(int) error { _, err := h.SetName(ctx, who, " Á\nnh ", "vi"); return err }), map[agenda.Code]int{"": 8})
		_, err := h.SetName(ctx, who, "", "klingon, or so")
		if e := wantCode(t, err, agenda.Invalid); len(e.Faults) != 2 {
			t.Errorf("faults are %v", e.Faults)
		}
		if got := h.who(t, h.signIn(t, "anh")).Account; got.Name != "Á nh" || got.Language != "vi" {
			t.Errorf("the account is %+v", got)
		}
	})
}
