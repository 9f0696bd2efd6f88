package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// replacementBody says who stands in for a delegate.
type replacementBody struct {
	Person string `json:"person" minLength:"1" maxLength:"100" doc:"Id of the person who stands in."`
	Note   string `json:"note,omitempty" maxLength:"20000" doc:"Why, for organizers." example:"Called back to the capital"`
}

// deputyBody says who stands in for a Person.
type deputyBody struct {
	Person    string `json:"person" minLength:"1" maxLength:"100" doc:"Id of the person who stands in."`
	Note      string `json:"note,omitempty" maxLength:"20000" doc:"Why, for organizers." example:"Called back to the capital"`
	From      string `json:"from,omitempty" maxLength:"40" doc:"For meetings that end after this local time, or the beginning of this day, and those without a time; left out, after now." example:"2025-10-27T14:00"`
	Returning bool   `json:"returning,omitempty" doc:"Take back what was done the other way round: only in the meetings in which the one stands in for the other."`
}

// deputizedBody is what became of it.
type deputizedBody struct {
	DryRun   bool          `json:"dry_run" doc:"Nothing was kept."`
	Meetings []meetingBody `json:"meetings" doc:"The meetings that were changed, as they are now, with what they collide with."`
	Kept     []string      `json:"kept" doc:"Ids of meetings that stay as they are, since who stands in takes part on the other side, or heads this one."`
}

// standInBody is who stood in for whom in a Meeting.
type standInBody struct {
	ID      string    `json:"id" doc:"Identifies it for ever."`
	Old     string    `json:"old" doc:"Id of the person who was replaced. The person may have left the event since."`
	New     string    `json:"new" doc:"Id of the person who stood in."`
	Role    string    `json:"role" enum:"principal,member,interpreter,note_taker" doc:"In which role."`
	Was     string    `json:"was,omitempty" enum:"principal,member,interpreter,note_taker" doc:"The role that the new one had in the meeting before."`
	Note    string    `json:"note,omitempty" doc:"Why, for organizers."`
	By      string    `json:"by,omitempty" doc:"Who made it so."`
	Created time.Time `json:"created" doc:"When, UTC."`
}

func newStandInBody(s agenda.StandIn) standInBody {
	return standInBody{string(s.ID), string(s.OldID), string(s.NewID), string(s.Role), string(s.Was), s.Note, s.By, s.Created.UTC()}
}

// standInsBody are all of a Meeting.
type standInsBody struct {
	Items []standInBody `json:"items" doc:"The first first."`
}

func (s *Server) routeMeetingReplaceAPI() {
	const tag, one = "Meetings", "/events/{event}/meetings/{meeting}"
	register(s, operation{ID: "replaceDelegate", Method: http.MethodPost, Path: one + "/delegates/{person}/replacement", Tag: tag, Access: May(agenda.EditMeetings),
		Matches: true, Taken: true, Revised: true, Summary: "Let somebody stand in for a delegate",
		Description: "In the same role, with an answer that is open. What the one held the other holds, and the conflicts that follow are told. It is kept: see the meeting's stand-ins."}, s.replaceDelegate)
	register(s, operation{ID: "deputize", Method: http.MethodPost, Path: "/events/{event}/people/{person}/deputy", Tag: tag, Access: May(agenda.EditMeetings),
		Summary:     "Let somebody stand in for a person in all meetings",
		Description: "In those that are not over from a time on: all, or none. Ask with dry_run first, which tells the conflicts that there would be. Sent again, it changes nothing more."}, s.deputize)
	register(s, operation{ID: "listStandIns", Method: http.MethodGet, Path: one + "/stand-ins", Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "List who stood in for whom in a meeting"}, s.listStandIns)
}

func (s *Server) replaceDelegate(ctx context.Context, in *struct {
	MeetingPath
	Matching
	Person string `path:"person" doc:"Id of the delegate for whom somebody stands in."`
	Body   replacementBody
}) (*single[meetingBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	done, err := s.app.ReplaceDelegate(ctx, in.Actor, in.Event, app.Deputizing{Old: agenda.ID(in.Person), New: agenda.ID(in.Body.Person),
		Meeting: agenda.ID(in.ID), Match: match, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	r := done.Meetings[0]
	return changed(r.Meeting.Revision, meetingResult(r)), nil
}

func (s *Server) deputize(ctx context.Context, in *struct {
	PersonPath
	DryRun bool `query:"dry_run" doc:"Say what would be done, and do nothing."`
	Body   deputyBody
}) (*answered[deputizedBody], error) {
	do := s.app.ReplaceDelegate
	if in.DryRun {
		do = s.app.TryReplaceDelegate
	}
	done, err := do(ctx, in.Actor, in.Event, app.Deputizing{Old: agenda.ID(in.ID), New: agenda.ID(in.Body.Person), From: in.Body.From,
		Note: in.Body.Note, Returning: in.Body.Returning})
	if err != nil {
		return nil, err
	}
	return &answered[deputizedBody]{deputizedBody{DryRun: in.DryRun, Meetings: bodies(done.Meetings, meetingResult),
		Kept: bodies(done.Kept, func(m agenda.Meeting) string { return string(m.ID) })}}, nil
}

func (s *Server) listStandIns(ctx context.Context, in *struct{ MeetingPath }) (*answered[standInsBody], error) {
	list, err := s.app.StandIns(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &answered[standInsBody]{standInsBody{bodies(list, newStandInBody)}}, nil
}
