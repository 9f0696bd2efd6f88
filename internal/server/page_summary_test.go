package server

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"
)

// Who finds a page elsewhere is told in a line what it is about, in the language of the page.
func TestPagesSayWhatTheyAreAbout(t *testing.T) {
	s := newStage(t)
	for path, want := range map[string]string{
		"/?lang=en": "27–28 October 2025", "/?lang=vi": "tháng 10", "/panels/PANEL1?lang=vi": "14:00–15:30", "/speakers/" + string(s.chair) + "?lang=en": "Chair",
	} {
		page := s.must(200, s.get("/"+forum+path)).Body
		if got := html.UnescapeString(attribute(t, page, `<meta name="description" content="([^"]*)">`)); !strings.Contains(got, want) || strings.Contains(got, canary) {
			t.Errorf("%s is about %q, want %q in it", path, got, want)
		}
	}
	long := summaryOf("**Một** "+strings.Repeat("hai ba ", 100), "", "  a\n b ")
	if !strings.HasPrefix(long, "a b · Một hai") || !strings.HasSuffix(long, "…") || utf8.RuneCountInString(long) > maxSummary+1 {
		t.Errorf("%q", long)
	}
}
