package store

import (
	"time"

	"plenary/internal/agenda"
)

// remembered is how long a request can be repeated with the same key.
const remembered = 7 * 24 * time.Hour

type keyRow struct {
	Actor       string `gorm:"column:actor;primaryKey"`
	Key         string `gorm:"column:key;primaryKey"`
	Fingerprint string `gorm:"column:fingerprint"`
	NounID      string `gorm:"column:noun_id"`
	Created     int64  `gorm:"column:created_at"`
}

func (keyRow) TableName() string { return "idempotency_keys" }

// Replay says whether the actor made a request with that idempotency key before, what the request's fingerprint was and
// which noun came of it.
func (tx *Tx) Replay(actor, key string) (fingerprint string, noun agenda.ID, found bool, err error) {
	rows, err := all[keyRow](tx.db.Where("actor = ? AND key = ?", actor, key), "actor, key")
	if err != nil || len(rows) == 0 {
		return "", "", false, err
	}
	return rows[0].Fingerprint, agenda.ID(rows[0].NounID), true, nil
}

// Remember keeps that the actor made a request with that idempotency key, and forgets all requests of more than seven
// days before at. The error is agenda.Taken when another request was faster with the same key.
func (tx *Tx) Remember(actor, key, fingerprint string, noun agenda.ID, at time.Time) error {
	w := wording{noun: "request", taken: map[string]string{
		"idempotency_keys_pkey": "Another request with the same idempotency key is under way.",
	}}
	err := tx.db.Where("created_at < ?", millis(at.Add(-remembered))).Delete(&keyRow{}).Error
	if err != nil {
		return fault("forget requests", err, w)
	}
	return insert(tx, []*keyRow{{Actor: actor, Key: key, Fingerprint: fingerprint, NounID: string(noun), Created: millis(at)}}, w)
}
