package server

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTellingByTheAPI publishes with each choice of what becomes of letters, as was forecast, and reads who was told.
func TestTellingByTheAPI(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		const at = "/api/v1/events/" + forum
		made := func(noun, body string) string {
			return decode[struct{ ID string }](t, h.must(201, h.ask(h.all, http.MethodPost, at+noun, body))).ID
		}
		an, binh := made("/people", `{"name":"An","email":"an@example.org"}`), made("/people", `{"name":"Bình"}`)
		talk := made("/panels", fmt.Sprintf(`{"format":"talk","title":{"en":"Talk"},"slot":{"start":"2025-10-27T09:00","end":"2025-10-27T10:00"},"speakers":[{"person":%q,"role":"panelist","status":"confirmed"},{"person":%q,"role":"panelist","status":"confirmed"}]}`, an, binh))
		publish := func(choice, body string, want LetterCounts) {
			t.Helper()
			forecasts := decode[letterForecastsBody](t, h.must(200, h.ask(h.all, http.MethodGet, at+"/releases/draft/letters", nil)))
			for _, f := range forecasts.Items {
				if f.Letters == choice && f.LetterCounts != want {
					t.Errorf("%s is forecast as %+v, not %+v", choice, f.LetterCounts, want)
				}
			}
			if len(forecasts.Items) != 4 {
				t.Errorf("%+v", forecasts)
			}
			key := header{"Idempotency-Key", "publish-" + choice}
			got := decode[publishedBody](t, h.must(201, h.ask(h.write, http.MethodPost, at+"/releases", body, key)))
			if got.Letters != want {
				t.Errorf("%s does %+v, not %+v", choice, got.Letters, want)
			}
			if again := decode[publishedBody](t, h.must(201, h.ask(h.write, http.MethodPost, at+"/releases", body, key))); again.Letters != (LetterCounts{}) || again.Number != got.Number {
				t.Errorf("a repetition tells %+v", again)
			}
		}
		told := func(query string) (rows []string) {
			t.Helper()
			for _, r := range decode[struct{ Items []toldBody }](t, h.must(200, h.ask(h.read, http.MethodGet, at+"/told"+query, nil))).Items {
				rows = append(rows, fmt.Sprintf("%s %s %t %d-%d", r.Person.Name, r.State, r.Silent, r.Since, r.Release))
			}
			return rows
		}
		move := func(start string) {
			t.Helper()
			h.must(200, h.ask(h.write, http.MethodPut, at+"/panels/"+talk+"/slot", `{"start":"2025-10-27T`+start+`","end":"2025-10-27T12:00"}`, header{"If-Match", "*"}))
		}
		publish("hold", `{"letters":"hold"}`, LetterCounts{Waiting: 2, Addresses: 1})
		move("10:00")
		publish("send", `{"letters":"send"}`, LetterCounts{Going: 1, Waiting: 1, Addresses: 1, Replaced: 2})
		h.must(200, h.ask(h.write, http.MethodPut, at+"/letter-rule", `{"mode":"none","delay":0,"small":0}`, header{"If-Match", `"1"`}))
		made("/panels", fmt.Sprintf(`{"format":"talk","title":{"en":"More"},"slot":{"start":"2025-10-27T14:00","end":"2025-10-27T15:00"},"speakers":[{"person":%q,"role":"panelist","status":"confirmed"}]}`, made("/people", `{"name":"Chi","email":"chi@example.org"}`)))
		publish("nobody", `{"letters":"nobody"}`, LetterCounts{Untold: 1})
		move("10:30")
		publish("rule", `{}`, LetterCounts{Going: 1, Waiting: 1, Addresses: 1, Replaced: 2}) // in the place of those that have not gone

		for query, want := range map[string][]string{
			"":                            {"An waiting false 0-4", "Bình no_address false 0-4"},
			"?release=3":                  {"An waiting false 0-4", "Bình no_address false 0-4", "Chi not_told false 0-0"},
			"?release=3&state=not_told":   {"Chi not_told false 0-0"},
			"?state=unanswered":           nil,
			"?limit=1":                    {"An waiting false 0-4"},
			"?release=4&state=no_address": {"Bình no_address false 0-4"},
		} {
			if diff := cmp.Diff(want, told(query)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
		h.must(404, h.ask(h.read, http.MethodGet, at+"/told?release=9", nil))
		for query, want := range map[string]remindedBody{"": {Skipped: 2}, "?release=3": {Skipped: 3}, "?person=x": {}, "?person=x," + an: {Skipped: 1}} {
			if got := decode[remindedBody](t, h.must(200, h.ask(h.write, http.MethodPost, at+"/told/remind"+query, nil))); got != want {
				t.Errorf("%s: %+v, want %+v", query, got, want)
			}
		}
		h.must(404, h.ask(h.write, http.MethodPost, at+"/told/remind?release=9", nil))
		h.must(403, h.ask(h.read, http.MethodPost, at+"/told/remind", nil))
		next := decode[pageOf](t, h.must(200, h.ask(h.read, http.MethodGet, at+"/told?limit=1", nil))).Next
		if diff := cmp.Diff([]string{"Bình no_address false 0-4"}, told("?limit=1&cursor="+next)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestTheLetterRuleByTheAPI reads and replaces how people are told.
func TestTheLetterRuleByTheAPI(t *testing.T) {
	h := newHarness(t)
	const at = "/api/v1/events/" + forum + "/letter-rule"
	if a := h.must(200, h.ask(h.read, http.MethodGet, at, nil)); a.Header.Get("Etag") != `"1"` || a.Body != `{"mode":"read","delay":10,"small":15,"leads":[],"hold_meetings":false,"revision":1}`+"\n" {
		t.Errorf("%s %s", a.Header.Get("Etag"), a.Body)
	}
	body := `{"mode":"small","delay":0,"small":30,"leads":[60,1440,60],"hold_meetings":true}`
	want := `{"mode":"small","delay":0,"small":30,"leads":[1440,60],"hold_meetings":true,"revision":2}` + "\n"
	h.must(403, h.ask(h.read, http.MethodPut, at, body, header{"If-Match", `"1"`}))
	if a := h.must(200, h.ask(h.write, http.MethodPut, at, body, header{"If-Match", `"1"`})); a.Body != want || a.Header.Get("Etag") != `"2"` {
		t.Errorf("%s %s", a.Header.Get("Etag"), a.Body)
	}
	if a := h.must(412, h.ask(h.write, http.MethodPut, at, body, header{"If-Match", `"1"`})); decode[struct{ Current letterRuleBody }](t, a).Current.Small != 30 {
		t.Error(a.Body)
	}
	for _, bad := range []string{`{}`, `{"mode":"some","delay":0,"small":0}`, `{"mode":"all","delay":0,"small":0,"leads":[61]}`, `{"mode":"all","delay":-1,"small":0}`, `{"mode":"all","delay":0,"small":1441}`} {
		h.must(422, h.ask(h.write, http.MethodPut, at, bad, header{"If-Match", `"2"`}))
	}
}
