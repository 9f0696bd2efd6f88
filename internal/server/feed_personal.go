package server

import (
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/ical"
)

// personalFeed answers with the calendar of whoever knows the secret. The secret is in no error and
// in no log line: the route is logged, not the address.
func (s *Server) personalFeed(c echo.Context) error {
	feedHeaders(c)
	secret, ok := strings.CutSuffix(c.Param("file"), calendarSuffix)
	if !ok {
		return errNowhere
	}
	calendar, err := s.app.FetchFeed(c.Request().Context(), secret, c.Request().UserAgent())
	if agenda.CodeOf(err) == agenda.Gone && calendar.Feed.Revoked != nil {
		return s.closedFeed(c, calendar.Feed, err)
	}
	if err != nil {
		return err
	}
	plain, err := s.personalCalendar(&calendar, feedLanguage(c))
	if err != nil {
		return err
	}
	b := newBody(mediaCalendar, time.Time{}, plain)
	b.modified = s.bodies.changed(calendar.Feed.ID, b.plain.etag, s.now())
	b.disposition = calendarName(calendar.Event.Slug + "-personal")
	return b.answerPrivately(c)
}

// answerPrivately answers for one person: no cache that others share may keep it.
func (b *body) answerPrivately(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, cachePrivate)
	c.Response().Header().Set(echo.HeaderContentDisposition, b.disposition)
	return b.answer(c)
}

func (s *Server) personalCalendar(calendar *app.PersonalCalendar, lang string) ([]byte, error) {
	snapshot := agenda.Snapshot{Event: calendar.Event}
	if calendar.Release != nil {
		snapshot = calendar.Release.Snapshot
		snapshot.Event.Slug = calendar.Event.Slug
	}
	scope := ical.Scope{Kind: ical.ScopeSpeaker, ID: calendar.Person.ID}
	o := s.feedOptions(&snapshot, scope, s.cancelledSince(), lang, calendar.Feed.Language)
	o.Personal, o.People = true, map[agenda.ID]agenda.Person{}
	for _, p := range calendar.People {
		o.People[p.ID] = p
	}
	rooms := map[agenda.ID]agenda.Room{}
	for _, r := range calendar.Rooms {
		rooms[r.ID] = r
	}
	for _, m := range calendar.Meetings {
		a := ical.Appointment{Meeting: m, Stamp: calendar.Stamps[m.UID]}
		if m.Slot != nil {
			a.Room = rooms[m.Slot.RoomID]
		}
		o.Meetings = append(o.Meetings, a)
	}
	return ical.Feed(&snapshot, o)
}

// closedFor is how long a revoked feed answers with an empty calendar: most calendars then delete
// what they had, which an error would make them keep.
const closedFor = 30 * 24 * time.Hour

// closedNames say in the program's languages what became of a revoked feed.
var closedNames = agenda.Text{"en": "Calendar closed", "fr": "Calendrier fermé", "vi": "Lịch đã đóng"}

// closedFeed answers for a feed that was revoked: empty for a while, then gone.
func (s *Server) closedFeed(c echo.Context, feed agenda.Feed, gone error) error {
	if s.now().Sub(*feed.Revoked) >= closedFor {
		return gone
	}
	name := agenda.NewReader("en", feed.Language).String(closedNames)
	plain, err := ical.Feed(&agenda.Snapshot{Event: agenda.Event{Zone: "UTC"}},
		ical.Options{Scope: ical.Scope{Kind: ical.ScopeSpeaker}, Personal: true, Name: name})
	if err != nil {
		return err
	}
	b := newBody(mediaCalendar, *feed.Revoked, plain)
	b.disposition = calendarName("closed")
	return b.answerPrivately(c)
}
