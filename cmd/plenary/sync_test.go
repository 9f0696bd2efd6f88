package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// needStrace skips the test where there is none, and fails it where there must be one.
func needStrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err == nil {
		return
	}
	if os.Getenv("PLENARY_TEST_REQUIRE_STRACE") == "1" {
		t.Fatal("strace is not installed")
	}
	t.Skip("SKIPPED: strace is not installed; when the disk is asked to keep what was written is not looked at")
}

// How strace tells of what is looked for. A call that another thread interrupts has its name and its end in two lines.
var (
	logWritten = regexp.MustCompile(`^\d+ +pwrite64\(\d+<[^>]*plenary\.db-wal>`)
	logSynced  = regexp.MustCompile(`^\d+ +f(data)?sync\(\d+<[^>]*plenary\.db-wal>\) += 0`)
	syncBegun  = regexp.MustCompile(`^(\d+) +f(data)?sync\(\d+<[^>]*plenary\.db-wal> <unfinished`)
	syncEnded  = regexp.MustCompile(`^(\d+) +<\.\.\. f(data)?sync resumed>\) += 0`)
	answered   = regexp.MustCompile(`^\d+ +(write|writev|sendto)\(\d+<TCP:\[[^\]]*\]>, (\[\{iov_base=)?"HTTP/1\.1 201 `)
)

// unsynced reads a trace of a program of which one thing was asked after the other. It counts the answers that say that something
// was made, and those before which the disk was not asked to keep what had been written.
func unsynced(trace string) (answers, bad int) {
	written, synced := false, false
	under := map[string]bool{} // threads that wait for the disk
	for lines := bufio.NewScanner(strings.NewReader(trace)); lines.Scan(); {
		line := lines.Text()
		switch {
		case logWritten.MatchString(line):
			written, synced = true, false
		case logSynced.MatchString(line):
			synced = written
		case syncBegun.MatchString(line):
			under[syncBegun.FindStringSubmatch(line)[1]] = true
		case syncEnded.MatchString(line):
			if thread := syncEnded.FindStringSubmatch(line)[1]; under[thread] {
				delete(under, thread)
				synced = written
			}
		case answered.MatchString(line):
			answers++
			if !written || !synced {
				bad++
			}
			written, synced = false, false
		}
	}
	return answers, bad
}

// TestASyncStandsBeforeEveryAcknowledgement looks at the running program from outside: between what a change writes to SQLite's log
// and the answer that it is kept, the disk was asked to keep it, so that a power cut takes nothing that was acknowledged. Killing the
// program can not show this: the kernel keeps what a killed program wrote.
func TestASyncStandsBeforeEveryAcknowledgement(t *testing.T) {
	t.Parallel()
	needStrace(t)
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	r, o := servedForum(t, filepath.Join(dir, "plenary.db"))
	r.end()
	// -D: it is the program that is started, and strace looks on.
	r.under = []string{"strace", "-D", "-f", "-yy", "-s", "24", "-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto", "-o", trace}
	r.start()
	r.ready()
	const changes = 20
	for n := range changes {
		if status, _, answer := o.room(n); status != http.StatusCreated {
			t.Fatal(status, answer)
		}
	}
	r.end()
	told, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	answers, bad := unsynced(string(told))
	if answers != changes || bad != 0 {
		t.Errorf("%d of %d changes were acknowledged before the disk kept them:\n%.4000s", bad, answers, told)
	}
}

// What a trace looks like in which the disk is asked too late, or not at all.
func TestATraceTellsOfALateSync(t *testing.T) {
	const wrote, sync, answer = "7 pwrite64(9</x/plenary.db-wal>, \"\\0\"..., 24, 0) = 24\n", "7 fdatasync(9</x/plenary.db-wal>) = 0\n", "8 write(12<TCP:[127.0.0.1:1->127.0.0.1:2]>, \"HTTP/1.1 201 Created\\r\\nCa\"..., 900) = 900\n"
	const begun, ended = "7 fsync(9</x/plenary.db-wal> <unfinished ...>\n", "7 <... fsync resumed>) = 0\n"
	for trace, want := range map[string]int{
		wrote + sync + answer: 0, wrote + begun + ended + answer: 0, wrote + sync + answer + wrote + sync + answer: 0,
		wrote + answer: 1, sync + wrote + answer: 1, wrote + begun + answer + ended: 1, wrote + answer + sync: 1, wrote + sync + answer + answer: 1,
		wrote + "7 fsync(9</x/plenary.db-wal>) = -1 EIO (Input/output error) (INJECTED)\n" + answer: 1,
	} {
		if answers, bad := unsynced(trace); answers == 0 || bad != want {
			t.Errorf("%d of %d, want %d:\n%s", bad, answers, want, trace)
		}
	}
}

// failing lets calls of the running program fail, until what it gives is called.
func failing(t *testing.T, r *replica, inject string) (mend func()) {
	t.Helper()
	said := new(heard)
	calls, _, _ := strings.Cut(inject, ":")
	cmd := exec.Command("strace", "-f", "-e", "trace="+calls, "-e", "inject="+inject, "-o", "/dev/null", "-p", fmt.Sprint(r.process.Process.Pid))
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(said.String(), "attached"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) || strings.Contains(said.String(), "not permitted") {
			_ = cmd.Process.Kill()
			t.Skipf("SKIPPED: strace can't look at a program that runs:\n%s", said)
		}
	}
	return func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was interrupted
	}
}

// TestADiskThatFails lets the disk fail under the running program: when it is asked to keep what was written, and when something is
// written. Nothing is acknowledged then, the program says that it is not ready, and reading goes on; when the disk works again, so
// does the program, with what it acknowledged and nothing else.
func TestADiskThatFails(t *testing.T) {
	t.Parallel()
	needStrace(t)
	database := filepath.Join(t.TempDir(), "plenary.db")
	r, o := servedForum(t, database)
	var kept []string
	take := func(n int) {
		t.Helper()
		status, name, answer := o.room(n)
		if status != http.StatusCreated {
			t.Fatal(status, answer)
		}
		kept = append(kept, name)
	}
	for i, inject := range []string{"fsync,fdatasync:error=EIO", "pwrite64:error=EIO", "pwrite64:error=ENOSPC"} {
		take(10 * i)
		mend := failing(t, r, inject)
		for n := range 3 {
			status, _, answer := o.room(10*i + n + 1)
			want := []int{http.StatusServiceUnavailable, http.StatusServiceUnavailable, http.StatusInsufficientStorage}[i]
			if status != want {
				t.Errorf("%s: %d, want %d %s", inject, status, want, answer)
			}
		}
		o.must(http.StatusOK, http.MethodGet, "/api/v1/events/forum/rooms", "")
		o.must(http.StatusOK, http.MethodGet, "/forum/agenda.json", "")
		status, _, said := o.ask(http.MethodGet, "/readyz", "")
		if full := strings.HasPrefix(said, "read-only"); full != (i == 2) || (status == http.StatusOK) != full {
			t.Errorf("%s: /readyz says %d %s", inject, status, said)
		}
		mend()
		o.must(http.StatusOK, http.MethodGet, "/readyz", "")
		take(10*i + 9)
	}
	if !slices.Contains(kept, "Room 29") {
		t.Error(kept)
	}
	r.kill()
	r.start()
	r.ready()
	mustHaveRooms(t, database, kept)
	r.end()
}
