package app

import (
	"maps"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// tagged gives what a source says by language: in the file's what it says without naming one, unless it names that too.
func (i *importing) tagged(said source.Text) agenda.Text {
	t := agenda.Text(maps.Clone(said))
	if s, untold := t[""]; untold {
		if delete(t, ""); t[i.language] == "" {
			t[i.language] = s
		}
	}
	return t.Clean()
}

// fit cleans a text and cuts what is longer than the domain takes, which it says.
func (i *importing) fit(line int, what string, t source.Text, limit int) source.Text {
	if len(t) == 0 {
		return nil
	}
	fitting := source.Text{}
	for tag, s := range t {
		s = printable(s)
		if utf8.RuneCountInString(s) > limit {
			i.warn(line, source.TooLong, "The %s %s is longer than %d characters: it was cut.", what, named(s), limit)
			s = cut(s, limit)
		}
		if s != "" {
			fitting[tag] = s
		}
	}
	return fitting
}

// oneLine gives each language of a text as one line.
func oneLine(t source.Text) source.Text {
	line := make(source.Text, len(t))
	for tag, s := range t {
		line[tag] = oneSpace(printable(s))
	}
	return line
}

// unbroken gives each language of a title without line breaks. Spaces stay as they are: who compares an agenda with where
// it came from finds the same title.
func unbroken(t source.Text) source.Text {
	line := make(source.Text, len(t))
	for tag, s := range t {
		line[tag] = strings.NewReplacer("\n", " ", "\t", " ").Replace(printable(s))
	}
	return line
}

// printable gives a text without what the domain refuses: bytes that are no text, and control characters.
func printable(s string) string {
	return agenda.CleanLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agenda.CleanLine(s), "\uFFFD")))
}

// webAddress says whether s is an address that the domain takes.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && utf8.RuneCountInString(s) <= agenda.MaxURL &&
		!strings.ContainsFunc(s, unicode.IsControl)
}

// textOf gives a text in the file's language, or in whichever there is.
func textOf(t source.Text) string {
	if s, ok := t[""]; ok {
		return s
	}
	return agenda.NewReader("en", "en").String(agenda.Text(t))
}

// inWords gives a slug as a name: "rails-conf-2017" is "Rails conf 2017".
func inWords(slug string) string {
	words := []rune(strings.ReplaceAll(slug, "-", " "))
	if len(words) > 0 {
		words[0] = unicode.ToUpper(words[0])
	}
	return string(words)
}

// oneSpace gives a text as one line.
func oneSpace(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(agenda.CleanLine(s)), " "))
}

// cut gives at most so many characters of a text, and shows when there were more.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return strings.TrimSpace(string(runes[:limit-1])) + "…"
}

// named is how messages quote a name.
func named(s string) string { return "\"" + cut(oneSpace(s), 60) + "\"" }
