package store

import (
	"time"

	"plenary/internal/agenda"
)

type deliveryRow struct {
	ID        string `gorm:"column:id;primaryKey"`
	EventID   string `gorm:"column:event_id"`
	WebhookID string `gorm:"column:webhook_id"`
	Kind      string `gorm:"column:kind"`
	Release   int    `gorm:"column:release_number"`
	Status    string `gorm:"column:status"`
	Attempts  int    `gorm:"column:attempts"`
	Fault     string `gorm:"column:fault"`
	Due       *int64 `gorm:"column:due_at"`
	Done      *int64 `gorm:"column:done_at"`
	Created   int64  `gorm:"column:created_at"`
}

func (deliveryRow) TableName() string { return "webhook_deliveries" }

func (r deliveryRow) delivery() agenda.Delivery {
	return agenda.Delivery{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), WebhookID: agenda.ID(r.WebhookID), Kind: agenda.WebhookKind(r.Kind),
		Release: r.Release, Status: agenda.DeliveryStatus(r.Status), Attempts: r.Attempts, Fault: r.Fault, Due: instantOrNil(r.Due),
		Done: instantOrNil(r.Done), Created: instant(r.Created)}
}

type deliveryAttemptRow struct {
	DeliveryID string `gorm:"column:delivery_id;primaryKey"`
	Number     int    `gorm:"column:number;primaryKey"`
	At         int64  `gorm:"column:at"`
	Took       int64  `gorm:"column:took"`
	Status     int    `gorm:"column:status"`
	Fault      string `gorm:"column:fault"`
	Answer     string `gorm:"column:answer"`
}

func (deliveryAttemptRow) TableName() string { return "webhook_attempts" }

func (r deliveryAttemptRow) attempt() agenda.Attempt {
	return agenda.Attempt{Number: r.Number, At: instant(r.At), Took: time.Duration(r.Took) * time.Millisecond, Status: r.Status, Fault: r.Fault, Answer: r.Answer}
}

var deliveryWording = wording{noun: "delivery", refers: "There is no such webhook."}

var deliveriesNewest = order[deliveryRow]{name: "deliveries", keys: []key[deliveryRow]{
	{expr: "created_at", desc: true, num: func(r deliveryRow) int64 { return r.Created }},
	{expr: "id", desc: true, text: func(r deliveryRow) string { return r.ID }},
}}

// Delivery gives a delivery of the event.
func (tx *Tx) Delivery(event, id agenda.ID) (agenda.Delivery, error) {
	return one(tx.of(event).Where("id = ?", id), "delivery", deliveryRow.delivery)
}

// Deliveries lists those of a webhook of the event, newest first; status "" is any.
func (tx *Tx) Deliveries(event, webhook agenda.ID, status agenda.DeliveryStatus, page Page) (list []agenda.Delivery, next string, err error) {
	q := tx.of(event).Where("webhook_id = ?", webhook)
	if status != "" {
		q = q.Where("status = ?", status)
	}
	rows, next, err := paged(q, deliveriesNewest, string(webhook)+" "+string(status), page)
	return convert(rows, deliveryRow.delivery), next, err
}

// InsertDelivery adds a delivery, and makes room for it: those of the webhook that ended before that time go, and all but
// the newest most of them.
func (tx *Tx) InsertDelivery(d agenda.Delivery, before time.Time, most int) error {
	err := tx.of(d.EventID).Where("webhook_id = ? AND status <> ?", d.WebhookID, agenda.DeliveryQueued).
		Where("(created_at < ? OR id NOT IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ? ORDER BY created_at DESC, id DESC LIMIT ?))",
			millis(before), d.WebhookID, most-1).Delete(&deliveryRow{}).Error
	if err != nil {
		return fault("delete deliveries", err, deliveryWording)
	}
	return insert(tx, []*deliveryRow{{ID: string(d.ID), EventID: string(d.EventID), WebhookID: string(d.WebhookID), Kind: string(d.Kind),
		Release: d.Release, Status: string(d.Status), Attempts: d.Attempts, Fault: d.Fault, Due: millisOrNull(d.Due), Done: millisOrNull(d.Done),
		Created: millis(d.Created)}}, deliveryWording)
}

// UpdateDelivery writes what became of a delivery.
func (tx *Tx) UpdateDelivery(d agenda.Delivery) error {
	done := tx.of(d.EventID).Model(&deliveryRow{}).Where("id = ?", d.ID).Updates(map[string]any{"status": d.Status, "attempts": d.Attempts,
		"fault": d.Fault, "due_at": millisOrNull(d.Due), "done_at": millisOrNull(d.Done)})
	return touched(done, "delivery")
}

// DeliveryAttempts gives the attempts at a delivery, oldest first.
func (tx *Tx) DeliveryAttempts(delivery agenda.ID) ([]agenda.Attempt, error) {
	rows, err := all[deliveryAttemptRow](tx.db.Where("delivery_id = ?", delivery), "number")
	return convert(rows, deliveryAttemptRow.attempt), err
}

// InsertDeliveryAttempt adds an attempt, of which all but the newest most are kept.
func (tx *Tx) InsertDeliveryAttempt(delivery agenda.ID, a agenda.Attempt, most int) error {
	err := tx.db.Where("delivery_id = ? AND number <= ?", delivery, a.Number-most).Delete(&deliveryAttemptRow{}).Error
	if err != nil {
		return fault("delete attempts", err, deliveryWording)
	}
	return insert(tx, []*deliveryAttemptRow{{DeliveryID: string(delivery), Number: a.Number, At: millis(a.At), Took: a.Took.Milliseconds(),
		Status: a.Status, Fault: a.Fault, Answer: a.Answer}}, deliveryWording)
}

// ForgetAnswers removes what was answered to all deliveries of the event.
func (tx *Tx) ForgetAnswers(event agenda.ID) error {
	done := tx.db.Model(&deliveryAttemptRow{}).Where("delivery_id IN (SELECT id FROM webhook_deliveries WHERE event_id = ?)", event).
		Updates(map[string]any{"answer": ""})
	return fault("forget answers", done.Error, deliveryWording)
}
