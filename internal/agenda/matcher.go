package agenda

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// mostMatchers is how many lists of languages have their Matcher kept: more than an installation has of Events that are read at a time.
const mostMatchers = 100

// matchers are the Matchers that were made last, by the languages that they know.
var matchers struct {
	sync.Mutex
	of map[string]language.Matcher
}

// MatcherOf gives what finds the best of the languages, BCP 47 tags of which there is at least one, for what somebody wishes; it is
// the first of them for who wishes for nothing like any. To make one takes as long as a small page does, so they are kept.
func MatcherOf(languages []string) language.Matcher {
	key := strings.Join(languages, " ")
	matchers.Lock()
	defer matchers.Unlock()
	if m := matchers.of[key]; m != nil {
		return m
	}
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = language.Make(l)
	}
	if matchers.of == nil || len(matchers.of) >= mostMatchers {
		matchers.of = map[string]language.Matcher{}
	}
	m := language.NewMatcher(tags)
	matchers.of[key] = m
	return m
}
