package server

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"plenary/internal/store"
)

// planted is in every text of the person who is erased, and nowhere else.
const planted = "zxqvcanary"

// canaryCSV names the person, so that the source knows them by their name.
const canaryCSV = "title,date,start,end,room,speakers\nImported,2025-10-27,11:00,12:00,Hall,Zxqvcanary Person\n" +
	"Zxqvcanary Person in person,2025-10-27,13:00,14:00,Hall,\n"

// plantHung makes a person whose every field has the canary, gives them all that a person can have, and publishes twice.
func plantHung(h *harness) furnished {
	h.t.Helper()
	f := furnishEvent(h, forum)
	at := "/api/v1/events/" + forum
	all := func(field string) string {
		return `"` + field + `":{"en":"Zxqvcanary ` + field + `","fr":"Zxqvcanary ` + field + `"}`
	}
	fields := all("honorific") + "," + all("job_title") + "," + all("organization") + "," + all("bio") +
		`,"country":"VN","photo_url":"https://example.org/zxqvcanary.jpg","email":"zxqvcanary@example.org","notes":"zxqvcanary notes","languages":["vi"]}`
	made := h.must(201, h.ask(h.all, http.MethodPost, at+"/people", `{"name":"Zxqvcanary First",`+fields, header{"Idempotency-Key", "zxqvcanary-key"}))
	f.ids["person"] = decode[struct{ ID string }](h.t, made).ID
	person := at + "/people/" + f.ids["person"]
	h.must(200, h.ask(h.all, http.MethodPut, person, `{"name":"Zxqvcanary Person",`+fields, header{"If-Match", "*"}))
	part := `"speakers":[{"person":"` + f.ids["person"] + `","role":"speaker","status":"confirmed"}]`
	panel := func(title, notes string) string {
		return `{"format":"talk","title":{"en":"` + title + `"},"notes":"` + notes + `","slot":{"room":"` + f.ids["room"] + `","start":"2025-10-27T09:00","end":"2025-10-27T10:00"},` +
			part + `,"interventions":[{"title":{"en":"Part"},` + part + `}]}`
	}
	write := func(method, path, body string) answer {
		return h.ask(h.all, method, at+path, body, header{"If-Match", "*"})
	}
	h.must(200, write(http.MethodPut, "/panels/"+f.ids["panel"], panel("An evening with Zxqvcanary Person", "asks Zxqvcanary First")))
	h.must(200, write(http.MethodPut, "/panels/"+f.ids["panel"]+"/slot", `{"room":"`+f.ids["room"]+`","start":"2025-10-27T09:00","end":"2025-10-27T10:30"}`))
	h.must(201, write(http.MethodPost, "/availabilities", `{"resource":{"kind":"person","id":"`+f.ids["person"]+`"},"start":"2025-10-27T08:00","end":"2025-10-28T18:00","note":"zxqvcanary note"}`))
	feed := h.must(201, write(http.MethodPost, "/feeds", `{"person":"`+f.ids["person"]+`","name":"zxqvcanary phone"}`))
	f.ids["feed"] = decode[struct{ ID string }](h.t, feed).ID
	h.must(200, write(http.MethodPut, "/feeds/"+f.ids["feed"], `{"person":"`+f.ids["person"]+`","name":"zxqvcanary tablet"}`))
	h.must(201, write(http.MethodPost, "/meetings", `{"sides":[{"delegates":[{"person":"`+f.ids["person"]+`","role":"principal"}]},{"delegates":[{"person":"`+f.ids["person2"]+`","role":"principal"}]}]}`))
	h.must(200, h.ask(h.all, http.MethodPost, at+"/import", canaryCSV))
	f.rename("Zxqvcanary Person in person", "In person") // which the file will not undo
	f.plantFiles(person, at+"/panels/"+f.ids["panel"])
	f.plantLinks(person)
	h.must(201, write(http.MethodPost, "/releases", `{"acknowledge":[]}`))
	h.must(200, write(http.MethodPut, "/panels/"+f.ids["panel"], panel("An evening", "")))
	h.must(204, h.ask(h.all, http.MethodDelete, f.ids["canary material"], nil, whatever))
	f.ids["photo"] = h.put(person, portrait(h.t, 99))
	h.must(201, write(http.MethodPost, "/releases", `{}`))
	f.ids["number"] = "2"
	return f
}

// rename gives another title to the panel that has that one.
func (f furnished) rename(title, to string) {
	f.t.Helper()
	panels := decode[struct{ Items []panelBody }](f.t, f.must(200, f.ask(f.all, http.MethodGet, "/api/v1/events/"+forum+"/panels", nil))).Items
	i := slices.IndexFunc(panels, func(p panelBody) bool { return p.Title["en"] == title })
	f.must(200, f.ask(f.all, http.MethodPut, "/api/v1/events/"+forum+"/panels/"+panels[i].ID, `{"format":"talk","title":{"en":"`+to+`"}}`, whatever))
}

// plantFiles gives the person a photo, which the first release has, and the panel a material that is called after them.
func (f furnished) plantFiles(person, panel string) {
	f.t.Helper()
	f.ids["photo before"] = f.put(person, portrait(f.t, 77))
	made := f.must(200, f.ask(f.all, http.MethodPost, panel+"/materials?title=Notes+of+Zxqvcanary+Person&name=Zxqvcanary+Person.txt", "Notes.", whatever))
	for _, m := range decode[panelBody](f.t, made).Materials {
		if m.ID != f.ids["material"] {
			f.ids["canary material"] = panel + "/materials/" + m.ID
		}
	}
}

// plantLinks makes the person a link, opens it, vouches for their address, and does with it what they can do.
func (f furnished) plantLinks(person string) {
	f.t.Helper()
	ctx := f.t.Context()
	made := decode[personalLinkBody](f.t, f.must(201, f.ask(f.all, http.MethodPost, person+"/links", `{"vouched_address":"zxqvcanary@example.org"}`, header{"Idempotency-Key", "zxqvcanary-link"})))
	f.ids["link"] = made.ID
	_, secret, _ := strings.Cut(made.URL, "#")
	visit, err := f.app.OpenPersonalLink(ctx, secret, "", "192.0.2.77")
	if err != nil {
		f.t.Fatal(err)
	}
	f.must(200, f.ask(f.all, http.MethodPost, person+"/code", nil))
	if err := f.app.SendCode(ctx, visit.Secret, "en", "192.0.2.77"); err != nil {
		f.t.Fatal(err)
	}
	f.mails.Lock()
	code := f.letters[len(f.letters)-1].Code
	f.mails.Unlock()
	if err := f.app.ConfirmVisit(ctx, visit.Secret, code, "192.0.2.77"); err != nil {
		f.t.Fatal(err)
	}
	actor, err := f.app.Visitor(ctx, visit.Secret, "192.0.2.77")
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.app.OpenOwnFeed(ctx, actor, "en"); err != nil {
		f.t.Fatal(err)
	}
	f.must(200, f.ask(f.all, http.MethodPost, person+"/code", nil)) // another one, for nobody to type
}

// outputs asks every route that answers GET, as whoever may see most, for what there is of the forum.
func (f furnished) outputs(s *Server) map[string]string {
	f.t.Helper()
	list := map[string]string{}
	fill := func(path string) []string {
		var paths []string
		for _, number := range []string{"2", "3"} {
			full := strings.ReplaceAll(path, ":number", number)
			for name, id := range f.ids {
				full = strings.ReplaceAll(full, "/:"+name+"/", "/"+id+"/")
				if rest, ok := strings.CutSuffix(full, "/:"+name); ok {
					full = rest + "/" + id
				}
			}
			paths = append(paths, full)
		}
		return paths
	}
	for _, r := range s.echo.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		for _, path := range fill(r.Path) {
			if strings.Contains(path, ":") || strings.Contains(path, "*") {
				continue
			}
			for _, suffix := range []string{"", ".ics"} {
				a := f.askOf(s, f.all, path+suffix)
				if a.Status == http.StatusOK {
					list[path+suffix] = a.Body
				}
			}
		}
	}
	return list
}

// named gives what names the canary, in order.
func named(outputs map[string]string) []string {
	var list []string
	for path, body := range outputs {
		if strings.Contains(strings.ToLower(body), planted) {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

// dump gives the whole database as text, the snapshots of releases too.
func dump(t *testing.T, s *store.Store) string {
	t.Helper()
	var archive bytes.Buffer
	if err := s.Backup(t.Context(), &archive, nil); err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(&archive)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), func(tx *store.Tx) error {
		events, _, err := tx.Events(store.EventFilter{}, store.Page{})
		if err != nil {
			return err
		}
		for _, e := range events {
			releases, err := tx.AllReleases(e.ID)
			if err != nil {
				return err
			}
			for _, r := range releases {
				text = append(text, r.Snapshot...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(string(text))
}

// kept gives how many rows of these tables there are in a dump.
func kept(t *testing.T, dump string, tables ...string) int {
	t.Helper()
	head, _, _ := strings.Cut(dump, "\n")
	var of struct {
		Tables []struct {
			Name string
			Rows int
		}
	}
	if err := json.Unmarshal([]byte(head), &of); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, table := range of.Tables {
		if slices.Contains(tables, table.Name) {
			n += table.Rows
		}
	}
	return n
}

// linkTables are the tables of how people without an account come in.
var linkTables = []string{"personal_links", "personal_visits", "desk_codes", "vouched_addresses", "personal_pages"}
