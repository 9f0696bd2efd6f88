package server

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counting is a listener whose connections count how often something was written.
type counting struct {
	net.Listener
	writes *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return countingConn{c.(*net.TCPConn), l.writes}, nil
}

type countingConn struct {
	*net.TCPConn
	writes *atomic.Int64
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.TCPConn.Write(p)
}

// corkServer answers /N with a prepared body of N bytes, and /flush with 4,096 bytes that are held though nothing follows soon.
func corkServer(t *testing.T) (address string, writes *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	writes = &atomic.Int64{}
	s := &http.Server{ConnContext: ConnContext, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil {
			hold(r, httpBuffer)
			return // and does not keep its word
		}
		prepare(http.Header{}, newBody("text/plain", time.Time{}, bytes.Repeat([]byte("x"), n))).serve(w, r)
	})}
	done := make(chan error, 1)
	go func() { done <- s.Serve(Cork(counting{l, writes})) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return "http://" + l.Addr().String(), writes
}

// Answers of all lengths arrive whole, on connections that are used again and on those that are not: those, too, whose headers and
// body are exactly as long as net/http's buffer.
func TestCorkedAnswersArrive(t *testing.T) {
	address, _ := corkServer(t)
	for _, alive := range []bool{true, false} {
		c := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: !alive, DisableCompression: true}}
		lengths := []int{0, 1, 4095, 4096, 4097, 8191, 8192, 8193, 70_000, 1 << 20}
		for n := 3_800; n < 4_000; n += 3 { // with headers, one of them is 4,096
			lengths = append(lengths, n)
		}
		for n := 3_850; n < 3_970; n++ {
			lengths = append(lengths, n)
		}
		for _, n := range lengths {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				r, err := http.NewRequestWithContext(t.Context(), method, fmt.Sprint(address, "/", n), nil)
				if err != nil {
					t.Fatal(err)
				}
				a, err := c.Do(r)
				if err != nil {
					t.Fatalf("%s of %d bytes: %v", method, n, err)
				}
				got, err := io.ReadAll(a.Body)
				if err != nil || method == http.MethodGet && len(got) != n || a.ContentLength != int64(n) {
					t.Fatalf("%s of %d bytes: %d came, %v", method, n, len(got), err)
				}
				_ = a.Body.Close()
			}
		}
		c.CloseIdleConnections()
	}
}

// A long answer is sent in one go of two buffers, and by no write of one of them.
func TestALongAnswerIsOneWrite(t *testing.T) {
	address, writes := corkServer(t)
	got := map[int]int64{}
	for _, n := range []int{100, 4_500, 60_000} {
		before := writes.Load()
		a, err := http.Get(fmt.Sprint(address, "/", n))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, a.Body)
		_ = a.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		got[n] = writes.Load() - before
	}
	// What net.Buffers writes passes by the counting: it is one system call.
	if diff := cmp.Diff(map[int]int64{100: 1, 4_500: 0, 60_000: 0}, got); diff != "" {
		t.Error(diff)
	}
}

// halves is a connection of which a test holds the other end.
func halves(t *testing.T) (near *corked, far net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	far, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c, err := Cork(l).Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = c.Close(), far.Close() })
	if err := far.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c.(*corked), far
}

// What was kept goes out with the next write, before the next read and before the end: nobody waits for it in vain.
func TestWhatACorkKeepsGoesOut(t *testing.T) {
	first, second := bytes.Repeat([]byte("1"), httpBuffer), []byte("2")
	for what, then := range map[string]func(c *corked){
		"a write": func(c *corked) { _, _ = c.Write(second) },
		"a read":  func(c *corked) { go func() { _, _ = c.Read(make([]byte, 1)) }() },
		"the end": func(c *corked) { _ = c.Close() },
		"half":    func(c *corked) { _ = c.CloseWrite() },
	} {
		c, far := halves(t)
		c.next.Store(true)
		if n, err := c.Write(first); n != len(first) || err != nil {
			t.Fatal(n, err)
		}
		if err := far.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if n, err := far.Read(make([]byte, 1)); err == nil {
			t.Errorf("%s: %d bytes came before it", what, n)
		}
		if err := far.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		then(c)
		got := make([]byte, len(first))
		if _, err := io.ReadFull(far, got); err != nil || !bytes.Equal(got, first) {
			t.Errorf("%s: what was kept did not come: %v", what, err)
		}
	}
}
