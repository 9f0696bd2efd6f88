package server

import (
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

func TestSumsOfPartsMakeThatOfTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	whole := make([]byte, 300_000)
	for i := range whole {
		whole[i] = byte(r.Uint32())
	}
	for range 200 {
		end := r.IntN(len(whole) + 1)
		at := r.IntN(end + 1)
		if r.IntN(4) == 0 {
			at = []int{0, end, max(0, end-1), end / 2}[r.IntN(4)]
		}
		got := sumOfBoth(crc32.ChecksumIEEE(whole[:at]), crc32.ChecksumIEEE(whole[at:end]), end-at)
		if want := crc32.ChecksumIEEE(whole[:end]); got != want {
			t.Fatalf("%d and %d bytes: %08x, want %08x", at, end-at, got, want)
		}
	}
}
