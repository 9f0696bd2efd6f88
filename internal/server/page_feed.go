package server

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// feedView is the page of a feed that has a secret: how to subscribe to it, and what it is set to.
type feedView struct {
	view
	Event said
	Home  string
	Shows string // what is in it, in words
	Hint  string // what to do when its address is known to others
	Ways  waysView
	Facts []fact
}

// fact is a line of what is known about a feed.
type fact struct{ Label, Value string }

// feedPage shows the feed of that secret to whoever has it.
func (s *Server) feedPage(c echo.Context, secret string) error {
	head, err := s.app.FeedOf(c.Request().Context(), secret)
	if err != nil {
		return err
	}
	if head.Feed.Revoked != nil {
		return agenda.Errorf(agenda.Gone, "This calendar is closed. Ask the organizers for a new address.")
	}
	e := head.Event
	r, err := readerOf(c, e.Languages)
	if err != nil {
		return err
	}
	v := &feedView{view: s.newView(r, e.Languages), Event: r.pick(e.Language(), e.Name), Home: s.root() + e.Slug + "/"}
	s.addWaysFiles(&v.view)
	v.NoIndex = true
	if err := v.describe(head.Feed); err != nil {
		return err
	}
	addresses := s.addressesOf(secret)
	if v.Ways, err = newWays(v.words, addresses.URL, v.Event.Text, addresses.PageURL+v.Query); err != nil {
		return err
	}
	v.Ways.Secret = true
	if v.Facts, err = v.feedFacts(head.Feed, e.Location()); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "feed", v, r)
}

// describe says what a feed shows.
func (v *feedView) describe(f agenda.Feed) (err error) {
	key := "starred"
	switch {
	case f.Kind == agenda.PersonalFeed && f.Meetings:
		key = "feed_personal"
	case f.Kind == agenda.PersonalFeed:
		key = "feed_panels"
	}
	if v.Shows, err = v.Say(key); err != nil {
		return err
	}
	v.Title = v.Shows + " · " + v.Event.Text
	if f.Kind == agenda.PersonalFeed {
		v.Hint, err = v.Say("feed_rotate_hint")
	}
	return err
}

// feedFacts says how a feed is set and used, with times in the zone.
func (w *words) feedFacts(f agenda.Feed, zone *time.Location) ([]fact, error) {
	var facts []fact
	add := func(label, value string, err error) error {
		if err != nil || value == "" {
			return err
		}
		said, err := w.Say(label)
		facts = append(facts, fact{said, value})
		return err
	}
	created, err := w.moment(f.Created, zone)
	if err := add("feed_name", f.Name, nil); err != nil {
		return nil, err
	}
	if err := add("feed_created", created, err); err != nil {
		return nil, err
	}
	fetched, err := w.fetched(f, zone)
	if err := add("feed_fetched", fetched, err); err != nil {
		return nil, err
	}
	alarm, err := w.alarm(f.Alarm)
	if err := add("alarm_label", alarm, err); err != nil {
		return nil, err
	}
	cancelled, err := w.Say("cancelled_" + string(f.Cancelled))
	if err := add("cancelled_label", cancelled, err); err != nil {
		return nil, err
	}
	if f.Detail == agenda.BusyOnly {
		busy, err := w.Say("feed_busy")
		return facts, add("feed_detail", busy, err)
	}
	return facts, nil
}

// alarm says how long before a reminder comes, in the largest unit that is exact.
func (w *words) alarm(minutes *int) (string, error) {
	switch {
	case minutes == nil:
		return w.Say("alarm_never")
	case *minutes > 0 && *minutes%(24*60) == 0:
		return w.Count("alarm_days", *minutes/(24*60))
	case *minutes > 0 && *minutes%60 == 0:
		return w.Count("alarm_hours", *minutes/60)
	}
	return w.Count("alarm_minutes", *minutes)
}

// fetched says when a feed was fetched last, and by which program.
func (w *words) fetched(f agenda.Feed, zone *time.Location) (string, error) {
	if f.LastFetch == nil {
		return w.Say("feed_never_fetched")
	}
	at, err := w.moment(*f.LastFetch, zone)
	if err != nil || f.FetchedBy == "" {
		return at, err
	}
	return w.Say("feed_fetched_by", "time", at, "program", programName(f.FetchedBy))
}

// moment says a time in a zone, to the minute.
func (w *words) moment(t time.Time, zone *time.Location) (string, error) {
	local := agenda.MomentOf(zone, t)
	date, err := w.day("date_plain", local.Wall.Date())
	if err != nil {
		return "", err
	}
	return w.Say("moment", "date", date, "time", local.Wall.Clock())
}

// programs are names of calendar programs by a word of their User-Agent.
var programs = []struct{ word, name string }{
	{"google-calendar", "Google Calendar"}, {"microsoft", "Outlook"}, {"outlook", "Outlook"}, {"icsx5", "ICSx⁵"},
	{"nextcloud", "Nextcloud"}, {"thunderbird", "Thunderbird"}, {"ios/", "iPhone, iPad"}, {"dataaccessd", "iPhone, iPad"},
	{"macos", "Mac"}, {"calendaragent", "Mac"}, {"evolution", "Evolution"}, {"curl/", "curl"},
}

// programName gives the name of a calendar program as people know it, or what it calls itself.
func programName(agent string) string {
	lower := strings.ToLower(agent)
	for _, p := range programs {
		if strings.Contains(lower, p.word) {
			return p.name
		}
	}
	return agent
}

// answerOnce answers with a page that is for one person only: nothing keeps it.
func answerOnce(c echo.Context, status int, template string, view any, r reader) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	return sendPage(c, status, template, view, r)
}

// sendPage answers with a page that is made for this answer alone. It is not compressed: it may hold a secret beside what
// somebody typed, and then its length would tell of the secret.
func sendPage(c echo.Context, status int, template string, view any, r reader) error {
	page, err := executePage(template, view)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	addVary(h, "Accept-Language")
	h.Set("Content-Language", r.words.lang)
	if c.Request().Method == http.MethodHead {
		h.Set(echo.HeaderContentType, mediaPage)
		return c.NoContent(status)
	}
	return c.Blob(status, mediaPage, page)
}
