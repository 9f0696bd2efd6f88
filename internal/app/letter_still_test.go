package app_test

import (
	"crypto/rand"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

var errBusy = agenda.Errorf(agenda.Unavailable, "The mail server can't be used: %w", errors.New("busy"))

// under claims what is due, as a worker that is just sending it.
func (w world) under(t *testing.T, want int) []agenda.Job {
	t.Helper()
	jobs := w.claim(t)
	if len(jobs) != want {
		t.Fatalf("%d letters are due, want %d", len(jobs), want)
	}
	for _, j := range jobs {
		must[agenda.Post](t)(w.OpenPost(t.Context(), j))
	}
	return jobs
}

// chain is the forum with one reader, whose letters go at once, and whose talk moves.
type chain struct {
	world
	forum
	t *testing.T
}

func (w world) chain(t *testing.T) chain {
	t.Helper()
	c := chain{w, w.forum(t), t}
	c.reachable(t, &c.people[0], "one@example.org")
	rule := agenda.FirstLetterRule()
	rule.Mode, rule.Delay = agenda.LettersAll, 0
	c.setRule(t, rule)
	return c
}

// publish moves the talk and publishes that.
func (c chain) publish(start, end string) {
	c.t.Helper()
	c.moveTo(c.t, c.forum, 0, 0, start, end)
	c.pass(time.Second)
	c.publishTelling(c.t, agenda.TellSend)
}

// sends sends what is due in so long, and compares the subjects.
func (c chain) sends(after time.Duration, want ...string) []agenda.Post {
	c.t.Helper()
	c.pass(after)
	went := c.sendAll(c.t)
	var got []string
	for _, p := range went {
		got = append(got, p.Subject)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("-want +got:\n%s", diff)
	}
	return went
}

const joins, moves = "You are on the agenda: “Talk 1”", "New time: “Talk 1”"

// TestALetterThatFailsIsNotReplacedByOneThatGoesOn publishes while a letter is just going that then fails: what it says is in no
// other letter. The other one waits for it: what is read last is how it is.
func TestALetterThatFailsIsNotReplacedByOneThatGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := w.chain(t)
		c.publishAll(t)
		first := c.under(t, 1)[0]
		c.publish("2026-03-28T12:00", "2026-03-28T13:00")
		check(t, c.MailFailed(t.Context(), first, errBusy))
		c.sends(0)
		went := c.sends(time.Hour, joins, moves)
		says(t, went[1].Mail, "10:00–11:00 → Saturday 28 March 2026, 12:00–13:00")
	})
}

// TestWhatFailedIsToldAgain takes back a letter that failed, though a newer one went.
func TestWhatFailedIsToldAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := w.chain(t)
		c.publishAll(t)
		first := c.under(t, 1)[0]
		c.publish("2026-03-28T12:00", "2026-03-28T13:00")
		check(t, c.MailFailed(t.Context(), first, agenda.Errorf(agenda.Invalid, "The mail server refuses the letter.")))
		c.sends(time.Hour, moves)
		c.publish("2026-03-28T14:00", "2026-03-28T15:00")
		c.sends(time.Hour, joins)
	})
}

// TestWhatFailedDoesNotFollowWhatIsNewer lets a letter go by hand that failed: what is read last is how it is.
func TestWhatFailedDoesNotFollowWhatIsNewer(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := w.chain(t)
		ctx := t.Context()
		c.publishAll(t)
		first := c.under(t, 1)[0]
		c.publish("2026-03-28T12:00", "2026-03-28T13:00")
		check(t, c.MailFailed(ctx, first, agenda.Errorf(agenda.Invalid, "The mail server refuses the letter.")))
		again := func() error {
			_, err := c.SendMail(ctx, operator, slug, app.Match{Any: true}, first.About)
			return err
		}
		check(t, again()) // the newer one waits for it
		must[agenda.Mail](t)(c.HoldMail(ctx, operator, slug, app.Match{Any: true}, first.About))
		c.sends(time.Hour, moves)
		wantCode(t, again(), agenda.Taken)
		moved := must[app.MailsMoved](t)(c.SendDrafts(ctx, operator, slug, app.MailFilter{Person: c.people[0].ID}, c.Moment()))
		if moved != (app.MailsMoved{Left: 1}) {
			t.Errorf("%+v", moved)
		}
		c.sends(time.Hour)
	})
}

// TestAnInvitationThatFailedDoesNotFollow is the same of a meeting, which moved meanwhile.
func TestAnInvitationThatFailedDoesNotFollow(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		m.pass(2 * time.Minute)
		invitations := m.under(t, 2)
		must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, m.at(0, "2026-03-29T11:00", "2026-03-29T11:30")))
		for _, j := range invitations {
			check(t, m.MailFailed(ctx, j, agenda.Errorf(agenda.Invalid, "The mail server refuses the letter.")))
			_, err := m.SendMail(ctx, operator, slug, app.Match{Any: true}, j.About)
			wantCode(t, err, agenda.Taken)
		}
	})
}

// TestWritingAgainTellsHowItIs writes again of an old release: to nobody for whom a letter about a newer one waits or who answered
// that, and to the others how it is now, told or not.
func TestWritingAgainTellsHowItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := w.chain(t)
		again := func(number, want int) {
			t.Helper()
			c.pass(time.Second)
			if done := must[app.Reminded](t)(c.RemindSilent(t.Context(), operator, slug, number, nil, app.Once{})); done.Letters != want {
				t.Errorf("%+v, want %d letters", done, want)
			}
		}
		c.publishAll(t)
		c.sends(0, joins)
		c.publish("2026-03-28T12:00", "2026-03-28T13:00")
		again(1, 0)
		c.sends(time.Hour, moves)
		again(1, 1)
		says(t, c.sends(0, "Please answer – "+joins)[0].Mail, "12:00–13:00")
		c.moveTo(t, c.forum, 0, 0, "2026-03-28T14:00", "2026-03-28T15:00")
		c.publishTelling(t, agenda.TellNobody)
		again(2, 1)
		told := c.sends(0, "Please answer – "+joins)[0]
		says(t, told.Mail, "14:00–15:00")
		c.moveTo(t, c.forum, 0, 0, "2026-03-28T16:00", "2026-03-28T17:00")
		c.publishTelling(t, agenda.TellSend)
		moved := c.sends(0, moves)[0]
		says(t, moved.Mail, "14:00–15:00 → Saturday 28 March 2026, 16:00–17:00")
		check(t, c.AnswerLetter(t.Context(), secretIn(moved), "", app.LetterAnswer{Answer: agenda.AnswerSeen}))
		again(1, 0)
	})
}

// TestAnInvitationDoesNotComeAfterWhatTakesItBack calls a meeting off while the invitations are just going, which fails.
func TestAnInvitationDoesNotComeAfterWhatTakesItBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		m.pass(2 * time.Minute)
		invitations := m.under(t, 2)
		x.Status = agenda.MeetingCancelled
		must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30")))
		for _, j := range invitations {
			check(t, m.MailFailed(ctx, j, errBusy))
		}
		m.pass(time.Hour)
		var got []string
		for _, p := range m.sendAll(t) {
			got = append(got, p.Method)
		}
		if diff := cmp.Diff([]string{"CANCEL", "CANCEL"}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestWhatWentIsNotedInTurn notes that an invitation went while somebody changes its meeting, who has the event and then wants the
// letter: nobody waits for who waits for them.
func TestWhatWentIsNotedInTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.moving(t)
		m.pass(2 * time.Minute)
		jobs := m.under(t, 2)
		var tries, reads atomic.Int32
		m.App = app.New(m.store, app.Options{Now: func() time.Time { reads.Add(1); return time.UnixMilli(m.clock.Load()) },
			NewID: func() agenda.ID { return agenda.ID(rand.Text()) }})
		check(t, m.MailSent(t.Context(), jobs[0]))
		once := reads.Swap(0)
		noted := make(chan error)
		check(t, m.store.Write(t.Context(), func(tx *store.Tx) error {
			other, err := tx.MailByID(jobs[1].About)
			if err != nil {
				return err
			}
			if err := tx.LockEvent(other.EventID); err != nil {
				return err
			}
			if tries.Add(1) == 1 {
				go func() { noted <- m.MailSent(t.Context(), jobs[1]) }()
				time.Sleep(50 * time.Millisecond)
			}
			other.Note, other.Revision = "changed", other.Revision+1
			return tx.UpdateMail(other)
		}))
		check(t, <-noted)
		if tries.Load() != 1 || reads.Load() != once {
			t.Errorf("the change was begun %d times, and the note looked at the clock %d times, not %d", tries.Load(), reads.Load(), once)
		}
		m.is(t, jobs[1].About, agenda.MailSent)
	})
}

// TestWhyALetterWaitsIsLookedAtOnceMore puts an address back while the letter to it is just being kept from going: it goes.
func TestWhyALetterWaitsIsLookedAtOnceMore(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.moving(t)
		ctx := t.Context()
		m.has("typo@people.example")
		m.pass(2 * time.Minute)
		last, opened := m.last(), make(chan error)
		var due agenda.Job
		for _, j := range m.claim(t) {
			if j.About == last.ID {
				due = j
			} else {
				must[agenda.Post](t)(m.OpenPost(ctx, j))
			}
		}
		check(t, m.store.Write(ctx, func(tx *store.Tx) error {
			mail, err := tx.MailByID(last.ID)
			if err != nil {
				return err
			}
			if err := tx.LockEvent(mail.EventID); err != nil {
				return err
			}
			go func() {
				_, err := m.OpenPost(ctx, due)
				opened <- err
			}()
			time.Sleep(50 * time.Millisecond)
			p, err := tx.Person(mail.EventID, mail.PersonID)
			if err != nil {
				return err
			}
			p.Email, p.Revision = mail.To, p.Revision+1
			return tx.UpdatePerson(mail.EventID, p)
		}))
		wantCode(t, <-opened, agenda.NotFound)
		m.goes("put back", "b@people.example Invitation: REQUEST 0")
	})
}

// TestLettersChangeOneAfterTheOther notes that a letter went, and that it was opened, while somebody who has the event changes it.
func TestLettersChangeOneAfterTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := w.chain(t)
		ctx := t.Context()
		c.publishAll(t)
		j := c.claim(t)[0]
		post := must[agenda.Post](t)(c.OpenPost(ctx, j))
		for what, note := range map[string]func() error{
			"sent":   func() error { return c.MailSent(ctx, j) },
			"opened": func() error { _, err := c.OpenLetter(ctx, secretIn(post)); return err },
		} {
			noted := make(chan error)
			check(t, c.store.Write(ctx, func(tx *store.Tx) error {
				m, err := tx.MailByID(post.ID)
				if err == nil {
					err = tx.LockEvent(m.EventID)
				}
				if err != nil {
					return err
				}
				go func() { noted <- note() }()
				time.Sleep(50 * time.Millisecond)
				m.Note, m.Revision = what, m.Revision+1
				return tx.UpdateMail(m)
			}))
			check(t, <-noted)
		}
		if m := c.is(t, post.ID, agenda.MailSent); m.Opened == nil {
			t.Error("it was not kept that it was opened")
		}
	})
}
