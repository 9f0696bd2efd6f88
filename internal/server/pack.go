package server

import (
	"bytes"
	"compress/gzip"
	"io"
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
		return b.whole()
	}
	p := &b.packed[c]
	if made := p.made.Load(); made != nil {
		return *made
	}
	p.once.Do(func() {
		if c == brotlied && b.size > brotliAtOnce {
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
	packed, err := b.compressed(c)
	if err != nil {
		slog.Error("an answer could not be compressed", "error", err)
		return
	}
	b.packed[c].made.Store(&representation{c, exactly(packed), b.etag[:len(b.etag)-1] + tagSuffixes[c]})
	b.grow(len(packed))
	if c == gzipped {
		b.letGo()
	}
}

func (b *body) compressed(c coding) ([]byte, error) {
	if c == gzipped && b.document != nil {
		return packs.packDocument(b.document)
	}
	plain, err := b.bytes()
	if err != nil {
		return nil, err
	}
	return compress(c, plain)
}

// grow tells the cache of bytes that came, or went.
func (b *body) grow(n int) {
	if b.grown != nil {
		b.grown(n)
	}
}

// letGo forgets the plain form of a large page that is compressed: every browser takes it so, and it is eight to fifteen times as large. It
// stays once somebody has asked for it. That of data stays: programs ask for it, and what is written of it next is copied from there.
func (b *body) letGo() {
	if b.size > brotliAtOnce && strings.HasPrefix(b.media, "text/html") && !b.asked.Load() {
		b.plain.Store(nil)
		b.grow(-b.size)
	}
}

// whole gives the plain form, for who takes no other.
func (b *body) whole() representation {
	if !b.asked.Load() {
		b.asked.Store(true)
	}
	if r := b.plain.Load(); r != nil {
		return *r
	}
	b.unpacks.Lock()
	defer b.unpacks.Unlock()
	if r := b.plain.Load(); r != nil {
		return *r
	}
	plain, err := b.bytes()
	if err != nil {
		panic(err) // bytes of our own making, in memory: who asked gets a 500
	}
	r := &representation{uncoded, plain, b.etag}
	b.plain.Store(r)
	b.grow(b.size)
	return *r
}

// bytes gives the plain bytes, and keeps none.
func (b *body) bytes() ([]byte, error) {
	if r := b.plain.Load(); r != nil {
		return r.bytes, nil
	}
	if b.document != nil {
		return b.document.Bytes(), nil
	}
	r, err := gzip.NewReader(bytes.NewReader(b.packed[gzipped].made.Load().bytes))
	if err != nil {
		return nil, err
	}
	plain := make([]byte, b.size)
	_, err = io.ReadFull(r, plain)
	return plain, err
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
