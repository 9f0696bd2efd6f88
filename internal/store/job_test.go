package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
)

var mailJobs = []agenda.JobKind{agenda.MailJob}

func plainJob(n int) agenda.Job {
	return agenda.Job{ID: id("job", n), Kind: agenda.MailJob, About: id("mail", n), Key: fmt.Sprintf("mail %d", n), Due: at(0), Created: at(0)}
}

func addJobs(t *testing.T, s *Store, jobs ...agenda.Job) {
	t.Helper()
	write(t, s, func(tx *Tx) error {
		for _, j := range jobs {
			if err := tx.AddJob(j); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim claims for an hour from that minute.
func claim(t *testing.T, s *Store, lease string, minute, most int, kinds ...agenda.JobKind) []agenda.Job {
	t.Helper()
	if kinds == nil {
		kinds = mailJobs
	}
	var jobs []agenda.Job
	write(t, s, func(tx *Tx) (err error) {
		jobs, err = tx.ClaimJobs(kinds, lease, at(minute), at(minute+60), most)
		return err
	})
	return jobs
}

// A statement without the condition of what is due in its outer WHERE runs a job up to six times on PostgreSQL.
func TestEachJobIsClaimedOnce(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		const jobs, claimers = 160, 8
		var all []agenda.Job
		for i := range jobs {
			all = append(all, plainJob(i))
		}
		addJobs(t, s, all...)
		var mu sync.Mutex
		times := map[agenda.ID]int{}
		var under sync.WaitGroup
		start := make(chan struct{})
		for c := range claimers {
			under.Go(func() {
				<-start
				for rest := 3; rest > 0; {
					var got []agenda.Job
					err := s.Write(t.Context(), func(tx *Tx) (err error) {
						got, err = tx.ClaimJobs(mailJobs, fmt.Sprint("claimer ", c), at(0), at(2), 3)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					if len(got) == 0 {
						rest-- // the others hold what it waited for; there may be more
					}
					mu.Lock()
					for _, j := range got {
						times[j.ID]++
						if j.Lease != fmt.Sprint("claimer ", c) || j.Tries != 1 {
							t.Errorf("claimer %d got %+v", c, j)
						}
					}
					mu.Unlock()
				}
			})
		}
		close(start)
		under.Wait()
		for _, j := range all {
			if times[j.ID] != 1 {
				t.Errorf("%s was claimed %d times", j.ID, times[j.ID])
			}
		}
	})
}

func TestALeaseIsForOne(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		addJobs(t, s, plainJob(1), agenda.Job{ID: "later", Kind: agenda.MailJob, Due: at(200), Created: at(0)}, agenda.Job{ID: "other", Kind: agenda.WebhookJob, Due: at(0), Created: at(0)})
		next := func(want time.Time, kinds ...agenda.JobKind) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				got, err := tx.NextJob(kinds)
				same(t, "the next job", got, want)
				return err
			})
		}
		next(at(0), agenda.MailJob)
		next(time.Time{}, "nothing of the kind")
		first := claim(t, s, "first", 1, 10)
		if len(first) != 1 || first[0].ID != id("job", 1) {
			t.Fatalf("claimed: %+v", first)
		}
		next(at(61), agenda.MailJob)
		if again := claim(t, s, "second", 60, 10); len(again) != 0 {
			t.Fatalf("claimed during the lease: %+v", again)
		}
		second := claim(t, s, "second", 61, 10)
		if len(second) != 1 || second[0].Tries != 2 {
			t.Fatalf("claimed after the lease: %+v", second)
		}
		write(t, s, func(tx *Tx) error { // the first comes back from wherever it was
			late := first[0]
			late.Due, late.Fault = at(0), "late"
			held, err := tx.PutOffJob(late)
			if held {
				t.Error("who lost the lease has put it off")
			}
			if err != nil {
				return err
			}
			return tx.EndJob(first[0])
		})
		next(at(121), agenda.MailJob)
		write(t, s, func(tx *Tx) error {
			back := second[0]
			back.Due, back.Fault = at(90), "busy"
			held, err := tx.PutOffJob(back)
			if !held {
				t.Error("who holds the lease has not put it off")
			}
			return err
		})
		next(at(90), agenda.MailJob)
		third := claim(t, s, "third", 90, 10)
		if len(third) != 1 || third[0].Fault != "busy" || third[0].Tries != 3 {
			t.Fatalf("claimed again: %+v", third)
		}
		write(t, s, func(tx *Tx) error { return tx.EndJob(third[0]) })
		next(at(200), agenda.MailJob)
		next(at(0), agenda.MailJob, agenda.WebhookJob)
	})
}

func TestOneJobHasAKey(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		twice := plainJob(1)
		twice.ID, twice.Due = "twice", at(5)
		addJobs(t, s, plainJob(1), twice, agenda.Job{ID: "a", Kind: agenda.MailJob, Due: at(1), Created: at(0)}, agenda.Job{ID: "b", Kind: agenda.MailJob, Due: at(1), Created: at(0)})
		jobs := claim(t, s, "first", 10, 10)
		names := make([]string, len(jobs))
		for i, j := range jobs {
			names[i] = string(j.ID)
		}
		same(t, "the jobs", strings.Join(names, " "), string(id("job", 1))+" a b")
		write(t, s, func(tx *Tx) error {
			idle, err := tx.DropIdleJob("mail 1", at(11))
			if idle {
				t.Error("what is worked on was dropped")
			}
			dead, now := jobs[0], at(12)
			dead.Dead, dead.Fault = &now, "no such mailbox"
			if _, put := tx.PutOffJob(dead); put != nil {
				return put
			}
			return err
		})
		if got := claim(t, s, "second", 500, 10); len(got) != 2 {
			t.Errorf("what was given up is claimed: %+v", got)
		}
		read(t, s, func(tx *Tx) error {
			dead, err := tx.DeadJobs(10)
			if len(dead) != 1 || dead[0].Fault != "no such mailbox" || !dead[0].Dead.Equal(at(12)) {
				t.Errorf("given up: %+v", dead)
			}
			return err
		})
		addJobs(t, s, twice) // takes the place of what was given up
		write(t, s, func(tx *Tx) error {
			j, err := tx.JobByKey("mail 1")
			if j.ID != "twice" || j.Tries != 0 {
				t.Errorf("the job of the key: %+v", j)
			}
			if err != nil {
				return err
			}
			idle, err := tx.DropIdleJob("mail 1", at(11))
			if !idle {
				t.Error("what nobody works on was not dropped")
			}
			return err
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { _, err := tx.JobByKey("mail 1"); return err })
	})
}

func TestWhatWasGivenUpIsRevived(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		addJobs(t, s, plainJob(1))
		write(t, s, func(tx *Tx) error { return nil })
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.ReviveJob(id("job", 1), at(0)) })
		j, now := claim(t, s, "first", 0, 1)[0], at(1)
		j.Dead = &now
		write(t, s, func(tx *Tx) error { _, err := tx.PutOffJob(j); return err })
		write(t, s, func(tx *Tx) error { return tx.ReviveJob(j.ID, at(2)) })
		if again := claim(t, s, "second", 2, 1); len(again) != 1 || again[0].Tries != 1 || again[0].Dead != nil {
			t.Errorf("revived: %+v", again)
		}
	})
}

func plainMail(event agenda.ID, n, person int, status agenda.MailStatus) agenda.Mail {
	return agenda.Mail{ID: id("mail", n), EventID: event, PersonID: id("person", person), Kind: agenda.MailChanges, Status: status, About: "release",
		To: "jane@example.org", Name: "Jane", Language: "vi", Subject: "Thay đổi", Body: []agenda.MailPart{{Heading: "Phiên 1", Lines: []string{"14:00 → 15:00"}}},
		Method: "REQUEST", Calendar: []byte("BEGIN:VCALENDAR\r\n\x00"), Due: at(n), Revision: 1, Created: at(n), Updated: at(n)}
}

func TestMailsAreListed(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		secret := plainMail(event, 4, 2, agenda.MailQueued)
		secret.Kind, secret.Meetings = agenda.MailMeeting, true
		mails := []agenda.Mail{plainMail(event, 1, 1, agenda.MailDraft), plainMail(event, 2, 2, agenda.MailDraft), plainMail(event, 3, 1, agenda.MailSent), secret}
		write(t, s, func(tx *Tx) error {
			for _, m := range mails {
				if err := tx.InsertMail(m); err != nil {
					return err
				}
			}
			return tx.AddJob(agenda.Job{ID: "send", EventID: event, Kind: agenda.MailJob, About: secret.ID, Key: "mail", Due: at(1), Created: at(1)})
		})
		for _, c := range []struct {
			f      MailFilter
			want   string
			counts string
		}{
			{MailFilter{}, "4 3 2 1", "map[draft:2 queued:1 sent:1]"},
			{MailFilter{Others: true}, "3 2 1", "map[draft:2 sent:1]"},
			{MailFilter{Status: agenda.MailDraft}, "2 1", "map[draft:2 queued:1 sent:1]"},
			{MailFilter{Kind: agenda.MailMeeting}, "4", "map[queued:1]"},
			{MailFilter{Person: id("person", 1)}, "3 1", "map[draft:1 sent:1]"},
			{MailFilter{About: "nothing"}, "", "map[]"},
		} {
			read(t, s, func(tx *Tx) error {
				got, next, err := tx.Mails(event, c.f, Page{Limit: 3})
				if err != nil {
					return err
				}
				if next != "" {
					more, _, err := tx.Mails(event, c.f, Page{Limit: 3, After: next})
					if err != nil {
						return err
					}
					got = append(got, more...)
				}
				var names []string
				for _, m := range got {
					names = append(names, strings.TrimLeft(strings.TrimPrefix(string(m.ID), "mail-"), "0"))
					if i := slices.IndexFunc(mails, func(o agenda.Mail) bool { return o.ID == m.ID }); i >= 0 {
						same(t, "the mail", m, mails[i])
					}
				}
				same(t, fmt.Sprintf("%+v", c.f), strings.Join(names, " "), c.want)
				counts, err := tx.MailCounts(event, c.f)
				same(t, "counts", fmt.Sprint(counts), c.counts)
				return err
			})
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteMailsTo(event, id("person", 2)) })
		if jobs := claim(t, s, "x", 100, 9); len(jobs) != 0 {
			t.Errorf("letters that are deleted are still to be sent: %+v", jobs)
		}
		write(t, s, func(tx *Tx) error { return tx.DeletePerson(event, id("person", 1), 1) })
		read(t, s, func(tx *Tx) error {
			left, err := tx.AllMails(event, MailFilter{})
			if len(left) != 0 {
				t.Errorf("letters to who is not at the event: %+v", left)
			}
			return err
		})
	})
}
