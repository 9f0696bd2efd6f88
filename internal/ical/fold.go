package ical

import "unicode/utf8"

// maxLine is the longest physical line in octets, without its CRLF (RFC 5545, 3.1).
const maxLine = 75

// appendFolded appends one content line to dst, folded into physical lines of at most 75 octets that end with CRLF
// (RFC 5545, 3.1). A fold never splits a rune or an escape pair such as \n, and where the text allows it there is
// no white space beside it: some parsers and many mail gateways trim lines. Text like "a b c d …" has no such place;
// then the fold stands before the blank, so that no line ever ends with one.
func appendFolded(dst, line []byte) []byte {
	limit := maxLine
	for len(line) > limit {
		cut := foldAt(line, limit)
		dst = append(dst, line[:cut]...)
		dst = append(dst, "\r\n "...)
		line = line[cut:]
		limit = maxLine - 1
	}
	dst = append(dst, line...)
	return append(dst, "\r\n"...)
}

// foldAt returns the best place, at most limit, to cut a line that is longer than limit.
func foldAt(line []byte, limit int) int {
	fallback := 0
	for cut := limit; cut > 0; cut-- {
		if !utf8.RuneStart(line[cut]) || splitsEscape(line[:cut]) {
			continue
		}
		if before, _ := utf8.DecodeLastRune(line[:cut]); isBlank(before) {
			continue
		}
		if after, _ := utf8.DecodeRune(line[cut:]); !isBlank(after) {
			return cut
		}
		if fallback == 0 {
			fallback = cut
		}
	}
	if fallback == 0 {
		// Not reachable with clean text (see maxBlankRun); an endless loop would be worse than an ugly fold.
		return limit
	}
	return fallback
}

// splitsEscape reports whether a cut after head would part a backslash from the character that it escapes.
func splitsEscape(head []byte) bool {
	n := 0
	for n < len(head) && head[len(head)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
