package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// FeedSettingsBody is what can be set of a feed that has a secret.
type FeedSettingsBody struct {
	Name      string `json:"name,omitempty" maxLength:"300" doc:"To tell feeds apart." example:"Phone of the minister's office"`
	Language  string `json:"language,omitempty" maxLength:"35" doc:"Language of its texts, a BCP 47 tag; left out, the event's first." example:"fr"`
	Alarm     *int   `json:"alarm,omitempty" minimum:"0" maximum:"10080" doc:"Minutes before each entry at which the calendar should remind of it; left out, never. Google Calendar ignores it." example:"15"`
	Detail    string `json:"detail" required:"false" default:"full" enum:"full,busy" doc:"busy tells only when its entries are, and nothing of what they are."`
	Whole     bool   `json:"whole_event,omitempty" doc:"Whether it has the event itself, as an entry of whole days that occupies nobody."`
	Cancelled string `json:"cancelled" required:"false" default:"prefix" enum:"prefix,keep,hide" doc:"What becomes of a cancelled entry until seven days after its end: prefix says it in its status and before its title, keep in its status only, hide leaves it out at once."`
}

func newFeedSettings(s agenda.FeedSettings) FeedSettingsBody {
	return FeedSettingsBody{Name: s.Name, Language: s.Language, Alarm: s.Alarm, Detail: string(s.Detail), Whole: s.Whole, Cancelled: string(s.Cancelled)}
}

func (b FeedSettingsBody) settings() agenda.FeedSettings {
	return agenda.FeedSettings{Name: b.Name, Language: b.Language, Alarm: b.Alarm, Detail: agenda.FeedDetail(b.Detail),
		Whole: b.Whole, Cancelled: agenda.CancelledItems(b.Cancelled)}
}

// FeedAddresses are where a feed that has a secret is. They hold the secret.
type FeedAddresses struct {
	URL       string `json:"url,omitempty" readOnly:"true" doc:"The calendar's address. It holds the secret, and is told once: when the feed is opened or rotated."`
	WebcalURL string `json:"webcal_url,omitempty" readOnly:"true" doc:"The same for calendar programs, which subscribe to it when it is opened. Told once."`
	PageURL   string `json:"page_url,omitempty" readOnly:"true" doc:"A page with links for subscribing in the usual calendar programs. Told once."`
}

func (s *Server) addressesOf(secret string) FeedAddresses {
	page := s.base + "/feeds/" + secret
	return FeedAddresses{URL: page + calendarSuffix, WebcalURL: webcal(page + calendarSuffix), PageURL: page}
}

// webcal gives an address as calendar programs are made to open it.
func webcal(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return "webcal://" + rest
}

// feedBody is a Feed that has a secret in the API.
type feedBody struct {
	ID     string `json:"id" readOnly:"true" doc:"Identifies the feed for ever."`
	Kind   string `json:"kind" readOnly:"true" enum:"personal,starred" doc:"personal has a person's panels and meetings, starred what an attendee chose."`
	Person string `json:"person,omitempty" maxLength:"100" doc:"Id of the person whose panels and meetings a personal feed shows. It can't change."`
	FeedSettingsBody
	Meetings *bool `json:"meetings,omitempty" doc:"Whether it has the person's meetings; left out, it has." example:"true"`
	Mailed   bool  `json:"without_mailed,omitempty" doc:"Whether it leaves out the meetings to which the person was invited by mail, which their calendar has from there."`
	FeedAddresses
	LastFetch *time.Time `json:"last_fetch,omitempty" readOnly:"true" doc:"When it was fetched last, to a few minutes, UTC."`
	FetchedBy string     `json:"fetched_by,omitempty" readOnly:"true" doc:"The program that fetched it last."`
	Revoked   *time.Time `json:"revoked,omitempty" readOnly:"true" doc:"When it was closed, UTC."`
	Revision  int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created   time.Time  `json:"created" readOnly:"true" doc:"When it was opened, UTC."`
}

func newFeedBody(f agenda.Feed) feedBody {
	b := feedBody{ID: string(f.ID), Kind: string(f.Kind), Person: string(f.PersonID), FeedSettingsBody: newFeedSettings(f.FeedSettings),
		LastFetch: instant(f.LastFetch), FetchedBy: f.FetchedBy, Revoked: instant(f.Revoked), Revision: f.Revision, Created: f.Created.UTC()}
	if f.Kind == agenda.PersonalFeed {
		b.Meetings, b.Mailed = &f.Meetings, f.WithoutMailed
	}
	return b
}

func (b feedBody) feed() agenda.Feed {
	f := agenda.Feed{PersonID: agenda.ID(b.Person), FeedSettings: b.settings()}
	f.Meetings, f.WithoutMailed = b.Meetings == nil || *b.Meetings, b.Mailed
	return f
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
	register(s, operation{ID: "listFeeds", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "List feeds that have a secret", Description: "Oldest first, without their secrets. Public feeds need none and are not listed."}, s.listFeeds)
	register(s, operation{ID: "openFeed", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditMeetings),
		Summary:     "Open a personal feed",
		Description: "Its address is told in this answer and never again: repeating the request with the same Idempotency-Key is refused with 409.",
		Creates:     true}, s.openFeed)
	register(s, operation{ID: "getFeed", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadMeetings),
		Summary: "Get a feed that has a secret", Description: "Its ETag is for If-Match: it does not change when the feed is fetched."}, s.getFeed)
	register(s, operation{ID: "replaceFeed", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Change the settings of a personal feed", Description: "Its address stays. " + replaceWords, Matches: true, Revised: true, Gone: true}, s.replaceFeed)
	register(s, operation{ID: "rotateFeed", Method: http.MethodPost, Path: one + "/rotate", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Give a personal feed another address",
		Description: "The answer is another feed with the same settings and tells its address, once. The one before is revoked: " +
			"it answers with an empty calendar for 30 days, so that calendars delete what they had, and with 410 from then on.",
		Matches: true, Revised: true, Gone: true}, s.rotateFeed)
	register(s, operation{ID: "revokeFeed", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Revoke a feed", Description: "Its address answers with an empty calendar for 30 days, so that calendars delete what they had, " +
			"and with 410 from then on. No If-Match is needed: it is final whatever else changed."}, s.revokeFeed)
}

func (s *Server) listFeeds(ctx context.Context, in *struct {
	AtEvent
	Listing
	Kind string `query:"kind" enum:"personal,starred" doc:"Only feeds of this kind."`
}) (*listed[feedBody], error) {
	feeds, next, err := s.app.Feeds(ctx, in.Actor, in.Event, agenda.FeedKind(in.Kind), in.page())
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
	f, secret, err := s.app.OpenFeed(ctx, in.Actor, in.Event, in.Body.feed(), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	body := newFeedBody(f)
	body.FeedAddresses = s.addressesOf(secret)
	return create(s, "/events/"+in.Event+"/feeds/"+string(f.ID), f.Revision, false, body), nil
}

// getFeed does not answer 304: who fetched the feed last is part of it and no change of it.
func (s *Server) getFeed(ctx context.Context, in *struct{ FeedPath }) (*single[feedBody], error) {
	f, err := s.app.Feed(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return changed(f.Revision, newFeedBody(f)), nil
}

func (s *Server) replaceFeed(ctx context.Context, in *struct {
	FeedPath
	Matching
	Body feedBody
}) (*single[feedBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	f := in.Body.feed()
	f.ID = agenda.ID(in.ID)
	if f, err = s.app.EditFeed(ctx, in.Actor, in.Event, match, f); err != nil {
		return nil, err
	}
	return changed(f.Revision, newFeedBody(f)), nil
}

func (s *Server) rotateFeed(ctx context.Context, in *struct {
	FeedPath
	Matching
}) (*single[feedBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	f, secret, err := s.app.RotateFeed(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	body := newFeedBody(f)
	body.FeedAddresses = s.addressesOf(secret)
	return changed(f.Revision, body), nil
}

func (s *Server) revokeFeed(ctx context.Context, in *struct{ FeedPath }) (*done, error) {
	return nil, s.app.RevokeFeed(ctx, in.Actor, in.Event, agenda.ID(in.ID))
}
