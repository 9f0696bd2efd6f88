package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"sync"
)

// The snapshot of a release differs from the one before by a panel or two, and has megabytes. So most are stored as a patch: what
// it takes to make it from the snapshot of an earlier release of the event, which is stored whole. A patch is
//
//	version, length of what it makes, its CRC-32C, and then, as often as it takes:
//	length of what is new, the bytes of it, where to copy from, length of what is copied
//
// with unsigned varints (encoding/binary) for all numbers but the checksum.
const patchVersion = 1

// blockSize is how many bytes must be the same for anything to be found at another place.
const blockSize = 128

// patchBase is what patches are made on, with its blocks by their hash, which are found when they are first wanted.
type patchBase struct {
	body   []byte
	once   sync.Once
	blocks map[uint64]int
	seen   []uint64 // bits by hash: most that is looked for is not there
}

const seenBits = 1 << 20

func newPatchBase(body []byte) *patchBase { return &patchBase{body: body} }

func (b *patchBase) findBlocks() {
	body := b.body
	b.blocks, b.seen = make(map[uint64]int, len(body)/blockSize), make([]uint64, seenBits/64)
	for at := 0; at+blockSize <= len(body); at += blockSize {
		h := hashOf(body[at : at+blockSize])
		b.blocks[h] = at
		b.seen[h%seenBits/64] |= 1 << (h % 64)
	}
}

// The hash of a block is a polynomial in this number, modulo 2^64, so that the next block's follows from it.
const rollBy = 0x9E3779B97F4A7C15

// rollOut is by what the first byte of a block counts.
var rollOut = func() uint64 {
	n := uint64(1)
	for range blockSize - 1 {
		n *= rollBy
	}
	return n
}()

func hashOf(block []byte) (h uint64) {
	for _, c := range block {
		h = h*rollBy + uint64(c) + 1
	}
	return h
}

// patch gives what makes the body from the base; nil when that is not much less than the body: the more, the longer it takes to make.
func (b *patchBase) patch(body []byte) []byte {
	b.once.Do(b.findBlocks)
	p := binary.AppendUvarint([]byte{patchVersion}, uint64(len(body)))
	p = binary.BigEndian.AppendUint32(p, crc32.Checksum(body, castagnoli))
	most := len(body) / 16
	for at, from := 0, 0; at < len(body); {
		same := common(body[at:], b.body[from:])
		start := at
		if same < blockSize && at+same < len(body) {
			start, from = b.find(body, at, most-len(p))
			if start < 0 {
				return nil
			}
			same = common(body[start:], b.body[from:])
		}
		p = append(binary.AppendUvarint(p, uint64(start-at)), body[at:start]...)
		p = binary.AppendUvarint(binary.AppendUvarint(p, uint64(from)), uint64(same)) // #nosec G115 -- places are not negative
		if len(p) > most {
			return nil
		}
		at, from = start+same, from+same
	}
	return p
}

// find gives the next place in the body, from at on, of which the base has a block, and where; the end of both when there is none;
// a negative place when it is further than that.
func (b *patchBase) find(body []byte, at, most int) (start, from int) {
	if at+blockSize > len(body) {
		return len(body), len(b.body)
	}
	h := hashOf(body[at : at+blockSize])
	for start = at; ; start++ {
		if start-at > most {
			return -1, 0
		}
		if b.seen[h%seenBits/64]&(1<<(h%64)) != 0 {
			if from, known := b.blocks[h]; known && string(b.body[from:from+blockSize]) == string(body[start:start+blockSize]) {
				for start > at && from > 0 && body[start-1] == b.body[from-1] {
					start, from = start-1, from-1
				}
				return start, from
			}
		}
		if start+blockSize == len(body) {
			return len(body), len(b.body)
		}
		h = (h-rollOut*(uint64(body[start])+1))*rollBy + uint64(body[start+blockSize]) + 1
	}
}

// common gives how many bytes at their beginning both have in common.
func common(a, b []byte) int {
	const stride = 1 << 10 // which is compared much faster than word by word
	n := min(len(a), len(b))
	i := 0
	for i+stride <= n && string(a[i:i+stride]) == string(b[i:i+stride]) {
		i += stride
	}
	for ; i+8 <= n; i += 8 {
		if binary.LittleEndian.Uint64(a[i:]) != binary.LittleEndian.Uint64(b[i:]) {
			break
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errPatch = errors.New("the patch is damaged, or is not one of this release")

// patched gives what the patch makes from the base.
func patched(base, patch []byte) ([]byte, error) {
	number := func() int {
		n, size := binary.Uvarint(patch)
		if size <= 0 || n > 1<<31 {
			patch = nil
			return -1
		}
		patch = patch[size:]
		return int(n)
	}
	if len(patch) == 0 || patch[0] != patchVersion {
		return nil, errPatch
	}
	patch = patch[1:]
	length := number()
	if length < 0 || len(patch) < 4 {
		return nil, errPatch
	}
	sum := binary.BigEndian.Uint32(patch)
	patch = patch[4:]
	var body []byte
	if length <= len(base)+len(patch) { // or a damaged one would take any amount of memory
		body = slices.Grow(body, length)
	}
	for len(patch) > 0 {
		fresh := number()
		if fresh < 0 || fresh > len(patch) {
			return nil, errPatch
		}
		body, patch = append(body, patch[:fresh]...), patch[fresh:]
		from, size := number(), number()
		if from < 0 || size < 0 || from > len(base) || size > len(base)-from || len(body)+size > length {
			return nil, errPatch
		}
		body = append(body, base[from:from+size]...)
	}
	if len(body) != length || crc32.Checksum(body, castagnoli) != sum {
		return nil, errPatch
	}
	return body, nil
}
