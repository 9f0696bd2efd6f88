package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"plenary/internal/pgtest"
)

// asProgram tells the test binary to be the program: the tests start it as a process of its own.
const asProgram = "BE_PLENARY=1"

func TestMain(m *testing.M) {
	if os.Getenv("BE_PLENARY") == "1" {
		os.Unsetenv("BE_PLENARY")
		main()
		return
	}
	// These tests wait for programs more than they compute. Whoever runs them with -parallel has the last word.
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+4)); err != nil {
		panic(err)
	}
	os.Exit(pgtest.Main(m))
}

// unraced is for a test that finds its faults in what programs leave behind, not in how they got there. "go test -short", which is how the
// race detector runs, does without.
func unraced(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skipf("SKIPPED with -short: it starts programs under load, and takes minutes where the race detector looks on; without: go test ./cmd/plenary -run '^%s$'", t.Name())
	}
}

// program runs the real program to its end and gives its exit status and what it wrote.
func program(t *testing.T, env []string, in string, args ...string) (status int, out, err string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append([]string{asProgram, "HOME=" + t.TempDir(), "GOGC=400"}, env...) // it ends soon
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &stdout, &stderr
	if e := cmd.Run(); e != nil && cmd.ProcessState == nil {
		t.Fatal(e)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// succeed is program, for calls that must succeed.
func succeed(t *testing.T, env []string, args ...string) string {
	t.Helper()
	status, out, stderr := program(t, env, "", args...)
	if status != 0 {
		t.Fatalf("plenary %s: exit %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return out
}

// command is program within this process, for tests that call hundreds: a process of its own takes as long to begin as most commands
// take to run.
func command(t *testing.T, env []string, args ...string) (status int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	w := world{Args: args, Environ: append([]string{"HOME=" + t.TempDir()}, env...), In: strings.NewReader(""), Out: &stdout, Err: &stderr}
	status = run(t.Context(), w)
	return status, stdout.String(), stderr.String()
}

// mustCommand is command, for calls that must succeed.
func mustCommand(t *testing.T, env []string, args ...string) string {
	t.Helper()
	status, out, stderr := command(t, env, args...)
	if status != exitDone {
		t.Fatalf("plenary %s: exit %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return out
}

// site is a demo that runs as a process of its own.
type site struct {
	demoSite
	process *exec.Cmd
	stderr  *heard
}

// heard is what a process has written so far. It can be read while the process runs.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// startDemo starts a demo on a free port. More arguments are flags, and settings of the environment as NAME=value.
func startDemo(t *testing.T, data string, more ...string) *site {
	t.Helper()
	args, env := []string{"demo", "--addr", "127.0.0.1:0", "--data", data, "--json"}, []string{asProgram}
	for _, m := range more {
		if strings.HasPrefix(m, "PLENARY_") {
			env = append(env, m)
		} else {
			args = append(args, m)
		}
	}
	s := &site{process: exec.Command(os.Args[0], args...), stderr: new(heard)}
	s.process.Env = env
	s.process.Stderr = s.stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.process.Process.Kill() })
	if err := json.NewDecoder(out).Decode(&s.demoSite); err != nil {
		t.Fatalf("demo --json: %v\n%s", err, s.stderr)
	}
	return s
}

// stop ends the program as an init system does, and waits for it.
func (s *site) stop(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Fatalf("the demo did not end well: %v\n%s", err, s.stderr)
	}
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// One command shows a forum: what the README promises of the demo, from a process of its own.
func TestDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "kept")
	s := startDemo(t, data)
	resp, body := get(t, s.Agenda)
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("%s: %s %s", s.Agenda, resp.Status, resp.Header.Get("Content-Type"))
	}
	var agenda struct {
		Panels []struct {
			Number int               `json:"number"`
			Title  map[string]string `json:"title"`
		} `json:"panels"`
	}
	if err := json.Unmarshal([]byte(body), &agenda); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range agenda.Panels {
		found = found || p.Number == 1 && strings.Contains(p.Title["en"], "Digital Technology Industry Law") &&
			strings.Contains(p.Title["fr"], "intelligence artificielle") && strings.Contains(p.Title["vi"], "Công nghiệp công nghệ số")
	}
	if !found {
		t.Errorf("Panel 1 is not there in three languages:\n%s", body)
	}
	kinds := map[string]int{}
	for _, f := range s.Feeds {
		resp, body := get(t, f.URL)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(body, "END:VCALENDAR\r\n") {
			t.Errorf("%s feed of %s: %s\n%.200s", f.Kind, f.Name, resp.Status, body)
		}
		kinds[f.Kind]++
	}
	for _, kind := range []string{"event", "panel", "track", "room", "speaker", "personal"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s feed among %d", kind, len(s.Feeds))
		}
	}
	for _, url := range []string{s.Page, s.APIDocs, s.Base + "/", s.Base + "/api/openapi.json", s.Base + "/healthz", s.Base + "/readyz"} {
		if resp, body := get(t, url); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s\n%.300s", url, resp.Status, body)
		}
	}
	tryWrite(t, s)
	tryMeeting(t, s)
	s.stop(t)
	// The folder was kept: the forum is there again, with what was written.
	again := startDemo(t, data)
	if resp, body := call(t, again, http.MethodGet, "/api/v1/events/vidw-2025/rooms", ""); resp.StatusCode != http.StatusOK || !strings.Contains(body, "Khu vườn") {
		t.Errorf("after a restart: %s\n%s", resp.Status, body)
	}
	again.stop(t)
}

// call asks the API with the demo's token.
func call(t *testing.T, s *site, method, path, body string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, s.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(answer)
}

func tryWrite(t *testing.T, s *site) {
	t.Helper()
	resp, body := call(t, s, http.MethodPost, "/api/v1/events/vidw-2025/rooms", `{"name": {"en": "Garden", "vi": "Khu vườn"}, "capacity": 80}`)
	if resp.StatusCode != http.StatusCreated {
		t.Errorf("the write of the README: %s\n%s", resp.Status, body)
	}
}

// What commands do to a database is seen by the server on it, and the other way round.
func TestCommandsBesideARunningServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startDemo(t, data)
	env := []string{"PLENARY_DATABASE=" + filepath.Join(data, "plenary.db"), "PLENARY_BASE_URL=" + s.Base}
	_, before := get(t, s.Agenda)
	if got := succeed(t, env, "export", "vidw-2025", "--format", "json"); got != before {
		t.Error("export --format json and agenda.json differ")
	}
	_, calendar := get(t, s.Feeds[0].URL)
	if got := succeed(t, env, "export", "vidw-2025", "--format", "ics"); got != calendar {
		t.Error("export --format ics and agenda.ics differ")
	}
	if out := succeed(t, env, "publish", "vidw-2025", "--note", "Once more"); !strings.Contains(out, "Published release 2 of vidw-2025: 0 changes.") {
		t.Errorf("publish says: %s", out)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) { // it looks twice a second
		_, after := get(t, s.Agenda)
		if strings.Contains(after, `"number":2`) {
			break
		}
		if time.Since(began) > 5*time.Second {
			t.Fatalf("the server does not serve what was published beside it:\n%.400s", after)
		}
	}
	backup := filepath.Join(data, "all.backup")
	succeed(t, env, "backup", "-o", backup)
	other := []string{"PLENARY_DATABASE=" + filepath.Join(data, "other.db"), "PLENARY_BASE_URL=" + s.Base}
	succeed(t, other, "restore", backup)
	if want, got := succeed(t, env, "export", "vidw-2025"), succeed(t, other, "export", "vidw-2025"); got != want {
		t.Error("the restored event differs")
	}
	if status, _, stderr := program(t, other, "", "restore", backup); status != 1 || !strings.Contains(stderr, "--replace") {
		t.Errorf("restoring over events: exit %d\n%s", status, stderr)
	}
	succeed(t, other, "restore", backup, "--replace")
	status, _, stderr := program(t, other, succeed(t, env, "export", "vidw-2025"), "import", "-")
	if status != 1 || !strings.Contains(stderr, "here already") {
		t.Errorf("importing twice: exit %d\n%s", status, stderr)
	}
	s.stop(t)
}

// A mistake is explained in a sentence, with the exit status of its kind, and nothing else happens.
func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := "PLENARY_DATABASE=" + filepath.Join(dir, "plenary.db")
	broken := filepath.Join(dir, "broken.json")
	if err := os.WriteFile(broken, []byte(`{"format":"plenary-event"`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		env    string
		status int
		says   string
	}{
		{[]string{"fly"}, db, exitUsage, `"fly"`},
		{[]string{"serve", "--fast"}, db, exitUsage, "--fast"},
		{[]string{"publish"}, db, exitUsage, "plenary publish SLUG"},
		{[]string{"publish", "nowhere"}, db, exitFailed, "There is no such event"},
		{[]string{"export", "nowhere", "--format", "pdf"}, db, exitUsage, "pdf"},
		{[]string{"export", "nowhere"}, db, exitFailed, "There is no such event"},
		{[]string{"import", filepath.Join(dir, "missing.json")}, db, exitFailed, "missing.json"},
		{[]string{"import", broken}, db, exitFailed, ""},
		{[]string{"restore", broken}, db, exitFailed, ""},
		{[]string{"token", "create"}, db, exitFailed, "/name"},
		{[]string{"token", "create", "--name", "x", "--scope", "root"}, db, exitFailed, "root"},
		{[]string{"activity", "--format", "xml"}, db, exitUsage, "xml"},
		{[]string{"activity", "--event", "nowhere"}, db, exitFailed, "There is no such event"},
		{[]string{"demo", "--addr", "nonsense"}, db, exitUsage, "nonsense"},
		{[]string{"migrate"}, "PLENARY_DATABSE=x", exitUsage, "PLENARY_DATABSE is not a setting"},
		{[]string{"migrate"}, "PLENARY_LOG_FORMAT=xml", exitUsage, "xml"},
		{[]string{"migrate"}, "PLENARY_BASE_URL=agenda.example.org", exitUsage, "https://agenda.example.org"},
		{[]string{"migrate"}, "PLENARY_DATABASE=" + filepath.Join(dir, "no", "such", "folder", "x.db"), exitFailed, "folder"},
		{[]string{"migrate"}, "PLENARY_DATABASE=postgres://plenary:hunter2@127.0.0.1:1/x?connect_timeout=1", exitFailed, "127.0.0.1"},
	} {
		status, _, stderr := program(t, []string{c.env}, "", c.args...)
		if status != c.status || !strings.Contains(stderr, c.says) || strings.Contains(stderr, "panic") || strings.Contains(stderr, "hunter2") {
			t.Errorf("plenary %s with %s: exit %d, want %d and %q:\n%s", strings.Join(c.args, " "), c.env, status, c.status, c.says, stderr)
		}
	}
}

// Every command has help that says what it does and how.
func TestHelpTeaches(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields("demo serve migrate import publish export token activity backup restore doctor version") {
		out := succeed(t, nil, name, "--help")
		if len(out) < 60 || !strings.Contains(out, "plenary "+name) {
			t.Errorf("plenary %s --help says only:\n%s", name, out)
		}
	}
	if out := succeed(t, nil, "version"); !strings.HasPrefix(out, "plenary ") || !strings.Contains(out, "go1.") {
		t.Errorf("version says %q", out)
	}
}
