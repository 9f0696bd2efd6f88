package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/pgtest"
)

// What a schema is made of, as each database tells it.
var schemaOf = map[string]string{
	"sqlite": `SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`,
	"pgx": `SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'
		UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
}

func schemaLines(t *testing.T, driver, url string) (lines []string) {
	t.Helper()
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(schemaOf[driver])
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil || len(lines) < 100 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	return lines
}

// TestMigratingIsKilled kills the program (SIGKILL) while it brings a database up to its schema, at another moment each time, and lets it
// begin again. In the end the schema is the one that a program makes that nobody killed.
func TestMigratingIsKilled(t *testing.T) {
	t.Parallel()
	unraced(t)
	for driver, open := range map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return filepath.Join(pgtest.Folder(t), "plenary.db") },
		"pgx":    func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			calm := open(t)
			begun := time.Now()
			succeed(t, []string{"PLENARY_DATABASE=" + calm}, "migrate")
			whole := time.Since(begun)
			want := schemaLines(t, driver, calm)
			url, kills := open(t), 0
			for range 6 {
				migrating := exec.Command(os.Args[0], "migrate")
				migrating.Env = []string{asProgram, "PLENARY_DATABASE=" + url}
				if err := migrating.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(rand.N(whole))
				if migrating.Process.Kill() == nil {
					if _ = migrating.Wait(); !migrating.ProcessState.Exited() {
						kills++
					}
				}
			}
			said := succeed(t, []string{"PLENARY_DATABASE=" + url}, "migrate")
			t.Logf("%d kills, after which: %s", kills, strings.TrimSpace(said))
			if diff := cmp.Diff(want, schemaLines(t, driver, url)); diff != "" {
				t.Error(diff)
			}
			if driver == "sqlite" {
				mustHaveRooms(t, url, nil) // which looks whether the file is in order
			}
			succeed(t, []string{"PLENARY_DATABASE=" + url}, "token", "create", "--name", fmt.Sprint("after ", kills))
		})
	}
}
