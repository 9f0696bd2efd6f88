package server

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// givenUp makes a delivery to a webhook of the forum that was given up.
func (h *harness) givenUp(hook agenda.ID) {
	h.t.Helper()
	ctx := h.t.Context()
	d, err := h.app.PingWebhook(ctx, h.system(), forum, hook)
	if err != nil {
		h.t.Fatal(err)
	}
	jobs, err := h.app.ClaimJobs(ctx, []agenda.JobKind{agenda.WebhookJob}, 9)
	i := slices.IndexFunc(jobs, func(j agenda.Job) bool { return j.About == d.ID })
	if err != nil || i < 0 {
		h.t.Fatalf("%+v, %v", jobs, err)
	}
	if err := h.app.FailJob(ctx, jobs[i], agenda.Errorf(agenda.Invalid, string(agenda.JobPanicked)+": %w", fmt.Errorf("<at> line 7"))); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) newHook() agenda.ID {
	h.t.Helper()
	w, err := h.app.CreateWebhook(h.t.Context(), h.system(), forum, agenda.Webhook{Name: "Site", URL: "https://hooks.example/", Kinds: agenda.WebhookKinds}, app.Once{})
	if err != nil {
		h.t.Fatal(err)
	}
	return w.ID
}

func TestWhatWasGivenUpIsShown(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, true)
	b := h.signedInTab(owner)
	b.says(b.open("/console/jobs"), "Nothing was given up.")
	b.says(b.open("/console"), `<a href="/console/jobs">Given up</a>`)
	hook := h.newHook()
	h.givenUp(hook)
	b.says(b.open("/console"), `<a href="/console/jobs">Given up (1)</a>`)
	page := b.open("/console/jobs")
	b.says(page, "A delivery to a webhook", "Event: Digital Week", "Given up 1 October 2025", "1 attempt", "The program made a mistake. Its log has the details. In its own words: “&lt;at&gt; line 7”")
	b.says(b.open("/console/jobs?lang=vi"), "Một tin gửi đến webhook", "Tuần lễ số", "Chương trình đã mắc lỗi")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page.Body)[1]
	b.says(b.arrive("/console/jobs?done=retried", b.submit("/console/jobs", "do", "retry", "id", id)), "It is tried again now.", "Nothing was given up.")
	h.must(404, b.submit("/console/jobs", "do", "put_away", "id", id))
	h.givenUp(hook)
	id = regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(b.open("/console/jobs").Body)[1]
	b.says(b.arrive("/console/jobs?done=put_away", b.submit("/console/jobs", "do", "put_away", "id", id)), "It is put away.", "Nothing was given up.")
	mere, _ := h.memberTab("owner@other.example", agenda.Owner)
	h.must(403, mere.open("/console/jobs"))
}

func TestEveryMishapHasWords(t *testing.T) {
	for _, m := range agenda.Mishaps {
		if mishapWords[m] == "" {
			t.Errorf("there are no words for %q", m)
		}
	}
	h := newHarness(t)
	b, _ := h.memberTab("anh@example.org", agenda.Owner)
	hook := h.newHook()
	at := "/console/events/" + forum + "/webhooks/" + string(hook)
	if _, err := h.app.PingWebhook(t.Context(), h.system(), forum, hook); err != nil {
		t.Fatal(err)
	}
	jobs, err := h.app.ClaimJobs(t.Context(), []agenda.JobKind{agenda.WebhookJob}, 9)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.app.KeepAttempt(t.Context(), jobs[0], agenda.Attempt{At: h.now(), Status: 503, Fault: agenda.WebhookAnswered.With("503 Service Unavailable")}); err != nil {
		t.Fatal(err)
	}
	page := b.open(at + "?lang=fr")
	b.says(page, "Le destinataire n’a pas accepté l’envoi. Dans ses propres termes", "503 Service Unavailable")
	h.lacks(page, string(agenda.WebhookAnswered))
	b.says(b.open(at+"/deliveries/"+string(jobs[0].About)+"?lang=vi"), "Bên nhận không nhận tin. Nguyên văn: “503 Service Unavailable”")
}
