package pgtest

import (
	"os"
	"testing"
)

// Folder gives a folder for the files of a database that is gone with the test: in memory where there is plenty of it, since such
// a test waits for the disk more than for anything else, and what it looks at is not whether the disk keeps what it was given.
func Folder(t testing.TB) string {
	t.Helper()
	const memory, plenty = "/dev/shm", 2 << 30 // containers have 64 MB of it, which is not enough
	if room(memory) < plenty {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "plenary-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
