package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	dirPrefix = "plenary-pgtest-"

	// longestDir keeps dir + "/.s.PGSQL.5432" within the 103 bytes that the shortest sun_path among our systems allows.
	longestDir = 85

	startTimeout = time.Minute
	stopTimeout  = 20 * time.Second
)

// settings trade every promise about a power cut, and what pays off in days only, for speed: the data is thrown away. max_connections covers a
// package's parallel tests, each with a pool of its own.
var settings = []string{
	"fsync=off",
	"synchronous_commit=off",
	"full_page_writes=off",
	"max_connections=200",
	"wal_level=minimal", // nobody follows
	"max_wal_senders=0",
	"autovacuum=off", // no database lives so long
	"jit=off",
	"plan_cache_mode=force_generic_plan", // a plan for each statement, not for each of its first five runs: connections live for a test
	"shared_buffers=32MB",                // all of them are looked through for each database that is dropped
	"max_wal_size=128MB",                 // the directory may be in memory
	"listen_addresses=",
	"logging_collector=off",
	"log_destination=stderr",
}

// cluster is a running PostgreSQL server and the directory that holds all of it: data, socket, log and lock.
type cluster struct {
	dir     string
	lock    *os.File
	process *process
}

// start makes a cluster in a new temporary directory and waits until it answers.
func start() (*cluster, error) {
	bin, err := findPrograms()
	if err != nil {
		return nil, err
	}
	base, err := baseDir()
	if err != nil {
		return nil, err
	}
	sweep(base)
	dir, err := os.MkdirTemp(base, dirPrefix)
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	if err := c.run(bin); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *cluster) run(bin string) error {
	var err error
	if c.lock, err = lockDir(c.dir); err != nil {
		return err
	}
	who, err := serverUser()
	if err != nil {
		return err
	}
	if err := who.own(c.dir); err != nil {
		return err
	}
	if err := c.initialize(bin, who); err != nil {
		return err
	}
	args := []string{"-D", c.data(), "-k", c.dir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), args...) // #nosec G204 -- tests only, programs of PostgreSQL
	c.prepare(cmd, who)
	logFile, err := os.Create(c.log())
	if err != nil {
		return err
	}
	defer func() { _ = logFile.Close() }()
	cmd.Stdout, cmd.Stderr = logFile, logFile
	if c.process, err = startProcess(cmd); err != nil {
		return err
	}
	return c.awaitReady()
}

// initialize runs initdb. Text sorts by a language's rules, as it does on the servers that people run, so that a query
// that leans on byte order is found here and not there.
func (c *cluster) initialize(bin string, who user) error {
	plain := []string{"-D", c.data(), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"}
	attempts := [][]string{
		append(plain[:len(plain):len(plain)], "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"),
		append(plain[:len(plain):len(plain)], "--locale=C.UTF-8"), // before version 15, or built without ICU
		append(plain[:len(plain):len(plain)], "--locale=C"),       // a system without C.UTF-8
	}
	var failures error
	for _, args := range attempts {
		cmd := exec.Command(filepath.Join(bin, "initdb"), args...) // #nosec G204 -- tests only, programs of PostgreSQL
		c.prepare(cmd, who)
		out, err := cmd.CombinedOutput()
		if err == nil {
			return nil
		}
		failures = errors.Join(failures, fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out)))
	}
	return failures
}

// prepare runs a program as the server's user, in a directory that this user may enter, with no PostgreSQL setting
// of the developer's own in the environment.
func (c *cluster) prepare(cmd *exec.Cmd, who user) {
	cmd.Dir = c.dir
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "PG") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	who.become(cmd)
}

func (c *cluster) awaitReady() error {
	deadline := time.Now().Add(startTimeout)
	for {
		err := execute(c.url(), "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-c.process.done:
			return fmt.Errorf("postgres ended during its start: %w\n%s", err, c.logTail())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("postgres did not answer within %s: %w\n%s", startTimeout, err, c.logTail())
		}
	}
}

// stop ends the server and removes its directory. It may be called on a cluster that never ran.
func (c *cluster) stop() error {
	var failures error
	if c.process != nil {
		failures = c.process.stop(stopTimeout)
	}
	if c.lock != nil {
		failures = errors.Join(failures, c.lock.Close())
	}
	return errors.Join(failures, os.RemoveAll(c.dir))
}

// url names the server by its socket: no port to collide on, and no way in for other users of the machine.
func (c *cluster) url() string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User("postgres"),
		Path:     "/postgres",
		RawQuery: url.Values{"host": {c.dir}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *cluster) log() string  { return filepath.Join(c.dir, "postgres.log") }

func (c *cluster) logTail() string {
	const enough = 4000
	text, err := os.ReadFile(c.log())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-enough):])
}

// baseDir is where the temporary directory goes: where TMPDIR says, else in memory, where making a database takes a
// tenth of the time that it takes on a disk, else the system's place. /tmp is the last resort, for a TMPDIR that makes
// the socket's path longer than the kernel takes.
func baseDir() (string, error) {
	candidates := []string{os.TempDir(), "/tmp"}
	if os.Getenv("TMPDIR") == "" {
		candidates = append(memoryDirs(), candidates...)
	}
	for _, dir := range candidates {
		full, err := filepath.Abs(dir)
		if err == nil && len(full)+len(dirPrefix)+len("/0123456789") <= longestDir {
			return full, nil
		}
	}
	return "", errors.New("no temporary directory has a path short enough for a Unix socket")
}
