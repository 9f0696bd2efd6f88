package server

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/oidctest"
)

// withProvider gives the harness a provider of identities. The owners' group owns the forum.
func withProvider(t *testing.T, h *harness) *oidctest.Provider {
	t.Helper()
	p := oidctest.Start(t, base+callbackPath)
	h.clock.Store(time.Now().UnixMilli())
	h.restartWithProvider(p, app.GroupRole{Group: "agenda-owners", Event: forum, Role: agenda.Owner})
	return p
}

// restartWithProvider lets the groups of the provider be what is said.
func (h *harness) restartWithProvider(p *oidctest.Provider, groups ...app.GroupRole) {
	h.t.Helper()
	known, err := credential.NewProvider(credential.ProviderConfig{Issuer: p.Issuer, ClientID: oidctest.Client, ClientSecret: oidctest.Secret,
		RedirectURL: base + callbackPath, GroupsClaim: "groups", Now: h.now})
	if err != nil {
		h.t.Fatal(err)
	}
	h.restart(app.Options{Provider: known, Groups: groups}, base)
}

// visit goes to the provider by that form and gives the address there.
func (b *tab) visit(path string, fields ...string) string {
	b.t.Helper()
	a := b.must(200, b.submit(path, fields...))
	address, led := strings.CutPrefix(a.Header.Get("Refresh"), "0; url=")
	if !led {
		b.t.Fatalf("it leads nowhere: %s", textOfPage(a.Body))
	}
	b.says(a, "You are being led", "Go on")
	return address
}

// Who was invited goes on to the provider from the page of the invitation, and comes back as a member.
func TestAnInvitationIsTakenBySingleSignOn(t *testing.T) {
	h := newHarness(t)
	p := oidctest.Start(t, base+callbackPath)
	h.clock.Store(time.Now().UnixMilli())
	h.restartWithProvider(p) // no group means anything here
	early := h.newTab()
	early.must(403, early.open(p.SignIn(t, early.visit("/sign-in/provider"), "alice").RequestURI()))
	invited, err := h.app.InviteMember(context.Background(), h.system(), forum, "alice@example.org", []agenda.MemberRole{agenda.Viewer}, base, "en")
	if err != nil {
		t.Fatal(err)
	}
	b := h.newTab()
	b.says(b.must(200, b.submit("/invitation", "link", invited.Secret)), "Sign in with single sign-on")
	b.arrive("/console", b.open(p.SignIn(t, b.visit("/sign-in/provider"), "alice").RequestURI()))
	b.says(b.open("/console"), "viewer", forum)
	b.says(b.open("/account"), "It is linked", "Unlink it")
	b.says(b.must(409, b.submit("/account/provider/remove?lang=vi")), "cách đăng nhập duy nhất", `href="/account?lang=fr"`)
	b.arrive("/account?done=password", b.submit("/account/password", "password", phrase))
	b.says(b.arrive("/account?done=unlinked", b.submit("/account/provider/remove")), "The single sign-on is unlinked", "Link it")
}

func TestSingleSignOn(t *testing.T) {
	h := newHarness(t)
	p := withProvider(t, h)
	b := h.newTab()
	b.says(b.open("/sign-in"), "Sign in with single sign-on")
	back := p.SignIn(t, b.visit("/sign-in/provider", "next", "/account?done=saved"), "alice").RequestURI()
	step := b.jar[stepCookie]
	// Another browser can't go on with it, nor can this one with another state, nor twice.
	h.newTab().must(401, h.newTab().open(back))
	b.arrive("/account?done=saved", b.open(back))
	b.says(b.open("/console"), "owner", forum, "Alice")
	again := h.newTab()
	again.jar[stepCookie] = step
	again.says(again.must(401, again.open(back)), "did not say who you are")
	u, err := url.Parse(p.SignIn(t, again.visit("/sign-in/provider"), "alice").RequestURI())
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("state", "another")
	again.must(401, again.open(callbackPath+"?"+query.Encode()))
	again.must(401, again.open(u.RequestURI())) // it was tried
	refused := again.must(403, again.open(p.Refuse(t, again.visit("/sign-in/provider")).RequestURI()))
	again.says(refused, "does not let you in")
	// Whoever is known and expected nowhere has nothing to do here; an address that nobody vouches for is none.
	for _, name := range []string{"bob", "carol"} {
		a := again.must(403, again.open(p.SignIn(t, again.visit("/sign-in/provider"), name).RequestURI()))
		again.says(a, `<p lang="en">`)
	}
	if len(again.jar[loginCookie]) > 0 {
		t.Error("somebody is signed in")
	}
	// It proves again who somebody is.
	h.pass(agenda.ProofLife)
	b.arrive("/account/confirm?next=%2Faccount%2Fpassword", b.open("/account/password"))
	// The provider has its own clock, which goes on by itself.
	h.clock.Store(time.Now().UnixMilli())
	b.arrive("/account/password", b.open(p.SignIn(t, b.visit("/account/provider", "next", "/account/password"), "alice").RequestURI()))
	p.Stop()
	h.pass(2 * time.Hour)
	a := again.submit("/sign-in/provider")
	if a.Status != 200 && a.Status != 503 {
		t.Errorf("without the provider: %d", a.Status)
	}
}

// What the groups give changes with them, down as well as up, with the next sign-in.
func TestSingleSignOnFollowsGroups(t *testing.T) {
	h := newHarness(t)
	p := withProvider(t, h)
	signIn := func() answer {
		t.Helper()
		b := h.newTab()
		b.arrive("/console", b.open(p.SignIn(t, b.visit("/sign-in/provider"), "alice").RequestURI()))
		return b.open("/console")
	}
	if page := signIn(); !strings.Contains(page.Body, "owner") {
		t.Errorf("no owner: %s", textOfPage(page.Body))
	}
	others := app.GroupRole{Group: "others", Event: forum, Role: agenda.Owner}
	h.restartWithProvider(p, others, app.GroupRole{Group: "agenda-owners", Event: forum, Role: agenda.Viewer})
	if page := signIn(); strings.Contains(page.Body, "owner") || !strings.Contains(page.Body, "viewer") {
		t.Errorf("not demoted: %s", textOfPage(page.Body))
	}
	h.restartWithProvider(p, others, app.GroupRole{Group: "others", Event: forum, Role: agenda.Viewer})
	if page := signIn(); strings.Contains(page.Body, forum) || !strings.Contains(page.Body, "You have no part in an event yet") {
		t.Errorf("still there: %s", textOfPage(page.Body))
	}
}

// V35: somebody may have made an account for an address that is not theirs. Who has the address does not fall into it.
func TestHoleV35UnverifiedAccountsAreNotLinked(t *testing.T) {
	h := newHarness(t)
	p := withProvider(t, h)
	h.clock.Store(time.Now().Add(-agenda.ProofLife).UnixMilli()) // the provider's goes by itself
	secret, err := h.app.OpenSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	eve := h.newTab()
	eve.arrive("/console", eve.submit("/setup", "link", secret, "do", "finish", "name", "Eve", "email", "alice@example.org", "password", phrase))
	h.clock.Store(time.Now().UnixMilli())
	alice := h.newTab()
	a := alice.must(403, alice.open(p.SignIn(t, alice.visit("/sign-in/provider"), "alice").RequestURI()))
	alice.says(a, "nobody has proved to be theirs")
	if alice.jar[loginCookie] != "" {
		t.Error("the owner of the address is signed in to another's account")
	}
	// Who holds the account can link it, with a fresh proof alone.
	stale := eve.visit("/account/provider")
	eve.says(eve.must(403, eve.open(p.SignIn(t, stale, "alice").RequestURI())), "not linked to your account yet")
	eve.arrive("/account?done=confirmed", eve.submit("/account/confirm", "password", phrase))
	eve.arrive("/console", eve.open(p.SignIn(t, eve.visit("/account/provider"), "alice").RequestURI()))
	alice.arrive("/console", alice.open(p.SignIn(t, alice.visit("/sign-in/provider"), "alice").RequestURI()))
	if _, err := h.app.AccountByEmail(context.Background(), h.system(), "alice@example.org"); err != nil {
		t.Error(err)
	}
}

// An account that both sides have seen to be of the address is linked.
func TestVerifiedAccountsAreLinked(t *testing.T) {
	h := newHarness(t)
	p := withProvider(t, h)
	h.newAccount("alice@example.org", false)
	b := h.newTab()
	b.arrive("/console", b.open(p.SignIn(t, b.visit("/sign-in/provider"), "alice").RequestURI()))
	b.says(b.open("/account"), "Thị Mai", "A password is set.")
}
