package server

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func built(n int) func() (*body, error) {
	return func() (*body, error) { return newBody("text/plain", time.Time{}, []byte(strings.Repeat("x", n))), nil }
}

func TestABodyIsBuiltOnceHoweverManyAskForIt(t *testing.T) {
	c := newBodyCache(maxBodyBytes)
	var builds atomic.Int64
	var wrong atomic.Int64
	atOnce(64, func(i int) {
		key := fmt.Sprint("key ", i%4)
		b, err := c.get(keyOf("", key), func() (*body, error) {
			builds.Add(1)
			return newBody("text/plain", time.Time{}, []byte(key)), nil
		})
		if err != nil || string(b.in(uncoded).bytes) != key {
			wrong.Add(1)
		}
	})
	if builds.Load() != 4 || wrong.Load() != 0 {
		t.Errorf("%d builds and %d wrong answers, want 4 and 0", builds.Load(), wrong.Load())
	}
}

func TestBodiesAreBounded(t *testing.T) {
	c := newBodyCache(maxBodyBytes)
	c.max = 10_000
	atOnce(8, func(i int) {
		for j := range 200 {
			if _, err := c.get(keyOf("", fmt.Sprint(i, j)), built(1000)); err != nil {
				t.Error(err)
			}
		}
	})
	if c.bytes > c.max || c.bytes <= 0 || len(c.entries) != c.recent.Len() || len(c.entries) > 10 {
		t.Errorf("%d bytes in %d entries (%d in order), at most %d bytes fit", c.bytes, len(c.entries), c.recent.Len(), c.max)
	}
	if _, err := c.get(keyOf("", "huge"), built(20_000)); err != nil || c.bytes > c.max {
		t.Errorf("after a body that is too large: %v, %d bytes", err, c.bytes)
	}
}

func TestTheLeastRecentlyUsedBodyIsForgotten(t *testing.T) {
	c := newBodyCache(maxBodyBytes)
	c.max = 3 * (1000 + entryCost + 1)
	builds := map[string]int{}
	ask := func(key string) {
		t.Helper()
		if _, err := c.get(keyOf("", key), func() (*body, error) { builds[key]++; return built(1000)() }); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range strings.Split("abcadab", "") {
		ask(key)
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 2, "c": 1, "d": 1}, builds); diff != "" {
		t.Error(diff)
	}
}

// An older state may be asked for again, by who looked at the database before: it is made again, and takes the place.
func TestAPlaceHoldsOneState(t *testing.T) {
	c := newBodyCache(maxBodyBytes)
	var forgotten []string
	c.forgotten = func(b *body) { forgotten = append(forgotten, string(b.in(uncoded).bytes)) }
	get := func(state string, meanwhile func()) *body {
		t.Helper()
		b, err := c.get(keyOf(state, "page"), func() (*body, error) {
			meanwhile()
			return newBody("text/plain", time.Time{}, append(make([]byte, 0, 1<<20), state...)), nil
		})
		if err != nil || string(b.in(uncoded).bytes) != state {
			t.Fatal(state, b, err)
		}
		return b
	}
	nothing := func() {}
	one := get("1", nothing)
	late := get("2", func() { get("3", nothing) })
	if !c.has(keyOf("3", "page")) || c.has(keyOf("2", "page")) || len(c.entries) != 1 || c.recent.Len() != 1 {
		t.Errorf("%d entries, of which %d in order", len(c.entries), c.recent.Len())
	}
	if !one.dropped.Load() || !late.dropped.Load() || get("3", nothing).dropped.Load() {
		t.Error("what is not kept is not dropped, or what is kept is")
	}
	get("1", nothing)
	if diff := cmp.Diff([]string{"1", "3"}, forgotten); diff != "" {
		t.Error(diff)
	}
	if size := 1 + len("page") + 1 + entryCost; c.bytes != size {
		t.Errorf("%d bytes, want %d", c.bytes, size)
	}
	if kept := cap(get("1", nothing).in(uncoded).bytes); kept > 64 {
		t.Errorf("%d bytes are held for one", kept)
	}
}

func TestABuildThatFailedIsTriedAgain(t *testing.T) {
	c := newBodyCache(maxBodyBytes)
	failure := errors.New("no")
	if _, err := c.get(keyOf("", "key"), func() (*body, error) { return nil, failure }); err != failure {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.get(keyOf("", "key"), func() (*body, error) { panic("no") })
	}()
	if b, err := c.get(keyOf("", "key"), built(5)); err != nil || len(b.in(uncoded).bytes) != 5 {
		t.Errorf("after a failure and a panic: %v, %v", b, err)
	}
}

func TestWhoAcceptsWhat(t *testing.T) {
	for header, want := range map[string]coding{"": uncoded, "gzip": gzipped, "br, gzip;q=0.5": brotlied, "gzip;q=0": uncoded, "*": brotlied,
		"*;q=0": uncoded, "gzip;q=0, *": brotlied, "identity": uncoded, "GZIP ; Q=1": gzipped, "deflate,gzip;q=1.0": gzipped,
		"gzip, br;q=0.1": gzipped, "br;q=0, gzip": gzipped, "x-gzip": gzipped, "gzip, deflate, br, zstd": brotlied, "zstd": uncoded,
		"br;q=0, *": gzipped, "gzip;q=x": gzipped} {
		h := map[string][]string{}
		if header != "" {
			h["Accept-Encoding"] = []string{header}
		}
		if got := accepts(h); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}
