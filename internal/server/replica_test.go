package server

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/app"
	"plenary/internal/store"
)

// replica is another program on the database of the harness, with the same clock, and nothing else in common.
func (h *harness) replica() *harness {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), h.at, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = s.Close() })
	other := &harness{t: h.t, at: h.at, store: s, event: h.event, read: h.read, write: h.write, all: h.all}
	other.clock.Store(h.clock.Load())
	other.ids.Store(1 << 20) // its identities and secrets are others
	other.secrets.Store(1 << 20)
	other.codes.Store(50)
	other.app = app.New(s, app.Options{Now: h.now, NewID: other.newID, Secret: other.newSecret, Code: other.newCode, Post: h.mail, Passwords: fastPasswords, CodeRounds: 1})
	other.server = New(Options{App: other.app, BaseURL: base, Version: "1.2.3", Now: h.now})
	return other
}

// twins runs the test with two programs on one PostgreSQL.
func twins(t *testing.T, run func(t *testing.T, a, b *harness)) {
	alongside(t)
	a := newHarnessOn(t, migrated.URL(t))
	run(t, a, a.replica())
}

// at makes the browser's requests go to that program, as a proxy may from one request to the next.
func (b *tab) at(h *harness) *tab {
	b.harness = h
	return b
}

// Whoever signs in at one replica is signed in at the other, and whose login ends at one is a stranger to the other at once.
func TestReplicasShareLogins(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		account := a.newAccount(owner, false)
		tab := a.newTab()
		tab.arrive("/console", tab.submit("/sign-in", "email", owner, "password", phrase))
		for _, h := range []*harness{b, a} { // what a page of another site sends is refused by both
			tab.at(h).must(200, tab.open("/console"))
			tab.must(403, tab.send(http.MethodPost, "/sign-out", "", header{"Sec-Fetch-Site", "cross-site"}, header{"Content-Type", "application/x-www-form-urlencoded"}))
		}
		kept := maps.Clone(tab.jar)
		tab.at(b).submit("/sign-out")
		tab.jar = kept
		tab.at(a).arrive("/sign-in?next=%2Fconsole", tab.open("/console"))
		// A second factor is begun at one and set up at the other; a sign-in goes back and forth between them.
		tab.arrive("/console", tab.submit("/sign-in", "email", owner, "password", phrase))
		phone, _ := tab.at(b).setUpFactor()
		phone.h = a // whose clock it is
		a.pass(time.Minute)
		one, two := a.newTab(), b.newTab()
		one.arrive("/sign-in/factor", one.submit("/sign-in", "email", owner, "password", phrase))
		two.arrive("/sign-in/factor", two.submit("/sign-in", "email", owner, "password", phrase))
		one.at(b)
		two.at(a)
		one.arrive("/console", one.submit("/sign-in/factor", "code", phone.code()))
		two.must(401, two.submit("/sign-in/factor", "code", phone.code())) // which was used at the other one
		// An account that is shut at one has no login at the other any more.
		if _, err := b.app.SetAccount(t.Context(), b.system(), app.Match{Any: true}, account.ID, false, true); err != nil {
			t.Fatal(err)
		}
		one.at(a).arrive("/sign-in?next=%2Fconsole", one.open("/console"))
	})
}

// Guesses are counted together, whichever replica they go to, and one after another or all at once.
func TestReplicasCountGuessesTogether(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		both := []*harness{a, b}
		a.newAccount(owner, false)
		var wrong, later atomic.Int64
		atOnce(4*10, func(i int) {
			tab := both[i%2].newTab()
			switch got := tab.submit("/sign-in", "email", owner, "password", phrase2).Status; got {
			case http.StatusUnauthorized:
				wrong.Add(1)
			case http.StatusTooManyRequests:
				later.Add(1)
			default:
				t.Errorf("a wrong password is answered with %d", got)
			}
		})
		if wrong.Load() != 10 || later.Load() != 30 {
			t.Errorf("%d wrong passwords were looked at, %d were not", wrong.Load(), later.Load())
		}
		for _, h := range both {
			tab := h.newTab()
			tab.must(429, tab.submit("/sign-in", "email", owner, "password", phrase))
		}
		// The code that is mailed for a personal link: after five tries at either it is worth nothing.
		s := newStageOn(a)
		_, secret, _ := s.link(s.minister, `{"vouched_address":"`+canary+`@example.org"}`)
		visit := s.come(secret)
		s.must(303, visit.send("/me/code", nil))
		right := a.lastLetter().Code
		for i := range 5 {
			visit.stage = &stage{harness: both[i%2]}
			visit.must(422, visit.send("/me/confirm", url.Values{"code": {"999999"}}))
		}
		for _, h := range both {
			visit.stage = &stage{harness: h}
			if got := visit.send("/me/confirm", url.Values{"code": {right}}).Status; got == http.StatusSeeOther {
				t.Error("the right code is taken after five wrong ones")
			}
		}
	})
}

// What is ended at one replica opens nothing at the other, at the next request.
func TestReplicasEndSecretsTogether(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		s := newStageOn(a)
		other := &stage{harness: b}
		id, secret, _ := s.link(s.chair, `{}`)
		visit := s.come(secret)
		visit.stage = other
		visit.look()
		s.must(204, s.ask(s.write, http.MethodDelete, "/api/v1/events/vidw-2025/people/"+string(s.chair)+"/links/"+id, nil))
		if page := b.get("/me", visit.headers()...); !strings.Contains(page.Body, "This page opens with the personal link") {
			t.Errorf("the visit goes on: %s", textOfPage(page.Body))
		}

		const feeds = "/api/v1/events/vidw-2025/feeds"
		feed := decode[struct{ ID, URL string }](t, s.must(201, s.ask(s.write, http.MethodPost, feeds, map[string]any{"person": s.chair, "name": "phone"})))
		at := strings.TrimPrefix(feed.URL, base)
		for _, h := range []*harness{a, b, b} {
			if got := h.must(200, h.get(at)); !strings.Contains(got.Body, "BEGIN:VEVENT") {
				t.Fatalf("the feed of a speaker is %s", got.Body)
			}
		}
		s.must(204, s.ask(s.write, http.MethodDelete, feeds+"/"+feed.ID, nil, header{"If-Match", "*"}))
		if got := b.get(at); strings.Contains(got.Body, "BEGIN:VEVENT") { // an empty calendar, for a while
			t.Error("a feed that was revoked is told")
		}

		token := decode[struct{ ID, Secret string }](t, s.must(201, s.ask(s.all, http.MethodPost, "/api/v1/tokens", map[string]any{"name": "x", "scopes": []string{"read_draft"}})))
		b.must(200, b.ask(token.Secret, http.MethodGet, "/api/v1/events/vidw-2025/panels", nil))
		s.must(204, s.ask(s.all, http.MethodDelete, "/api/v1/tokens/"+token.ID, nil))
		b.must(401, b.ask(token.Secret, http.MethodGet, "/api/v1/events/vidw-2025/panels", nil))
	})
}

// A request that is repeated at the other replica with its key makes nothing a second time, also while the first one is under way.
func TestReplicasShareIdempotencyKeys(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		both := []*harness{a, b}
		const people = "/api/v1/events/vidw-2025/people"
		made := decode[struct{ ID string }](t, a.must(201, a.ask(a.write, http.MethodPost, people, `{"name":"Lan"}`, header{"Idempotency-Key", "k"})))
		again := b.must(201, b.ask(b.write, http.MethodPost, people, `{"name":"Lan"}`, header{"Idempotency-Key", "k"}))
		if decode[struct{ ID string }](t, again).ID != made.ID || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Error(again)
		}
		b.must(409, b.ask(b.write, http.MethodPost, people, `{"name":"Mai"}`, header{"Idempotency-Key", "k"}))
		var ids sync.Map
		atOnce(8, func(i int) {
			h := both[i%2]
			got := h.must(201, h.ask(h.write, http.MethodPost, people, `{"name":"Hung"}`, header{"Idempotency-Key", "at-once"}))
			ids.Store(decode[struct{ ID string }](t, got).ID, true)
		})
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("one key made %d people", n)
		}
	})
}

// What is published or uploaded at one replica is what the other one shows, and pages of letters open at both.
func TestReplicasShowTheSame(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		s := newStageOn(a)
		for range 3 {
			for _, path := range []string{"/vidw-2025/agenda.json", "/vidw-2025/", "/vidw-2025/agenda.ics"} {
				if one, two := a.must(200, a.get(path)), b.must(200, b.get(path)); one.Body != two.Body || one.Header.Get("Etag") != two.Header.Get("Etag") {
					t.Errorf("%s differs", path)
				}
			}
			s.publish(nil)
		}
	})
}

// Both have looked once more, and would look again in an hour: what they hear of, they are told by the other one.
func TestReplicasHearOfChanges(t *testing.T) {
	twins(t, func(t *testing.T, a, b *harness) {
		s := newStageOn(a)
		for _, h := range []*harness{a, b} {
			h.app = app.New(h.store, app.Options{Now: a.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Passwords: fastPasswords, Pulse: time.Hour, PublicPulse: time.Hour})
		}
		other := &stage{harness: b, talk: s.talk, hall: s.hall}
		at := s.live(time.Minute) + streamPath
		there := other.live(time.Minute) + streamPath
		for _, h := range []*harness{a, b} {
			h.t.Cleanup(h.server.Follow(t.Context()))
		}
		here, l := s.listen(at, "ready", bearer(s.write)), other.listen(there, "ready", bearer(s.write))
		for i, from := range []*harness{a, b, a, b} {
			move := app.Move{PanelID: s.talk.ID, Match: app.Match{Any: true}}
			if i%2 == 1 {
				move.Slot = &app.SlotRequest{RoomID: s.hall, Start: "2025-10-27T16:15", End: "2025-10-27T17:15"}
			}
			_, err := from.app.MovePanel(t.Context(), a.system(), forum, move)
			s.check(err)
			for _, l := range []*listener{here, l} {
				if m := l.next(); m.Kind != "change" {
					t.Errorf("change %d is told as %+v", i, m)
				}
			}
		}
	})
}
