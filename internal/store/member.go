package store

import (
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type memberRow struct {
	EventID   string     `gorm:"column:event_id;primaryKey"`
	AccountID string     `gorm:"column:account_id;primaryKey"`
	Roles     listColumn `gorm:"column:roles"`
	Revision  int        `gorm:"column:revision"`
	Created   int64      `gorm:"column:created_at"`
	Updated   int64      `gorm:"column:updated_at"`
}

func (memberRow) TableName() string { return "members" }

func (r memberRow) member() agenda.Member {
	return agenda.Member{EventID: agenda.ID(r.EventID), AccountID: agenda.ID(r.AccountID), Roles: convert(r.Roles, roleOf),
		Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated)}
}

func rowOfMember(m agenda.Member) *memberRow {
	return &memberRow{EventID: string(m.EventID), AccountID: string(m.AccountID), Roles: convert(m.Roles, nameOfRole),
		Revision: m.Revision, Created: millis(m.Created), Updated: millis(m.Updated)}
}

func roleOf(s string) agenda.MemberRole     { return agenda.MemberRole(s) }
func nameOfRole(r agenda.MemberRole) string { return string(r) }

// Member gives the part that an account has in the event.
func (tx *Tx) Member(event, account agenda.ID) (agenda.Member, error) {
	m, err := one(tx.of(event).Where("account_id = ?", account), "member", memberRow.member)
	if err != nil {
		return m, err
	}
	return m, tx.nameMembers([]*agenda.Member{&m})
}

// Members gives all members of the event, oldest first.
func (tx *Tx) Members(event agenda.ID) ([]agenda.Member, error) {
	rows, err := all[memberRow](tx.of(event), "created_at, account_id")
	if err != nil {
		return nil, err
	}
	members := convert(rows, memberRow.member)
	pointers := make([]*agenda.Member, len(members))
	for i := range members {
		pointers[i] = &members[i]
	}
	return members, tx.nameMembers(pointers)
}

// nameMembers adds what the accounts are called.
func (tx *Tx) nameMembers(members []*agenda.Member) error {
	ids := make([]agenda.ID, len(members))
	for i, m := range members {
		ids[i] = m.AccountID
	}
	rows, err := among[accountRow](func() *gorm.DB { return tx.db.Model(&accountRow{}) }, "id", ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, m := range members {
			if string(m.AccountID) == r.ID {
				m.Email, m.Name = r.Email, r.Name
			}
		}
	}
	return nil
}

// Memberships gives what an account is where.
func (tx *Tx) Memberships(account agenda.ID) ([]agenda.Member, error) {
	rows, err := all[memberRow](tx.db.Where("account_id = ?", account), "created_at, event_id")
	return convert(rows, memberRow.member), err
}

// InsertMember adds a member.
func (tx *Tx) InsertMember(m agenda.Member) error {
	return insert(tx, []*memberRow{rowOfMember(m)}, wording{noun: "member", refers: "There is no such account.",
		taken: map[string]string{"members_pkey": "This account is a member of the event already."}})
}

// UpdateMember writes the roles of a member whose Revision is the next one.
func (tx *Tx) UpdateMember(m agenda.Member) error {
	return tx.checkMember(m, tx.matchMember(m, m.Revision-1).Select("roles", "revision", "updated_at").Updates(rowOfMember(m)))
}

// DeleteMember takes an account out of an event.
func (tx *Tx) DeleteMember(m agenda.Member) error {
	return tx.checkMember(m, tx.matchMember(m, m.Revision).Delete(&memberRow{}))
}

func (tx *Tx) matchMember(m agenda.Member, revision int) *gorm.DB {
	return tx.of(m.EventID).Where("account_id = ? AND revision = ?", m.AccountID, revision)
}

func (tx *Tx) checkMember(m agenda.Member, done *gorm.DB) error {
	if done.Error != nil {
		return fault("change member", done.Error, wording{noun: "member"})
	}
	if done.RowsAffected > 0 {
		return nil
	}
	current, err := tx.Member(m.EventID, m.AccountID)
	if err != nil {
		return err
	}
	return stale("member", current)
}

// RevokeTokensOf ends the tokens that an account made for the event, for all events when event is "".
func (tx *Tx) RevokeTokensOf(account, event agenda.ID, at time.Time) error {
	q := tx.db.Model(&tokenRow{}).Where("made_by = ? AND revoked_at IS NULL", account)
	if event != "" {
		q = q.Where("event_id = ?", event)
	}
	return fault("revoke tokens", q.Updates(map[string]any{"revoked_at": millis(at)}).Error, wording{})
}
