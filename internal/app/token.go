package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// tokenMark begins every token, so that people and secret scanners recognise one.
const tokenMark = "plenary_"

// CreateToken makes an API token for the Event of that slug, or for all Events when slug is "". The
// secret is given once; only a hash of it is kept.
func (a *App) CreateToken(ctx context.Context, actor agenda.Actor, slug string, t agenda.Token, o Once) (made agenda.Token, secret string, err error) {
	err = a.write(ctx, actor, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.ManageAccess, slug)
		if err != nil {
			return err
		}
		if err := fresh(actor); err != nil {
			return err
		}
		t.Created, t.EventID = a.moment(), event
		t.Clean()
		if err := t.Check(); err != nil {
			return err
		}
		if err := madeBy(tx, actor, &t); err != nil {
			return err
		}
		for _, verb := range t.Scopes { // nobody gives what they do not have
			if err := agenda.Authorize(actor, verb, event); err != nil {
				return err
			}
		}
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			secret = tokenMark + a.secret()
			t.ID, t.Hash, t.Prefix = a.newID(), hashSecret(secret), secret[:len(tokenMark)+6]
			if err := tx.InsertToken(t); err != nil {
				return "", err
			}
			return t.ID, a.note(tx, actor, event, "token.create", t.ID, fmt.Sprintf("made the token %q (%s)", t.Name, words(t.Scopes)), changed(agenda.Event{}, nil, t))
		})
		if err != nil {
			return err
		}
		if replayed {
			return errShownOnce
		}
		made = t
		return nil
	})
	return made, secret, err
}

// tokenEvent gives the Event that tokens are about, "" for all of them, if the Actor may do the verb there.
func tokenEvent(tx *store.Tx, actor agenda.Actor, verb agenda.Verb, slug string) (agenda.ID, error) {
	if slug == "" {
		return "", agenda.Authorize(actor, agenda.CreateEvents, "")
	}
	e, err := authorized(tx, actor, verb, slug)
	return e.ID, err
}

// Tokens lists the tokens of the Event, or of all Events when slug is "".
func (a *App) Tokens(ctx context.Context, actor agenda.Actor, slug string, page Page) (tokens []agenda.Token, next string, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.ManageAccess, slug)
		if err != nil {
			return err
		}
		tokens, next, err = tx.Tokens(event, page)
		return err
	})
	return tokens, next, err
}

// Token gives one token of the Event, or of all Events when slug is "".
func (a *App) Token(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (t agenda.Token, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.ManageAccess, slug)
		if err != nil {
			return err
		}
		t, err = tokenOf(tx, event, id)
		return err
	})
	return t, err
}

// tokenOf gives a token of the Event, or any when event is "".
func tokenOf(tx *store.Tx, event, id agenda.ID) (agenda.Token, error) {
	t, err := tx.Token(id)
	if err == nil && event != "" && t.EventID != event {
		return agenda.Token{}, agenda.Errorf(agenda.NotFound, "There is no such token.")
	}
	return t, err
}

// RevokeToken ends a token for good.
func (a *App) RevokeToken(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) error {
	return a.write(ctx, actor, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.ManageAccess, slug)
		if err != nil {
			return err
		}
		t, err := tokenOf(tx, event, id)
		if err != nil {
			return err
		}
		if err := tx.RevokeToken(id, a.moment()); err != nil {
			return err
		}
		return a.note(tx, actor, t.EventID, "token.revoke", id, fmt.Sprintf("revoked the token %q", t.Name), revoked(t.Revoked, a.moment()))
	})
}

// Authenticate gives the Actor who holds the token. Unknown, revoked and expired ones are refused in
// the same words, and leave an Activity with the address that they came from.
func (a *App) Authenticate(ctx context.Context, secret, address string) (actor agenda.Actor, err error) {
	var t agenda.Token
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if t, err = tx.TokenByHash(hashSecret(secret)); err != nil {
			return err
		}
		actor, err = actorOf(tx, t)
		return err
	})
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && !t.Works(a.now()) {
		a.noteUnknownToken(ctx, address)
		return agenda.Actor{Kind: agenda.Anonymous}, agenda.Errorf(agenda.Unauthenticated, "This token opens nothing: it is unknown, expired or revoked.")
	}
	if err != nil {
		return agenda.Actor{Kind: agenda.Anonymous}, err
	}
	if now := a.moment(); t.LastUsed == nil || now.Sub(*t.LastUsed) >= touchEvery {
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.TouchToken(t.ID, now) }); err != nil {
			a.log.WarnContext(ctx, "the last use of a token was not kept", "token", t.ID, "error", err)
		}
	}
	actor.Address = address
	return actor, nil
}

// actorOf gives who holds the Token. Of its scopes, those count that whoever made it has still; NotFound when they have no
// Account any more, or one that is disabled.
func actorOf(tx *store.Tx, t agenda.Token) (agenda.Actor, error) {
	actor := t.Actor()
	if t.MadeBy == "" {
		return actor, nil
	}
	maker, err := tx.Account(t.MadeBy)
	if err != nil {
		return actor, err
	}
	if maker.Disabled != nil {
		return actor, agenda.Errorf(agenda.NotFound, "Whoever made the token is disabled.")
	}
	members, err := tx.Memberships(maker.ID)
	if err != nil {
		return actor, err
	}
	rights := maker.Actor(members)
	for i, g := range actor.Grants {
		actor.Grants[i].Verbs = slices.DeleteFunc(slices.Clone(g.Verbs), func(v agenda.Verb) bool { return !agenda.May(rights, v, g.EventID) })
	}
	return actor, nil
}

// madeBy notes whose rights the Token has, so that it ends with them. One that was made with another Token ends with those of
// who made that, and expires no later.
func madeBy(tx *store.Tx, actor agenda.Actor, t *agenda.Token) error {
	t.MadeBy = accountOf(actor)
	if actor.Kind == agenda.TokenHolder {
		with, err := tx.Token(actor.ID)
		if err != nil {
			return err
		}
		t.MadeBy = with.MadeBy
		if with.Expires != nil && (t.Expires == nil || t.Expires.After(*with.Expires)) {
			var f agenda.Faults
			f.Add("/expires", "is later than the token with which it is made expires, at %s", with.Expires.UTC().Format(time.RFC3339))
			return f.Err("token")
		}
	}
	return nil
}

// accountOf gives the Account that asks, "" when it is somebody else.
func accountOf(actor agenda.Actor) agenda.ID {
	if actor.Kind == agenda.AccountHolder {
		return actor.ID
	}
	return ""
}

// words lists names in a sentence for logs.
func words[T ~string](names []T) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return strings.Join(list, ", ")
}
