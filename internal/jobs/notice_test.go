package jobs

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// The worker writes to organizers that a webhook was stopped, as it sends letters, and the letter is gone from the outbox then.
func TestTheWorkerTellsOrganizers(t *testing.T) {
	o := newOffice(t, filepath.Join(pgtest.Folder(t), "plenary.db"))
	if err := o.RenewCalendars(t.Context(), "https://agenda.example"); err != nil {
		t.Fatal(err)
	}
	o.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(agenda.Account{ID: "a", Email: "lan@example.org", Name: "Lan", Language: "fr", Revision: 1, Created: o.now(), Updated: o.now()}); err != nil {
			return err
		}
		return tx.InsertMember(agenda.Member{EventID: "e", AccountID: "a", Roles: []agenda.MemberRole{agenda.Owner}, Revision: 1, Created: o.now(), Updated: o.now()})
	})
	system := agenda.System("test")
	hook, err := o.CreateWebhook(t.Context(), system, "forum", agenda.Webhook{Name: "Site", URL: "https://hooks.example/", Kinds: agenda.WebhookKinds}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	went := make(chan agenda.Post, 9)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		New(Options{App: o.App, Pulse: time.Hour, Send: func(_ context.Context, p agenda.Post) error { went <- p; return nil },
			Tell: func(context.Context, agenda.Parcel) agenda.Attempt { return agenda.Attempt{At: o.now(), Status: 410} }}).Run(ctx)
	}()
	if _, err := o.PingWebhook(t.Context(), system, "forum", hook.ID); err != nil {
		t.Fatal(err)
	}
	select {
	case p := <-went:
		if p.To != "lan@example.org" || p.Language != "fr" || p.URL != "https://agenda.example/console/events/forum/webhooks" || p.ID == "" || p.Unsubscribe != "" {
			t.Errorf("the letter %+v", p)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody was told")
	}
	cancel()
	<-ended
	if wait, err := o.NextJob(t.Context(), agenda.JobKinds, time.Hour); err != nil || wait != time.Hour || len(went) != 0 {
		t.Errorf("left: %v, %v; %d more letters", wait, err, len(went))
	}
}
