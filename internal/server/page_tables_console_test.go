package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// TestRoomsByDay looks at the board as who arranges meetings, who edits the agenda and who reads it, and follows a free time.
func TestRoomsByDay(t *testing.T) {
	s := newStage(t)
	const at = "/console/events/" + forum + "/tables"
	as := func(role agenda.MemberRole, path string) answer {
		t.Helper()
		_, cookie := s.newLogin(string(role)+path[len(path)-3:]+"@example.org", false, forum, role)
		return s.must(200, s.get(path, browser, header{"Cookie", cookie}, header{"Accept-Language", "en"}))
	}
	page := as(agenda.Protocol, at)
	saysIn(t, page, "Rooms by day", "Monday 27 October 2025", "Table 1", "16:00–16:30", canary+" secret talks", "Main hall", "14:00–15:30")
	if n := strings.Count(page.Body, `<tbody>`); n != 3 {
		t.Errorf("%d rooms", n)
	}
	// Each half an hour that is free leads to a meeting there and then, for as long as it is free.
	free := regexp.MustCompile(`href="(/console/events/[^"]*/meetings/new\?[^"]*)" aria-label="New meeting, Table 1, 15:30"`).FindStringSubmatch(page.Body)
	if free == nil {
		t.Fatalf("no way to a meeting at half past three: %s", page.Body)
	}
	to, err := url.Parse(strings.ReplaceAll(free[1], "&amp;", "&"))
	s.check(err)
	if q := to.Query(); q.Get("day") != "2025-10-27" || q.Get("start") != "15:30" || q.Get("minutes") != "30" || q.Get("room") != string(s.table) {
		t.Error(q)
	}
	form := as(agenda.Protocol, to.RequestURI())
	for _, want := range []string{`value="2025-10-27" selected`, `value="15:30"`, `value="30"`, `value="` + string(s.table) + `" selected`, `value="accepted" selected`} {
		if !strings.Contains(form.Body, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if strings.Contains(page.Body, "New meeting, Table 1, 16:00") || !strings.Contains(page.Body, "New meeting, Table 1, 16:30") {
		t.Error("a meeting is offered where there is one, or not after it")
	}
	for role, editing := range map[agenda.MemberRole]bool{agenda.Editor: true, agenda.Viewer: false} {
		page := as(role, at+"?day=2025-10-27")
		if strings.Contains(page.Body, "secret talks") || strings.Contains(page.Body, "Table 1") || strings.Contains(page.Body, "/meetings/new") {
			t.Errorf("a member who is %s sees a meeting, or a way to one", role)
		}
		if strings.Contains(page.Body, "/panels/"+string(s.talk.ID)) != editing {
			t.Errorf("a member who is %s is led to a panel: %t", role, !editing)
		}
	}
	s.must(404, s.get(at+"?day=2026-01-01", browser, header{"Authorization", "Bearer " + s.all}))
}

// TestRoomsByDayBeforeThereAreAny leads to the first room, and says that nothing is in it.
func TestRoomsByDayBeforeThereAreAny(t *testing.T) {
	h := newHarness(t)
	page := func() answer {
		return h.must(200, h.get("/console/events/"+forum+"/tables", browser, header{"Authorization", "Bearer " + h.all}, header{"Accept-Language", "en"}))
	}
	saysIn(t, page(), "There are no rooms or tables yet.", "New room")
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/rooms", `{"name":{"en":"Hall"}}`))
	saysIn(t, page(), "Nothing takes place on this day yet.", "Hall")
}
