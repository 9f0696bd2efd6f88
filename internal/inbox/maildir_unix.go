//go:build unix

package inbox

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock says whether nobody else holds the file, and holds it until unlock, or the end of the program. On file systems that
// replicas share it keeps them apart too, where these know locks.
func lock(path string) (unlock func(), alone bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the operator names the Maildir
	if err != nil {
		return nil, false, fmt.Errorf("the Maildir can't be written: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) // #nosec G115 -- a descriptor is small
	if err == nil {
		return func() { _ = f.Close() }, true, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, nil
	}
	return nil, false, fmt.Errorf("the Maildir can't be locked: %w", err)
}
