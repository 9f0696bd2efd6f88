package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/media"
)

// routePanelConsole adds the pages of Panels.
func (s *Server) routePanelConsole() {
	s.console(agenda.ReadDraft, "/panels", s.panelsPage)
	s.console(agenda.EditEvent, "/panels/new", s.newPanelPage)
	s.console(agenda.EditEvent, "/panels/new", s.addPanel, http.MethodPost)
	s.console(agenda.EditEvent, "/panels/:panel", s.panelFormPage)
	s.console(agenda.EditEvent, "/panels/:panel", s.savePanel, http.MethodPost)
	s.console(agenda.EditEvent, "/panels/:panel/cancel", s.cancelPanelPage)
	s.console(agenda.EditEvent, "/panels/:panel/cancel", s.callOffPanel, http.MethodPost)
	s.console(agenda.EditEvent, "/panels/:panel/restore", s.bringBackPanel, http.MethodPost)
	s.console(agenda.EditEvent, "/panels/:panel/delete", s.panelDeletePage)
	s.console(agenda.EditEvent, "/panels/:panel/delete", s.dropPanel, http.MethodPost)
	s.consoleFile(agenda.EditEvent, "/panels/:panel/materials", media.MaxMaterial, s.changeMaterials)
}

var panelNotices = map[string]string{"made": "panels_made", "saved": "form_saved", "deleted": "panels_deleted", "cancelled": "panels_called_off",
	"restored": "panels_brought_back", "added": "panels_material_added", "removed": "panels_material_removed"}

// leadToPanel leads to a page of the list that one comes from: that of a Panel, of a new one, or the list itself.
func (s *Server) leadToPanel(c echo.Context, d *panelDesk, path, done string) error {
	parameters := []string{"done", done}
	for name, value := range d.asked.values() {
		parameters = append(parameters, name, value[0])
	}
	return s.lead(c, "console/events/"+d.Event.Slug+"/panels"+path, parameters...)
}

// newPanelPage shows the form of a new Panel: empty, or like another one.
func (s *Server) newPanelPage(c echo.Context, v *eventConsole) error {
	d, err := s.panelDesk(c, v)
	if err != nil {
		return err
	}
	sheet := panelSheet{Panel: agenda.Panel{Format: agenda.FormatPanel, Language: v.Event.Language()}, day: d.asked.day, room: d.asked.room}
	sheet.TrackID = agenda.ID(d.asked.track)
	if like := agenda.ID(c.QueryParam("like")); like != "" {
		r, err := s.app.Panel(c.Request().Context(), v.actor, v.Event.Slug, like)
		if err != nil {
			return err
		}
		sheet = sheetOf(copied(r.Panel), d.people)
	}
	return s.answerPanel(c, d, sheet, nil, v.notify(c, panelNotices))
}

// copied is what a Panel that is like another one has of it: neither its time nor who has promised to come.
func copied(p agenda.Panel) agenda.Panel {
	p.ID, p.Code, p.Number, p.Slot, p.Revision, p.Cancelled, p.CancelNote, p.Materials = "", "", 0, nil, 0, false, nil, nil
	p.ReplacedBy = ""
	p.Speakers = append([]agenda.Speaker(nil), p.Speakers...)
	for i := range p.Speakers {
		p.Speakers[i].Status = agenda.Invited
	}
	p.Interventions = append([]agenda.Intervention(nil), p.Interventions...)
	for i := range p.Interventions {
		p.Interventions[i].ID = ""
	}
	return p
}

func (s *Server) addPanel(c echo.Context, v *eventConsole) error {
	d, err := s.panelDesk(c, v)
	if err != nil {
		return err
	}
	sheet := panelSent(c, agenda.Panel{})
	if reworks(c) {
		return s.answerPanel(c, d, sheet, nil, nil)
	}
	panel, slot, err := sheet.panel(d.people)
	if err == nil {
		var r app.PanelResult
		r, err = s.app.CreatePanel(c.Request().Context(), v.actor, v.Event.Slug, panel, slot, onceSent(c))
		if err == nil && sent(c, "do") == "new" {
			return s.leadToPanel(c, d, "/new", "made")
		}
		if err == nil {
			return s.leadToPanel(c, d, "/"+string(r.Panel.ID), "made")
		}
	}
	return s.answerPanel(c, d, sheet, nil, err)
}

func (s *Server) panelFormPage(c echo.Context, v *eventConsole) error {
	r, d, err := s.panelAt(c, v)
	if err != nil {
		return err
	}
	return s.answerPanel(c, d, sheetOf(r.Panel, d.people), &r, v.notify(c, panelNotices))
}

// panelAt gives the Panel of the path, and what its form needs.
func (s *Server) panelAt(c echo.Context, v *eventConsole) (app.PanelResult, *panelDesk, error) {
	r, err := s.app.Panel(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("panel")))
	if err != nil {
		return r, nil, err
	}
	d, err := s.panelDesk(c, v)
	return r, d, err
}

func (s *Server) savePanel(c echo.Context, v *eventConsole) error {
	now, d, err := s.panelAt(c, v)
	if err != nil {
		return err
	}
	sheet := panelSent(c, now.Panel)
	if reworks(c) {
		return s.answerPanel(c, d, sheet, &now, nil)
	}
	_, next, err := s.neighbours(c.Request().Context(), d, now.Panel.ID)
	if err != nil {
		return err
	}
	panel, slot, err := sheet.panel(d.people)
	if err == nil {
		_, err = s.app.EditPanel(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), panel, slot)
	}
	switch {
	case err != nil:
		return s.answerPanel(c, d, sheet, &now, err)
	case sent(c, "do") == "new":
		return s.leadToPanel(c, d, "/new", "saved")
	case sent(c, "do") == "next" && next != nil:
		return s.leadToPanel(c, d, "/"+string(next.ID), "saved")
	case sent(c, "do") == "next":
		return s.leadToPanel(c, d, "", "saved")
	}
	return s.leadToPanel(c, d, "/"+string(panel.ID), "saved")
}

// answerPanel shows the form, with what is wrong with it. Now is the Panel as it stands, nil for one that is yet to be made.
func (s *Server) answerPanel(c echo.Context, d *panelDesk, sheet panelSheet, now *app.PanelResult, cause error) error {
	p, err := s.panelFormOf(c, d, sheet)
	if err == nil && now != nil {
		err = s.comparePanel(c, d, p, *now, cause)
	}
	if err != nil {
		return err
	}
	p.focusRow(c)
	return p.answerIn(c, s, "console_panel", p, cause)
}

// panelFormOf makes the page of a sheet.
func (s *Server) panelFormOf(c echo.Context, d *panelDesk, sheet panelSheet) (*panelPage, error) {
	if sheet.Cancelled {
		found, err := s.findPanels(c.Request().Context(), d.eventConsole, panelAsked{}, false)
		if err != nil {
			return nil, err
		}
		d.others = found.panels
	}
	form, err := d.form(c, sheet)
	if err != nil {
		return nil, err
	}
	times, err := d.Say("panels_times", "zone", d.Event.Zone)
	return &panelPage{formPage: form, Times: times}, err
}

// comparePanel adds what is known of the Panel as it stands.
func (s *Server) comparePanel(c echo.Context, d *panelDesk, p *panelPage, now app.PanelResult, cause error) error {
	theirs, err := d.form(c, sheetOf(now.Panel, d.people))
	if err != nil {
		return err
	}
	switch {
	case reworks(c):
		p.Revision = atoi(sent(c, "revision"))
	case cause != nil:
		p.against(theirs)
	}
	return s.fillPanel(c, d, p, now)
}
