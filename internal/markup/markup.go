// Package markup turns texts that people wrote as Markdown (CommonMark 0.31) into HTML that is safe to stand in a page,
// and into plain text.
//
// It takes less than CommonMark has, so that texts which were never meant as Markdown look as they were typed: HTML is
// text, a line break is one, and neither an indented line nor one above dashes means anything. Beyond CommonMark,
// addresses that stand bare in the text become links, and ~~text~~ is struck out.
package markup

import (
	"bytes"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// lowest is the lowest level of headings that HTML has.
const lowest = 6

// HTML gives a text as elements p, br, hr, h2 to h6, em, strong, del, ul, ol, li, blockquote, pre, code and a, without
// attributes other than a list's start and a link's href and rel. Links lead to http, https and mailto only; others,
// and pictures, are their words. Headings begin one level below the page's own heading above the text, at most at h6,
// and leave no level out on the way down. The time and the length of the result are linear in that of the text.
func HTML(markdown string, heading int) string {
	if strings.TrimSpace(markdown) == "" {
		return ""
	}
	if laden(markdown) {
		return wall.Sanitize(invisible.Replace(paragraphs(markdown)))
	}
	source := []byte(markdown)
	root := language.Parser().Parse(text.NewReader(source))
	tame(root, source, min(max(heading, 1), lowest-1))
	var out bytes.Buffer
	if err := language.Renderer().Render(&out, source, root); err != nil { // a buffer takes everything
		return wall.Sanitize(invisible.Replace(paragraphs(markdown)))
	}
	return wall.Sanitize(invisible.Replace(out.String()))
}

// paragraphs gives a text as it is, without any Markdown in it.
func paragraphs(s string) string {
	escaped := string(util.EscapeHTML([]byte(strings.TrimSpace(s))))
	return "<p>" + strings.ReplaceAll(escaped, "\n", "<br>\n") + "</p>\n"
}

// rel is what every link says of itself: it leads away, is not our word, and does not tell where it was followed.
const rel = "nofollow noopener noreferrer"

// schemes are the only ones that a link may have.
var schemes = []string{"http", "https", "mailto"}

// language is what we take of Markdown. It is safe for concurrent use.
var language = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		// No indented code and no underlined headings: plain texts have such lines. No HTML: it is text.
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(indented{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)),
	goldmark.WithExtensions(
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
		extension.Strikethrough,
	),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// wall lets nothing through but what HTML promises, whatever stands before it. It is safe for concurrent use.
var wall = newWall()

func newWall() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "ul", "ol", "li", "blockquote", "pre", "code")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(rel)).OnElements("a")
	p.AllowURLSchemes(schemes...)
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}
