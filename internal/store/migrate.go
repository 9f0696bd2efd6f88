package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"

	"plenary/db"
)

// Migrate brings the schema up to the program's and says how many migrations that took. Several processes may do so at
// once. A database that a newer program has migrated is refused, and left as it is.
func (s *Store) Migrate(ctx context.Context) (applied int, err error) {
	database, program, err := s.Version(ctx)
	if err != nil {
		return 0, err
	}
	if database > program {
		return 0, fmt.Errorf("the database %s is of a newer Plenary: its schema is %d, and this program knows %d. "+
			"Run the newer program, or restore a backup from before", s.where, database, program)
	}
	if database == program {
		return 0, nil
	}
	if err := s.Checked(ctx); err != nil {
		return 0, err
	}
	for {
		n, err := s.migrate(ctx)
		applied += n
		if err == nil || s.dialect == postgresDialect {
			return applied, err
		}
		// SQLite has no lock that outlives a transaction. When another process was faster with a migration, ours failed
		// and left no trace; there is nothing wrong as long as somebody gets on.
		now, _, versionErr := s.Version(ctx)
		if versionErr != nil || now <= database {
			return applied, errors.Join(err, versionErr)
		}
		database = now
	}
}

func (s *Store) migrate(ctx context.Context) (int, error) {
	provider, err := s.provider()
	if err != nil {
		return 0, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) {
			results = partial.Applied
		}
		return len(results), fmt.Errorf("migrate %s: %w", s.where, err)
	}
	return len(results), nil
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := db.Migrations(s.dialect)
	if err != nil {
		return nil, err
	}
	pool, err := s.writer.DB()
	if err != nil {
		return nil, fmt.Errorf("migrate %s: %w", s.where, err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	dialect := goose.DialectSQLite3
	if s.dialect == postgresDialect {
		dialect = goose.DialectPostgres
		// Ask every second, for five minutes: another process may have a large table to change.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, fmt.Errorf("migrate %s: %w", s.where, err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, pool, files, options...)
	if err != nil {
		return nil, fmt.Errorf("migrate %s: %w", s.where, err)
	}
	return provider, nil
}

// Version gives the number of the newest migration in the database, 0 for an empty one, and of the newest that the
// program has.
func (s *Store) Version(ctx context.Context) (database, program int64, err error) {
	provider, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	for _, source := range provider.ListSources() {
		program = max(program, source.Version)
	}
	database, err = s.schema(s.reader.WithContext(ctx))
	if err != nil {
		return 0, 0, fmt.Errorf("the schema's version in %s: %w", s.where, err)
	}
	return database, program, nil
}

// schema gives the number of the newest migration in the database, 0 for an empty one. Goose itself would make its
// table when asked, and a question should change nothing.
func (s *Store) schema(db *gorm.DB) (int64, error) {
	tables := "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'"
	if s.dialect == postgresDialect {
		tables = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')"
	}
	var n int
	if err := db.Raw(tables).Scan(&n).Error; err != nil || n == 0 {
		return 0, err
	}
	var newest sql.NullInt64
	err := db.Raw("SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&newest).Error
	return newest.Int64, err
}

// ProgramSchema gives the number of the newest migration that the program has.
func ProgramSchema() (int64, error) {
	files, err := db.Migrations(sqliteDialect)
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("the migrations: %w", err)
	}
	newest := int64(0)
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("the migration %s: %w", name, err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}
