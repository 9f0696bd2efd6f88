package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/media"
)

// routePersonConsole adds the pages of people.
func (s *Server) routePersonConsole() {
	s.console(agenda.ReadPeople, "/people", s.peoplePage)
	s.console(agenda.EditEvent, "/people/new", s.newPersonPage)
	s.console(agenda.EditEvent, "/people/new", s.addPerson, http.MethodPost)
	s.console(agenda.EditEvent, "/people/:person", s.personFormPage)
	s.console(agenda.EditEvent, "/people/:person", s.savePerson, http.MethodPost)
	s.console(agenda.EditEvent, "/people/:person/parts", s.changeParts, http.MethodPost)
	s.console(agenda.EditEvent, "/people/:person/delete", s.personDeletePage)
	s.console(agenda.EditEvent, "/people/:person/delete", s.dropPerson, http.MethodPost)
	s.consoleFile(agenda.EditEvent, "/people/:person/photo", media.MaxPhoto, s.changePhoto)
}

var personNotices = map[string]string{"made": "people_made", "saved": "form_saved", "deleted": "people_deleted", "photo": "people_photo_changed"}

// personPage is the form of a Person, and what else is known of them.
type personPage struct {
	*formPage
	Known    bool // is here, and not yet to be added
	PhotoURL string
	PhotoTo  string // where a photo is sent
	Upload   *formField
	PartsTo  string // where answers are sent
	Parts    []partRow
	Others   []consoleLink // who are called the same
}

// partRow is a Panel in which the Person has a part.
type partRow struct {
	ID, URL, When, Roles string
	Title                said
	Revision             int
	Status               string
	Statuses             []choice
	Off                  bool
}

// personForm is the form of a Person.
func (v *eventConsole) personForm(p agenda.Person) (*formPage, error) {
	f, err := v.form("people", "people", string(p.ID), agenda.Text{"": p.Name}, p.Revision)
	if err != nil {
		return nil, err
	}
	none, err := v.Say("people_no_country")
	if err != nil {
		return nil, err
	}
	if p.ID != "" && p.Name != "" {
		f.Title = p.Name
	}
	f.line("name", "people_name", lineField, p.Name).Required = true
	f.text("honorific", "people_honorific", textField, p.Honorific, agenda.MaxName)
	f.text("job_title", "people_job_title", textField, p.JobTitle, agenda.MaxName)
	f.text("organization", "people_organization", textField, p.Organization, agenda.MaxName)
	f.choose("country", "people_country", p.Country, v.countryChoices(none, p.Country))
	f.text("bio", "people_bio", essayField, p.Bio, agenda.MaxProse)
	f.line("photo_url", "people_photo_url", urlField, p.PhotoURL)
	f.spoken("languages", "people_languages", p.Languages)
	if err := f.pairField(p); err != nil {
		return nil, err
	}
	if agenda.May(v.actor, agenda.ReadContacts, v.Event.ID) {
		f.number("buffer_before", "people_buffer_before", p.Buffer.Before, agenda.MaxBuffer).Begins = true
		f.number("buffer_after", "people_buffer_after", p.Buffer.After, agenda.MaxBuffer)
		f.line("email", "people_email", emailField, p.Email)
		f.line("notes", "panels_notes", proseField, p.Notes)
	}
	another, err := v.Say("form_another")
	f.Also = []choice{{Value: "new", Label: another}}
	return f, err
}

// spoken adds the languages that somebody may speak: those of the Event, the most common ones, and those that they do.
func (p *formPage) spoken(name, key string, had []string) {
	f := p.field(name, key, checksField)
	for _, l := range p.languageChoices(had...) {
		l.Chosen = slices.Contains(had, l.Value)
		if l.Chosen || slices.Contains(p.Event.Languages, l.Value) || strings.Contains(" ar en es fr ru vi zh ", " "+l.Value+" ") {
			f.Choices = append(f.Choices, l)
		}
	}
}

// pairField adds the pairs of languages between which the Person may interpret: of those of the Event, and of their own.
func (p *formPage) pairField(who agenda.Person) error {
	f := p.field("interprets", "people_interprets", checksField)
	languages := slices.Clone(p.Event.Languages)
	for _, pair := range who.Interprets {
		languages = append(languages, pair.A, pair.B)
	}
	languages = append(languages, who.Languages...)
	slices.Sort(languages)
	languages = slices.Compact(languages)
	for i, a := range languages {
		for _, b := range languages[i+1:] {
			pair := agenda.NewPair(a, b)
			if _, err := agenda.ParsePair(pair.String()); err != nil {
				continue
			}
			label, err := p.Say("people_pair", "from", p.reader.languageName(a), "to", p.reader.languageName(b))
			if err != nil {
				return err
			}
			f.Choices = append(f.Choices, choice{Value: pair.String(), Label: label, Chosen: slices.Contains(who.Interprets, pair)})
		}
	}
	return nil
}

// personSent gives a Person with what was typed, and what can't be read of it.
func personSent(c echo.Context, p agenda.Person) (agenda.Person, error) {
	var f agenda.Faults
	form := c.Request().PostForm
	p.Name, p.Country, p.PhotoURL = typed(c, "name"), sent(c, "country"), strings.TrimSpace(typed(c, "photo_url"))
	p.Honorific, p.JobTitle, p.Organization, p.Bio = textSent(form, "honorific"), textSent(form, "job_title"), textSent(form, "organization"), textSent(form, "bio")
	p.Languages = slices.Clone(form["languages"])
	if form.Has("email") { // is asked of those only who may know it
		p.Email, p.Notes = typed(c, "email"), typed(c, "notes")
		p.Buffer = agenda.Buffer{Before: numberSent(c, &f, "buffer_before"), After: numberSent(c, &f, "buffer_after")}
	}
	p.Interprets = agenda.PairsOf(form["interprets"])
	return p, f.Err("person")
}

func (s *Server) newPersonPage(c echo.Context, v *eventConsole) error {
	return s.answerPerson(c, v, agenda.Person{Name: c.QueryParam("name")}, nil, v.notify(c, personNotices))
}

func (s *Server) addPerson(c echo.Context, v *eventConsole) error {
	person, err := personSent(c, agenda.Person{})
	var made agenda.Person
	if err == nil {
		made, _, err = s.app.CreatePerson(c.Request().Context(), v.actor, v.Event.Slug, person, onceSent(c))
	}
	switch {
	case err != nil:
		return s.answerPerson(c, v, person, nil, err)
	case sent(c, "do") == "new":
		return s.leadTo(c, v, "people/new", "made")
	}
	return s.leadTo(c, v, "people/"+string(made.ID), "made")
}

func (s *Server) personFormPage(c echo.Context, v *eventConsole) error {
	person, err := s.personAt(c, v)
	if err != nil {
		return err
	}
	return s.answerPerson(c, v, person, &person, v.notify(c, personNotices))
}

func (s *Server) personAt(c echo.Context, v *eventConsole) (agenda.Person, error) {
	return s.app.Person(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("person")))
}

func (s *Server) savePerson(c echo.Context, v *eventConsole) error {
	now, err := s.personAt(c, v)
	if err != nil {
		return err
	}
	person, err := personSent(c, now)
	if err == nil {
		_, err = s.app.EditPerson(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), person)
	}
	switch {
	case err != nil:
		return s.answerPerson(c, v, person, &now, err)
	case sent(c, "do") == "new":
		return s.leadTo(c, v, "people/new", "saved")
	}
	return s.leadTo(c, v, "people/"+string(now.ID), "saved")
}

// answerPerson shows the form, with what is wrong with it. Now is the Person as they stand, nil for one who is yet to be added.
func (s *Server) answerPerson(c echo.Context, v *eventConsole, person agenda.Person, now *agenda.Person, cause error) error {
	form, err := v.personForm(person)
	if err != nil {
		return err
	}
	p := &personPage{formPage: form}
	if now != nil {
		theirs, err := v.personForm(*now)
		if err != nil {
			return err
		}
		if cause != nil {
			form.against(theirs)
		}
		if err := s.fillPerson(c, v, p, *now); err != nil {
			return err
		}
	}
	return form.answerIn(c, s, "console_person", p, cause)
}

func (s *Server) changePhoto(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("person"))
	now, err := s.personAt(c, v)
	if err != nil {
		return err
	}
	if sent(c, "drop") != "" {
		err = s.app.DeletePhoto(ctx, v.actor, v.Event.Slug, matchSent(c), id)
	} else {
		var data []byte
		if data, _, err = fileSent(c, "photo"); err == nil {
			_, err = s.app.SetPhoto(ctx, v.actor, v.Event.Slug, matchSent(c), id, data)
		}
	}
	if err != nil {
		return s.answerPerson(c, v, now, &now, err)
	}
	return s.leadTo(c, v, "people/"+string(id), "photo")
}

func (s *Server) personDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeletePerson(c, v, nil)
}

// askDeletePerson asks whether to take a Person out of the Event, and says why that could not be done.
func (s *Server) askDeletePerson(c echo.Context, v *eventConsole, cause error) error {
	person, err := s.personAt(c, v)
	if err != nil {
		return err
	}
	return s.askDelete(c, v, "people/"+string(person.ID), "people_delete", agenda.Text{v.Event.Language(): person.Name}, person.Revision, cause)
}

func (s *Server) dropPerson(c echo.Context, v *eventConsole) error {
	err := s.app.DeletePerson(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("person")))
	if err != nil {
		return s.askDeletePerson(c, v, err)
	}
	return s.leadTo(c, v, "people", "deleted")
}
