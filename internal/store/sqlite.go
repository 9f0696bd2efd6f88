package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	driver "modernc.org/sqlite" // registers itself as "sqlite"
)

// Settings of every connection. busy_timeout comes first, because the ones after it may have to wait for a lock.
var (
	// FULL, because an answered request must survive a power cut; 64 MiB of log are given back after a large write. What is
	// deleted is overwritten, so that who was erased is not in pages that are free.
	writerPragmas = []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"journal_size_limit(67108864)", "trusted_schema(0)", "cell_size_check(1)", "secure_delete(1)"}
	readerPragmas = []string{"busy_timeout(10000)", "query_only(1)", "foreign_keys(1)", "trusted_schema(0)",
		"cell_size_check(1)"}
)

// SQLite's result codes, https://www.sqlite.org/rescode.html. The lowest byte is the primary code.
const (
	sqliteBusy         = 5
	sqliteLocked       = 6
	sqliteReadOnly     = 8
	sqliteInterrupt    = 9
	sqliteIOErr        = 10
	sqliteCorrupt      = 11
	sqliteFull         = 13
	sqliteCantOpen     = 14
	sqliteNotADatabase = 26
	sqliteCheck        = 275
	sqliteForeignKey   = 787
	sqliteNotNull      = 1299
	sqlitePrimaryKey   = 1555
	sqliteTrigger      = 1811
	sqliteUnique       = 2067
)

const (
	sqliteReadersAtMost = 16
	smallestDatabase    = 512 // bytes: SQLite's smallest page

	sqlitePatience = 10 * time.Second // that of busy_timeout
	sqliteBetween  = 5 * time.Millisecond
)

func openSQLite(ctx context.Context, path string, log *slog.Logger) (*Store, error) {
	path, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: sqliteDialect, where: path, log: log, turn: make(chan struct{}, 1)}
	s.writer, err = sqlitePool(ctx, path, writerPragmas, "&_txlock=immediate", 1, log)
	if err == nil {
		readers := min(max(4, runtime.NumCPU()), sqliteReadersAtMost)
		s.reader, err = sqlitePool(ctx, path, readerPragmas, "", readers, log)
	}
	if err != nil {
		return nil, errors.Join(openFault(path, err), s.Close())
	}
	s.beginCheck(ctx)
	return s, nil
}

// prepareFile says why there can be no database at path, and makes an empty file where there is none, so that nobody
// else on the machine can read it. It gives the path as an absolute one.
func prepareFile(path string) (string, error) {
	if path == "" || path == ":memory:" || strings.HasPrefix(path, "file:") {
		return "", fmt.Errorf("%q is not the path of a database file", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("the database %s: %w", path, err)
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the folder %s for the database does not exist: make it first", folder)
	} else if err != nil {
		return "", fmt.Errorf("the folder of the database: %w", err)
	} else if !info.IsDir() {
		return "", fmt.Errorf("the database can't be at %s: %s is not a folder", path, folder)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("the database can't be at %s: that is not a file", path)
	} else if err == nil && info.Size() > 0 && info.Size() < smallestDatabase {
		// SQLite would take it for an empty database and write over it.
		return "", openFault(path, &damagedError{"the file is too short"})
	}
	if err := refuseNetwork(folder); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- the path is that of whoever runs the program
	if errors.Is(err, fs.ErrExist) {
		return path, nil
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return "", fmt.Errorf("the database can't be made: %w", err)
	}
	return path, nil
}

func sqlitePool(ctx context.Context, path string, pragmas []string, more string, size int, log *slog.Logger) (*gorm.DB, error) {
	pool, err := sqliteConnections(ctx, path, pragmas, more, size)
	if err != nil {
		return nil, err
	}
	db, err := gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), settings(log))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

func sqliteConnections(ctx context.Context, path string, pragmas []string, more string, size int) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	name := (&url.URL{Scheme: "file", Path: slashed}).String() + "?_dqs=0" + more
	for _, p := range pragmas {
		name += "&_pragma=" + url.QueryEscape(p)
	}
	connector, err := driver.NewConnector(name)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(readyConnector{connector})
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if err := connectSQLite(ctx, pool); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return pool, nil
}

// connectSQLite makes the first connection, and tries again when somebody else turns the journal of the same new file into a
// write-ahead log, or closes the last connection to it: of two who each wait for the other, SQLite refuses one at once, whatever
// its busy_timeout.
func connectSQLite(ctx context.Context, pool *sql.DB) error {
	deadline := time.Now().Add(sqlitePatience)
	for {
		err := pool.PingContext(ctx)
		if sqliteCode(err)&0xff != sqliteBusy || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(sqliteBetween):
		}
	}
}

// damagedError is a file that SQLite opens, and in which it then finds faults.
type damagedError struct{ finding string }

func (e *damagedError) Error() string { return e.finding }

// quickCheck reads the whole file once, and holds every row to the constraints of its table: SQLite itself opens a file with a broken page
// without a word, and fails or answers wrongly when it comes to that page.
func (s *Store) quickCheck(ctx context.Context) error {
	var findings []string
	err := s.reader.WithContext(ctx).Connection(func(one *gorm.DB) error {
		// What the connection remembers is not what the disk has.
		if err := one.Exec("PRAGMA shrink_memory").Error; err != nil {
			return err
		}
		return one.Raw("PRAGMA quick_check(1)").Scan(&findings).Error
	})
	if err != nil {
		return err
	}
	if len(findings) == 1 && findings[0] == "ok" {
		return nil
	}
	return &damagedError{strings.Join(findings, "; ")}
}

// openFault says in a sentence why the file at path can't be opened.
func openFault(path string, err error) error {
	var damaged *damagedError
	code := sqliteCode(err) & 0xff
	switch {
	case errors.As(err, &damaged), code == sqliteCorrupt, code == sqliteNotADatabase:
		return fmt.Errorf("the database %s is damaged, or is not a database of Plenary. Nothing was changed. "+
			"Move it away, with its -wal and -shm if they are there, and put a backup in its place with `plenary restore BACKUP`: %w", path, err)
	case code == sqliteBusy, code == sqliteLocked:
		return fmt.Errorf("the database %s is locked by another program: %w", path, err)
	}
	return fmt.Errorf("the database %s can't be opened: %w", path, err)
}

// sqliteCode gives SQLite's extended result code, and 0 for an error of another kind.
func sqliteCode(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// EmptyLog moves what SQLite's write-ahead log holds into the database and empties it, so that what was deleted is in neither.
// While somebody reads an older state it stays, and nobody waits for them; the next one empties it. On PostgreSQL there is nothing to do: its log is the
// administrator's.
func (s *Store) EmptyLog(ctx context.Context) error {
	if s.dialect == postgresDialect {
		return nil
	}
	err := s.writer.WithContext(ctx).Connection(func(one *gorm.DB) error {
		// All writers wait for this connection, and who copies the log to another place reads it without an end.
		if err := one.Exec("PRAGMA busy_timeout = 200").Error; err != nil {
			return err
		}
		return errors.Join(one.Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error, one.WithContext(context.WithoutCancel(ctx)).Exec("PRAGMA "+writerPragmas[0]).Error)
	})
	return fault("empty the log", err, wording{})
}
