package server

import (
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func (s *Server) routeMeetingLifeAPI() {
	const tag, all, one = "Meetings", "/events/{event}/meetings", "/events/{event}/meetings/{meeting}"
	register(s, operation{ID: "requestMeeting", Method: http.MethodPost, Path: all + "/requests", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Ask for a meeting", Description: "On behalf of the side that asks, with up to five times. It takes nobody's time until one of them is accepted, and expires. " +
			"One who waits for as many answers as the event allows is refused with 409, unless beyond says why.", Creates: true, Taken: true}, s.requestMeeting)
	act := func(id, path, summary, words string, handle func(context.Context, *actOnMeeting) (*single[meetingBody], error)) {
		register(s, operation{ID: id, Method: http.MethodPost, Path: one + path, Tag: tag, Access: May(agenda.EditMeetings), Summary: summary,
			Description: words, Matches: true, Taken: true, Revised: true}, handle)
	}
	register(s, operation{ID: "replaceMeetingRequest", Method: http.MethodPut, Path: one + "/request", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Change a request", Description: "As long as nobody answered it. All of it is replaced.", Matches: true, Taken: true, Revised: true}, s.replaceMeetingRequest)
	register(s, operation{ID: "listMeetingTimes", Method: http.MethodGet, Path: one + "/times", Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "List the times that were proposed", Description: "With whether each can be accepted as things are, in which room, or why not."}, s.listMeetingTimes)
	register(s, operation{ID: "proposeMeetingTimes", Method: http.MethodPost, Path: one + "/times", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Answer with other times", Description: "For the side that has to answer; it is the other one's turn then.", Matches: true, Taken: true, Revised: true}, s.proposeMeetingTimes)
	register(s, operation{ID: "acceptMeeting", Method: http.MethodPost, Path: one + "/accept", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Accept a time that was proposed", Description: "For the side that has to answer. The smallest place that is free and large enough is taken, unless one is named. " +
			"When somebody who is needed, or every place, is busy then, it is refused with 409; the conflicts are told as current.",
		Matches: true, Taken: true, Revised: true}, s.acceptMeeting)
	act("declineMeeting", "/decline", "Decline a request", "For the side that has to answer.", s.meetingAct((*app.App).DeclineMeeting))
	act("withdrawMeeting", "/withdraw", "Withdraw a request", "For the side that asked, as long as it is not agreed on. The meeting is cancelled.", s.meetingAct((*app.App).WithdrawMeeting))
	act("holdMeeting", "/hold", "Note that a meeting was held", "From when it begins.", s.meetingAct((*app.App).HoldMeeting))
	act("cancelMeeting", "/cancel", "Call a meeting off", "Agreed on or not. It stays in the list and in calendars, and says so.", s.meetingAct((*app.App).CancelMeeting))
	register(s, operation{ID: "listMeetingHistory", Method: http.MethodGet, Path: one + "/history", Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "List what was done to a meeting", Description: "Oldest first, as both sides may read it, but for what delegates wrote with their own answers, which is for the organizers. A counter is an answer that another time would do. Who of the organizers did something is in the log of activity."}, s.listMeetingHistory)
	register(s, operation{ID: "getMeetingRules", Method: http.MethodGet, Path: "/events/{event}/meeting-rules", Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "Get the rules for meetings that people ask for", Revised: true}, s.getMeetingRules)
	register(s, operation{ID: "replaceMeetingRules", Method: http.MethodPut, Path: "/events/{event}/meeting-rules", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Replace the rules for meetings that people ask for", Description: replaceWords + " What was asked for and agreed on before stays as it is.",
		Matches: true, Revised: true}, s.replaceMeetingRules)
}

func (s *Server) requestMeeting(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body meetingRequestBody
}) (*made[meetingBody], error) {
	r, err := s.app.RequestMeeting(ctx, in.Actor, in.Event, in.Body.request(), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/meetings/"+string(r.Meeting.ID), r.Meeting.Revision, r.Replayed, meetingResult(r)), nil
}

func (s *Server) replaceMeetingRequest(ctx context.Context, in *struct {
	MeetingPath
	Matching
	Body meetingEditBody
}) (*single[meetingBody], error) {
	return actOn(in.Matching, func(match app.Match) (app.MeetingResult, error) {
		return s.app.EditRequest(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), in.Body.edit())
	})
}

func (s *Server) proposeMeetingTimes(ctx context.Context, in *struct {
	MeetingPath
	Matching
	Body meetingProposalBody
}) (*single[meetingBody], error) {
	return actOn(in.Matching, func(match app.Match) (app.MeetingResult, error) {
		return s.app.ProposeTimes(ctx, in.Actor, in.Event, match, agenda.ID(in.ID),
			app.MeetingProposal{Minutes: in.Body.Minutes, Times: timeRequests(in.Body.Times), Note: in.Body.Note})
	})
}

func (s *Server) acceptMeeting(ctx context.Context, in *struct {
	MeetingPath
	Matching
	Body meetingAnswerBody
}) (*single[meetingBody], error) {
	return actOn(in.Matching, func(match app.Match) (app.MeetingResult, error) {
		return s.app.AcceptTime(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), app.MeetingAnswer{Time: in.Body.Time,
			Room: agenda.ID(in.Body.Room), Note: in.Body.Note, Despite: in.Body.Despite, Reason: in.Body.Reason})
	})
}

// actOnMeeting is the input of what takes nothing but a note.
type actOnMeeting struct {
	MeetingPath
	Matching
	Body meetingNoteBody
}

// meetingAct is the handler of a change that takes nothing but a note.
func (s *Server) meetingAct(do func(*app.App, context.Context, agenda.Actor, string, app.Match, agenda.ID, string) (app.MeetingResult, error)) func(context.Context, *actOnMeeting) (*single[meetingBody], error) {
	return func(ctx context.Context, in *actOnMeeting) (*single[meetingBody], error) {
		return actOn(in.Matching, func(match app.Match) (app.MeetingResult, error) {
			return do(s.app, ctx, in.Actor, in.Event, match, agenda.ID(in.ID), in.Body.Note)
		})
	}
}

// actOn answers with what became of a Meeting.
func actOn(m Matching, do func(app.Match) (app.MeetingResult, error)) (*single[meetingBody], error) {
	match, err := m.match()
	if err != nil {
		return nil, err
	}
	r, err := do(match)
	if err != nil {
		return nil, inTheWay(r.Event, err)
	}
	return changed(r.Meeting.Revision, meetingResult(r)), nil
}

func (s *Server) listMeetingTimes(ctx context.Context, in *struct{ MeetingPath }) (*answered[offeredTimesBody], error) {
	e, times, err := s.app.OfferedTimes(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &answered[offeredTimesBody]{offeredTimesBody{bodies(times, func(t app.OfferedTime) offeredTimeBody {
		return offeredTimeBody{newMeetingTimeBody(t.MeetingTime), t.Free, string(t.Room), t.Seats, conflictBodies(e.Location(), t.Conflicts)}
	})}}, nil
}

func (s *Server) listMeetingHistory(ctx context.Context, in *struct{ MeetingPath }) (*answered[meetingHistoryBody], error) {
	steps, err := s.app.MeetingHistory(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &answered[meetingHistoryBody]{meetingHistoryBody{bodies(steps, func(m agenda.MeetingStep) meetingStepBody {
		return meetingStepBody{At: m.At.UTC(), Party: string(m.Party), Person: string(m.PersonID), Deed: string(m.Deed), Note: m.Note}
	})}}, nil
}

func (s *Server) getMeetingRules(ctx context.Context, in *struct {
	AtEvent
	Conditional
}) (*single[meetingRulesBody], error) {
	r, err := s.app.MeetingRules(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, r.Revision, newMeetingRulesBody(r)), nil
}

func (s *Server) replaceMeetingRules(ctx context.Context, in *struct {
	AtEvent
	Matching
	Body meetingRulesBody
}) (*single[meetingRulesBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.SetMeetingRules(ctx, in.Actor, in.Event, match, in.Body.rules())
	if err != nil {
		return nil, err
	}
	return changed(r.Revision, newMeetingRulesBody(r)), nil
}
