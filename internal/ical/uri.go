package ical

import (
	"errors"
	"strings"
)

const upperHex = "0123456789ABCDEF"

// appendURI appends a URI with everything that RFC 3986 does not allow in one percent-encoded: blanks, line breaks,
// quotes, text beyond ASCII. Commas and semicolons stay as they are: a URI is not escaped (RFC 5545, 3.3.13).
func appendURI(dst []byte, s string) ([]byte, error) {
	scheme, rest, found := strings.Cut(s, ":")
	if !found || rest == "" || !isScheme(scheme) {
		return dst, errors.New("is not a URI with a scheme")
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isURIByte(c) || c == '%' && isHexPair(s[i+1:]) {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
	}
	return dst, nil
}

// appendAddress appends a calendar user address (RFC 5545, 3.3.3). The library's setters put "mailto:" before
// addresses that have it already, in any case; one of them is enough.
func appendAddress(dst []byte, s string) ([]byte, error) {
	mail := false
	for len(s) >= len("mailto:") && strings.EqualFold(s[:len("mailto:")], "mailto:") {
		s, mail = s[len("mailto:"):], true
	}
	if !mail {
		return appendURI(dst, s)
	}
	local, domain, found := strings.Cut(s, "@")
	if !found || local == "" || domain == "" || strings.ContainsAny(s, " \t\r\n,;<>\"") || strings.Contains(domain, "@") {
		return dst, errors.New("is not one e-mail address")
	}
	return appendURI(dst, "mailto:"+s)
}

// webLink gives s percent-encoded if it is an address of the web, else "": a link is there to be clicked on, and no
// other scheme has a place in a feed.
func webLink(s string) string {
	scheme, rest, _ := strings.Cut(s, "://")
	if rest == "" || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return ""
	}
	link, err := appendURI(nil, s)
	if err != nil {
		return ""
	}
	return string(link)
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isLetter(c):
		case i > 0 && (isDigit(c) || c == '+' || c == '.' || c == '-'):
		default:
			return false
		}
	}
	return s != ""
}

func isURIByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c != 0 && strings.IndexByte("-._~:/?#[]@!$&'()*+,;=", c) >= 0
}

func isHexPair(s string) bool { return len(s) >= 2 && isHex(s[0]) && isHex(s[1]) }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
