package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeLettersConsole adds the page of how people are told, and the board that says who was.
func (s *Server) routeLettersConsole() {
	s.console(agenda.PublishEvent, "/letters", s.rulePage)
	s.console(agenda.PublishEvent, "/letters", s.saveRule, http.MethodPost)
	s.console(agenda.ReadContacts, "/told", s.toldPage)
	s.console(agenda.ReadContacts, "/told/table", s.toldTable)
	s.console(agenda.PublishEvent, "/told", s.remindSilent, http.MethodPost)
}

// ruleForm is the form of how people are told.
func (v *eventConsole) ruleForm(r agenda.LetterRule) (*formPage, error) {
	p := &formPage{eventConsole: v, Action: v.Here + "letters" + v.reader.query, Revision: r.Revision}
	if err := v.name("console_letters"); err != nil {
		return nil, err
	}
	var err error
	if p.Lead, err = v.Say("letters_lead"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say("form_save"); err != nil {
		return nil, err
	}
	p.Back.URL = v.part("mail", nil)
	if p.Back.Label, err = v.Say("console_mail"); err != nil {
		return nil, err
	}
	choices, err := choicesOf(v.words, "letters_mode_", agenda.LetterModes)
	if err != nil {
		return nil, err
	}
	p.choose("mode", "letters_mode", string(r.Mode), choices).Broad = true
	p.number("delay", "letters_delay", r.Delay, agenda.MaxLetterDelay)
	p.number("small", "letters_small", r.Small, agenda.MaxSmallMove)
	held, err := choicesOf(v.words, "letters_meetings_", []string{meetingsGo, meetingsWait})
	if err != nil {
		return nil, err
	}
	now := meetingsGo
	if r.HoldMeetings {
		now = meetingsWait
	}
	p.choose("meetings", "letters_meetings", now, held).Broad = true
	f := p.field("leads", "letters_leads", checksField)
	for _, lead := range agenda.ReminderLeads {
		label, err := v.lead(lead)
		if err != nil {
			return nil, err
		}
		f.Choices = append(f.Choices, choice{Value: strconv.Itoa(lead), Label: label, Chosen: slices.Contains(r.Leads, lead)})
	}
	return p, nil
}

// What becomes of letters about meetings, as the form has it.
const (
	meetingsGo   = "queued"
	meetingsWait = "held"
)

// lead says a lead time.
func (v *eventConsole) lead(minutes int) (string, error) {
	switch {
	case minutes%(24*60) == 0:
		return v.Count("letters_days", minutes/(24*60))
	case minutes%60 == 0:
		return v.Count("letters_hours", minutes/60)
	}
	return v.Count("letters_minutes", minutes)
}

func ruleSent(c echo.Context, r agenda.LetterRule) (agenda.LetterRule, error) {
	var f agenda.Faults
	r.Mode, r.Leads = agenda.LetterMode(sent(c, "mode")), nil
	switch sent(c, "meetings") {
	case "", meetingsGo:
		r.HoldMeetings = false
	case meetingsWait:
		r.HoldMeetings = true
	default:
		f.Add("/meetings", "is none that there is")
	}
	r.Delay, r.Small = numberSent(c, &f, "delay"), numberSent(c, &f, "small")
	for _, lead := range c.Request().PostForm["leads"] {
		n, err := strconv.Atoi(lead)
		if err != nil {
			f.Add("/leads", "is not a whole number")
		}
		r.Leads = append(r.Leads, n)
	}
	return r, f.Err("letter rule")
}

func (s *Server) rulePage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, map[string]string{"saved": "form_saved"}); err != nil {
		return err
	}
	rule, err := s.app.LetterRule(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	p, err := v.ruleForm(rule)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) saveRule(c echo.Context, v *eventConsole) error {
	ctx := c.Request().Context()
	now, err := s.app.LetterRule(ctx, v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	rule, err := ruleSent(c, now)
	if err == nil {
		_, err = s.app.SetLetterRule(ctx, v.actor, v.Event.Slug, matchSent(c), rule)
	}
	if err == nil {
		return s.leadTo(c, v, "letters", "saved")
	}
	return refuseEdit(c, s, rule, now, v.ruleForm, err)
}
