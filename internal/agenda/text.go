package agenda

import (
	"reflect"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Text is the same content in several languages, by BCP 47 tag. An empty Text says nothing in any.
type Text map[string]string

// Clone gives an independent copy.
func (t Text) Clone() Text {
	if t == nil {
		return nil
	}
	c := make(Text, len(t))
	for tag, s := range t {
		c[tag] = s
	}
	return c
}

// Equal says whether both hold the same content; nil and empty are equal.
func (t Text) Equal(u Text) bool {
	if len(t) != len(u) {
		return false
	}
	if reflect.ValueOf(t).UnsafePointer() == reflect.ValueOf(u).UnsafePointer() {
		return true // it is one map
	}
	for tag, s := range t {
		if v, ok := u[tag]; !ok || v != s {
			return false
		}
	}
	return true
}

// Languages gives the tags that have content, sorted.
func (t Text) Languages() []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	return tags
}

// Missing gives those of the wanted languages in which the Text says nothing. An empty Text misses
// none: it was left out on purpose.
func (t Text) Missing(wanted []string) []string {
	if len(t) == 0 {
		return nil
	}
	var missing []string
	for _, tag := range wanted {
		if t[tag] == "" {
			missing = append(missing, tag)
		}
	}
	return missing
}

// Clean gives the Text with each language as [CleanLine] has it, without those that then say nothing.
func (t Text) Clean() Text {
	if len(t) == 0 {
		return nil
	}
	c := make(Text, len(t))
	for tag, s := range t {
		if s = CleanLine(s); s != "" {
			c[tag] = s
		}
	}
	return c
}

// tidy knows what word processors leave behind: line breaks of other kinds, byte order marks, and the
// invisible characters that turn the direction of what follows and so can make a text lie.
var tidy = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\ufeff", "",
	"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
	"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// CleanLine gives s with line breaks of every kind as "\n", without the invisible characters that
// turn the direction of text, and without white space at its ends.
func CleanLine(s string) string { return strings.TrimSpace(tidy.Replace(s)) }

// Check adds to faults what is wrong with the Text at the pointer: bad tags, control characters,
// more than max characters in one language, or nothing at all when it is required.
func (t Text) Check(faults *Faults, pointer string, max int, required bool) {
	if required && len(t) == 0 {
		faults.Add(pointer, "needs a text in at least one language")
	}
	for _, tag := range t.Languages() {
		at := pointer + "/" + escapePointer(tag)
		if err := CheckLanguage(tag); err != nil {
			faults.Add(at, "%s", err.Error())
			continue
		}
		CheckString(faults, at, t[tag], max)
	}
}

// CheckLanguage says why tag is not a BCP 47 language tag in canonical form.
func CheckLanguage(tag string) error {
	parsed, err := language.Parse(tag)
	if err != nil || len(tag) > 35 {
		return Errorf(Invalid, "%q is not a BCP 47 language tag, such as \"vi\" or \"pt-BR\"", clip(tag))
	}
	if parsed.String() != tag {
		return Errorf(Invalid, "write the language tag %q as %q", clip(tag), parsed.String())
	}
	return nil
}

// CheckString adds to faults what is wrong with s: bytes that are not UTF-8, control characters
// other than line breaks and tabs, or more than max characters.
func CheckString(faults *Faults, pointer, s string, max int) {
	if !utf8.ValidString(s) {
		faults.Add(pointer, "is not valid UTF-8")
		return
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			faults.Add(pointer, "contains the control character U+%04X", r)
			return
		}
	}
	if n := utf8.RuneCountInString(s); n > max {
		faults.Add(pointer, "has %d characters, at most %d fit", n, max)
	}
}

// Reader picks for one reader the best language of each Text. It is not safe for concurrent use.
type Reader struct {
	prefs    []language.Tag
	wanted   []string
	fallback string
	chosen   map[string]string
}

// NewReader makes a Reader who prefers the languages in that order and falls back to the given one,
// usually the Event's first. Preferences that are not language tags are passed over.
func NewReader(fallback string, prefs ...string) *Reader {
	r := &Reader{fallback: fallback, chosen: map[string]string{}}
	for _, p := range prefs {
		if tag, err := language.Parse(p); err == nil {
			r.prefs = append(r.prefs, tag)
			r.wanted = append(r.wanted, p)
		}
	}
	return r
}

// Pick gives the content for this reader and the tag it came in; both are empty for an empty Text.
func (r *Reader) Pick(t Text) (content, tag string) {
	if len(t) == 0 {
		return "", ""
	}
	if len(r.wanted) > 0 {
		if s, ok := t[r.wanted[0]]; ok {
			return s, r.wanted[0]
		}
	}
	tags := t.Languages()
	key := strings.Join(tags, " ")
	tag, ok := r.chosen[key]
	if !ok {
		tag = r.choose(tags)
		r.chosen[key] = tag
	}
	return t[tag], tag
}

// String gives the content for this reader.
func (r *Reader) String(t Text) string {
	s, _ := r.Pick(t)
	return s
}

func (r *Reader) choose(tags []string) string {
	if i := slices.Index(tags, r.fallback); i > 0 {
		tags = append([]string{r.fallback}, slices.Delete(slices.Clone(tags), i, i+1)...)
	}
	if len(r.prefs) == 0 {
		return tags[0]
	}
	_, i, _ := MatcherOf(tags).Match(r.prefs...)
	return tags[i]
}

func escapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// clip keeps what is quoted in a message short.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}
