//go:build linux

package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// process is a program that the drill has started, with a log of its own.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// start runs a program of the drill in its folder. Programs of PostgreSQL refuse to be run by root, so that asUser names who
// runs them then.
func (d *drill) start(name string, env []string, argv ...string) (*process, error) {
	p := &process{name: name, log: filepath.Join(d.dir, name+".log"), done: make(chan struct{})}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.Command(argv[0], argv[1:]...) // #nosec G204 -- the drill says what is run
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = d.dir, append(environ(), env...), log, log
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	d.started = append(d.started, p)
	return p, nil
}

// run runs a program to its end and gives what it printed.
func (d *drill) run(env []string, stdin string, argv ...string) (string, error) {
	cmd := exec.Command(argv[0], argv[1:]...) // #nosec G204 -- the drill says what is run
	cmd.Dir, cmd.Env, cmd.Stdin = d.dir, append(environ(), env...), strings.NewReader(stdin)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(argv, " "), err, out, said.String())
	}
	return string(out), nil
}

// environ is the environment without what would change what is drilled.
func environ() []string {
	return slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "PLENARY_") || strings.HasPrefix(s, "PG") || strings.HasPrefix(s, "PATRONI_") || strings.HasPrefix(s, "ETCD_")
	})
}

// asUser is what goes before a command that root can't run.
func asUser() []string {
	if os.Getuid() != 0 {
		return nil
	}
	return []string{"setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"}
}

// kill ends it without asking, and waits until it has ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// signalTree sends a signal to a process and to all that it has started, as what befalls a machine does: a backend of a PostgreSQL whose
// postmaster is gone would else finish what it is at.
func signalTree(pid int, signal os.Signal) {
	family := []int{pid}
	for i := 0; i < len(family); i++ {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", family[i]))
		for _, task := range tasks {
			text, _ := os.ReadFile(task) // #nosec G304 -- a file of /proc
			for _, field := range strings.Fields(string(text)) {
				if child, err := strconv.Atoi(field); err == nil {
					family = append(family, child)
				}
			}
		}
	}
	for _, pid := range family {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Signal(signal)
		}
	}
}

// freePorts gives ports of the loopback that nobody listens on.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all at the end, so that none is given twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// await asks again and again until the answer is yes.
func await(what string, patience time.Duration, yes func() (bool, error)) error {
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		ok, err := yes()
		if ok {
			return nil
		}
		last = err
	}
	return errors.Join(fmt.Errorf("waited %s in vain for %s", patience, what), last)
}

// quick is for questions whose answer is short and comes at once.
var quick = &http.Client{Timeout: 2 * time.Second}

// answers says whether a GET is answered with 200.
func answers(url string) (bool, error) {
	resp, err := quick.Get(url)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK, nil
}
