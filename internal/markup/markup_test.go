package markup

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/google/go-cmp/cmp"
)

// attacks are texts that would do something if they came into a page as HTML.
func attacks(t testing.TB) []string {
	t.Helper()
	body, err := os.ReadFile("testdata/attacks.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	promised = []string{"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "ul", "ol", "li", "blockquote", "pre", "code", "a"}
	digits   = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// broken parses what HTML gave as a browser does, and says what of it was not promised.
func broken(t testing.TB, got string) []string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(got), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	var walk func(n *html.Node, inLink bool)
	walk = func(n *html.Node, inLink bool) {
		switch n.Type {
		case html.TextNode:
		case html.ElementNode:
			if !slices.Contains(promised, n.Data) || n.Namespace != "" {
				found = append(found, "element "+n.Namespace+" "+n.Data)
			}
			if n.Data == "a" && inLink {
				found = append(found, "a link in a link")
			}
			found = append(found, brokenAttributes(n)...)
		default:
			found = append(found, fmt.Sprintf("node of type %d: %q", n.Type, n.Data))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inLink || n.Data == "a")
		}
	}
	for _, n := range nodes {
		walk(n, false)
	}
	return found
}

func brokenAttributes(n *html.Node) []string {
	var found, has []string
	for _, a := range n.Attr {
		has = append(has, a.Key)
		ok := false
		switch n.Data + " " + a.Key {
		case "ol start":
			ok = digits.MatchString(a.Val)
		case "a rel":
			ok = a.Val == "nofollow noopener noreferrer"
		case "a href":
			u, err := url.Parse(a.Val)
			ok = err == nil && (u.Scheme == "mailto" && u.Opaque != "" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil)
		}
		if !ok {
			found = append(found, fmt.Sprintf("attribute %s %s=%q", n.Data, a.Key, a.Val))
		}
	}
	slices.Sort(has)
	if n.Data == "a" && !slices.Equal(has, []string{"href", "rel"}) {
		found = append(found, fmt.Sprintf("a link with %q", has))
	}
	return found
}

func TestNothingButWhatIsPromised(t *testing.T) {
	all := attacks(t)
	if len(all) < 60 {
		t.Errorf("only %d attacks", len(all))
	}
	for _, attack := range all {
		for _, around := range []string{"%s", "A text: %s and more", "> %s", "- %s\n- x", "*%s*", "# %s", "[%s](https://a.example)", "<div>\n%s\n</div>"} {
			text := strings.ReplaceAll(around, "%s", attack)
			got := HTML(text, 2)
			for _, line := range broken(t, got) {
				t.Errorf("%q gives %q: %s", text, got, line)
			}
			if strings.ContainsAny(got, "\x00\x01\x07\x7f\u0085\u202e") {
				t.Errorf("%q gives %q, with signs that nobody sees", text, got)
			}
		}
	}
}

// What nobody meant as Markdown is all there, and no word of an attack is lost.
func TestNoWordIsLost(t *testing.T) {
	for _, text := range []string{"<script>alert(1)</script>", "a <b> c & d", "<!-- x -->", "x <y> <- w", "<img src=x onerror=alert(1)>",
		"Tiếng Việt — « guillemets »", "2 < 3 > 1", "AT&T", "C:\\dir", "1/2 * 3", "snake_case_word", "~30 people and ~10 more", "#tag"} {
		nodes, err := html.ParseFragment(strings.NewReader(HTML(text, 2)), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
		if err != nil {
			t.Fatal(err)
		}
		var words strings.Builder
		for _, n := range nodes {
			for d := range n.Descendants() {
				if d.Type == html.TextNode {
					words.WriteString(d.Data)
				}
			}
		}
		if strings.TrimSpace(words.String()) != text {
			t.Errorf("%q is read as %q", text, words.String())
		}
	}
}

func TestMarkdown(t *testing.T) {
	const to = ` rel="nofollow noopener noreferrer">`
	for text, want := range map[string]string{
		"":                                 "",
		" \n ":                             "",
		"One.\nTwo.\n\n\nThree.":           "<p>One.<br>\nTwo.</p>\n<p>Three.</p>\n",
		"One\n===\n\n    Two\n\tThree":     "<p>One<br>\n===</p>\n<p>Two<br>\nThree</p>\n",
		"One\n---":                         "<p>One</p>\n<hr>\n",
		"*a* __b__ ~~c~~ `d<e>`":           "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;e&gt;</code></p>\n",
		"- a\n- b":                         "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n",
		"3. a\n4. b":                       "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n",
		"> a\n> b":                         "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n",
		"```go\n<a>\n```":                  "<pre><code>&lt;a&gt;\n</code></pre>\n",
		"[a *b*](https://c.example \"d\")": `<p><a href="https://c.example"` + to + "a <em>b</em></a></p>\n",
		"See https://a.example/b_c_d.":     `<p>See <a href="https://a.example/b_c_d"` + to + "https://a.example/b_c_d</a>.</p>\n",
		"www.a.example":                    `<p><a href="http://www.a.example"` + to + "www.a.example</a></p>\n",
		"<mailto:a@b.example>":             `<p><a href="mailto:a@b.example"` + to + "mailto:a@b.example</a></p>\n",
		"a@b.example":                      `<p><a href="mailto:a@b.example"` + to + "a@b.example</a></p>\n",
		"[a](/b) [c](tel:1) ![d](e.png)":   "<p>a c d</p>\n",
		"[a][b]\n\n[b]: https://c.example": `<p><a href="https://c.example"` + to + "a</a></p>\n",
		"[![a](b)](https://c.example)":     `<p><a href="https://c.example"` + to + "a</a></p>\n",
		"&copy; &lt;b&gt; \\*c\\*":         "<p>© &lt;b&gt; *c*</p>\n",
	} {
		if diff := cmp.Diff(want, HTML(text, 2)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestHeadingsAreBelowThePages(t *testing.T) {
	for _, c := range []struct {
		text string
		base int
		want string
	}{
		{"# a", 2, "h3"}, {"### a", 2, "h3"}, {"## a\n# b\n#### c\n## d", 2, "h4 h3 h5 h4"}, {"# a\n## b\n### c\n#### d\n##### e\n###### f", 3, "h4 h5 h6 h6 h6 h6"},
		{"# a", 1, "h2"}, {"# a", 0, "h2"}, {"# a", 9, "h6"}, {"> # a\n\n- ## b", 2, "h3 h4"},
	} {
		var got []string
		for _, m := range regexp.MustCompile(`<(h[0-9])>`).FindAllStringSubmatch(HTML(c.text, c.base), -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q below h%d: %q, want %s", c.text, c.base, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"# A\n\nb *c* ~~d~~ `e`":                       "A\n\nb c d e",
		"[a](https://b.example) and https://c.example": "a (https://b.example) and https://c.example",
		"[a](javascript:x) ![b](c)":                    "a b",
		"> *a*\n> b":                                   "a\nb",
		"* *a*\n* b\n  1) c":                           "- a\n- b\n  1) c",
		"- *a*\n\n  b\n- c":                            "- a\n\n  b\n\n- c",
		"```\n*a*\n b\n```":                            "*a*\n b",
		"&lt;b&gt; \\*c\\* &#x202e;d":                  "<b> *c* d",
		"*a*\n\n***\n\n[b]: https://c.example":         "a\n\n---",
	} {
		if diff := cmp.Diff(want, Plain(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for _, text := range []string{"", " a ", "a\r\n\r\n\r\nb  c\t", "    a\n   b", "\ta\n\n\tb", "- a\n\n        b", "<b>a</b> & <script>", "- a\n- b\n\n\n- c", "a\n===\n---\nb", "www.a.example, a@b.example", "3) a\n4) b"} {
		if got := Plain(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
