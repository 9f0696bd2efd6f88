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

	"plenary/internal/exchange"
)

// What is packed is cut into chunks, as long as pieces of a document are, at places that its own bytes give, so that the same content is
// cut alike wherever it is. A chunk is compressed with what comes before it at hand, and ends at a whole byte.
const (
	window    = 32 << 10 // of the chunk before, in bytes: as far as deflate looks back
	packLevel = 6
)

// keptChunks is how many compressed chunks are kept, of some kilobytes each.
const keptChunks = 1500

// packer compresses bodies, and keeps what became of their chunks: one body differs from the next by a chunk or two. The same bytes
// become the same bytes whatever was packed before. It is safe for concurrent use.
type packer struct {
	seeds [2]maphash.Seed
	mu    sync.Mutex
	kept  *simplelru.LRU[chunkKey, packedChunk]
	idle  sync.Pool // of *flate.Writer
}

// chunk is some of what is packed. Other bytes have another name.
type chunk struct {
	name  chunkName
	bytes []byte
}

// packedChunk is what became of a chunk, and the CRC-32 of what it was.
type packedChunk struct {
	bytes []byte
	sum   uint32
}

// chunkName is a hash: one that nobody can foresee, or one that nobody can bring about.
type chunkName [2]uint64

// chunkKey names a chunk and the one before it.
type chunkKey [2]chunkName

func newPacker() *packer {
	kept, _ := simplelru.NewLRU[chunkKey, packedChunk](keptChunks, nil) // it refuses no room only
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
	var chunks []chunk
	for rest := plain; len(rest) > 0; {
		end := cut(rest)
		chunks, rest = append(chunks, chunk{p.hash(rest[:end]), rest[:end]}), rest[end:]
	}
	return p.packChunks(chunks, len(plain))
}

// packDocument packs what is in pieces already: those of the last one need not be looked at.
func (p *packer) packDocument(d exchange.Document) ([]byte, error) {
	chunks := make([]chunk, len(d))
	for i, piece := range d {
		chunks[i] = chunk{chunkName{binary.LittleEndian.Uint64(piece.Sum[:]), binary.LittleEndian.Uint64(piece.Sum[8:])}, piece.Bytes}
	}
	return p.packChunks(chunks, d.Size())
}

func (p *packer) packChunks(chunks []chunk, size int) ([]byte, error) {
	became, room, sum := make([][]byte, len(chunks)), len(gzipHead)+16, uint32(0)
	var before chunk
	for i, c := range chunks {
		packed, err := p.after(before, c)
		if err != nil {
			return nil, err
		}
		became[i] = packed.bytes
		before, room, sum = c, room+len(packed.bytes), sumOfBoth(sum, packed.sum, len(c.bytes))
	}
	packed := append(make([]byte, 0, room), gzipHead...)
	for _, b := range became {
		packed = append(packed, b...)
	}
	packed = append(packed, 3, 0) // an empty last block (RFC 1951, 3.2.6)
	packed = binary.LittleEndian.AppendUint32(packed, sum)
	return binary.LittleEndian.AppendUint32(packed, uint32(size)), nil // #nosec G115 -- modulo 2^32, as RFC 1952 has it
}

// cut says where the first chunk ends: before the beginning of a line, or of an object in a list of JSON, that is one of a few by
// what follows.
func cut(plain []byte) int {
	if len(plain) <= exchange.LeastPiece {
		return len(plain)
	}
	most := min(len(plain), exchange.MostPiece)
	mark := []byte("\n")
	if plain[0] == '{' || bytes.IndexByte(plain[:exchange.LeastPiece], '\n') < 0 {
		mark = []byte("},{")
	}
	for at := exchange.LeastPiece; ; {
		next := bytes.Index(plain[at:most], mark)
		if next < 0 {
			return most
		}
		at += next + len(mark)
		if exchange.Rare(plain[at:min(at+48, len(plain))]) {
			return at
		}
	}
}

func (p *packer) hash(plain []byte) chunkName {
	return chunkName{maphash.Bytes(p.seeds[0], plain), maphash.Bytes(p.seeds[1], plain)}
}

// after gives what a chunk becomes after the one before it.
func (p *packer) after(before, c chunk) (packedChunk, error) {
	key := chunkKey{c.name, before.name}
	p.mu.Lock()
	packed, known := p.kept.Get(key)
	p.mu.Unlock()
	if known {
		return packed, nil
	}
	b, err := p.deflate(before.bytes[max(0, len(before.bytes)-window):], c.bytes)
	if err != nil {
		return packed, err
	}
	packed = packedChunk{b, crc32.ChecksumIEEE(c.bytes)}
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
