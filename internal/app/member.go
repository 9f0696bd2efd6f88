package app

import (
	"context"
	"fmt"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Members lists who does what at the Event, and who is invited to.
func (a *App) Members(ctx context.Context, actor agenda.Actor, slug string) (members []agenda.Member, invited []agenda.AccountLink, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		if members, err = tx.Members(e.ID); err != nil {
			return err
		}
		invited, err = tx.Invitations(e.ID)
		invited = slices.DeleteFunc(invited, func(l agenda.AccountLink) bool { return !l.Works(a.now()) })
		return err
	})
	return members, invited, err
}

// Member gives one Member.
func (a *App) Member(ctx context.Context, actor agenda.Actor, slug string, account agenda.ID) (m agenda.Member, err error) {
	err = a.view(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err = tx.Member(e.ID, account)
		return err
	})
	return m, err
}

// Invitation is what became of asking somebody to be a Member.
type Invitation struct {
	Member *agenda.Member // they have an Account already, and are one now
	Link   agenda.AccountLink
	Secret string // of the link, when it was not mailed: for who asked to hand over
}

// mayGive refuses roles to who has not proved a short while ago who they are, and to a Token whose scopes do not cover them: a
// Token gives nobody what it does not have. An owner, who has not every right, gives every role.
func mayGive(actor agenda.Actor, e agenda.Event, roles []agenda.MemberRole) error {
	if err := fresh(actor); err != nil || actor.Kind != agenda.TokenHolder {
		return err
	}
	for _, role := range roles {
		for _, verb := range role.Verbs() {
			if err := agenda.Authorize(actor, verb, e.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// InviteMember makes the Account of that address a Member at once; where there is none, it gets a link to make one. Until
// that is followed, nobody has any right.
func (a *App) InviteMember(ctx context.Context, actor agenda.Actor, slug, email string, roles []agenda.MemberRole, base, language string) (done Invitation, err error) {
	wanted := agenda.Account{Email: email, Name: "-", Language: language}
	wanted.Clean()
	roles = agenda.CleanRoles(roles)
	var f agenda.Faults
	agenda.CheckRoles(&f, "/roles", roles)
	f.Merge("", wanted.Check())
	if err := f.Err("member"); err != nil {
		return done, err
	}
	var letter agenda.Letter
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		if err := mayGive(actor, e, roles); err != nil {
			return err
		}
		done, letter = Invitation{}, agenda.Letter{}
		account, err := tx.AccountByEmail(wanted.Email)
		if err == nil && actor.Kind != agenda.Operator && !account.EmailVerified {
			return agenda.Errorf(agenda.Taken, "There is an account with this address that nobody has proved to be theirs: its holder has to set a password with a link that is mailed there, or whoever runs the server gives it a role (plenary account grant).")
		}
		if err == nil {
			m := agenda.Member{EventID: e.ID, AccountID: account.ID, Roles: roles, Revision: 1, Created: a.moment(), Updated: a.moment()}
			if err := a.addMember(tx, actor, m); err != nil {
				return err
			}
			m, err = tx.Member(e.ID, account.ID)
			done.Member = &m
			return err
		}
		if agenda.CodeOf(err) != agenda.NotFound {
			return err
		}
		secret := a.secret()
		done.Link = agenda.AccountLink{ID: a.newID(), Purpose: agenda.ForInvite, Hash: hashSecret(secret), EventID: e.ID, Email: wanted.Email, Roles: roles,
			Language: language, Mailed: a.post != nil, MadeBy: actor.Name, Created: a.moment(), Expires: a.moment().Add(agenda.InviteLife)}
		if done.Link.Mailed {
			letter = agenda.Letter{Kind: agenda.LetterInvite, To: wanted.Email, Language: language, URL: base + "/invitation#" + secret,
				Event: e.Name, Expires: done.Link.Expires, Zone: e.Zone}
		} else {
			done.Secret = secret
		}
		if err := tx.InsertAccountLink(done.Link); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "member.invite", done.Link.ID, fmt.Sprintf("invited a member (%s)", words(roles)), changed(e, nil, done.Link))
	})
	if err == nil && letter.To != "" {
		a.send(letter)
	}
	return done, err
}

func (a *App) addMember(tx *store.Tx, actor agenda.Actor, m agenda.Member) error {
	if err := tx.InsertMember(m); err != nil {
		return err
	}
	return a.note(tx, actor, m.EventID, "member.add", m.AccountID, fmt.Sprintf("added a member (%s)", words(m.Roles)), changed(agenda.Event{}, nil, m))
}

// CancelInvitation takes an invitation back.
func (a *App) CancelInvitation(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) error {
	return a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		invited, err := tx.Invitations(e.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteInvitation(e.ID, id); err != nil {
			return err
		}
		var gone []change
		for _, l := range invited {
			if l.ID == id {
				gone = append(gone, changed(e, l, nil))
			}
		}
		return a.note(tx, actor, e.ID, "member.uninvite", id, "took an invitation back", gone...)
	})
}

// AcceptInvitation makes an Account for the address that was invited, and signs it in.
func (a *App) AcceptInvitation(ctx context.Context, secret string, account agenda.Account, password string, from From) (string, error) {
	account.Admin = false
	return a.joinBy(ctx, secret, agenda.ForInvite, account, password, from, func(tx *store.Tx, link agenda.AccountLink, made agenda.Account) error {
		if err := a.takeInvitation(tx, link, made, from); err != nil {
			return err
		}
		return a.takeInvitations(tx, made, from)
	})
}

// takeInvitation makes a new Account a Member where the link invites it to.
func (a *App) takeInvitation(tx *store.Tx, link agenda.AccountLink, made agenda.Account, from From) error {
	if link.EventID == "" {
		return nil
	}
	actor := made.Actor(nil)
	actor.Address = from.Address
	return a.addMember(tx, actor, agenda.Member{EventID: link.EventID, AccountID: made.ID, Roles: link.Roles, Revision: 1,
		Created: a.moment(), Updated: a.moment()})
}

// takeInvitations makes a new Account a Member wherever else its address was invited, if that is known to be its holder's.
func (a *App) takeInvitations(tx *store.Tx, made agenda.Account, from From) error {
	if !made.EmailVerified {
		return nil
	}
	links, err := tx.InvitationsTo(made.Email, a.moment())
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := tx.UseAccountLink(link.ID, a.moment()); err != nil {
			return err
		}
		if err := a.takeInvitation(tx, link, made, from); err != nil {
			return err
		}
	}
	return nil
}

// SetRoles gives a Member other roles. An Event that has an owner keeps one.
func (a *App) SetRoles(ctx context.Context, actor agenda.Actor, slug string, match Match, account agenda.ID, roles []agenda.MemberRole) (m agenda.Member, err error) {
	roles = agenda.CleanRoles(roles)
	var f agenda.Faults
	agenda.CheckRoles(&f, "/roles", roles)
	if err := f.Err("member"); err != nil {
		return m, err
	}
	err = a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		if err := mayGive(actor, e, roles); err != nil {
			return err
		}
		if m, err = tx.Member(e.ID, account); err != nil {
			return err
		}
		if err := match.check(m.Revision, m); err != nil {
			return err
		}
		before, owned := m.Roles, slices.Contains(m.Roles, agenda.Owner)
		m.Roles, m.Revision, m.Updated = roles, m.Revision+1, a.moment()
		if err := tx.UpdateMember(m); err != nil {
			return err
		}
		if err := a.lose(tx, e, m.AccountID, owned && !slices.Contains(roles, agenda.Owner)); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "member.set", m.AccountID, fmt.Sprintf("gave a member other roles (%s)", words(roles)), rolesChanged(before, roles))
	})
	return m, err
}

// rolesChanged says to [App.note] what roles a Member had and has.
func rolesChanged(before, after []agenda.MemberRole) change {
	return changed(agenda.Event{}, agenda.Member{Roles: before}, agenda.Member{Roles: after})
}

// lose ends the Tokens that a Member made, since their rights may go beyond what is left, and refuses that an Event is left
// without an owner.
func (a *App) lose(tx *store.Tx, e agenda.Event, account agenda.ID, owner bool) error {
	if err := tx.RevokeTokensOf(account, e.ID, a.moment()); err != nil || !owner {
		return err
	}
	members, err := tx.Members(e.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(members, func(m agenda.Member) bool { return slices.Contains(m.Roles, agenda.Owner) }) {
		return agenda.Errorf(agenda.Taken, "This is the only owner of the event: make somebody else an owner first.")
	}
	return nil
}

// RemoveMember takes an Account out of an Event.
func (a *App) RemoveMember(ctx context.Context, actor agenda.Actor, slug string, match Match, account agenda.ID) error {
	return a.changeAs(ctx, actor, agenda.ManageAccess, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err := tx.Member(e.ID, account)
		if err != nil {
			return err
		}
		if err := match.check(m.Revision, m); err != nil {
			return err
		}
		if err := tx.DeleteMember(m); err != nil {
			return err
		}
		if err := a.lose(tx, e, account, slices.Contains(m.Roles, agenda.Owner)); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "member.remove", account, "removed a member", changed(e, m, nil))
	})
}
