package store

import (
	"time"

	"plenary/internal/agenda"
)

type loginRow struct {
	ID        string `gorm:"column:id;primaryKey"`
	AccountID string `gorm:"column:account_id"`
	Hash      string `gorm:"column:hash"`
	Method    string `gorm:"column:method"`
	Address   string `gorm:"column:address"`
	Agent     string `gorm:"column:agent"`
	Created   int64  `gorm:"column:created_at"`
	Seen      int64  `gorm:"column:seen_at"`
	Expires   int64  `gorm:"column:expires_at"`
	Confirmed int64  `gorm:"column:confirmed_at"`
}

func (loginRow) TableName() string { return "logins" }

func (r loginRow) login() agenda.Login {
	return agenda.Login{ID: agenda.ID(r.ID), AccountID: agenda.ID(r.AccountID), Hash: r.Hash, Method: agenda.LoginMethod(r.Method),
		Address: r.Address, Agent: r.Agent, Created: instant(r.Created), Seen: instant(r.Seen), Expires: instant(r.Expires), Confirmed: instant(r.Confirmed)}
}

// LoginByHash gives the login whose secret has that hash, whether it still works or not.
func (tx *Tx) LoginByHash(hash string) (agenda.Login, error) {
	return one(tx.db.Where("hash = ?", hash), "login", loginRow.login)
}

// Logins gives those of an account, newest first, then by ID.
func (tx *Tx) Logins(account agenda.ID) ([]agenda.Login, error) {
	rows, err := all[loginRow](tx.db.Where("account_id = ?", account), "created_at DESC, id")
	return convert(rows, loginRow.login), err
}

// InsertLogin adds a login, and forgets those that have ended.
func (tx *Tx) InsertLogin(l agenda.Login, now time.Time) error {
	ended := tx.db.Where("expires_at <= ? OR seen_at <= ?", millis(now), millis(now.Add(-agenda.LoginIdle))).Delete(&loginRow{})
	if ended.Error != nil {
		return fault("forget logins", ended.Error, wording{})
	}
	return insert(tx, []*loginRow{{string(l.ID), string(l.AccountID), l.Hash, string(l.Method), l.Address, l.Agent,
		millis(l.Created), millis(l.Seen), millis(l.Expires), millis(l.Confirmed)}}, wording{noun: "login", refers: "There is no such account."})
}

// TouchLogin notes that a login was used.
func (tx *Tx) TouchLogin(id agenda.ID, at time.Time) error {
	return touched(tx.db.Model(&loginRow{}).Where("id = ?", id).Updates(map[string]any{"seen_at": millis(at)}), "login")
}

// ConfirmLogin notes that it was proved who sits there, and that another secret takes the place of the one before.
func (tx *Tx) ConfirmLogin(id agenda.ID, hash string, at time.Time) error {
	return touched(tx.db.Model(&loginRow{}).Where("id = ?", id).
		Updates(map[string]any{"hash": hash, "confirmed_at": millis(at), "seen_at": millis(at)}), "login")
}

// DeleteLogin ends a login of the account.
func (tx *Tx) DeleteLogin(account, id agenda.ID) error {
	return touched(tx.db.Where("id = ? AND account_id = ?", id, account).Delete(&loginRow{}), "login")
}

// DeleteLoginsOf ends all logins of an account but one, "" spares none, and what its browsers have begun.
func (tx *Tx) DeleteLoginsOf(account, but agenda.ID) error {
	if err := tx.db.Where("account_id = ?", account).Delete(&ceremonyRow{}).Error; err != nil {
		return fault("end ceremonies", err, wording{})
	}
	return fault("end logins", tx.db.Where("account_id = ? AND id <> ?", account, but).Delete(&loginRow{}).Error, wording{})
}

type ceremonyRow struct {
	Hash      string  `gorm:"column:hash;primaryKey"`
	Kind      string  `gorm:"column:kind"`
	AccountID *string `gorm:"column:account_id"`
	Data      string  `gorm:"column:data"`
	Expires   int64   `gorm:"column:expires_at"`
}

func (ceremonyRow) TableName() string { return "ceremonies" }

func (r ceremonyRow) ceremony() agenda.Ceremony {
	return agenda.Ceremony{Hash: r.Hash, Kind: agenda.CeremonyKind(r.Kind), AccountID: idOf(r.AccountID), Data: []byte(r.Data), Expires: instant(r.Expires)}
}

// InsertCeremony keeps what a browser has begun, and forgets what was not ended in time.
func (tx *Tx) InsertCeremony(c agenda.Ceremony, now time.Time) error {
	if err := tx.db.Where("expires_at <= ?", millis(now)).Delete(&ceremonyRow{}).Error; err != nil {
		return fault("forget ceremonies", err, wording{})
	}
	return insert(tx, []*ceremonyRow{{c.Hash, string(c.Kind), idOrNull(c.AccountID), string(c.Data), millis(c.Expires)}}, wording{noun: "ceremony"})
}

// Ceremony gives what a browser has begun, NotFound when it has another kind.
func (tx *Tx) Ceremony(hash string, kind agenda.CeremonyKind) (agenda.Ceremony, error) {
	return one(tx.db.Where("hash = ? AND kind = ?", hash, string(kind)), "ceremony", ceremonyRow.ceremony)
}

// DeleteCeremony ends it. Of two who end the same, one is told that there is none.
func (tx *Tx) DeleteCeremony(hash string) error {
	return touched(tx.db.Where("hash = ?", hash).Delete(&ceremonyRow{}), "ceremony")
}

type attemptRow struct {
	ID  string `gorm:"column:id;primaryKey"`
	Key string `gorm:"column:key"`
	At  int64  `gorm:"column:at"`
}

func (attemptRow) TableName() string { return "attempts" }

// Attempts counts what was tried under that key after the one time and not after the other, and gives the first of those.
func (tx *Tx) Attempts(key string, since, until time.Time) (n int, first time.Time, err error) {
	var ats []int64
	err = tx.db.Model(&attemptRow{}).Where("key = ? AND at > ? AND at <= ?", key, millis(since), millis(until)).Order("at, id").Pluck("at", &ats).Error
	if len(ats) > 0 {
		first = instant(ats[0])
	}
	return len(ats), first, fault("read attempts", err, wording{})
}

// InsertAttempt notes that something is tried, and forgets what was tried before a day.
func (tx *Tx) InsertAttempt(id agenda.ID, key string, at time.Time) error {
	if err := tx.db.Where("at <= ?", millis(at.AddDate(0, 0, -1))).Delete(&attemptRow{}).Error; err != nil {
		return fault("forget attempts", err, wording{})
	}
	return insert(tx, []*attemptRow{{string(id), key, millis(at)}}, wording{noun: "attempt"})
}

// ForgetAttempts forgets all that was tried under that key.
func (tx *Tx) ForgetAttempts(key string) error {
	return fault("forget attempts", tx.db.Where("key = ?", key).Delete(&attemptRow{}).Error, wording{})
}
