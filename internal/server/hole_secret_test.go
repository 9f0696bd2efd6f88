package server

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// TestHoleV16SecretsOfFeeds: the key of a calendar was made of the login, could not be taken back, and whoever had it could ask
// for more than it was given for (edit-flow 975).
func TestHoleV16SecretsOfFeeds(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s, ctx := newStageOn(h), t.Context()
		s.app = app.New(s.store, app.Options{Now: h.now, NewID: h.newID}) // whose secrets are those of the program
		s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: h.now})
		open := func(set agenda.FeedSettings) (agenda.Feed, string) {
			f, secret, err := s.app.OpenFeed(ctx, s.system(), forum, agenda.Feed{PersonID: s.minister, FeedSettings: set}, app.Once{})
			s.check(err)
			return f, secret
		}
		feed, secret := open(agenda.FeedSettings{Detail: agenda.BusyOnly})
		whole, whatever := open(agenda.FeedSettings{Meetings: true})
		path := "/feeds/" + secret + ".ics"
		was := s.must(200, s.get(path)).Body
		if all := s.must(200, s.get("/feeds/"+whatever+".ics")).Body; !strings.Contains(all, canary+" secret talks") || !strings.Contains(was, "BEGIN:VEVENT") || strings.Contains(was, canary) {
			t.Fatalf("the calendars are %s\n%s", was, all)
		}
		for _, q := range []string{"meetings=true", "meetings=1", "detail=full", "person=" + string(s.chair), "person_id=" + string(s.chair), "scope=all", "kind=starred", "event=other",
			"panels=all", "panel=" + string(s.talk.ID), "room=" + string(s.table), "whole=true", "feed=" + string(whole.ID), "id=" + string(whole.ID), "secret=" + whatever, "hash=x", "user=admin", "draft=true", "number=1", "download"} {
			if got := s.get(path + "?" + q); got.Status != 200 || got.Body != was {
				t.Errorf("with ?%s it is another: %d %s", q, got.Status, got.Body)
			}
		}
		for _, q := range []string{"lang=fr", "cancelled=keep", "whole_event=true"} { // how it is told, not what
			if got := s.must(200, s.get(path+"?"+q)).Body; strings.Contains(got, canary) || strings.Contains(got, "Laws") || strings.Count(got, "BEGIN:VEVENT") > strings.Count(was, "BEGIN:VEVENT")+1 {
				t.Errorf("with ?%s it tells more: %s", q, got)
			}
		}
		_, rotated, err := s.app.RotateFeed(ctx, s.system(), forum, app.Match{Any: true}, whole.ID)
		s.check(err)
		if got := s.get("/feeds/" + whatever + ".ics"); strings.Contains(got.Body, "BEGIN:VEVENT") {
			t.Errorf("the secret from before tells on: %s", got.Body)
		}
		s.check(s.app.RevokeFeed(ctx, s.system(), forum, feed.ID))
		if got := s.get(path); strings.Contains(got.Body, "BEGIN:VEVENT") { // it empties calendars first, which a 404 would not
			t.Errorf("a feed that was revoked tells on: %s", got.Body)
		}
		s.pass(40 * 24 * time.Hour)
		for _, gone := range []string{path, "/feeds/" + whatever + ".ics"} {
			if got := s.get(gone); got.Status != http.StatusGone && got.Status != http.StatusNotFound {
				t.Errorf("after a while it is %d", got.Status)
			}
		}
		for _, one := range []string{secret, whatever, rotated} {
			s.isRandom(one, []string{string(feed.ID), string(whole.ID), string(s.minister), string(s.event.ID), forum, "Nguyễn Mạnh Hùng", canary + "@example.org", "phone", h.now().Format(time.RFC3339)})
		}
		if secret == whatever || rotated == whatever {
			t.Error("two secrets are the same")
		}
	})
}

// isRandom fails the test when a secret is short, or made of what is known.
func (s *stage) isRandom(secret string, known []string) {
	s.t.Helper()
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(raw) != 32 {
		s.t.Errorf("the secret %q is not 256 bits", secret)
	}
	var made []string
	for _, a := range append(slices.Clone(known), "") {
		for _, b := range known {
			text := []byte(a + b)
			m5, s1, s256 := md5.Sum(text), sha1.Sum(text), sha256.Sum256(text)
			for _, sum := range [][]byte{m5[:], s1[:], s256[:], text} {
				made = append(made, hex.EncodeToString(sum), base64.RawURLEncoding.EncodeToString(sum))
			}
		}
	}
	for _, m := range made {
		if strings.Contains(secret, m) || strings.Contains(m, secret) {
			s.t.Errorf("the secret %q is made of what is known", secret)
		}
	}
}

// TestHoleV18ExportsAreTheirOwners asks for every file that the API makes as everybody else: that an address can't be guessed
// does not make it theirs (pretalx CVE-2026-9712).
func TestHoleV18ExportsAreTheirOwners(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	_, keeper := h.newLogin("keeper@example.org", false, forum, agenda.Owner, agenda.Protocol)
	_, stranger := h.newLogin("stranger@example.org", false, "other", agenda.MemberRoles...)
	_, nobody := h.newLogin("nobody@example.org", false, "")
	elsewhere := h.newToken("other", agenda.EventVerbs, nil)
	exports := 0
	for _, op := range apiOperations(h.server) {
		if op.Method != http.MethodGet || !strings.Contains(op.Path, "{event}") || op.Extensions["x-access"] == string(Public) || op.Extensions["x-access"] == string(BySecret) {
			continue
		}
		path, _ := own.requestOf(http.MethodGet, echoPath(op.Path))
		made := h.ask("", http.MethodGet, path, nil, header{"Cookie", keeper})
		if !strings.HasPrefix(made.Header.Get("Content-Disposition"), "attachment") {
			continue
		}
		exports++
		if made.Status != 200 || !strings.Contains(made.Header.Get("Cache-Control"), "private") {
			t.Errorf("%s: %d, kept by %q", path, made.Status, made.Header.Get("Cache-Control"))
		}
		for who, headers := range map[string][]header{"an owner of another event": {{"Cookie", stranger}}, "a token of another event": {{"Authorization", "Bearer " + elsewhere}}, "nobody in particular": {{"Cookie", nobody}}, "anonymous": nil} {
			want := http.StatusNotFound
			if headers == nil {
				want = http.StatusUnauthorized
			}
			if got := h.ask("", http.MethodGet, path, nil, headers...); got.Status != want || got.Header.Get("Content-Disposition") != "" || strings.Contains(got.Body, "Lan Anh") {
				t.Errorf("%s by %s: %d %s", path, who, got.Status, got.Body)
			}
		}
	}
	if exports < 3 {
		t.Errorf("only %d exports were tried", exports)
	}
}

// TestHoleV24FormsBeginEmpty opens every page that anybody may, with its forms, and sends some of them wrongly, while there is
// much that is not published: a form for something new showed what others had made (pretalx 2026.1.2).
func TestHoleV24FormsBeginEmpty(t *testing.T) {
	sweep(t)
	alongside(t)
	a := &aviary{stage: newStage(t)}
	_, cookie := a.newLogin("nobody@example.org", false, "")
	starred, err := a.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{a.talk.ID}})
	a.check(err)
	draft := string(a.panelOf("DRAFT1"))
	a.fills = map[string][]string{"event": {forum}, "number": {"1", "2", "draft", "0"}, "panel": {"PANEL1", "DRAFT1", draft}, "room": {string(a.hall), string(a.table)}, "track": {string(a.track)},
		"person": {string(a.minister), string(a.invited)}, "key": {starred.Key}, "file": {starred.Secret}, "name": {"plenary.css"}, "secret": {a.letterSecret(string(a.plantMail(forum, string(a.invited), "Of the agenda"))), a.letterSecret("none"), "none"}}
	forms := 0
	hears := func(what string, got answer) {
		if said := strings.Join(readings(t, got), "\n"); strings.Contains(said, canary) || strings.Contains(said, "54321") {
			t.Errorf("%s: %d tells what is not published: %s", what, got.Status, said)
		}
		forms += strings.Count(got.Body, "<form")
	}
	for _, route := range a.server.echo.Routes() {
		access := a.server.access["GET "+route.Path]
		if route.Method != http.MethodGet || !access.open() && access != BySignIn {
			continue
		}
		for _, path := range a.paths(route.Path) {
			for _, query := range []string{"", "?lang=vi", "?done=saved&after=x&draft=true&release=draft"} {
				hears(path+query, a.get(path+query, browser))
				hears(path+query+" when signed in", a.get(path+query, browser, header{"Cookie", cookie}))
			}
		}
	}
	form := header{"Content-Type", "application/x-www-form-urlencoded"}
	for _, to := range []string{"/starred", "/starred/" + starred.Key} {
		for _, do := range []string{"save", "make", "close", ""} {
			for _, panel := range []string{draft, "DRAFT1", string(a.off.ID), "nothing"} {
				sent := url.Values{"do": {do}, "revision": {"99"}, "panel": {panel}, "alarm": {"x"}}.Encode()
				hears(fmt.Sprint("POST ", to, sent), a.ask("", http.MethodPost, "/"+forum+to, sent, form, browser))
				hears(fmt.Sprint("POST ", to, sent), a.ask("", http.MethodPost, "/"+forum+to, url.Values{"panel": {panel}}.Encode(), form, browser))
			}
		}
	}
	if forms < 30 {
		t.Errorf("only %d forms were looked at", forms)
	}
}
