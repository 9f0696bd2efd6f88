package server

import (
	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

func (s *Server) newWindowPage(c echo.Context, v *eventConsole) error {
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	start := string(v.Event.StartDate)
	sheet := windowSheet{startDay: start, start: "08:00", endDay: start, end: "20:00", room: c.QueryParam("room")}
	if id := agenda.ID(c.QueryParam("person")); d.people.names[id] != "" {
		sheet.person = d.people.label(id)
	}
	p, err := d.form(sheet)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addWindow(c echo.Context, v *eventConsole) error {
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	sheet := windowSent(c, agenda.Availability{})
	w, start, end, err := sheet.window(d.people)
	if err == nil {
		_, _, _, err = s.app.CreateAvailability(c.Request().Context(), v.actor, v.Event.Slug, w, start, end, onceSent(c))
	}
	if err == nil {
		return s.leadTo(c, v, "availability", "made")
	}
	p, rest := d.form(sheet)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, resourceFault(err, sheet))
}

func (s *Server) windowFormPage(c echo.Context, v *eventConsole) error {
	_, w, err := s.app.Availability(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("availability")))
	if err != nil {
		return err
	}
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	p, err := d.form(d.sheet(w))
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) saveWindow(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("availability"))
	_, now, err := s.app.Availability(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	sheet := windowSent(c, now)
	w, start, end, err := sheet.window(d.people)
	if err == nil {
		_, _, err = s.app.EditAvailability(ctx, v.actor, v.Event.Slug, matchSent(c), w, start, end)
	}
	if err == nil {
		return s.leadTo(c, v, "availability", "saved")
	}
	return refuseEdit(c, s, sheet, d.sheet(now), d.form, resourceFault(err, sheet))
}

func (s *Server) windowDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeleteWindow(c, v, nil)
}

func (s *Server) askDeleteWindow(c echo.Context, v *eventConsole, cause error) error {
	_, w, err := s.app.Availability(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("availability")))
	if err != nil {
		return err
	}
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	when, err := d.when(w)
	if err != nil {
		return err
	}
	on, err := d.day("date_short", w.Start.Wall.Date())
	if err != nil {
		return err
	}
	what := agenda.Text{v.Event.Language(): d.resource(w.Resource).Text + ": " + on + ", " + when}
	return s.askDelete(c, v, "availability/"+string(w.ID), "availability_delete", what, w.Revision, cause)
}

func (s *Server) dropWindow(c echo.Context, v *eventConsole) error {
	err := s.app.DeleteAvailability(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("availability")))
	if err != nil {
		return s.askDeleteWindow(c, v, err)
	}
	return s.leadTo(c, v, "availability", "deleted")
}
