package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeFeedConsole adds the pages of feeds that have a secret.
func (s *Server) routeFeedConsole() {
	s.console(agenda.ReadMeetings, "/feeds", s.feedsPage)
	s.console(agenda.EditMeetings, "/feeds/new", s.feedFormPage)
	s.console(agenda.EditMeetings, "/feeds/new", s.addFeed, http.MethodPost)
	s.console(agenda.EditMeetings, "/feeds/:feed/rotate", s.feedRotatePage)
	s.console(agenda.EditMeetings, "/feeds/:feed/rotate", s.turnFeed, http.MethodPost)
	s.console(agenda.EditMeetings, "/feeds/:feed/revoke", s.feedRevokePage)
	s.console(agenda.EditMeetings, "/feeds/:feed/revoke", s.endFeed, http.MethodPost)
}

// names gives the people of the Event by their ID.
func (s *Server) names(c echo.Context, v *eventConsole) (list []agenda.Person, byID map[agenda.ID]string, err error) {
	byID = map[agenda.ID]string{}
	for page := (app.Page{Limit: 200}); ; {
		people, next, err := s.app.People(c.Request().Context(), v.actor, v.Event.Slug, app.PersonFilter{}, page)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, people...)
		for _, p := range people {
			byID[p.ID] = p.Name
		}
		if page.After = next; next == "" {
			return list, byID, nil
		}
	}
}

func (s *Server) feedsPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_feeds", "feeds_lead", map[string]string{"revoked": "feeds_revoked"})
	if err != nil {
		return err
	}
	feeds, next, err := s.app.Feeds(c.Request().Context(), v.actor, v.Event.Slug, agenda.PersonalFeed, listAsked(c))
	if err != nil {
		return err
	}
	rows, err := s.feedRows(c, v, feeds)
	if err != nil {
		return err
	}
	if agenda.May(v.actor, agenda.EditMeetings, v.Event.ID) {
		if err := p.link("feeds_new", "feeds/new"); err != nil {
			return err
		}
	}
	p.More = v.goesOn(next)
	if err := p.section("feeds", "feeds_here", "feeds_none", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

func (s *Server) feedRows(c echo.Context, v *eventConsole, feeds []agenda.Feed) (rows []accessRow, err error) {
	_, names, err := s.names(c, v)
	if err != nil {
		return nil, err
	}
	return rowsOf(feeds, func(f agenda.Feed) (accessRow, error) { return v.feedRow(f, names) })
}

func (v *eventConsole) feedRow(f agenda.Feed, names map[agenda.ID]string) (row accessRow, err error) {
	if row.Title.Text = names[f.PersonID]; row.Title.Text == "" {
		if row.Title.Text, err = v.Say("feeds_left"); err != nil {
			return row, err
		}
	}
	row.Badge, err = v.ended(f.Revoked, nil, f.Created)
	row.Off = f.Revoked != nil
	if f.Name != "" {
		row.Facts = append(row.Facts, f.Name)
	}
	v.say(&row.Facts, &err, feedTells(f))
	v.sayAt(&row.Facts, &err, "access_made", &f.Created)
	if f.LastFetch == nil {
		v.say(&row.Facts, &err, "feeds_unfetched")
	}
	v.sayAt(&row.Facts, &err, "feeds_fetched", f.LastFetch)
	if f.FetchedBy != "" {
		v.say(&row.Facts, &err, "feeds_by", "program", f.FetchedBy)
	}
	v.sayAt(&row.Facts, &err, "access_revoked_at", f.Revoked)
	if f.Revoked == nil && agenda.May(v.actor, agenda.EditMeetings, v.Event.ID) {
		v.leads(&row.Links, &err, "feeds_rotate_button", "feeds/"+string(f.ID)+"/rotate")
		v.leads(&row.Links, &err, "access_revoke", "feeds/"+string(f.ID)+"/revoke")
	}
	return row, err
}

// feedTells gives the key of words for what a feed tells.
func feedTells(f agenda.Feed) string {
	switch {
	case f.Detail == agenda.BusyOnly:
		return "feeds_tell_busy"
	case f.Meetings && f.WithoutMailed:
		return "feeds_tell_unmailed"
	case f.Meetings:
		return "feeds_tell_all"
	}
	return "feeds_tell_panels"
}

// feedForm is the form of a new personal feed.
func (s *Server) feedForm(c echo.Context, v *eventConsole, f agenda.Feed) (*formPage, error) {
	p, err := v.ask("feeds_new", "feeds/new", "feeds", "console_feeds")
	if err != nil {
		return nil, err
	}
	people, _, err := s.names(c, v)
	if err != nil {
		return nil, err
	}
	choices := []choice{{}}
	for _, one := range people {
		choices = append(choices, choice{Value: string(one.ID), Label: one.Name})
	}
	p.choose("person", "feeds_person", string(f.PersonID), choices).Required = true
	p.line("name", "feeds_name", lineField, f.Name)
	tells, err := choicesOf(v.words, "feeds_tell_", []string{"all", "unmailed", "panels", "busy"})
	if err != nil {
		return nil, err
	}
	p.choose("tell", "feeds_tell", strings.TrimPrefix(feedTells(f), "feeds_tell_"), tells)
	tongues := make([]choice, 0, len(v.Event.Languages))
	for _, tag := range v.Event.Languages {
		tongues = append(tongues, choice{Value: tag, Label: v.reader.languageName(tag)})
	}
	p.choose("language", "feeds_language", f.Language, tongues)
	return p, nil
}

func (s *Server) feedFormPage(c echo.Context, v *eventConsole) error {
	p, err := s.feedForm(c, v, agenda.Feed{PersonID: agenda.ID(c.QueryParam("person")), FeedSettings: agenda.FeedSettings{Meetings: true}})
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addFeed(c echo.Context, v *eventConsole) error {
	f := agenda.Feed{PersonID: agenda.ID(typed(c, "person")), FeedSettings: agenda.FeedSettings{Name: typed(c, "name"), Language: typed(c, "language"), Meetings: sent(c, "tell") != "panels", WithoutMailed: sent(c, "tell") == "unmailed"}}
	if sent(c, "tell") == "busy" {
		f.Detail = agenda.BusyOnly
	}
	made, secret, err := s.app.OpenFeed(c.Request().Context(), v.actor, v.Event.Slug, f, app.Once{})
	if err == nil {
		return s.feedOnce(c, v, made, secret)
	}
	p, rest := s.feedForm(c, v, f)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

// feedOnce shows where a feed is.
func (s *Server) feedOnce(c echo.Context, v *eventConsole, f agenda.Feed, secret string) error {
	p, err := s.once(v, "feeds_made", "feeds_made_lead", "feeds", "console_feeds")
	if err != nil {
		return err
	}
	person, err := s.app.Person(c.Request().Context(), v.actor, v.Event.Slug, f.PersonID)
	if err != nil {
		return err
	}
	for i, key := range []string{"feeds_page", "feeds_calendar"} {
		shown := onceSecret{words: v.words, ID: key, Value: s.addressesOf(secret).PageURL}
		if shown.Label, err = v.Say(key); err != nil {
			return err
		}
		if i == 1 {
			shown.Value = s.addressesOf(secret).URL
		} else {
			shown.Whose = person.Name
			code, err := newCode(shown.Value)
			if err != nil {
				return err
			}
			shown.Code = &code
		}
		p.Secrets = append(p.Secrets, shown)
	}
	return p.answer(c)
}

// askFeed asks whether to do something about a feed: kind begins the keys of words, path is where it is sent.
func (s *Server) askFeed(c echo.Context, v *eventConsole, do string, cause error) error {
	f, err := s.app.Feed(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("feed")))
	if err != nil {
		return err
	}
	p, err := v.ask("feeds_"+do, "feeds/"+string(f.ID)+"/"+do, "feeds", "console_feeds")
	if err != nil {
		return err
	}
	p.Danger, p.Revision = true, f.Revision
	p.refusals = map[agenda.Code]string{agenda.Gone: "feeds_gone", agenda.Forbidden: "feeds_not_ours"}
	if person, err := s.app.Person(c.Request().Context(), v.actor, v.Event.Slug, f.PersonID); err == nil {
		p.about("feeds_person", person.Name)
	}
	return p.answer(c, s, cause)
}

func (s *Server) feedRotatePage(c echo.Context, v *eventConsole) error {
	return s.askFeed(c, v, "rotate", nil)
}

func (s *Server) turnFeed(c echo.Context, v *eventConsole) error {
	f, secret, err := s.app.RotateFeed(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("feed")))
	if err != nil {
		return s.askFeed(c, v, "rotate", err)
	}
	return s.feedOnce(c, v, f, secret)
}

func (s *Server) feedRevokePage(c echo.Context, v *eventConsole) error {
	return s.askFeed(c, v, "revoke", nil)
}

func (s *Server) endFeed(c echo.Context, v *eventConsole) error {
	if err := s.app.RevokeFeed(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("feed"))); err != nil {
		return err
	}
	return s.leadTo(c, v, "feeds", "revoked")
}
