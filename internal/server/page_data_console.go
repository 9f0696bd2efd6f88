package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// routeDataConsole adds the pages of what is known of somebody.
func (s *Server) routeDataConsole() {
	s.console(agenda.ManageData, "/people/:person/data", s.dataPage)
	s.console(agenda.ManageData, "/people/:person/erase", s.erasePage)
	s.console(agenda.ManageData, "/people/:person/erase", s.eraseSomebody, http.MethodPost)
}

// dataPage says how much is known of a person. What it is stands in the document that is handed over.
func (s *Server) dataPage(c echo.Context, v *eventConsole) error {
	id := agenda.ID(c.Param("person"))
	d, err := s.app.PersonSummary(c.Request().Context(), v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	p, err := v.rows(c, "data_title", "data_lead", nil)
	if err != nil {
		return err
	}
	row, err := v.dataRow(d)
	if err != nil {
		return err
	}
	download := consoleLink{URL: s.root() + "api/v1/events/" + v.Event.Slug + "/people/" + string(id) + "/data"}
	if download.Label, err = v.Say("data_download"); err != nil {
		return err
	}
	p.Links = []consoleLink{download}
	if agenda.May(v.actor, agenda.EditEvent, v.Event.ID) {
		if v.leads(&p.Links, &err, "people_page", "people/"+string(id)); err != nil {
			return err
		}
	}
	if err := p.section("known", "data_known", "", []accessRow{row}); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

func (v *eventConsole) dataRow(d exchange.PersonData) (row accessRow, err error) {
	row.Title.Text = d.Person.Name
	v.countData(&row.Facts, &err, d)
	if d.WithoutMeetings {
		v.say(&row.Facts, &err, "data_without_meetings")
	} else {
		v.count(&row.Facts, &err, "data_meetings", len(d.Meetings))
		v.count(&row.Facts, &err, "data_feeds", len(d.Feeds))
	}
	if d.Elsewhere > 0 {
		v.count(&row.Facts, &err, "data_elsewhere", d.Elsewhere)
	}
	if !d.Person.Erased.IsZero() {
		v.sayAt(&row.Facts, &err, "data_erased", &d.Person.Erased)
	} else {
		v.leads(&row.Links, &err, "erase_title", "people/"+string(d.Person.ID)+"/erase")
	}
	return row, err
}

// count adds a fact of how many there are of something.
func (v *eventConsole) count(to *[]string, err *error, key string, n int) {
	if *err != nil {
		return
	}
	var fact string
	if fact, *err = v.Count(key, n); *err == nil {
		*to = append(*to, fact)
	}
}

func (v *eventConsole) countData(to *[]string, err *error, d exchange.PersonData) {
	origins, photos := 0, 0
	for _, source := range d.Sources {
		origins += len(source.Origins)
	}
	if d.Person.Photo != "" || d.Person.PhotoURL != "" {
		photos = 1
	}
	for _, of := range []struct {
		key string
		n   int
	}{{"data_panels", len(d.Panels)}, {"data_availabilities", len(d.Availabilities)}, {"data_photos", photos}, {"data_links", len(d.Links)},
		{"data_visits", len(d.Visits)}, {"data_sources", origins}, {"data_releases", len(d.Releases)}, {"data_activities", len(d.Activities)}} {
		v.count(to, err, of.key, of.n)
	}
	if d.Person.Email != "" {
		v.say(to, err, "data_email", "address", d.Person.Email)
	}
	if d.Person.Notes != "" {
		v.say(to, err, "data_notes")
	}
}

func (s *Server) erasePage(c echo.Context, v *eventConsole) error { return s.askErase(c, v, nil) }

// askErase asks whether to erase somebody, and for their name: nobody else is to be erased by mistake.
func (s *Server) askErase(c echo.Context, v *eventConsole, cause error) error {
	person, err := s.app.Person(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("person")))
	if err != nil {
		return err
	}
	p, err := v.ask("erase", "people/"+string(person.ID)+"/erase", "people/"+string(person.ID)+"/data", "data_title")
	if err != nil {
		return err
	}
	p.Danger, p.Revision, p.refusals = true, person.Revision, map[agenda.Code]string{agenda.Gone: "erase_gone"}
	p.about("erase_who", person.Name)
	p.line("confirm", "erase_confirm", lineField, typed(c, "confirm")).Required = true
	return p.answer(c, s, cause)
}

func (s *Server) eraseSomebody(c echo.Context, v *eventConsole) error {
	done, err := s.app.ErasePerson(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("person")), typed(c, "confirm"))
	if err != nil {
		return s.askErase(c, v, err)
	}
	return s.erased(c, v, done)
}

// erased says what was erased, and which texts the organizers have to write anew.
func (s *Server) erased(c echo.Context, v *eventConsole, done app.Erasure) error {
	p, err := v.rows(c, "erase_done", "erase_done_lead", nil)
	if err != nil {
		return err
	}
	var facts []string
	v.count(&facts, &err, "erase_releases", done.Releases)
	v.count(&facts, &err, "erase_activities", done.Activities)
	if done.Elsewhere > 0 {
		v.count(&facts, &err, "data_elsewhere", done.Elsewhere)
	}
	if err != nil {
		return err
	}
	if err := p.section("erased", "erase_what", "", []accessRow{{Title: said{Text: done.Person.Name}, Facts: facts}}); err != nil {
		return err
	}
	var rows []accessRow
	for _, panel := range done.Mentions {
		rows = append(rows, accessRow{Title: v.reader.pick(v.Event.Language(), panel.Title), Facts: []string{panel.Code}})
	}
	if err := p.section("mentions", "erase_mentions", "erase_no_mentions", rows); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}
