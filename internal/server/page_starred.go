package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeStarred adds the pages on which attendees choose panels and get a calendar of them. They are
// plain forms and work without scripts.
func (s *Server) routeStarred() {
	s.route(Public, "/:event/starred", s.choosePage)
	s.route(Public, "/:event/starred", s.openChoice, http.MethodPost)
	s.route(BySecret, "/:event/starred/:key", s.starredFeedPage)
	s.route(BySecret, "/:event/starred/:key", s.changeChoice, http.MethodPost)
}

// starredView is a choice of panels and the calendar of it.
type starredView struct {
	Made      bool // there is a calendar
	Action    string
	Revision  int
	Ways      waysView
	Facts     []fact
	Languages []choice
	Alarms    []choice
	Cancelled []choice
	Whole     bool // with the Event itself
	Count     int  // of what is chosen and on the agenda
	Gone      int  // of what was chosen and no longer is
	Notice    string
	Problem   string
}

// choosePage shows the agenda to choose from.
func (s *Server) choosePage(c echo.Context) error {
	notice := ""
	if c.QueryParam("done") == "closed" {
		notice = "starred_closed"
	}
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return s.answerEventPage(c, release, c.Request().URL.Path+" "+notice, "starred", func(v *eventView, _ *agenda.Release) error {
		return s.addChoice(v, agenda.FeedSettings{}, notice, "")
	})
}

// addChoice fills a page with what can be chosen; notice and problem are keys of words, or empty.
func (s *Server) addChoice(v *eventView, set agenda.FeedSettings, notice, problem string) error {
	s.addWaysFiles(&v.view)
	v.Feed, v.JSON = "", ""
	v.Canonical += "starred"
	if err := v.addAgenda(); err != nil {
		return err
	}
	chosen := make(map[agenda.ID]bool, len(set.Panels))
	for _, id := range set.Panels {
		chosen[id] = true
	}
	x := &v.Starred
	for _, day := range v.Days {
		for i := range day.Panels {
			if day.Panels[i].Chosen = chosen[day.Panels[i].ID]; day.Panels[i].Chosen {
				x.Count++
			}
		}
	}
	x.Action, x.Gone = v.Home+"starred"+v.Query, len(chosen)-x.Count
	title, err := v.Say("starred")
	if err != nil {
		return err
	}
	v.Title = title + " · " + v.Name.Text
	for key, to := range map[string]*string{notice: &x.Notice, problem: &x.Problem} {
		if key == "" {
			continue
		}
		if *to, err = v.Say(key); err != nil {
			return err
		}
	}
	return v.addSettings(set)
}

// alarms are the reminders that the page offers, in minutes.
var alarms = []int{0, 5, 10, 15, 30, 60, 120, 24 * 60}

// addSettings fills the form for the settings of a feed.
func (v *eventView) addSettings(set agenda.FeedSettings) (err error) {
	x := &v.Starred
	x.Whole = set.Whole
	language := set.Language
	if language == "" {
		language = v.feedLanguage()
	}
	told := app.FeedLanguage(&v.event, language)
	for _, l := range v.reader.languageLinks(v.event.Languages) {
		x.Languages = append(x.Languages, choice{l.Tag, l.Name, l.Tag == told})
	}
	never, err := v.Say("alarm_never")
	if err != nil {
		return err
	}
	x.Alarms = []choice{{"", never, set.Alarm == nil}}
	offered := alarms
	if set.Alarm != nil && *set.Alarm <= agenda.MaxAlarm && !slices.Contains(offered, *set.Alarm) { // set by the API
		offered = append(slices.Clone(offered), *set.Alarm)
		slices.Sort(offered)
	}
	for _, minutes := range offered {
		label, err := v.alarm(&minutes)
		if err != nil {
			return err
		}
		x.Alarms = append(x.Alarms, choice{strconv.Itoa(minutes), label, set.Alarm != nil && *set.Alarm == minutes})
	}
	x.Cancelled, err = v.cancelledChoices(set.Cancelled)
	return err
}

// openChoice makes a calendar of what was chosen and leads to its page.
func (s *Server) openChoice(c echo.Context) error {
	set, err := s.choiceSent(c)
	if err == nil && len(set.Panels) == 0 {
		return s.refuseChoice(c, set, "", "starred_empty")
	}
	if err == nil {
		var made app.Starred
		if made, err = s.app.OpenStarredFeed(c.Request().Context(), c.Param("event"), set); err == nil {
			return s.toChoice(c, made.Key, "made")
		}
	}
	if agenda.CodeOf(err) != agenda.Invalid {
		return err
	}
	return s.refuseChoice(c, set, "", "starred_wrong")
}

// toChoice leads to the page of a choice after something was done there; without a key, to that where
// one begins.
func (s *Server) toChoice(c echo.Context, key, done string) error {
	to := s.root() + c.Param("event") + "/starred"
	if key != "" {
		to += "/" + key
	}
	to += "?done=" + done
	if lang := feedLanguage(c); lang != "" {
		to += "&lang=" + lang
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.Redirect(http.StatusSeeOther, to)
}

// choiceSent reads the form.
func (s *Server) choiceSent(c echo.Context) (set agenda.FeedSettings, err error) {
	form, err := c.FormParams()
	if isTooLarge(err) {
		return set, err
	}
	if err != nil {
		return set, agenda.Errorf(agenda.Invalid, "The form is not well formed.")
	}
	for _, id := range form["panel"] {
		set.Panels = append(set.Panels, agenda.ID(id))
	}
	set.Language, set.Cancelled = form.Get("language"), agenda.CancelledItems(form.Get("cancelled"))
	set.Whole = form.Get("whole_event") == "true"
	if minutes := form.Get("alarm"); minutes != "" {
		n, err := strconv.Atoi(minutes)
		if err != nil {
			return set, agenda.Errorf(agenda.Invalid, "The reminder is not a number of minutes.")
		}
		set.Alarm = &n
	}
	return set, nil
}

// refuseChoice shows what was sent again, so that nothing is lost, and says why it was not kept.
func (s *Server) refuseChoice(c echo.Context, set agenda.FeedSettings, key, problem string) error {
	return s.answerChoice(c, http.StatusUnprocessableEntity, key, func(v *eventView, _ app.Starred) error {
		set.Panels = slices.DeleteFunc(set.Panels, func(id agenda.ID) bool { return len(id) > maxParameter })
		return s.addChoice(v, set, "", problem)
	})
}

// refuseStale shows what the choice is now, to who did not know of it.
func (s *Server) refuseStale(c echo.Context, key string) error {
	return s.answerChoice(c, http.StatusPreconditionFailed, key, func(v *eventView, made app.Starred) error {
		return s.addChoice(v, made.Feed.FeedSettings, "", "starred_stale")
	})
}

// starredFeedPage shows a choice, how to subscribe to it, and what else can be done with it.
func (s *Server) starredFeedPage(c echo.Context) error {
	notice := ""
	if done := c.QueryParam("done"); slices.Contains([]string{"made", "saved", "rotated"}, done) {
		notice = "starred_" + done
	}
	return s.answerChoice(c, http.StatusOK, c.Param("key"), func(v *eventView, made app.Starred) error {
		return s.addChoice(v, made.Feed.FeedSettings, notice, "")
	})
}

// answerChoice answers with the page of the choice that the key changes, or where there is none yet.
// It is for one person only: nothing keeps it.
func (s *Server) answerChoice(c echo.Context, status int, key string, fill func(*eventView, app.Starred) error) error {
	noIndex(c)
	made, err := s.madeBy(c, key)
	if err != nil {
		return err
	}
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	v, err := s.newEventView(r, release)
	if err != nil {
		return err
	}
	if err := fill(v, made); err != nil {
		return err
	}
	if made.Key != "" {
		if err := s.addMade(v, made); err != nil {
			return err
		}
	}
	return answerOnce(c, status, "starred", v, r)
}

// madeBy gives the calendar that the key changes; while there is no key, one without a key.
func (s *Server) madeBy(c echo.Context, key string) (app.Starred, error) {
	if key == "" {
		return app.Starred{}, nil
	}
	return s.app.StarredFeed(c.Request().Context(), c.Param("event"), key)
}

// addMade adds to the page of a choice its calendar.
func (s *Server) addMade(v *eventView, made app.Starred) (err error) {
	x := &v.Starred
	page := s.starredPage(made.Event.Slug, made.Key)
	v.NoIndex, v.Canonical = true, ""
	x.Made, x.Action, x.Revision = true, v.Home+"starred/"+made.Key+v.Query, made.Feed.Revision
	starred, err := v.Say("starred")
	if err != nil {
		return err
	}
	if x.Ways, err = newWays(v.words, s.addressesOf(made.Secret).URL, v.Name.Text+" · "+starred, page+v.Query); err != nil {
		return err
	}
	x.Ways.Secret = true
	x.Facts, err = v.feedFacts(made.Feed, v.event.Location())
	return err
}

// changeChoice does what the button of the form says, and leads back to the page.
func (s *Server) changeChoice(c echo.Context) error {
	set, err := s.choiceSent(c)
	if err != nil && agenda.CodeOf(err) != agenda.Invalid {
		return err
	}
	key, done := c.Param("key"), ""
	if err == nil {
		done, err = s.applyChoice(c, key, set)
	}
	switch agenda.CodeOf(err) {
	case "":
	case agenda.Stale:
		return s.refuseStale(c, key)
	case agenda.Invalid:
		return s.refuseChoice(c, set, key, "starred_wrong")
	default:
		return err
	}
	if done == "closed" {
		key = ""
	}
	return s.toChoice(c, key, done)
}

// applyChoice does what the button says. What was chosen is kept also by who wants another address.
func (s *Server) applyChoice(c echo.Context, key string, set agenda.FeedSettings) (done string, err error) {
	ctx, slug, do := c.Request().Context(), c.Param("event"), sent(c, "do")
	revision, err := strconv.Atoi(sent(c, "revision"))
	if err != nil {
		return "", agenda.Errorf(agenda.Invalid, "The form says of no revision.")
	}
	if do == "close" && sent(c, "sure") == "yes" {
		return "closed", s.app.CloseStarredFeed(ctx, slug, key)
	}
	if do != "save" && do != "rotate" {
		return "", agenda.Errorf(agenda.Invalid, "The form says of nothing to do.")
	}
	now, err := s.app.StarredFeed(ctx, slug, key)
	if err != nil {
		return "", err
	}
	set.Name = now.Feed.Name // the page does not offer it
	saved, err := s.app.EditStarredFeed(ctx, slug, key, app.Revision(revision), set)
	if err != nil || do == "save" {
		return "saved", err
	}
	_, err = s.app.RotateStarredFeed(ctx, slug, key, app.Revision(saved.Feed.Revision))
	return "rotated", err
}
