package server

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// fillPerson adds what is known of a Person besides their form.
func (s *Server) fillPerson(c echo.Context, v *eventConsole, p *personPage, person agenda.Person) error {
	d, err := s.peopleDesk(c.Request().Context(), v)
	if err != nil {
		return err
	}
	here := v.Here + "people/" + string(person.ID)
	p.Known, p.PhotoTo, p.PartsTo = true, here+"/photo"+v.reader.query, here+"/parts"+v.reader.query
	form := &formPage{eventConsole: v}
	p.Upload = form.field("photo", "people_photo", fileField)
	p.Upload.Accept = "image/jpeg,image/png,image/webp"
	p.beside = form.Fields
	if person.Photo != "" {
		p.PhotoURL = v.fileURL(person.Photo)
	}
	for _, id := range d.roll.alike(person) {
		p.Others = append(p.Others, consoleLink{Label: d.roll.label(id), URL: v.Here + "people/" + string(id) + v.reader.query})
	}
	for _, panel := range d.panels[person.ID] {
		row, err := d.part(person, panel)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, row)
	}
	v.personLinks(p, person, &err)
	return err
}

// personLinks leads to what else there is about the Person.
func (v *eventConsole) personLinks(p *personPage, person agenda.Person, err *error) {
	if agenda.May(v.actor, agenda.EditMeetings, v.Event.ID) {
		v.leads(&p.Links, err, "deputy_link", "people/"+string(person.ID)+"/deputy")
	}
	v.leads(&p.Links, err, "console_links", "links/"+string(person.ID))
	if agenda.May(v.actor, agenda.ManageData, v.Event.ID) {
		v.leads(&p.Links, err, "data_title", "people/"+string(person.ID)+"/data")
	}
}

// part tells of a Panel what the Person does in it.
func (d *peopleDesk) part(person agenda.Person, panel agenda.Panel) (partRow, error) {
	row := partRow{ID: string(panel.ID), URL: d.Here + "panels/" + string(panel.ID) + d.reader.query, Title: d.reader.pick(d.Event.Language(), panel.Title),
		Revision: panel.Revision, Off: panel.Cancelled}
	var roles []string
	for _, part := range panel.Parts(person.ID) {
		role, err := d.Say("role_" + string(part.Role))
		if err != nil {
			return row, err
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
		if row.Status == "" {
			row.Status = string(part.Status)
		}
	}
	row.Roles = strings.Join(roles, ", ")
	var err error
	if row.Statuses, err = choicesOf(d.words, "speaker_status_", agenda.SpeakerStatuses); err != nil {
		return row, err
	}
	for i := range row.Statuses {
		row.Statuses[i].Chosen = row.Statuses[i].Value == row.Status
	}
	if panel.Slot == nil {
		row.When, err = d.Say("panels_unscheduled")
		return row, err
	}
	day, err := d.day("date_short", panel.Slot.Day())
	row.When = day + ", " + panel.Slot.Start.Wall.Clock() + "–" + panel.Slot.End.Wall.Clock()
	return row, err
}

// changeParts takes down what a Person has answered, for each Panel whose answer was changed. Panels that somebody else changed
// meanwhile are named, and the others are saved.
func (s *Server) changeParts(c echo.Context, v *eventConsole) error {
	person, err := s.personAt(c, v)
	if err != nil {
		return err
	}
	var late []string
	for name := range c.Request().PostForm {
		id, ok := strings.CutPrefix(name, "status.")
		status := agenda.SpeakerStatus(sent(c, name))
		if !ok || !slices.Contains(agenda.SpeakerStatuses, status) || sent(c, "was."+id) == string(status) {
			continue
		}
		title, err := s.answerFor(c.Request().Context(), v, agenda.ID(id), app.Revision(atoi(sent(c, "revision."+id))), person.ID, status)
		switch agenda.CodeOf(err) {
		case "", agenda.NotFound: // deleted meanwhile: there is nothing to answer
		case agenda.Stale:
			late = append(late, v.reader.pick(v.Event.Language(), title).Text)
		default:
			return err
		}
	}
	if len(late) == 0 {
		return s.leadTo(c, v, "people/"+string(person.ID), "saved")
	}
	return s.answerPerson(c, v, person, &person, lateError(late))
}

// answerFor takes down what a Person has answered of a Panel, in all their parts. It gives the Panel's title.
func (s *Server) answerFor(ctx context.Context, v *eventConsole, id agenda.ID, match app.Match, person agenda.ID, status agenda.SpeakerStatus) (agenda.Text, error) {
	r, err := s.app.Panel(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return nil, err
	}
	p := r.Panel
	set := func(parts []agenda.Speaker) []agenda.Speaker {
		parts = slices.Clone(parts)
		for i := range parts {
			if parts[i].PersonID == person {
				parts[i].Status = status
			}
		}
		return parts
	}
	p.Speakers, p.Interventions = set(p.Speakers), slices.Clone(p.Interventions)
	for i := range p.Interventions {
		p.Interventions[i].Speakers = set(p.Interventions[i].Speakers)
	}
	_, err = s.app.EditPanel(ctx, v.actor, v.Event.Slug, match, p, slotAsked(p))
	return p.Title, err
}

// slotAsked asks for the Slot that the Panel has.
func slotAsked(p agenda.Panel) *app.SlotRequest { return newSlotBody(p.Slot).request() }
