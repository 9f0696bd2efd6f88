package server

import (
	"github.com/labstack/echo/v4"

	"plenary/internal/app"
)

// partOf gives what an address made up of options asks for: a part of the agenda, or a look of it. There are as many of them as
// somebody cares to invent, so they are kept apart from what everybody reads, and making them anew is counted.
func (s *Server) partOf(c echo.Context, key bodyKey, build func() (*body, error)) (*body, error) {
	if !s.parts.has(key) {
		if err := s.mayMake(c); err != nil {
			return nil, err
		}
	}
	return s.parts.get(key, build)
}

// mayMake counts an answer that is made for one who asks, and refuses it when there were too many.
func (s *Server) mayMake(c echo.Context) error {
	if s.limits == nil {
		return nil
	}
	if wait := s.limits.making.take(app.Network(c.RealIP())); wait > 0 {
		return tooMany(wait)
	}
	return nil
}
