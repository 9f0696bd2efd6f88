package mail

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"mvdan.cc/xurls/v2"

	"plenary/internal/agenda"
)

// hostile are values that people might give as their name or that of an event, and what is to be seen of them.
var hostile = map[string]string{
	"[click](https://evil.example)":                         "[click](https://evil.example)",
	`<a href="https://evil.example">click</a>`:              `<a href="https://evil.example">click</a>`,
	"<img src=x onerror=alert(1)><script>alert(1)</script>": "<img src=x onerror=alert(1)><script>alert(1)</script>",
	"evil.example/x":                               "evil.example/x",
	"www.evil.example":                             "www.evil.example",
	"win@evil.example":                             "win@evil.example",
	"mailto:win@evil.example":                      "mailto:win@evil.example",
	"Jane\r\nBcc: win@evil.example\r\n\r\nBody":    "Jane Bcc: win@evil.example Body",
	"Jane\nBcc: a@evil.example":                    "Jane Bcc: a@evil.example",
	"Jane\u2028Subject: x\u0085y\x00\x07":          "Jane Subject: x y",
	"Jane\r\n.\r\nMAIL FROM:<a@evil.example>":      "Jane . MAIL FROM:<a@evil.example>",
	"\u202eelpmaxe.live\u202c \u2066x\u2069":       "elpmaxe.live x",
	"J\u200ba\u2060n\ufeffe\u00ad\u3164":           "Jane",
	"{name} {event} {{.URL}} {{.Name}} %s ${HOME}": "{name} {event} {{.URL}} {{.Name}} %s ${HOME}",
	"=?utf-8?q?evil?= =?utf-8?b?QmNjOiB4?=":        "=?utf-8?q?evil?= =?utf-8?b?QmNjOiB4?=",
	"**bold** _it_ `code` # head":                  "**bold** _it_ `code` # head",
	"&lt;b&gt; &amp; &#x3c;":                       "&lt;b&gt; &amp; &#x3c;",
	"ev\xffil":                                     "ev\uFFFDil",
	"Nguyễn Thị Ánh, J. R. R. Tolkien (Mr.)":       "Nguyễn Thị Ánh, J. R. R. Tolkien (Mr.)",
	"مها المفتي":                                   "مها المفتي",
	"علی\u200cرضا":                                 "علی\u200cرضا", // spelt with a joiner
}

// clean takes out what is not seen: what ends a link, and what holds a direction.
var clean = strings.NewReplacer(string(apart), "", "\u2068", "", "\u2069", "")

// V8: a name that looks like a link, markup, a header or a template becomes part of a letter that people trust.
func TestHoleV08NamesAreDataInMail(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: letter after letter, which takes minutes where the race detector looks on; TestManyLettersAtOnce sends some at once")
	}
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	links := xurls.Relaxed()
	cases := maps.Clone(hostile)
	cases[strings.Repeat("Long name ", 1000)] = strings.Repeat("Long name ", 12)[:119] + "…"
	cases[strings.Repeat("ễ", 10_000)] = strings.Repeat("ễ", 119) + "…"
	for _, kind := range kinds {
		for _, lang := range languages {
			if err := s.Send(t.Context(), letter(kind, lang)); err != nil {
				t.Fatal(err)
			}
			harmless := parse(t, box.letters[len(box.letters)-1].raw)
			for value, seen := range cases {
				seen = clean.Replace(seen)
				before := len(box.letters)
				l := letter(kind, lang)
				l.Name, l.Event, l.Detail = value, agenda.Text{lang: value}, value
				if err := s.Send(t.Context(), l); err != nil {
					t.Fatal(err)
				}
				if len(box.letters) != before+1 || !cmp.Equal(box.letters[before].to, []string{"jane@example.org"}) {
					t.Fatalf("%q made %d letters, to %s", value, len(box.letters)-before, box.letters[before].to)
				}
				p := parse(t, box.letters[before].raw)
				if diff := cmp.Diff(slices.Sorted(maps.Keys(harmless.header)), slices.Sorted(maps.Keys(p.header))); diff != "" {
					t.Errorf("%q changes the headers: %s", value, diff)
				}
				if !cmp.Equal(p.header["To"], harmless.header["To"]) || !cmp.Equal(p.header["From"], harmless.header["From"]) {
					t.Errorf("%q changes to whom or from whom it is: %v", value, p.header)
				}
				text, shown := clean.Replace(p.text), clean.Replace(textOf(t, p.html))
				if !strings.Contains(squeezed(text), squeezed(seen)) && !isLong(value) || !strings.Contains(squeezed(shown), squeezed(seen)) && !isLong(value) {
					t.Errorf("%s in %s: %q is not there as it is:\n%s\n%s", kind, lang, seen, text, shown)
				}
				if needs[kind].event && !strings.Contains(clean.Replace(p.subject), seen) && !isLong(value) {
					t.Errorf("%q is not in the subject: %s", seen, p.subject)
				}
				if diff := cmp.Diff(links.FindAllString(harmless.text, -1), links.FindAllString(p.text, -1)); diff != "" {
					t.Errorf("%q makes a link in %s: %s", value, kind, diff)
				}
				if diff := cmp.Diff(skeleton(t, harmless.html), skeleton(t, p.html)); diff != "" {
					t.Errorf("%q changes the markup: %s", value, diff)
				}
				if found := links.FindAllString(strings.ReplaceAll(textOf(t, p.html), l.URL, ""), -1); found != nil {
					t.Errorf("%q makes a link in the HTML: %s", value, found)
				}
			}
		}
	}
	checkClipped(t, s, cases)
}

func isLong(value string) bool { return len(value) > 1000 }

// checkClipped sees that long names are cut to what is expected, and letters stay small.
func checkClipped(t *testing.T, s *Sender, cases map[string]string) {
	t.Helper()
	for value, seen := range cases {
		l := letter(agenda.LetterReset, "en")
		l.Name = value
		c, err := s.write(l)
		if err != nil {
			t.Fatal(err)
		}
		if got := clean.Replace(c.Hello); clean.Replace(seen) != strings.TrimSuffix(strings.TrimPrefix(got, "Hello "), ",") {
			t.Errorf("%.60q: %q, want %q", value, got, seen)
		}
	}
}

// skeleton gives the elements and attributes of a document, without its text.
func skeleton(t *testing.T, document string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			line := n.Data
			for _, a := range n.Attr {
				line += " " + a.Key + "=" + a.Val
			}
			all = append(all, line)
		}
	}
	return all
}

// That the test above can fail: what finds links in it finds these where nothing is done against them.
func TestLinksAreFoundWhereNothingIsDone(t *testing.T) {
	for _, value := range []string{"[click](https://evil.example)", "evil.example/x", "www.evil.example", "win@evil.example", "http://192.0.2.1/x"} {
		if xurls.Relaxed().FindString("Hello "+value+",") == "" {
			t.Errorf("%s: no link is found", value)
		}
		if found := xurls.Relaxed().FindString("Hello " + literal(value, maxName) + ","); found != "" {
			t.Errorf("%s: %s is still a link", value, found)
		}
	}
}

func TestWhatIsKeptOfAValue(t *testing.T) {
	for value, want := range map[string]string{
		"علی\u200cرضا": "علی\u200cرضا", "ක\u200dෂ": "ක\u200dෂ", "Ja\u200cne": "Jane",
		" \t\u00a0a \u3000 b\r\n": "a b", "": "", "\u200b": "",
	} {
		if got := visible(value, maxName); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	for value, want := range map[string]string{
		"J. R. Tolkien.": "J. R. Tolkien.", "at 14: now": "at 14: now",
		"a.b": "a\u200c.\u200cb", "مها": "\u2068مها\u2069",
	} {
		if got := literal(value, maxName); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestHeadersAreEncodedInShortWords(t *testing.T) {
	for text, want := range map[string]string{
		"Choose a new password": "Choose a new password",
		"=?x?=":                 "=?UTF-8?B?PT94Pz0=?=",
	} {
		if got := encoded(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	for _, part := range strings.Split(encoded(strings.Repeat("Diễn đàn ", 40)), " ") {
		if len(part) > 75 || !strings.HasPrefix(part, "=?UTF-8?B?") {
			t.Errorf("%d characters: %s", len(part), part)
		}
	}
}
