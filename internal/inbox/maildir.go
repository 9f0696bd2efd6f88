package inbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Limits of a round through a Maildir.
const (
	maxRound  = 200         // letters
	maxFaults = 3           // letters that could not be taken
	again     = time.Minute // until one of these is tried again
)

// Maildir is a folder into which a mail server puts letters (maildir(5)): each is a file in new, and in cur when somebody has
// looked at it.
type Maildir struct {
	dir    string
	mu     sync.Mutex
	failed map[string]time.Time // when a letter could not be taken, by its name
}

// NewMaildir gives the Maildir in that folder. The error is that it is none.
func NewMaildir(dir string) (*Maildir, error) {
	if _, err := os.ReadDir(filepath.Join(dir, "new")); err != nil {
		return nil, fmt.Errorf("the Maildir can't be read: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "cur"), 0o700); err != nil {
		return nil, fmt.Errorf("the Maildir can't be written: %w", err)
	}
	return &Maildir{dir: dir, failed: map[string]time.Time{}}, nil
}

// TakeNew gives letters that are new to take, oldest first, and moves each to cur as seen. It says how many it moved, and stops
// after [maxRound]. One that take has an error for stays new, and is tried again in a minute at the earliest; the errors are joined.
//
// Several programs may do it: one at a time reads, and the others find nothing to do. One that is killed in between has a letter
// taken a second time.
func (m *Maildir) TakeNew(now time.Time, take func(name string, r io.Reader) error) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	unlock, alone, err := lock(filepath.Join(m.dir, "plenary.lock"))
	if err != nil || !alone {
		return 0, err
	}
	defer unlock()
	names, err := m.due(now)
	if err != nil {
		return 0, err
	}
	var faults []error
	for _, name := range names {
		if n+len(faults) == maxRound || len(faults) == maxFaults {
			break
		}
		if err := m.takeFile(name, take); err != nil {
			m.failed[name] = now
			faults = append(faults, err)
			continue
		}
		n++
	}
	return n, errors.Join(faults...)
}

// due gives the letters that are new, by name, which is by age, without those that failed a moment ago.
func (m *Maildir) due(now time.Time) (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(m.dir, "new"))
	if err != nil {
		return nil, fmt.Errorf("the Maildir can't be read: %w", err)
	}
	failed := map[string]time.Time{}
	for _, e := range entries {
		if at, has := m.failed[e.Name()]; has && now.Sub(at) < again {
			failed[e.Name()] = at
		} else if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	m.failed = failed
	return names, nil
}

// takeFile takes a letter and moves it.
func (m *Maildir) takeFile(name string, take func(name string, r io.Reader) error) error {
	from := filepath.Join(m.dir, "new", name)
	f, err := os.Open(from) // #nosec G304 -- the operator names the Maildir
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody else took it
	}
	if err != nil {
		return fmt.Errorf("a letter can't be read: %w", err)
	}
	if err := errors.Join(take(name, f), f.Close()); err != nil {
		return err
	}
	flags := ":2,S" // seen
	if strings.Contains(name, ":") {
		flags = ""
	}
	if err := os.Rename(from, filepath.Join(m.dir, "cur", name+flags)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("a letter can't be put aside: %w", err)
	}
	return nil
}
