package store

import (
	"strings"
	"time"
	"unicode/utf8"

	"plenary/internal/agenda"
)

type accountRow struct {
	ID            string     `gorm:"column:id;primaryKey"`
	Email         string     `gorm:"column:email"`
	EmailVerified bool       `gorm:"column:email_verified"`
	Name          string     `gorm:"column:name"`
	Language      string     `gorm:"column:language"`
	Admin         bool       `gorm:"column:admin"`
	Password      string     `gorm:"column:password"`
	TOTP          string     `gorm:"column:totp"`
	TOTPStep      int64      `gorm:"column:totp_step"`
	Recovery      listColumn `gorm:"column:recovery"`
	Disabled      *int64     `gorm:"column:disabled_at"`
	Revision      int        `gorm:"column:revision"`
	Created       int64      `gorm:"column:created_at"`
	Updated       int64      `gorm:"column:updated_at"`
}

func (accountRow) TableName() string { return "accounts" }

func (r accountRow) account() agenda.Account {
	return agenda.Account{ID: agenda.ID(r.ID), Email: r.Email, EmailVerified: r.EmailVerified, Name: r.Name, Language: r.Language,
		Admin: r.Admin, Password: r.Password, TOTP: r.TOTP, TOTPStep: r.TOTPStep, Recovery: r.Recovery,
		Disabled: instantOrNil(r.Disabled), Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated)}
}

func rowOfAccount(a agenda.Account) *accountRow {
	return &accountRow{ID: string(a.ID), Email: a.Email, EmailVerified: a.EmailVerified, Name: a.Name, Language: a.Language,
		Admin: a.Admin, Password: a.Password, TOTP: a.TOTP, TOTPStep: a.TOTPStep, Recovery: a.Recovery,
		Disabled: millisOrNull(a.Disabled), Revision: a.Revision, Created: millis(a.Created), Updated: millis(a.Updated)}
}

var accountWords = wording{noun: "account", taken: map[string]string{"accounts_email_key": "There is an account with this e-mail address already."}}

// accountUpdates are the columns that an update writes.
var accountUpdates = []string{"email", "email_verified", "name", "language", "admin", "password", "totp", "totp_step", "recovery",
	"disabled_at", "revision", "updated_at"}

var accountsByCreation = order[accountRow]{name: "accounts", keys: []key[accountRow]{
	{expr: "created_at", num: func(r accountRow) int64 { return r.Created }},
	{expr: "id", text: func(r accountRow) string { return r.ID }},
}}

// storable says whether a database may have that text. PostgreSQL takes offence at being asked for another one.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Account gives the account of that ID, which may be anything: an authenticator said it.
func (tx *Tx) Account(id agenda.ID) (agenda.Account, error) {
	if !storable(string(id)) {
		return agenda.Account{}, missing("account")
	}
	return one(tx.db.Where("id = ?", id), "account", accountRow.account)
}

// AccountByEmail gives the account of that address, which is in lower case.
func (tx *Tx) AccountByEmail(email string) (agenda.Account, error) {
	if !storable(email) {
		return agenda.Account{}, missing("account")
	}
	return one(tx.db.Where("email = ?", email), "account", accountRow.account)
}

// Accounts lists all accounts, oldest first, then by ID.
func (tx *Tx) Accounts(page Page) (accounts []agenda.Account, next string, err error) {
	rows, next, err := paged(tx.db.Model(&accountRow{}), accountsByCreation, "", page)
	return convert(rows, accountRow.account), next, err
}

// HasAccounts says whether there is any.
func (tx *Tx) HasAccounts() (bool, error) {
	var found []string
	err := tx.db.Model(&accountRow{}).Order("id").Limit(1).Pluck("id", &found).Error
	return len(found) > 0, fault("read accounts", err, wording{})
}

// InsertAccount adds an account.
func (tx *Tx) InsertAccount(a agenda.Account) error {
	return insert(tx, []*accountRow{rowOfAccount(a)}, accountWords)
}

// UpdateAccount writes an account whose Revision is the next one.
func (tx *Tx) UpdateAccount(a agenda.Account) error {
	v := version{tx: tx, noun: "account", id: a.ID, revision: a.Revision - 1, current: func() (any, error) { return tx.Account(a.ID) }}
	return v.update(accountUpdates, rowOfAccount(a), accountWords)
}

// LockAccount makes others wait who change the account in a transaction of theirs. SQLite has one at a time anyway.
func (tx *Tx) LockAccount(id agenda.ID) error {
	if tx.dialect != postgresDialect {
		return nil
	}
	return fault("lock account", tx.db.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 2))", string(id)).Error, wording{})
}

type passkeyRow struct {
	ID        string `gorm:"column:id;primaryKey"`
	AccountID string `gorm:"column:account_id"`
	Name      string `gorm:"column:name"`
	Data      string `gorm:"column:data"`
	Created   int64  `gorm:"column:created_at"`
	Used      *int64 `gorm:"column:used_at"`
}

func (passkeyRow) TableName() string { return "passkeys" }

func (r passkeyRow) passkey() agenda.Passkey {
	return agenda.Passkey{ID: r.ID, AccountID: agenda.ID(r.AccountID), Name: r.Name, Data: []byte(r.Data), Created: instant(r.Created), Used: instantOrNil(r.Used)}
}

// Passkeys gives those of an account, oldest first, then by ID.
func (tx *Tx) Passkeys(account agenda.ID) ([]agenda.Passkey, error) {
	rows, err := all[passkeyRow](tx.db.Where("account_id = ?", account), "created_at, id")
	return convert(rows, passkeyRow.passkey), err
}

// InsertPasskey adds a passkey.
func (tx *Tx) InsertPasskey(p agenda.Passkey) error {
	return insert(tx, []*passkeyRow{{ID: p.ID, AccountID: string(p.AccountID), Name: p.Name, Data: string(p.Data), Created: millis(p.Created), Used: millisOrNull(p.Used)}},
		wording{noun: "passkey", refers: "There is no such account."})
}

// UsePasskey keeps what an authenticator said of a passkey when it was used.
func (tx *Tx) UsePasskey(account agenda.ID, id string, data []byte, at time.Time) error {
	done := tx.db.Model(&passkeyRow{}).Where("id = ? AND account_id = ?", id, account).Updates(map[string]any{"data": string(data), "used_at": millis(at)})
	return touched(done, "passkey")
}

// DeletePasskey removes a passkey of the account.
func (tx *Tx) DeletePasskey(account agenda.ID, id string) error {
	return touched(tx.db.Where("id = ? AND account_id = ?", id, account).Delete(&passkeyRow{}), "passkey")
}

// DeleteKeysOf removes all passkeys and identities of an account.
func (tx *Tx) DeleteKeysOf(account agenda.ID) error {
	if err := tx.db.Where("account_id = ?", account).Delete(&passkeyRow{}).Error; err != nil {
		return fault("delete passkeys", err, wording{})
	}
	return fault("delete identities", tx.db.Where("account_id = ?", account).Delete(&identityRow{}).Error, wording{})
}

type identityRow struct {
	Issuer    string `gorm:"column:issuer;primaryKey"`
	Subject   string `gorm:"column:subject;primaryKey"`
	AccountID string `gorm:"column:account_id"`
	Created   int64  `gorm:"column:created_at"`
}

func (identityRow) TableName() string { return "identities" }

func (r identityRow) identity() agenda.Identity {
	return agenda.Identity{Issuer: r.Issuer, Subject: r.Subject, AccountID: agenda.ID(r.AccountID), Created: instant(r.Created)}
}

// Identity gives who somebody is here whom a provider calls so.
func (tx *Tx) Identity(issuer, subject string) (agenda.Identity, error) {
	return one(tx.db.Where("issuer = ? AND subject = ?", issuer, subject), "identity", identityRow.identity)
}

// IdentitiesOf gives what providers call an account, oldest first.
func (tx *Tx) IdentitiesOf(account agenda.ID) ([]agenda.Identity, error) {
	rows, err := all[identityRow](tx.db.Where("account_id = ?", account), "created_at, issuer, subject")
	return convert(rows, identityRow.identity), err
}

// DeleteIdentitiesOf forgets what providers call an account.
func (tx *Tx) DeleteIdentitiesOf(account agenda.ID) error {
	return fault("forget identities", tx.db.Where("account_id = ?", account).Delete(&identityRow{}).Error, wording{})
}

// InsertIdentity adds what a provider calls an account.
func (tx *Tx) InsertIdentity(i agenda.Identity) error {
	return insert(tx, []*identityRow{{i.Issuer, i.Subject, string(i.AccountID), millis(i.Created)}}, wording{noun: "identity", refers: "There is no such account."})
}
