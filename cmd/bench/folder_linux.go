package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// endWithParent has the kernel end the child when this process dies, even by SIGKILL.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}

const folderPrefix = "plenary-bench-"

// newFolder makes a folder that is locked as long as the file is open, and removes those of benches that were killed: nobody locks
// them any more.
func newFolder(in string) (string, *os.File, error) {
	locks, err := filepath.Glob(filepath.Join(in, folderPrefix+"*", "lock"))
	if err != nil {
		return "", nil, err
	}
	for _, path := range locks {
		// What belongs to somebody else stays.
		if lock, err := lockFile(path); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
			_ = lock.Close()
		}
	}
	dir, err := os.MkdirTemp(in, folderPrefix)
	if err != nil {
		return "", nil, err
	}
	lock, err := lockFile(filepath.Join(dir, "locking"))
	if err != nil {
		return "", nil, err
	}
	// It has the name only once it is locked, so that nobody finds it unlocked.
	return dir, lock, os.Rename(lock.Name(), filepath.Join(dir, "lock"))
}

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- a name of our own
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { // #nosec G115 -- a file descriptor is small
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}
