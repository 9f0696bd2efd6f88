package store

import (
	"database/sql/driver"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type activityRow struct {
	ID        string       `gorm:"column:id;primaryKey"`
	EventID   *string      `gorm:"column:event_id"`
	At        int64        `gorm:"column:at"`
	ActorKind string       `gorm:"column:actor_kind"`
	ActorID   string       `gorm:"column:actor_id"`
	ActorName string       `gorm:"column:actor_name"`
	Address   string       `gorm:"column:address"`
	Verb      string       `gorm:"column:verb"`
	SubjectID string       `gorm:"column:subject_id"`
	Summary   string       `gorm:"column:summary"`
	Outcome   string       `gorm:"column:outcome"`
	Was       fieldsColumn `gorm:"column:was"`
	Became    fieldsColumn `gorm:"column:became"`
}

func (activityRow) TableName() string { return "activities" }

func (r activityRow) activity() agenda.Activity {
	return agenda.Activity{ID: agenda.ID(r.ID), EventID: idOf(r.EventID), At: instant(r.At),
		ActorKind: agenda.ActorKind(r.ActorKind), ActorID: agenda.ID(r.ActorID), ActorName: r.ActorName, Address: r.Address,
		Verb: r.Verb, Subject: agenda.ID(r.SubjectID), Summary: r.Summary, Outcome: agenda.Outcome(r.Outcome),
		Before: agenda.Fields(r.Was), After: agenda.Fields(r.Became)}
}

// fieldsColumn has JSON values by name as a JSON object with sorted names; "{}" is nil.
type fieldsColumn agenda.Fields

// Value gives the JSON.
func (f fieldsColumn) Value() (driver.Value, error) {
	if len(f) == 0 {
		return "{}", nil
	}
	raw := make(map[string]json.RawMessage, len(f))
	for name, value := range f {
		raw[name] = json.RawMessage(value)
	}
	return string(encodeJSON(raw)), nil
}

// Scan reads the JSON.
func (f *fieldsColumn) Scan(value any) error {
	*f = nil
	var raw map[string]json.RawMessage
	if err := scanJSON(value, "{}", &raw); err != nil || raw == nil {
		return err
	}
	*f = make(fieldsColumn, len(raw))
	for name, value := range raw {
		(*f)[name] = string(value)
	}
	return nil
}

var activitiesNewest = order[activityRow]{name: "activities", keys: []key[activityRow]{
	{expr: "at", desc: true, num: func(r activityRow) int64 { return r.At }},
	{expr: "id", desc: true, text: func(r activityRow) string { return r.ID }},
}}

// ActivityFilter narrows the log. The zero value is none of it: say where.
type ActivityFilter struct {
	EventID agenda.ID   // of one event
	Events  []agenda.ID // or of these
	All     bool        // or of all events
	Outside bool        // and what is not about one event
	// Unlinked leaves out what people did with personal links to Meetings and feeds.
	Unlinked bool
	Verb     string // "panel.move", or "panel" for all that is done to panels
	Subject  agenda.ID
	ActorID  agenda.ID
	Outcome  agenda.Outcome
	From     time.Time // that and later
	To       time.Time // before that
}

func (f ActivityFilter) narrow(q *gorm.DB) *gorm.DB {
	switch {
	case f.EventID != "":
		q = q.Where("event_id = ?", f.EventID)
	case f.All && f.Outside:
	case f.All:
		q = q.Where("event_id IS NOT NULL")
	case f.Outside:
		q = q.Where("(event_id IS NULL OR event_id IN ?)", f.Events)
	default:
		q = q.Where("event_id IN ?", f.Events)
	}
	if f.Unlinked {
		q = q.Where("NOT (actor_kind = ? AND (verb LIKE 'meeting.%' OR verb LIKE 'feed.%'))", agenda.LinkHolder)
	}
	if f.Verb != "" {
		q = q.Where("(verb = ? OR verb LIKE ? ESCAPE '!')", f.Verb, literal(f.Verb)+".%")
	}
	for column, value := range map[string]string{"subject_id": string(f.Subject), "actor_id": string(f.ActorID), "outcome": string(f.Outcome)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		q = q.Where("at >= ?", millis(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("at < ?", millis(f.To))
	}
	return q
}

// InsertActivity adds an entry to the log. It may name an event that is not there any more.
func (tx *Tx) InsertActivity(a agenda.Activity) error {
	if a.Outcome == "" {
		a.Outcome = agenda.Done
	}
	return insert(tx, []*activityRow{{ID: string(a.ID), EventID: idOrNull(a.EventID), At: millis(a.At),
		ActorKind: string(a.ActorKind), ActorID: string(a.ActorID), ActorName: a.ActorName, Address: a.Address, Verb: a.Verb,
		SubjectID: string(a.Subject), Summary: a.Summary, Outcome: string(a.Outcome), Was: fieldsColumn(a.Before),
		Became: fieldsColumn(a.After)}}, wording{noun: "activity"})
}

// Activities lists the log newest first.
func (tx *Tx) Activities(f ActivityFilter, page Page) (activities []agenda.Activity, next string, err error) {
	rows, next, err := paged(f.narrow(tx.db.Model(&activityRow{})), activitiesNewest, string(f.EventID), page)
	return convert(rows, activityRow.activity), next, err
}

// NewestActivities names what was done last at the event: up to most entries of its log, newest first.
func (tx *Tx) NewestActivities(event agenda.ID, most int) ([]agenda.ID, error) {
	rows, err := all[activityRow](tx.of(event).Select("id", "at").Limit(most), "at DESC, id DESC")
	return convert(rows, func(r activityRow) agenda.ID { return agenda.ID(r.ID) }), err
}

// EachActivity hands fn every entry of the log of the event, oldest first. Fn must not ask the transaction for anything.
func (tx *Tx) EachActivity(event agenda.ID, fn func(agenda.Activity) error) error {
	rows, err := tx.of(event).Model(&activityRow{}).Order("at, id").Rows()
	if err != nil {
		return fault("read activities", err, wording{})
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r activityRow
		if err := tx.db.ScanRows(rows, &r); err != nil {
			return fault("read activities", err, wording{})
		}
		if err := fn(r.activity()); err != nil {
			return err
		}
	}
	return fault("read activities", rows.Err(), wording{})
}

// EraseActivity writes what is left of an entry, as [agenda.Activity.Erase] gives it. The database refuses all else.
func (tx *Tx) EraseActivity(a agenda.Activity) error {
	done := tx.db.Model(&activityRow{}).Where("id = ?", a.ID).Updates(map[string]any{"summary": a.Summary, "was": "{}",
		"became": "{}", "actor_name": a.ActorName, "address": a.Address})
	return touched(done, "activity")
}
