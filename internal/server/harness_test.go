package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// migrated is a database with the schema and nothing else.
var migrated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	s, err := store.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
})

// base is the address that the harness's server believes to have.
const base = "https://agenda.example"

// forum is the slug of the Event that every harness begins with.
const forum = "vidw-2025"

// fastPasswords cost next to nothing.
var fastPasswords = credential.NewPasswords(credential.Params{Memory: 64, Passes: 1, Threads: 1})

// harness is the whole program on a real database, with a clock that stands and identities that count.
type harness struct {
	t       testing.TB
	at      string       // the URL of the database
	store   *store.Store // for looking at what no API shows
	app     *app.App
	server  *Server
	event   agenda.Event
	read    string // a token of the Event that may read
	write   string // a token of the Event that may change it
	all     string // a token that may change every Event
	clock   atomic.Int64
	ids     atomic.Int64
	secrets atomic.Int64
	codes   atomic.Int64

	mails   sync.Mutex
	letters []agenda.Letter // that were posted
}

// newHarness makes a harness on an SQLite file of its own; with -short on a PostgreSQL, where there is one, which is ten times as
// quick where the race detector looks on.
func newHarness(t testing.TB) *harness {
	t.Helper()
	alongside(t)
	if testing.Short() && pgtest.Here() {
		return newHarnessOn(t, migrated.URL(t))
	}
	return newHarnessOn(t, migrated.File(t))
}

// alongside lets a test run beside others: each has a world of its own. It may be called again, and does nothing in a part of a
// test, after which the test would go on too early.
func alongside(t testing.TB) {
	test, is := t.(*testing.T)
	if !is || strings.Contains(t.Name(), "/") {
		return
	}
	if _, again := beside.LoadOrStore(t.Name(), true); !again {
		t.Cleanup(func() { beside.Delete(t.Name()) })
		test.Parallel()
	}
}

var beside sync.Map // by the name of the test

// newHarnessOn makes a harness on the database at that URL, which must have no events.
func newHarnessOn(t testing.TB, databaseURL string) *harness {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, databaseURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := func() {}
	t.Cleanup(func() {
		end()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s, end = nil, nil // package testing keeps this function, and what it refers to, as long as other tests run
	})
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	h := &harness{t: t, at: databaseURL, store: s}
	h.clock.Store(time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	h.app = app.New(s, app.Options{Now: h.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Post: h.mail, Passwords: fastPasswords, CodeRounds: 1})
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: log})
	end = h.server.Follow(context.Background())
	h.event = h.newEvent(forum)
	h.read = h.newToken(forum, agenda.ReadVerbs, nil)
	h.write = h.newToken(forum, agenda.EventVerbs, nil)
	h.all = h.newToken("", agenda.Verbs, nil)
	return h
}

func (h *harness) now() time.Time { return time.UnixMilli(h.clock.Load()).UTC() }

// pass lets time go by.
func (h *harness) pass(d time.Duration) { h.clock.Add(d.Milliseconds()) }

func (h *harness) newID() agenda.ID {
	return agenda.ID(fmt.Sprintf("01990000-0000-7000-8000-%012x", h.ids.Add(1)))
}

func (h *harness) newSecret() string { return fmt.Sprintf("secret-%036d", h.secrets.Add(1)) }

func (h *harness) newCode() string { return fmt.Sprintf("CODE%02d", h.codes.Add(1)) }

// mail keeps what is mailed.
func (h *harness) mail(_ context.Context, l agenda.Letter) error {
	h.mails.Lock()
	defer h.mails.Unlock()
	h.letters = append(h.letters, l)
	return nil
}

// system is the Actor who prepares things behind the API's back.
func (h *harness) system() agenda.Actor { return agenda.System("test") }

// newEvent makes an Event of two days in Hanoi.
func (h *harness) newEvent(slug string) agenda.Event {
	h.t.Helper()
	e, _, err := h.app.CreateEvent(context.Background(), h.system(), agenda.Event{Slug: slug,
		Name: agenda.Text{"en": "Digital Week", "fr": "Semaine du numérique", "vi": "Tuần lễ số"},
		Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-28", Languages: []string{"en", "fr", "vi"}},
		app.Once{})
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

// newToken makes a token for the Event of that slug, "" for all, and gives its secret.
func (h *harness) newToken(slug string, scopes []agenda.Verb, expires *time.Time) string {
	h.t.Helper()
	name := cmp.Or(slug, "all events") + " write"
	if slices.Equal(scopes, agenda.ReadVerbs) {
		name = cmp.Or(slug, "all events") + " read"
	}
	_, secret, err := h.app.CreateToken(context.Background(), h.system(), slug,
		agenda.Token{Name: name, Scopes: scopes, Expires: expires}, app.Once{})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// answer is what came back, with its body read.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// header is one header of a request.
type header struct{ name, value string }

// ask sends a request and reads the answer. The token may be empty. A body that is a string or bytes
// goes as it is, another one as JSON, nil is none; it is said to be JSON unless a header says otherwise.
func (h *harness) ask(token, method, target string, body any, headers ...header) answer {
	h.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = bytes.NewReader([]byte(b))
	case []byte:
		reader = bytes.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			h.t.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, target, reader)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	seen := map[string]bool{}
	for _, hd := range headers {
		if seen[hd.name] {
			r.Header.Add(hd.name, hd.value)
			continue
		}
		r.Header.Set(hd.name, hd.value)
		seen[hd.name] = true
	}
	return h.answerTo(r)
}

// answerTo gives what the server answers; of a stream, which would not end by itself, the first message.
func (h *harness) answerTo(r *http.Request) answer {
	recorder := httptest.NewRecorder()
	ctx, hangUp := context.WithCancel(r.Context())
	defer hangUp()
	h.server.ServeHTTP(impatient{recorder, hangUp}, r.WithContext(ctx))
	return answer{recorder.Code, recorder.Header(), recorder.Body.String()}
}

// impatient hangs up after the first message of a stream.
type impatient struct {
	*httptest.ResponseRecorder
	hangUp func()
}

func (w impatient) Flush() { w.hangUp() }

// get sends a GET without a token.
func (h *harness) get(target string, headers ...header) answer {
	h.t.Helper()
	return h.ask("", http.MethodGet, target, nil, headers...)
}

// must fails the test unless the answer has that status.
func (h *harness) must(status int, a answer) answer {
	h.t.Helper()
	if a.Status != status {
		h.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// decode reads the answer's body as JSON into a value of the type.
func decode[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
	return v
}

// both runs the test on SQLite and on PostgreSQL.
func both(t *testing.T, run func(t *testing.T, h *harness)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		if testing.Short() && pgtest.Here() {
			t.Skip("SKIPPED with -short: PostgreSQL is here, and ten times as quick where the race detector looks on")
		}
		run(t, newHarness(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, newHarnessOn(t, migrated.URL(t)))
	})
}

// sweep is for a test that asks for very many things, one after another: it finds no race, and takes minutes where the race
// detector looks on. "go test -short" does without.
func sweep(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED with -short: a sweep")
	}
}

// atOnce calls f n times at the same time and waits for all.
func atOnce(n int, f func(i int)) {
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			f(i)
		})
	}
	close(gate)
	wg.Wait()
}
