package ical

import (
	"errors"
	"strings"
)

// content is one content line (RFC 5545, 3.1), its value as it was written.
type content struct {
	line   int
	name   string // upper-case
	params []parameter
	value  string
}

// parameter is a parameter with its values, without quotes and with the carets of RFC 6868 read.
type parameter struct {
	name   string // upper-case
	values []string
}

// param gives the value of a parameter, "" when there is none. Who forgot to quote a comma has given several, which are
// put together again.
func (c *content) param(name string) string {
	for _, p := range c.params {
		if p.name != name {
			continue
		}
		if len(p.values) == 1 {
			return p.values[0]
		}
		for i := range p.values[:len(p.values)-1] {
			p.values[i] = strings.TrimSuffix(p.values[i], `\`)
		}
		return strings.Join(p.values, ",")
	}
	return ""
}

// readContent takes a content line apart. It is laxer than the grammar with names, which may have dots and underscores,
// and with quotes inside a value that does not begin with one.
func readContent(text string, line int) (content, error) {
	c := content{line: line}
	end := strings.IndexAny(text, ":;")
	if end < 0 {
		return c, errors.New("it has no colon")
	}
	if c.name = strings.ToUpper(text[:end]); !isLaxName(c.name) {
		return c, errors.New("it does not begin with a name")
	}
	rest, count := text[end:], 0
	for rest[0] == ';' {
		name, after, found := strings.Cut(rest[1:], "=")
		p := parameter{name: strings.ToUpper(name)}
		if !found || !isLaxName(p.name) {
			return c, errors.New("it has a parameter without a name or a value")
		}
		for more := true; more; {
			if count++; count > maxParamValues {
				return c, errors.New("it has too many parameters")
			}
			value, following, err := readParam(after)
			if err != nil {
				return c, err
			}
			p.values = append(p.values, value)
			more, after, rest = following[0] == ',', following[1:], following
		}
		c.params = append(c.params, p)
	}
	c.value = rest[1:]
	return c, nil
}

// readParam gives one value of a parameter and what follows, which begins with a comma, a semicolon or a colon.
func readParam(s string) (value, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		quoted, after, closed := strings.Cut(s[1:], `"`)
		if !closed {
			return "", "", errors.New("it has a quotation mark that is never closed")
		}
		value, s = quoted, after
	}
	end := strings.IndexAny(s, ",;:")
	if end < 0 {
		return "", "", errors.New("it has no colon after its parameters")
	}
	return readCarets(value + s[:end]), s[end:], nil
}

// carets are the escapes of RFC 6868, 3.2.
var carets = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^")

func readCarets(s string) string {
	if !strings.Contains(s, "^") {
		return s
	}
	return carets.Replace(s)
}

// isLaxName reports whether s could be meant as a name: see [isName].
func isLaxName(s string) bool {
	return isName(strings.Map(func(r rune) rune {
		if r == '_' || r == '.' {
			return '-'
		}
		return r
	}, s))
}

// readText gives what a TEXT says (RFC 5545, 3.3.11), cleaned as [Encode] cleans texts. A backslash before anything but
// the four escapes is passed over, and the character stays.
func readText(s string) string {
	text, _ := nextText(s, "")
	return clean(text)
}

// readTexts gives the items of a list of TEXTs that say something, at most max of them.
func readTexts(s string, max int) []string {
	var list []string
	for s != "" && len(list) < max {
		var item string
		if item, s = nextText(s, ","); clean(item) != "" {
			list = append(list, clean(item))
		}
	}
	return list
}

// nextText gives the TEXT up to the first separator that is not escaped, and what follows it.
func nextText(s, separator string) (text, rest string) {
	special := `\` + separator
	end := strings.IndexAny(s, special)
	if end < 0 {
		return s, ""
	}
	var b strings.Builder
	for ; end >= 0; end = strings.IndexAny(s, special) {
		b.WriteString(s[:end])
		if s[end] != '\\' {
			return b.String(), s[end+1:]
		}
		s = s[end+1:]
		if s == "" {
			break
		}
		if s[0] == 'n' || s[0] == 'N' {
			b.WriteByte('\n')
			s = s[1:]
			continue
		}
		if s[0] == '\\' || s[0] == ',' {
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	b.WriteString(s)
	return b.String(), ""
}
