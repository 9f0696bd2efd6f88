package server

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// toldWords say of each kind of delivery what it tells, and what is to be done about it.
var toldWords = map[agenda.WebhookKind][2]string{
	agenda.ReleasePublished: {"A release was published", "Read data.release.changes, or take the agenda from data.links.agenda_json."},
	agenda.ReleaseErased:    {"A person was erased from releases", "Make every copy that you keep anew from data.links.agenda_json, and delete the old ones."},
	agenda.WebhookPing:      {"Somebody tries whether it arrives", "It tells nothing: its data is empty."},
}

// describeWebhooks adds what receivers are told to the document: made of the types that are written when a delivery goes.
func (s *Server) describeWebhooks(all *huma.OpenAPI, registry huma.Registry) {
	all.Webhooks = map[string]*huma.PathItem{}
	text := &huma.Schema{Type: huma.TypeString}
	for kind, words := range toldWords {
		op := &huma.Operation{OperationID: "tell" + inCamels(string(kind)), Method: http.MethodPost, Tags: []string{"Webhooks"}, Summary: words[0],
			Description: words[1] + "\n\nIt may come twice, with the same webhook-id, and in another order than it happened.",
			Parameters: []*huma.Param{
				{Name: "webhook-id", In: "header", Required: true, Description: "Identifies the delivery: the same in all of its attempts.", Schema: text},
				{Name: "webhook-timestamp", In: "header", Required: true, Description: "When the attempt is made, in seconds of Unix time.", Schema: text},
				{Name: "webhook-signature", In: "header", Required: true, Description: "Signatures as Standard Webhooks has them (v1,…), divided by spaces: one that is good is enough.", Schema: text},
			},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: toldSchema(registry, kind)}}},
			Responses:   map[string]*huma.Response{"2XX": {Description: "It is taken. After 410 the webhook is stopped; after any other answer, or none, it is told again later."}}}
		all.Webhooks[string(kind)] = &huma.PathItem{Post: op}
	}
}

// toldSchema is of what is told of that kind: a ping is about nothing, the others about a Release.
func toldSchema(registry huma.Registry, kind agenda.WebhookKind) *huma.Schema {
	data := &huma.Schema{Type: huma.TypeObject, Required: []string{"event", "release", "links"}}
	if kind == agenda.WebhookPing {
		none := 0
		data = &huma.Schema{Type: huma.TypeObject, MaxProperties: &none}
	}
	of := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"type": {Type: huma.TypeString, Enum: []any{string(kind)}}, "data": data}}
	of.PrecomputeMessages()
	return &huma.Schema{AllOf: []*huma.Schema{registry.Schema(reflect.TypeFor[exchange.WebhookDocument](), true, ""), of}}
}
