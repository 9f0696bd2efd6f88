package server

import (
	"bytes"
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// erasureBody is the wish to erase a Person.
type erasureBody struct {
	Confirm string `json:"confirm" minLength:"1" maxLength:"300" doc:"The person's name, so that nobody else is erased by mistake." example:"Lan Anh"`
}

// erasedBody is what was erased.
type erasedBody struct {
	Person     personBody    `json:"person" doc:"What is left of the person. It has another id when they stay at other events."`
	Elsewhere  int           `json:"other_events" doc:"At how many other events they take part. Nothing was erased there."`
	Releases   int           `json:"releases" doc:"How many releases they were in."`
	Activities int           `json:"activities" doc:"How many entries of the log told something of them."`
	Mentions   []mentionBody `json:"mentions" doc:"Panels of the draft whose texts still have a name or an address of theirs: write these anew."`
}

// mentionBody is a Panel that names somebody.
type mentionBody struct {
	Panel string   `json:"panel" doc:"Id of the panel."`
	Code  string   `json:"code" doc:"The panel's code."`
	Title textBody `json:"title,omitempty" doc:"The panel's title, by language."`
}

func (s *Server) routePersonDataAPI() {
	const tag, one = "People", "/events/{event}/people/{person}"
	register(s, operation{ID: "getPersonData", Method: http.MethodGet, Path: one + "/data", Tag: tag, Access: May(agenda.ManageData),
		Answers: []string{"application/json"}, Summary: "Get all that is known of a person",
		Description: "One document to hand over to the person: fields, names of photos, parts, availabilities, meetings, personal links and feeds without what opens them, what sources said, " +
			"the releases they are in, what they said with their answers, of which letters they want none, and the log about them. Meetings and feeds are left out, and it says so, when the caller lacks read_meetings. That it was made is noted in the log."}, s.getPersonData)
	register(s, operation{ID: "erasePerson", Method: http.MethodPost, Path: one + "/erase", Tag: tag, Access: May(agenda.ManageData),
		Summary: "Erase a person", Description: "Erases all that is known of the person at the event, in the draft, in every release and in the log. " +
			"Their parts stay, without a name. It can't be taken back.", Matches: true, Revised: true, Gone: true}, s.erasePerson)
}

func (s *Server) getPersonData(ctx context.Context, in *struct{ PersonPath }) (*fileAnswer, error) {
	data, err := s.app.PersonData(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := exchange.EncodePersonData(&file, data, s.now()); err != nil {
		return nil, err
	}
	return &fileAnswer{"application/json", `attachment; filename="person-` + string(data.Person.ID) + `.json"`, file.Bytes()}, nil
}

func (s *Server) erasePerson(ctx context.Context, in *struct {
	PersonPath
	Matching
	Body erasureBody
}) (*single[erasedBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	done, err := s.app.ErasePerson(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), in.Body.Confirm)
	if err != nil {
		return nil, s.personRefused(in.Event, err)
	}
	return changed(done.Person.Revision, erasedBody{s.newPersonBody(in.Event)(done.Person), done.Elsewhere, done.Releases, done.Activities,
		bodies(done.Mentions, func(p agenda.Panel) mentionBody { return mentionBody{string(p.ID), p.Code, textBody(p.Title)} })}), nil
}
