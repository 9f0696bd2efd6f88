package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// folderOf gives the names, sizes and bytes of all that is in a folder.
func folderOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, e := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		all[e.Name()] = string(must[[]byte](t)(os.ReadFile(filepath.Join(folder, e.Name()))))
	}
	return all
}

// unchanged fails the test when something in the folder is not as it was. What those who have the database open share (-shm) says
// who reads, so that it may change.
func unchanged(t *testing.T, what, folder string, before map[string]string) {
	t.Helper()
	now := folderOf(t, folder)
	for name, was := range before {
		if now[name] != was && !strings.HasSuffix(name, "-shm") {
			t.Errorf("%s: %s was changed", what, name)
		}
	}
	if len(now) != len(before) {
		t.Errorf("%s: there are %d files, and were %d", what, len(now), len(before))
	}
}

// look looks at the database thoroughly, and gives its schema and what is wrong with it.
func look(t *testing.T, path string) (schema int64, wrong []string, err error) {
	t.Helper()
	s, err := Look(t.Context(), path, nil)
	if err != nil {
		return 0, nil, err
	}
	defer s.Close()
	if wrong, err = s.Check(t.Context(), true); err != nil {
		return 0, nil, err
	}
	schema, _, err = s.Version(t.Context())
	if err == nil && s.Write(t.Context(), func(tx *Tx) error { return tx.InsertEvent(plainEvent(99)) }) == nil {
		t.Error("what was opened to be looked at can be written to")
	}
	return schema, wrong, err
}

// Looking changes nothing: not a database that nobody has open, not one that is in use, not one whose program was killed, and none that
// is damaged or of another program.
func TestLookingChangesNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "plenary.db")
	s := fresh(t, path)
	populate(t, s, 30)
	used := folderOf(t, folder)
	if schema, wrong, err := look(t, path); err != nil || len(wrong) > 0 || schema == 0 {
		t.Errorf("in use: schema %d, %v, %v", schema, wrong, err)
	}
	unchanged(t, "in use", folder, used)
	if len(used[filepath.Base(path)+"-wal"]) == 0 {
		t.Fatal("there is no log to look at")
	}
	killed := t.TempDir() // as its files are when the program is killed
	for name, content := range used {
		if !strings.HasSuffix(name, "-shm") {
			if err := os.WriteFile(filepath.Join(killed, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	schema, wrong, err := look(t, filepath.Join(killed, "plenary.db"))
	if err != nil || len(wrong) > 0 || schema == 0 {
		t.Errorf("killed: schema %d, %v, %v", schema, wrong, err)
	}
	after := folderOf(t, killed)
	for name, was := range used {
		if !strings.HasSuffix(name, "-shm") && after[name] != was {
			t.Errorf("killed: %s was changed", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	closed := folderOf(t, folder)
	if schema, wrong, err := look(t, path); err != nil || len(wrong) > 0 || schema == 0 {
		t.Errorf("closed: schema %d, %v, %v", schema, wrong, err)
	}
	unchanged(t, "closed", folder, closed)
	whole, found := []byte(closed["plenary.db"]), 0
	for n := range len(whole) / 4096 {
		broken := bytes.Clone(whole)
		for i := range 4096 {
			broken[n*4096+i] ^= 0xff
		}
		if n%9 > 0 && n < len(whole)/4096-1 {
			continue
		}
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		before := folderOf(t, folder)
		if _, wrong, err := look(t, path); err == nil && len(wrong) == 0 {
			t.Errorf("page %d is broken, and nothing is wrong", n+1)
		} else if err != nil && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("page %d: %v", n+1, err)
		}
		unchanged(t, fmt.Sprint("page ", n+1), folder, before)
		found++
	}
	if found < 5 {
		t.Errorf("only %d pages were broken", found)
	}
}

func TestLookingForWhatIsNotThere(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{filepath.Join(folder, "plenary.db"), filepath.Join(folder, "none", "plenary.db")} {
		if _, err := Look(t.Context(), path, nil); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
	short := filepath.Join(folder, "short")
	if err := os.WriteFile(short, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, "", ":memory:", "file:x.db", short, "mysql://x/y", "postgres://localhost:1/none?connect_timeout=1"} {
		if _, err := Look(t.Context(), path, nil); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if now := folderOf(t, folder); len(now) != 1 {
		t.Errorf("something was made: %d files", len(now))
	}
}

// A reference to what is not there is found when one looks thoroughly.
func TestBrokenReferencesAreFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	s := fresh(t, path)
	populate(t, s, 3)
	for _, statement := range []string{"PRAGMA foreign_keys = 0", "DELETE FROM events"} {
		if err := s.writer.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	quick, err := s.Check(t.Context(), false)
	if err != nil || len(quick) > 0 {
		t.Errorf("at a glance: %v, %v", quick, err)
	}
	if wrong, err := s.Check(t.Context(), true); err != nil || len(wrong) == 0 || !strings.Contains(wrong[0], "one of events that is not there") {
		t.Errorf("thoroughly: %v, %v", wrong, err)
	}
}

func TestOutboxIsCounted(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		job := func(n int, kind agenda.JobKind, due int) agenda.Job {
			return agenda.Job{ID: id("job", n), Kind: kind, About: "x", Due: at(due), Created: at(0)}
		}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.AddJob(job(1, agenda.MailJob, 5)), tx.AddJob(job(2, agenda.MailJob, 7)), tx.AddJob(job(3, agenda.MailJob, 60)),
				tx.AddJob(job(4, agenda.WebhookJob, 1)), tx.AddJob(job(5, agenda.WebhookJob, 2)))
		})
		var begun []agenda.Job
		write(t, s, func(tx *Tx) (err error) {
			begun, err = tx.ClaimJobs([]agenda.JobKind{agenda.WebhookJob}, "lease", at(9), at(11), 2)
			return err
		})
		write(t, s, func(tx *Tx) error {
			dead := begun[0]
			dead.Dead = new(at(9))
			_, err := tx.PutOffJob(dead)
			return err
		})
		look := func(minutes int) (all []Outbox) {
			read(t, s, func(tx *Tx) (err error) {
				all, err = tx.Outbox(at(minutes))
				return err
			})
			return all
		}
		same(t, "the outbox", look(10), []Outbox{{Kind: agenda.MailJob, Due: 2, Later: 1, Oldest: at(5)}, {Kind: agenda.WebhookJob, Begun: 1, Dead: 1}})
		same(t, "the outbox once a lease has passed", look(20)[1], Outbox{Kind: agenda.WebhookJob, Due: 1, Dead: 1, Oldest: at(11)})
		signs, err := s.Signs(t.Context(), at(10))
		if err != nil || len(signs.Outbox) != 2 || signs.Accounts != 0 || signs.Setup || !signs.Newest.IsZero() {
			t.Errorf("%+v, %v", signs, err)
		}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertAccountLink(agenda.AccountLink{ID: "l", Purpose: agenda.ForSetup, Hash: "h", Created: at(0), Expires: at(30)}),
				tx.InsertActivity(entry("a", "", 12, "x.y")))
		})
		for minutes, want := range map[int]bool{10: true, 31: false} {
			if signs, err = s.Signs(t.Context(), at(minutes)); err != nil || signs.Setup != want || !signs.Newest.Equal(at(12)) {
				t.Errorf("after %d minutes: %+v, %v", minutes, signs, err)
			}
		}
	})
}

func TestWhatPostgreSQLSaysOfItself(t *testing.T) {
	s := open(t, urls()["postgres"](t))
	v, err := s.Server(t.Context())
	if err != nil || v.Number < 130000 || v.Version == "" || v.Encoding != "UTF8" || v.Standby || v.Gist || !v.Local || v.Encrypted || v.Size == 0 || v.Connections == 0 || v.MostAtOnce < 10 || v.Commit == "" || v.Fsync == "" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err = s.Server(t.Context()); err != nil || !v.Gist {
		t.Errorf("with its tables: %+v, %v", v, err)
	}
	if at, err := s.Clock(t.Context()); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("it is %v, %v", at, err)
	}
	if err := s.Hears(t.Context()); err != nil {
		t.Error(err)
	}
	// One connection only, as with a pooler: the notification finds none to come by.
	pool, err := s.reader.DB()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Hears(short); err == nil {
		t.Error("it hears with one connection")
	}
}

func TestStatsAreOfBothPools(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		populate(t, s, 3)
		st := s.Stats()
		if s.dialect == sqliteDialect && (st.Writer.MaxOpenConnections != 1 || st.Reader.MaxOpenConnections < 4 || st.Size == 0 || st.Log == 0) ||
			s.dialect == postgresDialect && (st.Writer.MaxOpenConnections != postgresWriters || st.Reader.MaxOpenConnections != postgresReaders || st.Size+st.Log != 0) || st.Retries != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func TestReadArchived(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	populate(t, s, 3)
	archive := backup(t, s)
	a, err := ReadArchived(bytes.NewReader(archive))
	if err != nil || a.Schema == 0 || a.Rows < 3 {
		t.Errorf("%+v, %v", a, err)
	}
	for what, b := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "half a header": archive[:40], "another file": zipped(`{"format":"x","version":1,"schema":1,"tables":[]}` + "\n")} {
		if _, err := ReadArchived(bytes.NewReader(b)); err == nil {
			t.Errorf("%s is a backup", what)
		}
	}
}
