package main

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"testing"

	"plenary/internal/oidctest"

	"github.com/chromedp/chromedp"
)

// serveWithProvider starts the program on an empty database with a real provider of identities, whose owners' group administers
// it. It is not a process of its own: the provider has to know its address before the program knows the provider's.
func serveWithProvider(t *testing.T) (base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	base = "http://localhost:" + port
	provider := oidctest.Start(t, base+"/sign-in/callback")
	ctx, end := context.WithCancel(context.Background())
	var log bytes.Buffer
	in, err := open(ctx, world{Out: &log, Err: &log, Environ: []string{"PLENARY_BASE_URL=" + base, "PLENARY_DATABASE=" + filepath.Join(t.TempDir(), "plenary.db"),
		"PLENARY_OIDC_ISSUER=" + provider.Issuer, "PLENARY_OIDC_CLIENT_ID=" + oidctest.Client, "PLENARY_OIDC_CLIENT_SECRET=" + oidctest.Secret,
		"PLENARY_OIDC_GROUPS_CLAIM=groups", "PLENARY_OIDC_ROLES=agenda-owners=admin"}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := handler(ctx, in, base)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- serve(ctx, in.log, listener, h) }()
	t.Cleanup(func() {
		end()
		if err := <-done; err != nil {
			t.Errorf("%v\n%s", err, &log)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return base
}

// Single sign-on in a browser: its policies let the way to the provider and back pass, and nothing else.
func TestSingleSignOnInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	b := openBrowser(t, serveWithProvider(t))
	signIn := func(name, seen string) {
		t.Helper()
		b.do(chromedp.Navigate(b.base+"/sign-in?next=%2Faccount"), click(`[action="/sign-in/provider"] .button`), fill("[name=username]", name),
			chromedp.Submit(chromedp.CSS("form"), chromedp.NodeVisible), chromedp.WaitVisible(chromedp.CSS(seen)))
	}
	signIn("alice", "#passkeys")
	b.says("alice@example.org", "Single sign-on")
	b.open("/console", "/console")
	b.says("Alice Nguyễn", "Make the first one here") // as administrators are told
	b.quiet()
	b.leads("/sign-in?done=out", click(`[action="/sign-out"] .button`))

	// The provider does not vouch for Bob's address, and nobody gave him anything to do.
	signIn("bob", "#problem")
	b.says("The single sign-on does not let you in here.")
	b.open("/account", "/sign-in?next=%2Faccount")
	b.quiet("network: Failed to load resource: the server responded with a status of 403 (Forbidden) /sign-in/callback")
}
