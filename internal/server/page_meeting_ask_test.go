package server

import (
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// The protocol desk asks on somebody's behalf; beyond what the event allows it says why.
func TestTheProtocolDeskAsksOnBehalf(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		lan, marie, _, _ := h.two()
		if _, err := h.app.SetMeetingRules(t.Context(), h.system(), forum, app.Match{Any: true}, agenda.MeetingRules{Closed: true, Hours: 72, Open: 1}); err != nil {
			t.Fatal(err)
		}
		ask := h.officer()
		const path = "/meetings/ask"
		h.has(h.must(200, ask("GET", "/meetings?lang=vi", "")), `href="/console/events/`+forum+`/meetings/ask?lang=vi">Đề nghị thay cho người khác</a>`)
		form := h.must(200, ask("GET", path+"?lang=fr", ""))
		h.has(form, `name="once"`, `name="from"`, `list="people"`, `name="minutes" type="text" inputmode="numeric" pattern="[0-9]*" value="30"`, `name="day5"`, "Horaire 5 : à", "Asia/Ho_Chi_Minh", `<option value="participants" selected>`)
		h.lacks(form, `name="beyond"`)
		fields := []string{"once", "a", "from", "lan anh", "to", "Marie Curie", "topic.en", "Robots", "visibility", "protocol", "minutes", "45", "note", "Welcome."}
		// What is wrong stands beside its field, also where rows before it are empty, and what was typed stays.
		bad := h.must(422, ask("POST", path+"?lang=fr", formOf(append(fields, "from", "", "to", "Personne", "minutes", "x")...)))
		h.has(bad, `id="from-fault">Ce champ est obligatoire.`, `id="to-fault">Personne ne porte ce nom`, `value="Personne"`, `id="minutes-fault"`, `value="Robots"`, `<option value="protocol" selected>`)
		h.has(h.must(422, ask("POST", path+"?lang=fr", formOf(fields...))), `id="clock1-fault">Ce champ est obligatoire.`)
		bad = h.must(422, ask("POST", path+"?lang=vi", formOf(append(fields, "day2", "2025-10-27", "clock2", "9", "day4", "2025-10-27", "clock4", "25 giờ", "day5", "2025-10-28", "clock5", "10h")...)))
		h.has(bad, `id="clock4-fault">Giờ được viết như 09:30.`, `value="25 giờ"`, `<option value="2025-10-28" selected>`)
		h.lacks(bad, `clock2-fault`, `clock5-fault`)
		// It is asked once, with the words that were sent, and its history names no organizer.
		times := []string{"day1", "2025-10-28", "clock1", "9", "day5", "2025-10-28", "clock5", "10h30"}
		sent := formOf(append(fields, times...)...)
		made := h.must(303, ask("POST", path, sent)).Header.Get("Location")
		if again := h.must(303, ask("POST", path, sent)).Header.Get("Location"); again != made {
			t.Errorf("%s and %s", made, again)
		}
		one := regexp.MustCompile(`/meetings/[^?]+`).FindString(made)
		h.has(h.must(200, ask("GET", one+"?done=asked", "")), "The request is sent.", "it is the turn of Marie Curie", "09:00–09:45", "10:30–11:15", "The organizers: asked for the meeting", "Welcome.")
		h.has(h.must(200, marie.look("/me"+one)), "Robots", "Lan Anh", "Accept this time")
		// The same person is not asked twice, and another one not without a reason.
		twice := h.must(409, ask("POST", path, formOf(append(append(fields, times...), "once", "b")...)))
		h.has(twice, "waits for an answer of this person already")
		h.lacks(twice, `name="beyond"`)
		fields = append(append(fields, times...), "to", "Jean Moulin", "once", "c")
		limit := h.must(409, ask("POST", path+"?lang=vi", formOf(fields...)))
		h.has(limit, "đã có số đề nghị chờ trả lời tối đa", `name="beyond"`, "Hai bên đọc được lý do này", `value="Jean Moulin"`, `value="10h30"`, `value="45"`, "Welcome.</textarea>")
		h.has(h.must(409, ask("POST", path, formOf(append(fields, "beyond", " ")...))), `name="beyond"`)
		h.has(h.must(422, ask("POST", path, formOf(append(fields, "beyond", strings.Repeat("x", 301))...))), `id="beyond-fault"`)
		made = h.must(303, ask("POST", path, formOf(append(fields, "beyond", "The minister leaves early.")...))).Header.Get("Location")
		one = regexp.MustCompile(`/meetings/[^?]+`).FindString(made)
		h.has(h.must(200, lan.look("/me"+one)), "Jean Moulin", "The minister leaves early.")
		_, cookie := h.newLogin("owner@example.org", false, forum, agenda.Owner)
		h.has(h.must(200, h.ask("", "GET", "/console/events/"+forum+"/activity", nil, header{"Cookie", cookie}, browser)), "asked for a meeting")
		h.must(403, h.organizer()("GET", path, ""))
	})
}
