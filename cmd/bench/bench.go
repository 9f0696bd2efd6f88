package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// bench is one run.
type bench struct {
	ctx        context.Context
	wish       wish
	dir        string // everything that is written
	lock       *os.File
	tools      tools
	program    string // the built plenary
	pocketbase string // built too, or ""
	progress   io.Writer
	report     *report
	children   []*child
}

// tools are paths of the programs that are on this machine; "" when one is missing.
type tools struct {
	nginx, wrk, radicale, taskset string
}

func findTools() tools {
	// Debian has servers where users' paths do not lead.
	return tools{nginx: found("nginx", "/usr/sbin/nginx"), wrk: found("wrk"), radicale: found("radicale"), taskset: found("taskset")}
}

func found(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// The cores of servers and of what asks them.
const (
	serverCore = "0"
	clientCore = "1"
)

func newBench(ctx context.Context, w wish, progress io.Writer) (*bench, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("this needs Linux: it reads in /proc what a server used")
	}
	b := &bench{ctx: ctx, wish: w, tools: findTools(), progress: progress}
	if runtime.NumCPU() < 2 || !w.pinned {
		b.tools.taskset = "" // there is nothing to keep apart, or it is not wanted
	}
	var err error
	if b.dir, b.lock, err = newFolder(w.dir); err != nil {
		return nil, err
	}
	b.report = newReport(ctx, b)
	return b, nil
}

// close ends what runs and removes what was written.
func (b *bench) close() error {
	b.stopAll()
	return errors.Join(os.RemoveAll(b.dir), b.lock.Close()) // #nosec G703 -- the folder that was made
}

// measure does everything that is wished for.
func (b *bench) measure() error {
	b.say("building the program")
	b.program = filepath.Join(b.dir, "plenary")
	if err := b.build(b.program, "./cmd/plenary", ""); err != nil {
		return err
	}
	if err := b.prepareRivals(); err != nil {
		return err
	}
	if err := b.moveAside(); err != nil {
		return err
	}
	for _, n := range b.wish.sizes {
		if err := b.size(n); err != nil {
			return fmt.Errorf("%d panels: %w", n, err)
		}
	}
	if b.wish.wants(caseImport) {
		return b.importing()
	}
	return b.ctx.Err()
}

// size measures an event of so many panels.
func (b *bench) size(n int) error {
	defer b.stopAll()
	s, err := b.install(n)
	if err != nil {
		return err
	}
	if s.server, err = b.servePlenary(s); err != nil {
		return err
	}
	if s.feed, err = s.openFeed(b.ctx); err != nil {
		return err
	}
	r := &sizeReport{Panels: n}
	if err := b.reads(s, r); err != nil {
		return err
	}
	if r.AfterReads, err = b.memoryAtRest(s); err != nil {
		return err
	}
	if err := b.writes(s, r); err != nil {
		return err
	}
	if r.AfterEdits, err = b.memoryAtRest(s); err != nil {
		return err
	}
	if err := b.yardsticks(s, r); err != nil {
		return err
	}
	b.stopAll()
	if b.wish.wants(caseStart) {
		if err := b.starts(s, r); err != nil {
			return err
		}
	}
	b.report.Sizes = append(b.report.Sizes, r)
	return b.ctx.Err()
}

// resting is how long nothing is asked for before memory is looked at: Plenary gives back what it does not need when there was little to
// do for five to ten seconds.
const resting = 12 * time.Second

// memoryAtRest gives what Plenary holds once nothing was asked for in a while, when that is wanted.
func (b *bench) memoryAtRest(s *site) (memory, error) {
	if !b.wish.wants(caseMemory) {
		return memory{}, nil
	}
	select {
	case <-b.ctx.Done():
		return memory{}, b.ctx.Err()
	case <-time.After(resting):
	}
	return memoryOf(s.server.child.pid())
}

// build builds a package of a module, as README.md does: of this one when folder is "".
func (b *bench) build(to, pkg, folder string) error {
	args := []string{"build", "-buildvcs=false", "-o", to}
	if folder != "" {
		args = append(args, "-mod=mod") // it has to find what that module needs
	}
	cmd := exec.CommandContext(b.ctx, "go", append(args, pkg)...) // #nosec G204 G702 -- names of our own
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("can't build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// keep writes a file into the bench's own folder, below which it may be in another, and gives its path.
func (b *bench) keep(name string, text []byte) (string, error) {
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { // #nosec G703 -- names of our own
		return "", err
	}
	return path, os.WriteFile(path, text, 0o600) // #nosec G703 -- names of our own
}

// moveAside keeps this process off the servers' core.
func (b *bench) moveAside() error {
	if b.tools.taskset == "" {
		return nil
	}
	out, err := exec.CommandContext(b.ctx, b.tools.taskset, "-acp", clientCore, fmt.Sprint(os.Getpid())).CombinedOutput() // #nosec G204 G702 -- a number of our own
	if err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	return nil
}

// say tells how far it is.
func (b *bench) say(format string, a ...any) {
	fmt.Fprintf(b.progress, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, a...))
}
