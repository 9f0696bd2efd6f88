package server

import (
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func (s *Server) routeScheduleAPI() {
	const tag, slot = "Schedule", "/events/{event}/panels/{panel}/slot"
	register(s, operation{ID: "movePanel", Method: http.MethodPut, Path: slot, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Move a panel", Description: "Gives it another room and time, or its first. " + draftWords,
		Matches: true, Revised: true}, s.movePanel)
	register(s, operation{ID: "unschedulePanel", Method: http.MethodDelete, Path: slot, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Unschedule a panel", Description: "The panel stays, without a slot, and its new ETag is told.",
		Matches: true, Revised: true}, s.unschedulePanel)
	register(s, operation{ID: "movePanels", Method: http.MethodPost, Path: "/events/{event}/schedule", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Move many panels at once",
		Description: "All or none: two panels may swap their slots. Each move names the revision that it is based on; " +
			"one that is stale refuses them all with 412 and the present state of its panel. " + draftWords}, s.movePanels)
}

func (s *Server) movePanel(ctx context.Context, in *struct {
	PanelPath
	Matching
	Body slotBody
}) (*single[panelBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return panelChanged(s.app.MovePanel(ctx, in.Actor, in.Event,
		app.Move{PanelID: agenda.ID(in.ID), Match: match, Slot: in.Body.request()}))
}

// unscheduled answers a DELETE after which the noun is still there.
type unscheduled struct {
	ETag string `header:"ETag" doc:"The panel's new revision." example:"\"8\""`
}

func (s *Server) unschedulePanel(ctx context.Context, in *struct {
	PanelPath
	Matching
}) (*unscheduled, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.MovePanel(ctx, in.Actor, in.Event, app.Move{PanelID: agenda.ID(in.ID), Match: match})
	if err != nil {
		return nil, err
	}
	return &unscheduled{etagOf(r.Panel.Revision)}, nil
}

// movesBody is what is to be moved at once.
type movesBody struct {
	Moves []moveBody `json:"moves" minItems:"1" maxItems:"1000" doc:"The moves, each of another panel."`
}

// moveBody is one Panel's new slot.
type moveBody struct {
	Panel    string    `json:"panel" maxLength:"100" doc:"Id of the panel."`
	Revision int       `json:"revision" minimum:"1" maximum:"1000000000" doc:"The panel's revision that the move is based on." example:"7"`
	Slot     *slotBody `json:"slot,omitempty" doc:"The new slot; left out or null, the panel is unscheduled."`
}

// movedBody is what was moved.
type movedBody struct {
	Panels []panelBody `json:"panels" doc:"The panels in the order of the moves, each with its revision and what it collides with now."`
}

type movedAnswer struct{ Body movedBody }

func (s *Server) movePanels(ctx context.Context, in *struct {
	AtEvent
	Body movesBody
}) (*movedAnswer, error) {
	moves := make([]app.Move, 0, len(in.Body.Moves))
	for _, m := range in.Body.Moves {
		moves = append(moves, app.Move{PanelID: agenda.ID(m.Panel), Match: app.Revision(m.Revision), Slot: m.Slot.request()})
	}
	results, err := s.app.MovePanels(ctx, in.Actor, in.Event, moves)
	if err != nil {
		return nil, err
	}
	return &movedAnswer{movedBody{bodies(results, panelResult)}}, nil
}
