package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// ErrProve is the error of what asks for a fresh proof of who sits there.
var ErrProve = agenda.Errorf(agenda.Forbidden, "Show first that it is still you: sign in once more.")

// proved refuses what is dangerous at a browser that was left open.
func (a *App) proved(who SignedIn) error {
	if !who.Login.Proved(a.now()) {
		return ErrProve
	}
	return nil
}

// fresh refuses an Account that has not proved a short while ago who it is: what gives rights away is not for a browser that
// was left open.
func fresh(actor agenda.Actor) error {
	if actor.Kind == agenda.AccountHolder && !actor.Confirmed {
		return ErrProve
	}
	return nil
}

// secure changes how somebody signs in: with a fresh proof only; all their other Logins end, and a letter tells them. Do gives
// what changed besides the Account, for the log.
func (a *App) secure(ctx context.Context, who SignedIn, verb, summary string, do func(*store.Tx, *agenda.Account) ([]change, error)) error {
	if err := a.Witness(ctx, who.Actor, a.proved(who)); err != nil {
		return err
	}
	var account agenda.Account
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.LockAccount(who.Account.ID); err != nil {
			return err
		}
		if account, err = tx.Account(who.Account.ID); err != nil {
			return err
		}
		// Passwords take a while to hash: the Login may have been ended from elsewhere meanwhile.
		if _, err := tx.LoginByHash(who.Login.Hash); agenda.CodeOf(err) == agenda.NotFound {
			return errSignedOut
		} else if err != nil {
			return err
		}
		old := account
		account.Revision++
		account.Updated = a.moment()
		also, err := do(tx, &account)
		if err != nil {
			return err
		}
		if err := tx.UpdateAccount(account); err != nil {
			return err
		}
		if err := tx.DeleteLoginsOf(account.ID, who.Login.ID); err != nil {
			return err
		}
		return a.note(tx, who.Actor, "", verb, account.ID, summary, append([]change{changed(agenda.Event{}, old, account)}, also...)...)
	})
	if err == nil {
		a.notify(account, summary)
	}
	return err
}

// notify tells somebody that how they sign in has changed, so that they learn of it when it was not them.
func (a *App) notify(account agenda.Account, what string) {
	if a.post == nil || !account.EmailVerified {
		return
	}
	a.send(agenda.Letter{Kind: agenda.LetterNotice, To: account.Email, Name: account.Name, Language: account.Language, Detail: noticeWords(account.Language, what)})
}

// notices say in the languages of the program what changed.
var notices = map[string]agenda.Text{
	"changed the password":      {"en": "The password of your account was changed.", "fr": "Le mot de passe de votre compte a été changé.", "vi": "Mật khẩu của tài khoản đã được đổi."},
	"set up a second factor":    {"en": "A second factor was set up for your account.", "fr": "Un second facteur a été ajouté à votre compte.", "vi": "Tài khoản đã được thêm yếu tố xác thực thứ hai."},
	"removed the second factor": {"en": "The second factor of your account was removed.", "fr": "Le second facteur de votre compte a été retiré.", "vi": "Yếu tố xác thực thứ hai của tài khoản đã bị gỡ."},
	"added a passkey":           {"en": "A passkey was added to your account.", "fr": "Une clé d’accès a été ajoutée à votre compte.", "vi": "Tài khoản đã được thêm một khóa truy cập."},
	"removed a passkey":         {"en": "A passkey of your account was removed.", "fr": "Une clé d’accès de votre compte a été retirée.", "vi": "Một khóa truy cập của tài khoản đã bị gỡ."},
	"linked an identity":        {"en": "A single sign-on was linked to your account.", "fr": "Une authentification unique a été liée à votre compte.", "vi": "Tài khoản đã được liên kết với đăng nhập một lần."},
}

func noticeWords(language, what string) string {
	return agenda.NewReader(language, "en").String(notices[what])
}

// send posts a letter without making anybody wait: how long it takes would tell which accounts there are.
func (a *App) send(l agenda.Letter) {
	post, log := a.post, a.log
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Error("panic while a letter was sent", "panic", r)
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), letterTime)
		defer cancel()
		if err := post(ctx, l); err != nil {
			log.Error("a letter was not sent", "kind", l.Kind, "error", err)
		}
	}()
}

// Confirm proves by the password who sits there. Of an Account with a second factor, its code is needed too. It gives the
// secret that takes the place of the Login's.
func (a *App) Confirm(ctx context.Context, who SignedIn, password, code string) (secret string, err error) {
	tried := throttled{"account " + who.Account.Email, triesPerAccount}
	if err := a.try(ctx, tried); err != nil { // who is signed in is known: their account's tries are enough
		return "", a.refuseProof(ctx, who, err)
	}
	secret, err = a.confirm(ctx, who, password, code, tried)
	return secret, a.refuseProof(ctx, who, err)
}

// refuseProof notes that somebody did not prove who sits there.
func (a *App) refuseProof(ctx context.Context, who SignedIn, err error) error {
	return a.turnAway(ctx, who.Actor, "account.refuse", "refused a proof of who sits there", "proof of "+string(who.Account.ID), who.Account.ID, err)
}

func (a *App) confirm(ctx context.Context, who SignedIn, password, code string, tried throttled) (secret string, err error) {
	right, _, err := a.passwords.Verify(ctx, who.Account.Password, password)
	if err != nil {
		return "", err
	}
	var f agenda.Faults
	if !right {
		f.Add("/password", "is not right")
		return "", f.Err("password")
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(who.Account.ID); err != nil {
			return err
		}
		account, err := tx.Account(who.Account.ID)
		if err != nil {
			return err
		}
		if account.Password != who.Account.Password { // it was changed while this one was verified
			f.Add("/password", "is not right")
			return f.Err("password")
		}
		if account.TOTP != "" {
			if _, err := a.useFactor(&account, code); err != nil {
				var f agenda.Faults
				f.Add("/code", "is not right, or was used before")
				return f.Err("second factor")
			}
			if err := tx.UpdateAccount(account); err != nil {
				return err
			}
		}
		if err := succeed(tx, tried); err != nil {
			return err
		}
		secret, err = a.renew(tx, who, agenda.ByPassword)
		return err
	})
	return secret, err
}

// renew notes a proof of who sits there, and gives the secret by which the Login goes on: whoever had the one before, and
// could not prove it, is out.
func (a *App) renew(tx *store.Tx, who SignedIn, how agenda.LoginMethod) (string, error) {
	secret := a.secret()
	err := tx.ConfirmLogin(who.Login.ID, hashSecret(secret), a.moment())
	if agenda.CodeOf(err) == agenda.NotFound {
		err = errSignedOut
	}
	if err != nil {
		return "", err
	}
	return secret, a.note(tx, who.Actor, "", "account.confirm", who.Account.ID, "proved who sits there", changed(agenda.Event{}, nil, agenda.Fields{"method": quoted(string(how))}))
}

// ChangePassword sets the password of somebody who has just proved who they are. It gives the secret of the Login that takes
// the place of theirs.
func (a *App) ChangePassword(ctx context.Context, who SignedIn, password string, from From) (secret string, err error) {
	if err := a.Witness(ctx, who.Actor, a.proved(who)); err != nil {
		return "", err
	}
	hash, err := a.newPassword(ctx, password, who.Account.Email, who.Account.Name)
	if err != nil {
		return "", err
	}
	err = a.secure(ctx, who, "account.password", "changed the password", func(tx *store.Tx, account *agenda.Account) ([]change, error) {
		account.Password = hash
		return nil, tx.EndResets(account.ID, a.moment())
	})
	if err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteLogin(who.Account.ID, who.Login.ID); err != nil {
			return err
		}
		from.Proved = who.Login.Confirmed
		secret, err = a.login(tx, who.Account, who.Login.Method, "", from)
		return err
	})
	return secret, err
}

// newPassword checks a password and gives the form in which it is kept.
func (a *App) newPassword(ctx context.Context, password string, about ...string) (string, error) {
	if err := credential.CheckPassword(password, append(about, "plenary")...); err != nil {
		return "", err
	}
	return a.passwords.Hash(ctx, password)
}

// SetName changes what somebody is called and in which language letters come.
func (a *App) SetName(ctx context.Context, who SignedIn, name, language string) (account agenda.Account, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(who.Account.ID); err != nil {
			return err
		}
		if account, err = tx.Account(who.Account.ID); err != nil {
			return err
		}
		old := account
		account.Name, account.Language = name, language
		account.Clean()
		if err := account.Check(); err != nil {
			return err
		}
		account.Revision++
		account.Updated = a.moment()
		if err := tx.UpdateAccount(account); err != nil {
			return err
		}
		return a.note(tx, who.Actor, "", "account.edit", account.ID, "changed their name or language", changed(agenda.Event{}, old, account))
	})
	return account, err
}
