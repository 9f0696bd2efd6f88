package app

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// GroupRole says what the people of a group at the Provider are here.
type GroupRole struct {
	Group string
	Event string // slug; "": the installation, of which they are administrators
	Role  agenda.MemberRole
}

// HasProvider says whether one can sign in at a provider of identities.
func (a *App) HasProvider() bool { return a.provider != nil }

var errNoProvider = agenda.Errorf(agenda.NotFound, "This server has no single sign-on.")

// visit is what is kept of a browser that was sent to the provider.
type visit struct {
	Flow credential.Flow `json:"flow"`
	// Proved: whoever began it had just proved to be the holder of the Account, and may link another identity to it.
	Proved bool `json:"proved"`
}

// BeginProvider gives the address at which one signs in, and the secret of the ceremony. With who, somebody who is signed in
// already signs in anew, which proves that it is still them, or links another identity to their Account.
func (a *App) BeginProvider(ctx context.Context, who *SignedIn) (address, ceremony string, err error) {
	if a.provider == nil {
		return "", "", errNoProvider
	}
	account, proved := agenda.ID(""), false
	if who != nil {
		account, proved = who.Account.ID, a.proved(*who) == nil
	}
	address, flow, err := a.provider.Begin(ctx, who != nil)
	if err != nil {
		return "", "", err
	}
	state, err := json.Marshal(visit{flow, proved})
	if err != nil {
		return "", "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ceremony, err = a.begin(tx, agenda.ProviderLogin, account, state)
		return err
	})
	return address, ceremony, err
}

// FinishProvider signs in whom the provider sent back with that query. An Account of the same address is taken over only when
// both the provider and this server have seen that it is theirs; else somebody could make an Account here for an address that
// is not theirs and wait for its owner. The error is Unauthenticated, Forbidden or Unavailable.
func (a *App) FinishProvider(ctx context.Context, ceremony string, query url.Values, old string, from From) (string, error) {
	if a.provider == nil {
		return "", errNoProvider
	}
	if err := a.try(ctx, from.triedBy("provider")); err != nil {
		return "", a.refuseProvider(ctx, "", from, err)
	}
	var c agenda.Ceremony
	var begun visit
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = a.ceremony(tx, agenda.ProviderLogin, ceremony); err != nil {
			return err
		}
		if err := tx.DeleteCeremony(c.Hash); err != nil {
			return errLate
		}
		return json.Unmarshal(c.Data, &begun)
	})
	if err != nil {
		return "", err
	}
	told, err := a.provider.Finish(ctx, begun.Flow, query)
	if err != nil {
		return "", a.refuseProvider(ctx, c.AccountID, from, err)
	}
	return a.enterAs(ctx, c.AccountID, begun.Proved, told, old, from)
}

func (a *App) refuseProvider(ctx context.Context, account agenda.ID, from From, err error) error {
	return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a single sign-on", "provider "+string(account), account, err)
}

// enterAs signs in whom the provider vouches for. With signedIn, that Account has asked, and proved says whether it was proved
// just before who sits there.
func (a *App) enterAs(ctx context.Context, signedIn agenda.ID, proved bool, told credential.Identity, old string, from From) (secret string, err error) {
	var linked *agenda.Account
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		account, link, err := a.accountOfIdentity(tx, signedIn, proved, told, from)
		if err != nil {
			return err
		}
		if linked = nil; link {
			linked = &account
		}
		if err := tx.LockAccount(account.ID); err != nil {
			return err
		}
		if account, err = tx.Account(account.ID); err != nil { // it may have changed before it was locked
			return err
		}
		if err := a.followGroups(tx, &account, told.Groups); err != nil {
			return err
		}
		if link { // whoever else is signed in may be why
			if err := tx.DeleteLoginsOf(account.ID, ""); err != nil {
				return err
			}
		}
		from.Proved = told.Proved
		secret, err = a.login(tx, account, agenda.ByProvider, old, from)
		return err
	})
	if err != nil {
		return "", a.refuseProvider(ctx, signedIn, from, err)
	}
	if linked != nil {
		a.notify(*linked, "linked an identity")
	}
	return secret, nil
}

// accountOfIdentity finds or makes the Account of whom the provider vouches for. It says whether an Account that was there
// before has been linked to the identity.
func (a *App) accountOfIdentity(tx *store.Tx, signedIn agenda.ID, proved bool, told credential.Identity, from From) (account agenda.Account, linked bool, err error) {
	known, err := tx.Identity(told.Issuer, told.Subject)
	if err == nil {
		if signedIn != "" && known.AccountID != signedIn {
			return account, false, agenda.Errorf(agenda.Taken, "This identity belongs to another account.")
		}
		account, err = tx.Account(known.AccountID)
		return account, false, err
	}
	if agenda.CodeOf(err) != agenda.NotFound {
		return account, false, err
	}
	if signedIn != "" {
		if !proved {
			return account, false, ErrProve
		}
		if account, err = tx.Account(signedIn); err != nil {
			return account, false, err
		}
		return account, true, a.link(tx, account, told, from)
	}
	wanted := agenda.Account{Email: told.Email, EmailVerified: true, Name: told.Name}
	wanted.Clean()
	if wanted.Email == "" || !told.EmailVerified {
		return account, false, agenda.Errorf(agenda.Forbidden, "The single sign-on does not vouch for an e-mail address of yours, so no account can be found for you.")
	}
	account, err = tx.AccountByEmail(wanted.Email)
	switch {
	case err == nil && !account.EmailVerified:
		return account, false, agenda.Errorf(agenda.Forbidden, "There is an account with this address that nobody has proved to be theirs. Sign in to it with its password, and link the single sign-on there.")
	case err == nil:
		return a.linkVouched(tx, account, told, from)
	case agenda.CodeOf(err) != agenda.NotFound:
		return account, false, err
	}
	if wanted.Name == "" {
		wanted.Name, _, _ = strings.Cut(wanted.Email, "@")
	}
	if expected, err := a.expects(tx, wanted, told.Groups); err != nil {
		return account, false, err
	} else if !expected {
		return account, false, agenda.Errorf(agenda.Forbidden, "You are known, but have nothing to do here. Ask an owner of the event to invite you.")
	}
	if err := wanted.Check(); err != nil {
		return account, false, err
	}
	if account, err = a.insertAccount(tx, from.stranger(), wanted, ""); err != nil {
		return account, false, err
	}
	if err := a.takeInvitations(tx, account, from); err != nil {
		return account, false, err
	}
	return account, false, a.link(tx, account, told, from)
}

// linkVouched links an identity to the Account whose address it has. An Account that has another of the same provider is
// somebody else's: addresses are given to successors.
func (a *App) linkVouched(tx *store.Tx, account agenda.Account, told credential.Identity, from From) (agenda.Account, bool, error) {
	linked, err := tx.IdentitiesOf(account.ID)
	if err != nil {
		return account, false, err
	}
	if slices.ContainsFunc(linked, func(i agenda.Identity) bool { return i.Issuer == told.Issuer }) {
		return account, false, agenda.Errorf(agenda.Forbidden, "The account with your address is linked to somebody else at the single sign-on. Sign in to it in another way, and link yours there.")
	}
	return account, true, a.link(tx, account, told, from)
}

// Identities lists what providers call somebody, oldest first.
func (a *App) Identities(ctx context.Context, who SignedIn) (list []agenda.Identity, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.IdentitiesOf(who.Account.ID)
		return err
	})
	return list, err
}

// RemoveIdentities ends all links to providers. They stay while there is no other way to sign in.
func (a *App) RemoveIdentities(ctx context.Context, who SignedIn) error {
	return a.secure(ctx, who, "account.unlink", "unlinked the single sign-on", func(tx *store.Tx, account *agenda.Account) ([]change, error) {
		linked, err := tx.IdentitiesOf(account.ID)
		if err != nil {
			return nil, err
		}
		keys, err := tx.Passkeys(account.ID)
		if err != nil {
			return nil, err
		}
		if account.Password == "" && (len(keys) == 0 || !a.HasPasskeys()) {
			return nil, agenda.Errorf(agenda.Taken, "This is the only way to sign in to this account: set a password first.")
		}
		var changes []change
		for _, i := range linked {
			changes = append(changes, changed(agenda.Event{}, i, nil))
		}
		return changes, tx.DeleteIdentitiesOf(account.ID)
	})
}

// expects says whether one of the groups has anything to do here, or the address was invited.
func (a *App) expects(tx *store.Tx, wanted agenda.Account, groups []string) (bool, error) {
	if slices.ContainsFunc(a.groups, func(g GroupRole) bool { return slices.Contains(groups, g.Group) }) {
		return true, nil
	}
	if wanted.Check() != nil {
		return false, nil // no such address can have been invited
	}
	invited, err := tx.InvitationsTo(wanted.Email, a.moment())
	return len(invited) > 0, err
}

func (a *App) link(tx *store.Tx, account agenda.Account, told credential.Identity, from From) error {
	identity := agenda.Identity{Issuer: told.Issuer, Subject: told.Subject, AccountID: account.ID, Created: a.moment()}
	if err := tx.InsertIdentity(identity); err != nil {
		return err
	}
	actor := account.Actor(nil)
	actor.Address = from.Address
	return a.note(tx, actor, "", "account.link", account.ID, "linked an identity", changed(agenda.Event{}, nil, identity))
}

// followGroups makes an Account what its groups say, as far as groups are said to decide: a role that any group gives is
// taken from those who are in none that does.
func (a *App) followGroups(tx *store.Tx, account *agenda.Account, groups []string) error {
	admin, governed := account.Admin, false
	wanted := map[string]map[agenda.MemberRole]bool{}
	for _, g := range a.groups {
		in := slices.Contains(groups, g.Group)
		if g.Event == "" {
			admin, governed = in || governed && admin, true
			continue
		}
		if wanted[g.Event] == nil {
			wanted[g.Event] = map[agenda.MemberRole]bool{}
		}
		wanted[g.Event][g.Role] = wanted[g.Event][g.Role] || in
	}
	if admin != account.Admin {
		if !admin { // what it made for all Events may do more than it may
			if err := tx.RevokeTokensOf(account.ID, "", a.moment()); err != nil {
				return err
			}
		}
		old := *account
		account.Admin, account.Revision, account.Updated = admin, account.Revision+1, a.moment()
		if err := tx.UpdateAccount(*account); err != nil {
			return err
		}
		if err := a.note(tx, agenda.System("single sign-on"), "", "account.set", account.ID, "changed what an account may do", changed(agenda.Event{}, old, *account)); err != nil {
			return err
		}
	}
	for _, slug := range sortedKeys(wanted) {
		if err := a.followRoles(tx, account.ID, slug, wanted[slug]); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) followRoles(tx *store.Tx, account agenda.ID, slug string, decided map[agenda.MemberRole]bool) error {
	e, err := tx.EventBySlug(slug)
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil // it may come yet
	}
	if err != nil {
		return err
	}
	m, err := tx.Member(e.ID, account)
	if err != nil && agenda.CodeOf(err) != agenda.NotFound {
		return err
	}
	before := m.Roles
	roles := slices.DeleteFunc(slices.Clone(before), func(r agenda.MemberRole) bool { in, governed := decided[r]; return governed && !in })
	for role, in := range decided {
		if in {
			roles = append(roles, role)
		}
	}
	if roles = agenda.CleanRoles(roles); slices.Equal(roles, before) {
		return nil
	}
	m.EventID, m.AccountID, m.Roles, m.Updated = e.ID, account, roles, a.moment()
	switch {
	case len(before) == 0:
		m.Revision, m.Created = 1, a.moment()
		err = tx.InsertMember(m)
	case len(roles) == 0:
		err = tx.DeleteMember(m)
	default:
		m.Revision++
		err = tx.UpdateMember(m)
	}
	if err != nil {
		return err
	}
	if len(before) > 0 {
		if err := tx.RevokeTokensOf(account, e.ID, a.moment()); err != nil {
			return err
		}
	}
	return a.note(tx, agenda.System("single sign-on"), e.ID, "member.set", account, "followed the groups of a member ("+words(roles)+")", rolesChanged(before, roles))
}
