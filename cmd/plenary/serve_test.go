package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A request that has begun when the signal to end comes is answered before the program ends.
func TestEndingFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir())
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := `{"name": {"en": "Annex"}}`
	// "Expect" makes the server say that it has begun to read, so that the signal comes while it does.
	fmt.Fprintf(conn, "POST /api/v1/events/vidw-2025/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", s.Token, len(body))
	answers := bufio.NewReader(conn)
	if resp, err := http.ReadResponse(answers, nil); err != nil || resp.StatusCode != http.StatusContinue {
		t.Fatal(resp, err)
	}
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitUntilClosed(t, s)
	if _, err := conn.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatal(resp, err)
	}
	if err := s.process.Wait(); err != nil {
		t.Fatalf("the program did not end well: %v\n%s", err, s.stderr)
	}
}

// waitUntilClosed asks for new connections until the server takes no more.
func waitUntilClosed(t *testing.T, s *site) {
	t.Helper()
	for range 10_000 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.Base, "http://"))
		if err != nil {
			return
		}
		conn.Close()
	}
	t.Fatal("the server goes on taking connections")
}

// What everybody reads is kept ready by the server as by the demo: the second one who asks gets what the first one got, without a
// route, which is told by the identity of a request that only routes give.
func TestServeKeepsPublicAnswersReady(t *testing.T) {
	t.Parallel()
	data, addr := t.TempDir(), freeAddress(t)
	startDemo(t, data).stop(t)
	_, stop := startServe(t, "PLENARY_DATABASE="+filepath.Join(data, "plenary.db"), "PLENARY_ADDR="+addr)
	url := "http://" + addr + "/vidw-2025/agenda.json"
	first, body := get(t, url)
	second, again := get(t, url)
	if first.Header.Get("X-Request-Id") == "" || second.Header.Get("X-Request-Id") != "" || second.Header.Get("Etag") != first.Header.Get("Etag") || again != body {
		t.Errorf("%v, then %v", first.Header, second.Header)
	}
	stop()
}
