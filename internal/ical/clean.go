package ical

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxBlankRun is the longest run of blanks that clean leaves in a text, counted in runes. A blank is at most three
// octets, so every 74 octets of clean text hold a place where a line can be folded after something visible.
const maxBlankRun = 16

// clean makes a text fit for an iCalendar value: every kind of line break becomes \n; other control characters than tabs, byte order marks and bidirectional overrides are dropped, invalid UTF-8 becomes U+FFFD, very
// long runs of blanks are shortened and white space at both ends is cut. It returns s itself when there is nothing
// to do, and cleaning twice is the same as cleaning once.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	blanks := 0
	for i, r := range s {
		if r == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			continue
		}
		r = cleanRune(r)
		if r < 0 {
			continue
		}
		if !isBlank(r) {
			blanks = 0
		} else if blanks++; blanks > maxBlankRun {
			continue
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// isClean reports whether clean would return s unchanged. It allocates nothing: nearly every text is clean.
func isClean(s string) bool {
	if s == "" {
		return true
	}
	blanks := 0
	for i := 0; i < len(s); {
		if n := plainLetters(s[i:]); n > 0 {
			blanks = 0
			if i += n; i == len(s) {
				break
			}
		}
		if s[i] == ' ' {
			blanks++
			i++
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || cleanRune(r) != r {
				return false
			}
			if isBlank(r) {
				blanks++
			} else {
				blanks = 0
			}
			i += size
		}
		if blanks > maxBlankRun {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return !unicode.IsSpace(first) && !unicode.IsSpace(last)
}

// letterSizes gives, by the first octet, how many octets a letter has that may be clean without a closer look: 1 for
// printable ASCII and line breaks, 2 for U+00C0 to U+07FF, 3 for U+1000 to U+1FFF, and 0 for everything else.
var letterSizes = func() (sizes [256]uint8) {
	for c := '!'; c < 0x7f; c++ {
		sizes[c] = 1
	}
	sizes['\n'] = 1
	for c := 0xc3; c < 0xe0; c++ {
		sizes[c] = 2
	}
	sizes[0xe1] = 3
	return sizes
}()

// plainLetters counts the octets at the start of s of which it is known without decoding that they are clean and no
// blanks: nearly all text in a Latin script, Vietnamese too.
func plainLetters(s string) int {
	i := 0
	for i < len(s) {
		switch letterSizes[s[i]] {
		case 1:
			i++
		case 2:
			if len(s) < i+2 || s[i+1]&0xc0 != 0x80 {
				return i
			}
			i += 2
		case 3: // of which U+1E00 to U+1FFF
			if len(s) < i+3 || s[i+1] < 0xb8 || s[i+1] > 0xbf || s[i+2]&0xc0 != 0x80 {
				return i
			}
			i += 3
		default:
			return i
		}
	}
	return i
}

// cleanRune maps one rune of a text to the rune that may stand in a value, or to -1 when it must not.
func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r >= ' ' && r < 0x7f:
		return r
	case r == '\v', r == '\f', r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
		return '\n'
	case r < 0xa0: // C0, DEL, C1
		return -1
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidirectional embeddings, overrides, isolates
		return -1
	case r == 0xfeff:
		return -1
	}
	return r
}

// isBlank reports whether a sloppy parser might trim r from the end or the start of a line: it is Unicode's white
// space without the line breaks, which clean text has only as \n.
func isBlank(r rune) bool {
	switch {
	case r < 0x1680:
		return r == ' ' || r == '\t' || r == 0xa0
	case r < 0x2000:
		return r == 0x1680
	}
	return r <= 0x200a || r == 0x202f || r == 0x205f || r == 0x3000
}
