package server

import (
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// MeetingPath is the input of whatever is about one Meeting.
type MeetingPath struct {
	AtEvent
	ID string `path:"meeting" doc:"The meeting's id."`
}

func (s *Server) routeMeetingAPI() {
	const tag, all, one = "Meetings", "/events/{event}/meetings", "/events/{event}/meetings/{meeting}"
	register(s, operation{ID: "listMeetings", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "List meetings", Description: "Meetings are private and never on the public agenda."}, s.listMeetings)
	register(s, operation{ID: "createMeeting", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Create a meeting", Description: "On behalf of its two sides; conflicts are told.", Creates: true}, s.createMeeting)
	register(s, operation{ID: "getMeeting", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "Get a meeting with its conflicts", Description: "The ETag is the revision of the meeting. Its conflicts follow from everything else and can change without it.",
		Revised: true}, s.getMeeting)
	register(s, operation{ID: "replaceMeeting", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Replace a meeting", Description: replaceWords + " To call a meeting off, give it the status cancelled.",
		Matches: true, Revised: true}, s.replaceMeeting)
	register(s, operation{ID: "deleteMeeting", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Delete a meeting", Description: "As if it had never been.", Matches: true}, s.deleteMeeting)
	s.routeMeetingFindAPI()
	s.routeMeetingReplaceAPI()
}

func (s *Server) listMeetings(ctx context.Context, in *struct {
	AtEvent
	Listing
	Person string `query:"person" maxLength:"100" doc:"Only those in which the person of this id takes part."`
	Room   string `query:"room" maxLength:"100" doc:"Only those in the room of this id."`
	Status string `query:"status" enum:"requested,proposed,accepted,declined,expired,held,cancelled" doc:"Only those of this status."`
	Day    string `query:"day" maxLength:"10" doc:"Only those that begin on this day of the event's clock." example:"2025-10-27"`
	Sort   string `query:"sort" enum:"start,updated" doc:"By start (those without a time last), or by last change (newest first)." example:"start"`
}) (*listed[meetingBody], error) {
	on, err := day(in.Day)
	if err != nil {
		return nil, err
	}
	_, meetings, next, err := s.app.Meetings(ctx, in.Actor, in.Event, app.MeetingFilter{Person: agenda.ID(in.Person),
		Room: agenda.ID(in.Room), Status: agenda.MeetingStatus(in.Status), Day: on, Sort: in.Sort}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, meetings, next, newMeetingBody), nil
}

func (s *Server) createMeeting(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body meetingBody
}) (*made[meetingBody], error) {
	r, err := s.app.CreateMeeting(ctx, in.Actor, in.Event, in.Body.meeting(""), in.Body.Slot.request(), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/meetings/"+string(r.Meeting.ID), r.Meeting.Revision, r.Replayed, meetingResult(r)), nil
}

func (s *Server) getMeeting(ctx context.Context, in *struct {
	MeetingPath
	Conditional
}) (*single[meetingBody], error) {
	r, err := s.app.Meeting(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, r.Meeting.Revision, meetingResult(r)), nil
}

func (s *Server) replaceMeeting(ctx context.Context, in *struct {
	MeetingPath
	Matching
	Body meetingBody
}) (*single[meetingBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.EditMeeting(ctx, in.Actor, in.Event, match, in.Body.meeting(agenda.ID(in.ID)), in.Body.Slot.request())
	if err != nil {
		return nil, err
	}
	return changed(r.Meeting.Revision, meetingResult(r)), nil
}

func (s *Server) deleteMeeting(ctx context.Context, in *struct {
	MeetingPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteMeeting(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}
