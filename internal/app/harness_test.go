package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// migrated is a database with the schema and nothing else.
var migrated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	s, err := store.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
})

var operator = agenda.System("test")

// world is an App on a database of its own, with a clock that stands still until it is moved.
type world struct {
	*app.App
	store *store.Store
	clock *atomic.Int64
}

// onBoth runs the test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, w world)) {
	onEach(t, func(t *testing.T, url string) { test(t, open(t, url)) })
}

// onEach runs the test with the address of a migrated database of each kind.
func onEach(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		if testing.Short() && pgtest.Here() {
			t.Skip("SKIPPED with -short: PostgreSQL is here, and ten times as quick where the race detector looks on")
		}
		test(t, migrated.File(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, migrated.URL(t))
	})
}

func open(t testing.TB, url string) world {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	w := world{store: s, clock: new(atomic.Int64)}
	w.clock.Store(time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	var ids atomic.Int64
	w.App = app.New(s, app.Options{
		CodeRounds: 1,
		Now:        func() time.Time { return time.UnixMilli(w.clock.Load()) },
		NewID: func() agenda.ID {
			return agenda.ID(fmt.Sprintf("0199ffff-0000-7000-8000-%012d", ids.Add(1)))
		},
	})
	return w
}

// pass moves the clock.
func (w world) pass(d time.Duration) { w.clock.Add(d.Milliseconds()) }

// demo is the demo forum as a Bundle.
func demo(t *testing.T) exchange.Bundle {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "db", "demo", "vidw-2025.json"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := exchange.DecodeBundle(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// forum is a small event: two rooms, two people, two panels at the same time in different rooms.
type forum struct {
	rooms  [2]agenda.Room
	people [2]agenda.Person
	panels [2]agenda.Panel
}

const slug = "forum"

func (w world) forum(t *testing.T) forum {
	t.Helper()
	ctx := context.Background()
	_, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: slug, Name: agenda.Text{"en": "Forum"}, Zone: "Europe/Paris",
		StartDate: "2026-03-28", EndDate: "2026-03-30", Languages: []string{"en", "fr"}}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	var f forum
	for i := range 2 {
		if f.rooms[i], _, err = w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": fmt.Sprint("Hall ", i+1)},
			Kind: agenda.RoomHall, Position: i}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		if f.people[i], _, err = w.CreatePerson(ctx, operator, slug, agenda.Person{Name: fmt.Sprint("Person ", i+1)}, app.Once{}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 {
		r, err := w.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": fmt.Sprint("Talk ", i+1)}, Format: agenda.FormatTalk,
			Speakers: []agenda.Speaker{{PersonID: f.people[i].ID, Role: agenda.Presenter, Status: agenda.Confirmed}}},
			f.at(i, "2026-03-28T10:00", "2026-03-28T11:00"), app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Conflicts) != 0 {
			t.Fatalf("the forum begins with conflicts: %v", r.Conflicts)
		}
		f.panels[i] = r.Panel
	}
	return f
}

func (f forum) at(room int, start, end string) *app.SlotRequest {
	return &app.SlotRequest{RoomID: f.rooms[room].ID, Start: start, End: end}
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, err error, code agenda.Code) *agenda.Error {
	t.Helper()
	if agenda.CodeOf(err) != code {
		t.Fatalf("error is %v (%q), want code %q", err, agenda.CodeOf(err), code)
	}
	e, _ := err.(*agenda.Error)
	return e
}
