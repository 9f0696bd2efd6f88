package markup

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// bombs are texts of n bytes that make careless programs count to n squared.
func bombs(n int) map[string]string {
	of := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	half := func(a, b string) string {
		return strings.Repeat(a, n/2/len(a)) + strings.Repeat(b, n/2/len(b))
	}
	all := map[string]string{}
	for _, s := range []string{">", "> ", ">\n", "- ", "-\n", "* ", "1. ", "1) ", "[", "]", "*", "**", "_", "`", "` `` ", "~", "~~", "~~~\n", "```\n", "<", "&", "&#", "&#x", "\\", "![", "[]", "[](", "[a](<", "](", "[a](b",
		"[a]: b\n", "[a]", "[[a]]", "*a_", "*a **a ", "a**b", "_a", "a*", "<a", "<a:", "<https://", "http://", "http://a.b", "http://a.b/(", "www.", "www.a.b", "a@", "a@b", "a@b.", "a.", "@", "# ", "#\n", "\n", " \n", "  ", "\t", "---\n", "a\n", "a  \n",
		"|", "<!--", "<![CDATA[", "<?", "{", "'", "\"", "(", "a_b_", "~a ", "&amp;", "[a][b", "[a]: ", "[a\n", "[^1]", "*[", "[*", "`[", "\\[", "- a\n ", "> - ", "1. > ", "-\t"} {
		all[fmt.Sprintf("%q", s)] = of(s)
	}
	for _, pair := range [][2]string{{">", "a\n"}, {"> ", "\na"}, {"- ", "\na"}, {"[", "]"}, {"[", "](a)"}, {"*a ", "a* "}, {"*", "a*"}, {"**a ", "a** "}, {"`", "a"}, {"![", "](a)"}, {"<", ">"}, {"[a](", ")"}, {"~~a ", "a~~ "},
		{"(", ")"}, {"https://a.b/(", ")"}, {"a", "@"}, {"a.", "@b.c"}, {"_", "*"}, {"[a]: b\n", "[a]\n"}, {"- a\n", "  b\n"}, {"* a *b ", "c** d* "}, {"[a](b) ", "[c] "}} {
		all[fmt.Sprintf("%q then %q", pair[0], pair[1])] = half(pair[0], pair[1])
	}
	var stairs, ticks, indents strings.Builder
	for i := 1; stairs.Len() < n; i++ {
		stairs.WriteString(strings.Repeat(">", i) + "\n")
		ticks.WriteString(strings.Repeat("`", i) + "a")
		indents.WriteString(strings.Repeat(" ", i) + "- a\n")
	}
	all["stairs"], all["ticks"], all["indents"] = stairs.String()[:n], ticks.String()[:min(n, ticks.Len())], indents.String()[:n]
	return all
}

// patience is what a long text may take on a slow machine; an honest one takes a few milliseconds.
const patience = 1500 * time.Millisecond

func TestBombs(t *testing.T) {
	const n = 60000 // three times as long as any text is, so that what grows with the square stands out
	var slowest time.Duration
	for name, bomb := range bombs(n) {
		begin := time.Now()
		got := HTML(bomb, 2)
		took := time.Since(begin)
		Plain(bomb)
		slowest = max(slowest, took)
		t.Logf("%v, %d bytes: %s", took, len(got), name)
		if took > patience {
			t.Errorf("%s takes %v", name, took)
		}
		if len(got) > 80*n {
			t.Errorf("%s grows to %d bytes", name, len(got))
		}
		for _, line := range broken(t, got) {
			t.Errorf("%s: %s", name, line)
			break
		}
	}
	t.Logf("slowest: %v", slowest)
}
