package server

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// The protocol desk answers on behalf of the sides, finds times, and prints what it needs.
func TestTheProtocolDeskArrangesAMeeting(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		lan, marie, _, ids := h.two()
		made := h.must(303, lan.send("/me/meetings/new", "to", ids["person2"], "topic.en", "Robots", "minutes", "30", "day1", "2025-10-28", "clock1", "15"))
		id := regexp.MustCompile(`meetings/([^?]+)`).FindStringSubmatch(made.Header.Get("Location"))[1]
		ask := h.officer()
		one := "/meetings/" + id
		h.has(h.must(200, ask("GET", "/meetings?tab=waiting", "")), "Robots", "it is the turn of Marie Curie", `aria-current="page">Waiting for an answer`)
		h.lacks(h.must(200, ask("GET", "/meetings?tab=agreed&lang=vi", "")), "Robots")
		page := h.must(200, ask("GET", one, "")) // Marie speaks at 15:00
		h.has(page, "not free", "Marie Curie", "Accept this time", "Decline on their behalf", "Call the meeting off", `/meetings/find?meeting=`+id)
		h.has(h.must(409, ask("POST", one+"/answer", formOf("do", "accept", "revision", "1", "time", "0"))), "not possible as things stand")
		h.must(422, ask("POST", one+"/answer", formOf("do", "accept", "revision", "1")))
		// The finder says why, and what is possible; what is chosen is proposed.
		found := h.must(200, ask("GET", "/meetings/find?meeting="+id+"&day=2025-10-28&at=15", ""))
		h.has(found, "This time is not possible", "Marie Curie is in", "Table 1", "Propose the chosen times")
		found = h.must(200, ask("GET", "/meetings/find?lang=fr&meeting="+id+"&day=2025-10-28&at=15", ""))
		h.has(found, "Marie Curie participe à «", "(mar. 28 oct., 15:00–15:30).")
		h.lacks(found, "is in")
		h.must(303, ask("POST", one+"/answer", formOf("do", "propose", "revision", "1", "minutes", "30", "time", "2025-10-28T09:30:00+07:00")))
		room := regexp.MustCompile(`<option value="([^"]+)">Table 1</option>`).FindStringSubmatch(page.Body)[1]
		h.must(303, ask("POST", one+"/answer", formOf("do", "accept", "revision", "2", "time", "0", "room", room, "note", "Flags are ready")))
		h.has(h.must(200, ask("GET", one+"?done=answered", "")), "Those who take part see it.", "The organizers: accepted a time", "Flags are ready")
		h.has(h.must(200, marie.look("/me/meetings/"+id)), "Agreed", "09:30–10:00", "Table 1")
		// People are found by name, and a meeting is made of what is found.
		h.has(h.must(200, ask("GET", "/meetings/find?p1=nobody&lang=fr", "")), "portent le nom nobody")
		found = h.must(200, ask("GET", "/meetings/find?p1=lan+anh&p2=Jean+Moulin&minutes=45&day=2025-10-28&at=9:30", ""))
		h.has(found, "This time is not possible", "Make a meeting of this")
		make := strings.ReplaceAll(regexp.MustCompile(`href="/console/events/` + forum + `(/meetings/new[^"]+)"`).FindStringSubmatch(found.Body)[1], "&amp;", "&")
		h.has(h.must(200, ask("GET", make, "")), `value="Lan Anh"`, `value="Jean Moulin"`, `value="45"`, `<option value="accepted" selected>`)
		h.must(422, ask("GET", "/meetings/find?p1=lan+anh&minutes=0", ""))
	})
}

// Whose day is full is told so, others no more than that it is not free; organizers may go beyond it, with a reason.
func TestADayThatIsFullIsTold(t *testing.T) {
	h := newHarness(t)
	lan, marie, _, ids := h.two()
	rules := agenda.MeetingRules{Hours: 72, PerDay: 1}
	if _, err := h.app.SetMeetingRules(t.Context(), h.system(), forum, app.Match{Any: true}, rules); err != nil {
		t.Fatal(err)
	}
	send := func(to, clock string) string {
		made := h.must(303, lan.send("/me/meetings/new", "to", to, "minutes", "45", "day1", "2025-10-28", "clock1", clock))
		return regexp.MustCompile(`meetings/([^?]+)`).FindStringSubmatch(made.Header.Get("Location"))[1]
	}
	ask := h.officer()
	h.must(303, ask("POST", "/meetings/"+send(ids["person3"], "17")+"/answer", formOf("do", "accept", "revision", "1", "time", "0")))
	id := send(ids["person2"], "11")
	one := "/meetings/" + id
	h.must(303, marie.send("/me"+one+"/propose", "revision", "1", "minutes", "45", "day1", "2025-10-28", "clock1", "12"))
	page := h.must(200, lan.look("/me"+one))
	h.has(page, "your day is full", "On Tuesday 28 October 2025 you have as many meetings")
	h.lacks(page, "2025-10-28T09:")
	h.has(h.must(409, lan.send("/me"+one+"/accept?lang=fr", "revision", "2", "time", "0")), "Vous avez ce jour-là autant de rendez-vous")
	h.lacks(h.must(200, marie.look("/me"+one)), "as many meetings")
	full := "Lan Anh has as many meetings as the event allows (1)"
	h.has(h.must(200, ask("GET", "/meetings/find?meeting="+id, "")), full, `name="minutes" value="45"`, "some of the times of each day")
	h.has(h.must(200, ask("GET", "/meetings/find?p1=Lan+Anh&lang=vi&day=2025-10-28&at=9", "")), "Trong ngày đó Lan Anh đã có đủ số cuộc gặp")
	page = h.must(200, ask("GET", one, ""))
	h.has(page, "Lan Anh would have more meetings on that day than the event allows: 1")
	key := regexp.MustCompile(`name="conflict" value="(day_full[^"]+)"`).FindStringSubmatch(page.Body)[1]
	h.must(409, ask("POST", one+"/answer", formOf("do", "accept", "revision", "2", "time", "0")))
	h.must(303, ask("POST", one+"/answer", formOf("do", "accept", "revision", "2", "time", "0", "despite", "yes", "conflict", key, "reason", "She insists.")))
	h.has(h.must(200, lan.look("/me"+one)), "Agreed", "She insists.")
	h.pass(90 * 24 * time.Hour)
	_, cookie := h.newLogin("later@example.org", false, forum, agenda.Protocol)
	h.has(h.must(200, h.ask("", "GET", "/console/events/"+forum+"/meetings/find?p1=Lan+Anh", nil, header{"Cookie", cookie}, browser)), "has gone by")
}

// The brief has what one needs to know, and no more than the reader may.
func TestTheBriefOfAMeeting(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	at, id := "/api/v1/events/"+forum, f.ids["meeting"]
	sides := `"sides":[{"name":{"en":"EU"},"delegates":[{"person":"` + f.ids["person"] + `","role":"principal"}]},{"delegates":[{"person":"` + f.ids["person2"] + `","role":"principal"}]}]`
	put := func(rest string) {
		h.must(200, h.ask(h.all, "PUT", at+"/meetings/"+id, `{`+rest+sides+`}`, whatever))
	}
	put(`"status":"accepted","notes":"Bring the flags","slot":{"room":"` + f.ids["room"] + `","start":"2025-10-28T10:00","end":"2025-10-28T10:30"},`)
	h.pass(60 * 1e9)
	put(`"status":"accepted","notes":"Bring the flags","slot":{"room":"` + f.ids["room2"] + `","start":"2025-10-27T09:30","end":"2025-10-27T10:00"},`)
	lan := h.delegate(f.ids["person"])
	h.must(200, h.ask(h.all, "GET", at+"/meetings/"+id, nil))
	ask := h.officer()
	page := h.must(200, ask("GET", "/meetings/"+id+"/brief", ""))
	h.has(page, "Confidential: for those who take part", "EU", "Lan Anh", "Marie Curie", "principal", "Annex", "27 October 2025, 09:30–10:00", "Bring the flags",
		"Tue 28 Oct, 10:00–10:30, Hall → Mon 27 Oct, 09:30–10:00, Annex", "UTC: 02:30–03:00", `<svg class="qr"`)
	h.lacks(page, "{is}", "{was}")
	h.has(h.must(200, ask("GET", "/meetings/"+id+"/brief?lang=vi&since=2025-10-01T08:00:30Z", "")), "Phiếu cuộc gặp", "Nội dung trao đổi", "mới</strong>")
	h.has(h.must(200, ask("GET", "/meetings/"+id+"/brief?lang=fr&since=2030-01-01T00:00:00Z", "")), "Rien n’a changé")
	h.has(h.must(200, ask("GET", "/meetings/briefs?day=2025-10-27", "")), `href="#m-`+id, "<h2>EU – Marie Curie</h2>", "Monday 27 October 2025")
	h.has(h.must(200, ask("GET", "/meetings/briefs?day=2025-10-28", "")), "nothing to print")
	h.has(h.must(200, ask("GET", "/meetings/briefs?person="+f.ids["person2"], "")), "Meetings of Marie Curie")
	h.must(404, ask("GET", "/meetings/none/brief", ""))
	h.must(404, ask("GET", "/meetings/briefs?person=none", ""))
	// Who takes part sees no notes; who has not typed the code sees nothing; for two principals alone is not for an interpreter.
	own := h.must(200, lan.look("/me/meetings/"+id+"/brief?lang=fr"))
	h.has(own, "Confidentiel", "Marie Curie", "09:30–10:00", "→")
	h.lacks(own, "Bring the flags")
	h.has(h.must(200, lan.look("/me/meetings/briefs")), "Meetings of Lan Anh")
	h.must(404, lan.look("/me/meetings/none/brief"))
}
