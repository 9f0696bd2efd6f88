package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// What people say besides their answers, of what they want no letters and for whom they stood in is handed over with the rest, to
// who may see it; and who is erased is in nobody's words any more.
func TestWhatIsSaidIsHandedOverAndErased(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		p := must[agenda.Person](t)(w.Person(ctx, operator, slug, f.people[0].ID))
		p.Name = "Nguyễn Văn Thành"
		must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, app.Match{Any: true}, p))
		meeting := w.meet(t, f, agenda.VisibleToParticipants, 10)
		mails := [2]agenda.Mail{}
		for i := range mails {
			mails[i] = w.mail(t, f, i, agenda.MailSent, func(m *agenda.Mail) { m.Answer = agenda.AnswerCannot })
		}
		words := [2]string{"I am ill", "I come with Nguyễn Văn Thành"}
		write := func(tx *store.Tx) (err error) {
			for i, note := range words {
				who := f.people[i].ID
				err = errors.Join(err, tx.PutAnswerNote(meeting.EventID, mails[i].ID, "answer: "+note),
					tx.InsertMeetingSteps(agenda.MeetingStep{ID: agenda.ID("step" + string(who)), EventID: meeting.EventID, MeetingID: meeting.ID, At: time.UnixMilli(0), Party: agenda.PartyAsking, PersonID: who, Deed: agenda.DeedAnswer, Note: "step: " + note}))
			}
			return errors.Join(err, tx.Unsubscribe(meeting.EventID, p.ID, agenda.TopicReminders, time.UnixMilli(0)),
				tx.InsertStandIns([]agenda.StandIn{{ID: "s1", EventID: meeting.EventID, MeetingID: meeting.ID, OldID: p.ID, NewID: f.people[1].ID, Role: agenda.Principal, Note: "why: " + words[0], By: "Eve"},
					{ID: "s2", EventID: meeting.EventID, MeetingID: meeting.ID, OldID: f.people[1].ID, NewID: "somebody", Role: agenda.Principal, Note: "why: " + words[1], By: "Eve"}}))
		}
		wantCode(t, w.store.Write(ctx, write), "")
		for who, sees := range map[agenda.MemberRole]bool{agenda.Owner: false, agenda.Protocol: true} {
			actor := w.member(t, who)
			actor.Grants[0].Verbs = append(actor.Grants[0].Verbs, agenda.ManageData)
			var doc bytes.Buffer
			wantCode(t, exchange.EncodePersonData(&doc, must[exchange.PersonData](t)(w.PersonData(ctx, actor, slug, p.ID)), time.UnixMilli(0)), "")
			said := doc.String()
			for _, part := range []string{"step: I am ill", "why: I am ill", `"replaced": true`} {
				if strings.Contains(said, part) != sees {
					t.Errorf("%s is handed over to %s: %t", part, who, !sees)
				}
			}
			if !strings.Contains(said, "answer: I am ill") || !strings.Contains(said, `"reminders"`) || strings.Contains(said, words[1]) || strings.Contains(said, "Eve") {
				t.Error(said)
			}
		}
		must[app.Erasure](t)(w.ErasePerson(ctx, operator, slug, app.Match{Any: true}, p.ID, p.Name))
		var left []string
		wantCode(t, w.store.Read(ctx, func(tx *store.Tx) error {
			notes, err := tx.AnswerNotes(meeting.EventID)
			for _, note := range notes {
				left = append(left, note)
			}
			steps, more := tx.AllMeetingSteps(meeting.EventID)
			for _, s := range steps {
				left = append(left, s.Note)
			}
			standIns, others := tx.AllStandIns(meeting.EventID)
			for _, s := range standIns {
				left = append(left, s.Note)
			}
			return errors.Join(err, more, others)
		}), "")
		left = slices.DeleteFunc(left, func(s string) bool { return s == "" })
		slices.Sort(left)
		want := "answer: I come with Erased person|step: I come with Erased person|why: I come with Erased person"
		if got := strings.Join(left, "|"); got != want {
			t.Errorf("%s is left, want %s", got, want)
		}
	})
}

// Who is erased is in an invitation that waits: it goes as it is now, still for the calendar, and there is none to nobody.
func TestErasureWritesInvitationsAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m, ctx := w.mailroom(t, ""), t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		toB := func(do func(context.Context, agenda.Actor, string, app.Match, agenda.ID) (agenda.Mail, error)) {
			t.Helper()
			for _, mail := range m.lettersOf(t) {
				if mail.PersonID == m.ids["b"] && mail.Status != agenda.MailDiscarded {
					must[agenda.Mail](t)(do(ctx, operator, slug, app.Match{Any: true}, mail.ID))
				}
			}
		}
		toB(m.HoldMail)
		must[app.Erasure](t)(m.ErasePerson(ctx, operator, slug, app.Match{Any: true}, m.ids["c"], "Person c"))
		goes := func(want string) {
			t.Helper()
			if got := fmt.Sprint(m.deliver(t, x.UID)); got != want {
				t.Errorf("went %s, want %s", got, want)
			}
		}
		goes("[a: Invitation: REQUEST 0 NEEDS-ACTION]")
		toB(m.SendMail)
		goes("[b: Invitation: REQUEST 0 NEEDS-ACTION]")
		must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, m.at(0, "2026-03-29T11:00", "2026-03-29T11:30")))
		if got := m.deliver(t, x.UID); len(got) != 2 {
			t.Errorf("went then: %v", got)
		}
		for _, mail := range m.lettersOf(t) {
			if mail.PersonID == m.ids["c"] || strings.Contains(fmt.Sprint(mail.Subject, mail.Body)+string(mail.Calendar), "Person c") {
				t.Errorf("a letter that is %s to %s: %q %v", mail.Status, m.names[mail.PersonID], mail.Fault, mail.Body)
			}
		}
	})
}
