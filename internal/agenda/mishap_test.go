package agenda

import "testing"

func TestMishapsAreReadAsTheyAreKept(t *testing.T) {
	for i, m := range Mishaps {
		for _, said := range []string{"", "550 5.1.1 no such user (here)"} {
			if got, rest := ReadMishap(m.With(said)); got != m || rest != said {
				t.Errorf("%q is read as %q, %q", m.With(said), got, rest)
			}
		}
		for _, other := range Mishaps[:i] {
			if m == other {
				t.Errorf("%q is there twice", m)
			}
		}
	}
	if m, said := ReadMishap(string(MailRefused) + " (cut off"); m != MailRefused || said != "cut off" {
		t.Errorf("too long: %q, %q", m, said)
	}
	if m, said := ReadMishap("The mail server refuses the letters, all of them"); m != "" || said != "The mail server refuses the letters, all of them" {
		t.Errorf("other words: %q, %q", m, said)
	}
}
