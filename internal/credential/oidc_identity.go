package credential

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Limits of what a provider may say of a person. Longer than these is not who we want to keep.
const (
	maxSubject = 255 // OpenID Connect Core 1.0, section 2
	maxText    = 320 // a mail address has no more
	maxGroups  = 500
)

// Identity is who somebody is to a provider. Issuer and Subject together are the person and never change; the rest is what the
// provider says today.
type Identity struct {
	Issuer        string
	Subject       string
	Email         string // as the provider has it; not proven unless EmailVerified
	EmailVerified bool
	Name          string
	Groups        []string // sorted; nil where the claim is missing
	Locale        string   // a BCP 47 tag, as the provider writes it
	// Proved is when they last proved to the provider who they are; zero where it does not say.
	Proved time.Time
}

// claims are what we read of an ID token or the answer of a userinfo endpoint.
type claims struct {
	Email    string   `json:"email"`
	Verified flexible `json:"email_verified"`
	Name     string   `json:"name"`
	Username string   `json:"preferred_username"`
	Locale   string   `json:"locale"`
}

// flexible is a truth value that some providers write as a string.
type flexible bool

func (f *flexible) UnmarshalJSON(raw []byte) error {
	*f = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// identify checks the ID token (OpenID Connect Core 1.0, section 3.1.3.7) and reads it. Issuer, audience, expiry and signature
// are the library's to check.
func (p *Provider) identify(ctx context.Context, known *metadata, answer *oauth2.Token, flow Flow) (Identity, error) {
	raw, ok := answer.Extra("id_token").(string)
	if !ok || raw == "" {
		return Identity{}, unproven(errors.New("there is no ID token"))
	}
	proof, err := known.verifier.Verify(ctx, raw)
	if err != nil {
		if ctx.Err() != nil {
			return Identity{}, away(err)
		}
		return Identity{}, unproven(err)
	}
	if subtle.ConstantTimeCompare([]byte(proof.Nonce), []byte(flow.Nonce)) != 1 {
		return Identity{}, unproven(errors.New("the nonce is another one"))
	}
	if proof.AccessTokenHash != "" {
		if err := proof.VerifyAccessToken(answer.AccessToken); err != nil {
			return Identity{}, unproven(err)
		}
	}
	all := map[string]json.RawMessage{}
	if err := proof.Claims(&all); err != nil {
		return Identity{}, unproven(err)
	}
	if err := authorizedParty(all, p.config.ClientID, proof.Audience); err != nil {
		return Identity{}, unproven(err)
	}
	if !flow.Again.IsZero() && provenAt(all).Before(flow.Again.Add(-clockSkew)) {
		return Identity{}, unproven(errors.New("the person did not prove anew who they are"))
	}
	if err := p.complete(ctx, known, answer, proof.Subject, all); err != nil {
		return Identity{}, err
	}
	return p.read(proof, all)
}

// authorizedParty refuses a token that was made for somebody else, though we are in its audience too.
func authorizedParty(all map[string]json.RawMessage, client string, audience []string) error {
	var party string
	if raw, ok := all["azp"]; ok {
		if err := json.Unmarshal(raw, &party); err != nil || party != client {
			return errors.New("the token was made for another client")
		}
	} else if len(audience) > 1 {
		return errors.New("the token has several audiences, and says not for which it was made")
	}
	return nil
}

// provenAt is when the person last proved who they are (auth_time), and long ago where that is not said.
func provenAt(all map[string]json.RawMessage) time.Time {
	var seconds float64
	if json.Unmarshal(all["auth_time"], &seconds) != nil {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// complete asks the userinfo endpoint for what the ID token does not say: many providers keep it short. What the token says
// goes before.
func (p *Provider) complete(ctx context.Context, known *metadata, answer *oauth2.Token, subject string, all map[string]json.RawMessage) error {
	_, hasEmail := all["email"]
	missing := slices.Contains(known.oauth.Scopes, oidc.ScopeEmail) && !hasEmail || p.config.GroupsClaim != "" && claim(all, p.config.GroupsClaim) == nil
	if !missing || known.provider.UserInfoEndpoint() == "" || answer.AccessToken == "" {
		return nil
	}
	said, err := known.provider.UserInfo(ctx, oauth2.StaticTokenSource(answer))
	if err != nil {
		return away(err)
	}
	if said.Subject != subject { // OpenID Connect Core 1.0, section 5.3.2
		return unproven(errors.New("the userinfo is of somebody else"))
	}
	more := map[string]json.RawMessage{}
	if err := said.Claims(&more); err != nil {
		return away(err)
	}
	if hasEmail { // whether an address is verified is said of the address beside it
		delete(more, "email")
		delete(more, "email_verified")
	} else {
		delete(all, "email_verified")
	}
	for name, raw := range more {
		if _, ok := all[name]; !ok {
			all[name] = raw
		}
	}
	return nil
}

// read puts claims into our words.
func (p *Provider) read(proof *oidc.IDToken, all map[string]json.RawMessage) (Identity, error) {
	raw, err := json.Marshal(all)
	if err != nil {
		return Identity{}, unproven(err)
	}
	var c claims
	if err := json.Unmarshal(raw, &c); err != nil {
		return Identity{}, unproven(err)
	}
	if proof.Subject == "" || len(proof.Subject) > maxSubject {
		return Identity{}, unproven(errors.New("the subject is empty or too long"))
	}
	id := Identity{Proved: provenAt(all), Issuer: proof.Issuer, Subject: proof.Subject, Name: clip(c.Name, maxText), Locale: strings.ReplaceAll(clip(c.Locale, 35), "_", "-")}
	if id.Name == "" {
		id.Name = clip(c.Username, maxText)
	}
	if len(c.Email) <= maxText && !strings.ContainsAny(c.Email, "\r\n\x00") { // an address that is cut is another one
		id.Email = strings.TrimSpace(c.Email)
		id.EmailVerified = bool(c.Verified) && id.Email != ""
	}
	if p.config.GroupsClaim != "" {
		if id.Groups, err = groupsOf(claim(all, p.config.GroupsClaim)); err != nil {
			return Identity{}, unproven(err)
		}
	}
	return id, nil
}

// claim finds a claim by its name, or by a path of names with dots between them: a name may have dots in it as well.
func claim(all map[string]json.RawMessage, path string) json.RawMessage {
	if raw, ok := all[path]; ok {
		return raw
	}
	for i := range path {
		if path[i] != '.' {
			continue
		}
		var inner map[string]json.RawMessage
		if raw, ok := all[path[:i]]; ok && json.Unmarshal(raw, &inner) == nil {
			if found := claim(inner, path[i+1:]); found != nil {
				return found
			}
		}
	}
	return nil
}

// groupsOf reads groups as providers write them: a list of names, one name, or an object whose keys are the names.
func groupsOf(raw json.RawMessage) ([]string, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	groups := []string{}
	var name string
	var keyed map[string]json.RawMessage
	switch {
	case json.Unmarshal(raw, &groups) == nil:
	case json.Unmarshal(raw, &name) == nil:
		groups = []string{name}
	case json.Unmarshal(raw, &keyed) == nil:
		groups = slices.Collect(maps.Keys(keyed))
	default:
		return nil, errors.New("the claim with the groups is neither a list of names, nor a name, nor an object")
	}
	if len(groups) > maxGroups {
		return nil, fmt.Errorf("the person is in %d groups; at most %d are read", len(groups), maxGroups)
	}
	slices.Sort(groups)
	return slices.Compact(groups), nil
}

// restrained is a client that follows no redirect, reads no more than it must and does not wait for ever. A redirect would
// take codes and secrets to where nobody wanted them.
func restrained(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	}
	if client.Timeout == 0 {
		client.Timeout = providerTimeout
	}
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	client.Transport = limited{next}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &client
}

// limited cuts answers short.
type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	response.Body = http.MaxBytesReader(nil, response.Body, maxAnswer)
	return response, nil
}
