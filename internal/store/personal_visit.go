package store

import (
	"hash/fnv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type visitRow struct {
	Hash        string `gorm:"column:hash;primaryKey"`
	LinkID      string `gorm:"column:link_id"`
	Created     int64  `gorm:"column:created_at"`
	Expires     int64  `gorm:"column:expires_at"`
	Confirmed   *int64 `gorm:"column:confirmed_at"`
	CodeHash    string `gorm:"column:code_hash"`
	CodeExpires int64  `gorm:"column:code_expires_at"`
	CodeTries   int    `gorm:"column:code_tries"`
}

func (visitRow) TableName() string { return "personal_visits" }

func (r visitRow) visit() agenda.Visit {
	v := agenda.Visit{Hash: r.Hash, LinkID: agenda.ID(r.LinkID), Created: instant(r.Created), Expires: instant(r.Expires),
		Confirmed: instantOrNil(r.Confirmed)}
	if r.CodeHash != "" {
		v.Code = agenda.VisitCode{Hash: r.CodeHash, Expires: instant(r.CodeExpires), Tries: r.CodeTries}
	}
	return v
}

// oneMore is what to write to count one more.
func oneMore(column string) clause.Expr { return gorm.Expr(column + " + 1") }

// VisitByHash gives the visit whose secret has that hash, with its personal link, whether they work or not.
func (tx *Tx) VisitByHash(hash string) (v agenda.Visit, l agenda.PersonalLink, err error) {
	if v, err = one(tx.db.Where("hash = ?", hash), "visit", visitRow.visit); err != nil {
		return v, l, err
	}
	l, err = one(tx.db.Where("id = ?", v.LinkID), "personal link", personalLinkRow.link)
	return v, l, err
}

// Visits gives the visits through a personal link that have not been forgotten, oldest first.
func (tx *Tx) Visits(link agenda.ID) ([]agenda.Visit, error) {
	rows, err := all[visitRow](tx.db.Where("link_id = ?", link), "created_at, hash")
	return convert(rows, visitRow.visit), err
}

// ConfirmedLinks gives the personal links of the event through which somebody came who typed their code, in a visit that lasts at
// that time.
func (tx *Tx) ConfirmedLinks(event agenda.ID, now time.Time) (map[agenda.ID]bool, error) {
	links := tx.of(event).Model(&personalLinkRow{}).Select("id")
	rows, err := all[visitRow](tx.db.Where("confirmed_at IS NOT NULL AND expires_at > ? AND link_id IN (?)", millis(now), links), "created_at, hash")
	confirmed := map[agenda.ID]bool{}
	for _, r := range rows {
		confirmed[agenda.ID(r.LinkID)] = true
	}
	return confirmed, err
}

// maxVisits is how many visits that are not confirmed one link has at most: who opens it more often ends the oldest.
const maxVisits = 200

// InsertVisit adds a visit, and forgets those that have ended.
func (tx *Tx) InsertVisit(v agenda.Visit) error {
	if err := tx.db.Where("expires_at <= ?", millis(v.Created)).Delete(&visitRow{}).Error; err != nil {
		return fault("forget visits", err, wording{})
	}
	err := tx.db.Exec(`DELETE FROM personal_visits WHERE link_id = ? AND confirmed_at IS NULL AND hash NOT IN (SELECT hash FROM personal_visits
		WHERE link_id = ? AND confirmed_at IS NULL ORDER BY created_at DESC, hash LIMIT ?)`, v.LinkID, v.LinkID, maxVisits-1).Error
	if err != nil {
		return fault("forget visits", err, wording{})
	}
	return insert(tx, []*visitRow{{Hash: v.Hash, LinkID: string(v.LinkID), Created: millis(v.Created), Expires: millis(v.Expires),
		Confirmed: millisOrNull(v.Confirmed)}}, wording{noun: "visit", refers: "There is no such personal link."})
}

// DeleteVisit ends a visit. One that has ended already is none.
func (tx *Tx) DeleteVisit(hash string) error {
	return fault("end visit", tx.db.Where("hash = ?", hash).Delete(&visitRow{}).Error, wording{})
}

// SetVisitCode keeps the code that was mailed for a visit, instead of one before.
func (tx *Tx) SetVisitCode(visit string, c agenda.VisitCode) error {
	done := tx.db.Model(&visitRow{}).Where("hash = ?", visit).
		Updates(map[string]any{"code_hash": c.Hash, "code_expires_at": millis(c.Expires), "code_tries": c.Tries})
	return touched(done, "visit")
}

// TryVisitCode counts a try at the code of a visit and gives its hash; "" when there is none to try. Until the
// transaction ends, no other can try.
func (tx *Tx) TryVisitCode(visit string, now time.Time) (string, error) {
	done := tx.db.Model(&visitRow{}).
		Where("hash = ? AND code_hash <> '' AND code_tries < ? AND code_expires_at > ?", visit, agenda.MaxCodeTries, millis(now)).
		Updates(map[string]any{"code_tries": oneMore("code_tries")})
	if done.Error != nil || done.RowsAffected == 0 {
		return "", fault("try code", done.Error, wording{})
	}
	return one(tx.db.Where("hash = ?", visit), "visit", func(r visitRow) string { return r.CodeHash })
}

// ConfirmVisit notes that a code was typed that only the person can have. The code of the visit is used up.
func (tx *Tx) ConfirmVisit(visit string, at time.Time) error {
	done := tx.db.Model(&visitRow{}).Where("hash = ?", visit).
		Updates(map[string]any{"confirmed_at": millis(at), "code_hash": ""})
	return touched(done, "visit")
}

// UnconfirmVisits takes back the confirmation of all visits of a person at the event but one; "" spares none.
func (tx *Tx) UnconfirmVisits(event, person agenda.ID, but string) error {
	err := tx.db.Model(&visitRow{}).
		Where("hash <> ? AND link_id IN (SELECT id FROM personal_links WHERE event_id = ? AND person_id = ?)", but, event, person).
		Updates(map[string]any{"confirmed_at": nil, "code_hash": ""}).Error
	return fault("unconfirm visits", err, wording{})
}

// LockAttempts makes other transactions that lock the same key wait until this one ends, so that what is tried at once is
// counted. On SQLite a writing transaction is alone anyway.
func (tx *Tx) LockAttempts(key string) error {
	if tx.dialect != postgresDialect {
		return nil
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte("attempts " + key))                                                                       // never fails
	return fault("lock attempts", tx.db.Exec("SELECT pg_advisory_xact_lock(?)", int64(h.Sum64())).Error, wording{}) // #nosec G115 -- all 64 bits, whatever the sign
}

// DeleteAttempt forgets one thing that was tried, since it was no failure.
func (tx *Tx) DeleteAttempt(id agenda.ID) error {
	return fault("forget attempt", tx.db.Where("id = ?", id).Delete(&attemptRow{}).Error, wording{})
}
