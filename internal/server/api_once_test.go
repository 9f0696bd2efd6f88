package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// creations are requests that make something, each valid once.
func creations(own furnished) map[string]string {
	return map[string]string{
		"/api/v1/events":                        `{"slug":"fresh","name":{"en":"Fresh"},"zone":"UTC","start_date":"2025-01-01","end_date":"2025-01-02","languages":["en"]}`,
		"/api/v1/events/{event}/rooms":          `{"name":{"en":"Fresh"}}`,
		"/api/v1/events/{event}/tracks":         `{"name":{"en":"Fresh"}}`,
		"/api/v1/events/{event}/people":         `{"name":"Fresh"}`,
		"/api/v1/events/{event}/panels":         `{"format":"talk","title":{"en":"Fresh"}}`,
		"/api/v1/events/{event}/availabilities": `{"resource":{"kind":"room","id":"` + own.ids["room2"] + `"},"start":"2025-10-27T08:00","end":"2025-10-27T18:00"}`,
		"/api/v1/events/{event}/meetings": `{"sides":[{"delegates":[{"person":"` + own.ids["person"] + `","role":"principal"}]},{"delegates":[{"person":"` +
			own.ids["person2"] + `","role":"principal"}]}]}`,
		"/api/v1/events/{event}/releases": `{"note":{"en":"Fresh"}}`,
	}
}

func TestAPIIdempotency(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	for template, body := range creations(own) {
		path, key := own.fill(template), header{"Idempotency-Key", "key/" + template}
		before := h.everything()
		first := h.must(201, h.ask(h.all, http.MethodPost, path, body, key))
		after := h.everything()
		if cmp.Equal(before, after) {
			t.Errorf("%s made nothing", path)
		}
		second := h.must(201, h.ask(h.all, http.MethodPost, path, body, key))
		if second.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%s: replayed %q, then %q", path, first.Header.Get("Idempotency-Replayed"), second.Header.Get("Idempotency-Replayed"))
		}
		for _, name := range []string{"Location", "Etag"} {
			if first.Header.Get(name) != second.Header.Get(name) || first.Header.Get(name) == "" {
				t.Errorf("%s: %s %q, then %q", path, name, first.Header.Get(name), second.Header.Get(name))
			}
		}
		if first.Body != second.Body {
			t.Errorf("%s answers differ:\n%s\n%s", path, first.Body, second.Body)
		}
		if a := h.ask(h.all, http.MethodPost, path, strings.Replace(body, "{", "{ ", 1), key); a.Status != 409 {
			t.Errorf("%s: another request with the same key: %d %s", path, a.Status, a.Body)
		}
		if diff := cmp.Diff(after, h.everything()); diff != "" {
			t.Errorf("%s: the repetition changed something:\n%s", path, diff)
		}
	}
	rooms := own.fill("/api/v1/events/{event}/rooms")
	h.must(201, h.ask(h.write, http.MethodPost, rooms, `{"name":{"en":"Fresh"}}`, header{"Idempotency-Key", "key//api/v1/events/{event}/rooms"}))
	for _, value := range []string{"a b", "é", strings.Repeat("x", 256), "a\tb", ""} {
		a := h.ask(h.write, http.MethodPost, rooms, `{"name":{"en":"Fresh"}}`, header{"Idempotency-Key", value})
		if a.Status != 400 || decode[Problem](t, a).Errors[0].Parameter != "Idempotency-Key" {
			t.Errorf("key %q: %d %s", value, a.Status, a.Body)
		}
	}
	// What was refused is not remembered: mended, the request may use its key again.
	key := header{"Idempotency-Key", "mended"}
	h.must(422, h.ask(h.write, http.MethodPost, rooms, `{"name":{"xx-invalid-tag-":"A"}}`, key))
	h.must(201, h.ask(h.write, http.MethodPost, rooms, `{"name":{"en":"A"}}`, key))
}

// TestAPISimultaneousRepeats sends each creation ten times at once: it happens once.
func TestAPISimultaneousRepeats(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		own, _ := furnish(h)
		for template, body := range creations(own) {
			path, key := own.fill(template), header{"Idempotency-Key", "k"}
			if template != "/api/v1/events" {
				key.value = template
			}
			answers := make([]answer, 10)
			atOnce(len(answers), func(i int) { answers[i] = h.ask(h.all, http.MethodPost, path, body, key) })
			fresh, places := 0, map[string]int{}
			for _, a := range answers {
				if a.Status != 201 {
					t.Errorf("%s: %d %s", path, a.Status, a.Body)
				}
				if a.Header.Get("Idempotency-Replayed") == "" {
					fresh++
				}
				places[a.Header.Get("Location")]++
			}
			if fresh != 1 || len(places) != 1 {
				t.Errorf("%s: %d fresh answers, at %v", path, fresh, places)
			}
		}
	})
}
