package ical

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// contentLine is one line as the grammar of RFC 5545, 3.1 has it, its value still escaped.
type contentLine struct {
	name   string
	params map[string]string
	value  string
}

var (
	lineName  = regexp.MustCompile(`^[A-Z0-9-]+`)
	paramText = regexp.MustCompile(`^;([A-Z0-9-]+)=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^",;:\x00-\x08\x0a-\x1f\x7f]*)((,("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^",;:\x00-\x08\x0a-\x1f\x7f]*))*)`)
)

// readLines is a reader of its own, written from the RFC and not from the encoder. It fails on everything that a
// strict reader must refuse: bare CR or LF, lines of more than 75 octets, split runes, control characters, blanks at
// the end of a line, lines outside the grammar.
func readLines(t testing.TB, data []byte) []contentLine {
	t.Helper()
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		t.Fatalf("does not end with CRLF: %q", tail(data))
	}
	var logical []string
	for i, physical := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		switch {
		case strings.ContainsAny(physical, "\r\n"):
			t.Fatalf("line %d has a bare CR or LF: %q", i+1, physical)
		case len(physical) > 75:
			t.Fatalf("line %d has %d octets: %q", i+1, len(physical), physical)
		case !utf8.ValidString(physical):
			t.Fatalf("line %d is not UTF-8 by itself: %q", i+1, physical)
		case strings.TrimSpace(physical) == "":
			t.Fatalf("line %d is blank: %q", i+1, physical)
		case strings.HasSuffix(physical, " "), strings.HasSuffix(physical, "\t"):
			t.Fatalf("line %d ends with a blank: %q", i+1, physical)
		}
		for _, r := range physical {
			if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
				t.Fatalf("line %d has the control character %U: %q", i+1, r, physical)
			}
		}
		if rest, folded := strings.CutPrefix(physical, " "); folded {
			logical[len(logical)-1] += rest
		} else {
			logical = append(logical, physical)
		}
	}
	var lines []contentLine
	for _, text := range logical {
		line, err := parseLine(text)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func parseLine(text string) (contentLine, error) {
	line := contentLine{name: lineName.FindString(text), params: map[string]string{}}
	rest := text[len(line.name):]
	for strings.HasPrefix(rest, ";") {
		m := paramText.FindStringSubmatch(rest)
		if m == nil {
			return line, fmt.Errorf("bad parameter in %q", text)
		}
		if _, twice := line.params[m[1]]; twice {
			return line, fmt.Errorf("parameter twice in %q", text)
		}
		line.params[m[1]] = strings.Trim(m[2], `"`) + m[3]
		rest = rest[len(m[0]):]
	}
	value, found := strings.CutPrefix(rest, ":")
	if line.name == "" || !found {
		return line, fmt.Errorf("not a content line: %q", text)
	}
	line.value = value
	return line, nil
}

// unescape reads a TEXT value (RFC 5545, 3.3.11) and fails on anything that has to be escaped and is not.
func unescape(t testing.TB, value string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case ',', ';':
			t.Fatalf("unescaped %q in TEXT %q", value[i], value)
		case '\\':
			i++
			if i == len(value) {
				t.Fatalf("TEXT ends with a backslash: %q", value)
			}
			switch value[i] {
			case 'n', 'N':
				b.WriteByte('\n')
			case '\\', ',', ';':
				b.WriteByte(value[i])
			default:
				t.Fatalf("unknown escape in TEXT %q", value)
			}
		default:
			b.WriteByte(value[i])
		}
	}
	return b.String()
}

// skeleton gives the structure of an object: its BEGIN and END lines and the names of its properties.
func skeleton(lines []contentLine) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.name)
		if l.name == "BEGIN" || l.name == "END" {
			b.WriteString(":" + l.value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// find gives the first line of that name.
func find(t testing.TB, lines []contentLine, name string) contentLine {
	t.Helper()
	for _, l := range lines {
		if l.name == name {
			return l
		}
	}
	t.Fatalf("no %s", name)
	return contentLine{}
}

func tail(data []byte) []byte { return data[max(0, len(data)-60):] }
