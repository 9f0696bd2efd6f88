package server

import (
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// PanelPath is the input of whatever is about one Panel.
type PanelPath struct {
	AtEvent
	ID string `path:"panel" doc:"The panel's id."`
}

func (s *Server) routePanelAPI() {
	const tag, all, one = "Panels", "/events/{event}/panels", "/events/{event}/panels/{panel}"
	register(s, operation{ID: "listPanels", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List panels", Description: "The draft: what organizers work on, published or not."}, s.listPanels)
	register(s, operation{ID: "createPanel", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Create a panel", Description: "Without a slot it is unscheduled. " + draftWords, Creates: true}, s.createPanel)
	register(s, operation{ID: "getPanel", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get a panel with its conflicts", Description: etagWords, Revised: true}, s.getPanel)
	register(s, operation{ID: "replacePanel", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary:     "Replace a panel",
		Description: replaceWords + " Leaving out slot unschedules the panel; leaving out code keeps it. " + draftWords,
		Matches:     true, Taken: true, Revised: true}, s.replacePanel)
	register(s, operation{ID: "deletePanel", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Delete a panel", Description: "What is published keeps it until the next release. To call a panel off, cancel it.",
		Matches: true}, s.deletePanel)
	register(s, operation{ID: "cancelPanel", Method: http.MethodPost, Path: one + "/cancel", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Cancel a panel", Description: "It stays on the agenda and says that it does not take place.",
		Matches: true, Revised: true}, s.cancelPanel)
	register(s, operation{ID: "restorePanel", Method: http.MethodPost, Path: one + "/restore", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Take back a panel's cancellation", Matches: true, Revised: true}, s.restorePanel)
}

const (
	draftWords = "It is the draft: conflicts are told and do not block, and nothing public changes before a release."
	etagWords  = "The ETag is the revision of the panel. Its conflicts follow from everything else and can change without it."
)

func (s *Server) listPanels(ctx context.Context, in *struct {
	AtEvent
	Listing
	Track     string `query:"track" maxLength:"100" doc:"Only those of the track of this id."`
	Room      string `query:"room" maxLength:"100" doc:"Only those in the room of this id."`
	Person    string `query:"person" maxLength:"100" doc:"Only those in which the person of this id has a part."`
	Day       string `query:"day" maxLength:"10" doc:"Only those that begin on this day of the event's clock." example:"2025-10-27"`
	Format    string `query:"format" enum:"panel,keynote,talk,roundtable,workshop,ceremony,social,break" doc:"Only those of this format."`
	Scheduled string `query:"scheduled" enum:"true,false" doc:"Only those with a slot, or only those without."`
	Cancelled string `query:"cancelled" enum:"true,false" doc:"Only cancelled ones, or only others."`
	Query     string `query:"q" maxLength:"200" doc:"Words to look for in code, title and abstract."`
	Sort      string `query:"sort" enum:"start,code,updated" doc:"By start (unscheduled ones last), by code, or by last change (newest first)." example:"start"`
}) (*listed[panelBody], error) {
	on, err := day(in.Day)
	if err != nil {
		return nil, err
	}
	_, panels, next, err := s.app.Panels(ctx, in.Actor, in.Event, app.PanelFilter{Track: agenda.ID(in.Track),
		Room: agenda.ID(in.Room), Person: agenda.ID(in.Person), Day: on, Format: agenda.Format(in.Format),
		Scheduled: flag(in.Scheduled), Cancelled: flag(in.Cancelled), Query: in.Query, Sort: in.Sort}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, panels, next, newPanelBody), nil
}

func (s *Server) createPanel(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body panelBody
}) (*made[panelBody], error) {
	r, err := s.app.CreatePanel(ctx, in.Actor, in.Event, in.Body.panel(""), in.Body.Slot.request(), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/panels/"+string(r.Panel.ID), r.Panel.Revision, r.Replayed, panelResult(r)), nil
}

func (s *Server) getPanel(ctx context.Context, in *struct {
	PanelPath
	Conditional
}) (*single[panelBody], error) {
	r, err := s.app.Panel(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, r.Panel.Revision, panelResult(r)), nil
}

func (s *Server) replacePanel(ctx context.Context, in *struct {
	PanelPath
	Matching
	Body panelBody
}) (*single[panelBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return panelChanged(s.app.EditPanel(ctx, in.Actor, in.Event, match, in.Body.panel(agenda.ID(in.ID)), in.Body.Slot.request()))
}

func (s *Server) deletePanel(ctx context.Context, in *struct {
	PanelPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeletePanel(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}

// cancellationBody is what is said of a cancellation.
type cancellationBody struct {
	Note textBody `json:"note,omitempty" doc:"Why, for the public, by language." example:"{\"en\": \"The speaker is ill.\"}"`
}

func (s *Server) cancelPanel(ctx context.Context, in *struct {
	PanelPath
	Matching
	Body cancellationBody
}) (*single[panelBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.CancelPanel(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), true, textOf(in.Body.Note))
	// The note is the panel's cancel_note, but not in this body.
	return panelChanged(r, repoint(err, "/cancel_note", "/note"))
}

func (s *Server) restorePanel(ctx context.Context, in *struct {
	PanelPath
	Matching
}) (*single[panelBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return panelChanged(s.app.CancelPanel(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), false, nil))
}

// panelChanged answers a write of a Panel.
func panelChanged(r app.PanelResult, err error) (*single[panelBody], error) {
	if err != nil {
		return nil, err
	}
	return changed(r.Panel.Revision, panelResult(r)), nil
}
