package credential

import "testing"

func TestSignatures(t *testing.T) {
	right := Sign("key", "letter", "ab", "c")
	if len(right) != 43 {
		t.Errorf("it has %d characters", len(right))
	}
	if !Signed("key", right, "letter", "ab", "c") {
		t.Error("the right one is refused")
	}
	for name, ok := range map[string]bool{
		"another key":     Signed("other", right, "letter", "ab", "c"),
		"another purpose": Signed("key", right, "feed", "ab", "c"),
		"other parts":     Signed("key", right, "letter", "ab", "d"),
		"cut elsewhere":   Signed("key", right, "letter", "a", "bc"),
		"fewer parts":     Signed("key", right, "letter", "abc"),
		"no signature":    Signed("key", "", "letter", "ab", "c"),
		"a longer one":    Signed("key", right+"A", "letter", "ab", "c"),
	} {
		if ok {
			t.Errorf("%s is taken", name)
		}
	}
}
