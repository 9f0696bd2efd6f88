package mail

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"

	gomail "github.com/wneessen/go-mail"

	"plenary/internal/agenda"
)

// deliver hands the message to the server, over a connection of its own.
func (s *Sender) deliver(ctx context.Context, m *gomail.Msg, l agenda.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, 2*s.timeout)
	defer cancel()
	line := &line{tls: s.roots, implicit: s.server.encryption == implicit}
	defer line.close()
	// The client looks at ctx while it connects only.
	defer context.AfterFunc(ctx, line.close)()
	client, err := s.client(line)
	if err != nil {
		return s.failed(ctx, err, l)
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return s.failed(ctx, err, l)
	}
	if err := client.SendWithSMTPClient(connection, m); err != nil {
		return s.failed(ctx, err, l)
	}
	// The server has the letter. That it ends the conversation badly changes nothing.
	_ = client.CloseWithSMTPClient(connection)
	return nil
}

// Reach begins a conversation with the server, with encryption and the password as for a letter, and ends it without one.
func (s *Sender) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	line := &line{tls: s.roots, implicit: s.server.encryption == implicit}
	defer line.close()
	defer context.AfterFunc(ctx, line.close)()
	client, err := s.client(line)
	if err != nil {
		return s.failed(ctx, err, agenda.Letter{})
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return s.failed(ctx, err, agenda.Letter{})
	}
	_ = client.CloseWithSMTPClient(connection) // it said all that was to be known
	return nil
}

// client knows how to speak to the server. Its mechanisms are those that keep the password from the server, or that
// are inside TLS.
func (s *Sender) client(line *line) (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.server.port), gomail.WithTimeout(s.timeout), gomail.WithHELO(s.domain),
		gomail.WithTLSConfig(s.roots), gomail.WithDialContextFunc(line.dial),
		// Addresses are in ASCII, so no server on the way must know SMTPUTF8; and there is nothing to reset after
		// the only letter, whose delivery a failing RSET would hide.
		gomail.WithoutSMTPUTF8(), gomail.WithoutNoop(), gomail.WithoutRset()}
	plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
	switch s.server.encryption {
	case implicit:
		options = append(options, gomail.WithSSL())
	case startTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case none:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		// There is a password on a loopback address only.
		plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
	}
	if s.server.user != "" {
		options = append(options, gomail.WithUsername(s.server.user), gomail.WithPassword(s.server.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, plain, login))
	}
	return gomail.NewClient(s.server.host, options...)
}

// line is the one connection of a letter. The client does not close it when the server refuses the greeting,
// encryption or the password.
type line struct {
	tls      *tls.Config
	implicit bool

	mu     sync.Mutex
	conn   net.Conn
	closed bool
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	if l.closed {
		_ = conn.Close() // nobody waits for what it says
	}
	l.mu.Unlock()
	if !l.implicit {
		return conn, nil
	}
	secured := tls.Client(conn, l.tls)
	return secured, secured.HandshakeContext(ctx)
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.conn != nil {
		_ = l.conn.Close() // nobody waits for what it says
	}
}

// failed says why a letter did not go, without what must not be in a log.
func (s *Sender) failed(ctx context.Context, err error, l agenda.Letter) error {
	said, _, _ := strings.Cut(err.Error(), ", affected ") // the client adds the address and the identifier
	cause := errors.New(s.harmless(said, l))
	if ctx.Err() != nil {
		cause = fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	var refused *gomail.SendError
	var distrust *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		code := refused.ErrorCode()
		if code >= 500 && refused.Reason == gomail.ErrSMTPRcptTo {
			return agenda.Errorf(agenda.Invalid, string(agenda.MailAddressRefused)+": %w", cause)
		}
		if code >= 500 && refused.Reason == gomail.ErrSMTPDataClose {
			return agenda.Errorf(agenda.Invalid, string(agenda.MailRefused)+": %w", cause)
		}
		return agenda.Errorf(agenda.Unavailable, string(agenda.MailNotNow)+": %w", cause)
	case errors.As(err, &distrust):
		return agenda.Errorf(agenda.Unavailable, string(agenda.MailDistrusted)+": %w", cause)
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		return agenda.Errorf(agenda.Unavailable, string(agenda.MailUnencrypted)+": %w", cause)
	}
	return agenda.Errorf(agenda.Unavailable, string(agenda.MailUnusable)+": %w", cause)
}

// long is what secrets look like, and hardly anything else: 20 or more characters without the dots of names and the @
// of addresses.
var long = regexp.MustCompile(`[A-Za-z0-9_\-+/=#%]{20,}`)

// harmless takes secrets and the address out of what a server said: some quote the line that they refuse.
func (s *Sender) harmless(said string, l agenda.Letter) string {
	secrets := []string{s.server.password, l.URL, l.Code, l.To}
	if u, err := url.Parse(l.URL); err == nil {
		secrets = append(secrets, u.Fragment, u.RawQuery, u.Path)
	}
	if p := s.server.password; p != "" {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(p)),
			base64.StdEncoding.EncodeToString([]byte("\x00"+s.server.user+"\x00"+p)))
	}
	for _, secret := range secrets {
		if len(secret) > 2 {
			said = strings.ReplaceAll(said, secret, "[…]")
		}
	}
	return visible(long.ReplaceAllString(said, "[…]"), 300)
}
