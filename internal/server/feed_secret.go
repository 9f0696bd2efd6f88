package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/app"
)

// secretFeed answers with the calendar of whoever knows the secret, and without the suffix with the
// page that says how to subscribe to it. The secret is in no error and
// in no log line: the route is logged, not the address.
func (s *Server) secretFeed(c echo.Context) error {
	secret, ok := strings.CutSuffix(c.Param("file"), calendarSuffix)
	if !ok {
		noIndex(c)
		return s.feedPage(c, secret)
	}
	feedHeaders(c)
	head, err := s.app.FetchFeed(c.Request().Context(), secret, c.Request().UserAgent())
	if err != nil {
		return err
	}
	b, err := s.bodies.get(feedKey(head), func() (*body, error) {
		calendar, err := s.app.FeedCalendar(withoutCancel(c), head, s.base)
		if err != nil {
			return nil, err
		}
		b := newBody(mediaCalendar, calendar.Modified, calendar.Body)
		b.file = calendar.Name + calendarSuffix
		return b, nil
	})
	if err != nil {
		return err
	}
	return b.answerPrivately(c)
}

// feedKey names the body of a feed in one state.
func feedKey(h app.FeedHead) bodyKey {
	state := "open"
	if h.Feed.Revoked != nil {
		state = "closed"
	}
	return keyOf(strings.Join([]string{state, strconv.Itoa(h.Feed.Revision), strconv.Itoa(h.Revision), clockKey(h.Clock)}, " "), "secret", h.Feed.Hash)
}

// answerPrivately answers for one person: no cache that others share may keep it.
func (b *body) answerPrivately(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, cachePrivate)
	c.Response().Header().Set(echo.HeaderContentDisposition, disposition(false, b.file))
	return b.answer(c)
}

// withoutCancel gives the context of a request for work that others may wait for as well.
func withoutCancel(c echo.Context) context.Context {
	return context.WithoutCancel(c.Request().Context())
}
