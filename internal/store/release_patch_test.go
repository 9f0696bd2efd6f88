package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// snapshotLike is JSON of so many objects, the size of panels.
func snapshotLike(r *rand.Rand, n int) (objects []string) {
	for i := range n {
		objects = append(objects, fmt.Sprintf(`{"id":"%032x","title":"Talk %d","abstract":%q}`, r.Uint64(), i, strings.Repeat(fmt.Sprint(r.IntN(1000), " "), 100+r.IntN(60))))
	}
	return objects
}

func document(objects []string) []byte { return []byte("[" + strings.Join(objects, ",") + "]") }

// What a patch makes is what it was made of, and of a document in which a little changed it is small.
func TestPatches(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range 300 {
		objects := snapshotLike(r, 1+r.IntN(150))
		before := document(objects)
		for range r.IntN(4) {
			at := r.IntN(len(objects))
			switch r.IntN(5) {
			case 0:
				objects[at] = strings.Replace(objects[at], "Talk", "Keynote", 1)
			case 1:
				objects = append(objects[:at:at], objects[at+1:]...)
			case 2:
				objects = append(objects[:at:at], append(snapshotLike(r, 1), objects[at:]...)...)
			case 3:
				other := r.IntN(len(objects))
				objects[at], objects[other] = objects[other], objects[at]
			case 4:
				objects[at] += strings.Repeat("x", r.IntN(3*blockSize))
			}
			if len(objects) == 0 {
				break
			}
		}
		after := document(objects)
		p := newPatchBase(before).patch(after)
		if p == nil {
			if len(objects) >= 110 {
				t.Fatalf("seed %d: no patch of %d bytes", seed, len(after))
			}
			continue
		}
		got, err := patched(before, p)
		if err != nil || !bytes.Equal(got, after) {
			t.Fatalf("seed %d: %v\n%q\n%q", seed, err, got, after)
		}
		if len(p) > len(after)/16 {
			t.Errorf("seed %d: a patch of %d bytes for %d", seed, len(p), len(after))
		}
		if _, err := patched(append([]byte("other"), before...), p); err == nil && len(p) < len(after)-20 {
			t.Errorf("seed %d: another base was taken", seed)
		}
	}
	many := snapshotLike(r, 1000)
	before := document(many)
	many[500], many[501] = many[501], many[500]
	if p := newPatchBase(before).patch(document(many)); p == nil || len(p) > 3000 {
		t.Errorf("two swapped of a thousand make a patch of %d bytes", len(p))
	}
	if p := newPatchBase(before).patch(document(snapshotLike(r, 1000))); p != nil {
		t.Errorf("of something else it is a patch of %d bytes", len(p))
	}
	if p := newPatchBase(before).patch(before); len(p) > 40 {
		t.Errorf("of the same it is a patch of %d bytes", len(p))
	}
}

// FuzzPatched holds that a damaged patch is refused, whatever it is, and that what is made is never too much.
func FuzzPatched(f *testing.F) {
	base := document(snapshotLike(rand.New(rand.NewPCG(1, 1)), 8))
	f.Add(newPatchBase(base).patch(append(base, "and more"...)))
	f.Add([]byte{patchVersion})
	f.Fuzz(func(t *testing.T, p []byte) {
		if body, err := patched(base, p); err == nil {
			if again := newPatchBase(base).patch(body); again != nil {
				if back, err := patched(base, again); err != nil || !bytes.Equal(back, body) {
					t.Errorf("%v: %q became %q", err, body, back)
				}
			}
		}
	})
}

func BenchmarkPatch(b *testing.B) {
	objects := snapshotLike(rand.New(rand.NewPCG(1, 1)), 5000)
	base := newPatchBase(document(objects))
	objects[2000] = strings.Replace(objects[2000], "Talk", "Keynote", 1)
	body := document(objects)
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			base.patch(body)
		}
		b.ReportMetric(float64(len(base.patch(body))), "bytes")
	})
	p := base.patch(body)
	b.Run("apply", func(b *testing.B) {
		for b.Loop() {
			_, _ = patched(base.body, p)
		}
	})
	b.Run("base", func(b *testing.B) {
		for b.Loop() {
			newPatchBase(base.body).findBlocks()
		}
		b.ReportMetric(float64(len(base.body)), "bytes")
	})
}
