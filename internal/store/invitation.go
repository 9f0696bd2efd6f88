package store

import "plenary/internal/agenda"

type invitationRow struct {
	EventID   string          `gorm:"column:event_id"`
	MeetingID string          `gorm:"column:meeting_id;primaryKey"`
	PersonID  string          `gorm:"column:person_id;primaryKey"`
	UID       string          `gorm:"column:uid"`
	Address   string          `gorm:"column:address"`
	Told      invitationState `gorm:"embedded;embeddedPrefix:told_"`
	MailID    string          `gorm:"column:mail_id"`
	Next      invitationState `gorm:"embedded;embeddedPrefix:next_"`
	Stamped   int64           `gorm:"column:stamped_at"`
	Replied   int64           `gorm:"column:replied_at"`
}

type invitationState struct {
	Kind     agenda.MeetingLetter `gorm:"column:kind"`
	Method   string               `gorm:"column:method"`
	Sequence int                  `gorm:"column:sequence"`
	Shown    string               `gorm:"column:shown"`
	Place    string               `gorm:"column:place"`
}

func (invitationRow) TableName() string { return "meeting_invitations" }

func (r invitationRow) invitation() agenda.MeetingInvitation {
	i := agenda.MeetingInvitation{EventID: agenda.ID(r.EventID), MeetingID: agenda.ID(r.MeetingID), PersonID: agenda.ID(r.PersonID), UID: r.UID, Address: r.Address,
		Told: agenda.InvitationState(r.Told), MailID: agenda.ID(r.MailID), Next: agenda.InvitationState(r.Next)}
	if r.Stamped != 0 {
		i.Stamped = instant(r.Stamped)
	}
	if r.Replied != 0 {
		i.Replied = instant(r.Replied)
	}
	return i
}

func rowOfInvitation(i agenda.MeetingInvitation) *invitationRow {
	r := &invitationRow{EventID: string(i.EventID), MeetingID: string(i.MeetingID), PersonID: string(i.PersonID), UID: i.UID, Address: i.Address,
		Told: invitationState(i.Told), MailID: string(i.MailID), Next: invitationState(i.Next)}
	if !i.Stamped.IsZero() {
		r.Stamped = millis(i.Stamped)
	}
	if !i.Replied.IsZero() {
		r.Replied = millis(i.Replied)
	}
	return r
}

// MeetingInvitations gives what people were told of a meeting by mail, by person.
func (tx *Tx) MeetingInvitations(event, meeting agenda.ID) ([]agenda.MeetingInvitation, error) {
	rows, err := all[invitationRow](tx.of(event).Where("meeting_id = ?", meeting), "person_id")
	return convert(rows, invitationRow.invitation), err
}

// MeetingInvitation gives what a person was told of a meeting by mail. The error is agenda.NotFound when that was nothing.
func (tx *Tx) MeetingInvitation(event, meeting, person agenda.ID) (agenda.MeetingInvitation, error) {
	return one(tx.of(event).Where("meeting_id = ? AND person_id = ?", meeting, person), "invitation", invitationRow.invitation)
}

// MeetingInvitationsOf gives what a person was told of meetings by mail, by meeting.
func (tx *Tx) MeetingInvitationsOf(event, person agenda.ID) ([]agenda.MeetingInvitation, error) {
	rows, err := all[invitationRow](tx.of(event).Where("person_id = ?", person), "meeting_id")
	return convert(rows, invitationRow.invitation), err
}

// MeetingInvitationsByUID gives what people were told of a calendar entry by mail, by person, whichever event it is of: for who
// knows no more than that, such as an answer.
func (tx *Tx) MeetingInvitationsByUID(uid string) ([]agenda.MeetingInvitation, error) {
	rows, err := all[invitationRow](tx.db.Where("uid = ?", uid), "meeting_id, person_id")
	return convert(rows, invitationRow.invitation), err
}

// PutMeetingInvitation keeps what a person was told of a meeting by mail, in place of what was kept before.
func (tx *Tx) PutMeetingInvitation(i agenda.MeetingInvitation) error {
	return put(tx, []*invitationRow{rowOfInvitation(i)}, []string{"meeting_id", "person_id"},
		[]string{"uid", "address", "told_kind", "told_method", "told_sequence", "told_shown", "told_place", "mail_id", "next_kind", "next_method",
			"next_sequence", "next_shown", "next_place", "stamped_at", "replied_at"})
}
