package server

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"plenary/internal/agenda"
)

func TestYourAccount(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newAccount(owner, false)
		b, other := h.signedInTab(owner), h.newTab()
		other.agent = phone
		other.arrive("/console", other.submit("/sign-in", "email", owner, "password", phrase))
		b.says(b.open("/account"), owner, "Firefox, Linux", "this browser", "Chrome, Android", "192.0.2.1", "1 October 2025, 08:00 UTC", `<option value="vi" selected>`)
		b.says(b.arrive("/account?done=saved", b.submit("/account", "name", "  Mai Lê ", "language", "fr")), "Saved.", `value="Mai Lê"`, `<option value="fr" selected>`)
		wrong := b.must(422, b.submit("/account", "name", "", "language", "no language"))
		b.says(wrong, `id="name-fault"`, `id="language-fault"`)
		// One login is ended, and then all others.
		ends := regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"`)
		found := ends.FindAllStringSubmatch(b.open("/account").Body, -1)
		if len(found) != 1 {
			t.Fatalf("%d logins to end", len(found))
		}
		b.arrive("/account?done=ended", b.submit("/account/logins/end", "id", found[0][1]))
		b.arrive("/account?done=ended", b.submit("/account/logins/end", "id", found[0][1]))
		other.arrive("/sign-in?next=%2Faccount", other.submit("/account", "name", "Eve", "language", "en"))
		third := h.signedInTab(owner)
		b.arrive("/account?done=ended_others", b.submit("/account/logins/end"))
		third.arrive("/sign-in?next=%2Faccount", third.open("/account"))
		// Of somebody else's, none.
		h.newAccount("eve@example.org", false)
		eve := h.signedInTab("eve@example.org")
		mine := ends.FindStringSubmatch(func() string { h.signedInTab(owner); return b.open("/account").Body }())
		eve.must(303, eve.submit("/account/logins/end", "id", mine[1]))
		if !strings.Contains(b.open("/account").Body, mine[1]) {
			t.Error("somebody ended another's login")
		}
	})
}

func TestAnotherPasswordNeedsAProof(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	b, other := h.signedInTab(owner), h.signedInTab(owner)
	h.pass(agenda.ProofLife)
	const confirm = "/account/confirm?next=%2Faccount%2Fpassword"
	b.says(b.arrive(confirm, b.open("/account/password")), "Is it still you?", owner)
	b.arrive(confirm, b.submit("/account/password", "password", phrase2))
	b.says(b.must(422, b.submit(confirm, "password", phrase2)), `id="password-fault"`, `name="next" value="/account/password"`)
	b.says(b.arrive("/account/password", b.submit(confirm, "password", phrase)), `autocomplete="new-password"`)
	b.says(b.must(422, b.submit("/account/password", "password", "password123")), `id="password-fault"`)
	before := b.jar[loginCookie]
	b.says(b.arrive("/account?done=password", b.submit("/account/password", "password", phrase2)), "The password is changed.")
	if b.jar[loginCookie] == before {
		t.Error("the login is the same")
	}
	other.arrive("/sign-in?next=%2Faccount", other.open("/account"))
	b.jar[loginCookie] = before
	b.arrive("/sign-in?next=%2Faccount", b.open("/account"))
	b.must(401, b.submit("/sign-in", "email", owner, "password", phrase))
	b.arrive("/console", b.submit("/sign-in", "email", owner, "password", phrase2))
	b.arrive("/account?done=confirmed", b.submit("/account/confirm", "password", phrase2))
	for range 10 {
		b.submit("/account/confirm", "password", phrase)
	}
	b.must(429, b.submit("/account/confirm", "password", phrase2))
}

// app is what somebody has on their phone.
type authenticator struct {
	h      *harness
	secret string
}

func (a authenticator) code() string {
	a.h.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.h.now())
	if err != nil {
		a.h.t.Fatal(err)
	}
	return code
}

var (
	shownSecret = regexp.MustCompile(`<p class="secret"><code>([A-Z2-7 ]+)</code>`)
	shownCodes  = regexp.MustCompile(`<li><code>([0-9a-z-]+)</code>`)
)

// setUpFactor gives the account of a browser a second factor.
func (b *tab) setUpFactor() (authenticator, []string) {
	b.t.Helper()
	page := b.must(200, b.submit("/account/factor", "do", "begin"))
	found := shownSecret.FindStringSubmatch(page.Body)
	if found == nil {
		b.t.Fatalf("no secret: %s", textOfPage(page.Body))
	}
	a := authenticator{b.harness, strings.ReplaceAll(found[1], " ", "")}
	if drawn := scan(b.t.(*testing.T), page.Body); !strings.HasPrefix(drawn, "otpauth://totp/") || !strings.Contains(drawn, "secret="+a.secret) {
		b.t.Errorf("the QR code says %q", drawn)
	}
	page = b.must(200, b.submit("/account/factor", "do", "finish", "code", a.code()))
	var codes []string
	for _, c := range shownCodes.FindAllStringSubmatch(page.Body, -1) {
		codes = append(codes, html.UnescapeString(c[1]))
	}
	return a, codes
}

func TestASecondFactor(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newAccount(owner, false)
		b := h.signedInTab(owner)
		b.says(b.open("/account/factor"), "Aegis", `value="begin"`)
		b.must(401, b.submit("/account/factor", "do", "finish", "code", "123456"))
		b.submit("/account/factor", "do", "begin")
		b.says(b.must(422, b.submit("/account/factor", "do", "finish", "code", "12345x")), `id="code-fault"`, `value="finish"`)
		app, codes := b.setUpFactor()
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		for _, c := range codes {
			if strings.Contains(b.open("/account").Body, c) || strings.Contains(b.open("/account/factor").Body, c) {
				t.Error("a recovery code is shown again")
			}
		}
		b.says(b.open("/account"), "10 recovery codes are left.")
		h.pass(time.Minute)
		sign := func() *tab {
			b := h.newTab()
			b.arrive("/sign-in", b.open("/sign-in/factor"))
			b.arrive("/sign-in/factor?next=%2Faccount", b.submit("/sign-in", "email", owner, "password", phrase, "next", "/account"))
			b.arrive("/sign-in?next=%2Faccount", b.open("/account")) // the password alone opens nothing
			return b
		}
		in := sign()
		in.says(in.must(401, in.submit("/sign-in/factor?next=/account", "code", "000000")), `autocomplete="one-time-code"`, "This code is not right", `value="/account"`)
		code := app.code()
		in.arrive("/account", in.submit("/sign-in/factor?next=/account", "code", code))
		in = sign()
		in.must(401, in.submit("/sign-in/factor", "code", code)) // which somebody has seen
		in.arrive("/account", in.submit("/sign-in/factor", "next", "/account", "code", strings.ToUpper(codes[3])))
		in.says(in.open("/account"), "9 recovery codes are left.")
		in = sign()
		in.must(401, in.submit("/sign-in/factor", "code", codes[3]))
		h.pass(agenda.CeremonyLife)
		in.must(401, in.submit("/sign-in/factor", "code", app.code()))
		// What is dangerous asks for both.
		h.pass(agenda.ProofLife)
		const confirm = "/account/confirm?next=%2Faccount%2Ffactor"
		b.arrive(confirm, b.submit("/account/factor", "do", "remove"))
		b.says(b.must(422, b.submit(confirm, "password", phrase, "code", "1")), `id="code-fault"`)
		b.arrive("/account/factor", b.submit(confirm, "password", phrase, "code", app.code()))
		b.says(b.arrive("/account?done=factor_removed", b.submit("/account/factor", "do", "remove")), "The second factor is removed.")
		b.arrive("/console", h.newTab().arriveAs(b, owner))
	})
}

// arriveAs signs in by password in the place of another browser.
func (b *tab) arriveAs(in *tab, email string) answer {
	in.jar = b.jar
	return in.submit("/sign-in", "email", email, "password", phrase)
}

func TestTheSecondFactorIsThrottled(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, false)
	app, _ := h.signedInTab(owner).setUpFactor()
	h.pass(time.Minute)
	b := h.newTab()
	b.submit("/sign-in", "email", owner, "password", phrase)
	for range 5 {
		b.must(401, b.submit("/sign-in/factor", "code", "000000"))
	}
	if a := b.must(429, b.submit("/sign-in/factor", "code", app.code())); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestTheConsole(t *testing.T) {
	s := newStage(t)
	s.newEvent("draft")
	admin := s.newAccount(owner, true)
	s.newAccount("eve@example.org", false)
	b, eve := s.signedInTab(owner), s.signedInTab("eve@example.org")
	b.says(b.open("/console"), "There is no event of yours yet", "New event")
	eve.says(eve.open("/console"), "Ask an owner of one to invite you", `href="/console/import"`, `href="/api/docs"`, "Sign out")
	for slug, role := range map[string]agenda.MemberRole{forum: agenda.Owner, "draft": agenda.CheckIn} {
		_, err := s.app.InviteMember(context.Background(), s.system(), slug, admin.Email, []agenda.MemberRole{role}, base, "en")
		s.check(err)
	}
	page := b.open("/console?lang=fr")
	b.says(page, "propriétaire", "accueil", "pas encore publié", `href="/vidw-2025/?lang=fr"`, "27–28 octobre 2025")
	if strings.Contains(eve.open("/console").Body, forum) {
		t.Error("somebody sees an event that they have no part in")
	}
	// Pages of the public say nothing of who is signed in, and are the same.
	for _, path := range []string{"/", "/vidw-2025/", "/console/import"} {
		known := s.must(200, s.get(path, header{"Cookie", loginCookie + "=" + b.jar[loginCookie]}))
		if diff := cmp.Diff(s.get(path).Body, known.Body); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	// A file is imported by who is signed in, without a token.
	imported := "title,date,start,end\nOpening,2025-10-27,09:00,10:00\n"
	a := s.ask("", "POST", "/api/v1/events/"+forum+"/import?dry_run=true", imported, header{"Cookie", loginCookie + "=" + b.jar[loginCookie]},
		header{"Content-Type", "application/octet-stream"}, header{"Sec-Fetch-Site", "same-origin"})
	s.must(200, a)
}

// Every page that only who is signed in sees, in every language: see TestEveryPageInEveryLanguage.
func TestPrivatePagesInEveryLanguage(t *testing.T) {
	s := newStage(t)
	s.newAccount(owner, true)
	b := s.signedInTab(owner)
	_, err := s.app.InviteMember(context.Background(), s.system(), forum, owner, agenda.MemberRoles, base, "en")
	s.check(err)
	setup := s.newTab()
	invited, err := s.app.InviteMember(context.Background(), s.system(), forum, "mai@example.org", agenda.MemberRoles, base, "en")
	s.check(err)
	for _, lang := range programLanguages {
		pages := map[string]answer{}
		for _, path := range []string{"/console", "/account", "/account/password", "/account/factor", "/account/confirm"} {
			pages[path] = b.open(path + "?lang=" + lang)
		}
		for _, done := range accountNotices {
			if _, known := pages["/account"]; !known || done == "" {
				t.Errorf("no words for %s", done)
			}
		}
		pages["begin"] = b.submit("/account/factor?lang="+lang, "do", "begin")
		pages["wrong"] = b.submit("/account/factor?lang="+lang, "do", "finish", "code", "x")
		pages["sign in"] = setup.submit("/sign-in?lang="+lang, "email", "nobody@example.org", "password", "x")
		pages["invitation"] = setup.submit("/invitation?lang="+lang, "link", invited.Secret, "do", "finish")
		for name, a := range pages {
			if !strings.HasPrefix(a.Body, "<!doctype html>\n<html lang=\""+lang+"\">") || !strings.HasSuffix(a.Body, "</html>\n") || a.Status >= 500 {
				t.Errorf("%s in %s: %d, not a whole page: %.80s", name, lang, a.Status, a.Body)
			}
			markup := values.ReplaceAllString(a.Body, `""`)
			if found := inline.FindString(strings.ReplaceAll(markup, scriptFile, "")); found != "" {
				t.Errorf("%s in %s: has %q", name, lang, found)
			}
			if strings.Contains(a.Body, "ZgotmplZ") || strings.Contains(a.Body, "<no value>") || strings.Contains(a.Body, "%!") || strings.Count(a.Body, "<h1") != 1 {
				t.Errorf("%s in %s: a value did not come out, or not one h1", name, lang)
			}
		}
	}
}
