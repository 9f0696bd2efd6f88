package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// own are the pages of those who are signed in, or came with a link.
type own struct {
	*field
	email   string
	cookie  string // of an owner whose own words are the same
	visit   *caller
	invited string // the secret of an invitation
}

// newOwn plants a forum, an owner and a visitor, all with the same words.
func (h *harness) newOwn(slug, words string) *own {
	h.t.Helper()
	s := &stage{harness: h}
	o := &own{field: h.newField(slug, words, words)}
	o.post("/"+slug+"/panels", map[string]any{"format": "panel", "title": textBody{"en": words, "fr": words, "vi": words}, "speakers": []map[string]any{{"person": o.person, "role": "speaker", "status": "invited"}},
		"slot": map[string]any{"room": o.room, "start": "2025-10-27T12:00", "end": "2025-10-27T13:00"}})
	email := fmt.Sprintf("owner-%d@example.org", h.ids.Add(1))
	_, err := h.app.CreateAccount(h.t.Context(), h.system(), agenda.Account{Email: email, Name: words}, "a hall full of lanterns")
	s.check(err)
	_, err = h.app.InviteMember(h.t.Context(), h.system(), slug, email, []agenda.MemberRole{agenda.Owner}, base, "en")
	s.check(err)
	entry, err := h.app.SignIn(h.t.Context(), email, "a hall full of lanterns", "", app.From{Address: "192.0.2.1", Agent: words})
	s.check(err)
	o.email, o.cookie = email, loginCookie+"="+entry.Secret
	_, err = h.app.InviteMember(h.t.Context(), h.system(), slug, "new-"+email, []agenda.MemberRole{agenda.Owner}, base, "en")
	s.check(err)
	_, o.invited, _ = strings.Cut(o.letterOf(agenda.LetterInvite, "new-"+email).URL, "#")
	h.must(200, h.ask(h.all, http.MethodPut, "/api/v1/events/"+slug+"/people/"+o.person, map[string]any{"name": words, "email": email, "job_title": textBody{"en": words}, "bio": textBody{"en": words}}, header{"If-Match", "*"}))
	h.must(200, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/people/"+o.person+"/vouch", map[string]any{"vouched_address": email}))
	linked := decode[struct{ URL string }](h.t, h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/people/"+o.person+"/links", `{}`)))
	_, secret, _ := strings.Cut(linked.URL, "#")
	o.visit = s.come(secret)
	o.visit.must(303, o.visit.send("/me/code", nil))
	o.visit.must(303, o.visit.send("/me/confirm", url.Values{"code": {o.letterOf(agenda.LetterCode, email).Code}}))
	return o
}

// letterOf waits for a letter.
func (o *own) letterOf(kind agenda.LetterKind, to string) agenda.Letter {
	o.t.Helper()
	for range 2000 {
		o.mails.Lock()
		for _, l := range o.letters {
			if l.Kind == kind && l.To == to {
				o.mails.Unlock()
				return l
			}
		}
		o.mails.Unlock()
		time.Sleep(time.Millisecond)
	}
	o.t.Fatalf("no letter %s came to %s", kind, to)
	return agenda.Letter{}
}

// look gives the pages of one's own, by what they are.
func (o *own) look() map[string]answer {
	signedIn := []header{browser, {"Cookie", o.cookie}, {"Accept-Language", "en"}}
	form := append(slices.Clone(signedIn[:1]), header{"Content-Type", "application/x-www-form-urlencoded"}, header{"Accept-Language", "en"})
	return map[string]answer{"console": o.get("/console", signedIn...), "account": o.get("/account", signedIn...), "account_password": o.get("/account/password", signedIn...),
		"account_confirm": o.get("/account/confirm", signedIn...), "account_factor": o.get("/account/factor", signedIn...), "me": o.visit.look(),
		"invitation": o.ask("", http.MethodPost, "/invitation", url.Values{"link": {base + "/invitation#" + o.invited}}.Encode(), form...)}
}

// packed are the attacks, as many in each as a name takes, and of these every nth.
func packed(t *testing.T, nth int) []string {
	t.Helper()
	var names, some []string
	for _, attack := range attackTexts(t) {
		if last := len(names) - 1; refused(attack) || strings.Contains(attack, "\u202e") {
			continue
		} else if last >= 0 && len([]rune(names[last]))+len([]rune(attack)) < 190 {
			names[last] += " " + attack
		} else {
			names = append(names, attack)
		}
	}
	for i := 0; i < len(names); i += nth {
		some = append(some, strings.Join(strings.Fields(names[i]), " "))
	}
	return some
}

// remove deletes the forum, so that there is one at a time.
func (o *own) remove() {
	o.t.Helper()
	o.must(204, o.ask(o.all, http.MethodDelete, "/api/v1/events/"+o.slug, nil, header{"If-Match", "*"}))
}

// TestHoleV07OrganizersAreNotTrusted: one owner attacks the other, the visitors and whoever is invited, by the words that
// organizers alone write: the names of events, rooms, tracks, accounts and browsers (pretalx escaped those of the public only).
func TestHoleV07OrganizersAreNotTrusted(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	plain := h.newOwn("innocent", innocent)
	innocents := map[string]*dom{}
	for page, got := range plain.look() {
		if got.Status != http.StatusOK || !strings.Contains(got.Body, innocent) && !strings.HasPrefix(page, "account_") {
			t.Errorf("%s does not show what was planted: %d %s", page, got.Status, got.Body)
		}
		innocents[page] = parseDOM(got.Body)
	}
	plain.remove()
	for _, name := range packed(t, 4) {
		o := h.newOwn("attacked", name)
		for page, got := range o.look() {
			d := parseDOM(got.Body)
			d.isLike(t, fmt.Sprintf("%s with %q", page, name), innocents[page])
			if slices.Contains([]string{"console", "me", "invitation"}, page) && !strings.Contains(d.text, name) {
				t.Errorf("%s does not show %q: %s", page, name, d.text)
			}
		}
		// What letters are made of is data; how it is written into them is tested there (V8).
		for _, l := range []agenda.Letter{o.letterOf(agenda.LetterInvite, "new-"+o.email), o.letterOf(agenda.LetterCode, o.email)} {
			if l.Event["en"] != name {
				t.Errorf("the letter %s is of the event %q, want %q", l.Kind, l.Event["en"], name)
			}
		}
		o.remove()
	}
}

// TestHoleV06TheOtherPartysWordsAreText: who comes too late is shown what the other party wrote (Indico 3.3.13).
func TestHoleV06TheOtherPartysWordsAreText(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	late := func(o *own, words string) map[string]answer {
		form := header{"Content-Type", "application/x-www-form-urlencoded"}
		sent := url.Values{"revision": {"99"}, "bio.en": {words}, "job_title.en": {words}, "bio.fr": {words}, "panel": {o.panel}, "do": {"save"}, "language": {"en"}}
		return map[string]answer{"profile": o.visit.send("/me/profile", sent), "starred": o.ask("", http.MethodPost, o.starred, sent.Encode(), form, browser, header{"Accept-Language", "en"})}
	}
	plain := h.newOwn("innocent", innocent)
	innocents := map[string]*dom{}
	for page, got := range late(plain, innocent) {
		innocents[page] = parseDOM(h.must(412, got).Body)
	}
	plain.remove()
	for _, name := range packed(t, 5) {
		o := h.newOwn("attacked", name)
		for page, got := range late(o, name) {
			d := parseDOM(h.must(412, got).Body)
			d.isLike(t, fmt.Sprintf("%s, too late, with %q", page, name), innocents[page])
		}
		at := "/api/v1/events/attacked"
		for _, path := range []string{at, at + "/rooms/" + o.room, at + "/tracks/" + o.track, at + "/people/" + o.person, at + "/panels/" + o.panel} {
			one := h.must(200, h.ask(h.all, http.MethodGet, path, nil))
			body := decode[map[string]any](t, one)
			got := h.must(412, h.ask(h.all, http.MethodPut, path, body, header{"If-Match", `"99"`}, header{"Accept", "text/html"}))
			current := decode[struct{ Current map[string]any }](t, got).Current
			delete(body, "conflicts") // which are not of the panel alone
			if diff := cmp.Diff(body, current); diff != "" || got.Header.Get("Content-Type") != "application/problem+json" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s, too late: %v, %s\n%s", path, got.Header, diff, got.Body)
			}
		}
		o.remove()
	}
}
