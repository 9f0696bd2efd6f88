package server

import (
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// timeBody is a time that is proposed for a Meeting, in a request.
type timeBody struct {
	Start string `json:"start" maxLength:"40" doc:"When it begins: with the offset of the event's time zone, or the local time without one." example:"2025-10-27T14:00:00+07:00"`
	End   string `json:"end,omitempty" maxLength:"40" doc:"When it is over; left out, after the minutes of the request." example:"2025-10-27T14:30:00+07:00"`
}

func timeRequests(list []timeBody) []app.TimeRequest {
	return bodies(list, func(t timeBody) app.TimeRequest { return app.TimeRequest{Start: t.Start, End: t.End} })
}

// MeetingTimeBody is a time that was proposed.
type MeetingTimeBody struct {
	Side  string `json:"side" enum:"asking,asked" doc:"Which side proposed it."`
	Start string `json:"start" doc:"When it begins, RFC 3339 with the offset of the event's time zone." example:"2025-10-27T14:00:00+07:00"`
	End   string `json:"end" doc:"When it is over." example:"2025-10-27T14:30:00+07:00"`
}

func newMeetingTimeBody(t agenda.MeetingTime) MeetingTimeBody {
	return MeetingTimeBody{Side: string(agenda.PartyOf(t.Side)), Start: momentText(t.Start), End: momentText(t.End)}
}

// offeredTimeBody is a time that was proposed, and whether it can be accepted.
type offeredTimeBody struct {
	MeetingTimeBody
	Free      bool           `json:"free" doc:"Whether it can be accepted as things are: everybody who is needed and a place are free."`
	Room      string         `json:"room,omitempty" doc:"Id of the room that would be taken."`
	Seats     int            `json:"seats,omitempty" doc:"Where no room is free that is large enough: the seats that are needed."`
	Conflicts []conflictBody `json:"conflicts" doc:"What it would collide with, and day_full where a principal has as many meetings on that day as the event allows."`
}

// offeredTimesBody is the times that were proposed for a Meeting, in the order in which they are counted.
type offeredTimesBody struct {
	Items []offeredTimeBody `json:"items" doc:"In the order in which they were proposed. The first one is number 0."`
}

// meetingRequestBody is what one side asks the other for.
type meetingRequestBody struct {
	From       string           `json:"from,omitempty" maxLength:"100" doc:"Id of the person who asks, the principal of their side. Not with sides."`
	To         string           `json:"to,omitempty" maxLength:"100" doc:"Id of the person who is asked. Not with sides."`
	Sides      []delegationBody `json:"sides,omitempty" minItems:"2" maxItems:"2" doc:"Whole delegations in place of from and to: the one that asks, and the one that is asked."`
	Topic      textBody         `json:"topic,omitempty" doc:"What it is about, by language." example:"{\"en\": \"Cooperation on semiconductors\"}"`
	Minutes    int              `json:"minutes,omitempty" minimum:"5" maximum:"480" doc:"Length of the times that have no end." example:"30"`
	Times      []timeBody       `json:"times" minItems:"1" maxItems:"5" doc:"The times that the asker prefers, the best first."`
	Visibility string           `json:"visibility" required:"false" default:"participants" enum:"participants,protocol" doc:"As of a meeting."`
	Quorum     string           `json:"quorum" required:"false" default:"principals" enum:"principals,everybody" doc:"As of a meeting."`
	Note       string           `json:"note,omitempty" maxLength:"20000" doc:"To the other side."`
	Expires    *time.Time       `json:"expires,omitempty" doc:"When it expires if nobody answers; left out, as the event's rules say. At most when the last of the times begins." example:"2025-10-25T17:00:00+07:00"`
	Beyond     string           `json:"beyond,omitempty" maxLength:"300" doc:"Why it is asked although the asker waits for as many answers as the event allows, for both sides to read. Left out, it is refused then."`
}

func (b meetingRequestBody) request() app.MeetingRequest {
	r := app.MeetingRequest{From: agenda.ID(b.From), To: agenda.ID(b.To), Topic: textOf(b.Topic), Minutes: b.Minutes, Times: timeRequests(b.Times),
		Visibility: agenda.Visibility(b.Visibility), Quorum: agenda.Quorum(b.Quorum), Note: b.Note, Expires: b.Expires, Beyond: b.Beyond}
	if len(b.Sides) == len(r.Sides) {
		r.Sides = meetingBody{Sides: b.Sides}.meeting("").Sides
	}
	return r
}

// meetingEditBody is what is changed of a request.
type meetingEditBody struct {
	Topic      textBody   `json:"topic,omitempty" doc:"What it is about, by language."`
	Minutes    int        `json:"minutes,omitempty" minimum:"5" maximum:"480" doc:"Length of the times that have no end." example:"30"`
	Times      []timeBody `json:"times" minItems:"1" maxItems:"5" doc:"The times that the asker prefers, the best first."`
	Visibility string     `json:"visibility,omitempty" enum:"participants,protocol" doc:"As of a meeting; left out, it stays."`
	Quorum     string     `json:"quorum,omitempty" enum:"principals,everybody" doc:"As of a meeting; left out, it stays."`
	Note       string     `json:"note,omitempty" maxLength:"20000" doc:"To the other side."`
	Expires    *time.Time `json:"expires,omitempty" doc:"As of a request." example:"2025-10-25T17:00:00+07:00"`
}

func (b meetingEditBody) edit() app.RequestEdit {
	return app.RequestEdit{Topic: textOf(b.Topic), Minutes: b.Minutes, Times: timeRequests(b.Times), Visibility: agenda.Visibility(b.Visibility),
		Quorum: agenda.Quorum(b.Quorum), Note: b.Note, Expires: b.Expires}
}

// meetingProposalBody is an answer with other times.
type meetingProposalBody struct {
	Minutes int        `json:"minutes,omitempty" minimum:"5" maximum:"480" doc:"Length of the times that have no end." example:"30"`
	Times   []timeBody `json:"times" minItems:"1" maxItems:"5" doc:"The times that are proposed instead, the best first."`
	Note    string     `json:"note,omitempty" maxLength:"20000" doc:"To the other side."`
}

// meetingAnswerBody accepts a time.
type meetingAnswerBody struct {
	Time    int      `json:"time" minimum:"0" maximum:"4" doc:"Which of the times that were proposed, counted from 0." example:"0"`
	Room    string   `json:"room,omitempty" maxLength:"100" doc:"Id of the room; left out, the smallest table that is free and large enough."`
	Note    string   `json:"note,omitempty" maxLength:"20000" doc:"For both sides."`
	Despite []string `json:"despite,omitempty" maxItems:"100" maxLength:"1000" pattern:"^[!-~]+$" doc:"Keys of conflicts over which it is accepted, each of those that it has. The meeting is not protected against being booked over then, unless day_full is the only one."`
	Reason  string   `json:"reason,omitempty" maxLength:"300" doc:"Why it is accepted despite a conflict, for both sides to read. Needed then."`
}

// meetingNoteBody is a note that goes with a change.
type meetingNoteBody struct {
	Note string `json:"note,omitempty" maxLength:"20000" doc:"For both sides."`
}

// meetingStepBody is an entry of a Meeting's history.
type meetingStepBody struct {
	At     time.Time `json:"at" doc:"When, UTC."`
	Party  string    `json:"party" enum:"asking,asked,organizers,program" doc:"Who: one of the sides, the organizers, or the program by itself."`
	Person string    `json:"person,omitempty" doc:"Id of the person, who did it with their personal link."`
	Deed   string    `json:"deed" doc:"What: arrange, request, edit, propose, accept, decline, withdraw, expire, hold, cancel, answer, replace or counter. More can come." example:"propose"`
	Note   string    `json:"note,omitempty" doc:"What was written with it. With an answer or a counter, it is for the organizers alone."`
}

// meetingHistoryBody is what was done to a Meeting.
type meetingHistoryBody struct {
	Items []meetingStepBody `json:"items" doc:"Oldest first."`
}

// meetingRulesBody is what the organizers of an Event decided of the Meetings that people ask for.
type meetingRulesBody struct {
	Closed   bool `json:"closed" required:"false" doc:"People can't ask for meetings themselves; organizers can on their behalf."`
	Hours    int  `json:"answer_hours" required:"false" default:"72" minimum:"1" maximum:"2160" doc:"Hours after which a request expires that nobody answers."`
	Open     int  `json:"open_requests" required:"false" minimum:"0" maximum:"1000" doc:"Requests that one person can have without an answer at a time; 0 is any number." example:"10"`
	PerDay   int  `json:"accepted_per_day" required:"false" minimum:"0" maximum:"1000" doc:"Meetings that one person can have agreed on for a day; 0 is any number." example:"8"`
	Halls    bool `json:"halls" required:"false" doc:"Halls are taken too when no table is free; where the event has no tables they are anyway."`
	Revision int  `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
}

func newMeetingRulesBody(r agenda.MeetingRules) meetingRulesBody {
	return meetingRulesBody{Closed: r.Closed, Hours: r.Hours, Open: r.Open, PerDay: r.PerDay, Halls: r.Halls, Revision: r.Revision}
}

func (b meetingRulesBody) rules() agenda.MeetingRules {
	return agenda.MeetingRules{Closed: b.Closed, Hours: b.Hours, Open: b.Open, PerDay: b.PerDay, Halls: b.Halls}
}
