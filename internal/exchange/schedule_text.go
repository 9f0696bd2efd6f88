package exchange

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
)

// What schedules say in the program's own languages.
var (
	allRoomsWords = agenda.Text{"en": "All rooms", "fr": "Toutes les salles", "vi": "Tất cả các phòng"}
	noRoomWords   = agenda.Text{"en": "To be announced", "fr": "À préciser", "vi": "Sẽ thông báo sau"}
	streamWords   = agenda.Text{"en": "Live stream", "fr": "Diffusion en direct", "vi": "Phát trực tiếp"}
	frenchMonths  = [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
		"novembre", "décembre"}
)

// untilWords says when something ends that is told to end earlier.
func untilWords(t time.Time) agenda.Text {
	number := t.Format("2")
	if number == "1" {
		number = "1er"
	}
	return agenda.Text{"en": t.Format("Until 15:04 on 2 January."),
		"fr": t.Format("Jusqu’à 15:04 le ") + number + " " + frenchMonths[t.Month()-1] + ".",
		"vi": t.Format("Đến 15:04 ngày 2/1.")}
}

// prose gives a text without the characters that XML 1.0 (2.2) does not allow, and without those that it discourages.
// Bytes that are not UTF-8 become U+FFFD.
func prose(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\uFFFE' || r == '\uFFFF' || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, agenda.CleanLine(s)))
}

// oneLine gives [prose] on one line, with single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(prose(s)), " ") }

// plainLetters are those that Unicode does not take apart into a letter and a mark.
var plainLetters = strings.NewReplacer("đ", "d", "ð", "d", "ø", "o", "ł", "l", "ı", "i", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th")

// asciiWords gives the words of a text in lower-case ASCII letters and digits, joined by hyphens; nothing of scripts
// that have no such letters.
func asciiWords(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range plainLetters.Replace(strings.ToLower(norm.NFKD.String(s))) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			gap = true
		}
	}
	return b.String()
}

// webAddress gives an http or https address as RFC 3986 spells it: what people typed has letters of all kinds, which
// strict readers refuse. It gives nothing for what is no such address.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	_, rest, _ := strings.Cut(s, "://")
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	path, fragment, cut := strings.Cut(path, "#")
	address := u.Scheme + "://" + escapeURI(host, "[]") + escapeURI(path, "")
	if cut {
		address += "#" + escapeURI(fragment, "")
	}
	return address
}

// escapeURI gives s with every byte in percent-encoding that neither a URI nor also allows where it is.
func escapeURI(s, also string) string {
	isHex := func(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9',
			strings.IndexByte("-._~!$&'()*+,;=:@/?"+also, c) >= 0,
			c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
