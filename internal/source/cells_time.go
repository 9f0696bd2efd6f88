package source

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxTimeText is as long as a time can be in words, in bytes.
const maxTimeText = 200

// reading is what a cell says of a time: a day, a reading of the clock, both, or an instant.
type reading struct {
	day   time.Time // at midnight, as if in UTC; zero where the cell names none
	clock time.Duration
	timed bool // clock is told
	at    When // with an offset; then day is the one that it names there
}

// plainText gives a text in small letters and without marks, with all other characters as they are.
func plainText(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r == '–' || r == '—' || r == '−' || r == '‐' || r == '‑':
			b.WriteByte('-')
		case r == '\u00a0' || r == '\u202f':
			b.WriteByte(' ')
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var instants = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04 Z07:00", "2006-01-02 15:04:05 Z0700",
	"2006-01-02 15:04 Z0700"}

// readInstant reads a date and a time with an offset from UTC (RFC 3339, and what spreadsheets make of it).
func readInstant(s string) (reading, bool) {
	s = strings.ToUpper(s)
	if t, utc := strings.CutSuffix(s, "UTC"); utc {
		s = strings.TrimSpace(t) + "Z"
	}
	for _, layout := range instants {
		if t, err := time.Parse(layout, s); err == nil && plannable(t.Year()) {
			t = t.Truncate(time.Second)
			y, m, d := t.Date()
			return reading{day: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), at: Instant(t)}, true
		}
	}
	return reading{}, false
}

// plannable says whether it is a year that package agenda knows.
func plannable(year int) bool { return year >= 1970 && year <= 9998 }

var clock = regexp.MustCompile(`^(\d{1,2})(?: ?[:.hg] ?(\d{2}))?(?::(\d{2})(?:[.,]\d+)?)? ?(h|g|gio|heures?|uhr)? ?(am|pm|a\.m\.|p\.m\.|sa|ch)?$`)

// readClock reads a time of day from a text as plainText has it: "8:00", "08:00:00", "8h30", "8.30", "2:30 pm", "14 uhr".
// "24:00" is the end of the day.
func readClock(s string) (time.Duration, bool) {
	m := clock.FindStringSubmatch(s)
	if m == nil || m[2] == "" && (m[4] == "" && m[5] == "" || m[3] != "") {
		return 0, false
	}
	hour, minute, second := number(m[1]), number(m[2]), number(m[3])
	switch m[5] {
	case "":
	case "am", "a.m.", "sa":
		if hour > 12 {
			return 0, false
		}
		hour %= 12
	default:
		if hour < 12 {
			hour += 12
		}
	}
	d := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return d, minute < 60 && second < 60 && d <= 24*time.Hour
}

// number gives the value of a few digits, 0 for none.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

var (
	isoDay     = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\b)`)
	numericDay = regexp.MustCompile(`\b(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?[/.-] ?(\d{4}|\d{2})\b`)
	wordDay    = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er)?[\s./-]+(?:of |de )?([a-z]{3,9})[\s.,/-]+(\d{4})\b`)
	dayWord    = regexp.MustCompile(`\b([a-z]{3,9})[\s.]+(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})\b`)
	vietDay    = regexp.MustCompile(`\b(\d{1,2})[\s,]+thang (\d{1,2})[\s,]+(?:nam )?(\d{4})\b`)
	weekday    = regexp.MustCompile(`\bthu (?:[2-7]|hai|ba|tu|nam|sau|bay)\b|\bchu nhat\b`)
)

// readDay finds a day in a text as plainText has it, and gives what stands around it. Where the text does not say which
// number is the month, monthFirst does; with full stops between them it is the second one, in all countries.
func readDay(s string, monthFirst bool) (day time.Time, around string, ok bool) {
	year, month, dom := "", 0, ""
	var at []int
	find := func(p *regexp.Regexp) bool { at = p.FindStringSubmatchIndex(s); return at != nil }
	group := func(n int) string { return s[at[2*n]:at[2*n+1]] }
	switch {
	case find(isoDay):
		year, month, dom = group(1), number(group(2)), group(3)
	case find(vietDay):
		dom, month, year = group(1), number(group(2)), group(3)
	case find(numericDay):
		dom, month, year = group(1), number(group(3)), group(4)
		if first := number(dom); group(2) != "." && (month > 12 || monthFirst && first <= 12) {
			dom, month = group(3), first
		}
	case find(wordDay):
		dom, month, year = group(1), months()[group(2)], group(3)
	case find(dayWord):
		month, dom, year = months()[group(1)], group(2), group(3)
	default:
		return day, s, false
	}
	y := number(year)
	if len(year) == 2 {
		y += 2000
	}
	day = time.Date(y, time.Month(month), number(dom), 0, 0, 0, 0, time.UTC)
	if !plannable(y) || day.Month() != time.Month(month) || day.Day() != number(dom) {
		return time.Time{}, s, false
	}
	return day, s[:at[0]] + " " + s[at[1]:], true
}

// months gives the number of a month by its name and abbreviation in English, French and German, without marks.
var months = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for n, names := range []string{"january januar janvier jan janv", "february februar fevrier feb fev fevr febr", "march marz mars mar maerz mrz",
		"april avril apr avr", "may mai", "june juni juin jun", "july juli juillet jul juil", "august aout aug", "september septembre sep sept",
		"october oktober octobre oct okt", "november novembre nov", "december dezember decembre dec dez"} {
		for _, name := range strings.Fields(names) {
			m[name] = n + 1
		}
	}
	return m
})

// filler are the words that stand around days and times and say nothing more: weekdays and prepositions.
var filler = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun " +
		"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so " +
		"lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim ngay luc at um a le the on den t") {
		m[w] = true
	}
	return m
})

// readTime reads what a cell says of a time. Serials are days since a day, as Excel counts them.
func (t table) readTime(s string, monthFirst bool) (reading, bool) {
	if len(s) > maxTimeText {
		return reading{}, false
	}
	if t.serials {
		if r, ok := t.readSerial(s); ok {
			return r, true
		}
	}
	if r, ok := readInstant(s); ok {
		return r, true
	}
	s = plainText(s)
	if d, ok := readClock(s); ok {
		return reading{clock: d, timed: true}, true
	}
	day, around, ok := readDay(s, monthFirst)
	if !ok {
		return reading{}, false
	}
	var rest []string
	for _, w := range strings.Fields(weekday.ReplaceAllString(around, " ")) {
		if w = strings.Trim(w, ",;()"); w != "" && w != "-" && !filler()[strings.TrimSuffix(w, ".")] {
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 {
		return reading{day: day}, true
	}
	d, ok := readClock(strings.Join(rest, " "))
	return reading{day: day, clock: d, timed: true}, ok
}

// readSerial reads a number that Excel shows as a date or a time: days since the table's first one, and a fraction of
// the day. Days that no Event can have are no dates: so the 29th of February 1900, which Excel believes in, is none.
func (t table) readSerial(s string) (reading, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n > 3e6 || math.IsNaN(n) {
		return reading{}, false
	}
	days, fraction := math.Modf(n)
	d := time.Duration(math.Round(fraction*24*60*60)) * time.Second
	if days == 0 {
		return reading{clock: d, timed: true}, true
	}
	if days < 24 && fraction > 0 { // 8.3 is what is left of "8.30" when a spreadsheet takes it for a number
		d, ok := readClock(strconv.FormatFloat(n, 'f', 2, 64))
		return reading{clock: d, timed: true}, ok
	}
	day := t.since.AddDate(0, 0, int(days))
	return reading{day: day, clock: d, timed: fraction > 0}, plannable(day.Year())
}

var length = regexp.MustCompile(`^(?:pt)?(?:(\d{1,3}) ?(?:h|hours?|hrs?|heures?|std|stunden?|gio|g|:)\.? ?)?(?:(\d{1,4}) ?(?:m|mins?|mn|minutes?|minuten|phut|p|'|′)?\.?)?(?::(\d{2}))?$`)

// readLength reads a duration: "1:30", "01:30:00", "90", "90 min", "1h30". What Excel shows as a time is a fraction of a day.
func (t table) readLength(s string) (time.Duration, bool) {
	if len(s) > maxTimeText {
		return 0, false
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && t.serials && n > 0 && n < 1 {
		return time.Duration(math.Round(n*24*60*60)) * time.Second, true
	}
	m := length.FindStringSubmatch(plainText(s))
	if m == nil || m[1] == "" && m[2] == "" {
		return 0, false
	}
	return time.Duration(number(m[1]))*time.Hour + time.Duration(number(m[2]))*time.Minute + time.Duration(number(m[3]))*time.Second, true
}
