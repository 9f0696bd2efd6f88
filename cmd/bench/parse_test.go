package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProc(t *testing.T) {
	// A name may have spaces and brackets.
	stat := "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 6 0 99 1 2"
	if got, err := parseStat(stat); got != 3*time.Second || err != nil {
		t.Errorf("stat: %s, %v", got, err)
	}
	// What is idle or waits is not busy; what the host takes is.
	if got, err := parseBusy("cpu  100 10 200 5000 300 1 2 3 0 0\ncpu0 1 2 3\n"); got != 3160*time.Millisecond || err != nil {
		t.Errorf("busy: %s, %v", got, err)
	}
	m, err := parseStatus("Name:\tplenary\nVmHWM:\t   41000 kB\nVmRSS:\t   39600 kB\nRssAnon:\t   20100 kB\nThreads:\t9\n")
	if diff := cmp.Diff(memory{39600 << 10, 41000 << 10, 20100 << 10}, m); diff != "" || err != nil {
		t.Errorf("status: %v, %s", err, diff)
	}
	for what, parse := range map[string]func() error{
		"stat":   func() error { _, err := parseStat("1 (x) S 1"); return err },
		"busy":   func() error { _, err := parseBusy("intr 1 2 3 4 5 6 7 8 9\n"); return err },
		"status": func() error { _, err := parseStatus("Name: kthreadd\n"); return err },
	} {
		if parse() == nil {
			t.Errorf("%s: what says nothing is taken", what)
		}
	}
}

func TestWrk(t *testing.T) {
	got, err := parseWrk("Running 10m test\n  1 threads\n\nfound 804 503973 661692 0 776 5131\n")
	want := load{requests: 804, took: 503973 * time.Microsecond, bytes: 661692, p50: 776 * time.Microsecond, p99: 5131 * time.Microsecond}
	if got != want || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	for _, text := range []string{"", "unable to connect", "\nfound 1 2 3", "\nfound 804 503973 661692 3 776 5131", "\nfound 0 503973 0 0 0 0", "\nfound a b c d e f"} {
		if got, err := parseWrk(text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// What wrk has read tells an answer from another, as far as its size does.
func TestAnswersHaveTheSizeOfTheFirst(t *testing.T) {
	whole := &target{server: &server{conns: 32}, body: make([]byte, 50_000)}
	known := &target{server: &server{conns: 32}}
	for _, c := range []struct {
		target *target
		load   load
		well   bool
	}{
		{whole, load{requests: 1000, bytes: 1000 * 50_400}, true},
		{whole, load{requests: 10, bytes: 10*50_400 + 31*50_000}, true}, // those under way when the time was up
		{whole, load{requests: 1000, bytes: 1000 * 400}, false},         // a 304, or an error
		{whole, load{requests: 1000, bytes: 1000 * 100_000}, false},
		{known, load{requests: 1000, bytes: 1000 * 400}, true},
		{known, load{requests: 1000, bytes: 1000 * 50_400}, false},
	} {
		if err := c.target.expect(c.load); (err == nil) != c.well {
			t.Errorf("a body of %d, %+v: %v", len(c.target.body), c.load, err)
		}
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]string{
		"nginx version: nginx/1.22.1\n":           "1.22.1",
		"wrk debian/4.1.0-3+b2 [epoll] Copyright": "4.1.0-3+b2",
		"3.1.8\n":         "3.1.8",
		"no such program": "unknown",
	} {
		if got := versionIn(text); got != want {
			t.Errorf("%q has version %q, want %q", text, got, want)
		}
	}
}
