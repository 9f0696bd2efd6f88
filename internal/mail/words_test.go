package mail

import "testing"

// What is in a value stays as it is, and a brace that names nothing is a brace.
func TestSay(t *testing.T) {
	w := words{said: map[string]string{"k": "a {name} and {other}, {unknown} {, {name}{name} } {"}}
	want := "a {other} and {name}, {unknown} {, {other}{other} } {"
	if got := w.say("k", "name", "{other}", "other", "{name}", "odd"); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := w.say("none", "name", "x"); got != "" {
		t.Errorf("of nothing it says %q", got)
	}
	if got := w.say("k"); got != w.said["k"] {
		t.Errorf("with nothing it says %q", got)
	}
}
