package agenda

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"golang.org/x/text/language"
)

// A Matcher that was kept answers as one that was made for the question, also where lists are alike, and many ask.
func TestMatchersAreOfTheirList(t *testing.T) {
	lists := [][]string{{"en"}, {"fr", "en"}, {"en", "fr"}, {"en", "fr", "vi"}, {"zh-Hant", "zh-Hans"}, {"x"}}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, list := range slices.Concat(lists, lists) {
				tags := make([]language.Tag, len(list))
				for i, l := range list {
					tags[i] = language.Make(l)
				}
				for _, wish := range []string{"fr-CA", "zh-TW", "vi", "de"} {
					_, want, sure := language.NewMatcher(tags).Match(language.Make(wish))
					if _, got, s := MatcherOf(list).Match(language.Make(wish)); got != want || s != sure {
						t.Errorf("of %q %s gets number %d (%v), not %d (%v)", list, wish, got, s, want, sure)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestMatchersThatAreKeptAreFew(t *testing.T) {
	for i := range 3 * mostMatchers {
		MatcherOf([]string{"en", fmt.Sprintf("en-x-%d", i)})
	}
	if n := len(matchers.of); n > mostMatchers || n == 0 {
		t.Errorf("%d are kept", n)
	}
}
