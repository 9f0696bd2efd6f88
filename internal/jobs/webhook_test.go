package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
	"plenary/internal/webhook"
)

var (
	tester  = agenda.System("test")
	allowed = webhook.Options{Timeout: 5 * time.Second, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
)

// desk is an App with an Event, and a worker that tells its webhooks. Its clock stands still until it is moved.
type desk struct {
	*app.App
	t     *testing.T
	url   string
	store *store.Store
	clock *atomic.Int64
	ids   *atomic.Int64
	log   *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func atDesk(t *testing.T, test func(t *testing.T, d *desk)) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(pgtest.Folder(t), "plenary.db") },
		"postgres": func() string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &desk{t: t, url: url(), clock: new(atomic.Int64), ids: new(atomic.Int64), log: &lockedBuffer{}}
			d.clock.Store(time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
			d.open(allowed)
			_, _, err := d.CreateEvent(t.Context(), tester, agenda.Event{Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "UTC",
				StartDate: "2025-10-27", EndDate: "2025-10-27", Languages: []string{"en"}}, app.Once{})
			d.check(err)
			test(t, d)
		})
	}
}

// open opens the database, as the program does when it starts.
func (d *desk) open(o webhook.Options) {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), d.url, nil)
	d.check(err)
	_, err = s.Migrate(d.t.Context())
	d.check(err)
	d.t.Cleanup(func() { _ = s.Close() })
	d.store = s
	d.App = app.New(s, app.Options{Now: d.now, Address: webhook.New(o).Check, NewID: func() agenda.ID {
		return agenda.ID(fmt.Sprintf("0199ffff-0000-7000-8000-%012d", d.ids.Add(1)))
	}})
	d.check(d.RenewCalendars(d.t.Context(), "https://agenda.example"))
}

func (d *desk) now() time.Time { return time.UnixMilli(d.clock.Load()).UTC() }

func (d *desk) pass(by time.Duration) { d.clock.Add(by.Milliseconds()) }

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// work lets a worker run until the function that it gives is called.
func (d *desk) work(o webhook.Options) (end func()) {
	ctx, cancel := context.WithCancel(d.t.Context())
	w := New(Options{App: d.App, Tell: webhook.New(o).Send, Pulse: 5 * time.Millisecond, Log: slog.New(slog.NewTextHandler(d.log, nil))})
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	var once sync.Once
	end = func() { once.Do(func() { cancel(); <-done }) }
	d.t.Cleanup(end)
	return end
}

func (d *desk) hook(url string) agenda.Webhook {
	d.t.Helper()
	w, err := d.CreateWebhook(d.t.Context(), tester, "forum", agenda.Webhook{Name: "Website", URL: url, Kinds: agenda.WebhookKinds}, app.Once{})
	d.check(err)
	return w
}

func (d *desk) publish() {
	d.t.Helper()
	_, err := d.Publish(d.t.Context(), tester, "forum", agenda.Text{"en": "News"}, nil, app.Once{})
	d.check(err)
}

// newest gives the newest delivery.
func (d *desk) newest(w agenda.Webhook) app.DeliveryDetail {
	d.t.Helper()
	list, _, err := d.Deliveries(d.t.Context(), tester, "forum", w.ID, "", app.Page{})
	d.check(err)
	if len(list) == 0 {
		d.t.Fatal("there is no delivery")
	}
	detail, err := d.Delivery(d.t.Context(), tester, "forum", w.ID, list[0].ID)
	d.check(err)
	return detail
}

// until waits until the newest delivery has been tried so often.
func (d *desk) until(w agenda.Webhook, attempts int, status agenda.DeliveryStatus) app.DeliveryDetail {
	d.t.Helper()
	return d.untilOf(func() app.DeliveryDetail { return d.newest(w) }, attempts, status)
}

func (d *desk) untilOf(delivery func() app.DeliveryDetail, attempts int, status agenda.DeliveryStatus) app.DeliveryDetail {
	d.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		got := delivery()
		if got.Attempts == attempts && got.Status == status {
			return got
		}
		if time.Now().After(end) {
			d.t.Fatalf("%d attempts, %s: want %d, %s", got.Attempts, got.Status, attempts, status)
		}
	}
}

func TestWebhooksAreTold(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk) {
		var secret atomic.Value
		r := newReceiver(t, &secret, d.now, 500, 204)
		w := d.hook(r.URL + "/hook?key=canary-of-the-address")
		first := w.Secret
		secret.Store(first)
		d.work(allowed)
		d.publish()
		got := d.until(w, 1, agenda.DeliveryQueued)
		if a := got.Tries[0]; a.Status != 500 || !strings.Contains(a.Fault, "500 Internal Server Error") || len(a.Answer) > 1024 || strings.ContainsAny(a.Answer, "\x00\x1b") || !strings.Contains(a.Answer, "<script>x") {
			t.Errorf("the attempt %+v", a)
		}
		if want := d.now().Add(agenda.RetryDelay(1)); !got.Due.Equal(want) {
			t.Errorf("it is tried next %v, want %v", got.Due, want)
		}
		d.pass(agenda.RetryDelay(1))
		got = d.until(w, 2, agenda.Delivered)
		for i, one := range r.all() {
			var doc struct {
				Type, Timestamp string
				Data            struct {
					Event   struct{ Slug string }
					Release struct {
						Number  int
						Changes []any
					}
					Links map[string]string
				}
			}
			d.check(json.Unmarshal([]byte(one.body), &doc))
			if one.id != string(got.ID) || !slices.Equal(one.good, []int{0}) || one.of != 1 || doc.Type != "release.published" || doc.Timestamp != "2025-10-01T08:00:00Z" ||
				doc.Data.Release.Number != 1 || doc.Data.Links["agenda_json"] != "https://agenda.example/forum/agenda.json" {
				t.Errorf("attempt %d: %+v", i, one)
			}
		}
		// The new secret signs first, and the old one for a day.
		w, err := d.RotateWebhook(t.Context(), tester, "forum", app.Match{Any: true}, w.ID)
		d.check(err)
		d.publish()
		d.until(w, 1, agenda.Delivered)
		secret.Store(w.Secret)
		_, err = d.ReplayDelivery(t.Context(), tester, "forum", w.ID, got.ID)
		d.check(err)
		d.untilOf(func() app.DeliveryDetail { // it has arrived before it is noted, and is sent again should a day pass in between
			again, err := d.Delivery(t.Context(), tester, "forum", w.ID, got.ID)
			d.check(err)
			return again
		}, got.Attempts+1, agenda.Delivered)
		d.pass(agenda.OldSecretTime + time.Second)
		d.publish()
		d.until(w, 1, agenda.Delivered)
		all := r.all()
		if len(all) != 5 || !slices.Equal(all[2].good, []int{1}) || all[2].of != 2 || !slices.Equal(all[3].good, []int{0}) || all[3].id != string(got.ID) || all[3].body != all[0].body ||
			!slices.Equal(all[4].good, []int{0}) || all[4].of != 1 {
			t.Errorf("with another secret: %+v", all)
		}
		d.keepsQuiet(first, w.Secret, "canary-of-the-address")
	})
}

// keepsQuiet looks for secrets where they have no business.
func (d *desk) keepsQuiet(secrets ...string) {
	d.t.Helper()
	said := d.log.String()
	err := d.EachActivity(d.t.Context(), tester, "", app.ActivityFilter{}, 0, func(a agenda.Activity) error {
		said += fmt.Sprint(a)
		return nil
	})
	d.check(err)
	list, _, err := d.Webhooks(d.t.Context(), tester, "forum", app.Page{})
	d.check(err)
	for i := range list {
		list[i].URL = "" // which who may manage access sees
	}
	said += fmt.Sprint(list)
	if !strings.Contains(said, "a webhook was told") {
		d.t.Error("the log says nothing of it")
	}
	for _, s := range secrets {
		if strings.Contains(said, s) || strings.Contains(said, strings.TrimPrefix(s, "whsec_")) {
			d.t.Errorf("%.12s… is told in %s", s, said)
		}
	}
}

func TestWebhooksThatCannotBeReached(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk) {
		var secret atomic.Value
		r := newReceiver(t, &secret, d.now)
		w := d.hook(r.URL)
		secret.Store(w.Secret)
		address := r.Listener.Addr().String()
		r.Close() // it is killed
		end := d.work(allowed)
		d.publish()
		got := d.until(w, 1, agenda.DeliveryQueued)
		if !strings.Contains(got.Fault, "takes no connections") || got.Tries[0].Status != 0 {
			t.Errorf("the attempt says %q", got.Fault)
		}
		// The program is killed too, and another one goes on.
		end()
		d.check(d.store.Close())
		d.open(allowed)
		listener, err := net.Listen("tcp", address)
		d.check(err)
		again := newReceiver(t, &secret, d.now)
		s := &http.Server{Handler: again.Config.Handler}
		go func() { _ = s.Serve(listener) }()
		t.Cleanup(func() { _ = s.Close() })
		d.work(allowed)
		d.pass(agenda.RetryDelay(1))
		d.until(w, 2, agenda.Delivered)
		if all := again.all(); len(all) != 1 || len(all[0].good) != 1 || all[0].id != string(got.ID) {
			t.Errorf("it was told %+v", all)
		}
	})
}

// TestWebhooksAfterACrash: the program is killed after the other side was told and before that was noted.
func TestWebhooksAfterACrash(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk) {
		var secret atomic.Value
		r := newReceiver(t, &secret, d.now)
		w := d.hook(r.URL)
		secret.Store(w.Secret)
		d.publish()
		claimed, err := d.ClaimJobs(t.Context(), []agenda.JobKind{agenda.WebhookJob}, 9)
		d.check(err)
		parcel, err := d.OpenDelivery(t.Context(), claimed[0])
		d.check(err)
		if a := webhook.New(allowed).Send(t.Context(), parcel); !a.Arrived() {
			t.Fatalf("%+v", a)
		}
		d.work(allowed)
		time.Sleep(20 * time.Millisecond)
		if n := len(r.all()); n != 1 {
			t.Errorf("it is somebody's, and was told %d times", n)
		}
		d.pass(3 * time.Minute)
		d.until(w, 1, agenda.Delivered)
		if all := r.all(); len(all) != 2 || all[0].id != all[1].id || all[0].body != all[1].body {
			t.Errorf("told %+v", all)
		}
		if next, err := d.NextJob(t.Context(), []agenda.JobKind{agenda.WebhookJob}, time.Hour); err != nil || next != time.Hour {
			t.Errorf("a job is left for %v, %v", next, err)
		}
	})
}

// TestHoleV11WebhooksAreNeverPrivate: no connection is made to a private address, whichever way it is named.
func TestHoleV11WebhooksAreNeverPrivate(t *testing.T) {
	atDesk(t, func(t *testing.T, d *desk) {
		var heard atomic.Int32
		inside := httptest.NewUnstartedServer(http.NotFoundHandler())
		inside.Config.ConnState = func(_ net.Conn, s http.ConnState) {
			if s == http.StateNew {
				heard.Add(1)
			}
		}
		inside.StartTLS()
		t.Cleanup(inside.Close)
		_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
		closed := webhook.New(webhook.Options{})
		for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "x.localhost"} {
			if err := closed.Check("https://" + host + ":" + port + "/"); agenda.CodeOf(err) != agenda.Invalid {
				t.Errorf("%s: %v", host, err)
			}
		}
		if err := closed.Check("http://hooks.example/"); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("without TLS: %v", err)
		}
		var secret atomic.Value
		r := newReceiver(t, &secret, d.now, 302, 307)
		r.header.Set("Location", inside.URL)
		w := d.hook(r.URL) // and the address is private once the worker does not allow it any more
		secret.Store(w.Secret)
		d.publish()
		end := d.work(webhook.Options{Timeout: 3 * time.Second})
		got := d.until(w, 1, agenda.DeliveryQueued)
		if len(r.all()) != 0 || got.Tries[0].Status != 0 || got.Fault == "" {
			t.Errorf("what is private was told: %+v", got.Tries)
		}
		end()
		d.work(allowed)
		for n, by := range []time.Duration{agenda.RetryDelay(1), agenda.RetryDelay(2)} {
			d.pass(by)
			got = d.until(w, n+2, agenda.DeliveryQueued)
			if !strings.Contains(got.Fault, "redirects are not followed") {
				t.Errorf("redirected: %s", got.Fault)
			}
		}
		if heard.Load() != 0 {
			t.Errorf("%d connections were made", heard.Load())
		}
	})
}
