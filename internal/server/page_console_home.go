package server

import (
	"net/http"
	"net/url"
	"slices"
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
	events, next, err := s.app.Events(c.Request().Context(), who.Actor, "", app.Page{Limit: consolePageSize, After: c.QueryParam("after")})
	if err != nil {
		return err
	}
	for _, e := range events {
		shown, err := s.consoleEvent(c, r, e, who.Members)
		if err != nil {
			return err
		}
		v.Events = append(v.Events, shown)
	}
	if next != "" {
		q := url.Values{"after": {next}}
		if lang := feedLanguage(c); lang != "" {
			q.Set("lang", lang)
		}
		v.More = "?" + q.Encode()
	}
	return answerOnce(c, http.StatusOK, "console", v, r)
}

func (s *Server) consoleEvent(c echo.Context, r reader, e agenda.Event, members []agenda.Member) (shown consoleEvent, err error) {
	shown = consoleEvent{words: r.words, Name: r.pick(e.Language(), e.Name), Slug: e.Slug}
	if shown.Dates, err = r.words.days(e.StartDate, e.EndDate); err != nil {
		return shown, err
	}
	var roles []string
	if at := slices.IndexFunc(members, func(m agenda.Member) bool { return m.EventID == e.ID }); at >= 0 {
		for _, role := range members[at].Roles {
			said, err := r.words.Say("member_" + string(role))
			if err != nil {
				return shown, err
			}
			roles = append(roles, said)
		}
	}
	shown.Roles = strings.Join(roles, ", ")
	switch _, err := s.app.LatestHead(c.Request().Context(), e.Slug); agenda.CodeOf(err) {
	case "":
		shown.Published = s.root() + e.Slug + "/" + r.query
	case agenda.NotFound:
	default:
		return shown, err
	}
	return shown, nil
}
