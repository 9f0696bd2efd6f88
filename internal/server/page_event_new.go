package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// office adds a page of the console that is about no Event in particular, for whoever may do that at all of them. A stranger with
// a browser is led to where one signs in, and back.
func (s *Server) office(verb agenda.Verb, path string, h func(echo.Context, *eventConsole) error, methods ...string) {
	s.private(May(verb), path, func(c echo.Context) error {
		actor, err := s.actor(c)
		if err == nil {
			err = agenda.Authorize(actor, verb, "")
		}
		if agenda.CodeOf(err) == agenda.Unauthenticated && s.wantsPage(c) {
			return s.lead(c, "sign-in", "next", s.root()+strings.TrimPrefix(path, "/"))
		}
		if err != nil {
			return err
		}
		p, r, err := s.newPrivate(c, "console_title")
		if err != nil {
			return err
		}
		return h(c, &eventConsole{privateView: p, reader: r, actor: actor, Event: agenda.Event{Languages: ownLanguages(r)}})
	}, methods...)
}

// ownLanguages are those of the program, the reader's first.
func ownLanguages(r reader) []string {
	rest := slices.DeleteFunc(slices.Clone(programLanguages), func(tag string) bool { return tag == r.words.lang })
	return append([]string{r.words.lang}, rest...)
}

// routeEventsConsole adds the pages on which Events are made, changed, copied and deleted.
func (s *Server) routeEventsConsole() {
	s.office(agenda.CreateEvents, "/console/new", s.newEventPage)
	s.office(agenda.CreateEvents, "/console/new", s.addEvent, http.MethodPost)
	s.console(agenda.EditEvent, "/settings", s.settingsPage)
	s.console(agenda.EditEvent, "/settings", s.saveSettings, http.MethodPost)
	s.console(agenda.ReadDraft, "/copy", s.copyPage)
	s.console(agenda.ReadDraft, "/copy", s.makeCopy, http.MethodPost)
	s.console(agenda.ReadDraft, "/delete", s.eventDeletePage)
	s.console(agenda.ReadDraft, "/delete", s.dropEvent, http.MethodPost)
}

// newEventForm is the form of an Event that is yet to be made.
func (s *Server) newEventForm(c echo.Context, v *eventConsole, e agenda.Event) (*formPage, error) {
	p := &formPage{eventConsole: v, Action: s.root() + "console/new" + v.reader.query, Back: consoleLink{URL: s.root() + "console" + v.reader.query}}
	p.Scripts = append(p.Scripts, s.assetURL(eventScriptName))
	var err error
	if p.Back.Label, err = v.Say("console_title"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say("form_make"); err != nil {
		return nil, err
	}
	p.eventFields(blanks(c, "languages", len(e.Languages), 1), e, false)
	return p, v.name("event_new")
}

func (s *Server) newEventPage(c echo.Context, v *eventConsole) error {
	p, err := s.newEventForm(c, v, agenda.Event{Languages: v.Event.Languages})
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addEvent(c echo.Context, v *eventConsole) error {
	event, err := eventSent(c, agenda.Event{}, false)
	if event.Slug == "" {
		event.Slug = suggestSlug(agenda.NewReader(event.Language(), v.Lang).String(event.Name))
	}
	if err == nil && !reworks(c) {
		var made agenda.Event
		if made, _, err = s.app.CreateEvent(c.Request().Context(), v.actor, event, app.Once{}); err == nil {
			return s.lead(c, "console/events/"+made.Slug+"/", "done", "made")
		}
	}
	p, rest := s.newEventForm(c, v, event)
	if rest != nil {
		return rest
	}
	p.focusRow(c)
	return p.answer(c, s, slugTaken(err))
}

// slugTaken puts what is taken beside the field of the slug: nothing else of an Event can be.
func slugTaken(err error) error {
	if agenda.CodeOf(err) != agenda.Taken {
		return err
	}
	var f agenda.Faults
	f.Add("/slug", "is in use")
	return f.Err("event")
}
