package server

import (
	"bytes"
	"log/slog"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
)

// coding is a content coding (RFC 9110, 8.4.1).
type coding int

// The codings, the better one later.
const (
	uncoded coding = iota
	gzipped
	brotlied
	codings
)

// codingNames are as Content-Encoding has them.
var codingNames = [codings]string{gzipped: "gzip", brotlied: "br"}

// tagSuffixes tell the entity tags of the forms apart: a proxy that unpacks must not take one for the other.
var tagSuffixes = [codings]string{gzipped: `-gzip"`, brotlied: `-br"`}

// packing is a compressed form of a body: made once, when somebody takes it first.
type packing struct {
	once sync.Once
	made atomic.Pointer[representation] // nil: is not made yet
}

// brotliLevel makes pages a seventh smaller than gzip's best, in about the same time.
const brotliLevel = 5

// brotliAtOnce is how many bytes are compressed with brotli while who asked waits. With more, the first ones get gzip, and brotli is
// made meanwhile.
const brotliAtOnce = 128 << 10

// in gives the form of the body for who takes that coding: another one where it is not worth it, or not made yet.
func (b *body) in(c coding) representation {
	if c == uncoded || !b.packs {
		return b.plain
	}
	p := &b.packed[c]
	if made := p.made.Load(); made != nil {
		return *made
	}
	p.once.Do(func() {
		if c == brotlied && len(b.plain.bytes) > brotliAtOnce {
			go func() {
				defer func() {
					if r := recover(); r != nil {
						slog.Error("panic while an answer was compressed", "panic", r)
					}
				}()
				b.pack(c)
			}()
			return
		}
		b.pack(c)
	})
	if made := p.made.Load(); made != nil {
		return *made
	}
	return b.in(c - 1)
}

// pack makes a compressed form. Should that fail, there is none.
func (b *body) pack(c coding) {
	packed, err := compress(c, b.plain.bytes)
	if err != nil {
		slog.Error("an answer could not be compressed", "error", err)
		return
	}
	b.packed[c].made.Store(&representation{c, exactly(packed), b.plain.etag[:len(b.plain.etag)-1] + tagSuffixes[c]})
	if b.grown != nil {
		b.grown(len(packed))
	}
}

// compress gives the same bytes for the same plain ones.
func compress(c coding, plain []byte) ([]byte, error) {
	if c == gzipped {
		return pack(plain)
	}
	var packed bytes.Buffer
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: brotliLevel, LGWin: windowOf(len(plain))})
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}

// The windows of brotli, as powers of two: how far it looks back, for which it takes twice as much memory. With less than the least, it
// looks for repetitions in another way, which finds fewer.
const (
	leastWindow = 17
	mostWindow  = 22
)

// windowOf gives the window in which that many bytes fit, with the few that brotli keeps for itself.
func windowOf(size int) int { return min(max(bits.Len(uint(size+15)), leastWindow), mostWindow) } // #nosec G115 -- sizes are not negative

// accepted are the codings that browsers, calendars and curl ask for, word for word.
var accepted = map[string]coding{"": uncoded, "gzip": gzipped, "gzip, deflate": gzipped, "deflate, gzip": gzipped, "gzip,deflate": gzipped,
	"gzip, deflate, br": brotlied, "gzip, deflate, br, zstd": brotlied, "deflate, gzip, br, zstd": brotlied}

// accepts reads Accept-Encoding (RFC 9110, 12.5.3) and gives the best coding that is as welcome as any other.
func accepts(h http.Header) coding {
	asked := h["Accept-Encoding"]
	if len(asked) == 0 {
		return uncoded
	}
	if c, usual := accepted[asked[0]]; usual && len(asked) == 1 {
		return c
	}
	weights := [codings]float64{gzipped: -1, brotlied: -1}
	others := 0.0
	for one := range strings.SplitSeq(strings.Join(asked, ","), ",") {
		name, weight := weightOf(one)
		switch name {
		case "gzip", "x-gzip":
			weights[gzipped] = weight
		case "br":
			weights[brotlied] = weight
		case "*":
			others = weight
		}
	}
	best, most := uncoded, 0.0
	for c := gzipped; c < codings; c++ {
		if weights[c] < 0 {
			weights[c] = others
		}
		if weights[c] > 0 && weights[c] >= most {
			best, most = c, weights[c]
		}
	}
	return best
}

// weightOf reads one item of a list with weights.
func weightOf(item string) (name string, weight float64) {
	name, params, _ := strings.Cut(strings.TrimSpace(item), ";")
	weight = 1
	if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q="); ok {
		if w, err := strconv.ParseFloat(q, 64); err == nil {
			weight = w
		}
	}
	return strings.ToLower(strings.TrimSpace(name)), weight
}
