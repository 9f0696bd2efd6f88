package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// wrkSays is a script that makes wrk say what it found in numbers. It has no say in the requests, and costs them nothing.
const wrkSays = `done = function(s, l, r)
  local e = s.errors
  io.write(string.format("\nfound %.0f %.0f %.0f %.0f %.0f %.0f\n", s.requests, s.duration, s.bytes,
    e.connect + e.read + e.write + e.status + e.timeout, l:percentile(50), l:percentile(99)))
end
`

// load is what came of asking for a while.
type load struct {
	requests int
	took     time.Duration
	bytes    int // that were read, with headers
	p50, p99 time.Duration
	used     time.Duration // CPU time of wrk itself
}

// errNothing is that nothing was answered in time.
var errNothing = errors.New("nothing was answered in time")

// wrk asks from the other core, over so many connections, as fast as answers come.
func (b *bench) wrk(t *target, long time.Duration) (load, error) {
	script, err := b.keep("says.lua", []byte(wrkSays))
	if err != nil {
		return load{}, err
	}
	// wrk counts in whole seconds only: it is ended by a signal, and then says what it has, as it does in the end.
	command := []string{b.tools.wrk, "-t1", fmt.Sprintf("-c%d", t.server.conns), "-d10m", "--timeout", "60s", "-s", script}
	for _, h := range t.headers {
		command = append(command, "-H", h[0]+": "+h[1])
	}
	command = append(command, t.server.base+t.path)
	if b.tools.taskset != "" {
		command = append([]string{b.tools.taskset, "-c", clientCore}, command...)
	}
	cmd := exec.CommandContext(b.ctx, command[0], command[1:]...) // #nosec G204 G702 -- programs that the bench names
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	endWithParent(cmd)
	if err := cmd.Start(); err != nil {
		return load{}, err
	}
	time.AfterFunc(long, func() { _ = cmd.Process.Signal(os.Interrupt) })
	if err := cmd.Wait(); err != nil {
		return load{}, fmt.Errorf("wrk: %w: %s", errors.Join(err, b.ctx.Err()), out.String())
	}
	l, err := parseWrk(out.String())
	l.used = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return l, err
}

// parseWrk reads what [wrkSays] writes. Times are in microseconds.
func parseWrk(text string) (load, error) {
	_, line, ok := strings.Cut(text, "\nfound ")
	fields := strings.Fields(line)
	if !ok || len(fields) < 6 {
		return load{}, fmt.Errorf("wrk says %q", text)
	}
	var n [6]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(fields[i]); err != nil {
			return load{}, fmt.Errorf("wrk says %q", line)
		}
	}
	micro := func(n int) time.Duration { return time.Duration(n) * time.Microsecond }
	switch {
	case n[3] > 0:
		return load{}, fmt.Errorf("%d of %d requests failed", n[3], n[0])
	case n[0] == 0 || n[1] == 0:
		return load{}, errNothing
	}
	return load{requests: n[0], took: micro(n[1]), bytes: n[2], p50: micro(n[4]), p99: micro(n[5])}, nil
}
