package main

import (
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What [TestLitestreamLosesASecondAtMost] needs.
var (
	litestream        = flag.String("litestream", "", "the program litestream (0.5 or later), to be tried with ours")
	litestreamSeconds = flag.Int("litestream-seconds", 10, "how long is written before all is killed")
)

// litestreamConfig is that of docs/operations.md, with paths for both ends.
const litestreamConfig = `dbs:
  - path: %s
    monitor-interval: 200ms
    replica:
      type: file
      path: %s
      sync-interval: 200ms
l0-retention: 24h
`

// TestLitestreamLosesASecondAtMost lets litestream copy the database of the running program while eight write, kills both (SIGKILL), and
// restores the copy: it has all that was acknowledged up to a second before; and one of an earlier moment has what was acknowledged by
// then. Erasing somebody, which empties SQLite's log, holds nobody up meanwhile.
//
//	go install github.com/benbjohnson/litestream/cmd/litestream@v0.5.18
//	go test ./cmd/plenary -run Litestream -litestream ~/go/bin/litestream -v
func TestLitestreamLosesASecondAtMost(t *testing.T) {
	if *litestream == "" {
		t.Skip("SKIPPED: -litestream names no program; copying to another place is not tried")
	}
	dir := t.TempDir()
	database := filepath.Join(dir, "plenary.db")
	l := newLedger(t, "sqlite", database, 1)
	config := filepath.Join(dir, "litestream.yml")
	if err := os.WriteFile(config, fmt.Appendf(nil, litestreamConfig, database, filepath.Join(dir, "copy")), 0o600); err != nil {
		t.Fatal(err)
	}
	said := new(heard)
	copying := exec.Command(*litestream, "replicate", "-config", config)
	copying.Stdout, copying.Stderr = said, said
	if err := copying.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = copying.Process.Kill() })
	r := l.replicas[0]
	r.start()
	r.ready()
	var writers sync.WaitGroup
	defer writers.Wait()
	defer l.over.Store(true)
	l.begin(&writers, 8)
	half := time.Duration(*litestreamSeconds) * time.Second / 2
	time.Sleep(half)
	l.eraseSomebody()
	middle := time.Now()
	time.Sleep(half)
	l.over.Store(true) // or they wait for the program to come back
	killed := time.Now()
	r.kill()
	if err := copying.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = copying.Wait() // it was killed
	writers.Wait()
	restore := func(to string, more ...string) map[string]bool {
		t.Helper()
		line := append(append([]string{"restore", "-config", config, "-integrity-check", "full", "-o", to}, more...), database)
		begun := time.Now()
		if out, err := exec.Command(*litestream, line...).CombinedOutput(); err != nil {
			t.Fatalf("litestream %s: %v\n%s\n%s", strings.Join(line, " "), err, out, said)
		}
		t.Logf("restored within %s", time.Since(begun).Round(time.Millisecond))
		return l.wholeThings("sqlite", to)
	}
	last := restore(filepath.Join(dir, "last.db"))
	lost, since, made := 0, time.Duration(0), 0
	for _, e := range l.events {
		for _, thing := range e.made {
			if thing.id == "" {
				continue
			}
			if made++; !last[thing.id] {
				lost, since = lost+1, max(since, killed.Sub(thing.at))
			}
		}
	}
	t.Logf("%d of %d things that were acknowledged are not in the copy; the oldest was %s old at the kill; %d writes", lost, made, since.Round(time.Millisecond), l.acks.Load())
	if since > time.Second {
		t.Errorf("what was acknowledged %s before the kill is lost:\n%s", since, said)
	}
	then := restore(filepath.Join(dir, "then.db"), "-timestamp", middle.UTC().Format(time.RFC3339Nano))
	for _, e := range l.events {
		for _, thing := range e.made {
			if thing.id != "" && thing.at.Before(middle.Add(-time.Second)) != then[thing.id] && thing.at.Sub(middle).Abs() > time.Second {
				t.Errorf("%s, acknowledged %s from the moment to which was restored, is there: %t", thing.path, thing.at.Sub(middle), then[thing.id])
			}
		}
	}
	if strings.Contains(said.String(), "level=ERROR") {
		t.Logf("litestream says:\n%s", said)
	}
}

// eraseSomebody erases a person of each Event, and says how long that took.
func (l *ledger) eraseSomebody() {
	l.Helper()
	w := newLedgerWriter(l, 0)
	db, err := sql.Open("sqlite", l.url+"?_pragma=busy_timeout(10000)")
	if err != nil {
		l.Fatal(err)
	}
	defer db.Close()
	var id, name string
	if err := db.QueryRow("SELECT p.id, p.name FROM people p JOIN participants x ON x.person_id = p.id JOIN events e ON e.id = x.event_id WHERE e.slug = 'event-0' AND p.name LIKE 'thing %' LIMIT 1").Scan(&id, &name); err != nil {
		l.Fatal(err)
	}
	var got revised
	begun := time.Now()
	if status := w.ask(asked{method: http.MethodPost, path: "/people/" + id + "/erase", match: 1, body: map[string]any{"confirm": name}}, &got); status >= 300 {
		l.Errorf("erasing: %d", status)
	}
	l.Logf("somebody was erased within %s", time.Since(begun).Round(time.Millisecond))
}
