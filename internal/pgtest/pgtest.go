package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	envServer  = "PLENARY_TEST_POSTGRES"
	envRequire = "PLENARY_TEST_REQUIRE_POSTGRES"
	envBin     = "PLENARY_TEST_POSTGRES_BIN"

	skipped = "SKIPPED: PostgreSQL's server programs (initdb, postgres) are not installed; PostgreSQL is not tested"

	// patience bounds one administrative statement; a machine under load takes seconds, a hung server takes for ever.
	patience = time.Minute

	// garbage is how much, in per cent of what is in use, waits for the collector. Tests make much that lives for a request: at Go's
	// 100 a sixth of their time goes into collecting it.
	garbage = 400

	// memory is from how many bytes on it is collected sooner, so that small machines have enough.
	memory = 2 << 30

	// behind is how many databases of tests that have ended are kept. A server process ends a moment after its connection, and who
	// drops a database before waits a tenth of a second for it.
	behind = 8
)

var errNoPrograms = errors.New("PostgreSQL's server programs (initdb, postgres) are not installed")

// server is the test process's one PostgreSQL. It is package state because a test process has one end, TestMain,
// and the tests of one package share the second or two that a start takes.
var server struct {
	sync.Mutex
	inMain    bool
	started   bool
	admin     string
	err       error
	cluster   *cluster
	templates []string
	over      []string // databases of tests that have ended
}

// Main runs the tests of a package, then stops and removes the server that they started, if they did. TestMain
// passes its answer to os.Exit.
func Main(m *testing.M) int {
	server.Lock()
	server.inMain = true
	server.Unlock()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(memory)
	}

	code := m.Run()

	server.Lock()
	defer server.Unlock()
	if errors.Is(server.err, errNoPrograms) {
		fmt.Fprintln(os.Stderr, skipped)
	}
	if server.cluster == nil {
		if err := dropAll(server.admin, append(server.templates, server.over...)); err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
			return max(code, 1)
		}
		return code
	}
	if err := server.cluster.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// URL answers with the URL of a fresh, empty database, which is dropped some time after the test ends. It skips the test where
// PostgreSQL is not installed, and fails it where PostgreSQL is installed and does not start.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, admin(t), "")
}

// admin is adminURL for a test, which ends when there is none.
func admin(t testing.TB) string {
	t.Helper()
	url, err := adminURL()
	switch {
	case errors.Is(err, errNoPrograms) && os.Getenv(envRequire) != "1":
		t.Skip(skipped)
	case err != nil:
		t.Fatalf("pgtest: %v", err)
	}
	return url
}

// create makes a database for a test, as a copy of the one of that name unless it is empty.
func create(t testing.TB, admin, template string) string {
	t.Helper()
	name := databaseName()
	fresh, err := withDatabase(admin, name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template + copying()
	}
	if err := execute(admin, statement); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := dropAll(admin, leave(name)); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return fresh
}

// leave says that the test of a database has ended, and gives those of which that was so long ago that they can be dropped.
func leave(name string) (old []string) {
	server.Lock()
	defer server.Unlock()
	server.over = append(server.over, name)
	if n := len(server.over) - behind; n > 0 {
		old, server.over = server.over[:n:n], server.over[n:]
	}
	return old
}

// dropAll drops databases. By force, because a test that failed half-way has not closed its connections.
func dropAll(admin string, names []string) error {
	var failures error
	for _, name := range names {
		failures = errors.Join(failures, execute(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"))
	}
	return failures
}

// Here says whether there is a PostgreSQL to test on. It starts it.
func Here() bool {
	_, err := adminURL()
	return err == nil
}

// adminURL answers with the URL of the server's own database, starting the server on the first call. A failure is
// remembered: trying again would cost every test the same wait.
func adminURL() (string, error) {
	server.Lock()
	defer server.Unlock()
	if !server.inMain {
		return "", errors.New("TestMain must call pgtest.Main, or nobody stops the server")
	}
	if server.started {
		return server.admin, server.err
	}
	server.started = true
	if given := os.Getenv(envServer); given != "" {
		server.admin = given
		return server.admin, nil
	}
	server.cluster, server.err = start()
	if server.err == nil {
		server.admin = server.cluster.url()
	}
	return server.admin, server.err
}

// databaseName makes a name that needs no quoting, and that several test processes can draw on one server.
func databaseName() string {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails: the program ends first
	return "plenary_test_" + hex.EncodeToString(random)
}

// withDatabase puts another database's name into a server's URL.
func withDatabase(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		// The URL may hold a password, so the message does not repeat it.
		return "", fmt.Errorf("%s is not a URL of the form postgres://user:password@host:port/database", envServer)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// kept is the one connection for administration. A connection of its own for each statement would cost the server a process each time.
var kept struct {
	sync.Mutex
	url  string
	conn *pgx.Conn
}

// execute runs one statement outside of a transaction, on the kept connection: CREATE DATABASE allows none, and a pool would keep
// connections that count against the server's limit.
func execute(admin, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kept.Lock()
	defer kept.Unlock()
	if kept.conn == nil || kept.conn.IsClosed() || kept.url != admin {
		conn, err := pgx.Connect(ctx, admin)
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		kept.conn, kept.url = conn, admin
	}
	if _, err := kept.conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// copying says how a database is copied, in the words of CREATE DATABASE. On a server of our own it is by copying files, which is
// half the work of writing each page to the log; another one would wait for its disk. PostgreSQL 14 copies files only, and has no word.
func copying() string {
	server.Lock()
	ours := server.cluster != nil
	server.Unlock()
	kept.Lock()
	defer kept.Unlock()
	if !ours || kept.conn == nil {
		return ""
	}
	major, _, _ := strings.Cut(kept.conn.PgConn().ParameterStatus("server_version"), ".")
	if version, err := strconv.Atoi(major); err != nil || version < 15 {
		return ""
	}
	return " STRATEGY FILE_COPY"
}
