package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	userdb "os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// immediateShutdown makes postgres end its children and itself, and free its shared memory, which SIGKILL would not.
const immediateShutdown = syscall.SIGQUIT

// endWithParent has the kernel shut postgres down when the test process dies, even by SIGKILL.
func endWithParent(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = immediateShutdown
}

// user is who runs the server's programs; nil credentials mean whoever runs the tests.
type user struct{ credential *syscall.Credential }

// serverUser finds an unprivileged user when the tests run as root, whom initdb and postgres refuse.
func serverUser() (user, error) {
	if os.Geteuid() != 0 {
		return user{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := userdb.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return user{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return user{}, fmt.Errorf("PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody")
}

func (u user) own(dir string) error {
	if u.credential == nil {
		return nil
	}
	return os.Chown(dir, int(u.credential.Uid), int(u.credential.Gid))
}

func (u user) become(cmd *exec.Cmd) {
	if u.credential != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: u.credential}
	}
}

// memoryDirs answers with /dev/shm where that is a file system in memory with room for several test processes'
// servers; a container's has 64 MB unless it is asked for more.
func memoryDirs() []string {
	const (
		dir        = "/dev/shm"
		tmpfsMagic = 0x01021994
		enough     = 2 << 30
	)
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) != nil || int64(fs.Type) != tmpfsMagic || fs.Bavail*uint64(fs.Bsize) < enough { // #nosec G115 -- a size is not negative
		return nil
	}
	return []string{dir}
}

// lockDir marks the directory as in use for as long as the file stays open, which the kernel ends with the process.
// The file takes its name only once it is locked, so that sweep never meets it unlocked.
func lockDir(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "locking-")
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, os.Rename(f.Name(), filepath.Join(dir, "lock"))
}

// sweep removes what killed test processes left behind: directories whose lock nobody holds any more. It is a
// courtesy, so whatever it may not or cannot remove stays.
func sweep(base string) {
	locks, _ := filepath.Glob(filepath.Join(base, dirPrefix+"*", "lock"))
	for _, path := range locks {
		f, err := os.Open(path) // #nosec G304 -- tests only, files of our own
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
		_ = f.Close()
	}
}

// room says how many bytes are free in a folder's file system, 0 when that is not known.
func room(folder string) uint64 {
	var found syscall.Statfs_t
	if err := syscall.Statfs(folder, &found); err != nil || found.Bsize <= 0 {
		return 0
	}
	return found.Bavail * uint64(found.Bsize) // #nosec G115 -- more than none
}
