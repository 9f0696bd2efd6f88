package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeDeskConsole adds the page of the protocol desk.
func (s *Server) routeDeskConsole() {
	s.console(agenda.EditMeetings, "/desk", s.deskPage)
	s.console(agenda.EditMeetings, "/desk", s.atDesk, http.MethodPost)
}

// deskPage finds the person who stands there.
func (s *Server) deskPage(c echo.Context, v *eventConsole) error { return s.showDesk(c, v, nil) }

func (s *Server) showDesk(c echo.Context, v *eventConsole, cause error) error {
	p, err := v.rows(c, "console_desk", "desk_lead", map[string]string{"vouched": "desk_vouched"})
	if err != nil {
		return err
	}
	q := strings.TrimSpace(c.QueryParam("q"))
	form := formPage{eventConsole: v}
	form.line("q", "access_seek", lineField, q)
	p.Filters = form.Fields
	people, next, err := s.app.People(c.Request().Context(), v.actor, v.Event.Slug, app.PersonFilter{Query: q}, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := s.deskRows(c.Request().Context(), v, people)
	if err != nil {
		return err
	}
	if next != "" {
		p.More = v.with("after", next, "q", q)
	}
	if err := p.section("people", "links_people", "links_nobody", rows); err != nil {
		return err
	}
	return p.refuse(c, cause, nil)
}

func (s *Server) deskRows(ctx context.Context, v *eventConsole, people []agenda.Person) ([]accessRow, error) {
	ids := make([]agenda.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	vouched, err := s.app.VouchedAddresses(ctx, v.actor, v.Event.Slug, ids)
	if err != nil {
		return nil, err
	}
	return rowsOf(people, func(p agenda.Person) (accessRow, error) {
		return v.deskRow(p, p.Email != "" && vouched[p.ID] == p.Email)
	})
}

// deskRow is what can be done for somebody, whose address somebody vouched for or not.
func (v *eventConsole) deskRow(p agenda.Person, vouched bool) (row accessRow, err error) {
	row.Title.Text = p.Name
	if standing := v.reader.pick(v.Event.Language(), p.Organization).Text; standing != "" {
		row.Facts = append(row.Facts, standing)
	}
	v.button(&row.Sends, &err, "desk_code", "desk", "code", p.ID)
	if p.Email != "" {
		row.Facts = append(row.Facts, p.Email)
		if vouched {
			v.say(&row.Facts, &err, "desk_known")
		} else {
			v.button(&row.Sends, &err, "desk_vouch", "desk", "vouch", p.ID)
		}
	}
	return row, err
}

// atDesk makes a code to tell somebody face to face, or vouches for their address.
func (s *Server) atDesk(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(typed(c, "id"))
	person, err := s.app.Person(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	if sent(c, "do") == "vouch" {
		if err := s.app.VouchAddress(ctx, v.actor, v.Event.Slug, id, person.Email); err != nil {
			return s.showDesk(c, v, err)
		}
		return s.leadTo(c, v, "desk", "vouched")
	}
	code, expires, err := s.app.MakeDeskCode(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	p, err := s.once(v, "desk_made", "desk_made_lead", "desk", "console_desk")
	if err != nil {
		return err
	}
	shown := onceSecret{words: v.words, Whose: person.Name, Typed: agenda.SpelledCode(code)}
	var facts []string
	if v.sayAt(&facts, &err, "access_expires", &expires); err != nil {
		return err
	}
	shown.Until = strings.Join(facts, " ")
	p.Secrets = []onceSecret{shown}
	return p.answer(c)
}
