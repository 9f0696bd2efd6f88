package store

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// What a backup is worth can be known without a database: as many rows as it says, and nothing that was changed since.
func TestVerifyKnowsADamagedArchive(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	fill(t, s)
	slim(t, s)
	good := backup(t, s)
	ours, err := ProgramSchema()
	if err != nil {
		t.Fatal(err)
	}
	body := unzip(t, good)
	lines := strings.SplitAfter(strings.TrimSuffix(body, "\n"), "\n")
	found, err := Verify(t.Context(), bytes.NewReader(good))
	if want := (Verified{Schema: ours, Rows: int64(len(lines) - 2)}); err != nil || found != want {
		t.Errorf("%+v, %v, want %+v", found, err, want)
	}
	// What follows is as it was written, by a program of another kind: which of it can be taken, restoring finds.
	written := map[string]bool{"other type": true, "broken rule": true, "no such person": true}
	bad := badArchives(good, body, lines)
	if len(bad) < 50 {
		t.Fatal(len(bad))
	}
	for what, archive := range bad {
		if _, err := Verify(t.Context(), bytes.NewReader(archive)); written[what] != (err == nil) || err != nil && agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}
