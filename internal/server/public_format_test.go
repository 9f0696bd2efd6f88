package server

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// The formats of the field have the bytes that package exchange makes of the latest release, and of each.
func TestFormats(t *testing.T) {
	s := newStage(t)
	first, err := s.app.Published(context.Background(), forum)
	s.check(err)
	_, err = s.app.MovePanel(context.Background(), s.system(), forum, app.Move{PanelID: s.talk.ID, Match: app.Match{Any: true},
		Slot: &app.SlotRequest{RoomID: s.hall, Start: "2025-10-27T16:00", End: "2025-10-27T17:00"}})
	s.check(err)
	before := map[string]string{}
	for _, f := range exchange.PublicFormats {
		before[f.Path] = s.must(200, s.get("/vidw-2025/"+f.Path)).Header.Get("ETag")
	}
	s.pass(1e9 * 3600)
	s.republish()
	second, err := s.app.Published(context.Background(), forum)
	s.check(err)
	for _, f := range exchange.PublicFormats {
		for path, release := range map[string]*agenda.Release{"/vidw-2025/" + f.Path: second, "/vidw-2025/releases/1/" + f.Path: first, "/vidw-2025/releases/2/" + f.Path: second} {
			old := strings.Contains(path, "/releases/")
			if f.Current && old {
				s.must(404, s.get(path))
				continue
			}
			for _, language := range []string{"", "vi"} {
				asked := path
				if language != "" {
					asked += "?lang=" + language
				}
				a := s.must(200, s.get(asked))
				want, err := f.Write(*release, exchange.PublicOptions{BaseURL: base, Language: language})
				s.check(err)
				if a.Body != string(want) {
					t.Errorf("%s is not what the release comes to", asked)
				}
				cache := cacheLatest
				if old {
					cache = cacheRelease
				}
				if diff := cmp.Diff(map[string]string{"Content-Type": f.Media, "Cache-Control": cache, "Access-Control-Allow-Origin": "*"},
					only(a, "Content-Type", "Cache-Control", "Access-Control-Allow-Origin")); diff != "" {
					t.Errorf("%s: %s", asked, diff)
				}
				if tellsTooMuch(a.Body) || !strings.Contains(f.Media, "json") && xml.Unmarshal([]byte(a.Body), new(struct{})) != nil ||
					strings.Contains(f.Media, "json") && !json.Valid([]byte(a.Body)) {
					t.Errorf("%s tells too much, or is broken:\n%.300s", asked, a.Body)
				}
				s.must(304, s.get(asked, header{"If-None-Match", a.Header.Get("ETag")}))
			}
		}
		if now := s.get("/vidw-2025/" + f.Path).Header.Get("ETag"); now == before[f.Path] && !strings.HasSuffix(f.Path, "Speakers") {
			t.Errorf("%s did not change with the release", f.Path)
		}
		for asked, status := range map[string]int{"?lang=xx-nothing-at-all": 400, "?lang=": 400, "?day=2025-10-27": 400} {
			s.must(status, s.get("/vidw-2025/"+f.Path+asked))
		}
		s.must(404, s.get("/nothing/"+f.Path))
		s.must(204, s.ask("", http.MethodOptions, "/vidw-2025/"+f.Path, nil))
	}
}

// What identifies a session for an app stays from release to release.
func TestFormatsKeepIdentities(t *testing.T) {
	s := newStage(t)
	ids := func() map[string]string {
		var doc struct {
			Events []struct {
				ID    string `xml:"id,attr"`
				GUID  string `xml:"guid,attr"`
				Title string `xml:"title"`
			} `xml:"day>room>event"`
		}
		s.check(xml.Unmarshal([]byte(s.must(200, s.get("/vidw-2025/schedule.xml")).Body), &doc))
		found := map[string]string{}
		for _, e := range doc.Events {
			found[e.GUID] = e.ID
		}
		return found
	}
	before := ids()
	s.check(s.app.DeletePanel(context.Background(), s.system(), forum, app.Match{Any: true}, s.opening.ID))
	_, err := s.app.CreatePanel(context.Background(), s.system(), forum, agenda.Panel{Format: agenda.FormatTalk, Title: agenda.Text{"en": "New"}},
		&app.SlotRequest{RoomID: s.hall, Start: "2025-10-28T10:00", End: "2025-10-28T11:00"}, app.Once{})
	s.check(err)
	s.republish()
	after := ids()
	gone := before[string(s.opening.ID)]
	if before[string(s.talk.ID)] == "" || before[string(s.talk.ID)] != after[string(s.talk.ID)] || gone == "" || after[string(s.opening.ID)] != "" {
		t.Errorf("before %v, after %v", before, after)
	}
	for guid, id := range after {
		if id == gone {
			t.Errorf("%s got the number of what was deleted", guid)
		}
	}
}

func TestChangesAtom(t *testing.T) {
	s := newStage(t)
	s.pass(1e9)
	s.publish(agenda.Text{"en": "Second"})
	all, err := s.app.PublishedHistory(context.Background(), forum, 2)
	s.check(err)
	for _, language := range []string{"", "fr", "vi"} {
		path := "/vidw-2025/changes.atom"
		if language != "" {
			path += "?lang=" + language
		}
		want, err := exchange.ChangesAtom(base, all, language)
		s.check(err)
		if a := s.must(200, s.get(path)); a.Body != string(want) || a.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || strings.Count(a.Body, "<entry>") != 2 {
			t.Errorf("%s: %v\n%.500s", path, a.Header, a.Body)
		}
	}
	s.must(400, s.get("/vidw-2025/changes.atom?lang=zz-nothing"))
	s.must(404, s.get("/nothing/changes.atom"))
}

// Tables are for those who may read meetings, and have what organizers know.
func TestTables(t *testing.T) {
	s := newStage(t)
	for _, f := range exchange.TableFormats {
		path := "/api/v1/events/vidw-2025/tables/" + f.File
		a := s.must(200, s.ask(s.read, http.MethodGet, path, nil))
		if diff := cmp.Diff(map[string]string{"Content-Type": f.Media, "Content-Disposition": fmt.Sprintf("attachment; filename=%q", "vidw-2025-"+f.File),
			"Cache-Control": "private, no-cache"}, only(a, "Content-Type", "Content-Disposition", "Cache-Control")); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if zipped := strings.HasPrefix(a.Body, "PK"); zipped != strings.HasSuffix(f.File, "xlsx") || !zipped && !strings.HasPrefix(a.Body, "\ufeff") {
			t.Errorf("%s begins with %q", path, a.Body[:10])
		}
		s.must(401, s.get(path))
		if f.File == "panels.csv" {
			s.newEvent("other")
		}
		s.must(404, s.ask(s.newToken("other", agenda.ReadVerbs, nil), http.MethodGet, path, nil))
	}
	if people := s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/tables/people.csv", nil).Body; !strings.Contains(people, canary+"@example.org") {
		t.Error("people have no addresses")
	}
	s.must(404, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/tables/nothing.csv", nil))
}

// republish publishes the forum with whatever conflicts there are.
func (s *stage) republish() {
	s.t.Helper()
	s.check(s.publishAnyway(forum))
}

// publishAnyway publishes an event with whatever conflicts there are.
func (h *harness) publishAnyway(slug string) error {
	_, conflicts, err := h.app.Conflicts(context.Background(), h.system(), slug)
	if err != nil {
		return err
	}
	var keys []string
	for _, c := range conflicts {
		keys = append(keys, c.Key)
	}
	_, err = h.app.Publish(context.Background(), h.system(), slug, nil, keys, app.Once{})
	return err
}

// tellsTooMuch says whether a body has what only organizers know, published or not.
func tellsTooMuch(body string) bool {
	for _, private := range []string{canary + "@", canary + " allergic", canary + " Invited", canary + " notes", canary + " secret"} {
		if strings.Contains(body, private) {
			return true
		}
	}
	return false
}
