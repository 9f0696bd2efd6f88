package app

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// From is where a request comes from.
type From struct {
	Address string
	Agent   string // what the browser calls itself
	// Proved is when the provider had a proof of who sits there; it is of no use elsewhere.
	Proved time.Time
}

// proved is when somebody proved to the provider who they are: it may know the browser for days, and let in whoever sits there.
func (f From) proved(now time.Time) time.Time {
	switch {
	case f.Proved.IsZero():
		return now.Add(-agenda.ProofLife)
	case f.Proved.After(now):
		return now
	}
	return f.Proved
}

// stranger is the Actor of somebody who has not signed in yet.
func (f From) stranger() agenda.Actor {
	return agenda.Actor{Kind: agenda.Anonymous, Address: f.Address}
}

// tried is what counts as one place from which guesses come: of IPv6 the network of one customer.
func (f From) tried() throttled {
	return f.triedBy("password")
}

// triedBy is tried for one way in: who guesses in one does not shut the others, on which a hall behind one address falls back.
func (f From) triedBy(way string) throttled {
	return throttled{way + " address " + neighbourhood(f.Address), triesPerAddress}
}

// maxAgent is how much of what a browser calls itself is kept.
const maxAgent = 300

// SignedIn is who sits at a browser that is signed in.
type SignedIn struct {
	Actor   agenda.Actor
	Account agenda.Account
	Login   agenda.Login
	Members []agenda.Member // what they are at which Event
}

// errWrong is what everybody is told who can't be signed in, whatever the reason: who asks is not to learn which accounts
// there are.
var errWrong = agenda.Errorf(agenda.Unauthenticated, "This e-mail address and this password do not open an account.")

// Entry is how far a sign-in has come: the secret of a Login, or that of the ceremony in which a second factor is asked for.
type Entry struct {
	Secret       string
	SecondFactor string
}

// SignIn signs in by password. An old login of the same browser, whose secret may be given, ends. The error is
// Unauthenticated, in the same words and after the same time whatever is wrong, or TooMany.
func (a *App) SignIn(ctx context.Context, email, password, old string, from From) (Entry, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	account := throttled{"account " + email, triesPerAccount}
	if err := a.try(ctx, account, from.tried()); err != nil {
		return Entry{}, a.refuseSignIn(ctx, email, "", from, err)
	}
	var found agenda.Account
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.AccountByEmail(email)
		return err
	})
	if err != nil && agenda.CodeOf(err) != agenda.NotFound {
		return Entry{}, err
	}
	if found.Disabled != nil {
		found.Password = ""
	}
	right, outdated, err := a.passwords.Verify(ctx, found.Password, password) // as long for nobody as for somebody
	if err != nil {
		return Entry{}, err
	}
	if !right {
		return Entry{}, a.refuseSignIn(ctx, email, found.ID, from, errWrong)
	}
	anew := ""
	if outdated {
		if anew, err = a.passwords.Hash(ctx, password); err != nil {
			return Entry{}, err
		}
	}
	done, err := a.enter(ctx, found, anew, old, from, account)
	if errors.Is(err, errAgain) {
		return a.SignIn(ctx, email, password, old, from)
	}
	if agenda.CodeOf(err) == agenda.Unauthenticated {
		return Entry{}, a.refuseSignIn(ctx, email, found.ID, from, errWrong)
	}
	return done, err
}

// refuseSignIn notes that somebody was not let in: what they typed decides whether it leaves an Activity, not whether there is
// an Account of that name, which would be told by the time that it takes.
func (a *App) refuseSignIn(ctx context.Context, typed string, account agenda.ID, from From, err error) error {
	return a.turnAway(ctx, from.stranger(), "account.refuse", "refused a sign-in", "sign-in "+typed, account, err)
}

// errAgain says that the password was changed, or made anew, while it was verified.
var errAgain = errors.New("the password was changed meanwhile")

// enter goes on after the right password: to a second factor if the Account has one, else into a Login. The Account is as it
// was when the password was verified; anew is the password hashed with other costs, "" when it stays.
func (a *App) enter(ctx context.Context, verified agenda.Account, anew, old string, from From, tried throttled) (Entry, error) {
	var done Entry
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		done = Entry{}
		if err := tx.LockAccount(verified.ID); err != nil {
			return err
		}
		account, err := tx.Account(verified.ID)
		if err != nil {
			return err
		}
		if account.Password != verified.Password {
			return errAgain
		}
		if anew != "" {
			account.Password = anew
			account.Revision++
			if err := tx.UpdateAccount(account); err != nil {
				return err
			}
		}
		if account.TOTP != "" {
			done.SecondFactor, err = a.begin(tx, agenda.SecondFactor, account.ID, nil)
			return err
		}
		if err := succeed(tx, tried); err != nil {
			return err
		}
		done.Secret, err = a.login(tx, account, agenda.ByPassword, old, from)
		return err
	})
	return done, err
}

// login makes a Login and gives its secret. The secret is always a new one, so that one which was put into a browser before
// is worth nothing.
func (a *App) login(tx *store.Tx, account agenda.Account, how agenda.LoginMethod, old string, from From) (string, error) {
	if account.Disabled != nil {
		return "", errWrong
	}
	if old != "" {
		if before, err := tx.LoginByHash(hashSecret(old)); err == nil {
			if err := tx.DeleteLogin(before.AccountID, before.ID); err != nil {
				return "", err
			}
		} else if agenda.CodeOf(err) != agenda.NotFound {
			return "", err
		}
	}
	secret, now := a.secret(), a.moment()
	l := agenda.Login{ID: a.newID(), AccountID: account.ID, Hash: hashSecret(secret), Method: how, Address: from.Address, Agent: clipped(from.Agent, maxAgent),
		Created: now, Seen: now, Expires: now.Add(agenda.LoginLife), Confirmed: now}
	if how == agenda.ByProvider {
		l.Confirmed = from.proved(now)
	}
	if err := tx.InsertLogin(l, now); err != nil {
		return "", err
	}
	actor := account.Actor(nil)
	actor.Address = from.Address
	return secret, a.note(tx, actor, "", "account.sign_in", account.ID, "signed in ("+string(how)+")",
		changed(agenda.Event{}, nil, agenda.Fields{"method": quoted(string(how))}))
}

// clipped gives the beginning of what was sent, as one line.
func clipped(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = agenda.CleanLine(s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}

// begin keeps what a browser has begun, and gives the secret by which it goes on.
func (a *App) begin(tx *store.Tx, kind agenda.CeremonyKind, account agenda.ID, data []byte) (string, error) {
	secret, now := a.secret(), a.moment()
	return secret, tx.InsertCeremony(agenda.Ceremony{Hash: hashSecret(secret), Kind: kind, AccountID: account, Data: data,
		Expires: now.Add(agenda.CeremonyLife)}, now)
}

var errLate = agenda.Errorf(agenda.Unauthenticated, "This took too long, or was done before. Begin again.")

// ceremony gives what a browser has begun. The error is Unauthenticated.
func (a *App) ceremony(tx *store.Tx, kind agenda.CeremonyKind, secret string) (agenda.Ceremony, error) {
	c, err := tx.Ceremony(hashSecret(secret), kind)
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && !a.now().Before(c.Expires) {
		return c, errLate
	}
	return c, err
}

var errSignedOut = agenda.Errorf(agenda.Unauthenticated, "You are not signed in any more. Sign in again.")

// Recognize gives who sits at the browser that has this secret. The error is Unauthenticated. The Login is looked up every
// time: one that was ended is worth nothing from then on, wherever it is asked for.
func (a *App) Recognize(ctx context.Context, secret string, from From) (who SignedIn, err error) {
	if who, err = a.StillSignedIn(ctx, secret, from); err != nil {
		return who, err
	}
	if now := a.moment(); now.Sub(who.Login.Seen) >= touchEvery {
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.TouchLogin(who.Login.ID, now) }); err != nil {
			a.log.WarnContext(ctx, "the last use of a login was not kept", "login", who.Login.ID, "error", err)
		}
	}
	return who, nil
}

// StillSignedIn is [App.Recognize] for a page that asks by itself: nobody has used the Login, which ends when it is idle.
func (a *App) StillSignedIn(ctx context.Context, secret string, from From) (who SignedIn, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if who.Login, err = tx.LoginByHash(hashSecret(secret)); err != nil {
			return err
		}
		if who.Account, err = tx.Account(who.Login.AccountID); err != nil {
			return err
		}
		who.Members, err = tx.Memberships(who.Account.ID)
		who.Actor = who.Account.Actor(who.Members)
		who.Actor.Address, who.Actor.Confirmed = from.Address, who.Login.Proved(a.now())
		return err
	})
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && (!who.Login.Works(a.now()) || who.Account.Disabled != nil) {
		return SignedIn{}, errSignedOut
	}
	if err != nil {
		return SignedIn{}, err
	}
	return who, nil
}

// SignOut ends the Login.
func (a *App) SignOut(ctx context.Context, who SignedIn) error {
	return a.RevokeLogin(ctx, who, who.Login.ID)
}

// Logins lists where somebody is signed in, newest first.
func (a *App) Logins(ctx context.Context, who SignedIn) (logins []agenda.Login, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		logins, err = tx.Logins(who.Account.ID)
		return err
	})
	now, working := a.now(), logins[:0]
	for _, l := range logins {
		if l.Works(now) {
			working = append(working, l)
		}
	}
	return working, err
}

// RevokeLogin ends one of somebody's own Logins.
func (a *App) RevokeLogin(ctx context.Context, who SignedIn, id agenda.ID) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		logins, err := tx.Logins(who.Account.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteLogin(who.Account.ID, id); err != nil {
			return err
		}
		return a.note(tx, who.Actor, "", "account.sign_out", who.Account.ID, "ended a login", ended(logins, func(l agenda.Login) bool { return l.ID == id })...)
	})
}

// RevokeOtherLogins ends all Logins of somebody but the one that asks.
func (a *App) RevokeOtherLogins(ctx context.Context, who SignedIn) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		logins, err := tx.Logins(who.Account.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteLoginsOf(who.Account.ID, who.Login.ID); err != nil {
			return err
		}
		return a.note(tx, who.Actor, "", "account.sign_out", who.Account.ID, "ended all other logins", ended(logins, func(l agenda.Login) bool { return l.ID != who.Login.ID })...)
	})
}

// ended says to [App.note] where those Logins were that end.
func ended(logins []agenda.Login, which func(agenda.Login) bool) []change {
	addresses := []string{}
	for _, l := range logins {
		if which(l) {
			addresses = append(addresses, quoted(l.Address))
		}
	}
	return []change{changed(agenda.Event{}, agenda.Fields{"logins": "[" + strings.Join(addresses, ",") + "]"}, nil)}
}
