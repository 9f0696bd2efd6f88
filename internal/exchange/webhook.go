package exchange

import (
	"bytes"
	"time"

	"plenary/internal/agenda"
)

// maxWebhookBody is how long the body of a delivery is at most, in bytes; longer ones go without the changes.
const maxWebhookBody = 256 << 10

// WebhookDocument is what a Webhook is told, in the form of Standard Webhooks.
type WebhookDocument struct {
	Type      agenda.WebhookKind `json:"type" enum:"release.published,release.erased,webhook.ping" doc:"What happened"`
	Timestamp string             `json:"timestamp" format:"date-time" doc:"When it happened, UTC; the same in every attempt"`
	Data      WebhookData        `json:"data" doc:"What it is about"`
}

// WebhookData is what a delivery is about.
type WebhookData struct {
	Event   *ChangesEvent   `json:"event,omitempty" doc:"The event that was published; left out of a ping"`
	Release *ChangesRelease `json:"release,omitempty" doc:"The release that was published; of release.erased, the newest one"`
	Links   *WebhookLinks   `json:"links,omitempty" doc:"Where to read what is public now; left out of a ping"`
}

// WebhookLinks lead to what is public of the Event.
type WebhookLinks struct {
	Agenda  string `json:"agenda_json" format:"uri" doc:"The agenda as JSON"`
	Changes string `json:"changes_json" format:"uri" doc:"What each release changed, as JSON"`
}

// Webhook gives what is told by a delivery, and the bytes of it that are posted. Releases are the one that it tells of and, before it, the one that came before, if
// there was one; a ping needs none. It has what the Releases have, which is public, and nothing else. It is the same for the
// same Releases.
func Webhook(base string, d agenda.Delivery, releases []agenda.Release) (doc WebhookDocument, body []byte, err error) {
	doc = WebhookDocument{Type: d.Kind, Timestamp: d.Created.UTC().Format(time.RFC3339)}
	if n := len(releases); n > 0 {
		step := agenda.Step{Release: releases[n-1]}
		if n > 1 {
			step.Changes = agenda.Diff(&releases[n-2].Snapshot, &step.Snapshot)
		}
		changes := Changes(base, agenda.History{Event: step.Snapshot.Event, Steps: []agenda.Step{step}})
		at := agenda.Site{Base: base, Slug: changes.Event.Slug}
		doc.Data = WebhookData{Event: &changes.Event, Release: &changes.Releases[0],
			Links: &WebhookLinks{at.Agenda(), at.Changes()}}
	}
	body, err = encodeWebhook(doc)
	if err != nil || len(body) <= maxWebhookBody || doc.Data.Release == nil {
		return doc, body, err
	}
	doc.Data.Release.LeftOut, doc.Data.Release.Changes = len(doc.Data.Release.Changes), []PanelChange{}
	body, err = encodeWebhook(doc)
	return doc, body, err
}

func encodeWebhook(doc WebhookDocument) ([]byte, error) {
	var b bytes.Buffer
	err := encodeJSON(&b, doc, "")
	return b.Bytes(), err
}
