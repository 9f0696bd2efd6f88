package agenda

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReaderPicks(t *testing.T) {
	all := Text{"en": "Hall", "fr": "Salle", "vi": "Hội trường", "pt-BR": "Sala", "zh-Hant": "大廳"}
	some := Text{"fr": "Salle", "vi": "Hội trường"}
	for _, tt := range []struct {
		text     Text
		fallback string
		prefs    []string
		want     string
	}{
		{all, "en", nil, "en"},
		{all, "vi", nil, "vi"},
		{all, "en", []string{"fr"}, "fr"},
		{all, "en", []string{"fr-CA"}, "fr"},
		{all, "en", []string{"pt"}, "pt-BR"},
		{all, "en", []string{"pt-PT"}, "pt-BR"},
		{all, "en", []string{"zh-TW"}, "zh-Hant"},
		{all, "en", []string{"de"}, "en"},
		{all, "vi", []string{"de", "ja"}, "vi"},
		{all, "vi", []string{"de", "fr"}, "fr"},
		{all, "en", []string{"not a tag", "fr"}, "fr"},
		{all, "en", []string{"", "*", "vi"}, "vi"},
		{some, "en", nil, "fr"},
		{some, "en", []string{"de"}, "fr"},
		{some, "vi", []string{"de"}, "vi"},
		{some, "vi", []string{"en", "vi"}, "vi"},
		{Text{"vi": "Một"}, "en", []string{"fr"}, "vi"},
		{Text{}, "en", []string{"fr"}, ""},
		{nil, "en", nil, ""},
	} {
		r := NewReader(tt.fallback, tt.prefs...)
		for range 2 { // the second answer is a remembered one
			content, tag := r.Pick(tt.text)
			if tag != tt.want || content != tt.text[tt.want] || r.String(tt.text) != content {
				t.Errorf("%v for %v, else %s: %q in %q, want %q", tt.text.Languages(), tt.prefs, tt.fallback, content, tag, tt.want)
			}
		}
	}
}

func TestReaderTellsTextsApart(t *testing.T) {
	r := NewReader("en", "vi")
	if r.String(Text{"en": "a", "fr": "b"}) != "a" || r.String(Text{"fr": "c"}) != "c" || r.String(Text{"en": "d", "fr": "e"}) != "d" {
		t.Error("a choice of one text was used for another")
	}
}

func TestTextParts(t *testing.T) {
	text := Text{"vi": "Một", "en": "One"}
	if diff := cmp.Diff([]string{"en", "vi"}, text.Languages()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"fr"}, text.Missing([]string{"en", "fr", "vi"})); diff != "" {
		t.Error(diff)
	}
	if (Text{}).Missing([]string{"en"}) != nil {
		t.Error("an empty text misses nothing")
	}
	clone := text.Clone()
	clone["en"] = "Two"
	if text["en"] != "One" || text.Equal(clone) || !text.Equal(text.Clone()) || !Text(nil).Equal(Text{}) || Text(nil).Clone() != nil {
		t.Error("clone and equal")
	}
	if (Text{"en": "a"}).Equal(Text{"fr": "a"}) || (Text{"en": ""}).Equal(Text{"fr": ""}) || text.Equal(nil) {
		t.Error("texts in other languages are other texts")
	}
}

func TestTextClean(t *testing.T) {
	got := Text{"en": " a\r\nb\rc\u2028d\u0085 ", "fr": " \t\n", "vi": ""}.Clean()
	if diff := cmp.Diff(Text{"en": "a\nb\nc\nd"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if (Text{}).Clean() != nil {
		t.Error("nothing stays nothing")
	}
}

func TestTextCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		text     Text
		required bool
		want     []string
	}{
		"fine":                {Text{"en": "a\n\tb", "zh-Hant-TW": "字", "pt-BR": strings.Repeat("ế", 20)}, true, nil},
		"empty":               {nil, false, nil},
		"empty, but required": {nil, true, []string{"/title"}},
		"bad tags":            {Text{"english!": "a", "EN": "b", "vi-vn": "c", "": "d", "a/b~c": "e"}, true, []string{"/title/", "/title/EN", "/title/a~1b~0c", "/title/english!", "/title/vi-vn"}},
		"bad contents":        {Text{"en": "a\x00b", "fr": "a\xffb", "vi": strings.Repeat("ế", 21)}, true, []string{"/title/en", "/title/fr", "/title/vi"}},
		"old control codes":   {Text{"en": "a\u0085b", "fr": "\x1b[2J", "vi": "a\rb"}, true, []string{"/title/en", "/title/fr", "/title/vi"}},
	} {
		t.Run(name, func(t *testing.T) {
			var f Faults
			tt.text.Check(&f, "/title", 20, tt.required)
			faultsAt(t, f.Err("text"), tt.want...)
		})
	}
}

func TestCheckLanguage(t *testing.T) {
	for _, tag := range []string{"en", "vi", "pt-BR", "zh-Hant", "sr-Latn-RS", "es-419", "de-CH-1996"} {
		if err := CheckLanguage(tag); err != nil {
			t.Error(err)
		}
	}
	for _, tag := range []string{"", "e", "EN", "en_US", "en-us", "english-language-of-the-world", "i-klingon", "vi ", "und-" + strings.Repeat("x", 40)} {
		if err := CheckLanguage(tag); CodeOf(err) != Invalid {
			t.Errorf("%q: %v", tag, err)
		}
	}
}

func TestClip(t *testing.T) {
	if got := clip(strings.Repeat("ế", 61)); got != strings.Repeat("ế", 60)+"…" {
		t.Error(got)
	}
	if got := clip("a\xffb"); got != "a\uFFFDb" {
		t.Errorf("%q", got)
	}
}
