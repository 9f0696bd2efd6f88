package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// TestHoleV14IdsCanNotBeWalked is CVE-2025-53640: who counts ids up gets what they may see at their own event, and
// nothing else, not even the difference between what is elsewhere and what is nowhere.
func TestHoleV14IdsCanNotBeWalked(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	own, foreign := furnish(h)
	roles := map[string]string{"anonymous": ""}
	verbs := map[string][]agenda.Verb{}
	for _, role := range agenda.MemberRoles {
		verbs[string(role)] = role.Verbs()
		roles[string(role)] = h.newToken(forum, role.Verbs(), nil)
	}
	last := h.ids.Load()
	walked, seen := 0, 0
	for _, op := range apiOperations(h.server) {
		names := pathNames(op.Path)
		if op.Method != http.MethodGet || len(names) != 2 || names[0] != "event" || slices.Contains([]string{"number", "table", "file"}, names[1]) {
			continue
		}
		access := op.Extensions["x-access"].(string)
		if access == string(Public) || access == string(BySecret) {
			continue // keys are secrets, not ids
		}
		there, private := map[string]bool{}, map[string]bool{}
		if collection, ok := strings.CutSuffix(op.Path, "/{"+names[1]+"}"); names[1] == "account" {
			there[own.ids["account"]] = true
		} else if ok {
			for _, item := range decode[struct {
				Items []struct {
					ID       string
					Meetings any
				}
			}](t, h.must(200, h.ask(h.all, http.MethodGet, own.fill(collection)+"?limit=200", nil))).Items {
				there[item.ID] = true
				private[item.ID] = names[1] == "mail" && item.Meetings == true // it tells of a meeting
			}
		} else {
			there[own.ids[names[1]]] = true
			if strings.Contains(op.Path, "/people/") {
				there[own.ids["person2"]], there[own.ids["person3"]] = true, true
			}
		}
		for role, token := range roles {
			may := h.grants(verbs[role], agenda.Verb(access))
			for n := range last {
				id := fmt.Sprintf("01990000-0000-7000-8000-%012x", n+1)
				for _, at := range []furnished{own, foreign} {
					path := strings.NewReplacer("{event}", at.ids["event"], "{"+names[1]+"}", id).Replace(op.Path)
					want := http.StatusNotFound
					switch {
					case token == "":
						want = http.StatusUnauthorized
					case at.ids["event"] == forum && !may:
						want = http.StatusForbidden
					case at.ids["event"] == forum && there[id] && (!private[id] || h.grants(verbs[role], agenda.ReadMeetings)):
						want = http.StatusOK
						seen++
					}
					walked++
					if a := h.ask(token, http.MethodGet, path, nil); a.Status != want {
						t.Fatalf("%s by %s: %d, want %d: %s", path, role, a.Status, want, a.Body)
					}
				}
			}
		}
	}
	if walked < 5000 || seen < 20 {
		t.Errorf("%d ids were tried, and %d were there", walked, seen)
	}
}

// grants says whether the verbs have that one.
func (h *harness) grants(verbs []agenda.Verb, verb agenda.Verb) bool {
	return agenda.May(agenda.Actor{Kind: agenda.TokenHolder, Grants: []agenda.Grant{{EventID: h.event.ID, Verbs: verbs}}}, verb, h.event.ID)
}
