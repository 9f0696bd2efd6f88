package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// letterRuleBody is how an Event tells people.
type letterRuleBody struct {
	Mode         string `json:"mode" enum:"read,small,all,none" doc:"Which letters about a release go by themselves: none until an organizer has read them, those of small changes, all; or none are made."`
	Delay        int    `json:"delay" minimum:"0" maximum:"10080" doc:"Minutes from a publication until letters go that go by themselves." example:"10"`
	Small        int    `json:"small" minimum:"0" maximum:"1440" doc:"Minutes by which a panel may move for the change to be small." example:"15"`
	Leads        []int  `json:"leads" required:"false" maxItems:"6" enum:"10080,2880,1440,180,60,15" doc:"Minutes before something begins at which people are reminded of it; none, never." example:"[1440]"`
	HoldMeetings bool   `json:"hold_meetings" required:"false" doc:"Letters about meetings wait until somebody who arranges them lets them go."`
	Revision     int    `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
}

func newLetterRuleBody(r agenda.LetterRule) letterRuleBody {
	return letterRuleBody{string(r.Mode), r.Delay, r.Small, append([]int{}, r.Leads...), r.HoldMeetings, r.Revision}
}

func (b letterRuleBody) rule() agenda.LetterRule {
	return agenda.LetterRule{Mode: agenda.LetterMode(b.Mode), Delay: b.Delay, Small: b.Small, Leads: b.Leads, HoldMeetings: b.HoldMeetings}
}

// byRule is what the API calls [agenda.TellByRule].
const byRule = "rule"

func tellingOf(s string) agenda.Telling {
	if s == byRule {
		return agenda.TellByRule
	}
	return agenda.Telling(s)
}

// LetterCounts says what becomes of the letters about a Release. The name is exported because Huma describes no other embedded struct.
type LetterCounts struct {
	Waiting   int `json:"waiting" doc:"Wait for an organizer to read them."`
	Going     int `json:"going" doc:"Go by themselves, once the minutes of the event's rule are over."`
	Addresses int `json:"without_address" doc:"Of those that wait: for want of an address."`
	Replaced  int `json:"replaced" doc:"Earlier letters that had not gone, in the place of which these come."`
	Nothing   int `json:"nothing" doc:"People for whom it all came to nothing, or who want no letter about it."`
	Untold    int `json:"untold" doc:"People to whom none is made."`
}

// letterForecastBody is what becomes of letters by one choice.
type letterForecastBody struct {
	Letters string `json:"letters" enum:"rule,send,hold,nobody" doc:"The choice, as publishing takes it."`
	LetterCounts
}

// letterForecastsBody is what publishing now would do with letters.
type letterForecastsBody struct {
	Items []letterForecastBody `json:"items" doc:"By each of the choices."`
}

// toldBody is how far it is with telling one Person.
type toldBody struct {
	Person   namedPerson `json:"person" doc:"Whom it concerns."`
	State    string      `json:"state" enum:"not_told,waiting,no_address,failed,silent,opened,seen,cannot" doc:"No letter was made; it waits; no address is known; it was given up; it went and nothing is known since; its link was followed, by them or by a program that looks for viruses; they say that they have seen it; they say that they can't."`
	Silent   bool        `json:"silent" doc:"They were written to and have not answered."`
	Mail     string      `json:"mail,omitempty" doc:"Id of the mail; left out when there is none."`
	Since    int         `json:"since" doc:"Number of the release that they knew; 0, none."`
	Release  int         `json:"release" doc:"Number of the release of which the mail tells; 0, there is none."`
	Sent     *time.Time  `json:"sent,omitempty" doc:"When a mail server took it, UTC."`
	Opened   *time.Time  `json:"opened,omitempty" doc:"When its link was first followed, UTC."`
	Answered *time.Time  `json:"answered,omitempty" doc:"When it was answered, UTC."`
	Note     string      `json:"note,omitempty" doc:"What they said besides."`
}

func newToldBody(r app.ToldRow) toldBody {
	return toldBody{namedPerson{string(r.Person.ID), r.Person.Name}, string(r.State), r.State.Silent(), string(r.Mail.ID), r.Told.Since, r.Told.Release,
		instant(r.Mail.Sent), instant(r.Mail.Opened), instant(r.Mail.Answered), r.Note}
}

func (s *Server) routeLetterAPI() {
	const tag, rule = "Mails", "/events/{event}/letter-rule"
	register(s, operation{ID: "getLetterRule", Method: http.MethodGet, Path: rule, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get how people are told", Description: "Which letters go by themselves, when, and how long before something people are reminded of it.", Revised: true}, s.getLetterRule)
	register(s, operation{ID: "replaceLetterRule", Method: http.MethodPut, Path: rule, Tag: tag, Access: May(agenda.PublishEvent),
		Summary: "Replace how people are told", Description: replaceWords + " Letters that are made already stay as they are.", Matches: true, Revised: true}, s.replaceLetterRule)
	register(s, operation{ID: "forecastLetters", Method: http.MethodGet, Path: "/events/{event}/releases/draft/letters", Tag: "Releases", Access: May(agenda.PublishEvent),
		Summary: "Get what publishing would do with letters", Description: "By each of the choices that there are when the draft is published."}, s.forecastLetters)
	register(s, operation{ID: "listTold", Method: http.MethodGet, Path: "/events/{event}/told", Tag: tag, Access: May(agenda.ReadContacts),
		Summary: "List who was told", Description: "The people whom releases concern, by name, and how far it is with telling each."}, s.listTold)
	register(s, operation{ID: "remindSilent", Method: http.MethodPost, Path: "/events/{event}/told/remind", Tag: tag, Access: May(agenda.PublishEvent),
		Summary: "Write again to the silent", Description: "To those who were written to and have not answered that or anything later. What they are told is how it is now, and the letters go at once. " +
			"Who waits for a letter gets no other, so that it is safe to ask again."}, s.remindSilentByAPI)
}

func (s *Server) getLetterRule(ctx context.Context, in *struct {
	AtEvent
	Conditional
}) (*single[letterRuleBody], error) {
	r, err := s.app.LetterRule(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, r.Revision, newLetterRuleBody(r)), nil
}

func (s *Server) replaceLetterRule(ctx context.Context, in *struct {
	AtEvent
	Matching
	Body letterRuleBody
}) (*single[letterRuleBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.SetLetterRule(ctx, in.Actor, in.Event, match, in.Body.rule())
	if err != nil {
		return nil, err
	}
	return changed(r.Revision, newLetterRuleBody(r)), nil
}

func (s *Server) forecastLetters(ctx context.Context, in *AtEvent) (*answered[letterForecastsBody], error) {
	p, err := s.app.Propose(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	return &answered[letterForecastsBody]{letterForecastsBody{bodies(agenda.Tellings, func(t agenda.Telling) letterForecastBody {
		choice := string(t)
		if t == agenda.TellByRule {
			choice = byRule
		}
		return letterForecastBody{choice, LetterCounts(p.Letters[t])}
	})}}, nil
}

func (s *Server) listTold(ctx context.Context, in *struct {
	AtEvent
	Release int    `query:"release" minimum:"0" maximum:"1000000000" doc:"Number of the release that it is about; left out, whatever each was told last."`
	State   string `query:"state" enum:"not_told,waiting,no_address,failed,silent,opened,seen,cannot,unanswered" doc:"Only those who are so far; unanswered are all who were written to and have not answered."`
	Listing
}) (*listed[toldBody], error) {
	rows, next, err := s.app.ToldRows(ctx, in.Actor, in.Event, app.ToldFilter{Release: in.Release, State: agenda.ToldState(in.State)}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, rows, next, newToldBody), nil
}

// remindedBody says how many were written to again.
type remindedBody struct {
	Letters int `json:"letters" doc:"That go now."`
	Skipped int `json:"skipped" doc:"Of those asked for: they have answered, have no address, wait for a letter, or there is nothing left to tell them."`
}

func (s *Server) remindSilentByAPI(ctx context.Context, in *struct {
	AtEvent
	Release int      `query:"release" minimum:"0" maximum:"1000000000" doc:"Number of the release that it is about; left out, whatever each was told last."`
	People  []string `query:"person" maxItems:"200" doc:"Ids of the people on the board to whom it is narrowed, separated by commas; left out, it is not."`
}) (*answered[remindedBody], error) {
	var people []agenda.ID
	if len(in.People) > 0 {
		people = bodies(in.People, func(id string) agenda.ID { return agenda.ID(id) })
	}
	done, err := s.app.RemindSilent(ctx, in.Actor, in.Event, in.Release, people, app.Once{})
	if err != nil {
		return nil, err
	}
	return &answered[remindedBody]{remindedBody(done)}, nil
}
