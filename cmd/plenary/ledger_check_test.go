package main

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// read gives what a query finds, as rows of texts.
func (l *ledger) read(tx *sql.Tx, query string) (found [][]string) {
	l.Helper()
	rows, err := tx.Query(query)
	if err != nil {
		l.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		l.Fatal(err)
	}
	for rows.Next() {
		texts, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			l.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, s := range texts {
			row[i] = s.String
		}
		found = append(found, row)
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
	return found
}

// checkPanels looks where each Panel is: where it was acknowledged last, or where somebody wanted it after that and heard nothing.
func (l *ledger) checkPanels(tx *sql.Tx) {
	type place struct {
		revision   int
		room       string
		start, end int64
	}
	places := map[string]place{}
	for _, row := range l.read(tx, "SELECT id, revision, room_id, COALESCE(start_at, 0), COALESCE(end_at, 0) FROM panels") {
		var p place
		if _, err := fmt.Sscan(row[1]+" "+row[3]+" "+row[4], &p.revision, &p.start, &p.end); err != nil {
			l.Fatal(err)
		}
		p.room = row[2]
		places[row[0]] = p
	}
	for _, e := range l.events {
		for _, p := range e.panels {
			last := 0
			for revision := range p.acked {
				last = max(last, revision)
			}
			is, there := places[p.id]
			slot := ledgerSlot(is.room, is.start, is.end)
			want, acked := p.acked[is.revision]
			base, tried := p.tried[slot]
			switch {
			case !there || is.revision < last:
				l.Errorf("panel %s: revision %d was acknowledged, and it is at %d", p.id, last, is.revision)
			case acked && slot != want:
				l.Errorf("panel %s: revision %d was acknowledged at %s, and it is at %s", p.id, is.revision, want, slot)
			case !acked && (!tried || base != is.revision-1):
				l.Errorf("panel %s is at %s, revision %d, where nobody moved it", p.id, slot, is.revision)
			}
		}
	}
}

// checkThings looks for everything that was made with a key: once, and as what was acknowledged.
func (l *ledger) checkThings(tx *sql.Tx) {
	kept := map[string]string{}
	for _, row := range l.read(tx, "SELECT key, noun_id FROM idempotency_keys") {
		kept[row[0]] = row[1]
	}
	there := map[string]bool{}
	for _, table := range []string{"panels", "tracks", "people", "releases", "meetings"} {
		for _, row := range l.read(tx, "SELECT id FROM "+table) {
			there[row[0]] = true
		}
	}
	known := map[string]bool{}
	for _, e := range l.events {
		for key, t := range e.made {
			id := kept[key]
			known[id] = true
			if t.id != "" && (id != t.id || !there[t.id]) {
				l.Errorf("%s %s was acknowledged: its key leads to %q, and it is there: %t", t.path, t.id, id, there[t.id])
			}
			if id != "" && !there[id] {
				l.Errorf("the key of %s %s is there, and the thing is not", t.path, id)
			}
		}
	}
	for key, id := range kept {
		if !known[id] {
			l.Errorf("the key %s is nobody's", key)
		}
	}
}

// checkMeetings looks what became of each Meeting.
func (l *ledger) checkMeetings(tx *sql.Tx) {
	status := map[string]string{}
	for _, row := range l.read(tx, "SELECT id, status FROM meetings") {
		status[row[0]] = row[1]
	}
	for _, e := range l.events {
		for id, m := range e.meetings {
			if is := status[id]; is != m.acked && !slices.Contains(m.tried, is) {
				l.Errorf("meeting %s is %q; %q was acknowledged, and then %q were wanted", id, is, m.acked, m.tried)
			}
		}
	}
}

// whole are queries that find what is there in part only, or in two places. Each finds nothing. They count before they compare: what is
// looked for has no index.
var whole = map[string]string{
	"a revision of a panel without its activity, or the other way round": `WITH done AS (SELECT subject_id, COUNT(*) AS n FROM activities GROUP BY subject_id)
		SELECT p.id, p.revision, done.n FROM panels p LEFT JOIN done ON done.subject_id = p.id WHERE p.revision <> COALESCE(done.n, 0)`,
	"a revision of a meeting without its activity, or the other way round": `WITH done AS (SELECT subject_id, COUNT(*) AS n FROM activities GROUP BY subject_id)
		SELECT m.id, m.revision, done.n FROM meetings m LEFT JOIN done ON done.subject_id = m.id WHERE m.revision <> COALESCE(done.n, 0)`,
	"a track or a release without its activity": `WITH done AS (SELECT subject_id, COUNT(*) AS n FROM activities GROUP BY subject_id), there AS (SELECT id FROM tracks UNION ALL SELECT id FROM releases)
		SELECT there.id FROM there LEFT JOIN done ON done.subject_id = there.id WHERE COALESCE(done.n, 0) <> 1`,
	"an activity of what is not there": `SELECT verb, subject_id FROM activities WHERE verb IN ('panel.create', 'track.create', 'person.create', 'meeting.request', 'release.publish')
		AND subject_id NOT IN (SELECT id FROM panels UNION ALL SELECT id FROM tracks UNION ALL SELECT id FROM people UNION ALL SELECT id FROM meetings UNION ALL SELECT id FROM releases)`,
	"a person who is at no event":      `SELECT id FROM people WHERE id NOT IN (SELECT person_id FROM participants)`,
	"releases whose numbers have gaps": `SELECT event_id, COUNT(*), MAX(number) FROM releases GROUP BY event_id HAVING COUNT(*) <> MAX(number)`,
	"a release that its webhook is not told": `WITH told AS (SELECT event_id, release_number, COUNT(*) AS n FROM webhook_deliveries GROUP BY event_id, release_number)
		SELECT r.id FROM releases r LEFT JOIN told ON told.event_id = r.event_id AND told.release_number = r.number WHERE COALESCE(told.n, 0) <> 1`,
	"a delivery that waits without a job":   `SELECT id FROM webhook_deliveries WHERE status = 'queued' AND id NOT IN (SELECT about FROM jobs WHERE kind = 'webhook')`,
	"a letter that is to go, without a job": `SELECT id FROM mails WHERE status = 'queued' AND id NOT IN (SELECT about FROM jobs WHERE kind = 'mail')`,
	"a job that is about nothing":           `SELECT id, kind, about FROM jobs WHERE about NOT IN (SELECT id FROM mails WHERE status = 'queued' UNION ALL SELECT id FROM webhook_deliveries WHERE status = 'queued')`,
	"an accepted meeting without letters": `WITH written AS (SELECT about, COUNT(*) AS n FROM mails WHERE status IN ('queued', 'sent') GROUP BY about)
		SELECT m.id FROM meetings m LEFT JOIN written ON written.about = m.id WHERE m.status = 'accepted' AND COALESCE(written.n, 0) < 2`,
	"a panel that is not where it is": `SELECT p.id FROM panels p LEFT JOIN occupancies o ON o.item_kind = 'panel' AND o.item_id = p.id AND o.resource_id = p.room_id AND o.starts_at = p.start_at AND o.ends_at = p.end_at
		WHERE p.start_at IS NOT NULL AND o.item_id IS NULL`,
	"a panel that is in two places": `SELECT item_id FROM occupancies WHERE item_kind = 'panel' AND resource_kind = 'room' GROUP BY item_id HAVING COUNT(*) > 1`,
	"a meeting that takes too little time, or too much": `WITH taken AS (SELECT item_id, starts_at, ends_at, COUNT(*) AS n FROM occupancies WHERE item_kind = 'meeting' AND firm GROUP BY item_id, starts_at, ends_at)
		SELECT m.id FROM meetings m LEFT JOIN taken t ON t.item_id = m.id WHERE COALESCE(t.n, 0) <> CASE WHEN m.status = 'accepted' THEN 3 ELSE 0 END OR t.starts_at <> m.start_at OR t.ends_at <> m.end_at`,
	"somebody or a table in two places": `SELECT a.resource_id, a.item_id, b.item_id FROM occupancies a JOIN occupancies b ON a.resource_kind = b.resource_kind AND a.resource_id = b.resource_id
		AND a.item_id < b.item_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at WHERE a.firm AND b.firm`,
}

// checkWhole looks for what is there in part only, and for letters that are said to have gone and did not arrive.
func (l *ledger) checkWhole(tx *sql.Tx) {
	for what, query := range whole {
		if found := l.read(tx, query); len(found) > 0 {
			l.Errorf("%d times %s: %v", len(found), what, found[:min(len(found), 3)])
		}
	}
	arrived := l.arrived()
	for _, row := range l.read(tx, "SELECT id FROM mails WHERE status = 'sent'") {
		if !arrived[row[0]] {
			l.Errorf("the letter %s is said to have gone, and did not arrive", row[0])
		}
	}
}

// arrived are the letters that came.
func (l *ledger) arrived() map[string]bool {
	l.box.mu.Lock()
	defer l.box.mu.Unlock()
	found := map[string]bool{}
	for _, list := range l.box.ids {
		for _, id := range list {
			id, _, _ = strings.Cut(strings.TrimPrefix(id, "<"), ".")
			found[id] = true
		}
	}
	return found
}

// finish lets the programs send what is left, in a world in which so much time has passed that it is anybody's, ends them, and looks
// whether the file is in order.
func (l *ledger) finish() {
	l.Helper()
	for _, r := range l.replicas {
		r.kill()
	}
	if _, err := l.db.Exec("UPDATE jobs SET lease_until = 0, due_at = 0, tries = 0 WHERE kind = 'mail'"); err != nil {
		l.Fatal(err)
	}
	l.replicas[0].start()
	l.replicas[0].ready()
	left := -1
	for end := time.Now().Add(2 * time.Minute); left != 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err := l.db.QueryRow("SELECT COUNT(*) FROM mails WHERE status = 'queued'").Scan(&left); err != nil {
			l.Fatal(err)
		}
	}
	if left != 0 {
		l.Errorf("%d letters do not go:\n%s", left, l.replicas[0].log)
	}
	l.replicas[0].end()
	l.look()
	if !strings.Contains(l.url, "://") {
		var found string
		if err := l.db.QueryRow("PRAGMA integrity_check").Scan(&found); err != nil || found != "ok" {
			l.Errorf("the file: %s, %v", found, err)
		}
	}
}
