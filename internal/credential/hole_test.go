package credential

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// TestHoleV11ProvidersDoNotSendUsAround: a provider of identities that is asked for its metadata names other addresses, and
// redirects. It must not make us knock at the doors of the network that we stand in (Indico CVE-2026-25738, Postiz
// CVE-2026-40168).
func TestHoleV11ProvidersDoNotSendUsAround(t *testing.T) {
	var heard atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	t.Cleanup(inside.Close)
	var led atomic.Int32
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		led.Add(1)
		http.Redirect(w, r, inside.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(away.Close)
	for _, endpoint := range []string{"token_endpoint", "jwks_uri", "userinfo_endpoint", ""} {
		h, flow, before := newHostile(t), Flow{State: token(), Nonce: token(), Verifier: token()}, led.Load()
		h.claims = map[string]any{"iss": h.URL, "aud": "plenary", "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": flow.Nonce}
		issuer := h.URL
		if endpoint == "" {
			issuer = away.URL // the metadata itself
		} else {
			h.metadata[endpoint] = away.URL + "/"
		}
		_, err := configured(t, issuer, nil).Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"code"}})
		if agenda.CodeOf(err) != agenda.Unauthenticated && agenda.CodeOf(err) != agenda.Unavailable || led.Load() == before {
			t.Errorf("%s that leads away: %v, asked %d times", endpoint, err, led.Load()-before)
		}
	}
	// One that is reached over TLS names what is not.
	for _, endpoint := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"} {
		for _, to := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), "http://[::1]/", "http://169.254.169.254/", "http://10.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", ""} {
			h := newHostile(t)
			secure := httptest.NewTLSServer(h.Config.Handler)
			t.Cleanup(secure.Close)
			for name, value := range h.metadata {
				if s, ok := value.(string); ok {
					h.metadata[name] = strings.Replace(s, h.URL, secure.URL, 1)
				}
			}
			p := configured(t, secure.URL, func(c *ProviderConfig) { c.Client = secure.Client() })
			if _, _, err := p.Begin(t.Context(), false); err != nil {
				t.Fatal(err)
			}
			if h.metadata[endpoint] = to; endpoint == "userinfo_endpoint" && to == "" {
				continue // it need not have one
			}
			p = configured(t, secure.URL, func(c *ProviderConfig) { c.Client = secure.Client() })
			if _, _, err := p.Begin(t.Context(), false); agenda.CodeOf(err) != agenda.Unavailable {
				t.Errorf("%s at %s: %v", endpoint, to, err)
			}
		}
	}
	if n := heard.Load(); n > 0 {
		t.Errorf("%d questions were asked inside", n)
	}
}
