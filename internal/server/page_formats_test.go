package server

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// giggity is how an address begins that opens another in that app.
const giggity = "https://ggt.gaa.st/#url="

// ldOf gives the one block of JSON-LD of a page, "" for none.
func ldOf(t *testing.T, page string) string {
	t.Helper()
	blocks := ldBlock.FindAllStringSubmatch(page, -1)
	if n := strings.Count(page, "ld+json"); n != len(blocks) || n > 1 {
		t.Fatalf("%d blocks, %d of them whole", n, len(blocks))
	}
	if len(blocks) == 0 {
		return ""
	}
	return blocks[0][1]
}

func TestPagesTellMachinesWhatTheyShow(t *testing.T) {
	s := newStage(t)
	release, err := s.app.Published(context.Background(), forum)
	s.check(err)
	for _, lang := range programLanguages {
		o := exchange.PublicOptions{BaseURL: base, Language: lang}
		want, err := exchange.EventLD(*release, o)
		s.check(err)
		if diff := cmp.Diff(string(want), ldOf(t, s.must(200, s.get("/vidw-2025/", header{"Accept-Language", lang})).Body)); diff != "" {
			t.Errorf("the agenda in %s: %s", lang, diff)
		}
		for _, code := range []string{"PANEL1", "NIGHT", string(s.talk.ID)} {
			p, _ := release.Snapshot.Panel(code)
			want, err := exchange.PanelLD(*release, p, o)
			s.check(err)
			if diff := cmp.Diff(string(want), ldOf(t, s.must(200, s.get("/vidw-2025/panels/"+code+"?lang="+lang)).Body)); diff != "" {
				t.Errorf("%s in %s: %s", code, lang, diff)
			}
		}
	}
	for name, path := range s.pageAddresses() {
		told := ldOf(t, s.get(path, browser).Body) != ""
		if want := name == "agenda" || name == "panel" || name == "off"; told != want {
			t.Errorf("%s has JSON-LD: %t", name, told)
		}
	}
}

// What organizers write is text for machines too: it comes out as it was written, and nothing of it is markup.
func TestNoTextBreaksOutOfTheData(t *testing.T) {
	s := newStage(t)
	page := s.must(200, s.get("/vidw-2025/panels/PANEL1?lang=en")).Body
	var told struct{ Name, Description string }
	s.check(json.Unmarshal([]byte(ldOf(t, page)), &told))
	if diff := cmp.Diff("Laws "+hostile, told.Name); diff != "" || told.Description != "First.\n\nSecond "+hostile {
		t.Errorf("%s %q", diff, told.Description)
	}
	if strings.Contains(page, "<img") || strings.Contains(page, "<script>") {
		t.Error("a text became markup")
	}
	for _, bad := range []string{`{"name":"</script>"}`, `{"name":"<!--"}`, `{"name":"&lt;"}`, "{\"name\":\"\u2028\"}", "{\"name\":\"\u2029\"}",
		`{}; alert(1)`, `{"name":`, ``, `alert(1)`} {
		if block, err := dataBlock([]byte(bad)); err == nil || block != "" {
			t.Errorf("%q is let in", bad)
		}
	}
	if block, err := dataBlock([]byte(`{"name":"\u003c/script>"}`)); err == nil {
		t.Errorf("%q is let in", block)
	}
	if block, err := dataBlock([]byte(`{"name":"\u003c/script\u003e"}`)); err != nil || block != `{"name":"\u003c/script\u003e"}` {
		t.Errorf("%q, %v", block, err)
	}
}

func TestTheAgendaPageLeadsToTheFormats(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct{ path, accepted, query, title, links string }{
		{"/vidw-2025/", "en", "", "Digital Week: changes", "Changes as an Atom feed|Agenda as schedule.xml|Agenda as schedule.json"},
		{"/vidw-2025/", "fr", "?lang=fr", "Semaine du numérique\u00a0: modifications", "Changements en flux Atom|Programme en schedule.xml|Programme en schedule.json"},
		{"/vidw-2025/releases/1?lang=vi", "fr", "?lang=vi", "Tuần lễ số: các thay đổi", "Thay đổi dạng nguồn tin Atom|Chương trình dạng schedule.xml|Chương trình dạng schedule.json"},
		{"/vidw-2025/?lang=en", "fr", "?lang=en", "Digital Week: changes", "Changes as an Atom feed|Agenda as schedule.xml|Agenda as schedule.json"},
	} {
		page := s.must(200, s.get(c.path, header{"Accept-Language", c.accepted})).Body
		feed := "/vidw-2025/changes.atom" + c.query
		texts := strings.Split(c.links, "|")
		for _, want := range []string{`<link rel="alternate" type="application/atom&#43;xml" title="` + c.title + `" href="` + feed + `">`,
			`<li><a href="` + feed + `">` + texts[0] + `</a></li>`,
			`<li><a href="/vidw-2025/schedule.xml` + c.query + `">` + texts[1] + `</a></li>`,
			`<li><a href="/vidw-2025/schedule.json` + c.query + `">` + texts[2] + `</a></li>`} {
			if !strings.Contains(strings.ReplaceAll(page, "atom+xml", "atom&#43;xml"), want) {
				t.Errorf("%s lacks %s", c.path, want)
			}
		}
		var told struct {
			Title string `xml:"title"`
		}
		s.check(xml.Unmarshal([]byte(s.must(200, s.get(feed)).Body), &told))
		if told.Title != c.title {
			t.Errorf("the page calls the feed %q, the feed itself %q", c.title, told.Title)
		}
	}
	for name, path := range s.pageAddresses() {
		if led := strings.Contains(s.get(path, browser).Body, "changes.atom"); led != (name == "agenda" || name == "release") {
			t.Errorf("%s leads to the feed of changes: %t", name, led)
		}
	}
}

// The program speaks languages that an agenda is not in: its page leads to nothing that is refused.
func TestTheFormatsOfAnAgendaInOtherLanguages(t *testing.T) {
	s := newStage(t)
	_, _, err := s.app.CreateEvent(context.Background(), s.system(), agenda.Event{Slug: "tagung", Name: agenda.Text{"de": "Tagung", "en": "Meeting"},
		Zone: "Europe/Berlin", StartDate: "2026-03-01", EndDate: "2026-03-01", Languages: []string{"de", "en"}}, app.Once{})
	s.check(err)
	_, err = s.app.Publish(context.Background(), s.system(), "tagung", nil, nil, app.Once{})
	s.check(err)
	for asked, want := range map[string][]string{
		"?lang=fr": {"agenda.json?lang=en", "changes.atom?lang=fr", "schedule.xml?lang=en", "schedule.json?lang=en"},
		"?lang=de": {"agenda.json?lang=de", "changes.atom?lang=de", "schedule.xml?lang=de", "schedule.json?lang=de"},
		"?lang=ja": {"agenda.json", "changes.atom?lang=en", "schedule.xml?lang=en", "schedule.json?lang=en"},
		"":         {"agenda.json", "changes.atom?lang=en", "schedule.xml?lang=en", "schedule.json?lang=en"},
	} {
		page := s.must(200, s.get("/tagung/"+asked, header{"Accept-Language", "en"})).Body
		for _, path := range want {
			if !strings.Contains(page, `<li><a href="/tagung/`+path+`">`) {
				t.Errorf("%q does not lead to %s", asked, path)
			}
			s.must(200, s.get("/tagung/"+path))
		}
	}
	german := s.must(200, s.get("/tagung/", header{"Accept-Language", "de"})).Body
	for _, path := range []string{"agenda.json", "changes.atom", "schedule.xml", "schedule.json"} {
		if !strings.Contains(german, `<li><a href="/tagung/`+path+`">`) {
			t.Errorf("what is in the agenda's own language is not led to at %s", path)
		}
	}
}

func TestTheAppsOnTheSubscribePage(t *testing.T) {
	s := newStage(t)
	for query, schedule := range map[string]string{"": "/vidw-2025/schedule.xml", "?lang=vi&cancelled=hide": "/vidw-2025/schedule.xml?lang=vi"} {
		page := s.must(200, s.get("/vidw-2025/subscribe"+query, header{"Accept-Language", "en"})).Body
		for _, want := range []string{`<p><a class="button" href="` + giggity + url.QueryEscape(base+schedule) + `">`,
			`<input id="schedule" type="url" readonly value="` + html.EscapeString(base+schedule) + `" autocomplete="off" spellcheck="false">`,
			`data-copy="schedule"`, ` <a href="https://agenda.example/vidw-2025/giggity.json">giggity.json</a></p>`} {
			if !strings.Contains(page, want) {
				t.Errorf("%q lacks %s", query, want)
			}
		}
		var told struct {
			Conference struct {
				Title string `xml:"title"`
			} `xml:"conference"`
		}
		s.check(xml.Unmarshal([]byte(s.must(200, s.get(schedule)).Body), &told))
		if want := map[bool]string{true: "Tuần lễ số", false: "Digital Week"}[query != ""]; told.Conference.Title != want {
			t.Errorf("%q leads to the schedule of %q", query, told.Conference.Title)
		}
	}
	for lang, want := range map[string]string{"en": "In an app for conferences", "fr": "Dans une application pour conférences", "vi": "Trong ứng dụng dành cho hội nghị"} {
		if page := s.get("/vidw-2025/subscribe?lang=" + lang).Body; !strings.Contains(page, `<h2 id="apps">`+want+`</h2>`) {
			t.Errorf("the page in %s lacks %q", lang, want)
		}
	}
	entry := decode[struct{ URL string }](t, s.must(200, s.get("/vidw-2025/giggity.json")))
	if entry.URL != base+"/vidw-2025/schedule.xml" {
		t.Error(entry.URL)
	}
	for name, path := range s.pageAddresses() {
		if has := regexp.MustCompile(`(?i)giggity`).MatchString(s.get(path, browser).Body); has != (name == "subscribe") {
			t.Errorf("%s speaks of the apps: %t", name, has)
		}
	}
}

func TestPagesTellMachinesOfTheLatestReleaseOnly(t *testing.T) {
	s := newStage(t)
	agendaOne, panelOne := s.get("/vidw-2025/?lang=en"), s.get("/vidw-2025/panels/PANEL1?lang=en")
	for _, a := range []answer{agendaOne, panelOne} {
		told := ldOf(t, a.Body)
		for _, secret := range []string{canary, "@example.org"} {
			if told == "" || strings.Contains(told, secret) {
				t.Errorf("what is not public is told: %s", told)
			}
		}
	}
	s.must(404, s.get("/vidw-2025/panels/DRAFT1"))
	s.pass(time.Hour)
	s.publish(nil)
	a := s.must(200, s.get("/vidw-2025/?lang=en", header{"If-None-Match", agendaOne.Header.Get("ETag")}))
	told := ldOf(t, a.Body)
	if told == ldOf(t, agendaOne.Body) || !strings.Contains(told, canary+" not yet published") {
		t.Errorf("the page tells of an old release: %s", told)
	}
	if told := ldOf(t, s.must(200, s.get("/vidw-2025/panels/DRAFT1")).Body); !strings.Contains(told, canary+" not yet published") {
		t.Errorf("the new panel: %s", told)
	}
	for _, path := range []string{"/vidw-2025/releases/1", "/vidw-2025/releases/2"} {
		if told := ldOf(t, s.must(200, s.get(path)).Body); told != "" {
			t.Errorf("%s tells of %s", path, told)
		}
	}
}
