package source

import (
	"strings"

	"golang.org/x/text/language"

	"plenary/internal/agenda"
)

// languageTag gives a BCP 47 tag as Plenary writes it for what a file says, "de", "pt_BR" or "EN"; empty for what is none.
// The "de-formal" of pretalx is German in which people are addressed as Sie.
func languageTag(s string) string {
	s = strings.TrimSuffix(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"), "-formal")
	if s == "" || len(s) > 35 {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und || agenda.CheckLanguage(tag.String()) != nil {
		return ""
	}
	return tag.String()
}
