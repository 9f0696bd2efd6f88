package server

import (
	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// embedPage shows the latest Release for a frame within a page of another site, without what is around it here. Its
// links open beside that page. It is the only answer that may be framed: an error of it may not.
func (s *Server) embedPage(c echo.Context) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, s.embedSecurity)
	err := s.eventPage(c, "embed", func(v *eventView, r *agenda.Release) error {
		v.NoIndex = true // what it shows is to be found where it is at home
		return v.addAgenda(r)
	})
	if err != nil {
		h.Set(echo.HeaderContentSecurityPolicy, contentSecurity)
	}
	return err
}
