package store

import (
	"errors"
	"testing"

	"plenary/internal/agenda"
)

// fullInvitation is the full event's person's, with something everywhere.
func fullInvitation() agenda.MeetingInvitation {
	return agenda.MeetingInvitation{EventID: "e-full", MeetingID: "meeting-full", PersonID: "person-full", UID: "meeting-full@plenary", Address: "jane@example.org",
		Told:   agenda.InvitationState{Kind: "invited", Method: agenda.MethodRequest, Sequence: 1, Shown: "s", Place: "p"},
		MailID: "mail", Next: agenda.InvitationState{Kind: "removed", Method: agenda.MethodCancel, Sequence: 2, Shown: "s2", Place: "p2"},
		Stamped: at(4), Replied: at(3)}
}

func TestMeetingInvitationsComeBackAsTheyWere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		want := fullInvitation()
		earlier := agenda.MeetingInvitation{EventID: want.EventID, MeetingID: want.MeetingID, PersonID: want.PersonID, UID: "other@plenary"}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutMeetingInvitation(earlier), tx.PutMeetingInvitation(want))
		})
		read(t, s, func(tx *Tx) error {
			same(t, "one", must[agenda.MeetingInvitation](t)(tx.MeetingInvitation("e-full", "meeting-full", "person-full")), want)
			list := []agenda.MeetingInvitation{want}
			same(t, "of the meeting", must[[]agenda.MeetingInvitation](t)(tx.MeetingInvitations("e-full", "meeting-full")), list)
			same(t, "of the person", must[[]agenda.MeetingInvitation](t)(tx.MeetingInvitationsOf("e-full", "person-full")), list)
			same(t, "by UID", must[[]agenda.MeetingInvitation](t)(tx.MeetingInvitationsByUID(want.UID)), list)
			same(t, "by another", len(must[[]agenda.MeetingInvitation](t)(tx.MeetingInvitationsByUID("other@plenary"))), 0)
			same(t, "at another event", len(must[[]agenda.MeetingInvitation](t)(tx.MeetingInvitations("other", "meeting-full"))), 0)
			return nil
		})
		write(t, s, func(tx *Tx) error { return tx.ForgetPerson("e-full", "person-full", at(9)) })
		read(t, s, func(tx *Tx) error {
			_, err := tx.MeetingInvitation("e-full", "meeting-full", "person-full")
			if agenda.CodeOf(err) != agenda.NotFound {
				t.Errorf("of who was erased: %v", err)
			}
			return nil
		})
	})
}
