package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// trackBody is a Track in the API.
type trackBody struct {
	ID          string    `json:"id" readOnly:"true" doc:"Identifies the track for ever."`
	Name        textBody  `json:"name" doc:"The track's name, by language." example:"{\"en\": \"Artificial intelligence\"}"`
	Description textBody  `json:"description,omitempty" doc:"What the track is about, by language."`
	Color       string    `json:"color,omitempty" maxLength:"7" doc:"Red, green and blue, hexadecimal, in lower case." example:"#005bbb"`
	Position    int       `json:"position" required:"false" minimum:"0" maximum:"1000000" doc:"Where it is in lists, ascending." example:"1"`
	Revision    int       `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created     time.Time `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated     time.Time `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

func newTrackBody(t agenda.Track) trackBody {
	return trackBody{ID: string(t.ID), Name: textBody(t.Name), Description: textBody(t.Description), Color: t.Color,
		Position: t.Position, Revision: t.Revision, Created: t.Created.UTC(), Updated: t.Updated.UTC()}
}

func (b trackBody) track(id agenda.ID) agenda.Track {
	return agenda.Track{ID: id, Name: textOf(b.Name), Description: textOf(b.Description), Color: b.Color, Position: b.Position}
}

// TrackPath is the input of whatever is about one Track.
type TrackPath struct {
	AtEvent
	ID string `path:"track" doc:"The track's id."`
}

func (s *Server) routeTrackAPI() {
	const tag, all, one = "Tracks", "/events/{event}/tracks", "/events/{event}/tracks/{track}"
	register(s, operation{ID: "listTracks", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List tracks", Description: "By position."}, s.listTracks)
	register(s, operation{ID: "createTrack", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Create a track", Creates: true}, s.createTrack)
	register(s, operation{ID: "getTrack", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get a track", Revised: true}, s.getTrack)
	register(s, operation{ID: "replaceTrack", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Replace a track", Description: replaceWords, Matches: true, Taken: true, Revised: true}, s.replaceTrack)
	register(s, operation{ID: "deleteTrack", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Delete a track", Description: "A track that a panel uses is refused with 409.", Matches: true, Taken: true}, s.deleteTrack)
}

func (s *Server) listTracks(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[trackBody], error) {
	tracks, next, err := s.app.Tracks(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, tracks, next, newTrackBody), nil
}

func (s *Server) createTrack(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body trackBody
}) (*made[trackBody], error) {
	t, replayed, err := s.app.CreateTrack(ctx, in.Actor, in.Event, in.Body.track(""), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/tracks/"+string(t.ID), t.Revision, replayed, newTrackBody(t)), nil
}

func (s *Server) getTrack(ctx context.Context, in *struct {
	TrackPath
	Conditional
}) (*single[trackBody], error) {
	t, err := s.app.Track(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, t.Revision, newTrackBody(t)), nil
}

func (s *Server) replaceTrack(ctx context.Context, in *struct {
	TrackPath
	Matching
	Body trackBody
}) (*single[trackBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	t, err := s.app.EditTrack(ctx, in.Actor, in.Event, match, in.Body.track(agenda.ID(in.ID)))
	if err != nil {
		return nil, err
	}
	return changed(t.Revision, newTrackBody(t)), nil
}

func (s *Server) deleteTrack(ctx context.Context, in *struct {
	TrackPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteTrack(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}
