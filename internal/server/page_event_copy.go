package server

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// copyView is the page on which an Event is made of last year's.
type copyView struct {
	*formPage
	Tried  []string // what would be taken along, in words; nil before it was tried
	Losses []copyLoss
}

// copyLoss is a Panel that would come without its time.
type copyLoss struct {
	Title      said
	Was, Fault string
}

// copyRights are what one needs at the Event to take a part along, besides reading the draft.
var copyRights = map[app.CopyPart][]agenda.Verb{
	app.CopyPeople:  {agenda.ReadPeople, agenda.ReadContacts, agenda.EditEvent},
	app.CopyMembers: {agenda.ManageAccess},
}

// nextYear is what a copy of an Event is suggested to be: a year later, on the same weekday, with the year in its names.
func nextYear(e agenda.Event) app.EventCopy {
	start := e.StartDate.AddDays(364)
	plan := app.EventCopy{Name: agenda.Text{}, Zone: e.Zone, StartDate: start, EndDate: start.AddDays(e.StartDate.DaysUntil(e.EndDate)),
		Take: []app.CopyPart{app.CopyRooms, app.CopyTracks, app.CopyPeople, app.CopyPanels}}
	was, _ := strconv.Atoi(string(e.StartDate[:4]))
	then := strconv.Itoa(was + 1)
	for tag, name := range e.Name {
		plan.Name[tag] = strings.ReplaceAll(name, strconv.Itoa(was), then)
	}
	if plan.Slug = strings.ReplaceAll(e.Slug, strconv.Itoa(was), then); plan.Slug == e.Slug {
		plan.Slug += "-" + then
	}
	return plan
}

// copyForm is the form.
func (s *Server) copyForm(c echo.Context, v *eventConsole, plan app.EventCopy) (*copyView, error) {
	counts, err := s.app.CopyCounts(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return nil, err
	}
	return v.copyForm(plan, counts)
}

// copyForm is the form; counts say how much there is of each part.
func (v *eventConsole) copyForm(plan app.EventCopy, counts map[app.CopyPart]int) (*copyView, error) {
	var err error
	p := &formPage{eventConsole: v, Action: v.Here + "copy" + v.reader.query, Back: consoleLink{URL: v.Here + "settings" + v.reader.query}}
	if p.Back.Label, err = v.Say("console_settings"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say("event_copy_make"); err != nil {
		return nil, err
	}
	try, err := v.Say("event_copy_try")
	if err != nil {
		return nil, err
	}
	p.Also = []choice{{Value: "try", Label: try}}
	p.text("name", "event_name", textField, plan.Name, agenda.MaxName)
	p.line("slug", "event_slug", lineField, plan.Slug).Required = true
	first := p.line("start_date", "event_start", dateField, string(plan.StartDate))
	first.Required, first.Begins = true, true
	p.line("end_date", "event_copy_end", dateField, string(plan.EndDate))
	p.zoneField(plan.Zone, false)
	f := p.field("take", "event_copy_take", checksField)
	for _, part := range app.CopyParts {
		if slices.ContainsFunc(copyRights[part], func(verb agenda.Verb) bool { return !agenda.May(v.actor, verb, v.Event.ID) }) {
			continue
		}
		label, err := v.Say("event_take_"+string(part), "n", counts[part])
		if err != nil {
			return nil, err
		}
		f.Choices = append(f.Choices, choice{string(part), label, slices.Contains(plan.Take, part)})
	}
	return &copyView{formPage: p}, v.name("event_copy")
}

func (s *Server) copyPage(c echo.Context, v *eventConsole) error {
	if err := agenda.Authorize(v.actor, agenda.CreateEvents, ""); err != nil {
		return err
	}
	p, err := s.copyForm(c, v, nextYear(v.Event))
	if err != nil {
		return err
	}
	return p.answerIn(c, s, "console_copy", p, nil)
}

func (s *Server) makeCopy(c echo.Context, v *eventConsole) error {
	plan := app.EventCopy{Slug: strings.TrimSpace(typed(c, "slug")), Name: textSent(c.Request().PostForm, "name"), Zone: strings.TrimSpace(typed(c, "zone")),
		StartDate: agenda.Date(typed(c, "start_date")), EndDate: agenda.Date(typed(c, "end_date"))}
	for _, part := range c.Request().PostForm["take"] {
		plan.Take = append(plan.Take, app.CopyPart(part))
	}
	do, trying := s.app.CopyEvent, sent(c, "do") == "try"
	if trying {
		do = s.app.TryCopyEvent
	}
	done, err := do(c.Request().Context(), v.actor, v.Event.Slug, plan)
	if err == nil && !trying {
		return s.lead(c, "console/events/"+done.Event.Slug+"/", "done", "copied")
	}
	if errors.Is(err, app.ErrProve) {
		return s.askProof(c, "console/events/"+v.Event.Slug+"/copy")
	}
	p, rest := s.copyForm(c, v, plan)
	if rest == nil && err == nil {
		rest = p.tell(done)
	}
	if rest != nil {
		return rest
	}
	return p.answerIn(c, s, "console_copy", p, slugTaken(err))
}

// tell says what a copy would be.
func (p *copyView) tell(done app.CopiedEvent) error {
	days, err := p.words.days(done.Event.StartDate, done.Event.EndDate)
	if err != nil {
		return err
	}
	p.Tried = []string{days + " · " + done.Event.Zone}
	for _, part := range app.CopyParts {
		if done.Counts[part] == 0 {
			continue
		}
		label, err := p.Say("event_take_"+string(part), "n", done.Counts[part])
		if err != nil {
			return err
		}
		p.Tried = append(p.Tried, label)
	}
	for _, u := range done.Unscheduled {
		was, err := p.day("date_short", u.Was.Day())
		if err != nil {
			return err
		}
		loss := copyLoss{Title: p.reader.pick(p.Event.Language(), u.Panel.Title), Was: was + ", " + u.Was.Start.Wall.Clock()}
		if u.Fault == nil {
			loss.Fault, err = p.Say("event_copy_no_day")
		} else {
			loss.Fault, err = p.Say("event_copy_no_hour")
		}
		if err != nil {
			return err
		}
		p.Losses = append(p.Losses, loss)
	}
	return nil
}
