package store

import (
	"time"

	"plenary/internal/agenda"
)

type tokenRow struct {
	ID       string     `gorm:"column:id;primaryKey"`
	Name     string     `gorm:"column:name"`
	EventID  *string    `gorm:"column:event_id"`
	Scopes   listColumn `gorm:"column:scopes"`
	Prefix   string     `gorm:"column:prefix"`
	Hash     string     `gorm:"column:hash"`
	Expires  *int64     `gorm:"column:expires_at"`
	LastUsed *int64     `gorm:"column:last_used_at"`
	Revoked  *int64     `gorm:"column:revoked_at"`
	Created  int64      `gorm:"column:created_at"`
	MadeBy   string     `gorm:"column:made_by"`
}

func (tokenRow) TableName() string { return "tokens" }

func (r tokenRow) token() agenda.Token {
	return agenda.Token{ID: agenda.ID(r.ID), Name: r.Name, EventID: idOf(r.EventID), Scopes: convert(r.Scopes, verbOf), MadeBy: agenda.ID(r.MadeBy),
		Prefix: r.Prefix, Hash: r.Hash, Expires: instantOrNil(r.Expires), LastUsed: instantOrNil(r.LastUsed),
		Revoked: instantOrNil(r.Revoked), Created: instant(r.Created)}
}

func verbOf(s string) agenda.Verb     { return agenda.Verb(s) }
func nameOfVerb(v agenda.Verb) string { return string(v) }

var tokensByCreation = order[tokenRow]{name: "tokens", keys: []key[tokenRow]{
	{expr: "created_at", num: func(r tokenRow) int64 { return r.Created }},
	{expr: "id", text: func(r tokenRow) string { return r.ID }},
}}

// Token gives the token of that ID, whether it works or not.
func (tx *Tx) Token(id agenda.ID) (agenda.Token, error) {
	return one(tx.db.Where("id = ?", id), "token", tokenRow.token)
}

// TokenByHash gives the token whose secret has that hash, whether it works or not.
func (tx *Tx) TokenByHash(hash string) (agenda.Token, error) {
	return one(tx.db.Where("hash = ?", hash), "token", tokenRow.token)
}

// Tokens lists the tokens for the event alone, or all there are when event is "", oldest first, then by ID.
func (tx *Tx) Tokens(event agenda.ID, page Page) (tokens []agenda.Token, next string, err error) {
	q := tx.db.Model(&tokenRow{})
	if event != "" {
		q = tx.of(event)
	}
	rows, next, err := paged(q, tokensByCreation, string(event), page)
	return convert(rows, tokenRow.token), next, err
}

// InsertToken adds a token.
func (tx *Tx) InsertToken(t agenda.Token) error {
	return insert(tx, []*tokenRow{{ID: string(t.ID), Name: t.Name, EventID: idOrNull(t.EventID), Scopes: convert(t.Scopes, nameOfVerb), MadeBy: string(t.MadeBy),
		Prefix: t.Prefix, Hash: t.Hash, Expires: millisOrNull(t.Expires), LastUsed: millisOrNull(t.LastUsed),
		Revoked: millisOrNull(t.Revoked), Created: millis(t.Created)}},
		wording{noun: "token", refers: "There is no such event."})
}

// RevokeToken ends a token. One that is revoked already stays so from the first time.
func (tx *Tx) RevokeToken(id agenda.ID, at time.Time) error {
	done := tx.db.Model(&tokenRow{}).Where("id = ?", id).Updates(map[string]any{"revoked_at": ended(at)})
	return touched(done, "token")
}

// TouchToken notes that a token was used.
func (tx *Tx) TouchToken(id agenda.ID, at time.Time) error {
	done := tx.db.Model(&tokenRow{}).Where("id = ?", id).Updates(map[string]any{"last_used_at": millis(at)})
	return touched(done, "token")
}
