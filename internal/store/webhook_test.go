package store

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// fullWebhook has every field.
func fullWebhook(id agenda.ID) agenda.Webhook {
	until, stopped, failing := at(9), at(7), at(6)
	return agenda.Webhook{ID: id, EventID: "e-full", Name: "Trang web", URL: "https://forum.example/hook?key=1", Kinds: agenda.WebhookKinds,
		Secret: "whsec_bmV3", OldSecret: "whsec_b2xk", OldUntil: &until, Stopped: &stopped, Reason: agenda.StoppedGone, Failing: &failing,
		Revision: 1, Created: at(1), Updated: at(2)}
}

func fullDelivery(id, webhook agenda.ID) agenda.Delivery {
	due, done := at(4), at(5)
	return agenda.Delivery{ID: id, EventID: "e-full", WebhookID: webhook, Kind: agenda.ReleasePublished, Release: 2, Status: agenda.DeliveryFailed,
		Attempts: 3, Fault: "hết giờ", Due: &due, Done: &done, Created: at(3)}
}

func fillWebhooks(tx *Tx) error {
	return errors.Join(tx.InsertWebhook(fullWebhook("hook")), tx.InsertDelivery(fullDelivery("delivery", "hook"), at(0), 10),
		tx.InsertDeliveryAttempt("delivery", agenda.Attempt{Number: 1, At: at(3), Took: 1200 * time.Millisecond, Status: 500, Fault: "500", Answer: "lỗi"}, 10))
}

func TestWebhooksComeBack(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, fillWebhooks)
		write(t, s, func(tx *Tx) error {
			if diff := gocmp.Diff(fullWebhook("hook"), must[agenda.Webhook](t)(tx.Webhook("e-full", "hook"))); diff != "" {
				t.Errorf("the webhook (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(fullDelivery("delivery", "hook"), must[agenda.Delivery](t)(tx.Delivery("e-full", "delivery"))); diff != "" {
				t.Errorf("the delivery (-want +got):\n%s", diff)
			}
			want := []agenda.Attempt{{Number: 1, At: at(3), Took: 1200 * time.Millisecond, Status: 500, Fault: "500", Answer: "lỗi"}}
			if diff := gocmp.Diff(want, must[[]agenda.Attempt](t)(tx.DeliveryAttempts("delivery"))); diff != "" {
				t.Errorf("the attempts (-want +got):\n%s", diff)
			}
			_, elsewhere := tx.Webhook("e-plain", "hook")
			_, delivery := tx.Delivery("e-plain", "delivery")
			if agenda.CodeOf(elsewhere) != agenda.NotFound || agenda.CodeOf(delivery) != agenda.NotFound {
				t.Errorf("another event has them: %v, %v", elsewhere, delivery)
			}
			changed := fullWebhook("hook")
			changed.Name, changed.Stopped, changed.Reason, changed.Failing, changed.OldUntil, changed.Revision = "N", nil, "", nil, nil, 2
			if err := tx.UpdateWebhook(changed); err != nil {
				return err
			}
			if err := tx.UpdateWebhook(changed); agenda.CodeOf(err) != agenda.Stale {
				t.Errorf("changed twice: %v", err)
			}
			failing := at(8)
			changed.Failing = &failing
			if err := tx.MarkWebhook("e-full", "hook", &failing); err != nil {
				return err
			}
			if diff := gocmp.Diff(changed, must[agenda.Webhook](t)(tx.Webhook("e-full", "hook"))); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
			return tx.DeleteWebhook("e-full", "hook", 2)
		})
		for _, table := range []string{"webhooks", "webhook_deliveries", "webhook_attempts"} {
			if n := count(t, s, table); n != 0 {
				t.Errorf("%d rows of %s are left of a webhook that was deleted", n, table)
			}
		}
	})
}

func TestDeliveriesAreKeptForAWhile(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			for _, id := range []agenda.ID{"h1", "h2"} {
				if err := tx.InsertWebhook(fullWebhook(id)); err != nil {
					return err
				}
			}
			for i := range 12 {
				d := fullDelivery(agenda.ID(fmt.Sprintf("d%02d", i)), "h1")
				d.Created = at(i)
				if i == 1 {
					d.Status = agenda.DeliveryQueued // is never taken away
				}
				if err := tx.InsertDelivery(d, at(0), 5); err != nil {
					return err
				}
			}
			return errors.Join(tx.InsertDelivery(fullDelivery("other", "h2"), at(0), 5))
		})
		kept := func(webhook agenda.ID, status agenda.DeliveryStatus) string {
			var ids []string
			write(t, s, func(tx *Tx) error {
				page := Page{Limit: 2}
				for {
					list, next, err := tx.Deliveries("e-full", webhook, status, page)
					for _, d := range list {
						ids = append(ids, string(d.ID))
					}
					if page.After = next; err != nil || next == "" {
						return err
					}
				}
			})
			return strings.Join(ids, " ")
		}
		for _, c := range []struct{ webhook, status, want string }{{"h1", "", "d11 d10 d09 d08 d07 d01"}, {"h1", "queued", "d01"}, {"h1", "delivered", ""}, {"h2", "", "other"}} {
			if got := kept(agenda.ID(c.webhook), agenda.DeliveryStatus(c.status)); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.webhook, cmp.Or(c.status, "any"), got, c.want)
			}
		}
		write(t, s, func(tx *Tx) error { return tx.InsertDelivery(fullDelivery("last", "h1"), at(11), 5) })
		if got := kept("h1", ""); got != "d11 last d01" {
			t.Errorf("after a while: %s", got)
		}
		write(t, s, func(tx *Tx) error {
			for n := 1; n <= 7; n++ {
				if err := tx.InsertDeliveryAttempt("last", agenda.Attempt{Number: n, At: at(n)}, 3); err != nil {
					return err
				}
			}
			if list := must[[]agenda.Attempt](t)(tx.DeliveryAttempts("last")); len(list) != 3 || list[0].Number != 5 {
				t.Errorf("attempts %+v", list)
			}
			return nil
		})
	})
}
