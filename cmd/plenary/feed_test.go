package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// addresses is how many [freeAddress] has looked at.
var addresses atomic.Int64

// freeAddress gives an address on which nothing listens, and which nobody else is given: systems choose ports from 32768 on for those
// who ask for any, and would soon choose one again that was only tried.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprint("127.0.0.1:", 20_000+(int64(os.Getpid())*397+addresses.Add(1))%10_000)
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("there is no free address")
	return ""
}

// A calendar that polls must not notice that the program crashed and was started again.
func TestFeedsSurviveACrash(t *testing.T) {
	t.Parallel()
	data, addr := filepath.Join(t.TempDir(), "kept"), freeAddress(t)
	s := startDemo(t, data, "--addr", addr)
	type told struct{ body, tag, modified string }
	before := map[string]told{}
	for _, f := range s.Feeds {
		resp, body := get(t, f.URL)
		before[f.URL] = told{body, resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}
	}
	if err := s.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.process.Wait() // it was killed
	again := startDemo(t, data, "--addr", addr)
	for url, want := range before {
		resp, body := get(t, url)
		if got := (told{body, resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}); got != want {
			t.Errorf("%s changed: %v, %v", url, want, got)
		}
		for name, value := range map[string]string{"If-None-Match": want.tag, "If-Modified-Since": want.modified} {
			r, err := http.NewRequest(http.MethodGet, url, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set(name, value)
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusNotModified {
				t.Errorf("%s by %s: %s", url, name, resp.Status)
			}
		}
	}
	again.stop(t)
}

// Whatever is sent to the program, what it writes to its log has no secret of a feed in it.
func TestTheLogHasNoSecretOfAFeed(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "kept")
	s := startDemo(t, data)
	s.stop(t)
	addr := freeAddress(t)
	log, stop := startServe(t, "PLENARY_DATABASE="+filepath.Join(data, "plenary.db"), "PLENARY_ADDR="+addr, "PLENARY_LOG_LEVEL=debug", "PLENARY_LOG_FORMAT=json")
	var secrets []string
	for _, f := range s.Feeds {
		if _, file, ok := strings.Cut(f.URL, "/feeds/"); ok {
			secrets = append(secrets, strings.TrimSuffix(file, ".ics"))
		}
	}
	if len(secrets) == 0 {
		t.Fatal("the demo has no feed with a secret")
	}
	path := "/feeds/" + secrets[0] + ".ics"
	for _, request := range []string{
		"GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"GET /feeds/" + secrets[0] + " HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
		"HEAD " + path + "?x=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"DELETE " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"GET /feeds/%zz" + secrets[0] + ".ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"GET " + path + "/../../x HTTP/1.1\r\nHost: x\r\nReferer: http://x" + path + "\r\nConnection: close\r\n\r\n",
		"GET " + path + " HTTP/9.9\r\nHost: x\r\n\r\n",
		"GET " + path + " HTTP/1.1\r\nHost: " + secrets[0] + " y\r\n\r\n",
		"GET " + path + " HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"\x16\x03\x01" + path + "\r\n\r\n",
		"PRI " + path + " HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprint(conn, request); err != nil {
			t.Logf("the program hung up: %v", err)
		}
		_, _ = io.Copy(io.Discard, conn) // whatever it answers, it hangs up
		conn.Close()
	}
	stop()
	if strings.Count(log.String(), `"msg":"request"`) < 5 || !strings.Contains(log.String(), "/feeds/:file") {
		t.Fatalf("the log is not of these requests:\n%s", log)
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has a secret:\n%s", log)
		}
	}
}

// startServe starts the server as a process of its own and waits until it is ready at PLENARY_ADDR. It gives what the
// server writes to its log, and what stops it.
func startServe(t *testing.T, env ...string) (log *heard, stop func()) {
	t.Helper()
	r := newReplica(t, env...)
	r.start()
	r.ready()
	return r.log, r.end
}
