package source

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language/display"

	"plenary/internal/agenda"
)

// formatWords are what programmes call the formats in English, French, German, Vietnamese and Japanese. The first one
// that is in a text decides: registration for a workshop is no workshop, and the keynote after the welcome is one.
var formatWords = []struct {
	format agenda.Format
	words  string
}{
	{agenda.FormatBreak, "registration, check in, checkin, doors open, accueil, inscription, anmeldung, đăng ký, đón tiếp, 受付, 開場"},
	{agenda.FormatKeynote, "keynote, keynotes, plenary talk, discours d’ouverture, 基調講演, キーノート"},
	{agenda.FormatBreak, "break, breaks, coffee, tea, lunch, breakfast, pause, pauses, déjeuner, mittagessen, kaffee, kaffeepause, mittagspause, frühstück, nghỉ, giải lao, ăn trưa, 休憩, ランチ, 昼食"},
	{agenda.FormatSocial, "social, party, afterparty, reception, dinner, drinks, concert, networking, happy hour, karaoke, soirée, réception, cocktail, empfang, konzert, tiệc, giao lưu, 懇親会, パーティ"},
	{agenda.FormatRoundtable, "roundtable, round table, table ronde, runder tisch, bof, birds of a feather, bàn tròn"},
	{agenda.FormatPanel, "panel, panels, podium, podiumsdiskussion, tọa đàm, パネルディスカッション"},
	{agenda.FormatWorkshop, "workshop, workshops, tutorial, tutorials, hands on, lab, labs, codelab, training, masterclass, atelier, ワークショップ, ハンズオン, hội thảo"},
	{agenda.FormatTalk, "talk, talks, lightning, presentation, lecture, conférence, présentation, vortrag, vorträge, báo cáo, bài trình bày"},
	{agenda.FormatCeremony, "ceremony, opening, closing, welcome, farewell, see you, awards, goodbye, ouverture, clôture, cérémonie, eröffnung, abschluss, begrüßung, khai mạc, bế mạc, nghi lễ, 開会, 閉会"},
}

var foldedFormats = sync.OnceValue(func() (folded [][]string) {
	for _, f := range formatWords {
		var words []string
		for _, w := range strings.Split(f.words, ",") {
			words = append(words, fold(w))
		}
		folded = append(folded, words)
	}
	return folded
})

// ourFormats are the names that Plenary gives the formats in its own languages, folded.
var ourFormats = sync.OnceValue(func() map[string]agenda.Format {
	known := map[string]agenda.Format{}
	for format, texts := range agenda.FormatNames {
		for _, s := range texts {
			known[fold(s)] = format
		}
	}
	return known
})

// formatOfWords gives the Format that a kind or a title names, or none.
func formatOfWords(s string) agenda.Format {
	if f := ourFormats()[fold(s)]; f != "" {
		return f
	}
	for i, words := range foldedFormats() {
		if names(s, words...) {
			return formatWords[i].format
		}
	}
	return ""
}

// formatOf gives the Format that a text names in any of its languages.
func formatOf(t Text) agenda.Format {
	var all []string
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		all = append(all, t[tag])
	}
	return formatOfWords(strings.Join(all, " / "))
}

// names says whether a text has one of the folded words in it. Words of scripts without spaces may be anywhere.
func names(s string, words ...string) bool {
	s = " " + fold(s) + " "
	for _, w := range words {
		if strings.Contains(s, " "+w+" ") || w[0] >= 0x80 && strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// strandRank says how much the title of a category is one of tracks: the less the more, 0 not at all.
func strandRank(title string) int {
	switch {
	case names(title, "track", "tracks", "strand", "strands", fold("トラック")):
		return 1
	case names(title, "theme", "themes", "thema", "themen", "thematique", "thematiques", "stream", "streams", "chu de"):
		return 2
	case names(title, "topic", "topics", "sujet", "sujets", fold("トピック")):
		return 3
	}
	return 0
}

// saysFormat says whether the title of a category is one of formats.
func saysFormat(title string) bool {
	return names(title, "format", "formats", "sessionformat", "type", "types", "kind", "hinh thuc")
}

// saysLanguage says whether the title of a category is one of what is spoken, and not of what one programs in or reads.
func saysLanguage(title string) bool {
	return names(title, "language", "languages", "langue", "langues", "sprache", "sprachen", "vortragssprache", "idioma", "ngon ngu", fold("言語")) &&
		!names(title, "programming", "level", "slide", "slides", "material", "materials", "document", "documents", "subtitle", "subtitles", fold("資料"))
}

// languageNames are the languages by what they are called in themselves and in the program's own languages, folded.
var languageNames = sync.OnceValue(func() map[string]string {
	tags := map[string]string{}
	for _, namer := range []display.Namer{display.Self, display.English.Languages(), display.French.Languages(), display.Vietnamese.Languages()} {
		for _, tag := range display.Supported.Tags() {
			base, _ := tag.Base()
			if n := fold(namer.Name(tag)); n != "" && base.String() == tag.String() && tags[n] == "" {
				tags[n] = tag.String()
			}
		}
	}
	return tags
})

var (
	// shortTag is a tag as it may stand for a language: of those of three letters too many are words ("all", "any").
	shortTag       = regexp.MustCompile(`^[A-Za-z]{2}([-_][A-Za-z]{2,4})?$`)
	betweenPhrases = regexp.MustCompile(`[/|,;()&]|\s[-–]\s`)
)

// languageOfName gives the tag of the language that a text names, such as "English", "日本語 / Japanese" or "ja"; empty
// for none and for several.
func languageOfName(s string) string {
	found := ""
	for _, part := range betweenPhrases.Split(s, -1) {
		tag := languageNames()[fold(part)]
		if part = strings.TrimSpace(part); tag == "" && shortTag.MatchString(part) {
			tag = languageTag(part)
		}
		if tag != "" && found != "" && tag != found {
			return ""
		}
		if tag != "" {
			found = tag
		}
	}
	return found
}
