package main

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A stream of live changes, which would go on for ever, does not hold up the end.
func TestEndingEndsStreams(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir())
	r, err := http.NewRequest(http.MethodGet, s.Base+"/console/events/vidw-2025/timetable/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "event: ready") {
	}
	begun := time.Now()
	s.stop(t)
	if took := time.Since(begun); took >= graceful {
		t.Errorf("it took %s", took)
	}
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
	}
	if !strings.Contains(said, "event: end\ndata: {\"reason\":\"stopping\"}") {
		t.Errorf("the stream ends with %q", said)
	}
}
