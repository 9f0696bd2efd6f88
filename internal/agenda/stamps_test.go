package agenda

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// Stamps that changed step by step are those of a map that was changed, and those before stay as they were.
func TestStampsWith(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	want, s := map[string]Stamp{}, Stamps{}
	for step := range 60 {
		before, beforeWant := s, maps.Clone(want)
		changed := map[string]Stamp{}
		for range r.IntN(40) {
			uid := fmt.Sprint("u", r.IntN(900))
			changed[uid] = Stamp{UID: uid, Sequence: step}
		}
		maps.Copy(want, changed)
		s = s.With(changed)
		for i := range 900 {
			uid := fmt.Sprint("u", i)
			if s.Of(uid) != want[uid] || before.Of(uid) != beforeWant[uid] {
				t.Fatalf("step %d, %s: %v and %v before, want %v and %v", step, uid, s.Of(uid), before.Of(uid), want[uid], beforeWant[uid])
			}
		}
	}
	if len(s.newer) > mostNewer || len(s.all) == 0 {
		t.Errorf("%d beside %d", len(s.newer), len(s.all))
	}
}
