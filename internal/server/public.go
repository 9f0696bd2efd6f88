package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

const mediaJSON = "application/json; charset=utf-8"

// routePublic adds the public agenda as JSON.
func (s *Server) routePublic() {
	s.openRoute("/:event/agenda.json", s.agendaJSON)
	s.openRoute("/:event/releases/:number/agenda.json", s.releaseJSON)
	s.openRoute("/:event/changes.json", s.changesJSON)
}

// agendaJSON answers with the latest Release, whole or narrowed.
func (s *Server) agendaJSON(c echo.Context) error {
	allowOrigins(c)
	slug := c.Param("event")
	head, err := s.app.LatestHead(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	release := s.released(c, slug, head.Number)
	b, err := s.narrowed(c, head.State, []string{"agenda.json", slug}, release)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cacheLatest)
	return s.answerKept(c, b, time.Time{})
}

// releaseJSON answers with the Release of that number. The key of its body names the latest one as
// well: a number alone would not tell apart two Events that had the same slug one after the other.
func (s *Server) releaseJSON(c echo.Context) error {
	allowOrigins(c)
	slug := c.Param("event")
	head, err := s.app.LatestHead(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	number, err := numberAsked(c, head)
	if err != nil {
		return err
	}
	release := s.released(c, slug, number)
	b, err := s.narrowed(c, head.State, []string{"release.json", slug, strconv.Itoa(number)}, release)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cacheRelease)
	return s.answerKept(c, b, time.Time{})
}

// changesJSON answers with what each Release changed.
func (s *Server) changesJSON(c echo.Context) error {
	allowOrigins(c)
	slug := c.Param("event")
	if _, err := queryOf(c); err != nil {
		return err
	}
	head, err := s.app.LatestHead(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	b, err := s.bodies.get(keyOf(head.State, "changes.json", slug), func() (*body, error) {
		return s.changesBody(context.WithoutCancel(c.Request().Context()), slug, head)
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cacheLatest)
	return s.answerKept(c, b, time.Time{})
}

func (s *Server) changesBody(ctx context.Context, slug string, head app.ReleaseHead) (*body, error) {
	h, err := s.app.PublishedHistory(ctx, slug, head.Number)
	if err != nil {
		return nil, err
	}
	plain, err := exchange.ChangesJSON(s.base, h)
	if err != nil {
		return nil, err
	}
	return newPackedBody(mediaJSON, h.Newest().Modified(), plain), nil
}

func numberAsked(c echo.Context, head app.ReleaseHead) (int, error) {
	text := c.Param("number")
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || strconv.Itoa(number) != text {
		return 0, agenda.Errorf(agenda.NotFound, "Releases have numbers from 1 to %d.", head.Number)
	}
	if number > head.Number {
		return 0, agenda.Errorf(agenda.NotFound, "There is no release %d: the latest is %d.", number, head.Number)
	}
	return number, nil
}

// released gives a function that loads the Release once it is needed. It does not end with the
// request: others may wait for what is made from it.
func (s *Server) released(c echo.Context, slug string, number int) func() (*agenda.Release, error) {
	ctx := context.WithoutCancel(c.Request().Context())
	return func() (*agenda.Release, error) { return s.app.PublishedNumber(ctx, slug, number) }
}

// narrowed gives the agenda of a Release as the query asks for it.
func (s *Server) narrowed(c echo.Context, state string, place []string, release func() (*agenda.Release, error)) (*body, error) {
	q, err := queryOf(c, "lang", "day", "room", "track")
	if err != nil {
		return nil, err
	}
	if err := settleLanguage(q, func() ([]string, error) { return languagesOf(release) }); err != nil {
		return nil, err
	}
	// Only what turns out to exist gets a place in the cache: a build that fails leaves nothing.
	key := keyOf(state, append(place, q.Get("lang"), q.Get("day"), q.Get("room"), q.Get("track"))...)
	build := func() (*body, error) {
		r, err := release()
		if err != nil {
			return nil, err
		}
		o, err := narrow(exchange.AgendaOptions{BaseURL: s.base}, &r.Snapshot, q)
		if err != nil {
			return nil, err
		}
		d, err := exchange.AgendaJSON(*r, o)
		if err != nil {
			return nil, err
		}
		return newDocumentBody(mediaJSON, r.Modified(), d), nil
	}
	if q.Get("day")+q.Get("room")+q.Get("track") != "" {
		return s.partOf(c, key, build)
	}
	return s.bodies.get(key, build)
}

// narrow reads the parameters of agenda.json. What does not exist is an error, not an empty agenda:
// a display that asks for a room that is gone should say so.
func narrow(o exchange.AgendaOptions, s *agenda.Snapshot, q url.Values) (exchange.AgendaOptions, error) {
	if day := q.Get("day"); day != "" {
		date, err := agenda.ParseDate(day)
		if err != nil {
			return o, badAddress("day", err.Error()+".")
		}
		if days := s.Days(); !slices.Contains(days, date) {
			return o, agenda.Errorf(agenda.NotFound, "The agenda has no day %s: its days go from %s to %s.", date, days[0], days[len(days)-1])
		}
		o.Day = date
	}
	if room := agenda.ID(q.Get("room")); room != "" {
		if _, ok := s.Room(room); !ok {
			return o, agenda.Errorf(agenda.NotFound, "The agenda has no such room: give the id of one that is listed in it.")
		}
		o.Room = room
	}
	if track := agenda.ID(q.Get("track")); track != "" {
		if _, ok := s.Track(track); !ok {
			return o, agenda.Errorf(agenda.NotFound, "The agenda has no such track: give the id of one that is listed in it.")
		}
		o.Track = track
	}
	var err error
	o.Language, err = languageAsked(q.Get("lang"), s.Event.Languages)
	return o, err
}

// settleLanguage puts in the place of the language that is asked for the one that serves. As many tags as one likes ask
// for the same, and none of them may become a place in the cache of its own.
func settleLanguage(q url.Values, held func() ([]string, error)) error {
	if q.Get("lang") == "" {
		return nil
	}
	languages, err := held()
	if err != nil {
		return err
	}
	serves, err := languageAsked(q.Get("lang"), languages)
	if err == nil {
		q.Set("lang", serves)
	}
	return err
}

// languagesOf gives those of a Release.
func languagesOf(release func() (*agenda.Release, error)) ([]string, error) {
	r, err := release()
	if err != nil {
		return nil, err
	}
	return r.Snapshot.Event.Languages, nil
}

// heldIn gives which of the languages serves who asks for one: itself, or one that such a reader
// understands, as "fr" for "fr-CA".
func heldIn(asked string, languages []string) (string, bool) {
	tag, err := language.Parse(asked)
	if err != nil || len(languages) == 0 {
		return "", false
	}
	_, i, confidence := agenda.MatcherOf(languages).Match(tag)
	return languages[i], confidence >= language.High
}

// maxParameter is how long the value of a parameter may be: identities and language tags are shorter.
const maxParameter = 80

// queryOf reads the query. Parameters that the address does not take are refused, so that a mistyped
// one does not get an answer to another question.
func queryOf(c echo.Context, known ...string) (url.Values, error) {
	q, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, badAddress("", "The query is not well formed.")
	}
	for name, values := range q {
		switch {
		case !slices.Contains(known, name) && len(known) == 0:
			return nil, badAddress(name, "This address takes no parameters.")
		case !slices.Contains(known, name):
			return nil, badAddress(name, "This address takes the parameters "+strings.Join(known, ", ")+" only.")
		case len(values) != 1 || values[0] == "" || len(values[0]) > maxParameter:
			return nil, badAddress(name, fmt.Sprintf("The parameter %s needs one value of at most %d characters.", name, maxParameter))
		}
	}
	return q, nil
}

// badAddress is a 400: the address itself makes no sense.
func badAddress(name, sentence string) *Problem {
	p := &Problem{Type: "about:blank", Status: http.StatusBadRequest, Title: http.StatusText(http.StatusBadRequest),
		Code: agenda.Invalid, Detail: sentence}
	if name != "" && len(name) <= 40 {
		p.Errors = []ProblemFault{{Parameter: name, Detail: sentence}}
	}
	return p
}
