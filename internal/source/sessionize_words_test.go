package source

import (
	"testing"

	"plenary/internal/agenda"
)

func TestFormatOfWords(t *testing.T) {
	for words, want := range map[string]agenda.Format{
		"Keynote": agenda.FormatKeynote, "Welcome & Keynote": agenda.FormatKeynote, "基調講演": agenda.FormatKeynote,
		"Registration & Check-In": agenda.FormatBreak, "Workshop registration": agenda.FormatBreak, "COFFEE BREAK": agenda.FormatBreak,
		"Nghỉ giải lao": agenda.FormatBreak, "Déjeuner": agenda.FormatBreak, "ランチ休憩": agenda.FormatBreak, "Mittagspause": agenda.FormatBreak,
		"Roundtable Discussion": agenda.FormatRoundtable, "BoF": agenda.FormatRoundtable, "Table ronde": agenda.FormatRoundtable,
		"Panel": agenda.FormatPanel, "Tọa đàm": agenda.FormatPanel, "Podiumsdiskussion": agenda.FormatPanel,
		"Hands-on": agenda.FormatWorkshop, "ワークショップ (90分)": agenda.FormatWorkshop, "Lightning talk": agenda.FormatTalk, "Vortrag": agenda.FormatTalk,
		"Karaoke and Costume Party!": agenda.FormatSocial, "Tiệc chào mừng": agenda.FormatSocial, "懇親会": agenda.FormatSocial,
		"Opening (Day 1)": agenda.FormatCeremony, "Lễ khai mạc": agenda.FormatCeremony, "Eröffnung": agenda.FormatCeremony,
		"": "", "Session": "", "50minutes": "", "Breakthroughs": "", "Talking": "", "Steam": "", "…": "",
	} {
		if got := formatOfWords(words); got != want {
			t.Errorf("%q is %q, want %q", words, got, want)
		}
	}
}

func TestLanguageOfName(t *testing.T) {
	for name, want := range map[string]string{
		"English": "en", "français": "fr", "French": "fr", "Tiếng Việt": "vi", "Vietnamese": "vi", "日本語": "ja", "Japanese": "ja", "Deutsch": "de",
		"tiếng Anh": "en", "anglais": "en", "日本語 / Japanese": "ja", "English (US)": "en", "ja": "ja", "pt-BR": "pt-BR", "한국어": "ko",
		"": "", "Mixed": "", "English / French": "", "any": "", "All levels": "", "Kotlin": "", "both": "", "C": "",
	} {
		if got := languageOfName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestCategoryTitles(t *testing.T) {
	for title, want := range map[string]int{"Track": 1, "Tracks": 1, "トラック": 1, "Theme": 2, "Chủ đề": 2, "トピック / Topic": 3, "Tags": 0, "Level": 0, "": 0, "Backtracking": 0} {
		if got := strandRank(title); got != want {
			t.Errorf("%q is a title of tracks to %d, want %d", title, got, want)
		}
	}
	for title, want := range map[string]bool{"Language": true, "Langue de la session": true, "Ngôn ngữ": true, "発表言語": true, "Programming language": false,
		"発表資料の言語": false, "Language of slides": false, "Level": false} {
		if got := saysLanguage(title); got != want {
			t.Errorf("%q is a title of languages: %t", title, got)
		}
	}
	for title, want := range map[string]bool{"Session format": true, "Session Type": true, "Hình thức": true, "Information": false, "Track": false} {
		if got := saysFormat(title); got != want {
			t.Errorf("%q is a title of formats: %t", title, got)
		}
	}
}
