package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// A page that is damaged under the running program is found, and stays found; what the connections remember does not hide it.
func TestInspectFindsDamageThatCameLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	s := fresh(t, path)
	populate(t, s, 3)
	if err := s.EmptyLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Inspect(t.Context()); err != nil || s.Damage() != nil {
		t.Fatal("before:", err, s.Damage())
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xff", 4096)), 40*4096); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Inspect(t.Context()); agenda.CodeOf(err) != agenda.Unavailable || !strings.Contains(err.Error(), "damaged") {
			t.Error(err)
		}
		if err := s.Damage(); agenda.CodeOf(err) != agenda.Unavailable {
			t.Error(err)
		}
	}
}

// What was refused for want of room is remembered until something can be written again, whoever else wrote nothing meanwhile.
func TestWritableRemembersAFullDisk(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	populate(t, s, 1)
	if err := s.Writable(t.Context()); err != nil {
		t.Fatal(err)
	}
	limit := func(pages string) {
		var now int
		if err := s.writer.Raw("PRAGMA max_page_count = " + pages).Scan(&now).Error; err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // SQLite takes the present size instead
	big := plainEvent(2)
	big.Description = agenda.Text{"en": strings.Repeat("x", 1<<20)}
	refused(t, s, agenda.Full, func(tx *Tx) error { return tx.InsertEvent(big) })
	s.health.mu.Lock()
	remembered := s.health.refused
	s.health.mu.Unlock()
	if remembered == nil {
		t.Error("it is forgotten")
	}
	write(t, s, func(*Tx) error { return nil })
	limit("1000000")
	if err := s.Writable(t.Context()); err != nil || s.health.refused != nil {
		t.Error("when there is room again:", err)
	}
	var n int64
	if err := s.reader.Table("idempotency_keys").Where("actor = ?", probe).Count(&n).Error; err != nil || n != 0 {
		t.Errorf("%d rows are left of trying, %v", n, err)
	}
}

// Whoever copies the log elsewhere (litestream) reads an older state all the time. Emptying the log does not wait for them: every
// writer would wait along.
func TestEmptyLogDoesNotWaitForReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	s, other := fresh(t, path), fresh(t, path)
	populate(t, s, 1)
	read(t, other, func(tx *Tx) error {
		if _, err := tx.Event(id("event", 1)); err != nil {
			return err
		}
		write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(2)) })
		begun := time.Now()
		if err := s.EmptyLog(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("it waited for %s", took)
		}
		return nil
	})
	var patience int
	if err := s.writer.Raw("PRAGMA busy_timeout").Scan(&patience).Error; err != nil || patience != 10_000 {
		t.Errorf("the next one waits for %d ms, %v", patience, err)
	}
	if err := s.EmptyLog(t.Context()); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log, when nobody reads it: %v, %v", info.Size(), err)
	}
}

// Rows that break the constraints of their table do not keep the program from starting, and are found when all is looked at.
func TestInspectHoldsRowsToTheirConstraints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	s := fresh(t, path)
	populate(t, s, 3)
	err := s.writer.Connection(func(one *gorm.DB) error {
		return one.Exec("PRAGMA ignore_check_constraints(1); UPDATE rooms SET kind = 'cellar'; PRAGMA ignore_check_constraints(0)").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = must[*Store](t)(Open(t.Context(), path, nil))
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Inspect(t.Context()); agenda.CodeOf(err) != agenda.Unavailable || !strings.Contains(err.Error(), "CHECK constraint failed in rooms") {
		t.Error(err)
	}
}
