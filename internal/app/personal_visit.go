package app

import (
	"context"
	"crypto/subtle"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// What may be tried of codes before one has to wait. What is tried is counted in the database, which all replicas share.
const (
	codeFailures  = 100 // from one address, which may be that of a whole hall
	codesAlike    = 10  // of codes that begin alike
	codesOfLink   = 5   // mailed for one link in an hour
	codesOfPerson = 15
)

var (
	// errNoLink is the same whether a link is unknown, revoked or expired.
	errNoLink = agenda.Errorf(agenda.NotFound, "This link opens nothing: it is unknown, expired or revoked.")
	errVisit  = agenda.Errorf(agenda.Unauthenticated, "This needs a personal link.")
	// errNotConfirmed asks for the code.
	errNotConfirmed = agenda.Errorf(agenda.Forbidden, "This needs the code that is sent to you.")
	errWrongCode    = agenda.Errorf(agenda.Invalid, "This is not the code, or it is too old or was tried too often.")
	errAskDesk      = agenda.Errorf(agenda.Taken, "No code can be sent to you. Ask the protocol desk for one.")
)

// tryCode counts a try at a code from an address before it is known how it ends, in a transaction of its own: of many at
// once, no more than may be are looked at. It gives the tries, to be forgotten when it was the right one.
func (a *App) tryCode(ctx context.Context, what ...throttled) (ids []agenda.ID, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ids = nil
		for _, w := range what {
			id, err := a.attempt(tx, w.key, w.most, throttleWindow)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

func forget(tx *store.Tx, attempts []agenda.ID) error {
	for _, id := range attempts {
		if err := tx.DeleteAttempt(id); err != nil {
			return err
		}
	}
	return nil
}

// NewVisit is a Visit when it begins: its secret is told now and never again.
type NewVisit struct {
	Secret  string
	Expires time.Time
}

// OpenPersonalLink begins a Visit for who has the secret of a personal link. It can be repeated, and what was begun before
// goes on; a Visit through the same link that the browser has already is kept.
func (a *App) OpenPersonalLink(ctx context.Context, secret, visiting, address string) (v NewVisit, err error) {
	first := a.opened.once(a.now())
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		l, err := tx.PersonalLinkByHash(hashSecret(secret))
		if err != nil {
			return noLink(err)
		}
		v, err = a.beginVisit(tx, l, visiting, address, first)
		return err
	})
	return v, a.refusePersonal(ctx, "link "+secret, address, err)
}

// refusePersonal notes that a personal link, or its code, opened nothing.
func (a *App) refusePersonal(ctx context.Context, what, address string, err error) error {
	return a.turnAway(ctx, From{Address: address}.stranger(), "link.refuse", "refused a personal link", what, "", err)
}

// OpenPersonalCode does the same for who types the code of a personal link. Failures are counted by the address that the
// request came from, and by how the code begins: who knows a part of a code can't try the rest from everywhere.
func (a *App) OpenPersonalCode(ctx context.Context, typed, visiting, address string) (v NewVisit, err error) {
	code := agenda.TypedCode(typed)
	if len(code) != agenda.LongCode {
		return v, errNoLink
	}
	tries, err := a.tryCode(ctx, throttled{"code from " + neighbourhood(address), codeFailures}, throttled{"code like " + code[:agenda.LongCode/2], codesAlike})
	if err != nil {
		return v, a.refusePersonal(ctx, "code", address, err)
	}
	hash, first := a.hashCode(code), a.opened.once(a.now())
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		l, err := tx.PersonalLinkByCode(hash)
		if err != nil {
			return noLink(err)
		}
		if v, err = a.beginVisit(tx, l, visiting, address, first); err != nil {
			return err
		}
		return forget(tx, tries)
	})
	return v, a.refusePersonal(ctx, "code", address, err)
}

// noLink is errNoLink where nothing was found.
func noLink(err error) error {
	if agenda.CodeOf(err) == agenda.NotFound {
		return errNoLink
	}
	return err
}

func (a *App) beginVisit(tx *store.Tx, l agenda.PersonalLink, visiting, address string, first func(source, key string) bool) (NewVisit, error) {
	now := a.moment()
	if !l.Works(now) {
		return NewVisit{}, errNoLink
	}
	if err := a.touchLink(tx, l); err != nil {
		return NewVisit{}, err
	}
	if err := beginPage(tx, l.EventID, l.PersonID); err != nil {
		return NewVisit{}, noLink(err)
	}
	had, through, err := tx.VisitByHash(hashSecret(visiting))
	if err == nil && through.ID == l.ID && had.Works(now) {
		return NewVisit{Secret: visiting, Expires: had.Expires}, nil
	}
	if err != nil && agenda.CodeOf(err) != agenda.NotFound {
		return NewVisit{}, err
	}
	v := NewVisit{Secret: a.secret(), Expires: now.Add(agenda.VisitLife)}
	if l.Expires.Before(v.Expires) {
		v.Expires = l.Expires
	}
	begun := agenda.Visit{Hash: hashSecret(v.Secret), LinkID: l.ID, Created: now, Expires: v.Expires}
	if err := tx.InsertVisit(begun); err != nil {
		return v, err
	}
	p, err := tx.Person(l.EventID, l.PersonID)
	if err != nil {
		return v, noLink(err)
	}
	actor := l.Actor(begun, p)
	actor.Address = address
	// Programs that look through mail open a link again and again.
	if !first(neighbourhood(address), string(l.ID)) {
		return v, nil
	}
	return v, a.note(tx, actor, l.EventID, "link.open", l.ID, "opened a personal link", changed(agenda.Event{}, nil, visitExpires(v.Expires)))
}

// visitExpires are the fields of a Visit that the log has.
func visitExpires(at time.Time) agenda.Fields {
	return agenda.Fields{"expires": instantWords(at)}
}

func (a *App) touchLink(tx *store.Tx, l agenda.PersonalLink) error {
	if now := a.moment(); l.LastUsed == nil || now.Sub(*l.LastUsed) >= touchEvery {
		return tx.TouchPersonalLink(l.ID, now)
	}
	return nil
}

// Visitor gives the Actor who comes with the secret of a Visit. That of one that ended, or whose link did, is
// Unauthenticated. It is asked with every request: what was revoked opens nothing from the next one on, wherever it comes.
func (a *App) Visitor(ctx context.Context, secret, address string) (actor agenda.Actor, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		actor, _, err = a.visitor(tx, secret)
		return err
	})
	actor.Address = address
	return actor, err
}

func (a *App) visitor(tx *store.Tx, secret string) (agenda.Actor, agenda.Visit, error) {
	nobody := agenda.Actor{Kind: agenda.Anonymous}
	if secret == "" {
		return nobody, agenda.Visit{}, errVisit
	}
	v, l, err := tx.VisitByHash(hashSecret(secret))
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && !(v.Works(a.now()) && l.Works(a.now())) {
		return nobody, v, errVisit
	}
	if err != nil {
		return nobody, v, err
	}
	p, err := tx.Person(l.EventID, l.PersonID)
	if err != nil {
		return nobody, v, err
	}
	return l.Actor(v, p), v, nil
}

// EndVisit forgets the Visit with that secret, if there is one.
func (a *App) EndVisit(ctx context.Context, secret, address string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		actor, v, err := a.visitor(tx, secret)
		if err != nil && agenda.CodeOf(err) != agenda.Unauthenticated {
			return err
		}
		if done := tx.DeleteVisit(hashSecret(secret)); done != nil || err != nil { // one that has ended leaves no Activity
			return done
		}
		actor.Address = address
		return a.note(tx, actor, actor.EventID, "link.leave", actor.ID, "left their personal page", changed(agenda.Event{}, visitExpires(v.Expires), nil))
	})
}

// digitsHash is how a code of six digits is kept: with the secret of the Visit, of which the database has the hash only, so
// that a copy of the database does not tell it.
func digitsHash(visit, digits string) string { return hashSecret(visit + " " + digits) }

// SendCode mails a code of six digits to the Person whose Visit has that secret, to an address that somebody who arranges
// Meetings has vouched for, or the Person. Otherwise it is Taken: the protocol desk has to be asked.
func (a *App) SendCode(ctx context.Context, secret, language, address string) error {
	var letter agenda.Letter
	var actor agenda.Actor
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		var v agenda.Visit
		var err error
		if actor, v, err = a.visitor(tx, secret); err != nil {
			return err
		}
		actor.Address = address
		e, p, err := own(tx, actor)
		if err != nil {
			return err
		}
		vouched, err := tx.VouchedAddress(e.ID, p.ID)
		if err != nil {
			return err
		}
		if a.post == nil || p.Email == "" || p.Email != vouched {
			return errAskDesk
		}
		if _, err := a.attempt(tx, "codes of link "+string(actor.ID), codesOfLink, time.Hour); err != nil {
			return err
		}
		if _, err := a.attempt(tx, "codes of person "+string(e.ID)+" "+string(p.ID), codesOfPerson, time.Hour); err != nil {
			return err
		}
		digits := sixDigits(a.secret())
		code := agenda.VisitCode{Hash: digitsHash(secret, digits), Expires: a.moment().Add(agenda.CodeLife)}
		letter = agenda.Letter{Kind: agenda.LetterCode, To: p.Email, Name: p.Name, Language: language, Code: digits, Event: e.Name,
			Expires: code.Expires, Zone: e.Zone}
		if err := tx.SetVisitCode(v.Hash, code); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "code.send", p.ID, "asked for a code by mail",
			changed(e, nil, agenda.Fields{"expires": instantWords(code.Expires)}))
	})
	if err != nil {
		return a.turnAway(ctx, actor, "link.refuse", "refused to mail a code", "mail "+string(actor.ID), actor.ID, err)
	}
	if err := a.post(ctx, letter); err != nil {
		a.log.WarnContext(ctx, "a code was not mailed", "error", err)
		return agenda.Errorf(agenda.Unavailable, "The letter could not be sent. Try again later.")
	}
	return nil
}

// ConfirmVisit takes the code that was mailed for the Visit with that secret, or one that the protocol desk told the Person.
func (a *App) ConfirmVisit(ctx context.Context, secret, typed, address string) error {
	code := agenda.TypedCode(typed)
	tries, err := a.tryCode(ctx, throttled{"digits from " + neighbourhood(address), codeFailures})
	if err != nil {
		return a.refusePersonal(ctx, "digits", address, err)
	}
	long := ""
	if len(code) == agenda.LongCode {
		long = a.hashCode(code) // slow, and therefore before the transaction
	}
	right := false
	var actor agenda.Actor
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		right = false
		var v agenda.Visit
		if actor, v, err = a.visitor(tx, secret); err != nil {
			return err
		}
		actor.Address = address
		kept, typed := "", long
		if long != "" {
			kept, err = tx.TryDeskCode(actor.EventID, actor.PersonID, a.moment())
		} else {
			kept, err = tx.TryVisitCode(v.Hash, a.moment())
			typed = digitsHash(secret, code)
		}
		if err != nil {
			return err
		}
		if right = kept != "" && subtle.ConstantTimeCompare([]byte(kept), []byte(typed)) == 1; !right {
			return nil // that it was tried stays
		}
		return a.confirmVisit(tx, actor, v, long != "", tries)
	})
	if err == nil && !right {
		return a.turnAway(ctx, actor, "link.refuse", "refused a code", "digits "+string(actor.ID), actor.ID, errWrongCode)
	}
	return err
}

func (a *App) confirmVisit(tx *store.Tx, actor agenda.Actor, v agenda.Visit, desk bool, tries []agenda.ID) error {
	if desk {
		if err := tx.DeleteDeskCode(actor.EventID, actor.PersonID); err != nil {
			return err
		}
	}
	if err := tx.ConfirmVisit(v.Hash, a.moment()); err != nil {
		return err
	}
	if err := forget(tx, tries); err != nil {
		return err
	}
	return a.note(tx, actor, actor.EventID, "link.confirm", actor.ID, "typed the code of their personal page",
		changed(agenda.Event{}, agenda.Fields{"confirmed": "false"}, agenda.Fields{"confirmed": "true"}))
}
