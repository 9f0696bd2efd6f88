package server

import (
	"context"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/app"
)

// wire stands between the program and its database and can be cut.
type wire struct {
	t        *testing.T
	network  string
	to       string
	address  string
	mu       sync.Mutex
	listener net.Listener
	open     []net.Conn
	done     sync.WaitGroup
}

// newWire gives the URL by which a PostgreSQL is reached over a wire.
func newWire(t *testing.T, database string) (*wire, string) {
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, network: "tcp", to: u.Host, address: "127.0.0.1:0"}
	q := u.Query()
	if socket := q.Get("host"); socket != "" {
		w.network, w.to = "unix", socket+"/.s.PGSQL.5432"
		q.Del("host")
		u.RawQuery = q.Encode()
	}
	w.mend()
	w.address = w.listener.Addr().String()
	t.Cleanup(func() { w.cut(); w.done.Wait() })
	u.Host = w.address
	return w, u.String()
}

// mend takes connections from now on.
func (w *wire) mend() {
	listener, err := net.Listen("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.listener = listener
	w.mu.Unlock()
	w.done.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(w.network, w.to)
			if err != nil {
				_ = near.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, near, far)
			w.mu.Unlock()
			w.done.Go(func() { carry(near, far) })
			w.done.Go(func() { carry(far, near) })
		}
	})
}

func carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

// cut ends every connection and takes no more.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.listener.Close()
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

// A calendar that is told "empty" or "gone" while the database is away would delete what it has.
func TestFeedsWhileTheDatabaseIsAway(t *testing.T) {
	w, database := newWire(t, migrated.URL(t))
	s := newStageOn(newHarnessOn(t, database))
	s.restart(app.Options{PublicPulse: time.Hour}, base) // it need not look for what others do: nobody else is here
	t.Cleanup(s.server.Follow(context.Background()))
	_, secret := s.openFeed("")
	feeds := []string{"/vidw-2025/agenda.ics", "/vidw-2025/panels/PANEL1.ics", "/vidw-2025/rooms/" + string(s.hall) + ".ics",
		"/vidw-2025/speakers/" + string(s.minister) + ".ics", "/feeds/" + secret + ".ics", "/feeds/nobody-has-this-secret-0123456789.ics"}
	before := map[string]answer{}
	for _, path := range feeds {
		before[path] = s.get(path)
	}
	w.cut()
	for _, path := range feeds[:4] { // everybody's are in memory, and those that nobody asked for are not
		if a := s.get(path); a.Status != 200 || a.Body != before[path].Body || a.Header.Get("ETag") != before[path].Header.Get("ETag") {
			t.Errorf("%s while the database is away: %d %v %s", path, a.Status, a.Header, a.Body)
		}
	}
	for _, path := range append(feeds[4:], feeds[0]+"?lang=vi", feeds[1]+"?cancelled=show") {
		for _, headers := range [][]header{nil, {{"If-None-Match", before[path].Header.Get("ETag")}}, {{"Accept", "text/html"}}} {
			a := s.get(path, headers...)
			if a.Status != 503 || a.Header.Get("Retry-After") == "" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("ETag") != "" ||
				a.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(a.Body, "VCALENDAR") {
				t.Errorf("%s while the database is away: %d %v %s", path, a.Status, a.Header, a.Body)
			}
			if strings.Contains(a.Body, secret) || strings.Contains(a.Body, "127.0.0.1") {
				t.Errorf("the answer tells too much: %s", a.Body)
			}
		}
	}
	w.mend()
	for _, path := range feeds {
		if a := s.get(path); a.Status != before[path].Status || a.Header.Get("ETag") != before[path].Header.Get("ETag") {
			t.Errorf("%s after it returned: %d %s", path, a.Status, a.Body)
		}
	}
}

// A server that is being stopped closes its database while calendars still ask: what is in memory is answered.
func TestFeedsWhileTheProgramIsStopped(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		if _, err := h.app.Publish(context.Background(), h.system(), forum, nil, nil, app.Once{}); err != nil {
			t.Fatal(err)
		}
		h.must(200, h.get("/vidw-2025/agenda.ics"))
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		h.get("/vidw-2025/agenda.ics") // it may be there still
		if a := h.get("/vidw-2025/agenda.ics?lang=vi"); a.Status != 503 || a.Header.Get("Retry-After") == "" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}
