//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// behind is what stands behind the proxy: one replica that takes requests and ends before it answers, and one that answers.
type behind struct {
	proxy    string
	ready    atomic.Bool
	asked    atomic.Int64 // of the one that ends
	answered atomic.Int64
}

// proxied starts the proxy of the repository before two replicas that the test is.
func proxied(t *testing.T) *behind {
	t.Helper()
	if _, err := exec.LookPath("haproxy"); err != nil {
		t.Skip("SKIPPED: needs haproxy (Debian's package of that name)")
	}
	b := &behind{}
	b.ready.Store(true)
	replica := func(answer http.HandlerFunc) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/readyz" && !b.ready.Load():
				w.WriteHeader(http.StatusServiceUnavailable)
			case r.URL.Path == "/readyz" || r.URL.Path == "/healthz":
			default:
				answer(w, r)
			}
		}))
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	ending := replica(func(http.ResponseWriter, *http.Request) {
		b.asked.Add(1)
		panic(http.ErrAbortHandler)
	})
	well := replica(func(w http.ResponseWriter, r *http.Request) {
		b.answered.Add(1)
		if r.URL.Path == "/stream" {
			fmt.Fprint(w, "data: first\n\n")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	})
	ports, err := freePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join("..", "scale", "haproxy.cfg")) // by ourselves, so that go knows that the test is about it
	if err != nil {
		t.Fatal(err)
	}
	d := &drill{dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(d.dir, "haproxy.cfg"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("127.0.0.1:%d", ports[0])
	p, err := d.start("haproxy", []string{"PLENARY_BIND=" + at, "PLENARY_REPLICA_A=" + ending, "PLENARY_REPLICA_B=" + well}, "haproxy", "-db", "-f", "haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	b.proxy = "http://" + at
	if err := await("the proxy", 10*time.Second, func() (bool, error) { return answers(b.proxy + "/healthz") }); err != nil {
		t.Fatal(err)
	}
	return b
}

// ask sends requests one after another, each on a connection of its own, and says how many were answered well.
func (b *behind) ask(t *testing.T, n int, method string, headers ...string) (well int) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range n {
		r, err := http.NewRequestWithContext(t.Context(), method, b.proxy+"/", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		resp, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			well++
		}
	}
	return well
}

// What was handed to a replica that then ended is repeated at the other one only where that does no harm.
func TestTheProxyRepeatsWhatIsSafe(t *testing.T) {
	t.Parallel()
	b := proxied(t)
	const n = 12
	if well := b.ask(t, n, http.MethodGet); well != n || b.asked.Load() == 0 {
		t.Errorf("%d of %d GET were answered, and %d met the replica that ends", well, n, b.asked.Load())
	}
	if well := b.ask(t, n, http.MethodPost, "Idempotency-Key", "k"); well != n {
		t.Errorf("%d of %d POST with a key were answered", well, n)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		b.asked.Store(0)
		b.answered.Store(0)
		well := b.ask(t, n, method)
		if asked, answered := b.asked.Load(), b.answered.Load(); asked == 0 || answered != int64(well) || asked+answered != n {
			t.Errorf("of %d %s without a key, %d met the replica that ends, %d the other one, and %d were answered", n, method, asked, answered, well)
		}
	}
}

// When no replica reaches the database, those that are alive are asked, for what they have in memory.
func TestTheProxyAsksWhoIsAlive(t *testing.T) {
	t.Parallel()
	b := proxied(t)
	b.ready.Store(false)
	time.Sleep(1500 * time.Millisecond) // until it has noticed
	if well := b.ask(t, 6, http.MethodGet); well != 6 {
		t.Errorf("%d of 6 GET were answered while nobody was ready", well)
	}
}

// A stream is passed on as it comes.
func TestTheProxyHoldsNothingBack(t *testing.T) {
	t.Parallel()
	b := proxied(t)
	resp, err := http.Get(b.proxy + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil || line != "data: first\n" {
		t.Errorf("%q, %v", line, err)
	}
}
