package server

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// TestWhoIsErasedIsNowhere plants a person in everything, erases them and reads everything: on this server, on another
// one on the same database that had kept answers, and in the database itself.
func TestWhoIsErasedIsNowhere(t *testing.T) {
	sweep(t)
	alongside(t)
	both(t, func(t *testing.T, h *harness) {
		f := plantHung(h)
		other := New(Options{App: app.New(h.store, app.Options{Now: h.now, NewID: h.newID}), BaseURL: base, Version: "1.2.3", Now: h.now})
		f.outputs(h.server) // what is refused is told once, and then no more
		before := named(f.outputs(h.server))
		if len(before) < 20 || len(named(f.outputs(other))) != len(before) {
			t.Fatalf("the canary is in %d outputs only: %v", len(before), before)
		}
		full := dump(t, h.store)
		for _, trace := range []string{planted, strings.ToLower(f.ids["photo"]), strings.ToLower(f.ids["photo before"])} {
			if !strings.Contains(full, trace) {
				t.Fatalf("%s is not in the database", trace)
			}
		}
		if n := kept(t, full, linkTables...); n != 6 { // one is somebody else's
			t.Fatalf("of personal links there are %d rows", n)
		}
		h.pass(time.Minute)
		person := "/api/v1/events/" + forum + "/people/" + f.ids["person"]
		h.must(428, h.ask(h.all, http.MethodPost, person+"/erase", `{"confirm":"Zxqvcanary Person"}`))
		h.must(422, h.ask(h.all, http.MethodPost, person+"/erase", `{"confirm":"Somebody"}`, header{"If-Match", "*"}))
		h.must(403, h.ask(h.newToken(forum, agenda.Editor.Verbs(), nil), http.MethodPost, person+"/erase", `{"confirm":"Zxqvcanary Person"}`, header{"If-Match", "*"}))
		done := decode[erasedBody](t, h.must(200, h.ask(h.all, http.MethodPost, person+"/erase", `{"confirm":"Zxqvcanary Person"}`, header{"If-Match", "*"})))
		if done.Person.Name != "Erased person" || done.Person.Erased == nil || done.Releases != 2 || done.Activities < 8 || len(done.Mentions) != 0 {
			t.Errorf("erased: %+v", done)
		}
		for name, s := range map[string]*Server{"this server": h.server, "another server": other} {
			after := f.outputs(s)
			if still := named(after); len(still) > 0 {
				t.Errorf("%s still names who was erased: %v", name, still)
			}
			if !strings.Contains(after["/"+forum+"/agenda.json"], "Erased person") {
				t.Errorf("%s has no words in the place of the name: %s", name, after["/"+forum+"/agenda.json"])
			}
		}
		text := dump(t, h.store)
		for _, trace := range []string{planted, strings.ToLower(f.ids["photo"]), strings.ToLower(f.ids["photo before"]), "192.0.2.77"} {
			for i := strings.Index(text, trace); i >= 0; {
				t.Fatalf("the database still has …%s…", text[max(0, i-300):min(len(text), i+100)])
			}
		}
		if n := kept(t, text, linkTables...); n != 1 {
			t.Errorf("of personal links there are %d rows still", n)
		}
		h.must(410, h.ask(h.all, http.MethodPost, person+"/erase", `{"confirm":"Erased person"}`, header{"If-Match", "*"}))
		h.must(410, h.ask(h.all, http.MethodPut, person, `{"name":"Back again","languages":[]}`, header{"If-Match", "*"}))

		// The source has them still, and says something new of others.
		h.must(200, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/import", strings.Replace(canaryCSV, "Imported", "Renamed", 1)))
		if strings.Contains(dump(t, h.store), planted) {
			t.Error("the next import brought them back")
		}
		if body := h.ask(h.all, http.MethodGet, "/api/v1/events/"+forum+"/panels", nil).Body; strings.Count(body, "In person") != 1 {
			t.Errorf("the next import made what it had made before: %s", body)
		}
		last := h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events/"+forum+"/activity?verb=person.erase", nil))
		entries := decode[struct{ Items []activityBody }](t, last).Items
		if len(entries) != 1 || entries[0].Subject != f.ids["person"] || entries[0].Summary != "erased a person" || entries[0].Before != nil {
			t.Errorf("the log says %s", last.Body)
		}
	})
}

// TestWhoIsErasedIsNotInTheFile reads the bytes of an SQLite file and of its log, while the program runs and after it has ended: pages
// that are free, too.
func TestWhoIsErasedIsNotInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	contents := func() string {
		var all []byte
		for _, suffix := range []string{"", "-wal", "-shm"} {
			part, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			all = append(all, part...)
		}
		return strings.ToLower(string(all))
	}
	t.Run("erased", func(t *testing.T) {
		h := newHarnessOn(t, path)
		f := plantHung(h)
		if !strings.Contains(contents(), planted) {
			t.Fatal("the canary is not in the file")
		}
		h.must(200, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people/"+f.ids["person"]+"/erase", `{"confirm":"Zxqvcanary Person"}`, whatever))
		if n := strings.Count(contents(), planted); n != 0 {
			t.Errorf("while the program runs, the canary is in the file %d times still", n)
		}
	})
	if n := strings.Count(contents(), planted); n != 0 {
		t.Errorf("the canary is in the file %d times still", n)
	}
}

// TestWhoIsElsewhereIsErasedHere: people are shared by events; each event's owner decides about it alone.
func TestWhoIsElsewhereIsErasedHere(t *testing.T) {
	sweep(t)
	alongside(t)
	both(t, func(t *testing.T, h *harness) {
		f := plantHung(h)
		elsewhere := h.newEvent("elsewhere")
		err := h.store.Write(t.Context(), func(tx *store.Tx) error { return tx.AddParticipant(elsewhere.ID, agenda.ID(f.ids["person"])) })
		if err != nil {
			t.Fatal(err)
		}
		f.outputs(h.server)
		done := decode[erasedBody](t, h.must(200, h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/people/"+f.ids["person"]+"/erase",
			`{"confirm":"Zxqvcanary Person"}`, header{"If-Match", "*"})))
		if done.Elsewhere != 1 || done.Person.ID == f.ids["person"] {
			t.Errorf("erased: %+v", done)
		}
		for path, body := range f.outputs(h.server) {
			if strings.Contains(strings.ToLower(body), planted) && !strings.Contains(path, "elsewhere") {
				t.Errorf("%s still names who was erased here", path)
			}
		}
		there := h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events/elsewhere/people/"+f.ids["person"], nil))
		if !strings.Contains(there.Body, "Zxqvcanary Person") {
			t.Errorf("they are erased at the other event: %s", there.Body)
		}
		h.must(404, h.ask(h.write, http.MethodGet, "/api/v1/events/"+forum+"/people/"+f.ids["person"], nil))
		panel := h.must(200, h.ask(h.write, http.MethodGet, "/api/v1/events/"+forum+"/panels/"+f.ids["panel"], nil))
		if !strings.Contains(panel.Body, done.Person.ID) {
			t.Errorf("their part is gone: %s", panel.Body)
		}
	})
}

// bareSecret is one of the harness's that is not the name of a file.
var bareSecret = regexp.MustCompile(`secret-0[0-9]+[^0-9.]`)

// TestPersonDataIsWhole looks for the canary of each thing that a person has.
func TestPersonDataIsWhole(t *testing.T) {
	sweep(t)
	both(t, func(t *testing.T, h *harness) {
		f := plantHung(h)
		path := "/api/v1/events/" + forum + "/people/" + f.ids["person"] + "/data"
		whole := h.must(200, h.ask(h.all, http.MethodGet, path, nil))
		for _, part := range []string{"Zxqvcanary Person", "Zxqvcanary First", "zxqvcanary@example.org", "zxqvcanary notes", "zxqvcanary.jpg", "zxqvcanary note",
			"zxqvcanary tablet", f.ids["photo"], f.ids["photo before"], `"vouched_address": "zxqvcanary@example.org"`, `"confirmed": "2025-10-01T08:00:00.000Z"`,
			"link.open", `"role": "principal"`, `"role": "speaker"`, `"number": 2`, `"key": "`, "person.create"} {
			if !strings.Contains(whole.Body, part) {
				t.Errorf("it lacks %q", part)
			}
		}
		if bareSecret.MatchString(whole.Body) || strings.Contains(whole.Body, `"hash"`) || strings.Contains(whole.Body, "Marie Curie") {
			t.Errorf("it has what is not for the person: %s", whole.Body)
		}
		owner := h.must(200, h.ask(h.newToken(forum, agenda.Owner.Verbs(), nil), http.MethodGet, path, nil))
		var document struct {
			LeftOut         []string `json:"left_out"`
			Meetings, Feeds []json.RawMessage
		}
		if err := json.Unmarshal([]byte(owner.Body), &document); err != nil {
			t.Fatal(err)
		}
		if len(document.LeftOut) != 1 || len(document.Meetings)+len(document.Feeds) != 0 || strings.Contains(owner.Body, "zxqvcanary tablet") {
			t.Errorf("who may not see meetings gets %s", owner.Body)
		}
		h.must(403, h.ask(h.newToken(forum, agenda.Editor.Verbs(), nil), http.MethodGet, path, nil))
	})
}

// askOf asks another server than the harness's own.
func (h *harness) askOf(s *Server, token, path string) answer {
	own := h.server
	h.server = s
	defer func() { h.server = own }()
	return h.ask(token, http.MethodGet, path, nil)
}

// TestWhoIsErasedAndGoneIsNotImported: when what was left of them is deleted too, the source still brings nothing back.
func TestWhoIsErasedAndGoneIsNotImported(t *testing.T) {
	sweep(t)
	both(t, func(t *testing.T, h *harness) {
		f := plantHung(h)
		at := "/api/v1/events/" + forum
		h.must(200, h.ask(h.all, http.MethodPost, at+"/people/"+f.ids["person"]+"/erase", `{"confirm":"Zxqvcanary Person"}`, header{"If-Match", "*"}))
		panels := decode[struct{ Items []struct{ ID string } }](t, h.must(200, h.ask(h.all, http.MethodGet, at+"/panels", nil)))
		for _, p := range panels.Items {
			h.must(200, h.ask(h.all, http.MethodPut, at+"/panels/"+p.ID, `{"format":"talk","title":{"en":"Alone"}}`, header{"If-Match", "*"}))
		}
		meetings := decode[struct{ Items []struct{ ID string } }](t, h.must(200, h.ask(h.all, http.MethodGet, at+"/meetings", nil)))
		for _, m := range meetings.Items {
			h.must(204, h.ask(h.all, http.MethodDelete, at+"/meetings/"+m.ID, nil, header{"If-Match", "*"}))
		}
		h.must(204, h.ask(h.all, http.MethodDelete, at+"/people/"+f.ids["person"], nil, header{"If-Match", "*"}))
		for _, title := range []string{"Imported", "Again", "And again"} {
			h.must(200, h.ask(h.all, http.MethodPost, at+"/import", strings.Replace(canaryCSV, "Imported", title, 1)))
			if strings.Contains(dump(t, h.store), planted) {
				t.Fatalf("the import of %q brought them back", title)
			}
		}
	})
}
