package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// Server is what there is to know of a PostgreSQL for running Plenary on it.
type Server struct {
	Version     string // as people say it: 17.2
	Number      int    // 170002
	Encoding    string
	Fsync       string // on, or what is committed can be lost
	FullPages   string // likewise
	Commit      string // synchronous_commit
	Standbys    string // synchronous_standby_names
	Standby     bool   // it follows another, and takes no changes
	Gist        bool   // the extension btree_gist is there
	Encrypted   bool   // the connection is
	Local       bool   // it goes by a socket of this machine, or by its loopback
	Size        int64  // bytes of the database
	Connections int    // of all programs
	MostAtOnce  int    // max_connections
}

// Server asks PostgreSQL about itself.
func (s *Store) Server(ctx context.Context) (v Server, err error) {
	err = s.reader.WithContext(ctx).Raw(`SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
 current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_pages,
 current_setting('synchronous_commit') AS commit, current_setting('synchronous_standby_names') AS standbys, pg_is_in_recovery() AS standby,
 EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'btree_gist') AS gist,
 COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
 COALESCE(inet_server_addr() <<= '127.0.0.0/8'::inet OR inet_server_addr() = '::1'::inet, true) AS local,
 pg_database_size(current_database()) AS size, (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
 current_setting('max_connections')::int AS most_at_once`).Scan(&v).Error
	return v, fault("ask the server", err, wording{})
}

// Clock asks the database what time it is. SQLite has the clock of this machine.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	if s.dialect != postgresDialect {
		return time.Now(), nil
	}
	var at time.Time
	err := s.reader.WithContext(ctx).Raw("SELECT clock_timestamp()").Scan(&at).Error
	return at, fault("ask for the time", err, wording{})
}

// doctorChannel is what nobody else listens to.
const doctorChannel = "plenary_doctor"

// errDeaf is what a pooler that hands each transaction to another connection makes of LISTEN.
var errDeaf = errors.New("nothing is heard on a connection that listens: something between here and PostgreSQL, such as a pooler by transaction, takes connections apart")

// Hears tries whether what one connection notifies of, another hears. On SQLite there is nothing to hear.
func (s *Store) Hears(ctx context.Context) (err error) {
	if s.dialect != postgresDialect {
		return nil
	}
	pool, err := s.reader.DB()
	if err != nil {
		return err
	}
	listening, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listening.Close()) }()
	return listening.Raw(func(c any) error {
		conn := c.(*stdlib.Conn).Conn()
		if _, err := conn.Exec(ctx, "LISTEN "+doctorChannel); err != nil {
			return fmt.Errorf("LISTEN: %w", err)
		}
		defer func() { _, _ = conn.Exec(ctx, "UNLISTEN "+doctorChannel) }() // the connection is closed in a moment
		if _, err := pool.ExecContext(ctx, "SELECT pg_notify($1, 'x')", doctorChannel); err != nil {
			return fmt.Errorf("NOTIFY: %w", err)
		}
		patience, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		if _, err := conn.WaitForNotification(patience); err != nil {
			return errors.Join(errDeaf, err)
		}
		return nil
	})
}
