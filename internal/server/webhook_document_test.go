package server

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// faultsIn says what is wrong with a delivery of that kind, by the document.
func (h *harness) faultsIn(kind agenda.WebhookKind, body []byte) []error {
	h.t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		h.t.Fatal(err)
	}
	document, found := h.server.api().OpenAPI(), huma.ValidateResult{}
	schema := document.Webhooks[string(kind)].Post.RequestBody.Content["application/json"].Schema
	huma.Validate(document.Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &found)
	return found.Errors
}

// The document describes what receivers are told: what goes when a release is published, when somebody is erased, and when
// somebody tries is as it says.
func TestAPIDocumentHasWhatIsTold(t *testing.T) {
	h := newHarness(t)
	ctx := t.Context()
	served := decode[struct {
		Webhooks map[string]map[string]documented
	}](t, h.must(200, h.get("/api/openapi.json")))
	kinds := append(slices.Clone(agenda.WebhookKinds), agenda.WebhookPing)
	if got := slices.Sorted(maps.Keys(served.Webhooks)); len(got) != len(kinds) {
		t.Fatalf("the document has %v", got)
	}
	hook, err := h.app.CreateWebhook(ctx, h.system(), forum, agenda.Webhook{Name: "Site", URL: "https://hooks.example/", Kinds: agenda.WebhookKinds}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	at, _ := speakerOf(h, forum)
	person := decode[struct{ ID, Name string }](t, h.must(200, h.ask(h.all, "GET", at, nil)))
	h.publish(forum)
	if _, err := h.app.ErasePerson(ctx, h.system(), forum, app.Match{Any: true}, agenda.ID(person.ID), person.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := h.app.PingWebhook(ctx, h.system(), forum, hook.ID); err != nil {
		t.Fatal(err)
	}
	jobs, err := h.app.ClaimJobs(ctx, []agenda.JobKind{agenda.WebhookJob}, 9)
	if err != nil || len(jobs) != len(kinds) {
		t.Fatalf("%+v, %v", jobs, err)
	}
	for _, j := range jobs {
		p, err := h.app.OpenDelivery(ctx, j)
		if err != nil {
			t.Fatal(err)
		}
		if op := served.Webhooks[string(p.Kind)]["post"]; len(op.Parameters) != 3 || op.Summary == "" || op.RequestBody == nil {
			t.Errorf("%s is described as %+v", p.Kind, op)
		}
		if found := h.faultsIn(p.Kind, p.Body); len(found) > 0 {
			t.Errorf("%s is told otherwise than it is described: %v in %s", p.Kind, found, p.Body)
		}
		for _, bad := range []string{strings.Replace(string(p.Body), `"timestamp"`, `"time"`, 1), strings.Replace(string(p.Body), `"type":"`, `"type":"x`, 1),
			strings.Replace(string(p.Body), `"data":{`, `"data":{"more":1,`, 1)} {
			if bad = strings.ReplaceAll(bad, ",}", "}"); len(h.faultsIn(p.Kind, []byte(bad))) == 0 {
				t.Errorf("by the document this could be told: %s", bad)
			}
		}
	}
}
