package app

import (
	"context"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// errLink is what is told of a link that does nothing, whatever the reason.
var errLink = agenda.Errorf(agenda.NotFound, "This link does not work any more: it was used, it is too old, or there is a newer one.")

// lockFirst stands for the first Account, of which there is one.
const lockFirst agenda.ID = "first"

// OpenSetup makes the link with which the first Account is made, as long as there is none; then the secret is "". Each call
// makes a new one, and ends that before.
func (a *App) OpenSetup(ctx context.Context) (secret string, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		secret = ""
		if err := tx.LockAccount(lockFirst); err != nil { // several programs may start on one database
			return err
		}
		if some, err := tx.HasAccounts(); err != nil || some {
			return err
		}
		secret = a.secret()
		now := a.moment()
		l := agenda.AccountLink{ID: a.newID(), Purpose: agenda.ForSetup, Hash: hashSecret(secret), Created: now, Expires: now.Add(agenda.SetupLife)}
		if err := tx.InsertAccountLink(l); err != nil {
			return err
		}
		return a.note(tx, agenda.System("serve"), "", "account.setup_link", l.ID, "made the link for the first account", changed(agenda.Event{}, nil, l))
	})
	return secret, err
}

// accountLink gives a link that works. The error is NotFound in the same words whatever is wrong with it.
func (a *App) accountLink(tx *store.Tx, secret string, purpose agenda.LinkPurpose) (agenda.AccountLink, error) {
	l, err := tx.AccountLinkByHash(hashSecret(secret), purpose)
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && !l.Works(a.now()) {
		return l, errLink
	}
	return l, err
}

// AccountLink says what a link is for, without using it: mail scanners follow links. That one opened nothing leaves an Activity.
func (a *App) AccountLink(ctx context.Context, secret string, purpose agenda.LinkPurpose, from From) (l agenda.AccountLink, event agenda.Event, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if l, err = a.accountLink(tx, secret, purpose); err != nil || l.EventID == "" {
			return err
		}
		event, err = tx.Event(l.EventID)
		return err
	})
	return l, event, a.refuseLink(ctx, purpose, from, err)
}

// SetUp makes the first Account, an administrator, and signs it in.
func (a *App) SetUp(ctx context.Context, secret string, account agenda.Account, password string, from From) (login string, err error) {
	account.Admin, account.EmailVerified = true, false // nothing was sent there
	return a.joinBy(ctx, secret, agenda.ForSetup, account, password, from, func(tx *store.Tx, _ agenda.AccountLink, _ agenda.Account) error {
		// Two browsers may have the page open; the link is used up, but the command line makes accounts too.
		return nil
	})
}

// joinBy makes an Account with a link, lets more be done in the same transaction, and signs it in.
func (a *App) joinBy(ctx context.Context, secret string, purpose agenda.LinkPurpose, account agenda.Account, password string, from From,
	also func(*store.Tx, agenda.AccountLink, agenda.Account) error) (login string, err error) {
	if err := a.try(ctx, from.triedBy("link")); err != nil {
		return "", a.refuseLink(ctx, purpose, from, err)
	}
	link, _, err := a.AccountLink(ctx, secret, purpose, from) // before the password costs anything
	if err != nil {
		return "", err
	}
	if link.Email != "" {
		account.Email, account.EmailVerified = link.Email, link.Mailed
	}
	account.Clean()
	var faults agenda.Faults
	faults.Merge("", account.Check())
	hash, err := a.newPassword(ctx, password, account.Email, account.Name)
	if agenda.CodeOf(err) != agenda.Invalid && err != nil {
		return "", err
	}
	faults.Merge("", err)
	if err := faults.Err("account"); err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		link, err := a.accountLink(tx, secret, purpose)
		if err != nil {
			return err
		}
		if err := tx.UseAccountLink(link.ID, a.moment()); agenda.CodeOf(err) == agenda.NotFound {
			return errLink
		} else if err != nil {
			return err
		}
		if purpose == agenda.ForSetup {
			if err := tx.LockAccount(lockFirst); err != nil {
				return err
			}
			if some, err := tx.HasAccounts(); err != nil || some {
				return notNil(err, errLink)
			}
		}
		made, err := a.insertAccount(tx, from.stranger(), account, hash)
		if err != nil {
			return err
		}
		if err := also(tx, link, made); err != nil {
			return err
		}
		login, err = a.login(tx, made, agenda.ByLink, "", from)
		return err
	})
	if err == errLink {
		return "", a.refuseLink(ctx, purpose, from, err)
	}
	return login, err
}

// refuseLink notes that a link opened nothing.
func (a *App) refuseLink(ctx context.Context, purpose agenda.LinkPurpose, from From, err error) error {
	return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a link", "link "+string(purpose), "", err)
}

// notNil gives the first error, or the second when there is none.
func notNil(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// HasMail says whether letters can be sent.
func (a *App) HasMail() bool { return a.post != nil }

// AskReset sends a link to set another password to the address, if there is an Account that has it. Who asks is told the same
// in any case, after the same time: the letter goes on its own.
func (a *App) AskReset(ctx context.Context, email, base string, from From) error {
	email = strings.ToLower(strings.TrimSpace(email))
	if err := a.try(ctx, throttled{"reset " + email, lettersPerEmail}, from.triedBy("link")); err != nil {
		return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a link to set another password", "reset "+email, "", err)
	}
	var letter agenda.Letter
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		account, err := tx.AccountByEmail(email)
		if agenda.CodeOf(err) == agenda.NotFound || err == nil && (account.Disabled != nil || a.post == nil) {
			return nil
		}
		if err != nil {
			return err
		}
		secret, link, err := a.resetLink(tx, account, true)
		if err != nil {
			return err
		}
		letter = agenda.Letter{Kind: agenda.LetterReset, To: account.Email, Name: account.Name, Language: account.Language,
			URL: base + "/reset#" + secret, Expires: link.Expires}
		return a.note(tx, from.stranger(), "", "account.ask_reset", account.ID, "asked for a link to set another password", changed(agenda.Event{}, nil, link))
	})
	if err == nil && letter.To != "" {
		a.send(letter)
	}
	return err
}

func (a *App) resetLink(tx *store.Tx, account agenda.Account, mailed bool) (string, agenda.AccountLink, error) {
	secret, now := a.secret(), a.moment()
	l := agenda.AccountLink{ID: a.newID(), Purpose: agenda.ForReset, Hash: hashSecret(secret), AccountID: account.ID, Email: account.Email,
		Mailed: mailed, Created: now, Expires: now.Add(agenda.ResetLife)}
	return secret, l, tx.InsertAccountLink(l)
}

// MakeReset gives the secret of a link to set another password, for whoever runs the program to hand over.
func (a *App) MakeReset(ctx context.Context, actor agenda.Actor, email string) (secret string, err error) {
	account, err := a.AccountByEmail(ctx, actor, email)
	if err != nil {
		return "", err
	}
	return a.makeReset(ctx, actor, account, "")
}

// ResetAccount makes a link to set another password for an administrator, who has proved a short while ago who they are. Where
// letters are sent, it goes to the Account's holder and secret is ""; base is the address of the installation. Elsewhere the
// administrator hands it over, and could use it: then it is refused (Taken) of whoever may do what they may not.
func (a *App) ResetAccount(ctx context.Context, actor agenda.Actor, id agenda.ID, base string) (secret string, err error) {
	account, err := a.Account(ctx, actor, id)
	if err != nil {
		return "", err
	}
	if err := a.Witness(ctx, actor, fresh(actor)); err != nil {
		return "", err
	}
	if a.post == nil {
		base = ""
	}
	return a.makeReset(ctx, actor, account, base)
}

// makeReset mails the link when base is not "", and gives its secret otherwise.
func (a *App) makeReset(ctx context.Context, actor agenda.Actor, account agenda.Account, base string) (secret string, err error) {
	var letter agenda.Letter
	err = a.write(ctx, actor, func(tx *store.Tx) error {
		if base == "" {
			if err := mayTakeOver(tx, actor, account); err != nil {
				return err
			}
		}
		made, link, err := a.resetLink(tx, account, base != "")
		if err != nil {
			return err
		}
		secret, letter = made, agenda.Letter{}
		if base != "" {
			secret, letter = "", agenda.Letter{Kind: agenda.LetterReset, To: account.Email, Name: account.Name, Language: account.Language,
				URL: base + "/reset#" + made, Expires: link.Expires}
		}
		return a.note(tx, actor, "", "account.reset_link", account.ID, "made a link to set another password", changed(agenda.Event{}, nil, link))
	})
	if err == nil && letter.To != "" {
		a.send(letter)
	}
	return secret, err
}

// mayTakeOver refuses to hand an administrator the way into an Account that may do, at some Event, what they may not: nobody
// gives themselves what they do not have. Whoever runs the program reads the database anyway.
func mayTakeOver(tx *store.Tx, actor agenda.Actor, account agenda.Account) error {
	if actor.Kind == agenda.Operator || account.ID == actor.ID {
		return nil
	}
	members, err := tx.Memberships(account.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		for _, verb := range m.Verbs() {
			if !agenda.May(actor, verb, m.EventID) {
				return agenda.Errorf(agenda.Taken, "This account may do what you may not. Whoever runs the server makes the link: plenary account reset.")
			}
		}
	}
	return nil
}

// Reset sets another password with a link. All Logins of the Account end; the second factor stays. Who did it signs in then.
func (a *App) Reset(ctx context.Context, secret, password string, from From) error {
	if err := a.try(ctx, from.triedBy("link")); err != nil {
		return a.refuseLink(ctx, agenda.ForReset, from, err)
	}
	var account agenda.Account
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		link, err := a.accountLink(tx, secret, agenda.ForReset)
		if err != nil {
			return err
		}
		account, err = tx.Account(link.AccountID)
		return err
	})
	if err != nil {
		return a.refuseLink(ctx, agenda.ForReset, from, err)
	}
	hash, err := a.newPassword(ctx, password, account.Email, account.Name)
	if err != nil {
		return err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		account, err = a.reset(tx, secret, hash, from)
		return err
	})
	if err != nil {
		return a.refuseLink(ctx, agenda.ForReset, from, err)
	}
	a.notify(account, "changed the password")
	return nil
}

func (a *App) reset(tx *store.Tx, secret, hash string, from From) (account agenda.Account, err error) {
	link, err := a.accountLink(tx, secret, agenda.ForReset)
	if err != nil {
		return account, err
	}
	if err := tx.UseAccountLink(link.ID, a.moment()); agenda.CodeOf(err) == agenda.NotFound {
		return account, errLink
	} else if err != nil {
		return account, err
	}
	if err := tx.LockAccount(link.AccountID); err != nil {
		return account, err
	}
	if account, err = tx.Account(link.AccountID); err != nil {
		return account, err
	}
	if account.Disabled != nil || account.Email != link.Email {
		return account, errLink
	}
	old := account
	account.Password, account.Revision, account.Updated = hash, account.Revision+1, a.moment()
	if link.Mailed && !account.EmailVerified {
		// Whoever made the Account may not be who reads the address: their other ways in end.
		if err := tx.DeleteKeysOf(account.ID); err != nil {
			return account, err
		}
		account.EmailVerified, account.TOTP, account.TOTPStep, account.Recovery = true, "", 0, nil
	}
	if err := tx.UpdateAccount(account); err != nil {
		return account, err
	}
	if err := tx.EndResets(account.ID, a.moment()); err != nil {
		return account, err
	}
	if err := tx.DeleteLoginsOf(account.ID, ""); err != nil {
		return account, err
	}
	if err := succeed(tx, throttled{"account " + account.Email, triesPerAccount}); err != nil {
		return account, err
	}
	actor := account.Actor(nil)
	actor.Address = from.Address
	return account, a.note(tx, actor, "", "account.password", account.ID, "set another password with a link", changed(agenda.Event{}, old, account))
}
