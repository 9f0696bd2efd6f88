package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"plenary/internal/agenda"
)

func fullRule() agenda.LetterRule {
	return agenda.LetterRule{Mode: agenda.LettersSmall, Delay: 7, Small: 30, Leads: []int{1440, 60}, HoldMeetings: true, Revision: 3}
}

// fillLetters puts something into each table about letters. There is a mail called "mail".
func fillLetters(tx *Tx) error {
	_, err := tx.ClaimReminder(agenda.Reminder{EventID: "e-full", PersonID: "person-full", ItemID: "panel-full", Starts: at(60), Lead: 15, MailID: "mail"})
	return errors.Join(err, tx.PutLetterRule("e-full", fullRule()), tx.PutAnswerNote("e-full", "mail", "Tôi bận"),
		tx.InsertTold(agenda.Told{MailID: "mail", EventID: "e-full", PersonID: "person-full", Since: 1, Release: 2}),
		tx.Unsubscribe("e-full", "person-full", agenda.TopicReminders, at(4)))
}

func letterTo(id, person agenda.ID) agenda.Mail {
	return agenda.Mail{ID: id, EventID: "e-full", PersonID: person, Kind: agenda.MailChanges, Status: agenda.MailQueued, Language: "en", Revision: 1}
}

func TestLettersComeBackAsTheyWere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		read(t, s, func(tx *Tx) error {
			same(t, "no rule", must[agenda.LetterRule](t)(tx.LetterRule("e-full")), agenda.FirstLetterRule())
			return nil
		})
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertMail(letterTo("mail", "person-full")), fillLetters(tx), tx.PutLetterRule("e-full", fullRule()))
		})
		read(t, s, func(tx *Tx) error {
			told := agenda.Told{MailID: "mail", EventID: "e-full", PersonID: "person-full", Since: 1, Release: 2}
			same(t, "rule", must[agenda.LetterRule](t)(tx.LetterRule("e-full")), fullRule())
			same(t, "events", must[[]agenda.ID](t)(tx.RemindingEvents()), []agenda.ID{"e-full"})
			same(t, "told", must[[]agenda.Told](t)(tx.Told("e-full")), []agenda.Told{told})
			same(t, "told by", must[agenda.Told](t)(tx.ToldBy("e-full", "mail")), told)
			same(t, "note", must[string](t)(tx.AnswerNote("e-full", "mail")), "Tôi bận")
			same(t, "no note", must[string](t)(tx.AnswerNote("e-full", "none")), "")
			same(t, "notes", must[map[agenda.ID]string](t)(tx.AnswerNotes("e-full")), map[agenda.ID]string{"mail": "Tôi bận"})
			same(t, "topics", must[[]agenda.LetterTopic](t)(tx.UnsubscribedBy("e-full", "person-full")), []agenda.LetterTopic{agenda.TopicReminders})
			same(t, "of all", must[map[agenda.ID][]agenda.LetterTopic](t)(tx.Unsubscribed("e-full")), map[agenda.ID][]agenda.LetterTopic{"person-full": {agenda.TopicReminders}})
			same(t, "about releases", len(must[[]agenda.Mail](t)(tx.ChangeMailHeads("e-full", ""))), 1)
			same(t, "reminders", len(must[[]agenda.Reminder](t)(tx.RemindersSince("e-full", at(60)))), 1)
			same(t, "later ones", len(must[[]agenda.Reminder](t)(tx.RemindersSince("e-full", at(61)))), 0)
			same(t, "in a letter", len(must[[]agenda.Reminder](t)(tx.RemindersIn("e-full", "mail"))), 1)
			return nil
		})
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutAnswerNote("e-full", "mail", ""), tx.Resubscribe("e-full", "person-full", agenda.TopicReminders))
		})
		for _, table := range []string{"letter_answers", "unsubscribes"} {
			same(t, table, count(t, s, table), int64(0))
		}
	})
}

func TestNothingIsLeftOfLettersToWhoIsForgotten(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertMail(letterTo("mail", "person-full")), fillLetters(tx),
				tx.AddJob(agenda.Job{ID: "j", EventID: "e-full", Kind: agenda.MailJob, About: "mail", Key: "mail mail"}),
				tx.AddJob(agenda.Job{ID: "k", EventID: "e-full", Kind: agenda.MailJob, About: "other", Key: "mail other"}))
		})
		write(t, s, func(tx *Tx) error { return tx.ForgetLetters("e-full", "person-full") })
		for _, table := range []string{"mails", "told", "letter_answers", "reminders", "unsubscribes"} {
			same(t, table, count(t, s, table), int64(0))
		}
		same(t, "jobs of others", count(t, s, "jobs"), int64(1))
	})
}

func TestOneOfManyReminds(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				err := s.Write(t.Context(), func(tx *Tx) error {
					mine, err := tx.ClaimReminder(agenda.Reminder{EventID: "e-full", PersonID: "person-full", ItemID: "panel", Starts: at(60), Lead: 15, MailID: agenda.ID(fmt.Sprint("m", i))})
					if mine {
						won.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		same(t, "who may remind", won.Load(), int64(1))
	})
}
