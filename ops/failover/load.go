//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// pauses is a tally of answers, and of the longest time in which none was a success.
type pauses struct {
	mu      sync.Mutex
	good    int
	bad     map[string]int // by what came instead
	last    time.Time      // of the last success
	longest time.Duration
	slowest time.Duration // of one answer, good or bad
}

func (p *pauses) begin() { p.last, p.bad = time.Now(), map[string]int{} }

func (p *pauses) count(begun time.Time, instead string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.slowest = max(p.slowest, now.Sub(begun))
	if instead != "" {
		p.bad[instead]++
		return
	}
	p.good++
	p.longest = max(p.longest, now.Sub(p.last))
	p.last = now
}

// end counts the time since the last success as well.
func (p *pauses) end() { p.longest = max(p.longest, time.Since(p.last)) }

// instead says what there was besides successes: "12×503 3×reset".
func (p *pauses) instead() string {
	var words []string
	for _, what := range slices.Sorted(maps.Keys(p.bad)) {
		words = append(words, fmt.Sprintf("%d×%s", p.bad[what], what))
	}
	if words == nil {
		return "none"
	}
	return strings.Join(words, " ")
}

// load is what people and programs do meanwhile: writers who repeat what failed, with the same key, and readers of what is
// public.
type load struct {
	d               *drill
	round           int
	stop            context.CancelFunc
	done            sync.WaitGroup
	writing, public pauses
	mu              sync.Mutex
	acked           []string // names that were acknowledged
}

// burden begins a load.
func (d *drill) burden() *load {
	ctx, stop := context.WithCancel(context.Background())
	d.rounds++
	l := &load{d: d, round: d.rounds, stop: stop}
	l.writing.begin()
	l.public.begin()
	for i := range d.writers {
		l.done.Go(func() { l.write(ctx, i) })
	}
	for i := range d.readers {
		l.done.Go(func() { l.read(ctx, i) })
	}
	return l
}

// end lets each finish what is under way.
func (l *load) end() {
	l.stop()
	l.done.Wait()
	l.writing.end()
	l.public.end()
}

// client has connections of its own, as each of many clients has.
func client() *http.Client {
	return &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
}

func (l *load) write(ctx context.Context, i int) {
	c := client()
	for n := 0; ctx.Err() == nil; n++ {
		name := fmt.Sprintf("round %d writer %02d person %06d", l.round, i, n)
		for ctx.Err() == nil {
			begun := time.Now()
			instead := l.d.create(c, name)
			l.writing.count(begun, instead)
			if instead == "" {
				l.mu.Lock()
				l.acked = append(l.acked, name)
				l.mu.Unlock()
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(l.d.pace)
	}
}

// create makes a person of that name through the proxy, and says what came instead of success. The name is the key.
func (d *drill) create(c *http.Client, name string) (instead string) {
	body, err := json.Marshal(map[string]any{"name": name})
	if err != nil {
		return err.Error()
	}
	r, err := http.NewRequest(http.MethodPost, d.base+"/api/v1/events/"+writersEvent+"/people", bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", strings.ReplaceAll(name, " ", "-"))
	_, instead = answer(c, r, http.StatusCreated)
	return instead
}

// answer asks, and gives the headers and what came instead of one of the statuses.
func answer(c *http.Client, r *http.Request, good ...int) (h http.Header, instead string) {
	resp, err := c.Do(r)
	if err != nil {
		return nil, wordOf(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return nil, wordOf(err)
	}
	switch {
	case slices.Contains(good, resp.StatusCode):
		return resp.Header, ""
	case resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "":
		return nil, "503-without-Retry-After"
	}
	return nil, fmt.Sprint(resp.StatusCode)
}

// wordOf tells the kinds of failures apart, in a word.
func wordOf(err error) string {
	if e, ok := err.(net.Error); ok && e.Timeout() {
		return "timeout"
	}
	return "network"
}

// publicPaths are what the public reads, in three representations.
var publicPaths = []string{"/agenda.json", "/", "/agenda.ics"}

// read asks for what is public, every second time as somebody who has it already.
func (l *load) read(ctx context.Context, i int) {
	c := client()
	tags := map[string]string{}
	for n := i; ctx.Err() == nil; n++ {
		path := publicPaths[n%len(publicPaths)]
		r, err := http.NewRequest(http.MethodGet, l.d.base+"/"+readersEvent+path, nil)
		if err != nil {
			panic(err) // the address is a constant
		}
		if n%2 == 1 && tags[path] != "" {
			r.Header.Set("If-None-Match", tags[path])
		}
		begun := time.Now()
		h, instead := answer(c, r, http.StatusOK, http.StatusNotModified)
		l.public.count(begun, instead)
		if instead == "" {
			tags[path] = h.Get("Etag")
		}
		time.Sleep(l.d.pace)
	}
}
