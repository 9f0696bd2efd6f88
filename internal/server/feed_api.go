package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// feedBody is a personal Feed in the API.
type feedBody struct {
	ID        string     `json:"id" readOnly:"true" doc:"Identifies the feed for ever."`
	Person    string     `json:"person" maxLength:"100" doc:"Id of the person whose panels and meetings it shows."`
	Name      string     `json:"name,omitempty" maxLength:"300" doc:"To tell feeds apart." example:"Phone of the minister's office"`
	Language  string     `json:"language,omitempty" maxLength:"35" doc:"Language of its texts, a BCP 47 tag; left out, the event's first." example:"fr"`
	URL       string     `json:"url,omitempty" readOnly:"true" doc:"The calendar's address. It holds the secret, and is told once: when the feed is opened."`
	WebcalURL string     `json:"webcal_url,omitempty" readOnly:"true" doc:"The same for calendar programs, which subscribe to it when it is opened. Told once."`
	LastFetch *time.Time `json:"last_fetch,omitempty" readOnly:"true" doc:"When it was fetched last, to a few minutes, UTC."`
	FetchedBy string     `json:"fetched_by,omitempty" readOnly:"true" doc:"The program that fetched it last."`
	Revoked   *time.Time `json:"revoked,omitempty" readOnly:"true" doc:"When it was closed, UTC."`
	Created   time.Time  `json:"created" readOnly:"true" doc:"When it was opened, UTC."`
}

func newFeedBody(f agenda.Feed) feedBody {
	return feedBody{ID: string(f.ID), Person: string(f.PersonID), Name: f.Name, Language: f.Language,
		LastFetch: instant(f.LastFetch), FetchedBy: f.FetchedBy, Revoked: instant(f.Revoked), Created: f.Created.UTC()}
}

// instant gives a time that there may be, in UTC.
func instant(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// FeedPath is the input of whatever is about one Feed.
type FeedPath struct {
	AtEvent
	ID string `path:"feed" doc:"The feed's id."`
}

func (s *Server) routeFeedAPI() {
	const tag, all, one = "Feeds", "/events/{event}/feeds", "/events/{event}/feeds/{feed}"
	register(s, operation{ID: "listFeeds", Method: http.MethodGet, Path: all, Tag: tag, Access: ByToken,
		Summary: "List personal feeds", Description: "Oldest first, without their secrets. Public feeds need none and are not listed."}, s.listFeeds)
	register(s, operation{ID: "openFeed", Method: http.MethodPost, Path: all, Tag: tag, Access: ByWriter,
		Summary:     "Open a personal feed",
		Description: "Its address is told in this answer and never again: repeating the request with the same Idempotency-Key is refused with 409.",
		Creates:     true}, s.openFeed)
	register(s, operation{ID: "getFeed", Method: http.MethodGet, Path: one, Tag: tag, Access: ByToken,
		Summary: "Get a personal feed"}, s.getFeed)
	register(s, operation{ID: "revokeFeed", Method: http.MethodDelete, Path: one, Tag: tag, Access: ByWriter,
		Summary: "Revoke a personal feed", Description: "Its address answers 410 from then on. A feed has no revision, so no If-Match is needed."}, s.revokeFeed)
}

func (s *Server) listFeeds(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[feedBody], error) {
	feeds, next, err := s.app.Feeds(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, feeds, next, newFeedBody), nil
}

func (s *Server) openFeed(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body feedBody
}) (*made[feedBody], error) {
	f, secret, err := s.app.OpenFeed(ctx, in.Actor, in.Event,
		agenda.Feed{PersonID: agenda.ID(in.Body.Person), Name: in.Body.Name, Language: in.Body.Language}, in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	body := newFeedBody(f)
	body.URL = s.base + "/feeds/" + secret + ".ics"
	_, address, _ := strings.Cut(body.URL, "://")
	body.WebcalURL = "webcal://" + address
	return create(s, "/events/"+in.Event+"/feeds/"+string(f.ID), 0, false, body), nil
}

// plain is an answer with something that has no revision.
type plain[T any] struct{ Body T }

func (s *Server) getFeed(ctx context.Context, in *struct{ FeedPath }) (*plain[feedBody], error) {
	f, err := s.app.Feed(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &plain[feedBody]{newFeedBody(f)}, nil
}

func (s *Server) revokeFeed(ctx context.Context, in *struct{ FeedPath }) (*done, error) {
	return nil, s.app.RevokeFeed(ctx, in.Actor, in.Event, agenda.ID(in.ID))
}
