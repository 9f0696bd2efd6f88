package server

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"plenary/internal/agenda"
	"plenary/web"
)

// programLanguages are those that the program itself speaks. Somebody who understands none of them is
// answered in the first.
var programLanguages = []string{"en", "fr", "vi"}

var programMatcher = language.NewMatcher([]language.Tag{language.English, language.French, language.Vietnamese})

// words are the program's words in one language.
type words struct {
	lang string
	said map[string]string
}

// allWords reads the locales, once.
var allWords = sync.OnceValues(func() (map[string]*words, error) {
	all := map[string]*words{}
	for _, lang := range programLanguages {
		said, err := web.Words(lang)
		if err != nil {
			return nil, err
		}
		all[lang] = &words{lang, said}
	}
	return all, nil
})

// Say gives the words for a key. Each name and value that follows replaces "{name}" in them.
func (w *words) Say(key string, pairs ...any) (string, error) {
	said, ok := w.said[key]
	if !ok || len(pairs)%2 != 0 {
		return "", fmt.Errorf("no words in %s for %q with %d arguments", w.lang, key, len(pairs))
	}
	if len(pairs) == 0 {
		return said, nil
	}
	replace := make([]string, len(pairs))
	for i, p := range pairs {
		replace[i] = fmt.Sprint(p)
		if i%2 == 0 {
			replace[i] = "{" + replace[i] + "}"
		}
	}
	return strings.NewReplacer(replace...).Replace(said), nil
}

// Count gives the words for so many of something, in the plural that the language has for it (CLDR):
// French counts 0 as one, Vietnamese has no plural.
func (w *words) Count(key string, n int) (string, error) { return w.counted(key, n) }

// counted is [words.Count] for words in which more than the number is put.
func (w *words) counted(key string, n int, pairs ...any) (string, error) {
	form := "_other"
	if w.lang == "en" && n == 1 || w.lang == "fr" && n < 2 {
		form = "_one"
	}
	return w.Say(key+form, append([]any{"n", n}, pairs...)...)
}

// day gives a date by one of the patterns that begin with "date_".
func (w *words) day(pattern string, d agenda.Date) (string, error) {
	t, err := time.Parse(agenda.DateLayout, string(d))
	if err != nil {
		return "", err
	}
	return w.Say(pattern, w.dateParts(t)...)
}

func (w *words) dateParts(t time.Time) []any {
	month, weekday := fmt.Sprintf("%02d", t.Month()), strconv.Itoa(int(t.Weekday()))
	return []any{"day", w.dayNumber(t.Day()), "year", t.Year(),
		"month", w.said["month_"+month], "month_short", w.said["month_short_"+month],
		"weekday", w.said["weekday_"+weekday], "weekday_short", w.said["weekday_short_"+weekday]}
}

// dayNumber gives the day of a month; in French the first is "1er".
func (w *words) dayNumber(day int) string {
	if day == 1 {
		return w.said["day_first"]
	}
	return strconv.Itoa(day)
}

// days gives a range of dates, both included, as short as it is clear.
func (w *words) days(first, last agenda.Date) (string, error) {
	from, err1 := time.Parse(agenda.DateLayout, string(first))
	to, err2 := time.Parse(agenda.DateLayout, string(last))
	if err1 != nil || err2 != nil || !to.After(from) {
		return w.day("date_plain", first)
	}
	if from.Year() == to.Year() && from.Month() == to.Month() {
		return w.Say("date_range_days", append(w.dateParts(from), "last", w.dayNumber(to.Day()))...)
	}
	start, err := w.day("date_plain", first)
	if err != nil {
		return "", err
	}
	end, err := w.day("date_plain", last)
	if err != nil {
		return "", err
	}
	return w.Say("date_range", "from", start, "to", end)
}

// offset gives how far a clock is from UTC: "UTC+7", "UTC−3:30".
func offset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	text := "UTC" + sign + strconv.Itoa(seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		text += fmt.Sprintf(":%02d", minutes)
	}
	return text
}
