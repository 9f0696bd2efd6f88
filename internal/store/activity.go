package store

import "plenary/internal/agenda"

type activityRow struct {
	ID        string  `gorm:"column:id;primaryKey"`
	EventID   *string `gorm:"column:event_id"`
	At        int64   `gorm:"column:at"`
	ActorKind string  `gorm:"column:actor_kind"`
	ActorID   string  `gorm:"column:actor_id"`
	ActorName string  `gorm:"column:actor_name"`
	Verb      string  `gorm:"column:verb"`
	SubjectID string  `gorm:"column:subject_id"`
	Summary   string  `gorm:"column:summary"`
}

func (activityRow) TableName() string { return "activities" }

func (r activityRow) activity() agenda.Activity {
	return agenda.Activity{ID: agenda.ID(r.ID), EventID: idOf(r.EventID), At: instant(r.At),
		ActorKind: agenda.ActorKind(r.ActorKind), ActorID: agenda.ID(r.ActorID), ActorName: r.ActorName, Verb: r.Verb,
		Subject: agenda.ID(r.SubjectID), Summary: r.Summary}
}

var activitiesNewest = order[activityRow]{name: "activities", keys: []key[activityRow]{
	{expr: "at", desc: true, num: func(r activityRow) int64 { return r.At }},
	{expr: "id", desc: true, text: func(r activityRow) string { return r.ID }},
}}

// InsertActivity adds an entry to the log. It may name an event that is not there any more.
func (tx *Tx) InsertActivity(a agenda.Activity) error {
	return insert(tx, []*activityRow{{ID: string(a.ID), EventID: idOrNull(a.EventID), At: millis(a.At),
		ActorKind: string(a.ActorKind), ActorID: string(a.ActorID), ActorName: a.ActorName, Verb: a.Verb,
		SubjectID: string(a.Subject), Summary: a.Summary}}, wording{noun: "activity"})
}

// Activities lists the log of the event, or all of it when event is "", newest first.
func (tx *Tx) Activities(event agenda.ID, page Page) (activities []agenda.Activity, next string, err error) {
	q := tx.db.Model(&activityRow{})
	if event != "" {
		q = tx.of(event)
	}
	rows, next, err := paged(q, activitiesNewest, string(event), page)
	return convert(rows, activityRow.activity), next, err
}
