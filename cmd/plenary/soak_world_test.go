package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// soaked is the program, with a forum that holds meetings and a congress that many read, under load for a long time.
type soaked struct {
	*forumDay
	post      *sink
	pid       int
	operators string // where the program tells of itself; "": nowhere
	database  string
	client    *http.Client
	said      *heard
	panels    chan lane    // of the congress, each taken by one mover at a time
	pairs     chan couple  // of people of the forum who meet
	visits    []string     // cookies of people who look at their own pages
	tags      sync.Map     // ETags by address
	done      atomic.Int64 // requests
	mu        sync.Mutex
	faults    map[string]int // what went wrong, and how often
	took      map[string][]time.Duration
	publisher sync.Mutex
	air       sync.RWMutex    // held by who asks; to take a breath is to hold it alone
	period    context.Context // from one breath to the next
	leave     func()          // ends the period
}

// couple are two people of the forum, by number, and the Meeting that they had last.
type couple struct {
	from, to int
	last     dayMeeting
}

// lane is the half hour of a Panel of the congress, in a room of its own then: it moves within it, and meets nobody.
type lane struct {
	ID       string
	Revision int
	room     string
	day      string
	minute   int // at which the half hour begins
}

// newSoaked starts the program on a new database with a congress of so many panels.
func newSoaked(t *testing.T, panels int) *soaked {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	f := &forumDay{T: t, day: time.Now().In(zone).AddDate(0, 0, 2).Format(agenda.DateLayout), rooms: map[string]string{}, names: map[string]string{}, number: map[string]int{}, statuses: map[int]int{}}
	post := &sink{}
	server := smtp.NewServer(post)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	s := &soaked{forumDay: f, post: post, database: filepath.Join(pgtest.Folder(t), "plenary.db"), said: new(heard), faults: map[string]int{}, took: map[string][]time.Duration{}, pairs: make(chan couple, everybody),
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true, MaxIdleConns: 200, MaxIdleConnsPerHost: 200}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	addr := freeAddress(t)
	f.base = "http://" + addr
	env := []string{"HOME=" + t.TempDir(), "PLENARY_ADDR=" + addr, "PLENARY_DATABASE=" + s.database, "PLENARY_SMTP_URL=smtp://" + l.Addr().String(),
		"PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_BASE_URL=" + f.base, "PLENARY_RATE_LIMIT=off"}
	if slices.Contains(settings, "PLENARY_OPS_ADDR") {
		s.operators = freeAddress(t)
		env = append(env, "PLENARY_OPS_ADDR="+s.operators)
	}
	succeed(t, env, "migrate")
	f.token = strings.TrimSpace(succeed(t, env, "token", "create", "--name", "desk"))
	s.run(env)
	f.prepare()
	s.congress(panels)
	s.visit()
	s.make("/forum/releases", map[string]any{})
	for i := range interpreters { // who speak the same languages, and are not those who change places
		if i%6 < 3 {
			s.pairs <- couple{from: i, to: i + 3}
		}
	}
	return s
}

// run runs the program until the test ends, and then looks whether it ends well.
func (s *soaked) run(env []string) {
	process := exec.Command(os.Args[0], "serve")
	process.Env, process.Stderr = append([]string{asProgram}, env...), s.said
	if err := process.Start(); err != nil {
		s.Fatal(err)
	}
	s.pid = process.Process.Pid
	s.Cleanup(func() {
		if err := process.Process.Signal(syscall.SIGTERM); err != nil {
			s.Error(err)
		}
		if err := process.Wait(); err != nil {
			s.Errorf("the program did not end well: %v\n%s", err, s.said)
		}
	})
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if resp, err := http.Get(s.base + "/readyz"); err == nil {
			resp.Body.Close()
			return
		}
		if time.Now().After(end) {
			s.Fatalf("the server does not answer:\n%s", s.said)
		}
	}
}

// congress makes an Event of many panels, by importing a table.
func (s *soaked) congress(panels int) {
	next := s.dayAfter(1)
	s.do(http.MethodPost, "", 0, map[string]any{"slug": "congress", "name": map[string]string{"en": "Congress"}, "zone": "Asia/Ho_Chi_Minh", "start_date": s.day, "end_date": next, "languages": []string{"en", "fr", "vi"}}, nil)
	var rows strings.Builder
	rows.WriteString("title,date,start,end,room,speakers,track,abstract\n")
	for i := range panels {
		day, minute := []string{s.day, next}[i%2], 8*60+30*(i/20%20)
		fmt.Fprintf(&rows, "Session %d,%s,%s,%s,Room %d,Speaker %d;Other %d,Track %d,%s\n", i, day, clockOf(minute), clockOf(minute+20), i/2%10, i, i, i%8, strings.Repeat("About this. ", 20))
	}
	s.load("/congress/import?format=csv", rows.String())
	ids := map[string]string{}
	for _, r := range all[struct {
		ID   string            `json:"id"`
		Name map[string]string `json:"name"`
	}](s.forumDay, "/congress/rooms", url.Values{}) {
		ids[r.ID] = r.Name["en"]
	}
	s.panels = make(chan lane, panels)
	for _, p := range all[dayPanel](s.forumDay, "/congress/panels", url.Values{}) {
		start, err := time.Parse(time.RFC3339, p.Slot.Start)
		if err != nil {
			s.Fatal(err)
		}
		s.panels <- lane{p.ID, p.Revision, p.Slot.Room, start.Format(agenda.DateLayout), start.Hour()*60 + start.Minute()}
	}
	if len(s.panels) != panels {
		s.Fatalf("%d panels of %d have come", len(s.panels), panels)
	}
	s.make("/congress/releases", map[string]any{})
}

// dayAfter is so many days after that of the forum.
func (s *soaked) dayAfter(n int) string {
	day, err := time.Parse(agenda.DateLayout, s.day)
	if err != nil {
		s.Fatal(err)
	}
	return day.AddDate(0, 0, n).Format(agenda.DateLayout)
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// load imports a file.
func (s *soaked) load(path, file string) {
	status, body, err := s.send(context.Background(), http.MethodPost, "/api/v1/events"+path, file, "Content-Type: text/csv")
	if err != nil || status != http.StatusOK {
		s.Fatal(status, err, body)
	}
}

// visit lets letters go by themselves, and some people come to their own pages.
func (s *soaked) visit() {
	kept, err := store.Open(s.Context(), s.database, nil)
	if err != nil {
		s.Fatal(err)
	}
	defer kept.Close()
	a := app.New(kept, app.Options{NewID: newID})
	operator := agenda.System("test")
	if _, err := a.SetLetterRule(s.Context(), operator, "forum", app.Match{Any: true}, agenda.LetterRule{Mode: agenda.LettersAll}); err != nil {
		s.Fatal(err)
	}
	for _, person := range s.people[:8] {
		made, err := a.MakePersonalLink(s.Context(), operator, "forum", app.LinkRequest{PersonID: agenda.ID(person)}, app.Once{})
		if err != nil {
			s.Fatal(err)
		}
		v, err := a.OpenPersonalLink(s.Context(), made.Secret, "", "192.0.2.1")
		if err != nil {
			s.Fatal(err)
		}
		s.visits = append(s.visits, "Cookie: __Host-plenary-me="+v.Secret)
	}
}

// send sends a request with the token and those headers, and gives the whole answer.
func (s *soaked) send(ctx context.Context, method, path, body string, headers ...string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.base+strings.TrimPrefix(path, s.base), strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/console/") {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	began := time.Now()
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	s.done.Add(1)
	s.note(method, time.Since(began))
	if tag := resp.Header.Get("ETag"); tag != "" && method == http.MethodGet {
		s.tags.Store(path, tag)
	}
	return resp.StatusCode, string(text), err
}

// note keeps how long some of the answers took.
func (s *soaked) note(method string, took time.Duration) {
	if method != http.MethodGet {
		method = "writes"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.took[method]
	if len(list) < 200_000 {
		s.took[method] = append(list, took)
		return
	}
	list[rand.N(len(list))] = took
}

// wrong notes what should not have happened.
func (s *soaked) wrong(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[what]++
}

// as decodes an answer.
func as[T any](text string) (v T, err error) {
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}

// sink is a mail server that counts letters and keeps none.
type sink struct{ letters atomic.Int64 }

type sinkVisit struct{ sink *sink }

func (b *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return sinkVisit{b}, nil }
func (sinkVisit) Reset()                                    {}
func (sinkVisit) Logout() error                             { return nil }
func (sinkVisit) Mail(string, *smtp.MailOptions) error      { return nil }
func (sinkVisit) Rcpt(string, *smtp.RcptOptions) error      { return nil }

func (v sinkVisit) Data(r io.Reader) error {
	if _, err := mail.ReadMessage(r); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, r)
	v.sink.letters.Add(1)
	return err
}
