package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	// Who reads and who writes have a pool each: writers who wait for each other, or for a standby, take no connection from
	// readers. PostgreSQL's own limit is 100 for all programs.
	postgresReaders = 10
	postgresWriters = 10
	// connectPatience is how long one server may take to let somebody in. The URL may name several.
	connectPatience = 4 * time.Second
	// lockPatience is how long PostgreSQL lets a statement wait for a lock. There is no such limit for a statement as a whole: one
	// that ends a COMMIT which waits for the synchronous standby makes PostgreSQL call it done.
	lockPatience = 10 * time.Second
	// silence is how long a server may leave unanswered what the network should have told it.
	silence = 10 * time.Second
	// beginPatience is how long a transaction may wait for a connection, which includes making one, and for beginning on it.
	beginPatience = 10 * time.Second
	// statementPatience is how long a statement may take to begin to answer. It is longer than one may wait for a lock.
	statementPatience = 20 * time.Second
	// commitPatience is how long a commit may take. One that is given up may be done all the same: whoever sent it has to look, or
	// repeats it with a key.
	commitPatience = 10 * time.Second
)

func openPostgres(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The parser leaves the password out of its message.
		return nil, fmt.Errorf("the database's URL: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectPatience
	}
	for name, value := range map[string]string{"application_name": "plenary", "lock_timeout": strconv.FormatInt(lockPatience.Milliseconds(), 10)} {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	config.DialFunc = dialer().DialContext
	s := &Store{dialect: postgresDialect, where: fmt.Sprintf("%s at %s", config.Database, hosts(config)), log: log, listening: config,
		beginPatience: beginPatience, statementPatience: statementPatience, commitPatience: commitPatience}
	if s.reader, err = s.pool(ctx, config, postgresReaders); err != nil {
		return nil, err
	}
	if s.writer, err = s.pool(ctx, config, postgresWriters); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// pool opens connections to the server that the configuration names, the first of several that is as it asks for.
func (s *Store) pool(ctx context.Context, config *pgx.ConnConfig, most int) (*gorm.DB, error) {
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(s.begins), stdlib.OptionResetSession(s.stillGood))
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	// A pool behind a balancer finds its way to the servers that were added.
	pool.SetConnMaxLifetime(30 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the database %s does not answer: %w", s.where, err), pool.Close())
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), settings(s.log))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the database %s: %w", s.where, err), pool.Close())
	}
	return db, nil
}

// hosts names the servers that the URL names.
func hosts(config *pgx.ConnConfig) string {
	names := []string{config.Host}
	for _, f := range config.Fallbacks { // one for each way of speaking to it
		if !slices.Contains(names, f.Host) {
			names = append(names, f.Host)
		}
	}
	return strings.Join(names, ", ")
}

// dialer makes connections that notice within seconds when the other machine is gone without a word, as one that lost its power
// is: a pool of such would else wait for a quarter of an hour.
func dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 2, Interval: silence / 4, Count: 2},
		Control:         giveUpAfter(silence),
	}
}

// era is what a connection remembers of when it was made.
const era = "plenary_era"

// begins notes in which era a connection was made.
func (s *Store) begins(_ context.Context, conn *pgx.Conn) error {
	conn.PgConn().CustomData()[era] = s.era.Load()
	return nil
}

// stillGood lets a connection of an era that is over be closed, before somebody gets it.
func (s *Store) stillGood(_ context.Context, conn *pgx.Conn) error {
	if made, ok := conn.PgConn().CustomData()[era].(int64); !ok || made < s.era.Load() {
		return driver.ErrBadConn
	}
	return nil
}

// outlived says whether what PostgreSQL said means that our connections are of no more use, and has them made anew: one that
// prepared its statements before another program brought the schema up to date (0A000), or whose server was the primary once and
// is now a standby (25006). The transaction began in that era: of many that fail at once, the first ends it, and what was made since
// is good.
func (s *Store) outlived(err error, write bool, began int64) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "0A000" && (e.Code != "25006" || !write) {
		return false
	}
	s.era.CompareAndSwap(began, began+1)
	return true
}
