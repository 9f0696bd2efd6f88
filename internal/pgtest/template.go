package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Template is a database that is prepared once in a test process, and copied for every test: a copy takes a fraction of the time
// that the migrations take, and is the same.
type Template struct {
	prepare  func(ctx context.Context, url string) error
	postgres func() (string, error) // the name of the prepared database
	file     func() ([]byte, error) // the prepared SQLite file
}

// NewTemplate gives a Template of what prepare makes of the empty database at url, a PostgreSQL URL or the path of an SQLite file.
// prepare closes its connections, and it runs when the first copy is asked for.
func NewTemplate(prepare func(ctx context.Context, url string) error) *Template {
	t := &Template{prepare: prepare}
	t.postgres, t.file = sync.OnceValues(t.preparePostgres), sync.OnceValues(t.prepareFile)
	return t
}

// URL is like the function URL, for a copy.
func (p *Template) URL(t testing.TB) string {
	t.Helper()
	admin := admin(t)
	name, err := p.postgres()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return create(t, admin, name)
}

// File gives the path of a copy that is an SQLite file in a Folder.
func (p *Template) File(t testing.TB) string {
	t.Helper()
	body, err := p.file()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	path := filepath.Join(Folder(t), "plenary.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// preparePostgres leaves the database to the end of the process.
func (p *Template) preparePostgres() (string, error) {
	admin, err := adminURL()
	if err != nil {
		return "", err
	}
	name := databaseName()
	url, err := withDatabase(admin, name)
	if err != nil {
		return "", err
	}
	if err := execute(admin, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	server.Lock()
	server.templates = append(server.templates, name)
	server.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return name, p.prepare(ctx, url)
}

func (p *Template) prepareFile() (body []byte, err error) {
	dir, err := os.MkdirTemp("", dirPrefix)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "template.db")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.prepare(ctx, path); err != nil {
		return nil, err
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil, fmt.Errorf("%s: the template is still open, or was not closed well: it has a log", path)
	}
	return os.ReadFile(path) // #nosec G304 -- tests only, a file of our own
}
