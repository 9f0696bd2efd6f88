package server

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// allowance is how often something may be done: so many times at once, and then again so many times a second.
type allowance struct {
	atOnce    int
	perSecond rate.Limit
}

// The allowances. A whole conference may come from one address, so those that are counted by address are wide: reading
// costs next to nothing, and a hall of three thousand that opens the agenda in one minute passes. Files that are the same
// for everybody and the answers to monitors are not counted.
var (
	reading  = allowance{3000, 300} // by address: pages, feeds, public documents
	making   = allowance{300, 15}   // by address: of those, what is made for the one who asks, such as a search
	writing  = allowance{200, 2}    // by address: forms and the API without a credential
	calling  = allowance{200, 20}   // by credential: the API
	guessing = allowance{30, 1}     // by address: credentials that open nothing
)

// uncounted are the routes that cost nothing or must always answer.
var uncounted = map[string]bool{"/static/:name": true, "/favicon.ico": true, "/robots.txt": true, "/healthz": true, "/readyz": true}

// limits count what is done, by who does it.
type limits struct{ reading, making, writing, calling, guessing *limiter }

func newLimits(now func() time.Time) *limits {
	return &limits{newLimiter(reading, now), newLimiter(making, now), newLimiter(writing, now), newLimiter(calling, now), newLimiter(guessing, now)}
}

// maxCounted is of how many a limiter knows what they did, some 400 bytes for each; who did nothing for the longest time is
// forgotten, and begins anew.
const maxCounted = 20_000

// limiter holds everybody to one allowance.
type limiter struct {
	allowance
	now     func() time.Time
	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

func newLimiter(a allowance, now func() time.Time) *limiter {
	buckets, _ := simplelru.NewLRU[string, *rate.Limiter](maxCounted, nil) // it refuses no room only
	return &limiter{allowance: a, now: now, buckets: buckets}
}

// take counts one more and says how long to wait when it is too many; then it is not counted.
func (l *limiter) take(key string) (wait time.Duration) {
	_, wait = l.borrow(key)
	return wait
}

// borrow is take with a way to give back what was taken.
func (l *limiter) borrow(key string) (giveBack func(), wait time.Duration) {
	now := l.now()
	one := l.bucket(key).ReserveN(now, 1)
	giveBack = func() { one.CancelAt(now) }
	if wait = one.DelayFrom(now); wait > 0 {
		giveBack()
	}
	return giveBack, wait
}

func (l *limiter) bucket(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets.Get(key)
	if !ok {
		b = rate.NewLimiter(l.perSecond, l.atOnce)
		l.buckets.Add(key, b)
	}
	return b
}

func (l *limiter) knows(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buckets.Contains(key)
}

func (l *limiter) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buckets.Remove(key)
}

// limitRate refuses who asks too often. The API counts requests with a credential by that: see [Server.knownActor].
func (s *Server) limitRate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.limits == nil || uncounted[c.Path()] || strings.HasPrefix(c.Path(), apiRoot+"/") && sentCredential(c.Request()) != "" {
			return next(c)
		}
		by := s.limits.writing
		switch c.Request().Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			by = s.limits.reading
		}
		if wait := by.take(app.Network(c.RealIP())); wait > 0 {
			return tooMany(wait)
		}
		return next(c)
	}
}

// sentCredential is by what the API knows who asks, as it was sent; "" when it asks for nobody.
func sentCredential(r *http.Request) string {
	if sent := r.Header.Get(echo.HeaderAuthorization); sent != "" {
		return sent
	}
	return cookie(r, loginCookie)
}

// knownActor is [Server.actor] within limits. One whose credential opened something before is counted by it alone: what
// others do at the same address, guessing for one, does no harm. One who comes with something new may be guessing until
// it is known to open something.
func (s *Server) knownActor(c echo.Context) (agenda.Actor, error) {
	sent := sentCredential(c.Request())
	if s.limits == nil || sent == "" {
		return s.actor(c)
	}
	sum := sha256.Sum256([]byte(sent))
	key, giveBack := string(sum[:]), func() {}
	known := s.limits.calling.knows(key)
	var wait time.Duration
	if known {
		wait = s.limits.calling.take(key)
	} else {
		giveBack, wait = s.limits.guessing.borrow(app.Network(c.RealIP()))
	}
	if wait > 0 {
		return agenda.Actor{}, tooMany(wait)
	}
	actor, err := s.actor(c)
	switch {
	case agenda.CodeOf(err) == agenda.Unauthenticated, err == nil && actor.Kind == agenda.Anonymous:
		s.limits.calling.forget(key)
	case !known:
		giveBack()
		if err == nil {
			s.limits.calling.take(key)
		}
	}
	return actor, err
}

// tooMany is the Problem of who has to wait.
func tooMany(wait time.Duration) *Problem {
	p := plainProblem(http.StatusTooManyRequests)
	p.Code, p.Detail = agenda.TooMany, "There were too many requests. Try again after the seconds that the Retry-After header says."
	p.retryAfter = max(1, seconds(wait))
	return p
}
