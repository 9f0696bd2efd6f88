package source

import (
	"fmt"
	"testing"
)

func TestAlikeNames(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		alike bool
	}{
		{"Nguyễn Mạnh Hùng", "Nguyen Manh Hung", true},
		{"Đặng Thị Bình", "Dang Thi Binh", true},
		{"Jürgen Müller-Lüdenscheidt", "jurgen muller ludenscheidt", true},
		{"Hans Strauß", "Hans Strauss", true},
		{"Anna van der Berg", "Anna Vander Berg", true},
		{"Alexandra Petrova", "Alexandra Pertova", true}, // swapped
		{"Alexandra Petrova", "Alexandra Petrowa", true}, // another letter
		{"Alexandra Petrova", "Alexandra Petrov", true},  // one less
		{"Alexandra Petrova", "Aleksandra Petrova", false},
		{"Alexandra Petrova", "Alexander Petrov", false}, // two mistakes
		{"Alexandra Li Wu", "Alexandra Lo Wu", false},    // short words are names of their own
		{"Lê Văn An", "Lê Văn Anh", false},
		{"Mo", "mo", true},
		{"Ann Lee", "Ann Leo", false},
		{"Speaker number 1", "Speaker number 2", false},
		{"!!!", "???", false},
		{"张伟", "张伟平", false},
	} {
		t.Run(test.a+", "+test.b, func(t *testing.T) {
			for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
				b := newBuilder(CSV)
				b.person(Person{Line: 7, Name: pair[0]})
				b.person(Person{Line: 5, Name: pair[1]})
				b.comparePeople()
				var want []Finding
				if test.alike {
					want = []Finding{{Line: 7, Rule: OnePerson, Text: fmt.Sprintf("%q and %q are probably one person: they were taken for two.", min(test.a, test.b), max(test.a, test.b))}}
				}
				check(t, b.Findings, want)
			}
		})
	}
}

func TestNamesakes(t *testing.T) {
	b := newBuilder(CSV)
	for i := range 3 {
		b.person(Person{Line: i + 1, Key: fmt.Sprint("id ", i), Name: "Laura Ray"})
	}
	b.person(Person{Line: 9, Key: "id 9", Name: "Laura Rey"})
	b.comparePeople()
	check(t, b.Findings, []Finding{{Line: 2, Rule: TwoPeople, Text: `"Laura Ray" has two identities or more: they were taken for as many people.`}})
}
