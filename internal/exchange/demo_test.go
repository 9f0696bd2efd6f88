package exchange

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

func demo(t *testing.T) (Bundle, []byte) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "db", "demo", "vidw-2025.json"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := DecodeBundle(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return b, data
}

func TestDemoIsAsTheProgramWritesIt(t *testing.T) {
	b, data := demo(t)
	got := encoded(t, b)
	if *update {
		if err := os.WriteFile(filepath.Join("..", "..", "db", "demo", "vidw-2025.json"), got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), string(got)); diff != "" {
		t.Errorf("(-file +written):\n%s", diff)
	}
	if len(b.Releases) > 0 || len(b.Feeds) > 0 {
		t.Error("the demo has releases or feeds")
	}
}

func panelOf(t *testing.T, b Bundle, number int) agenda.Panel {
	t.Helper()
	i := slices.IndexFunc(b.Draft.Panels, func(p agenda.Panel) bool { return p.Number == number })
	if i < 0 {
		t.Fatalf("there is no panel %d", number)
	}
	return b.Draft.Panels[i]
}

func TestDemoTellsTheFacts(t *testing.T) {
	b, _ := demo(t)
	e := b.Draft.Event
	got := []string{e.Slug, e.Zone, string(e.StartDate), string(e.EndDate), strings.Join(e.Languages, " "),
		e.Name["en"], e.Name["fr"], e.Name["vi"]}
	want := []string{"vidw-2025", "Asia/Ho_Chi_Minh", "2025-10-27", "2025-10-29", "en fr vi", "Vietnam International Digital Week 2025",
		"Semaine numérique internationale du Vietnam 2025", "Tuần lễ Số Quốc tế Việt Nam 2025"}
	if diff := cmp.Diff(want, got, unindexed); diff != "" {
		t.Errorf("the event (-want +got):\n%s", diff)
	}
	one := panelOf(t, b, 1)
	title := agenda.Text{
		"en": "Vietnam's new Digital Technology Industry Law, the upcoming Artificial Intelligence (AI) Law, and the European Union's AI Act",
		"fr": "La nouvelle loi vietnamienne sur l’industrie des technologies numériques, la future loi sur l’intelligence artificielle (IA) et le règlement de l’Union européenne sur l’IA (AI Act)",
		"vi": "Luật Công nghiệp công nghệ số mới của Việt Nam, Luật Trí tuệ nhân tạo (AI) sắp ban hành và Đạo luật AI của Liên minh châu Âu"}
	if diff := cmp.Diff(title, one.Title); diff != "" {
		t.Errorf("title of Panel 1 (-want +got):\n%s", diff)
	}
	if !strings.Contains(one.Abstract["en"], "how to promote an ethical, responsible and trust-based AI") {
		t.Errorf("abstract of Panel 1: %s", one.Abstract["en"])
	}
	if one.Format != agenda.FormatPanel || one.Slot.Day() != "2025-10-27" || one.Slot.Start.Wall.Clock() < "12:00" {
		t.Errorf("Panel 1 is a %s on %v", one.Format, one.Slot.Start)
	}
	names := map[agenda.ID]string{}
	var people []string
	for _, p := range b.Draft.People {
		names[p.ID] = p.Name
		people = append(people, p.Name)
	}
	if diff := cmp.Diff([]string{"Nguyễn Mạnh Hùng", "Bùi Thế Duy", "Julien Guerrier", "Alexandre Zapolsky"}, people); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	speaks := map[string]string{}
	for _, p := range b.Draft.Panels {
		for _, s := range p.AllSpeakers() {
			speaks[p.Code] += names[s.PersonID] + ", " + string(s.Role) + " " + string(s.Status) + "; "
		}
	}
	if diff := cmp.Diff(map[string]string{
		"OPENING":   "Nguyễn Mạnh Hùng, speaker confirmed; ",
		"MINISTERS": "Nguyễn Mạnh Hùng, speaker confirmed; Alexandre Zapolsky, panelist confirmed; ",
		"FORUM":     "Bùi Thế Duy, host confirmed; Julien Guerrier, host confirmed; ",
		"PANEL1":    "Alexandre Zapolsky, panelist confirmed; ",
	}, speaks); diff != "" {
		t.Errorf("who speaks (-want +got):\n%s", diff)
	}
	var meetings []string
	for _, m := range b.Meetings {
		meetings = append(meetings, names[m.Sides[0].Principal()]+" – "+names[m.Sides[1].Principal()])
	}
	if diff := cmp.Diff([]string{"Alexandre Zapolsky – Nguyễn Mạnh Hùng", "Alexandre Zapolsky – Julien Guerrier",
		"Alexandre Zapolsky – Bùi Thế Duy"}, meetings); diff != "" {
		t.Errorf("meetings (-want +got):\n%s", diff)
	}
}

// eachText calls look with every Text below v.
func eachText(v reflect.Value, path string, look func(path string, t agenda.Text)) {
	if t, ok := v.Interface().(agenda.Text); ok {
		look(path, t)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachText(v.Field(i), path+"."+v.Type().Field(i).Name, look)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			eachText(v.Index(i), at(path, i), look)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), path, look)
		}
	}
}

func TestDemoSpeaksThreeLanguages(t *testing.T) {
	b, data := demo(t)
	illustrative := map[string]string{"en": "illustrative", "fr": "à titre d’illustration", "vi": "minh họa"}
	// A French colon, question mark or guillemet without its no-break space, a typewriter's apostrophe.
	badFrench := regexp.MustCompile(`[^\x{202f}\x{a0}:][;?!]|[^\x{a0}]:[^/]|«[^\x{a0}]|[^\x{a0}]»|'| [:;?!»]`)
	n := 0
	eachText(reflect.ValueOf(b), "", func(path string, text agenda.Text) {
		if len(text) == 0 {
			return
		}
		n++
		if missing := text.Missing(b.Draft.Event.Languages); len(missing) > 0 || len(text) != 3 {
			t.Errorf("%s lacks %v: %v", path, missing, text)
		}
		if !text.Clean().Equal(text) {
			t.Errorf("%s is not clean: %v", path, text)
		}
		if bad := badFrench.FindString(text["fr"]); bad != "" {
			t.Errorf("%s: %q in %s", path, bad, text["fr"])
		}
	})
	if n < 70 {
		t.Errorf("only %d texts were looked at", n)
	}
	for _, p := range b.Draft.Panels {
		for tag, word := range illustrative {
			if !strings.Contains(p.Abstract[tag], word) || !strings.Contains(b.Draft.Event.Description[tag], word) {
				t.Errorf("%s does not say in %s what is illustrative: %s", p.Code, tag, p.Abstract[tag])
			}
		}
	}
	// Vietnamese letters are composed ones: decomposed they look alike and are not found.
	if loose := regexp.MustCompile(`\p{Mn}`).Find(data); loose != nil {
		t.Errorf("the file has the combining mark %q", loose)
	}
}

func TestDemoCanBePublished(t *testing.T) {
	b, _ := demo(t)
	d := b.Draft
	board := agenda.NewBoard(d.Event, d.Rooms, d.People, b.Availabilities)
	for _, p := range d.Panels {
		if p.Slot == nil {
			t.Errorf("%s has no slot", p.Code)
		}
		board.Put(p.Item(board.Halls()))
	}
	for _, m := range b.Meetings {
		board.Put(m.Item())
	}
	var found []string
	for _, c := range board.Conflicts() {
		found = append(found, string(c.Severity)+" "+string(c.Kind)+" "+c.Items[0].Code)
	}
	// Who moderated is not public.
	want := []string{"warning no_moderator MINISTERS", "warning no_moderator PANEL1"}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
	at := time.Date(2025, 10, 20, 3, 0, 0, 0, time.UTC)
	r := agenda.Release{Number: 1, Published: at, Snapshot: agenda.NewSnapshot(d, nil)}
	for _, tag := range d.Event.Languages {
		doc := Agenda(r, AgendaOptions{Language: tag})
		if len(doc.Panels) != len(d.Panels) || len(doc.Days) != 3 || len(doc.People) != 4 {
			t.Errorf("%s: %d panels on %d days with %d people", tag, len(doc.Panels), len(doc.Days), len(doc.People))
		}
		for _, p := range doc.Panels {
			if p.TextLanguages["title"] != tag || p.TextLanguages["abstract"] != tag {
				t.Errorf("%s in %s: %v", p.Code, tag, p.TextLanguages)
			}
		}
	}
}
