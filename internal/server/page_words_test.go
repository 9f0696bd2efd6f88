package server

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestTheLocalesHaveTheSameWords(t *testing.T) {
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	english := all["en"].said
	for lang, w := range all {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(w.said))); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		for key, said := range w.said {
			if strings.TrimSpace(said) == "" {
				t.Errorf("%s: %s says nothing", lang, key)
			}
			if strings.HasPrefix(key, "date_") {
				continue // each language orders a date as it likes
			}
			want, got := placeholder.FindAllString(english[key], -1), placeholder.FindAllString(said, -1)
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s: %s", lang, key, diff)
			}
		}
	}
	for _, role := range agenda.Roles {
		if english["role_"+string(role)] == "" {
			t.Errorf("the role %s has no words", role)
		}
	}
}

func TestDatesAndPlurals(t *testing.T) {
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"en": {"Monday 27 October 2025", "Sat 1 Nov", "27–29 October 2025", "31 October 2025 – 1 November 2025", "27 October 2025", "0 minutes", "1 minute", "2 minutes"},
		"fr": {"lundi 27 octobre 2025", "sam. 1er nov.", "27–29 octobre 2025", "31 octobre 2025 – 1er novembre 2025", "27 octobre 2025", "0 minute", "1 minute", "2 minutes"},
		"vi": {"Thứ Hai, 27 tháng 10, 2025", "T7 1/11", "27–29 tháng 10, 2025", "31 tháng 10, 2025 – 1 tháng 11, 2025", "27 tháng 10, 2025", "0 phút", "1 phút", "2 phút"},
	} {
		w := all[lang]
		var got []string
		add := func(said string, err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
			got = append(got, said)
		}
		add(w.day("date_long", "2025-10-27"))
		add(w.day("date_short", "2025-11-01"))
		add(w.days("2025-10-27", "2025-10-29"))
		add(w.days("2025-10-31", "2025-11-01"))
		add(w.days("2025-10-27", "2025-10-27"))
		for n := range 3 {
			add(w.Count("minutes", n))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
	}
	if _, err := all["en"].Say("no such key"); err == nil {
		t.Error("words that are missing are not noticed")
	}
}

func TestOffsets(t *testing.T) {
	for want, seconds := range map[string]int{"UTC": 0, "UTC+7": 7 * 3600, "UTC−3:30": -12600, "UTC+5:45": 20700} {
		if got := offset(time.Unix(0, 0).In(time.FixedZone("x", seconds))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
