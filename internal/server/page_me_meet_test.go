package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// delegate is somebody with a personal link who has typed the code.
type delegate struct {
	*harness
	cookie string
}

func (h *harness) delegate(person string) delegate {
	return delegate{h, h.typedVisit(agenda.ID(person))}
}

func (d delegate) look(path string) answer {
	d.t.Helper()
	return d.ask("", http.MethodGet, path, nil, header{"Cookie", d.cookie}, browser)
}

func (d delegate) send(path string, pairs ...string) answer {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return d.ask("", http.MethodPost, path, form.Encode(), header{"Cookie", d.cookie}, browser, header{"Content-Type", "application/x-www-form-urlencoded"},
		header{"Sec-Fetch-Site", "same-origin"})
}

// revisionOf gives the revision that the page's form is of.
func revisionOf(t *testing.T, a answer) string {
	t.Helper()
	found := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatalf("the page has no form: %s", a.Body)
	}
	return found[1]
}

// two publishes a forum in which two people have a part each, and there is a table.
func (h *harness) two() (lan, marie, other delegate, ids map[string]string) {
	h.t.Helper()
	f := furnishEvent(h, forum)
	at := "/api/v1/events/" + forum
	h.must(204, h.ask(h.all, http.MethodDelete, f.fill(at+"/meetings/{meeting}"), nil, header{"If-Match", "*"}))
	h.must(201, h.ask(h.all, http.MethodPost, at+"/rooms", `{"name":{"en":"Table 1","vi":"Bàn 1"},"kind":"table","capacity":4}`))
	third := f.ids["person3"]
	for i, id := range []string{f.ids["person"], f.ids["person2"], third} {
		hour := strconv.Itoa(14 + i)
		h.must(201, h.ask(h.all, http.MethodPost, at+"/panels", `{"format":"talk","title":{"en":"Talk `+hour+`"},"slot":{"room":"`+f.ids["room"]+`","start":"2025-10-28T`+hour+
			`:00","end":"2025-10-28T`+hour+`:30"},"speakers":[{"person":"`+id+`","role":"speaker","status":"confirmed"}]}`))
	}
	h.must(201, h.ask(h.all, http.MethodPost, at+"/releases", `{}`))
	return h.delegate(f.ids["person"]), h.delegate(f.ids["person2"]), h.delegate(third), f.ids
}

// One asks another for a meeting, who answers with other times, of which the first accepts one: with forms alone, and a table is
// found.
func TestTwoPeopleAgreeOnAMeeting(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		lan, marie, other, ids := h.two()
		h.has(h.must(200, lan.look("/me")), "Nobody is waiting for an answer.", `href="/me/meetings/new"`)
		list := h.must(200, lan.look("/me/meetings/new?lang=fr"))
		h.has(list, "Demander un rendez-vous", "Marie Curie", "Jean Moulin", "?to="+ids["person2"]+"&amp;lang=fr")
		h.lacks(list, `to=`+ids["person"]+`"`)
		h.lacks(h.must(200, lan.look("/me/meetings/new?q=curie")), "Jean Moulin")
		h.has(h.must(200, lan.look("/me/meetings/new?q=nobody&lang=vi")), "Không có ai tên như vậy.")
		form := h.must(200, lan.look("/me/meetings/new?to="+ids["person2"]))
		h.has(form, "Marie Curie", `name="topic.en"`, `name="minutes" value="30" checked`)
		once := regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(form.Body)[1]
		ask := []string{"once", once, "to", ids["person2"], "topic.en", "Robots", "minutes", "30", "day1", "2025-10-28", "clock1", "9h30", "note", "It would be a pleasure."}
		h.has(h.must(422, lan.send("/me/meetings/new?lang=fr", ask[:10]...)), "Choisissez une durée", `value="Robots"`)
		made := h.must(303, lan.send("/me/meetings/new?lang=fr", ask...))
		to := made.Header.Get("Location")
		if again := h.must(303, lan.send("/me/meetings/new?lang=fr", ask...)); again.Header.Get("Location") != to {
			t.Errorf("sent twice, it is made twice: %s, %s", to, again.Header.Get("Location"))
		}
		path, _, _ := strings.Cut(to, "?")
		h.has(h.must(200, lan.look(to)), "Votre demande est envoyée.", "En attente de la réponse de l’autre partie", "Robots", "mardi 28 octobre 2025, 09:30–10:00", "It would be a pleasure.", "Modifier la demande", "Retirer la demande")
		h.must(409, lan.send("/me/meetings/new", append(ask, "once", "other")...)) // one to the same person waits
		h.must(404, other.look(path))
		// The other side sees it, what is possible, and answers.
		h.has(h.must(200, marie.look("/me?lang=vi")), "Đến lượt quý vị trả lời", "hết hạn sau", `href="`+path+`?lang=vi"`)
		page := h.must(200, marie.look(path+"?lang=vi"))
		h.has(page, "<strong>có thể</strong>", "Nhận thời điểm này", "Trả lời bằng thời điểm khác", "It would be a pleasure.")
		h.lacks(page, "Rút lại đề nghị")
		rev := revisionOf(t, page)
		h.has(h.must(412, marie.send(path+"/propose", "revision", "7", "minutes", "30", "day1", "2025-10-28", "clock1", "11")), "Something changed meanwhile", `value="11"`)
		h.must(422, marie.send(path+"/propose", "revision", rev, "minutes", "30"))
		h.must(303, marie.send(path+"/propose", "revision", rev, "minutes", "45", "day1", "2025-10-28", "clock1", "11", "day2", "2025-10-28", "clock2", "12:15"))
		h.has(h.must(409, marie.send(path+"/propose", "revision", "2", "minutes", "30", "day1", "2025-10-28", "clock1", "16")), "It is the other side’s turn")
		page = h.must(200, lan.look(path))
		h.has(page, "It is your turn to answer", "11:00–11:45", "12:15–13:00")
		h.lacks(page, "Change the request")
		h.must(422, lan.send(path+"/decline", "revision", "2")) // the box is not ticked
		// Somebody was faster: the time is not free any more, and nobody is told why.
		h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"en":"Secret talk"},"slot":{"start":"2025-10-28T11:00","end":"2025-10-28T12:00"},
			"speakers":[{"person":"`+ids["person2"]+`","role":"speaker","status":"confirmed"}]}`))
		late := h.must(409, lan.send(path+"/accept?lang=fr", "revision", revisionOf(t, page), "time", "0"))
		h.has(late, "Quelqu’un a été plus rapide", `value="0" required disabled`, `value="1" required>`)
		h.lacks(late, "Secret talk")
		h.must(303, lan.send(path+"/accept", "revision", "2", "time", "1", "note", "See you there"))
		h.has(h.must(200, marie.look(path)), "Agreed", "12:15–13:00", "Table 1", "See you there", "The side that asks: accepted a time")
		h.has(h.must(409, marie.send(path+"/decline", "revision", "3", "sure", "yes")), "not possible any more")
		h.has(h.must(200, marie.look("/me")), "Table 1", `href="`+path+`/brief"`, `href="/me/meetings/briefs"`)
	})
}

// A request can be changed and withdrawn, declined, and ends by itself.
func TestRequestsEnd(t *testing.T) {
	h := newHarness(t)
	lan, marie, _, ids := h.two()
	ask := func(clock string) string {
		made := h.must(303, lan.send("/me/meetings/new", "to", ids["person2"], "minutes", "15", "day1", "2025-10-28", "clock1", clock))
		path, _, _ := strings.Cut(made.Header.Get("Location"), "?")
		return path
	}
	one := ask("10")
	h.has(h.must(200, lan.look(one)), "<h1>Meeting with Marie Curie</h1>", `value="2025-10-28T10:00:00&#43;07:00" checked`)
	h.must(303, lan.send(one+"/edit", "revision", "1", "minutes", "15", "time", "2025-10-28T10:00:00+07:00", "day1", "2025-10-28", "clock1", "10:30", "topic.fr", "Les robots"))
	h.has(h.must(200, marie.look(one)), "Les robots", "10:30–10:45")
	h.has(h.must(403, marie.send(one+"/withdraw", "revision", "2", "sure", "yes")), "head of your delegation")
	h.must(303, lan.send(one+"/withdraw", "revision", "2", "sure", "yes", "note", "Ill"))
	h.has(h.must(200, marie.look(one)), "Withdrawn or called off", "Ill")
	two := ask("11")
	h.must(303, marie.send(two+"/decline", "revision", "1", "sure", "yes"))
	h.has(h.must(200, lan.look("/me?lang=fr")), "Décliné", "Retiré ou annulé")
	three := ask("12")
	h.pass(90 * 24 * time.Hour)
	if _, err := h.app.ExpireMeetings(t.Context()); err != nil {
		t.Fatal(err)
	}
	lan, marie = h.delegate(ids["person"]), h.delegate(ids["person2"])
	h.has(h.must(200, marie.look(three)), "nobody answered in time")
	h.has(h.must(409, marie.send(three+"/accept", "revision", "2", "time", "0")), "not possible any more")
	// Where organizers arrange the meetings, nobody asks.
	rules := agenda.DefaultMeetingRules()
	rules.Closed = true
	if _, err := h.app.SetMeetingRules(t.Context(), h.system(), forum, app.Match{Any: true}, rules); err != nil {
		t.Fatal(err)
	}
	h.has(h.must(200, lan.look("/me/meetings/new?to="+ids["person2"])), "the organizers arrange the meetings")
	h.must(403, lan.send("/me/meetings/new", "to", ids["person2"], "minutes", "15", "day1", "2025-10-28", "clock1", "9"))
}

// Who is in no panel that is published and in no meeting with somebody is not found by them.
func TestWhoIsNotPublishedIsNotFound(t *testing.T) {
	h := newHarness(t)
	lan, _, _, _ := h.two()
	hidden := decode[struct{ ID string }](t, h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"Hidden Guest"}`))).ID
	h.lacks(h.must(200, lan.look("/me/meetings/new?q=hidden")), "Hidden Guest")
	h.lacks(h.must(200, lan.look("/me/meetings/new?to="+hidden)), "Hidden Guest")
	h.must(422, lan.send("/me/meetings/new", "to", hidden, "minutes", "30", "day1", "2025-10-28", "clock1", "9"))
}
