package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

// soak is for how long [TestMixedLoad] goes on. By default only that it works is tried.
var soak = flag.Duration("soak", 0, "how long the mixed load goes on, such as 10m; 0: a moment")

// Of the capacity that is found, so much is asked for. Clients ask so many things at a time.
const (
	ofCapacity = 0.6
	clients    = 24
)

// What may grow in a program under a load that stays the same: memory by so many MB a minute, once so much of the time is over that
// all its caches are full; handles and goroutines by so many at rest in the second half of that (under load, the load decides how
// many there are).
const (
	maxGrowth = 1.0
	warm      = 0.3
	maxMore   = 10
)

// So often the load takes a breath, for so long: the program gives back what it needs no more when there were five to ten seconds with
// little to do, and what it holds then does not depend on who asks for what just now. The time that it takes does not count.
const (
	breaths = 15
	breath  = 16 * time.Second
)

// TestMixedLoad asks the running program for everything that a forum does at once, at 60 % of what it can: pages, calendars, the API, moves,
// publications, meetings with their letters, imports, exports, and people who watch live and go. Nothing fails, and nothing grows.
// All of it: go test ./cmd/plenary -run TestMixedLoad -soak 10m -timeout 20m -v
func TestMixedLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: a load")
	}
	length, panels, flat := *soak, 400, 8*time.Second
	if length == 0 {
		t.Parallel()
		length, panels, flat = time.Second, 20, 300*time.Millisecond
	}
	s := newSoaked(t, panels)
	s.fill(*soak >= time.Minute)
	ctx := t.Context()
	began := time.Now()
	s.keepUp(ctx, flat, rate.Inf, nil)
	capacity := float64(s.done.Load()) / time.Since(began).Seconds()
	s.done.Store(0)
	clear(s.took)
	size := onDisk(s.database)
	var samples []sample
	s.keepUp(ctx, length, rate.Limit(capacity*ofCapacity), func(at sample) { samples = append(samples, at) })
	t.Logf("%d panels; capacity %.0f requests a second, of which %.0f %% for %s; database of %.0f MB, before %.0f\n%s%s", panels, capacity, 100*ofCapacity, length, onDisk(s.database), size, table(samples, s.counted()), s.latencies())
	for what, times := range s.faults {
		t.Errorf("%d times: %s", times, what)
	}
	if letters := s.post.letters.Load(); letters == 0 {
		t.Error("no letter arrived")
	}
	if *soak >= time.Minute {
		s.judge(t, samples)
	}
}

// keepUp keeps up the load for so long, at so many requests a second, and tells of what is seen meanwhile. Whoever does not look at it
// gives nil.
func (s *soaked) keepUp(ctx context.Context, length time.Duration, perSecond rate.Limit, look func(sample)) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.breathe(ctx, 0)
	var workers sync.WaitGroup
	pace := rate.NewLimiter(perSecond, clients)
	mix, sum := s.mix(), 0
	for _, k := range mix {
		sum += k.weight
	}
	for range clients {
		workers.Go(func() {
			for pace.Wait(ctx) == nil {
				n := rand.N(sum)
				for _, k := range mix {
					if n -= k.weight; n < 0 {
						s.once(ctx, k.name, k.do)
						break
					}
				}
			}
		})
	}
	for name, do := range s.rare() {
		name, seconds, _ := cutLast(name)
		every, _ := strconv.Atoi(seconds)
		workers.Go(func() {
			first := time.Duration(rand.N(int64(time.Second) * int64(every)))
			for wait := time.After(min(first, length/2)); ; wait = time.After(time.Duration(every) * time.Second) {
				select {
				case <-ctx.Done():
					return
				case <-wait:
				}
				s.inPeriod() // nothing piles up while the load takes a breath
				workers.Go(func() { s.once(ctx, name, do) })
			}
		})
	}
	if look == nil {
		time.Sleep(length)
	} else {
		s.lookAt(ctx, length, look)
	}
	stop()
	workers.Wait()
}

// cutLast cuts at the last space.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndex(s, " ")
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// once does one thing to its end, and notes how it failed. What the end of the load cuts off did not.
func (s *soaked) once(ctx context.Context, name string, do func(context.Context) error) {
	within := context.WithoutCancel(ctx)
	if name == "watch" {
		within = s.inPeriod()
	} else {
		s.air.RLock()
		defer s.air.RUnlock()
	}
	if err := do(within); err != nil && ctx.Err() == nil {
		s.wrong(name + ": " + err.Error())
	}
}

// counted is what the column of goroutines counts.
func (s *soaked) counted() string {
	if s.operators == "" {
		return "threads"
	}
	return "goroutines"
}

// latencies says how long answers took.
func (s *soaked) latencies() string {
	var b strings.Builder
	for what, list := range s.took {
		slices.Sort(list)
		at := func(part float64) time.Duration {
			return list[int(part*float64(len(list)-1))].Round(10 * time.Microsecond)
		}
		fmt.Fprintf(&b, "%s: p50 %s, p99 %s, longest %s\n", what, at(0.5), at(0.99), at(1))
	}
	return b.String()
}
