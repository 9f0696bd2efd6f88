package store

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// envMigrate makes a test process open and migrate the database that it names, and do nothing else.
const envMigrate = "STORE_TEST_MIGRATE"

func TestMigrateInAnotherProcess(t *testing.T) {
	url := os.Getenv(envMigrate)
	if url == "" {
		t.Skip("is run by TestProcessesMigrateAtOnce")
	}
	fresh(t, url)
}

// migrations is how many the program has.
func migrations(t *testing.T, s *Store) int {
	t.Helper()
	provider, err := s.provider()
	if err != nil {
		t.Fatal(err)
	}
	return len(provider.ListSources())
}

func TestMigrateTwice(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, url(t))
			database, program, err := s.Version(t.Context())
			if database != 0 || program == 0 || err != nil {
				t.Fatal("before:", database, program, err)
			}
			err = s.Read(t.Context(), func(tx *Tx) error { _, err := tx.Event("x"); return err })
			if agenda.CodeOf(err) != agenda.Internal {
				t.Error("a table that is not there:", err)
			}
			n, err := s.Migrate(t.Context())
			if n != migrations(t, s) || err != nil {
				t.Fatal("first:", n, err)
			}
			if n, err = s.Migrate(t.Context()); n != 0 || err != nil {
				t.Fatal("second:", n, err)
			}
			if database, program, err = s.Version(t.Context()); database != program || err != nil {
				t.Fatal("after:", database, program, err)
			}
		})
	}
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	const several = 5
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel() // PostgreSQL's lock is asked for once in a second
			for range 2 {
				url := url(t)
				var stores []*Store
				for range several {
					stores = append(stores, open(t, url))
				}
				var applied atomic.Int64
				var migrating sync.WaitGroup
				for _, s := range append(stores, stores[0]) { // one of them twice
					migrating.Go(func() {
						n, err := s.Migrate(t.Context())
						if err != nil {
							t.Error(err)
						}
						applied.Add(int64(n))
					})
				}
				migrating.Wait()
				if want := migrations(t, stores[0]); applied.Load() != int64(want) {
					t.Errorf("%d migrations were applied of %d", applied.Load(), want)
				}
				populate(t, stores[0], 1)
			}
		})
	}
}

func TestProcessesMigrateAtOnce(t *testing.T) {
	t.Parallel()
	if os.Getenv(envMigrate) != "" {
		t.Skip("is one of the processes")
	}
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			url := url(t)
			var running sync.WaitGroup
			for range 4 {
				running.Go(func() {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					process := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestMigrateInAnotherProcess$")
					process.Env = append(os.Environ(), envMigrate+"="+url)
					if out, err := process.CombinedOutput(); err != nil {
						t.Errorf("%v\n%s", err, out)
					}
				})
			}
			running.Wait()
			s := open(t, url)
			database, program, err := s.Version(t.Context())
			if database != program || err != nil {
				t.Error(database, program, err)
			}
			var rows int
			if err := s.reader.Raw("SELECT count(*) FROM goose_db_version").Scan(&rows).Error; err != nil || rows != 1+migrations(t, s) {
				t.Errorf("goose's table has %d rows (%v)", rows, err)
			}
		})
	}
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		populate(t, s, 1)
		if err := s.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true).Error; err != nil {
			t.Fatal(err)
		}
		n, err := s.Migrate(t.Context())
		if n != 0 || err == nil || !strings.Contains(err.Error(), "newer Plenary") || !strings.Contains(err.Error(), "9999") {
			t.Errorf("%d, %v", n, err)
		}
		same(t, "rooms", count(t, s, "rooms"), int64(1))
	})
}

// A migration that fails leaves nothing behind, and its error is told.
func TestAFailedMigrationIsTold(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, url(t))
			if err := s.writer.Exec("CREATE TABLE panels (id TEXT)").Error; err != nil {
				t.Fatal(err)
			}
			n, err := s.Migrate(t.Context())
			if n != 1 || err == nil || !strings.Contains(err.Error(), "version:2") {
				t.Errorf("%d, %v", n, err)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Migrate(gone); !errors.Is(err, context.Canceled) {
				t.Error("cancelled:", err)
			}
		})
	}
}

// insertOldEvent adds an event before the migration 0014, and before 0018.
func insertOldEvent(tx *Tx, e agenda.Event) error {
	return tx.db.Omit("accent", "meetings_from", "meetings_until", "turnaround_minutes", "work_minutes", "rest_minutes").Create(rowOfEvent(e)).Error
}

// Whoever ran the version before keeps what calendars believe: SEQUENCE never falls.
func TestAnUpgradeKeepsRevisions(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, url(t))
			provider, err := s.provider()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := provider.UpTo(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
			event := agenda.Event{ID: "e", Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "UTC", StartDate: "2026-05-12", EndDate: "2026-05-12",
				Languages: []string{"en"}, Revision: 1, Created: at(0), Updated: at(0)}
			release := func(tx *Tx, number int, sequence string) error { // as the program of then would
				return tx.db.Exec("INSERT INTO releases (id, event_id, number, published_at, published_by, note, snapshot) VALUES (?, 'e', ?, ?, '', '{}', ?)",
					"r"+sequence, number, millis(at(0)), []byte(`{"version":1,"stamps":{"p":{"uid":"panel","sequence":`+
						sequence+`,"created":"2026-05-01T10:00:00.000Z","modified":"2026-05-02T10:00:00.000Z"}}}`)).Error
			}
			write(t, s, func(tx *Tx) error {
				return errors.Join(insertOldEvent(tx, event), release(tx, 1, "2"), release(tx, 2, "3"),
					tx.db.Exec("INSERT INTO calendar_stamps (uid, event_id, sequence, created_at, modified_at, content, place) VALUES ('meeting', 'e', 7, 1000, 2000, 'c', 'p')").Error)
			})
			if _, err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			read(t, s, func(tx *Tx) error {
				same(t, "stamps", must[[]agenda.Stamp](t)(tx.Stamps("e")), []agenda.Stamp{
					{UID: "meeting", Variant: "en", Sequence: 7, Created: time.UnixMilli(1000).UTC(), Modified: time.UnixMilli(2000).UTC()},
					{UID: "panel", Variant: "en", Sequence: 3, Created: time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC), Modified: time.Date(2026, 5, 2, 10, 0, 0, 0, time.UTC)}})
				return nil
			})
		})
	}
}
