package store

import (
	"database/sql/driver"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type letterRuleRow struct {
	EventID  string        `gorm:"column:event_id;primaryKey"`
	Mode     string        `gorm:"column:mode"`
	Delay    int           `gorm:"column:delay_minutes"`
	Small    int           `gorm:"column:small_minutes"`
	Leads    minutesColumn `gorm:"column:leads"`
	Held     bool          `gorm:"column:hold_meetings"`
	Revision int           `gorm:"column:revision"`
}

func (letterRuleRow) TableName() string { return "letter_rules" }

func (r letterRuleRow) rule() agenda.LetterRule {
	return agenda.LetterRule{Mode: agenda.LetterMode(r.Mode), Delay: r.Delay, Small: r.Small, Leads: r.Leads, HoldMeetings: r.Held, Revision: r.Revision}
}

// minutesColumn is a list of numbers as JSON; "[]" is nil.
type minutesColumn []int

// Value gives the JSON.
func (m minutesColumn) Value() (driver.Value, error) {
	if len(m) == 0 {
		return "[]", nil
	}
	return string(encodeJSON([]int(m))), nil
}

// Scan reads the JSON.
func (m *minutesColumn) Scan(value any) error {
	*m = nil
	return scanJSON(value, "[]", (*[]int)(m))
}

// LetterRule gives how the event tells people; where nobody has set that, what holds until then.
func (tx *Tx) LetterRule(event agenda.ID) (agenda.LetterRule, error) {
	rule, err := one(tx.of(event), "letter rule", letterRuleRow.rule)
	if agenda.CodeOf(err) == agenda.NotFound {
		return agenda.FirstLetterRule(), nil
	}
	return rule, err
}

// PutLetterRule keeps how the event tells people.
func (tx *Tx) PutLetterRule(event agenda.ID, r agenda.LetterRule) error {
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "event_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"mode", "delay_minutes", "small_minutes", "leads", "hold_meetings", "revision"})}).
		Create(&letterRuleRow{string(event), string(r.Mode), r.Delay, r.Small, r.Leads, r.HoldMeetings, r.Revision}).Error
	return fault("put letter rule", err, wording{noun: "letter rule"})
}

// RemindingEvents gives the identities of the events that remind people.
func (tx *Tx) RemindingEvents() ([]agenda.ID, error) {
	rows, err := all[letterRuleRow](tx.db.Where("leads <> '[]'"), "event_id")
	return convert(rows, func(r letterRuleRow) agenda.ID { return agenda.ID(r.EventID) }), err
}

type toldRow struct {
	MailID   string `gorm:"column:mail_id;primaryKey"`
	EventID  string `gorm:"column:event_id"`
	PersonID string `gorm:"column:person_id"`
	Since    int    `gorm:"column:since_release"`
	Release  int    `gorm:"column:release"`
}

func (toldRow) TableName() string { return "told" }

func (r toldRow) told() agenda.Told {
	return agenda.Told{MailID: agenda.ID(r.MailID), EventID: agenda.ID(r.EventID), PersonID: agenda.ID(r.PersonID), Since: r.Since, Release: r.Release}
}

// InsertTold keeps of what a letter tells.
func (tx *Tx) InsertTold(t agenda.Told) error {
	return insert(tx, []*toldRow{{string(t.MailID), string(t.EventID), string(t.PersonID), t.Since, t.Release}}, mailWording)
}

// Told gives of what the letters of the event tell: of all people, by person and release.
func (tx *Tx) Told(event agenda.ID) ([]agenda.Told, error) {
	rows, err := all[toldRow](tx.of(event), "person_id, release, mail_id")
	return convert(rows, toldRow.told), err
}

// ToldToAll gives of what the letters to these people tell, by person and release.
func (tx *Tx) ToldToAll(event agenda.ID, people []agenda.ID) ([]agenda.Told, error) {
	rows, err := among[toldRow](func() *gorm.DB { return tx.of(event) }, "person_id", people, "release", "mail_id")
	return convert(rows, toldRow.told), err
}

// ToldTo gives of what the letters to a person tell.
func (tx *Tx) ToldTo(event, person agenda.ID) ([]agenda.Told, error) {
	rows, err := all[toldRow](tx.of(event).Where("person_id = ?", person), "release, mail_id")
	return convert(rows, toldRow.told), err
}

// ToldBy gives of what one letter tells; NotFound when it is about no release.
func (tx *Tx) ToldBy(event, mail agenda.ID) (agenda.Told, error) {
	return one(tx.of(event).Where("mail_id = ?", mail), "letter about a release", toldRow.told)
}

// ChangeMailHeads gives the letters of the event about releases without what they say, oldest first: those to that person, or with ""
// all.
func (tx *Tx) ChangeMailHeads(event, person agenda.ID) ([]agenda.Mail, error) {
	rows, err := all[mailRow](MailFilter{Person: person}.of(tx.changeMailHeads(event)), "created_at, id")
	return convert(rows, mailRow.mail), err
}

// ChangeMailHeadsTo is [Tx.ChangeMailHeads] of the letters to these people that went, or still may, by person, oldest first.
func (tx *Tx) ChangeMailHeadsTo(event agenda.ID, people []agenda.ID) ([]agenda.Mail, error) {
	rows, err := among[mailRow](func() *gorm.DB {
		return tx.changeMailHeads(event).Where("(status <> ? OR sent_at IS NOT NULL)", agenda.MailDiscarded)
	}, "person_id", people, "created_at", "id")
	return convert(rows, mailRow.mail), err
}

func (tx *Tx) changeMailHeads(event agenda.ID) *gorm.DB {
	return tx.of(event).Where("kind = ?", agenda.MailChanges).Select("id, event_id, person_id, kind, status, about, address, name, language, essential, " +
		"due_at, sent_at, opened_at, answered_at, answer, fault, revision, created_at, updated_at, '[]' AS body")
}

type letterAnswerRow struct {
	MailID  string `gorm:"column:mail_id;primaryKey"`
	EventID string `gorm:"column:event_id"`
	Note    string `gorm:"column:note"`
}

func (letterAnswerRow) TableName() string { return "letter_answers" }

// PutAnswerNote keeps what a person says besides their answer to a letter; "" is nothing.
func (tx *Tx) PutAnswerNote(event, mail agenda.ID, note string) error {
	if note == "" {
		return fault("delete answer", tx.of(event).Where("mail_id = ?", mail).Delete(&letterAnswerRow{}).Error, wording{})
	}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "mail_id"}}, DoUpdates: clause.AssignmentColumns([]string{"note"})}).
		Create(&letterAnswerRow{string(mail), string(event), note}).Error
	return fault("put answer", err, mailWording)
}

// AnswerNotes gives what people of the event said besides their answers, by letter.
func (tx *Tx) AnswerNotes(event agenda.ID) (map[agenda.ID]string, error) {
	rows, err := all[letterAnswerRow](tx.of(event), "mail_id")
	notes := make(map[agenda.ID]string, len(rows))
	for _, r := range rows {
		notes[agenda.ID(r.MailID)] = r.Note
	}
	return notes, err
}

// AnswerNote gives what somebody said besides their answer to a letter, "" for nothing.
func (tx *Tx) AnswerNote(event, mail agenda.ID) (string, error) {
	note, err := one(tx.of(event).Where("mail_id = ?", mail), "answer", func(r letterAnswerRow) string { return r.Note })
	if agenda.CodeOf(err) == agenda.NotFound {
		return "", nil
	}
	return note, err
}
