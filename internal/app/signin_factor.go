package app

import (
	"context"
	"crypto/rand"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// errFactor is what is told of a wrong code.
var errFactor = agenda.Errorf(agenda.Unauthenticated, "This code is not right, or was used before. The next one comes within 30 seconds.")

// SignInFactor ends a sign-in by password with a code of the authenticator app, or with a recovery code. The secret is that
// of the ceremony. The error is Unauthenticated or TooMany.
func (a *App) SignInFactor(ctx context.Context, secret, code, old string, from From) (string, error) {
	var c agenda.Ceremony
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = a.ceremony(tx, agenda.SecondFactor, secret)
		return err
	})
	if err != nil {
		return "", err
	}
	tried := throttled{"factor " + string(c.AccountID), triesPerFactor}
	if err := a.try(ctx, tried); err != nil {
		return "", a.refuseFactor(ctx, c.AccountID, from, err)
	}
	var login string
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(c.AccountID); err != nil {
			return err
		}
		account, err := tx.Account(c.AccountID)
		if err != nil {
			return err
		}
		how, err := a.useFactor(&account, code)
		if err != nil {
			return err
		}
		if err := tx.UpdateAccount(account); err != nil {
			return err
		}
		if err := tx.DeleteCeremony(c.Hash); agenda.CodeOf(err) == agenda.NotFound {
			return errLate
		} else if err != nil {
			return err
		}
		if err := succeed(tx, tried, throttled{"account " + account.Email, triesPerAccount}); err != nil {
			return err
		}
		login, err = a.login(tx, account, how, old, from)
		return err
	})
	if err != nil {
		return "", a.refuseFactor(ctx, c.AccountID, from, err)
	}
	return login, nil
}

func (a *App) refuseFactor(ctx context.Context, account agenda.ID, from From, err error) error {
	return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a second factor", "factor of "+string(account), account, err)
}

// useFactor strikes out a code of the app or a recovery code.
func (a *App) useFactor(account *agenda.Account, code string) (agenda.LoginMethod, error) {
	account.Revision++
	account.Updated = a.moment()
	step, ok, err := credential.VerifyTOTP(account.TOTP, code, a.now(), account.TOTPStep)
	if err != nil {
		return "", err
	}
	if ok {
		account.TOTPStep = step
		return agenda.ByTOTP, nil
	}
	if at, ok := credential.MatchRecoveryCode(account.Recovery, code); ok {
		account.Recovery = slices.Delete(slices.Clone(account.Recovery), at, at+1)
		return agenda.ByRecovery, nil
	}
	return "", errFactor
}

// BeginTOTP makes a secret for an authenticator app. It counts when a code of it has been typed: see [App.FinishTOTP].
func (a *App) BeginTOTP(ctx context.Context, who SignedIn) (ceremony string, made credential.TOTP, err error) {
	if err := a.Witness(ctx, who.Actor, a.proved(who)); err != nil {
		return "", made, err
	}
	if made, err = credential.NewTOTP(rand.Reader, "Plenary", who.Account.Email); err != nil {
		return "", made, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ceremony, err = a.begin(tx, agenda.TOTPNew, who.Account.ID, []byte(made.Secret))
		return err
	})
	return ceremony, made, err
}

// FinishTOTP makes the secret the second factor of the Account, and gives recovery codes, which are told once. All other
// Logins end.
func (a *App) FinishTOTP(ctx context.Context, who SignedIn, ceremony, code string) (recovery []string, err error) {
	if err := a.try(ctx, throttled{"factor " + string(who.Account.ID), triesPerFactor}); err != nil {
		return nil, a.refuseProof(ctx, who, err)
	}
	if recovery, err = credential.NewRecoveryCodes(rand.Reader); err != nil {
		return nil, err
	}
	err = a.secure(ctx, who, "account.totp", "set up a second factor", func(tx *store.Tx, account *agenda.Account) ([]change, error) {
		c, err := a.ceremony(tx, agenda.TOTPNew, ceremony)
		if err != nil {
			return nil, err
		}
		if c.AccountID != account.ID {
			return nil, errLate
		}
		step, ok, err := credential.VerifyTOTP(string(c.Data), code, a.now(), 0)
		if err != nil {
			return nil, err
		}
		if !ok {
			var f agenda.Faults
			f.Add("/code", "is not the one that the app shows now")
			return nil, f.Err("second factor")
		}
		account.TOTP, account.TOTPStep, account.Recovery = string(c.Data), step, nil
		for _, r := range recovery {
			account.Recovery = append(account.Recovery, credential.HashRecoveryCode(r))
		}
		if err := succeed(tx, throttled{"factor " + string(account.ID), triesPerFactor}); err != nil {
			return nil, err
		}
		return nil, tx.DeleteCeremony(c.Hash)
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// RemoveTOTP takes the second factor away.
func (a *App) RemoveTOTP(ctx context.Context, who SignedIn) error {
	return a.secure(ctx, who, "account.totp", "removed the second factor", func(_ *store.Tx, account *agenda.Account) ([]change, error) {
		account.TOTP, account.TOTPStep, account.Recovery = "", 0, nil
		return nil, nil
	})
}
