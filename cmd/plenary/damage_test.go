package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is damaged is refused at the start, with what to do; and what is said to do works.
func TestADamagedFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "plenary.db")
	r, o := servedForum(t, database)
	r.end()
	env := r.env[1:]
	backup := filepath.Join(dir, "all.backup")
	succeed(t, env, "backup", "-o", backup)
	good, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func(file []byte) []byte{
		"no header":    func(file []byte) []byte { clear(file[:100]); return file },
		"a page":       func(file []byte) []byte { clear(file[40*4096 : 41*4096]); return file },
		"a table":      func(file []byte) []byte { clear(file[2*4096 : 3*4096]); return file },
		"an index":     func(file []byte) []byte { clear(file[5*4096 : 6*4096]); return file },
		"half of it":   func(file []byte) []byte { return file[:len(file)/2/4096*4096] },
		"some of it":   func(file []byte) []byte { return file[:300] },
		"another file": func([]byte) []byte { return []byte(strings.Repeat("Agenda of the forum\n", 100)) },
	} {
		bad := damage(append([]byte{}, good...))
		if err := os.WriteFile(database, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"serve", "backup", "migrate"} {
			status, _, said := program(t, env, "", command)
			if status != exitFailed || !strings.Contains(said, database+" is damaged") || !strings.Contains(said, "plenary restore BACKUP") || strings.Contains(said, "panic") {
				t.Errorf("%s: plenary %s: exit %d\n%s", what, command, status, said)
			}
		}
		after, err := os.ReadFile(database)
		if err != nil || string(after) != string(bad) {
			t.Errorf("%s: it was changed, %v", what, err)
		}
	}
	if err := os.Rename(database, database+".damaged"); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"-wal", "-shm"} {
		_ = os.Remove(database + more) // mostly they are not there
	}
	succeed(t, env, "restore", backup)
	r.start()
	r.ready()
	o.must(http.StatusOK, http.MethodGet, "/forum/agenda.json", "")
	r.end()
}
