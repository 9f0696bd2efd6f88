package server

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// From nothing to somebody who is signed in.
func TestTheFirstAccount(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		secret, err := h.app.OpenSetup(t.Context())
		if err != nil || secret == "" {
			t.Fatal(secret, err)
		}
		b := h.newTab()
		b.says(b.open("/setup"), "The first account", "data-fragment")
		b.says(b.must(422, b.submit("/setup", "link", "nothing")), "This link does not work")
		link := base + "/setup#" + secret
		for range 2 { // looking uses nothing up
			b.says(b.must(200, b.submit("/setup", "link", link)), `autocomplete="new-password"`, `value="`+secret+`"`)
		}
		wrong := b.must(422, b.submit("/setup", "link", secret, "do", "finish", "name", "", "email", "nobody", "password", "short"))
		b.says(wrong, `id="name-fault"`, `id="email-fault"`, `id="password-fault"`, `value="nobody"`)
		if strings.Contains(wrong.Body, "short\"") {
			t.Error("a password comes back")
		}
		page := b.arrive("/console", b.submit("/setup", "link", secret, "do", "finish", "name", "Nguyễn Thị Mai", "email", owner, "password", phrase))
		b.says(page, "Nguyễn Thị Mai", "There is no event of yours yet")
		again := h.newTab()
		b.says(again.must(422, again.submit("/setup", "link", secret, "do", "finish", "name", "Eve", "email", "eve@example.org", "password", phrase)), "This link does not work")
	})
}

func TestSignInByPassword(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newAccount(owner, true)
		b := h.newTab()
		b.says(b.open("/sign-in"), `autocomplete="username webauthn"`, `autocomplete="current-password"`)
		b.arrive("/sign-in?next=%2Faccount", b.open("/account"))
		wrong := b.must(401, b.submit("/sign-in", "email", owner, "password", phrase2))
		b.says(wrong, "do not open an account", `value="`+owner+`"`)
		if strings.Contains(wrong.Body, phrase2) {
			t.Error("a password comes back")
		}
		// Nobody learns which accounts there are.
		unknown := b.must(401, b.submit("/sign-in", "email", "nobody@example.or", "password", phrase2))
		if got := strings.ReplaceAll(unknown.Body, "nobody@example.or", owner); got != wrong.Body {
			t.Error("an unknown address gets another page")
		}
		for name := range wrong.Header {
			if name != "X-Request-Id" && name != "Content-Length" && unknown.Header.Get(name) != wrong.Header.Get(name) {
				t.Errorf("%s: %q and %q", name, wrong.Header.Get(name), unknown.Header.Get(name))
			}
		}
		b.must(400, b.submit("/sign-in", "email", "x\x00\xff", "password", "\x00\xff"))
		b.must(401, b.submit("/sign-in"))
		// A secret that was planted is worth nothing afterwards, nor is the old one.
		b.jar[loginCookie] = "planted"
		b.arrive("/account", b.submit("/sign-in", "email", "OWNER@example.org ", "password", phrase, "next", "/account"))
		first := b.jar[loginCookie]
		b.arrive("/console", b.submit("/sign-in", "email", owner, "password", phrase))
		old := h.newTab()
		old.jar[loginCookie] = first
		old.arrive("/sign-in?next=%2Faccount", old.open("/account"))
		b.arrive("/console", b.open("/sign-in"))
		kept := b.jar[loginCookie]
		b.says(b.arrive("/sign-in?done=out", b.submit("/sign-out")), "You are signed out.")
		b.jar[loginCookie] = kept
		b.arrive("/sign-in?next=%2Fconsole", b.open("/console"))
		b.must(303, b.submit("/sign-out"))
	})
}

func TestSignInIsThrottled(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	b := h.newTab()
	for range 10 {
		b.must(401, b.submit("/sign-in", "email", owner, "password", phrase2))
	}
	a := b.must(429, b.submit("/sign-in", "email", owner, "password", phrase))
	b.says(a, "Wait 15 min", `value="`+owner+`"`)
	if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 60 || wait > 900 {
		t.Errorf("Retry-After: %s", a.Header.Get("Retry-After"))
	}
	h.pass(15 * time.Minute)
	b.arrive("/console", b.submit("/sign-in", "email", owner, "password", phrase))
}

// The cookie of a login is lost where browsers don't keep it: that is said, and does not go in circles.
func TestALostCookieIsNoticed(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	b := h.newTab()
	a := b.submit("/sign-in", "email", owner, "password", phrase, "next", "/account")
	b.jar = map[string]string{}
	b.says(b.must(200, b.open(a.Header.Get("Location"))), "did not keep the cookie", `value="/account"`)
	for at, want := range map[string]bool{"http://agenda.example": true, "http://192.0.2.7:8080": true, "http://localhost:8080": false, "http://127.0.0.1:8080": false,
		"http://[::1]:8080": false, "https://agenda.example": false} {
		h.restart(app.Options{}, at)
		if page := b.open("/sign-in"); strings.Contains(page.Body, `<p class="notice">Signing in does not work`) != want {
			t.Errorf("%s: %s", at, textOfPage(page.Body))
		}
	}
}

// What a browser is sent to after it has signed in is a page of ours.
func TestSignInLeadsNowhereElse(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	in, out := h.signedInTab(owner), h.newTab()
	for next, want := range map[string]string{"/console/import": "/console/import", "/account?done=saved": "/account?done=saved", "//evil.example": "", `/\evil.example`: "",
		"https://evil.example/": "", "/%5cevil.example": "", "/%2f/evil.example": "", "javascript:alert(1)": "", "/\t/evil.example": "", "/../x": "", "evil.example": "",
		"/%09/evil.example": "", "///evil.example": "", "/console\r\nX: y": "", "/.//evil.example": "", "": ""} {
		sought := want
		if want == "" {
			want = "/console"
		}
		if got := in.open("/sign-in?next=" + url.QueryEscape(next)).Header.Get("Location"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
		page := out.open("/sign-in?next=" + url.QueryEscape(next))
		if !strings.Contains(page.Body, `name="next" value="`+sought+`"`) || strings.Contains(page.Body, "evil") {
			t.Errorf("%q is kept in the form", next)
		}
	}
	h.restart(app.Options{}, "https://example.org/agendas")
	if got := in.open("/sign-in?next=/elsewhere").Header.Get("Location"); got != "/agendas/console" {
		t.Errorf("below a path, it leads to %q", got)
	}
	if got := out.open("/account?done=saved").Header.Get("Location"); got != "/agendas/sign-in?next=%2Fagendas%2Faccount%3Fdone%3Dsaved" {
		t.Errorf("below a path, it leads to %q", got)
	}
}

// V29: no other page signs somebody in, or goes on where another browser has begun.
func TestHoleV29LoginIsNotForged(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	secret, err := h.app.OpenSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := h.newTab()
	b.extra = []header{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}
	for _, path := range []string{"/sign-in", "/sign-in/factor", "/sign-in/passkey", "/sign-in/passkey/begin", "/sign-in/provider", "/sign-out", "/setup", "/invitation", "/reset"} {
		b.must(403, b.submit(path, "email", owner, "password", phrase, "link", secret))
	}
	for _, path := range []string{"/account", "/account/password", "/account/logins/end", "/account/confirm", "/account/passkeys/remove"} {
		in := h.signedInTab(owner)
		in.extra = b.extra
		in.must(403, in.submit(path, "name", "Eve", "password", phrase2))
	}
	b.extra = nil
	if len(b.jar) > 0 {
		t.Errorf("a foreign page left cookies: %v", b.jar)
	}
	b.must(401, b.submit("/sign-in/factor", "code", "123456"))
	if a := b.send(http.MethodPost, "/sign-in/passkey", "{}", header{"Accept", "application/json"}); a.Status != 404 || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d: %s", a.Status, a.Body) // there are none here
	}
	// Two cookies of one name are none.
	in := h.signedInTab(owner)
	in.extra = []header{{"Cookie", loginCookie + "=" + in.jar[loginCookie] + "; " + loginCookie + "=planted"}}
	in.jar = map[string]string{}
	in.arrive("/sign-in?next=%2Faccount", in.open("/account"))
}

func TestLoginsEndByThemselves(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newAccount(owner, false)
		idle, busy := h.signedInTab(owner), h.signedInTab(owner)
		for range int(agenda.LoginLife/(6*time.Hour)) - 1 {
			h.pass(6 * time.Hour)
			busy.must(200, busy.open("/account"))
		}
		idle.arrive("/sign-in?next=%2Faccount", idle.open("/account"))
		h.pass(6 * time.Hour)
		busy.arrive("/sign-in?next=%2Faccount", busy.open("/account"))
		idle = h.signedInTab(owner)
		h.pass(agenda.LoginIdle)
		idle.arrive("/sign-in?next=%2Fconsole", idle.open("/console"))
	})
}

func TestAnotherPasswordByLink(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newAccount(owner, false)
		h.restart(app.Options{}, base) // no letters can be sent
		b := h.newTab()
		b.says(b.open("/reset"), "plenary account reset EMAIL")
		b.arrive("/reset", b.submit("/reset", "do", "ask", "email", owner))
		sent := make(letters, 10)
		h.restart(app.Options{Post: sent.post}, base)
		in := h.signedInTab(owner)
		known := b.arrive("/reset?done=sent", b.submit("/reset", "do", "ask", "email", owner))
		unknown := b.arrive("/reset?done=sent", b.submit("/reset", "do", "ask", "email", "nobody@example.org"))
		if known.Body != unknown.Body || !strings.Contains(known.Body, "If there is an account") {
			t.Errorf("it tells which accounts there are: %s", textOfPage(known.Body))
		}
		secret := sent.secret(t, agenda.LetterReset)
		b.says(b.must(200, b.submit("/reset", "link", base+"/reset#"+secret)), owner, "readonly")
		b.says(b.must(422, b.submit("/reset", "link", secret, "do", "finish", "password", "1234567890")), `id="password-fault"`)
		end := b.arrive("/sign-in?done=reset", b.submit("/reset", "link", secret, "do", "finish", "password", phrase2))
		b.says(end, "The new password is set")
		in.arrive("/sign-in?next=%2Faccount", in.open("/account"))
		b.says(b.must(422, b.submit("/reset", "link", secret, "do", "finish", "password", phrase)), "This link does not work")
		b.must(401, b.submit("/sign-in", "email", owner, "password", phrase))
		b.arrive("/console", b.submit("/sign-in", "email", owner, "password", phrase2))
		for range 2 {
			b.submit("/reset", "do", "ask", "email", owner)
		}
		b.must(429, b.submit("/reset", "do", "ask", "email", owner))
		late := sent.secret(t, agenda.LetterReset)
		h.pass(agenda.ResetLife)
		b.must(422, b.submit("/reset", "link", late))
	})
}

func TestInvitation(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.restart(app.Options{}, base) // so that the link is told here
		invited, err := h.app.InviteMember(context.Background(), h.system(), forum, "mai@example.org", []agenda.MemberRole{agenda.Editor, agenda.Protocol}, base, "en")
		if err != nil {
			t.Fatal(err)
		}
		b := h.newTab()
		if strings.Contains(b.open("/invitation").Body, "mai@example.org") {
			t.Error("the address is shown to whoever asks")
		}
		b.says(b.must(200, b.submit("/invitation?lang=vi", "link", base+"/invitation#"+invited.Secret)), "mai@example.org", "Tuần lễ số")
		b.must(422, b.submit("/reset", "link", invited.Secret)) // of another kind
		page := b.arrive("/console", b.submit("/invitation", "link", invited.Secret, "do", "finish", "name", "Mai", "email", "eve@example.org", "password", phrase))
		b.says(page, "Digital Week", "editor, protocol", "not published yet", forum)
		b.must(422, h.newTab().submit("/invitation", "link", invited.Secret, "do", "finish", "name", "Eve", "password", phrase))
		b.says(b.open("/account"), "mai@example.org")
		h.must(200, h.get("/api/v1/events/"+forum, header{"Cookie", loginCookie + "=" + b.jar[loginCookie]}))
	})
}
