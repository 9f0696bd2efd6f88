package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMeetingAsk adds the page on which organizers ask for a Meeting on somebody's behalf.
func (s *Server) routeMeetingAsk() {
	s.console(agenda.EditMeetings, "/meetings/ask", s.askForPage)
	s.console(agenda.EditMeetings, "/meetings/ask", s.askFor, http.MethodPost)
}

// askSheet is a request as its form has it: what was typed stays as it is, also where it can't be read.
type askSheet struct {
	app.MeetingRequest
	from, to, minutes string
	form              url.Values // with the times
	rows              []int      // those of the form in which the times stand
	limit             bool       // who asks waits for as many answers as the Event allows
}

func askSent(c echo.Context) askSheet {
	form := c.Request().PostForm
	a := askSheet{from: typed(c, "from"), to: typed(c, "to"), minutes: typed(c, "minutes"), form: form}
	a.Topic, a.Note, a.Beyond = textSent(form, "topic"), typed(c, "note"), typed(c, "beyond")
	a.Visibility = agenda.Visibility(typed(c, "visibility"))
	a.Times, a.rows = typedSent(form)
	return a
}

// request gives what is asked, or all that can't be read.
func (a *askSheet) request(c echo.Context, people *roll) (app.MeetingRequest, error) {
	var f agenda.Faults
	r := a.MeetingRequest
	for _, side := range []struct {
		pointer, typed string
		id             *agenda.ID
	}{{"/from", a.from, &r.From}, {"/to", a.to, &r.To}} {
		id, fault := people.find(side.typed)
		if strings.TrimSpace(side.typed) == "" {
			fault = "is needed"
		}
		if *side.id = id; fault != "" {
			f.Add(side.pointer, "%s", fault)
		}
	}
	r.Minutes = numberSent(c, &f, "minutes")
	return r, f.Err("request")
}

// besideRows puts what is wrong with a time beside the row in which it stands, and that there is none beside the first.
func (a *askSheet) besideRows(err error) {
	var e *agenda.Error
	if !errors.As(err, &e) {
		return
	}
	for i, f := range e.Faults {
		if f.Pointer == "/times" {
			e.Faults[i].Pointer = "/clock1"
		}
		for at, n := range a.rows {
			if strings.HasPrefix(f.Pointer+"/", "/times/"+strconv.Itoa(at)+"/") {
				e.Faults[i].Pointer = "/clock" + strconv.Itoa(n)
			}
		}
	}
}

// askForm is the form of a request.
func (d *meetingDesk) askForm(a askSheet) (p *formPage, err error) {
	v := d.eventConsole
	p = &formPage{eventConsole: v, Action: v.Here + "meetings/ask" + v.reader.query, Back: consoleLink{URL: v.Here + "meetings" + v.reader.query}}
	if p.Back.Label, err = v.Say("console_meetings"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say("me_ask_send"); err != nil {
		return nil, err
	}
	if p.Lead, err = v.Say("meetings_ask_lead", "n", agenda.MaxMeetingTimes, "zone", v.Event.Zone); err != nil {
		return nil, err
	}
	seen, err := choicesOf(d.words, "meetings_visibility_", agenda.Visibilities)
	if err != nil {
		return nil, err
	}
	for _, side := range [][2]string{{"from", a.from}, {"to", a.to}} {
		f := p.line(side[0], "meetings_ask_"+side[0], lineField, side[1])
		f.List, f.Required = "people", true
	}
	if a.limit || a.Beyond != "" {
		f := p.line("beyond", "meetings_ask_beyond", lineField, a.Beyond)
		f.Required, f.Focus = a.limit, a.limit
	}
	p.text("topic", "meetings_topic", textField, a.Topic, agenda.MaxName)
	p.line("minutes", "find_minutes", numberField, a.minutes).Begins = true
	if err := p.wantedTimes(a.form); err != nil {
		return nil, err
	}
	p.choose("visibility", "meetings_visibility", string(a.Visibility), seen).Broad = true
	p.line("note", "me_meet_note", proseField, a.Note)
	p.Lists = append(p.Lists, formList{ID: "people", Options: d.people.labels})
	return p, v.name("meetings_ask")
}

// wantedTimes adds a day and a time of day for each of the times that can be asked for, as on the form of participants.
func (p *formPage) wantedTimes(sent url.Values) error {
	times := timesForm{words: p.words}
	if err := times.rows(p.Event, sent, agenda.MaxMeetingTimes); err != nil {
		return err
	}
	for _, row := range times.Typed {
		n := strconv.Itoa(row.N)
		day := p.choose("day"+n, "", sent.Get("day"+n), row.Days)
		day.Begins = true
		clock := p.line("clock"+n, "", clockField, row.Clock)
		clock.Required = row.N == 1
		var err error
		if day.Label, err = p.Say("meetings_ask_day", "n", row.N); err != nil {
			return err
		}
		if clock.Label, err = p.Say("meetings_ask_clock", "n", row.N); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) askForPage(c echo.Context, v *eventConsole) error {
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	a := askSheet{minutes: strconv.Itoa(usualMinutes)}
	a.Visibility = agenda.VisibleToParticipants
	p, err := d.askForm(a)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

// askFor asks for a Meeting on somebody's behalf. Beyond what the Event allows it asks for the reason first.
func (s *Server) askFor(c echo.Context, v *eventConsole) error {
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	sheet := askSent(c)
	request, cause := sheet.request(c, d.people)
	if cause == nil {
		var made app.MeetingResult
		if made, cause = s.app.RequestMeeting(c.Request().Context(), v.actor, v.Event.Slug, request, onceSent(c)); cause == nil {
			return s.leadTo(c, v, "meetings/"+string(made.Meeting.ID), "asked")
		}
	}
	sheet.besideRows(cause)
	sheet.limit = errors.Is(cause, app.ErrOpenLimit)
	p, err := d.askForm(sheet)
	if err != nil {
		return err
	}
	p.refusals = map[agenda.Code]string{agenda.Taken: "meetings_ask_twice"}
	if sheet.limit {
		p.refusals[agenda.Taken] = "meetings_ask_limit"
	}
	return p.answer(c, s, cause)
}
