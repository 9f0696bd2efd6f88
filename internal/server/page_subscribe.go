package server

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeSubscribe adds a page for each public feed that says how to subscribe to it, at the address of
// what the feed shows with "/subscribe" after it.
func (s *Server) routeSubscribe() {
	s.route(Public, "/:event/subscribe", func(c echo.Context) error {
		return s.subscribePage(c, func(v *eventView, _ *agenda.Release) error { return v.subscribeToEvent() })
	})
	s.route(Public, "/:event/tracks/:track/subscribe", func(c echo.Context) error {
		return s.subscribePage(c, func(v *eventView, _ *agenda.Release) error {
			return v.subscribeToTrack(agenda.ID(c.Param("track")))
		})
	})
	s.route(Public, "/:event/rooms/:room/subscribe", func(c echo.Context) error {
		return s.subscribePage(c, func(v *eventView, _ *agenda.Release) error {
			return v.subscribeToRoom(agenda.ID(c.Param("room")))
		})
	})
	s.route(Public, "/:event/panels/:panel/subscribe", func(c echo.Context) error {
		return s.subscribePage(c, func(v *eventView, r *agenda.Release) error {
			return v.subscribeToPanel(r, c.Param("panel"))
		})
	})
	s.route(Public, "/:event/speakers/:person/subscribe", func(c echo.Context) error {
		return s.subscribePage(c, func(v *eventView, r *agenda.Release) error {
			return v.subscribeToSpeaker(r, agenda.ID(c.Param("person")))
		})
	})
}

// subscribeView is what a page shows that says how to subscribe to a public feed.
type subscribeView struct {
	Of        said   // what the feed shows
	Back      string // where that is shown
	Ways      waysView
	Cancelled []choice
	Whole     bool // with the Event itself
}

// choice is one of several, as a form offers them.
type choice struct {
	Value, Label string
	Chosen       bool
}

// subscribePage answers with such a page; fill names the feed.
func (s *Server) subscribePage(c echo.Context, fill fillView) error {
	asked := app.CalendarRequest{Cancelled: feedCancelled(c), Whole: feedWhole(c)}
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	kind := c.Request().URL.Path + " " + string(asked.Cancelled) + strconv.FormatBool(asked.Whole)
	return s.answerEventPage(c, release, kind, "subscribe", func(v *eventView, r *agenda.Release) error {
		s.addWaysFiles(&v.view)
		v.asked = asked
		return fill(v, r)
	})
}

func (v *eventView) subscribeToEvent() error {
	whole, err := v.Say("whole_agenda")
	if err != nil {
		return err
	}
	if err := v.addCalendars(); err != nil {
		return err
	}
	v.addApps()
	return v.addWays(said{Text: whole}, "agenda", "subscribe", "")
}

func (v *eventView) subscribeToTrack(id agenda.ID) error {
	id = identityOf(v, string(id), v.tracks)
	t := v.tracks[id]
	if t == nil {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such track.")
	}
	path := "tracks/" + string(id)
	return v.addWays(v.in(t.Name, t.TextLanguages, "name"), path, path+"/subscribe", "")
}

func (v *eventView) subscribeToRoom(id agenda.ID) error {
	id = identityOf(v, string(id), v.rooms)
	r := v.rooms[id]
	if r == nil {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such room.")
	}
	path := "rooms/" + string(id)
	return v.addWays(v.in(r.Name, r.TextLanguages, "name"), path, path+"/subscribe", "")
}

func (v *eventView) subscribeToPanel(r *agenda.Release, idOrCode string) error {
	if err := v.addPanel(r, idOrCode); err != nil {
		return err
	}
	return v.addWays(v.Panel.Title, panelPath(v.Panel.ID), v.PanelPath+"/subscribe", v.PanelPath)
}

func (v *eventView) subscribeToSpeaker(_ *agenda.Release, id agenda.ID) error {
	id = identityOf(v, string(id), v.people)
	if err := v.addSpeaker(string(id)); err != nil {
		return err
	}
	path := "speakers/" + string(id)
	return v.addWays(said{Text: v.Speaker.Name}, path, path+"/subscribe", path)
}

// addWays fills a page about the feed at path, which is at page itself and leads back to another; all
// of them below the Event's address.
func (v *eventView) addWays(of said, path, page, back string) error {
	base := v.document.Event.URL
	query := v.feedQuery()
	address := base + path + calendarSuffix + query
	v.Canonical, v.Feed, v.JSON = base+page, v.Home+path+calendarSuffix+query, ""
	title, err := v.Say("subscribe_to", "name", of.Text)
	if err != nil {
		return err
	}
	v.Title = title + " · " + v.Name.Text
	v.Subscribing = subscribeView{Of: of, Back: v.Home + back + v.Query, Whole: v.asked.Whole}
	if v.Subscribing.Ways, err = newWays(v.words, address, v.Name.Text+" · "+of.Text, base+page+v.pageQuery(v.Query)); err != nil {
		return err
	}
	v.keepAsked()
	v.Subscribing.Cancelled, err = v.cancelledChoices(v.asked.Cancelled)
	return err
}

// feedQuery gives the query of a public feed's address for this reader: the language of the page,
// unless it is the one that the feed has anyway and was not chosen, and the other settings.
func (v *eventView) feedQuery() string {
	q := v.asked
	q.Language = app.FeedLanguage(&v.event, v.feedLanguage())
	return queryOfFeed(q, v.Query != "" || q.Language != app.FeedLanguage(&v.event, ""))
}

// pageQuery adds to the query of a subscribe page what was chosen there.
func (v *eventView) pageQuery(query string) string {
	chosen := queryOfFeed(app.CalendarRequest{Cancelled: v.asked.Cancelled, Whole: v.asked.Whole}, false)
	if query != "" && chosen != "" {
		return query + "&" + chosen[1:]
	}
	return query + chosen
}

// keepAsked makes the links to other languages lead to the same choices.
func (v *eventView) keepAsked() {
	for i := range v.Languages {
		v.Languages[i].URL = v.pageQuery(v.Languages[i].URL)
	}
}

// feedLanguage gives the language of feeds for this reader. Where the Event is not in a language of
// theirs, the program's words around the titles still can be.
func (v *eventView) feedLanguage() string {
	if _, held := heldIn(v.Lang, v.event.Languages); !held {
		return v.Lang
	}
	return v.reader.content
}

// cancelledChoices offers what can become of cancelled items.
func (w *words) cancelledChoices(chosen agenda.CancelledItems) ([]choice, error) {
	var choices []choice
	for i, c := range agenda.CancelledItemsChoices {
		label, err := w.Say("cancelled_" + string(c))
		if err != nil {
			return nil, err
		}
		choices = append(choices, choice{string(c), label, c == chosen || chosen == "" && i == 0})
	}
	return choices, nil
}
