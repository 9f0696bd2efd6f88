package server

import (
	"strings"

	"plenary/internal/markup"
)

// maxSummary is about how much of a summary search engines and messengers show, in characters.
const maxSummary = 200

// summaryOf says in a line what a page is about: parts that are not empty, one after the other, as far as they are shown. Rich is
// Markdown and comes last.
func summaryOf(rich string, parts ...string) string {
	var all []string
	for _, part := range append(parts, markup.Plain(rich)) {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, part)
		}
	}
	line := []rune(strings.Join(all, " · "))
	if len(line) <= maxSummary {
		return string(line)
	}
	cut := string(line[:maxSummary])
	if space := strings.LastIndex(cut, " "); space > maxSummary/2 {
		cut = cut[:space]
	}
	return strings.TrimRight(cut, " ,;:·–-") + "…"
}
