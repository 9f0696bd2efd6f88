// Package db holds the SQL and the demonstration data that are compiled into the program.
package db

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql demo/*.json
var files embed.FS

// Migrations gives the goose migrations of a database, "sqlite" or "postgres": NNNN_name.sql, the same numbers and
// names for both.
func Migrations(dialect string) (fs.FS, error) {
	migrations, err := fs.Sub(files, "migrations/"+dialect)
	if err != nil {
		return nil, fmt.Errorf("migrations for %q: %w", dialect, err)
	}
	if _, err := fs.Stat(migrations, "."); err != nil {
		return nil, fmt.Errorf("migrations for %q: %w", dialect, err)
	}
	return migrations, nil
}

// Demo gives the files of the demonstration event.
func Demo() fs.FS {
	demo, err := fs.Sub(files, "demo")
	if err != nil {
		// fs.Sub fails for paths that are not valid only, and this one is.
		panic("db: " + err.Error())
	}
	return demo
}
