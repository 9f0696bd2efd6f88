package server

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// atoi gives a number, or 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// fillPanel adds what is known of a Panel besides its form.
func (s *Server) fillPanel(c echo.Context, d *panelDesk, p *panelPage, r app.PanelResult) error {
	ctx := c.Request().Context()
	before, after, err := s.neighbours(ctx, d, r.Panel.ID)
	if err != nil {
		return err
	}
	p.Before, p.After, p.Cancelled = d.linkTo(before), d.linkTo(after), r.Panel.Cancelled
	here := d.Here + "panels/" + string(r.Panel.ID)
	p.CancelURL, p.FilesURL = here+"/cancel"+d.reader.query, here+"/materials"+d.reader.query
	if err := errors.Join(d.addConflicts(p, r.Conflicts), d.addMaterials(p, r.Panel)); err != nil {
		return err
	}
	if p.Cancelled {
		p.CancelURL = here + "/restore" + d.reader.query
	}
	like, err := d.Say("panels_like")
	if err != nil {
		return err
	}
	d.linkPeople(p, r.Panel)
	p.Links = append(p.Links, consoleLink{Label: like, URL: d.Here + "panels/new" + d.asking(map[string][]string{"like": {string(r.Panel.ID)}})})
	return s.linkPublic(c, d, p, r.Panel.ID)
}

// linkPeople leads to the pages of those who have a part in the Panel.
func (d *panelDesk) linkPeople(p *panelPage, panel agenda.Panel) {
	seen := map[agenda.ID]bool{}
	for _, part := range panel.Everybody() {
		if _, known := d.people.person[part.PersonID]; known && !seen[part.PersonID] {
			seen[part.PersonID] = true
			p.Links = append(p.Links, consoleLink{Label: d.people.label(part.PersonID), URL: d.Here + "people/" + string(part.PersonID) + d.reader.query})
		}
	}
}

// addConflicts adds what the Panel collides with, in sentences.
func (d *panelDesk) addConflicts(p *panelPage, conflicts []agenda.Conflict) error {
	people := slices.Collect(maps.Values(d.people.person))
	teller := newConflictTeller(d.reader, agenda.Draft{Event: d.Event, Rooms: d.things.rooms, People: people}, true)
	for _, conflict := range conflicts {
		said, err := teller.sentence(conflict)
		if err != nil {
			return err
		}
		p.Conflicts = append(p.Conflicts, said)
	}
	return nil
}

// linkPublic leads to the Panel's public page, when it has one.
func (s *Server) linkPublic(c echo.Context, d *panelDesk, p *panelPage, id agenda.ID) error {
	if d.Agenda == "" {
		return nil
	}
	release, err := s.app.Published(c.Request().Context(), d.Event.Slug)
	if err != nil {
		return err
	}
	for _, panel := range release.Snapshot.Panels {
		if panel.ID == id {
			label, err := d.Say("panels_public")
			p.Links = append(p.Links, consoleLink{Label: label, URL: s.root() + d.Event.Slug + "/panels/" + panel.Code + d.reader.query})
			return err
		}
	}
	return nil
}

// addMaterials adds the Materials and the form for another one.
func (d *panelDesk) addMaterials(p *panelPage, panel agenda.Panel) error {
	form := &formPage{eventConsole: d.eventConsole}
	p.Upload = form.field("file", "panels_file", fileField)
	p.beside = form.Fields
	for _, m := range panel.Materials {
		key := "panels_material_public"
		if !m.Public {
			key = "panels_material_private"
		}
		facts, err := d.Say(key)
		if err != nil {
			return err
		}
		p.Materials = append(p.Materials, materialRow{ID: string(m.ID), Title: m.Title, URL: d.fileURL(m.File),
			Facts: m.FileName + " · " + fileSize(m.Size) + " · " + facts})
	}
	return nil
}

// fileSize says how large a file is.
func fileSize(n int) string {
	if n < 1<<20 {
		return strconv.Itoa((n+1023)>>10) + " KiB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB"
}

// changeMaterials adds a Material, or takes one away.
func (s *Server) changeMaterials(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("panel"))
	now, d, err := s.panelAt(c, v)
	if err != nil {
		return err
	}
	done := "added"
	if material := sent(c, "drop"); material != "" {
		done = "removed"
		err = s.app.DeleteMaterial(ctx, v.actor, v.Event.Slug, matchSent(c), id, agenda.ID(material))
	} else {
		var n app.NewMaterial
		if n.Data, n.Name, err = fileSent(c, "file"); err == nil {
			n.Title, n.Public = typed(c, "material"), sent(c, "public") != ""
			_, err = s.app.AddMaterial(ctx, v.actor, v.Event.Slug, matchSent(c), id, n)
		}
	}
	if err == nil {
		return s.leadToPanel(c, d, "/"+string(id), done)
	}
	return s.answerPanel(c, d, sheetOf(now.Panel, d.people), &now, err)
}

// cancelPanelPage asks why a Panel is cancelled, for the public.
func (s *Server) cancelPanelPage(c echo.Context, v *eventConsole) error {
	r, err := s.app.Panel(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("panel")))
	if err != nil {
		return err
	}
	return s.answerCancel(c, v, r.Panel, nil)
}

func (s *Server) answerCancel(c echo.Context, v *eventConsole, panel agenda.Panel, cause error) error {
	p, err := v.form("panels", "panels", string(panel.ID), panel.Title, panel.Revision)
	if err != nil {
		return err
	}
	p.text("cancel_note", "panels_cancel_note", essayField, panel.CancelNote, agenda.MaxProse)
	p.Back = consoleLink{Label: v.reader.pick(v.Event.Language(), panel.Title).Text, URL: p.Action}
	p.Action, p.Delete = v.Here+"panels/"+string(panel.ID)+"/cancel"+v.reader.query, ""
	if p.Button, err = v.Say("panels_cancel"); err != nil {
		return err
	}
	heading, err := v.Say("panels_cancel_title", "title", p.Heading.Text)
	if err != nil {
		return err
	}
	p.head(said{heading, v.Lang})
	return p.answer(c, s, cause)
}

func (s *Server) callOffPanel(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("panel"))
	note := textSent(c.Request().PostForm, "cancel_note")
	_, err := s.app.CancelPanel(ctx, v.actor, v.Event.Slug, matchSent(c), id, true, note)
	if err == nil {
		return s.leadTo(c, v, "panels/"+string(id), "cancelled")
	}
	r, rest := s.app.Panel(ctx, v.actor, v.Event.Slug, id)
	if rest != nil {
		return rest
	}
	r.Panel.CancelNote = note
	return s.answerCancel(c, v, r.Panel, err)
}

func (s *Server) bringBackPanel(c echo.Context, v *eventConsole) error {
	id := agenda.ID(c.Param("panel"))
	_, err := s.app.CancelPanel(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), id, false, nil)
	if err == nil {
		return s.leadTo(c, v, "panels/"+string(id), "restored")
	}
	now, d, rest := s.panelAt(c, v)
	if rest != nil {
		return rest
	}
	return s.answerPanel(c, d, sheetOf(now.Panel, d.people), &now, err)
}

func (s *Server) panelDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeletePanel(c, v, nil)
}

// askDeletePanel asks whether to delete a Panel, and says why it could not be.
func (s *Server) askDeletePanel(c echo.Context, v *eventConsole, cause error) error {
	r, err := s.app.Panel(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("panel")))
	if err != nil {
		return err
	}
	return s.askDelete(c, v, "panels/"+string(r.Panel.ID), "panels_delete", r.Panel.Title, r.Panel.Revision, cause)
}

func (s *Server) dropPanel(c echo.Context, v *eventConsole) error {
	err := s.app.DeletePanel(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("panel")))
	if err != nil {
		return s.askDeletePanel(c, v, err)
	}
	return s.leadTo(c, v, "panels", "deleted")
}
