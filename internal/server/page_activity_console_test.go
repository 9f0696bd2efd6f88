package server

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// verbsOfTheLog gives the verbs of all activities, read in the source of package app, whose own test sees that each is told.
func verbsOfTheLog(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../app/*.go")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`"((?:` + strings.Join(activityNouns, "|") + `)\.[a-z_]+)"`)
	var verbs []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range literal.FindAllSubmatch(source, -1) {
			verbs = append(verbs, string(found[1]))
		}
	}
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

// Whoever adds a verb says here what it is called.
func TestEveryVerbHasWords(t *testing.T) {
	verbs := verbsOfTheLog(t)
	if len(verbs) < 60 {
		t.Fatalf("only %d verbs were found: %v", len(verbs), verbs)
	}
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	for lang, w := range all {
		for _, verb := range verbs {
			if w.said[verbKey(verb)] == "" {
				t.Errorf("%s: no words for %s", lang, verb)
			}
		}
		for key := range w.said {
			if verb, ours := strings.CutPrefix(key, "did_"); ours && !slices.Contains(verbs, strings.Replace(verb, "_", ".", 1)) {
				t.Errorf("%s: %s is no verb", lang, key)
			}
		}
		for _, verb := range agenda.EventVerbs {
			if w.said["right_"+string(verb)] == "" {
				t.Errorf("%s: no words for the right %s", lang, verb)
			}
		}
	}
}

func TestActivityInTheConsole(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		f := furnishEvent(h, forum)
		b, _ := h.memberTab("editor@example.org", agenda.Editor)
		keeper, _ := h.memberTab("keeper@example.org", agenda.Owner, agenda.Protocol)
		h.must(200, h.ask(h.write, "PUT", "/api/v1/events/"+forum+"/panels/"+f.ids["panel"]+"/slot", `{"room":"`+f.ids["room2"]+`","start":"2025-10-27T14:00","end":"2025-10-27T15:00"}`, whatever))
		lines := func(b *tab, query string) string {
			page := h.must(200, b.open(accessAt+"/activity"+query)).Body
			_, list, _ := strings.Cut(page, `<section aria-labelledby="d`)
			return textOfPage("<p " + list)
		}
		for query, want := range map[string]string{
			"?verb=panel.move&lang=en": `Wednesday 1 October 2025 15:00 The program vidw-2025 write moved a panel: Opening from 192.0.2.1`,
			"?verb=panel.move&lang=fr": "mercredi 1er octobre 2025 15:00 Le programme vidw-2025 write a déplacé un panel : Opening depuis 192.0.2.1",
			"?verb=panel.move&lang=vi": "Thứ Tư, 1 tháng 10, 2025 15:00 Chương trình vidw-2025 write đã chuyển một phiên: Opening từ 192.0.2.1",
			"?verb=link&lang=en":       "made a personal link: Lan Anh",
			"?verb=release&lang=fr":    "a publié une version, numéro : 1",
			"?verb=person&lang=vi":     "đã thêm một người: Marie Curie",
			"?verb=token&lang=en":      "made a token: spare",
		} {
			if got := lines(b, query); !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		b.says(b.open(accessAt+"/activity?verb=panel.move&lang=en"), "1 field</summary>", `<th scope="row" lang="en">slot</th><td>end: 2025-10-27T10:00:00&#43;07:00 · room: Hall · start:`, "room: Annex", `?actor=`, `/activity.csv?verb=panel.move"`)
		// Of meetings, editors learn that there was something.
		got, all := lines(b, "?verb=meeting"), lines(keeper, "?verb=meeting")
		if !strings.Contains(got, "asked for a meeting") || strings.Contains(got, "principal") || !strings.Contains(all, "principal") {
			t.Errorf("an editor reads %q, a protocol officer %q", got, all)
		}
		for _, query := range []string{"?outcome=refused", "?from=2025-10-02", "?to=2025-09-30", "?verb=nothing", "?subject=none&actor=none"} {
			b.says(h.must(200, b.open(accessAt+"/activity"+query)), "Nothing like that was done.")
		}
		h.must(200, b.open(accessAt+"/activity?from=x&to=y&outcome=z&verb=%00&after=&lang=xx"))
		if got := lines(b, "?from=2025-10-01&to=2025-10-01&subject="+f.ids["room2"]); !strings.Contains(got, "added a room: Annex") || strings.Contains(got, "Opening") {
			t.Error(got)
		}
	})
}

// What erased people did stays, and names nobody.
func TestErasedInTheActivity(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	b, _ := h.memberTab(owner, agenda.Owner)
	h.must(200, b.submit(accessAt+"/people/"+f.ids["person"]+"/erase", "revision", "1", "confirm", "Lan Anh"))
	page := b.open(accessAt + "/activity?verb=link&lang=vi")
	b.says(page, "đã tạo liên kết cá nhân", "[đã xóa]")
	h.lacks(page, "Lan Anh")
}
