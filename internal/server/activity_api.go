package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// activityBody is an Activity in the API.
type activityBody struct {
	ID      string    `json:"id" doc:"Identifies the entry for ever."`
	At      time.Time `json:"at" doc:"When, UTC."`
	Event   string    `json:"event,omitempty" doc:"Id of the event that it was done at, if it was one."`
	Actor   actorBody `json:"actor" doc:"Who."`
	Address string    `json:"address,omitempty" doc:"The address that the request came from." example:"192.0.2.7"`
	Verb    string    `json:"verb" doc:"What, for programs." example:"panel.move"`
	Outcome string    `json:"outcome" enum:"done,refused" doc:"What became of it."`
	Subject string    `json:"subject,omitempty" doc:"Id of what was changed."`
	Summary string    `json:"summary" doc:"What, in English words. What is about a meeting names nobody. What was erased of a person is [erased]." example:"moved the panel \"Trustworthy AI\" to 2025-10-27 14:00–15:30"`
	// The fields are those of any noun.
	Before map[string]any `json:"before,omitempty" doc:"What the fields were that differ, by name, for those who may read them."`
	After  map[string]any `json:"after,omitempty" doc:"What they are since, for those who may read them. Long texts are clipped."`
}

// actorBody is who did something.
type actorBody struct {
	Kind string `json:"kind" enum:"account,token,link,operator,anonymous" doc:"How the actor is known: signed in, by a token, with a personal link, or as whoever runs the program on its machine."`
	ID   string `json:"id,omitempty" doc:"Id of the account, of the token or of the link."`
	Name string `json:"name" doc:"Name of the account, of the token or of the person."`
}

func newActivityBody(a agenda.Activity) activityBody {
	return activityBody{ID: string(a.ID), At: a.At.UTC(), Event: string(a.EventID),
		Actor: actorBody{string(a.ActorKind), string(a.ActorID), a.ActorName}, Address: a.Address, Verb: a.Verb,
		Outcome: string(a.Outcome), Subject: string(a.Subject), Summary: a.Summary, Before: fieldsBody(a.Before), After: fieldsBody(a.After)}
}

func fieldsBody(f agenda.Fields) map[string]any {
	body := make(map[string]any, len(f))
	for name, value := range f {
		body[name] = json.RawMessage(value)
	}
	return body
}

// ActivityQuery narrows the log.
type ActivityQuery struct {
	Verb    string    `query:"verb" maxLength:"100" doc:"Only what was done in this way, or to nouns of this kind." example:"panel"`
	Subject string    `query:"subject" maxLength:"100" doc:"Only what was done to what has this id."`
	Who     string    `query:"actor" maxLength:"100" doc:"Only what the actor with this id did."`
	Outcome string    `query:"outcome" enum:"done,refused" doc:"Only what was done, or what was refused."`
	From    time.Time `query:"from" doc:"Only what was then or later." example:"2025-10-27T00:00:00+07:00"`
	To      time.Time `query:"to" doc:"Only what was before." example:"2025-10-28T00:00:00+07:00"`
}

func (q ActivityQuery) filter() app.ActivityFilter {
	return app.ActivityFilter{Verb: q.Verb, Subject: agenda.ID(q.Subject), ActorID: agenda.ID(q.Who), Outcome: agenda.Outcome(q.Outcome),
		From: q.From, To: q.To}
}

func (s *Server) routeActivityAPI() {
	const tag = "Activity"
	register(s, operation{ID: "listActivity", Method: http.MethodGet, Path: "/events/{event}/activity", Tag: tag,
		Access: May(agenda.ReadActivity), Summary: "List who did what at an event", Description: "Newest first. Nothing is ever taken out of it or changed, but for what it says of people who are erased."}, s.listActivity)
	register(s, operation{ID: "getActivityTable", Method: http.MethodGet, Path: "/events/{event}/activity.csv", Tag: tag,
		Access: May(agenda.ReadActivity), Summary: "Get a table of who did what at an event", Answers: []string{"text/csv; charset=utf-8"},
		Description: "Newest first. Cells that a spreadsheet would take for a formula begin with an apostrophe. Of a long log it has the newest entries; give to the time of the last one for more."}, s.getActivityTable)
	register(s, operation{ID: "listAllActivity", Method: http.MethodGet, Path: "/activity", Tag: tag,
		Access: May(agenda.ManageAccount), Summary: "List who did what",
		Description: "Newest first: what was done at no event in particular, and what was done at those events whose log the caller may read."}, s.listAllActivity)
}

func (s *Server) listActivity(ctx context.Context, in *struct {
	AtEvent
	Listing
	ActivityQuery
}) (*listed[activityBody], error) {
	activities, next, err := s.app.Activities(ctx, in.Actor, in.Event, in.filter(), in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, activities, next, newActivityBody), nil
}

func (s *Server) listAllActivity(ctx context.Context, in *struct {
	Caller
	Listing
	ActivityQuery
}) (*listed[activityBody], error) {
	activities, next, err := s.app.AllActivities(ctx, in.Actor, in.filter(), in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, activities, next, newActivityBody), nil
}

// maxActivityRows bounds the table that is made in memory.
const maxActivityRows = 20_000

func (s *Server) getActivityTable(ctx context.Context, in *struct {
	AtEvent
	ActivityQuery
}) (*fileAnswer, error) {
	var file bytes.Buffer
	err := exchange.ActivityCSV(&file, func(row func(agenda.Activity) error) error {
		return s.app.EachActivity(ctx, in.Actor, in.Event, in.filter(), maxActivityRows, row)
	})
	if err != nil {
		return nil, err
	}
	return &fileAnswer{"text/csv; charset=utf-8", `attachment; filename="` + in.Event + `-activity.csv"`, file.Bytes()}, nil
}
