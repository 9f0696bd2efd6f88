package server

import (
	"net/http"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// officer asks for pages of the console as a protocol officer who is signed in.
func (h *harness) officer() func(method, path, form string) answer {
	_, cookie := h.newLogin("protocol@example.org", false, forum, agenda.Protocol)
	return func(method, path, form string) answer {
		h.t.Helper()
		headers := []header{{"Cookie", cookie}, {"Accept", "text/html"}}
		if method == http.MethodPost {
			headers = append(headers, header{"Content-Type", "application/x-www-form-urlencoded"})
		}
		return h.ask("", method, "/console/events/"+forum+path, form, headers...)
	}
}

func TestMeetingsInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.officer()
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"Nguyễn Văn An"}`))
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"Jeanne Moulin"}`))
	h.has(h.must(200, ask("GET", "/meetings?lang=vi", "")), `aria-current="page">Cuộc gặp</a>`, `href="/console/events/`+forum+`/meetings/new?lang=vi"`)
	sides := []string{"status", "accepted", "visibility", "protocol", "sides.0.delegates.0.person", "nguyen van an", "sides.0.delegates.0.role", "principal", "sides.0.delegates.0.answer", "accepted",
		"sides.1.delegates.2.person", "Jeanne Moulin", "sides.1.delegates.2.role", "principal", "sides.1.delegates.2.answer", "needs-action"}
	// What is wrong is said beside the rows, and what was typed stays.
	bad := h.must(422, ask("POST", "/meetings/new?lang=fr", formOf(append(sides, "sides.1.delegates.3.person", "Personne d’ici", "sides.1.delegates.3.role", "interpreter", "sides.1.delegates.3.answer", "accepted",
		"slot.day", "2025-10-28", "slot.start", "9h", "slot.end", "8h")...)))
	h.has(bad, "Impossible d’enregistrer", `value="Personne d’ici"`, "Personne ne porte ce nom", `name="sides.0.delegates.0.person"`, `value="9h"`)
	h.has(h.must(422, ask("POST", "/meetings/new?lang=vi", formOf(append(sides, "sides.1.delegates.2.role", "member")...))), "Mỗi bên cần đúng một trưởng đoàn.")
	// A button asks for more rows, and makes no meeting yet.
	more := h.must(200, ask("POST", "/meetings/new", formOf(append(sides, "do", "more sides.1.delegates")...)))
	h.has(more, `value="nguyen van an"`, `name="sides.1.delegates.3.person"`)
	slot := []string{"slot.day", "2025-10-28", "slot.start", "9h", "slot.minutes", "30", "slot.room", f.ids["room"]}
	made := h.must(303, ask("POST", "/meetings/new", formOf(append(sides, slot...)...)))
	path, _, _ := strings.Cut(made.Header.Get("Location"), "?")
	one := strings.TrimPrefix(path, "/console/events/"+forum)
	page := h.must(200, ask("GET", one+"?done=made&lang=fr", ""))
	h.has(page, "Nguyễn Văn An – Jeanne Moulin</span></h1>", "Le rendez-vous est créé.", `value="09:00"`, `value="09:30"`, `<option value="protocol" selected>`, `value="Jeanne Moulin" list="people"`)
	h.has(h.must(200, ask("GET", "/meetings?lang=fr", "")), "mardi 28 octobre 2025", "09:00–09:30", "Nguyễn Văn An · Jeanne Moulin · accepté")
	// Somebody who is elsewhere at that time is named, with where.
	again := h.must(303, ask("POST", "/meetings/new", formOf(append(append(sides, slot...), "slot.start", "9:15", "topic.en", "Trade")...)))
	h.lacks(page, "pas ferme")
	loose, _, _ := strings.Cut(strings.TrimPrefix(again.Header.Get("Location"), "/console/events/"+forum), "?")
	h.has(h.must(200, ask("GET", loose, "")), "<p>This meeting is not firm: the conflicts above stand against it.</p>")
	h.has(h.must(200, h.ask("", "GET", again.Header.Get("Location"), nil, header{"Cookie", h.cookieOf("officer2@example.org", agenda.Protocol)})), "Nguyễn Văn An", "conflicts<")
	edit := append(append(sides, slot...), "revision", "1", "notes", "Flags")
	h.must(303, ask("POST", one, formOf(edit...)))
	h.has(h.must(412, ask("POST", one+"?lang=vi", formOf(append(edit, "notes", "No flags")...))), "Người khác vừa thay đổi", "<dd>Flags</dd>", "No flags", `name="revision" value="2"`)
	h.must(412, ask("POST", one+"/answer", formOf("revision", "1", "do", "cancel")))
	h.must(303, ask("POST", one+"/answer", formOf("revision", "2", "do", "cancel", "note", "The minister is ill")))
	h.has(h.must(200, ask("GET", loose, "")), "nothing stands against it any more")
	h.has(h.must(200, ask("GET", "/meetings", "")), "<s>Nguyễn Văn An – Jeanne Moulin</s>", "called off")
	gone := h.must(200, ask("GET", one, ""))
	h.lacks(gone, "Call the meeting off")
	h.has(gone, "The organizers: called it off", "The minister is ill")
	h.has(h.must(200, ask("GET", one+"/delete?lang=fr", "")), "comme s’il n’avait jamais existé", "Nguyễn Văn An – Jeanne Moulin")
	h.must(412, ask("POST", one+"/delete", formOf("revision", "2")))
	h.must(303, ask("POST", one+"/delete", formOf("revision", "3")))
	h.must(404, ask("GET", one, ""))
}

// cookieOf signs somebody in who has that role at the forum.
func (h *harness) cookieOf(email string, role agenda.MemberRole) string {
	_, cookie := h.newLogin(email, false, forum, role)
	return cookie
}

// Who is no protocol officer is led to no meetings, and is told the same of every one, whether it is there or not.
func TestMeetingsAreForTheProtocol(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.organizer()
	h.lacks(h.must(200, ask("GET", "/", "")), "/meetings", "eeting")
	there, nowhere := h.must(403, ask("GET", "/meetings/"+f.ids["meeting"], "")), h.must(403, ask("GET", "/meetings/none", ""))
	if withoutRequest(there.Body) != withoutRequest(strings.ReplaceAll(nowhere.Body, "meetings/none", "meetings/"+f.ids["meeting"])) {
		t.Error("the answers differ")
	}
	h.must(403, ask("GET", "/meetings", ""))
	h.must(403, ask("POST", "/meetings/new", "topic.en=X"))
}

func TestAvailabilityInTheConsole(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	h.has(h.must(200, ask("GET", "/availability?lang=vi", "")), "Chưa ai ghi gì")
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"Lê Thị Hoa"}`))
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/rooms", `{"name":{"fr":"Salle d’or"}}`))
	room := nounNamed(h, "rooms", "Salle d’or")
	bad := h.must(422, ask("POST", "/availability/new?lang=fr", formOf("person", "Lê Thị Hoa", "room", room, "start_day", "2025-10-27", "start", "8h", "end", "")))
	h.has(bad, "Choisissez une personne ou une salle, pas les deux.", "Ce champ est obligatoire.", `value="Lê Thị Hoa"`)
	h.has(h.must(422, ask("POST", "/availability/new", formOf("person", "Nobody", "start_day", "2025-10-27", "start", "8h", "end", "9"))), "Nobody at this event is called so.")
	h.has(h.must(422, ask("POST", "/availability/new", formOf("room", room, "start_day", "2025-10-27", "start", "10", "end", "9"))), "The end has to come after the start.")
	h.must(422, ask("POST", "/availability/new", formOf("room", "none", "start_day", "2025-10-27", "start", "8", "end", "9")))
	h.must(303, ask("POST", "/availability/new", formOf("person", "le thi hoa", "start_day", "2025-10-27", "start", "8h30", "end", "12", "note", "Before the flight")))
	h.must(303, ask("POST", "/availability/new", formOf("room", room, "start_day", "2025-10-27", "start", "20", "end_day", "2025-10-28", "end", "2")))
	list := h.must(200, ask("GET", "/availability?done=made&lang=fr", ""))
	h.has(list, "La plage est créée.", "lundi 27 octobre 2025", "<td>08:30–12:00</td>", "Lê Thị Hoa", "Before the flight", "<td>20:00 – mar. 28 oct., 02:00</td>", `<span lang="fr">Salle d’or</span>`)
	_, rest, _ := strings.Cut(list.Body, "/availability/0")
	id, _, _ := strings.Cut("0"+rest, "?")
	one := "/availability/" + id
	h.has(h.must(200, ask("GET", one, "")), `value="Lê Thị Hoa"`, `value="08:30"`, `value="2025-10-27"`)
	edit := []string{"revision", "1", "person", "Lê Thị Hoa", "start_day", "2025-10-27", "start", "09:00", "end", "12:00"}
	h.must(303, ask("POST", one, formOf(edit...)))
	h.has(h.must(412, ask("POST", one+"?lang=vi", formOf(append(edit, "start", "10:00")...))), "Người khác vừa thay đổi", "<dd>09:00</dd>", `value="10:00"`)
	h.has(h.must(200, ask("GET", one+"/delete?lang=vi", "")), "Xóa khung giờ này?", "Lê Thị Hoa")
	h.must(412, ask("POST", one+"/delete", formOf("revision", "1")))
	h.must(303, ask("POST", one+"/delete", formOf("revision", "2")))
	h.must(404, ask("GET", one, ""))
}

// The overview leads through what a new event needs, and says what asks to be looked at.
func TestOverview(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	h.has(h.must(200, ask("GET", "/?lang=fr", "")), "Prochaines étapes", ">Ajouter les salles</a>", ">Donner à chacun un horaire et une salle</a>", "0 élément du programme")
	f := furnishEvent(h, forum)
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"vi":"Bế mạc"},"slot":{"room":"`+f.ids["room"]+`","start":"2025-10-30T17:00","end":"2025-10-30T18:00"}}`))
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"vi":"Chưa rõ"}}`))
	page := h.must(200, ask("GET", "/?lang=vi", ""))
	h.has(page, "<s>Thêm phòng</s>", "Bản nháp khác bản đã công bố ở 1 mục.", "1 mục chưa có giờ", "2 xung đột cần xử lý", "mục thiếu bản dịch", `href="/console/events/`+forum+`/panels?lang=vi&amp;status=unscheduled"`, "Hoạt động gần đây", "Bế mạc")
	_, viewer := h.newLogin("viewer@example.org", false, forum, agenda.Viewer)
	h.lacks(h.must(200, h.ask("", "GET", "/console/events/"+forum+"/", nil, header{"Cookie", viewer}, header{"Accept", "text/html"})), "What was done last", "Settings")
}
