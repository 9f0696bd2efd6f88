package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeDeputyConsole adds the page on which somebody is let stand in for a Person in all their Meetings.
func (s *Server) routeDeputyConsole() {
	s.console(agenda.EditMeetings, "/people/:person/deputy", s.deputyPage)
	s.console(agenda.EditMeetings, "/people/:person/deputy", s.sendDeputy, http.MethodPost)
}

var deputyNotices = map[string]string{"deputized": "deputy_done"}

// deputySheet is what was typed.
type deputySheet struct {
	person, day, clock, note string
	returning                bool
}

func deputySent(c echo.Context) deputySheet {
	return deputySheet{person: typed(c, "person"), day: typed(c, "from.day"), clock: clockTyped(typed(c, "from.clock")),
		note: typed(c, "note"), returning: sent(c, "returning") != ""}
}

// deputizing reads the sheet.
func (sheet deputySheet) deputizing(old agenda.ID, people *roll) (app.Deputizing, error) {
	var f agenda.Faults
	d := app.Deputizing{Old: old, Note: sheet.note, Returning: sheet.returning}
	fault := ""
	if d.New, fault = people.find(sheet.person); fault != "" {
		f.Add("/person", "%s", fault)
	}
	switch {
	case sheet.day != "":
		d.From = sheet.day
		if sheet.clock != "" {
			d.From = sheet.day + "T" + sheet.clock
		}
	case sheet.clock != "":
		f.Add("/from.day", "is needed with a time")
	}
	return d, f.Err("request")
}

// deputyForm is the form; done is what would become of it, the zero value before that was asked.
func (d *meetingDesk) deputyForm(old agenda.Person, sheet deputySheet, done app.Deputized) (*formPage, error) {
	p, err := d.eventConsole.form("people", "people", string(old.ID)+"/deputy", agenda.Text{"": old.Name}, 0)
	if err != nil {
		return nil, err
	}
	p.Delete, p.Back = "", consoleLink{URL: d.Here + "people/" + string(old.ID) + d.reader.query, Label: old.Name}
	var title string
	for key, to := range map[string]*string{"deputy_try": &p.Button, "deputy_lead": &p.Lead, "deputy_title": &title} {
		if *to, err = d.Say(key, "person", old.Name); err != nil {
			return nil, err
		}
	}
	p.head(said{title, d.Lang})
	label, err := d.Say("deputy_do")
	if err != nil {
		return nil, err
	}
	none, err := d.Say("deputy_now")
	if err != nil {
		return nil, err
	}
	days, err := d.dayChoices(none, agenda.Date(sheet.day))
	if err != nil {
		return nil, err
	}
	p.Also = []choice{{Value: "deputize", Label: label}}
	person := p.line("person", "deputy_person", lineField, sheet.person)
	person.Required, person.List = true, "people"
	p.choose("from.day", "deputy_day", sheet.day, days).Begins = true
	p.line("from.clock", "deputy_clock", clockField, sheet.clock)
	p.line("note", "deputy_note", lineField, sheet.note)
	p.check("returning", "deputy_returning", sheet.returning).Begins = true
	p.Lists = append(p.Lists, formList{ID: "people", Options: d.people.labels})
	if done.New.ID != "" {
		return p, d.addTrial(p, done)
	}
	return p, nil
}

// addTrial says what would become of each Meeting.
func (d *meetingDesk) addTrial(p *formPage, done app.Deputized) error {
	count, err := d.Count("deputy_meetings", len(done.Meetings))
	if err != nil {
		return err
	}
	p.line("trial", "deputy_trial", noteField, count)
	for _, r := range done.Meetings {
		m := &meetingView{}
		if err := m.tell(d, r.Conflicts); err != nil {
			return err
		}
		said := strings.Join(m.Conflicts, " ")
		if said == "" {
			if said, err = d.Say("deputy_no_conflicts"); err != nil {
				return err
			}
		}
		p.line("trial", d.when(r.Meeting), noteField, said)
	}
	for _, m := range done.Kept {
		said, err := d.Say("deputy_kept")
		if err != nil {
			return err
		}
		p.line("trial", d.when(m), noteField, said)
	}
	return nil
}

// when names a Meeting with its time.
func (d *meetingDesk) when(m agenda.Meeting) string {
	title := d.title(m).Text
	if m.Slot == nil {
		return title
	}
	if at, err := d.interval(d.Event.Location(), m.Slot.Start.At, m.Slot.End.At); err == nil {
		return title + " (" + at + ")"
	}
	return title
}

// deputyDesk gives the Person who is to be replaced, and the desk.
func (s *Server) deputyDesk(c echo.Context, v *eventConsole) (agenda.Person, *meetingDesk, error) {
	old, err := s.personAt(c, v)
	if err != nil {
		return old, nil, err
	}
	d, err := s.meetingDesk(c, v)
	return old, d, err
}

func (s *Server) deputyPage(c echo.Context, v *eventConsole) error {
	old, d, err := s.deputyDesk(c, v)
	if err != nil {
		return err
	}
	sheet := deputySheet{person: d.people.label(agenda.ID(c.QueryParam("back"))), returning: c.QueryParam("back") != ""}
	p, err := d.deputyForm(old, sheet, app.Deputized{})
	if err != nil {
		return err
	}
	return p.answer(c, s, v.notify(c, deputyNotices))
}

func (s *Server) sendDeputy(c echo.Context, v *eventConsole) error {
	old, d, err := s.deputyDesk(c, v)
	if err != nil {
		return err
	}
	sheet := deputySent(c)
	var done app.Deputized
	wish, err := sheet.deputizing(old.ID, d.people)
	switch {
	case err != nil:
	case sent(c, "do") == "deputize":
		if _, err = s.app.ReplaceDelegate(c.Request().Context(), v.actor, v.Event.Slug, wish); err == nil {
			// The page of who stands in now is the way back.
			return s.lead(c, "console/events/"+v.Event.Slug+"/people/"+string(wish.New)+"/deputy", "done", "deputized", "back", string(old.ID))
		}
	default:
		done, err = s.app.TryReplaceDelegate(c.Request().Context(), v.actor, v.Event.Slug, wish)
	}
	p, rest := d.deputyForm(old, sheet, done)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}
