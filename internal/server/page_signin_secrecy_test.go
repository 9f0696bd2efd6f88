package server

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// What signs somebody in is in no line of the log, whatever goes wrong on the way.
func TestSecretsOfSigningInAreInNoLog(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		var log bytes.Buffer
		also := newLookout(t)
		logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		sent := make(letters, 10)
		h.app = app.New(h.store, app.Options{Now: h.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Passwords: fastPasswords, CodeRounds: 1, Log: logger, Post: sent.post})
		h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: logger, Meter: also.meter, Tracing: also.tracing})
		h.server.private(Public, "/panic", func(echo.Context) error { panic("it panicked") }, http.MethodPost)
		setup, err := h.app.OpenSetup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b := h.newTab()
		b.submit("/setup", "link", setup, "do", "finish", "name", "Mai", "email", owner, "password", phrase)
		secrets := []string{setup, phrase, phrase2, url.QueryEscape(phrase), b.jar[loginCookie], "wrong-password-9"}
		factor, codes := b.setUpFactor()
		secrets = append(secrets, factor.secret, codes[0], codes[1])
		in := h.newTab()
		in.submit("/sign-in", "email", owner, "password", "wrong-password-9")
		in.submit("/sign-in", "email", owner, "password", phrase)
		secrets = append(secrets, in.jar[stepCookie])
		in.submit("/sign-in/factor", "code", codes[0])
		in.submit("/sign-in/factor", "code", codes[0])
		secrets = append(secrets, in.jar[loginCookie])
		in.submit("/reset", "do", "ask", "email", owner)
		reset := sent.secret(t, agenda.LetterReset)
		secrets = append(secrets, reset)
		in.submit("/reset", "link", base+"/reset#"+reset)
		in.submit("/reset", "link", reset, "do", "finish", "password", phrase2)
		in.submit("/reset", "link", reset, "do", "finish", "password", phrase2)
		invited, err := h.app.InviteMember(context.Background(), h.system(), forum, "mai@example.org", []agenda.MemberRole{agenda.Owner}, base, "en")
		if err != nil {
			t.Fatal(err)
		}
		invitation := sent.secret(t, agenda.LetterInvite)
		secrets = append(secrets, invitation, invited.Link.Hash)
		in.submit("/invitation", "link", invitation, "do", "finish", "name", "Mai", "password", phrase)
		in.submit("/panic", "password", phrase, "link", invitation, "code", codes[1])
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		in.submit("/sign-in", "email", owner, "password", phrase)
		in.open("/account")
		in.submit("/sign-in/factor", "code", codes[1])
		in.submit("/reset", "link", reset)
		also.hides(append([]string{owner}, secrets...))
		said := log.String()
		for _, s := range secrets {
			if at := strings.Index(said, s); s == "" || at >= 0 {
				t.Errorf("the log shows %q: …%s", s, said[max(0, at-200):min(len(said), max(0, at)+80)])
			}
		}
		for _, part := range []string{`"route":"/sign-in/factor"`, `"route":"/invitation"`, "it panicked", `"status":503`} {
			if !strings.Contains(said, part) {
				t.Errorf("the test looks at nothing: no %s", part)
			}
		}
	})
}
