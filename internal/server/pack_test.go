package server

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// largePage is one that is compressed.
var largePage = []byte("<!doctype html>" + strings.Repeat("<p>What the law asks", brotliAtOnce/20))

// cachedBody is a body in a cache, of which size tells how many bytes count.
func cachedBody(t *testing.T, media string, plain []byte) (b *body, size func() int) {
	c := newBodyCache(1 << 30)
	b, err := c.get(keyOf("", "place"), func() (*body, error) { return newPackedBody(media, time.Time{}, plain), nil })
	if err != nil {
		t.Fatal(err)
	}
	empty := c.bytes - len(plain)
	return b, func() int { return c.bytes - empty }
}

// Of a large page only what browsers take is kept, until somebody takes the plain form, which is the same as before.
func TestLargePagesAreKeptPacked(t *testing.T) {
	b, size := cachedBody(t, "text/html; charset=utf-8", largePage)
	packed := len(b.in(gzipped).bytes)
	if b.plain.Load() != nil || size() != packed {
		t.Errorf("%d bytes count, want %d; let go: %t", size(), packed, b.plain.Load() == nil)
	}
	b.pack(brotlied) // of what is packed
	better := b.in(brotlied)
	if back, err := io.ReadAll(brotli.NewReader(bytes.NewReader(better.bytes))); err != nil || !bytes.Equal(back, largePage) || b.plain.Load() != nil {
		t.Errorf("brotli: %d bytes, %v; let go: %t", len(back), err, b.plain.Load() == nil)
	}
	tag := newBody("", time.Time{}, largePage).etag
	for range 2 {
		if plain := b.in(uncoded); !bytes.Equal(plain.bytes, largePage) || plain.etag != tag || size() != len(largePage)+packed+len(better.bytes) {
			t.Errorf("plain: %d bytes, %s; %d count", len(plain.bytes), plain.etag, size())
		}
	}
}

// What somebody has taken plain stays, and so do data and short pages.
func TestPlainFormsThatAreAskedForStay(t *testing.T) {
	for what, c := range map[string]struct {
		media string
		plain []byte
		asked bool
	}{
		"taken plain": {"text/html; charset=utf-8", largePage, true},
		"data":        {mediaJSON, largePage, false},
		"short":       {"text/html; charset=utf-8", largePage[:brotliAtOnce], false},
	} {
		b, size := cachedBody(t, c.media, c.plain)
		if c.asked {
			b.in(uncoded)
		}
		if packed := len(b.in(gzipped).bytes); b.plain.Load() == nil || size() != len(c.plain)+packed {
			t.Errorf("%s: %d bytes count, want %d", what, size(), len(c.plain)+packed)
		}
	}
}

// Whoever asks, and whenever: the bytes are those of the page.
func TestFormsOfLargePagesUnderConcurrency(t *testing.T) {
	b, _ := cachedBody(t, "text/html; charset=utf-8", largePage)
	var all sync.WaitGroup
	faults := make(chan string, 64)
	for i := range 32 {
		all.Go(func() {
			r := b.in(coding(i % int(codings)))
			if r.coding == uncoded && !bytes.Equal(r.bytes, largePage) || len(r.bytes) == 0 || r.coding > coding(i%int(codings)) {
				faults <- fmt.Sprintf("%d: %d bytes as %d", i, len(r.bytes), r.coding)
			}
		})
	}
	all.Wait()
	close(faults)
	for f := range faults {
		t.Error(f)
	}
}
