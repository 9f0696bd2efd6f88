package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"plenary/internal/agenda"
)

// channel is where programs on one PostgreSQL tell each other that something was done.
const channel = "plenary"

// WordPublic is told when what the public sees has changed: a Release, or the address of an Event.
const WordPublic = "public"

// How long a silent connection is believed, how long its answer is waited for, and how long Listen waits before it comes again.
const (
	listenSilence  = 10 * time.Second
	listenPatience = 3 * time.Second
	listenPause    = 500 * time.Millisecond
)

// TellPublic says that what the public sees is another one once the transaction is committed: to this program and, on PostgreSQL, to
// all others that listen.
func (tx *Tx) TellPublic() error {
	if tx.public {
		return nil
	}
	tx.public = true
	if tx.dialect != postgresDialect {
		return nil
	}
	// PostgreSQL tells it when the transaction is committed, and not otherwise. Commits that tell something wait for each other, which
	// publishing can afford.
	return fault("tell others", tx.db.Exec("SELECT pg_notify(?, ?)", channel, WordPublic).Error, wording{})
}

// OnPublic has fn called, by the one who wrote and before [Store.Write] gives back, when this program has changed what the public sees.
// It must not wait for anything. It is called no more after stop.
func (s *Store) OnPublic(fn func()) (stop func()) {
	s.bells.Lock()
	defer s.bells.Unlock()
	if s.onPublic == nil {
		s.onPublic = map[*func()]bool{}
	}
	s.onPublic[&fn] = true
	return func() {
		s.bells.Lock()
		defer s.bells.Unlock()
		delete(s.onPublic, &fn)
	}
}

func (s *Store) ringPublic() {
	s.bells.RLock()
	defer s.bells.RUnlock()
	for fn := range s.onPublic {
		(*fn)()
	}
}

// PublicState gives a text that is another one whenever what the public sees is: which Events there are at which addresses, with which
// Release in which state. It is for comparing.
func (tx *Tx) PublicState() (string, error) {
	var heads []struct {
		Slug     string
		ID       string
		Erasures int
		Calendar int
	}
	err := tx.db.Raw(`SELECT e.slug AS slug, r.id AS id, r.erasures AS erasures, COALESCE(c.public_revision, 0) AS calendar FROM events e JOIN releases r ON r.event_id = e.id
		AND r.number = (SELECT MAX(number) FROM releases WHERE event_id = e.id) LEFT JOIN calendars c ON c.event_id = e.id ORDER BY e.id`).Scan(&heads).Error
	return fmt.Sprint(heads), fault("read the public state", err, wording{})
}

// Listen calls heard with each word that a program on the same PostgreSQL told, until ctx is done. It calls it with "" whenever it
// begins to listen, the first time and after a connection was lost: words may have been missed. It comes again by itself. On SQLite
// nobody tells anything, and it gives back at once.
func (s *Store) Listen(ctx context.Context, heard func(word string)) {
	if s.dialect != postgresDialect {
		return
	}
	for quiet := false; ctx.Err() == nil; {
		err := s.listenOnce(ctx, heard, &quiet)
		if ctx.Err() == nil && !quiet {
			s.log.WarnContext(ctx, "changes by other programs are seen later: the database does not tell them", "error", err)
			quiet = true // it is said once, until it is well again
		}
		select {
		case <-ctx.Done():
		case <-time.After(listenPause):
		}
	}
}

// listenOnce listens on a connection of its own until that fails. Once it listens, quiet is false.
func (s *Store) listenOnce(ctx context.Context, heard func(string), quiet *bool) error {
	conn, err := pgx.ConnectConfig(ctx, s.listening.Copy())
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(last) // it is of no more use, whatever it says
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	*quiet = false
	heard("")
	for {
		silence, cancel := context.WithTimeout(ctx, listenSilence)
		told, err := conn.WaitForNotification(silence)
		cancel()
		switch {
		case err == nil:
			heard(told.Payload)
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			if err := alive(ctx, conn); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// alive asks a silent connection whether there is still somebody.
func alive(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, listenPatience)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		return agenda.Errorf(agenda.Unavailable, "The database does not answer: %w", err)
	}
	return nil
}
