package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// The dialects.
const (
	sqliteDialect   = "sqlite"
	postgresDialect = "postgres"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect string
	where   string   // what to call the database in messages: a path, or host and name without the password
	writer  *gorm.DB // on SQLite one connection
	reader  *gorm.DB
	log     *slog.Logger
	closed  atomic.Bool
	again   atomic.Uint64 // how often a transaction was run again: see [Store.Write]
	health  health
	era     atomic.Int64 // connections to PostgreSQL that were made in an earlier one are not used any more

	beginPatience, statementPatience, commitPatience time.Duration // 0: as long as it takes

	listening *pgx.ConnConfig // how to come to PostgreSQL for listening
	bells     sync.RWMutex
	onPublic  map[*func()]bool
	drafts    recent[keptDraft]
	bases     recent[keptBase]
	// turn is held by who writes to SQLite. Those who wait get it in the order in which they came, as they would not get the
	// connection from its pool.
	turn  chan struct{}
	check *check // of an SQLite file, as long as the Store is open; nil: there is nothing to look through
}

// Open opens the database at url, which is the path of an SQLite file or a postgres:// URL. A file that does not exist
// is made, the folder that it is to lie in is not. The schema is left alone: see [Store.Migrate]. The error says in a
// sentence what is wrong with a path, with a file that is damaged or lies on a network file system, or with a server
// that does not answer.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	s, err := Begin(ctx, url, log)
	if err != nil {
		return nil, err
	}
	if err := s.Checked(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Begin is Open for who has something else to do while a file of SQLite is looked through. Nothing is written before that has ended;
// what is read may be damaged. [Store.Checked] says what was found.
func Begin(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	scheme, _, isURL := strings.Cut(url, "://")
	switch {
	case scheme == "postgres" && isURL, scheme == "postgresql" && isURL:
		return openPostgres(ctx, url, log)
	case isURL:
		return nil, fmt.Errorf("%s:// is no database that Plenary knows: give the path of a file, or a postgres:// URL", scheme)
	}
	return openSQLite(ctx, url, log)
}

// Close waits for what is under way and closes the database. What is asked afterwards is agenda.Unavailable.
func (s *Store) Close() error {
	s.closed.Store(true)
	s.endCheck()
	var failed error
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		if db == nil {
			continue
		}
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return fmt.Errorf("close %s: %w", s.where, failed)
	}
	return nil
}

// Dialect says which database it is: "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect }

// Ping asks both pools of the database for an answer. The error is agenda.Unavailable.
func (s *Store) Ping(ctx context.Context) error {
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		var one int
		if err := db.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error; err != nil {
			return fault("ping "+s.where, err, wording{})
		}
	}
	return nil
}
