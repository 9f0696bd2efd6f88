package store

import (
	"context"
	"fmt"
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
		if err := s.quickCheck(ctx, false); err != nil {
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
