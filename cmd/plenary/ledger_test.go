package main

import (
	"database/sql"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// How long [TestNothingIsLostByKilling] goes on: until there were so many kills and so many acknowledged writes.
var (
	ledgerKills  = flag.Int("ledger-kills", 3, "kills of the program, on each database, while 20 write")
	ledgerWrites = flag.Int("ledger-writes", 100, "acknowledged writes, on each database, while the program is killed")
)

// TestNothingIsLostByKilling kills the program (SIGKILL) again and again while 20 write over HTTP, and keeps outside of it what was
// acknowledged. Whatever was is there afterwards, or something later that was; no transaction is there in part; nobody is in two
// places; and what was to be done is done or waits. Whole:
//
//	go test ./cmd/plenary -run TestNothingIsLostByKilling -ledger-kills 100 -ledger-writes 50000 -timeout 2h -v
func TestNothingIsLostByKilling(t *testing.T) {
	t.Parallel()
	unraced(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		folder := pgtest.Folder(t)
		if *ledgerKills >= 100 {
			folder = t.TempDir() // on a disk, for which the program waits
		}
		newLedger(t, "sqlite", filepath.Join(folder, "plenary.db"), 1).run(*ledgerKills, *ledgerWrites)
	})
	t.Run("two replicas on postgres", func(t *testing.T) {
		t.Parallel()
		newLedger(t, "pgx", pgtest.URL(t), 2).run(*ledgerKills, *ledgerWrites)
	})
}

// ledger is what was acknowledged to those who write, and the programs that they write to.
type ledger struct {
	*testing.T
	url, token string
	replicas   []*replica
	db         *sql.DB
	box        *slowBox
	events     []*ledgerEvent
	rest       sync.RWMutex // held for reading by who writes: who holds it for writing looks while nobody does
	over       atomic.Bool
	acks       atomic.Int64
	unheard    atomic.Int64 // requests of which nobody knows whether they were done
	slots      atomic.Int64 // each is used once
	mu         sync.Mutex
	kinds      map[string]int // of acknowledged writes
}

// ledgerEvent is an Event that two of them write to.
type ledgerEvent struct {
	slug     string
	rooms    [2]agenda.ID
	people   []agenda.ID
	mu       sync.Mutex
	panels   []*ledgerPanel
	made     map[string]*ledgerThing // what was asked for with a key, by key
	meetings map[string]*ledgerMeeting
}

// ledgerPanel is what is known of a Panel: the slots that were acknowledged, by revision, and those of which nobody knows, with the
// revision that they are to follow.
type ledgerPanel struct {
	id    string
	mu    sync.Mutex
	known int // revision
	acked map[int]string
	tried map[string]int
}

// ledgerThing is what was asked for with an Idempotency-Key.
type ledgerThing struct {
	path string
	id   string // "": not acknowledged
	at   time.Time
}

// ledgerMeeting is a Meeting: what was acknowledged last, and what was asked for since of which nobody knows whether it was done.
type ledgerMeeting struct {
	acked string
	tried []string
}

const (
	ledgerWriters = 20
	ledgerPeople  = 8 // at each Event
	ledgerPanels  = 6 // at each Event, that its two writers both move
)

// newLedger prepares a database, with Events that have a webhook each.
func newLedger(t *testing.T, driver, url string, replicas int) *ledger {
	t.Helper()
	l := &ledger{T: t, url: url, kinds: map[string]int{}, box: &slowBox{arrived: make(chan struct{}, 1), ids: map[string][]string{}}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(l.box)
	server.ErrorLog = log.New(io.Discard, "", 0) // whoever is killed says no goodbye
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	l.prepare()
	for range replicas {
		l.replicas = append(l.replicas, newReplica(t, "HOME="+t.TempDir(), "PLENARY_ADDR="+freeAddress(t), "PLENARY_DATABASE="+url, "PLENARY_RATE_LIMIT=off",
			"PLENARY_LOG_LEVEL=error", "PLENARY_SMTP_URL=smtp://"+listener.Addr().String(), "PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_BASE_URL=https://agenda.forum.example"))
	}
	if driver == "sqlite" {
		url += "?_pragma=busy_timeout(10000)" // the program writes too
	}
	if l.db, err = sql.Open(driver, url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.db.Close() })
	return l
}

// prepare makes the Events, in a database that is new.
func (l *ledger) prepare() {
	l.Helper()
	s, err := store.Open(l.Context(), l.url, nil)
	if err != nil {
		l.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(l.Context()); err != nil {
		l.Fatal(err)
	}
	a := app.New(s, app.Options{NewID: newID})
	if _, l.token, err = a.CreateToken(l.Context(), operator, "", agenda.Token{Name: "ledger", Scopes: agenda.Verbs}, app.Once{}); err != nil {
		l.Fatal(err)
	}
	for i := range ledgerWriters / 2 {
		e := &ledgerEvent{slug: fmt.Sprintf("event-%d", i), made: map[string]*ledgerThing{}, meetings: map[string]*ledgerMeeting{}}
		l.events = append(l.events, e)
		if err := l.furnish(a, e); err != nil {
			l.Fatal(err)
		}
	}
}

func (l *ledger) furnish(a *app.App, e *ledgerEvent) error {
	ctx, first := l.Context(), ledgerDay(0)
	_, _, err := a.CreateEvent(ctx, operator, agenda.Event{Slug: e.slug, Name: agenda.Text{"en": e.slug}, Zone: "UTC", StartDate: agenda.Date(first.Format(agenda.DateLayout)),
		EndDate: agenda.Date(ledgerDay(4).Format(agenda.DateLayout)), Languages: []string{"en"}}, app.Once{})
	if err != nil {
		return err
	}
	for i := range e.rooms {
		// Of what is in such a room at a time, none is in the way of another: whatever they move, it can be published.
		r, _, err := a.CreateRoom(ctx, operator, e.slug, agenda.Room{Name: agenda.Text{"en": fmt.Sprint("Hall ", i)}, Kind: agenda.RoomHall, Parallel: true}, app.Once{})
		if err != nil {
			return err
		}
		e.rooms[i] = r.ID
	}
	for i := range 2 {
		if _, _, err := a.CreateRoom(ctx, operator, e.slug, agenda.Room{Name: agenda.Text{"en": fmt.Sprint("Table ", i)}, Kind: agenda.RoomTable}, app.Once{}); err != nil {
			return err
		}
	}
	for i := range ledgerPeople {
		to := fmt.Sprintf("guest%d@%s.example", i, e.slug)
		p, _, err := a.CreatePerson(ctx, operator, e.slug, agenda.Person{Name: fmt.Sprint("Guest ", i), Email: to}, app.Once{})
		if err != nil {
			return err
		}
		if err := a.VouchAddress(ctx, operator, e.slug, p.ID, to); err != nil {
			return err
		}
		e.people = append(e.people, p.ID)
	}
	for i := range ledgerPanels {
		p, err := a.CreatePanel(ctx, operator, e.slug, agenda.Panel{Title: agenda.Text{"en": fmt.Sprint("Shared ", i)}, Format: agenda.FormatTalk}, nil, app.Once{})
		if err != nil {
			return err
		}
		e.panels = append(e.panels, &ledgerPanel{id: string(p.Panel.ID), known: 1, acked: map[int]string{1: ""}, tried: map[string]int{}})
	}
	// Nothing is ever posted there: the program refuses the address each time, and tries again.
	_, err = a.CreateWebhook(ctx, operator, e.slug, agenda.Webhook{Name: "none", URL: "https://127.0.0.1:9/", Kinds: []agenda.WebhookKind{agenda.ReleasePublished}}, app.Once{})
	return err
}

// ledgerDay is a day of each Event: they are next month.
func ledgerDay(n int) time.Time {
	return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 30+n)
}

// run lets them write until there were so many kills and so many acknowledged writes, and looks in between and afterwards.
func (l *ledger) run(kills, writes int) {
	var writers sync.WaitGroup
	defer writers.Wait()
	defer l.over.Store(true)
	for _, r := range l.replicas {
		r.start()
		r.ready()
	}
	l.begin(&writers, ledgerWriters)
	killed, slowest := 0, time.Duration(0)
	for i := 0; killed < kills || l.acks.Load() < int64(writes); i++ {
		time.Sleep(80*time.Millisecond + rand.N(500*time.Millisecond))
		for end := time.Now().Add(5 * time.Second); killed >= kills && l.acks.Load() < int64(writes) && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond) // what is missing now are writes
		}
		victims := l.victims()
		for _, r := range victims {
			r.kill()
			killed++
		}
		for _, r := range victims {
			r.start()
		}
		for _, r := range victims {
			slowest = max(slowest, r.ready())
		}
		if l.Failed() {
			return
		}
		if i%25 == 24 {
			l.look()
			l.Logf("%d kills, %d acknowledged", killed, l.acks.Load())
		}
	}
	l.over.Store(true)
	writers.Wait()
	l.look()
	l.finish()
	l.Logf("%d kills, %d acknowledged writes (%v), %d of which nobody knows; ready after %s at most", killed, l.acks.Load(), l.kinds, l.unheard.Load(), slowest.Round(time.Millisecond))
}

// begin lets so many write until it is over.
func (l *ledger) begin(writers *sync.WaitGroup, n int) {
	for i := range n {
		writers.Go(func() { newLedgerWriter(l, i).write() })
	}
}

// victims chooses whom to kill: one, and sometimes all.
func (l *ledger) victims() []*replica {
	if n := rand.IntN(3); n < len(l.replicas) {
		return l.replicas[n : n+1]
	}
	return l.replicas
}

// look checks what is in the database while nobody writes.
func (l *ledger) look() {
	l.Helper()
	l.rest.Lock()
	defer l.rest.Unlock()
	tx, err := l.db.BeginTx(l.Context(), &sql.TxOptions{ReadOnly: true, Isolation: l.isolation()})
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	l.checkPanels(tx)
	l.checkThings(tx)
	l.checkMeetings(tx)
	l.checkWhole(tx)
}

func (l *ledger) isolation() sql.IsolationLevel {
	if strings.Contains(l.url, "://") {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}
