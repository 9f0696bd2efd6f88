package app

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// NewLink is a personal link when it is made: what opens it is told now and never again.
type NewLink struct {
	Link   agenda.PersonalLink
	Secret string
	Code   string // see [agenda.LongCode]
}

// LinkRequest says what personal link is asked for.
type LinkRequest struct {
	PersonID agenda.ID
	Expires  *time.Time // nil: see [agenda.LinkEnds]
	// Vouched is the Person's address, repeated by an Actor who may edit Meetings and vouches that it is the Person's own,
	// so that codes may be mailed there; "" when nobody does. See [App.VouchAddress].
	Vouched string
}

// MakePersonalLink makes a personal link of a Person. Who edits the Event may: without a code that only the Person gets,
// the link shows no more than editors see anyway.
func (a *App) MakePersonalLink(ctx context.Context, actor agenda.Actor, slug string, q LinkRequest, o Once) (made NewLink, err error) {
	opens := a.newLink()
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, q.PersonID)
		if err != nil {
			return err
		}
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			if made, err = a.insertLink(tx, actor, e, p, q, opens, false); err != nil {
				return "", err
			}
			return made.Link.ID, a.note(tx, actor, e.ID, "link.make", made.Link.ID, fmt.Sprintf("made a personal link of %s", p.Name), changed(e, nil, made.Link))
		})
		if err == nil && replayed {
			return errShownOnce
		}
		return err
	})
	if err != nil {
		return NewLink{}, err
	}
	return made, nil
}

// newLink makes what opens a link, and what is kept of it. The code takes long to hash, and no transaction waits for it.
func (a *App) newLink() NewLink {
	n := NewLink{Secret: a.secret(), Code: longCode(a.secret())}
	n.Link.Hash, n.Link.CodeHash = hashSecret(n.Secret), a.hashCode(n.Code)
	return n
}

func (a *App) insertLink(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, q LinkRequest, n NewLink, mailed bool) (NewLink, error) {
	l := agenda.PersonalLink{ID: a.newID(), EventID: e.ID, PersonID: p.ID, Hash: n.Link.Hash, CodeHash: n.Link.CodeHash,
		Created: a.moment(), Expires: agenda.LinkEnds(e, a.moment()), MadeBy: accountOf(actor), Mailed: mailed}
	if q.Expires != nil {
		l.Expires = q.Expires.UTC().Truncate(time.Millisecond)
	}
	if err := l.Check(); err != nil {
		return n, err
	}
	if q.Vouched != "" {
		if err := a.vouch(tx, actor, e, p, q.Vouched); err != nil {
			return n, err
		}
	}
	n.Link = l
	return n, tx.InsertPersonalLink(l)
}

// PersonalLinks lists the personal links of a Person, oldest first, without what opens them.
func (a *App) PersonalLinks(ctx context.Context, actor agenda.Actor, slug string, person agenda.ID, page Page) (links []agenda.PersonalLink, next string, err error) {
	err = a.view(ctx, actor, agenda.EditEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		if _, err := tx.Person(e.ID, person); err != nil {
			return err
		}
		links, next, err = tx.PersonalLinks(e.ID, person, page)
		return err
	})
	return links, next, err
}

// RevokePersonalLink ends a personal link, and with it every Visit through it.
func (a *App) RevokePersonalLink(ctx context.Context, actor agenda.Actor, slug string, person, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, person)
		if err != nil {
			return err
		}
		l, err := tx.PersonalLink(e.ID, id)
		if err != nil {
			return err
		}
		if l.PersonID != person {
			return agenda.Errorf(agenda.NotFound, "There is no such personal link.")
		}
		if err := tx.RevokePersonalLink(e.ID, id, a.moment()); err != nil {
			return err
		}
		now := a.moment()
		ended := l
		if ended.Revoked == nil {
			ended.Revoked = &now
		}
		return a.note(tx, actor, e.ID, "link.revoke", id, fmt.Sprintf("revoked a personal link of %s", p.Name), changed(e, l, ended))
	})
}

// linksMailed is how many personal links of one Person are mailed in an hour at most.
const linksMailed = 5

var errNoMail = agenda.Errorf(agenda.Taken, "Mail is not configured here: make the link and hand it over yourself.")

// SendPersonalLink makes a personal link and mails it to the Person's address. Nobody else is told what opens it. Where is
// the address of the page that it opens. The letter is in the language, "" for the Event's first.
func (a *App) SendPersonalLink(ctx context.Context, actor agenda.Actor, slug string, q LinkRequest, language, where string) (agenda.PersonalLink, error) {
	var made NewLink
	var letter agenda.Letter
	opens := a.newLink()
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, q.PersonID)
		if err != nil {
			return err
		}
		switch {
		case a.post == nil:
			return errNoMail
		case p.Email == "":
			return agenda.Errorf(agenda.Taken, "No address of this person is known.")
		}
		if _, err := a.attempt(tx, "links mailed "+string(e.ID)+" "+string(p.ID), linksMailed, time.Hour); err != nil {
			return err
		}
		if made, err = a.insertLink(tx, actor, e, p, q, opens, true); err != nil {
			return err
		}
		letter = agenda.Letter{Kind: agenda.LetterPersonal, To: p.Email, Name: p.Name, Language: language, URL: where + "#" + made.Secret,
			Code: agenda.SpelledCode(made.Code), Event: e.Name, Expires: made.Link.Expires, Zone: e.Zone}
		if language == "" {
			letter.Language = e.Language()
		}
		return a.note(tx, actor, e.ID, "link.send", made.Link.ID, fmt.Sprintf("mailed a personal link to %s", p.Name), changed(e, nil, made.Link))
	})
	if err != nil {
		return agenda.PersonalLink{}, err
	}
	if err := a.post(ctx, letter); err != nil {
		a.log.WarnContext(ctx, "a personal link was not mailed", "link", made.Link.ID, "error", err)
		undone := a.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			ended, now := made.Link, a.moment()
			ended.Revoked = &now
			if err := tx.RevokePersonalLink(made.Link.EventID, made.Link.ID, now); err != nil {
				return err
			}
			return a.note(tx, actor, made.Link.EventID, "link.revoke", made.Link.ID, "revoked a personal link that could not be mailed",
				changed(agenda.Event{}, made.Link, ended))
		})
		if undone != nil {
			return agenda.PersonalLink{}, undone
		}
		return agenda.PersonalLink{}, agenda.Errorf(agenda.Unavailable, "The letter could not be sent. Try again later.")
	}
	return made.Link, nil
}

// MakeDeskCode makes a code that the protocol desk tells a Person whom it knows: typed on their page, it confirms the
// Visit, as one that is mailed does. It is told once and takes the place of one before.
func (a *App) MakeDeskCode(ctx context.Context, actor agenda.Actor, slug string, person agenda.ID) (code string, expires time.Time, err error) {
	code, expires = longCode(a.secret()), a.moment().Add(agenda.CodeLife)
	hash := a.hashCode(code) // slow, and therefore before the transaction
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, person)
		if err != nil {
			return err
		}
		err = tx.PutDeskCode(agenda.DeskCode{EventID: e.ID, PersonID: person, MadeBy: accountOf(actor),
			VisitCode: agenda.VisitCode{Hash: hash, Expires: expires}})
		if err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "code.make", person, fmt.Sprintf("made a code for %s", p.Name), changed(e, nil, agenda.Fields{"expires": instantWords(expires)}))
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return code, expires, nil
}

// VouchAddress says that an address is the Person's own, so that codes for their page at the Event may be mailed there. Who
// sees Meetings decides that: whoever edits the Event may change the address, and would else get the code.
func (a *App) VouchAddress(ctx context.Context, actor agenda.Actor, slug string, person agenda.ID, address string) error {
	return a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, person)
		if err != nil {
			return err
		}
		return a.vouch(tx, actor, e, p, address)
	})
}

// VouchedAddresses gives the addresses that somebody vouched for, of those of these people who have one, to whoever may vouch.
func (a *App) VouchedAddresses(ctx context.Context, actor agenda.Actor, slug string, people []agenda.ID) (vouched map[agenda.ID]string, err error) {
	err = a.view(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		vouched, err = tx.VouchedAddresses(e.ID, people)
		return err
	})
	return vouched, err
}

func (a *App) vouch(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, address string) error {
	if err := agenda.Authorize(actor, agenda.EditMeetings, e.ID); err != nil {
		return err
	}
	if address == "" || address != p.Email {
		var f agenda.Faults
		f.Add("/vouched_address", "is not the address of this person as it is now")
		return f.Err("address")
	}
	before, err := tx.VouchedAddress(e.ID, p.ID)
	if err != nil {
		return err
	}
	if before != address { // codes may have gone to another's
		if err := tx.UnconfirmVisits(e.ID, p.ID, ""); err != nil {
			return err
		}
	}
	if err := tx.VouchAddress(e.ID, p.ID, address, a.moment()); err != nil {
		return err
	}
	if err := a.tellAnew(tx, e, p, before != address); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "person.vouch", p.ID, fmt.Sprintf("vouched for the address of %s", p.Name), vouched(before, address))
}

// vouched says to [App.note] which address of a Person's was vouched for, and which one is.
func vouched(before, after string) change {
	was := agenda.Fields{"vouched_address": quoted(before)}
	if before == "" {
		was = agenda.Fields{}
	}
	return changed(agenda.Event{}, was, agenda.Fields{"vouched_address": quoted(after)})
}

// longCode gives the code of [agenda.LongCode] characters that follows from a secret.
func longCode(secret string) string {
	sum := sha256.Sum256([]byte("code " + secret))
	code := make([]byte, agenda.LongCode)
	for i := range code {
		code[i] = agenda.CodeAlphabet[int(sum[i])%len(agenda.CodeAlphabet)]
	}
	return string(code)
}

// sixDigits gives the code of six digits that follows from a secret.
func sixDigits(secret string) string {
	sum := sha256.Sum256([]byte("digits " + secret))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum[:])%1_000_000)
}

// codeRounds make each guess at a long code from a copy of the database cost 2^17.6 hashes, besides its 50 bits.
const codeRounds = 200_000

// hashCode is how long codes are kept. They are looked up by it, so that all have the same salt.
func (a *App) hashCode(code string) string {
	sum, err := pbkdf2.Key(sha256.New, code, []byte("plenary personal code"), a.rounds, sha256.Size)
	if err != nil {
		// Only lengths that FIPS 140 does not allow are refused, and this is none.
		panic("app: pbkdf2: " + err.Error())
	}
	return hex.EncodeToString(sum)
}
