package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// availabilityBody is an Availability in the API.
type availabilityBody struct {
	ID       string       `json:"id" readOnly:"true" doc:"Identifies the availability for ever."`
	Resource resourceBody `json:"resource" doc:"Whose time it is."`
	Start    string       `json:"start" maxLength:"40" doc:"When the window begins; see Slot." example:"2025-10-27T08:00:00+07:00"`
	End      string       `json:"end" maxLength:"40" doc:"When the window is over, not included." example:"2025-10-27T12:00:00+07:00"`
	Note     string       `json:"note,omitempty" maxLength:"20000" doc:"For organizers, never public." example:"Flies home at noon"`
	Revision int          `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created  time.Time    `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated  time.Time    `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

// resourceBody names a Person or a Room.
type resourceBody struct {
	Kind string `json:"kind" enum:"person,room" doc:"Whether it is a person or a room."`
	ID   string `json:"id" maxLength:"100" doc:"The id of the person or room."`
}

func newAvailabilityBody(w agenda.Availability) availabilityBody {
	return availabilityBody{ID: string(w.ID), Resource: resourceBody{string(w.Resource.Kind), string(w.Resource.ID)},
		Start: momentText(w.Start), End: momentText(w.End), Note: w.Note, Revision: w.Revision,
		Created: w.Created.UTC(), Updated: w.Updated.UTC()}
}

func (b availabilityBody) availability(id agenda.ID) agenda.Availability {
	return agenda.Availability{ID: id, Note: b.Note,
		Resource: agenda.Resource{Kind: agenda.ResourceKind(b.Resource.Kind), ID: agenda.ID(b.Resource.ID)}}
}

// AvailabilityPath is the input of whatever is about one Availability.
type AvailabilityPath struct {
	AtEvent
	ID string `path:"availability" doc:"The availability's id."`
}

func (s *Server) routeAvailabilityAPI() {
	const tag, all, one = "Availabilities", "/events/{event}/availabilities", "/events/{event}/availabilities/{availability}"
	register(s, operation{ID: "listAvailabilities", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List availabilities", Description: "By start. A person or room that has none is always available; one that has some is available within them only."},
		s.listAvailabilities)
	register(s, operation{ID: "createAvailability", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Create an availability", Creates: true}, s.createAvailability)
	register(s, operation{ID: "getAvailability", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get an availability", Revised: true}, s.getAvailability)
	register(s, operation{ID: "replaceAvailability", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Replace an availability", Description: replaceWords, Matches: true, Revised: true}, s.replaceAvailability)
	register(s, operation{ID: "deleteAvailability", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Delete an availability", Matches: true}, s.deleteAvailability)
}

func (s *Server) listAvailabilities(ctx context.Context, in *struct {
	AtEvent
	Listing
	Person string `query:"person" maxLength:"100" doc:"Only those of the person of this id."`
	Room   string `query:"room" maxLength:"100" doc:"Only those of the room of this id. Give a person or a room."`
}) (*listed[availabilityBody], error) {
	var f app.AvailabilityFilter
	switch {
	case in.Person != "" && in.Room != "":
		return nil, badParameter("room", "can't be given together with person")
	case in.Person != "":
		f.Resource = &agenda.Resource{Kind: agenda.PersonResource, ID: agenda.ID(in.Person)}
	case in.Room != "":
		f.Resource = &agenda.Resource{Kind: agenda.RoomResource, ID: agenda.ID(in.Room)}
	}
	_, windows, next, err := s.app.Availabilities(ctx, in.Actor, in.Event, f, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, windows, next, newAvailabilityBody), nil
}

func (s *Server) createAvailability(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body availabilityBody
}) (*made[availabilityBody], error) {
	b := in.Body
	_, w, replayed, err := s.app.CreateAvailability(ctx, in.Actor, in.Event, b.availability(""), b.Start, b.End, in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/availabilities/"+string(w.ID), w.Revision, replayed, newAvailabilityBody(w)), nil
}

func (s *Server) getAvailability(ctx context.Context, in *struct {
	AvailabilityPath
	Conditional
}) (*single[availabilityBody], error) {
	_, w, err := s.app.Availability(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, w.Revision, newAvailabilityBody(w)), nil
}

func (s *Server) replaceAvailability(ctx context.Context, in *struct {
	AvailabilityPath
	Matching
	Body availabilityBody
}) (*single[availabilityBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, w, err := s.app.EditAvailability(ctx, in.Actor, in.Event, match, b.availability(agenda.ID(in.ID)), b.Start, b.End)
	if err != nil {
		return nil, err
	}
	return changed(w.Revision, newAvailabilityBody(w)), nil
}

func (s *Server) deleteAvailability(ctx context.Context, in *struct {
	AvailabilityPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteAvailability(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}
