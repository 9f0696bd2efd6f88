package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

const talks = "id,title,date,start,end,room,speakers\n1,One,2026-05-12,09:00,10:00,Hall,Ann Lee\n2,Two,2026-05-12,09:30,10:30,Hall,Ann Lee\n3,Three,2026-05-12,,,Hall,\n"

// A file is looked at, taken, and taken again as its newer version, with exact answers.
func TestImportAPI(t *testing.T) {
	h := newHarness(t)
	post := func(token, query, body string) answer {
		return h.ask(token, http.MethodPost, "/api/v1/events/fresh/import"+query, body, header{"Content-Type", "text/csv"})
	}
	const zone = "?zone=Asia/Ho_Chi_Minh"
	looked := decode[map[string]any](t, h.must(200, post(h.all, zone+"&dry_run=true", talks)))
	if looked["dry_run"] != true || looked["created"] != true {
		t.Errorf("the dry run says %v", looked)
	}
	h.must(404, h.ask(h.all, http.MethodGet, "/api/v1/events/fresh", nil))
	done := decode[map[string]any](t, h.must(200, post(h.all, zone, talks)))
	conflicts, _ := json.Marshal(done["conflicts"])
	if got := strings.Count(string(conflicts), `"kind":"room_taken"`) + 10*strings.Count(string(conflicts), `"kind":"person_busy"`); got != 11 {
		t.Errorf("conflicts: %s", conflicts)
	}
	for _, volatile := range []string{"conflicts", "changes"} {
		delete(done, volatile)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(`{"dry_run":false,"event":"fresh","created":true,"source":"table","again":false,"format":"csv",
		"headers":["id","title","date","start","end","room","speakers"],"columns":{"id":"id","title":"title","date":"date","start":"start","end":"end","room":"room","speakers":"speaker"},
		"items":3,"talks":0,"unchanged":0,"rooms":["Hall"],"tracks":[],"people":["Ann Lee"],
		"findings":[{"line":4,"rule":"no_time","text":"\"Three\" has no time: it was taken without one."}]}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
	again := decode[struct {
		Again     bool
		Unchanged int
		Changes   []struct {
			Kind  string
			Words map[string]string
		}
	}](t, h.must(200, post(h.all, "", strings.Replace(talks, "Two,2026-05-12,09:30,10:30", "Two,2026-05-12,11:00,12:00", 1))))
	if !again.Again || again.Unchanged != 2 || len(again.Changes) != 1 || again.Changes[0].Kind != "moved" || !strings.Contains(again.Changes[0].Words["vi"], "11:00") {
		t.Errorf("%+v", again)
	}
}

func TestImportAPIRefuses(t *testing.T) {
	h := newHarness(t)
	h.newEvent("mine")
	h.newEvent("other")
	writer, other := h.newToken("mine", agenda.EventVerbs, nil), h.newToken("other", agenda.EventVerbs, nil)
	columns := url.QueryEscape
	for name, c := range map[string]struct {
		token, slug, query, body string
		status                   int
		says                     string
	}{
		"nobody":          {"", "mine", "", talks, 401, ""},
		"a reader":        {h.newToken("mine", agenda.ReadVerbs, nil), "mine", "", talks, 403, ""},
		"another's event": {other, "mine", "", talks, 404, "There is no such event."},
		"a new event":     {writer, "new", "?zone=UTC", talks, 404, "There is no such event."},
		"no file":         {writer, "mine", "", "", 400, "needs a file"},
		"two files":       {writer, "mine", "?url=https://x.example/a.csv", talks, 400, "The parameter url"},
		"bad columns":     {writer, "mine", "?columns=" + columns(`["a"]`), talks, 400, "The parameter columns"},
		"unknown column":  {writer, "mine", "?columns=" + columns(`{"nothing":"title"}`), talks, 422, "nothing"},
		"bad format":      {writer, "mine", "?format=pdf", talks, 422, ""},
		"another format":  {writer, "mine", "?format=schedule.xml", talks, 422, ""},
		"bad zone":        {writer, "mine", "?zone=Mars", talks, 422, "/zone"},
		"a private host":  {writer, "mine", "?url=" + columns("http://127.0.0.1:1/a.csv"), "", 422, "private"},
		"no address":      {writer, "mine", "?url=ftp://x", "", 422, ""},
		"broken":          {writer, "mine", "", "<schedule><day>", 422, "Line 1"},
		"a bomb":          {writer, "mine", "", `<!DOCTYPE x [<!ENTITY a "b">]><schedule/>`, 422, ""},
		"deep":            {writer, "mine", "", strings.Repeat("[", 100_000), 422, ""},
		"not ours":        {writer, "mine", "", `{"format":"plenary-event","version":1,"event":{}}`, 422, "whole event"},
	} {
		a := h.ask(c.token, http.MethodPost, "/api/v1/events/"+c.slug+"/import"+c.query, c.body)
		if a.Status != c.status || !strings.Contains(a.Body, c.says) {
			t.Errorf("%s: %d, want %d and %q: %s", name, a.Status, c.status, c.says, a.Body)
		}
		mustBeProblem(t, name, a)
	}
	packed := h.ask(writer, http.MethodPost, "/api/v1/events/mine/import", talks, header{"Content-Encoding", "gzip"})
	h.must(415, packed)
	if panels := h.must(200, h.ask(writer, http.MethodGet, "/api/v1/events/mine/panels", nil)); !strings.Contains(panels.Body, `"items":[]`) {
		t.Errorf("something was imported: %s", panels.Body)
	}
}

// A file at an address of one's own network is not asked for, whatever leads there.
func TestHoleV11ImportsNeverAskPrivateAddresses(t *testing.T) {
	h := newHarness(t)
	h.newEvent("mine")
	asked := false
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(site.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(site.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"} {
		a := h.ask(h.all, http.MethodPost, "/api/v1/events/mine/import?url="+url.QueryEscape("http://"+host+":"+port+"/x.csv"), nil)
		if a.Status != 422 && a.Status != 503 {
			t.Errorf("%s: %d %s", host, a.Status, a.Body)
		}
	}
	if asked {
		t.Error("a private address was asked")
	}
}
