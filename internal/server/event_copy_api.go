package server

import (
	"context"
	"net/http"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// copyBody asks for an Event that is made of another one.
type copyBody struct {
	Slug      string   `json:"slug" maxLength:"60" doc:"The new event's name in URLs." example:"vidw-2026"`
	Name      textBody `json:"name,omitempty" doc:"The new event's name, by language; left out, that of the other one."`
	Zone      string   `json:"zone,omitempty" maxLength:"100" doc:"IANA time zone; left out, that of the other one." example:"Asia/Ho_Chi_Minh"`
	StartDate string   `json:"start_date" format:"date" doc:"First day." example:"2026-10-26"`
	EndDate   string   `json:"end_date,omitempty" format:"date" doc:"Last day, included; left out, the event has as many days as the other one." example:"2026-10-28"`
	Take      []string `json:"take" required:"false" maxItems:"7" enum:"rooms,tracks,people,panels,materials,availabilities,members" doc:"What is taken along. People take part in both events, and their speakers are invited anew. Meetings, releases, calendars, tokens and personal links stay."`
}

// copiedBody is what became of a copy.
type copiedBody struct {
	DryRun         bool              `json:"dry_run" doc:"Nothing was kept."`
	Event          eventBody         `json:"event" doc:"The new event."`
	Rooms          int               `json:"rooms" doc:"Rooms that were taken along."`
	Tracks         int               `json:"tracks" doc:"Tracks that were taken along."`
	People         int               `json:"people" doc:"People who take part in the new event too."`
	Panels         int               `json:"panels" doc:"Panels that were taken along; those that were cancelled stay."`
	Materials      int               `json:"materials" doc:"Materials that were taken along."`
	Availabilities int               `json:"availabilities" doc:"Windows that were taken along."`
	Members        int               `json:"members" doc:"Members who have their roles at the new event too."`
	Unscheduled    []unscheduledBody `json:"unscheduled" doc:"Panels that were taken along without their time."`
}

// unscheduledBody is a Panel that was taken along without its time.
type unscheduledBody struct {
	Panel string   `json:"panel" doc:"The panel's id in the new event."`
	Code  string   `json:"code" doc:"The panel's code."`
	Title textBody `json:"title" doc:"The panel's title, by language."`
	Start string   `json:"start" doc:"When it began in the other event, by the clock there." example:"2025-10-29T14:00:00"`
	Text  string   `json:"text" doc:"Why it has no time now: a sentence."`
}

func (b copyBody) plan() app.EventCopy {
	p := app.EventCopy{Slug: b.Slug, Name: textOf(b.Name), Zone: b.Zone, StartDate: agenda.Date(b.StartDate), EndDate: agenda.Date(b.EndDate)}
	for _, part := range b.Take {
		p.Take = append(p.Take, app.CopyPart(part))
	}
	return p
}

func newCopiedBody(done app.CopiedEvent, dry bool) copiedBody {
	return copiedBody{DryRun: dry, Event: newEventBody(done.Event), Rooms: done.Counts[app.CopyRooms], Tracks: done.Counts[app.CopyTracks],
		People: done.Counts[app.CopyPeople], Panels: done.Counts[app.CopyPanels], Materials: done.Counts[app.CopyMaterials],
		Availabilities: done.Counts[app.CopyAvailabilities], Members: done.Counts[app.CopyMembers],
		Unscheduled: bodies(done.Unscheduled, func(u app.Unscheduled) unscheduledBody {
			text := "The new event has no such day."
			if u.Fault != nil {
				text = u.Fault.Error()
			}
			return unscheduledBody{string(u.Panel.ID), u.Panel.Code, textBody(u.Panel.Title), string(u.Was.Start.Wall), text}
		})}
}

func (s *Server) routeEventCopyAPI() {
	register(s, operation{ID: "copyEvent", Method: http.MethodPost, Path: "/events/{event}/copies", Tag: "Events", Access: May(agenda.ReadDraft), Taken: true,
		Summary: "Make an event of last year's",
		Description: "Needs the right create_events for all events besides; to take people along, edit_event and read_contacts at this one, and for members manage_access. " +
			"Times are as many days later as the first day is, and the wall clock keeps its hours. Panels on a day that the new event does not have, or at an hour that its clock skips, come without their time. " +
			"Ask with dry_run first. A repetition is refused with 409, as the slug is in use then."}, s.copyEvent)
}

func (s *Server) copyEvent(ctx context.Context, in *struct {
	AtEvent
	DryRun bool `query:"dry_run" doc:"Say what would be done, and do nothing."`
	Body   copyBody
}) (*struct{ Body copiedBody }, error) {
	do := s.app.CopyEvent
	if in.DryRun {
		do = s.app.TryCopyEvent
	}
	done, err := do(ctx, in.Actor, in.Event, in.Body.plan())
	if err != nil {
		return nil, err
	}
	return &struct{ Body copiedBody }{newCopiedBody(done, in.DryRun)}, nil
}
