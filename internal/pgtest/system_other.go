//go:build !linux

package pgtest

import (
	"errors"
	"os"
	"os/exec"
)

// immediateShutdown ends postgres; what it leaves of its shared memory the next start clears.
var immediateShutdown = os.Kill

// endWithParent can do nothing here: on this system a killed test process leaves its server running, in a directory
// named plenary-pgtest-*.
func endWithParent(*exec.Cmd) {}

// user is who runs the server's programs: here always whoever runs the tests.
type user struct{}

func serverUser() (user, error) {
	if os.Geteuid() == 0 {
		return user{}, errors.New("PostgreSQL refuses to run as root: run the tests as another user, or name a server in " + envServer)
	}
	return user{}, nil
}

func (user) own(string) error { return nil }

func (user) become(*exec.Cmd) {}

func memoryDirs() []string { return nil }

// lockDir has nothing to lock for, since sweep removes nothing.
func lockDir(string) (*os.File, error) { return nil, nil }

// sweep cannot tell a directory in use from a forgotten one here.
func sweep(string) {}

// room is not known here.
func room(string) uint64 { return 0 }
