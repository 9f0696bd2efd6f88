package server

import (
	"net/http"
	"testing"

	"plenary/internal/agenda"
)

func TestAWebhookIsSwitchedOffByTheAPI(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newEvent("forum")
		const hook = `"name":"Website","url":"https://hooks.example/agenda","kinds":["release.published"]`
		made := decode[webhookBody](t, h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/forum/webhooks", `{`+hook+`}`)))
		if made.Enabled == nil || !*made.Enabled {
			t.Error("it is not switched on from its beginning")
		}
		at := "/api/v1/events/forum/webhooks/" + made.ID
		for _, on := range []string{"false", "true"} {
			h.must(200, h.ask(h.all, http.MethodPut, at, `{`+hook+`,"enabled":`+on+`}`, header{"If-Match", "*"}))
			got := decode[webhookBody](t, h.must(200, h.ask(h.all, http.MethodGet, at, nil)))
			if *got.Enabled != (on == "true") || (got.Reason == string(agenda.StoppedByHand)) != (on == "false") {
				t.Errorf("enabled: %s made %+v", on, got)
			}
		}
	})
}
