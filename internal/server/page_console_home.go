package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// consoleView is where who is signed in begins.
type consoleView struct {
	privateView
	Account string // what they are called
	Admin   bool
	Jobs    string // what the page of what was given up is called, "" for whoever is no administrator
	New     string // leads to the form of a new Event, "" for whoever may make none
	Events  []consoleEvent
	More    string // leads to further ones, "" when there are none
	Base    string
}

type consoleEvent struct {
	*words
	Name      said
	Slug      string
	Dates     string
	Roles     string
	Console   string // address of its console, "" for whoever may not read the draft
	Copy      string // leads to the form of a copy, "" for whoever may make none
	Published string // address of the public agenda, "" while there is none
}

// consolePageSize is how many events are shown at once.
const consolePageSize = 50

// consolePage shows the events that somebody has a part in.
func (s *Server) consolePage(c echo.Context, who app.SignedIn) error {
	p, r, err := s.newPrivate(c, "console_title")
	if err != nil {
		return err
	}
	v := &consoleView{privateView: p, Account: who.Account.Name, Admin: who.Account.Admin, Base: s.base}
	if v.Jobs, err = s.jobsLabel(c, r, who); err != nil {
		return err
	}
	if agenda.May(who.Actor, agenda.CreateEvents, "") {
		v.New = s.root() + "console/new" + r.query
	}
	if err := v.notify(c, map[string]string{"deleted": "event_deleted"}); err != nil {
		return err
	}
	events, next, err := s.app.Events(c.Request().Context(), who.Actor, "", app.Page{Limit: consolePageSize, After: c.QueryParam("after")})
	if err != nil {
		return err
	}
	for _, e := range events {
		shown, err := s.consoleEvent(c, r, e, who)
		if err != nil {
			return err
		}
		v.Events = append(v.Events, shown)
	}
	v.More = moreOf(c, next)
	return answerOnce(c, http.StatusOK, "console", v, r)
}

// moreOf gives the query of an address that goes on after a list, "" where it has ended.
func moreOf(c echo.Context, next string) string {
	if next == "" {
		return ""
	}
	q := url.Values{"after": {next}}
	if lang := feedLanguage(c); lang != "" {
		q.Set("lang", lang)
	}
	return "?" + q.Encode()
}

func (s *Server) consoleEvent(c echo.Context, r reader, e agenda.Event, who app.SignedIn) (shown consoleEvent, err error) {
	shown = consoleEvent{words: r.words, Name: r.pick(e.Language(), e.Name), Slug: e.Slug}
	if shown.Dates, err = r.words.days(e.StartDate, e.EndDate); err != nil {
		return shown, err
	}
	switch {
	case agenda.May(who.Actor, agenda.ReadDraft, e.ID):
		shown.Console = s.root() + "console/events/" + e.Slug + "/" + r.query
		if agenda.May(who.Actor, agenda.CreateEvents, "") {
			shown.Copy = s.root() + "console/events/" + e.Slug + "/copy" + r.query
		}
	case agenda.May(who.Actor, agenda.ReadPeople, e.ID):
		shown.Console = s.root() + "console/events/" + e.Slug + "/people" + r.query
	}
	if shown.Roles, err = r.words.rolesAt(who, e); err != nil {
		return shown, err
	}
	switch _, err := s.app.LatestHead(c.Request().Context(), e.Slug); agenda.CodeOf(err) {
	case "":
		shown.Published = s.root() + e.Slug + "/" + r.query
	case agenda.NotFound:
	default:
		return shown, err
	}
	return shown, nil
}

// rolesAt says what somebody is at the Event.
func (w *words) rolesAt(who app.SignedIn, e agenda.Event) (string, error) {
	var roles []string
	for _, m := range who.Members {
		if m.EventID != e.ID {
			continue
		}
		for _, role := range m.Roles {
			said, err := w.Say("member_" + string(role))
			if err != nil {
				return "", err
			}
			roles = append(roles, said)
		}
	}
	return strings.Join(roles, ", "), nil
}
