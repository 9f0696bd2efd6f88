package source

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
)

// mention is a person in a cell, with the role that the cell itself says; empty: the column's.
type mention struct {
	person Person
	role   agenda.Role
}

const (
	maxMentions   = 500   // Speakers that a Panel may have
	maxPersonText = 4_000 // bytes of a cell about one person
)

// splitPeople reads a cell that names people. Of more than a Panel may have one is given, so that they are noticed.
func splitPeople(cell string) []mention {
	var list []mention
	cell = strings.ReplaceAll(norm.NFC.String(cell), "\u00a0", " ")
	for _, part := range splitCommas(splitNames(cell)) {
		if m := readPerson(part); m.person.Name != "" {
			if list = append(list, m); len(list) > maxMentions {
				break
			}
		}
	}
	return list
}

// splitNames splits a cell at what stands between people, but not within parentheses.
func splitNames(cell string) []string {
	var parts []string
	depth, from := 0, 0
	for i := 0; i < len(cell); {
		switch cell[i] {
		case '(', '<', '[':
			depth++
		case ')', '>', ']':
			depth = max(depth-1, 0)
		}
		n := 0
		if depth == 0 {
			n = separator(cell, i)
		}
		if n == 0 {
			i++
			continue
		}
		parts = append(parts, cell[from:i])
		i += n
		from = i
	}
	if depth > 0 && from == 0 && len(parts) == 0 && strings.ContainsAny(cell, ";\n|") { // a parenthesis that is never closed
		return strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' || r == '|' })
	}
	return append(parts, cell[from:])
}

// words that stand between two people. "und" is none in "von und zu".
var betweenNames = []string{" / ", " & ", " - ", " – ", " và ", " and ", " et ", " und "}

// separator gives the length of what separates people at the place in the cell, 0 for nothing.
func separator(cell string, at int) int {
	switch rest := cell[at:]; rest[0] {
	case ';', '\n', '|':
		return 1
	case ' ':
		for _, word := range betweenNames {
			if strings.HasPrefix(rest, word) && !strings.HasPrefix(rest, " und zu ") {
				return len(word)
			}
		}
		if strings.HasPrefix(rest, " -") && startsWithTitle(rest[2:]) {
			return 2
		}
	case '-':
		if strings.HasPrefix(rest, "- ") && startsWithTitle(rest[2:]) {
			return 2
		}
	}
	return 0
}

func startsWithTitle(s string) bool { return titleLength(strings.TrimLeft(s, " "), false) > 0 }

// suffixes follow a comma and belong to the name before it.
var suffixes = regexp.MustCompile(`^(?i:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|m\.?a|m\.?sc|b\.?sc|b\.?a|ll\.?m|mba|mph|mbbs|frcp\w*|facc|fesc|fscai|rn|esq|cfa|dphil|dr\.? ?h\.?\s?c)\.?$`)

// splitCommas splits parts at commas where all that results looks like people.
func splitCommas(parts []string) []string {
	var all []string
	for _, part := range parts {
		var names []string
		pieces := strings.Split(part, ",")
		people := !strings.ContainsAny(part, "()<>") && len(pieces) > 1
		for _, p := range pieces {
			if p = strings.TrimSpace(p); len(names) > 0 && len(names[len(names)-1]) < agenda.MaxName && suffixes.MatchString(p) {
				names[len(names)-1] += ", " + p
				continue
			} else if p == "" {
				continue
			} else if !fullName(p) {
				people = false
			}
			names = append(names, p)
		}
		if !people {
			names = []string{part}
		}
		all = append(all, names...)
	}
	return all
}

// fullName says whether it looks like a name in full, or has an identity before it: two to six words that begin with a
// capital letter, after the honorific.
func fullName(s string) bool {
	if identified.MatchString(s) {
		return true
	}
	title, rest := splitHonorific(s)
	words := strings.Fields(rest)
	if len(words) > 6 || len(words) < 2 && title == "" {
		return false
	}
	capitals := 0
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(first):
			capitals++
		case strings.Contains(" von van der den de di da del la le du dos bin al el y ", " "+w+" "):
		default:
			return false
		}
	}
	return capitals > 0 && !strings.ContainsFunc(rest, unicode.IsDigit)
}

var (
	identified = regexp.MustCompile(`^(\d{1,10}):\s*(\S.*)$`)
	addressed  = regexp.MustCompile(`\s*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>\s*`)
	explained  = regexp.MustCompile(`^(.*\S)\s*[(\[]([^()\[\]]*)[)\]]$`)
	announced  = regexp.MustCompile(`^([^:\d]{2,30}):\s*(\S.*)$`)
)

// readPerson reads what a cell says of one person: "12:Name", "TS. Name (Organization)", "Name <mail@example.org>",
// "Name (moderator)", "Moderator: Name".
func readPerson(s string) mention {
	m := mention{}
	s = name(clipped(s))
	if g := identified.FindStringSubmatch(s); g != nil {
		m.person.Key, m.person.Serial, s = "id "+g[1], serial(g[1]), g[2]
	}
	if g := announced.FindStringSubmatch(s); g != nil && roleWords()[fold(g[1])] != "" {
		m.role, s = roleWords()[fold(g[1])], g[2]
	}
	if g := addressed.FindStringSubmatch(s); g != nil {
		if agenda.IsEmail(g[1]) {
			m.person.Email = g[1]
		}
		s = strings.TrimSpace(addressed.ReplaceAllLiteralString(s, " "))
	}
	for range 3 {
		g := explained.FindStringSubmatch(s)
		if g == nil {
			break
		}
		if role := roleWords()[fold(g[2])]; role != "" {
			m.role = role
		} else if len(m.person.Organization) == 0 {
			m.person.Organization = plain(shortened(g[2]))
		}
		s = g[1]
	}
	honorific, rest := splitHonorific(strings.Trim(s, " ,-–"))
	m.person.Honorific, m.person.Name = plain(shortened(honorific)), shortened(rest)
	if !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return mention{}
	}
	return m
}

// clipped gives as much of a text as the name of a person, a title, an organization and an address can be.
func clipped(s string) string {
	if len(s) > maxPersonText {
		return strings.ToValidUTF8(s[:maxPersonText], "")
	}
	return s
}

// roleWords gives the roles by what they are called in a cell, folded.
var roleWords = sync.OnceValue(func() map[string]agenda.Role {
	return folded([]string{
		"moderator, moderators, moderation, modérateur, modératrice, điều phối, điều phối viên",
		"panelist, panellist, discussant, panéliste, podium, tham luận",
		"speaker, presenter, referent, referentin, orateur, oratrice, intervenant, intervenante, báo cáo viên, diễn giả",
		"chair, chairs, chairman, chairperson, co chair, vorsitz, président, présidente, chủ tọa, chủ trì",
		"host, gastgeber, gastgeberin, hôte, dẫn chương trình, mc",
		"rapporteur, rapporteure, berichterstatter, berichterstatterin, thư ký",
		"interpreter, dolmetscher, dolmetscherin, interprète, phiên dịch",
	}, agenda.Moderator, agenda.Panelist, agenda.Presenter, agenda.Chair, agenda.Host, agenda.Rapporteur, agenda.Interpreter)
})

// How a title has to be written to be one.
const (
	bare    = iota + 1 // with a full stop or without
	stopped            // with one: "M" may begin a name
	guarded            // without one before two words or more: "TS Eliot" has initials, "TS Bùi Thế Dũng" a doctorate
)

// honorifics are the titles that stand before names: Vietnamese, German, French and English ones, academic, medical and
// civil.
var honorifics = sync.OnceValue(func() map[string]int {
	known := map[string]int{}
	for how, list := range map[int]string{
		bare: "pgs tskh ths bsnt bscki bsckii bsck1 bsck2 ckii ck2 đdcki ttnd ttưt ngnd ngưt ông bà ngài prof professor dr dre herr frau " +
			"monsieur madame mme mlle mr mrs ms miss",
		stopped: "m mm me pr dipl ing mag univ priv doz pd hon amb assoc asst jur sir rev ktv ds dsck1 dsck2 ncs ks cn cnđd ls đd h.e s.e s.e.m s.exc",
		guarded: "gs ts bs cki ck1",
	} {
		for _, w := range strings.Fields(list) {
			known[w] = how
		}
	}
	return known
})

// academic are the words that follow "Dr." and never stand alone.
const academic = " med rer nat phil oec pol iur jur theol habil vet dent agr sc h.c hc mult ing techn "

// splitHonorific takes the titles off the front of a name, as they are written, "PGs.Ts. Nguyễn Văn A" or "Dr. med. Eva
// Muster". A name of which nothing would be left keeps them.
func splitHonorific(s string) (title, rest string) {
	s = strings.TrimSpace(s)
	rest = s
	for after := false; ; after = true {
		n := titleLength(rest, after)
		if n == 0 {
			break
		}
		rest = rest[n:]
	}
	if first, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(first) {
		return "", s
	}
	return strings.TrimRight(s[:len(s)-len(rest)], " -/,"), rest
}

// titleLength gives the length of the title that s begins with, and of what separates it from what follows.
func titleLength(s string, after bool) int {
	word, dots := 0, 0
	for i, r := range s {
		if r == '.' && i > 0 && i <= 6 && dots < 2 && abbreviation(s[:i]) { // "H.E.": the stops are within the word
			dots++
		} else if !unicode.IsLetter(r) && !(i > 0 && unicode.IsDigit(r)) {
			break
		}
		word = i + utf8.RuneLen(r)
	}
	spelled := strings.ToLower(s[:word])
	stop := strings.HasSuffix(spelled, ".")
	spelled = strings.TrimSuffix(spelled, ".")
	n := word
	if !stop && n < len(s) && s[n] == '.' {
		stop, n = true, n+1
	}
	switch how := honorifics()[spelled]; {
	case stop && (how > 0 || after && strings.Contains(academic, " "+spelled+" ")):
	case how == bare && n < len(s) && (s[n] == ' ' || s[n] == '-'):
	case how == guarded && n < len(s) && s[n] == ' ' && severalWords(s[n:]):
	default:
		return 0
	}
	for n < len(s) && strings.IndexByte(" -/,", s[n]) >= 0 {
		n++
	}
	return n
}

func severalWords(s string) bool {
	_, more, _ := strings.Cut(strings.TrimLeft(s, " "), " ")
	return strings.TrimLeft(more, " ") != ""
}

// abbreviation says whether it is single letters with full stops between them.
func abbreviation(s string) bool {
	for _, p := range strings.Split(s, ".") {
		if utf8.RuneCountInString(p) != 1 {
			return false
		}
	}
	return true
}
