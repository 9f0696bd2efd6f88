package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeAvailabilityConsole adds the pages of when people and rooms can be used.
func (s *Server) routeAvailabilityConsole() {
	s.console(agenda.ReadDraft, "/availability", s.availabilityPage)
	s.console(agenda.EditEvent, "/availability/new", s.newWindowPage)
	s.console(agenda.EditEvent, "/availability/new", s.addWindow, http.MethodPost)
	s.console(agenda.EditEvent, "/availability/:availability", s.windowFormPage)
	s.console(agenda.EditEvent, "/availability/:availability", s.saveWindow, http.MethodPost)
	s.console(agenda.EditEvent, "/availability/:availability/delete", s.windowDeletePage)
	s.console(agenda.EditEvent, "/availability/:availability/delete", s.dropWindow, http.MethodPost)
}

var windowNotices = map[string]string{"made": "availability_made", "saved": "form_saved", "deleted": "availability_deleted"}

// availabilityView is the page of all windows.
type availabilityView struct {
	*listPage
	Days []windowDay
}

// windowDay has the windows that begin on one day, in the order in which they do.
type windowDay struct {
	Title   string
	Windows []windowRow
}

// windowRow is one window of the table.
type windowRow struct {
	When, Kind, Note string
	Who              said
	URL              string // "" for whoever may not edit
}

// windowDesk is the desk of availabilities.
type windowDesk struct{ *desk }

func (s *Server) windowDesk(c echo.Context, v *eventConsole) (*windowDesk, error) {
	d, err := s.desk(c, v)
	return &windowDesk{d}, err
}

func (s *Server) availabilityPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, windowNotices); err != nil {
		return err
	}
	d, err := s.windowDesk(c, v)
	if err != nil {
		return err
	}
	windows, err := everything(func(page app.Page) ([]agenda.Availability, string, error) {
		_, list, next, err := s.app.Availabilities(c.Request().Context(), v.actor, v.Event.Slug, app.AvailabilityFilter{}, page)
		return list, next, err
	})
	if err != nil {
		return err
	}
	list, err := v.list("availability", "availability_none", "availability_new", "")
	if err != nil {
		return err
	}
	p := &availabilityView{listPage: list}
	for _, w := range windows {
		if err := p.add(d, w); err != nil {
			return err
		}
	}
	return answerOnce(c, http.StatusOK, "console_availability", p, v.reader)
}

// add adds a window to its day.
func (p *availabilityView) add(d *windowDesk, w agenda.Availability) error {
	title, err := d.day("date_long", w.Start.Wall.Date())
	if err != nil {
		return err
	}
	if n := len(p.Days); n == 0 || p.Days[n-1].Title != title {
		p.Days = append(p.Days, windowDay{Title: title})
	}
	kind, err := d.Say("availability_" + string(w.Resource.Kind))
	if err != nil {
		return err
	}
	row := windowRow{Kind: kind, Note: w.Note, Who: d.resource(w.Resource)}
	if row.When, err = d.when(w); err != nil {
		return err
	}
	if agenda.May(d.actor, agenda.EditEvent, d.Event.ID) {
		row.URL = d.Here + "availability/" + string(w.ID) + d.reader.query
	}
	day := &p.Days[len(p.Days)-1]
	day.Windows = append(day.Windows, row)
	return nil
}

// when says from when to when a window is, with the day where it ends on another.
func (d *windowDesk) when(w agenda.Availability) (string, error) {
	from, to := w.Start.Wall, w.End.Wall
	if from.Date() == to.Date() {
		return from.Clock() + "–" + to.Clock(), nil
	}
	last, err := d.day("date_short", to.Date())
	return from.Clock() + " – " + last + ", " + to.Clock(), err
}

// resource names whose time it is.
func (d *windowDesk) resource(r agenda.Resource) said {
	if r.Kind == agenda.PersonResource {
		return said{Text: d.people.label(r.ID)}
	}
	if i := slices.IndexFunc(d.rooms, func(room agenda.Room) bool { return room.ID == r.ID }); i >= 0 {
		return d.reader.pick(d.Event.Language(), d.rooms[i].Name)
	}
	return said{Text: string(r.ID)}
}

// windowSheet is a window as its form has it: what was typed stays as it is, also where it can't be read.
type windowSheet struct {
	agenda.Availability
	person, room, startDay, start, endDay, end string
}

func (d *windowDesk) sheet(w agenda.Availability) windowSheet {
	s := windowSheet{Availability: w, startDay: string(w.Start.Wall.Date()), start: w.Start.Wall.Clock(), endDay: string(w.End.Wall.Date()), end: w.End.Wall.Clock()}
	switch w.Resource.Kind {
	case agenda.RoomResource:
		s.room = string(w.Resource.ID)
	case agenda.PersonResource:
		if w.Resource.ID != "" {
			s.person = d.people.label(w.Resource.ID)
		}
	}
	return s
}

func windowSent(c echo.Context, old agenda.Availability) windowSheet {
	s := windowSheet{Availability: old, person: typed(c, "person"), room: typed(c, "room"), startDay: typed(c, "start_day"), start: clockTyped(typed(c, "start")),
		endDay: typed(c, "end_day"), end: clockTyped(typed(c, "end"))}
	s.Note = typed(c, "note")
	if s.endDay == "" {
		s.endDay = s.startDay
	}
	return s
}

// window gives the window of the sheet with its times as [agenda.ParseMoment] reads them.
func (s windowSheet) window(people *roll) (w agenda.Availability, start, end string, err error) {
	var f agenda.Faults
	w = s.Availability
	switch typed := strings.TrimSpace(s.person); {
	case s.room != "" && typed != "":
		f.Add("/person", "or a room, not both")
	case s.room != "":
		w.Resource = agenda.Resource{Kind: agenda.RoomResource, ID: agenda.ID(s.room)}
	case typed == "":
		f.Add("/person", "is needed")
	default:
		id, fault := people.find(typed)
		if w.Resource = (agenda.Resource{Kind: agenda.PersonResource, ID: id}); fault != "" {
			f.Add("/person", "%s", fault)
		}
	}
	for _, needed := range []struct{ name, value string }{{"start_day", s.startDay}, {"start", s.start}, {"end", s.end}} {
		if needed.value == "" {
			f.Add("/"+needed.name, "is needed")
		}
	}
	start, end = s.startDay+"T"+s.start, s.endDay+"T"+s.end
	if string(s.Start.Wall) == start+":00" { // a time that the clock shows twice keeps the one that it was
		start = momentText(s.Start)
	}
	if string(s.End.Wall) == end+":00" {
		end = momentText(s.End)
	}
	return w, start, end, f.Err("availability")
}

// form is the form of a window.
func (d *windowDesk) form(s windowSheet) (*formPage, error) {
	title := agenda.Text{}
	if s.ID != "" {
		who := d.resource(s.Resource)
		title[d.Event.Language()] = who.Text
	}
	p, err := d.eventConsole.form("availability", "availability", string(s.ID), title, s.Revision)
	if err != nil {
		return nil, err
	}
	none, err := d.Say("availability_no_room")
	if err != nil {
		return nil, err
	}
	p.line("person", "availability_who", lineField, s.person).List = "people"
	p.Lists = append(p.Lists, formList{ID: "people", Options: d.people.labels})
	p.choose("room", "availability_which", s.room, namedChoices(d.eventConsole, none, d.rooms, namedRoom))
	from := p.line("start_day", "availability_start_day", dateField, s.startDay)
	from.Required, from.Begins = true, true
	p.line("start", "availability_start", clockField, s.start).Required = true
	p.line("end_day", "availability_end_day", dateField, s.endDay).Begins = true
	p.line("end", "availability_end", clockField, s.end).Required = true
	p.line("note", "availability_note", proseField, s.Note)
	return p, nil
}

// resourceFault puts what the App says of whose time it is beside a field of the form.
func resourceFault(err error, s windowSheet) error {
	field := "/person"
	if s.room != "" {
		field = "/room"
	}
	return repoint(err, "/resource/id", field)
}
