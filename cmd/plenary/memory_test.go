package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// held gives how many bytes of objects there are, dead ones that nobody has found yet among them.
func held() int {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return int(s[0].Value.Uint64()) // #nosec G115 -- bytes that this machine has
}

// Without a lull in which memory is given back, nothing would be collected here at all.
func TestLullGivesMemoryBack(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC() // or what the last collection found would be taken away meanwhile
	before := held()
	for range 64 {
		_ = append([]byte(nil), make([]byte, 1<<20)...)
	}
	if made := held() - before; made < 64<<20 {
		t.Fatalf("%d bytes were made, and some of them collected", made)
	}
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		rest(ctx, 10*time.Millisecond)
		close(done)
	}()
	for deadline := time.Now().Add(10 * time.Second); held()-before > 16<<20; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("%d bytes are still held", held()-before)
			break
		}
	}
	end()
	<-done
}
