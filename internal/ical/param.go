package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// addressParams hold calendar addresses and always stand in quotes (RFC 5545, 3.2).
var addressParams = []string{"DELEGATED-FROM", "DELEGATED-TO", "MEMBER", "SENT-BY"}

// linkParams hold URIs and always stand in quotes (RFC 5545, 3.2).
var linkParams = []string{"ALTREP", "DIR"}

// appendParams appends the parameters of a property, sorted by name. keys is scratch space that is given back.
func appendParams(dst []byte, params map[string][]string, keys []string) ([]byte, []string, error) {
	keys = keys[:0]
	for key := range params {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for i, key := range keys {
		if !isName(key) {
			return dst, keys, fmt.Errorf("has a parameter with the bad name %q", key[:min(len(key), 40)])
		}
		if i > 0 && strings.EqualFold(keys[i-1], key) {
			return dst, keys, fmt.Errorf("has the parameter %s twice", strings.ToUpper(key))
		}
		if len(params[key]) == 0 {
			return dst, keys, fmt.Errorf("has the parameter %s without a value", strings.ToUpper(key))
		}
		name := strings.ToUpper(key)
		dst = append(append(append(dst, ';'), name...), '=')
		for j, value := range params[key] {
			if j > 0 {
				dst = append(dst, ',')
			}
			var err error
			if dst, err = appendParam(dst, name, value); err != nil {
				return dst, keys, fmt.Errorf("parameter %s %w", name, err)
			}
		}
	}
	return dst, keys, nil
}

// appendParam appends one value of a parameter. There is no backslash escape in parameters: what would end the value
// stands in quotes (RFC 5545, 3.2), and the caret, which RFC 6868 made an escape, is doubled. A backslash is legal but
// several parsers take it for an escape all the same, so it becomes a slash.
func appendParam(dst []byte, name, value string) ([]byte, error) {
	link, address := slices.Contains(linkParams, name), slices.Contains(addressParams, name)
	if link || address {
		dst = append(dst, '"')
		var err error
		if link {
			dst, err = appendURI(dst, value)
		} else {
			dst, err = appendAddress(dst, value)
		}
		return append(dst, '"'), err
	}
	if name == "VALUE" {
		if _, known := valueTypes[value]; !known {
			return dst, errors.New("names no value type")
		}
	}
	value = clean(value)
	quote := strings.ContainsAny(value, ",;:")
	if quote {
		dst = append(dst, '"')
	}
	broken := false
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch c {
		case '\n':
			// However many line breaks there are, they are one space: long runs of blanks cannot be folded.
			if !broken && i > 0 && value[i-1] != ' ' {
				dst = append(dst, ' ')
			}
		case ' ':
			if !broken {
				dst = append(dst, c)
			}
		case '"':
			dst = append(dst, '\'')
		case '\\':
			dst = append(dst, '/')
		case '^':
			dst = append(dst, '^', '^')
		default:
			dst = append(dst, c)
		}
		broken = c == '\n' || broken && c == ' '
	}
	if quote {
		dst = append(dst, '"')
	}
	return dst, nil
}

// param gives the only value of a parameter, or "" when it has none.
func param(params map[string][]string, name string) string {
	if values := params[name]; len(values) > 0 {
		return values[0]
	}
	for key, values := range params {
		if len(values) > 0 && strings.EqualFold(key, name) {
			return values[0]
		}
	}
	return ""
}
