package inbox

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Waiting says how many letters are new in the Maildir of that folder, and since when the oldest of them is. It changes nothing. The error is
// that it is none, or that it can't be read.
func Waiting(dir string) (n int, oldest time.Time, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, "new"))
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("the Maildir can't be read: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue // somebody took it
		}
		if n++; oldest.IsZero() || info.ModTime().Before(oldest) {
			oldest = info.ModTime()
		}
	}
	return n, oldest, nil
}
