package inbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func newMaildir(t *testing.T, letters ...string) (string, *Maildir) {
	t.Helper()
	dir := t.TempDir()
	if _, err := NewMaildir(dir); err == nil {
		t.Error("a folder without new is taken for a Maildir")
	}
	if err := os.Mkdir(filepath.Join(dir, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range letters {
		if err := os.WriteFile(filepath.Join(dir, "new", name), []byte("letter "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := NewMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func namesIn(t *testing.T, dir, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, folder))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestAMaildirIsEmptied(t *testing.T) {
	dir, m := newMaildir(t, "2.b", "1.a", "3.c:2,", ".hidden")
	if err := os.Mkdir(filepath.Join(dir, "new", "0.folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Unix(0, 0)
	var read []string
	broken := map[string]error{"2.b": errors.New("no database")}
	round := func(want int) error {
		t.Helper()
		n, err := m.TakeNew(now, func(name string, r io.Reader) error {
			body, err := io.ReadAll(r)
			if err != nil || string(body) != "letter "+name {
				t.Errorf("%s: %q, %v", name, body, err)
			}
			read = append(read, name)
			return broken[name]
		})
		if n != want {
			t.Errorf("%d letters were taken, want %d", n, want)
		}
		return err
	}
	if err := round(2); !errors.Is(err, broken["2.b"]) {
		t.Error(err)
	}
	if got := strings.Join(read, " "); got != "1.a 2.b 3.c:2," {
		t.Error(got)
	}
	if got := namesIn(t, dir, "cur"); got != "1.a:2,S 3.c:2," {
		t.Error(got)
	}
	delete(broken, "2.b")
	if err := round(0); err != nil || len(read) != 3 {
		t.Errorf("what failed is tried again at once: %v, %v", err, read)
	}
	now = now.Add(again)
	if err := round(1); err != nil || namesIn(t, dir, "new") != ".hidden 0.folder" {
		t.Error(err, namesIn(t, dir, "new"))
	}
}

// A round ends: with many letters, and with a database that takes none. What is broken holds up nothing else.
func TestARoundThroughAMaildirEnds(t *testing.T) {
	var names []string
	for i := range maxRound + 10 {
		names = append(names, fmt.Sprintf("%04d", i))
	}
	_, m := newMaildir(t, names...)
	tried := 0
	n, err := m.TakeNew(time.Unix(0, 0), func(string, io.Reader) error { tried++; return io.ErrUnexpectedEOF })
	if n != 0 || tried != maxFaults || err == nil {
		t.Error(n, tried, err)
	}
	fine := func(string, io.Reader) error { return nil }
	for _, want := range []int{maxRound, 10 - maxFaults, 0} {
		if n, err := m.TakeNew(time.Unix(1, 0), fine); n != want || err != nil {
			t.Error(n, want, err)
		}
	}
	if n, err := m.TakeNew(time.Unix(100, 0), fine); n != maxFaults || err != nil {
		t.Error(n, err)
	}
}

func TestOneReadsAMaildir(t *testing.T) {
	dir, _ := newMaildir(t, slices.Collect(func(yield func(string) bool) {
		for i := range 60 {
			if !yield(fmt.Sprint(i)) {
				return
			}
		}
	})...)
	var total, under, most atomic.Int64
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			m, err := NewMaildir(dir)
			if err != nil {
				t.Error(err)
				return
			}
			for range 40 {
				_, err := m.TakeNew(time.Unix(0, 0), func(string, io.Reader) error {
					most.Store(max(most.Load(), under.Add(1)))
					defer under.Add(-1)
					total.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if total.Load() != 60 || most.Load() != 1 || namesIn(t, dir, "new") != "" {
		t.Errorf("%d were taken, %d at once", total.Load(), most.Load())
	}
}
