package markup

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Plain gives a text as somebody types it who knows no Markdown: without the signs of emphasis and headings, with a
// link's address in parentheses after its words. A text without Markdown is given as it is, to the byte.
func Plain(markdown string) string {
	if laden(markdown) {
		return markdown
	}
	source := []byte(markdown)
	root := language.Parser().Parse(text.NewReader(source))
	tame(root, source, 1)
	w := plainWriter{source: source}
	w.blocks(root, "")
	plain := strings.TrimRight(invisible.Replace(w.out.String()), "\n ")
	if inked(plain) == inked(markdown) {
		return markdown
	}
	return plain
}

// inked gives what one sees of a text.
func inked(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// plainWriter writes the blocks of a text one after the other.
type plainWriter struct {
	source []byte
	out    strings.Builder
}

// blocks writes what is in parent, with an empty line between, or none in a tight list. Indent goes before each line but
// the first: a list's sign stands before that. The recursion is as deep as a text may be, see deepest.
func (w *plainWriter) blocks(parent ast.Node, indent string) {
	number, list := 0, (*ast.List)(nil)
	if l, is := parent.(*ast.List); is {
		number, list = l.Start, l
	}
	begun := false
	for block := parent.FirstChild(); block != nil; block = block.NextSibling() {
		if block.Kind() == ast.KindLinkReferenceDefinition {
			continue
		}
		if begun {
			w.between(parent, indent)
		}
		begun = true
		switch n := block.(type) {
		case *ast.ListItem:
			sign := "- "
			if list != nil && list.IsOrdered() {
				sign = strconv.Itoa(number) + string(list.Marker) + " "
				number++
			}
			w.out.WriteString(sign)
			w.blocks(n, indent+strings.Repeat(" ", len(sign)))
		case *ast.FencedCodeBlock:
			w.lines(strings.TrimRight(string(n.Lines().Value(w.source)), "\n"), indent)
		case *ast.ThematicBreak:
			w.out.WriteString("---")
		case *ast.List, *ast.Blockquote:
			w.blocks(n, indent)
		default:
			var line strings.Builder
			w.inlines(&line, n)
			w.lines(line.String(), indent)
		}
	}
}

// between begins a new block, or the next item of a list.
func (w *plainWriter) between(parent ast.Node, indent string) {
	for n := parent; n != nil; n = n.Parent() {
		if l, is := n.(*ast.List); is {
			if l.IsTight {
				break
			}
			w.out.WriteByte('\n')
			w.lines("\n", indent)
			return
		}
	}
	if parent.Kind() != ast.KindList && parent.Kind() != ast.KindListItem {
		w.out.WriteByte('\n')
	}
	w.lines("\n", indent)
}

// lines writes a text with the indent after each line break.
func (w *plainWriter) lines(s, indent string) {
	w.out.WriteString(strings.ReplaceAll(s, "\n", "\n"+indent))
}

// inlines writes the words in parent.
func (w *plainWriter) inlines(out *strings.Builder, parent ast.Node) {
	for child := parent.FirstChild(); child != nil; child = child.NextSibling() {
		switch n := child.(type) {
		case *ast.Text:
			value := n.Value(w.source)
			if !n.IsRaw() {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			out.Write(value)
			if n.SoftLineBreak() || n.HardLineBreak() {
				out.WriteByte('\n')
			}
		case *ast.String:
			out.Write(n.Value)
		case *ast.Link:
			begin := out.Len()
			w.inlines(out, n)
			words, address := out.String()[begin:], string(util.ResolveEntityNames(n.Destination))
			if words != address && "mailto:"+words != address && "http://"+words != address {
				out.WriteString(" (" + address + ")")
			}
		default:
			w.inlines(out, n)
		}
	}
}
