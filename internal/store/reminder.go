package store

import (
	"time"

	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type reminderRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	PersonID string `gorm:"column:person_id;primaryKey"`
	ItemID   string `gorm:"column:item_id;primaryKey"`
	Starts   int64  `gorm:"column:starts_at;primaryKey"`
	Lead     int    `gorm:"column:lead_minutes;primaryKey"`
	MailID   string `gorm:"column:mail_id"`
}

func (reminderRow) TableName() string { return "reminders" }

func (r reminderRow) reminder() agenda.Reminder {
	return agenda.Reminder{EventID: agenda.ID(r.EventID), PersonID: agenda.ID(r.PersonID), ItemID: agenda.ID(r.ItemID),
		Starts: instant(r.Starts), Lead: r.Lead, MailID: agenda.ID(r.MailID)}
}

// ClaimReminder keeps that somebody is reminded of something, and says whether it was not kept before: of several who try, one
// may remind.
func (tx *Tx) ClaimReminder(r agenda.Reminder) (bool, error) {
	row := &reminderRow{string(r.EventID), string(r.PersonID), string(r.ItemID), millis(r.Starts), r.Lead, string(r.MailID)}
	done := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(row)
	return done.RowsAffected > 0, fault("claim reminder", done.Error, mailWording)
}

// RemindersSince gives of what people of the event were reminded that begins at that time or later.
func (tx *Tx) RemindersSince(event agenda.ID, from time.Time) ([]agenda.Reminder, error) {
	rows, err := all[reminderRow](tx.of(event).Where("starts_at >= ?", millis(from)), "person_id, item_id, starts_at, lead_minutes")
	return convert(rows, reminderRow.reminder), err
}

// RemindersIn gives of what a letter reminds.
func (tx *Tx) RemindersIn(event, mail agenda.ID) ([]agenda.Reminder, error) {
	rows, err := all[reminderRow](tx.of(event).Where("mail_id = ?", mail), "person_id, item_id, starts_at, lead_minutes")
	return convert(rows, reminderRow.reminder), err
}

type unsubscribeRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	PersonID string `gorm:"column:person_id;primaryKey"`
	Topic    string `gorm:"column:topic;primaryKey"`
	Since    int64  `gorm:"column:since_at"`
}

func (unsubscribeRow) TableName() string { return "unsubscribes" }

// Unsubscribe keeps that a person wants no letters of that topic, from now on if they did not before.
func (tx *Tx) Unsubscribe(event, person agenda.ID, topic agenda.LetterTopic, at time.Time) error {
	err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&unsubscribeRow{string(event), string(person), string(topic), millis(at)}).Error
	return fault("unsubscribe", err, mailWording)
}

// Resubscribe forgets that.
func (tx *Tx) Resubscribe(event, person agenda.ID, topic agenda.LetterTopic) error {
	return fault("resubscribe", tx.of(event).Where("person_id = ? AND topic = ?", person, topic).Delete(&unsubscribeRow{}).Error, wording{})
}

// Unsubscribed gives which topics each person of the event wants no letters of.
func (tx *Tx) Unsubscribed(event agenda.ID) (map[agenda.ID][]agenda.LetterTopic, error) {
	rows, err := all[unsubscribeRow](tx.of(event), "person_id, topic")
	by := make(map[agenda.ID][]agenda.LetterTopic, len(rows))
	for _, r := range rows {
		by[agenda.ID(r.PersonID)] = append(by[agenda.ID(r.PersonID)], agenda.LetterTopic(r.Topic))
	}
	return by, err
}

// UnsubscribedBy gives which topics the person wants no letters of.
func (tx *Tx) UnsubscribedBy(event, person agenda.ID) ([]agenda.LetterTopic, error) {
	rows, err := all[unsubscribeRow](tx.of(event).Where("person_id = ?", person), "topic")
	return convert(rows, func(r unsubscribeRow) agenda.LetterTopic { return agenda.LetterTopic(r.Topic) }), err
}

// ForgetLetters removes all letters to a person of the event, and what goes with them.
func (tx *Tx) ForgetLetters(event, person agenda.ID) error {
	if err := tx.DeleteMailsTo(event, person); err != nil { // and with them what hangs on them
		return err
	}
	for _, row := range []any{&reminderRow{}, &unsubscribeRow{}} {
		if err := tx.of(event).Where("person_id = ?", person).Delete(row).Error; err != nil {
			return fault("delete reminders", err, wording{noun: "reminder"})
		}
	}
	return nil
}
