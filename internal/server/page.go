package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

const mediaPage = "text/html; charset=utf-8"

// routePages adds the pages, and what browsers fetch with them.
func (s *Server) routePages() {
	s.route(Public, "/", s.homePage)
	s.route(Public, "/:event", s.toAgendaPage)
	s.route(Public, "/:event/", s.agendaPage)
	s.route(Public, "/:event/embed", s.embedPage)
	s.route(Public, "/:event/embedding", s.embeddingPage)
	s.route(Public, "/:event/releases/:number", s.releasePage)
	s.openRoute("/:event/panels/:panel", s.panelPage)
	s.openRoute("/:event/speakers/:person", s.speakerPage)
	s.openRoute("/:event/rooms/:room", s.roomPage)
	s.openRoute("/:event/tracks/:track", s.trackPage)
	s.route(Public, "/:event/now", s.nowPage)
	s.routeAttendee()
	s.route(Public, "/:event/accent.css", s.accentSheet)
	s.routeScreens()
	s.routeSubscribe()
	s.routeStarred()
	s.routeMe()
	s.routeLetter()
	s.routeConsole()
	s.routeEventConsole()
	s.routeTimetable()
	s.routePublish()
	s.routeSignIn()
	s.routeSignInLinks()
	s.routeAccount()
	s.route(Public, "/static/:name", s.staticFile)
	s.route(Public, "/favicon.ico", s.favicon)
	s.route(Public, "/robots.txt", s.robots)
}

// homePage lists what is published.
func (s *Server) homePage(c echo.Context) error {
	releases, err := s.app.PublishedEvents(c.Request().Context())
	if err != nil {
		return err
	}
	r, err := readerOf(c, programLanguages)
	if err != nil {
		return err
	}
	var state []string
	for _, release := range releases {
		state = append(state, string(release.ID), release.Snapshot.Event.Slug)
	}
	return s.answerPage(c, keyOf(strings.Join(state, " "), "page", "home", r.key()), func() (*body, error) {
		view, err := s.homeView(r, releases)
		if err != nil {
			return nil, err
		}
		return renderPage("home", view, r, time.Time{})
	})
}

// toAgendaPage leads from the address that people type to that of the page.
func (s *Server) toAgendaPage(c echo.Context) error {
	slug := c.Param("event")
	if _, err := s.app.LatestHead(c.Request().Context(), slug); err != nil {
		return err
	}
	to := s.root() + slug + "/"
	if query := c.Request().URL.RawQuery; query != "" {
		to += "?" + query
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=3600")
	return c.Redirect(http.StatusMovedPermanently, to)
}

// agendaPage shows the latest Release.
func (s *Server) agendaPage(c echo.Context) error {
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return s.answerAgenda(c, release, "agenda", func(*eventView) {})
}

// releasePage shows the Release of a number, and that it may be an old one.
func (s *Server) releasePage(c echo.Context) error {
	head, err := s.app.LatestHead(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	number, err := numberAsked(c, head)
	if err != nil {
		return err
	}
	release, err := s.released(c, c.Param("event"), number)()
	if err != nil {
		return err
	}
	name := "releases/" + strconv.Itoa(number)
	return s.answerAgenda(c, release, name, func(v *eventView) { v.Old, v.Here = true, v.Home+name })
}

// answerAgenda answers with the agenda of a Release as it is asked for. Only views of the whole are kept: of parts there are
// as many as one likes, and none may become a place in the cache.
func (s *Server) answerAgenda(c echo.Context, release *agenda.Release, kind string, mark func(*eventView)) error {
	a, err := askedOf(c)
	if err != nil {
		return err
	}
	fill := func(v *eventView, r *agenda.Release) error {
		mark(v)
		return v.addAgendaPage(r, a)
	}
	if !a.narrows() {
		return s.answerEventPage(c, release, kind+" "+a.View, "agenda", fill)
	}
	noIndex(c)
	r, err := readerOf(c, release.Snapshot.Event.Languages)
	if err != nil {
		return err
	}
	if err := s.mayMake(c); err != nil {
		return err
	}
	b, err := s.eventBody(r, release, release.Modified(), "agenda", fill)
	if err != nil {
		return err
	}
	pageHeaders(c)
	return b.answer(c)
}

// panelPage shows a panel, or gives its calendar when the address ends so.
func (s *Server) panelPage(c echo.Context) error {
	name := c.Param("panel")
	if panel, ok := strings.CutSuffix(name, calendarSuffix); ok {
		return s.panelFeed(c, panel)
	}
	return s.eventPage(c, "panel", func(v *eventView, r *agenda.Release) error {
		if err := v.addPanel(r, name); err != nil {
			return err
		}
		return v.addPanelLD(r, name)
	})
}

// speakerPage shows a speaker, or gives the speaker's public calendar when the address ends so.
func (s *Server) speakerPage(c echo.Context) error {
	name := c.Param("person")
	if person, ok := strings.CutSuffix(name, calendarSuffix); ok {
		return s.speakerFeed(c, person)
	}
	return s.eventPage(c, "speaker", func(v *eventView, _ *agenda.Release) error { return v.addSpeaker(name) })
}

// fillView adds to a view what one kind of page shows. An error of code NotFound is for the reader.
type fillView func(*eventView, *agenda.Release) error

// eventPage answers with a page of the latest Release.
func (s *Server) eventPage(c echo.Context, template string, fill fillView) error {
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return s.answerEventPage(c, release, c.Request().URL.Path, template, fill)
}

// latest gives the latest Release of the Event in the path, and who reads it.
func (s *Server) latest(c echo.Context) (*agenda.Release, reader, error) {
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return nil, reader{}, err
	}
	r, err := readerOf(c, release.Snapshot.Event.Languages)
	return release, r, err
}

// answerEventPage answers with a page of that Release; kind tells its pages apart.
func (s *Server) answerEventPage(c echo.Context, release *agenda.Release, kind, template string, fill fillView) error {
	return s.answerEventPageSince(c, release, release.State(), release.Modified(), kind, template, fill)
}

// answerEventPageSince is answerEventPage for a page that is made from more than the Release, which state names, and is as it is since
// then; the zero time says that nobody knows.
func (s *Server) answerEventPageSince(c echo.Context, release *agenda.Release, state string, since time.Time, kind, template string, fill fillView) error {
	event := release.Snapshot.Event
	r, err := readerOf(c, event.Languages)
	if err != nil {
		return err
	}
	key := keyOf(state, "page", event.Slug, kind, r.key())
	return s.answerPage(c, key, func() (*body, error) { return s.eventBody(r, release, since, template, fill) })
}

// eventBody makes a page of that Release.
func (s *Server) eventBody(r reader, release *agenda.Release, since time.Time, template string, fill fillView) (*body, error) {
	view, err := s.newEventView(r, release)
	if err == nil {
		err = fill(view, release)
	}
	if err == nil && slices.Contains(attendeePages, template) && !view.Old {
		err = s.addAttendee(view, release, template == "agenda")
	}
	if err != nil {
		return nil, err
	}
	b, err := renderPage(template, view, r, since)
	if err == nil && view.Reader != nil {
		b.security = attendeeSecurity
	}
	return b, err
}

// answerPart is answerPage for what an address made up of options asks for.
func (s *Server) answerPart(c echo.Context, key bodyKey, build func() (*body, error)) error {
	pageHeaders(c)
	b, err := s.partOf(c, key, build)
	if err != nil {
		return err
	}
	return b.answer(c)
}

func (s *Server) answerPage(c echo.Context, key bodyKey, build func() (*body, error)) error {
	pageHeaders(c)
	b, err := s.bodies.get(key, build)
	if err != nil {
		return err
	}
	if c.Response().Header().Get(echo.HeaderCacheControl) == cacheLatest {
		return s.answerKept(c, b, time.Time{})
	}
	return b.answer(c)
}

// pageHeaders say for whom a page is, and for how long. No shared cache gives a stranger's page to who is signed in, or the
// other way round. A page that holds for another time has said so before.
func pageHeaders(c echo.Context) {
	h := c.Response().Header()
	addVary(h, "Accept-Language")
	addVary(h, echo.HeaderCookie)
	if h.Get(echo.HeaderCacheControl) == "" {
		h.Set(echo.HeaderCacheControl, cacheLatest)
	}
}

// root is where the installation begins in the paths of its addresses, with a slash at the end.
func (s *Server) root() string {
	_, rest, _ := strings.Cut(s.base, "://")
	if _, path, found := strings.Cut(rest, "/"); found {
		return "/" + path + "/"
	}
	return "/"
}

// statusPages are the statuses that have words of their own; others share those of their hundred.
var statusPages = []int{400, 401, 403, 404, 405, 409, 410, 412, 413, 422, 429, 500, 503, 507}

// errorWords says which words are of a Problem.
func errorWords(p Problem) string {
	status := p.Status
	if errors.Is(p.cause, errForeign) {
		return "foreign"
	}
	if !slices.Contains(statusPages, status) {
		status = max(400, status/100*100)
	}
	return strconv.Itoa(status)
}

// writeErrorPage answers with a Problem as a page, in the reader's language. The Problem's own
// sentence is English, so that words for the status stand in its place.
func (s *Server) writeErrorPage(c echo.Context, p Problem) error {
	r, err := readerOf(c, programLanguages)
	if err != nil {
		return err
	}
	view, err := s.errorView(r, errorWords(p), p.RequestID)
	if err != nil {
		return err
	}
	view.Console = strings.HasPrefix(c.Request().URL.Path, "/console")
	return sendPage(c, p.Status, "error", view, r)
}
