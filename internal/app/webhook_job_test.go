package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

var webhookJobs = []agenda.JobKind{agenda.WebhookJob}

// hooked is a forum whose first delivery waits.
func (w world) hooked(t *testing.T) (hook agenda.Webhook, d agenda.Delivery) {
	t.Helper()
	w.forum(t)
	hook = must[agenda.Webhook](t)(w.CreateWebhook(t.Context(), operator, slug, aWebhook("Site"), app.Once{}))
	_, err := w.Publish(t.Context(), operator, slug, nil, nil, app.Once{})
	wantCode(t, err, "")
	list, _, err := w.Deliveries(t.Context(), operator, slug, hook.ID, "", app.Page{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	return hook, list[0]
}

// due claims the one job of these kinds that is due.
func (w world) due(t *testing.T, kinds []agenda.JobKind) agenda.Job {
	t.Helper()
	claimed := must[[]agenda.Job](t)(w.ClaimJobs(t.Context(), kinds, 9))
	if len(claimed) != 1 {
		t.Fatalf("%d jobs are due", len(claimed))
	}
	return claimed[0]
}

// Who tells a webhook and takes too long is not alone: what came of it is kept, and decides nothing.
func TestALateAttemptDecidesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		hook, d := w.hooked(t)
		is := func() app.DeliveryDetail {
			return must[app.DeliveryDetail](t)(w.Delivery(ctx, operator, slug, hook.ID, d.ID))
		}
		late := w.due(t, webhookJobs)
		w.pass(3 * time.Minute)
		check(t, w.KeepAttempt(ctx, w.due(t, webhookJobs), agenda.Attempt{Status: 204}))
		check(t, w.KeepAttempt(ctx, late, agenda.Attempt{Fault: string(agenda.HostClosed)}))
		if got := is(); got.Status != agenda.Delivered || got.Due != nil || got.Fault != "" || len(got.Tries) != 2 {
			t.Errorf("who lost the lease has it that %+v", got)
		}
		// Somebody wants it told again while it is told: it is.
		must[agenda.Delivery](t)(w.ReplayDelivery(ctx, operator, slug, hook.ID, d.ID))
		under := w.due(t, webhookJobs)
		must[agenda.Delivery](t)(w.ReplayDelivery(ctx, operator, slug, hook.ID, d.ID))
		check(t, w.KeepAttempt(ctx, under, agenda.Attempt{Status: 204}))
		check(t, w.DropDelivery(ctx, under))
		if got := is(); got.Status != agenda.DeliveryQueued || got.Due == nil {
			t.Errorf("it was to be told again, and is %+v", got.Delivery)
		}
		if p := w.attempt(t, agenda.Attempt{Status: 204}); p.ID != d.ID || is().Status != agenda.Delivered || len(is().Tries) != 4 {
			t.Errorf("told again: %+v", is())
		}
	})
}

// A delivery that brings the program down is given up, is seen as such, and administrators can have it tried again.
func TestADeliveryThatKills(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		hook, d := w.hooked(t)
		is := func() app.DeliveryDetail {
			return must[app.DeliveryDetail](t)(w.Delivery(ctx, operator, slug, hook.ID, d.ID))
		}
		panicked := errors.New(string(agenda.JobPanicked))
		for try := 1; try < agenda.MaxTries; try++ {
			check(t, w.FailJob(ctx, w.due(t, webhookJobs), panicked))
			if got := is(); got.Status != agenda.DeliveryQueued || got.Fault != panicked.Error() || got.Due == nil {
				t.Fatalf("after %d tries it is %+v", try, got.Delivery)
			}
			w.pass(agenda.RetryDelay(try))
		}
		last := w.due(t, webhookJobs)
		check(t, w.FailJob(ctx, last, panicked))
		if got := is(); got.Status != agenda.DeliveryFailed || got.Done == nil || got.Due != nil {
			t.Errorf("it was given up, and is %+v", got.Delivery)
		}
		dead := must[[]app.GivenUp](t)(w.DeadJobs(ctx, operator))
		if len(dead) != 1 || dead[0].Event.Slug != slug || dead[0].Fault != panicked.Error() || dead[0].Dead == nil {
			t.Fatalf("given up: %+v", dead)
		}
		_, err := w.DeadJobs(ctx, agenda.Actor{Kind: agenda.AccountHolder, ID: "a", Grants: []agenda.Grant{{EventID: d.EventID, Verbs: agenda.Verbs}}})
		wantCode(t, err, agenda.Forbidden)
		check(t, w.RetryJob(ctx, operator, dead[0].ID))
		wantCode(t, w.RetryJob(ctx, operator, dead[0].ID), agenda.NotFound)
		if again := w.due(t, webhookJobs); again.Tries != 1 || is().Status != agenda.DeliveryQueued {
			t.Errorf("it is tried again as %+v of %+v", again, is().Delivery)
		}
		wantCode(t, w.PutAwayJob(ctx, operator, dead[0].ID), agenda.NotFound)
	})
}

// Whoever administers the installation has letters that were given up tried again, or put away, and is not told of meetings.
func TestJobsThatWereGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		admin := agenda.Actor{Kind: agenda.AccountHolder, ID: "admin", Grants: []agenda.Grant{{Verbs: []agenda.Verb{agenda.ManageAccount}}}}
		refused := agenda.Errorf(agenda.Invalid, string(agenda.MailRefused)+": %w", errors.New("550 Minister Jane is unwanted"))
		m := w.mail(t, f, 0, agenda.MailQueued, func(m *agenda.Mail) { m.Meetings = true })
		check(t, w.MailFailed(ctx, w.claim(t)[0], refused))
		all, seen := must[[]app.GivenUp](t)(w.DeadJobs(ctx, operator)), must[[]app.GivenUp](t)(w.DeadJobs(ctx, admin))
		if all[0].Fault != agenda.MailRefused.With("550 Minister Jane is unwanted") || seen[0].Fault != string(agenda.MailRefused) {
			t.Errorf("told of a letter about a meeting: %q, %q", all[0].Fault, seen[0].Fault)
		}
		wantCode(t, w.RetryJob(ctx, admin, seen[0].ID), agenda.Taken) // nobody has vouched for the address
		w.is(t, m.ID, agenda.MailFailed)
		check(t, w.PutAwayJob(ctx, admin, seen[0].ID))
		w.is(t, m.ID, agenda.MailFailed)
		gone := w.mail(t, f, 0, agenda.MailQueued)
		check(t, w.MailFailed(ctx, w.claim(t)[0], refused))
		_, err := w.ErasePerson(ctx, operator, slug, app.Match{Any: true}, gone.PersonID, f.people[0].Name)
		check(t, err)
		if seen = must[[]app.GivenUp](t)(w.DeadJobs(ctx, admin)); len(seen) != 0 {
			t.Errorf("left of who was erased: %+v", seen)
		}
		m = w.mail(t, f, 1, agenda.MailQueued)
		check(t, w.MailFailed(ctx, w.claim(t)[0], refused))
		if seen = must[[]app.GivenUp](t)(w.DeadJobs(ctx, admin)); len(seen) != 1 || !strings.Contains(seen[0].Fault, "Jane") {
			t.Fatalf("given up: %+v", seen)
		}
		check(t, w.RetryJob(ctx, admin, seen[0].ID))
		w.is(t, m.ID, agenda.MailQueued)
		check(t, w.MailSent(ctx, w.claim(t)[0]))
		w.is(t, m.ID, agenda.MailSent)
	})
}

// Who may manage webhooks is written to in their language when one is stopped by itself, and of those that still are.
func TestOrganizersAreToldOfStoppedWebhooks(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx, notices := t.Context(), []agenda.JobKind{agenda.NoticeJob}
		hook, _ := h.hooked(t)
		h.member(t, "editor", agenda.Editor)
		must[agenda.Account](t)(h.CreateAccount(ctx, operator, agenda.Account{Email: email("anh"), Name: "Anh", Language: "vi"}, password))
		must[app.Invitation](t)(h.InviteMember(ctx, operator, slug, email("anh"), []agenda.MemberRole{agenda.Owner}, base, "en"))
		h.attempt(t, agenda.Attempt{Status: 410})
		p := must[agenda.Post](t)(h.OpenNotice(ctx, h.due(t, notices)))
		if p.To != email("anh") || p.Language != "vi" || !strings.Contains(p.Subject, "đã bị dừng") || p.Body[1].Heading != "Site" || !strings.Contains(p.URL, "/console/events/forum/webhooks") ||
			strings.Contains(strings.Join(p.Body[1].Lines, " "), "canary") {
			t.Errorf("the letter %+v", p)
		}
		h.pass(3 * time.Minute)
		on := must[agenda.Webhook](t)(h.Webhook(ctx, operator, slug, hook.ID))
		on.Stopped = nil
		must[agenda.Webhook](t)(h.EditWebhook(ctx, operator, slug, app.Match{Any: true}, on))
		again := h.due(t, notices)
		_, err := h.OpenNotice(ctx, again)
		wantCode(t, err, agenda.NotFound) // it is told again
		must[agenda.Delivery](t)(h.PingWebhook(ctx, operator, slug, hook.ID))
		h.attempt(t, agenda.Attempt{Status: 410})
		next := h.due(t, notices) // though somebody works on the one before
		check(t, h.EndJob(ctx, again))
		must[agenda.Post](t)(h.OpenNotice(ctx, next))
		check(t, h.FailJob(ctx, next, errors.New("busy")))
		h.pass(agenda.RetryDelay(1))
		if last := h.due(t, notices); last.Tries != 2 {
			t.Errorf("it is tried again as %+v", last)
		}
	})
}
