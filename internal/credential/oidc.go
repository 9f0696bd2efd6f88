package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"plenary/internal/agenda"
)

// ProviderConfig says which OpenID provider signs people in.
type ProviderConfig struct {
	Issuer       string // its identifier, an address of https: exactly as it names itself
	ClientID     string
	ClientSecret string   // "" for a public client
	RedirectURL  string   // ours, to which it sends the browser back
	Scopes       []string // besides openid; nil: profile and email
	GroupsClaim  string   // the claim with the groups that a person is in, or a path with dots to it; "": none
	// Client makes the connections; nil: one of the standard library. Its redirects are not followed, its answers are cut at 1
	// MiB, and a time limit is set where it has none.
	Client *http.Client
	Now    func() time.Time
}

// defaultScopes are asked for where nothing else is said.
var defaultScopes = []string{oidc.ScopeProfile, oidc.ScopeEmail}

// Limits of a conversation with a provider.
const (
	providerTimeout = 10 * time.Second // for one question
	maxAnswer       = 1 << 20          // bytes
	// freshness is for how long we go by what the provider said of itself. Keys are asked for whenever one is unknown.
	freshness = time.Hour
	// clockSkew is how far the provider's clock may be behind ours.
	clockSkew = time.Minute
)

// Provider signs people in by OpenID Connect: the authorization code flow with PKCE.
type Provider struct {
	config ProviderConfig
	client *http.Client

	mu     sync.Mutex
	known  *metadata
	asking chan struct{} // holds one token while somebody asks
}

// metadata is what the provider says of itself.
type metadata struct {
	provider *oidc.Provider
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	issues   bool // it sends iss with the code (RFC 9207)
	at       time.Time
}

// Flow is what is kept of a sign-in that has begun: on the server, bound to the browser that began it, for a few minutes, and
// used once.
type Flow struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Again    time.Time `json:"again,omitzero"` // when the person was asked to prove anew who they are; zero: they were not
}

// NewProvider gives a provider. It is not asked for anything before somebody signs in, so the program starts without it.
func NewProvider(config ProviderConfig) (*Provider, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Scopes == nil {
		config.Scopes = defaultScopes
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Provider{config: config, client: restrained(config.Client), asking: make(chan struct{}, 1)}, nil
}

// check says what is wrong with a configuration, all at once.
func (c ProviderConfig) check() error {
	var f agenda.Faults
	if u, err := url.Parse(c.Issuer); err != nil || !confidential(u) || u.RawQuery != "" || u.Fragment != "" {
		f.Add("/issuer", "is not an address that begins with https://")
	}
	if c.ClientID == "" {
		f.Add("/client_id", "is needed")
	}
	if u, err := url.Parse(c.RedirectURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Fragment != "" {
		f.Add("/redirect_url", "is not a web address")
	}
	return f.Err("single sign-on")
}

// confidential tells whether what is sent to an address stays between us and it: over https, or on this machine.
func confidential(u *url.URL) bool {
	if u.Host == "" || u.User != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	local := u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// Begin gives the address to send the browser to, and what to keep until it comes back. With again, the provider must let the
// person prove anew who they are, though it knows them: before something that is worth the trouble. The error is Unavailable
// while the provider does not answer.
func (p *Provider) Begin(ctx context.Context, again bool) (address string, flow Flow, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{State: token(), Nonce: token(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)}
	if again {
		flow.Again = p.config.Now()
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return known.oauth.AuthCodeURL(flow.State, options...), flow, nil
}

// Reach asks the provider for what it says of itself. The error is Unavailable, and says why it is of no use.
func (p *Provider) Reach(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// token is 256 random bits.
func token() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the program ends first
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Finish takes the parameters with which the provider sent the browser back, and gives who the person is to the provider. The
// error is Unauthenticated where they prove nothing, Forbidden where the person or the provider said no, and Unavailable while
// the provider does not answer.
func (p *Provider) Finish(ctx context.Context, flow Flow, query url.Values) (Identity, error) {
	if flow.State == "" || flow.Nonce == "" || flow.Verifier == "" ||
		subtle.ConstantTimeCompare([]byte(flow.State), []byte(one(query, "state"))) != 1 {
		return Identity{}, unproven(errors.New("the state is another one"))
	}
	known, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	if iss := query["iss"]; known.issues && len(iss) == 0 || len(iss) > 0 && !slices.Equal(iss, []string{p.config.Issuer}) {
		return Identity{}, unproven(errors.New("the answer is of another issuer"))
	}
	if code := one(query, "error"); code != "" {
		return Identity{}, denied(code, one(query, "error_description"))
	}
	code := one(query, "code")
	if code == "" {
		return Identity{}, unproven(errors.New("there is no code"))
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), 3*providerTimeout)
	defer cancel()
	answer, err := known.oauth.Exchange(ctx, code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	return p.identify(ctx, known, answer, flow)
}

// one gives the value of a parameter that is there once, as all of them have to be (RFC 6749, section 3.1).
func one(query url.Values, name string) string {
	if values := query[name]; len(values) == 1 {
		return values[0]
	}
	return ""
}

// discover gives what the provider says of itself, and asks it when that is not known, or has been for a while.
func (p *Provider) discover(ctx context.Context) (*metadata, error) {
	if known := p.remembered(); known != nil {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), providerTimeout)
	defer cancel()
	select { // one asks, the others wait for the answer
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	case <-ctx.Done():
		return nil, away(ctx.Err())
	}
	if known := p.remembered(); known != nil {
		return known, nil
	}
	fresh, err := p.ask(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		p.known = fresh
	case p.known == nil:
		return nil, away(err)
	default: // what it said last still holds; it is asked again in a while
		stale := *p.known
		stale.at = p.config.Now()
		p.known = &stale
	}
	return p.known, nil
}

func (p *Provider) remembered() *metadata {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || p.config.Now().Sub(p.known.at) > freshness {
		return nil
	}
	return p.known
}

// ask reads the provider's metadata (OpenID Connect Discovery 1.0, section 4). The library holds it to its issuer, and lets ID
// tokens be signed by what the metadata names, of what is signed with a public key: never by "none", nor by a shared secret.
func (p *Provider) ask(ctx context.Context) (*metadata, error) {
	provider, err := oidc.NewProvider(ctx, p.config.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		JWKS        string   `json:"jwks_uri"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		Issues      bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	endpoint := provider.Endpoint()
	addresses := []string{endpoint.AuthURL, endpoint.TokenURL, more.JWKS}
	if optional := provider.UserInfoEndpoint(); optional != "" {
		addresses = append(addresses, optional)
	}
	secure := strings.HasPrefix(p.config.Issuer, "https://") // then it does not send us to this machine's own doors either
	for _, address := range addresses {
		if u, err := url.Parse(address); err != nil || !confidential(u) || secure && u.Scheme != "https" {
			return nil, fmt.Errorf("it names %q, which is not an address of https", clip(address, 200))
		}
	}
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if p.config.ClientSecret == "" || len(more.AuthMethods) > 0 && !slices.Contains(more.AuthMethods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &metadata{
		provider: provider,
		oauth: oauth2.Config{
			ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, RedirectURL: p.config.RedirectURL,
			Endpoint: endpoint, Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...),
		},
		verifier: provider.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: p.config.Now}),
		issues:   more.Issues,
		at:       p.config.Now(),
	}, nil
}

func away(cause error) error {
	return agenda.Errorf(agenda.Unavailable, "The single sign-on does not answer at present. Try again later: %w", loggable(cause))
}

func unproven(cause error) error {
	return agenda.Errorf(agenda.Unauthenticated, "The single sign-on did not say who you are. Begin again: %w", loggable(cause))
}

// loggable shortens an error that repeats a whole answer.
func loggable(err error) error {
	if text := err.Error(); len(text) > 500 {
		return errors.New(clip(text, 300))
	}
	return err
}

// denied puts the provider's refusal (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6) in words. What it
// adds is somebody else's text, in a link that anybody can make, so it goes to the log only.
func denied(code, description string) error {
	cause := fmt.Errorf("%s: %s", clip(code, 100), clip(description, 300))
	switch code {
	case "access_denied":
		return agenda.Errorf(agenda.Forbidden, "The single sign-on did not let you in, or you did not want to: %w", cause)
	case "login_required", "interaction_required", "account_selection_required", "consent_required":
		return agenda.Errorf(agenda.Unauthenticated, "The single sign-on has to ask you something first. Begin again: %w", cause)
	case "server_error", "temporarily_unavailable":
		return away(cause)
	}
	return agenda.Errorf(agenda.Unavailable, "The single sign-on did not understand this site. Tell who runs it: %w", cause)
}

// exchangeError puts the provider's refusal of a code (RFC 6749, section 5.2) in words.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) || refused.Response != nil && refused.Response.StatusCode >= 500 {
		return away(err)
	}
	// The answer may repeat what we sent, so it is not kept.
	cause := fmt.Errorf("%s: %s", clip(refused.ErrorCode, 100), clip(refused.ErrorDescription, 300))
	switch refused.ErrorCode {
	case "invalid_grant":
		return unproven(cause)
	case "invalid_client", "unauthorized_client":
		return agenda.Errorf(agenda.Unavailable, "The single sign-on does not know this site. Tell who runs it: %w", cause)
	}
	return unproven(cause)
}

// clip shortens somebody else's text for a log.
func clip(s string, most int) string {
	runes := []rune(strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD"))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
