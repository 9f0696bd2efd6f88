package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// lookerPragmas are those of a connection that changes nothing.
var lookerPragmas = []string{"busy_timeout(5000)", "query_only(1)", "trusted_schema(0)", "cell_size_check(1)"}

// Look opens the database at url to look at it: nothing is made, migrated, mended or moved into the file, and it is not checked (see
// [Store.Check]). What is there may be of any schema. The Store must not be written to. The error is fs.ErrNotExist for a file that is not there;
// else it says in a sentence what is wrong.
func Look(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	if strings.Contains(url, "://") {
		return Open(ctx, url, log) // which changes nothing on PostgreSQL
	}
	place, err := PlaceOf(url)
	if err != nil {
		return nil, err
	}
	if place.Size > 0 && place.Size < smallestDatabase {
		return nil, openFault(place.Path, &damagedError{"the file is too short"})
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	mode := "&mode=ro"
	if _, err := os.Stat(place.Path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		// Nobody has it open. SQLite would make the files that those who have it open share, and they would be ours.
		mode += "&immutable=1"
	}
	s := &Store{dialect: sqliteDialect, where: place.Path, log: log}
	pool, err := sqlitePool(ctx, place.Path, lookerPragmas, mode, 1, log)
	if err != nil {
		return nil, openFault(place.Path, err)
	}
	s.reader, s.writer = pool, pool
	return s, nil
}

// Check reads the whole database and gives what is wrong with it, at most ten sentences; none: nothing is. Thoroughly it compares
// indexes with their tables and follows every reference too, which takes longer. PostgreSQL looks after itself: there it gives none.
func (s *Store) Check(ctx context.Context, thoroughly bool) (wrong []string, err error) {
	if s.dialect != sqliteDialect {
		return nil, nil
	}
	check := "PRAGMA quick_check(10)"
	if thoroughly {
		check = "PRAGMA integrity_check(10)"
	}
	db := s.reader.WithContext(ctx)
	if err := db.Raw(check).Scan(&wrong).Error; err != nil {
		return nil, openFault(s.where, err)
	}
	if len(wrong) == 1 && wrong[0] == "ok" {
		wrong = nil
	}
	if !thoroughly || len(wrong) > 0 {
		return wrong, nil
	}
	var broken []struct{ Table, Parent string }
	if err := db.Raw(`SELECT DISTINCT "table", parent FROM pragma_foreign_key_check LIMIT 10`).Scan(&broken).Error; err != nil {
		return nil, openFault(s.where, err)
	}
	for _, b := range broken {
		wrong = append(wrong, fmt.Sprintf("a row of %s refers to one of %s that is not there", b.Table, b.Parent))
	}
	return wrong, nil
}

// Place is where an SQLite file lies.
type Place struct {
	Path      string // absolute
	Size, Log int64  // bytes of the file and of its write-ahead log; 0: it has none
	Mode      fs.FileMode
	Folder    fs.FileMode // of the folder that it is in
	Free      int64       // bytes on its disk that we may use; -1: not known
	Network   string      // why it must not lie there; "": it may
}

// PlaceOf gives where an SQLite file lies. The error is fs.ErrNotExist where there is none.
func PlaceOf(path string) (Place, error) {
	if path == "" || path == ":memory:" || strings.HasPrefix(path, "file:") {
		return Place{}, fmt.Errorf("%q is not the path of a database file", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return Place{}, fmt.Errorf("the database %s: %w", path, err)
	}
	p, folder := Place{Path: path, Free: -1}, filepath.Dir(path)
	above, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("the folder %s for the database does not exist: %w", folder, fs.ErrNotExist)
	}
	if err != nil {
		return p, fmt.Errorf("the folder of the database: %w", err)
	}
	p.Folder, p.Free = above.Mode(), freeBytes(folder)
	if err := refuseNetwork(folder); err != nil {
		p.Network = err.Error()
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("there is no database at %s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return p, fmt.Errorf("the database: %w", err)
	}
	if !info.Mode().IsRegular() {
		return p, fmt.Errorf("the database can't be at %s: that is not a file", path)
	}
	p.Size, p.Mode, p.Log = info.Size(), info.Mode(), sizeOf(path+"-wal")
	return p, nil
}
