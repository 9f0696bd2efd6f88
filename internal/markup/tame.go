package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// deepest is how many quotes, lists or emphases may stand in each other. What is deeper is text, and no bomb.
const deepest = 8

// shallow opens quotes and lists down to the deepest only. Without it, a line of nothing but ">" opens thousands, and
// each following line is held against all of them.
type shallow struct{ parser.BlockParser }

// Open is that of [parser.BlockParser].
func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindBlockquote || n.Kind() == ast.KindList {
			depth++
		}
	}
	if depth >= deepest {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// indented lets a paragraph begin with an indented line, which belongs to nothing else since it is no code.
type indented struct{ parser.BlockParser }

// CanAcceptIndentedLine is that of [parser.BlockParser].
func (indented) CanAcceptIndentedLine() bool { return true }

// mostSigns is how many beginnings of links and of emphasis a text may have. The parser's time grows with their square,
// and no text that somebody wrote has as many.
const mostSigns = 2000

// laden tells whether a text has too many signs to be read as Markdown.
func laden(s string) bool {
	signs := 0
	for i := range len(s) {
		switch c := s[i]; c {
		case '[':
			signs++
		case '*', '_', '~', '`':
			if i == 0 || s[i-1] != c {
				signs++
			}
		}
	}
	return signs > mostSigns
}

// invisible takes away the characters that turn the direction of what follows, which can be written as entities, and
// control characters.
var invisible = newInvisible()

func newInvisible() *strings.Replacer {
	var pairs []string
	for r := rune(0); r < 0xa0; r++ {
		if (r < ' ' && r != '\n' && r != '\t') || r >= 0x7f {
			pairs = append(pairs, string(r), "")
		}
	}
	for _, r := range "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		pairs = append(pairs, string(r), "")
	}
	return strings.NewReplacer(pairs...)
}

// exactly matches that text and no other.
func exactly(s string) *regexp.Regexp { return regexp.MustCompile(`^` + regexp.QuoteMeta(s) + `$`) }

// tame makes of a parsed text what HTML promises: it puts headings below the one above the text, and takes away the
// links that lead where none may, pictures, and emphasis in emphasis without end.
func tame(root ast.Node, source []byte, heading int) {
	var used [lowest + 1]bool
	var headings []*ast.Heading
	for block := root.FirstChild(); block != nil; block = after(root, block) {
		if h, is := block.(*ast.Heading); is {
			used[h.Level] = true
			headings = append(headings, h)
		}
		if block.Type() == ast.TypeBlock && block.FirstChild() != nil && block.FirstChild().Type() == ast.TypeInline {
			tameInlines(block, source, 0)
		}
	}
	var levels [lowest + 1]int
	for level, is := range used {
		if is {
			heading++
		}
		levels[level] = min(heading, lowest)
	}
	for _, h := range headings {
		h.Level = levels[h.Level]
	}
}

// after gives the block that follows in the order of the text: its first child, or what comes next to it or above.
func after(root, block ast.Node) ast.Node {
	if child := block.FirstChild(); child != nil && child.Type() == ast.TypeBlock {
		return child
	}
	for n := block; n != root; n = n.Parent() {
		if next := n.NextSibling(); next != nil {
			return next
		}
	}
	return nil
}

// tameInlines goes through what is in a line. Depth counts the emphases around it; it ends the recursion.
func tameInlines(parent ast.Node, source []byte, depth int) {
	for child := parent.FirstChild(); child != nil; {
		next := child.NextSibling()
		switch n := child.(type) {
		case *ast.AutoLink:
			link := ast.NewLink()
			link.Destination = n.URL(source)
			if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(string(link.Destination)), "mailto:") {
				link.Destination = append([]byte("mailto:"), link.Destination...)
			}
			words := ast.NewString(n.Label(source))
			words.SetRaw(true)
			link.AppendChild(link, words)
			parent.ReplaceChild(parent, n, link)
			next = link
		case *ast.Link:
			if !leads(n.Destination) {
				next = unwrap(parent, n)
				break
			}
			n.Title = nil
			n.SetAttributeString("rel", []byte(rel))
			tameInlines(n, source, depth)
		case *ast.Image:
			next = unwrap(parent, n)
		case *ast.CodeSpan:
		default: // emphasis, or words
			if child.HasChildren() && depth >= deepest {
				next = unwrap(parent, child)
			} else {
				tameInlines(child, source, depth+1)
			}
		}
		child = next
	}
}

// unwrap puts the children of n where n is, and gives the first of them, or what follows where there are none.
func unwrap(parent, n ast.Node) ast.Node {
	first := n.NextSibling()
	for child := n.LastChild(); child != nil; child = n.LastChild() {
		n.RemoveChild(n, child)
		parent.InsertAfter(parent, n, child)
		first = child
	}
	parent.RemoveChild(parent, n)
	return first
}

// leads tells whether a link may lead there: to an address of the web without a password in it, or to a mailbox.
func leads(destination []byte) bool {
	u, err := url.Parse(string(util.URLEscape(destination, true)))
	if err != nil || !slices.Contains(schemes, u.Scheme) {
		return false
	}
	if u.Scheme == "mailto" {
		return u.Opaque != ""
	}
	return u.Host != "" && u.User == nil
}
