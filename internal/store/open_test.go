package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
	"plenary/internal/pgtest"
)

func TestOpenSaysWhatIsWrongWithAPath(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ url, want string }{
		{filepath.Join(folder, "none", "plenary.db"), "does not exist: make it first"},
		{filepath.Join(file, "plenary.db"), "folder"},
		{folder, "that is not a file"},
		{"", "not the path"},
		{":memory:", "not the path"},
		{"file:x.db", "not the path"},
		{"mysql://localhost/plenary", "mysql:// is no database"},
		{file, "is damaged"},
		{"postgres://localhost:1/none?connect_timeout=1", "does not answer"},
		{"postgres://user:geheim@local host/none", "URL"},
	} {
		s, err := Open(t.Context(), c.url, nil)
		if err == nil {
			t.Fatalf("Open(%q) gives %v", c.url, s)
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("Open(%q): %v; want a word of %q", c.url, err, c.want)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "none")); !os.IsNotExist(err) {
		t.Error("a folder was made:", err)
	}
}

func TestOpenTakesOddPaths(t *testing.T) {
	for _, name := range []string{"a b.db", "per%20cent.db", "question?mark.db", "hash#sign.db", "Đà Nẵng.db", "a&b='c'.db"} {
		path := filepath.Join(t.TempDir(), name)
		fresh(t, path)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %d bytes and mode %v", name, info.Size(), info.Mode())
		}
	}
}

func TestOpenRefusesDamagedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: file after file, which takes a minute where the race detector looks on; TestInspectFindsDamageThatCameLater is looked at")
	}
	path := filepath.Join(t.TempDir(), "plenary.db")
	s := fresh(t, path)
	populate(t, s, 200)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	cases := map[string][]byte{
		"header":    append(bytes.Repeat([]byte{0xff}, 100), whole[100:]...),
		"truncated": whole[:len(whole)/2/page*page],
		"not SQL":   []byte(strings.Repeat("<html>", 1000)),
	}
	flipped := 0
	for n := 1; n < len(whole)/page; n++ {
		broken := bytes.Clone(whole)
		for i := range page {
			broken[n*page+i] ^= 0xff
		}
		cases[fmt.Sprint("page ", n+1)] = broken
		flipped++
	}
	for what, body := range cases {
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, nil)
		if err == nil {
			t.Errorf("%s: was opened", what)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "plenary restore") {
			t.Errorf("%s: %v", what, err)
		}
		now, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(now, body) {
			t.Errorf("%s: the file was changed (%v)", what, err)
		}
	}
	t.Logf("%d of %d pages flipped, each refused", flipped, len(whole)/page)
}

// Each connection of a pool must have its settings: a PRAGMA that is executed reaches one of them.
func TestEverySQLiteConnectionHasItsSettings(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	for _, c := range []struct {
		name string
		db   *gorm.DB
		want map[string]string
	}{
		{"writer", s.writer, map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000",
			"trusted_schema": "0", "cell_size_check": "1", "query_only": "0"}},
		{"reader", s.reader, map[string]string{"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000",
			"trusted_schema": "0", "cell_size_check": "1", "query_only": "1"}},
	} {
		pool := must[*sql.DB](t)(c.db.DB())
		most := pool.Stats().MaxOpenConnections
		if (c.name == "writer") != (most == 1) {
			t.Errorf("the %s's pool has %d connections", c.name, most)
		}
		var held []*sql.Conn
		for range most {
			conn := must[*sql.Conn](t)(pool.Conn(t.Context()))
			held = append(held, conn)
			for pragma, want := range c.want {
				var got string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %s is %s, not %s (%v)", c.name, pragma, got, want, err)
				}
			}
		}
		for _, conn := range held {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAFullDiskIsSaidAndPasses(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	populate(t, s, 1)
	limit := func(pages int) {
		var now int
		if err := s.writer.Raw(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&now).Error; err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes the present size instead
	big := plainEvent(2)
	big.Description = agenda.Text{"en": strings.Repeat("x", 1<<20)}
	e := refused(t, s, agenda.Full, func(tx *Tx) error { return tx.InsertEvent(big) })
	if !strings.Contains(e.Message, "no room") {
		t.Error(e.Message)
	}
	read(t, s, func(tx *Tx) error { _, err := tx.Event(id("event", 1)); return err })
	limit(1 << 20)
	write(t, s, func(tx *Tx) error { return tx.InsertEvent(big) })
}

func TestPingAndClose(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s, err := Open(t.Context(), url(t), nil)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "dialect", s.Dialect(), dialect)
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			if err := s.Ping(gone); agenda.CodeOf(err) != agenda.Unavailable || !errors.Is(err, context.Canceled) {
				t.Error("cancelled:", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if err := s.Ping(t.Context()); err == nil {
				t.Error("a closed store answers")
			}
		})
	}
}

// Whatever a statement holds stays out of the log.
func TestLogHasNoValues(t *testing.T) {
	text, values := statements{}.ParamsFilter(t.Context(), "SELECT ?", "secret")
	if text != "SELECT ?" || values != nil {
		t.Error(text, values)
	}
	var log strings.Builder
	s, err := Open(t.Context(), migrated.File(t), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	read(t, s, func(tx *Tx) error {
		var got []string
		if err := tx.db.Raw("SELECT ? AS scanned", "secret").Scan(&got).Error; err != nil {
			return err
		}
		return tx.db.Raw("SELECT id FROM events WHERE slug = ?", "secret").Find(&[]eventRow{}).Error
	})
	if text := log.String(); strings.Contains(text, "secret") || strings.Count(text, "scanned") != 1 {
		t.Error(text)
	}
}

// Two connections that both turn a new file's journal into a write-ahead log wait for each other, and SQLite refuses one of them
// at once, whatever its patience.
func TestSeveralOpenANewFileAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		path := filepath.Join(pgtest.Folder(t), "plenary.db")
		start := make(chan struct{})
		var opening sync.WaitGroup
		for range 8 {
			opening.Go(func() {
				<-start
				s, err := Open(t.Context(), path, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		opening.Wait()
	}
}

// Who begins goes on while the file is looked through, but nothing is written into one that is damaged.
func TestNothingIsWrittenBeforeTheFileIsFoundWhole(t *testing.T) {
	path := urls()[sqliteDialect](t)
	s := fresh(t, path)
	populate(t, s, 50)
	if err := s.Checked(t.Context()); err != nil {
		t.Fatal("whole:", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(file[len(file)-2*4096 : len(file)-4096]) // of rows; the beginning is read at once
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged, err := Begin(t.Context(), path, nil)
	if err != nil {
		t.Fatal("begin:", err)
	}
	written := false
	if err := damaged.Write(t.Context(), func(*Tx) error { written = true; return nil }); err == nil || written {
		t.Errorf("written: %t, %v", written, err)
	}
	if n, err := damaged.Migrate(t.Context()); n != 0 || err != nil && !strings.Contains(err.Error(), "is damaged") {
		t.Error("migrate:", n, err)
	}
	if err := damaged.Checked(t.Context()); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Error("checked:", err)
	}
	if err := damaged.Close(); err != nil {
		t.Error(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, file) {
		t.Error("the file was changed:", err)
	}
}

// A file whose pages are gone while it is looked through, as when a disk fails, does not end the program: it is refused, and can be closed.
func TestAFileThatGoesWhileItIsLookedThroughIsRefused(t *testing.T) {
	for range 5 {
		path := filepath.Join(t.TempDir(), "plenary.db")
		s := fresh(t, path)
		if err := s.writer.Exec("CREATE TABLE filler (body BLOB); INSERT INTO filler WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) SELECT zeroblob(4000) FROM n").Error; err != nil {
			t.Fatal(err)
		}
		if err := s.EmptyLog(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.beginCheck(t.Context())
		time.Sleep(time.Millisecond)
		if err := os.Truncate(path, 8192); err != nil {
			t.Fatal(err)
		}
		if err := s.Checked(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("it was taken: %v", err)
		} else {
			t.Log(err)
		}
		_ = s.Close()
	}
}
