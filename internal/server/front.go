package server

import (
	"cmp"
	lru "container/list"
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/telemetry"
)

// front answers from memory, before any route is looked for, what is the same for everybody until the next Release lands. What it
// gives out was answered by a route before, to the same address; it decides nothing. Requests with a credential or a cookie pass it by.
//
// There is no log line for what it answers, no limit, no time taken, no trace and no identity of the request: each would cost more than the
// answer. It is counted: see [telemetry.Route.Count].
type front struct {
	now func() time.Time

	mu      sync.RWMutex
	open    bool // somebody tells it of Releases
	round   uint64
	entries map[frontKey]*lru.Element
	recent  *lru.List // of *frontEntry: the last to come first
	bytes   int
	of      map[*body]map[frontKey]bool
	meter   *telemetry.Meter
}

// frontKey is what the answer depends on: the target of the request, and Accept-Language where the answer varies by it.
type frontKey struct{ target, languages string }

type frontEntry struct {
	key    frontKey
	answer *prepared // nil: it varies by Accept-Language, so look there
	used   atomic.Bool
	size   int
}

// What the front keeps at most, besides the bodies, which are the cache's.
const (
	maxFrontBytes     = 16 << 20
	frontEntryCost    = 256 // about what an entry takes besides its headers
	maxFrontTarget    = 512
	maxFrontLanguages = 128
)

func newFront(now func() time.Time, meter *telemetry.Meter) *front {
	f := &front{now: now, meter: meter}
	f.empty()
	return f
}

func (f *front) empty() {
	f.entries, f.recent, f.bytes, f.of = map[frontKey]*lru.Element{}, lru.New(), 0, map[*body]map[frontKey]bool{}
}

// drop forgets everything: what the public sees has changed. Answers that are being made now are not kept either.
func (f *front) drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.round++
	f.empty()
}

// setOpen says whether somebody tells the front of Releases. While nobody does, it keeps nothing.
func (f *front) setOpen(open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open = open
	f.round++
	f.empty()
}

// asksFront says whether the front may answer: what it has is for those whom nobody knows.
func asksFront(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 || len(r.RequestURI) > maxFrontTarget {
		return false
	}
	return r.Header[echo.HeaderCookie] == nil && r.Header[echo.HeaderAuthorization] == nil
}

// frontLanguages gives what a request says of languages, as part of a key; false: it says too much.
func frontLanguages(r *http.Request) (string, bool) {
	said := r.Header["Accept-Language"]
	all := ""
	if len(said) > 0 {
		all = said[0]
	}
	if len(said) > 1 {
		all = strings.Join(said, ",")
	}
	return all, len(all) <= maxFrontLanguages
}

// find gives the prepared answer to a request, nil when there is none.
func (f *front) find(r *http.Request) *prepared {
	f.mu.RLock()
	at := f.entries[frontKey{target: r.RequestURI}]
	if at != nil && at.Value.(*frontEntry).answer == nil {
		at = nil
		if languages, ok := frontLanguages(r); ok {
			at = f.entries[frontKey{r.RequestURI, cmp.Or(languages, noLanguages)}]
		}
	}
	f.mu.RUnlock()
	if at == nil {
		return nil
	}
	e := at.Value.(*frontEntry)
	p := e.answer
	if !p.until.IsZero() && !f.now().Before(p.until) {
		return nil
	}
	if !e.used.Load() {
		e.used.Store(true)
	}
	if !p.body.used.Load() {
		p.body.used.Store(true)
	}
	return p
}

// noLanguages stands for Accept-Language in the key of who sends none: the empty one is the address's own.
const noLanguages = "-"

// ticketKey is where a request has its ticket: the round in which it was taken.
type ticketKey struct{}

// ticket gives a request with which what is answered may be kept, unless something changes on the way.
func (f *front) ticket(r *http.Request) *http.Request {
	f.mu.RLock()
	open, round := f.open, f.round
	f.mu.RUnlock()
	if !open {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), ticketKey{}, round))
}

// keep takes an answer that is about to be sent, for who asks the same. The answer is the route's own when it may not be kept.
func (f *front) keep(c echo.Context, p *prepared) {
	r := c.Request()
	round, ok := r.Context().Value(ticketKey{}).(uint64)
	if !ok || c.Response().Header()[echo.HeaderSetCookie] != nil {
		return
	}
	languages, ok := frontLanguages(r)
	if !ok {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.open || round != f.round || p.body.dropped.Load() {
		return
	}
	p.get, p.head = f.meter.Route(http.MethodGet, c.Path()), f.meter.Route(http.MethodHead, c.Path())
	key := frontKey{target: r.RequestURI}
	if variesByLanguage(p) {
		f.put(&frontEntry{key: key})
		key.languages = cmp.Or(languages, noLanguages)
	}
	f.put(&frontEntry{key: key, answer: p})
}

func variesByLanguage(p *prepared) bool {
	for _, one := range p.common {
		if one.name == echo.HeaderVary && strings.Contains(strings.Join(one.values, ","), "Accept-Language") {
			return true
		}
	}
	return false
}

// put adds an entry, in the place of one of the same key, and makes room.
func (f *front) put(e *frontEntry) {
	f.remove(e.key)
	e.size = frontEntryCost + len(e.key.target) + len(e.key.languages)
	if e.answer != nil {
		for _, one := range e.answer.common {
			e.size += 4 * (len(one.name) + len(strings.Join(one.values, "")) + 16) // of each form
		}
		b := e.answer.body
		if f.of[b] == nil {
			f.of[b] = map[frontKey]bool{}
		}
		f.of[b][e.key] = true
	}
	f.entries[e.key] = f.recent.PushFront(e)
	f.bytes += e.size
	for at := f.recent.Back(); at != nil && f.bytes > maxFrontBytes; {
		oldest, before := at.Value.(*frontEntry), at.Prev()
		if oldest.used.Swap(false) { // it was asked for since: it is passed over once
			f.recent.MoveToFront(at)
			if before == nil {
				before = f.recent.Back()
			}
		} else {
			f.remove(oldest.key)
		}
		at = before
	}
}

func (f *front) remove(key frontKey) {
	at, ok := f.entries[key]
	if !ok {
		return
	}
	e := f.recent.Remove(at).(*frontEntry)
	delete(f.entries, key)
	f.bytes -= e.size
	if e.answer == nil {
		return
	}
	b := e.answer.body
	if delete(f.of[b], key); len(f.of[b]) == 0 {
		delete(f.of, b)
	}
}

// forget drops the answers of a body that is kept no longer, so that its bytes are not held here.
func (f *front) forget(b *body) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key := range f.of[b] {
		f.remove(key)
	}
}

// answerKept sends a body, and keeps the answer for who asks the same, until the clock says or another Release lands. The zero time
// says that the clock does not matter.
func (s *Server) answerKept(c echo.Context, b *body, until time.Time) error {
	p := prepare(c.Response().Header(), b)
	p.until = until
	s.front.keep(c, p)
	p.serve(c.Response(), c.Request())
	return nil
}

// Follow has the front answer what is the same for everybody, until stop is called: from now on somebody looks for what others publish.
func (s *Server) Follow(ctx context.Context) (stop func()) {
	end := s.app.FollowPublic(ctx, s.front.drop)
	s.front.setOpen(true)
	return func() {
		s.front.setOpen(false)
		end()
	}
}
