package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/pgtest"
)

// A backup is made while eight write over HTTP. It has what was acknowledged before it was begun, and each transaction whole or not at
// all, in either database into which it is restored.
func TestABackupUnderLoadIsWhole(t *testing.T) {
	t.Parallel()
	unraced(t)
	l := newLedger(t, "sqlite", filepath.Join(pgtest.Folder(t), "plenary.db"), 1)
	r := l.replicas[0]
	r.start()
	r.ready()
	var writers sync.WaitGroup
	defer writers.Wait()
	defer l.over.Store(true)
	l.begin(&writers, 8)
	files, before := make([]string, 3), make([]map[string]string, 3)
	for i := range files {
		before[i] = l.moreThan(before[max(i-1, 0)])
		files[i] = filepath.Join(t.TempDir(), "all.backup")
		if said := succeed(t, r.env[1:], "backup", "-o", files[i]); !strings.Contains(said, "read again and in order") {
			t.Errorf("backup says: %s", said)
		}
	}
	l.over.Store(true)
	writers.Wait()
	r.end()
	t.Logf("%d writes were acknowledged under three backups", l.acks.Load())
	for i, file := range files {
		if said := succeed(t, nil, "backup", "--verify", file); !strings.Contains(said, "is in order") {
			t.Errorf("--verify says: %s", said)
		}
		l.checkRestored(file, "sqlite", filepath.Join(pgtest.Folder(t), "restored.db"), before[i])
		if i == 2 {
			t.Run("into postgres", func(t *testing.T) { l.checkRestored(file, "pgx", pgtest.URL(t), before[i]) })
		}
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	if err := os.WriteFile(files[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, said := program(t, nil, "", "backup", "--verify", files[0]); status != exitFailed || !strings.Contains(said, "damaged") {
		t.Errorf("--verify of a backup that was changed: exit %d\n%s", status, said)
	}
}

// acknowledged gives the identifiers of what was acknowledged so far, with where it was made.
func (l *ledger) acknowledged() map[string]string {
	found := map[string]string{}
	for _, e := range l.events {
		e.mu.Lock()
		for _, t := range e.made {
			if t.id != "" {
				found[t.id] = t.path
			}
		}
		e.mu.Unlock()
	}
	return found
}

// moreThan waits until more is acknowledged than these, and gives all that is.
func (l *ledger) moreThan(these map[string]string) map[string]string {
	l.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if now := l.acknowledged(); len(now) > len(these) {
			return now
		}
	}
	l.Fatal("nobody's writes are acknowledged")
	return nil
}

// checkRestored restores a backup into a new database and looks at it.
func (l *ledger) checkRestored(file, driver, url string, before map[string]string) {
	l.Helper()
	succeed(l.T, []string{"PLENARY_DATABASE=" + url}, "restore", file)
	there := l.wholeThings(driver, url)
	for id, path := range before {
		if !there[id] {
			l.Errorf("%s: %s %s was acknowledged before the backup, and is not in it", driver, path, id)
		}
	}
}

// wholeThings looks whether another database is whole, and gives the identifiers of what is in it.
func (l *ledger) wholeThings(driver, url string) (there map[string]bool) {
	l.Helper()
	db, err := sql.Open(driver, url)
	if err != nil {
		l.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(l.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	l.checkWhole(tx)
	there = map[string]bool{}
	for _, table := range []string{"panels", "tracks", "people", "releases", "meetings"} {
		for _, row := range l.read(tx, "SELECT id FROM "+table) {
			there[row[0]] = true
		}
	}
	return there
}

// moveItems is how many Panels [TestMovingToPostgreSQL] moves.
var moveItems = flag.Int("move-items", 200, "panels that are moved from SQLite to PostgreSQL")

// TestMovingToPostgreSQL moves an installation by a backup: row by row it is the same, calendars stay as they are to the byte, so that
// subscribers are told that nothing changed, and tokens and feeds go on.
func TestMovingToPostgreSQL(t *testing.T) {
	t.Parallel()
	unraced(t)
	dir := t.TempDir()
	r, o := servedForum(t, filepath.Join(dir, "plenary.db"))
	postgres := pgtest.URL(t)
	var table strings.Builder
	table.WriteString("Code,Title,Room,Start,End,Speakers\n")
	for i := range *moveItems {
		n := strconv.Itoa(i)
		day, minute := 1+i%2, i/2%96*15
		at := "2099-06-0" + strconv.Itoa(day) + "T"
		table.WriteString("P" + n + ",Panel " + n + ",Hall " + strconv.Itoa(i/192) + "," + at + clock(minute) + "," + at + clock(minute+10) + ",Speaker " + strconv.Itoa(i%500) + "\n")
	}
	list := filepath.Join(dir, "panels.csv")
	if err := os.WriteFile(list, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	env := r.env[1:]
	succeed(t, env, "import", "--event", "forum", list)
	o.must(http.StatusCreated, http.MethodPost, "/api/v1/events/forum/releases", `{}`)
	person := field(t, o.must(http.StatusCreated, http.MethodPost, "/api/v1/events/forum/people", `{"name":"Lan"}`), "id")
	feed := field(t, o.must(http.StatusCreated, http.MethodPost, "/api/v1/events/forum/feeds", `{"person":"`+person+`"}`), "url")
	feed = feed[strings.Index(feed, "/feeds/"):]
	paths := []string{"/forum/agenda.ics", "/forum/agenda.json", feed, "/api/v1/events/forum/rooms?limit=200", "/api/v1/events/forum/panels?limit=200"}
	was, tags := map[string]string{}, map[string]string{}
	for _, path := range paths {
		status, header, text := o.ask(http.MethodGet, path, "")
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, status, text)
		}
		was[path], tags[path] = text, header.Get("ETag")
	}
	r.end()
	first, second := filepath.Join(dir, "first.backup"), filepath.Join(dir, "second.backup")
	succeed(t, env, "backup", "-o", first)
	moved := append([]string{}, env...)
	for i, s := range moved {
		if strings.HasPrefix(s, "PLENARY_DATABASE=") {
			moved[i] = "PLENARY_DATABASE=" + postgres
		}
	}
	succeed(t, moved, "restore", first)
	succeed(t, moved, "backup", "-o", second)
	one, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Errorf("the backups of the two databases differ: %d and %d bytes", len(one), len(two))
	}
	there := newReplica(t, moved...)
	there.start()
	there.ready()
	for _, path := range paths {
		status, header, text := o.ask(http.MethodGet, path, "")
		if status != http.StatusOK || text != was[path] || header.Get("ETag") != tags[path] {
			t.Errorf("%s: %d, the same: %t, ETag %s and %s", path, status, text == was[path], header.Get("ETag"), tags[path])
		}
		if status, _, _ := o.ask(http.MethodGet, path, "", "If-None-Match: "+tags[path]); tags[path] != "" && status != http.StatusNotModified {
			t.Errorf("%s, which is known: %d", path, status)
		}
	}
	there.end()
}

// field gives a field of a JSON object.
func field(t *testing.T, object, name string) string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(object), &fields); err != nil {
		t.Fatal(err)
	}
	value, _ := fields[name].(string)
	return value
}

func clock(minute int) string {
	return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}
