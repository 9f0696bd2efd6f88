package source

import (
	"strings"
	"testing"
)

func TestHTMLText(t *testing.T) {
	for _, test := range []struct{ name, html, want string }{
		{"no HTML", "a < b && c > d &amp; <https://example.org> <Haskell>", "a < b && c > d &amp; <https://example.org> <Haskell>"},
		{"paragraphs", "<p>One\ntwo</p>\n<p>three</p>", "One two\n\nthree"},
		{"entities", "<p>&lt;b&gt; &amp; &eacute; &nbsp; &#8211;</p>", "<b> & é –"},
		{"breaks", "One<br>two<br/><br/>three<br><br><br>four", "One\ntwo\n\nthree\n\nfour"},
		{"a list", "<p>List:</p><ul>\n<li>one</li>\n<li><p>two</p></li>\n<li>three</ul><p>end", "List:\n\n- one\n- two\n\n- three\n\nend"},
		{"a tight list", "<ul><li>one</li><li>two <em>three</em></li></ul>", "- one\n- two three"},
		{"links", `<p>See <a href="https://example.org/a?b=1&amp;c=2">this</a>, <a href="https://example.org/">example.org</a>, <a href="/x">that</a>, <a name=x>name</a> and <a href=mailto:a@example.org>me</a>.`,
			"See this (https://example.org/a?b=1&c=2), example.org, that, name and me (a@example.org)."},
		{"odd links", `<a href="javascript:alert(1)">x</a> <a href="https://example.org"></a> <a href="https://one.example">a<a href="https://two.example">b`,
			"x https://example.org a (https://one.example)b (https://two.example)"},
		{"hidden", "<p>a<script>if (x < 1) { '<p>' }</script><STYLE>p{}</STYLE><!-- c -->b</p><iframe src=x>no</iframe>", "ab"},
		{"hidden without an end", "<p>a</p><script>b", "a"},
		{"preformatted", "<p>Run</p><pre><code>\n  go  test\n\tgo vet\n</code></pre>\n<p>now</p>", "Run\n\n  go  test\n\tgo vet\n\nnow"},
		{"inline only", "One\n\ntwo <b>three</b>\n four", "One\n\ntwo three\n four"},
		{"an empty line that was typed", "one\n\ntwo<br>three", "one\n\ntwo\nthree"},
		{"unknown tags", "<p>List<Haskell> and <foo@example.org></p>", "List<Haskell> and <foo@example.org>"},
		{"headings and tables", "<h1>Title</h1>Text<table><tr><th>a<th>b<tr><td>1<td>2</table>", "Title\n\nText\n\na b\n1 2"},
		{"capitals", "<P>A</P><BR><DIV>B</DIV>", "A\n\nB"},
		{"unclosed", "<p", "<p"},
	} {
		t.Run(test.name, func(t *testing.T) { check(t, htmlText(test.html), test.want) })
	}
}

// TestHTMLTextIsLinear reads texts that make careless readers slow: each takes a fraction of a second, and hours if its
// time grows with the square of its length.
func TestHTMLTextIsLinear(t *testing.T) {
	const n = 100_000
	for _, piece := range []string{"<", "<p", "<p>", "<a href='https://example.org'>", "<a href='https://example.org'>x ", "<!--", "<![CDATA[", "<pre>", "</pre>", "<li>", "<script>", "</script", "&",
		"&amp", "<br>", "\n", " \n", "<textarea>", "<plaintext>", "<title>", "<p a", "<xmp></xm", "é<b>"} {
		text := htmlText("<p>x</p>" + strings.Repeat(piece, n))
		if len(text) > 60*n {
			t.Errorf("%q %d times became %d bytes", piece, n, len(text))
		}
	}
}

func FuzzHTMLText(f *testing.F) {
	f.Add("<p>a <a href='https://example.org'>b</a><ul><li>c<pre>\n d</pre>")
	f.Fuzz(func(t *testing.T, s string) {
		if text := htmlText(s); len(text) > 3*len(s)+10 {
			t.Errorf("%d bytes became %d", len(s), len(text))
		}
	})
}
