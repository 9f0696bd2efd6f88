package store

import (
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type meetingTimeRow struct {
	MeetingID string `gorm:"column:meeting_id;primaryKey"`
	Position  int    `gorm:"column:position;primaryKey"`
	EventID   string `gorm:"column:event_id"`
	Side      int    `gorm:"column:side"`
	StartAt   int64  `gorm:"column:start_at"`
	StartWall string `gorm:"column:start_wall"`
	StartFold bool   `gorm:"column:start_fold"`
	EndAt     int64  `gorm:"column:end_at"`
	EndWall   string `gorm:"column:end_wall"`
	EndFold   bool   `gorm:"column:end_fold"`
}

func (meetingTimeRow) TableName() string { return "meeting_times" }

// addTimes gives the meetings the times that were proposed for them; at finds a meeting by its ID.
func (tx *Tx) addTimes(meetings []agenda.Meeting, at map[string]*agenda.Meeting) error {
	ids := convert(meetings, func(m agenda.Meeting) string { return string(m.ID) })
	for part := range slices.Chunk(ids, chunk) {
		rows, err := all[meetingTimeRow](tx.of(meetings[0].EventID).Where("meeting_id IN ?", part), "meeting_id, position")
		if err != nil {
			return err
		}
		for _, r := range rows {
			m := at[r.MeetingID]
			m.Times = append(m.Times, agenda.MeetingTime{Side: r.Side, Start: momentColumns{r.StartAt, r.StartWall, r.StartFold}.moment(),
				End: momentColumns{r.EndAt, r.EndWall, r.EndFold}.moment()})
		}
	}
	return nil
}

func (tx *Tx) insertTimes(m agenda.Meeting) error {
	var rows []*meetingTimeRow
	for i, t := range m.Times {
		start, end := momentRow(t.Start), momentRow(t.End)
		rows = append(rows, &meetingTimeRow{MeetingID: string(m.ID), Position: i, EventID: string(m.EventID), Side: t.Side,
			StartAt: start.At, StartWall: start.Wall, StartFold: start.Fold, EndAt: end.At, EndWall: end.Wall, EndFold: end.Fold})
	}
	return insert(tx, rows, meetingWording)
}

// DueMeetings gives the meetings of all events that should have been answered by then, those that are due longest first, at
// most so many. Each has its ID and its event's alone.
func (tx *Tx) DueMeetings(now time.Time, most int) ([]agenda.Meeting, error) {
	var rows []meetingRow
	err := tx.db.Select("id", "event_id").Where("expires_at <= ? AND status IN ?", millis(now),
		[]agenda.MeetingStatus{agenda.MeetingRequested, agenda.MeetingProposed}).Order("expires_at, id").Limit(most).Find(&rows).Error
	return convert(rows, func(r meetingRow) agenda.Meeting {
		return agenda.Meeting{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID)}
	}), fault("read meetings", err, wording{})
}

type meetingStepRow struct {
	ID        string  `gorm:"column:id;primaryKey"`
	EventID   string  `gorm:"column:event_id"`
	MeetingID string  `gorm:"column:meeting_id"`
	At        int64   `gorm:"column:at"`
	Party     string  `gorm:"column:party"`
	PersonID  *string `gorm:"column:person_id"`
	Deed      string  `gorm:"column:deed"`
	Note      string  `gorm:"column:note"`
}

func (meetingStepRow) TableName() string { return "meeting_steps" }

func (r meetingStepRow) step() agenda.MeetingStep {
	return agenda.MeetingStep{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), MeetingID: agenda.ID(r.MeetingID), At: instant(r.At),
		Party: agenda.MeetingParty(r.Party), PersonID: idOf(r.PersonID), Deed: agenda.MeetingDeed(r.Deed), Note: r.Note}
}

// InsertMeetingSteps adds to what was done to meetings.
func (tx *Tx) InsertMeetingSteps(steps ...agenda.MeetingStep) error {
	return insert(tx, convert(steps, func(s agenda.MeetingStep) *meetingStepRow {
		return &meetingStepRow{ID: string(s.ID), EventID: string(s.EventID), MeetingID: string(s.MeetingID), At: millis(s.At),
			Party: string(s.Party), PersonID: idOrNull(s.PersonID), Deed: string(s.Deed), Note: s.Note}
	}), wording{noun: "meeting's history", refers: "There is no such meeting."})
}

// MeetingSteps gives what was done to a meeting, oldest first.
func (tx *Tx) MeetingSteps(event, meeting agenda.ID) ([]agenda.MeetingStep, error) {
	rows, err := all[meetingStepRow](tx.of(event).Where("meeting_id = ?", meeting), "at, id")
	return convert(rows, meetingStepRow.step), err
}

// AllMeetingSteps gives what was done to the event's meetings, oldest first.
func (tx *Tx) AllMeetingSteps(event agenda.ID) ([]agenda.MeetingStep, error) {
	rows, err := all[meetingStepRow](tx.of(event), "at, id")
	return convert(rows, meetingStepRow.step), err
}

// RewordMeetingStep changes what was written with something that was done to a meeting.
func (tx *Tx) RewordMeetingStep(event, id agenda.ID, note string) error {
	return touched(tx.of(event).Model(&meetingStepRow{}).Where("id = ?", id).Update("note", note), "meeting's history")
}

// forgetSteps takes the person from what was done to the event's meetings, with what they wrote there.
func (tx *Tx) forgetSteps(event, person agenda.ID) error {
	err := tx.of(event).Model(&meetingStepRow{}).Where("person_id = ?", person).Updates(map[string]any{"person_id": nil, "note": ""}).Error
	return fault("change meeting steps", err, wording{noun: "person"})
}

type meetingRulesRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	Closed   bool   `gorm:"column:closed"`
	Hours    int    `gorm:"column:answer_hours"`
	Open     int    `gorm:"column:open_requests"`
	PerDay   int    `gorm:"column:accepted_per_day"`
	Halls    bool   `gorm:"column:halls"`
	Revision int    `gorm:"column:revision"`
	Updated  int64  `gorm:"column:updated_at"`
}

func (meetingRulesRow) TableName() string { return "meeting_rules" }

var meetingRulesUpdates = []string{"closed", "answer_hours", "open_requests", "accepted_per_day", "halls", "revision", "updated_at"}

// MeetingRules gives the event's rules for the meetings that people ask for, [agenda.DefaultMeetingRules] when it has none of
// its own.
func (tx *Tx) MeetingRules(event agenda.ID) (agenda.MeetingRules, error) {
	r, err := one(tx.of(event), "meeting rules", func(r meetingRulesRow) agenda.MeetingRules {
		return agenda.MeetingRules{Closed: r.Closed, Hours: r.Hours, Open: r.Open, PerDay: r.PerDay, Halls: r.Halls,
			Revision: r.Revision, Updated: instant(r.Updated)}
	})
	if agenda.CodeOf(err) == agenda.NotFound {
		return agenda.DefaultMeetingRules(), nil
	}
	return r, err
}

// PutMeetingRules writes the event's rules for meetings. Whoever compares their revision before holds [Tx.LockEvent].
func (tx *Tx) PutMeetingRules(event agenda.ID, r agenda.MeetingRules) error {
	row := &meetingRulesRow{EventID: string(event), Closed: r.Closed, Hours: r.Hours, Open: r.Open, PerDay: r.PerDay, Halls: r.Halls,
		Revision: r.Revision, Updated: millis(r.Updated)}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "event_id"}},
		DoUpdates: clause.AssignmentColumns(meetingRulesUpdates)}).Create(row).Error
	return fault("put meeting rules", err, wording{noun: "meeting rules", refers: "There is no such event."})
}
