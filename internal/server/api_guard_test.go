package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// apiOperations gives the documented operations below apiRoot, in order.
func apiOperations(s *Server) []*huma.Operation {
	var list []*huma.Operation
	for path, item := range s.api().OpenAPI().Paths {
		if strings.HasPrefix(path, apiRoot) {
			list = append(list, operationsOf(item)...)
		}
	}
	slices.SortFunc(list, func(a, b *huma.Operation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return list
}

func TestAPIEveryRouteDeclaresItsAccess(t *testing.T) {
	s := newHarness(t).server
	routed := map[string]bool{}
	for _, r := range s.echo.Routes() {
		key := r.Method + " " + r.Path
		routed[key] = true
		if s.access[key] == "" {
			t.Errorf("%s declares no access", key)
		}
	}
	for key := range s.access {
		if !routed[key] {
			t.Errorf("%s declares an access and is no route", key)
		}
	}
	for _, op := range apiOperations(s) {
		key := op.Method + " " + echoPath(op.Path)
		if string(s.access[key]) != op.Extensions["x-access"] {
			t.Errorf("%s is documented as %v and declared as %s", key, op.Extensions["x-access"], s.access[key])
		}
		if open := s.access[key].open(); open != (op.Tags[0] == "Stars") {
			t.Errorf("%s is open to strangers: %t", key, open)
		}
	}
	for _, item := range s.api().OpenAPI().Paths {
		for _, op := range operationsOf(item) {
			if route, public := op.Metadata["route"].(string); public {
				if got := s.access[op.Method+" "+route]; string(got) != op.Extensions["x-access"] {
					t.Errorf("%s is documented with %v; its route %s has %q", op.Path, op.Extensions["x-access"], route, got)
				}
			}
		}
	}
}

// furnished is an Event with one of each noun, for requests that need something to be about.
type furnished struct {
	*harness
	ids map[string]string // by the name of the path parameter
}

// furnish makes one of each noun in the harness's Event and, as foreign, in another.
func furnish(h *harness) (own, foreign furnished) {
	h.newEvent("other")
	return furnishEvent(h, forum), furnishEvent(h, "other")
}

func furnishEvent(h *harness, slug string) furnished {
	h.t.Helper()
	f := furnished{h, map[string]string{"event": slug, "number": "1"}}
	made := func(noun, collection, body string) {
		a := h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/"+collection, body))
		f.ids[noun] = decode[struct{ ID string }](h.t, a).ID
	}
	made("room", "rooms", `{"name":{"en":"Hall"}}`)
	made("room2", "rooms", `{"name":{"en":"Annex"}}`)
	made("track", "tracks", `{"name":{"en":"AI"}}`)
	made("person", "people", `{"name":"Lan Anh","email":"hung@example.org"}`)
	made("person2", "people", `{"name":"Marie Curie"}`)
	made("person3", "people", `{"name":"Jean Moulin"}`)
	made("panel", "panels", `{"format":"talk","title":{"en":"Opening"},"slot":{"room":"`+f.ids["room"]+
		`","start":"2025-10-27T09:00","end":"2025-10-27T10:00"}}`)
	f.ids["material"], f.ids["file"] = "01990000-0000-7000-8000-fffff"+f.ids["panel"][29:], f.ids["panel"][29:]+strings.Repeat("x", 36)+".txt"
	err := h.store.Write(h.t.Context(), func(tx *store.Tx) error { // without a change of the panel's revision
		p, err := tx.Panel(h.eventID(slug), agenda.ID(f.ids["panel"]))
		if err != nil {
			return err
		}
		m := agenda.Material{ID: agenda.ID(f.ids["material"]), File: f.ids["file"], Title: "Notes", Public: true, Created: h.now()}
		return errors.Join(tx.InsertFile(agenda.File{Name: m.File, Kind: agenda.MaterialFile, MediaType: "text/plain; charset=utf-8", FileName: "notes.txt", SHA256: "c0ffee", Created: h.now()},
			[]byte("notes")), tx.InsertMaterial(p.EventID, p.ID, m))
	})
	if err != nil {
		h.t.Fatal(err)
	}
	made("availability", "availabilities", `{"resource":{"kind":"room","id":"`+f.ids["room"]+`"},"start":"2025-10-27T08:00","end":"2025-10-28T18:00"}`)
	made("meeting", "meetings/requests", `{"from":"`+f.ids["person"]+`","to":"`+f.ids["person2"]+`","times":[{"start":"2025-10-27T14:00","end":"2025-10-27T14:30"}]}`)
	made("feed", "feeds", `{"person":"`+f.ids["person"]+`"}`)
	made("link", "people/"+f.ids["person"]+"/links", `{}`)
	made("token", "tokens", `{"name":"spare","scopes":["read"]}`)
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/releases", `{}`))
	account, err := h.app.CreateAccount(context.Background(), h.system(), agenda.Account{Email: "member@" + slug + ".example", Name: "Member"}, "")
	if err != nil {
		h.t.Fatal(err)
	}
	f.ids["account"] = string(account.ID)
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/members", `{"email":"`+account.Email+`","roles":["viewer"]}`))
	made("invitation", "members", `{"email":"new@`+slug+`.example","roles":["viewer"]}`)
	made("webhook", "webhooks", `{"name":"Website","url":"https://hooks.example/agenda","kinds":["release.published"]}`)
	ping := h.must(200, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/webhooks/"+f.ids["webhook"]+"/ping", nil))
	f.ids["delivery"] = decode[struct{ ID string }](h.t, ping).ID
	f.ids["mail"] = string(f.plantMail(f.ids["event"], f.ids["person"], "Opening has moved"))
	f.ids["table"] = "panels.csv"
	f.ids["key"] = decode[struct{ Key string }](h.t, h.must(201, h.ask("", http.MethodPost, "/api/v1/events/"+slug+"/starred-feeds",
		`{"panels":["`+f.ids["panel"]+`"]}`))).Key
	return f
}

// beginFor lets the furnished meeting begin for the operation that needs it.
func (f furnished) beginFor(operation string) {
	if operation == "holdMeeting" {
		f.begun()
	}
}

// begun lets the furnished meeting be agreed on and begin.
func (f furnished) begun() {
	f.t.Helper()
	f.clock.Store(f.agreed().Slot.Start.At.UnixMilli())
}

// agreed lets the furnished meeting be agreed on.
func (f furnished) agreed() agenda.Meeting {
	f.t.Helper()
	r, err := f.app.AcceptTime(f.t.Context(), f.system(), f.ids["event"], app.Match{Any: true}, agenda.ID(f.ids["meeting"]), app.MeetingAnswer{Room: agenda.ID(f.ids["room2"])})
	if err != nil {
		f.t.Fatal(err)
	}
	return r.Meeting
}

// plantMail adds a letter that was given up, with which everything can be done that can be done with one: the program makes letters
// by itself.
func (h *harness) plantMail(slug, person, words string) agenda.ID {
	h.t.Helper()
	event, now := h.eventID(slug), h.now()
	id := agenda.ID("01990000-0000-7000-8000-eeeee" + person[29:]) // those of the things that are made stay as they are
	err := h.store.Write(h.t.Context(), func(tx *store.Tx) error {
		p, err := tx.Person(event, agenda.ID(person))
		if err != nil {
			return err
		}
		return tx.InsertMail(agenda.Mail{ID: id, EventID: event, PersonID: agenda.ID(person), Kind: agenda.MailChanges, Status: agenda.MailFailed, About: "1",
			To: cmp.Or(p.Email, "hung@example.org"), Name: words, Language: "en", Subject: words, Body: []agenda.MailPart{{Heading: words, Lines: []string{words}}}, Note: words,
			Method: "REQUEST", Calendar: []byte("METHOD:REQUEST\r\nSUMMARY:" + words), Answer: words, Fault: words, Due: now, Revision: 1, Created: now, Updated: now})
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// eventID gives the identity of the Event of that slug.
func (h *harness) eventID(slug string) agenda.ID {
	h.t.Helper()
	e, err := h.app.Event(h.t.Context(), h.system(), slug)
	if err != nil {
		h.t.Fatal(err)
	}
	return e.ID
}

// fill puts the nouns' identities into a path.
func (f furnished) fill(path string) string {
	for _, name := range pathNames(path) {
		path = strings.Replace(path, "{"+name+"}", f.ids[name], 1)
	}
	return path
}

// callOperation asks for the operation in a way that changes nothing that exists: no noun has revision 99.
func (f furnished) callOperation(token string, op *huma.Operation) answer {
	f.t.Helper()
	var body any
	if op.RequestBody != nil && !takesJSON(op) {
		body = "title,date,start,end,room\nImported,2025-10-27,11:00,12:00,Hall\n"
	}
	if takesJSON(op) {
		body = example(f.server.api().OpenAPI().Components.Schemas, op.RequestBody.Content["application/json"].Schema, true)
	}
	return f.ask(token, op.Method, f.fill(op.Path), body, header{"If-Match", `"99"`})
}

// takesJSON says whether the operation takes a body of JSON.
func takesJSON(op *huma.Operation) bool {
	return op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil
}

// writes gives the operations that take a body of JSON.
func writes(s *Server) []*huma.Operation {
	return slices.DeleteFunc(apiOperations(s), func(op *huma.Operation) bool { return !takesJSON(op) })
}

func TestAPIAccess(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	expires := h.now().Add(time.Hour)
	expired := h.newToken(forum, agenda.EventVerbs, &expires)
	revoked := h.newToken("", agenda.Verbs, nil)
	list, _, err := h.app.Tokens(t.Context(), h.system(), "", app.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.app.RevokeToken(t.Context(), h.system(), "", list[len(list)-1].ID); err != nil {
		t.Fatal(err)
	}
	h.pass(2 * time.Hour)
	actors := map[string]string{"anonymous": "", "read": h.read, "write": h.write, "all": h.all, "expired": expired,
		"revoked": revoked, "unknown": "plenary_nobody", "other event": h.newToken("other", agenda.EventVerbs, nil),
		"all, reading": h.newToken("", agenda.ReadVerbs, nil)}
	asked := 0
	for _, op := range apiOperations(h.server) {
		for name, token := range actors {
			access := Access(op.Extensions["x-access"].(string))
			got := own.callOperation(token, op)
			asked++
			if want := expectAccess(access, name, strings.Contains(op.Path, "{event}"), op.OperationID); !slices.Contains(want, got.Status) {
				t.Errorf("%s by %s (%s): %d, want one of %v: %s", op.OperationID, name, access, got.Status, want, got.Body)
			}
			if got.Status >= 400 {
				mustBeProblem(t, op.OperationID+" by "+name, got)
			}
		}
	}
	t.Logf("%d answers", asked)
}

// expectAccess gives the statuses that the declared access allows.
func expectAccess(access Access, actor string, atEvent bool, id string) []int {
	allowed := []int{200, 201, 204, 404, 409, 410, 412, 422}
	open := access.open()
	if id == "copyEvent" && slices.Contains([]string{"read", "write", "all, reading"}, actor) {
		return []int{403} // it makes an event besides
	}
	if access == ByMail {
		access = May(agenda.PublishEvent) // or edit_meetings; neither reads
	}
	switch actor {
	case "expired", "revoked", "unknown":
		return []int{401}
	case "anonymous":
		if open {
			return allowed
		}
		return []int{401}
	case "all":
		return allowed
	case "other event":
		switch {
		case open:
			return allowed
		case atEvent && !agenda.Verb(access).OfInstallation():
			return []int{404}
		case id == "listEvents":
			return []int{200}
		}
		return []int{403}
	case "write":
		if !open && agenda.Verb(access).OfInstallation() {
			return []int{403}
		}
		return allowed
	}
	if open || slices.Contains(agenda.ReadVerbs, agenda.Verb(access)) {
		return allowed
	}
	return []int{403}
}

// mustBeProblem fails unless the answer is a Problem with a sentence.
func mustBeProblem(t testing.TB, what string, a answer) {
	t.Helper()
	var p Problem
	if a.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(a.Body), &p) != nil ||
		p.Detail == "" || p.Status != a.Status || p.Code == "" || p.RequestID == "" || p.Type != "about:blank" {
		t.Errorf("%s: %d is not a problem: %s %s", what, a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	for _, fault := range p.Errors {
		if fault.Detail == "" || fault.Pointer != "" && !strings.HasPrefix(fault.Pointer, "#/") {
			t.Errorf("%s: fault %+v", what, fault)
		}
	}
}

func TestAPIAuthorizationHeader(t *testing.T) {
	h := newHarness(t)
	for name, lines := range map[string][]string{
		"another scheme": {"Basic dXNlcjpwYXNz"}, "no token": {"Bearer"}, "blank token": {"Bearer   "},
		"two tokens": {"Bearer " + h.all + " " + h.all}, "empty": {""}, "token alone": {h.all},
		"two lines": {"Bearer " + h.all, "Bearer " + h.all}, "a list": {"Bearer " + h.all + ",x"},
	} {
		var headers []header
		for _, line := range lines {
			headers = append(headers, header{"Authorization", line})
		}
		a := h.get("/api/v1/events", headers...)
		if a.Status != 401 || !strings.HasPrefix(a.Header.Get("Www-Authenticate"), "Bearer") {
			t.Errorf("%s: %d %q", name, a.Status, a.Header.Get("Www-Authenticate"))
		}
		mustBeProblem(t, name, a)
	}
	h.must(200, h.get("/api/v1/events", header{"Authorization", "bearer  " + h.read}))
}

// TestAPIOverTheWire asks a real server, where HEAD has no body and a refused body ends nothing.
func TestAPIOverTheWire(t *testing.T) {
	h := newHarness(t)
	srv := httptest.NewServer(h.server)
	defer srv.Close()
	do := func(method, path, body string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+h.write)
		r.Header.Set("Content-Type", "application/json")
		resp, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(got)
	}
	if resp, body := do(http.MethodHead, "/api/v1/events/"+forum, ""); resp.StatusCode != 200 || body != "" || resp.Header.Get("ETag") != `"1"` {
		t.Errorf("HEAD: %d %q %q", resp.StatusCode, body, resp.Header.Get("ETag"))
	}
	if resp, body := do(http.MethodPost, "/api/v1/events/"+forum+"/rooms", strings.Repeat(" ", 3<<20)); resp.StatusCode != 413 || body == "" {
		t.Errorf("a large body: %d", resp.StatusCode)
	}
	if resp, body := do(http.MethodPatch, "/api/v1/events/"+forum, ""); resp.StatusCode != 405 || !strings.Contains(resp.Header.Get("Allow"), "PUT") {
		t.Errorf("PATCH: %d %q %s", resp.StatusCode, resp.Header.Get("Allow"), body)
	}
	for _, path := range []string{"/api/v1/nothing", "/api/v1", "/api/v2/events", "/api/openapi-3.0.json", "/api/schemas/Panel.json"} {
		resp, body := do(http.MethodGet, path, "")
		if resp.StatusCode != 404 || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	if resp, _ := do(http.MethodOptions, "/api/v1/events", ""); resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("the API invites other origins")
	}
}
