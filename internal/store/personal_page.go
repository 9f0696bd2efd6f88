package store

import (
	"encoding/json"

	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type personalPageRow struct {
	EventID   string `gorm:"column:event_id;primaryKey"`
	PersonID  string `gorm:"column:person_id;primaryKey"`
	Zone      string `gorm:"column:zone"`
	Seen      int    `gorm:"column:seen_release"`
	Undo      string `gorm:"column:undo"`
	UndoUntil int64  `gorm:"column:undo_until"`
}

func (personalPageRow) TableName() string { return "personal_pages" }

// undoObject is how to take something back, as it is kept.
type undoObject struct {
	Kind     agenda.UndoKind        `json:"kind"`
	ID       agenda.ID              `json:"id"`
	Revision int                    `json:"revision"`
	Statuses []agenda.SpeakerStatus `json:"statuses,omitempty"`
	Answer   agenda.Answer          `json:"answer,omitempty"`
	Start    agenda.Wall            `json:"start,omitempty"`
	End      agenda.Wall            `json:"end,omitempty"`
	Note     string                 `json:"note,omitempty"`
}

// PersonalSettings gives what a person has set on their page at the event, and whether there is a row of it.
func (tx *Tx) PersonalSettings(event, person agenda.ID) (s agenda.PersonalSettings, found bool, err error) {
	r, err := one(tx.of(event).Where("person_id = ?", person), "personal page", func(r personalPageRow) personalPageRow { return r })
	if agenda.CodeOf(err) == agenda.NotFound {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	s = agenda.PersonalSettings{Zone: r.Zone, Seen: r.Seen}
	if r.Undo != "" {
		var o undoObject
		if err := json.Unmarshal([]byte(r.Undo), &o); err != nil {
			return s, true, fault("read undo", err, wording{})
		}
		s.Undo = agenda.Undo{Kind: o.Kind, ID: o.ID, Revision: o.Revision, Statuses: o.Statuses, Answer: o.Answer, Start: o.Start, End: o.End,
			Note: o.Note, Until: instant(r.UndoUntil)}
	}
	return s, true, nil
}

// PutPersonalSettings keeps what a person has set on their page at the event.
func (tx *Tx) PutPersonalSettings(event, person agenda.ID, s agenda.PersonalSettings) error {
	row := &personalPageRow{EventID: string(event), PersonID: string(person), Zone: s.Zone, Seen: s.Seen}
	if u := s.Undo; u.Kind != "" {
		body, err := json.Marshal(undoObject{u.Kind, u.ID, u.Revision, u.Statuses, u.Answer, u.Start, u.End, u.Note})
		if err != nil {
			return fault("write undo", err, wording{})
		}
		row.Undo, row.UndoUntil = string(body), millis(u.Until)
	}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "event_id"}, {Name: "person_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"zone", "seen_release", "undo", "undo_until"})}).Create(row).Error
	return fault("put personal page", err, personalLinkWording)
}
