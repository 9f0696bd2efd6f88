package store

import (
	"time"

	"plenary/internal/agenda"
)

type webhookRow struct {
	ID        string     `gorm:"column:id;primaryKey"`
	EventID   string     `gorm:"column:event_id"`
	Name      string     `gorm:"column:name"`
	URL       string     `gorm:"column:url"`
	Kinds     listColumn `gorm:"column:kinds"`
	Secret    string     `gorm:"column:secret"`
	OldSecret string     `gorm:"column:old_secret"`
	OldUntil  *int64     `gorm:"column:old_until"`
	Stopped   *int64     `gorm:"column:stopped_at"`
	Reason    string     `gorm:"column:reason"`
	Failing   *int64     `gorm:"column:failing_since"`
	Revision  int        `gorm:"column:revision"`
	Created   int64      `gorm:"column:created_at"`
	Updated   int64      `gorm:"column:updated_at"`
}

func (webhookRow) TableName() string { return "webhooks" }

func (r webhookRow) webhook() agenda.Webhook {
	return agenda.Webhook{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Name: r.Name, URL: r.URL,
		Kinds:  convert(r.Kinds, func(s string) agenda.WebhookKind { return agenda.WebhookKind(s) }),
		Secret: r.Secret, OldSecret: r.OldSecret, OldUntil: instantOrNil(r.OldUntil), Stopped: instantOrNil(r.Stopped),
		Reason: agenda.StopReason(r.Reason), Failing: instantOrNil(r.Failing), Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated)}
}

func rowOfWebhook(w agenda.Webhook) *webhookRow {
	return &webhookRow{ID: string(w.ID), EventID: string(w.EventID), Name: w.Name, URL: w.URL,
		Kinds:  convert(w.Kinds, func(k agenda.WebhookKind) string { return string(k) }),
		Secret: w.Secret, OldSecret: w.OldSecret, OldUntil: millisOrNull(w.OldUntil), Stopped: millisOrNull(w.Stopped),
		Reason: string(w.Reason), Failing: millisOrNull(w.Failing), Revision: w.Revision, Created: millis(w.Created), Updated: millis(w.Updated)}
}

// webhookUpdates are the columns that an update writes.
var webhookUpdates = []string{"name", "url", "kinds", "secret", "old_secret", "old_until", "stopped_at", "reason", "failing_since", "revision", "updated_at"}

var webhookWording = wording{noun: "webhook", refers: "There is no such event."}

var webhooksByCreation = order[webhookRow]{name: "webhooks", keys: []key[webhookRow]{
	{expr: "created_at", num: func(r webhookRow) int64 { return r.Created }},
	{expr: "id", text: func(r webhookRow) string { return r.ID }},
}}

// Webhook gives a webhook of the event.
func (tx *Tx) Webhook(event, id agenda.ID) (agenda.Webhook, error) {
	return one(tx.of(event).Where("id = ?", id), "webhook", webhookRow.webhook)
}

// Webhooks lists the webhooks of the event, oldest first, then by ID.
func (tx *Tx) Webhooks(event agenda.ID, page Page) (list []agenda.Webhook, next string, err error) {
	rows, next, err := paged(tx.of(event), webhooksByCreation, string(event), page)
	return convert(rows, webhookRow.webhook), next, err
}

// AllWebhooks gives the webhooks of the event, oldest first, then by ID.
func (tx *Tx) AllWebhooks(event agenda.ID) ([]agenda.Webhook, error) {
	rows, err := all[webhookRow](tx.of(event), webhooksByCreation.by())
	return convert(rows, webhookRow.webhook), err
}

// InsertWebhook adds a webhook.
func (tx *Tx) InsertWebhook(w agenda.Webhook) error {
	return insert(tx, []*webhookRow{rowOfWebhook(w)}, webhookWording)
}

func (tx *Tx) webhookVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "webhook", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Webhook(event, id) }}
}

// UpdateWebhook writes a webhook; its revision is the stored one plus one.
func (tx *Tx) UpdateWebhook(w agenda.Webhook) error {
	return tx.webhookVersion(w.EventID, w.ID, w.Revision-1).update(webhookUpdates, rowOfWebhook(w), webhookWording)
}

// MarkWebhook keeps since when nothing arrives at a webhook; nil: it does. That is no change of somebody's, so that the
// revision stays.
func (tx *Tx) MarkWebhook(event, id agenda.ID, failing *time.Time) error {
	done := tx.of(event).Model(&webhookRow{}).Where("id = ?", id).Updates(map[string]any{"failing_since": millisOrNull(failing)})
	return touched(done, "webhook")
}

// DeleteWebhook removes a webhook with its deliveries.
func (tx *Tx) DeleteWebhook(event, id agenda.ID, revision int) error {
	return tx.webhookVersion(event, id, revision).delete(&webhookRow{}, webhookWording)
}
