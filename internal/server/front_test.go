package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
	"plenary/internal/telemetry"
)

// unwatched is a stage whose front hears of what this program does, and looks for nothing else.
func unwatched(t *testing.T) *stage {
	s := newStage(t)
	s.restart(app.Options{PublicPulse: time.Hour}, base)
	t.Cleanup(s.server.Follow(context.Background()))
	return s
}

// fronted are addresses of each kind that the front keeps.
func (s *stage) fronted() []string {
	files, err := staticFiles()
	s.check(err)
	return []string{"/", "/vidw-2025/", "/vidw-2025/?lang=vi&view=grid", "/vidw-2025/agenda.json", "/vidw-2025/agenda.json?lang=fr", "/vidw-2025/agenda.ics",
		"/vidw-2025/changes.json", "/vidw-2025/changes.atom", "/vidw-2025/schedule.xml", "/vidw-2025/releases/1/agenda.json", "/vidw-2025/panels/PANEL1",
		"/vidw-2025/panels/PANEL1.ics", "/static/" + styleName + "?v=" + files[styleName].version()}
}

// Public answers need no database once they were given.
func TestTheFrontAnswersWithoutTheDatabase(t *testing.T) {
	s := unwatched(t)
	first := map[string]answer{}
	for _, path := range s.fronted() {
		first[path] = s.must(200, s.get(path, header{"Accept-Encoding", "gzip"}))
	}
	s.check(s.store.Close())
	for path, a := range first {
		again := s.must(200, s.get(path, header{"Accept-Encoding", "gzip"}))
		id := again.Header.Get("X-Request-Id")
		a.Header.Del("X-Request-Id")
		if diff := cmp.Diff(a, again); diff != "" || id != "" {
			t.Errorf("%s: it was answered otherwise (id %q): %s", path, id, diff)
		}
		s.must(304, s.get(path, header{"Accept-Encoding", "gzip"}, header{"If-None-Match", a.Header.Get("ETag")}))
		plain := s.must(200, s.get(path))
		if plain.Body != unpack(t, a) {
			t.Errorf("%s: other forms are other bytes", path)
		}
		if head := s.must(200, s.ask("", http.MethodHead, path, nil)); head.Body != "" || head.Header.Get("ETag") != plain.Header.Get("ETag") {
			t.Errorf("%s: HEAD is %q %s", path, head.Body, head.Header.Get("ETag"))
		}
	}
	for _, path := range []string{"/vidw-2025/now", "/vidw-2025/agenda.json?day=2025-10-27", "/vidw-2025/speakers/x", "/readyz"} {
		if a := s.get(path); a.Status != 503 {
			t.Errorf("%s: %d, though the front should not have it", path, a.Status)
		}
	}
}

// Whoever is known is answered by the route, and gets what is theirs alone.
func TestTheFrontIsForStrangers(t *testing.T) {
	s, l := unwatched(t), newLookout(t)
	s.server.front.meter = l.meter // of which the first answer, by the route, knows nothing
	const path = "/vidw-2025/agenda.json"
	s.must(200, s.get(path))
	tag := s.must(200, s.get(path)).Header.Get("ETag")
	s.must(304, s.get(path, header{"If-None-Match", tag}))
	s.must(200, s.ask("", http.MethodHead, path, nil))
	for _, known := range []header{{"Cookie", "a=b"}, {"Authorization", "Bearer x"}} {
		a := s.get(path, known)
		if a.Header.Get("X-Request-Id") == "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "private") {
			t.Errorf("%v: %d %v", known, a.Status, a.Header)
		}
	}
	if a := s.ask("", http.MethodPost, path, nil); a.Status != 405 {
		t.Errorf("POST: %d", a.Status)
	}
	if diff := cmp.Diff([]string{"method=GET route=/:event/agenda.json status=2xx 1", "method=GET route=/:event/agenda.json status=3xx 1",
		"method=HEAD route=/:event/agenda.json status=2xx 1"}, samples(l.families()["plenary_http_requests_total"])); diff != "" {
		t.Error(diff)
	}
}

// What was published or deleted is seen by whoever asks next.
func TestTheFrontHearsOfWhatThisProgramDoes(t *testing.T) {
	s := unwatched(t)
	etag := func(path string) string { return s.must(200, s.get(path)).Header.Get("ETag") }
	for range 3 {
		before := map[string]string{}
		for _, path := range []string{"/vidw-2025/agenda.json", "/vidw-2025/", "/vidw-2025/agenda.ics", "/vidw-2025/changes.json"} {
			before[path] = etag(path)
		}
		e, err := s.app.Event(context.Background(), s.system(), forum)
		s.check(err)
		e.Name = agenda.Text{"en": fmt.Sprint("Another name ", e.Revision)}
		_, err = s.app.EditEvent(context.Background(), s.system(), forum, app.Revision(e.Revision), e)
		s.check(err)
		for path, tag := range before {
			if etag(path) != tag {
				t.Errorf("%s: the draft is seen", path)
			}
		}
		s.publish(nil)
		for path, tag := range before {
			if etag(path) == tag {
				t.Errorf("%s: what was published is not seen", path)
			}
		}
	}
	s.check(s.app.DeleteEvent(context.Background(), s.system(), forum, app.Match{Any: true}))
	s.must(404, s.get("/vidw-2025/agenda.json"))
}

// A program that others share the database with hears of what they publish; on PostgreSQL it is told, else it looks.
func TestTheFrontHearsOfWhatOthersDo(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		for _, told := range []bool{true, false} {
			if !told || s.store.Dialect() == "postgres" {
				s.hearsOfOthers(told)
			}
		}
	})
}

func (s *stage) hearsOfOthers(told bool) {
	other, err := store.Open(context.Background(), s.at, nil)
	s.check(err)
	defer other.Close()
	pulse := 20 * time.Millisecond
	if told {
		pulse = time.Hour
	}
	o := New(Options{App: app.New(other, app.Options{Now: s.now, NewID: s.newID, PublicPulse: pulse}), BaseURL: base, Now: s.now})
	defer o.Follow(context.Background())()
	if told {
		s.settled(o)
	}
	etag := func() string { return s.askOf(o, "", "/vidw-2025/agenda.json").Header.Get("ETag") }
	for range 5 {
		before, began := etag(), time.Now()
		s.publish(nil)
		for etag() == before {
			if time.Since(began) > 10*time.Second {
				s.t.Fatalf("told %t: it was not heard of", told)
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// settled waits until a server hears what others tell.
func (s *stage) settled(o *Server) {
	for began := time.Now(); time.Since(began) < 5*time.Second; time.Sleep(5 * time.Millisecond) {
		o.front.mu.RLock()
		round := o.front.round
		o.front.mu.RUnlock()
		s.publish(nil)
		time.Sleep(20 * time.Millisecond)
		o.front.mu.RLock()
		heard := o.front.round != round
		o.front.mu.RUnlock()
		if heard {
			return
		}
	}
	s.t.Fatal("the server hears nothing")
}

// What was read before a Release landed, and is sent after it, is not kept.
func TestTheFrontKeepsNothingThatIsOld(t *testing.T) {
	s := unwatched(t)
	const path = "/vidw-2025/agenda.json"
	r := s.server.front.ticket(httptest.NewRequest(http.MethodGet, path, nil))
	s.publish(nil) // while the route reads
	s.server.echo.ServeHTTP(httptest.NewRecorder(), r)
	if s.server.front.find(r) != nil {
		t.Error("an answer of the round before is kept")
	}
	for end := time.Now().Add(10 * time.Second); s.server.front.find(r) == nil; { // once nothing is told of the publication any more
		if time.Now().After(end) {
			t.Fatal("an answer of this round is not kept")
		}
		r = s.server.front.ticket(httptest.NewRequest(http.MethodGet, path, nil))
		s.server.echo.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// Readers who ask all the time never see an older Release after a newer one, whoever fills the front at that moment.
func TestTheFrontNeverGoesBack(t *testing.T) {
	s := newStage(t)
	var done atomic.Bool
	var last atomic.Int64
	last.Store(1)
	go func() {
		defer done.Store(true)
		for range 40 {
			last.Store(int64(s.publish(nil).Number))
		}
	}()
	atOnce(4, func(int) {
		for !done.Load() {
			least := last.Load()
			a := s.get("/vidw-2025/agenda.json")
			var seen int64
			if _, after, ok := strings.Cut(a.Body, `"number":`); ok {
				_, _ = fmt.Sscan(after, &seen)
			}
			if seen < least {
				t.Errorf("release %d was answered after release %d was published", seen, least)
				return
			}
		}
	})
}

// Pages are in the language of who asks, also from memory.
func TestTheFrontSpeaksEverybodysLanguage(t *testing.T) {
	s := unwatched(t)
	for range 2 {
		for _, speaks := range []string{"", "fr", "vi", "en", "de-CH, fr;q=0.5", strings.Repeat("x", 300)} {
			want := map[string]string{"fr": "fr", "vi": "vi", "de-CH, fr;q=0.5": "fr"}[speaks]
			if want == "" {
				want = "en"
			}
			var headers []header
			if speaks != "" {
				headers = append(headers, header{"Accept-Language", speaks})
			}
			if a := s.must(200, s.get("/vidw-2025/", headers...)); a.Header.Get("Content-Language") != want {
				t.Errorf("%q reads %s", speaks, a.Header.Get("Content-Language"))
			}
		}
	}
}

// A calendar depends on the clock, and is not answered from memory past the moment when it becomes another one.
func TestTheFrontGoesByTheClock(t *testing.T) {
	s := unwatched(t)
	const path = "/vidw-2025/agenda.ics"
	before := s.must(200, s.get(path))
	if again := s.must(200, s.get(path)); again.Header.Get("X-Request-Id") != "" {
		t.Error("the calendar is not kept")
	}
	s.clock.Store(time.Date(2025, 10, 27, 3, 0, 0, 0, time.UTC).UnixMilli()) // during the event
	during := s.must(200, s.get(path))
	if during.Header.Get("X-Request-Id") == "" || during.Body == before.Body {
		t.Error("the calendar of before the event is told during it")
	}
}

// However many addresses and languages are asked for, the front stays within its bounds and keeps what is asked for all the time.
func TestTheFrontIsBounded(t *testing.T) {
	f := newFront(time.Now, telemetry.NewMeter())
	f.setOpen(true)
	b := newBody("text/plain", time.Time{}, []byte("x"))
	keep := func(target string) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.put(&frontEntry{key: frontKey{target: target}, answer: &prepared{body: b, common: []headerField{{"A", []string{strings.Repeat("x", 1000)}}}}})
	}
	keep("/loved")
	loved := httptest.NewRequest(http.MethodGet, "/loved", nil)
	for i := range 20_000 {
		keep(fmt.Sprint("/", i))
		if f.find(loved) == nil {
			t.Fatalf("after %d others, what everybody asks for is forgotten", i)
		}
	}
	if f.bytes > maxFrontBytes || f.bytes < maxFrontBytes/2 || len(f.entries) != f.recent.Len() {
		t.Errorf("%d bytes in %d entries (%d in order)", f.bytes, len(f.entries), f.recent.Len())
	}
	if len(f.of[b]) != len(f.entries) {
		t.Errorf("%d keys of a body are remembered, of %d entries", len(f.of[b]), len(f.entries))
	}
}

// Bodies that the cache forgets are not held by the front, and those that the front hands out are not forgotten first.
func TestTheFrontAndTheCacheAgree(t *testing.T) {
	s := unwatched(t)
	s.must(200, s.get("/vidw-2025/agenda.json"))
	s.must(200, s.get("/vidw-2025/changes.json"))
	s.must(200, s.get("/vidw-2025/agenda.json")) // by the front
	c := s.server.bodies
	c.mu.Lock()
	c.max = c.bytes - 1
	c.shrink()
	c.mu.Unlock()
	s.check(s.store.Close())
	if a := s.get("/vidw-2025/agenda.json"); a.Status != 200 {
		t.Error("what was asked for is forgotten first:", a.Status)
	}
	if a := s.get("/vidw-2025/changes.json"); a.Status != 503 {
		t.Error("what the cache forgot is still held:", a.Status)
	}
}
