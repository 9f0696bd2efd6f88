package source

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// crowd bounds how many names a name is compared with that have a variant in common with it: in the programmes of the
// field it is one or two, and a file must not be able to make it all.
const crowd = 20

// comparePeople warns of names that have several identities, and of names so alike that they are probably one person's.
func (b *builder) comparePeople() {
	byName, first := map[string]int{}, map[string]Person{}
	for _, p := range b.People {
		if byName[p.Name]++; byName[p.Name] == 2 {
			b.warn(p.Line, TwoPeople, "%s has two identities or more: they were taken for as many people.", quoted(p.Name))
		}
		if _, known := first[p.Name]; !known {
			first[p.Name] = p
		}
	}
	names := slices.Sorted(maps.Keys(first))
	folded := make([]string, len(names))
	like := map[string][]int{} // indices of names, by what they can be with one letter left out
	for i, n := range names {
		folded[i] = fold(n)
		said := map[int]bool{}
		for _, variant := range variants(folded[i]) {
			for _, other := range like[variant] {
				if !said[other] && alike(folded[other], folded[i]) {
					said[other] = true
					b.warn(max(first[n].Line, first[names[other]].Line), OnePerson, "%s and %s are probably one person: they were taken for two.", quoted(names[other]), quoted(n))
				}
			}
			if len(like[variant]) < crowd {
				like[variant] = append(like[variant], i)
			}
		}
	}
}

// unmarked are letters that have their mark in them.
var unmarked = strings.NewReplacer("đ", "d", "Đ", "d", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "ß", "ss")

// fold gives a name without case, marks and punctuation.
func fold(s string) string {
	s = unmarked.Replace(s)
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// shortest is the length from which on a name may have a mistake in it, in letters; in shorter ones a letter is too much
// of a difference.
const shortest, longest = 10, 60

// variants gives the folded name, and all that it can be with one letter left out: two names that differ by one mistake
// have one of them in common.
func variants(folded string) []string {
	list := []string{folded}
	runes := []rune(folded)
	if len(runes) < shortest || len(runes) > longest || strings.ContainsFunc(folded, unicode.IsDigit) {
		return list
	}
	for i := range runes {
		if i == 0 || runes[i] != runes[i-1] {
			list = append(list, string(runes[:i])+string(runes[i+1:]))
		}
	}
	return list
}

// alike says whether two folded names are the same, or differ by one mistake in a word that is long enough for it.
func alike(a, b string) bool {
	if a == b {
		return a != ""
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) || len(x) < 2 {
		return strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "") // "van der" and "vander"
	}
	wrong := -1
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if wrong >= 0 {
			return false
		}
		wrong = i
	}
	return min(len(x[wrong]), len(y[wrong])) >= 4 && oneMistake([]rune(x[wrong]), []rune(y[wrong]))
}

// oneMistake says whether a letter more, a letter less, another letter or two swapped ones make one word of the other.
func oneMistake(a, b []rune) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
