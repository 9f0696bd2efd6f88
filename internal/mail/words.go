package mail

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"plenary/web"
)

// languages are those that letters are written in. Who understands none of them is written to in the first.
var languages = []string{"en", "fr", "vi"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.French, language.Vietnamese})

// words are the program's words in one language.
type words struct {
	lang string
	said map[string]string
}

// allWords reads the locales, once.
var allWords = sync.OnceValues(func() ([]words, error) {
	all := make([]words, len(languages))
	for i, lang := range languages {
		said, err := web.Words(lang)
		if err != nil {
			return nil, err
		}
		all[i] = words{lang, said}
	}
	return all, nil
})

// wordsFor gives the words in the language that suits the tag best.
func wordsFor(tag string) (words, error) {
	all, err := allWords()
	if err != nil {
		return words{}, err
	}
	_, i, _ := matcher.Match(language.Make(tag))
	return all[i], nil
}

// say gives the words for a key. Each name and value that follows replaces "{name}" in them, once: what is in a value
// stays as it is.
func (w words) say(key string, pairs ...string) string {
	var said strings.Builder
	rest := w.said[key]
	for {
		before, name, open := strings.Cut(rest, "{")
		said.WriteString(before)
		if !open {
			return said.String()
		}
		name, after, closed := strings.Cut(name, "}")
		value, known := "", false
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				value, known = pairs[i+1], true
				break
			}
		}
		if !closed || !known { // a brace that is only a brace
			said.WriteByte('{')
			rest = rest[len(before)+1:]
			continue
		}
		said.WriteString(value)
		rest = after
	}
}

// when tells a time by the clock of the zone: "Monday 27 October 2025, 14:00 (Asia/Ho_Chi_Minh, UTC+7)". A zone that
// is not known is UTC.
func (w words) when(at time.Time, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		loc = time.UTC
	}
	t := at.In(loc)
	clock := "UTC"
	if loc != time.UTC {
		clock = loc.String() + ", " + t.Format("UTC-07:00")
	}
	return w.say("mail_time", "date", w.date(t), "time", t.Format("15:04"), "zone", clock)
}

// date tells the day of a time by the clock that it has: "Monday 27 October 2025".
func (w words) date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = w.said["day_first"]
	}
	return w.say("date_long", "day", day, "year", strconv.Itoa(t.Year()), "month", w.said[fmt.Sprintf("month_%02d", t.Month())],
		"weekday", w.said["weekday_"+strconv.Itoa(int(t.Weekday()))])
}
