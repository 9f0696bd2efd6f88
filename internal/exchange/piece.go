package exchange

import (
	"crypto/sha256"
	"encoding/hex"
)

// Piece is a part of a [Document], of some twenty kilobytes. It does not change.
type Piece struct {
	Bytes []byte
	Sum   [sha256.Size]byte // SHA-256 of the bytes
}

func newPiece(b []byte) *Piece { return &Piece{b, sha256.Sum256(b)} }

// Document is what is written, in pieces. The next document of its kind differs by a few, and has the others in common with it. Where
// one ends depends on what is written alone, so that equal documents are cut alike.
type Document []*Piece

// Size is that of the whole, in bytes.
func (d Document) Size() (n int) {
	for _, p := range d {
		n += len(p.Bytes)
	}
	return n
}

// Bytes gives the whole.
func (d Document) Bytes() []byte { return d.AppendTo(make([]byte, 0, d.Size())) }

// AppendTo appends the whole.
func (d Document) AppendTo(b []byte) []byte {
	for _, p := range d {
		b = append(b, p.Bytes...)
	}
	return b
}

// Tag names the content: equal tags are equal bytes.
func (d Document) Tag() string {
	h := sha256.New()
	for _, p := range d {
		_, _ = h.Write(p.Sum[:]) // never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// A piece ends with an object of a list, when it is long enough and one of a few by its identity, or is as long as a piece gets. In bytes.
const (
	LeastPiece = 16 << 10
	MostPiece  = 64 << 10
)

func endsPiece(size int, id string) bool { return size >= MostPiece || size >= LeastPiece && Rare(id) }

// Rare says whether something is among one of eight, always the same ones.
func Rare[T string | []byte](what T) bool {
	h := uint32(2166136261) // FNV-1a
	for i := range len(what) {
		h = (h ^ uint32(what[i])) * 16777619
	}
	return h>>13&7 == 0
}

// cut makes pieces of what has no objects to end them.
func cut(b []byte) Document {
	var d Document
	for len(b) > MostPiece {
		d, b = append(d, newPiece(b[:LeastPiece:LeastPiece])), b[LeastPiece:]
	}
	return append(d, newPiece(b))
}
