package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a server that the bench started. It ends with the bench, however that ends.
type child struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and been waited for
	said *said
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// start starts a server, on the servers' core where those are kept apart, with this environment and no other.
func (b *bench) start(name string, env []string, command ...string) (*child, error) {
	if b.tools.taskset != "" {
		command = append([]string{b.tools.taskset, "-c", serverCore}, command...) // becomes the command, and keeps the process
	}
	if b.wish.pinned {
		env = append([]string{"GOMAXPROCS=1"}, env...) // also where nothing can keep them apart: nginx has one worker
	}
	c := &child{name: name, cmd: exec.Command(command[0], command[1:]...), done: make(chan struct{}), said: &said{}} // #nosec G204 G702 -- programs that the bench names
	c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = b.dir, c.said, c.said
	c.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir, "TMPDIR=" + b.dir}, env...)
	endWithParent(c.cmd)
	started := make(chan error, 1)
	go func() {
		// The kernel ties the parent's death to the thread that started the child.
		runtime.LockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait() // how a server ended that we end ourselves says nothing
		}
		close(c.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	b.children = append(b.children, c)
	return c, nil
}

// stopAll ends all children, the youngest first.
func (b *bench) stopAll() {
	for len(b.children) > 0 {
		b.stop(b.children[len(b.children)-1])
	}
}

// stop ends a child as an init system does, and by force when that takes too long.
func (b *bench) stop(c *child) {
	for i, other := range b.children {
		if other == c {
			b.children = append(b.children[:i:i], b.children[i+1:]...)
			break
		}
	}
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-time.After(5 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.done
	}
}

// ready waits until the address answers with 200, and says how long that took since then. It asks on a new connection each time.
func (b *bench) ready(c *child, since time.Time, url string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 2*time.Minute)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	for {
		answer, err := ask(ctx, client, http.MethodGet, url, nil, nil)
		if err == nil && answer.status == http.StatusOK {
			return time.Since(since), nil
		}
		select {
		case <-c.done:
			return 0, fmt.Errorf("%s ended: %s", c.name, c.said)
		case <-ctx.Done():
			return 0, fmt.Errorf("%s does not answer at %s (%w): %s", c.name, url, errors.Join(ctx.Err(), err), c.said)
		case <-time.After(300 * time.Microsecond):
		}
	}
}

// output runs a program to its end and gives what it wrote.
func (b *bench) output(env []string, command ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, command[0], command[1:]...) // #nosec G204 G702 -- programs that the bench names
	cmd.Dir = b.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "PLENARY_") }), env...) // not as whoever measures has set it
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", filepath.Base(command[0]), err, stderr.String())
	}
	return stdout.String(), nil
}

// freeAddress gives an address on loopback that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// said is the end of what a child wrote.
type said struct {
	mu   sync.Mutex
	text []byte
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, p...)
	if most := 4000; len(s.text) > most {
		s.text = append([]byte{}, s.text[len(s.text)-most:]...)
	}
	return len(p), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}
