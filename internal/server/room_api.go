package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// roomBody is a Room in the API.
type roomBody struct {
	ID          string     `json:"id" readOnly:"true" doc:"Identifies the room for ever."`
	Name        textBody   `json:"name" doc:"The room's name, by language." example:"{\"en\": \"Grand Ballroom\"}"`
	Description textBody   `json:"description,omitempty" doc:"How to find it, by language."`
	Kind        string     `json:"kind" required:"false" default:"hall" enum:"hall,table" doc:"A hall for panels, or a table for two delegations. Panels that span all rooms span halls."`
	Capacity    int        `json:"capacity,omitempty" minimum:"0" maximum:"1000000" doc:"People that fit; left out when that is unknown." example:"250"`
	Position    int        `json:"position" required:"false" minimum:"0" maximum:"1000000" doc:"Where it is in lists, ascending." example:"1"`
	Parallel    bool       `json:"parallel" required:"false" doc:"Several panels may take place in it at the same time."`
	Walks       []walkBody `json:"walks" required:"false" maxItems:"1000" doc:"Ways to other rooms that take more or less than the event's buffer."`
	Turnaround  *int       `json:"turnaround_minutes,omitempty" minimum:"0" maximum:"720" doc:"Minutes that it needs between two panels or meetings; left out, what the event says of tables, and none for a hall." example:"5"`
	Revision    int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created     time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated     time.Time  `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

// walkBody is how long it takes to another Room.
type walkBody struct {
	To      string `json:"to" maxLength:"100" doc:"Id of the other room. The way counts in both directions."`
	Minutes int    `json:"minutes" minimum:"0" maximum:"1440" doc:"How long it takes." example:"15"`
}

func newRoomBody(r agenda.Room) roomBody {
	return roomBody{ID: string(r.ID), Name: textBody(r.Name), Description: textBody(r.Description), Kind: string(r.Kind),
		Capacity: r.Capacity, Position: r.Position, Parallel: r.Parallel, Turnaround: r.Turnaround,
		Walks:    bodies(r.Walks, func(w agenda.Walk) walkBody { return walkBody{string(w.To), w.Minutes} }),
		Revision: r.Revision, Created: r.Created.UTC(), Updated: r.Updated.UTC()}
}

func (b roomBody) room(id agenda.ID) agenda.Room {
	r := agenda.Room{ID: id, Name: textOf(b.Name), Description: textOf(b.Description), Kind: agenda.RoomKind(b.Kind),
		Capacity: b.Capacity, Position: b.Position, Parallel: b.Parallel, Turnaround: b.Turnaround}
	for _, w := range b.Walks {
		r.Walks = append(r.Walks, agenda.Walk{To: agenda.ID(w.To), Minutes: w.Minutes})
	}
	return r
}

// RoomPath is the input of whatever is about one Room.
type RoomPath struct {
	AtEvent
	ID string `path:"room" doc:"The room's id."`
}

func (s *Server) routeRoomAPI() {
	const tag, all, one = "Rooms", "/events/{event}/rooms", "/events/{event}/rooms/{room}"
	register(s, operation{ID: "listRooms", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List rooms", Description: "By position."}, s.listRooms)
	register(s, operation{ID: "createRoom", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Create a room", Creates: true}, s.createRoom)
	register(s, operation{ID: "getRoom", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get a room", Revised: true}, s.getRoom)
	register(s, operation{ID: "replaceRoom", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Replace a room", Description: replaceWords, Matches: true, Taken: true, Revised: true}, s.replaceRoom)
	register(s, operation{ID: "deleteRoom", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Delete a room", Description: "A room that a panel or a meeting uses is refused with 409.", Matches: true, Taken: true}, s.deleteRoom)
}

func (s *Server) listRooms(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[roomBody], error) {
	rooms, next, err := s.app.Rooms(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, rooms, next, newRoomBody), nil
}

func (s *Server) createRoom(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body roomBody
}) (*made[roomBody], error) {
	r, replayed, err := s.app.CreateRoom(ctx, in.Actor, in.Event, in.Body.room(""), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/rooms/"+string(r.ID), r.Revision, replayed, newRoomBody(r)), nil
}

func (s *Server) getRoom(ctx context.Context, in *struct {
	RoomPath
	Conditional
}) (*single[roomBody], error) {
	r, err := s.app.Room(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, r.Revision, newRoomBody(r)), nil
}

func (s *Server) replaceRoom(ctx context.Context, in *struct {
	RoomPath
	Matching
	Body roomBody
}) (*single[roomBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	r, err := s.app.EditRoom(ctx, in.Actor, in.Event, match, in.Body.room(agenda.ID(in.ID)))
	if err != nil {
		return nil, err
	}
	return changed(r.Revision, newRoomBody(r)), nil
}

func (s *Server) deleteRoom(ctx context.Context, in *struct {
	RoomPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteRoom(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}
