package server

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

var (
	leading  = regexp.MustCompile(` href="([^"#]+)`)
	onceMark = regexp.MustCompile(`name="once" value="([^"]+)"`)
	longName = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// wander opens the pages to which somebody is led from /console, and gives those that were refused with where they were led from.
// It looks at two of a kind.
func (h *harness) wander(cookie string) (refused []string) {
	const begin = "/console?lang=fr"
	from, kinds := map[string]string{begin: "the start"}, map[string]int{}
	for ahead := []string{begin}; len(ahead) > 0; ahead = ahead[1:] {
		at := ahead[0]
		a := h.ask("", http.MethodGet, at, "", header{"Cookie", cookie}, header{"Accept", "text/html"})
		if a.Status >= http.StatusBadRequest {
			refused = append(refused, fmt.Sprintf("%d: %s from %s", a.Status, at, from[at]))
		}
		if !strings.HasPrefix(at, "/console") {
			continue
		}
		for _, found := range leading.FindAllStringSubmatch(a.Body, -1) {
			to, path := html.UnescapeString(found[1]), ""
			if path, _, _ = strings.Cut(at, "?"); strings.HasPrefix(to, "?") {
				to = path + to
			}
			path, _, _ = strings.Cut(to, "?")
			kind := longName.ReplaceAllString(path, "…")
			if kinds[kind]++; from[to] == "" && kinds[kind] <= 2 && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") {
				from[to], ahead = at, append(ahead, to)
			}
		}
	}
	return refused
}

// Nobody is led to what they are refused, whatever they are at the Event.
func TestTheConsoleLeadsNobodyToARefusal(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	furnishEvent(h, forum)
	for _, roles := range [][]agenda.MemberRole{{agenda.Viewer}, {agenda.CheckIn}, {agenda.Editor}, {agenda.Protocol}, {agenda.Owner}, {agenda.CheckIn, agenda.Viewer}} {
		name := strings.Join(strings.Fields(fmt.Sprint(roles)), "-")
		_, cookie := h.newLogin(strings.Trim(name, "[]")+"@example.org", false, forum, roles...)
		if refused := h.wander(cookie); len(refused) > 0 {
			t.Errorf("%s:\n%s", name, strings.Join(refused, "\n"))
		}
	}
}

// The parts of the console lead to each other, in groups.
func TestTheConsoleIsInGroups(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	const at = "/console/events/" + forum
	open := func(cookie, path string) answer {
		return h.must(http.StatusOK, h.ask("", http.MethodGet, at+path, "", header{"Cookie", cookie}, header{"Accept", "text/html"}))
	}
	_, own := h.newLogin("own@example.org", false, forum, agenda.Owner)
	page := open(own, "/tracks?lang=vi")
	h.has(page, `/timetable?lang=vi" aria-current="true">Chương trình</a>`, `<ul aria-label="Chương trình">`, `/tracks?lang=vi" aria-current="page">Chủ đề</a>`,
		`href="/console/import?event=`+forum+`&amp;lang=vi">Nhập</a>`, `href="`+at+`/settings?lang=vi">Sự kiện</a>`)
	h.lacks(page, at+"/tokens", at+"/meetings") // further inside, and not theirs
	// Somebody's page leads to all that is about them, and back.
	one := "/people/" + f.ids["person"]
	h.has(open(own, one+"?lang=fr"), `href="`+at+"/links/"+f.ids["person"]+`?lang=fr"`, `href="`+at+one+`/data?lang=fr"`)
	h.has(open(own, "/links/"+f.ids["person"]+"?lang=fr"), `href="`+at+one+`?lang=fr"`)
	// So does that of a Panel to who has a part in it.
	made := decode[struct{ ID string }](t, h.must(http.StatusCreated, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"en":"Cure"},"speakers":[{"person":"`+f.ids["person"]+`","role":"chair"}]}`)))
	h.has(open(own, "/panels/"+made.ID+"?lang=fr"), `<li><a href="`+at+one+`?lang=fr">Lan Anh</a></li>`)
	// What was done is told in the reader's words.
	doings := open(own, "/?lang=vi")
	h.lacks(doings, `<p lang="en">`)
	h.has(doings, "đã công bố")
	_, reads := h.newLogin("reads@example.org", false, forum, agenda.Viewer)
	h.lacks(open(reads, "/tracks"), "/settings", "/import", "/publish")
}

// Who is refused something in the console is told why, and led back there: not that another site was behind it.
func TestTheConsoleSaysWhyItRefuses(t *testing.T) {
	h := newHarness(t)
	_, reads := h.newLogin("reads@example.org", false, forum, agenda.Viewer)
	of := []header{{"Cookie", reads}, {"Accept", "text/html"}, {"Content-Type", "application/x-www-form-urlencoded"}}
	const form = "/console/events/" + forum + "/settings?lang=fr"
	refused := h.must(http.StatusForbidden, h.ask("", http.MethodGet, form, "", of...))
	h.has(refused, "demande un droit que vous n’avez pas", `href="/console?lang=fr">Vos événements</a>`)
	foreign := h.must(http.StatusForbidden, h.ask("", http.MethodPost, form, "a=b", append(of, header{"Sec-Fetch-Site", "cross-site"})...))
	h.has(foreign, "La demande venait d’un autre site.")
	_, own := h.newLogin("own@example.org", false, forum, agenda.Owner)
	of[0].value = own
	gone := h.must(http.StatusNotFound, h.ask("", http.MethodPost, "/console/events/"+forum+"/rooms/order?lang=vi", "id=none&do=up", of...))
	h.has(gone, `href="/console?lang=vi"`)
}

// What is wrong with a form says nothing of what somebody else changed meanwhile: that is still asked when it is right.
func TestFaultsHideNoChangeOfSomebodyElse(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	ask := h.organizer()
	for _, of := range []struct {
		path         string
		right, wrong []string
	}{
		{"/panels/" + f.ids["panel"], []string{"title.en", "Welcome", "format", "talk"}, []string{"number", "many"}},
		{"/rooms/" + f.ids["room"], []string{"name.en", "Great hall", "kind", "hall"}, []string{"capacity", "many"}},
		{"/tracks/" + f.ids["track"], []string{"name.en", "Robots", "color", "#005bbb", "color_was", ""}, []string{"position", "many"}},
		{"/people/" + f.ids["person"], []string{"name", "Lan"}, []string{"name", ""}},
	} {
		at := append(of.right, "revision", "1")
		h.must(http.StatusSeeOther, ask("POST", of.path, formOf(at...)))
		a := ask("POST", of.path, formOf(append(at, of.wrong...)...))
		if a.Status == http.StatusPreconditionFailed { // which is told first
			continue
		}
		h.has(h.must(http.StatusUnprocessableEntity, a), `name="revision" value="1"`)
	}
}

// A form that is sent twice makes one thing; the same form with something else in it makes another.
func TestOneFormMakesOneThing(t *testing.T) {
	h := newHarness(t)
	ask := h.organizer()
	for _, of := range []struct {
		list   string
		fields []string
	}{
		{"/rooms", []string{"name.en", "Hall", "kind", "hall"}}, {"/tracks", []string{"name.en", "AI", "color", "", "color_was", ""}},
		{"/people", []string{"name", "Lan Anh"}}, {"/panels", []string{"title.en", "Opening", "format", "talk"}},
	} {
		found := onceMark.FindStringSubmatch(h.must(http.StatusOK, ask("GET", of.list+"/new", "")).Body)
		if found == nil {
			t.Fatal(of.list, "has no mark")
		}
		form := append(of.fields, "once", found[1])
		first := h.must(http.StatusSeeOther, ask("POST", of.list+"/new", formOf(form...))).Header.Get("Location")
		if again := h.must(http.StatusSeeOther, ask("POST", of.list+"/new", formOf(form...))).Header.Get("Location"); again != first {
			t.Errorf("%s: %s, and then %s", of.list, first, again)
		}
		h.must(http.StatusSeeOther, ask("POST", of.list+"/new", formOf(append(form[2:], of.fields[0], "Another")...)))
		all := h.ask(h.all, http.MethodGet, "/api/v1/events/"+forum+of.list, "")
		if n := strings.Count(all.Body, `"revision":`); n != 2 {
			t.Errorf("%s: %d of them: %s", of.list, n, all.Body)
		}
	}
}

// Whoever checks people in sees who takes part, and nothing of the draft.
func TestCheckInSeesThePeople(t *testing.T) {
	h := newHarness(t)
	furnishEvent(h, forum)
	_, checks := h.newLogin("door@example.org", false, forum, agenda.CheckIn)
	open := func(path string) answer {
		return h.ask("", http.MethodGet, "/console"+path, "", header{"Cookie", checks}, header{"Accept", "text/html"})
	}
	h.has(h.must(http.StatusOK, open("?lang=vi")), `href="/console/events/`+forum+`/people?lang=vi"`)
	page := h.must(http.StatusOK, open("/events/"+forum+"/people?lang=vi&q=lan&role=chair&status=idle"))
	h.has(page, "Lan Anh", "Người tham gia")
	h.lacks(page, "hung@example.org", "/people/", "/rooms", `name="role"`, `value="idle"`)
	h.must(http.StatusForbidden, open("/events/"+forum+"/panels"))
}
