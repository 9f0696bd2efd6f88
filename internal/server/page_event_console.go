package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// eventConsole is what all pages of the console show that are about one Event.
type eventConsole struct {
	privateView
	reader   reader
	actor    agenda.Actor
	Event    agenda.Event
	Name     said          // of the Event
	Heading  said          // of the page
	Here     string        // address of the console of the Event, with a slash at the end
	Nav      []consoleLink // to the groups of parts
	NavGroup string        // name of the group that is shown, where it has several parts
	NavParts []consoleLink // of that group
	Agenda   string        // address of the public agenda, "" while there is none
}

// console adds a page of the console that is about one Event, for whoever may do that there and read the draft: somebody who is
// signed in, or a program with a token. The path is below the Event's. A stranger with a browser is led to where one signs in, and back.
func (s *Server) console(verb agenda.Verb, path string, h func(echo.Context, *eventConsole) error, methods ...string) {
	s.private(May(verb), "/console/events/:event"+path, s.atEvent(verb, nil, h), methods...)
}

// atEvent gives the handler the Event, if who asks may do that there and read the draft. What is sent is received only then, where
// there is a function for it; what it gives is called when all is answered.
func (s *Server) atEvent(verb agenda.Verb, receive func(echo.Context) (done func(), err error), h func(echo.Context, *eventConsole) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		actor, err := s.actor(c)
		if err != nil {
			return err
		}
		event, err := s.eventFor(c, actor, verb)
		if agenda.CodeOf(err) == agenda.Unauthenticated && s.wantsPage(c) {
			return s.leadToSignIn(c)
		}
		if err != nil {
			return err
		}
		if receive != nil {
			done, err := receive(c)
			if err != nil {
				return err
			}
			defer done()
		}
		v, err := s.newEventConsole(c, actor, event)
		if err != nil {
			return err
		}
		return s.orProof(c, h(c, v))
	}
}

// eventFor gives the Event of the path, if the Actor may do that there and read the draft: who sees the people needs no more.
func (s *Server) eventFor(c echo.Context, actor agenda.Actor, verb agenda.Verb) (agenda.Event, error) {
	event, err := s.app.Event(c.Request().Context(), actor, c.Param("event"))
	if err != nil {
		return event, err
	}
	for _, needed := range []agenda.Verb{verb, agenda.ReadDraft} {
		if verb == agenda.ReadPeople && needed != verb {
			continue
		}
		if err := s.app.Witness(c.Request().Context(), actor, agenda.Authorize(actor, needed, event.ID)); err != nil {
			return event, err
		}
	}
	return event, nil
}

// leadToSignIn leads to where one signs in, and back.
func (s *Server) leadToSignIn(c echo.Context) error {
	next := s.root() + "console"
	if r := c.Request(); r.Method == http.MethodGet {
		next = s.root() + strings.TrimPrefix(r.URL.RequestURI(), "/")
	}
	return s.lead(c, "sign-in", "next", next)
}

func (s *Server) newEventConsole(c echo.Context, actor agenda.Actor, event agenda.Event) (*eventConsole, error) {
	p, r, err := s.newPrivate(c, "console_title")
	if err != nil {
		return nil, err
	}
	v := &eventConsole{privateView: p, reader: r, actor: actor, Event: event, Name: r.pick(event.Language(), event.Name),
		Here: s.root() + "console/events/" + event.Slug + "/"}
	v.Scripts = append(v.Scripts, s.assetURL(formScriptName))
	if err := v.addNav(partOf(c.Path())); err != nil {
		return nil, err
	}
	switch _, err := s.app.LatestHead(c.Request().Context(), event.Slug); agenda.CodeOf(err) {
	case "":
		v.Agenda = s.root() + event.Slug + "/" + r.query
	case agenda.NotFound:
	default:
		return nil, err
	}
	return v, nil
}

// name gives the page the heading of that key of words.
func (v *eventConsole) name(key string) error {
	heading, err := v.Say(key)
	v.head(said{heading, v.Lang})
	return err
}

// head gives the page its heading. The title of the window says of which Event it is.
func (v *eventConsole) head(heading said) {
	v.Heading, v.Title = heading, strings.TrimSuffix(heading.Text+" · "+v.Name.Text, " · ")
}

// routeEventConsole adds the pages of the console that are about one Event.
func (s *Server) routeEventConsole() {
	s.console(agenda.ReadDraft, "/", s.overviewPage)
	s.routeEventsConsole()
	s.routeRoomConsole()
	s.routeTrackConsole()
	s.routeAvailabilityConsole()
	s.routeMeetingConsole()
	s.routeMailConsole()
	s.routePanelConsole()
	s.routePersonConsole()
	s.routeTranslationConsole()
	s.routeAccessConsole()
	s.routeLettersConsole()
}
