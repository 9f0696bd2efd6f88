package server

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"plenary/web"
)

// dom is what a browser makes of a page, and what of it should not be there.
type dom struct {
	bones   []string // each element with its depth and the names of its attributes; nothing of what Markdown made
	rich    int      // texts that were Markdown
	text    string
	faults  []string
	scripts int // of data
}

var (
	richElements   = strings.Fields("p br hr h2 h3 h4 h5 h6 em strong del ul ol li blockquote pre code a")
	richAttributes = strings.Fields("a/href a/rel ol/start")
	addresses      = strings.Fields("href src action formaction cite poster data xlink:href")
)

// ourWords are the elements and attributes that the templates write.
var ourWords = sync.OnceValues(func() (elements, attributes map[string]bool) {
	elements = map[string]bool{"html": true, "head": true, "body": true, "tbody": true}
	attributes = map[string]bool{}
	for _, flag := range strings.Fields("defer readonly required checked selected novalidate hidden open multiple disabled autofocus data-fragment data-insecure data-passkeys") {
		attributes[flag] = true
	}
	files, err := fs.Glob(web.Templates, "*.html")
	if err != nil {
		panic(err)
	}
	element, attribute := regexp.MustCompile(`<([a-z][a-z0-9]*)`), regexp.MustCompile(`([a-zA-Z][a-zA-Z-]*)="`)
	for _, name := range files {
		template, err := fs.ReadFile(web.Templates, name)
		if err != nil {
			panic(err)
		}
		for _, m := range element.FindAllSubmatch(template, -1) {
			elements[string(m[1])] = true
		}
		for _, m := range attribute.FindAllSubmatch(template, -1) {
			attributes[strings.ToLower(string(m[1]))] = true
		}
	}
	return elements, attributes
})

func parseDOM(page string) *dom {
	d := &dom{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		d.faults = append(d.faults, err.Error())
		return d
	}
	var text strings.Builder
	d.walk(root, 0, false, &text)
	d.text = strings.Join(strings.Fields(text.String()), " ")
	return d
}

func (d *dom) walk(n *html.Node, depth int, rich bool, text *strings.Builder) {
	switch n.Type {
	case html.DocumentNode, html.DoctypeNode:
	case html.TextNode:
		text.WriteString(n.Data)
	case html.ElementNode:
		d.element(n, depth, rich)
		if n.Data == "script" {
			return
		}
		for _, a := range n.Attr {
			if a.Key == "class" && a.Val == "rich" && !rich {
				d.rich++
				rich = true
			}
		}
	default:
		d.fault("node of type %d: %q", n.Type, n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.walk(c, depth+1, rich, text)
	}
}

func (d *dom) element(n *html.Node, depth int, rich bool) {
	elements, attributes := ourWords()
	if rich && !slices.Contains(richElements, n.Data) || !rich && !elements[n.Data] {
		d.fault("element %s", n.Data)
	}
	bone := fmt.Sprint(depth, " ", n.Data)
	for _, a := range n.Attr {
		bone += " " + a.Key
		if a.Key == "class" {
			bone += "=" + a.Val
		}
		if rich && !slices.Contains(richAttributes, n.Data+"/"+a.Key) || !rich && (!attributes[strings.ToLower(a.Key)] || strings.HasPrefix(a.Key, "on") || a.Key == "style") {
			d.fault("attribute %s %s=%q", n.Data, a.Key, a.Val)
		}
		if slices.Contains(addresses, a.Key) && !harmless(a.Val, rich) {
			d.fault("address %s %s=%q", n.Data, a.Key, a.Val)
		}
	}
	if n.Data == "script" {
		d.script(n)
	}
	if !rich {
		d.bones = append(d.bones, bone)
	}
}

// script takes scripts of our own, from a file, and data that is JSON to its end.
func (d *dom) script(n *html.Node) {
	is := map[string]string{}
	for _, a := range n.Attr {
		is[a.Key] = a.Val
	}
	switch {
	case is["type"] == "application/ld+json" && len(is) == 1 && n.FirstChild != nil && n.FirstChild == n.LastChild:
		d.scripts++
		var said map[string]any
		if err := json.Unmarshal([]byte(n.FirstChild.Data), &said); err != nil || said["@context"] != "https://schema.org" {
			d.fault("JSON-LD: %v in %q", err, n.FirstChild.Data)
		}
		if strings.ContainsAny(n.FirstChild.Data, "<>\u2028\u2029") {
			d.fault("JSON-LD can be ended: %q", n.FirstChild.Data)
		}
	case strings.HasPrefix(is["src"], "/static/") && n.FirstChild == nil:
	default:
		d.fault("script %v", n.Attr)
	}
}

// harmless tells whether a browser goes where one may: a browser passes over white space and control characters.
func harmless(address string, rich bool) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, "\t\n\r\x00") {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return rich
	case "webcal":
		return !rich && strings.HasPrefix(address, "webcal://agenda.example/")
	case "":
		return !rich && u.Host == "" && (strings.HasPrefix(address, "/") || strings.HasPrefix(address, "?") || strings.HasPrefix(address, "#"))
	}
	return false
}

func (d *dom) fault(format string, args ...any) {
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

// isLike fails the test unless the page has nothing that should not be there, and is built as another one.
func (d *dom) isLike(t *testing.T, what string, other *dom) {
	t.Helper()
	for _, fault := range d.faults {
		t.Errorf("%s: %s", what, fault)
	}
	for i := range max(len(d.bones), len(other.bones)) {
		if i >= len(d.bones) || i >= len(other.bones) || d.bones[i] != other.bones[i] {
			t.Errorf("%s: %d elements, built otherwise than the innocent page with %d from element %d on: %q", what, len(d.bones), len(other.bones), i, d.bones[min(i, len(d.bones)):min(i+2, len(d.bones))])
			return
		}
	}
	if d.rich != other.rich || d.scripts != other.scripts {
		t.Errorf("%s: %d texts and %d data, the innocent page has %d and %d", what, d.rich, d.scripts, other.rich, other.scripts)
	}
}
