package server

import (
	"strings"
	"testing"

	"plenary/internal/agenda"
)

func TestTranslationsInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	h.must(303, h.organizer()("POST", "/people/new", formOf("name", "Mai", "job_title.en", "Minister <of>", "bio.en", "She was born.")))
	mai := nounNamed(h, "people", "Mai")
	_, cookie := h.newLogin("second@example.org", false, forum, agenda.Editor)
	ask := func(method, path, form string) answer {
		return h.ask("", method, "/console/events/"+forum+path, form, header{"Cookie", cookie}, header{"Accept", "text/html"}, header{"Content-Type", "application/x-www-form-urlencoded"})
	}
	// The event's name is there in all languages; rooms, a track, a panel and a person are in English only.
	page := h.must(200, ask("GET", "/translations?to=fr&lang=vi", ""))
	h.has(page, "1 trên 7", "7 trên 7", "Còn thiếu 6 nội dung.", `<blockquote class="from" lang="en">Minister &lt;of&gt;</blockquote>`, `name="text.panel.`+f.ids["panel"]+`.title"`,
		`name="revision.person.`+mai+`" value="1"`, "Chức danh")
	job, bio, title, room := "text.person."+mai+".job_title", "text.person."+mai+".bio", "text.panel."+f.ids["panel"]+".title", "text.room."+f.ids["room"]+".name"
	revisions := []string{"revision.person." + mai, "1", "revision.panel." + f.ids["panel"], "1", "revision.room." + f.ids["room"], "1"}
	h.must(303, ask("POST", "/rooms/"+f.ids["room"], formOf("revision", "1", "name.en", "Hall", "name.fr", "Grande salle", "kind", "hall")))
	mixed := h.must(412, ask("POST", "/translations?to=fr", formOf(append(revisions, job, "Ministre", bio, "Née à Huế.", title, strings.Repeat("é", 301), room, "Salle")...)))
	h.has(mixed, "Somebody else changed these meanwhile, so they were not saved: Hall.", `value="Salle"`, "It stands now: <span lang=\"fr\">Grande salle</span>", `name="revision.room.`+f.ids["room"]+`" value="2"`,
		"301 characters are too many: at most 300 fit.")
	if strings.Contains(mixed.Body, "Née à Huế.") {
		t.Error("what is saved is asked for again")
	}
	p, err := h.app.Person(t.Context(), h.system(), forum, agenda.ID(mai))
	if err != nil || p.JobTitle["fr"] != "Ministre" || p.Bio["fr"] != "Née à Huế." || p.JobTitle["en"] != "Minister <of>" {
		t.Errorf("%+v %v", p, err)
	}
	h.must(303, ask("POST", "/translations?to=fr", formOf("revision.room."+f.ids["room"], "2", room, "Salle", "revision.panel."+f.ids["panel"], "1", title, "Ouverture")))
	panel, err := h.app.Panel(t.Context(), h.system(), forum, agenda.ID(f.ids["panel"]))
	if err != nil || panel.Panel.Title["fr"] != "Ouverture" || panel.Panel.Slot == nil || panel.Panel.Slot.Start.Wall.Clock() != "09:00" {
		t.Errorf("%+v %v", panel.Panel, err)
	}
	h.has(h.must(200, ask("GET", "/translations?to=en&lang=fr", "")), "Rien ne manque\u00a0: anglais.")
}
