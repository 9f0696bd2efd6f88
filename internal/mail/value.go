package mail

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// What fits of a value that people made, in characters.
const (
	maxName   = 120
	maxEvent  = 200
	maxDetail = 600
)

// literal gives a value that somebody made for use in a line of a letter: on one line, without what cannot be seen, at
// most so many characters, in its own direction of writing, and of a shape that no mail program makes a link of.
func literal(value string, most int) string {
	return isolated(unlinked(visible(value, most)))
}

// visible gives the value on one line, without control characters and without characters that are not seen and so
// can make a text lie. At most so many characters are left.
func visible(value string, most int) string {
	var kept []rune
	var before rune = ' '
	for _, r := range strings.ToValidUTF8(value, "\uFFFD") {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			r = ' '
		case unseen(r) && !joins(r, before):
			continue
		}
		if r == ' ' && before == ' ' {
			continue
		}
		if len(kept) == most {
			kept[most-1] = '…'
			break
		}
		kept, before = append(kept, r), r
	}
	return strings.TrimSpace(string(kept))
}

// blank are characters that Unicode calls letters, marks or symbols, and that show nothing.
var blank = []rune{'\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0'}

func unseen(r rune) bool {
	return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || slices.Contains(blank, r) ||
		r >= '\ufe00' && r <= '\ufe0f' || r >= 0xe0100 && r <= 0xe01ef // variation selectors
}

// joins says whether r is a joiner in a script that spells with it, such as those of Persian and Sinhala.
func joins(r, before rune) bool { return (r == '\u200c' || r == '\u200d') && before >= '\u0600' }

// apart is the zero width non-joiner: it is not seen, and ends a link as mail programs find them.
const apart = '\u200c'

// linking are the characters that make a link of what is around them, in the forms that mail programs and browsers
// take for them (UTS 46, 2.3).
const linking = ".@:/．。｡․＠：／"

// unlinked puts something invisible around each character that could make a link of its neighbours, so that
// "evil.example/x", "https://evil.example" and "x@evil.example" stay text. Whoever gets a letter trusts its links. A colon
// between digits is that of a time, which people copy.
func unlinked(value string) string {
	runes := []rune(value)
	var b strings.Builder
	for i, r := range runes {
		clock := r == ':' && i > 0 && i+1 < len(runes) && isDigit(runes[i-1]) && isDigit(runes[i+1])
		if !strings.ContainsRune(linking, r) || i+1 == len(runes) || runes[i+1] == ' ' || clock {
			b.WriteRune(r)
			continue
		}
		if i > 0 && !strings.ContainsRune(linking, runes[i-1]) {
			b.WriteRune(apart)
		}
		b.WriteRune(r)
		b.WriteRune(apart)
	}
	return b.String()
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isolated keeps a value that is written from right to left, or a part of it, from turning what is around it
// (UAX 9, 2.4.2).
func isolated(value string) string {
	for _, r := range value {
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c == bidi.R || c == bidi.AL {
			return "\u2068" + value + "\u2069"
		}
	}
	return value
}
