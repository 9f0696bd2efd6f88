package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// tokenBody is a Token in the API.
type tokenBody struct {
	ID       string     `json:"id" readOnly:"true" doc:"Identifies the token for ever."`
	Name     string     `json:"name" minLength:"1" maxLength:"300" doc:"Who or what uses it; the log of activity names it." example:"Website of the forum"`
	Scopes   []string   `json:"scopes" minItems:"1" maxItems:"30" nullable:"false" doc:"What it may do, as rights. For short: read is all that reads, write is everything." example:"[\"read_draft\"]"`
	Event    string     `json:"event,omitempty" readOnly:"true" doc:"Id of the event that it opens; left out when it opens all events."`
	Prefix   string     `json:"prefix" readOnly:"true" doc:"How it begins, to tell tokens apart."`
	Secret   string     `json:"secret,omitempty" readOnly:"true" doc:"The token itself. It is told once: when it is made."`
	Expires  *time.Time `json:"expires,omitempty" doc:"When it ceases to open anything; left out, never." example:"2025-12-31T23:59:59Z"`
	LastUsed *time.Time `json:"last_used,omitempty" readOnly:"true" doc:"When it was used last, to a few minutes, UTC."`
	Revoked  *time.Time `json:"revoked,omitempty" readOnly:"true" doc:"When it was revoked, UTC."`
	Created  time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
}

func newTokenBody(t agenda.Token) tokenBody {
	return tokenBody{ID: string(t.ID), Name: t.Name, Scopes: bodies(t.Scopes, func(v agenda.Verb) string { return string(v) }), Event: string(t.EventID), Prefix: t.Prefix,
		Expires: instant(t.Expires), LastUsed: instant(t.LastUsed), Revoked: instant(t.Revoked), Created: t.Created.UTC()}
}

// EventTokenPath is the input of whatever is about one Token of an Event.
type EventTokenPath struct {
	AtEvent
	ID string `path:"token" doc:"The token's id."`
}

const onceWords = "Its secret is told in this answer and never again: repeating the request with the same Idempotency-Key is refused with 409."
const revokeWords = "It opens nothing from then on. A token has no revision, so no If-Match is needed."

func (s *Server) routeTokenAPI() {
	const tag, all, everywhere = "Tokens", "/events/{event}/tokens", "/tokens"
	register(s, operation{ID: "listEventTokens", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ManageAccess),
		Summary: "List the tokens of an event", Description: "Oldest first, without their secrets."}, s.listEventTokens)
	register(s, operation{ID: "createEventToken", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.ManageAccess),
		Summary: "Make a token of an event", Description: onceWords, Creates: true, Unrevised: true}, s.createEventToken)
	register(s, operation{ID: "revokeEventToken", Method: http.MethodDelete, Path: all + "/{token}", Tag: tag, Access: May(agenda.ManageAccess),
		Summary: "Revoke a token of an event", Description: revokeWords}, s.revokeEventToken)
	register(s, operation{ID: "listTokens", Method: http.MethodGet, Path: everywhere, Tag: tag, Access: May(agenda.CreateEvents),
		Summary: "List all tokens", Description: "Those of single events included; oldest first, without their secrets."}, s.listTokens)
	register(s, operation{ID: "createToken", Method: http.MethodPost, Path: everywhere, Tag: tag, Access: May(agenda.CreateEvents),
		Summary: "Make a token for all events", Description: onceWords, Creates: true, Unrevised: true}, s.createToken)
	register(s, operation{ID: "revokeToken", Method: http.MethodDelete, Path: everywhere + "/{token}", Tag: tag, Access: May(agenda.CreateEvents),
		Summary: "Revoke any token", Description: revokeWords}, s.revokeToken)
}

func (s *Server) listEventTokens(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[tokenBody], error) {
	return s.tokensOf(ctx, in.Caller, in.Event, in.Listing)
}

func (s *Server) listTokens(ctx context.Context, in *struct {
	Caller
	Listing
}) (*listed[tokenBody], error) {
	return s.tokensOf(ctx, in.Caller, "", in.Listing)
}

func (s *Server) tokensOf(ctx context.Context, caller Caller, event string, l Listing) (*listed[tokenBody], error) {
	tokens, next, err := s.app.Tokens(ctx, caller.Actor, event, l.page())
	if err != nil {
		return nil, err
	}
	return list(caller, tokens, next, newTokenBody), nil
}

func (s *Server) createEventToken(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body tokenBody
}) (*made[tokenBody], error) {
	return s.makeToken(ctx, in.Caller, in.Event, "/events/"+in.Event+"/tokens/", in.Body, in.once(in.Caller))
}

func (s *Server) createToken(ctx context.Context, in *struct {
	Caller
	Creating
	Body tokenBody
}) (*made[tokenBody], error) {
	return s.makeToken(ctx, in.Caller, "", "/tokens/", in.Body, in.once(in.Caller))
}

func (s *Server) makeToken(ctx context.Context, caller Caller, event, path string, b tokenBody, once app.Once) (*made[tokenBody], error) {
	t, secret, err := s.app.CreateToken(ctx, caller.Actor, event,
		agenda.Token{Name: b.Name, Scopes: agenda.ReadScopes(b.Scopes, event == ""), Expires: b.Expires}, once)
	if err != nil {
		return nil, err
	}
	body := newTokenBody(t)
	body.Secret = secret
	return create(s, path+string(t.ID), 0, false, body), nil
}

func (s *Server) revokeEventToken(ctx context.Context, in *struct{ EventTokenPath }) (*done, error) {
	return nil, s.app.RevokeToken(ctx, in.Actor, in.Event, agenda.ID(in.ID))
}

func (s *Server) revokeToken(ctx context.Context, in *struct {
	Caller
	ID string `path:"token" doc:"The token's id."`
}) (*done, error) {
	return nil, s.app.RevokeToken(ctx, in.Actor, "", agenda.ID(in.ID))
}
