package exchange

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

var english = PublicOptions{BaseURL: "https://plenary.example", Language: "en"}

func TestLD(t *testing.T) {
	r := fieldRelease()
	event, err := EventLD(r, english)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ld_event.json", event)
	for _, code := range []string{"P1", "NITE", "LUNCH"} {
		p, _ := r.Snapshot.Panel(code)
		got, err := PanelLD(r, p, english)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "ld_panel_"+strings.ToLower(code)+".json", got)
	}
	// Whatever got into a Snapshot by mistake: who has not confirmed is not named.
	p, _ := r.Snapshot.Panel("P1")
	p.Speakers = []agenda.Speaker{{PersonID: uuid(21), Role: agenda.Presenter, Status: agenda.Invited}}
	p.Interventions = nil
	if got, _ := PanelLD(r, p, english); bytes.Contains(got, []byte("Lan Anh")) {
		t.Errorf("names who is only invited: %s", got)
	}
}

func TestLDOfAnything(t *testing.T) {
	for seed := range uint64(200) {
		for _, r := range newDice(seed).bundle().Releases {
			o := PublicOptions{BaseURL: "https://plenary.example", Language: "fr"}
			b, err := EventLD(r, o)
			if err != nil {
				t.Fatal(err)
			}
			checkLD(t, b)
			for _, p := range r.Snapshot.WithRemoved() {
				b, err := PanelLD(r, *p, o)
				if err != nil {
					t.Fatal(err)
				}
				checkLD(t, b)
				if cancelled := bytes.Contains(b, []byte("EventCancelled")); cancelled != p.Cancelled {
					t.Errorf("cancelled: %t in %s", p.Cancelled, b)
				}
			}
		}
	}
}

// checkLD checks what search engines require of an event, and that nothing of a text can end the script element.
func checkLD(t *testing.T, b []byte) {
	t.Helper()
	if bytes.ContainsAny(b, "<>&\u2028\u2029") {
		t.Errorf("not safe in a script: %s", b)
	}
	var e struct {
		Context string `json:"@context"`
		Type    string `json:"@type"`

		Name, URL, StartDate, EndDate    string
		EventStatus, EventAttendanceMode string
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	if e.Context != "https://schema.org" || e.Type != "Event" || e.Name == "" || !strings.HasPrefix(e.URL, "https://plenary.example/event-1/") ||
		!strings.HasPrefix(e.EventStatus, "https://schema.org/Event") || !strings.HasSuffix(e.EventAttendanceMode, "EventAttendanceMode") {
		t.Errorf("incomplete: %s", b)
	}
	if start, end := ldTime(t, e.StartDate), ldTime(t, e.EndDate); end.Before(start) && len(e.EndDate) > 10 {
		t.Errorf("ends before it starts: %s", b)
	}
}

func ldTime(t *testing.T, s string) time.Time {
	t.Helper()
	layout := time.RFC3339
	if len(s) == len(agenda.DateLayout) {
		layout = agenda.DateLayout
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		t.Errorf("%q is no date", s)
	}
	return at
}

func TestLDIsSafeInAScript(t *testing.T) {
	r := fieldRelease()
	p, _ := r.Snapshot.Panel("P1")
	const evil = "</script><!--\u2028\u2029&amp;"
	p.Title, p.StreamURL = agenda.Text{"en": evil}, "https://example.org/?</script>"
	got, err := PanelLD(r, p, english)
	if err != nil {
		t.Fatal(err)
	}
	var e struct{ Name string }
	if err := json.Unmarshal(got, &e); err != nil || e.Name != evil || bytes.ContainsAny(got, "<>&\u2028\u2029") {
		t.Errorf("%q in %s, %v", e.Name, got, err)
	}
}

func TestGiggityEntry(t *testing.T) {
	got, err := GiggityEntry(fieldRelease(), english)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "giggity.json", got)
	r := fieldRelease()
	r.Snapshot.Event.Name = agenda.Text{"en": "Forum", "fr": "Le forum"}
	r.Snapshot.Event.Languages = []string{"en", "fr"}
	for language, want := range map[string][2]string{"": {"Forum", ""}, "en": {"Forum", ""}, "fr": {"Le forum", "?lang=fr"}, "tlh": {"Forum", ""}} {
		got, err := GiggityEntry(r, PublicOptions{BaseURL: "https://plenary.example", Language: language})
		if err != nil {
			t.Fatal(err)
		}
		var entry struct{ Title, URL string }
		if err := json.Unmarshal(got, &entry); err != nil || entry.Title != want[0] || entry.URL != "https://plenary.example/forum/schedule.xml"+want[1] {
			t.Errorf("%q: %+v, %v", language, entry, err)
		}
	}
}

func TestGiggityEntryOfAnything(t *testing.T) {
	schema := giggitySchema(t)
	for _, slug := range []string{"a", "abc", "abcd", strings.Repeat("a", 32), strings.Repeat("a-b", 11), strings.Repeat("x", 60), "2025"} {
		for _, at := range []string{"1999-01-01", "2026-11-25", "2099-01-01"} {
			for _, number := range []int{1, 99, 100, 12345} {
				r := fieldRelease()
				r.Snapshot.Event.Slug, r.Number = slug, number
				r.Published, _ = time.Parse(agenda.DateLayout, at)
				b, err := GiggityEntry(r, english)
				if err != nil {
					t.Fatal(err)
				}
				var entry map[string]any
				if err := json.Unmarshal(b, &entry); err != nil {
					t.Fatal(err)
				}
				schema(t, entry)
			}
		}
	}
}

func TestGiggityVersion(t *testing.T) {
	r := fieldRelease()
	for _, c := range []struct {
		at           string
		number, want int
	}{{"2026-11-24T18:00:00Z", 3, 2026112503 /* it is the next day in Viet Nam */}, {"2026-11-24T16:00:00Z", 103, 2026112403},
		{"1999-01-01T00:00:00Z", 1, 2008010100}, {"2099-01-01T00:00:00Z", 1, 2029123199}} {
		r.Published, _ = time.Parse(time.RFC3339, c.at)
		r.Number = c.number
		if got := giggityVersion(r); got != c.want {
			t.Errorf("%s: version %d, want %d", c.at, got, c.want)
		}
	}
}

func TestGiggityID(t *testing.T) {
	pattern, seen := regexp.MustCompile(`^[a-z0-9-_]{4,32}$`), map[string]bool{}
	for _, e := range []agenda.Event{{ID: uuid(1), Slug: "abc"}, {ID: uuid(2), Slug: "abc"}, {ID: uuid(1), Slug: "a"}, {ID: uuid(1), Slug: "abcd"},
		{ID: uuid(1), Slug: strings.Repeat("a", 32)}, {ID: uuid(1), Slug: strings.Repeat("a", 33)}, {ID: uuid(1), Slug: strings.Repeat("a-b", 20)}} {
		id := giggityID(e)
		if !pattern.MatchString(id) || seen[id] || len(e.Slug) >= 4 && len(e.Slug) <= 32 && id != e.Slug {
			t.Errorf("%s: %s", e.Slug, id)
		}
		seen[id] = true
	}
}

// giggitySchema gives a check by the rules of Giggity's schema for an entry, as far as entries have to do with them.
func giggitySchema(t *testing.T) func(*testing.T, map[string]any) {
	t.Helper()
	var schema struct {
		Properties struct {
			Schedules struct {
				Items struct {
					Properties map[string]struct {
						Type, Pattern    string
						Minimum, Maximum float64
					}
					Required []string
				}
			}
		}
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "schemas", "giggity-menu.schema.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	item := schema.Properties.Schedules.Items
	return func(t *testing.T, entry map[string]any) {
		t.Helper()
		for _, name := range item.Required {
			if entry[name] == nil {
				t.Errorf("%s is missing in %v", name, entry)
			}
		}
		for name, value := range entry {
			rule, known := item.Properties[name]
			switch v := value.(type) {
			case string:
				if rule.Type != "string" || !regexp.MustCompile(rule.Pattern).MatchString(v) {
					t.Errorf("%s is %q", name, v)
				}
			case float64:
				if rule.Type != "integer" || v < rule.Minimum || v > rule.Maximum {
					t.Errorf("%s is %v", name, v)
				}
			}
			if !known {
				t.Errorf("the schema has no %s", name)
			}
		}
	}
}

func TestGiggityLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://plenary.example/forum/schedule.xml":         "https://ggt.gaa.st/#url=https%3A%2F%2Fplenary.example%2Fforum%2Fschedule.xml",
		"https://plenary.example/forum/schedule.xml?a=1&b=+": "https://ggt.gaa.st/#url=https%3A%2F%2Fplenary.example%2Fforum%2Fschedule.xml%3Fa%3D1%26b%3D%2B",
	} {
		if got := GiggityLink(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
