package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

func TestServers(t *testing.T) {
	for url, want := range map[string]server{
		"smtp://mail.example.org":                      {host: "mail.example.org", port: 587, encryption: startTLS},
		"smtp://mail.example.org:25/?tls=none":         {host: "mail.example.org", port: 25, encryption: none},
		"smtps://jane:s3cret@mail.example.org":         {host: "mail.example.org", port: 465, user: "jane", password: "s3cret", encryption: implicit},
		"smtp://jane%40x.org:a%2Fb%3A%40@mail.example": {host: "mail.example", port: 587, user: "jane@x.org", password: "a/b:@", encryption: startTLS},
		"smtp://localhost:1025":                        {host: "localhost", port: 1025, encryption: none},
		"smtp://jane:s3cret@[::1]:25":                  {host: "::1", port: 25, user: "jane", password: "s3cret", encryption: none},
		"smtp://127.0.0.1?tls=starttls":                {host: "127.0.0.1", port: 587, encryption: startTLS},
		"smtp://127.0.0.1?ca=x.pem":                    {host: "127.0.0.1", port: 587, encryption: startTLS, ca: "x.pem"},
	} {
		got, err := readServer(url, "")
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", url, got, err)
		}
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	from := "agenda@forum.example"
	for name, c := range map[string]Config{
		"nothing":                 {From: from},
		"another scheme":          {URL: "https://mail.example", From: from},
		"no host":                 {URL: "smtp://", From: from},
		"a path":                  {URL: "smtp://u:hunter2@mail.example/x", From: from},
		"a bad escape":            {URL: "smtp://u:hunter2%zz@mail.example", From: from},
		"a bad port":              {URL: "smtp://u:hunter2@mail.example:70000", From: from},
		"an unknown setting":      {URL: "smtp://u:hunter2@mail.example?hunter2=1", From: from},
		"a setting twice":         {URL: "smtp://mail.example?tls=none&tls=starttls", From: from},
		"an unknown protection":   {URL: "smtp://u:hunter2@mail.example?tls=hunter2", From: from},
		"tls with smtps":          {URL: "smtps://mail.example?tls=none", From: from},
		"a password in the clear": {URL: "smtp://u:hunter2@mail.example?tls=none", From: from},
		"a user without password": {URL: "smtp://u@mail.example", From: from},
		"a password without user": {URL: "smtp://mail.example", Password: "hunter2", From: from},
		"two passwords":           {URL: "smtp://u:hunter2@mail.example", Password: "hunter2", From: from},
		"no such certificates":    {URL: "smtp://u:hunter2@mail.example?ca=" + empty + "x", From: from},
		"empty certificates":      {URL: "smtp://u:hunter2@mail.example?ca=" + empty, From: from},
		"no sender":               {URL: "smtp://mail.example"},
		"two senders":             {URL: "smtp://mail.example", From: "a@b.example, c@d.example"},
		"a group":                 {URL: "smtp://mail.example", From: "us: a@b.example;"},
		"a bad answer address":    {URL: "smtp://mail.example", From: from, ReplyTo: "nobody"},
	} {
		_, err := New(c)
		if agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error tells the password: %v", name, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"jane@example.org":                 "jane@example.org",
		" jane+x.y'z@Example.ORG ":         "jane+x.y'z@example.org",
		"jane@bücher.example":              "jane@xn--bcher-kva.example",
		"jane@diễnđàn.example":             "jane@xn--dinn-2na70al94p.example",
		"root@localhost":                   "root@localhost",
		"":                                 "",
		"jane":                             "",
		"@example.org":                     "",
		"jane@":                            "",
		"Jane <jane@example.org>":          "",
		"<jane@example.org>":               "",
		"jane@a.example,joe@b.ex":          "",
		"us: jane@a.example;":              "",
		"us:;":                             "",
		"@a.example:jane@b.ex":             "",
		"<@a.example:jane@b.ex>":           "",
		"jane(hi)@example.org":             "",
		`"a b"@example.org`:                "",
		`"a\r\nRCPT TO:<x>"@b.ex`:          "",
		"jane@example.org\r\nBcc: x":       "",
		"jane@example.org\x00":             "",
		"jane@[127.0.0.1]":                 "",
		"jane@exa mple.org":                "",
		"jane@-bad-.example":               "",
		"jane@a..example":                  "",
		"ánh@example.org":                  "",
		strings.Repeat("a", 250) + "@b.ex": "",
	} {
		a, err := readRecipient(text)
		switch {
		case want == "" && agenda.CodeOf(err) != agenda.Invalid:
			t.Errorf("%q: %v, %v", text, a, err)
		case want != "" && (err != nil || a.Address != want || a.Name != ""):
			t.Errorf("%q: %v, %v", text, a, err)
		}
	}
}

// The server is told of exactly the one address, as the DNS has it.
func TestAnInternationalDomainArrives(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	l := letter(agenda.LetterReset, "en")
	l.To = "jane@bücher.example"
	if err := sender(t, Config{URL: "smtp://" + box.addr}).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if got := box.letters[0].to; !cmp.Equal(got, []string{"jane@xn--bcher-kva.example"}) {
		t.Error(got)
	}
}
