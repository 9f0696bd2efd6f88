package app

import (
	"context"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// letterTime is how long a letter may take to be sent.
const letterTime = time.Minute

// CreateAccount makes an Account for somebody else; a password may be given. Its address counts as verified by who makes it.
func (a *App) CreateAccount(ctx context.Context, actor agenda.Actor, account agenda.Account, password string) (agenda.Account, error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return account, err
	}
	account.Clean()
	if err := account.Check(); err != nil {
		return account, err
	}
	hash := ""
	if password != "" {
		var err error
		if hash, err = a.newPassword(ctx, password, account.Email, account.Name); err != nil {
			return account, err
		}
	}
	account.EmailVerified = true
	err := a.write(ctx, actor, func(tx *store.Tx) (err error) {
		account, err = a.insertAccount(tx, actor, account, hash)
		return err
	})
	return account, err
}

// insertAccount adds an Account that was checked.
func (a *App) insertAccount(tx *store.Tx, actor agenda.Actor, account agenda.Account, hash string) (agenda.Account, error) {
	account.ID, account.Password, account.Revision = a.newID(), hash, 1
	account.Created, account.Updated = a.moment(), a.moment()
	if err := tx.InsertAccount(account); err != nil {
		return account, err
	}
	if actor.Kind == agenda.Anonymous { // who makes their own account
		actor.Kind, actor.ID, actor.Name = agenda.AccountHolder, account.ID, account.Name
	}
	return account, a.note(tx, actor, "", "account.create", account.ID, "made an account", changed(agenda.Event{}, nil, account))
}

// Accounts lists all Accounts, oldest first.
func (a *App) Accounts(ctx context.Context, actor agenda.Actor, page Page) (accounts []agenda.Account, next string, err error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return nil, "", err
	}
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		accounts, next, err = tx.Accounts(page)
		return err
	})
	return accounts, next, err
}

// Account gives one Account.
func (a *App) Account(ctx context.Context, actor agenda.Actor, id agenda.ID) (account agenda.Account, err error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return account, err
	}
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		account, err = tx.Account(id)
		return err
	})
	return account, err
}

// AccountByEmail gives the Account of that address.
func (a *App) AccountByEmail(ctx context.Context, actor agenda.Actor, email string) (account agenda.Account, err error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return account, err
	}
	wanted := agenda.Account{Email: email}
	wanted.Clean()
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		account, err = tx.AccountByEmail(wanted.Email)
		return err
	})
	return account, err
}

// SetAccount lets an administrator disable an Account or let it in again, and make it an administrator or not. A disabled one
// is signed out everywhere. The Tokens of either end. The last administrator stays one.
func (a *App) SetAccount(ctx context.Context, actor agenda.Actor, match Match, id agenda.ID, admin, disabled bool) (account agenda.Account, err error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return account, err
	}
	err = a.write(ctx, actor, func(tx *store.Tx) error {
		if err := fresh(actor); err != nil {
			return err
		}
		if err := tx.LockAccount("administrators"); err != nil {
			return err
		}
		if account, err = tx.Account(id); err != nil {
			return err
		}
		if err := match.check(account.Revision, account); err != nil {
			return err
		}
		was := account.Admin && account.Disabled == nil
		if err := a.setAccount(tx, actor, &account, admin, disabled); err != nil {
			return err
		}
		if !was || account.Admin && account.Disabled == nil {
			return nil
		}
		return hasAdministrator(tx)
	})
	return account, err
}

func (a *App) setAccount(tx *store.Tx, actor agenda.Actor, account *agenda.Account, admin, disabled bool) error {
	old := *account
	now, fewer := a.moment(), disabled || account.Admin && !admin
	out := disabled || account.Disabled != nil // a sign-in may have crossed the one that disabled it
	switch {
	case disabled && account.Disabled == nil:
		account.Disabled = &now
	case !disabled:
		account.Disabled = nil
	}
	account.Admin = admin
	account.Revision++
	account.Updated = now
	if err := tx.UpdateAccount(*account); err != nil {
		return err
	}
	if out {
		if err := tx.DeleteLoginsOf(account.ID, ""); err != nil {
			return err
		}
	}
	if fewer { // those who made Tokens have less to give than they had
		if err := tx.RevokeTokensOf(account.ID, "", now); err != nil {
			return err
		}
	}
	return a.note(tx, actor, "", "account.set", account.ID, "changed what an account may do", changed(agenda.Event{}, old, *account))
}

// hasAdministrator refuses to leave the installation without one.
func hasAdministrator(tx *store.Tx) error {
	for page := (Page{Limit: 200}); ; {
		accounts, next, err := tx.Accounts(page)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.Admin && a.Disabled == nil {
				return nil
			}
		}
		if page.After = next; next == "" {
			return agenda.Errorf(agenda.Taken, "This is the only administrator: make another one first.")
		}
	}
}
