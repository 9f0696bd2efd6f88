package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// migrated is a database with the schema and nothing else.
var migrated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	s, err := Open(ctx, url, nil)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
})

// both runs a test of one goroutine on an empty, migrated database of each kind.
func both(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	onEach(t, func(t *testing.T, s *Store) {
		if testing.Short() && s.dialect == sqliteDialect && pgtest.Here() {
			t.Skip("SKIPPED with -short: PostgreSQL is here, and ten times as quick where the race detector looks on")
		}
		test(t, s)
	})
}

// onEach is both for a test of several goroutines, which with -short too is looked at on both: how they are kept apart is the
// database's affair.
func onEach(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	for dialect, url := range map[string]func(testing.TB) string{sqliteDialect: migrated.File, postgresDialect: migrated.URL} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, url(t)))
		})
	}
}

// urls gives for each kind of database what makes the URL of an empty one.
func urls() map[string]func(t *testing.T) string {
	return map[string]func(t *testing.T) string{
		sqliteDialect:   func(t *testing.T) string { return filepath.Join(pgtest.Folder(t), "plenary.db") },
		postgresDialect: func(t *testing.T) string { return pgtest.URL(t) },
	}
}

func fresh(t *testing.T, url string) *Store {
	t.Helper()
	s := open(t, url)
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// write and read run fn and fail the test when it, or the transaction, gives an error.
func write(t *testing.T, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatalf("write: %v", err)
	}
}

func read(t *testing.T, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), fn); err != nil {
		t.Fatalf("read: %v", err)
	}
}

// refused runs fn in a transaction of its own, which must give an error of that code.
func refused(t *testing.T, s *Store, code agenda.Code, fn func(*Tx) error) *agenda.Error {
	t.Helper()
	err := s.Write(t.Context(), fn)
	if agenda.CodeOf(err) != code {
		t.Fatalf("the error is %v, of code %q; want code %q", err, agenda.CodeOf(err), code)
	}
	var e *agenda.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is %T", err)
	}
	return e
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if reflect.DeepEqual(want, got) {
		return // as most of the time; cmp takes far longer to find nothing
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// at gives an instant of the fixtures: minutes after noon of their first day, UTC.
func at(minutes int) time.Time {
	return time.Date(2025, 10, 27, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func moment(minutes int) agenda.Moment {
	return agenda.MomentOf(time.FixedZone("", 7*3600), at(minutes))
}

func slot(room agenda.ID, from, to int) *agenda.Slot {
	return &agenda.Slot{RoomID: room, Start: moment(from), End: moment(to)}
}

func id(kind string, n int) agenda.ID { return agenda.ID(fmt.Sprintf("%s-%04d", kind, n)) }

// Small nouns for tests that are about something else.

func plainEvent(n int) agenda.Event {
	return agenda.Event{ID: id("event", n), Slug: fmt.Sprintf("event-%d", n), Name: agenda.Text{"en": "Event"},
		Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-28", Languages: []string{"en"}, Revision: 1,
		Created: at(0), Updated: at(0)}
}

func plainRoom(event agenda.ID, n int) agenda.Room {
	return agenda.Room{ID: id("room", n), EventID: event, Name: agenda.Text{"en": fmt.Sprint("Room ", n)}, Kind: agenda.RoomHall,
		Position: n, Revision: 1, Created: at(0), Updated: at(0)}
}

func plainTrack(event agenda.ID, n int) agenda.Track {
	return agenda.Track{ID: id("track", n), EventID: event, Name: agenda.Text{"en": fmt.Sprint("Track ", n)}, Position: n,
		Revision: 1, Created: at(0), Updated: at(0)}
}

func plainPerson(n int) agenda.Person {
	return agenda.Person{ID: id("person", n), Name: fmt.Sprintf("Person %04d", n), Revision: 1, Created: at(0), Updated: at(0)}
}

func plainPanel(event agenda.ID, n int) agenda.Panel {
	return agenda.Panel{ID: id("panel", n), EventID: event, UID: fmt.Sprintf("panel-%d@test", n),
		Code: fmt.Sprintf("P%04d", n), Format: agenda.FormatTalk, Title: agenda.Text{"en": fmt.Sprint("Panel ", n)},
		Revision: 1, Created: at(0), Updated: at(0)}
}

func plainMeeting(event agenda.ID, n int) agenda.Meeting {
	return agenda.Meeting{ID: id("meeting", n), EventID: event, UID: fmt.Sprintf("meeting-%d@test", n), Quorum: agenda.QuorumPrincipals,
		Status: agenda.MeetingRequested, Visibility: agenda.VisibleToParticipants, Revision: 1, Created: at(0), Updated: at(0)}
}

// populate adds event 1 with rooms, tracks and people 1 to n each, and gives its ID.
func populate(t *testing.T, s *Store, n int) agenda.ID {
	t.Helper()
	event := plainEvent(1)
	write(t, s, func(tx *Tx) error {
		if err := tx.InsertEvent(event); err != nil {
			return err
		}
		for i := 1; i <= n; i++ {
			err := errors.Join(tx.InsertRoom(plainRoom(event.ID, i)), tx.InsertTrack(plainTrack(event.ID, i)),
				tx.InsertPerson(event.ID, plainPerson(i)))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return event.ID
}
