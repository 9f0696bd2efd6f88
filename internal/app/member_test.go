package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// One method for each verb; what a role may do is agenda's table, and that it is asked is what this shows.
func TestRolesDecide(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		roles := []agenda.MemberRole{agenda.Owner, agenda.Editor, agenda.Viewer, agenda.Protocol, agenda.CheckIn}
		members := map[agenda.MemberRole]agenda.Actor{}
		for _, r := range roles {
			members[r] = h.member(t, string(r), r)
		}
		h.account(t, "stranger")
		stranger := h.who(t, h.signIn(t, "stranger")).Actor
		for verb, fn := range map[agenda.Verb]func(agenda.Actor) error{
			agenda.SeeEvent: func(a agenda.Actor) error { _, err := h.Event(ctx, a, slug); return err },
			agenda.ReadPeople: func(a agenda.Actor) error {
				_, _, err := h.People(ctx, a, slug, app.PersonFilter{}, app.Page{})
				return err
			},
			agenda.ReadContacts: func(a agenda.Actor) error { _, err := h.Tables(ctx, a, slug, base); return err },
			agenda.ReadDraft:    func(a agenda.Actor) error { _, _, err := h.Conflicts(ctx, a, slug); return err },
			agenda.ReadMeetings: func(a agenda.Actor) error {
				_, _, _, err := h.Meetings(ctx, a, slug, app.MeetingFilter{}, app.Page{})
				return err
			},
			agenda.ReadActivity: func(a agenda.Actor) error {
				_, _, err := h.Activities(ctx, a, slug, app.ActivityFilter{}, app.Page{})
				return err
			},
			agenda.EditEvent: func(a agenda.Actor) error {
				_, err := h.MovePanel(ctx, a, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Match{Any: true}, Slot: f.at(0, "2026-03-28T10:00", "2026-03-28T11:00")})
				return err
			},
			agenda.PublishEvent: func(a agenda.Actor) error { _, err := h.Publish(ctx, a, slug, nil, nil, app.Once{}); return err },
			agenda.EditMeetings: func(a agenda.Actor) error {
				_, _, err := h.OpenFeed(ctx, a, slug, agenda.Feed{PersonID: f.people[0].ID, FeedSettings: agenda.FeedSettings{Name: "Phone"}}, app.Once{})
				return err
			},
			agenda.ManageAccess:  func(a agenda.Actor) error { _, _, err := h.Members(ctx, a, slug); return err },
			agenda.CreateEvents:  func(a agenda.Actor) error { _, _, err := h.Tokens(ctx, a, "", app.Page{}); return err },
			agenda.ManageAccount: func(a agenda.Actor) error { _, _, err := h.Accounts(ctx, a, app.Page{}); return err },
		} {
			for _, r := range roles {
				want := agenda.Forbidden
				if slices.Contains(r.Verbs(), verb) {
					want = ""
				}
				if got := agenda.CodeOf(fn(members[r])); got != want {
					t.Errorf("%s for the %s: %q, want %q", verb, r, got, want)
				}
			}
			want := agenda.NotFound
			if verb.OfInstallation() {
				want = agenda.Forbidden
			}
			if got := agenda.CodeOf(fn(stranger)); got != want {
				t.Errorf("%s for a stranger: %q, want %q", verb, got, want)
			}
			if got := agenda.CodeOf(fn(here.Anonymous())); got != agenda.Unauthenticated {
				t.Errorf("%s for anybody: %q", verb, got)
			}
		}
	})
}

func TestInvitations(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		owner := h.member(t, "owner", agenda.Owner)
		invite := func(name string, roles ...agenda.MemberRole) app.Invitation {
			return must[app.Invitation](t)(h.InviteMember(ctx, owner, slug, " "+email(name), roles, base, "fr"))
		}
		_, err := h.InviteMember(ctx, owner, slug, "nowhere", []agenda.MemberRole{"king"}, base, "en")
		if e := wantCode(t, err, agenda.Invalid); len(e.Faults) != 2 {
			t.Errorf("faults are %v", e.Faults)
		}
		done := invite("new", agenda.Viewer, agenda.Editor, agenda.Viewer)
		if done.Member != nil || done.Secret != "" {
			t.Errorf("the invitation is %+v", done)
		}
		l := h.letter(t)
		if l.Kind != agenda.LetterInvite || l.To != email("new") || l.Language != "fr" || l.Event["en"] != "Forum" || l.Zone != "Europe/Paris" {
			t.Errorf("the letter is %+v", l)
		}
		older := secretOf(t, l, "/invitation")
		invite("new", agenda.Editor)
		secret := secretOf(t, h.letter(t), "/invitation")
		_, _, err = h.AccountLink(ctx, older, agenda.ForInvite, here)
		wantCode(t, err, agenda.NotFound)
		for range 3 { // scanners follow links
			link, event, err := h.AccountLink(ctx, secret, agenda.ForInvite, here)
			if err != nil || link.Email != email("new") || event.Slug != slug {
				t.Fatalf("%+v, %s, %v", link, event.Slug, err)
			}
		}
		logins := make([]string, 3)
		wantCounts(t, atOnce(3, func(i int) (err error) {
			logins[i], err = h.AcceptInvitation(ctx, secret, agenda.Account{Email: "other@example.org", Name: "New", Admin: true}, password, here)
			return err
		}), map[agenda.Code]int{"": 1, agenda.NotFound: 2})
		who := h.who(t, logins[0]+logins[1]+logins[2])
		if who.Account.Email != email("new") || !who.Account.EmailVerified || who.Account.Admin || agenda.Authorize(who.Actor, agenda.EditEvent, who.Actor.Grants[0].EventID) != nil {
			t.Errorf("the new one is %+v", who)
		}
		_, err = h.InviteMember(ctx, owner, slug, email("new"), []agenda.MemberRole{agenda.Owner}, base, "en")
		wantCode(t, err, agenda.Taken) // a member already
		members, invited, err := h.Members(ctx, owner, slug)
		if err != nil || len(members) != 2 || len(invited) != 0 {
			t.Errorf("%d members, %d invited, %v", len(members), len(invited), err)
		}

		late, back := invite("late", agenda.Viewer), invite("back", agenda.Viewer)
		letters := map[string]string{}
		for range 2 {
			l := h.letter(t)
			letters[l.To] = secretOf(t, l, "/invitation")
		}
		if err := h.CancelInvitation(ctx, owner, slug, back.Link.ID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.CancelInvitation(ctx, owner, slug, "x"), agenda.NotFound)
		_, err = h.AcceptInvitation(ctx, letters[email("back")], agenda.Account{Name: "Back"}, password, here)
		wantCode(t, err, agenda.NotFound)
		h.pass(late.Link.Expires.Sub(time.UnixMilli(h.clock.Load())))
		_, err = h.AcceptInvitation(ctx, letters[email("late")], agenda.Account{Name: "Late"}, password, here)
		wantCode(t, err, agenda.NotFound)
	})
}

// Who was invited and has not followed the link has no account, and so no right; what is theirs ends with what gave it.
func TestHoleV21InvitedIsNotMember(t *testing.T) {
	inHouse(t, func(o *app.Options) { o.Post = nil }, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		owner := h.member(t, "owner", agenda.Owner)
		done := must[app.Invitation](t)(h.InviteMember(ctx, owner, slug, email("new"), []agenda.MemberRole{agenda.Owner}, base, "en"))
		for _, secret := range []string{done.Secret, done.Link.Hash, string(done.Link.ID)} {
			h.out(t, secret)
			_, err := h.Authenticate(ctx, secret, "")
			wantCode(t, err, agenda.Unauthenticated)
		}
		_, err := h.SignIn(ctx, email("new"), password, "", here)
		wantCode(t, err, agenda.Unauthenticated)
		if members, _, _ := h.Members(ctx, owner, slug); len(members) != 1 {
			t.Fatalf("%d members", len(members))
		}
		login := must[string](t)(h.AcceptInvitation(ctx, done.Secret, agenda.Account{Name: "New"}, password, here))
		member := h.who(t, login)
		if member.Account.EmailVerified {
			t.Error("an address counts as theirs to which nothing was sent")
		}
		_, secret, err := h.CreateToken(ctx, member.Actor, slug, agenda.Token{Name: "Bot", Scopes: []agenda.Verb{agenda.ManageAccess}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		_, second, err := h.CreateToken(ctx, bot, slug, agenda.Token{Name: "Bot of a bot", Scopes: []agenda.Verb{agenda.ManageAccess}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.RemoveMember(ctx, owner, slug, app.Revision(1), member.Account.ID); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{secret, second} {
			_, err = h.Authenticate(ctx, s, "")
			wantCode(t, err, agenda.Unauthenticated)
		}
		_, err = h.Event(ctx, h.who(t, login).Actor, slug)
		wantCode(t, err, agenda.NotFound)
	})
}

func TestAnEventKeepsAnOwner(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		one, two := h.member(t, "one", agenda.Owner), h.member(t, "two", agenda.Owner, agenda.Protocol)
		_, err := h.SetRoles(ctx, one, slug, app.Revision(9), two.ID, []agenda.MemberRole{agenda.Viewer})
		wantCode(t, err, agenda.Stale)
		_, err = h.SetRoles(ctx, one, slug, app.Revision(1), two.ID, nil)
		wantCode(t, err, agenda.Invalid)
		wantCounts(t, atOnce(2, func(i int) error {
			if i == 0 {
				_, err := h.SetRoles(ctx, one, slug, app.Revision(1), two.ID, []agenda.MemberRole{agenda.Viewer})
				return err
			}
			return h.RemoveMember(ctx, two, slug, app.Revision(1), one.ID)
		}), map[agenda.Code]int{"": 1, agenda.Taken: 1})
		members, _, err := h.Members(ctx, operator, slug)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if slices.Contains(m.Roles, agenda.Owner) {
				wantCode(t, h.RemoveMember(ctx, operator, slug, app.Match{Any: true}, m.AccountID), agenda.Taken)
				must[agenda.Member](t)(h.SetRoles(ctx, operator, slug, app.Match{Any: true}, m.AccountID, []agenda.MemberRole{agenda.Protocol, agenda.Owner}))
			}
		}
	})
}

// Whoever makes an event owns it, and sees no other.
func TestHoleV23TwoEventsDoNotSeeEachOther(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		owner := h.member(t, "owner", agenda.Owner, agenda.Protocol)
		h.admin(t, "other")
		other := h.who(t, h.signIn(t, "other"))
		if _, _, err := h.CreateEvent(ctx, other.Actor, agenda.Event{Slug: "summit", Name: agenda.Text{"en": "Summit"}, Zone: "UTC", StartDate: "2026-03-28",
			EndDate: "2026-03-28", Languages: []string{"en"}}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		other = h.who(t, h.signIn(t, "other"))
		for actor, slugs := range map[string][2]string{"owner": {slug, "summit"}, "other": {"summit", slug}} {
			who := owner
			if actor == "other" {
				who = other.Actor
			}
			must[agenda.Event](t)(h.Event(ctx, who, slugs[0]))
			_, err := h.Event(ctx, who, slugs[1])
			wantCode(t, err, agenda.NotFound)
			events, _, err := h.Events(ctx, who, "", app.Page{})
			if err != nil || len(events) != 1 || events[0].Slug != slugs[0] {
				t.Errorf("%s sees %v, %v", actor, events, err)
			}
			_, err = h.InviteMember(ctx, who, slugs[1], email("owner"), []agenda.MemberRole{agenda.Owner}, base, "en")
			wantCode(t, err, agenda.NotFound)
			_, _, err = h.CreateToken(ctx, who, slugs[1], agenda.Token{Name: "x", Scopes: []agenda.Verb{agenda.SeeEvent}}, app.Once{})
			wantCode(t, err, agenda.NotFound)
		}
		// By the identifiers of the one, nothing is found at the other.
		for name, fn := range map[string]func() error{
			"panel":  func() error { _, err := h.Panel(ctx, other.Actor, "summit", f.panels[0].ID); return err },
			"person": func() error { _, err := h.Person(ctx, other.Actor, "summit", f.people[0].ID); return err },
			"room":   func() error { return h.DeleteRoom(ctx, other.Actor, "summit", app.Match{Any: true}, f.rooms[0].ID) },
			"member": func() error { return h.RemoveMember(ctx, other.Actor, "summit", app.Match{Any: true}, owner.ID) },
		} {
			if code := agenda.CodeOf(fn()); code != agenda.NotFound {
				t.Errorf("%s: %q", name, code)
			}
		}
	})
}

// A token is for its event and its scopes, and nobody gives more than they have.
func TestHoleV20TokensStayInTheirScope(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		owner := h.member(t, "owner", agenda.Owner)
		token := func(actor agenda.Actor, event string, expires *time.Time, scopes ...agenda.Verb) (agenda.Token, string, error) {
			return h.CreateToken(ctx, actor, event, agenda.Token{Name: "Bot", Scopes: scopes, Expires: expires}, app.Once{})
		}
		for _, v := range []agenda.Verb{agenda.ReadMeetings, agenda.EditMeetings} {
			_, _, err := token(owner, slug, nil, v)
			wantCode(t, err, agenda.Forbidden)
		}
		_, _, err := token(owner, slug, nil, agenda.CreateEvents)
		wantCode(t, err, agenda.Invalid)
		_, _, err = token(owner, "", nil, agenda.SeeEvent)
		wantCode(t, err, agenda.Forbidden)
		tomorrow, later := time.UnixMilli(h.clock.Load()).Add(24*time.Hour), time.UnixMilli(h.clock.Load()).Add(48*time.Hour)
		made, secret, err := token(owner, slug, &tomorrow, agenda.ManageAccess, agenda.ReadDraft)
		if err != nil || made.MadeBy != owner.ID {
			t.Fatalf("%+v, %v", made, err)
		}
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		_, _, err = token(bot, slug, &tomorrow, agenda.EditEvent)
		wantCode(t, err, agenda.Forbidden)
		for _, expires := range []*time.Time{nil, &later} {
			_, _, err = token(bot, slug, expires, agenda.ReadDraft)
			wantCode(t, err, agenda.Invalid)
		}
		if _, _, err = token(bot, slug, &tomorrow, agenda.ReadDraft); err != nil {
			t.Fatal(err)
		}
		_, err = h.Publish(ctx, bot, slug, nil, nil, app.Once{})
		wantCode(t, err, agenda.Forbidden)
		_, _, err = h.Accounts(ctx, bot, app.Page{})
		wantCode(t, err, agenda.Forbidden)
		if _, _, err := h.CreateEvent(ctx, operator, agenda.Event{Slug: "summit", Name: agenda.Text{"en": "Summit"}, Zone: "UTC", StartDate: "2026-03-28",
			EndDate: "2026-03-28", Languages: []string{"en"}}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		_, _, err = h.Conflicts(ctx, bot, "summit")
		wantCode(t, err, agenda.NotFound)
		elsewhere, _, err := token(operator, "summit", nil, agenda.ReadDraft)
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.RevokeToken(ctx, bot, slug, elsewhere.ID), agenda.NotFound)
		h.pass(24 * time.Hour)
		_, err = h.Authenticate(ctx, secret, "")
		wantCode(t, err, agenda.Unauthenticated)
	})
}
