package ical

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

func TestFoldKeepsAwayFromBlanks(t *testing.T) {
	for name, text := range map[string]string{
		"words":      strings.Repeat("đối thoại chính sách ", 30),
		"long words": strings.Repeat("x", 73) + " " + strings.Repeat("y", 74) + " z",
		"emoji":      strings.Repeat("👩‍💻🇻🇳 ", 60),
		"backslash":  strings.Repeat(`\`, 301) + strings.Repeat("\n", 100),
		"link":       "https://x.example/" + strings.Repeat("a%20b", 100),
	} {
		line := appendText([]byte("DESCRIPTION:"), text)
		physical := bytes.Split(bytes.TrimSuffix(appendFolded(nil, line), []byte("\r\n")), []byte("\r\n"))
		for i, p := range physical {
			if len(p) > 75 || !utf8.Valid(p) {
				t.Errorf("%s: bad line %q", name, p)
			}
			body := bytes.TrimPrefix(p, []byte(" "))
			if i > 0 && bytes.HasPrefix(body, []byte(" ")) || bytes.HasSuffix(p, []byte(" ")) {
				t.Errorf("%s: a fold beside a blank in line %d: %q", name, i+1, p)
			}
			if n := len(p) - len(bytes.TrimRight(p, `\`)); n%2 == 1 {
				t.Errorf("%s: a fold in an escape pair: %q", name, p)
			}
			if i < len(physical)-1 && len(p) < 40 {
				t.Errorf("%s: a line of %d octets only: %q", name, len(p), p)
			}
		}
	}
}

// Where every place is beside a blank, the line before the fold still does not end with one.
func TestFoldNeverLeavesATrailingBlank(t *testing.T) {
	for name, text := range map[string]string{
		"letters":      strings.Repeat("a ", 300),
		"runs":         strings.Repeat("a"+strings.Repeat(" ", 40), 100),
		"wide blanks":  strings.Repeat("ế"+strings.Repeat("\u3000", 40), 100),
		"mixed blanks": strings.Repeat("🎤 \u00a0\u2003", 200),
	} {
		cal, event := oneEvent()
		event.SetProperty(ics.ComponentPropertyDescription, text)
		for _, p := range bytes.Split(encoded(t, cal), []byte("\r\n")) {
			if last, _ := utf8.DecodeLastRune(p); len(p) > 0 && isBlank(last) {
				t.Errorf("%s: line ends with a blank: %q", name, p)
			}
		}
		got := unescape(t, find(t, readLines(t, encoded(t, cal)), "DESCRIPTION").value)
		if got != clean(text) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
