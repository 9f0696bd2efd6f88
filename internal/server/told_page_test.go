package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// quietForms are the forms that leave no Activity, or that ask for more than this test has, and why.
var quietForms = map[string]string{
	"/me/seen":                       "needs a release that is news: TestAPersonIsToldWhatChanged has one, and app's TestEveryVerbIsTold",
	"/console/events/:event/letters": "app's TestEveryVerbIsTold has it, as all that follow about letters",
	"/console/events/:event/told":    "the same",
	"/letters/:secret/answer":        "the same",
	"/letters/:secret/open":          "the same: link.make and link.open",
	"/letters/:secret/subscribe":     "the same",
	"/letters/:secret/unsubscribe":   "the same",
	"/me/letters":                    "the same",
	"/:event/starred":                "a stranger's choice, which nobody is told of",
	"/:event/starred/:key":           "the same",
	"/sign-in/passkey/begin":         "begins what is told when it ends",
	"/sign-in/provider":              "begins what is told when it ends",
	"/account/passkeys/begin":        "begins what is told when it ends",
	"/account/confirm/passkey/begin": "begins what is told when it ends",
	"/account/provider":              "begins what is told when it ends",
	"/account/confirm/passkey":       "needs an authenticator: app's TestEveryVerbIsTold has one",
	"/account/passkeys":              "the same",
	"/account/passkeys/remove":       "the same",
	"/sign-in/passkey":               "the same",
}

// teller sends forms and looks at what each leaves in the log.
type teller struct {
	*harness
	t    *testing.T
	done map[string]bool // by path
}

// tells sends a form by fn, and fails the test unless the newest entries are one of that verb and outcome and whatever goes
// with it, all with the address that the form came from.
func (l *teller) tells(path, verb string, outcome agenda.Outcome, fn func() answer) answer {
	l.t.Helper()
	before := len(l.entries(l.t, 0))
	a := fn()
	l.done[path] = true
	found := false
	for _, entry := range l.entries(l.t, before) {
		found = found || entry.Verb == verb && entry.Outcome == outcome
		if entry.Address != "192.0.2.1" {
			l.t.Errorf("%s leaves %+v", path, entry)
		}
	}
	if !found {
		l.t.Errorf("%s (%d) does not leave %s, %s", path, a.Status, verb, outcome)
	}
	return a
}

// TestEveryFormIsTold sends every form of the pages that changes something, and those of what opens something wrongly too. The
// forms are the routes of the router, so none escapes.
func TestEveryFormIsTold(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	l := &teller{h, t, map[string]bool{}}
	l.tellSignIn()
	l.tellAccount()
	l.tellPersonal()
	l.tellPublish()
	l.tellConsole()
	for _, key := range slices.Sorted(maps.Keys(h.server.access)) {
		path, form := strings.CutPrefix(key, http.MethodPost+" ")
		if form && !strings.HasPrefix(path, apiRoot) && !l.done[path] && quietForms[path] == "" {
			t.Errorf("nobody looks at what %s leaves", path)
		}
	}
	for path := range quietForms {
		if h.server.access[http.MethodPost+" "+path] == "" {
			t.Errorf("%s is no form", path)
		}
	}
}

// tellSignIn begins with the first account, and invites a second.
func (l *teller) tellSignIn() {
	ctx := l.t.Context()
	setup, err := l.app.OpenSetup(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	submit := func(path string, fields ...string) func() answer {
		return func() answer { return l.newTab().submit(path, fields...) }
	}
	for _, path := range []string{"/setup", "/invitation", "/reset"} {
		l.tells(path, "account.refuse", agenda.Refused, submit(path, "link", "wrong "+path, "do", "finish", "password", phrase))
	}
	l.tells("/setup", "account.create", agenda.Done, submit("/setup", "link", setup, "do", "finish", "name", "Mai", "email", owner, "password", phrase))
	invited, err := l.app.InviteMember(ctx, l.system(), forum, "new@example.org", []agenda.MemberRole{agenda.Editor}, base, "en")
	if err != nil {
		l.t.Fatal(err)
	}
	l.pass(time.Second)
	secret := invited.Secret
	for secret == "" { // letters go on their own
		l.mails.Lock()
		for _, letter := range l.letters {
			if letter.Kind == agenda.LetterInvite {
				_, secret, _ = strings.Cut(letter.URL, "#")
			}
		}
		l.mails.Unlock()
		time.Sleep(time.Millisecond)
	}
	l.tells("/invitation", "member.add", agenda.Done, submit("/invitation", "link", secret, "do", "finish", "name", "New", "password", phrase))
	l.tells("/reset", "account.ask_reset", agenda.Done, submit("/reset", "do", "ask", "email", owner))
	reset, err := l.app.MakeReset(ctx, l.system(), owner)
	if err != nil {
		l.t.Fatal(err)
	}
	l.pass(time.Second)
	l.tells("/reset", "account.password", agenda.Done, submit("/reset", "link", reset, "do", "finish", "password", phrase))
	l.tells("/sign-in", "account.refuse", agenda.Refused, submit("/sign-in", "email", owner, "password", phrase2))
	l.tells("/sign-in", "account.sign_in", agenda.Done, submit("/sign-in", "email", owner, "password", phrase))
}

// tellAccount does what one can do to one's own account.
func (l *teller) tellAccount() {
	b := l.signedInTab(owner)
	l.pass(time.Second)
	submit := func(path string, fields ...string) func() answer {
		return func() answer { return b.submit(path, fields...) }
	}
	l.tells("/account", "account.edit", agenda.Done, submit("/account", "name", "Mai Lê", "language", "fr"))
	l.tells("/account/confirm", "account.refuse", agenda.Refused, submit("/account/confirm", "password", phrase2))
	l.tells("/account/confirm", "account.confirm", agenda.Done, submit("/account/confirm", "password", phrase))
	l.tells("/account/logins/end", "account.sign_out", agenda.Done, submit("/account/logins/end"))
	l.tells("/account/password", "account.password", agenda.Done, submit("/account/password", "password", phrase2))
	var device authenticator
	l.tells("/account/factor", "account.totp", agenda.Done, func() answer { device, _ = b.setUpFactor(); return answer{} })
	l.pass(time.Minute)
	other := l.newTab()
	other.submit("/sign-in", "email", owner, "password", phrase2)
	l.tells("/sign-in/factor", "account.refuse", agenda.Refused, func() answer { return other.submit("/sign-in/factor", "code", "000000") })
	l.tells("/sign-in/factor", "account.sign_in", agenda.Done, func() answer { return other.submit("/sign-in/factor", "code", device.code()) })
	l.tells("/account/factor", "account.totp", agenda.Done, submit("/account/factor", "do", "remove"))
	l.tells("/account/provider/remove", "account.unlink", agenda.Done, submit("/account/provider/remove"))
	l.pass(agenda.ProofLife)
	l.tells("/account/password", "access.unproved", agenda.Refused, submit("/account/password", "password", phrase))
	l.tells("/sign-out", "account.sign_out", agenda.Done, submit("/sign-out"))
}

// tellPersonal does what one can do with a personal link.
func (l *teller) tellPersonal() {
	f := furnishEvent(l.harness, forum)
	person := "/api/v1/events/" + forum + "/people/" + f.ids["person"]
	part := `{"format":"talk","title":{"en":"Opening"},"speakers":[{"person":"` + f.ids["person"] + `","role":"speaker","status":"invited"}]}`
	l.must(200, l.ask(l.all, http.MethodPut, "/api/v1/events/"+forum+"/panels/"+f.ids["panel"], part, whatever))
	made := decode[personalLinkBody](l.t, l.must(201, l.ask(l.all, http.MethodPost, person+"/links", `{"vouched_address":"hung@example.org"}`)))
	_, secret, _ := strings.Cut(made.URL, "#")
	l.pass(time.Second)
	b := &caller{stage: &stage{harness: l.harness}}
	send := func(path string, pairs ...string) func() answer {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return func() answer { return b.send(path, form) }
	}
	l.tells("/me/open", "link.refuse", agenda.Refused, send("/me/open", "secret", strings.Repeat("x", 43)))
	l.tells("/me/open", "link.open", agenda.Done, send("/me/open", "secret", secret))
	l.tells("/me/meeting", "access.unproved", agenda.Refused, send("/me/meeting", "meeting", f.ids["meeting"], "answer", "accepted"))
	l.tells("/me/code", "code.send", agenda.Done, send("/me/code"))
	l.tells("/me/confirm", "link.refuse", agenda.Refused, send("/me/confirm", "code", "1"))
	l.tells("/me/confirm", "link.confirm", agenda.Done, send("/me/confirm", "code", l.lastLetter().Code))
	l.tells("/me/answer", "speaker.confirm", agenda.Done, send("/me/answer", "panel", f.ids["panel"], "answer", "confirmed"))
	l.tells("/me/undo", "speaker.undo", agenda.Done, send("/me/undo"))
	l.tells("/me/zone", "person.zone", agenda.Done, send("/me/zone", "zone", "Europe/Paris"))
	l.tells("/me/available", "availability.create", agenda.Done, send("/me/available", "day", "2025-10-27", "from", "9", "to", "17h30"))
	send("/me/undo")() // or what is published next would have conflicts
	l.tells("/me/photo", "person.photo", agenda.Done, func() answer { return b.upload("revision", "1", portrait(l.t, 7)) })
	l.tellRequests(f, send)
	l.tells("/me/meeting", "meeting.answer", agenda.Done, send("/me/meeting", "meeting", f.ids["meeting"], "answer", string(agenda.Tentative)))
	p, err := l.app.Person(l.t.Context(), l.system(), forum, agenda.ID(f.ids["person"]))
	if err != nil {
		l.t.Fatal(err)
	}
	l.tells("/me/profile", "person.edit", agenda.Done, send("/me/profile", "revision", strconv.Itoa(p.Revision), "job_title.en", "Minister"))
	l.tells("/me/address", "person.vouch", agenda.Done, send("/me/address", "email", "lan@example.org"))
	l.tells("/me/feed", "feed.open", agenda.Done, send("/me/feed"))
	l.tells("/me/leave", "link.leave", agenda.Done, send("/me/leave"))
}

// tellPublish sends the form that publishes.
func (l *teller) tellPublish() {
	_, cookie := l.newLogin("editor@example.org", false, forum, agenda.Editor)
	l.pass(time.Second)
	b := l.browse(cookie)
	l.tells("/console/events/:event/publish", "release.publish", agenda.Done, func() answer { return b.publish("acknowledge all") })
}
