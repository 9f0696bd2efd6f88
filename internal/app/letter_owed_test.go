package app_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// noMails keeps mails from being written, until it is called again.
func noMails(t *testing.T, url string) (again func()) {
	t.Helper()
	driver, make, drop := "sqlite", "CREATE TRIGGER no_mails BEFORE INSERT ON mails BEGIN SELECT RAISE(ABORT, 'no mails'); END", "DROP TRIGGER no_mails"
	if strings.HasPrefix(url, "postgres") {
		driver, make, drop = "pgx", "ALTER TABLE mails ADD CONSTRAINT no_mails CHECK (false) NOT VALID", "ALTER TABLE mails DROP CONSTRAINT no_mails"
	}
	db, err := sql.Open(driver, strings.TrimPrefix(url, "sqlite:"))
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	do := func(statement string) {
		_, err := db.Exec(statement)
		check(t, err)
	}
	do(make)
	return func() { do(drop) }
}

// A release is there, and told nobody yet: its letters are owed, and made by a worker, or by who publishes next.
func TestLettersAreOwedUntilTheyAreMade(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		w := open(t, url)
		f := w.forum(t)
		for i := range f.people {
			w.reachable(t, &f.people[i], []string{"one@example.org", "two@example.org"}[i])
		}
		w.setRule(t, agenda.LetterRule{Mode: agenda.LettersAll})
		w.publishAll(t)
		before := len(w.lettersOf(t))
		kinds := []agenda.JobKind{agenda.LettersJob}
		ctx := context.Background()

		again := noMails(t, url)
		w.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		if p := w.publishTelling(t, agenda.TellHold); p.Release.Number != 2 || p.Letters.Waiting+p.Letters.Going > 0 {
			t.Fatalf("release %d, letters %+v", p.Release.Number, p.Letters)
		}
		if jobs := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 5)); len(jobs) != 0 {
			t.Fatalf("a worker takes what the publisher is to do: %v", jobs)
		}
		again()
		w.pass(time.Minute)
		jobs := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 5))
		if len(jobs) != 1 {
			t.Fatalf("%d jobs are there", len(jobs))
		}
		check(t, w.MakeLetters(ctx, jobs[0]))
		check(t, w.MakeLetters(ctx, jobs[0])) // who comes late does nothing
		list := w.lettersOf(t)
		if len(list) != before+1 || list[before].Status != agenda.MailDraft || list[before].PersonID != f.people[0].ID {
			t.Fatalf("made later: %d letters, %+v", len(list)-before, list[len(list)-1])
		}

		again = noMails(t, url)
		w.moveTo(t, f, 1, 1, "2026-03-28T14:00", "2026-03-28T15:00")
		w.publishTelling(t, agenda.TellSend)
		again()
		w.moveTo(t, f, 0, 0, "2026-03-28T16:00", "2026-03-28T17:00")
		w.publishTelling(t, agenda.TellSend)
		to := map[agenda.ID]int{}
		for _, m := range w.lettersOf(t)[before+1:] {
			to[m.PersonID]++
		}
		if to[f.people[0].ID] != 1 || to[f.people[1].ID] != 1 {
			t.Errorf("the next publication wrote %v", to)
		}
		w.pass(time.Minute)
		if jobs := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 5)); len(jobs) != 0 {
			t.Errorf("something is still owed: %v", jobs)
		}
	})
}
