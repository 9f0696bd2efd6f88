package server

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/andybalholm/brotli"

	"plenary/internal/exchange"
)

// What is packed is what comes out again, and the same whatever was packed before.
func TestPackIsGzipAndForgetsNothing(t *testing.T) {
	sweep(t)
	warm := newPacker()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 2))
		var objects []string
		for i := range 1500 {
			objects = append(objects, object(r, i))
		}
		for step := range 12 {
			objects[r.IntN(len(objects))] = object(r, 10_000+step)
			if i := r.IntN(len(objects)); step%3 == 0 {
				objects = append(objects[:i], objects[i+1:]...)
			}
			for _, form := range []struct{ head, between, tail string }{{`{"number":%d,"panels":[{`, "},{", "}]}\n"}, {"BEGIN %d\r\n", "\r\nEND\r\n", "\r\n"}} {
				plain := []byte(fmt.Sprintf(form.head, step))
				for i, o := range objects {
					if i > 0 {
						plain = append(plain, form.between...)
					}
					plain = append(plain, o...)
				}
				check(t, warm, append(plain, form.tail...))
			}
		}
	}
	for _, plain := range [][]byte{{}, []byte("x"), bytes.Repeat([]byte("a"), exchange.LeastPiece), bytes.Repeat([]byte("a"), 5*exchange.MostPiece+1), noise(3 * exchange.MostPiece)} {
		check(t, warm, plain)
	}
}

func object(r *rand.Rand, i int) string {
	return fmt.Sprintf(`"id":"%08x-%d","title":"What the law asks %d","room":"room-%d"`, r.Uint32(), i, r.IntN(1000), i%20)
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func check(t *testing.T, warm *packer, plain []byte) {
	t.Helper()
	packed, err := warm.pack(plain)
	if err != nil {
		t.Fatal(err)
	}
	cold, err := newPacker().pack(plain)
	if err != nil || !bytes.Equal(packed, cold) {
		t.Fatalf("%d bytes: packed otherwise than by a packer that knows nothing (%v)", len(plain), err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%d bytes: came out as %d (%v)", len(plain), len(got), err)
	}
}

// The window of brotli is as small as holds the whole, so that compressing a short page does not take the memory of a long one, and what
// is far apart is found all the same.
func TestBrotliLooksBackOverTheWhole(t *testing.T) {
	for size, want := range map[int]int{0: 17, 1<<17 - 16: 17, 1<<17 - 15: 18, 1<<20 - 16: 20, 1<<20 - 15: 21, 1<<22 - 15: 22, 1 << 30: 22} {
		if got := windowOf(size); got != want {
			t.Errorf("%d bytes: window %d, want %d", size, got, want)
		}
	}
	half := noise(1<<17 - 8) // does not get smaller by itself
	plain := slices.Concat(half, half)
	packed, err := compress(brotlied, plain)
	if err != nil || len(packed) > len(half)+1<<10 {
		t.Errorf("%d bytes twice: %d bytes, %v", len(half), len(packed), err)
	}
	if back, err := io.ReadAll(brotli.NewReader(bytes.NewReader(packed))); err != nil || !bytes.Equal(back, plain) {
		t.Errorf("unpacked: %d bytes, %v", len(back), err)
	}
}
