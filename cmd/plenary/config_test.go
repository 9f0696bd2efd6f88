package main

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
)

// Whatever way a secret gets into a log line, it does not come out of it.
func TestLogLinesHoldNoSecrets(t *testing.T) {
	const token, feed = "plenary_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLogger(&out, config{LogFormat: format})
		log.Info("a request", "authorization", "Bearer "+token, "url", "https://x/feeds/"+feed+".ics")
		log.With("password", "hunter2").Error("broken", "error", errors.New("dial postgres://plenary:hunter2@db/x: no; token "+token))
		log.WithGroup("request").Info("grouped", "token", token, "detail", slog.StringValue("got "+token))
		log.Info("harmless", "route", "/feeds/:secret", "n", 3)
		for _, secret := range []string{token, feed, "hunter2"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("the %s log holds %s:\n%s", format, secret, &out)
			}
		}
		for _, kept := range []string{"/feeds/:secret", "db/x", "harmless"} {
			if !strings.Contains(out.String(), kept) {
				t.Errorf("the %s log lost %s:\n%s", format, kept, &out)
			}
		}
	}
}

func TestBaseURL(t *testing.T) {
	at := func(s string) net.Addr {
		a, err := net.ResolveTCPAddr("tcp", s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, c := range []struct{ configured, listening, want string }{
		{"https://agenda.example.org", "127.0.0.1:8080", "https://agenda.example.org"},
		{"", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", "0.0.0.0:80", "http://localhost:80"},
		{"", "[::]:8080", "http://localhost:8080"},
		{"", "[::1]:8080", "http://[::1]:8080"},
	} {
		if got := baseURL(config{BaseURL: c.configured}, at(c.listening)); got != c.want {
			t.Errorf("listening on %s as %q: %s, want %s", c.listening, c.configured, got, c.want)
		}
	}
}

func TestProgressIsQuietAwayFromATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "Backing up")
	for i := range int64(1001) {
		p.show(i, 1000)
	}
	p.done()
	if want := "Backing up: 0 %\nBacking up: 25 %\nBacking up: 50 %\nBacking up: 75 %\nBacking up: 100 %\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
