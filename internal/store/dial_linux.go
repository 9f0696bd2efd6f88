package store

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// giveUpAfter has the kernel end a connection whose other side has not said for so long that it has what it was sent (tcp(7),
// TCP_USER_TIMEOUT).
func giveUpAfter(silence time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		// Not on the socket of a server on this machine, which does not know it: what fails here is no reason not to connect.
		return c.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence.Milliseconds())) // #nosec G115 -- a handle is an int
		})
	}
}
