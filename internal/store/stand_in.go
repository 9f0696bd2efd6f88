package store

import "plenary/internal/agenda"

type standInRow struct {
	ID        string `gorm:"column:id;primaryKey"`
	EventID   string `gorm:"column:event_id"`
	MeetingID string `gorm:"column:meeting_id"`
	OldID     string `gorm:"column:old_person_id"`
	NewID     string `gorm:"column:new_person_id"`
	Role      string `gorm:"column:role"`
	Was       string `gorm:"column:was_role"`
	Note      string `gorm:"column:note"`
	By        string `gorm:"column:made_by"`
	Created   int64  `gorm:"column:created_at"`
}

func (standInRow) TableName() string { return "stand_ins" }

func rowOfStandIn(s agenda.StandIn) *standInRow {
	return &standInRow{string(s.ID), string(s.EventID), string(s.MeetingID), string(s.OldID), string(s.NewID), string(s.Role),
		string(s.Was), s.Note, s.By, millis(s.Created)}
}

func (r standInRow) standIn() agenda.StandIn {
	return agenda.StandIn{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), MeetingID: agenda.ID(r.MeetingID), OldID: agenda.ID(r.OldID),
		NewID: agenda.ID(r.NewID), Role: agenda.DelegateRole(r.Role), Was: agenda.DelegateRole(r.Was), Note: r.Note, By: r.By,
		Created: instant(r.Created)}
}

// InsertStandIns keeps who takes part in whose place.
func (tx *Tx) InsertStandIns(list []agenda.StandIn) error {
	return insert(tx, convert(list, rowOfStandIn), wording{noun: "stand-in", refers: "There is no such meeting."})
}

// StandIns gives who took part in the meeting in whose place, the first first.
func (tx *Tx) StandIns(event, meeting agenda.ID) ([]agenda.StandIn, error) {
	rows, err := all[standInRow](tx.of(event).Where("meeting_id = ?", meeting), "created_at, id")
	return convert(rows, standInRow.standIn), err
}

// AllStandIns gives those of all meetings of the event, the first first.
func (tx *Tx) AllStandIns(event agenda.ID) ([]agenda.StandIn, error) {
	rows, err := all[standInRow](tx.of(event), "created_at, id")
	return convert(rows, standInRow.standIn), err
}

// StandInsOf gives those of all meetings in which the person is the one or the other, the first first.
func (tx *Tx) StandInsOf(event, person agenda.ID) ([]agenda.StandIn, error) {
	rows, err := all[standInRow](tx.of(event).Where("old_person_id = ? OR new_person_id = ?", person, person), "created_at, id")
	return convert(rows, standInRow.standIn), err
}

// RewordStandIn changes why somebody stood in for another.
func (tx *Tx) RewordStandIn(event, id agenda.ID, note string) error {
	return touched(tx.of(event).Model(&standInRow{}).Where("id = ?", id).Update("note", note), "stand-in")
}

// forgetStandIns takes away why somebody was replaced or stood in for another: it is about them, in words.
func (tx *Tx) forgetStandIns(event, person agenda.ID) error {
	done := tx.of(event).Model(&standInRow{}).Where("old_person_id = ? OR new_person_id = ?", person, person).Update("note", "")
	return fault("change stand-ins", done.Error, wording{})
}
