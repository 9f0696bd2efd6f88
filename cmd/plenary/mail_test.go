package main

import (
	"context"
	"io"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// postbox is a mail server that keeps the letters and refuses nobody but nobody@….
type postbox chan string

func (p postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (p postbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (p postbox) Reset()                                      {}
func (p postbox) Logout() error                               { return nil }

func (p postbox) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	return nil
}

func (p postbox) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	p <- string(letter)
	return err
}

func openPostbox(t *testing.T) (postbox, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := make(postbox, 8)
	s := smtp.NewServer(box)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close() })
	return box, "smtp://" + l.Addr().String()
}

func TestMailTest(t *testing.T) {
	t.Parallel()
	box, url := openPostbox(t)
	env := []string{"PLENARY_SMTP_URL=" + url, "PLENARY_MAIL_FROM=Forum <agenda@forum.example>"}
	out := succeed(t, env, "mail", "test", "jane@example.org", "--language", "vi")
	if !strings.Contains(out, url+" took the letter to jane@example.org") {
		t.Error(out)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-box))
	if err != nil || m.Header.Get("To") != "<jane@example.org>" || m.Header.Get("Content-Language") != "vi" {
		t.Errorf("%v, %v", m, err)
	}
	if at, err := m.Header.Date(); err != nil || time.Since(at) > time.Hour {
		t.Errorf("the date is %v, %v", at, err)
	}
	status, _, stderr := program(t, env, "", "mail", "test", "nobody@example.org")
	if status != exitFailed || !strings.Contains(stderr, "refuses the address") || !strings.Contains(stderr, "no such mailbox") {
		t.Errorf("exit %d: %s", status, stderr)
	}
}

func TestMailThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	const from = "PLENARY_MAIL_FROM=agenda@forum.example"
	for want, env := range map[string][]string{
		"mail is not configured":         nil,
		"PLENARY_SMTP_URL is missing":    {from},
		"PLENARY_MAIL_FROM is missing":   {"PLENARY_SMTP_URL=smtp://mail.example"},
		"must be like smtp://":           {from, "PLENARY_SMTP_URL=mail.example:hunter2"},
		"could read the mail server's":   {from, "PLENARY_SMTP_URL=smtp://u:hunter2@mail.example?tls=none"},
		"must be an address of mail":     {"PLENARY_MAIL_FROM=forum", "PLENARY_SMTP_URL=smtp://mail.example"},
		"a user needs a password":        {from, "PLENARY_SMTP_URL=smtp://u@mail.example"},
		"PLENARY_SMTP_URI is not a sett": {"PLENARY_SMTP_URI=smtp://mail.example"},
	} {
		status, _, stderr := program(t, env, "", "mail", "test", "jane@example.org")
		if status != exitUsage || !strings.Contains(stderr, want) || strings.Contains(stderr, "hunter2") {
			t.Errorf("exit %d: %s", status, stderr)
		}
	}
}

// Who starts the server reads in its log whether letters go.
func TestTheLogSaysWhetherMailIsConfigured(t *testing.T) {
	t.Parallel()
	_, url := openPostbox(t)
	database := "PLENARY_DATABASE=" + t.TempDir() + "/x.db"
	for want, env := range map[string][]string{
		"mail is not configured": nil,
		"mail is configured":     {"PLENARY_SMTP_URL=" + strings.Replace(url, "://", "://jane:hunter2@", 1), "PLENARY_MAIL_FROM=agenda@forum.example"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		log, end := io.Pipe()
		go func() {
			run(ctx, world{Args: []string{"serve"}, Environ: append(env, database, "PLENARY_ADDR=127.0.0.1:0"), Out: io.Discard, Err: end})
			end.Close()
		}()
		var said strings.Builder
		buffer := make([]byte, 4096)
		for !strings.Contains(said.String(), want) {
			n, err := log.Read(buffer)
			if said.Write(buffer[:n]); err != nil {
				t.Errorf("the log does not say %q:\n%s", want, said.String())
				break
			}
		}
		cancel()
		rest, _ := io.ReadAll(log)
		if all := said.String() + string(rest); strings.Contains(all, "hunter2") {
			t.Errorf("the log tells the password:\n%s", all)
		}
	}
}
