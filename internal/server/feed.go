package server

import (
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/ical"
)

const mediaCalendar = "text/calendar; charset=utf-8"

// routeFeeds adds the calendar feeds but for those of a panel and of a speaker, which have their
// pages' addresses with ".ics" after them (RFC 5545 as HTTP serves it).
func (s *Server) routeFeeds() {
	s.openRoute("/:event/agenda.ics", s.eventFeed)
	s.openRoute("/:event/tracks/:track", s.trackFeed)
	s.openRoute("/:event/rooms/:room", s.roomFeed)
	s.route(BySecret, "/feeds/:file", s.personalFeed)
}

const calendarSuffix = ".ics"

func (s *Server) eventFeed(c echo.Context) error {
	return s.publicFeed(c, func(*agenda.Snapshot) (ical.Scope, string, bool) {
		return ical.Scope{Kind: ical.ScopeEvent}, "agenda", true
	})
}

func (s *Server) trackFeed(c echo.Context) error {
	id, ok := strings.CutSuffix(c.Param("track"), calendarSuffix)
	if !ok {
		return errNowhere
	}
	return s.publicFeed(c, func(s *agenda.Snapshot) (ical.Scope, string, bool) {
		t, ok := s.Track(agenda.ID(id))
		return ical.Scope{Kind: ical.ScopeTrack, ID: t.ID}, "tracks/" + string(t.ID), ok
	})
}

func (s *Server) roomFeed(c echo.Context) error {
	id, ok := strings.CutSuffix(c.Param("room"), calendarSuffix)
	if !ok {
		return errNowhere
	}
	return s.publicFeed(c, func(s *agenda.Snapshot) (ical.Scope, string, bool) {
		r, ok := s.Room(agenda.ID(id))
		return ical.Scope{Kind: ical.ScopeRoom, ID: r.ID}, "rooms/" + string(r.ID), ok
	})
}

func (s *Server) panelFeed(c echo.Context, idOrCode string) error {
	return s.publicFeed(c, func(s *agenda.Snapshot) (ical.Scope, string, bool) {
		p, ok := s.Panel(idOrCode)
		return ical.Scope{Kind: ical.ScopePanel, ID: p.ID}, "panels/" + p.Code, ok
	})
}

func (s *Server) speakerFeed(c echo.Context, id string) error {
	return s.publicFeed(c, func(s *agenda.Snapshot) (ical.Scope, string, bool) {
		p, ok := s.Person(agenda.ID(id))
		return ical.Scope{Kind: ical.ScopeSpeaker, ID: p.ID}, "speakers/" + string(p.ID), ok
	})
}

// errNowhere is for addresses that lead nowhere.
var errNowhere = agenda.Errorf(agenda.NotFound, "There is nothing at this address.")

// chooseScope finds in a Snapshot what the address of a feed names, and which address names it best:
// below the Event's, and without the suffix.
type chooseScope func(*agenda.Snapshot) (scope ical.Scope, path string, found bool)

// publicFeed answers with a feed of the latest Release. Accept is not read: some calendars send none,
// others only their own types. Parameters that are not known are passed over, since an error would
// make calendars give the feed up.
func (s *Server) publicFeed(c echo.Context, choose chooseScope) error {
	allowOrigins(c)
	feedHeaders(c)
	slug, path := c.Param("event"), c.Request().URL.Path
	head, err := s.app.LatestHead(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	lang, since := feedLanguage(c), s.cancelledSince()
	release := s.released(c, slug, head.Number)
	b, err := s.bodies.get(bodyKey("feed", path, lang, string(head.ID), since.Format(time.DateOnly)), func() (*body, error) {
		r, err := release()
		if err != nil {
			return nil, err
		}
		return s.feedBody(r, choose, lang, since)
	})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, cacheFeed)
	h.Set(echo.HeaderContentDisposition, b.disposition)
	return b.answer(c)
}

// feedHeaders keep feeds out of search engines and of referrers.
func feedHeaders(c echo.Context) {
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
}

// feedLanguage gives the language that ?lang= asks for, in its canonical form, "" when it is none.
func feedLanguage(c echo.Context) string {
	asked := c.QueryParam("lang")
	if len(asked) > maxParameter || agenda.CheckLanguage(asked) != nil {
		return ""
	}
	return asked
}

// cancelledFor is how long what is cancelled stays in a feed after its end, so that calendars show
// that it was.
const cancelledFor = 7 * 24 * time.Hour

// cancelledSince is a whole day, so that bodies stay the same for one.
func (s *Server) cancelledSince() time.Time {
	return s.now().UTC().Truncate(24 * time.Hour).Add(-cancelledFor)
}

func (s *Server) feedBody(r *agenda.Release, choose chooseScope, lang string, since time.Time) (*body, error) {
	scope, path, found := choose(&r.Snapshot)
	if !found {
		return nil, agenda.Errorf(agenda.NotFound, "The agenda has no such calendar.")
	}
	slug := r.Snapshot.Event.Slug
	o := s.feedOptions(&r.Snapshot, scope, since, lang)
	o.Source = s.base + "/" + slug + "/" + path + calendarSuffix
	if lang != "" {
		o.Source += "?lang=" + lang
	}
	plain, err := ical.Feed(&r.Snapshot, o)
	if err != nil {
		return nil, err
	}
	b := newBody(mediaCalendar, later(r.Published, lastDropped(r.Snapshot.Panels, since)), plain)
	b.disposition = calendarName(slug + "-" + strings.ReplaceAll(path, "/", "-"))
	return b, nil
}

// feedOptions are what public and personal feeds have in common.
func (s *Server) feedOptions(snapshot *agenda.Snapshot, scope ical.Scope, since time.Time, languages ...string) ical.Options {
	page := s.base + "/" + snapshot.Event.Slug + "/"
	o := ical.Options{Scope: scope, Languages: languages, URL: page, CancelledSince: since,
		PanelURL: func(p agenda.Panel) string { return page + "panels/" + p.Code }}
	switch scope.Kind {
	case ical.ScopePanel:
		if p, ok := snapshot.Panel(string(scope.ID)); ok {
			o.URL = page + "panels/" + p.Code
		}
	case ical.ScopeSpeaker:
		if p, ok := snapshot.Person(scope.ID); ok {
			o.URL = page + "speakers/" + string(p.ID)
		}
	}
	return o
}

// lastDropped gives when the latest cancelled Panel left the feeds, zero when none has: a change
// that no Release makes.
func lastDropped(panels []agenda.Panel, since time.Time) time.Time {
	var last time.Time
	for _, p := range panels {
		if p.Cancelled && p.Slot.End.At.Before(since) {
			last = later(last, p.Slot.End.At.Add(cancelledFor).Truncate(24*time.Hour).Add(24*time.Hour))
		}
	}
	return last
}

// calendarName is a Content-Disposition. It is inline: as an attachment, a feed can't be subscribed
// to everywhere. The name has ASCII letters, digits and hyphens only.
func calendarName(name string) string { return `inline; filename="` + name + calendarSuffix + `"` }
