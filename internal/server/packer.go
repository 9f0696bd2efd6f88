package server

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"hash/maphash"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/klauspost/compress/flate"
)

// What is packed is cut into chunks of some size, at places that its own bytes give, so that the same content is cut alike wherever
// it is. A chunk is compressed with what comes before it at hand, and ends at a whole byte.
const (
	leastChunk = 16 << 10
	mostChunk  = 64 << 10
	window     = 32 << 10 // of what comes before, in bytes: as far as deflate looks back
	packLevel  = 6
)

// keptChunks is how many compressed chunks are kept, of some kilobytes each.
const keptChunks = 1500

// packer compresses bodies, and keeps what became of their chunks: one body differs from the next by a chunk or two. The same bytes
// become the same bytes whatever was packed before. It is safe for concurrent use.
type packer struct {
	seeds [2]maphash.Seed
	mu    sync.Mutex
	kept  *simplelru.LRU[chunkKey, []byte]
	idle  sync.Pool // of *flate.Writer
}

// chunkKey names a chunk and what comes before it, as far as deflate looks back, by hashes that nobody can foresee: of the chunk,
// and of the two before it, which are longer together than the window.
type chunkKey [3][2]uint64

func newPacker() *packer {
	kept, _ := simplelru.NewLRU[chunkKey, []byte](keptChunks, nil) // it refuses no room only
	return &packer{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, kept: kept}
}

var packs = newPacker()

// pack gives the bytes as gzip (RFC 1952). A page is compressed as a whole, and as well as can be: phones wait for it.
func pack(plain []byte) ([]byte, error) {
	if len(plain) > 0 && plain[0] == '<' {
		return packWhole(plain)
	}
	return packs.pack(plain)
}

func packWhole(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// gzipHead is a member's header without a time, a name or an operating system.
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

func (p *packer) pack(plain []byte) ([]byte, error) {
	packed := make([]byte, 0, len(plain)/4+64)
	packed = append(packed, gzipHead...)
	var key chunkKey
	for start := 0; start < len(plain); {
		end := start + cut(plain[start:])
		key = chunkKey{p.hash(plain[start:end]), key[0], key[1]}
		chunk, err := p.chunk(key, plain[max(0, start-window):start], plain[start:end])
		if err != nil {
			return nil, err
		}
		packed, start = append(packed, chunk...), end
	}
	packed = append(packed, 3, 0) // an empty last block (RFC 1951, 3.2.6)
	packed = binary.LittleEndian.AppendUint32(packed, crc32.ChecksumIEEE(plain))
	return binary.LittleEndian.AppendUint32(packed, uint32(len(plain))), nil // #nosec G115 -- modulo 2^32, as RFC 1952 has it
}

// cut says where the first chunk ends: before the beginning of a line, or of an object in a list of JSON, that is one of a few by
// what follows.
func cut(plain []byte) int {
	if len(plain) <= leastChunk {
		return len(plain)
	}
	most := min(len(plain), mostChunk)
	mark := []byte("\n")
	if plain[0] == '{' || bytes.IndexByte(plain[:leastChunk], '\n') < 0 {
		mark = []byte("},{")
	}
	for at := leastChunk; ; {
		next := bytes.Index(plain[at:most], mark)
		if next < 0 {
			return most
		}
		at += next + len(mark)
		if rare(plain[at:min(at+48, len(plain))]) {
			return at
		}
	}
}

// rare says whether bytes are among one of eight.
func rare(b []byte) bool {
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h>>13&7 == 0
}

func (p *packer) hash(plain []byte) [2]uint64 {
	return [2]uint64{maphash.Bytes(p.seeds[0], plain), maphash.Bytes(p.seeds[1], plain)}
}

// chunk gives what a chunk becomes after what comes before it.
func (p *packer) chunk(key chunkKey, before, plain []byte) ([]byte, error) {
	p.mu.Lock()
	packed, known := p.kept.Get(key)
	p.mu.Unlock()
	if known {
		return packed, nil
	}
	packed, err := p.deflate(before, plain)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept.Add(key, packed)
	return packed, nil
}

func (p *packer) deflate(before, plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, _ := p.idle.Get().(*flate.Writer)
	if w == nil {
		var err error
		if w, err = flate.NewWriter(&b, packLevel); err != nil {
			return nil, err
		}
	}
	w.ResetDict(&b, before)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil { // to a whole byte
		return nil, err
	}
	p.idle.Put(w)
	return bytes.Clone(b.Bytes()), nil
}
