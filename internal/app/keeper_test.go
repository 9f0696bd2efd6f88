package app

import (
	"fmt"
	"testing"

	"plenary/internal/agenda"
)

func TestAKeeperKeepsWhatIsNewOfEachEvent(t *testing.T) {
	k := keeper[string, int]{most: 100, ofEach: 3, weigh: func(n int) int { return n }, event: func(key string, _ int) agenda.ID { return agenda.ID(key[:1]) }}
	k.put("b1", 10)
	for i := range 9 {
		k.put(fmt.Sprint("a", i), 10)
		k.get("a0")
	}
	for key, want := range map[string]bool{"b1": true, "a0": true, "a8": true, "a7": true, "a6": false, "a1": false} {
		if _, ok := k.get(key); ok != want {
			t.Errorf("%s is kept: %t, want %t", key, ok, want)
		}
	}
	if k.weight != 40 || k.recent.Len() != 4 || len(k.kept) != 4 {
		t.Errorf("%d weigh %d, and %d have keys", k.recent.Len(), k.weight, len(k.kept))
	}
	k.put("c1", 100)
	if _, ok := k.get("c1"); !ok || k.weight != 100 || len(k.kept) != 1 {
		t.Errorf("%d weigh %d after one that takes all the room", len(k.kept), k.weight)
	}
}
