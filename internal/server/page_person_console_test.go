package server

import (
	"net/http"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

func TestPeopleInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.organizer()
	bad := h.must(422, ask("POST", "/people/new?lang=fr", formOf("job_title.fr", "Ministre <de>", "email", "nobody", "languages", "vi", "country", "VN")))
	h.has(bad, "Ce champ est obligatoire.", "Ce n’est pas une adresse e-mail.", `value="nobody"`, "Ministre &lt;de&gt;", `<option value="VN" selected>Vietnam</option>`)
	made := h.must(303, ask("POST", "/people/new?lang=vi", formOf("name", "Nguyễn Mạnh Hùng", "organization.vi", "Bộ Khoa học", "country", "VN", "email", "hung@example.org", "languages", "vi")))
	one := "/people/" + nounNamed(h, "people", "Nguyễn Mạnh Hùng")
	if to := made.Header.Get("Location"); to != "/console/events/"+forum+one+"?done=made&lang=vi" {
		t.Error(to)
	}
	h.has(h.must(200, ask("GET", one+"?done=made&lang=vi", "")), "Đã thêm người này.", `value="hung@example.org"`, "<h1>Nguyễn Mạnh Hùng</h1>", `<option value="VN" selected>Việt Nam</option>`)
	h.must(303, ask("POST", "/people/new", formOf("name", "nguyen manh hung", "organization.en", "Ministry", "do", "new")))
	list := h.must(200, ask("GET", "/people?q=hung&country=VN&lang=fr", ""))
	h.has(list, "Nguyễn Mạnh Hùng", "Bộ Khoa học · Vietnam", "Quelqu’un d’autre porte le même nom", "1 personne", "Pas encore en\u00a0: anglais, français")
	h.has(h.must(200, ask("GET", one, "")), "Others have the same name.", "nguyen manh hung (Ministry)</a>")
	if several := h.must(422, ask("POST", "/panels/new", formOf("title.en", "X", "format", "talk", "speakers.0.person", "NGUYEN  MANH HUNG", "speakers.0.role", "speaker", "speakers.0.status", "invited"))); !strings.Contains(several.Body, "Several people are called so") {
		t.Error("somebody was taken for somebody else")
	}
	h.must(303, ask("POST", one, formOf("revision", "1", "name", "Nguyễn Mạnh Hùng", "country", "FR", "email", "hung@example.org")))
	h.has(h.must(412, ask("POST", one+"?lang=vi", formOf("revision", "1", "name", "Hùng", "country", "VN", "email", "hung@example.org"))),
		"Người khác vừa thay đổi mục này.", "<dt>Quốc gia</dt><dd>Pháp</dd>", `value="Hùng"`, `name="revision" value="2"`)
	h.must(200, ask("GET", one+"/delete", ""))
	h.must(412, ask("POST", one+"/delete", formOf("revision", "1")))
	h.must(303, ask("POST", one+"/delete", formOf("revision", "2")))
	h.must(404, ask("GET", one, ""))
	h.has(h.must(409, ask("POST", "/people/"+f.ids["person"]+"/delete?lang=fr", formOf("revision", "1"))), "Impossible\u00a0: c’est utilisé ailleurs.")
}

// Organizers answer for people; what somebody else changed meanwhile is named, and the rest saved.
func TestAnswersInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.organizer()
	part := []string{"format", "talk", "speakers.0.person", "Marie Curie", "speakers.0.role", "speaker", "speakers.0.status", "invited"}
	h.must(303, ask("POST", "/panels/new", formOf(append(part, "title.en", "Radium", "slot.day", "2025-10-27", "slot.start", "14:00", "slot.end", "15:00")...)))
	h.must(303, ask("POST", "/panels/new", formOf(append(part, "title.en", "Polonium")...)))
	first, second := nounNamed(h, "panels", "Radium"), nounNamed(h, "panels", "Polonium")
	one := "/people/" + f.ids["person2"]
	h.has(h.must(200, ask("GET", one, "")), "Radium", "Mon 27 Oct, 14:00–15:00 · Speaker", `name="status.`+first+`"`)
	late := h.must(412, ask("POST", one+"/parts?lang=fr", formOf("revision."+first, "1", "was."+first, "invited", "status."+first, "confirmed", "revision."+second, "7", "was."+second, "invited", "status."+second, "declined")))
	h.has(late, "ce n’est donc pas enregistré\u00a0: Polonium. Tout le reste est enregistré.", `<option value="confirmed" selected>`)
	r, err := h.app.Panel(t.Context(), h.system(), forum, agenda.ID(first))
	if err != nil || r.Panel.Speakers[0].Status != agenda.Confirmed || r.Panel.Slot.Start.Wall.Clock() != "14:00" {
		t.Errorf("%+v %v", r.Panel, err)
	}
	h.has(h.must(200, ask("GET", "/people?role=speaker", "")), "Marie Curie", "2 panels")
}

// Photos and materials are sent by forms as well, within the same limits; what is no picture changes nothing.
func TestFilesInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	_, cookie := h.newLogin("editor@example.org", false, forum, agenda.Editor)
	send := func(path, field, name string, data []byte, pairs ...string) answer {
		body, kind := formWithFile(t, field, name, data, pairs...)
		return h.ask("", http.MethodPost, "/console/events/"+forum+path, body, header{"Cookie", cookie}, header{"Accept", "text/html"}, header{"Content-Type", kind})
	}
	person, panel := "/people/"+f.ids["person"], "/panels/"+f.ids["panel"]
	h.has(h.must(422, send(person+"/photo?lang=fr", "photo", "a.png", []byte("no picture"), "revision", "1")), "Impossible d’enregistrer", "Lan Anh")
	h.must(412, send(person+"/photo", "photo", "a.png", portrait(t, 60), "revision", "7"))
	h.must(303, send(person+"/photo", "photo", "a.png", portrait(t, 60), "revision", "1"))
	get := func(path string) answer {
		return h.ask("", http.MethodGet, path, nil, header{"Cookie", cookie}, header{"Accept", "text/html"})
	}
	page := h.must(200, get("/console/events/"+forum+person))
	_, src, _ := strings.Cut(page.Body, `<img class="portrait" src="`)
	src, _, _ = strings.Cut(src, `"`)
	if photo := h.must(200, get(src)); photo.Header.Get("Content-Type") != "image/jpeg" && photo.Header.Get("Content-Type") != "image/png" {
		t.Error(photo.Header)
	}
	h.must(303, send(person+"/photo", "none", "", nil, "revision", "2", "drop", "1"))
	h.has(h.must(422, send(panel+"/materials?lang=vi", "none", "", nil, "revision", "1")), "Cần điền mục này.")
	h.must(303, send(panel+"/materials", "file", "slides.txt", []byte("One, two"), "revision", "1", "material", "Slides", "public", "1"))
	h.has(h.must(200, get("/console/events/"+forum+panel)), "Slides</a>", "slides.txt · 1 KiB · public from the next release on")
	h.must(413, send(person+"/photo", "photo", "a.png", make([]byte, 6<<20), "revision", "1"))
}
