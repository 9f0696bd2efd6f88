package agenda

import (
	"slices"
	"strings"
)

// Pair is two languages between which somebody interprets, in both directions: BCP 47 tags in the order of the alphabet.
type Pair struct{ A, B string }

// NewPair gives the Pair of two languages, whichever is named first.
func NewPair(a, b string) Pair { return Pair{min(a, b), max(a, b)} }

// String gives the Pair as it is stored and sent, "fr/vi".
func (p Pair) String() string { return p.A + "/" + p.B }

// ParsePair reads a Pair such as "fr/vi", whichever language is named first.
func ParsePair(s string) (Pair, error) {
	a, b, _ := strings.Cut(s, "/")
	if CheckLanguage(a) != nil || CheckLanguage(b) != nil || spokenAs(a) == spokenAs(b) {
		return Pair{}, Errorf(Invalid, "%q is not a pair of two languages, such as fr/vi", clip(s))
	}
	return NewPair(a, b), nil
}

// PairsOf reads what [Pair.String] wrote, whichever language is named first. That they are Pairs is for [Person.Check] to say.
func PairsOf(list []string) []Pair {
	var pairs []Pair
	for _, s := range list {
		a, b, _ := strings.Cut(s, "/")
		pairs = append(pairs, NewPair(a, b))
	}
	return pairs
}

// PairNames gives the Pairs as [Pair.String] writes them.
func PairNames(pairs []Pair) []string {
	var names []string
	for _, p := range pairs {
		names = append(names, p.String())
	}
	return names
}

// maxPairs is more than anybody interprets.
const maxPairs = 100

func checkPairs(f *Faults, pointer string, pairs []Pair) {
	seen := map[Pair]bool{}
	for i, p := range pairs {
		at := index(pointer, i)
		if now, err := ParsePair(p.String()); err != nil {
			f.Merge(at, err)
		} else if now != p {
			f.Add(at, "names its languages in another order than that of the alphabet")
		} else if seen[p] {
			f.Add(at, "names %s a second time", p)
		}
		seen[p] = true
	}
	if len(pairs) > maxPairs {
		f.Add(pointer, "has %d pairs, at most %d fit", len(pairs), maxPairs)
	}
}

// spokenAs gives what two tags have in common whose speakers understand each other: "fr" of "fr-CA".
func spokenAs(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(base)
}

func speaks(languages []string, tag string) bool {
	return slices.ContainsFunc(languages, func(l string) bool { return spokenAs(l) == spokenAs(tag) })
}

// Apart says whether two sides have languages, and none in common.
func Apart(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(l string) bool { return speaks(b, l) })
}

// Serves says whether somebody who interprets these pairs lets one side understand the other.
func Serves(pairs []Pair, a, b []string) bool {
	return slices.ContainsFunc(pairs, func(p Pair) bool {
		return speaks(a, p.A) && speaks(b, p.B) || speaks(a, p.B) && speaks(b, p.A)
	})
}

// Party is what is known of a Delegation when it is asked who understands whom.
type Party struct {
	Languages    []string // empty: those of the principal
	Principal    ID
	Interpreters []ID // who come
}

// party gives what is known of the Delegation.
func (d Delegation) party() Party {
	p := Party{Languages: d.Languages, Principal: d.Principal()}
	for _, m := range d.Delegates {
		if m.Role == DelegateInterpreter && m.Comes() {
			p.Interpreters = append(p.Interpreters, m.PersonID)
		}
	}
	return p
}

// spoken gives the languages of the party, none when they are not known.
func (b *Board) spoken(p Party) []string {
	if len(p.Languages) > 0 {
		return p.Languages
	}
	if who := b.people[p.Principal]; who != nil {
		return who.Languages
	}
	return nil
}

// PairNeeded gives the languages between which these two need an interpreter, the first that each speaks; false when they
// understand each other, or nobody knows.
func (b *Board) PairNeeded(parties [2]Party) (Pair, bool) {
	one, other := b.spoken(parties[0]), b.spoken(parties[1])
	if !Apart(one, other) {
		return Pair{}, false
	}
	return NewPair(one[0], other[0]), true
}

// unserved gives the Pair for which nobody comes to a Meeting that needs it.
func (b *Board) unserved(item *Item) (Pair, bool) {
	if len(item.Parties) != 2 {
		return Pair{}, false
	}
	return b.PairUnserved([2]Party(item.Parties))
}

// PairUnserved is [Board.PairNeeded], unless one of their interpreters serves it.
func (b *Board) PairUnserved(parties [2]Party) (Pair, bool) {
	pair, needed := b.PairNeeded(parties)
	if !needed {
		return Pair{}, false
	}
	one, other := b.spoken(parties[0]), b.spoken(parties[1])
	for _, p := range parties {
		for _, id := range p.Interpreters {
			if b.interprets(id, one, other) {
				return Pair{}, false
			}
		}
	}
	return pair, true
}

// interprets says whether somebody who comes as an interpreter lets two sides understand each other. Of whom nothing is
// known, whoever brings them knows why.
func (b *Board) interprets(id ID, one, other []string) bool {
	who := b.people[id]
	switch {
	case who == nil || len(who.Interprets) == 0 && len(who.Languages) < 2:
		return true
	case len(who.Interprets) > 0:
		return Serves(who.Interprets, one, other)
	}
	return slices.ContainsFunc(who.Languages, func(l string) bool { return speaks(one, l) }) &&
		slices.ContainsFunc(who.Languages, func(l string) bool { return speaks(other, l) })
}
