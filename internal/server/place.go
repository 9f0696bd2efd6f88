package server

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPlace is how long an address to go to next may be, in bytes.
const maxPlace = 2000

// localPath says whether an address that came with a request leads to a page of this server, whichever way a browser or
// a proxy reads it, and gives it as it can stand in a Location header: its path and query. Browsers take backslashes for
// slashes and drop tabs and line ends (URL Standard, 4.4), and a path that begins with two slashes is a host; so what
// could become one of these is refused, percent-encoded as well, and so are dot segments, which could.
func localPath(next string) (string, bool) {
	if len(next) > maxPlace || !utf8.ValidString(next) || !strings.HasPrefix(next, "/") {
		return "", false
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	for _, form := range []string{next, u.Path, decodedTwice(u.Path)} {
		path, _, _ := strings.Cut(form, "?")
		if strings.Contains(path, "//") || !plainPath(path) {
			return "", false
		}
	}
	if strings.ContainsFunc(next, isOdd) {
		return "", false
	}
	place := u.EscapedPath()
	if u.RawQuery != "" {
		place += "?" + u.RawQuery
	}
	return place, true
}

// decodedTwice decodes once more what was decoded; a proxy in front may do so.
func decodedTwice(path string) string {
	if again, err := url.PathUnescape(path); err == nil {
		return again
	}
	return path
}

// plainPath says whether a path has neither dot segments nor what some reader takes for something else.
func plainPath(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return !strings.ContainsFunc(path, isOdd)
}

// isOdd says of a character that it has no place in an address.
func isOdd(r rune) bool {
	return r == '\\' || r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}
