package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// activityBody is an Activity in the API.
type activityBody struct {
	ID      string    `json:"id" doc:"Identifies the entry for ever."`
	At      time.Time `json:"at" doc:"When, UTC."`
	Actor   actorBody `json:"actor" doc:"Who."`
	Verb    string    `json:"verb" doc:"What, for programs." example:"panel.move"`
	Subject string    `json:"subject,omitempty" doc:"Id of what was changed."`
	Summary string    `json:"summary" doc:"What, in English words. What is about a meeting names nobody." example:"moved the panel \"Trustworthy AI\" to 2025-10-27 14:00–15:30"`
}

// actorBody is who did something.
type actorBody struct {
	Kind string `json:"kind" enum:"token,operator,anonymous" doc:"How the actor is known: by a token, or as whoever runs the program on its machine."`
	ID   string `json:"id,omitempty" doc:"Id of the token."`
	Name string `json:"name" doc:"Name of the token."`
}

func newActivityBody(a agenda.Activity) activityBody {
	return activityBody{string(a.ID), a.At.UTC(), actorBody{string(a.ActorKind), string(a.ActorID), a.ActorName},
		a.Verb, string(a.Subject), a.Summary}
}

func (s *Server) routeActivityAPI() {
	register(s, operation{ID: "listActivity", Method: http.MethodGet, Path: "/events/{event}/activity", Tag: "Activity",
		Access: ByToken, Summary: "List who did what", Description: "Newest first."}, s.listActivity)
}

func (s *Server) listActivity(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[activityBody], error) {
	activities, next, err := s.app.Activities(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, activities, next, newActivityBody), nil
}
