package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/oidctest"
)

const callback = "http://127.0.0.1:1/auth/callback" // nobody is asked there

func alice(change func(*credential.Identity)) credential.Identity {
	i := credential.Identity{Issuer: "https://id.example.org", Subject: "alice", Email: "Alice@Example.org", EmailVerified: true, Name: "Alice",
		Proved: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} // whatever the clock of the test shows: just now
	if change != nil {
		change(&i)
	}
	return i
}

// An account that somebody made for an address that is not theirs does not get its owner's sign-on, nor keep what they had when
// the owner takes it over.
func TestHoleV35UnverifiedAddressesAreNotLinked(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		silent := h.as(func(o *app.Options) { o.Post = nil })
		// An owner invites an address, follows the link in its place, and stays.
		done := must[app.Invitation](t)(silent.InviteMember(ctx, operator, slug, email("alice"), []agenda.MemberRole{agenda.Viewer}, base, "en"))
		login := must[string](t)(silent.AcceptInvitation(ctx, done.Secret, agenda.Account{Name: "Not Alice"}, password, here))
		trojan := h.who(t, login)
		d, _ := h.device(t, trojan)
		h.totp(t, login)
		_, err := app.EnterAs(h.App, ctx, "", false, alice(nil), "", here)
		wantCode(t, err, agenda.Forbidden)
		_, err = app.EnterAs(h.App, ctx, trojan.Account.ID, true, alice(func(i *credential.Identity) { i.Subject = "mallory" }), "", here)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.InviteMember(ctx, operator, slug, email("alice"), []agenda.MemberRole{agenda.Owner}, base, "en")
		wantCode(t, err, agenda.Taken)

		if err := h.AskReset(ctx, email("alice"), base, here); err != nil {
			t.Fatal(err)
		}
		var secret string
		for secret == "" {
			if l := h.letter(t); l.Kind == agenda.LetterReset {
				secret = secretOf(t, l, "/reset")
			}
		}
		if err := h.Reset(ctx, secret, another, here); err != nil {
			t.Fatal(err)
		}
		_, err = h.enter(t, d)
		wantCode(t, err, agenda.Unauthenticated)
		_, err = h.SignIn(ctx, email("alice"), password, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		if entry := must[app.Entry](t)(h.SignIn(ctx, email("alice"), another, "", here)); entry.Secret == "" {
			t.Error("the second factor of somebody else is asked for")
		}
		who := h.who(t, must[string](t)(app.EnterAs(h.App, ctx, "", false, alice(nil), "", here))) // now it is known to be hers
		if who.Account.ID != trojan.Account.ID || who.Login.Method != agenda.ByProvider {
			t.Errorf("signed in is %+v", who)
		}
		_, err = app.EnterAs(h.App, ctx, "", false, alice(func(i *credential.Identity) { i.Subject, i.EmailVerified = "mallory", false }), "", here)
		wantCode(t, err, agenda.Forbidden)
	})
}

// An owner who made an account for somebody's address gets nothing that another event's owner means for them.
func TestHoleV35UnprovedAccountsAreGivenNothing(t *testing.T) {
	inHouse(t, func(o *app.Options) { o.Post = nil }, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		mallory := h.member(t, "mallory", agenda.Owner)
		other := agenda.Event{Slug: "other", Zone: "Europe/Paris", Name: agenda.Text{"en": "Other"}, Languages: []string{"en"}, StartDate: "2025-10-27", EndDate: "2025-10-27"}
		_, _, err := h.CreateEvent(ctx, operator, other, app.Once{})
		wantCode(t, err, "")
		h.account(t, "owner")
		invite := func(actor agenda.Actor, at, who string, role agenda.MemberRole) (app.Invitation, error) {
			return h.InviteMember(ctx, actor, at, email(who), []agenda.MemberRole{role}, base, "en")
		}
		must[app.Invitation](t)(invite(operator, "other", "owner", agenda.Owner))
		owner := h.who(t, h.signIn(t, "owner")).Actor
		done := must[app.Invitation](t)(invite(mallory, slug, "victim", agenda.Viewer))
		trojan := must[string](t)(h.AcceptInvitation(ctx, done.Secret, agenda.Account{Name: "Not them"}, password, here))
		_, err = invite(owner, "other", "victim", agenda.Protocol)
		wantCode(t, err, agenda.Taken)
		if members := h.who(t, trojan).Members; len(members) != 1 {
			t.Errorf("they are %+v", members)
		}
		must[app.Invitation](t)(invite(operator, "other", "victim", agenda.Viewer)) // who runs the server knows
	})
}

func TestIdentities(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		enter := func(signedIn agenda.ID, proved bool, i credential.Identity) (string, error) {
			return app.EnterAs(h.App, ctx, signedIn, proved, i, "", here)
		}
		for name, change := range map[string]func(*credential.Identity){
			"not invited, in no group": nil,
			"no address":               func(i *credential.Identity) { i.Email = "" },
			"not verified":             func(i *credential.Identity) { i.EmailVerified = false },
			"a zero in the address":    func(i *credential.Identity) { i.Email = "a\x00@example.org" },
		} {
			_, err := enter("", false, alice(change))
			if code := agenda.CodeOf(err); code != agenda.Forbidden {
				t.Errorf("%s: %q, %v", name, code, err)
			}
		}
		account := h.account(t, "alice")
		who := h.who(t, must[string](t)(enter("", false, alice(nil))))
		if who.Account.ID != account.ID || !who.Login.Proved(who.Login.Created) {
			t.Errorf("signed in is %+v", who)
		}
		if l := h.letter(t); l.To != email("alice") || l.Detail != "A single sign-on was linked to your account." {
			t.Errorf("the letter is %+v", l)
		}
		// From now on the address does not matter.
		who = h.who(t, must[string](t)(enter("", false, alice(func(i *credential.Identity) { i.Email, i.EmailVerified = email("else"), false }))))
		if who.Account.ID != account.ID {
			t.Errorf("signed in is %+v", who)
		}
		h.noLetter(t)

		binh := h.account(t, "binh")
		_, err := enter(binh.ID, true, alice(nil))
		wantCode(t, err, agenda.Taken)
		second := alice(func(i *credential.Identity) { i.Subject, i.Email, i.EmailVerified = "other", "", false })
		if _, err = enter(binh.ID, false, second); err != app.ErrProve {
			t.Fatalf("the error is %v", err)
		}
		must[string](t)(enter(binh.ID, true, second))
		if who := h.who(t, must[string](t)(enter("", false, second))); who.Account.ID != binh.ID {
			t.Errorf("signed in is %+v", who)
		}
		if who := h.who(t, must[string](t)(enter(binh.ID, false, second))); !who.Login.Proved(who.Login.Created) {
			t.Errorf("signed in is %+v", who)
		}
		h.admin(t, "admin")
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Match{Any: true}, binh.ID, false, true))
		_, err = enter("", false, second)
		wantCode(t, err, agenda.Unauthenticated)
	})
}

// The provider may know a browser for days: that it lets somebody in proves nothing anew. An address that was given to a
// successor is not theirs here.
func TestWhatAProviderDoesNotProve(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "alice")
		enter := func(change func(*credential.Identity)) (app.SignedIn, error) {
			secret, err := app.EnterAs(h.App, ctx, "", false, alice(change), "", here)
			if err != nil {
				return app.SignedIn{}, err
			}
			return h.who(t, secret), nil
		}
		now := time.UnixMilli(h.clock.Load())
		for name, c := range map[string]struct {
			proved time.Time
			fresh  bool
		}{"now": {now, true}, "just before": {now.Add(-time.Minute), true}, "an hour ago": {now.Add(-time.Hour), false}, "not said": {time.Time{}, false}} {
			who, err := enter(func(i *credential.Identity) { i.Proved = c.proved })
			if err != nil || who.Login.Proved(now) != c.fresh {
				t.Errorf("proved %s: it counts as %v, %v", name, who.Login.Proved(now), err)
			}
			if _, _, err := h.BeginTOTP(ctx, who); (err == nil) != c.fresh {
				t.Errorf("proved %s: a second factor: %v", name, err)
			}
		}
		_, err := enter(func(i *credential.Identity) { i.Subject = "successor" })
		wantCode(t, err, agenda.Forbidden)
	})
}

// What was linked can be unlinked, while there is another way to sign in.
func TestIdentitiesAreUnlinked(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "alice")
		elsewhere := h.signIn(t, "alice")
		who := h.who(t, must[string](t)(app.EnterAs(h.App, ctx, "", false, alice(nil), "", here)))
		h.out(t, elsewhere) // somebody else may have been there
		if list := must[[]agenda.Identity](t)(h.Identities(ctx, who)); len(list) != 1 || list[0].Subject != "alice" {
			t.Errorf("linked are %+v", list)
		}
		wantCode(t, h.RemoveIdentities(ctx, who), "")
		_, err := app.EnterAs(h.App, ctx, "", false, alice(func(i *credential.Identity) { i.EmailVerified = false }), "", here)
		wantCode(t, err, agenda.Forbidden)

		h = h.as(func(o *app.Options) { o.Groups = []app.GroupRole{{Group: "it"}} })
		only := alice(func(i *credential.Identity) { i.Subject, i.Email, i.Groups = "only", email("only"), []string{"it"} })
		wantCode(t, h.RemoveIdentities(ctx, h.who(t, must[string](t)(app.EnterAs(h.App, ctx, "", false, only, "", here)))), agenda.Taken)
	})
}

// Who was invited comes in by single sign-on and needs no password; one account is a member wherever its address was invited.
func TestInvitedPeopleComeBySingleSignOn(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		named := map[agenda.ID]string{}
		for _, at := range []string{slug, "second", "third"} {
			e := agenda.Event{Slug: at, Zone: "Asia/Ho_Chi_Minh", Name: agenda.Text{"en": at}, Languages: []string{"en"}, StartDate: "2025-10-27", EndDate: "2025-10-27"}
			made, _, err := h.CreateEvent(ctx, operator, e, app.Once{})
			wantCode(t, err, "")
			named[made.ID] = at
		}
		invite := func(at, who string, role agenda.MemberRole) app.Invitation {
			return must[app.Invitation](t)(h.InviteMember(ctx, operator, at, email(who), []agenda.MemberRole{role}, base, "en"))
		}
		roles := func(secret string) (have []string) {
			for _, m := range h.who(t, secret).Members {
				have = append(have, fmt.Sprint(named[m.EventID], m.Roles))
			}
			slices.Sort(have)
			return have
		}
		invite("third", "alice", agenda.Owner)
		h.pass(agenda.InviteLife) // too old by now
		invite(slug, "alice", agenda.Editor)
		invite("second", "alice", agenda.Viewer)
		_, err := app.EnterAs(h.App, ctx, "", false, alice(func(i *credential.Identity) { i.EmailVerified = false }), "", here)
		wantCode(t, err, agenda.Forbidden)
		secret := must[string](t)(app.EnterAs(h.App, ctx, "", false, alice(nil), "", here))
		if have := roles(secret); !slices.Equal(have, []string{slug + "[editor]", "second[viewer]"}) {
			t.Errorf("the invited is %v", have)
		}
		if _, open, _ := h.Members(ctx, operator, slug); len(open) != 0 {
			t.Errorf("%d invitations are left", len(open))
		}

		for range 3 {
			h.letter(t)
		}
		invite(slug, "binh", agenda.Viewer)
		first := secretOf(t, h.letter(t), "/invitation")
		invite("second", "binh", agenda.Editor)
		second := secretOf(t, h.letter(t), "/invitation")
		secret = must[string](t)(h.AcceptInvitation(ctx, first, agenda.Account{Name: "Bình"}, password, here))
		if have := roles(secret); !slices.Equal(have, []string{slug + "[viewer]", "second[editor]"}) {
			t.Errorf("who followed one of two is %v", have)
		}
		_, err = h.AcceptInvitation(ctx, second, agenda.Account{Name: "Bình"}, password, here)
		wantCode(t, err, agenda.NotFound)
	})
}

// What groups decide follows them at each sign-in, and what they do not stays; what is taken away ends the tokens made with it.
func TestGroupsGiveAndTake(t *testing.T) {
	inHouse(t, func(o *app.Options) {
		o.Groups = []app.GroupRole{{Group: "it", Role: ""}, {Group: "owners", Event: slug, Role: agenda.Owner}, {Group: "desk", Event: slug, Role: agenda.CheckIn},
			{Group: "staff", Event: slug, Role: agenda.CheckIn}, {Group: "staff", Event: "not-yet", Role: agenda.Owner}}
	}, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		enter := func(groups ...string) app.SignedIn {
			return h.who(t, must[string](t)(app.EnterAs(h.App, ctx, "", false, alice(func(i *credential.Identity) { i.Groups = groups }), "", here)))
		}
		roles := func(account agenda.ID) []agenda.MemberRole {
			members, _, err := h.Members(ctx, operator, slug)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range members {
				if m.AccountID == account {
					return m.Roles
				}
			}
			return nil
		}
		check := func(who app.SignedIn, admin bool, want ...agenda.MemberRole) {
			t.Helper()
			if got := roles(who.Account.ID); !slices.Equal(got, want) || who.Account.Admin != admin {
				t.Errorf("roles %v, admin %t; want %v, %t", got, who.Account.Admin, want, admin)
			}
		}
		who := enter("staff", "elsewhere")
		check(who, false, agenda.CheckIn)
		who = enter("it", "owners", "desk")
		check(who, true, agenda.Owner, agenda.CheckIn)
		_, here, err := h.CreateToken(ctx, who.Actor, slug, agenda.Token{Name: "Bot", Scopes: []agenda.Verb{agenda.EditEvent}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		_, everywhere, err := h.CreateToken(ctx, who.Actor, "", agenda.Token{Name: "Bot", Scopes: []agenda.Verb{agenda.CreateEvents}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		must[agenda.Member](t)(h.SetRoles(ctx, operator, slug, app.Match{Any: true}, h.member(t, "keeper", agenda.Owner).ID, []agenda.MemberRole{agenda.Owner}))
		must[agenda.Actor](t)(h.Authenticate(ctx, here, ""))
		wantCounts(t, atOnce(4, func(int) error {
			_, err := app.EnterAs(h.App, ctx, "", false, alice(func(i *credential.Identity) { i.Groups = []string{"desk"} }), "", app.From{})
			return err
		}), map[agenda.Code]int{"": 4})
		check(enter("desk"), false, agenda.CheckIn)
		for _, secret := range []string{here, everywhere} {
			_, err = h.Authenticate(ctx, secret, "")
			wantCode(t, err, agenda.Unauthenticated)
		}
		must[agenda.Member](t)(h.SetRoles(ctx, operator, slug, app.Match{Any: true}, who.Account.ID, []agenda.MemberRole{agenda.CheckIn, agenda.Editor}))
		check(enter(), false, agenda.Editor)
		check(enter("owners"), false, agenda.Owner, agenda.Editor)
	})
}

// The whole way, with a real provider.
func TestSignInAtAProvider(t *testing.T) {
	op := oidctest.Start(t, callback)
	inHouse(t, func(o *app.Options) {
		var err error
		if o.Provider, err = credential.NewProvider(credential.ProviderConfig{Issuer: op.Issuer, ClientID: oidctest.Client, ClientSecret: oidctest.Secret,
			RedirectURL: callback, GroupsClaim: "groups"}); err != nil {
			t.Fatal(err)
		}
		o.Now = nil // its tokens are of now
	}, func(t *testing.T, h house) {
		ctx := context.Background()
		h.account(t, "alice")
		h.account(t, "bob")
		address, ceremony, err := h.BeginProvider(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		query := op.SignIn(t, address, "alice").Query()
		_, err = h.FinishProvider(ctx, "another", query, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		secret := must[string](t)(h.FinishProvider(ctx, ceremony, query, "", here))
		who := h.who(t, secret)
		if who.Account.Email != email("alice") || who.Login.Method != agenda.ByProvider {
			t.Errorf("signed in is %+v", who)
		}
		_, err = h.FinishProvider(ctx, ceremony, query, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		if address, ceremony, err = h.BeginProvider(ctx, nil); err != nil {
			t.Fatal(err)
		}
		_, err = h.FinishProvider(ctx, ceremony, op.SignIn(t, address, "bob").Query(), "", here) // of whom it does not vouch for the address
		wantCode(t, err, agenda.Forbidden)
		if address, ceremony, err = h.BeginProvider(ctx, &who); err != nil {
			t.Fatal(err)
		}
		again := must[string](t)(h.FinishProvider(ctx, ceremony, op.SignIn(t, address, "alice").Query(), secret, here))
		h.out(t, secret)
		h.who(t, again)
		if address, ceremony, err = h.BeginProvider(ctx, nil); err != nil {
			t.Fatal(err)
		}
		_, err = h.FinishProvider(ctx, ceremony, op.Refuse(t, address).Query(), "", here)
		wantCode(t, err, agenda.Forbidden)
	})
}
