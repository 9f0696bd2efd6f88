//go:build unix

package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	envThen = "PGTEST_THEN" // what TestDatabaseAnswers does once the database has answered
	thenDie = "die"
)

// TestDatabaseAnswers is a test like those that use this package. The tests below also run it in processes of their
// own, to see what becomes of the server.
func TestDatabaseAnswers(t *testing.T) {
	conn := connect(t, URL(t))
	if os.Getenv(envServer) == "" {
		fmt.Printf("dir=%s\n", filepath.Dir(query[string](t, conn, "SHOW data_directory")))
		fmt.Printf("pid=%d\n", server.cluster.process.cmd.Process.Pid)
	}
	if os.Getenv(envThen) == thenDie {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// child runs TestDatabaseAnswers in a process of its own, with more settings in its environment.
func child(t *testing.T, env ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDatabaseAnswers$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// said reads what the child said of a name.
func said(t *testing.T, output, name string) string {
	t.Helper()
	for line := range strings.Lines(output) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return value
		}
	}
	t.Fatalf("the child did not say its %s:\n%s", name, output)
	return ""
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func needsPrograms(t *testing.T) {
	t.Helper()
	if _, err := findPrograms(); errors.Is(err, errNoPrograms) {
		URL(t) // skips, or fails where that is asked for
	}
}

func TestServerEndsWithItsTests(t *testing.T) {
	needsPrograms(t)
	output, err := child(t, envServer+"=")
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if dir := said(t, output, "dir"); exists(dir) {
		t.Errorf("%s is still there", dir)
	}
	if pid := said(t, output, "pid"); alive(t, pid) {
		t.Errorf("postgres %s still runs", pid)
	}
}

func TestServerEndsWithAKilledProcess(t *testing.T) {
	needsPrograms(t)
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux tells a child of its parent's death; that a killed test takes its server along is not tested")
	}
	output, err := child(t, envServer+"=", envThen+"="+thenDie)
	if err == nil {
		t.Fatalf("the child was to be killed, and ended well:\n%s", output)
	}
	dir, pid := said(t, output, "dir"), said(t, output, "pid")
	for deadline := time.Now().Add(stopTimeout); alive(t, pid); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("postgres %s outlives the process that started it", pid)
		}
	}
	if !exists(dir) {
		t.Fatalf("%s is gone before the next start: this test no longer shows that sweep works", dir)
	}
	if output, err := child(t, envServer+"="); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if exists(dir) {
		t.Errorf("the next start left %s there", dir)
	}
}

// alive tells whether a process runs; a zombie, waiting for whoever adopted it, does not.
func alive(t *testing.T, pid string) bool {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	if syscall.Kill(n, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return runtime.GOOS != "linux"
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(rest, []byte("Z"))
}

func TestWithoutPrograms(t *testing.T) {
	nowhere := []string{envServer + "=", envBin + "=" + t.TempDir()}
	t.Run("skips and says so", func(t *testing.T) {
		output, err := child(t, append(nowhere, envRequire+"=")...)
		if err != nil || !strings.Contains(output, "--- SKIP") || !strings.Contains(output, skipped) {
			t.Errorf("got %v\n%s", err, output)
		}
	})
	t.Run("fails where PostgreSQL is required", func(t *testing.T) {
		output, err := child(t, append(nowhere, envRequire+"=1")...)
		if err == nil || !strings.Contains(output, "--- FAIL") {
			t.Errorf("got %v\n%s", err, output)
		}
	})
}

func TestBrokenProgramsFail(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		script := []byte("#!/bin/sh\necho out of order >&2\nexit 1\n")
		if err := os.WriteFile(filepath.Join(bin, name), script, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	output, err := child(t, envServer+"=", envBin+"="+bin, envRequire+"=")
	if err == nil || strings.Contains(output, "--- SKIP") {
		t.Errorf("a PostgreSQL that is there and broken must fail the test; got %v\n%s", err, output)
	}
}

func TestGivenServerIsUsed(t *testing.T) {
	needsPrograms(t)
	URL(t)
	output, err := child(t, envServer+"="+server.admin, envBin+"="+t.TempDir())
	if err != nil || !strings.Contains(output, "--- PASS") {
		t.Errorf("got %v\n%s", err, output)
	}
	output, err = child(t, envServer+"=postgres://nobody@127.0.0.1:1/none", envBin+"="+t.TempDir())
	if err == nil || strings.Contains(output, "--- SKIP") {
		t.Errorf("a given server that does not answer must fail the test; got %v\n%s", err, output)
	}
}
