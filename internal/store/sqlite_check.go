package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
)

// check is the look through a file of SQLite that goes on while the program starts.
type check struct {
	done  chan struct{} // closed when it has ended
	end   context.CancelFunc
	found error
}

// Checked waits until the file was looked through, and says in a sentence what is wrong with it. On PostgreSQL nothing is.
func (s *Store) Checked(ctx context.Context) error {
	if s.check == nil {
		return nil
	}
	select {
	case <-s.check.done:
		return s.check.found
	case <-ctx.Done():
		return fmt.Errorf("the database %s: %w", s.where, ctx.Err())
	}
}

// beginCheck begins to look through the file. That ends with ctx, and when the Store is closed.
func (s *Store) beginCheck(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	c := &check{done: make(chan struct{}), end: end}
	s.check = c
	go func() {
		defer func() {
			if r := recover(); r != nil {
				c.found = openFault(s.where, fmt.Errorf("panic while it was looked through: %v", r))
			}
			end()
			close(c.done)
		}()
		if err := lookThrough(ctx, s.where); err != nil {
			c.found = openFault(s.where, err)
		}
	}()
}

// endCheck ends it, if it goes on, and waits for that.
func (s *Store) endCheck() {
	if s.check != nil {
		s.check.end()
		<-s.check.done
	}
}

// checkerPragmas leave out what is most of the time that a look takes: to hold every row to the constraints of its table, as SQLite does
// with what is written anyway, and to copy the file, of which 256 MiB at most are mapped into memory instead.
var checkerPragmas = append(slices.Clone(readerPragmas), "ignore_check_constraints(1)", "mmap_size(268435456)")

// lookThrough reads the whole file once. It panics when a page of it that is mapped can't be read; then its connection stays open, since
// nobody knows how far it was.
func lookThrough(ctx context.Context, path string) error {
	debug.SetPanicOnFault(true) // for this goroutine; else the program would end
	pool, err := sqliteConnections(ctx, path, checkerPragmas, "", 1)
	if err != nil {
		return err
	}
	var finding string
	err = pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&finding)
	if err := errors.Join(err, pool.Close()); err != nil {
		return err
	}
	if finding != "ok" {
		return &damagedError{finding}
	}
	return nil
}
