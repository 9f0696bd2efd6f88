package server

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// personAsked is what a list of people is narrowed to, as its address has it.
type personAsked struct{ q, organization, country, role, status string }

// personStatuses are what a list can be narrowed to besides.
var personStatuses = []string{"missing", "photo", "alike", "idle"}

func peopleAsked(c echo.Context) personAsked {
	return personAsked{c.QueryParam("q"), c.QueryParam("organization"), c.QueryParam("country"), c.QueryParam("role"), c.QueryParam("status")}
}

// values give the parameters of an address that asks for the same.
func (a personAsked) values() url.Values {
	return url.Values{"q": {a.q}, "organization": {a.organization}, "country": {a.country}, "role": {a.role}, "status": {a.status}}
}

// personPageSize is how many people a page lists.
const personPageSize = 200

// peopleDesk is what pages about people need to be made.
type peopleDesk struct {
	*eventConsole
	all    []agenda.Person
	roll   *roll
	panels map[agenda.ID][]agenda.Panel // in which a Person has a part
}

func (s *Server) peopleDesk(ctx context.Context, v *eventConsole) (*peopleDesk, error) {
	people, err := s.everybody(ctx, v)
	if err != nil {
		return nil, err
	}
	var found panelsFound
	if v.reads() { // who does not, sees who takes part, and not in what
		if found, err = s.findPanels(ctx, v, panelAsked{}, false); err != nil {
			return nil, err
		}
	}
	d := &peopleDesk{v, people, v.newRoll(people), map[agenda.ID][]agenda.Panel{}}
	for _, panel := range found.panels {
		seen := map[agenda.ID]bool{}
		for _, part := range panel.Everybody() {
			if !seen[part.PersonID] {
				seen[part.PersonID] = true
				d.panels[part.PersonID] = append(d.panels[part.PersonID], panel)
			}
		}
	}
	return d, nil
}

func (s *Server) peoplePage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, personNotices); err != nil {
		return err
	}
	ctx, asked := c.Request().Context(), peopleAsked(c)
	if !v.reads() {
		asked.role = ""
	}
	d, err := s.peopleDesk(ctx, v)
	if err != nil {
		return err
	}
	people, err := s.findPeople(ctx, d, asked)
	if err != nil {
		return err
	}
	p, err := d.list(asked, len(people))
	if err != nil {
		return err
	}
	shown := p.part(c, len(people), personPageSize, asked.values())
	for _, person := range people[shown.from:shown.to] {
		item, err := d.item(person)
		if err != nil {
			return err
		}
		p.Items = append(p.Items, item)
	}
	return p.answer(c)
}

// list begins the list of so many people.
func (d *peopleDesk) list(asked personAsked, n int) (*listPage, error) {
	p, err := d.eventConsole.list("people", "people_none", "people_new", "")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(p.seek(asked.q, "people_seek"), p.peopleFilters(d, asked)); err != nil {
		return nil, err
	}
	p.Count, err = d.Count("people_count", n)
	return p, err
}

// findPeople gives all people that were asked for, by name.
func (s *Server) findPeople(ctx context.Context, d *peopleDesk, asked personAsked) ([]agenda.Person, error) {
	people := slices.Clone(d.all)
	if asked.q != "" || asked.country != "" {
		var err error
		people, err = everything(func(page app.Page) ([]agenda.Person, string, error) {
			return s.app.People(ctx, d.actor, d.Event.Slug, app.PersonFilter{Query: asked.q, Country: asked.country}, page)
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(people, func(p agenda.Person) bool { return !d.fits(p, asked) }), nil
}

// fits says whether the Person is among those that were asked for.
func (d *peopleDesk) fits(p agenda.Person, asked personAsked) bool {
	if asked.organization != "" && app.Fold(d.reader.pick(d.Event.Language(), p.Organization).Text) != app.Fold(asked.organization) {
		return false
	}
	if role := agenda.Role(asked.role); slices.Contains(agenda.Roles, role) && !slices.ContainsFunc(d.panels[p.ID], func(panel agenda.Panel) bool {
		return slices.ContainsFunc(panel.Parts(p.ID), func(part agenda.Speaker) bool { return part.Role == role })
	}) {
		return false
	}
	switch asked.status {
	case "missing":
		return len(d.missing(personTexts(p)...)) > 0
	case "photo":
		return p.Photo == "" && p.PhotoURL == ""
	case "alike":
		return len(d.roll.alike(p)) > 0
	case "idle":
		return len(d.panels[p.ID]) == 0
	}
	return true
}

// personTexts are what of a Person is said in several languages.
func personTexts(p agenda.Person) []map[string]string {
	return []map[string]string{p.Honorific, p.JobTitle, p.Organization, p.Bio}
}

// peopleFilters adds what the list can be narrowed to.
func (p *listPage) peopleFilters(d *peopleDesk, asked personAsked) error {
	form := &formPage{eventConsole: p.eventConsole}
	anyway, err := p.Say("form_any")
	if err != nil {
		return err
	}
	roles, err := choicesOf(p.words, "role_", agenda.Roles)
	if err != nil {
		return err
	}
	statuses, err := choicesOf(p.words, "people_status_", personStatuses)
	if err != nil {
		return err
	}
	none := choice{Label: anyway}
	organizations, states := []choice{}, []choice{}
	seen := map[string]bool{}
	for _, person := range d.all {
		name := oneLine(d.reader.pick(d.Event.Language(), person.Organization).Text)
		if name != "" && !seen[app.Fold(name)] {
			seen[app.Fold(name)] = true
			organizations = append(organizations, choice{Value: name, Label: name})
		}
		if person.Country != "" && !seen[person.Country] {
			seen[person.Country] = true
			states = append(states, choice{Value: person.Country, Label: d.reader.countryName(person.Country)})
		}
	}
	p.sortChoices(organizations)
	p.sortChoices(states)
	form.choose("organization", "people_organization", asked.organization, append([]choice{none}, organizations...))
	form.choose("country", "people_country", asked.country, append([]choice{none}, states...))
	if d.reads() {
		form.choose("role", "panels_role", asked.role, append([]choice{none}, roles...))
	} else {
		statuses = slices.DeleteFunc(statuses, func(c choice) bool { return c.Value == "idle" })
	}
	form.choose("status", "panels_status", asked.status, append([]choice{none}, statuses...))
	for _, f := range form.Fields {
		f.Hint = ""
	}
	p.Filters = form.Fields
	return nil
}

// item is a Person in the list.
func (d *peopleDesk) item(p agenda.Person) (listItem, error) {
	item := d.eventConsole.item(nil, "people/"+string(p.ID))
	item.Title = said{Text: p.Name}
	item.Missing = d.missing(personTexts(p)...)
	if p.Photo != "" && d.reads() {
		item.Photo = d.fileURL(p.Photo)
	}
	for _, text := range []agenda.Text{p.JobTitle, p.Organization} {
		if fact := d.reader.pick(d.Event.Language(), text).Text; fact != "" {
			item.Facts = append(item.Facts, fact)
		}
	}
	if p.Country != "" {
		item.Facts = append(item.Facts, d.reader.countryName(p.Country))
	}
	if n := len(d.panels[p.ID]); n > 0 {
		fact, err := d.Count("panels_count", n)
		if err != nil {
			return item, err
		}
		item.Facts = append(item.Facts, fact)
	}
	warn := ""
	switch {
	case !p.Erased.IsZero():
		warn = "people_is_erased"
	case len(d.roll.alike(p)) > 0:
		warn = "people_has_namesake"
	default:
		return item, nil
	}
	told, err := d.Say(warn)
	item.Warn = append(item.Warn, told)
	return item, err
}

// reads says whether who asks may read the draft.
func (v *eventConsole) reads() bool { return agenda.May(v.actor, agenda.ReadDraft, v.Event.ID) }

// fileURL is where organizers see a File of the draft.
func (v *eventConsole) fileURL(name string) string {
	return v.Root + "api/v1/events/" + v.Event.Slug + "/files/" + name
}
