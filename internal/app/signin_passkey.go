package app

import (
	"context"
	"encoding/base64"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// HasPasskeys says whether passkeys can be used here at all.
func (a *App) HasPasskeys() bool { return a.passkeys != nil && a.passkeys.Available() == nil }

var errNoPasskeys = agenda.Errorf(agenda.NotFound, "Passkeys can't be used at the address of this server.")

// BeginPasskeyLogin gives what the browser is to ask its authenticator, as JSON, and the secret of the ceremony.
func (a *App) BeginPasskeyLogin(ctx context.Context) (options []byte, ceremony string, err error) {
	return a.askPasskey(ctx, "")
}

// askPasskey begins a ceremony that any passkey of the Account ends, "" for one of any Account.
func (a *App) askPasskey(ctx context.Context, account agenda.ID) (options []byte, ceremony string, err error) {
	if !a.HasPasskeys() {
		return nil, "", errNoPasskeys
	}
	options, state, err := a.passkeys.BeginLogin()
	if err != nil {
		return nil, "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ceremony, err = a.begin(tx, agenda.PasskeyLogin, account, state)
		return err
	})
	return options, ceremony, err
}

// FinishPasskeyLogin signs in with what the authenticator answered. A passkey that counts backwards may be a copy: it is
// refused. A passkey is two factors, so no other is asked for.
func (a *App) FinishPasskeyLogin(ctx context.Context, ceremony string, response []byte, old string, from From) (string, error) {
	if !a.HasPasskeys() {
		return "", errNoPasskeys
	}
	if err := a.try(ctx, from.triedBy("passkey")); err != nil {
		return "", a.refusePasskey(ctx, "", from, err)
	}
	var secret string
	var account agenda.Account
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		used, err := a.usePasskey(tx, ceremony, agenda.PasskeyLogin, response, &account)
		if err != nil {
			return err
		}
		if err := tx.UsePasskey(account.ID, idOfPasskey(used.ID), used.Stored, a.moment()); err != nil {
			return err
		}
		secret, err = a.login(tx, account, agenda.ByPasskey, old, from)
		return err
	})
	if err != nil {
		return "", a.refusePasskey(ctx, account.ID, from, err)
	}
	return secret, nil
}

func (a *App) refusePasskey(ctx context.Context, account agenda.ID, from From, err error) error {
	return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a passkey", "passkey "+string(account), account, err)
}

// usePasskey ends the ceremony and checks the answer of the authenticator.
func (a *App) usePasskey(tx *store.Tx, ceremony string, kind agenda.CeremonyKind, response []byte, account *agenda.Account) (credential.Passkey, error) {
	c, err := a.ceremony(tx, kind, ceremony)
	if err != nil {
		return credential.Passkey{}, err
	}
	if err := tx.DeleteCeremony(c.Hash); err != nil {
		return credential.Passkey{}, errLate
	}
	used, err := a.passkeys.FinishLogin(c.Data, response, func(handle []byte) (credential.PasskeyUser, error) {
		// A passkey and its copy may come at once: the second one is seen to count backwards.
		if err := tx.LockAccount(agenda.ID(hashSecret(string(handle)))); err != nil {
			return credential.PasskeyUser{}, err
		}
		if *account, err = tx.Account(agenda.ID(handle)); err != nil {
			return credential.PasskeyUser{}, err
		}
		return passkeyUser(tx, *account)
	})
	if err != nil {
		return used, err
	}
	if used.Cloned || account.Disabled != nil || c.AccountID != "" && c.AccountID != account.ID {
		return used, agenda.Errorf(agenda.Unauthenticated, "This passkey does not open an account.")
	}
	return used, nil
}

func idOfPasskey(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func passkeyUser(tx *store.Tx, account agenda.Account) (credential.PasskeyUser, error) {
	user := credential.PasskeyUser{Handle: []byte(account.ID), Name: account.Email, DisplayName: account.Name}
	keys, err := tx.Passkeys(account.ID)
	for _, k := range keys {
		user.Passkeys = append(user.Passkeys, k.Data)
	}
	return user, err
}

// BeginConfirmByPasskey is BeginPasskeyLogin for somebody who is signed in and proves it anew.
func (a *App) BeginConfirmByPasskey(ctx context.Context, who SignedIn) (options []byte, ceremony string, err error) {
	return a.askPasskey(ctx, who.Account.ID)
}

// ConfirmByPasskey proves by a passkey who sits there. It gives the secret that takes the place of the Login's.
func (a *App) ConfirmByPasskey(ctx context.Context, who SignedIn, ceremony string, response []byte) (secret string, err error) {
	if err := a.try(ctx, From{Address: who.Actor.Address}.triedBy("passkey")); err != nil {
		return "", a.refuseProof(ctx, who, err)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		var account agenda.Account
		used, err := a.usePasskey(tx, ceremony, agenda.PasskeyLogin, response, &account)
		if err != nil {
			return err
		}
		if account.ID != who.Account.ID {
			return agenda.Errorf(agenda.Unauthenticated, "This passkey is of another account.")
		}
		if err := tx.UsePasskey(account.ID, idOfPasskey(used.ID), used.Stored, a.moment()); err != nil {
			return err
		}
		secret, err = a.renew(tx, who, agenda.ByPasskey)
		return err
	})
	return secret, a.refuseProof(ctx, who, err)
}

// BeginPasskey gives what the browser is to ask its authenticator for a new passkey.
func (a *App) BeginPasskey(ctx context.Context, who SignedIn) (options []byte, ceremony string, err error) {
	if !a.HasPasskeys() {
		return nil, "", errNoPasskeys
	}
	if err := a.Witness(ctx, who.Actor, a.proved(who)); err != nil {
		return nil, "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		user, err := passkeyUser(tx, who.Account)
		if err != nil {
			return err
		}
		var state []byte
		if options, state, err = a.passkeys.BeginRegistration(user); err != nil {
			return err
		}
		ceremony, err = a.begin(tx, agenda.PasskeyNew, who.Account.ID, state)
		return err
	})
	return options, ceremony, err
}

// maxPasskeys is how many one Account may have.
const maxPasskeys = 20

// FinishPasskey keeps a new passkey. The name tells it from others.
func (a *App) FinishPasskey(ctx context.Context, who SignedIn, ceremony string, response []byte, name string) (made agenda.Passkey, err error) {
	if !a.HasPasskeys() {
		return made, errNoPasskeys
	}
	name = clipped(name, agenda.MaxName)
	err = a.secure(ctx, who, "account.passkey", "added a passkey", func(tx *store.Tx, account *agenda.Account) ([]change, error) {
		c, err := a.ceremony(tx, agenda.PasskeyNew, ceremony)
		if err != nil {
			return nil, err
		}
		if c.AccountID != account.ID {
			return nil, errLate
		}
		if err := tx.DeleteCeremony(c.Hash); err != nil {
			return nil, errLate
		}
		user, err := passkeyUser(tx, *account)
		if err != nil {
			return nil, err
		}
		if len(user.Passkeys) >= maxPasskeys {
			return nil, agenda.Errorf(agenda.TooMany, "There are %d passkeys already. Remove one first.", maxPasskeys)
		}
		key, err := a.passkeys.FinishRegistration(user, c.Data, response)
		if err != nil {
			return nil, err
		}
		made = agenda.Passkey{ID: idOfPasskey(key.ID), AccountID: account.ID, Name: name, Data: key.Stored, Created: a.moment()}
		return []change{changed(agenda.Event{}, nil, made)}, tx.InsertPasskey(made)
	})
	return made, err
}

// Passkeys lists those of somebody, oldest first.
func (a *App) Passkeys(ctx context.Context, who SignedIn) (keys []agenda.Passkey, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		keys, err = tx.Passkeys(who.Account.ID)
		return err
	})
	return keys, err
}

// RemovePasskey takes a passkey away. The last one stays while there is no other way to sign in.
func (a *App) RemovePasskey(ctx context.Context, who SignedIn, id string) error {
	return a.secure(ctx, who, "account.passkey", "removed a passkey", func(tx *store.Tx, account *agenda.Account) ([]change, error) {
		keys, err := tx.Passkeys(account.ID)
		if err != nil {
			return nil, err
		}
		if err := tx.DeletePasskey(account.ID, id); err != nil {
			return nil, err
		}
		linked, err := tx.IdentitiesOf(account.ID)
		if err != nil {
			return nil, err
		}
		if account.Password == "" && len(keys) == 1 && (a.provider == nil || len(linked) == 0) {
			return nil, agenda.Errorf(agenda.Taken, "This is the only way to sign in to this account: set a password first.")
		}
		gone := keys[slices.IndexFunc(keys, func(k agenda.Passkey) bool { return k.ID == id })] // it was deleted just now
		return []change{changed(agenda.Event{}, gone, nil)}, nil
	})
}
