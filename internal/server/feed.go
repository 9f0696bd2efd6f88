package server

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

const mediaCalendar = "text/calendar; charset=utf-8"

// routeFeeds adds the calendar feeds but for those of a panel, a speaker, a room and a track, which
// have their pages' addresses with ".ics" after them (RFC 5545 as HTTP serves it).
func (s *Server) routeFeeds() {
	s.openRoute("/:event/agenda.ics", s.eventFeed)
	s.route(BySecret, "/feeds/:file", s.secretFeed)
}

const calendarSuffix = ".ics"

// feedPlace says what a public feed is of and where it is. Paths are below the Event's address.
type feedPlace struct {
	scope  agenda.FeedScope
	path   string // its best one, without the suffix
	page   string // of what it shows; "": the agenda's
	file   string // its name as a file, without the suffix; "": after the path
	single bool   // it has one entry, which can be downloaded
}

func (s *Server) eventFeed(c echo.Context) error {
	return s.publicFeed(c, feedPlace{scope: agenda.FeedScope{Kind: agenda.FeedOfEvent}, path: "agenda"})
}

func (s *Server) trackFeed(c echo.Context, id string) error {
	return s.publicFeed(c, feedPlace{scope: agenda.FeedScope{Kind: agenda.FeedOfTrack, ID: agenda.ID(id)}, path: "tracks/" + id})
}

func (s *Server) roomFeed(c echo.Context, id string) error {
	return s.publicFeed(c, feedPlace{scope: agenda.FeedScope{Kind: agenda.FeedOfRoom, ID: agenda.ID(id)}, path: "rooms/" + id})
}

func (s *Server) speakerFeed(c echo.Context, id string) error {
	path := "speakers/" + id
	return s.publicFeed(c, feedPlace{scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: agenda.ID(id)}, path: path, page: path})
}

// panelFeed finds the Panel also when it was removed: its calendar then says that it is cancelled. Its
// code may become another Panel's, so that subscriptions go by its identity.
func (s *Server) panelFeed(c echo.Context, idOrCode string) error {
	r, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	p, ok := r.Snapshot.Panel(idOrCode)
	page := "panels/" + p.Code
	if !ok {
		p, ok = r.Snapshot.RemovedPanel(idOrCode)
		page = ""
	}
	if !ok {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such calendar.")
	}
	return s.publicFeed(c, feedPlace{scope: agenda.FeedScope{Kind: agenda.FeedOfPanel, ID: p.ID}, path: panelPath(p.ID), page: page,
		file: "panels-" + p.Code, single: true})
}

// panelPath is where a Panel's calendar is, below the Event's address and without the suffix.
func panelPath(id agenda.ID) string { return "panels/" + string(id) }

// errNowhere is for addresses that lead nowhere.
var errNowhere = agenda.Errorf(agenda.NotFound, "There is nothing at this address.")

// publicFeed answers with a feed of the latest Release. Accept is not read: some calendars send none,
// others only their own types. Parameters that are not known are passed over, since an error would
// make calendars give the feed up.
func (s *Server) publicFeed(c echo.Context, at feedPlace) error {
	allowOrigins(c)
	feedHeaders(c)
	ctx, slug := c.Request().Context(), c.Param("event")
	if len(at.scope.ID) > maxParameter {
		return errNowhere
	}
	head, err := s.app.CalendarHead(ctx, slug)
	if err != nil {
		return err
	}
	q := app.CalendarRequest{Slug: slug, Scope: at.scope, Base: s.base, Page: s.base + "/" + slug + "/" + at.page}
	q.Language = app.FeedLanguage(&head.Event, feedLanguage(c))
	q.Cancelled, q.Whole = feedCancelled(c), feedWhole(c)
	q.Source = s.base + "/" + slug + "/" + at.path + calendarSuffix + queryOfFeed(q, feedLanguage(c) != "")
	b, err := s.bodies.get(keyOf(strconv.Itoa(head.Revision)+" "+clockKey(head.Clock), "feed", string(head.EventID), slug, at.scope.String(), q.Source),
		func() (*body, error) { return s.calendarBody(c, q, at) })
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, cacheFeed)
	h.Set(echo.HeaderContentDisposition, disposition(at.single && c.QueryParams().Has("download"), b.file))
	return s.answerKept(c, b, head.Until)
}

func (s *Server) calendarBody(c echo.Context, q app.CalendarRequest, at feedPlace) (*body, error) {
	// Others may wait for the same body: it does not end with this request.
	calendar, err := s.app.PublicCalendar(withoutCancel(c), q)
	if err != nil {
		return nil, err
	}
	b := newBody(mediaCalendar, calendar.Modified, calendar.Body)
	b.file = q.Slug + "-" + cmp.Or(at.file, strings.ReplaceAll(at.path, "/", "-")) + calendarSuffix
	return b, nil
}

// clockKey is the part of a key that the clock decides.
func clockKey(c app.Clock) string { return string(c.Phase) + c.CancelledSince.Format(time.DateOnly) }

// feedHeaders keep feeds out of search engines and of referrers.
func feedHeaders(c echo.Context) {
	noIndex(c)
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
}

// noIndex keeps what is behind a secret out of search engines.
func noIndex(c echo.Context) { c.Response().Header().Set("X-Robots-Tag", "noindex") }

// feedLanguage gives the language that ?lang= asks for, "" when it is none.
func feedLanguage(c echo.Context) string {
	asked := c.QueryParam("lang")
	if len(asked) > maxParameter || agenda.CheckLanguage(asked) != nil {
		return ""
	}
	return asked
}

// feedCancelled gives what ?cancelled= asks for, "" when it is nothing.
func feedCancelled(c echo.Context) agenda.CancelledItems {
	asked := agenda.CancelledItems(c.QueryParam("cancelled"))
	if !slices.Contains(agenda.CancelledItemsChoices, asked) {
		return ""
	}
	return asked
}

// feedWhole says whether ?whole_event= asks for the Event itself.
func feedWhole(c echo.Context) bool { return c.QueryParam("whole_event") == "true" }

// queryOfFeed gives the query of a public feed's address; spoken says whether it names the language.
func queryOfFeed(q app.CalendarRequest, spoken bool) string {
	var asked []string
	if spoken {
		asked = append(asked, "lang="+q.Language)
	}
	if q.Cancelled != "" {
		asked = append(asked, "cancelled="+string(q.Cancelled))
	}
	if q.Whole {
		asked = append(asked, "whole_event=true")
	}
	if len(asked) == 0 {
		return ""
	}
	return "?" + strings.Join(asked, "&")
}

// disposition is a Content-Disposition. That of a feed is inline: as an attachment, a feed can't be
// subscribed to everywhere. The name has ASCII letters, digits, hyphens and dots only.
func disposition(attached bool, file string) string {
	kind := "inline"
	if attached {
		kind = "attachment"
	}
	return kind + `; filename="` + file + `"`
}
