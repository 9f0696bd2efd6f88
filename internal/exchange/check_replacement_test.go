package exchange

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// A file whose replacements lead nowhere or in a circle is refused, in the draft and in a release.
func TestReplacementsOfAFileAreChecked(t *testing.T) {
	for seed, done := uint64(0), 0; done < 20; seed++ {
		b := newDice(seed).bundle()
		if len(b.Draft.Panels) < 2 {
			continue
		}
		done++
		first, second := &b.Draft.Panels[0], &b.Draft.Panels[1]
		first.ReplacedBy, second.ReplacedBy = second.ID, first.ID
		for _, want := range []string{"leads back to the panel", "names a panel that is not there"} {
			_, err := DecodeBundle(bytes.NewReader(encoded(t, b)))
			if err == nil || !strings.Contains(faultsOf(err), want) {
				t.Fatalf("seed %d: %v does not say: %s", seed, err, want)
			}
			second.ReplacedBy, first.ReplacedBy = "", agenda.ID("0199f0a0-0000-7000-8000-999999999999")
		}
	}
}

func faultsOf(err error) string {
	var e *agenda.Error
	var all []string
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			all = append(all, f.Pointer+" "+f.Message)
		}
	}
	return strings.Join(all, "\n")
}
