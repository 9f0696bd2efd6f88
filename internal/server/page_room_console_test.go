package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// formOf makes a form of names and values.
func formOf(pairs ...string) string {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

// organizer asks for pages of the console as an editor who is signed in.
func (h *harness) organizer() func(method, path, form string) answer {
	_, cookie := h.newLogin("editor@example.org", false, forum, agenda.Editor)
	return func(method, path, form string) answer {
		h.t.Helper()
		headers := []header{{"Cookie", cookie}, {"Accept", "text/html"}}
		if method == http.MethodPost {
			headers = append(headers, header{"Content-Type", "application/x-www-form-urlencoded"})
		}
		return h.ask("", method, "/console/events/"+forum+path, form, headers...)
	}
}

// has fails the test unless the answer's page shows all of these.
func (h *harness) has(a answer, wanted ...string) {
	h.t.Helper()
	for _, part := range wanted {
		if !strings.Contains(a.Body, part) {
			h.t.Errorf("the page lacks %s:\n%s", part, a.Body)
		}
	}
}

func TestRoomsInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	h.has(h.must(200, ask("GET", "/rooms?lang=vi", "")), `aria-current="page">Phòng</a>`, `href="/console/events/`+forum+`/rooms/new?lang=vi"`)
	// Nothing that is wrong makes a room, and what was typed stays.
	bad := h.must(422, ask("POST", "/rooms/new?lang=fr", formOf("name.fr", strings.Repeat("é", 301), "capacity", "many", "kind", "hall", "description.en", "Left of the <stairs>")))
	h.has(bad, "Impossible d’enregistrer", "Ce n’est pas un nombre entier.", "Left of the &lt;stairs&gt;")
	h.has(h.must(422, ask("POST", "/rooms/new?lang=fr", formOf("name.fr", strings.Repeat("é", 301), "kind", "hall"))), "301 caractères, c’est trop\u00a0: 300 au plus.", `aria-describedby="name.fr-fault"`)
	made := h.must(303, ask("POST", "/rooms/new", formOf("name.vi", "Phòng Hoa Sen", "kind", "hall", "capacity", "250")))
	if to := made.Header.Get("Location"); to != "/console/events/"+forum+"/rooms?done=made" {
		t.Error(to)
	}
	list := h.must(200, ask("GET", "/rooms?done=made", ""))
	h.has(list, `<span lang="vi">Phòng Hoa Sen</span>`, "250 places", "Not yet in: ", "The room is there.")
	one := "/rooms/" + roomNamed(h, "Phòng Hoa Sen")
	h.has(h.must(200, ask("GET", one, "")), `name="revision" value="1"`, `value="Phòng Hoa Sen"`)
	h.must(303, ask("POST", one, formOf("revision", "1", "name.vi", "Phòng Hoa Sen", "kind", "hall", "capacity", "300")))
	// Who was slower sees what stands now, and keeps what they typed.
	stale := h.must(412, ask("POST", one, formOf("revision", "1", "name.vi", "Phòng Hoa Mai", "kind", "hall", "capacity", "250")))
	h.has(stale, "Somebody else changed this meanwhile", "<dt>People that fit</dt><dd>300</dd>", "<dd>vi: Phòng Hoa Sen</dd>", `value="Phòng Hoa Mai"`, `name="revision" value="2"`)
	h.must(303, ask("POST", one, formOf("revision", "2", "name.vi", "Phòng Hoa Mai", "kind", "hall", "capacity", "250")))
	h.has(h.must(200, ask("GET", one+"/delete", "")), "Delete this room?", "Phòng Hoa Mai")
	h.must(412, ask("POST", one+"/delete", formOf("revision", "2")))
	h.must(303, ask("POST", one+"/delete", formOf("revision", "3")))
	h.must(404, ask("GET", one, ""))
}

// roomNamed gives the room that has this name in some language.
func roomNamed(h *harness, name string) string {
	h.t.Helper()
	list := decode[struct{ Items []roomBody }](h.t, h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events/"+forum+"/rooms?limit=200", nil)))
	for _, r := range list.Items {
		for _, text := range r.Name {
			if text == name {
				return r.ID
			}
		}
	}
	h.t.Fatalf("there is no room %s", name)
	return ""
}

// A viewer sees the rooms and no way to change them.
func TestViewersSeeNoForms(t *testing.T) {
	h := newHarness(t)
	_, cookie := h.newLogin("viewer@example.org", false, forum, agenda.Viewer)
	headers := []header{{"Cookie", cookie}, {"Accept", "text/html"}}
	if list := h.must(200, h.ask("", http.MethodGet, "/console/events/"+forum+"/rooms", nil, headers...)); strings.Contains(list.Body, "rooms/new") {
		t.Error("a viewer is led to a form")
	}
	h.must(403, h.ask("", http.MethodGet, "/console/events/"+forum+"/rooms/new", nil, headers...))
	h.must(403, h.ask("", http.MethodPost, "/console/events/"+forum+"/rooms/new", formOf("name.en", "X"), append(headers, header{"Content-Type", "application/x-www-form-urlencoded"})...))
}
