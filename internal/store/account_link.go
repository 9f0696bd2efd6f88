package store

import (
	"time"

	"plenary/internal/agenda"
)

type accountLinkRow struct {
	ID        string     `gorm:"column:id;primaryKey"`
	Purpose   string     `gorm:"column:purpose"`
	Hash      string     `gorm:"column:hash"`
	AccountID *string    `gorm:"column:account_id"`
	EventID   *string    `gorm:"column:event_id"`
	Email     string     `gorm:"column:email"`
	Roles     listColumn `gorm:"column:roles"`
	Language  string     `gorm:"column:language"`
	Mailed    bool       `gorm:"column:mailed"`
	MadeBy    string     `gorm:"column:made_by"`
	Created   int64      `gorm:"column:created_at"`
	Expires   int64      `gorm:"column:expires_at"`
	Used      *int64     `gorm:"column:used_at"`
}

func (accountLinkRow) TableName() string { return "account_links" }

func (r accountLinkRow) link() agenda.AccountLink {
	return agenda.AccountLink{ID: agenda.ID(r.ID), Purpose: agenda.LinkPurpose(r.Purpose), Hash: r.Hash, AccountID: idOf(r.AccountID),
		EventID: idOf(r.EventID), Email: r.Email, Roles: convert(r.Roles, roleOf), Language: r.Language, Mailed: r.Mailed, MadeBy: r.MadeBy,
		Created: instant(r.Created), Expires: instant(r.Expires), Used: instantOrNil(r.Used)}
}

// InsertAccountLink adds a link. One for the first account, and one of the same account or address and event, takes the place of those before.
func (tx *Tx) InsertAccountLink(l agenda.AccountLink) error {
	before := tx.db.Where("purpose = ? AND used_at IS NULL AND email = ?", string(l.Purpose), l.Email)
	if l.EventID != "" {
		before = before.Where("event_id = ?", l.EventID)
	}
	if err := before.Delete(&accountLinkRow{}).Error; err != nil {
		return fault("forget links", err, wording{})
	}
	return insert(tx, []*accountLinkRow{{ID: string(l.ID), Purpose: string(l.Purpose), Hash: l.Hash, AccountID: idOrNull(l.AccountID),
		EventID: idOrNull(l.EventID), Email: l.Email, Roles: convert(l.Roles, nameOfRole), Language: l.Language, Mailed: l.Mailed,
		MadeBy: l.MadeBy, Created: millis(l.Created), Expires: millis(l.Expires), Used: millisOrNull(l.Used)}}, wording{noun: "link"})
}

// AccountLinkByHash gives the link whose secret has that hash, whether it still works or not.
func (tx *Tx) AccountLinkByHash(hash string, purpose agenda.LinkPurpose) (agenda.AccountLink, error) {
	return one(tx.db.Where("hash = ? AND purpose = ?", hash, string(purpose)), "link", accountLinkRow.link)
}

// Invitations gives those of the event that were not used, oldest first.
func (tx *Tx) Invitations(event agenda.ID) ([]agenda.AccountLink, error) {
	rows, err := all[accountLinkRow](tx.of(event).Where("purpose = ? AND used_at IS NULL", string(agenda.ForInvite)), "created_at, id")
	return convert(rows, accountLinkRow.link), err
}

// InvitationsTo gives those of an address, at any event, that were not used and still work at that time, oldest first.
func (tx *Tx) InvitationsTo(email string, at time.Time) ([]agenda.AccountLink, error) {
	open := tx.db.Where("purpose = ? AND used_at IS NULL AND email = ? AND expires_at > ?", string(agenda.ForInvite), email, millis(at))
	rows, err := all[accountLinkRow](open, "created_at, id")
	return convert(rows, accountLinkRow.link), err
}

// DeleteInvitation takes an invitation back that was not used.
func (tx *Tx) DeleteInvitation(event, id agenda.ID) error {
	return touched(tx.of(event).Where("id = ? AND purpose = ? AND used_at IS NULL", id, string(agenda.ForInvite)).Delete(&accountLinkRow{}), "invitation")
}

// UseAccountLink ends a link. Of two who use the same, one is told that there is none.
func (tx *Tx) UseAccountLink(id agenda.ID, at time.Time) error {
	return touched(tx.db.Model(&accountLinkRow{}).Where("id = ? AND used_at IS NULL", id).Updates(map[string]any{"used_at": millis(at)}), "link")
}

// EndResets ends the links with which the password of an account could be set.
func (tx *Tx) EndResets(account agenda.ID, at time.Time) error {
	return fault("end links", tx.db.Model(&accountLinkRow{}).Where("account_id = ? AND purpose = ? AND used_at IS NULL", account, string(agenda.ForReset)).
		Updates(map[string]any{"used_at": millis(at)}).Error, wording{})
}
