package server

import (
	"time"

	"github.com/labstack/echo/v4"
)

// accentSheet answers with the style sheet of the Event's colour. As with static files, only the address with its version
// may be kept for ever.
func (s *Server) accentSheet(c echo.Context) error {
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	if release.Snapshot.Event.Accent == "" {
		return errNowhere
	}
	b, err := s.accentBody(release.Snapshot.Event.Accent)
	if err != nil {
		return err
	}
	cache := "public, max-age=300"
	if c.QueryParam("v") == b.version() {
		cache = cacheForever
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cache)
	return s.answerKept(c, b, time.Time{})
}

func (s *Server) accentBody(accent string) (*body, error) {
	return s.bodies.get(keyOf("", "accent", accent), func() (*body, error) {
		css, err := accentStyle(accent)
		if err != nil {
			return nil, err
		}
		return newBody(staticMedia[".css"], time.Time{}, css), nil
	})
}

// addAccent gives a page of the Event its colour.
func (s *Server) addAccent(v *eventView) error {
	if v.event.Accent == "" {
		return nil
	}
	b, err := s.accentBody(v.event.Accent)
	if err == nil {
		v.Styles = append(v.Styles, v.Home+"accent.css?v="+b.version())
	}
	return err
}
