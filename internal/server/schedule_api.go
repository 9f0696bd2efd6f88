package server

import (
	"cmp"
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
			"one that is stale refuses them all with 412 and the present state of its panel. " + draftWords, Follows: true}, s.movePanels)
	register(s, operation{ID: "addBreaks", Method: http.MethodPost, Path: "/events/{event}/breaks", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Add a break on several days",
		Description: "One panel that spans all rooms for each of the days, at the same time by the event's clock: all or none. " +
			"They are panels like any other from then on. " + draftWords}, s.addBreaks)
}

// breaksBody is a break of the whole event.
type breaksBody struct {
	Title  textBody `json:"title" doc:"What it is called, by language." example:"{\"en\": \"Lunch\"}"`
	Format string   `json:"format,omitempty" enum:"panel,keynote,talk,roundtable,workshop,ceremony,social,break" doc:"Of the panels; left out, break."`
	Days   []string `json:"days" minItems:"1" maxItems:"400" maxLength:"10" doc:"The days on which it is, by the event's clock." example:"[\"2025-10-27\"]"`
	Start  string   `json:"start" maxLength:"5" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"When it begins, by the event's clock." example:"12:00"`
	End    string   `json:"end" maxLength:"5" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"When it is over, later on the same day." example:"13:30"`
}

func (s *Server) addBreaks(ctx context.Context, in *struct {
	AtEvent
	Body breaksBody
}) (*movedAnswer, error) {
	b := app.Breaks{Format: agenda.Format(cmp.Or(in.Body.Format, string(agenda.FormatBreak))), Title: textOf(in.Body.Title), Start: in.Body.Start, End: in.Body.End}
	for _, day := range in.Body.Days {
		b.Days = append(b.Days, agenda.Date(day))
	}
	results, err := s.app.AddBreaks(ctx, in.Actor, in.Event, b)
	if err != nil {
		return nil, err
	}
	return &movedAnswer{movedBody{bodies(results, panelResult)}}, nil
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
	Panels []panelBody `json:"panels" doc:"The panels in the order of the request, each with its revision and what it collides with now."`
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
