package server

import (
	"strings"
	"testing"
)

// nounNamed gives the id of the thing of that list of the API in which the text stands.
func nounNamed(h *harness, list, text string) string {
	h.t.Helper()
	all := decode[struct{ Items []map[string]any }](h.t, h.must(200, h.ask(h.all, "GET", "/api/v1/events/"+forum+"/"+list+"?limit=200", nil)))
	for _, thing := range all.Items {
		for _, field := range []string{"title", "name"} {
			if said, ok := thing[field].(string); ok && said == text {
				return thing["id"].(string)
			}
			texts, _ := thing[field].(map[string]any)
			for _, said := range texts {
				if said == text {
					return thing["id"].(string)
				}
			}
		}
	}
	h.t.Fatalf("there is no %s in %s", text, list)
	return ""
}

func TestPanelsInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.organizer()
	// What is wrong is said beside the fields, and nothing that was typed is lost.
	bad := h.must(422, ask("POST", "/panels/new?lang=vi", formOf("format", "talk", "slot.day", "2025-10-27", "slot.start", "25h", "audience", "many", "speakers.0.person", "Ng", "speakers.0.role", "speaker", "speakers.0.status", "invited")))
	h.has(bad, "Cần điền mục này.", "Đây không phải là số nguyên.", `value="many"`, `value="25h"`, `href="/console/events/`+forum+`/panels/new?lang=fr"`, "Không có ai tên như vậy trong sự kiện này.", `id="speakers.0.person" name="speakers.0.person" type="text" value="Ng" list="people"`)
	if n := strings.Count(bad.Body, " autofocus"); n != 1 {
		t.Errorf("%d fields are where one begins", n)
	}
	made := h.must(303, ask("POST", "/panels/new", formOf("format", "talk", "title.vi", "Trí tuệ nhân tạo", "slot.day", "2025-10-27", "slot.start", "930", "slot.minutes", "45", "slot.room", f.ids["room"],
		"speakers.4.person", "marie curie", "speakers.4.role", "moderator", "speakers.4.status", "confirmed", "speakers.2.person", "Lan Anh", "speakers.2.role", "speaker", "speakers.2.status", "invited",
		"interventions.0.title.en", "Opening remarks", "interventions.0.speakers", "Lan Anh\r\nMarie Curie\r\n", "interventions.0.minutes", "10")))
	one := "/panels/" + nounNamed(h, "panels", "Trí tuệ nhân tạo")
	if to := made.Header.Get("Location"); to != "/console/events/"+forum+one+"?done=made" {
		t.Error(to)
	}
	page := h.must(200, ask("GET", one+"?done=made", ""))
	h.has(page, "The panel is there.", `value="09:30"`, `value="10:15"`, `name="speakers.0.person" type="text" value="Lan Anh"`, `name="speakers.1.person" type="text" value="Marie Curie"`,
		"Lan Anh\nMarie Curie</textarea>", "“Trí tuệ nhân tạo” and “Opening” are in Hall at the same time (Mon 27 Oct, 09:30–10:00).", "1 conflict<")
	list := h.must(200, ask("GET", "/panels?q=tri+tue+nhan+tao&status=conflicts&lang=fr", ""))
	h.has(list, `<span lang="vi">Trí tuệ nhân tạo</span>`, "09:30–10:15", "2 intervenants", "1 conflit<", "lundi 27 octobre 2025", "1 séance")
	if strings.Contains(list.Body, "Opening<") {
		t.Error("the search finds what it should not")
	}
	h.must(303, ask("POST", one, formOf("revision", "1", "format", "talk", "title.vi", "Trí tuệ nhân tạo", "audience", "80")))
	stale := h.must(412, ask("POST", one+"?lang=fr", formOf("revision", "1", "format", "keynote", "title.vi", "Trí tuệ", "audience", "90")))
	h.has(stale, "Quelqu’un d’autre a modifié ceci", "<dt>Public attendu</dt><dd>80</dd>", `value="Trí tuệ"`, `name="revision" value="2"`)
	h.has(h.must(409, ask("POST", one+"?lang=vi", formOf("revision", "2", "format", "talk", "title.vi", "Trí tuệ", "code", "code01"))), "Không thực hiện được")
	h.has(h.must(200, ask("GET", one+"/cancel?lang=vi", "")), "Hủy “Trí tuệ nhân tạo”?")
	h.must(412, ask("POST", one+"/cancel", formOf("revision", "1", "cancel_note.fr", "Malade")))
	h.must(303, ask("POST", one+"/cancel", formOf("revision", "2", "cancel_note.fr", "Malade")))
	h.has(h.must(200, ask("GET", one, "")), "Let it take place after all")
	h.must(412, ask("POST", one+"/restore", formOf("revision", "2")))
	h.must(303, ask("POST", one+"/restore", formOf("revision", "3")))
	h.has(h.must(200, ask("GET", "/panels/new?like="+f.ids["panel"], "")), `value="Opening"`, `action="/console/events/`+forum+`/panels/new"`)
	h.has(h.must(200, ask("GET", one+"/delete", "")), "Delete this panel?", "Trí tuệ nhân tạo")
	h.must(412, ask("POST", one+"/delete", formOf("revision", "3")))
	h.must(303, ask("POST", one+"/delete", formOf("revision", "4")))
	h.must(404, ask("GET", one, ""))
}
