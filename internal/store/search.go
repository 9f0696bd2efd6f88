package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// searchWords is how many words of a query count.
const searchWords = 12

// letters that are not a base letter with a mark, and that people type without the difference.
var letters = strings.NewReplacer("đ", "d", "ø", "o", "ł", "l", "æ", "ae", "œ", "oe", "ı", "i")

// Fold gives s without case, marks and runs of white space, so that "NGUYEN" finds "Nguyễn". It is done here and kept in
// a column, because neither database does it by itself, and both must find and sort the same.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "")) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(letters.Replace(cases.Fold().String(b.String()))), " ")
}

// searchable gives what a query is looked for in.
func searchable(texts []agenda.Text, words ...string) string {
	for _, t := range texts {
		for _, tag := range t.Languages() {
			words = append(words, t[tag])
		}
	}
	return Fold(strings.Join(words, "\n"))
}

// searching narrows q to what has every word of the query in one of the columns; condition has one "?" for the word's
// LIKE pattern, or several.
func searching(q *gorm.DB, query, condition string) *gorm.DB {
	words := strings.Fields(Fold(strings.ReplaceAll(query, "\x00", " ")))
	for _, word := range words[:min(len(words), searchWords)] {
		pattern := "%" + literal(word) + "%"
		args := make([]any, strings.Count(condition, "?"))
		for i := range args {
			args[i] = pattern
		}
		q = q.Where(condition, args...)
	}
	return q
}

// literal spells a text for LIKE, with "!" to escape.
func literal(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }
