package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"sync"

	"plenary/internal/agenda"
)

// health is what a Store has learned of its database from what it did there.
type health struct {
	mu      sync.Mutex
	refused error // why it did not take what was last written, when that was for want of room or because of the disk; nil: it did
	damaged error // what was found broken; it stays until the program is started again
}

// note learns from the error with which a transaction ended.
func (h *health) note(err error) {
	damage := sqliteCode(err) & 0xff
	wanting := agenda.CodeOf(err) == agenda.Full || damage == sqliteIOErr
	broken := damage == sqliteCorrupt || damage == sqliteNotADatabase
	if !wanting && !broken {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if broken {
		h.damaged = err
	} else {
		h.refused = err
	}
}

// Damage says what was found broken in the database since it was opened. The error is agenda.Unavailable.
func (s *Store) Damage() error {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	if s.health.damaged == nil {
		return nil
	}
	return agenda.Errorf(agenda.Unavailable, "The database is damaged: stop the program and restore a backup: %w", s.health.damaged)
}

// probe is an actor that nobody is: of theirs, the kind stands before a colon.
const probe = "probe"

// Writable says whether the database takes what is written. It looks at what became of earlier writes; when the last that was for
// want of room or because of the disk, it tries by writing something that it takes back. The error is agenda.Full where there is no
// room, and agenda.Unavailable.
func (s *Store) Writable(ctx context.Context) error {
	s.health.mu.Lock()
	refused := s.health.refused
	s.health.mu.Unlock()
	if refused == nil {
		return nil
	}
	err := s.Write(ctx, func(tx *Tx) error {
		// As much as a large change, and nothing that could be packed: a little may find a place where there is no room for more.
		big := make([]byte, 48<<10)
		rand.Read(big) // never fails
		row := &keyRow{Actor: probe, Key: probe, Fingerprint: base64.StdEncoding.EncodeToString(big)}
		if err := insert(tx, []*keyRow{row}, wording{}); err != nil {
			return err
		}
		return fault("try to write", tx.db.Where("actor = ?", probe).Delete(&keyRow{}).Error, wording{})
	})
	if err != nil {
		return err
	}
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	s.health.refused = nil
	s.log.InfoContext(ctx, "the database takes writes again")
	return nil
}

// Inspect reads the whole file of SQLite once, holds every row to the constraints of its table, and says what is broken:
// agenda.Unavailable, and so is [Store.Damage] from then on. PostgreSQL's own tools do that for its files.
func (s *Store) Inspect(ctx context.Context) error {
	if s.dialect == postgresDialect {
		return nil
	}
	err := s.quickCheck(ctx)
	var damaged *damagedError
	if errors.As(err, &damaged) {
		s.health.mu.Lock()
		s.health.damaged = err
		s.health.mu.Unlock()
	}
	s.health.note(err)
	if broken := s.Damage(); broken != nil {
		return broken
	}
	return fault("inspect", err, wording{})
}
