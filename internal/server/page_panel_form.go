package server

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// panelPage is the form of a Panel, and what else is known of it.
type panelPage struct {
	*formPage
	Before, After consoleLink // in the list that one comes from
	Conflicts     []string    // in sentences
	Cancelled     bool
	CancelURL     string
	FilesURL      string // where materials are sent; empty for a Panel that is yet to be made
	Upload        *formField
	Materials     []materialRow
	Times         string // a sentence: by which clock times are meant
}

// materialRow is a Material of the Panel.
type materialRow struct{ ID, Title, URL, Facts string }

// panelDesk is what the form of a Panel needs to be made.
type panelDesk struct {
	*eventConsole
	people *roll
	things panelThings
	asked  panelAsked
	others []agenda.Panel // which may take the place of one that is cancelled
}

func (s *Server) panelDesk(c echo.Context, v *eventConsole) (*panelDesk, error) {
	ctx := c.Request().Context()
	people, err := s.everybody(ctx, v)
	if err != nil {
		return nil, err
	}
	things, err := s.panelThings(ctx, v)
	return &panelDesk{eventConsole: v, people: v.newRoll(people), things: things, asked: panelsAsked(c)}, err
}

// partsOf is the role that a new Speaker is offered first.
func partsOf(f agenda.Format) agenda.Role {
	if f.NeedsModerator() {
		return agenda.Panelist
	}
	return agenda.Presenter
}

// form makes the form of a sheet.
func (d *panelDesk) form(c echo.Context, s panelSheet) (*formPage, error) {
	p, err := d.eventConsole.form("panels", "panels", string(s.ID), s.Title, s.Revision)
	if err != nil {
		return nil, err
	}
	p.text("title", "panels_title", textField, s.Title, agenda.MaxName).Required = true
	for _, add := range []func(*formPage, panelSheet) error{d.addWays, d.addCancelled, d.addPlace, d.addSlot} {
		if err := add(p, s); err != nil {
			return nil, err
		}
	}
	if err := d.addSpeakers(c, p, s); err != nil {
		return nil, err
	}
	p.text("abstract", "panels_abstract", essayField, s.Abstract, agenda.MaxProse)
	if err := d.addLanguages(p, s); err != nil {
		return nil, err
	}
	d.addTalks(c, p, s)
	p.line("code", "panels_code", lineField, s.Code).Begins = true
	p.number("number", "panels_number", s.Number, 100_000)
	p.number("audience", "panels_audience", s.Audience, 1_000_000)
	p.line("notes", "panels_notes", proseField, s.Notes)
	p.Lists = []formList{{ID: "people", Options: d.people.labels}}
	return p, nil
}

// addWays says where the form is sent, and what one may do then; the list that one comes from is kept.
func (d *panelDesk) addWays(p *formPage, s panelSheet) error {
	list := d.asking(d.asked.values())
	p.Back.URL, p.Action = d.Here+"panels"+list, d.Here+"panels/"+cmp.Or(string(s.ID), "new")+list
	for _, also := range []struct{ do, key string }{{"next", "form_next"}, {"new", "form_another"}} {
		if s.ID == "" && also.do == "next" {
			continue
		}
		label, err := d.Say(also.key)
		if err != nil {
			return err
		}
		p.Also = append(p.Also, choice{Value: also.do, Label: label})
	}
	return nil
}

// addCancelled adds, of a Panel that is cancelled, why it is and what takes place instead.
func (d *panelDesk) addCancelled(p *formPage, s panelSheet) error {
	if !s.Cancelled {
		return nil
	}
	none, err := d.Say("panels_not_replaced")
	others := namedChoices(d.eventConsole, none, d.others, func(p agenda.Panel) (agenda.ID, agenda.Text) { return p.ID, p.Title })
	p.text("cancel_note", "panels_cancel_note", essayField, s.CancelNote, agenda.MaxProse)
	p.choose("replaced_by", "panels_replaced", string(s.ReplacedBy), slices.DeleteFunc(others, func(c choice) bool { return c.Value == string(s.ID) }))
	return err
}

// addPlace adds what kind of Panel it is, and in which Track.
func (d *panelDesk) addPlace(p *formPage, s panelSheet) error {
	none, err := d.Say("panels_no_track")
	p.choose("format", "panels_format", string(s.Format), d.formatChoices())
	p.choose("track", "panels_track", string(s.TrackID), namedChoices(d.eventConsole, none, d.things.tracks, namedTrack))
	return err
}

// addSlot adds when and where.
func (d *panelDesk) addSlot(p *formPage, s panelSheet) error {
	none, err := d.Say("panels_unscheduled")
	if err != nil {
		return err
	}
	nowhere, err := d.Say("panels_no_room")
	if err != nil {
		return err
	}
	days, err := d.dayChoices(none, agenda.Date(s.day))
	if err != nil {
		return err
	}
	p.choose("slot.day", "panels_day", s.day, days).Begins = true
	p.line("slot.start", "panels_start", clockField, s.start)
	p.line("slot.end", "panels_end", clockField, s.end)
	p.line("slot.minutes", "panels_minutes", numberField, s.minutes)
	p.choose("slot.room", "panels_room", s.room, namedChoices(d.eventConsole, nowhere, d.things.rooms, namedRoom))
	p.check("all_rooms", "panels_all_rooms", s.AllRooms)
	return nil
}

// addSpeakers adds a row for each Speaker.
func (d *panelDesk) addSpeakers(c echo.Context, p *formPage, s panelSheet) error {
	roles, err := choicesOf(d.words, "role_", agenda.Roles)
	if err != nil {
		return err
	}
	statuses, err := choicesOf(d.words, "speaker_status_", agenda.SpeakerStatuses)
	if err != nil {
		return err
	}
	p.rows("speakers", "panels_speaker", len(s.speakers), blanks(c, "speakers", len(s.speakers), 3), func(row *formPage, at string, i int) {
		part := partSheet{role: string(partsOf(s.Format)), status: string(agenda.Invited)}
		if i < len(s.speakers) {
			part = s.speakers[i]
		}
		row.line(at+"person", "panels_person", lineField, part.person).List = "people"
		row.choose(at+"role", "panels_role", part.role, slices.Clone(roles))
		row.choose(at+"status", "panels_speaker_status", part.status, slices.Clone(statuses))
		row.Fields[0].Hint = ""
	})
	return nil
}

// addLanguages adds what is spoken, and where it is seen.
func (d *panelDesk) addLanguages(p *formPage, s panelSheet) error {
	none, err := d.Say("panels_no_language")
	p.choose("language", "panels_language", s.Language, append([]choice{{Label: none}}, d.languageChoices(s.Language)...))
	f := p.field("interpretation", "panels_interpretation", checksField)
	for _, l := range d.languageChoices(s.Interpretation...) {
		chosen := slices.Contains(s.Interpretation, l.Value)
		if chosen || slices.Contains(d.Event.Languages, l.Value) || strings.Contains(" ar en es fr ru vi zh ", " "+l.Value+" ") {
			l.Chosen = chosen
			f.Choices = append(f.Choices, l)
		}
	}
	p.line("stream_url", "panels_stream", urlField, s.StreamURL)
	return err
}

// addTalks adds a row for each Intervention.
func (d *panelDesk) addTalks(c echo.Context, p *formPage, s panelSheet) {
	p.rows("interventions", "panels_talk", len(s.talks), blanks(c, "interventions", len(s.talks), 0), func(row *formPage, at string, i int) {
		var talk talkSheet
		if i < len(s.talks) {
			talk = s.talks[i]
		}
		row.text(at+"title", "panels_title", textField, talk.Title, agenda.MaxName)
		row.line(at+"speakers", "panels_talk_speakers", proseField, talk.speakers)
		row.line(at+"minutes", "panels_talk_minutes", numberField, talk.minutes)
		row.line(at+"offset", "panels_talk_offset", numberField, talk.offset)
		row.text(at+"abstract", "panels_abstract", essayField, talk.Abstract, agenda.MaxProse)
		if talk.ID != "" {
			row.line(at+"id", "", hiddenField, string(talk.ID))
		}
	})
}

// neighbours gives those before and after a Panel in the list that one comes from, "" for none.
func (s *Server) neighbours(ctx context.Context, d *panelDesk, id agenda.ID) (before, after *agenda.Panel, err error) {
	found, err := s.findPanels(ctx, d.eventConsole, d.asked, false)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(found.panels, func(p agenda.Panel) bool { return p.ID == id })
	if i > 0 {
		before = &found.panels[i-1]
	}
	if i >= 0 && i+1 < len(found.panels) {
		after = &found.panels[i+1]
	}
	return before, after, nil
}

// linkTo leads to the form of a Panel of the same list.
func (d *panelDesk) linkTo(p *agenda.Panel) consoleLink {
	if p == nil {
		return consoleLink{}
	}
	return consoleLink{Label: d.reader.pick(d.Event.Language(), p.Title).Text, URL: d.Here + "panels/" + string(p.ID) + d.asking(d.asked.values())}
}
