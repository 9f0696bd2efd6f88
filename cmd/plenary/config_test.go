package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// Whatever way a secret gets into a log line, it does not come out of it.
func TestLogLinesHoldNoSecrets(t *testing.T) {
	const token, feed = "plenary_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLogger(&out, config{LogFormat: format})
		log.Info("a request", "authorization", "Bearer "+token, "url", "https://x/feeds/"+feed+".ics")
		log.With("password", "hunter2").Error("broken", "error", errors.New("dial postgres://plenary:hunter2@db/x: no; token "+token))
		log.Warn("broken too", "error", errors.New("dial smtps://agenda:hunter2@mail.example:465: no"))
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

// Whatever somebody sends, a line of the log is one line, and says when by a clock that has a zone.
func TestLogLinesAreNotForged(t *testing.T) {
	const forged = "x\ntime=2026-01-01T00:00:00Z level=INFO msg=forged\r\n{\"msg\":\"forged\"}\u2028\x1b[2J\"} \x00"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLogger(&out, config{LogFormat: format})
		log.Info("request", "route", forged, forged, "y", "error", errors.New(forged))
		log.Error(forged, slog.Group(forged, forged, forged))
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != 2 || strings.ContainsAny(out.String(), "\r\x1b\x00") {
			t.Errorf("%s: %d lines: %q", format, len(lines), &out)
		}
		for _, line := range lines {
			var said struct{ Time, Msg string }
			if format == "json" {
				if err := json.Unmarshal([]byte(line), &said); err != nil || said.Msg == "forged" {
					t.Errorf("%s: %v in %s", format, err, line)
				}
			} else {
				said.Time, _, _ = strings.Cut(strings.TrimPrefix(line, "time="), " ")
			}
			if at, err := time.Parse(time.RFC3339, said.Time); err != nil || time.Since(at) > time.Minute {
				t.Errorf("%s: the time is %q", format, said.Time)
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
	for _, c := range []struct{ configured, asked, listening, want string }{
		{"https://agenda.example.org", "localhost:8080", "127.0.0.1:8080", "https://agenda.example.org"},
		{"", "127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", ":80", "0.0.0.0:80", "http://localhost:80"},
		{"", "[::]:8080", "[::]:8080", "http://localhost:8080"},
		{"", "[::1]:8080", "[::1]:8080", "http://[::1]:8080"},
		{"", "localhost:0", "127.0.0.1:8081", "http://localhost:8081"},
	} {
		if got := baseURL(config{BaseURL: c.configured, Addr: c.asked}, at(c.listening)); got != c.want {
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
