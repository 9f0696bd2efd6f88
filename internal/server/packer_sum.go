package server

import "hash/crc32"

// A CRC-32 is the remainder of what is summed, as a polynomial over two elements, after division by another one. So that of a whole
// follows from those of its parts: that of what comes first is multiplied by x once for each bit that follows. In these numbers the
// highest bit is that of x^0, as crc32 has them.

// times gives the product of two remainders.
func times(a, b uint32) (product uint32) {
	for bit := uint32(1) << 31; bit != 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		if b&1 != 0 {
			b = b>>1 ^ crc32.IEEE
		} else {
			b >>= 1
		}
	}
	return product
}

// squares has the remainders of x^8, x^16, x^32 and so on: by one byte, by two, by four.
var squares = func() (of [32]uint32) {
	of[0] = 1 << (31 - 8)
	for i := range of[1:] {
		of[i+1] = times(of[i], of[i])
	}
	return of
}()

// sumOfBoth gives the CRC-32 of what has one sum, followed by so many bytes that have the other.
func sumOfBoth(first, second uint32, size int) uint32 {
	for i := 0; size > 0; i, size = i+1, size>>1 {
		if size&1 != 0 {
			first = times(squares[i], first)
		}
	}
	return first ^ second
}
