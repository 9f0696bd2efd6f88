package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
)

type pageOf struct {
	Items []struct {
		ID     string
		Code   string
		Number int
	}
	Next string
}

// walk reads a list to its end by its Link headers, calling between after each page.
func (h *harness) walk(path string, between func(page int)) []string {
	h.t.Helper()
	var ids []string
	for page := 1; path != ""; page++ {
		a := h.must(200, h.ask(h.all, http.MethodGet, path, nil))
		got := decode[pageOf](h.t, a)
		for _, item := range got.Items {
			ids = append(ids, item.ID)
		}
		link := a.Header.Get("Link")
		if (link == "") != (got.Next == "") {
			h.t.Fatalf("next is %q and Link %q", got.Next, link)
		}
		path = ""
		if link != "" {
			path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
			if !strings.HasSuffix(link, `>; rel="next"`) {
				h.t.Fatalf("Link is %q", link)
			}
		}
		if between != nil {
			between(page)
		}
		if page > 100 {
			h.t.Fatal("the list has no end")
		}
	}
	return ids
}

func TestAPIListsAreStable(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		event := "/api/v1/events/" + forum
		made := map[string]bool{}
		for i := range 23 {
			a := h.must(201, h.ask(h.write, http.MethodPost, event+"/panels",
				fmt.Sprintf(`{"code":"P%02d","format":"talk","title":{"en":"Talk %d"}}`, (i*7)%23, i)))
			made[decode[struct{ ID string }](t, a).ID] = true
		}
		for _, sort := range []string{"", "start", "code", "updated"} {
			query := "?limit=5"
			if sort != "" {
				query += "&sort=" + sort
			}
			before := h.walk(event+"/panels"+query, nil)
			if len(before) != 23 || len(slices.Compact(slices.Sorted(slices.Values(before)))) != 23 {
				t.Fatalf("sort %q: %d items", sort, len(before))
			}
			if whole := h.walk(event+"/panels?limit=200"+strings.TrimPrefix(query, "?limit=5"), nil); !slices.Equal(whole, before) {
				t.Errorf("sort %q: parts and whole differ:\n%s", sort, cmp.Diff(whole, before))
			}
			// What comes and goes while somebody reads neither repeats nor hides what stays.
			during := h.walk(event+"/panels"+query, func(page int) {
				a := h.must(201, h.ask(h.write, http.MethodPost, event+"/panels", fmt.Sprintf(`{"code":"A%02d","format":"talk","title":{"en":"New"}}`, page)))
				h.must(204, h.ask(h.write, http.MethodDelete, event+"/panels/"+decode[struct{ ID string }](t, a).ID, nil, header{"If-Match", "*"}))
			})
			if diff := cmp.Diff(before, during); diff != "" {
				t.Errorf("sort %q: the list shifted:\n%s", sort, diff)
			}
		}
	})
}

func TestAPIEveryListIsPaged(t *testing.T) {
	h := newHarness(t)
	own, foreign := furnish(h)
	cursor := ""
	for range 3 {
		h.must(201, h.ask(h.write, http.MethodPost, own.fill("/api/v1/events/{event}/tracks"), `{"name":{"en":"T"}}`))
	}
	for _, op := range apiOperations(h.server) {
		if op.Method != http.MethodGet || strings.Contains(op.Path[strings.LastIndex(op.Path, "/"):], "{") {
			continue
		}
		paged := slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "cursor" })
		path := own.fill(op.Path)
		if op.OperationID == "findSlots" {
			path += "?person=" + own.ids["person"]
		}
		a := h.must(200, h.ask(h.all, http.MethodGet, path, nil))
		if !paged {
			if !slices.Contains([]string{"listConflicts", "diffReleases", "listMembers", "listMaterials", "getActivityTable", "getPersonData", "getMeetingRules", "getLetterRule", "forecastLetters", "listMeetingTimes", "listMeetingHistory", "findSlots", "listStandIns"}, op.OperationID) {
				t.Errorf("%s is not paged", op.OperationID)
			}
			continue
		}
		if !strings.HasPrefix(a.Body, `{"items":[`) {
			t.Errorf("%s: %s", path, a.Body)
		}
		for _, bad := range []string{"limit=0", "limit=201", "limit=-1", "limit=x", "limit=1.5", "limit=99999999999999999999", "cursor=nonsense", "cursor=%00",
			"unknown=1", "limit=1&limit=2", "%zz=1", "Limit=1", "cursor=" + strings.Repeat("x", 3000), "limit=%ff"} {
			a := h.ask(h.all, http.MethodGet, path+"?"+bad, nil)
			if a.Status != 422 && a.Status != 400 {
				t.Errorf("%s?%.40s: %d %s", path, bad, a.Status, a.Body)
			}
			mustBeProblem(t, bad, a)
		}
		if next := decode[pageOf](t, h.ask(h.all, http.MethodGet, path+"?limit=1", nil)).Next; next != "" {
			cursor = next
		}
	}
	// A cursor is of one list of one event.
	tracks := decode[pageOf](t, h.ask(h.all, http.MethodGet, own.fill("/api/v1/events/{event}/tracks?limit=1"), nil)).Next
	for _, path := range []string{foreign.fill("/api/v1/events/{event}/tracks"), own.fill("/api/v1/events/{event}/rooms")} {
		if a := h.ask(h.all, http.MethodGet, path+"?cursor="+tracks, nil); a.Status != 422 {
			t.Errorf("%s with a cursor of another list: %d", path, a.Status)
		}
	}
	if cursor == "" {
		t.Error("no list went on")
	}
}

func TestAPIFilters(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	event := own.fill("/api/v1/events/{event}")
	h.must(201, h.ask(h.write, http.MethodPost, event+"/panels", `{"code":"FREE","format":"panel","title":{"en":"Unscheduled thoughts"},"track":"`+own.ids["track"]+
		`","speakers":[{"person":"`+own.ids["person"]+`","role":"panelist"}]}`))
	h.must(201, h.ask(h.write, http.MethodPost, event+"/panels", `{"code":"LATE","format":"talk","title":{"en":"Late"},"cancelled":true,"slot":{"room":"`+own.ids["room2"]+
		`","start":"2025-10-28T23:30","end":"2025-10-29T00:30"}}`))
	first := decode[panelBody](t, h.ask(h.read, http.MethodGet, event+"/panels/"+own.ids["panel"], nil)).Code
	for query, want := range map[string][]string{
		"":                             {first, "LATE", "FREE"},
		"scheduled=false":              {"FREE"},
		"scheduled=true":               {first, "LATE"},
		"cancelled=true":               {"LATE"},
		"cancelled=false":              {first, "FREE"},
		"day=2025-10-27":               {first},
		"day=2025-10-28":               {"LATE"},
		"day=2025-10-29":               {},
		"room=" + own.ids["room2"]:     {"LATE"},
		"track=" + own.ids["track"]:    {"FREE"},
		"person=" + own.ids["person"]:  {"FREE"},
		"person=" + own.ids["person2"]: {},
		"format=talk":                  {first, "LATE"},
		"q=thoughts":                   {"FREE"},
		"q=THOUGHTS+free&sort=code":    {"FREE"},
		"sort=code&scheduled=true":     {first, "LATE"},
		"track=nothing":                {},
		"q=":                           {first, "LATE", "FREE"},
	} {
		got := []string{}
		for _, item := range decode[pageOf](t, h.must(200, h.ask(h.read, http.MethodGet, event+"/panels?"+query, nil))).Items {
			got = append(got, item.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	for path, n := range map[string]int{
		"/people?q=lan": 1, "/people?country=VN": 0, "/people?q=curie": 1,
		"/meetings?person=" + own.ids["person"]: 1, "/meetings?status=accepted": 0, "/meetings?status=requested&sort=updated": 1, "/meetings?day=2025-10-27": 0,
		"/meetings?room=" + own.ids["room"]: 0, "/availabilities?room=" + own.ids["room"]: 1, "/availabilities?person=" + own.ids["person"]: 0,
		"/conflicts?kind=no_moderator": 0, "/conflicts?severity=warning": 0, "/conflicts?person=" + own.ids["person"]: 0,
	} {
		if got := len(decode[pageOf](t, h.must(200, h.ask(h.read, http.MethodGet, event+path, nil))).Items); got != n {
			t.Errorf("%s: %d items, want %d", path, got, n)
		}
	}
	for _, bad := range []string{"/panels?day=2025-02-30", "/panels?day=tomorrow", "/panels?format=speech", "/panels?scheduled=yes", "/panels?sort=title",
		"/meetings?status=open", "/meetings?day=1", "/conflicts?severity=bad", "/conflicts?limit=3", "/releases/2/diff?from=-1", "/releases/1/diff?from=x",
		"/availabilities?person=" + own.ids["person"] + "&room=" + own.ids["room"]} {
		a := h.ask(h.read, http.MethodGet, event+bad, nil)
		if a.Status != 422 && a.Status != 400 || len(decode[Problem](t, a).Errors) != 1 || decode[Problem](t, a).Errors[0].Parameter == "" {
			t.Errorf("%s: %d %s", bad, a.Status, a.Body)
		}
	}
	for _, missing := range []string{"/releases/0", "/releases/2", "/releases/x", "/releases/01", "/releases/draft", "/releases/99999999999/diff", "/releases/1/diff?from=7",
		"/panels/x", "/rooms/" + own.ids["track"], "/panels/a%2Fb", "/rooms/%ff", "/rooms/%00"} {
		if a := h.ask(h.read, http.MethodGet, event+missing, nil); a.Status != 404 {
			t.Errorf("%s: %d %s", missing, a.Status, a.Body)
		}
	}
}
