package server

import (
	"net/http"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// administrator asks for pages of the console as who makes Events, and owns the forum.
func (h *harness) administrator() func(method, path, form string) answer {
	_, cookie := h.newLogin("admin@example.org", true, forum, agenda.Owner)
	return func(method, path, form string) answer {
		h.t.Helper()
		headers := []header{{"Cookie", cookie}, {"Accept", "text/html"}}
		if method == http.MethodPost {
			headers = append(headers, header{"Content-Type", "application/x-www-form-urlencoded"})
		}
		return h.ask("", method, "/console"+path, form, headers...)
	}
}

func TestEventsInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.administrator()
	h.has(h.must(200, ask("GET", "?lang=vi", "")), `href="/console/new?lang=vi">Sự kiện mới</a>`, `href="/console/events/`+forum+`/copy?lang=vi" aria-label="Sao chép: Tuần lễ số"`)
	h.has(h.must(200, ask("GET", "/new?lang=vi", "")), `<option value="Asia/Ho_Chi_Minh">Việt Nam</option>`, `list="zones"`, `name="languages.0.tag"`)
	// Everything that is wrong is said at once, and what was typed stays.
	bad := h.must(422, ask("POST", "/new?lang=fr", formOf("name.fr", "Forum d’Évian", "zone", "Paris", "start_date", "2027-03-28", "end_date", "2027-03-26", "website", "evian", "languages.0.tag", "fr", "languages.1.tag", "fr")))
	h.has(bad, "Ce n’est pas un fuseau horaire.", `value="Paris"`, "Le dernier jour précède le premier.", "Une adresse web commence par", "Forum d’Évian", `value="forum-d-evian"`)
	// A slug that is left empty is made of the name; the order of languages is that of the form.
	fields := []string{"name.vi", "Diễn đàn Pháp ngữ", "zone", "Asia/Ho_Chi_Minh", "start_date", "2027-03-26", "end_date", "2027-03-28", "languages.2.tag", "vi", "languages.5.tag", "fr", "venue.country", "VN"}
	made := h.must(303, ask("POST", "/new", formOf(fields...)))
	if to := made.Header.Get("Location"); to != "/console/events/dien-dan-phap-ngu/?done=made" {
		t.Error(to)
	}
	h.has(h.must(200, ask("GET", "/events/dien-dan-phap-ngu/?done=made", "")), "Nobody but you sees it yet", `href="/console/events/dien-dan-phap-ngu/rooms">Add the rooms</a>`, "Nothing is published yet")
	h.has(h.must(422, ask("POST", "/new?lang=vi", formOf(fields...))), "Tên này đã được dùng.")
	// A button moves a language up, and nothing is kept before it is saved.
	one := "/events/dien-dan-phap-ngu/settings"
	edit := append(fields, "slug", "dien-dan-phap-ngu", "revision", "1", "buffer_minutes", "15", "venue.latitude", "21,03", "venue.longitude", "105.85")
	moved := h.must(200, ask("POST", one, formOf(append(edit, "do", "up languages.5")...)))
	if fr, vi := strings.Index(moved.Body, `<option value="fr" selected>`), strings.Index(moved.Body, `<option value="vi" selected>`); fr < 0 || fr > vi {
		t.Error("French did not move before Vietnamese")
	}
	h.has(moved, `name="revision" value="1"`)
	h.must(303, ask("POST", one, formOf(edit...)))
	h.has(h.must(200, ask("GET", one+"?done=saved&lang=fr", "")), "Enregistré.", `value="21.03"`, `value="15"`, "ce qui commence à 9 h commence à 9 h là-bas")
	stale := h.must(412, ask("POST", one+"?lang=fr", formOf(append(edit, "zone", "Europe/Paris", "buffer_minutes", "20")...)))
	h.has(stale, "Quelqu’un d’autre a modifié ceci", "<dd>Asia/Ho_Chi_Minh</dd>", "<dd>15</dd>", `value="Europe/Paris"`, `name="revision" value="2"`)
	h.has(h.must(422, ask("POST", one, formOf(append(edit, "revision", "2", "slug", forum)...))), "This is in use already.")
	h.has(h.must(422, ask("POST", one, formOf(append(edit, "revision", "2", "venue.longitude", "")...))), "Both are needed, or none.")
	// To delete it, one types its slug.
	gone := "/events/dien-dan-phap-ngu/delete"
	h.has(h.must(200, ask("GET", gone+"?lang=vi", "")), "Để xóa, hãy gõ dien-dan-phap-ngu")
	h.has(h.must(422, ask("POST", gone+"?lang=fr", formOf("confirm", "dien", "revision", "2"))), "Ce n’est pas ce qui est demandé.")
	h.must(412, ask("POST", gone, formOf("confirm", "dien-dan-phap-ngu", "revision", "1")))
	if to := h.must(303, ask("POST", gone, formOf("confirm", "dien-dan-phap-ngu", "revision", "2"))).Header.Get("Location"); to != "/console?done=deleted" {
		t.Error(to)
	}
	h.must(404, ask("GET", one, ""))
}

// The slug of what is published can't be typed any more.
func TestSettingsOfAPublishedEvent(t *testing.T) {
	h := newHarness(t)
	ask := h.administrator()
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/releases", `{}`))
	page := h.must(200, ask("GET", "/events/"+forum+"/settings", ""))
	h.has(page, "The agenda is published there")
	h.lacks(page, `name="slug"`)
	h.has(h.must(200, ask("GET", "/events/"+forum+"/", "")), "The agenda is published as number 1, and the draft is the same.")
}

func TestCopyInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.administrator()
	f := furnishEvent(h, forum)
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"vi":"Bế mạc"},"slot":{"room":"`+f.ids["room"]+`","start":"2025-10-28T17:00","end":"2025-10-28T18:00"}}`))
	at := "/events/" + forum + "/copy"
	// A year later on the same weekday, with the year in the slug.
	h.has(h.must(200, ask("GET", at+"?lang=vi", "")), `value="vidw-2026"`, `value="2026-10-26"`, `value="2026-10-27"`, `value="panels" checked> Mục trong chương trình (`, `value="members"> Thành viên và vai trò (1)`)
	plan := []string{"slug", "next", "name.fr", "Suivant", "start_date", "2026-10-26", "end_date", "2026-10-26", "take", "panels"}
	tried := h.must(200, ask("POST", at+"?lang=fr", formOf(append(plan, "do", "try")...)))
	h.has(tried, "Voici ce qui serait créé", `<span lang="vi">Bế mạc</span> (mar. 28 oct., 17:00): le nouvel événement n’a pas ce jour-là`, `value="next"`, `value="panels" checked>`)
	h.must(404, ask("GET", "/events/next/", ""))
	h.has(h.must(422, ask("POST", at, formOf(append(plan, "slug", forum)...))), "This is in use already.")
	h.has(h.must(422, ask("POST", at, formOf(append(plan, "start_date", "soon", "slug", "X Y")...))), "This is not a date.")
	if to := h.must(303, ask("POST", at, formOf(plan...))).Header.Get("Location"); to != "/console/events/next/?done=copied" {
		t.Error(to)
	}
	h.has(h.must(200, ask("GET", "/events/next/?done=copied&lang=fr", "")), "Suivant", "1 sans horaire", "Personne ne le voit avant sa publication.")
	// Who edits an Event and makes none is not offered it.
	editor := h.organizer()
	h.must(403, editor("GET", "/copy", ""))
	h.lacks(h.must(200, editor("GET", "/settings", "")), "/copy", "/delete")
	// Members come along for who has shown that it is still them.
	h.pass(agenda.ProofLife)
	if to := h.must(303, ask("POST", at, formOf(append(plan, "slug", "again", "take", "members")...))).Header.Get("Location"); !strings.HasPrefix(to, "/account/confirm?next=") {
		t.Error(to)
	}
}

func TestTracksInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	h.has(h.must(200, ask("GET", "/tracks?lang=fr", "")), "Il n’y a pas encore de thématiques.", `aria-current="page">Thématiques</a>`)
	h.has(h.must(422, ask("POST", "/tracks/new?lang=vi", formOf("color", "blue", "color_was", "", "color_pick", "#808080"))), "Cần điền mục này.", "Màu được viết như #005bbb.", `value="blue"`)
	h.must(303, ask("POST", "/tracks/new", formOf("name.en", "AI", "color", "#005BBB")))
	// What was picked counts where nothing was typed.
	h.must(303, ask("POST", "/tracks/new", formOf("name.en", "Health", "color", "", "color_was", "", "color_pick", "#00795c")))
	list := h.must(200, ask("GET", "/tracks?done=made&lang=vi", ""))
	h.has(list, `fill="#005bbb"`, `fill="#00795c"`, "Đã tạo chủ đề.", `aria-label="Đưa lên: AI" disabled`, `aria-label="Chuyển xuống: Health" disabled`)
	health := nounNamed(h, "tracks", "Health")
	h.must(303, ask("POST", "/tracks/order", formOf("id", health, "do", "up")))
	if list := h.must(200, ask("GET", "/tracks", "")).Body; strings.Index(list, "Health") > strings.Index(list, ">AI<") {
		t.Error("the track did not move up")
	}
	h.must(404, ask("POST", "/tracks/order", formOf("id", "none", "do", "up")))
	one := "/tracks/" + health
	h.has(h.must(200, ask("GET", one, "")), `type="color" name="color_pick" value="#00795c"`, `name="revision" value="2"`)
	h.has(h.must(412, ask("POST", one+"?lang=fr", formOf("revision", "1", "name.en", "Care", "color", "#a03070"))), "Quelqu’un d’autre a modifié ceci", "<dd>en: Health</dd>", "<dd>#00795c</dd>")
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"en":"Cure"},"track":"`+health+`"}`))
	h.has(h.must(409, ask("POST", one+"/delete?lang=vi", formOf("revision", "2"))), "Không thực hiện được vì đang được dùng ở nơi khác.")
	other := "/tracks/" + nounNamed(h, "tracks", "AI")
	h.must(303, ask("POST", other+"/delete", formOf("revision", "2")))
	h.must(404, ask("GET", other, ""))
}

// The ways between rooms stand in the form of each, and those that a form does not show stay.
func TestWalksInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	f := furnishEvent(h, forum)
	one, other := f.ids["room"], f.ids["room2"]
	page := h.must(200, ask("GET", "/rooms/"+one+"?lang=fr", ""))
	h.has(page, "Trajets vers les autres salles", `name="walks.`+other+`"`)
	h.lacks(page, `name="walks.`+one+`"`)
	bad := h.must(422, ask("POST", "/rooms/"+one+"?lang=fr", formOf("revision", "1", "name.en", "Hall", "kind", "hall", "walks."+other, "far")))
	h.has(bad, "Ce n’est pas un nombre entier.", `value="far"`)
	h.must(422, ask("POST", "/rooms/"+one, formOf("revision", "1", "name.en", "Hall", "kind", "hall", "walks."+other, "9999")))
	h.must(303, ask("POST", "/rooms/"+one, formOf("revision", "1", "name.en", "Hall", "kind", "hall", "walks."+other, "12")))
	h.has(h.must(200, ask("GET", "/rooms/"+one, "")), `name="walks.`+other+`" type="text" inputmode="numeric" pattern="[0-9]*" value="12"`)
}
