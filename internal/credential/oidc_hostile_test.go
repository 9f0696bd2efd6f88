package credential

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// hostile is a provider that says what a test tells it to, which no honest one does.
type hostile struct {
	*httptest.Server
	key      *rsa.PrivateKey
	metadata map[string]any
	claims   map[string]any
	sign     func(*hostile, map[string]any) string
	token    http.HandlerFunc // instead of the token endpoint
	userinfo map[string]any
}

var hostileKey = func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}()

func newHostile(t *testing.T) *hostile {
	h := &hostile{key: hostileKey, sign: signRS256}
	mux := http.NewServeMux()
	answer := func(what func() any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(what())
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", answer(func() any { return h.metadata }))
	mux.HandleFunc("/keys", answer(func() any {
		return map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "kid": "1", "alg": "RS256", "n": b64(hostileKey.N.Bytes()), "e": b64(big.NewInt(int64(hostileKey.E)).Bytes())}}}
	}))
	mux.HandleFunc("/userinfo", answer(func() any { return h.userinfo }))
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		if h.token != nil {
			h.token(w, r)
			return
		}
		answer(func() any {
			return map[string]any{"access_token": "the-access-token", "token_type": "Bearer", "expires_in": 60, "id_token": h.sign(h, h.claims)}
		})(w, r)
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	h.metadata = map[string]any{
		"issuer": h.URL, "authorization_endpoint": h.URL + "/authorize", "token_endpoint": h.URL + "/token", "jwks_uri": h.URL + "/keys",
		"userinfo_endpoint": h.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"none", "HS256", "RS256"},
	}
	return h
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func unsigned(alg string, claims map[string]any) string {
	head, _ := json.Marshal(map[string]string{"alg": alg, "kid": "1"})
	body, _ := json.Marshal(claims)
	return b64(head) + "." + b64(body)
}

func signRS256(h *hostile, claims map[string]any) string {
	text := unsigned("RS256", claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, h.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

// signWithOwnKey signs with a key that the provider does not name, and that the token's own header has (RFC 7515, section 4.1).
func signWithOwnKey(claims map[string]any) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	jwk := map[string]string{"kty": "RSA", "kid": "1", "alg": "RS256", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
	head, _ := json.Marshal(map[string]any{"alg": "RS256", "kid": "1", "jwk": jwk, "jku": "https://example.org/keys"})
	body, _ := json.Marshal(claims)
	text := b64(head) + "." + b64(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

func signHS256(key string) func(*hostile, map[string]any) string {
	return func(_ *hostile, claims map[string]any) string {
		text := unsigned("HS256", claims)
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		return text + "." + b64(mac.Sum(nil))
	}
}

func TestProvidersThatLie(t *testing.T) {
	atHash := func(token string) string {
		sum := sha256.Sum256([]byte(token))
		return b64(sum[:16])
	}
	for _, c := range []struct {
		name   string
		change func(*hostile)
		want   agenda.Code
	}{
		{"an honest one", func(*hostile) {}, ""},
		{"the hash of the access token", func(h *hostile) { h.claims["at_hash"] = atHash("the-access-token") }, ""},
		{"the hash of another access token", func(h *hostile) { h.claims["at_hash"] = atHash("another") }, agenda.Unauthenticated},
		{"no signature", func(h *hostile) {
			h.sign = func(_ *hostile, c map[string]any) string { return unsigned("none", c) + "." }
		}, agenda.Unauthenticated},
		{"signed with our secret", func(h *hostile) { h.sign = signHS256("secret") }, agenda.Unauthenticated},
		{"signed with the public key as a secret", func(h *hostile) { h.sign = signHS256(b64(h.key.N.Bytes())) }, agenda.Unauthenticated},
		{"signed by somebody else", func(h *hostile) { h.key, _ = rsa.GenerateKey(rand.Reader, 2048) }, agenda.Unauthenticated},
		{"signed with a key that it brings along", func(h *hostile) {
			h.sign = func(_ *hostile, c map[string]any) string { return signWithOwnKey(c) }
		}, agenda.Unauthenticated},
		{"it has expired", func(h *hostile) { h.claims["exp"] = time.Now().Add(-time.Hour).Unix() }, agenda.Unauthenticated},
		{"it is not good yet", func(h *hostile) { h.claims["nbf"] = time.Now().Add(time.Hour).Unix() }, agenda.Unauthenticated},
		{"changed after it was signed", func(h *hostile) {
			h.sign = func(h *hostile, c map[string]any) string {
				signed := signRS256(h, c)
				c["sub"] = "somebody-else"
				return unsigned("RS256", c) + signed[strings.LastIndex(signed, "."):]
			}
		}, agenda.Unauthenticated},
		{"no token", func(h *hostile) { h.sign = func(*hostile, map[string]any) string { return "" } }, agenda.Unauthenticated},
		{"another issuer", func(h *hostile) { h.claims["iss"] = "https://example.org" }, agenda.Unauthenticated},
		{"another audience", func(h *hostile) { h.claims["aud"] = "another" }, agenda.Unauthenticated},
		{"two audiences", func(h *hostile) { h.claims["aud"] = []string{"plenary", "another"} }, agenda.Unauthenticated},
		{"two audiences, made for us", func(h *hostile) { h.claims["aud"] = []string{"plenary", "another"}; h.claims["azp"] = "plenary" }, ""},
		{"made for another", func(h *hostile) { h.claims["azp"] = "another" }, agenda.Unauthenticated},
		{"no nonce", func(h *hostile) { delete(h.claims, "nonce") }, agenda.Unauthenticated},
		{"no expiry", func(h *hostile) { delete(h.claims, "exp") }, agenda.Unauthenticated},
		{"no subject", func(h *hostile) { delete(h.claims, "sub") }, agenda.Unauthenticated},
		{"a subject without end", func(h *hostile) { h.claims["sub"] = strings.Repeat("x", 256) }, agenda.Unauthenticated},
		{"groups that are none", func(h *hostile) { h.claims["groups"] = 7 }, agenda.Unauthenticated},
		{"userinfo of somebody else", func(h *hostile) {
			delete(h.claims, "email")
			h.userinfo = map[string]any{"sub": "somebody-else", "email": "minister@example.org", "email_verified": true}
		}, agenda.Unauthenticated},
		{"the token endpoint sends us on", func(h *hostile) {
			h.token = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://example.org/", http.StatusTemporaryRedirect)
			}
		}, agenda.Unauthenticated},
		{"the token endpoint has failed", func(h *hostile) {
			h.token = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		}, agenda.Unavailable},
		{"it says that it names itself, and does not", func(h *hostile) {
			h.metadata["authorization_response_iss_parameter_supported"] = true
		}, agenda.Unauthenticated},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHostile(t)
			h.claims = map[string]any{
				"iss": h.URL, "aud": "plenary", "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
				"email": "a@example.org", "email_verified": "true", "groups": "staff",
			}
			flow := Flow{State: token(), Nonce: token(), Verifier: token()}
			h.claims["nonce"] = flow.Nonce
			c.change(h)
			p := configured(t, h.URL, func(c *ProviderConfig) { c.ClientSecret = "secret" })
			got, err := p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"code"}})
			if agenda.CodeOf(err) != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
			if err == nil && (got.Subject != "1" || !got.EmailVerified || len(got.Groups) != 1) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// Who is asked to prove anew who they are has to, whatever the provider remembers.
func TestProvenAnew(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		at   any
		want agenda.Code
	}{{now.Unix(), ""}, {now.Add(-30 * time.Second).Unix(), ""}, {now.Add(-2 * time.Minute).Unix(), agenda.Unauthenticated}, {nil, agenda.Unauthenticated}, {"now", agenda.Unauthenticated}} {
		h := newHostile(t)
		p := configured(t, h.URL, func(c *ProviderConfig) { c.Now = func() time.Time { return now } })
		address, flow, err := p.Begin(t.Context(), true)
		if err != nil || !strings.Contains(address, "prompt=login") || !strings.Contains(address, "max_age=0") {
			t.Fatalf("got %s, %v", address, err)
		}
		h.claims = map[string]any{"iss": h.URL, "aud": "plenary", "sub": "1", "exp": now.Add(time.Minute).Unix(), "nonce": flow.Nonce,
			"email": "a@example.org", "groups": "staff"}
		if c.at != nil {
			h.claims["auth_time"] = c.at
		}
		got, err := p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"code"}})
		if agenda.CodeOf(err) != c.want {
			t.Errorf("%v: got %+v, %v", c.at, got, err)
		}
	}
}

// A sign-in that nobody began is none, though everything that it lacks is equal to what the answer lacks.
func TestSignInThatNobodyBegan(t *testing.T) {
	h := newHostile(t)
	h.claims = map[string]any{"iss": h.URL, "aud": "plenary", "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "email": "a@example.org"}
	p := configured(t, h.URL, func(c *ProviderConfig) { c.GroupsClaim = "" })
	for _, flow := range []Flow{{}, {State: "s", Verifier: "v"}} {
		got, err := p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"code"}})
		if agenda.CodeOf(err) != agenda.Unauthenticated {
			t.Errorf("%+v: got %+v, %v", flow, got, err)
		}
	}
}

// That an address is verified is said of the address beside it, and not of the one that another document has.
func TestVerifiedGoesWithItsAddress(t *testing.T) {
	h := newHostile(t)
	flow := Flow{State: token(), Nonce: token(), Verifier: token()}
	h.claims = map[string]any{"iss": h.URL, "aud": "plenary", "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "nonce": flow.Nonce,
		"email_verified": true}
	h.userinfo = map[string]any{"sub": "1", "email": "minister@example.org"}
	got, err := configured(t, h.URL, nil).Finish(t.Context(), flow, url.Values{"state": {flow.State}, "code": {"code"}})
	if err != nil || got.Email != "minister@example.org" || got.EmailVerified {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMetadataThatIsRefused(t *testing.T) {
	for name, change := range map[string]func(*hostile){
		"another issuer":              func(h *hostile) { h.metadata["issuer"] = "https://example.org" },
		"a script to send people to":  func(h *hostile) { h.metadata["authorization_endpoint"] = "javascript:alert(1)" },
		"a token endpoint in the air": func(h *hostile) { h.metadata["token_endpoint"] = "http://example.org/token" },
		"keys in the air":             func(h *hostile) { h.metadata["jwks_uri"] = "http://example.org/keys" },
		"userinfo in the air":         func(h *hostile) { h.metadata["userinfo_endpoint"] = "http://example.org/userinfo" },
		"no keys":                     func(h *hostile) { delete(h.metadata, "jwks_uri") },
		"more than we read":           func(h *hostile) { h.metadata["more"] = strings.Repeat("x", 2*maxAnswer) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHostile(t)
			change(h)
			address, _, err := configured(t, h.URL, nil).Begin(t.Context(), false)
			if agenda.CodeOf(err) != agenda.Unavailable {
				t.Errorf("got %q, %v", address, err)
			}
		})
	}
}

func TestRefusalsOfTheProvider(t *testing.T) {
	h := newHostile(t)
	p := configured(t, h.URL, nil)
	for code, want := range map[string]agenda.Code{
		"access_denied": agenda.Forbidden, "login_required": agenda.Unauthenticated, "temporarily_unavailable": agenda.Unavailable,
		"invalid_scope": agenda.Unavailable, "<script>": agenda.Unavailable,
	} {
		flow := Flow{State: token(), Nonce: token(), Verifier: token()}
		_, err := p.Finish(t.Context(), flow, url.Values{"state": {flow.State}, "error": {code}, "error_description": {"call 0900-EVIL"}})
		var e *agenda.Error
		if agenda.CodeOf(err) != want {
			t.Errorf("%s: got %v", code, err)
		} else if e = err.(*agenda.Error); strings.Contains(e.Message, "EVIL") || strings.Contains(e.Message, "<") {
			t.Errorf("%s: the provider's words are in ours: %s", code, e.Message)
		}
	}
}

func TestProviderConfigs(t *testing.T) {
	for issuer, good := range map[string]bool{
		"https://id.example.org": true, "https://id.example.org/realms/forum": true, "http://127.0.0.1:8080": true, "http://localhost": true,
		"http://id.example.org": false, "http://10.0.0.1": false, "id.example.org": false, "": false, "https://a:b@id.example.org": false,
		"https://id.example.org/?x": false, "ftp://id.example.org": false, "http://localhost.example.org": false,
	} {
		_, err := NewProvider(ProviderConfig{Issuer: issuer, ClientID: "plenary", RedirectURL: callback})
		if (err == nil) != good {
			t.Errorf("%q: got %v", issuer, err)
		}
	}
	_, err := NewProvider(ProviderConfig{})
	if e, ok := err.(*agenda.Error); !ok || len(e.Faults) != 3 {
		t.Errorf("got %v", err)
	}
}

func TestGroups(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{"groups", `{"groups":["b","a","b"]}`, "a b"},
		{"groups", `{"groups":"a"}`, "a"},
		{"groups", `{"groups":[]}`, ""},
		{"groups", `{"groups":null}`, ""},
		{"groups", `{}`, ""},
		{"realm_access.roles", `{"realm_access":{"roles":["a"]}}`, "a"},
		{"resource_access.plenary.example.roles", `{"resource_access":{"plenary.example":{"roles":["a"]}}}`, "a"},
		{"https://example.org/groups", `{"https://example.org/groups":["a"]}`, "a"},
		{"roles", `{"roles":{"owner":{"1":"x"},"editor":{}}}`, "editor owner"},
	} {
		all := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(c.text), &all); err != nil {
			t.Fatal(err)
		}
		got, err := groupsOf(claim(all, c.path))
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s in %s: got %q, %v", c.path, c.text, got, err)
		}
	}
	if _, err := groupsOf(json.RawMessage("[" + strings.TrimSuffix(strings.Repeat(`"x",`, maxGroups+1), ",") + "]")); err == nil {
		t.Error("no limit")
	}
}
