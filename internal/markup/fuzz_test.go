package markup

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzHTML holds every text to what HTML promises, and its time to something bearable.
func FuzzHTML(f *testing.F) {
	for _, attack := range attacks(f) {
		f.Add(attack, 2)
	}
	for _, bomb := range bombs(300) {
		f.Add(bomb, 3)
	}
	f.Fuzz(func(t *testing.T, text string, heading int) {
		if len(text) > 20000 || !utf8.ValidString(text) { // the domain lets no such text in
			t.Skip()
		}
		begin := time.Now()
		got := HTML(text, heading)
		if took := time.Since(begin); took > patience {
			t.Errorf("%q takes %v", text, took)
		}
		for _, line := range broken(t, got) {
			t.Errorf("%q gives %q: %s", text, got, line)
		}
		if again := HTML(text, heading); again != got {
			t.Errorf("%q gives %q, then %q", text, got, again)
		}
		if plain := Plain(text); inked(plain) == inked(text) && plain != text {
			t.Errorf("%q becomes %q for nothing", text, plain)
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	abstract := strings.Repeat("The *panel* asks how **open standards** help, see [the paper](https://example.org/paper).\nIt has:\n\n- one point\n- another `one`\n\n> A quote.\n\n", 8)
	b.Run("abstract", func(b *testing.B) {
		b.SetBytes(int64(len(abstract)))
		for b.Loop() {
			HTML(abstract, 2)
		}
	})
	plain := strings.Repeat("Bài phát biểu khai mạc của hội nghị, with words and nothing else.\n", 16)
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		for b.Loop() {
			HTML(plain, 2)
		}
	})
	all := bombs(20000)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	b.Run("bombs", func(b *testing.B) {
		for b.Loop() {
			for _, name := range names {
				HTML(all[name], 2)
			}
		}
	})
}
