package server

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// schemaName names a body's schema without saying that it is one: Panel, PanelList.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if item, ok := strings.CutPrefix(name, "ListBody"); ok {
		return strings.TrimSuffix(item, "Body") + "List"
	}
	return strings.TrimSuffix(name, "Body")
}

// aboutAPI begins each paragraph with what it is about.
const aboutAPI = `**What.** Everything that organizers do with Plenary, for programs. The agenda as the public sees it needs no token: see Public.

**Rights.** Send an API token as Authorization: Bearer. It has rights, at one event or at all: each operation says which it needs. What one may not see answers 404, as if it were not there. A browser that is signed in needs no token: its cookie has the rights of its account.

**Revisions.** Whatever can be edited has a revision, which is its ETag. A change names the revision that it is based on in If-Match: without it the answer is 428, and 412 with the present state when somebody else was faster.

**Repeating.** A request that creates something can be repeated safely when it has an Idempotency-Key.

**Errors.** They are problems as in RFC 9457 (application/problem+json): detail is a sentence for people, code is for programs, and errors points at each place that is wrong. When the disk or the database is full, what would change something is answered with 507 and changes nothing; reading goes on.

**Texts.** They are objects by language, with BCP 47 tags as names.

**Times.** They are RFC 3339 with the offset of the event's time zone. In requests, a local time without an offset is read by the event's clock.

**Lists.** They come in parts: send next as cursor for the one that follows, or go to the address in the Link header.

**Limits.** Who asks too often is told 429 and in Retry-After how many seconds to wait: a token may ask 200 times at once and 20 times a second.

**Bodies.** They are JSON in UTF-8 of at most 1 MiB, but for files. Unknown and repeated fields, and unknown parameters, are refused. A field that may be left out may also be null, and a parameter empty, which is the same; but one that is true or false must say so.`

// tagWords say what each group of operations is about.
var tagWords = []*huma.Tag{
	{Name: "Events", Description: "Editions of conferences and forums."},
	{Name: "Rooms", Description: "Where panels and meetings take place."},
	{Name: "Tracks", Description: "Thematic strands."},
	{Name: "People", Description: "Who takes part, with or without a part in a panel."},
	{Name: "Links", Description: "How people without an account come to their own page."},
	{Name: "Panels", Description: "The items of the agenda: panels, keynotes, workshops, breaks."},
	{Name: "Schedule", Description: "Where and when panels take place, and what collides."},
	{Name: "Availabilities", Description: "When people and rooms can be used."},
	{Name: "Meetings", Description: "Private appointments between two delegations."},
	{Name: "Mails", Description: "Letters to people, which organizers can read before they go."},
	{Name: "Releases", Description: "Numbered, immutable publications of the agenda."},
	{Name: "Feeds", Description: "Personal calendars that people subscribe to."},
	{Name: "Stars", Description: "Calendars of what attendees chose, who have no account and need none."},
	{Name: "Members", Description: "Who organizes an event, and what they may do there."},
	{Name: "Accounts", Description: "Who can sign in."},
	{Name: "Tokens", Description: "Credentials for this API."},
	{Name: "Webhooks", Description: "Addresses that are told at once what was published, by signed requests as Standard Webhooks has them. They are told what is public, and nothing else."},
	{Name: "Files", Description: "Photos of people and materials of panels."},
	{Name: "Exchange", Description: "Files of other programs, in and out."},
	{Name: "Activity", Description: "Who did what."},
	{Name: "Public", Description: "What anybody may read once an agenda is published."},
}

// newDocument begins the OpenAPI document.
func (s *Server) newDocument(registry huma.Registry) *huma.OpenAPI {
	return &huma.OpenAPI{OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Plenary", Version: s.version, Description: aboutAPI},
		Servers: []*huma.Server{{URL: s.base + "/"}},
		Tags:    tagWords,
		Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
			"token": {Type: "http", Scheme: "bearer", Description: "An API token, as plenary_…"},
			"login": {Type: "apiKey", In: "cookie", Name: loginCookie, Description: "A browser that is signed in."},
		}}}
}

// localizedText stands for a text of a public document where its schema is made: reflection can't see
// what an interface writes.
type localizedText struct{}

// Schema describes a text that is by language in one document and plain in another.
func (localizedText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeObject, Description: "By language.", AdditionalProperties: &huma.Schema{Type: huma.TypeString}},
		{Type: huma.TypeString, Description: "In the language that was asked for."},
	}}
}

// finishDocument adds what Huma does not see: what is public, and headers that are needed though
// their absence is told in other words than Huma's.
func (s *Server) finishDocument(document *huma.OpenAPI, registry huma.Registry) {
	s.describePublic(document, registry)
	s.describeWebhooks(document, registry)
	for _, item := range document.Paths {
		for _, op := range operationsOf(item) {
			for _, p := range op.Parameters {
				if p.Name == "If-Match" {
					p.Required = true
				}
			}
			describeHeaders(op)
		}
	}
}

// describeHeaders adds the headers that come with a status whatever the operation, and says which are always there.
func describeHeaders(op *huma.Operation) {
	for status, names := range map[string]map[string]string{
		"304": {"ETag": "The revision that the client has already."},
		"401": {"WWW-Authenticate": "How to say who asks (RFC 9110)."},
		"429": {"Retry-After": "Seconds to wait."},
	} {
		r := op.Responses[status]
		if r == nil {
			continue
		}
		if r.Headers == nil {
			r.Headers = map[string]*huma.Param{}
		}
		for name, words := range names {
			r.Headers[name] = &huma.Param{Description: words, Schema: &huma.Schema{Type: huma.TypeString}}
		}
	}
	if o, ok := op.Metadata["operation"].(operation); ok && o.Unrevised {
		delete(op.Responses["201"].Headers, "ETag")
	}
	for _, r := range op.Responses {
		for name, h := range r.Headers {
			h.Required = !seldom[name]
		}
	}
}

// seldom are the headers that some answers have and others with the same status don't.
var seldom = map[string]bool{"Link": true, "Idempotency-Replayed": true}

// operationsOf gives the operations of a path in the order of their methods.
func operationsOf(item *huma.PathItem) []*huma.Operation {
	var list []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
		if op != nil {
			list = append(list, op)
		}
	}
	return list
}

// routeDocument serves the document, made when it is first asked for: nothing is registered any more.
func (s *Server) routeDocument() {
	asJSON := func() ([]byte, error) { return json.Marshal(s.api().OpenAPI()) }
	asYAML := func() ([]byte, error) { return s.api().OpenAPI().YAML() }
	asPage := func() ([]byte, error) { return s.docsPage(s.api().OpenAPI()) }
	s.route(Public, "/api/openapi.json", madeOnce("application/openapi+json", asJSON))
	s.route(Public, "/api/openapi.yaml", madeOnce("application/openapi+yaml", asYAML))
	s.route(Public, "/api/docs", madeOnce("text/html; charset=utf-8", asPage))
}

// madeOnce answers with what stays the same as long as the program runs.
func madeOnce(mediaType string, make func() ([]byte, error)) echo.HandlerFunc {
	get := sync.OnceValues(func() (*body, error) {
		content, err := make()
		if err != nil {
			return nil, err
		}
		return newPackedBody(mediaType, time.Time{}, content), nil
	})
	return func(c echo.Context) error {
		b, err := get()
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderCacheControl, "public, no-cache")
		return b.answer(c)
	}
}
