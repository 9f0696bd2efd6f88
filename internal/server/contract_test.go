package server

import (
	options "flag" // the package has a function of that name
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/pgtest"
)

// few requests are sent when nobody asks for more.
const few = 600

var (
	contractRequests = options.Int("contract-requests", few, "requests to make from the OpenAPI document, on each database; more than the default asks PostgreSQL too, and that every operation is done and refused")
	contractSeed     = options.Uint64("contract-seed", 1, "where the requests begin: a failure says which")
)

// perWorld is how many requests one database gets: then there are thousands of things in it, and another world begins.
const perWorld = 1000

// TestTheDocumentHolds makes requests of all kinds from the OpenAPI document, good ones and bad ones, by people with and without rights, and
// holds the answers to it: no fault of the server, no status and no body that the document does not have, and nothing done that it
// does not take. All of it: go test ./internal/server -run TestTheDocumentHolds -contract-requests 50000 -timeout 60m
func TestTheDocumentHolds(t *testing.T) {
	sweep(t)
	alongside(t)
	c := readContract(t, newHarness(t))
	databases := map[string]func(testing.TB) string{"sqlite": migrated.File}
	if *contractRequests > few {
		databases["postgres"] = migrated.URL
	}
	answered := map[string]map[string]map[int]int{}
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" && !pgtest.Here() {
				t.Skip("SKIPPED: there is no PostgreSQL")
			}
			sum := &reckoning{statuses: map[string]map[int]int{}, faults: map[string]bool{}}
			began := time.Now()
			t.Run("worlds", func(t *testing.T) {
				for i := range (*contractRequests + perWorld - 1) / perWorld {
					seed := *contractSeed + uint64(i)
					t.Run(fmt.Sprint(seed), func(t *testing.T) {
						t.Parallel()
						n := min(perWorld, *contractRequests-i*perWorld)
						newWorld(t, c, database(t), seed).run(t, n, seed, sum)
					})
				}
			})
			answered[name] = sum.statuses
			requests, statuses, undone, unrefused := sum.totals(c)
			t.Logf("%d requests in %.0f s: %s; the slowest took %d ms, %s", requests, time.Since(began).Seconds(), statuses, sum.slowest.Milliseconds(), sum.slow)
			if *contractRequests < 20_000 {
				t.Logf("never done: %d operations, never refused: %d", len(undone), len(unrefused))
				return
			}
			for _, id := range undone {
				t.Errorf("nobody succeeded in doing %s", id)
			}
			for _, id := range unrefused {
				t.Errorf("nobody was refused %s", id)
			}
		})
	}
	if len(answered) < 2 {
		return
	}
	if diff := cmp.Diff(answered["sqlite"], answered["postgres"]); diff != "" {
		t.Errorf("PostgreSQL answers otherwise than SQLite (-sqlite +postgres):\n%s", diff)
	}
}

// run sends requests to a world.
func (w *world) run(t *testing.T, n int, seed uint64, sum *reckoning) {
	var said strings.Builder
	srv := httptest.NewUnstartedServer(w.served)
	srv.Config.ErrorLog = log.New(&said, "", 0)
	srv.Start()
	defer srv.Close()
	client := &http.Client{Timeout: slowest, Transport: &http.Transport{DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	for i := range n {
		w.advance(i, n)
		q := w.next(i)
		began := time.Now()
		a, err := w.sent(client, srv.URL, q)
		if err != nil && (unsendable(err) || strings.HasSuffix(q.path, "/%zz")) { // Go's own server hangs up on a line that is no request
			continue
		}
		if err != nil {
			t.Errorf("seed %d, request %d: %v\n%s", seed, i, err, q.asCurl())
			continue
		}
		sum.count(q.op.id, a.Status, time.Since(began))
		if fault := w.judge(q, a); fault != "" && sum.first(q.op.id+" "+fault[:min(len(fault), 40)]) {
			t.Errorf("FOUND seed %d, request %d, %s by %s, broken: %v: %d, %s\n%.3000s\n%v\n%.1000s", seed, i, q.op.id, w.nameOf(q.by), q.broken, a.Status, fault, q.asCurl(), ofInterest(a.Header), a.Body)
		}
		w.listen(q, a)
		if q.by >= 0 && a.Status == http.StatusUnauthorized && !w.callers[q.by].dead && w.callers[q.by].header.name != "" && len(q.broken) == 0 {
			w.rehire(q.by)
		}
	}
	if said.Len() > 0 {
		t.Errorf("seed %d: the server's log says: %s", seed, said.String())
	}
}

// ofInterest are the headers that are about the answer, and not the same in every one.
func ofInterest(h http.Header) []string {
	var list []string
	for _, name := range []string{"Content-Type", "ETag", "Location", "Retry-After", "X-Request-Id"} {
		if v := h.Get(name); v != "" {
			list = append(list, name+": "+v)
		}
	}
	return list
}

func (w *world) nameOf(by int) string {
	if by < 0 {
		return "somebody"
	}
	return w.callers[by].name
}

// advance lets time go by: a little with each request, and at two points days, so that the events begin, and end.
func (w *world) advance(i, n int) {
	w.pass(time.Duration(20+w.r.IntN(100)) * time.Millisecond)
	switch i {
	case n * 6 / 10:
		w.clock.Store(time.Date(2025, 10, 28, 3, 0, 0, 0, time.UTC).UnixMilli())
	case n * 9 / 10:
		w.clock.Store(time.Date(2025, 11, 20, 3, 0, 0, 0, time.UTC).UnixMilli())
	}
}

// next makes the request of that number.
func (w *world) next(i int) request {
	op := w.c.operations[w.r.IntN(len(w.c.operations))]
	if i < len(w.c.operations) {
		op = w.c.operations[(i*61)%len(w.c.operations)] // each once, in another order than that of the alphabet
	}
	q := w.make(op)
	if w.chance(45) {
		w.breakIt(&q)
	} else if op.method == http.MethodGet && w.chance(8) {
		q.method = http.MethodHead
	}
	return q
}
