package mail

import (
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// The letter to who manages webhooks names them and their servers, and nothing else of their addresses, in the reader's language.
func TestStoppedWebhooksAreTold(t *testing.T) {
	e := agenda.Event{Name: agenda.Text{"en": "Digital Week", "fr": "Semaine du numérique"}, Languages: []string{"en", "fr"}}
	hooks := []agenda.Webhook{{Name: "Site", URL: "https://hooks.example/x?key=canary", Reason: agenda.StoppedGone}, {Name: "Chat", URL: "https://chat.example/", Reason: agenda.StoppedFailing}}
	for lang, want := range map[string]string{"en": "A webhook of “Digital Week” was stopped", "fr-CA": "Un webhook de «\u202fSemaine du numérique\u202f» a été arrêté", "vi": "Một webhook của “Digital Week” đã bị dừng"} {
		subject, body, button, err := Stopped(lang, e, hooks)
		if err != nil || subject != want || button == "" || len(body) != 4 {
			t.Fatalf("%s: %q, %+v, %q, %v", lang, subject, body, button, err)
		}
		said := ""
		for _, p := range body {
			said += p.Heading + "\n" + strings.Join(p.Lines, "\n") + "\n"
			if len(p.Lines) == 0 || p.Lines[len(p.Lines)-1] == "" {
				t.Errorf("%s: %+v says nothing", lang, p)
			}
		}
		if strings.Contains(said, "canary") || strings.Contains(said, "{") || !strings.Contains(said, "hooks.example") || !strings.Contains(said, "Chat") {
			t.Errorf("%s: %s", lang, said)
		}
	}
}
