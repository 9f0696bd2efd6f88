// Command provider is an OpenID provider for tests: zitadel's library with a few people who sign in by their name alone. It
// listens on this machine only, prints its issuer, and ends when its standard input does.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"
)

// people are those who can sign in, by their names. The names and what is said of them are in the comment of oidctest too.
var people = users{
	"alice": {ID: "alice-0001", FirstName: "Alice", LastName: "Nguyễn", Email: "alice@example.org", EmailVerified: true, PreferredLanguage: language.Vietnamese},
	"bob":   {ID: "bob-0002", FirstName: "Bob", LastName: "Martin", Email: "bob@example.org", PreferredLanguage: language.French},
	"carol": {ID: "carol-0003", FirstName: "Carol", LastName: "Smith", PreferredLanguage: language.English},
}

var groups = map[string][]string{
	"alice-0001": {"staff", "agenda-owners"},
	"bob-0002":   {"volunteers"},
}

type users map[string]*storage.User

func (u users) GetUserByUsername(name string) *storage.User { return u[name] }

func (u users) GetUserByID(id string) *storage.User {
	for _, user := range u {
		if user.ID == id {
			return user
		}
	}
	return nil
}

func (users) ExampleClientID() string { return "none" }

// kept is the example's storage, with groups, and with the claims in the ID token for the client "plenary".
type kept struct{ *storage.Storage }

func (k kept) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := k.Storage.GetClientByClientID(ctx, id)
	if err != nil || id != "plenary" {
		return client, err
	}
	return full{client}, nil
}

type full struct{ op.Client }

func (full) IDTokenUserinfoClaimsAssertion() bool { return true }

func (k kept) SetUserinfoFromScopes(ctx context.Context, info *oidc.UserInfo, user, client string, scopes []string) error {
	return k.SetUserinfoFromRequest(ctx, info, nil, scopes)
}

func (k kept) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, token op.IDTokenRequest, scopes []string) error {
	if token == nil {
		return nil // the library calls both, and this one second
	}
	return fill(info, token.GetSubject(), scopes)
}

func (k kept) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, id, subject, origin string) error {
	return fill(info, subject, []string{oidc.ScopeOpenID, oidc.ScopeEmail, oidc.ScopeProfile})
}

func fill(info *oidc.UserInfo, id string, scopes []string) error {
	user := people.GetUserByID(id)
	if user == nil {
		return errors.New("nobody has this subject")
	}
	info.Subject = user.ID
	for _, scope := range scopes {
		switch scope {
		case oidc.ScopeEmail:
			if user.Email != "" {
				info.Email, info.EmailVerified = user.Email, oidc.Bool(user.EmailVerified)
			}
		case oidc.ScopeProfile:
			info.Name, info.Locale = user.FirstName+" "+user.LastName, oidc.NewLocale(user.PreferredLanguage)
		}
	}
	if in := groups[id]; in != nil {
		info.AppendClaims("groups", in)
		info.AppendClaims("realm_access", map[string]any{"roles": in})
	}
	return nil
}

// form is the whole of the sign-in.
const form = `<!doctype html><title>Sign in</title><form method="post" action="/login/username"><input type="hidden" name="id" value="%s">
<label>Name <input name="username" autofocus></label> <button>Sign in</button> <button name="refuse" value="1">Refuse</button></form>
`

func main() {
	address := flag.String("address", "127.0.0.1:0", "`host:port` to listen on, of this machine")
	redirects := flag.String("redirect", "", "`addresses` that browsers are sent back to, with commas between them")
	flag.Parse()
	if err := run(*address, strings.Split(*redirects, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "provider:", err)
		os.Exit(1)
	}
}

func run(address string, redirects []string) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return errors.New("this provider lets everybody in, so it listens on this machine only")
	}
	storage.RegisterClients(
		storage.WebClient("plenary", "plenary-secret", redirects...),
		storage.WebClient("short", "short-secret", redirects...),
	)
	kept := kept{storage.NewStorage(people)}
	issuer := "http://" + listener.Addr().String()
	config := &op.Config{CodeMethodS256: true, SupportedUILocales: []language.Tag{language.English}}
	_, _ = rand.Read(config.CryptoKey[:])
	provider, err := op.NewProvider(config, kept, op.StaticIssuer(issuer), op.WithAllowInsecure())
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.HandleFunc("GET /login/username", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, form, html.EscapeString(r.URL.Query().Get("authRequestID")))
	})
	back := op.NewIssuerInterceptor(provider.IssuerFromRequest)
	mux.Handle("POST /login/username", back.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signIn(w, r, kept, op.AuthCallbackURL(provider))
	}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until whoever started us lets go
		os.Exit(0)
	}()
	fmt.Println(issuer)
	return server.Serve(listener)
}

// signIn takes the form.
func signIn(w http.ResponseWriter, r *http.Request, kept kept, callback func(context.Context, string) string) {
	id := r.PostFormValue("id")
	if r.PostFormValue("refuse") != "" {
		request, err := kept.AuthRequestByID(r.Context(), id)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		back := request.GetRedirectURI() + "?error=access_denied&error_description=" + "The+person+refused&state=" + request.GetState()
		http.Redirect(w, r, back, http.StatusFound)
		return
	}
	if err := kept.CheckUsernamePassword(r.PostFormValue("username"), "", id); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	http.Redirect(w, r, callback(r.Context(), id), http.StatusFound)
}
