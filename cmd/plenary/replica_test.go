package main

import (
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// replica is a server that is started, killed and started again on one database, always at the same address.
type replica struct {
	t       *testing.T
	env     []string
	base    string
	under   []string // what runs it, such as strace with its flags
	process *exec.Cmd
	log     *heard
	begun   time.Time
}

// newReplica gives one that does not run yet. PLENARY_ADDR must be among its settings.
func newReplica(t *testing.T, env ...string) *replica {
	t.Helper()
	r := &replica{t: t, env: append([]string{asProgram}, env...), log: new(heard)}
	at := slices.IndexFunc(env, func(s string) bool { return strings.HasPrefix(s, "PLENARY_ADDR=") })
	r.base = "http://" + strings.TrimPrefix(env[at], "PLENARY_ADDR=")
	return r
}

// start starts it, and waits for nothing.
func (r *replica) start() {
	r.t.Helper()
	r.begun = time.Now()
	line := append(slices.Clone(r.under), os.Args[0], "serve")
	r.process = exec.Command(line[0], line[1:]...)
	r.process.Env, r.process.Stderr = r.env, r.log
	if err := r.process.Start(); err != nil {
		r.t.Fatal(err)
	}
	started := r.process
	r.t.Cleanup(func() { _ = started.Process.Kill() })
}

// ready waits until it says that it is, and says how long that took.
func (r *replica) ready() time.Duration {
	r.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		resp, err := http.Get(r.base + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return time.Since(r.begun)
			}
		}
		if time.Now().After(end) {
			r.t.Fatalf("the server does not become ready: %v\n%s", err, r.log)
		}
	}
}

// kill kills it (SIGKILL).
func (r *replica) kill() {
	r.t.Helper()
	if err := r.process.Process.Kill(); err != nil {
		r.t.Fatal(err)
	}
	_ = r.process.Wait() // it was killed
}

// end ends it as an init system does, and says how that went.
func (r *replica) end() {
	r.t.Helper()
	if err := r.process.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	if err := r.process.Wait(); err != nil {
		r.t.Fatalf("the server did not end well: %v\n%s", err, r.log)
	}
}
