package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func operations(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// say sends bytes to the program as they are and gives what it answers, nil when it hangs up instead.
func (s *site) say(t *testing.T, request string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(conn, request) }() // what is refused while it comes is not taken whole
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil
	}
	return answer
}

// What is no request that makes sense is refused by the running program, at once and in few words.
func TestTheProgramRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir())
	const host = "Host: x\r\n"
	for _, c := range []struct {
		name, request string
		want          []int
	}{
		{"as it should be", "GET /healthz HTTP/1.1\r\n" + host + "\r\n", []int{200}},
		{"absolute form", "GET http://evil.example/vidw-2025 HTTP/1.1\r\nHost: evil.example\r\n\r\n", []int{301}},
		{"no host", "GET /healthz HTTP/1.1\r\n\r\n", []int{400}},
		{"two hosts", "GET /healthz HTTP/1.1\r\n" + host + host + "\r\n", []int{400}},
		{"a host that is none", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", []int{400}},
		{"headers of a megabyte", "GET /healthz HTTP/1.1\r\n" + host + "X: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", []int{431}},
		{"ten thousand headers", "GET /healthz HTTP/1.1\r\n" + host + strings.Repeat("X-Y: z\r\n", 10_000) + "\r\n", []int{431}},
		{"a line that is long", "GET /vidw-2025/?" + strings.Repeat("x", 9<<10) + " HTTP/1.1\r\n" + host + "\r\n", []int{414}},
		{"a line without an end", "GET /" + strings.Repeat("x", 1<<20), []int{431, 414}},
		{"two lengths", "POST /vidw-2025/starred HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", []int{400}},
		{"a length that is none", "POST /vidw-2025/starred HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", []int{400}},
		{"a line end in a header", "GET /healthz HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", []int{400}},
		{"NUL in a header", "GET /healthz HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n", []int{400}},
		{"trace", "TRACE / HTTP/1.1\r\n" + host + "X-Secret: canary\r\n\r\n", []int{405}},
		{"connect", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", []int{404, 405}},
		{"a method that is none", "G<T / HTTP/1.1\r\n" + host + "\r\n", []int{400}},
		{"another protocol", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", []int{400}},
		{"a form that says it is large", "POST /vidw-2025/starred HTTP/1.1\r\n" + host + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1073741824\r\n\r\n", []int{413}},
	} {
		began := time.Now()
		answer := s.say(t, c.request)
		if answer == nil {
			if c.name != "a line without an end" {
				t.Errorf("%s: no answer", c.name)
			}
			continue
		}
		body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
		found := false
		for _, want := range c.want {
			found = found || answer.StatusCode == want
		}
		said := fmt.Sprint(answer.Header) + string(body)
		if !found || strings.Contains(said, "canary") || strings.Contains(said, "evil.example") || time.Since(began) > 4*time.Second {
			t.Errorf("%s: %d after %s, want one of %v: %.500s", c.name, answer.StatusCode, time.Since(began), c.want, said)
		}
	}
	if strings.Contains(s.stderr.String(), "panic") {
		t.Error(s.stderr)
	}
}

// Who sends a header a byte at a time (slowloris) is hung up on, and others are served meanwhile.
func TestSlowHeadersAreHungUpOn(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir())
	began := time.Now()
	var conns []net.Conn
	for range 100 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.Base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	if resp, _ := get(t, s.Base+"/healthz"); resp.StatusCode != http.StatusOK || time.Since(began) > 4*time.Second {
		t.Errorf("meanwhile others get %s after %s", resp.Status, time.Since(began))
	}
	for _, conn := range conns {
		go func() {
			for time.Since(began) < 20*time.Second {
				if _, err := conn.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(500 * time.Millisecond)
			}
		}()
	}
	for _, conn := range conns {
		if err := conn.SetReadDeadline(began.Add(15 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Fatalf("after %s the connection is still open: %v", time.Since(began), err)
		}
	}
}

// The settings reach the running program.
func TestServeHasAShell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env            []string
		warned         bool
		transport      string
		refusedOf1000  bool
		forwardedIsHer bool
	}{
		{[]string{"PLENARY_BASE_URL=http://agenda.example.org"}, true, "", true, false},
		{[]string{"PLENARY_BASE_URL=https://agenda.example.org", "PLENARY_TRUSTED_PROXIES=127.0.0.1"}, false, "max-age=63072000; includeSubDomains", false, true},
		{[]string{"PLENARY_RATE_LIMIT=off"}, false, "", false, false},
	} {
		at := freeAddress(t)
		log, stop := startServe(t, append(c.env, "PLENARY_ADDR="+at, "PLENARY_DATABASE="+filepath.Join(t.TempDir(), "plenary.db"))...)
		refused := 0
		for i := range 1000 {
			r, err := http.NewRequest(http.MethodGet, "http://"+at+"/api/v1/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer plenary_guess")
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.18.%d.%d", i/256, i%256))
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode == http.StatusTooManyRequests {
				refused++
			}
			if got := resp.Header.Get("Strict-Transport-Security"); got != c.transport {
				t.Fatalf("%v: HSTS is %q", c.env, got)
			}
		}
		if (refused > 500) != c.refusedOf1000 || !c.refusedOf1000 && refused > 0 {
			t.Errorf("%v: %d of 1000 are refused", c.env, refused)
		}
		stop()
		text := log.String()
		if strings.Contains(text, "without TLS") != c.warned || strings.Contains(text, "remote=198.18.3.231") != c.forwardedIsHer {
			t.Errorf("%v: %.1000s", c.env, text)
		}
	}
}
