package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	_ "github.com/jackc/pgx/v5/stdlib"

	"plenary/internal/agenda"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// slowBox is a mail server that takes its time between the last byte of a letter and its answer. Whoever is killed then does
// not learn that the letter has arrived.
type slowBox struct {
	wait    time.Duration
	arrived chan struct{} // rings with every letter

	mu  sync.Mutex
	ids map[string][]string // of the letters that have arrived, by address
}

func (b *slowBox) NewSession(*smtp.Conn) (smtp.Session, error) { return &slowVisit{box: b}, nil }

type slowVisit struct {
	box *slowBox
	to  string
}

func (v *slowVisit) Reset()                               {}
func (v *slowVisit) Logout() error                        { return nil }
func (v *slowVisit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *slowVisit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	return nil
}

func (v *slowVisit) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err // it did not arrive whole, so it did not arrive
	}
	v.box.mu.Lock()
	v.box.ids[v.to] = append(v.box.ids[v.to], m.Header.Get("Message-ID"))
	v.box.mu.Unlock()
	select {
	case v.box.arrived <- struct{}{}:
	default:
	}
	time.Sleep(v.box.wait)
	return nil
}

// sinking is a program that is killed again and again while it sends letters.
type sinking struct {
	t   *testing.T
	env []string
	box *slowBox
	db  *sql.DB
	ids map[string]agenda.ID // of letters, by address
}

// together is how many letters a program has under way at once.
const together = 4

// newSinking queues so many letters in a new database.
func newSinking(t *testing.T, driver, url string, letters int) *sinking {
	t.Helper()
	s := &sinking{t: t, box: &slowBox{wait: 15 * time.Millisecond, arrived: make(chan struct{}, 1), ids: map[string][]string{}}, ids: map[string]agenda.ID{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s.box)
	server.ErrorLog = log.New(io.Discard, "", 0) // whoever is killed says no goodbye
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	s.env = []string{asProgram, "HOME=" + t.TempDir(), "PLENARY_ADDR=127.0.0.1:0", "PLENARY_DATABASE=" + url, "PLENARY_SMTP_URL=smtp://" + l.Addr().String(),
		"PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_BASE_URL=https://agenda.forum.example"}
	kept, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if _, err := kept.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	err = kept.Write(t.Context(), func(tx *store.Tx) error {
		err := tx.InsertEvent(agenda.Event{ID: "e", Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "UTC", StartDate: "2025-10-27", EndDate: "2025-10-27", Languages: []string{"en"}, Revision: 1, Created: now, Updated: now})
		for i := range letters {
			p := agenda.Person{ID: newID(), Name: "Lan", Email: fmt.Sprintf("guest%d@example.org", i), Revision: 1, Created: now, Updated: now}
			m := agenda.Mail{ID: newID(), EventID: "e", PersonID: p.ID, Kind: agenda.MailChanges, Status: agenda.MailQueued, To: p.Email, Language: "vi",
				Subject: "Thay đổi", Due: now, Revision: 1, Created: now, Updated: now}
			s.ids[m.To] = m.ID
			err = errors.Join(err, tx.InsertPerson("e", p), tx.InsertMail(m), tx.AddJob(agenda.Job{ID: newID(), EventID: "e", Kind: agenda.MailJob, About: m.ID, Key: "mail " + string(m.ID), Due: now, Created: now}))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.db, err = sql.Open(driver, url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	return s
}

// start starts the program, in a world in which so much time has passed that what was left is anybody's.
func (s *sinking) start() (process *exec.Cmd, said *bytes.Buffer) {
	s.t.Helper()
	if _, err := s.db.Exec("UPDATE jobs SET lease_until = 0, due_at = 0, tries = 0 WHERE dead_at IS NULL"); err != nil {
		s.t.Fatal(err)
	}
	process, said = exec.Command(os.Args[0], "serve"), new(bytes.Buffer)
	process.Env, process.Stderr = s.env, said
	if err := process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = process.Process.Kill() })
	return process, said
}

// left says how many letters are still to go.
func (s *sinking) left() (n int) {
	s.t.Helper()
	if err := s.db.QueryRow("SELECT COUNT(*) FROM mails WHERE status <> 'sent'").Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// kill starts the program and kills it at some point of its sending. It gives how many letters were left before.
func (s *sinking) kill() int {
	s.t.Helper()
	left := s.left()
	select {
	case <-s.box.arrived: // by the one before
	default:
	}
	process, said := s.start()
	select {
	case <-s.box.arrived:
	case <-time.After(20 * time.Second):
		s.t.Fatalf("nothing goes, and %d letters are left:\n%s", left, said)
	}
	time.Sleep(rand.N(25 * time.Millisecond))
	if err := process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = process.Wait() // it was killed
	return left
}

// check looks at what has arrived: every letter; none more often than the program was killed; and each time as the same letter.
func (s *sinking) check(kills int) {
	s.t.Helper()
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	more := 0
	for to, id := range s.ids {
		got := s.box.ids[to]
		if len(got) == 0 {
			s.t.Errorf("the letter to %s is lost", to)
		}
		for _, message := range got {
			if want := "<" + string(id) + "."; message != got[0] || !strings.HasPrefix(message, want) || !strings.HasSuffix(message, "@forum.example>") {
				s.t.Errorf("a letter to %s is %s, want %s", to, message, want)
			}
		}
		more += max(len(got)-1, 0)
	}
	if len(s.box.ids) != len(s.ids) {
		s.t.Errorf("letters to %d addresses arrived, want %d", len(s.box.ids), len(s.ids))
	}
	if more > kills*together {
		s.t.Errorf("%d letters came once more, by %d kills", more, kills)
	}
	if more == 0 && kills > 5 {
		s.t.Error("no letter came twice: no kill hit the moment that is looked for")
	}
	s.t.Logf("%d letters, %d kills, %d came once more", len(s.ids), kills, more)
}

// TestNoLetterIsLostByKilling kills the program (SIGKILL) again and again while it sends letters. Afterwards everyone has theirs;
// what was under way at a kill may have come once more, and is then known by its Message-ID to be the same.
func TestNoLetterIsLostByKilling(t *testing.T) {
	letters, kills := 150, 25
	if testing.Short() {
		letters, kills = 20, 3
	}
	for name, open := range map[string]func(t *testing.T) (driver, url string){
		"sqlite":   func(t *testing.T) (string, string) { return "sqlite", filepath.Join(pgtest.Folder(t), "plenary.db") },
		"postgres": func(t *testing.T) (string, string) { return "pgx", pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			driver, url := open(t)
			s := newSinking(t, driver, url, letters)
			killed := 0
			for range kills {
				if s.left() == 0 {
					break
				}
				s.kill()
				killed++
			}
			process, said := s.start()
			for end := time.Now().Add(30 * time.Second); s.left() > 0; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%d letters do not go:\n%s", s.left(), strings.TrimSpace(said.String()))
				}
			}
			_ = process.Process.Kill()
			_ = process.Wait() // it was killed
			var jobs int
			if err := s.db.QueryRow("SELECT COUNT(*) FROM jobs").Scan(&jobs); err != nil || jobs != 0 {
				t.Errorf("%d jobs are left, %v", jobs, err)
			}
			s.check(killed)
		})
	}
}
