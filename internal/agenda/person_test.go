package agenda

import (
	"strings"
	"testing"
)

func TestIsEmail(t *testing.T) {
	for s, want := range map[string]bool{
		"lan@example.org": true, "x+y@sub.example.com": true, "a@b": true, "o'neil@x-y.example": true, "mai@đại-học.vn": true, "a@[192.0.2.1]": true,
		strings.Repeat("a", 60) + "@" + strings.Repeat("b", 193): true,

		"": false, "a": false, "a@": false, "@b": false, "Lan <lan@example.org>": false, "a@example.com${7*7}": false, "a@b_c.example": false, "a@b/c": false, "a@b c": false,
		"a@b.example, c@d.example": false, "a@b\r\n": false, strings.Repeat("a", 60) + "@" + strings.Repeat("b", 194): false,
	} {
		if IsEmail(s) != want {
			t.Errorf("%q is an address: %t", s, !want)
		}
	}
}
