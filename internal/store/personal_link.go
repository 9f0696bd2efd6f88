package store

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type personalLinkRow struct {
	ID       string `gorm:"column:id;primaryKey"`
	EventID  string `gorm:"column:event_id"`
	PersonID string `gorm:"column:person_id"`
	Hash     string `gorm:"column:hash"`
	CodeHash string `gorm:"column:code_hash"`
	Created  int64  `gorm:"column:created_at"`
	Expires  int64  `gorm:"column:expires_at"`
	LastUsed *int64 `gorm:"column:last_used_at"`
	Revoked  *int64 `gorm:"column:revoked_at"`
	MadeBy   string `gorm:"column:made_by"`
	Mailed   bool   `gorm:"column:mailed"`
}

func (personalLinkRow) TableName() string { return "personal_links" }

func (r personalLinkRow) link() agenda.PersonalLink {
	return agenda.PersonalLink{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), PersonID: agenda.ID(r.PersonID), Hash: r.Hash,
		CodeHash: r.CodeHash, Created: instant(r.Created), Expires: instant(r.Expires), LastUsed: instantOrNil(r.LastUsed),
		Revoked: instantOrNil(r.Revoked), MadeBy: agenda.ID(r.MadeBy), Mailed: r.Mailed}
}

var personalLinksByCreation = order[personalLinkRow]{name: "personal links", keys: []key[personalLinkRow]{
	{expr: "created_at", num: func(r personalLinkRow) int64 { return r.Created }},
	{expr: "id", text: func(r personalLinkRow) string { return r.ID }},
}}

var personalLinkWording = wording{noun: "personal link", refers: "The person is not one of this event's."}

// PersonalLink gives a personal link of the event, whether it works or not.
func (tx *Tx) PersonalLink(event, id agenda.ID) (agenda.PersonalLink, error) {
	return one(tx.of(event).Where("id = ?", id), "personal link", personalLinkRow.link)
}

// PersonalLinkByHash gives the personal link whose secret has that hash, whether it works or not.
func (tx *Tx) PersonalLinkByHash(hash string) (agenda.PersonalLink, error) {
	return one(tx.db.Where("hash = ?", hash), "personal link", personalLinkRow.link)
}

// PersonalLinkByCode gives the personal link whose code has that hash, whether it works or not.
func (tx *Tx) PersonalLinkByCode(hash string) (agenda.PersonalLink, error) {
	return one(tx.db.Where("code_hash = ?", hash), "personal link", personalLinkRow.link)
}

// PersonalLinks lists those of a person at the event, oldest first, then by ID.
func (tx *Tx) PersonalLinks(event, person agenda.ID, page Page) (links []agenda.PersonalLink, next string, err error) {
	q := tx.of(event).Where("person_id = ?", person)
	rows, next, err := paged(q, personalLinksByCreation, string(event)+" "+string(person), page)
	return convert(rows, personalLinkRow.link), next, err
}

// PersonalLinksOf gives all of a person at the event, oldest first.
func (tx *Tx) PersonalLinksOf(event, person agenda.ID) ([]agenda.PersonalLink, error) {
	rows, err := all[personalLinkRow](tx.of(event).Where("person_id = ?", person), "created_at, id")
	return convert(rows, personalLinkRow.link), err
}

// AllPersonalLinks gives all of the event, oldest first.
func (tx *Tx) AllPersonalLinks(event agenda.ID) ([]agenda.PersonalLink, error) {
	rows, err := all[personalLinkRow](tx.of(event), "created_at, id")
	return convert(rows, personalLinkRow.link), err
}

// InsertPersonalLink adds a personal link.
func (tx *Tx) InsertPersonalLink(l agenda.PersonalLink) error {
	return insert(tx, []*personalLinkRow{{ID: string(l.ID), EventID: string(l.EventID), PersonID: string(l.PersonID), Hash: l.Hash,
		CodeHash: l.CodeHash, Created: millis(l.Created), Expires: millis(l.Expires), LastUsed: millisOrNull(l.LastUsed),
		Revoked: millisOrNull(l.Revoked), MadeBy: string(l.MadeBy), Mailed: l.Mailed}}, personalLinkWording)
}

// RevokePersonalLink ends a personal link of the event. One that is revoked already stays so from the first time.
func (tx *Tx) RevokePersonalLink(event, id agenda.ID, at time.Time) error {
	done := tx.of(event).Model(&personalLinkRow{}).Where("id = ?", id).Updates(map[string]any{"revoked_at": ended(at)})
	return touched(done, "personal link")
}

// TouchPersonalLink notes that a personal link was used.
func (tx *Tx) TouchPersonalLink(id agenda.ID, at time.Time) error {
	done := tx.db.Model(&personalLinkRow{}).Where("id = ?", id).Updates(map[string]any{"last_used_at": millis(at)})
	return touched(done, "personal link")
}

type deskCodeRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	PersonID string `gorm:"column:person_id;primaryKey"`
	Hash     string `gorm:"column:hash"`
	Expires  int64  `gorm:"column:expires_at"`
	Tries    int    `gorm:"column:tries"`
	MadeBy   string `gorm:"column:made_by"`
}

func (deskCodeRow) TableName() string { return "desk_codes" }

// PutDeskCode keeps the code that the protocol desk tells a person, instead of one before.
func (tx *Tx) PutDeskCode(c agenda.DeskCode) error {
	row := &deskCodeRow{string(c.EventID), string(c.PersonID), c.Hash, millis(c.Expires), c.Tries, string(c.MadeBy)}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "event_id"}, {Name: "person_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"hash", "expires_at", "tries", "made_by"})}).Create(row).Error
	return fault("put desk code", err, personalLinkWording)
}

// TryDeskCode counts a try at a person's code from the protocol desk and gives its hash; "" when there is none to try.
func (tx *Tx) TryDeskCode(event, person agenda.ID, now time.Time) (string, error) {
	done := tx.of(event).Model(&deskCodeRow{}).
		Where("person_id = ? AND tries < ? AND expires_at > ?", person, agenda.MaxCodeTries, millis(now)).
		Updates(map[string]any{"tries": oneMore("tries")})
	if done.Error != nil || done.RowsAffected == 0 {
		return "", fault("try desk code", done.Error, wording{})
	}
	return one(tx.of(event).Where("person_id = ?", person), "code", func(r deskCodeRow) string { return r.Hash })
}

// DeleteDeskCode forgets a person's code from the protocol desk.
func (tx *Tx) DeleteDeskCode(event, person agenda.ID) error {
	return fault("delete desk code", tx.of(event).Where("person_id = ?", person).Delete(&deskCodeRow{}).Error, wording{})
}

type vouchedRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	PersonID string `gorm:"column:person_id;primaryKey"`
	Email    string `gorm:"column:email"`
	At       int64  `gorm:"column:vouched_at"`
}

func (vouchedRow) TableName() string { return "vouched_addresses" }

// VouchAddress keeps the address to which a person's codes at the event may be mailed.
func (tx *Tx) VouchAddress(event, person agenda.ID, email string, at time.Time) error {
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "event_id"}, {Name: "person_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"email", "vouched_at"})}).
		Create(&vouchedRow{string(event), string(person), email, millis(at)}).Error
	return fault("vouch for address", err, personalLinkWording)
}

// VouchedAddress gives the address to which a person's codes at the event may be mailed, "" when there is none.
func (tx *Tx) VouchedAddress(event, person agenda.ID) (string, error) {
	email, err := one(tx.of(event).Where("person_id = ?", person), "address", func(r vouchedRow) string { return r.Email })
	if agenda.CodeOf(err) == agenda.NotFound {
		return "", nil
	}
	return email, err
}

// VouchedAddresses gives the addresses of those of these people who have one to which codes may be mailed.
func (tx *Tx) VouchedAddresses(event agenda.ID, people []agenda.ID) (map[agenda.ID]string, error) {
	rows, err := among[vouchedRow](func() *gorm.DB { return tx.of(event) }, "person_id", people)
	if err != nil {
		return nil, err
	}
	vouched := make(map[agenda.ID]string, len(rows))
	for _, r := range rows {
		vouched[agenda.ID(r.PersonID)] = r.Email
	}
	return vouched, nil
}
