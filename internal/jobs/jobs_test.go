package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// office is an App with an Event, a Person and letters to them, and a clock that stands still until it is moved.
type office struct {
	*app.App
	t     *testing.T
	store *store.Store
	clock atomic.Int64
	ids   atomic.Int64
}

func newOffice(t *testing.T, url string) *office {
	t.Helper()
	o := &office{t: t}
	o.clock.Store(time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.store = s
	o.App = app.New(s, app.Options{NewID: o.newID, Now: o.now})
	e := agenda.Event{ID: "e", Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "UTC", StartDate: "2025-10-27", EndDate: "2025-10-27", Languages: []string{"en"}, Revision: 1, Created: o.now(), Updated: o.now()}
	o.write(func(tx *store.Tx) error {
		return errors.Join(tx.InsertEvent(e), tx.InsertPerson(e.ID, agenda.Person{ID: "p", Name: "Lan", Email: "lan@example.org", Revision: 1, Created: o.now(), Updated: o.now()}))
	})
	return o
}

func (o *office) now() time.Time { return time.UnixMilli(o.clock.Load()).UTC() }

func (o *office) newID() agenda.ID { return agenda.ID(fmt.Sprintf("id-%04d", o.ids.Add(1))) }

func (o *office) write(fn func(*store.Tx) error) {
	o.t.Helper()
	if err := o.store.Write(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

// draft adds a draft; sending it is what rings.
func (o *office) draft() agenda.ID {
	m := agenda.Mail{ID: o.newID(), EventID: "e", PersonID: "p", Kind: agenda.MailChanges, Status: agenda.MailDraft, To: "lan@example.org", Language: "en", Subject: "News",
		Due: o.now(), Revision: 1, Created: o.now(), Updated: o.now()}
	o.write(func(tx *store.Tx) error { return tx.InsertMail(m) })
	return m.ID
}

func (o *office) send(n int) (ids []agenda.ID) {
	o.t.Helper()
	for range n {
		id := o.draft()
		if _, err := o.SendMail(o.t.Context(), agenda.System("test"), "forum", app.Match{Any: true}, id); err != nil {
			o.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// until waits until so many mails are that far.
func (o *office) until(n int, status agenda.MailStatus) {
	o.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		l, err := o.Mails(o.t.Context(), agenda.System("test"), "forum", app.MailFilter{}, app.Page{Limit: 1})
		if err == nil && l.Counts[status] == n {
			return
		}
		if time.Now().After(end) {
			o.t.Fatalf("%v, %v; want %d %s", l.Counts, err, n, status)
		}
	}
}

// run runs a worker until the function that it gives is called.
func (o *office) run(send func(context.Context, agenda.Post) error, pulse time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	w := New(Options{App: o.App, Send: send, Pulse: pulse})
	var under sync.WaitGroup
	under.Go(func() { w.Run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); under.Wait() })
	o.t.Cleanup(stop)
	return stop
}

// onBoth runs the test on an office over each database.
func onBoth(t *testing.T, test func(t *testing.T, o *office)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newOffice(t, pgtest.URL(t)))
	})
}

// The pulse of these tests is an hour: what goes, goes because the worker was rung, or because it knows when something is due.
func TestTheWorkerWakesWhenRung(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		var mu sync.Mutex
		sent, under, most := map[agenda.ID]int{}, 0, 0
		o.run(func(_ context.Context, p agenda.Post) error {
			mu.Lock()
			sent[p.ID]++
			under++
			most = max(most, under)
			mu.Unlock()
			time.Sleep(2 * time.Millisecond)
			mu.Lock()
			under--
			mu.Unlock()
			return nil
		}, time.Hour)
		ids := o.send(15)
		o.until(15, agenda.MailSent)
		mu.Lock()
		defer mu.Unlock()
		for _, id := range ids {
			if sent[id] != 1 {
				t.Errorf("%s was sent %d times", id, sent[id])
			}
		}
		if most > together {
			t.Errorf("%d were under way at once", most)
		}
	})
}

// A letter is due in a moment: the worker sleeps till then, and not for a whole pulse.
func TestTheWorkerKnowsWhatIsDue(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	start := time.Now()
	o.App = app.New(o.store, app.Options{NewID: o.newID, Now: func() time.Time { return o.now().Add(time.Since(start)) }})
	o.send(0)
	o.write(func(tx *store.Tx) error {
		m := agenda.Mail{ID: "m", EventID: "e", PersonID: "p", Kind: agenda.MailReminder, Status: agenda.MailQueued, To: "lan@example.org", Language: "en", Subject: "Soon", Due: o.now(), Revision: 1, Created: o.now(), Updated: o.now()}
		return errors.Join(tx.InsertMail(m), tx.AddJob(agenda.Job{ID: "j", EventID: "e", Kind: agenda.MailJob, About: "m", Key: "mail m", Due: o.now().Add(time.Since(start) + 80*time.Millisecond), Created: o.now()}))
	})
	o.run(func(context.Context, agenda.Post) error { return nil }, time.Hour)
	o.until(1, agenda.MailSent)
	if took := time.Since(start); took < 80*time.Millisecond {
		t.Errorf("it went after %s", took)
	}
}

// What another program left to be done rings no bell here.
func TestTheWorkerLooksFromTimeToTime(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		beside := app.New(o.store, app.Options{NewID: o.newID, Now: o.now})
		o.run(func(context.Context, agenda.Post) error { return nil }, 10*time.Millisecond)
		o.App = beside
		o.send(3)
		o.until(3, agenda.MailSent)
	})
}

func TestWithoutAMailServerLettersWait(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	stop := o.run(nil, time.Millisecond)
	ids := o.send(2)
	time.Sleep(20 * time.Millisecond)
	stop()
	jobs, err := o.ClaimJobs(t.Context(), []agenda.JobKind{agenda.MailJob}, 9)
	if err != nil || len(jobs) != len(ids) || jobs[0].Tries != 1 {
		t.Errorf("they were tried: %+v, %v", jobs, err)
	}
}

// A job that makes the program panic is one that failed, and no reason to do nothing else.
func TestAJobThatPanics(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	ids := o.send(2)
	o.run(func(_ context.Context, p agenda.Post) error {
		if p.ID == ids[0] {
			panic("at " + p.URL)
		}
		return nil
	}, 5*time.Millisecond)
	o.until(1, agenda.MailSent)
	for range agenda.MaxTries {
		o.clock.Add((7 * time.Hour).Milliseconds())
		time.Sleep(15 * time.Millisecond)
	}
	o.until(1, agenda.MailFailed)
	m, err := o.Mail(t.Context(), agenda.System("test"), "forum", ids[0])
	if err != nil || m.Fault != "the program made a mistake" {
		t.Errorf("the fault is %q, %v", m.Fault, err)
	}
}

// A job that kills the program each time it is begun is given up: its tries count when they begin.
func TestAJobThatKills(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	id := o.send(1)[0]
	for range agenda.MaxTries {
		if jobs, err := o.ClaimJobs(t.Context(), []agenda.JobKind{agenda.MailJob}, 9); err != nil || len(jobs) != 1 {
			t.Fatal(jobs, err)
		}
		o.clock.Add((3 * time.Minute).Milliseconds()) // and nobody says what became of it
	}
	o.run(func(context.Context, agenda.Post) error { t.Error("it is begun again"); return nil }, time.Hour)
	o.until(1, agenda.MailFailed)
	if m, err := o.Mail(t.Context(), agenda.System("test"), "forum", id); err != nil || m.Fault == "" {
		t.Errorf("%+v, %v", m, err)
	}
}

// Who ends the program waits for what has been begun, and what became of it is noted.
func TestTheWorkerEndsWhatItBegan(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	begun, on := make(chan struct{}), make(chan struct{})
	stop := o.run(func(ctx context.Context, _ agenda.Post) error {
		close(begun)
		<-on
		return ctx.Err()
	}, time.Hour)
	o.send(1)
	<-begun
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	select {
	case <-ended:
		t.Fatal("it did not wait")
	case <-time.After(20 * time.Millisecond):
	}
	close(on)
	<-ended
	o.until(1, agenda.MailSent)
}

// A mail server that takes long holds up neither requests nor other writers: nothing is locked while a letter is under way.
func TestNothingIsLockedWhileALetterIsUnderWay(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		begun, on := make(chan struct{}, together), make(chan struct{})
		release := sync.OnceFunc(func() { close(on) })
		defer release()
		stop := o.run(func(context.Context, agenda.Post) error {
			select {
			case begun <- struct{}{}:
			default: // one of those that follow
			}
			<-on
			return nil
		}, time.Hour)
		o.send(together)
		for range together {
			<-begun
		}
		start := time.Now()
		const more = 20
		ids := make([]app.MailRef, more)
		for i := range ids {
			ids[i] = app.MailRef{ID: o.draft(), Revision: 1}
		}
		n, err := o.MoveMails(t.Context(), agenda.System("test"), "forum", ids, agenda.MailQueued)
		if err != nil || n.Done != more {
			t.Fatal(n, err)
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%d writes took %s beside a mail server that does not answer", more+1, took)
		}
		release()
		o.until(together+more, agenda.MailSent)
		stop()
	})
}
