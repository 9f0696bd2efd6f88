package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// tokenMark begins every token, so that people and secret scanners recognise one.
const tokenMark = "plenary_"

// CreateToken makes an API token for the Event of that slug, or for all Events when slug is "". The
// secret is given once; only a hash of it is kept.
func (a *App) CreateToken(ctx context.Context, actor agenda.Actor, slug string, t agenda.Token, o Once) (made agenda.Token, secret string, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.EditEvent, slug)
		if err != nil {
			return err
		}
		t.Name = agenda.CleanLine(t.Name)
		t.Created, t.EventID = a.moment(), event
		if err := t.Check(); err != nil {
			return err
		}
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			secret = tokenMark + a.secret()
			t.ID, t.Hash, t.Prefix = a.newID(), hashSecret(secret), secret[:len(tokenMark)+6]
			if err := tx.InsertToken(t); err != nil {
				return "", err
			}
			return t.ID, a.note(tx, actor, event, "token.create", t.ID, fmt.Sprintf("made the token %q (%s)", t.Name, t.Scope))
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
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.EditEvent, slug)
		if err != nil {
			return err
		}
		tokens, next, err = tx.Tokens(event, page)
		return err
	})
	return tokens, next, err
}

// RevokeToken ends a token for good.
func (a *App) RevokeToken(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		event, err := tokenEvent(tx, actor, agenda.EditEvent, slug)
		if err != nil {
			return err
		}
		t, err := tx.Token(id)
		if err != nil {
			return err
		}
		if event != "" && t.EventID != event {
			return agenda.Errorf(agenda.NotFound, "There is no such token.")
		}
		if err := tx.RevokeToken(id, a.moment()); err != nil {
			return err
		}
		return a.note(tx, actor, t.EventID, "token.revoke", id, fmt.Sprintf("revoked the token %q", t.Name))
	})
}

// Authenticate gives the Actor who holds the token. Unknown, revoked and expired ones are refused in
// the same words.
func (a *App) Authenticate(ctx context.Context, secret string) (actor agenda.Actor, err error) {
	var t agenda.Token
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		t, err = tx.TokenByHash(hashSecret(secret))
		return err
	})
	if agenda.CodeOf(err) == agenda.NotFound || err == nil && !t.Works(a.now()) {
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
	return t.Actor(), nil
}

// Activities lists who did what at the Event, newest first.
func (a *App) Activities(ctx context.Context, actor agenda.Actor, slug string, page Page) (list []agenda.Activity, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		list, next, err = tx.Activities(e.ID, page)
		return err
	})
	return list, next, err
}
