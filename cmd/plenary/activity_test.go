package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// The log is written for people, for programs and for spreadsheets, and what people typed is no formula there.
func TestTheLogIsWritten(t *testing.T) {
	t.Parallel()
	env := []string{"PLENARY_DATABASE=" + filepath.Join(t.TempDir(), "plenary.db")}
	succeed(t, env, "token", "create", "--name", "=1+1")
	succeed(t, env, "token", "create", "--name", "site")
	text := succeed(t, env, "activity")
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 2 || !strings.Contains(lines[0], `made the token "site"`) || !strings.Contains(lines[1], "token.create") {
		t.Errorf("text:\n%s", text)
	}
	lines := strings.Split(strings.TrimSpace(succeed(t, env, "activity", "--format", "jsonl", "--verb", "token")), "\n")
	var entry struct {
		Verb, Outcome string
		After         struct{ Name string }
	}
	if len(lines) != 2 {
		t.Fatalf("jsonl: %q", lines)
	}
	if err := json.Unmarshal([]byte(lines[1]), &entry); err != nil || entry.Verb != "token.create" || entry.Outcome != "done" || entry.After.Name != "=1+1" {
		t.Errorf("jsonl: %+v, %v", entry, err)
	}
	table := succeed(t, env, "activity", "--format", "csv")
	if !strings.HasPrefix(table, "\ufeffat,event,verb,") || strings.Count(table, "\r\n") != 3 || strings.Contains(table, ",=") {
		t.Errorf("csv:\n%s", table)
	}
	for _, c := range []struct {
		entries int
		flags   []string
	}{
		{0, []string{"--verb", "panel"}}, {2, []string{"--outcome", "done"}}, {0, []string{"--outcome", "refused"}},
		{0, []string{"--to", "2020-01-01T00:00:00+07:00"}}, {2, []string{"--from", "2020-01-01T00:00:00Z"}},
	} {
		if got := strings.Count(succeed(t, env, append([]string{"activity"}, c.flags...)...), "\n"); got != c.entries {
			t.Errorf("%v gives %d entries", c.flags, got)
		}
	}
	for _, wrong := range [][]string{{"--outcome", "lost"}, {"--from", "yesterday"}, {"--format", "xml"}} {
		if status, _, stderr := program(t, env, "", append([]string{"activity"}, wrong...)...); status != 2 || !strings.Contains(stderr, wrong[1]) {
			t.Errorf("%v: exit %d, %s", wrong, status, stderr)
		}
	}
}
