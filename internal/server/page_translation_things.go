package server

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// translatable is a thing of an Event that says something in several languages.
type translatable struct {
	key      string // kind and id: "room.0199…"
	name     string // in the reader's language
	url      string // of its form, "" where it has none
	revision int
	texts    []translation
	save     func(context.Context, app.Match) error // writes the texts as they are then
}

// translation is one of its texts.
type translation struct {
	key   string // below that of the thing
	label string // key of the words for it
	text  *agenda.Text
	long  bool
}

// translatables give all things of the Event, in the order in which they are to be translated. People are among them for who
// may know them.
func (s *Server) translatables(ctx context.Context, v *eventConsole) ([]*translatable, error) {
	things, err := s.panelThings(ctx, v)
	if err != nil {
		return nil, err
	}
	found, err := s.findPanels(ctx, v, panelAsked{}, false)
	if err != nil {
		return nil, err
	}
	people, err := s.everybody(ctx, v)
	if err != nil {
		return nil, err
	}
	list := []*translatable{s.eventTexts(v)}
	for _, t := range things.tracks {
		list = append(list, s.trackTexts(v, t))
	}
	for _, r := range things.rooms {
		list = append(list, s.roomTexts(v, r))
	}
	for _, p := range found.panels {
		list = append(list, s.panelTextsOf(v, p))
	}
	for _, p := range people {
		if p.Erased.IsZero() {
			list = append(list, s.personTextsOf(v, p))
		}
	}
	return list, nil
}

func (v *eventConsole) named(t agenda.Text) string {
	return v.reader.pick(v.Event.Language(), t).Text
}

func (s *Server) eventTexts(v *eventConsole) *translatable {
	e := v.Event
	return &translatable{key: "event." + string(e.ID), name: v.named(e.Name), url: "settings", revision: e.Revision,
		texts: []translation{{"name", "room_name", &e.Name, false}, {"description", "translate_description", &e.Description, true},
			{"venue", "translate_venue", &e.Venue.Name, false}, {"address", "translate_address", &e.Venue.Address, false}},
		save: func(ctx context.Context, match app.Match) error {
			_, err := s.app.EditEvent(ctx, v.actor, v.Event.Slug, match, e)
			return err
		}}
}

func (s *Server) trackTexts(v *eventConsole, t agenda.Track) *translatable {
	return &translatable{key: "track." + string(t.ID), name: v.named(t.Name), url: "tracks/" + string(t.ID), revision: t.Revision,
		texts: []translation{{"name", "room_name", &t.Name, false}, {"description", "translate_description", &t.Description, true}},
		save: func(ctx context.Context, match app.Match) error {
			_, err := s.app.EditTrack(ctx, v.actor, v.Event.Slug, match, t)
			return err
		}}
}

func (s *Server) roomTexts(v *eventConsole, r agenda.Room) *translatable {
	return &translatable{key: "room." + string(r.ID), name: v.named(r.Name), url: "rooms/" + string(r.ID), revision: r.Revision,
		texts: []translation{{"name", "room_name", &r.Name, false}, {"description", "room_description", &r.Description, true}},
		save: func(ctx context.Context, match app.Match) error {
			_, err := s.app.EditRoom(ctx, v.actor, v.Event.Slug, match, r)
			return err
		}}
}

func (s *Server) panelTextsOf(v *eventConsole, p agenda.Panel) *translatable {
	p.Interventions = append([]agenda.Intervention(nil), p.Interventions...)
	t := &translatable{key: "panel." + string(p.ID), name: v.named(p.Title), url: "panels/" + string(p.ID), revision: p.Revision,
		texts: []translation{{"title", "panels_title", &p.Title, false}, {"abstract", "panels_abstract", &p.Abstract, true}, {"cancel_note", "panels_cancel_note", &p.CancelNote, true}},
		save: func(ctx context.Context, match app.Match) error {
			_, err := s.app.EditPanel(ctx, v.actor, v.Event.Slug, match, p, slotAsked(p))
			return err
		}}
	for i := range p.Interventions {
		talk := &p.Interventions[i]
		t.texts = append(t.texts, translation{string(talk.ID) + ".title", "translate_talk_title", &talk.Title, false},
			translation{string(talk.ID) + ".abstract", "translate_talk_abstract", &talk.Abstract, true})
	}
	return t
}

func (s *Server) personTextsOf(v *eventConsole, p agenda.Person) *translatable {
	return &translatable{key: "person." + string(p.ID), name: p.Name, url: "people/" + string(p.ID), revision: p.Revision,
		texts: []translation{{"honorific", "people_honorific", &p.Honorific, false}, {"job_title", "people_job_title", &p.JobTitle, false},
			{"organization", "people_organization", &p.Organization, false}, {"bio", "people_bio", &p.Bio, true}},
		save: func(ctx context.Context, match app.Match) error {
			_, err := s.app.EditPerson(ctx, v.actor, v.Event.Slug, match, p)
			return err
		}}
}
