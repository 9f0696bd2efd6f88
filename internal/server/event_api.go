package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// eventBody is an Event in the API.
type eventBody struct {
	ID            string     `json:"id" readOnly:"true" doc:"Identifies the event for ever."`
	Slug          string     `json:"slug" maxLength:"60" doc:"The event's name in URLs: lower-case letters and digits in words joined by hyphens. It stays once the agenda is published." example:"vidw-2025"`
	Name          textBody   `json:"name" doc:"The event's name, by language." example:"{\"en\": \"Vietnam International Digital Week\"}"`
	Description   textBody   `json:"description,omitempty" doc:"What the event is about, by language. Markdown (CommonMark) without HTML."`
	Zone          string     `json:"zone" maxLength:"100" doc:"IANA time zone, in which every local time of the event is meant. When it changes, everything keeps its local time." example:"Asia/Ho_Chi_Minh"`
	StartDate     string     `json:"start_date" format:"date" doc:"First day." example:"2025-10-27"`
	EndDate       string     `json:"end_date" format:"date" doc:"Last day, included." example:"2025-10-29"`
	Languages     []string   `json:"languages" minItems:"1" maxItems:"40" doc:"Languages of the event as BCP 47 tags; the first is the one to fall back to." example:"[\"en\", \"fr\", \"vi\"]"`
	Venue         *venueBody `json:"venue,omitempty" doc:"Where the event takes place."`
	Website       string     `json:"website,omitempty" maxLength:"2000" doc:"The event's own website." example:"https://vidw.example"`
	Accent        string     `json:"accent,omitempty" maxLength:"7" doc:"Colour of the event's pages: red, green and blue, hexadecimal, in lower case. Pages show it in shades that can be read, in light and in dark." example:"#005bbb"`
	BufferMinutes int        `json:"buffer_minutes" required:"false" minimum:"0" maximum:"1440" doc:"Minutes that a person needs between two rooms, unless a room's walks say otherwise." example:"10"`
	Frame         *frameBody `json:"meeting_frame,omitempty" doc:"When meetings are held, and what they need around them. Left out, it is as if nothing were said of it."`
	Revision      int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created       time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated       time.Time  `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

// frameBody is what an Event says of the times of its Meetings.
type frameBody struct {
	From        string `json:"from,omitempty" maxLength:"5" doc:"From when on each day meetings are offered, by the event's clock; left out, 08:00." example:"08:00"`
	Until       string `json:"until,omitempty" maxLength:"5" doc:"Until when, up to 24:00; earlier than from, on the next day. Left out, 20:00." example:"20:00"`
	Turnaround  int    `json:"turnaround_minutes,omitempty" minimum:"0" maximum:"720" doc:"Minutes that a meeting table needs between two meetings, unless it says otherwise." example:"5"`
	WorkMinutes int    `json:"work_minutes,omitempty" minimum:"0" maximum:"1440" doc:"Minutes that an interpreter works at a stretch; left out, there is no limit." example:"120"`
	RestMinutes int    `json:"rest_minutes,omitempty" minimum:"0" maximum:"720" doc:"Minutes that make a break for an interpreter." example:"15"`
}

// venueBody is where an Event takes place.
type venueBody struct {
	Name      textBody `json:"name,omitempty" doc:"The venue's name, by language." example:"{\"en\": \"National Convention Center\"}"`
	Address   textBody `json:"address,omitempty" doc:"The venue's postal address, by language."`
	Country   string   `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 alpha-2 code." example:"VN"`
	Latitude  *float64 `json:"latitude,omitempty" minimum:"-90" maximum:"90" dependentRequired:"longitude" doc:"Degrees north, WGS 84." example:"21.0069"`
	Longitude *float64 `json:"longitude,omitempty" minimum:"-180" maximum:"180" dependentRequired:"latitude" doc:"Degrees east, WGS 84." example:"105.7877"`
}

func newEventBody(e agenda.Event) eventBody {
	b := eventBody{ID: string(e.ID), Slug: e.Slug, Name: textBody(e.Name), Description: textBody(e.Description), Zone: e.Zone,
		StartDate: string(e.StartDate), EndDate: string(e.EndDate), Languages: filled(e.Languages), Website: e.Website, Accent: e.Accent,
		BufferMinutes: e.BufferMinutes, Revision: e.Revision, Created: e.Created.UTC(), Updated: e.Updated.UTC()}
	if e.Frame != (agenda.MeetingFrame{}) {
		frame := frameBody(e.Frame)
		b.Frame = &frame
	}
	v := venueBody{Name: textBody(e.Venue.Name), Address: textBody(e.Venue.Address), Country: e.Venue.Country}
	if p := e.Venue.Place; p != nil {
		v.Latitude, v.Longitude = &p.Latitude, &p.Longitude
	}
	if len(v.Name) > 0 || len(v.Address) > 0 || v.Country != "" || v.Latitude != nil {
		b.Venue = &v
	}
	return b
}

func (b eventBody) event() agenda.Event {
	e := agenda.Event{Slug: b.Slug, Name: textOf(b.Name), Description: textOf(b.Description), Zone: b.Zone,
		StartDate: agenda.Date(b.StartDate), EndDate: agenda.Date(b.EndDate), Languages: b.Languages, Website: b.Website, Accent: b.Accent,
		BufferMinutes: b.BufferMinutes}
	if b.Frame != nil {
		e.Frame = agenda.MeetingFrame(*b.Frame)
	}
	if v := b.Venue; v != nil {
		e.Venue = agenda.Venue{Name: textOf(v.Name), Address: textOf(v.Address), Country: v.Country}
		if v.Latitude != nil && v.Longitude != nil {
			e.Venue.Place = &agenda.Place{Latitude: *v.Latitude, Longitude: *v.Longitude}
		}
	}
	return e
}

func (s *Server) routeEventAPI() {
	const tag, one = "Events", "/events/{event}"
	register(s, operation{ID: "listEvents", Method: http.MethodGet, Path: "/events", Tag: tag, Access: May(agenda.SeeEvent),
		Summary: "List the events that the token opens"}, s.listEvents)
	register(s, operation{ID: "createEvent", Method: http.MethodPost, Path: "/events", Tag: tag, Access: May(agenda.CreateEvents),
		Summary: "Create an event", Creates: true}, s.createEvent)
	register(s, operation{ID: "getEvent", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.SeeEvent),
		Summary: "Get an event", Revised: true}, s.getEvent)
	register(s, operation{ID: "replaceEvent", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Replace an event", Description: replaceWords, Matches: true, Taken: true, Revised: true}, s.replaceEvent)
	register(s, operation{ID: "deleteEvent", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.CreateEvents),
		Summary: "Delete an event", Description: "It goes with everything that it owns, what is published included. There is no way back.",
		Matches: true}, s.deleteEvent)
	s.routeEventCopyAPI()
}

// replaceWords are said of every PUT of a noun.
const replaceWords = "Everything that can be edited is replaced: what is left out becomes empty. " +
	"Fields marked read-only are ignored, so what a GET gave can be changed and sent back."

func (s *Server) listEvents(ctx context.Context, in *struct {
	Caller
	Listing
	Query string `query:"q" maxLength:"200" doc:"Words to look for in slug and name."`
}) (*listed[eventBody], error) {
	events, next, err := s.app.Events(ctx, in.Actor, in.Query, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, events, next, newEventBody), nil
}

func (s *Server) createEvent(ctx context.Context, in *struct {
	Caller
	Creating
	Body eventBody
}) (*made[eventBody], error) {
	e, replayed, err := s.app.CreateEvent(ctx, in.Actor, in.Body.event(), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+e.Slug, e.Revision, replayed, newEventBody(e)), nil
}

func (s *Server) getEvent(ctx context.Context, in *struct {
	AtEvent
	Conditional
}) (*single[eventBody], error) {
	e, err := s.app.Event(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, e.Revision, newEventBody(e)), nil
}

func (s *Server) replaceEvent(ctx context.Context, in *struct {
	AtEvent
	Matching
	Body eventBody
}) (*single[eventBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	e, err := s.app.EditEvent(ctx, in.Actor, in.Event, match, in.Body.event())
	if err != nil {
		return nil, err
	}
	return changed(e.Revision, newEventBody(e)), nil
}

func (s *Server) deleteEvent(ctx context.Context, in *struct {
	AtEvent
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteEvent(ctx, in.Actor, in.Event, match)
}
