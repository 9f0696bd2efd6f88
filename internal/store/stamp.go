package store

import (
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type stampRow struct {
	UID      string `gorm:"column:uid;primaryKey"`
	EventID  string `gorm:"column:event_id"`
	Sequence int    `gorm:"column:sequence"`
	Created  int64  `gorm:"column:created_at"`
	Modified int64  `gorm:"column:modified_at"`
	Content  string `gorm:"column:content"`
	Place    string `gorm:"column:place"`
}

func (stampRow) TableName() string { return "calendar_stamps" }

func (r stampRow) stamp() agenda.Stamp {
	return agenda.Stamp{UID: r.UID, Sequence: r.Sequence, Created: instant(r.Created), Modified: instant(r.Modified),
		Content: r.Content, Place: r.Place}
}

// Stamp gives the revision of the calendar entry with that UID, and whether there is one.
func (tx *Tx) Stamp(uid string) (stamp agenda.Stamp, found bool, err error) {
	rows, err := all[stampRow](tx.db.Where("uid = ?", uid), "uid")
	if err != nil || len(rows) == 0 {
		return agenda.Stamp{}, false, err
	}
	return rows[0].stamp(), true, nil
}

// Stamps gives the revisions of the event's calendar entries, by UID.
func (tx *Tx) Stamps(event agenda.ID) (map[string]agenda.Stamp, error) {
	rows, err := all[stampRow](tx.of(event), "uid")
	if err != nil {
		return nil, err
	}
	stamps := make(map[string]agenda.Stamp, len(rows))
	for _, r := range rows {
		stamps[r.UID] = r.stamp()
	}
	return stamps, nil
}

// PutStamp keeps the revision of a calendar entry of the event, in place of the one before.
func (tx *Tx) PutStamp(event agenda.ID, s agenda.Stamp) error {
	r := stampRow{UID: s.UID, EventID: string(event), Sequence: s.Sequence, Created: millis(s.Created),
		Modified: millis(s.Modified), Content: s.Content, Place: s.Place}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "uid"}},
		DoUpdates: clause.AssignmentColumns([]string{"event_id", "sequence", "created_at", "modified_at", "content", "place"}),
	}).Create(&r).Error
	return fault("put stamp", err, wording{noun: "calendar entry", refers: "There is no such event."})
}
