package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// How often Write runs its function again when PostgreSQL asks for it, and how long it waits before the first time.
const (
	retries = 3
	pause   = 10 * time.Millisecond
)

// Tx is a transaction. It ends with the function that it was given to and is not safe for concurrent use.
type Tx struct {
	db        *gorm.DB
	dialect   string
	committed []func()
	public    bool // it changed what the public sees
	store     *Store
	writes    bool
	rooms     map[agenda.ID][]agenda.Room // of events, as far as they were read: see [Tx.AllRooms]
	drafts    map[agenda.ID]*ownDraft     // likewise: see [Tx.Draft]
	touched   touches
}

// AfterCommit has fn called once the transaction is committed, before [Store.Write] gives back. It is not called when that
// fails or is taken back. It must not wait for anything.
func (tx *Tx) AfterCommit(fn func()) { tx.committed = append(tx.committed, fn) }

// Read hands fn one consistent view of the database, in which nothing can be changed. It gives the error of fn, or
// agenda.Unavailable. On PostgreSQL fn is run again, once, when another program brought the schema up to date meanwhile: fn must
// be repeatable.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	era := s.era.Load()
	err := s.readOnce(ctx, fn)
	if s.outlived(err, false, era) {
		err = s.readOnce(ctx, fn)
	}
	return err
}

// readOnce is Read for a function that can't be repeated.
func (s *Store) readOnce(ctx context.Context, fn func(*Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if s.dialect == postgresDialect {
		options.Isolation = sql.LevelRepeatableRead
	}
	return s.transact(ctx, s.reader, options, fn)
}

// Write hands fn a transaction and commits it, unless fn gives an error or panics. On SQLite it is alone from its
// beginning. On PostgreSQL others run beside it (see [Tx.LockEvent]), and fn is run again, up to three times, when the
// database found it in a deadlock or in a conflict, or when the connection was made before a migration or is to a server that
// became a standby: fn must be repeatable. It gives the error of fn or of the commit.
//
// Nothing in fn may wait for another Write, nor for the network: on SQLite every other writer waits for fn.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	options := &sql.TxOptions{}
	if s.dialect == postgresDialect {
		options.Isolation = sql.LevelReadCommitted
	}
	if err := s.Checked(ctx); err != nil {
		return fault("wait to write", err, wording{})
	}
	if s.turn != nil {
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return fault("wait to write", ctx.Err(), wording{})
		}
	}
	era := s.era.Load()
	err := s.transact(ctx, s.writer, options, fn)
	for try := 1; try <= retries && (repeatable(err) || s.outlived(err, true, era)); try++ {
		// Who runs again at once takes the lock from under whoever was just let go on, and both are where they were.
		select {
		case <-time.After(time.Duration(try) * pause):
		case <-ctx.Done():
			return err
		}
		s.again.Add(1)
		era = s.era.Load()
		err = s.transact(ctx, s.writer, options, fn)
	}
	return err
}

func (s *Store) transact(ctx context.Context, db *gorm.DB, options *sql.TxOptions, fn func(*Tx) error) (err error) {
	ctx, ended := traced(ctx, s.dialect, options.ReadOnly)
	defer func() { ended(err) }()
	defer func() { s.health.note(err) }()
	if s.closed.Load() {
		return agenda.Errorf(agenda.Unavailable, "The program is being stopped. Try again in a moment.")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begins := within(s.beginPatience, cancel)
	begun := db.WithContext(ctx).Begin(options)
	for try := 1; try <= retries && errors.Is(begun.Error, driver.ErrBadConn); try++ { // the pool itself gives up after three of an era that is over
		begun = db.WithContext(ctx).Begin(options)
	}
	begins()
	if begun.Error != nil {
		return fault("begin", begun.Error, wording{})
	}
	if raw, ok := begun.Statement.ConnPool.(*sql.Tx); ok && s.statementPatience > 0 {
		begun.Statement.ConnPool = &patient{raw, s.statementPatience, cancel}
	}
	open := true
	defer func() {
		if open { // fn gave an error, or panicked
			begun.Rollback()
		}
	}()
	tx := &Tx{db: begun, dialect: s.dialect, store: s, writes: !options.ReadOnly}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.keepTurns(); err != nil {
		return err
	}
	open = false
	commits := within(s.commitPatience, cancel)
	err = begun.Commit().Error
	commits()
	if err != nil {
		return fault("commit", err, wording{})
	}
	for _, tell := range tx.committed {
		tell()
	}
	if tx.public {
		s.ringPublic()
	}
	return nil
}

// within calls cancel unless done is called in that time; 0: whenever that may be.
func within(patience time.Duration, cancel func()) (done func()) {
	if patience == 0 {
		return func() {}
	}
	timer := time.AfterFunc(patience, cancel)
	return func() { timer.Stop() }
}

// repeatable says whether PostgreSQL asks to run the transaction again: a conflict of serialization, or a deadlock.
func repeatable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// Alone says whether nobody else can write while this transaction lasts. It is so on SQLite, from its beginning.
func (tx *Tx) Alone() bool { return tx.dialect == sqliteDialect }

// LockEvent makes other transactions that lock the same event wait until this one ends. Whoever decides by what is
// already there (is the room free?) calls it first. On SQLite a writing transaction is alone anyway.
func (tx *Tx) LockEvent(event agenda.ID) error {
	if tx.dialect != postgresDialect {
		return nil
	}
	return tx.lock("event " + string(event))
}

// LockResources makes other transactions that lock any of the same resources wait until this one ends, whichever event they
// are about. It is called after [Tx.LockEvent], never before. On SQLite a writing transaction is alone anyway.
func (tx *Tx) LockResources(resources []agenda.Resource) error {
	if tx.dialect != postgresDialect {
		return nil
	}
	names := convert(resources, func(r agenda.Resource) string { return string(r.Kind) + " " + string(r.ID) })
	slices.Sort(names) // all in one order, or two wait for each other
	for _, name := range slices.Compact(names) {
		if err := tx.lock(name); err != nil {
			return err
		}
	}
	return nil
}

// lock waits until no other transaction has a lock of that name.
func (tx *Tx) lock(name string) error {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))                                                 // never fails
	err := tx.db.Exec("SELECT pg_advisory_xact_lock(?)", int64(h.Sum64())).Error // #nosec G115 -- all 64 bits, whatever the sign
	return fault("lock "+name, err, wording{})
}
