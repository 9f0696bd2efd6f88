package server

import (
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meetingBody is a Meeting in the API.
type meetingBody struct {
	ID         string            `json:"id" readOnly:"true" doc:"Identifies the meeting for ever."`
	UID        string            `json:"uid" readOnly:"true" doc:"Identifies its entry in calendars: in personal feeds, and in the invitations that are mailed."`
	Topic      textBody          `json:"topic,omitempty" doc:"What it is about, by language." example:"{\"en\": \"Cooperation on semiconductors\"}"`
	Status     string            `json:"status" required:"false" default:"requested" enum:"requested,proposed,accepted,declined,expired,held,cancelled" doc:"Where it is in its life. Unless it is declined, expired or cancelled, it takes its people's time as soon as it has one."`
	Visibility string            `json:"visibility" required:"false" default:"participants" enum:"participants,protocol" doc:"Who may know what it is about, besides the protocol officers: all who take part, or the two principals only. Who else takes part is told when and where; everybody else sees at most that somebody is busy."`
	Quorum     string            `json:"quorum" required:"false" default:"principals" enum:"principals,everybody" doc:"Who must be free for it, besides interpreters: the two principals, or everybody."`
	Slot       *slotBody         `json:"slot,omitempty" doc:"Where and when; left out when it has no time yet."`
	Sides      []delegationBody  `json:"sides" minItems:"2" maxItems:"2" doc:"The side that asks and the side that is asked."`
	Notes      string            `json:"notes,omitempty" maxLength:"20000" doc:"For organizers, never shown to the delegations."`
	Times      []MeetingTimeBody `json:"times,omitempty" readOnly:"true" doc:"The times that were proposed last."`
	Turn       string            `json:"turn,omitempty" readOnly:"true" enum:"asking,asked" doc:"The side that has to answer; left out when the meeting waits for no answer."`
	Expires    *time.Time        `json:"expires,omitempty" readOnly:"true" doc:"When it expires if nobody answers, UTC."`
	Revision   int               `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created    time.Time         `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated    time.Time         `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
	Conflicts  []conflictBody    `json:"conflicts,omitzero" readOnly:"true" doc:"What it collides with now. Lists leave it out."`
}

// delegationBody is one side of a Meeting.
type delegationBody struct {
	Name      textBody       `json:"name,omitempty" doc:"The delegation's name, by language." example:"{\"en\": \"European Union\"}"`
	Languages []string       `json:"languages" required:"false" maxItems:"40" doc:"Languages that the delegation understands, as BCP 47 tags; none, those of its principal. Where the two sides have none in common, an interpreter is needed." example:"[\"fr\"]"`
	Delegates []delegateBody `json:"delegates" minItems:"1" maxItems:"100" doc:"Who takes part. Exactly one is the principal."`
}

// delegateBody is a Person's part in a Delegation.
type delegateBody struct {
	Person string `json:"person" maxLength:"100" doc:"Id of the person."`
	Role   string `json:"role" enum:"principal,member,interpreter,note_taker" doc:"What the person does."`
	Answer string `json:"answer" required:"false" default:"needs-action" enum:"needs-action,accepted,declined,tentative,delegated" doc:"The person's answer, in the words of iCalendar's PARTSTAT."`
}

func newMeetingBody(m agenda.Meeting) meetingBody {
	b := meetingBody{ID: string(m.ID), UID: m.UID, Topic: textBody(m.Topic), Status: string(m.Status), Visibility: string(m.Visibility),
		Slot: newSlotBody(m.Slot), Notes: m.Notes, Revision: m.Revision, Created: m.Created.UTC(), Updated: m.Updated.UTC(),
		Sides: bodies(m.Sides[:], func(d agenda.Delegation) delegationBody {
			return delegationBody{textBody(d.Name), filled(d.Languages), bodies(d.Delegates, func(d agenda.Delegate) delegateBody {
				return delegateBody{string(d.PersonID), string(d.Role), string(d.Answer)}
			})}
		}), Quorum: string(m.Quorum)}
	for _, t := range m.Times {
		b.Times = append(b.Times, newMeetingTimeBody(t))
	}
	if m.Open() && len(m.Times) > 0 {
		b.Turn = string(agenda.PartyOf(m.Turn))
	}
	if !m.Expires.IsZero() {
		b.Expires = instant(&m.Expires)
	}
	return b
}

// meetingResult is a Meeting with its conflicts.
func meetingResult(r app.MeetingResult) meetingBody {
	b := newMeetingBody(r.Meeting)
	b.Conflicts = conflictBodies(r.Event.Location(), r.Conflicts)
	return b
}

func (b meetingBody) meeting(id agenda.ID) agenda.Meeting {
	m := agenda.Meeting{ID: id, Topic: textOf(b.Topic), Status: agenda.MeetingStatus(b.Status),
		Visibility: agenda.Visibility(b.Visibility), Quorum: agenda.Quorum(b.Quorum), Notes: b.Notes}
	for i := range m.Sides { // the schema sees to it that there are as many
		m.Sides[i].Name, m.Sides[i].Languages = textOf(b.Sides[i].Name), b.Sides[i].Languages
		for _, d := range b.Sides[i].Delegates {
			m.Sides[i].Delegates = append(m.Sides[i].Delegates,
				agenda.Delegate{PersonID: agenda.ID(d.Person), Role: agenda.DelegateRole(d.Role), Answer: agenda.Answer(d.Answer)})
		}
	}
	return m
}
