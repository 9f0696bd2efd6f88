package server

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// routeLinkConsole adds the pages of personal links.
func (s *Server) routeLinkConsole() {
	s.console(agenda.EditEvent, "/links", s.linksPage)
	s.console(agenda.EditEvent, "/links/new", s.missingLinksPage)
	s.console(agenda.EditEvent, "/links/new", s.makeMissingLinks, http.MethodPost)
	s.console(agenda.EditEvent, "/links/:person", s.personLinksPage)
	s.console(agenda.EditEvent, "/links/:person", s.changePersonLinks, http.MethodPost)
}

// with gives a query of names and values, of which empty ones are left out, in the language that was chosen.
func (v *eventConsole) with(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if _, lang, found := strings.Cut(v.reader.query, "lang="); found {
		q.Set("lang", lang)
	}
	return "?" + q.Encode()
}

// linkStates narrow the list of people by their links.
var linkStates = []string{"all", "none", "unopened", "opened"}

// linkState says how far somebody is with their links.
func linkState(a *app.App, p app.PersonLinks) string {
	works := p.Works(a)
	switch {
	case len(works) == 0:
		return "none"
	case slices.ContainsFunc(works, func(l agenda.PersonalLink) bool { return l.LastUsed != nil }):
		return "opened"
	}
	return "unopened"
}

func (s *Server) linksPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_links", "links_lead", nil)
	if err != nil {
		return err
	}
	list, err := s.app.PersonalLinksByPerson(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	asked := linksAsked{c.QueryParam("q"), c.QueryParam("who"), c.QueryParam("state")}
	if err := p.addLinkFilters(asked); err != nil {
		return err
	}
	shown := slices.DeleteFunc(list, func(one app.PersonLinks) bool { return !asked.has(s.app, one) })
	from := 0
	if after := c.QueryParam("after"); after != "" {
		from = 1 + slices.IndexFunc(shown, func(one app.PersonLinks) bool { return string(one.Person.ID) == after })
	}
	shown = shown[from:]
	if len(shown) > consoleListSize {
		shown = shown[:consoleListSize]
		p.More = v.with("after", string(shown[len(shown)-1].Person.ID), "q", asked.q, "who", asked.who, "state", asked.state)
	}
	if err := p.link("links_missing", "links/new"); err != nil {
		return err
	}
	return s.answerLinks(c, p, shown)
}

func (s *Server) answerLinks(c echo.Context, p *rowsPage, shown []app.PersonLinks) error {
	var rows []accessRow
	for _, one := range shown {
		row := accessRow{Title: said{Text: one.Person.Name}}
		var err error
		v := p.eventConsole
		v.say(&row.Facts, &err, "links_state_"+linkState(s.app, one))
		if works := one.Works(s.app); len(works) > 0 {
			last := works[len(works)-1]
			v.sayAt(&row.Facts, &err, "links_used", last.LastUsed)
			v.sayAt(&row.Facts, &err, "access_expires", &last.Expires)
		}
		if one.Confirmed {
			v.say(&row.Facts, &err, "links_confirmed")
		}
		v.leads(&row.Links, &err, "links_open", "links/"+string(one.Person.ID))
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if err := p.section("people", "links_people", "links_nobody", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

// linksAsked is what the list of people is narrowed to.
type linksAsked struct{ q, who, state string }

func (q linksAsked) has(a *app.App, p app.PersonLinks) bool {
	return (q.who == "all" || p.Speaks || len(p.Links) > 0) && (!slices.Contains(linkStates[1:], q.state) || linkState(a, p) == q.state) && seeks(q.q, p.Person)
}

// seeks says whether somebody's name has what is sought, whatever the case.
func seeks(q string, p agenda.Person) bool {
	return strings.Contains(strings.ToLower(p.Name), strings.ToLower(strings.TrimSpace(q)))
}

func (p *rowsPage) addLinkFilters(asked linksAsked) error {
	form := formPage{eventConsole: p.eventConsole}
	form.line("q", "access_seek", lineField, asked.q)
	for _, f := range []struct {
		name, value string
		values      []string
	}{{"who", asked.who, []string{"speakers", "all"}}, {"state", asked.state, linkStates}} {
		choices, err := choicesOf(p.words, "links_"+f.name+"_", f.values)
		if err != nil {
			return err
		}
		form.choose(f.name, "links_"+f.name, f.value, choices)
	}
	p.Filters = form.Fields
	return nil
}

// missingLinksPage asks whether to make a link for each speaker who has none, and how to get them.
func (s *Server) missingLinksPage(c echo.Context, v *eventConsole) error {
	list, err := s.app.PersonalLinksByPerson(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	n := 0
	for _, one := range list {
		if one.Speaks && linkState(s.app, one) == "none" {
			n++
		}
	}
	p, err := v.ask("links_missing", "links/new", "links", "console_links")
	if err != nil {
		return err
	}
	lacking, err := v.Count("links_lacking", n)
	if err != nil {
		return err
	}
	p.about("links_speakers", lacking)
	choices, err := choicesOf(v.words, "links_as_", []string{"print", "csv"})
	if err != nil {
		return err
	}
	p.choose("as", "links_as", "print", choices)
	return p.answer(c, s, nil)
}

func (s *Server) makeMissingLinks(c echo.Context, v *eventConsole) error {
	made, left, err := s.app.MakeMissingLinks(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	if sent(c, "as") == "csv" {
		return s.linksTable(c, v, made)
	}
	p, err := s.once(v, "links_made", "links_made_lead", "links", "console_links")
	if err != nil {
		return err
	}
	if left > 0 {
		if p.Left, err = v.Count("links_left", left); err != nil {
			return err
		}
	}
	for _, one := range made {
		shown, err := s.linkOnce(v, one.Person, one.NewLink)
		if err != nil {
			return err
		}
		p.Secrets = append(p.Secrets, shown)
	}
	return p.answer(c)
}

// linksTable hands the links out as a table for a program that sends letters.
func (s *Server) linksTable(c echo.Context, v *eventConsole, made []app.PersonLink) error {
	var file bytes.Buffer
	rows := make([]exchange.LinkRow, 0, len(made))
	for _, one := range made {
		rows = append(rows, exchange.LinkRow{Person: one.Person, URL: s.personalURL() + "#" + one.Secret, Code: agenda.SpelledCode(one.Code), Expires: one.Link.Expires})
	}
	if err := exchange.LinksCSV(&file, rows); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.Event.Slug+`-links.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

// linkOnce shows a personal link when it is made.
func (s *Server) linkOnce(v *eventConsole, p agenda.Person, n app.NewLink) (onceSecret, error) {
	shown := onceSecret{words: v.words, ID: "link-" + string(n.Link.ID), Whose: p.Name, Value: s.personalURL() + "#" + n.Secret, Typed: agenda.SpelledCode(n.Code)}
	var err error
	if shown.Label, err = v.Say("access_link"); err != nil {
		return shown, err
	}
	code, err := newCode(shown.Value)
	shown.Code = &code
	var facts []string
	v.sayAt(&facts, &err, "access_expires", &n.Link.Expires)
	shown.Until = strings.Join(facts, " ")
	return shown, err
}

var linkNotices = map[string]string{"mailed": "links_mailed", "revoked": "links_revoked"}

func (s *Server) personLinksPage(c echo.Context, v *eventConsole) error {
	return s.showPersonLinks(c, v, nil)
}

// showPersonLinks shows somebody's links, and why something could not be done about them.
func (s *Server) showPersonLinks(c echo.Context, v *eventConsole, cause error) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("person"))
	person, err := s.app.Person(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	p, err := v.rows(c, "console_links", "links_person_lead", linkNotices)
	if err != nil {
		return err
	}
	p.head(said{Text: person.Name})
	p.Back = consoleLink{URL: v.Here + "links" + v.reader.query}
	if p.Back.Label, err = v.Say("console_links"); err != nil {
		return err
	}
	links, _, err := s.app.PersonalLinks(ctx, v.actor, v.Event.Slug, id, listAsked(c))
	if err != nil {
		return err
	}
	if err := p.addLinkButtons(s, person); err != nil {
		return err
	}
	if err := p.addPersonLinks(s, links, "links/"+string(id)); err != nil {
		return err
	}
	return p.refuse(c, cause, map[string]string{string(agenda.Taken): "links_not_mailed", string(agenda.Unavailable): "links_not_sent"})
}

func (p *rowsPage) addLinkButtons(s *Server, person agenda.Person) (err error) {
	here := "links/" + string(person.ID)
	p.button(&p.Sends, &err, "links_make", here, "make", "")
	if s.app.HasMail() && person.Email != "" {
		p.button(&p.Sends, &err, "links_mail", here, "mail", "")
	}
	p.leads(&p.Links, &err, "people_page", "people/"+string(person.ID))
	if agenda.May(p.actor, agenda.ManageData, p.Event.ID) {
		p.leads(&p.Links, &err, "data_title", "people/"+string(person.ID)+"/data")
	}
	return err
}

func (p *rowsPage) addPersonLinks(s *Server, links []agenda.PersonalLink, here string) error {
	var rows []accessRow
	v := p.eventConsole
	for _, l := range slices.Backward(links) {
		title, err := v.at(l.Created)
		if err != nil {
			return err
		}
		row := accessRow{}
		if row.Title.Text, err = v.Say("access_made", "when", title); err != nil {
			return err
		}
		if row.Badge, err = v.ended(l.Revoked, &l.Expires, s.now()); err != nil {
			return err
		}
		row.Off = row.Badge != ""
		if l.Mailed {
			v.say(&row.Facts, &err, "links_was_mailed")
		}
		if l.LastUsed == nil {
			v.say(&row.Facts, &err, "links_state_unopened")
		}
		v.sayAt(&row.Facts, &err, "links_used", l.LastUsed)
		v.sayAt(&row.Facts, &err, "access_expires", &l.Expires)
		v.sayAt(&row.Facts, &err, "access_revoked_at", l.Revoked)
		if !row.Off {
			v.button(&row.Sends, &err, "access_revoke", here, "revoke", l.ID)
		}
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return p.section("links", "links_theirs", "links_none", rows)
}

// changePersonLinks makes, mails or revokes a link.
func (s *Server) changePersonLinks(c echo.Context, v *eventConsole) error {
	ctx, id, slug := c.Request().Context(), agenda.ID(c.Param("person")), v.Event.Slug
	var err error
	switch sent(c, "do") {
	case "make":
		return s.makeLink(c, v, id)
	case "mail":
		if _, err = s.app.SendPersonalLink(ctx, v.actor, slug, app.LinkRequest{PersonID: id}, "", s.personalURL()); err == nil {
			return s.leadTo(c, v, "links/"+string(id), "mailed")
		}
	case "revoke":
		if err = s.app.RevokePersonalLink(ctx, v.actor, slug, id, agenda.ID(typed(c, "id"))); err == nil {
			return s.leadTo(c, v, "links/"+string(id), "revoked")
		}
	}
	return s.showPersonLinks(c, v, err)
}

func (s *Server) makeLink(c echo.Context, v *eventConsole, id agenda.ID) error {
	ctx := c.Request().Context()
	person, err := s.app.Person(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	n, err := s.app.MakePersonalLink(ctx, v.actor, v.Event.Slug, app.LinkRequest{PersonID: id}, app.Once{})
	if err != nil {
		return err
	}
	p, err := s.once(v, "links_made", "links_made_lead", "links/"+string(id), "console_links")
	if err != nil {
		return err
	}
	shown, err := s.linkOnce(v, person, n)
	p.Secrets = []onceSecret{shown}
	if err != nil {
		return err
	}
	return p.answer(c)
}
