package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// starredBody is the feed of an attendee's choice in the API. Whoever is told of it has its key, so it
// tells its address every time.
type starredBody struct {
	Key    string   `json:"key" readOnly:"true" doc:"Changes the feed: keep it. It is not in the calendar's address, which can be given to calendar services."`
	Panels []string `json:"panels" maxItems:"1000" doc:"Ids of the chosen panels of the published agenda." example:"[\"0199a1b2-6c1d-7c55-9d0e-3f1f4e1c9a10\"]"`
	FeedSettingsBody
	FeedAddresses
	ManageURL string     `json:"manage_url" readOnly:"true" doc:"The page on which to change the choice. It holds the key."`
	LastFetch *time.Time `json:"last_fetch,omitempty" readOnly:"true" doc:"When a calendar fetched it last, to a few minutes, UTC."`
	FetchedBy string     `json:"fetched_by,omitempty" readOnly:"true" doc:"The program that fetched it last."`
	Revision  int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created   time.Time  `json:"created" readOnly:"true" doc:"When this address was made, UTC."`
}

func (s *Server) newStarredBody(f app.Starred) starredBody {
	b := starredBody{Key: f.Key, Panels: []string{}, FeedSettingsBody: newFeedSettings(f.Feed.FeedSettings),
		FeedAddresses: s.addressesOf(f.Secret), ManageURL: s.starredPage(f.Event.Slug, f.Key),
		LastFetch: instant(f.Feed.LastFetch), FetchedBy: f.Feed.FetchedBy, Revision: f.Feed.Revision, Created: f.Feed.Created.UTC()}
	for _, id := range f.Feed.Panels {
		b.Panels = append(b.Panels, string(id))
	}
	return b
}

func (s *Server) starredPage(slug, key string) string { return s.base + "/" + slug + "/starred/" + key }

func (b starredBody) settings() agenda.FeedSettings {
	set := b.FeedSettingsBody.settings()
	for _, id := range b.Panels {
		set.Panels = append(set.Panels, agenda.ID(id))
	}
	return set
}

// StarredPath is the input of whatever is about one starred feed.
type StarredPath struct {
	AtEvent
	Key string `path:"key" doc:"The key that was told when the feed was opened."`
}

func (s *Server) routeStarredAPI() {
	const tag, all, one = "Stars", "/events/{event}/starred-feeds", "/events/{event}/starred-feeds/{key}"
	register(s, operation{ID: "openStarredFeed", Method: http.MethodPost, Path: all, Tag: tag, Access: Public,
		Summary: "Open a calendar of chosen panels", Creates: true,
		Description: "For attendees, who have no account: the answer has the calendar's address and the key that changes it. " +
			"Each request makes another one; Idempotency-Key is not read. One that no calendar fetches within 30 days is forgotten."}, s.openStarred)
	register(s, operation{ID: "getStarredFeed", Method: http.MethodGet, Path: one, Tag: tag, Access: BySecret,
		Summary: "Get a calendar of chosen panels", Description: "Its ETag is for If-Match: it does not change when the calendar is fetched.", Gone: true}, s.getStarred)
	register(s, operation{ID: "replaceStarredFeed", Method: http.MethodPut, Path: one, Tag: tag, Access: BySecret,
		Summary: "Change a calendar of chosen panels", Description: "Its address stays. " + replaceWords, Matches: true, Revised: true, Gone: true}, s.replaceStarred)
	register(s, operation{ID: "rotateStarredFeed", Method: http.MethodPost, Path: one + "/rotate", Tag: tag, Access: BySecret,
		Summary: "Give a calendar of chosen panels another address", Description: "The key stays. The address before answers with an empty calendar for 30 days, " +
			"so that calendars delete what they had, and with 410 from then on.", Matches: true, Revised: true, Gone: true}, s.rotateStarred)
	register(s, operation{ID: "closeStarredFeed", Method: http.MethodDelete, Path: one, Tag: tag, Access: BySecret,
		Summary: "Give a calendar of chosen panels up", Description: "It is final whatever else changed, so no If-Match is needed.", Gone: true}, s.closeStarred)
}

func (s *Server) openStarred(ctx context.Context, in *struct {
	AtEvent
	Body starredBody
}) (*made[starredBody], error) {
	f, err := s.app.OpenStarredFeed(ctx, in.Event, in.Body.settings())
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/starred-feeds/"+f.Key, f.Feed.Revision, false, s.newStarredBody(f)), nil
}

// getStarred does not answer 304: who fetched the feed last is part of it and no change of it.
func (s *Server) getStarred(ctx context.Context, in *struct{ StarredPath }) (*single[starredBody], error) {
	f, err := s.app.StarredFeed(ctx, in.Event, in.Key)
	if err != nil {
		return nil, err
	}
	return changed(f.Feed.Revision, s.newStarredBody(f)), nil
}

func (s *Server) replaceStarred(ctx context.Context, in *struct {
	StarredPath
	Matching
	Body starredBody
}) (*single[starredBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	f, err := s.app.EditStarredFeed(ctx, in.Event, in.Key, match, in.Body.settings())
	if err != nil {
		return nil, s.refusedStarred(err)
	}
	return changed(f.Feed.Revision, s.newStarredBody(f)), nil
}

func (s *Server) rotateStarred(ctx context.Context, in *struct {
	StarredPath
	Matching
}) (*single[starredBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	f, err := s.app.RotateStarredFeed(ctx, in.Event, in.Key, match)
	if err != nil {
		return nil, s.refusedStarred(err)
	}
	return changed(f.Feed.Revision, s.newStarredBody(f)), nil
}

// refusedStarred puts the present state into a refusal as the API shows it.
func (s *Server) refusedStarred(err error) error {
	var e *agenda.Error
	if !errors.As(err, &e) {
		return err
	}
	now, ok := e.Current.(app.Starred)
	if !ok {
		return err
	}
	told := *e
	told.Current = s.newStarredBody(now)
	return &told
}

func (s *Server) closeStarred(ctx context.Context, in *struct{ StarredPath }) (*done, error) {
	return nil, s.app.CloseStarredFeed(ctx, in.Event, in.Key)
}
