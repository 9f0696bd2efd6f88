package store

import (
	"cmp"
	"slices"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type meetingRow struct {
	ID         string      `gorm:"column:id;primaryKey"`
	EventID    string      `gorm:"column:event_id"`
	UID        string      `gorm:"column:uid"`
	Topic      textColumn  `gorm:"column:topic"`
	Status     string      `gorm:"column:status"`
	Visibility string      `gorm:"column:visibility"`
	Slot       slotColumns `gorm:"embedded"`
	AskingName textColumn  `gorm:"column:asking_name"`
	AskedName  textColumn  `gorm:"column:asked_name"`
	Asking     listColumn  `gorm:"column:asking_languages"`
	Asked      listColumn  `gorm:"column:asked_languages"`
	Notes      string      `gorm:"column:notes"`
	Revision   int         `gorm:"column:revision"`
	Created    int64       `gorm:"column:created_at"`
	Updated    int64       `gorm:"column:updated_at"`
	Turn       int         `gorm:"column:turn"`
	Expires    *int64      `gorm:"column:expires_at"`
	Quorum     string      `gorm:"column:quorum"`
	Firm       bool        `gorm:"column:firm"`
}

func (meetingRow) TableName() string { return "meetings" }

type delegateRow struct {
	MeetingID string `gorm:"column:meeting_id;primaryKey"`
	Side      int    `gorm:"column:side;primaryKey"`
	Position  int    `gorm:"column:position;primaryKey"`
	EventID   string `gorm:"column:event_id"`
	PersonID  string `gorm:"column:person_id"`
	Role      string `gorm:"column:role"`
	Answer    string `gorm:"column:answer"`
}

func (delegateRow) TableName() string { return "delegates" }

// meetingUpdates are the columns that an update writes. The UID stays what it was at the beginning.
var meetingUpdates = append([]string{"topic", "status", "visibility", "asking_name", "asked_name", "asking_languages", "asked_languages", "notes", "revision",
	"updated_at", "turn", "expires_at", "quorum", "firm"}, slotNames...)

var meetingWording = wording{noun: "meeting", refers: "The meeting refers to a room or a person that is not this event's.",
	taken: map[string]string{
		"meetings_uid_key":                   "The calendar UID of the meeting is in use.",
		"delegates_meeting_id_person_id_key": "A person is in the meeting twice.",
		"delegates_meeting_id_side_key":      "A delegation has two principals.",
	}}

func rowOfMeeting(m agenda.Meeting) *meetingRow {
	return &meetingRow{ID: string(m.ID), EventID: string(m.EventID), UID: m.UID, Topic: textColumn(m.Topic),
		Status: string(m.Status), Visibility: string(m.Visibility), Slot: slotRow(m.Slot),
		AskingName: textColumn(m.Sides[0].Name), AskedName: textColumn(m.Sides[1].Name), Asking: m.Sides[0].Languages, Asked: m.Sides[1].Languages, Notes: m.Notes,
		Revision: m.Revision, Created: millis(m.Created), Updated: millis(m.Updated),
		Turn: m.Turn, Expires: zeroIsNull(m.Expires), Quorum: string(cmp.Or(m.Quorum, agenda.QuorumPrincipals)), Firm: m.Firm}
}

func (r meetingRow) meeting() agenda.Meeting {
	return agenda.Meeting{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), UID: r.UID, Topic: agenda.Text(r.Topic),
		Status: agenda.MeetingStatus(r.Status), Visibility: agenda.Visibility(r.Visibility), Slot: r.Slot.slot(),
		Sides: [2]agenda.Delegation{{Name: agenda.Text(r.AskingName), Languages: r.Asking}, {Name: agenda.Text(r.AskedName), Languages: r.Asked}},
		Notes: r.Notes, Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated),
		Turn: r.Turn, Expires: instantOrZero(r.Expires), Quorum: agenda.Quorum(r.Quorum), Firm: r.Firm}
}

// MeetingFilter narrows and sorts a list of meetings. The zero value is all of them by start.
type MeetingFilter struct {
	Person agenda.ID // who is in one of the delegations, whatever their answer
	Room   agenda.ID
	Status agenda.MeetingStatus // "": any
	Day    agenda.Date          // on which it begins by the event's clock
	Sort   string               // "start" (or "": those without a time last), or "updated" (newest first)
}

var meetingOrders = map[string]order[meetingRow]{
	"start": {name: "meetings by start", keys: []key[meetingRow]{
		{expr: startExpr, num: func(r meetingRow) int64 { return r.Slot.sortStart() }},
		{expr: "id", text: meetingID},
	}},
	"updated": {name: "meetings by change", keys: []key[meetingRow]{
		{expr: "updated_at", desc: true, num: func(r meetingRow) int64 { return r.Updated }},
		{expr: "id", text: meetingID},
	}},
}

func meetingID(r meetingRow) string { return r.ID }

// withPerson gives the meetings of q in which the person is.
func withPerson(q *gorm.DB, person agenda.ID) *gorm.DB {
	return q.Where("EXISTS (SELECT 1 FROM delegates d WHERE d.meeting_id = meetings.id AND d.person_id = ?)", person)
}

// Meeting gives a meeting of the event.
func (tx *Tx) Meeting(event, id agenda.ID) (agenda.Meeting, error) {
	meetings, err := tx.MeetingsByID(event, []agenda.ID{id})
	if err != nil {
		return agenda.Meeting{}, err
	}
	if len(meetings) == 0 {
		return agenda.Meeting{}, missing("meeting")
	}
	return meetings[0], nil
}

// Meetings lists meetings of the event. The error is agenda.Invalid for an order that there is not.
func (tx *Tx) Meetings(event agenda.ID, f MeetingFilter, page Page) (meetings []agenda.Meeting, next string, err error) {
	by, ok := meetingOrders[cmp.Or(f.Sort, "start")]
	if !ok {
		return nil, "", agenda.Errorf(agenda.Invalid, "Meetings can be sorted by start or updated, not by %q.", f.Sort)
	}
	q := onDay(tx.of(event).Model(&meetingRow{}), f.Day)
	if f.Person != "" {
		q = withPerson(q, f.Person)
	}
	if f.Room != "" {
		q = q.Where("room_id = ?", f.Room)
	}
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	rows, next, err := paged(q, by, string(event), page)
	if err != nil {
		return nil, "", err
	}
	meetings, err = tx.meetingsOf(event, rows)
	return meetings, next, err
}

// AllMeetings gives the event's meetings by start, those without a time last, then ID.
func (tx *Tx) AllMeetings(event agenda.ID) ([]agenda.Meeting, error) {
	rows, err := all[meetingRow](tx.of(event), meetingOrders["start"].by())
	if err != nil {
		return nil, err
	}
	return tx.withDelegates(rows, tx.of(event))
}

// MeetingsByID gives those of the event's meetings that have one of these IDs, by ID. Others are left out.
func (tx *Tx) MeetingsByID(event agenda.ID, ids []agenda.ID) ([]agenda.Meeting, error) {
	rows, err := among[meetingRow](func() *gorm.DB { return tx.of(event) }, "id", ids)
	if err != nil {
		return nil, err
	}
	return tx.meetingsOf(event, rows)
}

// MeetingsOf gives the event's meetings in which the person is, by start, those without a time last, then ID.
func (tx *Tx) MeetingsOf(event, person agenda.ID) ([]agenda.Meeting, error) {
	rows, err := all[meetingRow](withPerson(tx.of(event).Model(&meetingRow{}), person), meetingOrders["start"].by())
	if err != nil {
		return nil, err
	}
	return tx.meetingsOf(event, rows)
}

// meetingsOf gives the meetings of the rows, with their delegates.
func (tx *Tx) meetingsOf(event agenda.ID, rows []meetingRow) ([]agenda.Meeting, error) {
	var meetings []agenda.Meeting
	for part := range slices.Chunk(rows, chunk) {
		some, err := tx.withDelegates(part, tx.of(event).Where("meeting_id IN ?", convert(part, meetingID)))
		if err != nil {
			return nil, err
		}
		meetings = append(meetings, some...)
	}
	return meetings, nil
}

// withDelegates gives the meetings with their delegates, who are among those of q.
func (tx *Tx) withDelegates(rows []meetingRow, q *gorm.DB) ([]agenda.Meeting, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	delegates, err := all[delegateRow](q, "meeting_id, side, position")
	if err != nil {
		return nil, err
	}
	meetings := convert(rows, meetingRow.meeting)
	at := make(map[string]*agenda.Meeting, len(rows))
	for i := range meetings {
		at[rows[i].ID] = &meetings[i]
	}
	for _, d := range delegates {
		if m := at[d.MeetingID]; m != nil {
			side := &m.Sides[d.Side]
			side.Delegates = append(side.Delegates, agenda.Delegate{PersonID: agenda.ID(d.PersonID),
				Role: agenda.DelegateRole(d.Role), Answer: agenda.Answer(d.Answer)})
		}
	}
	return meetings, tx.addTimes(meetings, at)
}

// InsertMeeting adds a meeting with its delegations and proposed times. Whose time it takes is for [Tx.SetHolds].
func (tx *Tx) InsertMeeting(m agenda.Meeting) error {
	if err := insert(tx, []*meetingRow{rowOfMeeting(m)}, meetingWording); err != nil {
		return err
	}
	if err := tx.insertTimes(m); err != nil {
		return err
	}
	return tx.insertDelegates(m)
}

// UpdateMeeting writes a meeting with its delegations and proposed times; its revision is the stored one plus one. Its UID stays.
func (tx *Tx) UpdateMeeting(m agenda.Meeting) error {
	err := tx.meetingVersion(m.EventID, m.ID, m.Revision-1).update(meetingUpdates, rowOfMeeting(m), meetingWording)
	if err != nil {
		return err
	}
	if err := tx.of(m.EventID).Where("meeting_id = ?", m.ID).Delete(&delegateRow{}).Error; err != nil {
		return fault("delete delegates", err, meetingWording)
	}
	if err := tx.of(m.EventID).Where("meeting_id = ?", m.ID).Delete(&meetingTimeRow{}).Error; err != nil {
		return fault("delete meeting times", err, meetingWording)
	}
	if err := tx.insertTimes(m); err != nil {
		return err
	}
	return tx.insertDelegates(m)
}

func (tx *Tx) insertDelegates(m agenda.Meeting) error {
	var rows []*delegateRow
	for side, delegation := range m.Sides {
		for i, d := range delegation.Delegates {
			rows = append(rows, &delegateRow{MeetingID: string(m.ID), Side: side, Position: i, EventID: string(m.EventID),
				PersonID: string(d.PersonID), Role: string(d.Role), Answer: string(d.Answer)})
		}
	}
	return insert(tx, rows, meetingWording)
}

// DeleteMeeting removes a meeting with its delegations and the time that it takes.
func (tx *Tx) DeleteMeeting(event, id agenda.ID, revision int) error {
	if err := tx.meetingVersion(event, id, revision).delete(&meetingRow{}, wording{noun: "meeting"}); err != nil {
		return err
	}
	return tx.forgetItem(event, agenda.MeetingItem, id)
}

func (tx *Tx) meetingVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "meeting", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Meeting(event, id) }}
}
