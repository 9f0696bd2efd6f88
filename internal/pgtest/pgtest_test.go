package pgtest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func query[T any](t *testing.T, conn *pgx.Conn, sql string) T {
	t.Helper()
	var got T
	if err := conn.QueryRow(context.Background(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func TestURLGivesEachTestAnEmptyDatabase(t *testing.T) {
	one, two := connect(t, URL(t)), connect(t, URL(t))
	if _, err := one.Exec(context.Background(), "CREATE TABLE rooms (id int)"); err != nil {
		t.Fatal(err)
	}
	const tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
	got := []int{query[int](t, one, tables), query[int](t, two, tables)}
	if diff := cmp.Diff([]int{1, 0}, got); diff != "" {
		t.Errorf("tables in the two databases (-want +got):\n%s", diff)
	}
}

// TestURLDropsItsDatabase leaves a connection open on purpose: a failed test does. The database goes when some tests have come after.
func TestURLDropsItsDatabase(t *testing.T) {
	var name string
	t.Run("a test", func(t *testing.T) {
		conn, err := pgx.Connect(context.Background(), URL(t))
		if err != nil {
			t.Fatal(err)
		}
		name = query[string](t, conn, "SELECT current_database()")
	})
	for i := range behind {
		t.Run(fmt.Sprint("after it ", i), func(t *testing.T) { URL(t) })
	}
	conn := connect(t, URL(t))
	if left := query[int](t, conn, fmt.Sprintf("SELECT count(*) FROM pg_database WHERE datname = '%s'", name)); left != 0 {
		t.Errorf("database %s is still there", name)
	}
}

func TestURLInParallel(t *testing.T) {
	for i := range 16 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, URL(t))
			if got := query[int](t, conn, "SELECT 1"); got != 1 {
				t.Errorf("got %d", got)
			}
		})
	}
}

func TestServerHasWhatTheStoreNeeds(t *testing.T) {
	if os.Getenv(envServer) != "" {
		t.Skipf("SKIPPED: %s names a server with settings of its own; this test needs the one that pgtest starts", envServer)
	}
	conn := connect(t, URL(t))
	if _, err := conn.Exec(context.Background(), "CREATE EXTENSION btree_gist"); err != nil {
		t.Errorf("exclusion constraints over an identifier and a range need it: %v", err)
	}
	got := map[string]string{}
	for _, setting := range []string{"fsync", "max_connections", "server_encoding", "listen_addresses"} {
		got[setting] = query[string](t, conn, "SHOW "+setting)
	}
	want := map[string]string{
		"fsync": "off", "max_connections": "200", "server_encoding": "UTF8", "listen_addresses": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestVersionsSortAsNumbers(t *testing.T) {
	paths := []string{"/usr/lib/postgresql/9.6/bin", "/usr/pgsql-17/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/next/bin"}
	slices.SortFunc(paths, func(a, b string) int { return versionIn(b) - versionIn(a) })
	want := []string{"/usr/pgsql-17/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/9.6/bin", "/usr/lib/postgresql/next/bin"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestWithDatabase(t *testing.T) {
	for name, tc := range map[string]struct{ admin, want string }{
		"a network server": {"postgres://me:se%40cret@db.example:5433/postgres?sslmode=require", "postgres://me:se%40cret@db.example:5433/fresh?sslmode=require"},
		"no database":      {"postgresql://me@db.example", "postgresql://me@db.example/fresh"},
		"a socket":         {"postgres://me@/postgres?host=%2Frun%2Fpg", "postgres://me@/fresh?host=%2Frun%2Fpg"},
		"not a URL":        {"host=db.example password=secret", ""},
		"another database": {"mysql://me:secret@db.example/x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := withDatabase(tc.admin, "fresh")
			if got != tc.want || (err != nil) != (tc.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the message tells the password: %v", err)
			}
		})
	}
}
