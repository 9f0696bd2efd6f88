package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// Access is what a route asks of who calls it: one of these, or a verb of package agenda. Every route declares one; a
// test finds those that don't, and asks each of them as everybody.
type Access string

// The accesses. The App decides; a route only says what to expect.
const (
	Public   Access = "public"      // anybody, and only what is published
	Own      Access = "own"         // anybody, and each finds what is theirs
	BySecret Access = "secret"      // whoever knows the secret in the path
	BySignIn Access = "sign_in"     // whoever is signed in with an Account
	ByPerson Access = "person_link" // a Person with their personal link
	ByCode   Access = "person_code" // a Person with their personal link who has typed a code besides
	ByMail   Access = "change_mail" // whoever may read the Mail, and let it go: see [agenda.Mail.LetsGo]
)

// May is the Access of a route on which the App does something that asks for that verb.
func May(verb agenda.Verb) Access { return Access(verb) }

// open says whether the route is for people who are not known.
func (a Access) open() bool { return a == Public || a == Own || a == BySecret }

// words say in the documentation who may use an operation.
func (a Access) words() string {
	switch a {
	case Public, Own:
		return "Anybody may."
	case BySecret:
		return "Whoever has the key may."
	case BySignIn:
		return "Needs a browser that is signed in."
	case ByPerson:
		return "Needs a personal link."
	case ByCode:
		return "Needs a personal link and a code."
	case ByMail:
		return "Needs the rights read_contacts and publish_event at the event, or at all events; for a mail that tells of a meeting, read_meetings and edit_meetings in place of publish_event."
	}
	if agenda.Verb(a).OfInstallation() {
		return "Needs the right " + string(a) + " for all events."
	}
	return "Needs the right " + string(a) + " at the event, or at all events."
}

// route adds a route for GET and HEAD, or for the methods given, and declares its access.
func (s *Server) route(access Access, path string, h echo.HandlerFunc, methods ...string) {
	if len(methods) == 0 {
		methods = []string{http.MethodGet, http.MethodHead}
	}
	for _, m := range methods {
		s.access[m+" "+path] = access
		s.echo.Add(m, path, h)
	}
}
