package server

import (
	"html/template"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"plenary/internal/agenda"
	"plenary/internal/markup"
)

// reader is who reads a page: the language of the program's words, the language of the Event's
// texts, and the part of links that keeps a language chosen by hand.
type reader struct {
	words   *words
	content string
	query   string // "?lang=vi", or "" when the browser's settings decide
}

// readerOf finds out for whom a page of an Event in these languages is: ?lang= wins, then
// Accept-Language, then the Event's first language. What makes no sense is passed over, since links
// get around with parameters of all kinds.
func readerOf(c echo.Context, languages []string) (reader, error) {
	all, err := allWords()
	if err != nil {
		return reader{}, err
	}
	wishes := acceptedLanguages(c)
	r := reader{content: "en"}
	if len(languages) > 0 {
		r.content = languages[best(languages, wishes)]
	}
	spoken := ""
	if _, i, confidence := programMatcher.Match(wishes...); confidence >= language.Low && len(wishes) > 0 {
		spoken = programLanguages[i]
	}
	if asked := c.QueryParam("lang"); asked != "" && len(asked) <= maxParameter {
		content, held := heldIn(asked, languages)
		program, known := heldIn(asked, programLanguages)
		if held {
			r.content, r.query = content, "?lang="+content
		}
		if known {
			spoken, r.query = program, "?lang="+program
		}
	}
	if spoken == "" {
		spoken = spokenFor(r.content)
	}
	r.words = all[spoken]
	return r, nil
}

// spokenFor gives the program's language for who reads content in another.
func spokenFor(content string) string {
	if program, known := heldIn(content, programLanguages); known {
		return program
	}
	return programLanguages[0]
}

func best(languages []string, wishes []language.Tag) int {
	_, i, _ := agenda.MatcherOf(languages).Match(wishes...)
	return i
}

// maxAcceptLanguage is how much of Accept-Language is read; browsers send less.
const maxAcceptLanguage = 500

func acceptedLanguages(c echo.Context) []language.Tag {
	header := strings.Join(c.Request().Header.Values("Accept-Language"), ",")
	if len(header) > maxAcceptLanguage {
		return nil
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return nil
	}
	return tags
}

// key tells readers apart who get different bytes.
func (r reader) key() string { return r.words.lang + " " + r.content + " " + r.query }

// said is a text and the language that it is in.
type said struct{ Text, Lang string }

// HTML gives a text that is Markdown as a page shows it below its own heading of that level. What it gives is safe
// whatever the text, so the template takes it as it is.
func (s said) HTML(heading int) template.HTML {
	return template.HTML(markup.HTML(s.Text, heading)) // #nosec G203 -- sanitized there
}

// pick gives a Text for this reader.
func (r reader) pick(fallback string, t agenda.Text) said {
	text, tag := agenda.NewReader(fallback, r.content, r.words.lang).Pick(t)
	return said{text, tag}
}

// languageName says a language in the words of the reader.
func (r reader) languageName(tag string) string {
	if name := display.Languages(language.Make(r.words.lang)).Name(language.Make(tag)); name != "" {
		return name
	}
	return tag
}

// countryName says a country in the words of the reader.
func (r reader) countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(r.words.lang)).Name(region); name != "" {
		return name
	}
	return code
}

// languageLink is one choice of language.
type languageLink struct {
	Tag, Name, URL string
	Current        bool
}

// languageLinks offers the languages of the Event and of the program, each by its own name.
func (r reader) languageLinks(languages []string) []languageLink {
	var links []languageLink
	seen := map[string]bool{}
	for _, tag := range append(append([]string{}, languages...), programLanguages...) {
		if seen[tag] {
			continue
		}
		seen[tag] = true
		name := display.Self.Name(language.Make(tag))
		if name == "" {
			name = tag
		}
		current := r.query == "?lang="+tag || r.query == "" && tag == r.words.lang
		links = append(links, languageLink{tag, name, "?lang=" + tag, current})
	}
	return links
}
