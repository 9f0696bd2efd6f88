package credential

import (
	"context"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/oidctest"
)

const callback = "http://127.0.0.1:1/auth/callback" // nobody is asked there: tests take the address apart

// configured is a provider of ours for the provider that runs.
func configured(t *testing.T, issuer string, change func(*ProviderConfig)) *Provider {
	t.Helper()
	config := ProviderConfig{
		Issuer: issuer, ClientID: oidctest.Client, ClientSecret: oidctest.Secret, RedirectURL: callback, GroupsClaim: "groups",
	}
	if change != nil {
		change(&config)
	}
	p, err := NewProvider(config)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// begun is a sign-in up to where the browser is sent back.
func begun(t *testing.T, op *oidctest.Provider, p *Provider, name string) (Flow, url.Values) {
	t.Helper()
	address, flow, err := p.Begin(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	return flow, op.SignIn(t, address, name).Query()
}

// withoutProof fails unless the person has proved just now who they are, and leaves the time out.
func withoutProof(t *testing.T, i Identity) Identity {
	t.Helper()
	if ago := time.Since(i.Proved); ago < -time.Minute || ago > time.Minute {
		t.Errorf("it was proved at %v", i.Proved)
	}
	i.Proved = time.Time{}
	return i
}

func TestSignInWithAProvider(t *testing.T) {
	op := oidctest.Start(t, callback)
	p := configured(t, op.Issuer, nil)
	short := configured(t, op.Issuer, func(c *ProviderConfig) {
		c.ClientID, c.ClientSecret, c.GroupsClaim = oidctest.ShortClient, oidctest.ShortSecret, "realm_access.roles"
	})
	alice := Identity{
		Issuer: op.Issuer, Subject: "alice-0001", Email: "alice@example.org", EmailVerified: true, Name: "Alice Nguyễn",
		Groups: []string{"agenda-owners", "staff"}, Locale: "vi",
	}
	for _, c := range []struct {
		name string
		with *Provider
		who  string
		want Identity
	}{
		{"everything in the ID token", p, "alice", alice},
		{"the rest from the userinfo endpoint", short, "alice", alice},
		{"an address that is not verified", p, "bob", Identity{
			Issuer: op.Issuer, Subject: "bob-0002", Email: "bob@example.org", Name: "Bob Martin", Groups: []string{"volunteers"}, Locale: "fr"}},
		{"no address and no groups", p, "carol", Identity{Issuer: op.Issuer, Subject: "carol-0003", Name: "Carol Smith", Locale: "en"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			flow, query := begun(t, op, c.with, c.who)
			got, err := c.with.Finish(t.Context(), flow, query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, withoutProof(t, got)); diff != "" {
				t.Error(diff)
			}
		})
	}

	for _, c := range []struct {
		name   string
		change func(*Flow, url.Values)
		want   agenda.Code
	}{
		{"another state", func(f *Flow, _ url.Values) { f.State = token() }, agenda.Unauthenticated},
		{"no state", func(_ *Flow, q url.Values) { q.Del("state") }, agenda.Unauthenticated},
		{"two states", func(_ *Flow, q url.Values) { q.Add("state", q.Get("state")) }, agenda.Unauthenticated},
		{"no flow", func(f *Flow, q url.Values) { *f = Flow{}; q.Del("state") }, agenda.Unauthenticated},
		{"another nonce", func(f *Flow, _ url.Values) { f.Nonce = token() }, agenda.Unauthenticated},
		{"another verifier", func(f *Flow, _ url.Values) { f.Verifier = token() }, agenda.Unauthenticated},
		{"no code", func(_ *Flow, q url.Values) { q.Del("code") }, agenda.Unauthenticated},
		{"a code that was made up", func(_ *Flow, q url.Values) { q.Set("code", token()) }, agenda.Unauthenticated},
		{"another issuer", func(_ *Flow, q url.Values) { q.Set("iss", "https://example.org") }, agenda.Unauthenticated},
		{"two issuers", func(_ *Flow, q url.Values) { q["iss"] = []string{op.Issuer, "https://example.org"} }, agenda.Unauthenticated},
	} {
		t.Run(c.name, func(t *testing.T) {
			flow, query := begun(t, op, p, "alice")
			c.change(&flow, query)
			if got, err := p.Finish(t.Context(), flow, query); agenda.CodeOf(err) != c.want || !cmp.Equal(got, Identity{}) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}

	t.Run("its issuer", func(t *testing.T) {
		flow, query := begun(t, op, p, "alice")
		query.Set("iss", op.Issuer)
		if _, err := p.Finish(t.Context(), flow, query); err != nil {
			t.Error(err)
		}
	})
	t.Run("once more", func(t *testing.T) {
		address, flow, err := p.Begin(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Finish(t.Context(), flow, op.SignIn(t, address, "alice").Query()); err != nil || !cmp.Equal(withoutProof(t, got), alice) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("a code a second time", func(t *testing.T) {
		flow, query := begun(t, op, p, "alice")
		if _, err := p.Finish(t.Context(), flow, query); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("another client's code", func(t *testing.T) {
		flow, query := begun(t, op, short, "alice")
		if got, err := p.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestSignInThatGoesWrong(t *testing.T) {
	op := oidctest.Start(t, callback)
	p := configured(t, op.Issuer, nil)

	t.Run("the person refuses", func(t *testing.T) {
		address, flow, err := p.Begin(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Finish(t.Context(), flow, op.Refuse(t, address).Query())
		if agenda.CodeOf(err) != agenda.Forbidden {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the secret is wrong", func(t *testing.T) {
		wrong := configured(t, op.Issuer, func(c *ProviderConfig) { c.ClientSecret = "wrong" })
		flow, query := begun(t, op, wrong, "alice")
		if _, err := wrong.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unavailable && agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the token has expired", func(t *testing.T) {
		now := time.Now()
		later := configured(t, op.Issuer, func(c *ProviderConfig) { c.Now = func() time.Time { return now } })
		flow, query := begun(t, op, later, "alice")
		now = now.Add(2 * time.Hour)
		if got, err := later.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("the token is for another client", func(t *testing.T) {
		short := configured(t, op.Issuer, func(c *ProviderConfig) { c.ClientID, c.ClientSecret = oidctest.ShortClient, oidctest.ShortSecret })
		flow, query := begun(t, op, short, "alice")
		ours, err := p.discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// The provider gives the token to whom it is for, and we look at it with other eyes.
		mixed := *ours
		theirs, err := short.discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mixed.oauth = theirs.oauth
		short.known = &mixed
		if got, err := short.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("nobody waits", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := configured(t, op.Issuer, nil).Begin(ctx, false); agenda.CodeOf(err) != agenda.Unavailable {
			t.Errorf("got %v", err)
		}
	})
}

// The program starts while the provider is away, and works when it comes back.
func TestProviderIsAway(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()

	now := time.Now()
	p := configured(t, "http://"+address, func(c *ProviderConfig) { c.Now = func() time.Time { return now } })
	if _, _, err := p.Begin(t.Context(), false); agenda.CodeOf(err) != agenda.Unavailable {
		t.Fatalf("got %v", err)
	}
	op := oidctest.StartAt(t, address, callback)
	flow, query := begun(t, op, p, "alice")
	if _, err := p.Finish(t.Context(), flow, query); err != nil {
		t.Fatal(err)
	}
	flow, query = begun(t, op, p, "alice")
	op.Stop()
	if _, err := p.Finish(t.Context(), flow, query); agenda.CodeOf(err) != agenda.Unavailable {
		t.Errorf("got %v", err)
	}
	now = now.Add(2 * freshness) // it is asked again, in vain, and what it said still holds
	if _, _, err := p.Begin(t.Context(), false); err != nil {
		t.Error(err)
	}
}
