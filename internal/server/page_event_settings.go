package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

var settingsNotices = map[string]string{"saved": "form_saved"}

// settingsForm is the form of an Event that is there.
func (v *eventConsole) settingsForm(c echo.Context, e agenda.Event) (*formPage, error) {
	p := &formPage{eventConsole: v, Revision: e.Revision, Action: v.Here + "settings" + v.reader.query, Back: consoleLink{URL: v.Here + v.reader.query}}
	var err error
	if p.Back.Label, err = v.Say("console_overview"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say("form_save"); err != nil {
		return nil, err
	}
	p.eventFields(blanks(c, "languages", len(e.Languages), 1), e, true)
	if agenda.May(v.actor, agenda.CreateEvents, "") {
		again, err := v.Say("event_copy")
		if err != nil {
			return nil, err
		}
		p.Delete, p.Links = v.Here+"delete"+v.reader.query, []consoleLink{{Label: again, URL: v.Here + "copy" + v.reader.query}}
	}
	return p, v.name("console_settings")
}

func (s *Server) settingsPage(c echo.Context, v *eventConsole) error {
	p, err := v.settingsForm(c, v.Event)
	if err != nil {
		return err
	}
	return p.answer(c, s, v.notify(c, settingsNotices))
}

func (s *Server) saveSettings(c echo.Context, v *eventConsole) error {
	now := v.Event
	event, err := eventSent(c, now, true)
	if err == nil && !reworks(c) {
		var saved agenda.Event
		if saved, err = s.app.EditEvent(c.Request().Context(), v.actor, now.Slug, matchSent(c), event); err == nil {
			return s.lead(c, "console/events/"+saved.Slug+"/settings", "done", "saved")
		}
	}
	p, rest := v.settingsForm(c, event)
	if rest != nil {
		return rest
	}
	p.Revision = revisionSent(c)
	theirs, rest := v.settingsForm(c, now)
	if rest != nil {
		return rest
	}
	p.focusRow(c)
	if agenda.CodeOf(err) == agenda.Stale {
		p.against(theirs)
	}
	return p.answer(c, s, slugTaken(err))
}

// eventDeletePage asks whether to delete the whole Event.
func (s *Server) eventDeletePage(c echo.Context, v *eventConsole) error {
	if err := agenda.Authorize(v.actor, agenda.CreateEvents, ""); err != nil {
		return err
	}
	return s.askDeleteEvent(c, v, nil)
}

func (s *Server) askDeleteEvent(c echo.Context, v *eventConsole, cause error) error {
	p := &formPage{eventConsole: v, Revision: v.Event.Revision, Action: v.Here + "delete" + v.reader.query, Back: consoleLink{URL: v.Here + "settings" + v.reader.query}}
	var err error
	if p.Back.Label, err = v.Say("console_settings"); err != nil {
		return err
	}
	if p.Button, err = v.Say("event_delete_it"); err != nil {
		return err
	}
	f := p.line("confirm", "event_delete_confirm", lineField, "")
	if f.Label, err = v.Say("event_delete_confirm", "slug", v.Event.Slug); err != nil {
		return err
	}
	if err := v.name("event_delete"); err != nil {
		return err
	}
	return p.answer(c, s, cause)
}

func (s *Server) dropEvent(c echo.Context, v *eventConsole) error {
	err := agenda.Authorize(v.actor, agenda.CreateEvents, "")
	if err != nil {
		return err
	}
	if typed(c, "confirm") != v.Event.Slug {
		var f agenda.Faults
		f.Add("/confirm", "is not the event's slug")
		err = f.Err("event")
	} else {
		err = s.app.DeleteEvent(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c))
	}
	if err != nil {
		return s.askDeleteEvent(c, v, err)
	}
	return c.Redirect(http.StatusSeeOther, s.below(c, "console", "done", "deleted"))
}
