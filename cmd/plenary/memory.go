package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"plenary/internal/reserve"
)

// What the memory may do, for small machines.
const (
	garbage = 50              // percent that it may grow by before what is not needed any more is given back: less than Go lets it
	started = time.Second / 2 // until when the first answers are made, which are part of a start
)

// hurry lets nothing be collected while the program starts, as far as [reserve.Room] goes and as much again: what is made then is mostly
// kept, and looking through it again and again takes a fifth of the time. tidy is for when it has started: it gives back what only the
// start needed.
func hurry() (tidy func()) {
	untouch(reserve.Room)
	untouch(reserve.Start)
	return func() {
		runtime.KeepAlive(reserve.Room)
		reserve.Start = nil
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(garbage)
		}
		debug.FreeOSMemory()
	}
}

// When there is little to do, what is not needed any more is given back.
const (
	lull   = 5 * time.Second // how long there must have been little to do
	little = 1 << 20         // bytes that are made meanwhile, at most
	worth  = 4 << 20         // bytes made since memory was given back last, at least: else there is little to be found
)

// rest gives memory back whenever there is a lull, until ctx is done. What was made for the last answers before it would stay: nothing is
// collected until half as much as is kept, and as room, has come together, or two minutes have gone by.
func rest(ctx context.Context, lull time.Duration) {
	made := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	tick := time.NewTicker(lull)
	defer tick.Stop()
	for before, tidied := uint64(0), uint64(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(made)
		now := made[0].Value.Uint64()
		if now-before <= little && now-tidied >= worth {
			debug.FreeOSMemory()
			tidied = now
		}
		before = now
	}
}
