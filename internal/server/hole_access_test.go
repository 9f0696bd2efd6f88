package server

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// visitor is somebody who asks for every route.
type visitor struct {
	name     string
	token    string
	cookie   string
	signedIn bool
	visits   bool         // has come by a personal link that works
	typed    bool         // and typed a code
	actor    agenda.Actor // what they may do, for what the declared access comes to
}

// headers are those that the visitor sends.
func (v visitor) headers() []header {
	if v.cookie == "" {
		return nil
	}
	return []header{{"Cookie", v.cookie}}
}

// newLogin makes an account with those roles at an event and signs it in; it gives the cookie.
func (h *harness) newLogin(email string, admin bool, slug string, roles ...agenda.MemberRole) (app.SignedIn, string) {
	h.t.Helper()
	ctx := context.Background()
	const password = "a hall full of lanterns"
	if _, err := h.app.CreateAccount(ctx, h.system(), agenda.Account{Email: email, Name: email, Admin: admin}, password); err != nil {
		h.t.Fatal(err)
	}
	if len(roles) > 0 {
		if _, err := h.app.InviteMember(ctx, h.system(), slug, email, roles, base, ""); err != nil {
			h.t.Fatal(err)
		}
	}
	entry, err := h.app.SignIn(ctx, email, password, "", app.From{Address: "192.0.2.1"})
	if err != nil {
		h.t.Fatal(err)
	}
	who, err := h.app.Recognize(ctx, entry.Secret, app.From{})
	if err != nil {
		h.t.Fatal(err)
	}
	return who, loginCookie + "=" + entry.Secret
}

// newVisit makes a personal link of a person and comes by it; it gives the cookie.
func (h *harness) newVisit(slug string, person agenda.ID, expires *time.Time) string {
	h.t.Helper()
	ctx := context.Background()
	made, err := h.app.MakePersonalLink(ctx, h.system(), slug, app.LinkRequest{PersonID: person, Expires: expires}, app.Once{})
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := h.app.OpenPersonalLink(ctx, made.Secret, "", "192.0.2.1")
	if err != nil {
		h.t.Fatal(err)
	}
	return visitCookie + "=" + v.Secret
}

// typedVisit is a visit in which the person has typed the code that they were given at the desk.
func (h *harness) typedVisit(person agenda.ID) string {
	h.t.Helper()
	cookie := h.newVisit(forum, person, nil)
	ctx := context.Background()
	code, _, err := h.app.MakeDeskCode(ctx, h.system(), forum, person)
	if err == nil {
		err = h.app.ConfirmVisit(ctx, strings.TrimPrefix(cookie, visitCookie+"="), code, "192.0.2.1")
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return cookie
}

// revokedVisit is a visit whose link was revoked meanwhile.
func (h *harness) revokedVisit(person agenda.ID) string {
	h.t.Helper()
	cookie := h.newVisit(forum, person, nil)
	ctx := context.Background()
	links, _, err := h.app.PersonalLinks(ctx, h.system(), forum, person, app.Page{Limit: 200})
	if err == nil {
		err = h.app.RevokePersonalLink(ctx, h.system(), forum, person, links[len(links)-1].ID)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return cookie
}

// visitors gives everybody who may come by. Person is one who takes part in the event.
func (h *harness) visitors(person agenda.ID) []visitor {
	list := []visitor{{name: "anonymous"}}
	account := func(name string, admin bool, slug string, roles ...agenda.MemberRole) visitor {
		who, cookie := h.newLogin(strings.ReplaceAll(name, " ", ".")+"@example.org", admin, slug, roles...)
		return visitor{name: name, cookie: cookie, signedIn: true, actor: who.Actor}
	}
	for _, role := range agenda.MemberRoles {
		list = append(list, account(string(role), false, forum, role), account(string(role)+" elsewhere", false, "other", role))
	}
	list = append(list, account("nobody", false, ""), account("administrator", true, ""), account("everything", false, forum, agenda.MemberRoles...))
	ended, cookie := h.newLogin("ended@example.org", true, forum, agenda.Owner)
	if err := h.app.SignOut(h.t.Context(), ended); err != nil {
		h.t.Fatal(err)
	}
	list = append(list, visitor{name: "ended login", cookie: cookie}, visitor{name: "invented login", cookie: loginCookie + "=" + strings.Repeat("x", 43)})
	for _, verb := range agenda.EventVerbs {
		own := agenda.Token{EventID: h.event.ID, Scopes: []agenda.Verb{verb}}
		own.Clean()
		list = append(list, visitor{name: "token of " + string(verb), token: h.newToken(forum, own.Scopes, nil), actor: own.Actor()})
	}
	expires := h.now().Add(time.Minute)
	list = append(list, visitor{name: "person", cookie: h.newVisit(forum, person, nil), visits: true},
		visitor{name: "person with a code", cookie: h.typedVisit(person), visits: true, typed: true},
		visitor{name: "person of an expired link", cookie: h.newVisit(forum, person, &expires)}, visitor{name: "person of a revoked link", cookie: h.revokedVisit(person)},
		visitor{name: "invented visit", cookie: visitCookie + "=" + strings.Repeat("x", 43)})
	list = append(list, visitor{name: "expired token", token: h.newToken("", agenda.Verbs, &expires)}, visitor{name: "revoked token", token: h.revokedToken()},
		visitor{name: "invented token", token: "plenary_" + strings.Repeat("x", 43)})
	h.pass(2 * time.Minute)
	return list
}

func (h *harness) revokedToken() string {
	h.t.Helper()
	token := h.newToken("", agenda.Verbs, nil)
	tokens, _, err := h.app.Tokens(h.t.Context(), h.system(), "", app.Page{Limit: 200})
	if err == nil {
		err = h.app.RevokeToken(h.t.Context(), h.system(), "", tokens[len(tokens)-1].ID)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// further are rights that a route asks for besides the one that it declares.
var further = map[string]agenda.Verb{
	"GET /api/v1/events/:event/tables/:table":    agenda.ReadDraft, // the draft, with addresses
	"HEAD /api/v1/events/:event/tables/:table":   agenda.ReadDraft,
	"POST /api/v1/events/:event/tokens":          agenda.ReadDraft, // the scope of the token that is asked for: nobody gives what they don't have
	"POST /api/v1/tokens":                        agenda.ReadDraft,
	"POST /api/v1/events/:event/copies":          agenda.CreateEvents,
	"GET /console/events/:event/copy":            agenda.CreateEvents,
	"HEAD /console/events/:event/copy":           agenda.CreateEvents,
	"POST /console/events/:event/copy":           agenda.CreateEvents,
	"GET /console/events/:event/delete":          agenda.CreateEvents,
	"HEAD /console/events/:event/delete":         agenda.CreateEvents,
	"POST /console/events/:event/delete":         agenda.CreateEvents,
	"POST /api/v1/events/:event/members":         agenda.ReadPeople, // a token gives roles that its scopes cover
	"PUT /api/v1/events/:event/members/:account": agenda.ReadPeople,
	"POST /console/events/:event/mail/:mail":     agenda.PublishEvent, // a letter that tells of no meeting
}

// expectedAt is expected of a route, with its further right.
func (v visitor) expectedAt(key string, access Access, event agenda.ID) int {
	needed := further[key]
	if needed == "" && strings.Contains(key, " /console/events/") && access != May(agenda.ReadPeople) {
		needed = agenda.ReadDraft // which all of its pages show, but for that of the people
	}
	if status := v.expected(access, event); status != 0 || needed == "" {
		return status
	}
	if !agenda.May(v.actor, needed, event) {
		return http.StatusForbidden
	}
	return 0
}

// expected says what a visitor may be answered by a route of that access: one status when they are refused, 0 when they are not.
func (v visitor) expected(access Access, event agenda.ID) int {
	known := v.actor.Kind != ""
	switch {
	case access.open():
		return 0
	case access == BySignIn && v.signedIn, access == ByPerson && v.visits, access == ByCode && v.typed:
		return 0
	case access == ByCode && v.visits:
		return http.StatusForbidden
	case access == BySignIn || access == ByPerson || access == ByCode:
		return http.StatusUnauthorized
	case !known:
		return http.StatusUnauthorized
	}
	if access == ByMail { // that of the tests tells of no meeting
		return cmp.Or(v.expected(May(agenda.ReadContacts), event), v.expected(May(agenda.PublishEvent), event))
	}
	verb := agenda.Verb(access)
	if event == "" && !verb.OfInstallation() {
		return 0 // a list of what is theirs
	}
	switch agenda.CodeOf(agenda.Authorize(v.actor, verb, event)) {
	case agenda.Forbidden:
		return http.StatusForbidden
	case agenda.NotFound:
		return http.StatusNotFound
	}
	return 0
}

// parameter is one of a route's path.
var parameter = regexp.MustCompile(`:[a-z0-9]+`)

// requestOf makes a request to a route that changes nothing that has a revision.
func (f furnished) requestOf(method, route string) (path string, body any) {
	path = parameter.ReplaceAllStringFunc(route, func(name string) string {
		if id := f.ids[name[1:]]; id != "" {
			return id
		}
		return "none"
	})
	if strings.HasSuffix(route, "/meetings/slots") {
		path += "?person=" + f.ids["person"] // somebody has to be looked for
	}
	if method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
		return path, nil
	}
	for _, op := range apiOperations(f.server) {
		if op.Method == method && echoPath(op.Path) == route {
			return path, f.bodyOf(op)
		}
	}
	return path, ""
}

func (f furnished) bodyOf(op *huma.Operation) any {
	switch {
	case op.RequestBody == nil:
		return nil
	case !takesJSON(op):
		return "title,date,start,end,room\nImported,2025-10-27,11:00,12:00,Hall\n"
	}
	return example(f.server.api().OpenAPI().Components.Schemas, op.RequestBody.Content["application/json"].Schema, true)
}

// TestHoleV12EveryRouteAnswersAsDeclared asks every route as everybody (Indico CVE-2026-28352 had one without any check). The
// routes are those of the router, so none escapes; what is expected follows from what the route declares and from the rights
// of who asks, both in one place.
func TestHoleV12EveryRouteAnswersAsDeclared(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	own, _ := furnish(h)
	visitors := h.visitors(agenda.ID(own.ids["person"]))
	asked, refused := 0, 0
	routes := slices.Sorted(maps.Keys(h.server.access))
	slices.SortStableFunc(routes, func(a, b string) int { // who vouches for an address takes back what was typed before
		return strings.Index(b, " /me/") - strings.Index(a, " /me/")
	})
	for _, ends := range []string{"POST /me/leave", "POST /sign-out"} { // who has left is somebody else
		i := slices.Index(routes, ends)
		routes = append(slices.Delete(routes, i, i+1), ends)
	}
	for _, key := range routes {
		method, route, _ := strings.Cut(key, " ")
		event := agenda.ID("")
		if strings.Contains(route, ":event") {
			event = h.event.ID
		}
		var anonymous answer
		// Who is refused comes first: what the others do may end what the route is about.
		slices.SortStableFunc(visitors, func(a, b visitor) int {
			x, y := a.expectedAt(key, h.server.access[key], event), b.expectedAt(key, h.server.access[key], event)
			return min(y, 1) - min(x, 1)
		})
		for _, v := range visitors {
			path, body := own.requestOf(method, route)
			a := h.ask(v.token, method, path, body, append(v.headers(), header{"If-Match", `"99"`})...)
			asked++
			want := v.expectedAt(key, h.server.access[key], event)
			if v.name == "anonymous" {
				anonymous = a
			}
			if fault := judge(h.server.access[key], method, want, a, anonymous); fault != "" {
				t.Errorf("%s (%s) by %s: %d, %s: %.300s", key, h.server.access[key], v.name, a.Status, fault, a.Body)
			}
			if want != 0 {
				refused++
			}
		}
	}
	if asked < 3000 || refused < 1500 {
		t.Errorf("%d answers, %d of them refusals", asked, refused)
	}
}

// judge says what is wrong with an answer, "" when it is the one that was declared.
func judge(access Access, method string, want int, a, anonymous answer) string {
	reads := method == http.MethodGet || method == http.MethodHead
	switch {
	case want == http.StatusUnauthorized && a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/sign-in"):
		return "" // a page
	case want == http.StatusUnauthorized && a.Status == http.StatusSeeOther && (access == ByPerson || access == ByCode):
		return ""
	case want != 0 && a.Status != want:
		return fmt.Sprintf("want %d", want)
	case want != 0:
		return ""
	case a.Status == http.StatusUnauthorized && !access.open(), a.Status == http.StatusForbidden, a.Status >= 500:
		return "want it done"
	case reads && !access.open() && a.Status != http.StatusOK && a.Status != http.StatusSeeOther:
		return "want 200"
	case reads && access == Public && anonymous.Status != 0 && (a.Status != anonymous.Status || withoutRequest(a.Body) != withoutRequest(anonymous.Body)):
		return "want what everybody gets"
	}
	return ""
}

var requestLine = regexp.MustCompile(`[0-9a-f]{16}`)

// withoutRequest leaves the request's own identity out of an error.
func withoutRequest(body string) string {
	if len(body) > 8000 {
		return body
	}
	return requestLine.ReplaceAllString(body, "")
}
