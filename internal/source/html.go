package source

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"plenary/internal/agenda"
)

// blockTags are the elements that begin and end a line, by the line breaks that set them apart: 2 leave an empty line.
var blockTags = map[string]int{"p": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "ul": 2, "ol": 2, "dl": 2, "pre": 2,
	"blockquote": 2, "table": 2, "hr": 2, "figure": 2, "section": 2, "article": 2,
	"br": 1, "div": 1, "li": 1, "tr": 1, "dt": 1, "dd": 1, "figcaption": 1, "header": 1, "footer": 1, "center": 1}

// inlineTags are the other elements that are known; what else is in angle brackets is text, such as an address.
var inlineTags = map[string]bool{"a": true, "abbr": true, "b": true, "big": true, "cite": true, "code": true, "del": true, "em": true,
	"font": true, "i": true, "iframe": true, "img": true, "ins": true, "kbd": true, "q": true, "s": true, "samp": true, "script": true,
	"small": true, "span": true, "strike": true, "strong": true, "style": true, "sub": true, "sup": true, "tbody": true, "td": true,
	"th": true, "thead": true, "tt": true, "u": true, "var": true}

// hiddenTags are the elements whose content nobody reads.
var hiddenTags = map[string]bool{"script": true, "style": true, "iframe": true}

var tagPattern = regexp.MustCompile(`</?([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>`)

// htmlText gives the text of HTML; what has none of its tags is text already. Paragraphs are set apart by empty lines,
// items of lists begin with "- ", and links are followed by their addresses.
func htmlText(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	tags, blocks := false, false
	for _, m := range tagPattern.FindAllStringSubmatch(s, -1) {
		tag := strings.ToLower(m[1])
		tags = tags || inlineTags[tag]
		blocks = blocks || blockTags[tag] > 0
	}
	if !tags && !blocks {
		return s
	}
	w := htmlWriter{folds: blocks}
	for z := html.NewTokenizer(strings.NewReader(agenda.CleanLine(s))); w.token(z, z.Next()); {
	}
	w.unlink()
	return strings.TrimSpace(w.out.String())
}

// htmlWriter writes the text of HTML.
type htmlWriter struct {
	out    bytes.Buffer
	folds  bool   // white space is what HTML makes of it; without blocks the lines of the text are meant
	pre    int    // open elements in which it is not
	hidden string // the element whose content is passed over
	breaks int    // line breaks before what comes next
	space  bool   // white space before it
	item   bool   // a list item has just begun
	href   string // address of the link that is open
	anchor int    // where its text begins
}

// token writes what the tokenizer has come to, and says whether there is more.
func (w *htmlWriter) token(z *html.Tokenizer, kind html.TokenType) bool {
	switch kind {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if w.hidden == "" {
			w.text(string(z.Text()))
		}
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		raw := string(z.Raw())
		name, more := z.TagName()
		tag := string(name)
		switch begins := kind != html.EndTagToken; {
		case w.hidden != "":
			if tag == w.hidden && !begins {
				w.hidden = ""
			}
		case hiddenTags[tag]:
			if kind == html.StartTagToken {
				w.hidden = tag
			}
		case blockTags[tag] > 0:
			w.block(tag, begins)
		case tag == "a":
			w.unlink()
			if begins && more {
				w.link(z)
			}
		case tag == "td" || tag == "th":
			w.space = true
		case !inlineTags[tag]:
			w.text(raw)
		}
	}
	return true
}

func (w *htmlWriter) block(tag string, begins bool) {
	if tag == "br" {
		w.breaks = min(w.breaks+1, 2)
		w.space = false
		return
	}
	if tag == "pre" && begins {
		w.pre++
	} else if tag == "pre" && w.pre > 0 {
		w.pre--
	}
	if !w.item {
		w.breaks, w.space = max(w.breaks, blockTags[tag]), false
	}
	if tag == "li" && begins {
		w.flush()
		w.out.WriteString("- ")
		w.item = true
	}
}

// flush writes the line breaks or the white space that are due.
func (w *htmlWriter) flush() {
	switch {
	case w.out.Len() == 0 || w.item:
	case w.breaks > 0:
		w.out.WriteString("\n\n"[:w.breaks])
	case w.space:
		w.out.WriteByte(' ')
	}
	w.breaks, w.space, w.item = 0, false, false
}

// text writes text. An empty line in it is one also where HTML would not have it: such texts were typed by people.
func (w *htmlWriter) text(s string) {
	if !w.folds {
		if s != "" {
			w.flush()
			w.out.WriteString(s)
		}
		return
	}
	if w.pre > 0 {
		lines := strings.TrimLeft(s, "\n")
		w.breaks = min(w.breaks+len(s)-len(lines), 2)
		if s = strings.TrimRight(lines, "\n"); s != "" {
			w.flush()
			w.out.WriteString(s)
			w.breaks = min(len(lines)-len(s), 2)
		}
		return
	}
	for len(s) > 0 {
		word := strings.IndexAny(s, " \t\r\n\f\u00a0")
		if word != 0 {
			if word < 0 {
				word = len(s)
			}
			w.flush()
			w.out.WriteString(s[:word])
			s = s[word:]
			continue
		}
		rest := strings.TrimLeft(s, " \t\r\n\f\u00a0")
		if strings.Count(s[:len(s)-len(rest)], "\n") > 1 && !w.item {
			w.breaks = 2
		}
		w.space = true
		s = rest
	}
}

// link begins a link.
func (w *htmlWriter) link(z *html.Tokenizer) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if u, err := url.Parse(strings.TrimSpace(string(value))); string(key) == "href" && err == nil && (u.Host != "" && strings.HasPrefix(u.Scheme, "http") || u.Scheme == "mailto") {
			w.flush()
			w.href, w.anchor = u.String(), w.out.Len()
			return
		}
	}
}

// unlink ends the link that is open, with its address unless the text says it.
func (w *htmlWriter) unlink() {
	if w.href == "" {
		return
	}
	bare := func(s string) string {
		for _, prefix := range []string{"mailto:", "https://", "http://"} {
			s = strings.TrimPrefix(s, prefix)
		}
		return strings.TrimSuffix(s, "/")
	}
	switch text := strings.TrimSpace(string(w.out.Bytes()[w.anchor:])); {
	case text == "":
		w.out.WriteString(w.href)
	case bare(text) != bare(w.href):
		w.out.WriteString(" (" + strings.TrimPrefix(w.href, "mailto:") + ")")
	}
	w.href = ""
}
