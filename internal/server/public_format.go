package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/app"
	"plenary/internal/exchange"
)

const mediaAtom = "application/atom+xml; charset=utf-8"

// routeFormats adds the agenda in the formats of the field: of the latest Release, and of each.
func (s *Server) routeFormats() {
	for _, f := range exchange.PublicFormats {
		s.openRoute("/:event/"+f.Path, func(c echo.Context) error { return s.latestFormat(c, f) })
		if f.Current {
			continue
		}
		s.openRoute("/:event/releases/:number/"+f.Path, func(c echo.Context) error { return s.oneFormat(c, f) })
	}
	s.openRoute("/:event/changes.atom", s.changesAtom)
}

// latestFormat answers with the latest Release.
func (s *Server) latestFormat(c echo.Context, f exchange.PublicFormat) error {
	allowOrigins(c)
	head, err := s.app.LatestHead(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return s.answerFormat(c, f, head, head.Number, cacheLatest)
}

// oneFormat answers with the Release of a number.
func (s *Server) oneFormat(c echo.Context, f exchange.PublicFormat) error {
	allowOrigins(c)
	head, err := s.app.LatestHead(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	number, err := numberAsked(c, head)
	if err != nil {
		return err
	}
	return s.answerFormat(c, f, head, number, cacheRelease)
}

func (s *Server) answerFormat(c echo.Context, f exchange.PublicFormat, head app.ReleaseHead, number int, cache string) error {
	q, err := queryOf(c, "lang")
	if err != nil {
		return err
	}
	slug := c.Param("event")
	release := s.released(c, slug, number)
	if err := settleLanguage(q, func() ([]string, error) { return languagesOf(release) }); err != nil {
		return err
	}
	b, err := s.bodies.get(keyOf(head.State, "format", f.Path, slug, c.Param("number"), q.Get("lang")), func() (*body, error) {
		r, err := release()
		if err != nil {
			return nil, err
		}
		plain, err := f.Write(*r, exchange.PublicOptions{BaseURL: s.base, Language: q.Get("lang")})
		if err != nil {
			return nil, err
		}
		return newPackedBody(f.Media, r.Modified(), plain), nil
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cache)
	return s.answerKept(c, b, time.Time{})
}

// languageAsked gives which of an Event's languages serves who asks for one; "" when nobody does.
func languageAsked(asked string, languages []string) (string, error) {
	if asked == "" {
		return "", nil
	}
	tag, ok := heldIn(asked, languages)
	if !ok {
		return "", badAddress("lang", "The agenda is not in the language that was asked for. It is in: "+strings.Join(languages, ", ")+".")
	}
	return tag, nil
}

// changesAtom answers with what each Release changed, to subscribe to.
func (s *Server) changesAtom(c echo.Context) error {
	allowOrigins(c)
	slug := c.Param("event")
	q, err := queryOf(c, "lang")
	if err != nil {
		return err
	}
	head, err := s.app.LatestHead(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	if err := settleLanguage(q, func() ([]string, error) { return s.atomLanguages(c, slug, head) }); err != nil {
		return err
	}
	b, err := s.bodies.get(keyOf(head.State, "changes.atom", slug, q.Get("lang")), func() (*body, error) {
		return s.atomBody(context.WithoutCancel(c.Request().Context()), slug, head, q.Get("lang"))
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cacheLatest)
	return s.answerKept(c, b, time.Time{})
}

// atomLanguages are those that the changes can be told in: the words around the titles are the program's own, in
// languages that the event may not be in.
func (s *Server) atomLanguages(c echo.Context, slug string, head app.ReleaseHead) ([]string, error) {
	last, err := s.released(c, slug, head.Number)()
	if err != nil {
		return nil, err
	}
	return slices.Concat(last.Snapshot.Event.Languages, programLanguages), nil
}

func (s *Server) atomBody(ctx context.Context, slug string, head app.ReleaseHead, language string) (*body, error) {
	h, err := s.app.PublishedHistory(ctx, slug, head.Number)
	if err != nil {
		return nil, err
	}
	plain, err := exchange.ChangesAtom(s.base, h, language)
	if err != nil {
		return nil, err
	}
	return newPackedBody(mediaAtom, h.Newest().Modified(), plain), nil
}
